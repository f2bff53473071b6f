"""Temperature and thresholds, recovered from a model whose faults are known."""

import random

import numpy as np
import onnx
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

pytest.importorskip("torch", reason="the workshop needs piiguard[train]")

from piiguard.encoding import Encoder
from piiguard.examples import Example
from piiguard.labels import LABELS, TAGS
from piiguard.model_dir import ONNX_FILE, Manifest, open_model_dir, write_manifest
from piiguard.onnx_detector import OnnxDetector
from piiguard.spans import Span
from tests.tiny_model import ENCODER, _lookup
from training.calibrate import calibrate

#: For each word of the model's language, how often it is a value, and of which label.
LANGUAGE = {f"name{n}": ("PERSON", share) for n, share in enumerate((0.05, 0.3, 0.5, 0.7, 0.95))}
LANGUAGE |= {"ill": ("MEDICAL_CONDITION", 1.0), "rare": ("PASSPORT", 1.0), "the": ("PERSON", 0.01)}


@pytest.fixture
def speaker(tmp_path):
    """(detector, encoder) of a model that claims each word's label with the probability ``claims`` gives."""

    def open_model(claims, temperature=1.0):
        vocabulary = {w: i for i, w in enumerate(["[UNK]", "[CLS]", "[SEP]", *LANGUAGE])}
        tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))  # type: ignore[call-arg]
        tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
        table = np.full((len(vocabulary), len(TAGS)), -30.0, dtype=np.float32)
        table[:, 0] = 0.0
        for word, (label, _) in LANGUAGE.items():
            p = min(max(claims(word), 1e-4), 1 - 1e-4)
            table[vocabulary[word], TAGS.index(f"B-{label}")] = np.log(p / (1 - p)) * temperature
        (tmp_path / ONNX_FILE).parent.mkdir()
        onnx.save(_lookup(table), str(tmp_path / ONNX_FILE))
        tokenizer.save(str(tmp_path / "tokenizer.json"))
        thresholds = dict.fromkeys(LABELS, 0.5)
        write_manifest(
            tmp_path,
            Manifest("m", tuple(LABELS), thresholds, {"temperature": 1.0}, ENCODER, {}, "", 0, ""),
        )
        manifest = open_model_dir(tmp_path)
        return OnnxDetector(manifest, threads=1), Encoder(tokenizer, **ENCODER)

    return open_model


def spoken(n_texts, seed=0, words=None):
    """Texts of twelve words, each a value as often as LANGUAGE says."""
    rng = random.Random(seed)
    words = words or [w for w in LANGUAGE if w not in ("ill", "rare")]
    examples = []
    for number in range(n_texts):
        text, spans = "", []
        for word in rng.choices(words, k=12):
            label, share = LANGUAGE[word]
            if rng.random() < share:
                spans.append(Span(len(text), len(text) + len(word), label))
            text += word + " "
        examples.append(Example(str(number), text, tuple(spans), markup="plain"))
    return examples


@pytest.mark.parametrize("temperature", [0.7, 1.0, 1.6, 2.2])
def test_the_temperature_of_an_over_or_under_confident_model_is_recovered(speaker, temperature):
    detector, encoder = speaker(lambda word: LANGUAGE[word][1], temperature)

    found, _ = calibrate(detector, encoder, spoken(400))

    assert found == pytest.approx(temperature, rel=0.1)


def test_a_label_that_the_model_underclaims_gets_a_lower_threshold_and_others_stay(speaker):
    detector, encoder = speaker(lambda word: 0.42 if word == "ill" else LANGUAGE[word][1])
    # the PERSON words keep the temperature where it is
    examples = spoken(300) + spoken(20, words=["ill", "the"])

    temperature, thresholds = calibrate(detector, encoder, examples)

    assert temperature == pytest.approx(1.0, abs=0.25)
    assert thresholds["MEDICAL_CONDITION"] < 0.5
    assert set(thresholds) == set(LABELS)
    assert {
        t for label, t in thresholds.items() if label not in ("MEDICAL_CONDITION", "PERSON")
    } == {0.5}


def test_a_label_that_the_model_overclaims_gets_a_higher_threshold(speaker):
    # "the" is a name once in a hundred, and claimed to be one in six of ten
    detector, encoder = speaker(lambda word: 0.6 if word == "the" else LANGUAGE[word][1])

    _, thresholds = calibrate(detector, encoder, spoken(300))

    assert thresholds["PERSON"] > 0.5


@pytest.mark.parametrize(("n_spans", "moves"), [(19, False), (20, True)])
def test_a_label_with_few_spans_keeps_one_half(speaker, n_spans, moves):
    detector, encoder = speaker(lambda word: 0.42 if word == "rare" else LANGUAGE[word][1])
    rare = [Example("r", "rare", (Span(0, 4, "PASSPORT"),), markup="plain")] * n_spans

    _, thresholds = calibrate(detector, encoder, spoken(300) + rare)

    assert (thresholds["PASSPORT"] < 0.5) is moves


def test_with_nothing_held_back_nothing_is_changed(speaker):
    detector, encoder = speaker(lambda word: 0.5)

    assert calibrate(detector, encoder, []) == (1.0, dict.fromkeys(LABELS, 0.5))

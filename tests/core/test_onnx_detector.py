"""OnnxDetector on the tiny model: from text to spans and back to the text's own offsets."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiguard.errors import ModelError
from piiguard.labels import TAGS
from piiguard.messages import Message
from piiguard.model_dir import ONNX_FILE, open_model_dir, write_manifest
from piiguard.onnx_detector import OnnxDetector
from tests import tiny_model


def values(detector, text, context=()):
    [spans] = detector.detect_batch([Message(text, context, "plain")])
    return [(text[span.start : span.end], span.label) for span in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ask Priya Sharma", [("Priya Sharma", "PERSON")]),
        ("ask PRIYA, or dana", [("PRIYA", "PERSON"), ("dana", "PERSON")]),
        ("it was Hunterzz.", [("Hunterzz", "PASSWORD")]),
        ("👩‍👩‍👧 Dana has asthma", [("Dana", "PERSON"), ("asthma", "MEDICAL_CONDITION")]),
        ("ask nobody", []),
        ("hunter2 has a piece more", [("hunter2", "PASSWORD")]),
        ("passport", []),
        ("", []),
        (" \n", []),
    ],
)
def test_what_the_table_knows_is_found_where_it_stands(detector, text, expected):
    assert values(detector, text) == expected


def test_context_is_read_and_never_labelled(detector):
    assert values(detector, "she has asthma", ["ask Priya Sharma", "Dana?"]) == [
        ("asthma", "MEDICAL_CONDITION")
    ]


def test_a_name_is_found_at_every_place_of_a_long_message(detector):
    filler = "so it goes on and on "
    places = [0, 10, 20, 21, 22, 57, 100]
    words = [filler] * 120
    for place in places:
        words[place] = "Priya Sharma "

    text = "".join(words)
    [spans] = detector.detect_batch([Message(text, ["Dana?"], "plain")])

    # neighbours have no word between them, but each starts with its own B-
    assert [text[s.start : s.end] for s in spans] == ["Priya Sharma"] * len(places)


def test_a_batch_gives_what_its_messages_give_alone(detector):
    texts = ["ask Priya", "", "Dana Whitfield has diabetes " * 30, "nothing here", "hunter2"]
    messages = [Message(text, (), "plain") for text in texts]

    assert detector.detect_batch(messages) == [detector.detect_batch([m])[0] for m in messages]


def test_no_messages_give_no_spans(detector):
    assert detector.detect_batch([]) == []


def test_a_higher_threshold_takes_a_label_away(tiny_manifest):
    strict = OnnxDetector(tiny_manifest, threads=1, thresholds={"PERSON": 0.9999})

    assert values(strict, "Priya has asthma") == [("asthma", "MEDICAL_CONDITION")]


def test_probabilities_are_probabilities(detector, encoder):
    [rows] = detector.probabilities(encoder.encode("ask Priya", ["who?"]))

    assert rows.shape[1] == len(TAGS)
    assert rows.sum(axis=1) == pytest.approx(1, abs=1e-5)


@given(st.text(st.characters(), max_size=200), st.lists(st.text(max_size=40), max_size=2))
def test_any_text_gives_disjoint_spans_inside_it(detector, text, context):
    [spans] = detector.detect_batch([Message(text, context, "plain")])

    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(0 <= s.start < s.end <= len(text) and 0 < s.score <= 1 for s in spans)


def test_a_graph_of_another_number_of_tags_is_refused(tmp_path):
    manifest = open_model_dir(tiny_model.write_tiny_model(tmp_path, tags=TAGS[:-2]))

    with pytest.raises(ModelError, match=f"{len(TAGS) - 2} tags, expected {len(TAGS)}"):
        OnnxDetector(manifest)


@pytest.mark.parametrize("name", [ONNX_FILE, "tokenizer.json"])
def test_a_file_that_is_no_model_is_refused_even_when_its_sha256_is_right(model_dir, name):
    manifest = open_model_dir(model_dir)
    (model_dir / name).write_bytes(b"not a model")
    write_manifest(model_dir, manifest)

    with pytest.raises(ModelError, match="cannot be opened"):
        OnnxDetector(open_model_dir(model_dir))

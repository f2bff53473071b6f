"""Checkpoint -> ONNX: the same logits, and a file that the detector opens."""

import json

import numpy as np
import pytest

pytest.importorskip("torch", reason="the workshop needs piiguard[train]")

import onnx
import onnxruntime
import torch
from onnx import helper, numpy_helper
from tokenizers import Tokenizer

from piiguard.encoding import N_TYPES, Encoder, pad
from piiguard.examples import Example, write_examples
from piiguard.labels import LABELS, TAGS
from piiguard.messages import Message
from piiguard.model_dir import ONNX_FILE, open_model_dir
from piiguard.onnx_detector import OnnxDetector
from training.assemble import assemble
from training.base_encoder import load_for_tagging, save_tokenizer
from training.config import TrainConfig
from training.export import ATOL, ParityError, _check_parity, _fixed_batch, _Tagger, export_onnx
from training.quantize import quantize
from training.recipe import Data

pytestmark = pytest.mark.slow

CONFIG = TrainConfig(max_tokens=64, stride=12, max_context=16, seed=5)


@pytest.fixture(scope="module")
def folder(tiny_base, tmp_path_factory):
    """The directory of a run that stands before its export: an untrained checkpoint, training data."""
    folder = tmp_path_factory.mktemp("run")
    torch.manual_seed(1)
    model = load_for_tagging(str(tiny_base))
    # Token types that differ, and logits that do: an untrained tagger says nearly the same of every token.
    with torch.no_grad():
        model.base_model.embeddings.token_type_embeddings.weight.normal_()
        model.classifier.weight.normal_()
    model.save_pretrained(str(folder / "checkpoint"))
    save_tokenizer(str(tiny_base), folder / "checkpoint")
    return folder


@pytest.fixture(scope="module")
def fp32(folder):
    return export_onnx(folder / "checkpoint", folder, int8=False)


@pytest.fixture(scope="module")
def target(folder):
    examples = [Example(str(i), "hi", group="g", origin="template") for i in range(3)]
    write_examples(Data(folder).train, [*examples, Example("4", "ho", meta={"source": "a/b"})])
    return assemble(CONFIG, folder, "piiguard-en-t")


def logits_of_torch(folder, inputs):
    model = load_for_tagging(str(folder / "checkpoint")).eval()
    with torch.no_grad():
        return model(**{name: torch.tensor(array) for name, array in inputs.items()}).logits.numpy()


def logits_of_onnx(file, inputs):
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    return session.run(None, inputs)[0]


@pytest.fixture(scope="module")
def inputs(carrier_tokenizer):
    encoder = Encoder(carrier_tokenizer, max_tokens=64, stride=12, max_context=16)
    texts = ["ask Priya Sharma about the form", "ok", "PLEASE send the " + "invoice again " * 12]
    return pad(window for text in texts for window in encoder.encode(text, ("who is it?",)))


def test_the_base_is_widened_to_a_row_for_each_type_of_word(tiny_base):
    model = load_for_tagging(str(tiny_base))

    table = model.base_model.embeddings.token_type_embeddings.weight
    assert (table.shape[0], model.config.type_vocab_size) == (N_TYPES, N_TYPES)
    assert bool((table == table[0]).all())
    assert model.config.id2label == dict(enumerate(TAGS))


def test_a_widened_checkpoint_is_taken_as_it_is(folder):
    table = load_for_tagging(
        str(folder / "checkpoint")
    ).base_model.embeddings.token_type_embeddings.weight

    assert table.shape[0] == N_TYPES
    assert not bool((table == table[0]).all())


def test_the_graph_gives_the_checkpoints_logits_for_any_shape(folder, fp32, inputs):
    for rows, columns in ((len(inputs["input_ids"]), None), (1, 7), (2, 1)):
        batch = {name: np.ascontiguousarray(a[:rows, :columns]) for name, a in inputs.items()}
        expected, found = logits_of_torch(folder, batch), logits_of_onnx(fp32, batch)

        assert found.shape == (*batch["input_ids"].shape, len(TAGS))
        assert np.abs(expected - found).max() < ATOL


def test_letter_case_reaches_the_graph(fp32, inputs):
    other = {**inputs, "token_type_ids": np.zeros_like(inputs["token_type_ids"])}

    assert np.abs(logits_of_onnx(fp32, inputs) - logits_of_onnx(fp32, other)).max() > 0.1


def test_padding_does_not_reach_the_logits(fp32, inputs):
    wider = {name: np.pad(array, ((0, 0), (0, 5))) for name, array in inputs.items()}
    length = inputs["input_ids"].shape[1]

    gap = logits_of_onnx(fp32, wider)[:, :length] - logits_of_onnx(fp32, inputs)
    assert np.abs(gap[inputs["attention_mask"] == 1]).max() < ATOL


def test_weights_that_changed_since_the_export_are_noticed(folder, fp32):
    model = load_for_tagging(str(folder / "checkpoint")).eval()
    tagger = _Tagger(model).eval()
    batch = _fixed_batch(model.config.vocab_size, N_TYPES)
    _check_parity(tagger, fp32, batch, ATOL)

    with torch.no_grad():
        model.classifier.bias[3] += 0.01

    with pytest.raises(ParityError, match=r"logits differ by 0\.01, allowed 0\.001"):
        _check_parity(tagger, fp32, batch, ATOL)


def test_a_checkpoint_whose_logits_are_no_numbers_is_refused(folder, fp32):
    model = load_for_tagging(str(folder / "checkpoint")).eval()
    with torch.no_grad():
        model.classifier.bias[3] = float("nan")

    with pytest.raises(ParityError):
        _check_parity(_Tagger(model), fp32, _fixed_batch(model.config.vocab_size, N_TYPES), ATOL)


def test_the_int8_model_opens_through_its_manifest_and_detects(target):
    manifest = open_model_dir(target)
    detector = OnnxDetector(manifest, threads=1)

    texts = ["ask Priya Sharma about the form", "", "x" * 3000]
    found = detector.detect_batch([Message(text, ("who?",)) for text in texts])

    assert len(found) == 3
    for text, spans in zip(texts, found, strict=True):
        assert all(0 <= s.start < s.end <= len(text) and s.source == "model" for s in spans)


def test_the_int8_model_says_nearly_what_the_checkpoint_says(folder, target, inputs):
    expected = logits_of_torch(folder, inputs).argmax(-1)
    found = logits_of_onnx(target / ONNX_FILE, inputs).argmax(-1)

    same = (expected == found)[inputs["attention_mask"] == 1]
    assert same.mean() > 0.8


def test_int8_holds_no_float_copy_of_the_weights(fp32, target):
    before, after = (onnx.load(str(file)).graph for file in (fp32, target / ONNX_FILE))

    weights = {node.input[1] for node in products(before, "MatMul")}
    assert len(weights) > 5
    assert len(products(after, "MatMulNBits")) == len(weights)
    assert products(after, "MatMul") == []
    assert not weights & {tensor.name for tensor in after.initializer}


def products(graph, kind):
    """The matrix products with a constant on the right."""
    constants = {tensor.name for tensor in graph.initializer}
    return [node for node in graph.node if node.op_type == kind and node.input[1] in constants]


def test_the_rows_of_a_large_table_come_back_as_they_were_but_for_rounding(tmp_path):
    table = np.random.default_rng(3).normal(size=(300, 8)).astype(np.float32)
    table[7] *= 50  # a loud row costs its neighbours nothing
    table[9] = 0
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "ids"], ["out"])],
        "lookup",
        [helper.make_tensor_value_info("ids", onnx.TensorProto.INT64, [None])],
        [helper.make_tensor_value_info("out", onnx.TensorProto.FLOAT, [None, 8])],
        [numpy_helper.from_array(table, "table")],
    )
    onnx.save(helper.make_model(graph, ir_version=10), str(tmp_path / "a.onnx"))

    quantize(tmp_path / "a.onnx", tmp_path / "b.onnx")

    found = logits_of_onnx(tmp_path / "b.onnx", {"ids": np.arange(300)})
    step = np.abs(table).max(axis=1, keepdims=True) / 127
    assert (np.abs(found - table) <= step / 2 + 1e-6).all()
    assert found[9].tolist() == [0.0] * 8


def test_an_assembled_directory_says_what_it_was_made_of(folder, target):
    manifest = open_model_dir(target)
    run = json.loads((folder / "run.json").read_text())

    assert (manifest.name, manifest.seed, manifest.encoder) == ("piiguard-en-t", 5, CONFIG.encoder)
    assert manifest.thresholds == dict.fromkeys(LABELS, 0.5)
    assert set(manifest.sha256) == {
        ONNX_FILE,
        "config.json",
        "tokenizer.json",
        "tokenizer_config.json",
    }
    assert (run["n_train"], run["sources"]) == (4, {"template": 3, "a/b": 1})
    assert TrainConfig(**run["config"]) == CONFIG


def test_the_saved_tokenizer_splits_as_the_one_it_was_trained_with(target, tiny_base):
    trained, saved = (
        Tokenizer.from_file(str(path / "tokenizer.json")) for path in (tiny_base, target)
    )

    for text in ("Ask Priya, café & Łódź!", "4242-4242", "漢字 🙂 [MASK] <x>"):
        ours = trained.encode(text, add_special_tokens=False)
        theirs = saved.encode(text, add_special_tokens=False)
        assert (theirs.ids, theirs.offsets) == (ours.ids, ours.offsets)

"""A model directory for tests: a table that looks each token's logits up, and a WordPiece of some hundred entries.

What it says is known beforehand, so a test of the way to and from a model need not know what a real one says.
It needs onnx, tokenizers and a few milliseconds; no torch, no download.
"""

import string
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from piiguard.labels import LABELS, TAGS
from piiguard.model_dir import ONNX_FILE, Manifest, write_manifest

NAME = "piiguard-en-tiny"
ENCODER = {"max_tokens": 32, "stride": 6, "max_context": 10}
#: What the table says of a word; all others are O.
WORDS = {
    "priya": "B-PERSON",
    "sharma": "I-PERSON",
    "dana": "B-PERSON",
    "whitfield": "I-PERSON",
    "diabetes": "B-MEDICAL_CONDITION",
    "asthma": "B-MEDICAL_CONDITION",
    "hunter": "B-PASSWORD",
    "##zz": "I-PASSWORD",
    "pass": "O",
    "##port": "O",
}
#: Logits of a word's tag and of all others: P(tag) is about 0.98.
SURE = 8.0

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def tiny_tokenizer() -> Tokenizer:
    """Lower-casing WordPiece: the words of WORDS, each printable ASCII character, and each as a continuation."""
    letters = string.ascii_lowercase + string.digits
    entries = [*_SPECIAL, *string.punctuation, *letters, *(f"##{c}" for c in letters), *WORDS]
    vocabulary = {entry: number for number, entry in enumerate(dict.fromkeys(entries))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    # accents stay, as in all-MiniLM they go: one character, one character
    tokenizer.normalizer = normalizers.BertNormalizer(strip_accents=False, lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def write_tiny_model(root: Path, *, tags: tuple[str, ...] = TAGS) -> Path:
    """Write the model directory ``root``/NAME and return it; ``tags`` can make it one that does not fit."""
    folder = root / NAME
    (folder / ONNX_FILE).parent.mkdir(parents=True)
    tokenizer = tiny_tokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    table = np.zeros((tokenizer.get_vocab_size(), len(tags)), dtype=np.float32)
    for entry, number in tokenizer.get_vocab().items():
        tag = WORDS.get(entry, "O")
        table[number, tags.index(tag) if tag in tags else 0] = SURE
    onnx.save(_lookup(table), str(folder / ONNX_FILE))
    manifest = Manifest(
        name=NAME,
        labels=tuple(LABELS),
        thresholds=dict.fromkeys(LABELS, 0.5),
        calibration={"temperature": 1.0},
        encoder=ENCODER,
        sha256={},
        data_fingerprint="0" * 64,
        seed=0,
        parent="",
    )
    write_manifest(folder, manifest)
    return folder


def _lookup(table: np.ndarray) -> onnx.ModelProto:
    """logits = table[input_ids], and all three inputs of a real model at the door."""
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
        for name in ("input_ids", "attention_mask", "token_type_ids")
    ]
    logits = helper.make_tensor_value_info(
        "logits", TensorProto.FLOAT, ["batch", "tokens", table.shape[1]]
    )
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["logits"], axis=0)],
        "lookup",
        inputs,
        [logits],
        [numpy_helper.from_array(table, "table")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)

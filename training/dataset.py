"""Examples -> encoded windows: split by group, encoded with the core's Encoder and BIO. Owns ``datasets``."""

import hashlib
import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, TypeVar

import datasets
import numpy as np
from tokenizers import Tokenizer

from piiguard.bio import IGNORED, tag_ids
from piiguard.encoding import Encoder, Window
from piiguard.examples import Example
from piiguard.slack_text import PlainText, read_wire
from piiguard.spans import Span
from training.config import TrainConfig

datasets.disable_progress_bars()
Item = TypeVar("Item")


def split_by_group(
    items: Iterable[Item],
    share: float,
    salt: str = "",
    group: Callable[[Item], str] = attrgetter("group"),
) -> tuple[list[Item], list[Item]]:
    """(the rest, about ``share`` of the groups): by hash of the group, so the same group always lands alike."""
    rest: list[Item] = []
    held: list[Item] = []
    for item in items:
        digest = hashlib.blake2b(f"{salt}{group(item)}".encode(), digest_size=8).digest()
        (held if int.from_bytes(digest) / 2**64 < share else rest).append(item)
    return rest, held


def fingerprint(examples: Iterable[Example]) -> str:
    """sha256 over the examples in order: the same data, the same fingerprint."""
    digest = hashlib.sha256()
    for example in examples:
        digest.update(json.dumps(example.to_json(), sort_keys=True).encode())
    return digest.hexdigest()


def make_encoder(tokenizer_file: str, config: TrainConfig) -> Encoder:
    """The Encoder that training and the model's manifest share."""
    return Encoder(Tokenizer.from_file(tokenizer_file), **config.encoder)


def encode_examples(
    examples: Sequence[Example],
    encoder: Encoder,
    *,
    context_dropout: float = 0.0,
    seed: int = 0,
) -> datasets.Dataset:
    """One row a window: ``input_ids``, ``token_type_ids``, ``labels``, ``weight``, ``length``.

    ``meta["abstain"]``, a list of [start, end), takes tokens out of the loss.
    """

    rng = random.Random(seed)

    def rows() -> Iterator[dict[str, Any]]:
        for example in examples:
            context = () if rng.random() < context_dropout else example.context
            yield from _rows(example, context, encoder)

    columns: dict[str, list[Any]] = {
        name: [] for name in ("input_ids", "token_type_ids", "labels", "weight", "length")
    }
    for row in rows():
        for name, value in row.items():
            columns[name].append(value)
    return datasets.Dataset.from_dict(columns)


def _rows(example: Example, context: Sequence[str], encoder: Encoder) -> Iterator[dict[str, Any]]:
    text, spans, abstained, before = plain_view(example, context)
    for window in encoder.encode(text, before):
        labels = tag_ids(spans, window.offsets)
        _abstain(labels, window, abstained)
        yield {
            "input_ids": window.input_ids,
            "token_type_ids": window.type_ids,
            "labels": labels.tolist(),
            "weight": example.weight,
            "length": len(window.input_ids),
        }


def plain_view(
    example: Example, context: Sequence[str] | None = None
) -> tuple[str, list[Span], list[tuple[int, int]], list[str]]:
    """(plain text, spans, abstained stretches, plain context) of an example in either markup."""
    context = example.context if context is None else context
    slack = example.markup == "slack"
    plain = read_wire(example.text) if slack else PlainText.identity(example.text)
    spans = [span for span in map(plain.to_plain, example.spans) if span]
    abstained = [(int(start), int(end)) for start, end in example.meta.get("abstain", ())]
    if slack and abstained:
        moved = (plain.to_plain(Span(start, end, "PERSON")) for start, end in abstained)
        abstained = [(span.start, span.end) for span in moved if span]
    before = [read_wire(text).text if slack else text for text in context]
    return plain.text, spans, abstained, before


def _abstain(
    labels: np.ndarray[Any, np.dtype[np.int64]], window: Window, stretches: list[tuple[int, int]]
) -> None:
    for number, (start, end) in enumerate(window.offsets):
        if any(start < b and a < end for a, b in stretches):
            labels[number] = IGNORED

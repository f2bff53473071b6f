"""Encoder: a message and the texts before it -> windows of token ids. Training and serving use this file.

A window reads ``[CLS] context [SEP] message [SEP]``. What the ids do not say travels beside them, in the model's token
types: the shape of the word (``shapes.py``), whether a line begins with it, and whether it is message or context.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding, Tokenizer

from piiguard.shapes import N_SHAPES, OTHER, shape_of

Offset = tuple[int, int]
FloatArray = npt.NDArray[np.float32]

#: The offset of a token that is no part of the message: special tokens and context.
NOT_MESSAGE: Offset = (0, 0)
#: Added to the shape of a word that begins a line.
LINE_START = N_SHAPES
#: Added to the type of a word of the context, so that the model can tell it from the message.
CONTEXT = 2 * N_SHAPES
N_TYPES = 4 * N_SHAPES

_CLS, _SEP, _N_SPECIAL = "[CLS]", "[SEP]", 3


@dataclass(frozen=True, slots=True)
class Window:
    """One input of the model. The three lists are equally long; ``first`` is the index of the window's first
    message token among all tokens of the message."""

    input_ids: list[int]
    type_ids: list[int]
    offsets: list[Offset]
    first: int = 0


class Encoder:
    """Splits texts into tokens and long texts into overlapping windows.

    Args:
        tokenizer: a WordPiece tokenizer with [CLS] and [SEP].
        max_tokens: the length of a window, special tokens and context included.
        stride: how many message tokens two neighbouring windows share.
        max_context: how many tokens of context a window may hold; the latest stay.
    """

    def __init__(
        self, tokenizer: Tokenizer, max_tokens: int = 256, stride: int = 48, max_context: int = 80
    ) -> None:
        if max_tokens - max_context - _N_SPECIAL <= stride:
            raise ValueError("max_tokens leaves no room for a message beside context and stride")
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.tokenizer = tokenizer
        self.max_tokens = max_tokens
        self.stride = stride
        self.max_context = max_context
        self._cls = _token_id(tokenizer, _CLS)
        self._sep = _token_id(tokenizer, _SEP)

    def encode(self, text: str, context: Sequence[str] = ()) -> list[Window]:
        """The windows of one text; none when it holds no token."""
        encoding = self.tokenizer.encode(fold_characters(text), add_special_tokens=False)
        if len(encoding) == 0:
            return []
        # subtle: each access to these attributes copies the whole list
        ids, offsets = encoding.ids, encoding.offsets
        types = _type_ids(text, encoding)
        before_ids, before_types = self._encode_context(context)
        head_ids = [self._cls, *before_ids, *([self._sep] if before_ids else [])]
        head_types = [OTHER, *before_types, *([CONTEXT] if before_ids else [])]
        room = self.max_tokens - len(head_ids) - 1
        windows, first = [], 0
        while True:
            part = slice(first, first + room)
            windows.append(
                Window(
                    [*head_ids, *ids[part], self._sep],
                    [*head_types, *types[part], OTHER],
                    [NOT_MESSAGE] * len(head_ids) + offsets[part] + [NOT_MESSAGE],
                    first,
                )
            )
            if first + room >= len(ids):
                return windows
            first += room - self.stride

    def _encode_context(self, context: Sequence[str]) -> tuple[list[int], list[int]]:
        ids: list[int] = []
        types: list[int] = []
        for text in reversed(context):
            if len(ids) >= self.max_context:
                break
            text = text[-1000:]  # far more characters than max_context tokens hold
            encoding = self.tokenizer.encode(fold_characters(text), add_special_tokens=False)
            if len(encoding):
                separator = [self._sep] if ids else []
                ids = [*encoding.ids, *separator, *ids]
                words = [kind + CONTEXT for kind in _type_ids(text, encoding)]
                types = [*words, *([CONTEXT] if separator else []), *types]
        return ids[-self.max_context :], types[-self.max_context :]


def stitch(
    windows: Sequence[Window], probs: Sequence[FloatArray]
) -> tuple[FloatArray, list[Offset]]:
    """Join the windows' probabilities: (message tokens, tags) and the offsets of these tokens.

    A token that two windows hold is taken from the one in which it stands further from the edge.
    """
    joined: list[FloatArray] = []
    offsets: list[Offset] = []
    for number, (window, rows) in enumerate(zip(windows, probs, strict=True)):
        inside = [i for i, offset in enumerate(window.offsets) if offset != NOT_MESSAGE]
        start, stop = 0, len(inside)
        if number > 0:
            before = windows[number - 1]
            start = (before.first + _n_message_tokens(before) - window.first) // 2
        if number + 1 < len(windows):
            after = windows[number + 1].first
            stop = after - window.first + (window.first + len(inside) - after) // 2
        keep = inside[start:stop]
        joined.append(rows[keep])
        offsets.extend(window.offsets[i] for i in keep)
    return np.concatenate(joined), offsets


def fold_characters(text: str) -> str:
    """The same text, character for character, in the plainest letters: full-width and styled ones become ASCII.

    Lone surrogates, which no tokenizer takes, become the replacement character. The length never changes.
    """
    return text if text.isascii() else "".join(map(_fold, text))


@lru_cache(maxsize=8192)
def _fold(char: str) -> str:
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 and folded.isascii() else char


def _type_ids(text: str, encoding: Encoding) -> list[int]:
    """The type of the word that each token is a piece of."""
    types: list[int] = []
    words, offsets = encoding.word_ids, encoding.offsets
    first, end = 0, 0
    while first < len(words):
        last = first
        while last + 1 < len(words) and words[last + 1] == words[first]:
            last += 1
        start = offsets[first][0]
        begins = first == 0 or "\n" in text[end:start]
        end = offsets[last][1]
        kind = shape_of(text[start:end]) + (LINE_START if begins else 0)
        types.extend([kind] * (last + 1 - first))
        first = last + 1
    return types


def _n_message_tokens(window: Window) -> int:
    return sum(offset != NOT_MESSAGE for offset in window.offsets)


def _token_id(tokenizer: Tokenizer, token: str) -> int:
    number = tokenizer.token_to_id(token)
    if number is None:
        raise ValueError(f"expected a tokenizer with {token}, found none")
    return int(number)


def pad(windows: Iterable[Window]) -> dict[str, npt.NDArray[np.int64]]:
    """The model's inputs for a batch of windows, padded with zeros to the longest: each (windows, tokens)."""
    batch = list(windows)
    length = max(len(window.input_ids) for window in batch)
    names = ("input_ids", "attention_mask", "token_type_ids")
    arrays = {name: np.zeros((len(batch), length), dtype=np.int64) for name in names}
    for row, window in enumerate(batch):
        n = len(window.input_ids)
        arrays["input_ids"][row, :n] = window.input_ids
        arrays["attention_mask"][row, :n] = 1
        arrays["token_type_ids"][row, :n] = window.type_ids
    return arrays

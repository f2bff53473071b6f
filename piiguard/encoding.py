"""Encoder: a message and the texts before it -> windows of token ids. Training and serving use this file.

A window reads ``[CLS] context [SEP] message [SEP]``. The vocabulary is lower case, so what the letters looked like
travels beside the ids, in the model's token types: six classes for the message's words, six for the context's.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding, Tokenizer

Offset = tuple[int, int]
FloatArray = npt.NDArray[np.float32]

#: The offset of a token that is no part of the message: special tokens and context.
NOT_MESSAGE: Offset = (0, 0)
OTHER, LOWER, TITLE, UPPER, MIXED, HAS_DIGIT = range(6)
N_CASES = 6
#: Case ids of context words are shifted by this much, so that the model can tell them from the message.
CONTEXT_CASE = N_CASES

_CLS, _SEP, _N_SPECIAL = "[CLS]", "[SEP]", 3


@dataclass(frozen=True, slots=True)
class Window:
    """One input of the model. The three lists are equally long; ``first`` is the index of the window's first
    message token among all tokens of the message."""

    input_ids: list[int]
    case_ids: list[int]
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
        cases = _case_ids(text, encoding)
        before_ids, before_cases = self._encode_context(context)
        head_ids = [self._cls, *before_ids, *([self._sep] if before_ids else [])]
        head_cases = [OTHER, *before_cases, *([CONTEXT_CASE] if before_ids else [])]
        room = self.max_tokens - len(head_ids) - 1
        windows, first = [], 0
        while True:
            part = slice(first, first + room)
            windows.append(
                Window(
                    [*head_ids, *ids[part], self._sep],
                    [*head_cases, *cases[part], OTHER],
                    [NOT_MESSAGE] * len(head_ids) + offsets[part] + [NOT_MESSAGE],
                    first,
                )
            )
            if first + room >= len(ids):
                return windows
            first += room - self.stride

    def _encode_context(self, context: Sequence[str]) -> tuple[list[int], list[int]]:
        ids: list[int] = []
        cases: list[int] = []
        for text in reversed(context):
            if len(ids) >= self.max_context:
                break
            text = text[-1000:]  # far more characters than max_context tokens hold
            encoding = self.tokenizer.encode(fold_characters(text), add_special_tokens=False)
            if len(encoding):
                separator = [self._sep] if ids else []
                ids = [*encoding.ids, *separator, *ids]
                words = [case + CONTEXT_CASE for case in _case_ids(text, encoding)]
                cases = [*words, *([CONTEXT_CASE] if separator else []), *cases]
        return ids[-self.max_context :], cases[-self.max_context :]


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


def _case_ids(text: str, encoding: Encoding) -> list[int]:
    """The case of the word that each token is a piece of."""
    cases: list[int] = []
    words, offsets = encoding.word_ids, encoding.offsets
    first = 0
    while first < len(words):
        last = first
        while last + 1 < len(words) and words[last + 1] == words[first]:
            last += 1
        word = text[offsets[first][0] : offsets[last][1]]
        cases.extend([_case(word)] * (last + 1 - first))
        first = last + 1
    return cases


def _case(word: str) -> int:
    if any(char.isdigit() for char in word):
        return HAS_DIGIT
    if not any(char.isalpha() for char in word):
        return OTHER
    if word.islower():
        return LOWER
    if word.isupper():
        return UPPER if len(word) > 1 else TITLE
    if word[0].isupper() and word[1:].islower():
        return TITLE
    return MIXED


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
        arrays["token_type_ids"][row, :n] = window.case_ids
    return arrays

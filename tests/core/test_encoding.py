"""Encoder, windows and stitch: every token of a message is seen, once."""

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models

from piiguard.encoding import (
    CONTEXT,
    LINE_START,
    N_TYPES,
    NOT_MESSAGE,
    Encoder,
    fold_characters,
    pad,
    stitch,
)
from piiguard.shapes import TITLE, shape_of

WORDS = [
    "Priya",
    "asked",
    "for",
    "4242",
    "iOS",
    "ok",
    "URGENT",
    "(see",
    "below)",
    "naïve",
    "zażółć",
]


def long_text(n_characters, seed=1):
    rng = random.Random(seed)
    words, length = [], 0
    while length < n_characters:
        words.append(rng.choice(WORDS))
        length += len(words[-1]) + 1
    return " ".join(words)[:n_characters]


def numbered(windows):
    """For each window, rows that say which token of the message they are of."""
    rows = []
    for window in windows:
        inside = [offset != NOT_MESSAGE for offset in window.offsets]
        number = iter(range(window.first, window.first + sum(inside)))
        rows.append(np.array([[next(number) if i else -1] for i in inside], dtype=np.float32))
    return rows


def shared(window, following):
    """How many tokens of the message both windows hold."""
    n_tokens = sum(offset != NOT_MESSAGE for offset in window.offsets)
    return window.first + n_tokens - following.first


@pytest.mark.parametrize(
    "context", [(), ("and her birthday?",), (long_text(3000), "and this one?")]
)
@pytest.mark.parametrize("n_characters", [1, 30, 60, 61, 75, 140, 3000, 40_000])
def test_a_message_of_any_length_is_covered_whole_and_each_token_once(
    encoder, n_characters, context
):
    text = long_text(n_characters)
    whole = encoder.tokenizer.encode(fold_characters(text), add_special_tokens=False)

    windows = encoder.encode(text, context)
    rows, offsets = stitch(windows, numbered(windows))

    assert all(shared(a, b) == encoder.stride for a, b in pairwise(windows))
    assert offsets == whole.offsets
    assert rows[:, 0].tolist() == list(range(len(whole.ids)))
    assert {i for a, b in offsets for i in range(a, b)} >= {
        i for i, char in enumerate(text) if not char.isspace()
    }


@given(text=st.text(max_size=300), context=st.lists(st.text(max_size=80), max_size=4))
def test_windows_of_any_text_fit_the_model_and_overlap(encoder, text, context):
    windows = encoder.encode(text, context)

    for window in windows:
        assert len(window.input_ids) == len(window.type_ids) == len(window.offsets)
        assert len(window.input_ids) <= encoder.max_tokens
        assert all(0 <= kind < N_TYPES for kind in window.type_ids)
        inside = [offset for offset in window.offsets if offset != NOT_MESSAGE]
        assert inside
        assert all(0 <= a < b <= len(text) for a, b in inside)
    assert all(shared(a, b) == encoder.stride for a, b in pairwise(windows))
    if windows:
        rows, offsets = stitch(windows, numbered(windows))
        assert rows[:, 0].tolist() == list(range(len(offsets)))


@pytest.mark.parametrize("text", ["", " ", "\n\t  ", "\u200b"])
def test_a_text_without_a_token_has_no_window(encoder, text):
    assert encoder.encode(text, ["before"]) == []


@pytest.mark.parametrize("text", ["priya", "Priya", "X1234567", "42", "-"])
def test_each_token_carries_the_shape_of_its_word(encoder, text):
    [window] = encoder.encode(f"so {text}")

    types = zip(window.type_ids, window.offsets, strict=True)
    assert {kind for kind, (start, _) in types if start >= 3} == {shape_of(text)}


def test_the_first_word_of_each_line_is_marked(encoder):
    text = "name: Priya\n\n- dob 1990\r\nok"
    [window] = encoder.encode(text)

    marked = "".join(
        text[start:end]
        for kind, (start, end) in zip(window.type_ids, window.offsets, strict=True)
        if end and kind >= LINE_START
    )
    assert marked == "name-ok"


def test_context_stands_before_the_message_has_no_offsets_and_types_of_its_own(encoder):
    [window] = encoder.encode("Priya", ["Ask whom?"])

    first = window.offsets.index((0, 5))
    before = window.type_ids[1 : first - 1]
    assert window.offsets[:first] == [NOT_MESSAGE] * first
    assert before[0] == CONTEXT + LINE_START + TITLE
    assert all(kind >= CONTEXT for kind in before)
    assert window.type_ids[first] == LINE_START + TITLE


def test_the_latest_context_stays_when_there_is_too_much(encoder):
    few = encoder.encode("Priya", ["a b c d e f g h i j"])
    many = encoder.encode("Priya", [long_text(5000), "a b c d e f g h i j"])
    long = encoder.encode("Priya", ["x y z a b c d e f g h i j"])

    assert many == few
    assert [window.input_ids for window in long] == [window.input_ids for window in few]


def test_a_message_comes_with_the_same_tokens_whatever_its_context(encoder):
    [alone] = encoder.encode("Priya has asthma")
    [after] = encoder.encode("Priya has asthma", ["what is wrong?"])

    n = sum(offset != NOT_MESSAGE for offset in alone.offsets)
    assert alone.input_ids[-n - 1 :] == after.input_ids[-n - 1 :]
    assert alone.offsets[-n - 1 :] == after.offsets[-n - 1 :]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("４２４２", "4242"),
        ("𝐏𝐫𝐢𝐲𝐚", "Priya"),
        ("ａｃｍｅ＠", "acme@"),
        ("a\ud800b", "a\ufffdb"),
        ("naïve", "naïve"),
        ("ﬁ", "ﬁ"),  # would become two letters
        ("½", "½"),
        ("王小明", "王小明"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
    ],
)
def test_styled_characters_fold_and_others_stay(text, expected):
    assert fold_characters(text) == expected


@given(st.text(st.characters()))
def test_folding_never_changes_the_length(text):
    assert len(fold_characters(text)) == len(text)


def test_shorter_windows_are_padded_to_the_longest(encoder):
    arrays = pad([*encoder.encode("Priya"), *encoder.encode("a b c")])

    assert {array.shape for array in arrays.values()} == {(2, 5)}
    assert arrays["attention_mask"].tolist() == [[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]]
    assert arrays["input_ids"][0, 3:].tolist() == [0, 0]


def test_a_tokenizer_without_special_tokens_is_refused():
    with pytest.raises(ValueError, match=r"\[CLS\]"):
        Encoder(Tokenizer(models.WordPiece({"[UNK]": 0}, unk_token="[UNK]")))


def test_windows_too_short_for_context_and_stride_are_refused(tokenizer):
    with pytest.raises(ValueError, match="no room"):
        Encoder(tokenizer, max_tokens=32, stride=16, max_context=16)

"""Texts that we send: cut between characters as readers count them, escaped, cleaned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.limits import clean, cut, cut_end, graphemes, length, plain, wire
from piiguard.slack_text import read_wire

FAMILY = "👨‍👩‍👧"
HEART = "❤️"
WAVE = "👋🏽"
GERMANY, JAPAN = "🇩🇪", "🇯🇵"
E_ACUTE = "e\u0301"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
HAN = "\u1112\u1161\u11ab"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("abc", ["a", "b", "c"]),
        (f"a{E_ACUTE}b", ["a", E_ACUTE, "b"]),
        (f"{FAMILY}!", [FAMILY, "!"]),
        (f"{HEART}{WAVE}", [HEART, WAVE]),
        (f"{GERMANY}{JAPAN}x", [GERMANY, JAPAN, "x"]),
        (f"x{SCOTLAND}y", ["x", SCOTLAND, "y"]),
        (f"{HAN}{HAN}", [HAN, HAN]),
        ("\r\n\n", ["\r\n", "\n"]),
        ("क्षि", ["क्", "षि"]),
        ("नि", ["नि"]),
    ],
)
def test_graphemes_are_what_a_reader_counts(text, expected):
    assert list(graphemes(text)) == expected


@given(st.text(max_size=60))
def test_graphemes_lose_nothing(text):
    assert "".join(graphemes(text)) == text


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("short", 5, "short"),
        ("longer", 5, "long…"),
        (f"abc{FAMILY}", 6, "abc…"),
        (f"ab{GERMANY}{GERMANY}", 8, f"ab{GERMANY}…"),
        (f"ab{E_ACUTE}d", 4, "ab…"),
        ("a" + "\u0301" * 50, 10, "…"),
    ],
)
def test_a_cut_text_ends_between_graphemes(text, limit, expected):
    assert cut(text, limit) == expected


@given(st.text(max_size=80), st.integers(2, 40))
def test_a_cut_text_is_within_its_limit_and_says_that_it_was_cut(text, limit):
    for shortened in (cut(text, limit), cut_end(text, limit)):
        assert length(shortened) <= limit
        assert shortened == text or "…" in shortened


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tom & <Jerry>", "Tom &amp; &lt;Jerry&gt;"),
        ("<!channel> <@U123>", "&lt;!channel&gt; &lt;@U123&gt;"),
        ("&amp;", "&amp;amp;"),
        ("two\n\nlines", "two lines"),
        ("gnp.\u202egpj", "gnp.gpj"),
        ("bell\x07 \ud800nul\x00", "bell nul"),
    ],
)
def test_text_from_outside_becomes_text_and_nothing_else(text, expected):
    assert wire(text) == expected


@given(st.text(alphabet="<>&a ", max_size=60), st.integers(1, 30))
def test_a_cut_never_ends_inside_an_escape(text, limit):
    shown = wire(text, limit)

    assert length(shown) <= limit
    assert clean(text).startswith(read_wire_entities(shown.removesuffix("…")))


def read_wire_entities(text):
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, char)
    return text


@given(st.text(max_size=60))
def test_escaped_text_reads_as_it_was_written(text):
    plain_again = read_wire(wire(text)).text

    assert [char for char in plain_again if char.isalnum()] == [
        char for char in clean(text) if char.isalnum()
    ]


def test_a_text_object_is_never_empty():
    assert plain("\x00 \n", 10)["text"] == "–"

"""What a pattern needs is read off it; a text that lacks it is never searched, and nothing is lost by that."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piiguard.rules.prefilter import Prefilter, has_digit, prefilter
from piiguard.rules.tables import ALL_RULES


@pytest.mark.parametrize(
    ("pattern", "words", "digit"),
    [
        (r"ghp_[A-Za-z0-9]{36}", ("ghp_",), False),
        (r"(?:ssn|tax) (\d{9})", ("ssn", "tax"), True),
        (r"\d{3}-\d{2}", ("-",), True),
        (r"(?i)IBAN\b", ("iban",), False),
        (r"(?:ab)?c", ("c",), False),
        (r"(?:ab)?\d?", (), False),
        (r"(?=ssn)\w+", (), False),
        (r"(?:x|y)?(?:foo|[a-z])", (), False),
        (r"[0-9a-f]{8}", (), False),
        (r"(?<![\w])[1-9][0-9]{5}(?!x)", (), True),
    ],
)
def test_a_pattern_needs_what_stands_in_it_for_certain(pattern, words, digit):
    assert prefilter(re.compile(pattern)) == Prefilter(words, digit)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    "ssn",
                    "078-05-1120",
                    "pw is",
                    "hunter22",
                    "iban",
                    "DE89370400440532013000",
                    "my",
                    "mail",
                    "a@b.co",
                    "+1 212 555 0123",
                    "born",
                    "3/4/88",
                    "\n",
                    "ghp_",
                    "has",
                    "asthma",
                ]
            ),
            st.text(max_size=6),
        ),
        max_size=8,
    )
)
def test_no_rule_matches_a_text_that_its_prefilter_turns_away(pieces):
    text = " ".join(pieces)

    turned_away = [
        rule.name
        for rule in ALL_RULES
        if not prefilter(rule.regex).admits(text.lower(), has_digit(text))
        and rule.regex.search(text)
    ]

    assert turned_away == []


def test_most_rules_are_spared_on_plain_talk():
    text = "sounds good, see you at lunch"

    admitted = [r for r in ALL_RULES if prefilter(r.regex).admits(text, has_digit(text))]

    assert len(admitted) < len(ALL_RULES) / 4

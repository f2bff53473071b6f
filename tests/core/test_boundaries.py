"""snap: the edges of a value, as the annotation guidelines draw them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiguard.boundaries import snap
from piiguard.labels import LABELS
from piiguard.spans import Span


def snapped(text, found, label="PERSON"):
    start = text.index(found)
    span = snap(Span(start, start + len(found), label, 0.7, "model"), text)
    return text[span.start : span.end] if span else None


@pytest.mark.parametrize(
    ("text", "found", "label", "expected"),
    [
        # letters of the same word come in
        ("ask Priya now", "riya", "PERSON", "Priya"),
        ("ask Priya now", "Pri", "PERSON", "Priya"),
        ("id X1234567.", "1234", "PASSPORT", "X1234567"),
        # and words beside it do not
        ("ask Priya now", "Priya", "PERSON", "Priya"),
        ("ask Mary-Jane now", "Mary", "PERSON", "Mary"),
        # white space, quotes, brackets and closing punctuation go out
        ("ask Priya now", " Priya ", "PERSON", "Priya"),
        ('it is "Priya".', '"Priya".', "PERSON", "Priya"),
        ("(Priya)", "(Priya)", "PERSON", "Priya"),
        ("*Priya*", "*Priya*", "PERSON", "Priya"),
        ("who, Priya?!", "Priya?!", "PERSON", "Priya"),
        ("at 12 Elm St,\n", "12 Elm St,\n", "STREET_ADDRESS", "12 Elm St"),
        # a bracket whose partner lies inside stays
        ("hkid Z683365(5)", "Z683365(5)", "NATIONAL_ID", "Z683365(5)"),
        ("call (555) 010-9999.", "(555) 010-9999.", "PHONE_NUMBER", "(555) 010-9999"),
        # what a number is, is no part of it
        ("PH. 020 7946 0018", "PH. 020 7946 0018", "PHONE_NUMBER", "020 7946 0018"),
        ("cell +44 20 7946 0018", "cell +44 20 7946 0018", "PHONE_NUMBER", "+44 20 7946 0018"),
        ("Northbank 12345678", "Northbank 12345678", "BANK_ACCOUNT", "12345678"),
        ("GB33 BUKB 2020 1555", "GB33 BUKB 2020 1555", "BANK_ACCOUNT", "GB33 BUKB 2020 1555"),
        # an allergy goes with what it is to
        ("she is allergic to walnuts ok", "allergic", "MEDICAL_CONDITION", "allergic to walnuts"),
        ("she is allergic to the idea", "allergic", "MEDICAL_CONDITION", "allergic"),
        # the possessive goes out, of names only
        ("Priya's desk", "Priya's", "PERSON", "Priya"),
        ("Priya’s desk", "Priya’s", "PERSON", "Priya"),
        ("James' desk", "James'", "PERSON", "James"),
        ("Crohn's again", "Crohn's", "MEDICAL_CONDITION", "Crohn's"),
        ("ask O'Brien", "O'Brien", "PERSON", "O'Brien"),
        # in a password or key every character counts, but for quotes around it
        ("pw: hunter2!", "hunter2!", "PASSWORD", "hunter2!"),
        ("pw: (a)*b.", "(a)*b.", "PASSWORD", "(a)*b."),
        ("pw: `hunter2!`", "`hunter2!`", "PASSWORD", "hunter2!"),
        # but a code of digits is asked about, not ended by its question mark
        ("is it 60933?", "60933?", "PASSWORD", "60933"),
        # a name that was cut at its hyphen
        ("ask Ana-Maria now", "Ana-", "PERSON", "Ana-Maria"),
        ("ask Ana - now", "Ana -", "PERSON", "Ana -"),
        # floor and flat belong to the address; what else stands before it does not
        (
            "4th Floor, 31 Mill Mews, Leeds",
            "31 Mill Mews, Leeds",
            "STREET_ADDRESS",
            "4th Floor, 31 Mill Mews, Leeds",
        ),
        ("at Flat 3b 31 Mill Mews", "31 Mill Mews", "STREET_ADDRESS", "Flat 3b 31 Mill Mews"),
        ("Room 4, 31 Mill Mews", "31 Mill Mews", "STREET_ADDRESS", "31 Mill Mews"),
        # the sentence before and the one after are none of it
        (
            "from 6! 1127 Elm Ln, Leeds",
            "6! 1127 Elm Ln, Leeds",
            "STREET_ADDRESS",
            "1127 Elm Ln, Leeds",
        ),
        (
            "417 Elm Way, Erie, PA 16501. 3 beds, new",
            "417 Elm Way, Erie, PA 16501. 3 beds",
            "STREET_ADDRESS",
            "417 Elm Way, Erie, PA 16501",
        ),
        (
            "31 St. Mary St. Leeds",
            "31 St. Mary St. Leeds",
            "STREET_ADDRESS",
            "31 St. Mary St. Leeds",
        ),
        # nothing left
        ("a ... b", "...", "PERSON", None),
        ("a   b", "  ", "PERSON", None),
        ("''", "''", "PASSWORD", None),
    ],
)
def test_edges_follow_the_guidelines(text, found, label, expected):
    assert snapped(text, found, label) == expected


def test_label_score_and_source_stay():
    span = snap(Span(5, 7, "PERSON", 0.7, "model"), "ask Priya now")

    assert span == Span(4, 9, "PERSON", 0.7, "model")


@st.composite
def spans_in_texts(draw):
    text = draw(st.text(st.sampled_from("ab9 .,'’\"()[]*_`?\nÉ王"), min_size=1, max_size=20))
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    return text, Span(start, end, draw(st.sampled_from(sorted(LABELS))))


@given(spans_in_texts())
def test_a_snapped_span_lies_within_the_text_and_neither_starts_nor_ends_with_white_space(case):
    text, span = case

    found = snap(span, text)

    if found:
        assert 0 <= found.start < found.end <= len(text)
        value = text[found.start : found.end]
        assert value == value.strip()


@given(spans_in_texts())
def test_letters_and_digits_of_a_span_stay_in_it(case):
    text, span = case

    found = snap(span, text)

    inside = {i for i in range(span.start, span.end) if text[i].isalnum()}
    lines = text[span.start : span.end].splitlines()
    if (
        span.label != "PERSON" and len(lines) < 2
    ):  # where the s of a possessive goes, and other lines
        assert inside <= (set(range(found.start, found.end)) if found else set())


@given(spans_in_texts())
def test_no_word_is_cut(case):
    text, span = case

    found = snap(span, text)

    if found:
        assert not (found.start and text[found.start - 1].isalnum() and text[found.start].isalnum())
        assert not (text[found.end - 1].isalnum() and text[found.end : found.end + 1].isalnum())


def test_a_name_never_runs_over_a_line_break_and_an_address_may():
    text = "no nuts\nPriya Okafor\n4 Elm St\nLeeds"

    assert snap(Span(0, 20, "PERSON"), text) == Span(8, 20, "PERSON")
    assert snap(Span(21, 35, "STREET_ADDRESS"), text) == Span(21, 35, "STREET_ADDRESS")

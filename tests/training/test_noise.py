"""Noise moves letters and marks; a span still covers its value."""

import random
from dataclasses import replace

import pytest

pytest.importorskip("torch", reason="the workshop needs piiguard[train]")

from hypothesis import given
from hypothesis import strategies as st

from piiguard.labels import LABELS
from piiguard.slack_text import escape, read_wire
from training.generate import _pieces
from training.generators import Values
from training.noise import NOISES, Piece, add_noise, join
from training.obfuscation import HIDDEN
from training.template import read_templates

SEEDS = st.integers(0, 2**32)
CASE_SENSITIVE = ("PASSWORD", "API_KEY", "CRYPTO", "USERNAME", "BANK_ACCOUNT")
#: One of each kind of piece: words, a value with an escape in it, a value in digits, fixed wire text.
PIECES = [
    Piece("Hi team, don't forget: "),
    Piece("Priya Sharma", "PERSON"),
    Piece(" can be reached at "),
    Piece("priya.sharma@acme.example", "EMAIL_ADDRESS"),
    Piece(" or "),
    Piece("+44 20 7946 0958", "PHONE_NUMBER"),
    Piece("; ask "),
    Piece("<@U024BE7LH>", fixed=True),
    Piece(" for the password: "),
    Piece("Tr&amp;vel_Light*9", "PASSWORD"),
    Piece(" thanks!"),
]


def applied(noise, pieces=PIECES, seed=0):
    return noise(list(pieces), random.Random(seed))


def noise(name):
    return next(noise for noise, _ in NOISES if noise.__name__ == name)


def values_of(pieces):
    return [(piece.label, piece.text) for piece in pieces if piece.label]


@given(seed=SEEDS)
def test_a_span_covers_the_text_of_its_value_after_any_noise(seed):
    pieces = PIECES
    rng = random.Random(seed)
    for one, _ in NOISES:
        if rng.random() < 0.6:
            pieces = one(pieces, rng)

    text, spans = join(pieces)

    assert [(s.label, text[s.start : s.end]) for s in spans] == values_of(pieces)
    assert [label for label, _ in values_of(pieces)] == [label for label, _ in values_of(PIECES)]


@given(seed=SEEDS)
def test_only_letter_case_of_a_value_ever_changes(seed):
    for (label, before), (_, after) in zip(
        values_of(PIECES), values_of(add_noise(list(PIECES), random.Random(seed))), strict=True
    ):
        if label in HIDDEN and after != before:
            continue  # read aloud, spelled or drawn out: test_obfuscation.py
        assert after == before if label in CASE_SENSITIVE else after.lower() == before.lower()


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("name", ["_lower", "_lower_values", "_upper"])
def test_case_noise_leaves_alone_what_case_is_part_of(label, name):
    pieces = [Piece("It is "), Piece("aBcD1e", label)]

    changed = {applied(noise(name), pieces, seed)[1].text for seed in range(30)}

    if label in CASE_SENSITIVE:
        assert changed == {"aBcD1e"}
    else:
        assert changed <= {"aBcD1e", "abcd1e", "ABCD1E"}
        assert name == "_lower" or len(changed) == 1


@given(seed=SEEDS)
def test_fixed_wire_text_stays_as_it_is(seed):
    changed = add_noise(list(PIECES), random.Random(seed))

    assert Piece("<@U024BE7LH>", fixed=True) in changed


def test_each_noise_changes_something():
    idle = [
        one.__name__
        for one, _ in NOISES
        if all(join(applied(one, seed=seed)) == join(PIECES) for seed in range(40))
    ]

    assert idle == []


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    ("value", "label", "wire"),
    [
        (
            "priya.sharma@acme.example",
            "EMAIL_ADDRESS",
            "<mailto:priya.sharma@acme.example|priya.sharma@acme.example>",
        ),
        ("+44 20 7946 0958", "PHONE_NUMBER", "<tel:+442079460958|+44 20 7946 0958>"),
        ("(212) 555-0187", "PHONE_NUMBER", "<tel:+2125550187|(212) 555-0187>"),
        # not what Slack makes links of
        ("jane dot roe at acme dot io", "EMAIL_ADDRESS", "jane dot roe at acme dot io"),
        ("555 0187", "PHONE_NUMBER", "555 0187"),
        ("+44 20 7946 0958 ext. 12", "PHONE_NUMBER", "+44 20 7946 0958 ext. 12"),
        ("oh two oh 7946 0958 1234", "PHONE_NUMBER", "oh two oh 7946 0958 1234"),
        ("2001:db8::1", "IP_ADDRESS", "2001:db8::1"),
    ],
)
def test_a_wire_link_shows_the_value_and_reads_back_to_it(value, label, wire, seed):
    text, spans = join(applied(noise("_wire_links"), [Piece("call "), Piece(value, label)], seed))

    plain = read_wire(text)
    [span] = spans
    shown = plain.to_plain(span)

    assert text in (f"call {wire}", f"call {value}")
    assert plain.text == f"call {value}"
    assert plain.text[shown.start : shown.end] == value
    assert plain.to_wire(shown) == span


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("name", ["_mark_values", "_code"])
def test_marks_around_a_value_stay_outside_its_span(name, seed):
    text, spans = join(applied(noise(name), seed=seed))

    plain = read_wire(text)

    for span, (_, value) in zip(spans, values_of(PIECES), strict=True):
        shown = plain.to_plain(span)
        assert text[span.start : span.end] == value
        assert escape(plain.text[shown.start : shown.end]) == value


@pytest.mark.parametrize(
    ("pieces", "name"),
    [
        ([Piece("x"), Piece("Priya", "PERSON"), Piece(" said")], "_mark_values"),  # inside a word
        ([Piece("ask "), Piece("Priya", "PERSON"), Piece("'s")], "_mark_values"),
        ([Piece("at "), Piece("1 Elm St\nYork", "STREET_ADDRESS")], "_mark_values"),
        ([Piece("key "), Piece("a`b", "PASSWORD")], "_code"),
        ([Piece("ask "), Piece("Priya", "PERSON")], "_code"),  # nobody puts a name in code
    ],
)
def test_a_value_that_marks_would_spoil_gets_none(pieces, name):
    assert all(applied(noise(name), pieces, seed) == pieces for seed in range(20))


@pytest.mark.parametrize(
    ("text", "follows", "changes"),
    [
        ("ssn: ", "NATIONAL_ID", True),
        ("ssn:", "NATIONAL_ID", True),
        ("the ssn is ", "NATIONAL_ID", False),
        ("ssn: ", "", False),
    ],
)
def test_a_colon_changes_only_before_a_value(text, follows, changes):
    pieces = [Piece(text), Piece("078-05-1120", follows)]

    found = {applied(noise("_colons"), pieces, seed)[0].text for seed in range(60)}

    assert (len(found) > 3) is changes
    assert all(one.startswith(text.rstrip(": ")) for one in found)


@pytest.mark.parametrize(
    ("word", "may_change"), [("yes", False), ("ID", False), ("tomorrow", True)]
)
def test_typos_come_in_longer_words_alone(word, may_change):
    found = {applied(noise("_typos"), [Piece(word)], seed)[0].text for seed in range(200)}

    assert (found != {word}) is may_change
    assert all(abs(len(one) - len(word)) <= 1 for one in found)


def test_a_quoted_text_reads_without_its_mark():
    text, _ = join(applied(noise("_quote"), [Piece("ok "), Piece("Priya", "PERSON")]))

    assert (text, read_wire(text).text) == ("&gt; ok Priya", "ok Priya")


def test_an_empty_value_is_no_span():
    assert join([Piece("a"), Piece("", "PERSON"), Piece("b")]) == ("ab", ())


def test_spans_of_real_carriers_survive_every_noise():
    rng = random.Random(3)
    values = Values(rng)
    for template in list(read_templates())[::7]:
        pieces = _pieces(template.turns[-1], {}, values, rng)
        for one, _ in NOISES:
            text, spans = join(one(pieces, rng))
            plain = read_wire(text)
            for span in spans:
                shown = plain.to_plain(span)
                assert shown is not None
                assert plain.to_wire(shown) == replace(span)

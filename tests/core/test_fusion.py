"""fuse: the rules' claims and the model's, as one list."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiguard.fusion import fuse
from piiguard.labels import LABELS
from piiguard.plausible import is_plausible
from piiguard.spans import Span
from piiguard.validators import check_value

CARD, NO_CARD = "4242 4242 4242 4242", "4242 4242 4242 4243"


def rule(start, end, label, score=0.9, name="r"):
    return Span(start, end, label, score, f"rule:{name}")


def model(start, end, label, score=0.9):
    return Span(start, end, label, score, "model")


def test_what_one_of_the_two_claims_is_claimed():
    text = "ask Priya, host 203.0.113.7"

    assert fuse([rule(16, 27, "IP_ADDRESS")], [model(4, 9, "PERSON")], text) == [
        model(4, 9, "PERSON"),
        rule(16, 27, "IP_ADDRESS"),
    ]


def test_two_claims_of_one_label_become_one_that_names_both():
    text = "pw hunter2"

    [span] = fuse([rule(3, 10, "PASSWORD", 0.7)], [model(3, 10, "PASSWORD", 0.8)], text)

    assert span == Span(3, 10, "PASSWORD", 0.8, "model+rule:r")


@pytest.mark.parametrize(
    ("score", "edges"),
    [(0.9, (3, 10)), (0.5, (3, 13))],  # a strong rule knows the edges; a weak one joins in
)
def test_a_strong_rule_gives_the_edges_and_a_weak_one_shares_them(score, edges):
    [span] = fuse([rule(3, 10, "PASSWORD", score)], [model(5, 13, "PASSWORD")], "pw hunter2 and")

    assert (span.start, span.end) == edges


def test_a_value_that_fails_the_check_of_its_label_is_vetoed():
    assert fuse([], [model(0, len(NO_CARD), "CREDIT_CARD", 0.97)], NO_CARD) == []


@pytest.mark.parametrize(
    ("label", "value", "kept"),
    [
        ("CREDIT_CARD", NO_CARD, False),
        ("BANK_ACCOUNT", "DE89 3704 0044 0532 0130 01", False),
        ("CRYPTO", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", False),
        ("CREDIT_CARD", CARD, True),
        ("BANK_ACCOUNT", "000123456789", True),
        ("NATIONAL_ID", "666-12-3456", True),  # made up, but the words near it say what it is
    ],
)
def test_no_words_near_it_save_a_number_of_machines_that_fails_its_check(label, value, kept):
    assert bool(fuse([rule(0, len(value), label, 0.8)], [], value)) is kept


def test_a_value_that_passes_the_check_of_its_label_is_confirmed():
    [span] = fuse([], [model(0, len(CARD), "CREDIT_CARD", 0.6)], CARD)

    assert span.score == pytest.approx(0.99)


def test_a_value_that_no_check_knows_keeps_its_score():
    assert fuse([], [model(0, 5, "PERSON", 0.6)], "Priya") == [model(0, 5, "PERSON", 0.6)]


@pytest.mark.parametrize(
    ("rule_score", "model_score", "label"),
    [(0.9, 0.6, "ACCOUNT_ID"), (0.6, 0.9, "MEDICAL_RECORD")],
)
def test_where_the_two_disagree_the_better_score_wins(rule_score, model_score, label):
    [span] = fuse(
        [rule(0, 8, "ACCOUNT_ID", rule_score)],
        [model(0, 8, "MEDICAL_RECORD", model_score)],
        "00482913",
    )

    assert span.label == label


def test_small_pieces_do_not_outvote_a_form_that_covers_them_all():
    text = "https://hooks.example.com/services/abcdef"

    [whole, *_] = fuse([rule(0, 41, "API_KEY", 0.9)], [model(8, 13, "USERNAME", 0.95)], text)

    assert (whole.start, whole.end, whole.label) == (0, 41, "API_KEY")


TEXT = "4242 4242 4242 4242 Priya 078-05-1120 203.0.113.7 hunter2"
EDGES = [0, 5, 10, 15, 19, 20, 25, 26, 37, 38, 49, 50, 57]


def claims(source):
    def span(edge, length, label, score):
        return Span(EDGES[edge], EDGES[min(edge + length, 12)], label, score, source)

    return st.lists(
        st.builds(
            span,
            st.integers(0, 11),
            st.integers(1, 4),
            st.sampled_from(sorted(LABELS)),
            st.sampled_from([0.3, 0.6, 0.85, 0.99]),
        ),
        max_size=4,
    )


@given(claims("rule:r"), claims("model"))
def test_fused_spans_are_disjoint_and_ordered_and_nobody_s_invention(rules, found):
    fused = fuse(rules, found, TEXT)

    assert all(a.end <= b.start for a, b in pairwise(fused))
    claimed = {i for span in [*rules, *found] for i in range(span.start, span.end)}
    assert {i for span in fused for i in range(span.start, span.end)} <= claimed


@given(claims("model"))
def test_without_rules_the_model_loses_nothing_but_what_a_check_vetoes(found):
    kept = [
        s
        for s in found
        if check_value(s.label, TEXT[s.start : s.end]) is not False
        and is_plausible(s.label, TEXT[s.start : s.end])
    ]

    fused = fuse([], found, TEXT)

    assert {i for s in fused for i in range(s.start, s.end)} == {
        i for s in kept for i in range(s.start, s.end)
    }

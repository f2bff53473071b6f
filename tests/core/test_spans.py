"""Span and merge_spans."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiguard.errors import SpanError
from piiguard.labels import LABELS
from piiguard.spans import Span, join_sources, merge_spans

SPANS = st.builds(
    lambda start, length, label, score, source: Span(start, start + length, label, score, source),
    st.integers(0, 30),
    st.integers(1, 12),
    st.sampled_from(sorted(LABELS)),
    st.sampled_from([0.3, 0.5, 0.9, 0.99]),
    st.sampled_from(["model", "rule:a", "rule:b"]),
)
LAYERS = st.lists(st.lists(SPANS, max_size=6), max_size=3)


def characters(spans):
    return {i for span in spans for i in range(span.start, span.end)}


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [(-1, 3, "PERSON"), (3, 3, "PERSON"), (4, 3, "PERSON"), (0, 3, "person"), (0, 3, "SSN"), (0, 3, "")],
)  # fmt: skip
def test_an_impossible_span_is_refused(start, end, label):
    with pytest.raises(SpanError):
        Span(start, end, label)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((0, 4), (3, 6), True),
        ((0, 9), (3, 6), True),
        ((3, 6), (3, 6), True),
        ((0, 4), (4, 6), False),
        ((4, 6), (0, 4), False),
        ((0, 1), (8, 9), False),
    ],
)
def test_spans_overlap_when_they_share_a_character(a, b, expected):
    assert Span(*a, "PERSON").overlaps(Span(*b, "CRYPTO")) is expected


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ([], []),
        ([[], []], []),
        # the same claim twice is one span, with the better score and both sources
        (
            [[Span(0, 4, "PERSON", 0.6, "rule:x")], [Span(0, 4, "PERSON", 0.9, "model")]],
            [Span(0, 4, "PERSON", 0.9, "model+rule:x")],
        ),
        # overlapping spans of one label become their union
        (
            [[Span(0, 4, "PERSON", 0.6)], [Span(2, 8, "PERSON", 0.7)]],
            [Span(0, 8, "PERSON", 0.7)],
        ),
        # neighbours stay two
        (
            [[Span(0, 4, "PERSON", 0.6), Span(4, 8, "PERSON", 0.7)]],
            [Span(0, 4, "PERSON", 0.6), Span(4, 8, "PERSON", 0.7)],
        ),
        # the more specific label wins against a better score
        (
            [[Span(0, 8, "ACCOUNT_ID", 0.99)], [Span(0, 8, "BANK_ACCOUNT", 0.5)]],
            [Span(0, 8, "BANK_ACCOUNT", 0.5)],
        ),
        # between equals the better score wins
        (
            [[Span(0, 8, "PASSPORT", 0.6)], [Span(0, 8, "DRIVER_LICENSE", 0.7)]],
            [Span(0, 8, "DRIVER_LICENSE", 0.7)],
        ),
        # what the winner leaves of the loser stays, on both sides
        (
            [[Span(0, 10, "PERSON", 0.9)], [Span(3, 6, "EMAIL_ADDRESS", 0.5)]],
            [Span(0, 3, "PERSON", 0.9), Span(3, 6, "EMAIL_ADDRESS", 0.5), Span(6, 10, "PERSON", 0.9)],
        ),
    ],
)  # fmt: skip
def test_layers_merge(layers, expected):
    assert merge_spans(*layers) == expected


@given(LAYERS)
def test_merged_spans_are_disjoint_and_ordered(layers):
    assert all(a.end <= b.start for a, b in pairwise(merge_spans(*layers)))


@given(LAYERS)
def test_merging_neither_uncovers_nor_covers_a_character(layers):
    assert characters(merge_spans(*layers)) == characters(s for layer in layers for s in layer)


@given(LAYERS)
def test_merging_twice_changes_nothing(layers):
    once = merge_spans(*layers)

    assert merge_spans(once) == once


@given(LAYERS)
def test_a_disputed_character_goes_to_a_label_of_the_highest_specificity(layers):
    claims = [span for layer in layers for span in layer]

    for span in merge_spans(*layers):
        rivals = [claim for claim in claims if claim.overlaps(span)]
        assert LABELS[span.label].specificity == max(
            LABELS[claim.label].specificity
            for claim in rivals
            if claim.start <= span.start < claim.end
        )


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([], ""),
        (["rule:b", "rule:a"], "rule:a+rule:b"),
        (["rule:a", "model"], "model+rule:a"),
        (["model+rule:a", "model", "rule:a"], "model+rule:a"),
        (["", "model"], "model"),
    ],
)
def test_sources_join_with_the_model_first_and_no_name_twice(sources, expected):
    assert join_sources(sources) == expected

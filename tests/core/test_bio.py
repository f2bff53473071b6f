"""tag_ids and decode_bio, against each other and by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiguard.bio import IGNORED, decode_bio, tag_ids
from piiguard.encoding import NOT_MESSAGE
from piiguard.labels import LABELS, TAGS
from piiguard.spans import Span


def one_hot(tags):
    return np.eye(len(TAGS), dtype=np.float32)[[TAGS.index(tag) for tag in tags]]


def edges(spans):
    return [(span.start, span.end, span.label) for span in spans]


def mixed(*rows):
    """Rows of {tag: probability}; what is left goes to O."""
    probs = np.zeros((len(rows), len(TAGS)), dtype=np.float32)
    for number, row in enumerate(rows):
        for tag, p in row.items():
            probs[number, TAGS.index(tag)] = p
        probs[number, 0] += 1 - sum(row.values())
    return probs


@st.composite
def tokens_and_spans(draw):
    """Offsets of tokens, with gaps here and there, and disjoint spans that need not end where tokens do."""
    offsets, at = [], 0
    for _ in range(draw(st.integers(1, 12))):
        at += draw(st.integers(0, 2))
        length = draw(st.integers(1, 4))
        offsets.append((at, at + length))
        at += length
    cuts = sorted(draw(st.sets(st.integers(0, at), max_size=8)))
    spans = [
        Span(a, b, draw(st.sampled_from(sorted(LABELS))))
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    return offsets, spans


@given(tokens_and_spans())
def test_spans_come_back_on_the_edges_of_their_tokens(case):
    offsets, spans = case
    owners = [
        next((n for n, s in enumerate(spans) if s.start < end and start < s.end), None)
        for start, end in offsets
    ]
    snapped = [
        (offsets[mine[0]][0], offsets[mine[-1]][1], spans[number].label)
        for number in range(len(spans))
        if (mine := [token for token, owner in enumerate(owners) if owner == number])
    ]

    found = decode_bio(one_hot([TAGS[number] for number in tag_ids(spans, offsets)]), offsets)

    assert edges(found) == snapped
    assert all(span.score == 1 and span.source == "model" for span in found)


def test_special_and_context_tokens_are_ignored_by_the_loss():
    ids = tag_ids([Span(0, 5, "PERSON")], [NOT_MESSAGE, NOT_MESSAGE, (0, 2), (2, 5), NOT_MESSAGE])

    assert ids.tolist() == [
        IGNORED,
        IGNORED,
        TAGS.index("B-PERSON"),
        TAGS.index("I-PERSON"),
        IGNORED,
    ]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("O O O", []),
        ("B-PERSON I-PERSON O", [(0, 3, "PERSON")]),
        ("B-PERSON B-PERSON O", [(0, 1, "PERSON"), (2, 3, "PERSON")]),
        ("B-PERSON O B-PERSON", [(0, 1, "PERSON"), (4, 5, "PERSON")]),
        # stray I-: for personal data a crooked span beats a missed one
        ("I-PERSON O O", [(0, 1, "PERSON")]),
        ("O I-PERSON I-PERSON", [(2, 5, "PERSON")]),
        ("B-PERSON I-CRYPTO O", [(0, 1, "PERSON"), (2, 3, "CRYPTO")]),
    ],
)
def test_tags_become_spans(tags, expected):
    assert edges(decode_bio(one_hot(tags.split()), [(0, 1), (2, 3), (4, 5)])) == expected


def test_a_doubtful_stray_inside_tag_follows_the_label_before_it():
    probs = mixed({"B-PASSPORT": 0.9}, {"I-DRIVER_LICENSE": 0.5, "I-PASSPORT": 0.4})

    assert edges(decode_bio(probs, [(0, 1), (1, 2)])) == [(0, 2, "PASSPORT")]


@pytest.mark.parametrize(
    ("p", "threshold", "found"),
    [(0.4, 0.5, False), (0.6, 0.5, True), (0.4, 0.3, True), (0.25, 0.3, False), (0.6, 0.7, False), (0.75, 0.7, True)],
)  # fmt: skip
def test_a_label_is_taken_from_its_threshold_on(p, threshold, found):
    spans = decode_bio(mixed({"B-PERSON": p}), [(0, 3)], TAGS, {"PERSON": threshold})

    assert bool(spans) is found


def test_a_threshold_moves_its_own_label_only():
    probs = mixed({"B-PERSON": 0.4}, {"B-CRYPTO": 0.4})

    assert edges(decode_bio(probs, [(0, 1), (2, 3)], TAGS, {"PERSON": 0.2})) == [(0, 1, "PERSON")]


def test_the_score_is_the_mean_of_what_speaks_for_the_label():
    probs = mixed({"B-PERSON": 0.8, "I-PERSON": 0.1}, {"I-PERSON": 0.7})

    [span] = decode_bio(probs, [(0, 3), (3, 6)])

    assert span.score == pytest.approx(0.8, abs=1e-6)


def test_nothing_gives_nothing():
    assert decode_bio(np.zeros((0, len(TAGS)), dtype=np.float32), []) == []


def test_as_many_rows_as_offsets_are_expected():
    with pytest.raises(ValueError, match="2 and 1"):
        decode_bio(one_hot(["O", "O"]), [(0, 1)])

"""Intervals and calibration error, against tables worked out by hand and against seqeval."""

import random

import pytest

pytest.importorskip("torch", reason="the workshop needs piiguard[train]")

from piiguard.labels import LABELS
from piiguard.scoring import score_text, summarize
from piiguard.spans import Span
from training.metrics import (
    MEASURES,
    expected_calibration_error,
    flag_precision,
    flag_recall,
    full_summary,
    intervals,
    label_intervals,
    leaked_share,
    macro_f1,
    strict_f1,
)

TEXT = "x" * 40


def score(gold, found):
    return score_text(TEXT, [Span(*edges) for edges in gold], [Span(*edges) for edges in found])


#: PERSON: 2 hits, 1 miss, 1 false -> F1 2/3. PASSWORD: 1 hit, 1 miss -> F1 2/3. CREDIT_CARD: false alone -> 0.
SCORES = [
    score([(0, 5, "PERSON"), (10, 20, "PASSWORD")], [(0, 5, "PERSON"), (10, 20, "PASSWORD")]),
    score([(0, 5, "PERSON")], [(0, 4, "PERSON")]),
    score([(0, 5, "PERSON")], [(0, 5, "PERSON")]),
    score([(3, 9, "PASSWORD")], []),
    score([], [(0, 16, "CREDIT_CARD")]),
    score([], []),
]


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        # 3 hits, 2 misses, 2 false
        (strict_f1, 2 * 3 / (2 * 3 + 2 + 2)),
        (macro_f1, (2 / 3 + 2 / 3 + 0) / 3),
        # 5 + 10 + 5 + 5 + 6 characters, of which 1 and 6 are not covered
        (leaked_share, 7 / 31),
        # texts 0 and 3 should be flagged; 0 and 4 are
        (flag_recall, 1 / 2),
        (flag_precision, 1 / 2),
    ],
)
def test_a_measure_agrees_with_the_table(measure, value):
    assert measure(SCORES) == pytest.approx(value, abs=1e-9)


def test_nothing_to_find_and_nothing_found_is_no_error():
    assert [measure([]) for measure in MEASURES.values()] == [1.0, 0.0, 0.0, 1.0, 1.0]


def drawn_scores(n, seed=0):
    rng = random.Random(seed)
    labels = ["PERSON", "PASSWORD", "PHONE_NUMBER"]
    found = []
    for _ in range(n):
        label = rng.choice(labels)
        edges = (5, 12, label)
        found.append(
            score([edges] if rng.random() < 0.8 else [], [edges] if rng.random() < 0.8 else [])
        )
    return found


def test_intervals_hold_the_value_itself_and_shrink_with_more_groups():
    few, many = drawn_scores(60), drawn_scores(60) * 10

    for scores in (few, many):
        edges = intervals(scores, [str(i) for i in range(len(scores))])
        for name, measure in MEASURES.items():
            low, high = edges[name]
            assert low <= measure(scores) <= high
    wide, narrow = (intervals(s, [str(i) for i in range(len(s))])["strict_f1"] for s in (few, many))
    assert narrow[1] - narrow[0] < 0.5 * (wide[1] - wide[0])


def test_label_intervals_hold_the_f1_of_each_label():
    scores = drawn_scores(200)
    table = summarize(scores)["per_label"]

    edges = label_intervals(scores, [str(i) for i in range(200)])

    assert set(edges) == set(table)
    for label, (low, high) in edges.items():
        assert low <= table[label]["f1"] <= high


def test_whole_groups_are_drawn_so_copies_of_a_text_add_no_certainty():
    scores, groups = drawn_scores(40), [str(i) for i in range(40)]

    alone = intervals(scores, groups)["strict_f1"]
    copied = intervals(scores * 20, groups * 20)["strict_f1"]
    torn = intervals(scores * 20, [str(i) for i in range(800)])["strict_f1"]

    assert copied == pytest.approx(alone, abs=0.03)
    assert torn[1] - torn[0] < 0.5 * (alone[1] - alone[0])


def test_a_single_group_has_no_spread():
    assert intervals(SCORES, ["g"] * 6)["strict_f1"] == (0.6, 0.6)


def test_intervals_repeat_with_their_seed():
    scores, groups = drawn_scores(50), [str(i) for i in range(50)]

    assert intervals(scores, groups, seed=3) == intervals(scores, groups, seed=3)
    assert intervals(scores, groups, seed=3) != intervals(scores, groups, seed=4)


def test_no_texts_have_no_intervals():
    assert (intervals([], []), label_intervals([], [])) == ({}, {})
    assert label_intervals([score([], [])], ["g"]) == {}


def test_the_full_summary_is_the_cores_with_intervals_beside_it():
    summary, plain = full_summary(SCORES, list("abcdef")), summarize(SCORES)

    assert {key: summary[key] for key in plain if key != "per_label"} == {
        key: value for key, value in plain.items() if key != "per_label"
    }
    assert set(summary["ci95"]) == set(MEASURES)
    assert all("f1_ci95" in row for row in summary["per_label"].values())


@pytest.mark.parametrize(
    ("scores", "right", "error"),
    [
        ([], [], 0.0),
        ([1.0, 1.0], [True, True], 0.0),
        ([0.9], [False], 0.9),
        # one bin, half of it right, all claimed at 0.75
        ([0.75] * 4, [True, True, False, False], 0.25),
        # bins 0.6 (gap 0.35, three of four) and 0.2 (gap 0.25, one of four)
        ([0.65, 0.65, 0.65, 0.25], [True, True, True, False], 0.75 * 0.35 + 0.25 * 0.25),
        # claims of one bin may err to either side and still be right on the whole
        ([0.41, 0.49], [True, False], 0.05),
        # 1.0 belongs to the last bin
        ([0.95, 1.0], [True, False], 0.475),
    ],
)
def test_calibration_error_agrees_with_the_table(scores, right, error):
    assert expected_calibration_error(scores, right) == pytest.approx(error, abs=1e-4)


def test_strict_f1_agrees_with_seqeval():
    seqeval = pytest.importorskip("seqeval.metrics")
    from seqeval.scheme import IOB2

    rng, labels = random.Random(5), sorted(LABELS)[:4]

    def draw():
        """Disjoint spans over forty one-character tokens, and their IOB2 tags."""
        cuts = sorted(rng.sample(range(41), 8))
        spans = [(a, b, rng.choice(labels)) for a, b in zip(cuts[::2], cuts[1::2], strict=True)]
        tags = ["O"] * 40
        for start, end, label in spans:
            tags[start:end] = [f"B-{label}", *[f"I-{label}"] * (end - start - 1)]
        return spans, tags

    pairs = []
    for _ in range(60):
        gold = draw()
        pairs.append((gold, gold if rng.random() < 0.5 else draw()))

    scores = [score(gold, found) for (gold, _), (found, _) in pairs]
    truth, claims = [tags for (_, tags), _ in pairs], [tags for _, (_, tags) in pairs]
    options = {"mode": "strict", "scheme": IOB2}
    assert strict_f1(scores) == pytest.approx(seqeval.f1_score(truth, claims, **options), abs=1e-9)
    assert macro_f1(scores) == pytest.approx(
        seqeval.f1_score(truth, claims, average="macro", **options), abs=1e-9
    )

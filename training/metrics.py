"""What the core's counts do not hold: bootstrap intervals by group, and calibration error."""

import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from piiguard.scoring import Counts, TextScore, summarize

#: How often the groups are drawn again for an interval.
N_BOOT = 400

Measure = Callable[[Sequence[TextScore]], float]


def strict_f1(scores: Sequence[TextScore]) -> float:
    """Micro F1 of exact spans."""
    return _strict(scores).f1


def macro_f1(scores: Sequence[TextScore]) -> float:
    """Mean over the labels of F1 of exact spans."""
    labels: dict[str, Counts] = {}
    for score in scores:
        for label, counts in score.strict.items():
            labels.setdefault(label, Counts()).add(counts)
    return sum(counts.f1 for counts in labels.values()) / max(1, len(labels))


def leaked_share(scores: Sequence[TextScore]) -> float:
    """Personal characters that no span covers, among all personal characters."""
    return sum(s.leaked for s in scores) / max(1, sum(s.chars for s in scores))


def flag_recall(scores: Sequence[TextScore]) -> float:
    """Of the messages that should be flagged, those that are."""
    return _flags(scores).recall


def flag_precision(scores: Sequence[TextScore]) -> float:
    """Of the flagged messages, those that should be."""
    return _flags(scores).precision


MEASURES: dict[str, Measure] = {
    "strict_f1": strict_f1,
    "macro_f1": macro_f1,
    "leaked_char_share": leaked_share,
    "message_flag_recall": flag_recall,
    "message_flag_precision": flag_precision,
}


def intervals(
    scores: Sequence[TextScore], groups: Sequence[str], seed: int = 0
) -> dict[str, tuple[float, float]]:
    """95 % percentile bootstrap of each measure, and of each label's recall; whole groups are drawn again."""
    by_group: dict[str, list[TextScore]] = {}
    for score, group in zip(scores, groups, strict=True):
        by_group.setdefault(group, []).append(score)
    bundles = list(by_group.values())
    rng = random.Random(seed)
    drawn: dict[str, list[float]] = {name: [] for name in MEASURES}
    for _ in range(N_BOOT if bundles else 0):
        sample = [s for bundle in rng.choices(bundles, k=len(bundles)) for s in bundle]
        for name, measure in MEASURES.items():
            drawn[name].append(measure(sample))
    return {name: _percentiles(values) for name, values in drawn.items() if values}


def label_intervals(
    scores: Sequence[TextScore], groups: Sequence[str], seed: int = 0
) -> dict[str, tuple[float, float]]:
    """95 % percentile bootstrap of the F1 of each label."""
    by_group: dict[str, list[TextScore]] = {}
    for score, group in zip(scores, groups, strict=True):
        by_group.setdefault(group, []).append(score)
    names = sorted({label for score in scores for label in score.strict})
    table = np.zeros((len(by_group), len(names), 3))
    for row, bundle in enumerate(by_group.values()):
        for score in bundle:
            for label, counts in score.strict.items():
                table[row, names.index(label)] += (counts.tp, counts.fp, counts.fn)
    rng = np.random.default_rng(seed)
    draws = []
    for _ in range(N_BOOT):
        tp, fp, fn = table[rng.integers(0, len(table), len(table))].sum(axis=0).T
        draws.append(2 * tp / np.maximum(1, 2 * tp + fp + fn))
    if not draws or not names:
        return {}
    low, high = np.percentile(np.stack(draws), [2.5, 97.5], axis=0)
    return {
        name: (round(float(low[i]), 4), round(float(high[i]), 4)) for i, name in enumerate(names)
    }


def expected_calibration_error(
    scores: Sequence[float], right: Sequence[bool], n_bins: int = 10
) -> float:
    """Mean gap between the score of spans and the share of them that is right, over equally wide bins."""
    claimed, correct = np.asarray(scores, dtype=float), np.asarray(right, dtype=float)
    if not len(claimed):
        return 0.0
    bins = np.minimum((claimed * n_bins).astype(int), n_bins - 1)
    gap = 0.0
    for number in range(n_bins):
        mine = bins == number
        if mine.any():
            gap += mine.mean() * abs(claimed[mine].mean() - correct[mine].mean())
    return round(float(gap), 4)


def _strict(scores: Sequence[TextScore]) -> Counts:
    total = Counts()
    for score in scores:
        for counts in score.strict.values():
            total.add(counts)
    return total


def _flags(scores: Sequence[TextScore]) -> Counts:
    total = Counts()
    for score in scores:
        total.add(score.flag)
    return total


def _percentiles(values: list[float]) -> tuple[float, float]:
    low, high = np.percentile(values, [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)


def full_summary(scores: Sequence[TextScore], groups: Sequence[str]) -> dict[str, Any]:
    """``summarize`` with the intervals beside its numbers."""
    summary = summarize(scores)
    summary["ci95"] = intervals(scores, groups)
    for label, interval in label_intervals(scores, groups).items():
        summary["per_label"][label]["f1_ci95"] = interval
    return summary

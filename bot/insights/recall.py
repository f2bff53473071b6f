"""Estimated recall: what the machine found of all there was, the rest estimated from messages drawn by chance."""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.store import SampleRow

_ROUNDS: Final = 500
_SEED: Final = 20_241


@dataclass(frozen=True, slots=True)
class Recall:
    """An estimate. ``n_missed`` was seen in ``n_sampled`` messages; ``missed`` is that, weighted up."""

    n_sampled: int
    n_missed: int
    found: float
    missed: float
    interval: tuple[float, float]

    @property
    def value(self) -> float | None:
        """found / (found + missed); None where there was nothing to find."""
        total = self.found + self.missed
        return self.found / total if total else None


def estimate(rows: Sequence[SampleRow], found: int, missed_in_flags: int = 0, label: str = "") -> Recall | None:  # fmt: skip
    """Recall of a label, or of all; None without a sample.

    The bootstrap draws messages again within each stratum, for they were drawn so.

    Args:
        found: true spans in flagged messages of the period.
        missed_in_flags: spans that reviewers added to flagged messages.
    """
    if not rows:
        return None
    strata: dict[str, list[tuple[float, float]]] = defaultdict(list)
    n_missed = 0
    for row in rows:
        n_missed += _n(row.n_missed, label)
        strata[row.stratum].append(
            (row.weight * _n(row.n_found, label), row.weight * _n(row.n_missed, label))
        )
    in_sample = [pair for pairs in strata.values() for pair in pairs]
    chance = random.Random(_SEED)
    shares = []
    for _ in range(_ROUNDS):
        drawn = [pair for pairs in strata.values() for pair in chance.choices(pairs, k=len(pairs))]
        kept, lost = _sums(drawn, found, missed_in_flags)
        shares.append(kept / (kept + lost) if kept + lost else 1.0)
    shares.sort()
    kept, lost = _sums(in_sample, found, missed_in_flags)
    last = len(shares) - 1
    return Recall(
        len(rows), n_missed, kept, lost, (shares[round(0.025 * last)], shares[round(0.975 * last)])
    )


def missed_labels(rows: Sequence[SampleRow]) -> Counter[str]:
    """What was missed in the sample, by label."""
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(row.n_missed)
    return counts


def _sums(pairs: Sequence[tuple[float, float]], found: int, missed: int) -> tuple[float, float]:
    return found + sum(kept for kept, _ in pairs), missed + sum(lost for _, lost in pairs)


def _n(counts: Mapping[str, int], label: str) -> int:
    return counts.get(label, 0) if label else sum(counts.values())

"""Population stability index: how far the scores of this week are from those of the weeks before."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

#: Scores are probabilities, so the bins are the same for everybody: tenths.
N_BINS: Final = 10
#: From here on the page warns; the usual reading: under 0.1 stable, 0.1 to 0.2 look, above 0.2 something changed.
WARN_AT: Final = 0.2
#: Fewer scores than this on a side say nothing.
MIN_SCORES: Final = 50
#: Added to each bin, so that an empty one does not make it infinite.
_SMOOTHING: Final = 0.5


@dataclass(frozen=True, slots=True)
class Drift:
    """Counts of scores by tenths, before and now; ``index`` is None where there are too few."""

    before: tuple[int, ...]
    now: tuple[int, ...]

    @property
    def n_before(self) -> int:
        return sum(self.before)

    @property
    def n_now(self) -> int:
        return sum(self.now)

    @property
    def index(self) -> float | None:
        """The sum over the bins of (now - before) x ln(now / before), of shares."""
        if min(self.n_before, self.n_now) < MIN_SCORES:
            return None
        return psi(self.before, self.now)

    @property
    def is_warning(self) -> bool:
        return self.index is not None and self.index >= WARN_AT


def psi(before: Sequence[int], now: Sequence[int]) -> float:
    """The index of two histograms over the same bins; 0 for the same shape."""
    if len(before) != len(now):
        raise ValueError("the histograms must have the same bins")
    total_before = sum(before) + _SMOOTHING * len(before)
    total_now = sum(now) + _SMOOTHING * len(now)
    return math.fsum(
        (b - a) * math.log(b / a)
        for a, b in (
            ((x + _SMOOTHING) / total_before, (y + _SMOOTHING) / total_now)
            for x, y in zip(before, now, strict=True)
        )
    )


def histogram(scores: Iterable[float]) -> tuple[int, ...]:
    """How many scores are in each tenth; 1.0 is in the last one."""
    counts = [0] * N_BINS
    for score in scores:
        counts[min(N_BINS - 1, max(0, int(score * N_BINS)))] += 1
    return tuple(counts)

"""Rate: a share with its sample size and its interval; and the middle of a list of times."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

#: Under so many a rate is shown in grey: it may be anything.
THIN: Final = 20
#: Of the standard normal distribution, for 95 %.
Z: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Rate:
    """``part`` of ``whole``."""

    part: int
    whole: int

    def __post_init__(self) -> None:
        if not 0 <= self.part <= self.whole:
            raise ValueError(f"expected 0 <= part <= whole, found {self.part} of {self.whole}")

    @property
    def value(self) -> float | None:
        """The share; None of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % Wilson score interval; None of nothing."""
        return wilson(self.part, self.whole) if self.whole else None

    @property
    def is_thin(self) -> bool:
        """True where there are too few to trust it."""
        return self.whole < THIN

    def __add__(self, other: "Rate") -> "Rate":
        return Rate(self.part + other.part, self.whole + other.whole)


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The 95 % score interval of a share. E. B. Wilson, JASA 22 (1927) 209-212.

    9 of 10 -> (0.596, 0.982). Unlike the normal one it never leaves 0 to 1, and is no point at 0 or 1.
    """
    if whole <= 0:
        raise ValueError("an interval needs at least one case")
    share = part / whole
    squared = Z * Z
    middle = (share + squared / (2 * whole)) / (1 + squared / whole)
    half = (Z / (1 + squared / whole)) * math.sqrt(
        share * (1 - share) / whole + squared / (4 * whole * whole)
    )
    low = 0.0 if part == 0 else max(0.0, middle - half)
    high = 1.0 if part == whole else min(1.0, middle + half)
    return low, high


def quantile(values: Sequence[float], share: float) -> float | None:
    """The value below which ``share`` of the values lie, between two neighbours on a straight line; None of nothing.

    The same as PostgreSQL's percentile_cont: 0.5 is the median.
    """
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def mean(values: Sequence[float]) -> float | None:
    """The mean, None of nothing."""
    return math.fsum(values) / len(values) if values else None

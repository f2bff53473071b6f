"""Agreement of two reviewers who did not see each other's verdict: Cohen's kappa, and exact span F1."""

import random
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.records import FoundSpan

_ROUNDS: Final = 500
_SEED: Final = 20_240


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of ``n`` flags with two verdicts. ``f1`` is None where no pair has spans that are still kept."""

    n: int
    n_same: int
    kappa: float | None
    interval: tuple[float, float] | None
    f1: float | None
    n_spans: int
    verdicts: tuple[tuple[str, str], ...]


def agreement(
    verdicts: Sequence[tuple[str, str]],
    spans: Iterable[tuple[Sequence[FoundSpan], Sequence[FoundSpan]]],
) -> Agreement:
    """The agreement of pairs.

    Args:
        verdicts: (first, second) decision of each flag.
        spans: what each of the two held for personal, of the flags where that is still known.
    """
    shared = total = 0
    for first, second in spans:
        one, other = set(map(_key, first)), set(map(_key, second))
        shared += len(one & other)
        total += len(one) + len(other)
    return Agreement(
        n=len(verdicts),
        n_same=sum(first == second for first, second in verdicts),
        kappa=kappa(verdicts),
        interval=_bootstrap(verdicts),
        f1=2 * shared / total if total else None,
        n_spans=total,
        verdicts=tuple(verdicts),
    )


def kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Agreement beyond chance: (observed - expected) / (1 - expected). J. Cohen, 1960.

    None where chance alone would agree always: nobody ever chose but one thing, or there are no pairs.
    """
    n = len(pairs)
    if not n:
        return None
    first = Counter(pair[0] for pair in pairs)
    second = Counter(pair[1] for pair in pairs)
    # in whole numbers, so that "always" is exact
    by_chance = sum(first[name] * second[name] for name in first)
    if by_chance == n * n:
        return None
    observed = sum(one == other for one, other in pairs) / n
    expected = by_chance / (n * n)
    return (observed - expected) / (1 - expected)


def _bootstrap(pairs: Sequence[tuple[str, str]]) -> tuple[float, float] | None:
    """95 % of kappa over pairs drawn again; the same draws for the same pairs."""
    if kappa(pairs) is None:
        return None
    chance = random.Random(_SEED)
    found = sorted(
        value
        for _ in range(_ROUNDS)
        if (value := kappa(chance.choices(pairs, k=len(pairs)))) is not None
    )
    last = len(found) - 1
    return found[round(0.025 * last)], found[round(0.975 * last)]


def _key(span: FoundSpan) -> tuple[str, int, int, str]:
    return span.part, span.start, span.end, span.label

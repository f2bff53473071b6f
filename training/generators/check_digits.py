"""Check digits: the sums and the grouping that the numbers of many states share."""

import datetime
from collections.abc import Callable

from training.generators.draw import Maker, Random, fill, pick


def birthday(rng: Random, first: int = 1940, last: int = 2006) -> datetime.date:
    span = (datetime.date(last, 12, 31) - datetime.date(first, 1, 1)).days
    return datetime.date(first, 1, 1) + datetime.timedelta(int(rng.random() * span))


def in_groups(rng: Random, number: str, *groups: int, joints: str = "- ") -> str:
    """``number`` cut into groups by one of ``joints``, or bare (the first joint is the usual one)."""
    draw = rng.random()
    if draw < 0.3:
        return number
    joint = joints[0] if draw < 0.75 else pick(rng, joints)
    parts, at = [], 0
    for size in groups:
        parts.append(number[at : at + size])
        at += size
    return joint.join(parts)


def mod11(number: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True)) % 11


def first_valid(rng: Random, draw: Callable[[Random], str | None]) -> str:
    """The first number whose check digit exists: under mod 11 some bodies have none."""
    while (number := draw(rng)) is None:
        pass
    return number


def dated(calc: Callable[[str], str], shape: str, body: str) -> Maker:
    """A maker for ids that hold a birth date: ``shape`` of the date, then a pattern, then the check digit."""

    def make(rng: Random) -> str:
        number = f"{birthday(rng, 1945, 1999):{shape}}" + fill(rng, body)
        return number + str(calc(number))

    return make

"""Draw: random choices by weight, and patterns such as ``[A-Z]{2}#{6}`` filled with random characters."""

import random
import string
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import accumulate
from typing import TypeVar

Random = random.Random
Maker = Callable[[Random], str]
T = TypeVar("T")

_SHORT = {"#": string.digits, "%": "123456789", "@": string.ascii_uppercase}


def pick(rng: Random, options: Sequence[T]) -> T:
    """One of ``options``, each as likely; several times as fast as ``rng.choice``."""
    return options[int(rng.random() * len(options))]


def words(text: str) -> tuple[str, ...]:
    """The words of a table, by white space; ``␣`` stands for a space inside one of them."""
    return tuple(word.replace("␣", " ") for word in text.split())


def chance(rng: Random, share: float) -> bool:
    """True in ``share`` of all calls."""
    return rng.random() < share


def digits(rng: Random, count: int) -> str:
    """``count`` digits; leading zeros happen."""
    return "".join([string.digits[int(rng.random() * 10)] for _ in range(count)])


class Mix:
    """Makers drawn by weight, or by name.

    A weight of 0 marks a maker that must be asked for: a bare ``{{CREDIT_CARD}}`` is never a CVV.
    """

    def __init__(self, makers: Mapping[str, tuple[float, Maker]]) -> None:
        self.makers = {name: maker for name, (_, maker) in makers.items()}
        self._drawn = [maker for weight, maker in makers.values() if weight > 0]
        self._cumulated = list(accumulate(weight for weight, _ in makers.values() if weight > 0))

    def __call__(self, rng: Random) -> str:
        return rng.choices(self._drawn, cum_weights=self._cumulated)[0](rng)

    def make(self, rng: Random, name: str = "") -> str:
        """A value of the maker called ``name``, or of any of them."""
        return self.makers[name](rng) if name else self(rng)


def shaped(*patterns: str) -> Maker:
    """A maker that fills one of ``patterns``, each as likely."""
    return lambda rng: fill(rng, pick(rng, patterns))


def fill(rng: Random, pattern: str) -> str:
    r"""A random text of a small pattern language.

    ``#`` a digit, ``%`` one from 1 to 9, ``@`` a capital, ``[a-f3]`` one of these, ``<x|y#>`` one of these patterns,
    ``{4}`` and ``{4,6}`` repeat what stands before, ``\`` takes the next character as it is.

    >>> fill(random.Random(1), "[A-Z]{2}-#{4}")
    'DW-7244'
    """
    out: list[str] = []
    _write(rng, _parse(pattern), out)
    return "".join(out)


class _Some(tuple[str | tuple[object, ...], int, int]):
    """An alphabet (a str) or alternatives (a tuple), and how often, from and to."""

    __slots__ = ()


def _write(rng: Random, nodes: Sequence[object], out: list[str]) -> None:
    draw = rng.random
    for node in nodes:
        if isinstance(node, str):
            out.append(node)
            continue
        assert isinstance(node, _Some)
        what, low, high = node
        count = low if low == high else low + int(draw() * (high - low + 1))
        size = len(what)
        if isinstance(what, str):
            out.extend([what[int(draw() * size)] for _ in range(count)])
        else:
            for _ in range(count):
                _write(rng, what[int(draw() * size)], out)  # type: ignore[arg-type]


@cache
def _parse(pattern: str) -> tuple[object, ...]:
    nodes: list[object] = []
    i = 0
    while i < len(pattern):
        char = pattern[i]
        if char == "\\":
            nodes.append(pattern[i + 1])
            i += 2
        elif char == "{" and nodes:
            end = pattern.index("}", i)
            low, _, high = pattern[i + 1 : end].partition(",")
            last = nodes[-1]
            what = last[0] if isinstance(last, _Some) else last
            nodes[-1] = _Some((what, int(low), int(high or low)))  # type: ignore[arg-type]
            i = end + 1
        elif char in _SHORT:
            nodes.append(_Some((_SHORT[char], 1, 1)))
            i += 1
        elif char == "[":
            end = pattern.index("]", i)
            nodes.append(_Some((_alphabet(pattern[i + 1 : end]), 1, 1)))
            i = end + 1
        elif char == "<":
            end = _closing(pattern, i)
            options = tuple(_parse(option) for option in _split(pattern[i + 1 : end]))
            nodes.append(_Some((options, 1, 1)))
            i = end + 1
        else:
            nodes.append(char)
            i += 1
    return tuple(nodes)


def _alphabet(body: str) -> str:
    out, i = "", 0
    while i < len(body):
        if i + 2 < len(body) and body[i + 1] == "-":
            out += "".join(chr(code) for code in range(ord(body[i]), ord(body[i + 2]) + 1))
            i += 3
        else:
            out += body[i]
            i += 1
    return out


def _closing(pattern: str, start: int) -> int:
    depth = 0
    for i in range(start, len(pattern)):
        if pattern[i] in "<>" and pattern[i - 1] != "\\":
            depth += 1 if pattern[i] == "<" else -1
            if not depth:
                return i
    raise ValueError("a pattern opens < and does not close it")


def _split(body: str) -> list[str]:
    parts, depth, last = [], 0, 0
    for i, char in enumerate(body):
        depth += (char == "<") - (char == ">")
        if char == "|" and not depth:
            parts.append(body[last:i])
            last = i + 1
    return [*parts, body[last:]]

"""Prefilter: what a text must hold for a pattern to match at all, read off the pattern itself.

Some three hundred patterns look at every message, and almost none of them matches. Whether a text holds one of a few
words, or any digit, is a hundred times cheaper to find out than to run the pattern.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_DIGIT = re.compile(r"\d")
#: More alternatives than this are no cheaper than the pattern.
_MOST_WORDS = 512


@dataclass(frozen=True, slots=True)
class Prefilter:
    """A text can only match if it holds one of ``words`` (lower case; any will do when empty) and, where ``digit``
    is set, a digit."""

    words: tuple[str, ...] = ()
    digit: bool = False

    def admits(self, lowered: str, digit: bool = True) -> bool:
        """False when the pattern cannot match the text whose ``lower()`` is ``lowered`` and which holds a digit or not."""
        if self.digit and not digit:
            return False
        return not self.words or any(word in lowered for word in self.words)


def has_digit(text: str) -> bool:
    """True when the text holds a decimal digit of any script, as ``\\d`` understands it."""
    return _DIGIT.search(text) is not None


def prefilter(regex: re.Pattern[str]) -> Prefilter:
    """What every match of the pattern contains. Only what is certain: when in doubt it admits."""
    tree = parser.parse(regex.pattern, regex.flags)
    words = _words(tree) or frozenset()
    return Prefilter(tuple(sorted(words)) if len(words) <= _MOST_WORDS else (), _needs_digit(tree))


def _words(items: Iterable[Any]) -> frozenset[str] | None:
    """Words of which every match holds one, or None where nothing is sure. The best of several such sets."""
    found: list[frozenset[str]] = []
    run = ""
    for code, argument in items:
        if code is op.LITERAL:
            run += chr(argument)
            continue
        found.append(frozenset({run.lower()}))
        run = ""
        inner = _inner(code, argument)
        if inner is not None:
            found.append(_words(inner) or frozenset({""}))
        elif code is op.BRANCH:
            branches = [_words(branch) for branch in argument[1]]
            if all(branches):
                found.append(frozenset().union(*(words for words in branches if words)))
    found.append(frozenset({run.lower()}))
    sure = [words for words in found if all(words)]
    return max(sure, key=_worth, default=None)


def _worth(words: frozenset[str]) -> tuple[int, int]:
    """Long words are rarer, and few are quicker to look for."""
    return min(4, min(len(word) for word in words)), -len(words)


def _needs_digit(items: Iterable[Any]) -> bool:
    for code, argument in items:
        inner = _inner(code, argument)
        if code is op.LITERAL and chr(argument).isdecimal():
            return True
        if code is op.IN and all(_is_digits(entry) for entry in argument):
            return True
        if inner is not None and _needs_digit(inner):
            return True
        if code is op.BRANCH and all(_needs_digit(branch) for branch in argument[1]):
            return True
    return False


def _is_digits(entry: Any) -> bool:
    code, argument = entry
    if code is op.CATEGORY:
        return argument is op.CATEGORY_DIGIT
    if code is op.RANGE:
        return bool(ord("0") <= argument[0] and argument[1] <= ord("9"))
    return code is op.LITERAL and chr(argument).isdecimal()


def _inner(code: Any, argument: Any) -> Any:
    """The part of a node that every match runs through at least once."""
    if code is op.SUBPATTERN:
        return argument[3]
    if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT) and argument[0] >= 1:
        return argument[2]
    if code is op.ATOMIC_GROUP:
        return argument
    return None

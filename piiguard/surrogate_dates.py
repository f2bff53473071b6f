"""Surrogates of birth dates: another date that exists, in the same format."""

import random
import re
from collections.abc import Sequence

from piiguard.surrogate_words import WORD, dress, ordinal_suffix, redraw

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_ORDINALS = (
    *(
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
    ),
    *("eleventh", "twelfth"),
)


def birth_date(like: str, rng: random.Random) -> str:
    """Fields, widths, month names and ordinals stay what they are.

    Days end at 28, and at 12 where day and month cannot be told apart, so that either reading is a date.
    """
    numbers = list(re.finditer(r"\d+", like))
    has_month = any(_is_month(word) for word in WORD.findall(like))
    fields = _fields([match[0] for match in numbers], has_month=has_month)
    is_padded = any(re.fullmatch(r"0\d", match[0]) for match in numbers)
    fresh, end = "", 0
    for match, kind in zip(numbers, fields, strict=True):
        fresh += like[end : match.start()] + _number(match[0], kind, rng, is_padded=is_padded)
        end = match.end()
    fresh = re.sub(r"(?i)(\d+)(st|nd|rd|th)\b", _right_ordinal, fresh + like[end:])
    return WORD.sub(lambda match: _word(match[0], rng), fresh)


def _is_month(word: str) -> bool:
    word = word.lower()
    return word == "sept" or (len(word) > 2 and any(month.startswith(word) for month in _MONTHS))


def _fields(numbers: Sequence[str], *, has_month: bool) -> list[str]:
    """What each number of a date is: year, year2, month, day, either (of the two), packed, other."""
    if len(numbers) == 1 and len(numbers[0]) in (6, 8):
        return ["packed"]
    fields: list[str] = []
    for i, number in enumerate(numbers):
        if len(number) == 4:
            fields.append("year")
        elif len(number) > 4 or int(number) == 0:
            fields.append("other")
        elif int(number) > 31 or (i == 2 and len(number) == 2 and "year" not in fields):
            fields.append("year2")
        elif int(number) > 12 or has_month:
            fields.append("year2" if "day" in fields else "day")
        else:
            fields.append("either")
    if fields.count("either") == 1 and "day" in fields:
        fields[fields.index("either")] = "month"
    if fields == ["year", "either", "either"]:
        return ["year", "month", "day"]
    return fields


def _number(like: str, kind: str, rng: random.Random, *, is_padded: bool) -> str:
    if kind == "packed":
        return _packed(like, rng)
    if kind == "other":
        return redraw(like, rng)
    if kind == "year":
        return str(rng.randrange(1944, 2007))
    if kind == "year2":
        return f"{rng.randrange(1944, 2007) % 100:02d}"
    last = 28 if kind == "day" else 12
    if len(like) == 1:
        return str(rng.randrange(1, 10))
    return f"{rng.randrange(1 if is_padded else 10, last + 1):02d}"


def _packed(like: str, rng: random.Random) -> str:
    """19880403, 03041988, 880403: day and month up to 12 make every order a date."""
    year, month, day = rng.randrange(1944, 2007), rng.randrange(1, 13), rng.randrange(1, 13)
    if len(like) == 6:
        return f"{rng.randrange(1, 13):02d}{month:02d}{day:02d}"
    if like[:2] in ("19", "20") and int(like[4:6]) <= 12:
        return f"{year}{month:02d}{day:02d}"
    return f"{day:02d}{month:02d}{year}"


def _right_ordinal(match: re.Match[str]) -> str:
    return match[1] + dress(ordinal_suffix(int(match[1])), match[2])


def _word(word: str, rng: random.Random) -> str:
    if _is_month(word):
        name = rng.choice(_MONTHS)
        is_short = len(word) <= 4 and word.lower() not in ("may", "june", "july")
        return dress(name[:3] if is_short else name, word)
    if word.lower() in _ORDINALS:
        return dress(rng.choice(_ORDINALS), word)
    return word

"""Terms: the typed qualifiers of a filter, and what each of them asks the queue for."""

import difflib
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.store.queue import STATES, FlagQuery
from piiguard.labels import LABELS, SEVERITIES

SOURCES: dict[str, str] = {
    "rule": "A rule",
    "model": "The model",
    "report": "A report",
    "person": "A correction",
}
AGE_UNITS: dict[str, timedelta] = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
#: What may be typed: its key, and an example for whoever types something else.
QUALIFIERS: dict[str, str] = {
    "severity": "severity:critical,high",
    "label": "label:CREDIT_CARD",
    "channel": "channel:#sales",
    "author": "author:@ana",
    "score": "score:<0.6",
    "source": "source:rule",
    "model": "model:piiguard-en-1",
    "age": "age:>3d",
    "assignee": "assignee:me",
    "state": "state:confirmed",
    "value": "value:17",
    "is": "is:snoozed",
}
NOBODY = "none"

_TOKEN = re.compile(r'([A-Za-z_]{1,20}):("[^"]*"|\S*)|\S+')
_SCORE = re.compile(r"(<=?|>=?)\s*([0-9]*\.?[0-9]+)(%?)|([0-9]*\.?[0-9]+)\.\.([0-9]*\.?[0-9]+)(%?)")
_AGE = re.compile(r"([<>])\s*(\d{1,4})([mhdw])")


class Lookup(Protocol):
    """Whom and what a typed name means; "" or None where there is nothing of that name."""

    def channel_id(self, typed: str) -> str: ...
    def user_id(self, typed: str) -> str: ...
    def assignee(self, typed: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Term:
    """One typed qualifier, as it stands in the text."""

    key: str
    value: str

    def __str__(self) -> str:
        quoted = f'"{self.value}"' if re.search(r"\s", self.value) else self.value
        return f"{self.key}:{quoted}"


def read_terms(text: str) -> tuple[tuple[Term, ...], list[str]]:
    """The qualifiers of a typed text, and what is wrong with the rest of it; nothing typed is repeated there."""
    terms: list[Term] = []
    problems: list[str] = []
    for match in _TOKEN.finditer(text):
        key, value = match.group(1), match.group(2)
        if key is None:
            problems.append(
                "A word alone filters nothing: message text is sealed and cannot be searched. "
                "Type for example label:CREDIT_CARD, or the number of a flag."
            )
            continue
        key, value = key.lower(), value.strip('"').strip()
        if key not in QUALIFIERS:
            near = difflib.get_close_matches(key, QUALIFIERS, n=1)
            hint = f" Did you mean {near[0]}:?" if near else ""
            problems.append(f"{key}: is no filter.{hint} There are: " + ", ".join(QUALIFIERS) + ".")
        elif not value:
            problems.append(f"{key}: needs a value, such as {QUALIFIERS[key]}.")
        else:
            terms.append(Term(key, value))
    return tuple(terms), list(dict.fromkeys(problems))


class _ValueError(ValueError):
    """A value that its qualifier does not take."""


def narrowed(
    query: FlagQuery,
    terms: Sequence[Term],
    *,
    me: str,
    lookup: Lookup,
    now: datetime,
    is_mine: bool,
) -> tuple[FlagQuery, list[str]]:
    """A tab's query with what was typed, and what of that cannot be read. ``is_mine``: the tab asks for ours only."""
    has_states = bool(query.states)
    problems: list[str] = []
    readers: dict[str, Callable[[FlagQuery, str], FlagQuery]] = {
        "severity": _severity,
        "label": _label,
        "channel": lambda query, typed: _channel(query, typed, lookup),
        "author": lambda query, typed: _author(query, typed, lookup),
        "score": _score,
        "source": _source,
        "model": lambda query, typed: replace(query, model=typed),
        "age": lambda query, typed: _age(query, typed, now),
        "assignee": lambda query, typed: _assignee(query, typed, me, lookup, is_mine=is_mine),
        "state": lambda query, typed: _state(query, typed, has_states=has_states),
        "value": _value,
        "is": _is,
    }
    for term in terms:
        try:
            query = readers[term.key](query, term.value)
        except _ValueError as error:
            problems.append(f"{term.key}: {error}")
    return query, list(dict.fromkeys(problems))


def several(value: str) -> list[str]:
    return [one.strip() for one in value.split(",") if one.strip()]


def _one_of(typed: str, known: Sequence[str], what: str) -> str:
    if typed in known:
        return typed
    near = difflib.get_close_matches(typed, known, n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise _ValueError(f"no such {what}.{hint} There are: " + ", ".join(known) + ".")


def _severity(query: FlagQuery, typed: str) -> FlagQuery:
    chosen = [_one_of(one.lower(), SEVERITIES, "severity") for one in several(typed)]
    return replace(query, severities=_joined(query.severities, chosen))


def _label(query: FlagQuery, typed: str) -> FlagQuery:
    chosen = [_one_of(one.upper(), tuple(LABELS), "label") for one in several(typed)]
    return replace(query, labels=_joined(query.labels, chosen))


def _channel(query: FlagQuery, typed: str, lookup: Lookup) -> FlagQuery:
    ids = [lookup.channel_id(one) for one in several(typed)]
    if not all(ids):
        raise _ValueError(
            "no channel of that name is known. Type its name, as in #sales, or its id."
        )
    return replace(query, channels=_joined(query.channels, ids))


def _author(query: FlagQuery, typed: str, lookup: Lookup) -> FlagQuery:
    user_id = lookup.user_id(typed)
    if not user_id:
        raise _ValueError(
            "nobody of that name is known. Type a Slack name, as in @ana, or a member id, as in U0123."
        )
    return replace(query, user_id=user_id)


def _score(query: FlagQuery, typed: str) -> FlagQuery:
    match = _SCORE.fullmatch(typed)
    if match is None:
        raise _ValueError("expected a share between 0 and 1, such as <0.6, >=0.9 or 0.4..0.6.")
    sign, one, percent, low, high, percents = match.groups()
    if not sign:
        return replace(
            query, score_min=_share(low, percents), score_max=_above(_share(high, percents))
        )
    bound = _share(one, percent)
    # a query includes its lower bound and leaves out its upper one
    if sign in (">", "<="):
        bound = _above(bound)
    if sign.startswith(">"):
        return replace(query, score_min=bound)
    return replace(query, score_max=bound)


def _above(share: float) -> float:
    return math.nextafter(share, math.inf)


def _share(typed: str, percent: str) -> float:
    value = float(typed) / (100 if percent else 1)
    if not 0 <= value <= 1:
        raise _ValueError("expected a share between 0 and 1, such as <0.6, >=0.9 or 0.4..0.6.")
    return value


def _source(query: FlagQuery, typed: str) -> FlagQuery:
    return replace(query, source=_one_of(typed.lower(), tuple(SOURCES), "source"))


def _age(query: FlagQuery, typed: str, now: datetime) -> FlagQuery:
    match = _AGE.fullmatch(typed.lower())
    if match is None:
        raise _ValueError("expected an age such as >3d or <2h; m, h, d and w are minutes to weeks.")
    sign, number, unit = match.groups()
    at = now - int(number) * AGE_UNITS[unit]
    return replace(query, opened_before=at) if sign == ">" else replace(query, opened_after=at)


def _assignee(query: FlagQuery, typed: str, me: str, lookup: Lookup, *, is_mine: bool) -> FlagQuery:
    if is_mine:
        raise _ValueError("the tab Mine shows what is yours. Use it with another tab.")
    if typed.lower() == "me":
        return replace(query, assignee=me)
    if typed.lower() == NOBODY:
        return replace(query, assignee="")
    name = lookup.assignee(typed)
    if not name:
        raise _ValueError("nobody of that name reviews here. Use me, none, or a name in quotes.")
    return replace(query, assignee=name)


def _state(query: FlagQuery, typed: str, *, has_states: bool) -> FlagQuery:
    chosen = [_one_of(one.lower(), STATES, "state") for one in several(typed)]
    if has_states:
        raise _ValueError("the tab says it already. Use it with the tab All.")
    return replace(query, states=_joined(query.states, chosen))


def _value(query: FlagQuery, typed: str) -> FlagQuery:
    if not typed.isascii() or not typed.isdigit() or len(typed) > 9:
        raise _ValueError("expected the number of a value, as on its page: value:17.")
    return replace(query, value=int(typed))


def _is(query: FlagQuery, typed: str) -> FlagQuery:
    word = _one_of(typed.lower(), ("snoozed", "answered", "unanswered"), "word")
    if word == "snoozed":
        return replace(query, snoozed=True)
    return replace(query, answered=word == "answered")


def _joined(known: Sequence[str], more: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*known, *more]))

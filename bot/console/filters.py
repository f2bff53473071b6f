"""Filters of the queue: tabs, and typed qualifiers such as ``label:CREDIT_CARD channel:#sales score:<0.6 age:>3d``.

The typed text is the whole state: the form writes it, a saved view keeps it, the address carries it. Message text is
sealed and cannot be searched, so a bare word is a mistake, and is said to be one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.console.filter_terms import Lookup, Term, narrowed, read_terms, several
from bot.records import PENDING
from bot.store.queue import FlagQuery

MAX_CHARS = 500
_NUMBER = re.compile(r"#?(\d{1,9})")
DEFAULT_ORDER = "risk"
ORDERS: dict[str, str] = {
    "risk": "Highest risk",
    "oldest": "Oldest",
    "uncertain": "Least certain",
    "newest": "Newest",
}


@dataclass(frozen=True, slots=True)
class Tab:
    """A filter that everybody has."""

    key: str
    title: str
    states: tuple[str, ...]
    is_mine: bool = False


TABS: dict[str, Tab] = {
    tab.key: tab
    for tab in (
        Tab("review", "Needs review", tuple(sorted(PENDING))),
        Tab("mine", "Mine", tuple(sorted(PENDING)), is_mine=True),
        Tab("second", "Second opinion", ("second_opinion",)),
        Tab("confirmed", "Confirmed", ("confirmed",)),
        Tab("corrected", "Corrected", ("corrected",)),
        Tab("not_pii", "Not PII", ("not_pii",)),
        Tab("resolved", "Auto-resolved", ("resolved", "superseded")),
        Tab("all", "All", ()),
    )
}
DEFAULT_TAB = "review"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a queue page shows: the tab, the typed text, the order, and the query they make."""

    tab: Tab
    text: str
    order: str
    query: FlagQuery
    terms: tuple[Term, ...] = ()
    problems: tuple[str, ...] = ()
    flag_number: int | None = None

    def args(self, **changes: str) -> dict[str, str]:
        """The arguments of an address that shows this, with some of them changed; "" leaves one out."""
        given = {
            "tab": "" if self.tab.key == DEFAULT_TAB else self.tab.key,
            "q": self.text,
            "sort": "" if self.order == DEFAULT_ORDER else self.order,
        } | changes
        return {name: value for name, value in given.items() if value}

    def without(self, term: Term) -> str:
        """The text without one of its terms."""
        return text_of(other for other in self.terms if other is not term)

    def values(self, key: str) -> tuple[str, ...]:
        """What is asked for under a key: `label:A,B label:C` gives A, B, C."""
        return tuple(
            value for term in self.terms if term.key == key for value in several(term.value)
        )

    @property
    def has_filter(self) -> bool:
        """True when anything but the tab narrows the list."""
        return bool(self.text)

    @property
    def rest(self) -> str:
        """The terms that the form has no field for; it carries them on."""
        return text_of(term for term in self.terms if term.key not in _FORM_KEYS)


def read_filter(
    args: Mapping[str, str], *, me: str, lookup: Lookup, now: datetime | None = None
) -> Filter:
    """The filter of an address; what cannot be read is in its ``problems``.

    Args:
        args: ``tab``, ``q`` and ``sort``.
        me: the name of who asks.
    """
    problems: list[str] = []
    tab = TABS.get(args.get("tab", DEFAULT_TAB) or DEFAULT_TAB)
    if tab is None:
        problems.append("There is no such tab. Expected one of: " + ", ".join(TABS) + ".")
        tab = TABS[DEFAULT_TAB]
    order = args.get("sort", DEFAULT_ORDER) or DEFAULT_ORDER
    if order not in ORDERS:
        problems.append("There is no such order. Expected one of: " + ", ".join(ORDERS) + ".")
        order = DEFAULT_ORDER
    text = " ".join(args.get("q", "").split())
    if len(text) > MAX_CHARS:
        problems.append(f"A filter has at most {MAX_CHARS} characters.")
    number = _NUMBER.fullmatch(text)
    if number:
        text = ""
    terms, found = read_terms(text[:MAX_CHARS])
    problems += found
    # of all flags, those that sleep are some; in a list of what to do they are not
    snoozed = None if tab.key == "all" else False
    asked = FlagQuery(states=tab.states, assignee=me if tab.is_mine else None, snoozed=snoozed)
    query, found = narrowed(
        asked, terms, me=me, lookup=lookup, now=now or datetime.now(UTC), is_mine=tab.is_mine
    )
    problems += found
    return Filter(
        tab,
        text,
        order,
        query,
        terms,
        tuple(problems),
        int(number.group(1)) if number else None,
    )


def text_of(terms: Any) -> str:
    """Terms as they are typed."""
    return " ".join(str(term) for term in terms)


_FORM_KEYS = frozenset(
    {"severity", "label", "channel", "score", "source", "age", "assignee", "is", "state"}
)


def text_of_form(form: Any) -> str:
    """What the filter form says, as typed text. ``form``: a MultiDict; ``rest`` carries what has no field."""
    terms: list[Term] = []
    for key in ("severity", "label", "channel", "state"):
        values = [value for value in form.getlist(key) if value]
        if values:
            terms.append(Term(key, ",".join(values)))
    low, high = form.get("score_from", "").strip(), form.get("score_to", "").strip()
    if low and high:
        terms.append(Term("score", f"{low}..{high}"))
    elif low or high:
        terms.append(Term("score", f">={low}" if low else f"<={high}"))
    if form.get("age"):
        terms.append(Term("age", form["age"]))
    for key in ("source", "assignee"):
        if form.get(key):
            terms.append(Term(key, form[key]))
    terms += [Term("is", value) for value in form.getlist("is") if value]
    return " ".join(part for part in (text_of(terms), form.get("rest", "").strip()) if part)

"""The report of a month, computed from the audit log, frozen with its hash.

The log says who opened, decided, undid, revealed and exported; what a flag was about comes from the flag's own row,
which outlives its text. What an edit or a deletion closed is no decision and stands in no log: it is counted from the
flags. Those rows go on changing, so a month is frozen: its bytes are kept, and their sha256 stands in the audit log.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bot.errors import BotError, ForbiddenError
from bot.insights.definitions import DEFINITIONS
from bot.insights.intervals import Rate, mean, quantile
from bot.records import Person
from bot.store import FrozenReport, Store
from bot.store.insights import REPORTED
from bot.store.insights_audit import FlagCard, LoggedRow
from piiguard.labels import SEVERITIES

SCHEMA: Final = "piiguard/report@1"
_FINAL: Final = frozenset({"confirm", "correct", "not_pii", "accept_risk", "duplicate"})
_MONTH: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_DEFINED: Final = ("precision", "resolve_time", "net_rate", "author_fixed", "missed")


class ReportError(BotError):
    """A month that cannot be reported: it is not over, or no month."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of UTC: "2026-10"."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Raises: ReportError."""
        found = _MONTH.fullmatch(text)
        if found is None or int(found[1]) < 2000:
            raise ReportError("a month is written like 2026-10")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, moment: datetime) -> "Month":
        """The month of a moment."""
        day = moment.astimezone(UTC)
        return cls(day.year, day.month)

    @property
    def since(self) -> datetime:
        return datetime(self.year, self.number, 1, tzinfo=UTC)

    @property
    def until(self) -> datetime:
        return self.next.since

    @property
    def next(self) -> "Month":
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def before(self) -> "Month":
        return Month(self.year - (self.number == 1), (self.number - 2) % 12 + 1)

    @property
    def title(self) -> str:
        """ "October 2026"."""
        return f"{self.since:%B %Y}"

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"


def months_to_report(store: Store, tenant: str, now: datetime) -> list[Month]:
    """The months that are over and of which there is a log, newest first."""
    first = store.insight_audit.first_at(tenant)
    if first is None:
        return []
    found, month = [], Month.of(now).before
    while month >= Month.of(first):
        found.append(month)
        month = month.before
    return found


def compute(store: Store, tenant: str, month: Month) -> dict[str, Any]:
    """The report of a month, as it is kept. Holds ids, labels and counts; no text, no value, no author."""
    rows = list(store.insight_audit.rows(tenant, month.since, month.until))
    about = {row.object for row in rows if row.action.startswith(("flag.", "review.", "case."))}
    flags = store.insight_audit.flags(tenant, about)
    people = {person.id: person.name for person in store.people.list(tenant)}
    resolved, superseded = store.insight_audit.closed_by_message(tenant, month.since, month.until)
    decisions = _decisions(rows)
    opened = [row.object for row in rows if row.action in ("flag.opened", "flag.reported")]
    new = [
        flags[id_] for id_ in dict.fromkeys(opened) if id_ in flags and _is_new(flags[id_], month)
    ]
    return {
        "schema": SCHEMA,
        "tenant": tenant,
        "month": str(month),
        "log": {
            "first_seq": rows[0].seq if rows else None,
            "last_seq": rows[-1].seq if rows else None,
            "last_mac": rows[-1].mac if rows else "",
            "rows": len(rows),
        },
        "flags": {
            "opened": len(new),
            "opened_by_severity": {
                severity: sum(flag.severity == severity for flag in new)
                for severity in reversed(SEVERITIES)
            },
            "opened_by_label": _counted(label for flag in new for label in flag.labels),
            "opened_by_channel": _counted(flag.channel_id for flag in new),
            "opened_by_model": _counted(flag.model for flag in new),
            "closed_by_edit_or_deletion": resolved,
            "replaced_by_newer_version": superseded,
            "open_at_start": store.insight_audit.open_at(tenant, month.since),
            "open_at_end": store.insight_audit.open_at(tenant, month.until),
        },
        "decisions": _decided(decisions, rows, flags, people),
        "quality": _quality(decisions, flags),
        "missed": _counted(
            label for flag in new if flag.model == REPORTED for label in flag.labels
        ),
        "access": _access(rows, people),
        "cases": _cases(rows, flags, people),
        "actions": _counted(row.action for row in rows),
        "definitions": {key: DEFINITIONS[key].text for key in _DEFINED},
    }  # fmt: skip


def body_of(report: Mapping[str, Any]) -> bytes:
    """The bytes that are kept and hashed."""
    return json.dumps(report, sort_keys=True, indent=1, ensure_ascii=True).encode("ascii")


def freeze(store: Store, tenant: str, month: Month, *, by: Person, now: datetime) -> FrozenReport:
    """Make the report of a month and keep it for good, its hash in the audit log.

    A month that is frozen already gives what was kept. Raises: ForbiddenError; ReportError before the month is over.
    """
    if not by.may("compliance") or by.tenant != tenant:
        raise ForbiddenError("only privacy officers can freeze a report")
    return _freeze(store, tenant, month, by=by.id, now=now)


def freeze_due(store: Store, tenant: str, now: datetime) -> FrozenReport | None:
    """Freeze the month that just ended; for a daily job. None where there is nothing to do."""
    month = Month.of(now).before
    if str(month) in {report.month for report in store.frozen_reports.list(tenant)}:
        return None
    if month not in months_to_report(store, tenant, now):
        return None
    return _freeze(store, tenant, month, by="piiguard", now=now)


def _freeze(store: Store, tenant: str, month: Month, *, by: str, now: datetime) -> FrozenReport:
    if now < month.until:
        raise ReportError(f"{month.title} is not over; a frozen report holds a whole month")
    for known in store.frozen_reports.list(tenant):
        if known.month == str(month):
            return store.frozen_reports.get(tenant, str(month))
    body = body_of(compute(store, tenant, month))
    sha256 = hashlib.sha256(body).hexdigest()
    with store.transaction() as tx:
        kept = store.frozen_reports.save(tenant, str(month), sha256, body, by)
        store.audit.append(tx, tenant, by, "report.frozen", str(month), sha256=sha256)
    return kept


@dataclass(frozen=True, slots=True)
class _Decided:
    """What a month did to a flag: its last decision that stands, and when the first of them was made."""

    row: LoggedRow
    first_at: datetime

    @property
    def decision(self) -> str:
        return self.row.action.removeprefix("review.")


def _decisions(rows: Iterable[LoggedRow]) -> list[_Decided]:
    """The flags decided in a month, where the decision was not undone in it."""
    standing: dict[str, list[LoggedRow]] = {}
    for row in rows:
        if not row.action.startswith("review."):
            continue
        history = standing.setdefault(row.object, [])
        kind = row.action.removeprefix("review.")
        if kind in _FINAL:
            history.append(row)
        elif kind == "undo" and history:
            history.pop()
    return [_Decided(rows[-1], rows[0].at) for rows in standing.values() if rows]


def _decided(
    decisions: list[_Decided],
    rows: list[LoggedRow],
    flags: Mapping[str, FlagCard],
    people: Mapping[str, str],
) -> dict[str, Any]:
    seconds = [
        (one.first_at - flags[one.row.object].opened_at).total_seconds()
        for one in decisions
        if one.decision not in ("not_pii", "duplicate") and one.row.object in flags
    ]
    middle, average = quantile(seconds, 0.5), mean(seconds)
    return {
        "flags": len(decisions),
        "by_decision": _counted(one.decision for one in decisions),
        "by_person": _counted(people.get(one.row.actor, one.row.actor) for one in decisions),
        "by_surface": _counted(str(one.row.details.get("surface", "")) for one in decisions),
        "undone": sum(row.action == "review.undo" for row in rows),
        "second_opinions": sum(row.action == "review.second_opinion" for row in rows),
        "median_seconds": None if middle is None else round(middle),
        "mean_seconds": None if average is None else round(average),
    }


def _quality(decisions: list[_Decided], flags: Mapping[str, FlagCard]) -> dict[str, Any]:
    """Precision of the flags decided in the month, whole and by model."""
    rates: dict[str, Rate] = {}
    for one in decisions:
        flag = flags.get(one.row.object)
        if flag is None or flag.model == REPORTED or one.decision == "duplicate":
            continue
        is_right = one.decision in ("confirm", "accept_risk") or (
            one.decision == "correct" and bool(flag.labels)
        )
        rates[flag.model] = rates.get(flag.model, Rate(0, 0)) + Rate(int(is_right), 1)
    whole = sum(rates.values(), Rate(0, 0))
    return {
        "precision": _rate(whole),
        "precision_by_model": {model: _rate(rate) for model, rate in sorted(rates.items())},
    }


def _access(rows: list[LoggedRow], people: Mapping[str, str]) -> dict[str, Any]:
    """Who looked behind the dots, and what left the house."""
    reveals = [row for row in rows if row.action == "flag.reveal"]
    return {
        "reveals": len(reveals),
        "reveals_by_reason": _counted(str(row.details.get("reason", "")) for row in reveals),
        "reveals_by_person": _counted(people.get(row.actor, row.actor) for row in reveals),
        "exports": sum("export" in row.action for row in rows),
        "erasures": sum(row.action == "person.erased" for row in rows),
        "refused": sum(row.action.endswith((".refused", ".denied", ".failed")) for row in rows),
    }


def _cases(
    rows: list[LoggedRow], flags: Mapping[str, FlagCard], people: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The 72 h clocks that were started or stopped in the month."""
    found: list[dict[str, Any]] = []
    for row in rows:
        if row.action not in ("case.aware", "case.closed"):
            continue
        flag = flags.get(row.object)
        found.append(
            {
                "flag": flag.number if flag else None,
                "action": row.action,
                "at": row.at.isoformat(timespec="seconds"),
                "aware_at": str(row.details.get("aware_at", "")),
                "outcome": str(row.details.get("outcome", "")),
                "by": people.get(row.actor, row.actor),
            }
        )
    return found


def _is_new(flag: FlagCard, month: Month) -> bool:
    """A report of a miss may be about a flag that was there before."""
    return month.since <= flag.opened_at < month.until


def _counted(names: Iterable[str]) -> dict[str, int]:
    """The most frequent first; JSON keeps them by name, and pages sort again."""
    return dict(sorted(Counter(names).items(), key=lambda item: (-item[1], item[0])))


def _rate(rate: Rate) -> dict[str, Any]:
    low, high = rate.interval or (None, None)
    return {
        "part": rate.part,
        "whole": rate.whole,
        "value": None if rate.value is None else round(rate.value, 6),
        "low": None if low is None else round(low, 6),
        "high": None if high is None else round(high, 6),
    }

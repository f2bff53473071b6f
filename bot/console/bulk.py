"""Bulk: one decision for many flags, each through the decision service, with what became of it and a way back.

A flag that somebody else decided meanwhile stays as they left it and is counted. The last batch of a person can be
taken back for ten minutes; a flag that changed since then is left alone.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from bot.casework import assign, snooze
from bot.errors import ForbiddenError, NotFoundError, ReviewError, StaleError
from bot.records import UNDECIDED, Person
from bot.remediation import ask_author
from bot.review import DECIDERS, HARMLESS, UNDO_S, WRONG, record_review, undo
from bot.store import Store, new_id

Action = Literal["confirm", "not_pii", "assign", "notify", "snooze"]
ACTIONS: tuple[Action, ...] = get_args(Action)
ACTION_WORDS: dict[Action, str] = {
    "confirm": "Confirm",
    "not_pii": "Not PII",
    "assign": "Assign",
    "notify": "Notify author",
    "snooze": "Snooze",
}
#: Of more flags than this the number must be typed.
TYPE_OVER = 100
MAX_AT_ONCE = 1000
SNOOZES: dict[str, tuple[str, timedelta]] = {
    "1h": ("1 hour", timedelta(hours=1)),
    "1d": ("1 day", timedelta(days=1)),
    "3d": ("3 days", timedelta(days=3)),
    "1w": ("1 week", timedelta(weeks=1)),
}


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done to each flag: an action, and what it needs to know."""

    action: Action
    reason: str = ""
    to: str = ""
    hours: str = "1d"

    def problem(self) -> str:
        """What is still missing, "" when it can be carried out."""
        if self.action == "not_pii" and self.reason not in WRONG | HARMLESS:
            return "Say why these flags are not PII."
        if self.action == "snooze" and self.hours not in SNOOZES:
            return "Choose how long to snooze."
        return ""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a person did last to many flags at once. An item: flag id, what undoes it, what is expected there."""

    id: str
    action: Action
    at: datetime
    n_done: int
    items: tuple[tuple[str, str, str], ...] = ()

    def seconds_left(self, now: datetime) -> float:
        """How long it can still be taken back."""
        if self.action == "notify" or not self.items:
            return 0.0
        return max(0.0, UNDO_S - (now - self.at).total_seconds())


@dataclass(slots=True)
class Outcome:
    """What became of each flag."""

    n_done: int = 0
    decided_by: Counter[str] = field(default_factory=Counter)
    n_changed: int = 0
    n_gone: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    def sentence(self) -> str:
        """`338 done, 2 already decided by Lee.`"""
        parts = [f"{self.n_done:,} done"]
        parts += [f"{n:,} already decided by {name}" for name, n in self.decided_by.most_common()]
        if self.n_changed:
            parts.append(f"{self.n_changed:,} changed meanwhile and left alone")
        if self.n_gone:
            parts.append(f"{self.n_gone:,} no longer there")
        parts += [f"{n:,} refused: {why}" for why, n in self.refused.most_common()]
        return ", ".join(parts) + "."


def read_picks(values: Iterable[str]) -> list[tuple[str, int]]:
    """The (flag id, version) of ticked boxes. Raises: ReviewError for what no page of ours sends."""
    picks: dict[str, int] = {}
    for value in values:
        flag_id, _, version = value.rpartition(":")
        if not flag_id or not version.isascii() or not version.isdigit() or len(version) > 9:
            raise ReviewError("This selection cannot be read; load the page again.", "pick")
        picks[flag_id] = int(version)
    if len(picks) > MAX_AT_ONCE:
        raise ReviewError(f"At most {MAX_AT_ONCE:,} flags at once; narrow the filter.", "pick")
    return list(picks.items())


def with_one_value(
    store: Store, tenant: str, picks: Sequence[tuple[str, int]]
) -> tuple[list[tuple[str, int]], int]:
    """Those flags whose only value is the one that all share, and how many hold more besides.

    Raises: ReviewError where they share none: who confirms flags unseen must know what they hold.
    """
    if len(picks) < 2:
        return list(picks), 0
    held = {flag_id: frozenset(store.flags.values_of(flag_id, tenant)) for flag_id, _ in picks}
    known = [values for values in held.values() if values]
    shared = frozenset.intersection(*known) if known else frozenset()
    if len(shared) != 1:
        raise ReviewError(
            "Confirm takes many flags only where all hold the same single value. "
            "Open the page of that value, or confirm them one by one.",
            "action",
        )
    chosen = [pick for pick in picks if held[pick[0]] == shared]
    return chosen, len(picks) - len(chosen)


def carry_out(
    store: Store, tenant: str, picks: Sequence[tuple[str, int]], order: Order, *, by: Person
) -> tuple[Outcome, Batch]:
    """Do it to each flag, one transaction each; the batch is kept as the person's last one.

    Raises: ForbiddenError; ReviewError where the order itself cannot be.
    """
    if not by.may(*DECIDERS):
        raise ForbiddenError("only reviewers can decide")
    if problem := order.problem():
        raise ReviewError(problem, "reason")
    outcome = Outcome()
    if order.action == "confirm":
        picks, n_more = with_one_value(store, tenant, picks)
        if n_more:
            outcome.refused["they hold other values too"] = n_more
    with store.reading() as tx:
        now = store.now(tx)
    batch_id = new_id()
    done: list[tuple[str, str, str]] = []
    for flag_id, version in picks:
        item = _tried(outcome, lambda f=flag_id, v=version: _one(store, tenant, f, v, order, by, now, batch_id))  # type: ignore[misc]  # fmt: skip
        if item is not None:
            outcome.n_done += 1
            done += [item] if item[1] or item[2] else []
    batch = Batch(batch_id, order.action, now, outcome.n_done, tuple(done))
    with store.transaction() as tx:
        _keep(store, tx, by, batch)
        store.audit.append(
            tx, tenant, by.id, f"bulk.{order.action}", batch.id, n=len(picks), done=outcome.n_done
        )
    return outcome, batch


def last_batch(store: Store, person: Person) -> Batch | None:
    """What this person did last to many flags, None where there is nothing to take back any more."""
    written = store.settings.get(person.tenant, _key(person))
    if not written:
        return None
    row: dict[str, Any] = json.loads(written)
    batch = Batch(
        id=row["id"],
        action=row["action"],
        at=datetime.fromisoformat(row["at"]),
        n_done=row["n_done"],
        items=tuple((one[0], one[1], one[2]) for one in row["items"]),
    )
    with store.reading() as tx:
        return batch if batch.seconds_left(store.now(tx)) else None


def undo_batch(store: Store, batch: Batch, *, by: Person) -> Outcome:
    """Take a batch back, flag by flag; what changed since then stays."""
    outcome = Outcome()
    for item in batch.items:
        taken = _tried(outcome, lambda one=item: _back(store, batch, one, by))  # type: ignore[misc]
        if taken is False:
            outcome.n_changed += 1
        elif taken:
            outcome.n_done += 1
    with store.transaction() as tx:
        store.settings.set(tx, by.tenant, _key(by), "")
        store.audit.append(tx, by.tenant, by.id, "bulk.undo", batch.id, done=outcome.n_done)
    return outcome


def _one(
    store: Store,
    tenant: str,
    flag_id: str,
    version: int,
    order: Order,
    by: Person,
    now: datetime,
    batch_id: str,
) -> tuple[str, str, str]:
    """Do it to one flag; (flag id, what undoes it, what is expected there then)."""
    if order.action == "notify":
        if not ask_author(store, tenant, flag_id, by=by):
            raise ReviewError("their authors were told before")
        return flag_id, "", ""
    if order.action in ("assign", "snooze"):
        before = store.flags.get(flag_id, tenant)
        if order.action == "assign":
            assign(store, tenant, flag_id, by=by, to=order.to, version=version)
            return flag_id, before.assignee, order.to
        until = now + SNOOZES[order.hours][1]
        snooze(store, tenant, flag_id, by=by, until=until, version=version)
        earlier = before.snoozed_until
        return flag_id, earlier.isoformat() if earlier else "", until.isoformat()
    assert order.action in ("confirm", "not_pii")
    review_id = _review_id(batch_id, flag_id)
    review = record_review(
        store,
        tenant,
        flag_id,
        "confirm" if order.action == "confirm" else "not_pii",
        by=by,
        version=version,
        surface="console",
        reason=order.reason if order.action == "not_pii" else "",
        review_id=review_id,
    )
    # a decision that stood before is no part of this batch
    return flag_id, "decided" if review.id == review_id else "", ""


def _back(store: Store, batch: Batch, item: tuple[str, str, str], by: Person) -> bool:
    flag_id, before, expected = item
    flag = store.flags.get(flag_id, by.tenant)
    if batch.action == "assign":
        if flag.assignee != expected:
            return False
        assign(store, by.tenant, flag_id, by=by, to=before, version=flag.version)
    elif batch.action == "snooze":
        if flag.snoozed_until is None or flag.snoozed_until.isoformat() != expected:
            return False
        until = datetime.fromisoformat(before) if before else None
        snooze(store, by.tenant, flag_id, by=by, until=until, version=flag.version)
    else:
        with store.reading() as tx:
            last = store.reviews.last(tx, flag_id)
        if last is None or last.id != _review_id(batch.id, flag_id):
            return False
        undo(store, by.tenant, flag_id, by=by, surface="console")
    return True


def _tried(outcome: Outcome, work: Callable[[], Any]) -> Any:
    """What ``work`` gives; None where it was refused, which is counted."""
    try:
        return work()
    except StaleError as error:
        state = getattr(error.current, "state", "")
        if state and state not in UNDECIDED:
            outcome.decided_by[getattr(error.current, "resolved_by", "") or "somebody"] += 1
        else:
            outcome.n_changed += 1
    except NotFoundError:
        outcome.n_gone += 1
    except (ReviewError, ForbiddenError) as error:
        outcome.refused[str(error)] += 1
    return None


def _keep(store: Store, tx: Any, by: Person, batch: Batch) -> None:
    row: Mapping[str, Any] = asdict(batch) | {"at": batch.at.isoformat()}
    store.settings.set(tx, by.tenant, _key(by), json.dumps(row) if batch.items else "")


def _review_id(batch_id: str, flag_id: str) -> str:
    return f"{batch_id}-{flag_id}"


def _key(person: Person) -> str:
    return f"bulk:{person.id}"

"""System: whether messages are read, how late, what was left out; what was set aside is tried again, and looked back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.build import Parts
from bot.console import here
from bot.console.names import names
from bot.console.roles import may
from bot.errors import NotFoundError
from bot.store import AuditRow, DeadJob, InboxDepth
from bot.store.audit_search import newest
from bot.store.insights_audit import LoggedRow
from bot.store.system_numbers import Gap, Lag, card_lag, event_lag, gaps, reading
from bot.worker.backfill import Backfill, Estimate
from piiguard import __version__

#: Without a message for so long on a working day, something may be wrong.
SILENT_S: Final = 40 * 60
#: The oldest waiting row may be so old.
LATE_S: Final = 60.0
MAX_DAYS: Final = 365
MAX_DEAD: Final = 100


@dataclass(frozen=True, slots=True)
class LookBack:
    """A channel that was, or is being, read again."""

    channel: str
    state: str
    n: int


@dataclass(frozen=True, slots=True)
class SystemView:
    """Everything that the page draws."""

    problems: list[tuple[str, str]]
    depth: InboxDepth
    outbox: Mapping[str, int]
    last_message: tuple[datetime, str] | None
    silent_s: float | None
    event: Lag | None
    card: Lag | None
    gaps: list[Gap]
    n_reading: int
    look_backs: list[LookBack]
    dead: list[tuple[DeadJob, str]]
    refused: list[tuple[str, str, str]]
    facts: list[tuple[str, str, str]]
    purged: LoggedRow | AuditRow | None


def routes(parts: Parts) -> Blueprint:
    """``/system``."""
    pages = Blueprint("system", __name__)
    store = parts.store

    @pages.get("/system")
    @may("admin", "auditor", "compliance", "ml")
    def show() -> str:
        return _draw(parts)

    @pages.post("/system/retry")
    @may("admin")
    def retry() -> AnyResponse:
        """One row that was set aside, or all of this workspace's."""
        person = here.person()
        wanted = request.form.get("job", "")
        jobs = [wanted] if wanted else [job.id for job in store.inbox.dead(person.tenant, MAX_DEAD)]
        n, gone = 0, 0
        for job_id in jobs:
            try:
                store.inbox.retry_dead(job_id, person.tenant)
            except NotFoundError:
                gone += 1
                continue
            n += 1
            with store.transaction() as tx:
                store.audit.append(tx, person.tenant, person.id, "job.retried", job_id)
        if n:
            flash(
                f"{n} set-aside {'message is' if n == 1 else 'messages are'} tried again.",
                "success",
            )
        if gone:
            flash(f"{gone} could not be: already tried again, or erased.", "warning")
        return redirect("/system#set-aside")

    @pages.get("/system/backfill")
    @may("admin")
    def estimate() -> tuple[str, int] | str:
        """How long a look back would take; asks Slack for the channel's first pages."""
        channel, days, problem = _wanted(request.args)
        if problem:
            return _draw(parts, typed=request.args, problem=problem), 400
        found = Backfill(store, parts.workspaces.quick).estimate(here.tenant(), channel, days)
        return _draw(parts, typed=request.args, estimate=found)

    @pages.post("/system/backfill")
    @may("admin")
    def start() -> AnyResponse | tuple[str, int]:
        person = here.person()
        channel, days, problem = _wanted(request.form)
        if problem:
            return _draw(parts, typed=request.form, problem=problem), 400
        is_new = Backfill(store, parts.workspaces.client).start(person.tenant, channel, days)
        shown = names().channel(person.tenant, channel).shown
        if is_new:
            with store.transaction() as tx:
                store.audit.append(
                    tx, person.tenant, person.id, "backfill.started", channel, days=days
                )
            flash(f"{shown} is read again, {days} days back, between other work.", "success")
        else:
            flash(f"{shown} is being read again already.", "warning")
        return redirect("/system#look-back")

    return pages


def look(parts: Parts, tenant: str) -> SystemView:
    """The state of everything, of one workspace."""
    store, known = parts.store, names()
    depth, outbox = store.inbox.depth(), store.outbox.depth()
    last = store.glance.last_message(tenant)
    with store.reading() as tx:
        now = store.now(tx)
        event, card = event_lag(tx, tenant), card_lag(tx, tenant)
        found_gaps, n_reading = gaps(tx, tenant), reading(tx, tenant)
        purged = newest(tx, tenant, "retention.purge")
    silent_s = (now - last[0]).total_seconds() if last else None
    dead = [(job, _kind(job)) for job in store.inbox.dead(tenant, MAX_DEAD)]
    view = SystemView(
        problems=[],
        depth=depth,
        outbox=outbox,
        last_message=(last[0], known.channel(tenant, last[1]).shown) if last else None,
        silent_s=silent_s,
        event=event,
        card=card,
        gaps=found_gaps,
        n_reading=n_reading,
        look_backs=_look_backs(store.settings.all(tenant, "backfill:"), tenant),
        dead=dead,
        refused=store.outbox.refused(tenant),
        facts=_facts(parts),
        purged=purged,
    )
    view.problems.extend(_problems(parts, view))
    return view


def _problems(parts: Parts, view: SystemView) -> list[tuple[str, str]]:
    """(what is wrong, what to do about it), the worst first."""
    found = []
    dead_threads = parts.dead_threads()
    if dead_threads:
        found.append(
            (
                f"The thread {dead_threads[0]} has died.",
                "Start the process again; the log says why.",
            )
        )
    if not parts.workspaces.is_connected:
        found.append(("Slack is not connected.", "Run python -m bot doctor; it names the setting."))
    if not parts.store.is_current():
        found.append(("The database is of another version.", "Run python -m bot db upgrade."))
    if parts.policies.problem:
        found.append(
            (
                "The policy file is wrong; the one before it is still in force.",
                parts.policies.problem,
            )
        )
    if view.dead:
        n = len(view.dead)
        found.append(
            (
                f"{n} {'message was' if n == 1 else 'messages were'} set aside and not scanned.",
                "Try again below; what fails again is a fault to report.",
            )
        )
    if view.depth.oldest_age_s > LATE_S:
        found.append(
            (
                f"The oldest message has waited {_minutes(view.depth.oldest_age_s)}.",
                "The worker is behind, or not running. On PostgreSQL more workers can be started.",
            )
        )
    if view.silent_s is not None and view.silent_s > SILENT_S and not view.depth.ready:
        found.append(
            (
                f"No events for {_minutes(view.silent_s)}. Later messages are not scanned yet.",
                "Quiet hours look the same. Write in a watched channel; if nothing comes, run python -m bot doctor.",
            )
        )
    return found


def _facts(parts: Parts) -> list[tuple[str, str, str]]:
    """(name, value, note) of what runs here."""
    manifest = parts.guard.manifest
    sha = manifest.sha256.get("onnx/model_quantized.onnx", "") if manifest else ""
    where = "PIIGUARD_MODEL" if parts.config.model else "models/CURRENT"
    policy_file = parts.policies.path
    return [
        ("Version", __version__, ""),
        ("Model", parts.guard.name, f"named by {where}" if manifest else "no model, rules only"),
        ("Model sha256", sha, ""),
        ("Policy", policy_file.name if policy_file and policy_file.exists() else "default", ""),
        ("Database", "SQLite" if parts.store.engine_name == "sqlite" else "PostgreSQL", ""),
        ("Migrations", "up to date" if parts.store.is_current() else "another version", ""),
        ("Slack", "connected" if parts.workspaces.is_connected else "not connected", ""),
        ("Workspaces", str(len(parts.workspaces.active())), ""),
    ]


def _look_backs(settings: Mapping[str, str], tenant: str) -> list[LookBack]:
    found = []
    for key, value in settings.items():
        channel_id = key.removeprefix("backfill:")
        state, _, n = value.rpartition(" ")
        shown = "all channels" if channel_id == "gap" else names().channel(tenant, channel_id).shown
        found.append(LookBack(shown, _state_text(state), int(n) if n.isdecimal() else 0))
    return sorted(found, key=lambda one: (one.state != "running", one.channel))


def _state_text(state: str) -> str:
    kind, _, code = state.partition(":")
    return f"refused by Slack: {code}" if kind == "refused" else kind


def _kind(job: DeadJob) -> str:
    return {"event": "message", "backfill": "look back"}.get(job.kind, job.kind)


def _wanted(given: Mapping[str, Any]) -> tuple[str, int, str]:
    """(channel id, days, what is wrong) of the form."""
    channel = names().channel_id(here.tenant(), str(given.get("channel", "")))
    days = str(given.get("days", ""))
    if not channel:
        return "", 0, "Choose a channel that the bot is in."
    if not days.isdecimal() or len(days) > 3 or not 1 <= int(days) <= MAX_DAYS:
        return "", 0, f"Expected 1 to {MAX_DAYS} days."
    return channel, int(days), ""


def _draw(
    parts: Parts,
    *,
    typed: Mapping[str, Any] | None = None,
    estimate: Estimate | None = None,
    problem: str = "",
) -> str:
    person = here.person()
    channels = sorted(names().channels(person.tenant).values(), key=lambda one: one.shown)
    return render_template(
        "system.html",
        view=look(parts, person.tenant),
        may_act=person.may("admin"),
        channels=channels,
        typed=typed or {},
        estimate=estimate,
        problem=problem,
        max_days=MAX_DAYS,
        late_s=LATE_S,
    )


def _minutes(seconds: float) -> str:
    left = timedelta(seconds=int(seconds))
    hours, minutes = divmod(int(left.total_seconds()) // 60, 60)
    return (
        f"{hours} h {minutes} min"
        if hours
        else f"{minutes} min"
        if minutes
        else f"{int(seconds)} s"
    )

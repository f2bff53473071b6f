"""Exports: corrections as files to train with. Values are replaced; real ones take the privacy officer and a reason."""

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from flask import Blueprint, Response, flash, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from bot.build import Parts
from bot.console import here
from bot.console.roles import may
from bot.correction_truth import TRUTHS, Conflict
from bot.export_runner import KEPT, ExportRunner, Order, Preview, check, is_cut_off
from bot.records import Person
from bot.snapshots import ExportError
from bot.store import ExportJob
from piiguard.examples import Correction
from piiguard.formats import FORMATS

#: How fresh a sign-in real values take.
FRESH_S: Final = 300
MODES: Final[dict[str, tuple[str, str]]] = {
    "surrogates": ("Surrogates in place of values", "Made up, of the same kind and form. Good for training."),
    "offsets_only": ("Offsets and labels only", "No text at all. Good for counting."),
    "real_values": ("Real values", "They leave the protection of this database. Privacy officers only."),
}  # fmt: skip
DECISIONS: Final[dict[str, str]] = {
    "confirm": "Confirmed",
    "correct": "Corrected",
    "not_pii": "Not PII",
    "accept_risk": "Accepted risk",
}
LEFT_OUT: Final[dict[str, str]] = {
    "undone": "undone",
    "unsigned": "not signed",
    "unsettled": "waiting for a second opinion",
    "may be undone": "can still be undone",
    "no reason given": "Not PII without a reason",
    "text gone": "text deleted",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a previewed text; ``label`` where it is a replaced value."""

    text: str
    label: str = ""


def routes(parts: Parts) -> Blueprint:
    """``/exports``."""
    pages = Blueprint("exports", __name__)
    runner = ExportRunner(parts.store, parts.config.data_dir)

    @pages.get("/exports")
    @may("compliance", "ml", "auditor")
    def show() -> str:
        return _draw(parts, runner)

    @pages.get("/exports/new")
    @may("compliance", "ml")
    def new() -> tuple[str, int] | str:
        """The wizard: range, decisions and format in the address; a look at what that gives."""
        order, problem, field = _order(request.args)
        found = None if problem else runner.preview(here.tenant(), order)
        page = _wizard(parts, request.args, found, problem, field)
        return (page, 400) if problem else page

    @pages.post("/exports")
    @may("compliance", "ml")
    def start() -> AnyResponse | tuple[str, int]:
        person = here.person()
        order, problem, field = _order(request.form)
        if not problem:
            problem, field = _refusal(order, person)
        if problem:
            return _wizard(parts, request.form, None, problem, field), 400
        if order.mode == "real_values" and not here.is_fresh(FRESH_S):
            flash(
                "Real values take a sign-in of the last 5 minutes. Sign in, then ask again.",
                "warning",
            )
            return redirect(here.again_url("/exports/new?mode=real_values"))
        runner.start(order, by=person)
        flash("The export is being made. Its file will stand in the list.", "success")
        return redirect("/exports")

    @pages.get("/exports/<job_id>/file")
    @may("compliance", "ml")
    def file(job_id: str) -> AnyResponse:
        person = here.person()
        job = parts.store.export_jobs.get(person.tenant, job_id)
        if job.mode == "real_values" and not here.is_fresh(FRESH_S):
            return redirect(here.again_url("/exports"))
        job, body = runner.read(person.tenant, job_id, by=person)
        name = f"corrections-{job.sha256[:16]}{FORMATS[job.format].suffix}"
        response = Response(body, content_type="application/octet-stream")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    return pages


def pieces_of(line: Correction) -> list[Piece]:
    """The text of a line with its values marked."""
    found, at = [], 0
    for span in line.spans:
        found += [
            Piece(line.text[at : span.start]),
            Piece(line.text[span.start : span.end], span.label),
        ]
        at = span.end
    return [piece for piece in (*found, Piece(line.text[at:])) if piece.text]


def formats() -> dict[str, Any]:
    """The formats that this machine can write."""
    has_parquet = importlib.util.find_spec("pyarrow") is not None
    return {name: one for name, one in FORMATS.items() if name != "parquet" or has_parquet}


def _draw(parts: Parts, runner: ExportRunner) -> str:
    person = here.person()
    jobs = runner.jobs(person.tenant)
    return render_template(
        "exports.html",
        jobs=jobs,
        cut_off={job.id for job in jobs if is_cut_off(job)},
        may_take={job.id for job in jobs if _may_take(job, person)},
        may_order=person.may("compliance", "ml"),
        is_running=any(job.state == "running" and not is_cut_off(job) for job in jobs),
        people={one.id: one.name for one in parts.store.people.list(person.tenant)},
        formats=FORMATS,
        modes=MODES,
        decisions=DECISIONS,
    )


def _wizard(
    parts: Parts, typed: Mapping[str, Any], found: Preview | None, problem: str, field: str
) -> str:
    person = here.person()
    chosen = typed.getlist("decisions") if isinstance(typed, MultiDict) else []
    modes = {
        key: words
        for key, words in MODES.items()
        if key != "real_values" or person.may("compliance")
    }
    return render_template(
        "export_new.html",
        typed=typed,
        chosen=chosen or list(TRUTHS),
        preview=found,
        pieces=[(line, pieces_of(line)) for line in found.lines] if found else [],
        conflicts=[_flags_of(one) for one in found.conflicts] if found else [],
        left_out=LEFT_OUT,
        problem=problem,
        field=field,
        formats=formats(),
        modes=modes,
        decisions=DECISIONS,
        kept={mode: kept.days or 1 for mode, kept in KEPT.items()},
        fresh_min=FRESH_S // 60,
        today=datetime.now(UTC).date().isoformat(),
    )


def _order(given: Mapping[str, Any]) -> tuple[Order, str, str]:
    """(the order, what is wrong, in which field)."""
    days: dict[str, datetime | None] = {}
    for name in ("since", "until"):
        text = str(given.get(name, "")).strip()
        try:
            day = date.fromisoformat(text) if text else None
        except ValueError:
            return Order(), "Expected a day like 2026-11-24.", name
        days[name] = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
    # both days are included
    until = days["until"] + timedelta(days=1) if days["until"] else None
    chosen = given.getlist("decisions") if isinstance(given, MultiDict) else []
    mode = str(given.get("mode", "") or "surrogates")
    if mode not in MODES:
        return Order(), "Choose what stands in place of values.", "mode"
    order = Order(
        since=days["since"],
        until=until,
        decisions=tuple(chosen),
        fmt=str(given.get("fmt", "") or "jsonl"),
        mode=mode,  # type: ignore[arg-type]
        reason=" ".join(str(given.get("reason", "")).split())[:200],
    )
    if order.since and until and until <= order.since:
        return order, "The last day is before the first.", "until"
    if not set(order.decisions) <= set(TRUTHS):
        return order, "Choose from the decisions of the list.", "decisions"
    if order.fmt not in formats():
        return order, "Choose a format of the list.", "fmt"
    return order, "", ""


def _refusal(order: Order, person: Person) -> tuple[str, str]:
    """(why it cannot be, in which field), ("", "") when it can. Raises: ForbiddenError."""
    try:
        check(order, person)
    except ExportError as error:
        text = str(error)
        field = "reason" if order.mode == "real_values" and not order.reason else "fmt"
        return text[:1].upper() + text[1:] + ".", field
    return "", ""


def _may_take(job: ExportJob, person: Person) -> bool:
    if job.state != "done" or not job.file:
        return False
    return person.may("compliance") or (person.may("ml") and job.mode != "real_values")


def _flags_of(conflict: Conflict) -> list[tuple[int, str]]:
    """(number, decision) of the verdicts that differ."""
    return sorted(
        (one.flag.number, DECISIONS.get(one.decision, one.decision)) for one in conflict.verdicts
    )

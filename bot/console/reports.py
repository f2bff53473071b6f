"""Reports: the months, frozen with their hash; the evidence of one; and the 72 h clocks of confirmed cases."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Blueprint, Response, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.build import Parts
from bot.console import here
from bot.console.insights import csv_file
from bot.console.names import names
from bot.console.report_view import blocks, headline
from bot.console.roles import may
from bot.errors import NotFoundError, ReviewError
from bot.insights.clocks import OUTCOMES, Clock, clocks, mark_aware, stop
from bot.insights.definitions import DEFINITIONS
from bot.insights.evidence import evidence_pack, report_csv
from bot.insights.monthly import (
    Month,
    ReportError,
    body_of,
    compute,
    freeze,
    months_to_report,
)
from bot.store import FrozenReport
from bot.store.insights_audit import FlagCard

#: Confirmed cases listed; older ones are found in the queue.
MAX_CASES = 25


@dataclass(frozen=True, slots=True)
class Row:
    """A month of the list, and its frozen report if there is one."""

    month: Month
    frozen: FrozenReport | None


def routes(parts: Parts) -> Blueprint:
    """`/reports`, a page a month, its files, and the cases."""
    pages = Blueprint("reports", __name__)
    store = parts.store

    @pages.get("/reports")
    @may("compliance", "auditor")
    def index() -> str:
        """The months, and the cases."""
        return _index(parts)

    @pages.get("/reports/<month>")
    @may("compliance", "auditor")
    def show(month: str) -> str:
        """A month: as it was frozen, or as it stands now."""
        chosen = _month(month)
        frozen, body = _body(parts, chosen)
        return render_template(
            "reports/month.html",
            month=chosen,
            frozen=frozen,
            is_intact=frozen is None or frozen.is_intact(),
            made_by=_name(parts, frozen.made_by) if frozen else "",
            is_over=datetime.now(UTC) >= chosen.until,
            **_shown(body),
        )

    @pages.post("/reports/<month>/freeze")
    @may("compliance")
    def freeze_month(month: str) -> AnyResponse:
        """Keep a month for good."""
        chosen = _month(month)
        if str(chosen) not in {str(one) for one in _months(parts)}:
            abort(404)
        try:
            kept = freeze(store, here.tenant(), chosen, by=here.person(), now=datetime.now(UTC))
            flash(f"The report of {chosen.title} is frozen. sha256 {kept.sha256[:16]}…", "success")
        except ReportError as error:
            flash(f"{str(error).capitalize()}.", "error")
        return redirect(f"/reports/{chosen}", 303)

    @pages.get("/reports/<month>/report.csv")
    @may("compliance", "auditor")
    def as_csv(month: str) -> Response:
        """One number a row."""
        chosen = _month(month)
        _, body = _body(parts, chosen)
        return csv_file(report_csv(json.loads(body)), f"piiguard-report-{chosen}.csv")

    @pages.get("/reports/<month>/report.json")
    @may("compliance", "auditor")
    def as_json(month: str) -> Response:
        """The frozen bytes."""
        frozen = _frozen(parts, _month(month))
        return _file(frozen.body, f"piiguard-report-{frozen.month}.json", "application/json")

    @pages.get("/reports/<month>/evidence.zip")
    @may("compliance", "auditor")
    def evidence(month: str) -> Response:
        """The frozen report with the log it was made from; the download stands in the log too."""
        frozen = _frozen(parts, _month(month))
        made_by = _name(parts, frozen.made_by)
        html = render_template(
            "reports/print.html",
            month=Month.parse(frozen.month),
            frozen=frozen,
            made_by=made_by,
            **_shown(frozen.body),
        )
        pack = evidence_pack(store, frozen, html=html, css=_css(), made_by=made_by)
        with store.transaction() as tx:
            by = here.person().id
            store.audit.append(tx, here.tenant(), by, "report.evidence", frozen.month)
        return _file(pack, f"piiguard-evidence-{frozen.month}.zip", "application/zip")

    @pages.post("/reports/cases/<int:number>/aware")
    @may("compliance")
    def aware(number: int) -> AnyResponse | tuple[str, int]:
        """Start the clock of a case."""
        flag = store.flags.by_number(number, here.tenant())
        typed = request.form.get("at", "")
        try:
            at = _moment(typed)
            mark_aware(store, here.tenant(), flag.id, by=here.person(), at=at)
        except ReviewError as error:
            return _index(parts, (number, typed, f"{str(error).capitalize()}.")), 400
        flash(f"The 72 h clock of flag {number} runs.", "success")
        return redirect("/reports#cases", 303)

    @pages.post("/reports/cases/<int:number>/stop")
    @may("compliance")
    def stop_clock(number: int) -> AnyResponse | tuple[str, int]:
        """Stop the clock of a case."""
        flag = store.flags.by_number(number, here.tenant())
        outcome = request.form.get("outcome", "")
        try:
            stop(store, here.tenant(), flag.id, by=here.person(), outcome=outcome)
        except ReviewError as error:
            return _index(parts, (number, "", f"{str(error).capitalize()}.")), 400
        flash(f"The 72 h clock of flag {number} is stopped.", "success")
        return redirect("/reports#cases", 303)

    return pages


def _index(parts: Parts, problem: tuple[int, str, str] | None = None) -> str:
    now = datetime.now(UTC)
    tenant = here.tenant()
    kept = {report.month: report for report in parts.store.frozen_reports.list(tenant)}
    months = _months(parts)
    marked = clocks(parts.store, tenant)
    return render_template(
        "reports/index.html",
        current=Month.of(now),
        rows=[Row(month, kept.get(str(month))) for month in months],
        clocks=marked,
        left={clock.flag.id: clock.left_s(now) for clock in marked},
        cases=_unmarked(parts, marked),
        outcomes=OUTCOMES,
        max_cases=MAX_CASES,
        people={person.id: person.name for person in parts.store.people.list(tenant)},
        channel_name=_channel_name,
        zone=here.preferences().time_zone,
        problem=problem,
        now_local=now.astimezone(_zone()).strftime("%Y-%m-%dT%H:%M"),
    )


def _months(parts: Parts) -> list[Month]:
    """The months that are over with a log, and those that are frozen."""
    tenant = here.tenant()
    frozen = [Month.parse(one.month) for one in parts.store.frozen_reports.list(tenant)]
    found = months_to_report(parts.store, tenant, datetime.now(UTC))
    return sorted({*found, *frozen}, reverse=True)


def _unmarked(parts: Parts, marked: list[Clock]) -> list[FlagCard]:
    """Confirmed critical cases without a clock, newest first."""
    known = {clock.flag.id for clock in marked}
    found = parts.store.insight_audit.critical_confirmed(here.tenant(), MAX_CASES + len(known))
    return [flag for flag in found if flag.id not in known][:MAX_CASES]


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ReportError:
        abort(404)


def _body(parts: Parts, month: Month) -> tuple[FrozenReport | None, bytes]:
    """The frozen bytes of a month, or those it would have now. 404 for a month without a log."""
    try:
        frozen = parts.store.frozen_reports.get(here.tenant(), str(month))
    except NotFoundError:
        if month not in [*_months(parts), Month.of(datetime.now(UTC))]:
            abort(404)
        return None, body_of(compute(parts.store, here.tenant(), month))
    return frozen, frozen.body


def _frozen(parts: Parts, month: Month) -> FrozenReport:
    return parts.store.frozen_reports.get(here.tenant(), str(month))


def _shown(body: bytes) -> dict[str, Any]:
    """What the templates show of a report."""
    report = json.loads(body)
    return {
        "report": report,
        "headline": headline(report),
        "blocks": blocks(report, _channel_name),
        "titles": {key: one.title for key, one in DEFINITIONS.items()},
    }


def _name(parts: Parts, person_id: str) -> str:
    people = {person.id: person.name for person in parts.store.people.list(here.tenant())}
    return people.get(person_id, person_id)


def _channel_name(channel_id: str) -> str:
    return names().channel(here.tenant(), channel_id).shown


def _zone() -> ZoneInfo:
    try:
        return ZoneInfo(here.preferences().time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _moment(text: str) -> datetime:
    """A moment as a browser sends it, in the person's time zone. Raises: ReviewError."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=_zone())
    except ValueError:
        raise ReviewError("give day and time, like 2026-10-20T12:38", "at") from None


def _css() -> str:
    """The style of a report on its own."""
    return (files("bot.console") / "static" / "report.css").read_text(encoding="utf-8")


def _file(content: bytes, name: str, kind: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

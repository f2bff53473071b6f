"""Scan: a pasted text, or a Slack export, judged as messages are. Neither is stored."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from bot.build import Parts
from bot.console import here
from bot.console.roles import ALL_ROLES, may
from bot.errors import OverloadedError
from bot.scan_jobs import NotAnExportError, ScanJob, ScanJobs, flips
from bot.slack.cards import source_words
from piiguard import Message, Span
from piiguard.findings import Finding
from piiguard.items import one_line
from piiguard.labels import LABELS, SEVERITIES
from piiguard.policy import Verdict
from piiguard.reports import open_report

MAX_CHARS: Final = 40_000
MAX_ROWS: Final = 300
FORMATS: Final = {"csv": "text/csv; charset=utf-8", "html": "text/html; charset=utf-8", "jsonl": "application/jsonl"}  # fmt: skip
#: Exports that one person may upload: so many at once, then one in so many seconds.
_UPLOADS: Final = 3
_UPLOAD_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the pasted text, or what was found there."""

    text: str = field(repr=False)
    number: int = 0
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a pasted text."""

    stretches: list[Stretch] = field(repr=False)
    spans: list[Span]
    verdict: Verdict
    ignored: frozenset[int]


def routes(parts: Parts) -> Blueprint:
    """``/scan``."""
    pages = Blueprint("scan", __name__)
    jobs = ScanJobs(parts.guard)

    @pages.get("/scan")
    @may(*ALL_ROLES)
    def show() -> str:
        return _draw(parts, jobs)

    @pages.post("/scan")
    @may(*ALL_ROLES)
    def text() -> tuple[str, int] | str:
        """The answer itself shows what was found: the text is kept nowhere, so no page after a redirect could."""
        typed = request.form
        problem = _problem(typed)
        if problem:
            return _draw(parts, jobs, typed=typed, problem=problem), 400
        return _draw(parts, jobs, typed=typed, found=find(parts, typed))

    @pages.post("/scan/export")
    @may(*ALL_ROLES)
    def upload() -> AnyResponse | tuple[str, int]:
        person, file = here.person(), request.files.get("export")
        if file is None or not file.filename:
            return _draw(
                parts, jobs, upload_problem="Choose the zip that Slack's export gave you."
            ), 400
        wait_s = parts.store.buckets.take(
            f"scan:{person.id}", capacity=_UPLOADS, per_s=1 / _UPLOAD_S
        )
        if wait_s:
            raise TooManyRequests(retry_after=int(wait_s) + 1)
        policy = parts.policies.current().base
        name = one_line(file.filename)[:80]
        try:
            job = jobs.start(person.tenant, person.id, name, file.read(), policy)
        except NotAnExportError as error:
            return _draw(parts, jobs, upload_problem=f"This is {error}."), 400
        except OverloadedError as error:
            return _draw(parts, jobs, upload_problem=f"{error}."), 503
        return redirect(f"/scan/{job.id}")

    @pages.get("/scan/<job_id>")
    @may(*ALL_ROLES)
    def result(job_id: str) -> str:
        job = jobs.get(job_id, here.tenant(), here.person().id)
        at = _share(request.args.get("at", ""))
        kept = [one for one in job.findings if one.flagged]
        kept.sort(key=lambda one: (-SEVERITIES.index(one.severity), -one.score))
        return render_template(
            "scan_result.html",
            job=job,
            groups=_groups(job),
            findings=kept[:MAX_ROWS],
            n_more=max(0, len(kept) - MAX_ROWS),
            at=at,
            flips=None if at is None or job.is_running else flips(job.findings, job.policy, at),
            formats=FORMATS,
            shown_channel=_channel,
            source_words=source_words,
        )

    @pages.post("/scan/<job_id>/cancel")
    @may(*ALL_ROLES)
    def cancel(job_id: str) -> AnyResponse:
        jobs.get(job_id, here.tenant(), here.person().id).stop.set()
        return redirect(f"/scan/{job_id}")

    @pages.get("/scan/<job_id>/report.<kind>")
    @may(*ALL_ROLES)
    def report(job_id: str, kind: str) -> Response:
        job = jobs.get(job_id, here.tenant(), here.person().id)
        if kind not in FORMATS or job.is_running:
            abort(404)
        out = io.StringIO(newline="")
        written = open_report(kind, out, title=job.name, model=parts.guard.name)
        for finding in job.findings:
            if finding.flagged:
                written.add(finding)
        written.finish(job.totals)
        response = Response(out.getvalue(), content_type=FORMATS[kind])
        response.headers["Content-Disposition"] = f'attachment; filename="piiguard-scan.{kind}"'
        return response

    return pages


def find(parts: Parts, typed: Mapping[str, str]) -> Found:
    """What is personal in a text, and whether the policy would flag it; allow-lists are off."""
    text = typed["text"].replace("\r\n", "\n")
    before = tuple(
        line for line in typed.get("before", "").replace("\r\n", "\n").split("\n") if line
    )
    markup: Any = "slack" if typed.get("markup") == "slack" else "plain"
    message = Message(text, before[-4:], markup)
    spans = parts.guard.detect_batch([message])[0]
    policy = parts.policies.current().base
    stretches, at = [], 0
    for number, span in enumerate(spans, 1):
        stretches += [
            Stretch(text[at : span.start]),
            Stretch(text[span.start : span.end], number, span),
        ]
        at = span.end
    stretches.append(Stretch(text[at:]))
    ignored = frozenset(n for n, span in enumerate(spans, 1) if not policy.counts(span))
    return Found([one for one in stretches if one.text], spans, policy.decide(spans), ignored)


def _problem(typed: Mapping[str, str]) -> str:
    text = typed.get("text", "")
    if not text.strip():
        return "Paste a text first."
    if len(text) > MAX_CHARS or len(typed.get("before", "")) > MAX_CHARS:
        return f"Expected at most {MAX_CHARS:,} characters, as in a Slack message."
    return ""


def _draw(
    parts: Parts,
    jobs: ScanJobs,
    *,
    typed: Mapping[str, str] | None = None,
    found: Found | None = None,
    problem: str = "",
    upload_problem: str = "",
) -> str:
    person = here.person()
    return render_template(
        "scan.html",
        typed=typed or {},
        found=found,
        labels=LABELS,
        source_words=source_words,
        problem=problem,
        upload_problem=upload_problem,
        jobs=jobs.mine(person.tenant, person.id),
        model=parts.guard.name,
        max_mb=4,
        max_chars=MAX_CHARS,
    )


def _groups(job: ScanJob) -> list[tuple[str, Any]]:
    """Channels with findings, the worst first."""
    found = [(one_line(name), group) for name, group in job.totals.groups.copy().items()]
    return sorted(found, key=lambda one: (-one[1].worst, -one[1].flagged, one[0]))


def _channel(finding: Finding) -> str:
    return one_line(finding.place.channel or finding.place.file)


def _share(text: str) -> float | None:
    """A score of the address, 0 to 1."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None

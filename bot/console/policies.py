"""Policies: what is flagged and what happens then, changed by form or as YAML, tried on the last days before it counts."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Blueprint, Response, abort, flash, redirect, render_template, request

from bot.build import Parts
from bot.console import here
from bot.console.names import names
from bot.console.policy_form import by_field, document_from, sections_of
from bot.console.roles import ALL_ROLES, may
from bot.errors import ReviewError, StaleError
from bot.policies import DELIVERY, BotPolicy
from bot.policy_counts import LabelCount, label_counts
from bot.policy_store import PolicyFile, PolicyStore, sha256_of
from bot.policy_text import DiffLine, LineProblem, check, diff, document_of, to_yaml
from bot.simulate import Simulation, simulate
from piiguard.labels import LABELS, SEVERITIES
from piiguard.policy_file import MAX_CHARS

DAYS: Final = {1: "the last day", 7: "the last 7 days", 30: "the last 30 days"}
COUNT_DAYS: Final = 7
#: Counts stay true enough for so long.
_KEPT_S: Final = 60.0
_CHECKED: Final = "policy_checked"
_MAX_NOTE: Final = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that somebody considers, and what it would change."""

    text: str
    expected: str
    days: int
    policy: BotPolicy | None
    problems: list[LineProblem]
    simulation: Simulation | None = None
    lines: list[DiffLine] = field(default_factory=list)
    channels: list[tuple[str, int, int]] = field(default_factory=list)


def routes(parts: Parts) -> Blueprint:
    """``/policies``."""
    pages = Blueprint("policies", __name__)
    files = PolicyStore(parts.store, parts.policies)
    counts = _Counts(parts)

    @pages.get("/policies")
    @may(*ALL_ROLES)
    def show() -> str:
        return _form_page(parts, files, counts)

    @pages.get("/policies/yaml")
    @may(*ALL_ROLES)
    def as_yaml() -> str:
        file = files.file()
        return _yaml_page(files, Draft(file.text, file.sha256, COUNT_DAYS, None, []))

    @pages.get("/policies/policy.yaml")
    @may(*ALL_ROLES)
    def download() -> Response:
        response = Response(files.file().text, content_type="application/yaml; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="policy.yaml"'
        return response

    @pages.post("/policies/check")
    @may(*ALL_ROLES)
    def check_draft() -> Any:
        """What a change would do. Nothing is stored but that this person saw it."""
        draft = _draft(parts, files)
        if here.wants_fragment():
            return render_template("_policy_outcome.html", draft=draft, days=DAYS)
        if draft.policy is None:
            if "text" in request.form:
                return _yaml_page(files, draft), 400
            return _form_page(parts, files, counts, draft=draft), 400
        here.change_session(**{_CHECKED: sha256_of(draft.text)})
        return _check_page(files, draft)

    @pages.post("/policies/save")
    @may("admin")
    def save() -> Any:
        draft = _draft(parts, files)
        note = " ".join(request.form.get("note", "").split())[:_MAX_NOTE]
        if draft.policy is None:
            return _yaml_page(files, draft), 400
        if here.session().data.get(_CHECKED) != sha256_of(draft.text):
            here.change_session(**{_CHECKED: sha256_of(draft.text)})
            return _check_page(
                files, draft, problem="Look at what this changes, then save.", note=note
            ), 409
        try:
            version = files.save(draft.text, expected=draft.expected, by=here.person(), note=note)
        except StaleError:
            return _stale_page(parts, files, draft, note), 409
        except ReviewError as error:
            return _check_page(files, draft, problem=str(error), note=note), 400
        here.change_session(**{_CHECKED: None})
        flash(f"Version {version.number} is in force.", "success")
        return redirect("/policies/versions")

    @pages.get("/policies/versions")
    @may(*ALL_ROLES)
    def versions() -> str:
        file = files.file()
        return render_template(
            "policy_versions.html",
            tab="versions",
            versions=files.versions(),
            people=_people(parts),
            sha256=file.sha256,
            is_known=files.is_known(file),
        )

    @pages.get("/policies/versions/<int:number>")
    @may(*ALL_ROLES)
    def version(number: int) -> str:
        """A version, compared with the one before it, or with the file (``with=now``)."""
        found, file = files.version(number), files.file()
        is_now = request.args.get("with") == "now"
        earlier = [one for one in files.versions() if one.number < number]
        before = files.version(earlier[0].number).body if earlier else ""
        lines = diff(found.body, file.text) if is_now else diff(before, found.body)
        return render_template(
            "policy_version.html",
            tab="versions",
            version=found,
            before=earlier[0].number if earlier else None,
            is_now=is_now,
            is_current=found.sha256 == file.sha256,
            lines=lines,
            people=_people(parts),
            expected=file.sha256,
            can_save=files.can_save,
        )

    return pages


class _Counts:
    """The counts of the labels, kept for a moment."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._kept: dict[tuple[str, int], tuple[float, dict[str, LabelCount]]] = {}

    def of(self, tenant: str, policy: BotPolicy) -> dict[str, LabelCount]:
        key = (tenant, hash(repr(policy.base)))
        at, found = self._kept.get(key, (float("-inf"), {}))
        if time.monotonic() - at > _KEPT_S:
            groups = _groups_of(self._parts, tenant)
            found = label_counts(
                self._parts.store, tenant, policy, COUNT_DAYS,
                groups_of=lambda user_fp: groups.get(user_fp, ()),
            )  # fmt: skip
            if len(self._kept) > 100:
                self._kept.clear()
            self._kept[key] = (time.monotonic(), found)
        return found


def _draft(parts: Parts, files: PolicyStore) -> Draft:
    """What was sent, as YAML or as a form, checked, and tried on the last days where it is a policy."""
    form, file = request.form, files.file()
    if "text" in form:
        text = form["text"].replace("\r\n", "\n")
        if len(text) > MAX_CHARS:
            abort(413)
    else:
        base, _ = check(file.text)
        text = to_yaml(document_from(form, document_of(base.model) if base else {}))
    days = (
        int(form.get("days", "")) if form.get("days", "") in {str(n) for n in DAYS} else COUNT_DAYS
    )
    expected = form.get("expected", file.sha256)
    policy, problems = check(text)
    if policy is None:
        return Draft(text, expected, days, None, problems)
    tenant, groups = here.tenant(), _groups_of(parts, here.tenant())
    found = simulate(
        parts.store, tenant, parts.policies.current(), policy, days,
        groups_of=lambda user_fp: groups.get(user_fp, ()),
    )  # fmt: skip
    channels = [
        (names().channel(tenant, channel_id).shown, added, removed)
        for channel_id, (added, removed) in found.by_channel.items()
    ]
    channels.sort(key=lambda one: (-one[1] - one[2], one[0]))
    return Draft(text, expected, days, policy, [], found, diff(file.text, text), channels)


def _groups_of(parts: Parts, tenant: str) -> Mapping[str, Iterable[str]]:
    """The user groups of people, where a policy names one."""
    if not parts.policies.current().group_ids:
        return {}
    return parts.directory.groups_by_fingerprint(tenant)


def _form_page(
    parts: Parts, files: PolicyStore, counts: _Counts, *, draft: Draft | None = None
) -> str:
    """The form over the file, or over what was sent and was wrong."""
    file = files.file()
    policy, problems = check(file.text)
    # a file that is wrong is put right as YAML; the form shows what is in force
    shown = policy or parts.policies.current()
    known = names().channels(here.tenant())
    return render_template(
        "policy_form.html",
        tab="form",
        file=file,
        file_problems=problems,
        policy=shown,
        sections=sections_of(shown.model),
        labels=sorted(LABELS.values(), key=lambda one: (-SEVERITIES.index(one.severity), one.name)),
        severities=SEVERITIES,
        delivery=DELIVERY,
        counts=counts.of(here.tenant(), parts.policies.current()),
        count_days=COUNT_DAYS,
        channels={one: names().channel(here.tenant(), one).shown for one in shown.model.channels},
        known=sorted(known.values(), key=lambda one: one.shown),
        typed=request.form if draft else None,
        errors=by_field(draft.problems) if draft else {},
        days=DAYS,
        can_save=files.can_save,
        n_workspaces=len(parts.workspaces.active()),
        in_force_problem=parts.policies.problem,
    )


def _yaml_page(files: PolicyStore, draft: Draft, *, note: str = "") -> str:
    return render_template(
        "policy_yaml.html",
        tab="yaml",
        draft=draft,
        days=DAYS,
        note=note,
        lines=_lines(draft),
        can_save=files.can_save,
    )


def _lines(draft: Draft) -> dict[int, str]:
    """The lines that hold mistakes, by number."""
    lines = dict(enumerate(draft.text.split("\n"), 1))
    return {problem.line: lines.get(problem.line, "") for problem in draft.problems}


def _check_page(files: PolicyStore, draft: Draft, *, problem: str = "", note: str = "") -> str:
    return render_template(
        "policy_check.html",
        tab="check",
        draft=draft,
        days=DAYS,
        problem=problem,
        note=note,
        may_save=here.person().may("admin") and files.can_save,
        can_save=files.can_save,
    )


def _stale_page(parts: Parts, files: PolicyStore, draft: Draft, note: str) -> str:
    """Somebody saved meanwhile: both stand side by side, and saving again is a decision."""
    file: PolicyFile = files.file()
    newest = files.versions()[:1]
    who = _people(parts).get(newest[0].made_by, "somebody") if newest else "somebody"
    fresh = Draft(
        draft.text, file.sha256, draft.days, draft.policy, [], draft.simulation, diff(file.text, draft.text), draft.channels,
    )  # fmt: skip
    return _check_page(
        files,
        fresh,
        problem=f"The policy was changed meanwhile by {who}. Below is what yours changes in theirs; saving takes yours.",
        note=note,
    )


def _people(parts: Parts) -> dict[str, str]:
    return {one.id: one.name for one in parts.store.people.list(here.tenant())}

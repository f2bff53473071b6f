"""Submissions: what a submitted modal does. It is committed before it is answered.

The answer is ``response_action``: "errors" under the fields that are wrong, "update" with what comes next, or "clear".
https://docs.slack.dev/surfaces/modals
"""

from collections.abc import Callable
from typing import Any

from bot.corrected import corrected_spans
from bot.errors import ForbiddenError, NotFoundError, ReviewError, StaleError
from bot.ingress.fetched import fetch_message
from bot.metrics import Metrics
from bot.policies import Policies
from bot.records import PENDING, Decision, Flag, Person
from bot.review import DECIDERS, author_answer, record_review, report_missed, reveal
from bot.slack import texts
from bot.slack.cards import who_was_first
from bot.slack.forms import (
    CorrectionForm,
    count_added,
    read_correction,
    read_needed,
    read_report_missed,
    read_reveal_reason,
)
from bot.slack.modals import View, correction_modal, notice_modal, report_missed_modal, with_errors
from bot.slack.notices import answered_notice
from bot.slack.refs import read_ref
from bot.store import Store
from bot.workspaces import Workspaces

Answer = dict[str, Any]
_CLEAR: Answer = {"response_action": "clear"}


class Submissions:
    """``submit`` gives the body of the answer. Thread-safe."""

    def __init__(
        self,
        store: Store,
        workspaces: Workspaces,
        policies: Policies,
        person_of: Callable[[str, str], Person | None],
        metrics: Metrics,
        *,
        console_url: str = "",
    ):
        self._store = store
        self._workspaces = workspaces
        self._policies = policies
        self._person_of = person_of
        self._metrics = metrics
        self._console_url = console_url.rstrip("/")

    def submit(self, tenant: str, user_id: str, payload: dict[str, Any]) -> Answer | None:
        """A ``view_submission`` payload; None closes the view."""
        view = payload.get("view")
        view = view if isinstance(view, dict) else {}
        actions: dict[str, Callable[[str, str, View], Answer | None]] = {
            "correct_flag": self._correct,
            "report_missed": self._report,
            "needed_because": self._needed,
            "reveal_reason": self._reveal,
        }
        act = actions.get(str(view.get("callback_id")))
        if act is None:
            return None
        try:
            return act(tenant, user_id, view)
        except ReviewError as error:
            return _under(error, view)
        except StaleError as error:
            return _instead(who_was_first(error))
        except (NotFoundError, ForbiddenError) as error:
            with self._store.transaction() as tx:
                action = str(view.get("callback_id"))
                self._store.audit.append(tx, tenant, user_id, "click.refused", action)
            is_hidden = isinstance(error, NotFoundError)
            return _instead(texts.NO_LONGER_OPEN if is_hidden else texts.NOT_ALLOWED)

    def view_of(self, flag: Flag, person: Person, **options: Any) -> View:
        """The correction modal for this person."""
        url = f"{self._console_url}/flags/{flag.number}" if self._console_url else ""
        return correction_modal(
            flag,
            may_reveal=self._may_reveal(person),
            console_url=url,
            shows_last4=self._policies.current().notices.card_last4,
            **options,
        )

    def next_flag(self, tenant: str) -> Flag | None:
        """The flag that most needs review, and can be reviewed in Slack."""
        flags = self._store.flags.pending(tenant, 10)
        return next((flag for flag in flags if not flag.text_gone), None)

    def with_another_row(self, tenant: str, user_id: str, view: dict[str, Any]) -> View | None:
        """The view with one more row for missed PII; what was typed stays, for its fields keep their names."""
        n_added = count_added(view) + 1
        if view.get("callback_id") == "report_missed":
            channel_id, _, ts = str(view.get("private_metadata")).partition(":")
            return report_missed_modal(channel_id, ts, n_added=n_added)
        person = self._decider(tenant, user_id)
        ref = read_ref(view.get("private_metadata"))
        flag = self._store.flags.get(ref.flag_id, tenant)
        if flag.version != ref.version:
            raise StaleError(texts.CHANGED_MEANWHILE, flag)
        is_revealed = any(
            str(block.get("block_id", "")).startswith("exact:")
            for block in view.get("blocks") or ()
            if isinstance(block, dict)
        )
        if is_revealed and not self._may_reveal(person):
            raise ForbiddenError("not allowed")
        return self.view_of(
            flag, person, n_added=n_added, in_queue=ref.word == "next", revealed=is_revealed
        )

    def _correct(self, tenant: str, user_id: str, view: View) -> Answer:
        person = self._decider(tenant, user_id)
        form = read_correction(view)
        flag = self._store.flags.get(form.flag_id, tenant)
        if flag.version != form.version:
            raise StaleError(texts.CHANGED_MEANWHILE, flag)
        decision = decision_of(form)
        spans = corrected_spans(flag, form.changes, form.added) if decision == "correct" else None
        record_review(
            self._store,
            tenant,
            flag.id,
            decision,
            by=person,
            version=form.version,
            surface="slack",
            spans=spans,
            note=form.note,
            signed=form.signed,
        )
        self._metrics.reviews.labels(decision, "slack").inc()
        following = self.next_flag(tenant) if form.in_queue else None
        if following is not None:
            return _update(self.view_of(following, person, in_queue=True, signed=form.signed))
        if form.in_queue:
            return _instead("That was the last one. Nothing needs review.")
        return _CLEAR

    def _report(self, tenant: str, user_id: str, view: View) -> Answer:
        form = read_report_missed(view)
        client = self._workspaces.quick(tenant)
        message = fetch_message(
            client, tenant, form.channel_id, form.ts, self._workspaces.own_ids(tenant)
        )
        if message is None:
            raise ReviewError(texts.not_member("this channel"), "missed_text:0")
        policy = self._policies.current()
        flag = report_missed(
            self._store,
            message,
            form.added,
            by=user_id,
            note=form.note,
            review_channel=policy.routes.channel,
        )
        self._metrics.reviews.labels("report_missed", "slack").inc()
        return _instead(f"Thank you. This is flag {flag.number}; a reviewer will look at it.")

    def _needed(self, tenant: str, user_id: str, view: View) -> Answer:
        form = read_needed(view)
        flag = author_answer(self._store, tenant, form.flag_id, user_id, "needed", form.reason)
        says = texts.author_needed(flag.number)
        client = self._workspaces.quick(tenant)
        if client is not None and form.response_url:
            # a courtesy: where it fails, the notice keeps its buttons, and a second answer does no harm
            client.respond(form.response_url, answered_notice(flag, says))
        return _instead(says)

    def _reveal(self, tenant: str, user_id: str, view: View) -> Answer:
        person = self._decider(tenant, user_id)
        form = read_reveal_reason(view)
        may = self._policies.current().people.reviewers_may_reveal
        flag = reveal(self._store, form.flag_id, person, form.reason, reviewers_may=may)
        if flag.state not in PENDING:
            raise StaleError(texts.NO_LONGER_OPEN, flag)
        return _update(self.view_of(flag, person, revealed=True))

    def _decider(self, tenant: str, user_id: str) -> Person:
        person = self._person_of(tenant, user_id)
        if person is None or not person.may(*DECIDERS):
            raise ForbiddenError("only reviewers can decide")
        return person

    def _may_reveal(self, person: Person) -> bool:
        if person.may("compliance"):
            return True
        return person.may("reviewer") and self._policies.current().people.reviewers_may_reveal


def decision_of(form: CorrectionForm) -> Decision:
    """Nothing changed is a Confirm, everything removed is Not PII, the rest a correction."""
    if form.changes_nothing:
        return "confirm"
    if not form.added and all(edit.action == "remove" for edit in form.changes):
        return "not_pii"
    return "correct"


def _under(error: ReviewError, view: View) -> Answer:
    """The error under its field, or, where it belongs to none, under the first that the view has."""
    ids = [
        str(block["block_id"])
        for block in view.get("blocks") or ()
        if isinstance(block, dict) and block.get("type") == "input" and block.get("block_id")
    ]
    place = error.field if error.field in ids else ids[0] if ids else ""
    words = texts.sentence(str(error))
    return with_errors({place: words}) if place else _instead(words)


def _update(view: View) -> Answer:
    return {"response_action": "update", "view": view}


def _instead(text: str) -> Answer:
    """A short word in place of the form."""
    return _update(notice_modal("piiguard", text))

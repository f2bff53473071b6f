"""Clicks: what the buttons of a card and of a notice do. Authorised by our own tables, decided by bot/review.py."""

import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.directory import Directory
from bot.errors import ForbiddenError, NotFoundError, ReviewError, StaleError
from bot.metrics import Metrics
from bot.policies import Policies
from bot.records import PENDING, Decision, Flag, Job, Person
from bot.remediation import ask_author, request_deletion
from bot.review import (
    assign,
    author_answer,
    give_reason,
    record_review,
    snooze,
    undo,
)
from bot.slack import texts
from bot.slack.cards import who_was_first
from bot.slack.client import Done, SlackClient
from bot.slack.notices import answered_notice
from bot.slack.payloads import action_of, id_of, string, user_of, value_of
from bot.slack.refs import FlagRef, read_ref
from bot.store import NewSend, Store, lane_of

SNOOZE = timedelta(days=1)
_DECISIONS: Mapping[str, Decision] = {"confirm": "confirm", "not_pii": "not_pii"}


class Clicks:
    """Called with an inbox row that holds a `block_actions` payload. A row may come twice: the second changes nothing."""

    def __init__(
        self,
        store: Store,
        policies: Policies,
        directory: Directory,
        slack_of: Callable[[str], SlackClient | None],
        metrics: Metrics | None = None,
    ):
        self._store = store
        self._policies = policies
        self._directory = directory
        self._slack_of = slack_of
        self._metrics = metrics or Metrics()

    def __call__(self, job: Job) -> None:
        """Do what was clicked, and say so where the card itself does not."""
        action = action_of(job.payload)
        if action is None:
            return
        user_id = user_of(job.payload)
        try:
            says = self._do(job, user_id, str(action.get("action_id") or ""), value_of(action))
        except ForbiddenError as error:
            self._refused(job, user_id, action)
            asks = texts.no_role(self._store.people.admin_name(job.tenant))
            says = asks if error.by_role else texts.sentence(str(error))
        except NotFoundError:
            self._refused(job, user_id, action)
            says = texts.NO_LONGER_OPEN
        except StaleError as error:
            says = who_was_first(error)
        except ReviewError as error:
            says = texts.sentence(str(error))
        if says:
            self._tell(job, user_id, says)
        if _is_home(job.payload):
            # a Home tab has no place for an answer: what was clicked is seen in its next look
            self._publish_home(job, user_id)

    def _do(self, job: Job, user_id: str, action_id: str, value: str) -> str:
        """Do it; what to say to whoever clicked, "" where the card says it."""
        ref = read_ref(value)
        if action_id == "author_removed":
            flag = author_answer(self._store, job.tenant, ref.flag_id, user_id, "removed")
            is_gone = flag.state in ("resolved", "superseded")
            return self._answered(job, flag, texts.AUTHOR_REMOVED if is_gone else texts.AUTHOR_STILL_THERE)  # fmt: skip
        if action_id == "author_not_pii":
            flag = author_answer(self._store, job.tenant, ref.flag_id, user_id, "not_pii")
            return self._answered(job, flag, texts.AUTHOR_NOT_PII)
        person = self._directory.person(job.tenant, user_id)
        if person is None:
            raise ForbiddenError("only reviewers can decide")
        if action_id in _DECISIONS:
            self._decide(job, person, ref, _DECISIONS[action_id])
        elif action_id == "undo":
            undo(self._store, job.tenant, ref.flag_id, by=person, surface="slack")
        elif action_id == "not_pii_reason":
            give_reason(
                self._store, job.tenant, ref.flag_id, by=person, surface="slack", reason=ref.word
            )
        elif action_id == "delete_message":
            is_new = request_deletion(self._store, job.tenant, ref.flag_id, by=person)
            return texts.DELETE_ASKED if is_new else texts.DELETE_ASKED_BEFORE
        elif action_id == "more":
            return self._more(job, person, ref)
        return ""

    def _decide(
        self, job: Job, person: Person, ref: FlagRef, decision: Decision, reason: str = ""
    ) -> None:
        # the same click, done again after a crash, finds its own review
        review_id = uuid.uuid5(uuid.NAMESPACE_OID, job.event_key).hex
        version = ref.version
        for is_last in (False, True):
            try:
                record_review(
                    self._store,
                    job.tenant,
                    ref.flag_id,
                    decision,
                    by=person,
                    version=version,
                    surface="slack",
                    reason=reason,
                    review_id=review_id,
                )
                break
            except StaleError as error:
                # a repeat was counted, or somebody took it: still the same question
                if is_last or not _is_pending(error.current):
                    raise
                version = error.current.version  # type: ignore[attr-defined]
        self._metrics.reviews.labels(decision, "slack").inc()

    def _more(self, job: Job, person: Person, ref: FlagRef) -> str:
        """The entries of the menu behind the three buttons."""
        store, tenant = self._store, job.tenant
        if ref.word == "notify":
            is_new = ask_author(store, tenant, ref.flag_id, by=person)
            return texts.ASK_AUTHOR_DONE if is_new else "The author has been told before."
        if ref.word == "assign":
            assign(store, tenant, ref.flag_id, by=person, to=person.name)
        elif ref.word == "snooze":
            # from when the click came: the same at every attempt
            snooze(store, tenant, ref.flag_id, by=person, until=job.received_at + SNOOZE)
        elif ref.word == "test_data":
            self._decide(job, person, ref, "not_pii", "test_data")
        return ""

    def _answered(self, job: Job, flag: Flag, says: str) -> str:
        """Put what we say in the notice's place, so that its buttons go; what is left to say, where Slack did not."""
        client = self._slack_of(job.tenant)
        response_url = string(job.payload.get("response_url"))
        if client is None or not response_url:
            return says
        answer = client.respond(response_url, answered_notice(flag, says))
        return "" if isinstance(answer, Done) else says

    def _refused(self, job: Job, user_id: str, action: Mapping[str, Any]) -> None:
        with self._store.transaction() as tx:
            self._store.audit.append(
                tx, job.tenant, user_id, "click.refused", str(action.get("action_id"))[:64]
            )

    def _publish_home(self, job: Job, user_id: str) -> None:
        with self._store.transaction() as tx:
            key = f"home:{job.event_key}"[:200]
            lane = lane_of(job.tenant, user_id)
            self._store.outbox.put(tx, NewSend(key, job.tenant, lane, "home", user_id))

    def _tell(self, job: Job, user_id: str, text: str) -> None:
        """An ephemeral line where the click was: a courtesy. What counts is stored."""
        client = self._slack_of(job.tenant)
        channel = id_of(job.payload.get("channel"))
        if client is None or not channel or not user_id:
            return
        # in the thread where the button stands; None stays away
        thread_ts = string((job.payload.get("container") or {}).get("thread_ts")) or None
        client.call(
            "chat.postEphemeral", channel=channel, user=user_id, text=text, thread_ts=thread_ts
        )


def _is_pending(flag: object) -> bool:
    return isinstance(flag, Flag) and flag.state in PENDING


def _is_home(payload: Mapping[str, Any]) -> bool:
    view = payload.get("view")
    return isinstance(view, dict) and view.get("type") == "home"

"""Interactions: what a click, a shortcut or a submitted view does.

A click that decides goes to the inbox and is done by the worker. One that needs its trigger, which lives for three
seconds, opens its view in the request, with nothing slow before it. A submission commits before it is answered.
Whoever clicks is judged by our own tables; what the button carries proves nothing.
"""

from collections.abc import Callable
from typing import Any

from bot.errors import ForbiddenError, NotFoundError, ReviewError, StaleError
from bot.ingress.shortcuts import Shortcuts
from bot.ingress.submissions import Submissions
from bot.ingress.writer import Writer
from bot.records import PENDING, Person, Role
from bot.review import DECIDERS
from bot.slack import texts
from bot.slack.cards import who_was_first
from bot.slack.client import Done
from bot.slack.modals import View, needed_modal, notice_modal, reveal_reason_modal, why_modal
from bot.slack.payloads import action_of, id_of, string, user_of, value_of
from bot.slack.refs import FlagRef, read_ref
from bot.store import Store
from bot.store.inbox import NewEvent
from bot.workspaces import Workspaces

#: Decided by the worker (bot/worker/clicks.py).
DECIDING = frozenset(
    {
        "confirm", "not_pii", "undo", "not_pii_reason", "more", "delete_message", "author_removed",
        "author_not_pii",
    }
)  # fmt: skip
#: Opened here, while the trigger lives.
OPENING = frozenset({"correct", "reveal", "author_needed"})
QUEUE_EMPTY = "Nothing needs review."


class Interactions:
    """``handle`` gives the body of the answer, or None for an empty one. Thread-safe."""

    def __init__(
        self,
        store: Store,
        writer: Writer,
        workspaces: Workspaces,
        person_of: Callable[[str, str], Person | None],
        submissions: Submissions,
        shortcuts: Shortcuts,
    ):
        self._store = store
        self._writer = writer
        self._workspaces = workspaces
        self._person_of = person_of
        self._submissions = submissions
        self._shortcuts = shortcuts

    def handle(self, tenant: str, payload: dict[str, Any]) -> dict[str, Any] | None:
        """One interaction payload of a tenant that installed us."""
        kind = payload.get("type")
        try:
            if kind == "block_actions":
                self._click(tenant, payload)
            elif kind == "message_action":
                self._shortcuts.run(tenant, payload)
            elif kind == "shortcut" and payload.get("callback_id") == "review_queue":
                self._review_queue(tenant, payload)
            elif kind == "view_submission":
                return self._submissions.submit(tenant, user_of(payload), payload)
        except ForbiddenError as error:
            self._refused(tenant, payload)
            asks = texts.no_role(self._store.people.admin_name(tenant))
            self._tell(tenant, payload, asks if error.by_role else texts.sentence(str(error)))
        except NotFoundError:
            self._refused(tenant, payload)
            self._tell(tenant, payload, texts.NO_LONGER_OPEN)
        except StaleError as error:
            self._tell(tenant, payload, who_was_first(error))
        except ReviewError as error:
            self._tell(tenant, payload, texts.sentence(str(error)))
        return None

    def open_next(self, tenant: str, user_id: str, trigger_id: str) -> str:
        """Open the flag that most needs review; what to say instead where that cannot be done, else ""."""
        person = self._require(tenant, user_id, *DECIDERS)
        flag = self._submissions.next_flag(tenant)
        if flag is None:
            return QUEUE_EMPTY
        view = self._submissions.view_of(flag, person, in_queue=True)
        return "" if self._open(tenant, trigger_id, view) else texts.TRY_AGAIN

    def _review_queue(self, tenant: str, payload: dict[str, Any]) -> None:
        """A global shortcut has no channel to answer in: what there is to say opens as a modal too."""
        trigger_id = string(payload.get("trigger_id"))
        try:
            says = self.open_next(tenant, user_of(payload), trigger_id)
        except ForbiddenError:
            self._refused(tenant, payload)
            says = texts.no_role(self._store.people.admin_name(tenant))
        if says:
            self._open(tenant, trigger_id, notice_modal("Review PII queue", says))

    def _click(self, tenant: str, payload: dict[str, Any]) -> None:
        action = action_of(payload)
        if action is None:
            return
        action_id, value = string(action.get("action_id")), value_of(action)
        if action_id == "more" and value.startswith("why:"):
            self._require(tenant, user_of(payload), "viewer", *DECIDERS, "auditor", "ml", "admin")
            flag = self._store.flags.get(read_ref(value).flag_id, tenant)
            self._show(tenant, payload, why_modal(flag))
        elif action_id in OPENING:
            self._open_for(action_id, tenant, payload, read_ref(value))
        elif action_id == "review_queue":
            self._review_queue(tenant, payload)
        elif action_id == "add_span":
            self._add_row(tenant, payload)
        elif action_id in DECIDING:
            self._put(tenant, payload, action)

    def _open_for(self, action_id: str, tenant: str, payload: dict[str, Any], ref: FlagRef) -> None:
        if action_id == "author_needed":
            flag = self._store.flags.get(ref.flag_id, tenant)
            if flag.user_id != user_of(payload):
                raise ForbiddenError(
                    "only the author of a message can answer for it", by_role=False
                )
            response_url = string(payload.get("response_url"))
            self._show(tenant, payload, needed_modal(flag, response_url))
            return
        person = self._require(tenant, user_of(payload), *DECIDERS)
        flag = self._store.flags.get(ref.flag_id, tenant)
        if flag.state not in PENDING:
            raise StaleError("somebody decided this flag first", flag)
        if action_id == "reveal":
            # over the correction, which stays below it
            self._show(tenant, payload, reveal_reason_modal(flag), method="views.push")
        else:
            self._show(tenant, payload, self._submissions.view_of(flag, person))

    def _add_row(self, tenant: str, payload: dict[str, Any]) -> None:
        """ "Add another": the same view with one row more. ``hash`` keeps an older click from undoing a newer one."""
        view = payload.get("view")
        client = self._workspaces.quick(tenant)
        if not isinstance(view, dict) or client is None:
            return
        longer = self._submissions.with_another_row(tenant, user_of(payload), view)
        client.call("views.update", view_id=view.get("id"), hash=view.get("hash"), view=longer)

    def _show(
        self, tenant: str, payload: dict[str, Any], view: View, *, method: str = "views.open"
    ) -> None:
        """Open a view for whoever clicked, or tell them that it did not open."""
        trigger_id = string(payload.get("trigger_id"))
        if not self._open(tenant, trigger_id, view, method=method):
            self._tell(tenant, payload, texts.TRY_AGAIN)

    def _open(
        self, tenant: str, trigger_id: str, view: View, *, method: str = "views.open"
    ) -> bool:
        client = self._workspaces.quick(tenant)
        answer = client.call(method, trigger_id=trigger_id, view=view) if client else None
        return isinstance(answer, Done)

    def _put(self, tenant: str, payload: dict[str, Any], action: dict[str, Any]) -> None:
        """A click as an inbox row. Slack never repeats a click by itself; the key folds a replayed request."""
        container = payload.get("container")
        place = container if isinstance(container, dict) else {}
        where = string(place.get("message_ts")) or string(place.get("view_id"))
        name = ",".join(("block_actions", user_of(payload), where, string(action.get("action_ts"))))
        kept = {key: entry for key, entry in payload.items() if key != "token"}
        self._writer.put(NewEvent(f"click:{tenant}:{name}", "click", tenant, kept, prio=0))

    def _require(self, tenant: str, user_id: str, *roles: Role) -> Person:
        person = self._person_of(tenant, user_id)
        if person is None or not person.may(*roles):
            raise ForbiddenError("only reviewers can decide")
        return person

    def _refused(self, tenant: str, payload: dict[str, Any]) -> None:
        kind = string(payload.get("callback_id")) or string(payload.get("type"))
        with self._store.transaction() as tx:
            self._store.audit.append(tx, tenant, user_of(payload), "click.refused", kind[:80])

    def _tell(self, tenant: str, payload: dict[str, Any], text: str) -> None:
        """An ephemeral line where the click was. A courtesy: when Slack does not take it, nothing is lost."""
        channel_id = id_of(payload.get("channel"))
        client = self._workspaces.quick(tenant)
        if client is not None and channel_id:
            client.call("chat.postEphemeral", channel=channel_id, user=user_of(payload), text=text)

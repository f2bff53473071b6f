"""Shortcuts: the two entries of a message's menu. Anybody may use them."""

from typing import Any

from bot.ingress.fetched import as_message
from bot.parts_text import as_span, found_in
from bot.policies import Policies
from bot.slack.client import Done
from bot.slack.modals import View, check_modal, notice_modal, report_missed_modal
from bot.workspaces import Workspaces
from piiguard import Guard
from piiguard.messages import Message

MAX_CHARS = 8_000


class Shortcuts:
    """``view_of`` gives the view that a shortcut opens. Thread-safe."""

    def __init__(self, guard: Guard, policies: Policies, workspaces: Workspaces):
        self._guard = guard
        self._policies = policies
        self._workspaces = workspaces

    def run(self, tenant: str, payload: dict[str, Any]) -> bool:
        """Open what a message shortcut asks for; False where Slack did not open it."""
        view = self.view_of(tenant, payload)
        client = self._workspaces.quick(tenant)
        if view is None or client is None:
            return False
        answer = client.call("views.open", trigger_id=payload.get("trigger_id"), view=view)
        return isinstance(answer, Done)

    def view_of(self, tenant: str, payload: dict[str, Any]) -> View | None:
        """The form of a report, or the outcome of a check; None for a shortcut that is not ours."""
        channel, message = payload.get("channel"), payload.get("message")
        if not isinstance(channel, dict) or not isinstance(message, dict):
            return None
        channel_id, ts = str(channel.get("id") or ""), str(message.get("ts") or "")
        if payload.get("callback_id") == "report_missed_pii":
            return report_missed_modal(channel_id, ts)
        if payload.get("callback_id") == "check_this_message":
            return self._check(tenant, channel_id, message)
        return None

    def _check(self, tenant: str, channel_id: str, message: dict[str, Any]) -> View:
        read = as_message(tenant, channel_id, message, self._workspaces.own_ids(tenant))
        if read is None:
            return notice_modal("Check this message", "I do not read messages of this kind.")
        # detection takes time and the trigger lives for three seconds
        texts = [Message(part.text[:MAX_CHARS], (), part.markup) for part in read.parts[:8]]
        found = [
            found_in(part.name, span)
            for part, spans in zip(read.parts, self._guard.detect_batch(texts), strict=False)
            for span in spans
        ]
        policy = self._policies.current().for_message(channel_id)
        verdict = policy.decide([as_span(span) for span in found])
        return check_modal(found, flagged=verdict.flagged, severity=verdict.severity or "")

"""Backfill: reading older messages from Slack's history, politely, and again from where it stopped.

A window (channel, from, to) is an inbox row. Each page becomes rows of its messages, which go the way of live ones,
and a row for the rest of the window, in one transaction: killed anywhere, nothing is read twice to no purpose and
nothing is left out.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.errors import BotError
from bot.logs import event as log_event
from bot.records import Job
from bot.slack.client import Answer, Done, Refused, SlackClient, Unknown, Wait
from bot.slack.events import history_event, is_relevant, version_of
from bot.store import Store
from bot.store.inbox import NewEvent

PAGE = 100
#: Tier 3 is 50 a minute; half of it leaves room for what cannot wait.
PAUSE_S = 2.5
_SAMPLE_PAGES = 3
_PRIO = 2


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a look back costs. ``is_exact``: all of it fitted into the sample."""

    n_messages: int
    minutes: float
    is_exact: bool
    reason: str = ""

    def __str__(self) -> str:
        if self.reason:
            return f"Slack does not show this channel: {self.reason}"
        about = "" if self.is_exact else "about "
        return f"{about}{self.n_messages} messages, {about}{max(1, math.ceil(self.minutes))} min at Slack's limits"


class BackfillError(BotError):
    """Slack did not give a page; the row is tried again."""


class Backfill:
    """``estimate`` first, then ``start``; called with an inbox row it does one page of it."""

    def __init__(
        self,
        store: Store,
        slack_of: Callable[[str], SlackClient | None],
        *,
        now: Callable[[], float] = time.time,
    ):
        self._store = store
        self._slack_of = slack_of
        self._now = now

    def estimate(self, tenant: str, channel_id: str, days: int) -> Estimate:
        """How many messages, and how long: from the first pages, carried on over the time that is left."""
        client = self._slack_of(tenant)
        if client is None:
            return Estimate(0, 0, True, "not_installed")
        oldest, latest = self._now() - days * 86_400, self._now()
        n, cursor, reached = 0, "", latest
        for _ in range(_SAMPLE_PAGES):
            answer = self._page(client, channel_id, f"{oldest:.6f}", f"{latest:.6f}", cursor)
            if isinstance(answer, Refused):
                return Estimate(0, 0, True, answer.code)
            if not isinstance(answer, Done):
                break
            messages = answer.data.get("messages") or []
            n += len(messages) + sum(int(one.get("reply_count") or 0) for one in messages)
            if messages:
                reached = _seconds(messages[-1].get("ts"))
            cursor = _cursor(answer)
            if not cursor:
                return Estimate(n, n / PAGE * PAUSE_S / 60, True)
        share = (latest - reached) / (latest - oldest)
        total = round(n / share) if share > 0 else n
        return Estimate(total, total / PAGE * PAUSE_S / 60, False)

    def start(
        self,
        tenant: str,
        channel_id: str,
        days: int = 0,
        *,
        oldest: float | None = None,
        latest: float | None = None,
    ) -> bool:
        """Queue a look back over ``days``, or over a window; False when this one is queued already."""
        end = self._now() if latest is None else latest
        begin = end - days * 86_400 if oldest is None else oldest
        payload = {"v": 1, "channel": channel_id, "oldest": f"{begin:.6f}", "latest": f"{end:.6f}"}
        key = f"look:{tenant}:{channel_id}:{int(begin)}:{int(end)}"
        with self._store.transaction() as tx:
            is_new = self._store.inbox.put(
                tx, NewEvent(key, "backfill", tenant, payload, prio=_PRIO)
            )
            if is_new:
                self._note(tx, tenant, channel_id, "running", 0)
        return is_new

    def __call__(self, job: Job) -> None:
        """One page of a window; a window without a channel is opened for every channel we are in.

        Raises: BackfillError when Slack gave nothing, so that the row is tried again.
        """
        client = self._slack_of(job.tenant)
        if client is None:
            return
        channel_id = str(job.payload.get("channel") or "")
        oldest, latest = str(job.payload["oldest"]), str(job.payload["latest"])
        if not channel_id:
            for channel in self._channels(job.tenant, client):
                self.start(job.tenant, channel, oldest=float(oldest), latest=float(latest))
            return
        thread_ts = str(job.payload.get("thread_ts") or "")
        cursor = str(job.payload.get("cursor") or "")
        n_before = int(job.payload.get("n") or 0)
        answer = self._page(client, channel_id, oldest, latest, cursor, thread_ts)
        if isinstance(answer, Wait):
            self._later(job, answer.seconds)
            return
        if isinstance(answer, Refused):
            log_event("bot.backfill", "refused", level=30, code=answer.code, id=job.id)
            with self._store.transaction() as tx:
                self._note(tx, job.tenant, channel_id, f"refused:{answer.code}", n_before)
            return
        if isinstance(answer, Unknown):
            raise BackfillError("Slack gave no page; it is asked again")
        messages = [one for one in answer.data.get("messages") or [] if isinstance(one, dict)]
        self._keep(job, channel_id, messages, _cursor(answer), n_before, thread_ts)

    def _keep(
        self,
        job: Job,
        channel_id: str,
        messages: list[dict[str, Any]],
        cursor: str,
        n_before: int,
        thread_ts: str,
    ) -> None:
        """The page's messages, their threads and the rest of the window, as rows, in one transaction."""
        events = []
        for message in messages:
            if message.get("ts") == thread_ts:
                continue  # each page of replies begins with the message that they answer
            event = history_event(job.tenant, channel_id, message)
            if is_relevant(event):
                key = f"bf:{job.tenant}:{channel_id}:{message.get('ts')}:{version_of(message)}"
                events.append(NewEvent(key, "backfill", job.tenant, event, prio=_PRIO))
            if message.get("reply_count") and not thread_ts:
                thread = {"thread_ts": str(message["ts"]), "cursor": "", "n": 0}
                name = f"{job.event_key}:t:{message['ts']}"
                events.append(
                    NewEvent(name, "backfill", job.tenant, job.payload | thread, prio=_PRIO)
                )
        n = n_before + len(messages)
        if cursor:
            rest = job.payload | {"cursor": cursor, "n": n, "n_waits": 0}
            # the page's number, not the cursor, names the row: Slack may give another cursor for the same page
            name = f"{job.event_key.split(':w:')[0].split(':p:')[0]}:p:{n}"
            events.append(NewEvent(name, "backfill", job.tenant, rest, prio=_PRIO, delay_s=PAUSE_S))
        with self._store.transaction() as tx:
            for new in sorted(events, key=lambda one: one.event_key):
                self._store.inbox.put(tx, new)
            if not thread_ts:
                self._note(tx, job.tenant, channel_id, "running" if cursor else "done", n)

    def _later(self, job: Job, seconds: float) -> None:
        """The same row again, when Slack says so; waiting is no failure, so the attempt must not count."""
        n_waits = int(job.payload.get("n_waits") or 0) + 1
        name = f"{job.event_key.split(':w:')[0]}:w:{n_waits}"
        rest = job.payload | {"n_waits": n_waits}
        with self._store.transaction() as tx:
            self._store.inbox.put(
                tx, NewEvent(name, "backfill", job.tenant, rest, prio=_PRIO, delay_s=seconds)
            )

    def _page(
        self,
        client: SlackClient,
        channel_id: str,
        oldest: str,
        latest: str,
        cursor: str,
        thread_ts: str = "",
    ) -> Answer:
        args = {"channel": channel_id, "limit": PAGE, "cursor": cursor or None}
        if thread_ts:
            # all of the thread: an answer of today to a message of last week is in the window of neither
            return client.call("conversations.replies", ts=thread_ts, **args)
        return client.call("conversations.history", oldest=oldest, latest=latest, **args)

    def _channels(self, tenant: str, client: SlackClient) -> list[str]:
        """The channels we are in. Where Slack does not say (no scope), the gap stays, and is shown."""
        found: list[str] = []
        cursor = ""
        while True:
            answer = client.call(
                "users.conversations",
                types="public_channel,private_channel",
                exclude_archived="true",
                limit=200,
                cursor=cursor or None,
            )
            if isinstance(answer, Refused):
                log_event("bot.backfill", "gap_not_closed", level=30, code=answer.code)
                with self._store.transaction() as tx:
                    self._note(tx, tenant, "gap", f"refused:{answer.code}", 0)
                return found
            if not isinstance(answer, Done):
                raise BackfillError("Slack gave no list of channels; it is asked again")
            found += [str(one["id"]) for one in answer.data.get("channels") or []]
            cursor = _cursor(answer)
            if not cursor:
                return found

    def _note(self, tx: Any, tenant: str, channel_id: str, state: str, n: int) -> None:
        """What the console shows of a look back."""
        self._store.settings.set(tx, tenant, f"backfill:{channel_id}", f"{state} {n}")


def _cursor(answer: Done) -> str:
    metadata = answer.data.get("response_metadata")
    return str(metadata.get("next_cursor") or "") if isinstance(metadata, dict) else ""


def _seconds(ts: object) -> float:
    try:
        return float(str(ts))
    except ValueError:
        return 0.0

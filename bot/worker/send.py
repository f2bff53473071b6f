"""Sender: outbox rows to Slack. One send a lane at a time, at Slack's pace, and never twice where that can be known."""

import random
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from bot.errors import NotFoundError, OverloadedError
from bot.logs import event as log_event
from bot.metrics import Metrics
from bot.outgoing import AUTHOR, post_again, save_card
from bot.records import PENDING, Send
from bot.remediation import note_deletion
from bot.slack.cards import METADATA_TYPE
from bot.slack.client import Answer, Done, Refused, SlackClient, Unknown, Wait, stops_tenant
from bot.store import Store
from bot.store.outbox import method_lane
from bot.worker.render import Call, Later, Renderer

LEASE_S = 30.0
#: A call takes up to ten seconds: with less than this left of the lease it is not begun.
MIN_LEFT_S = 15.0
#: Between two looks for a post that may have arrived, and the least wait after a lost answer.
LOOK_AGAIN_S = 15.0
MAX_BACKOFF_S = 300.0
_NOT_INSTALLED_S = 60.0
_HISTORY_BEFORE_S = 300
_MAX_PAGES = 20
_POLL_S = 0.25
_DOWN_S = 2.0
#: Answers to an ephemeral message after which a direct message is tried.
_NOT_THERE = frozenset(
    {"user_not_in_channel", "not_in_channel", "channel_not_found", "is_archived", "user_not_found"}
)
#: What cannot be read back, so that it is never sent twice.
_UNREADABLE = frozenset({"chat.postEphemeral"})


class Sender:
    """``run_once`` sends what is due. Several may run, also in several processes."""

    def __init__(
        self,
        store: Store,
        slack_of: Callable[[str], SlackClient | None],
        render: Renderer,
        metrics: Metrics | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        look_again_s: float = LOOK_AGAIN_S,
    ):
        self._store = store
        self._slack_of = slack_of
        self._render = render
        self._metrics = metrics or Metrics()
        self._clock = clock
        self._look_again_s = look_again_s
        self._missed: dict[str, float] = {}  # send id -> when its post was first looked for in vain

    def run_once(self, *, at_most: int = 50) -> int:
        """Send what is due now; how many rows were taken.

        Raises: OverloadedError when the database does not answer; what was in flight is then looked up later.
        """
        for n in range(at_most):
            claimed_at = self._clock()
            send = self._store.outbox.claim(LEASE_S)
            if send is None:
                return n
            if send.attempts > 1:
                self._metrics.retries.labels("outbox").inc()
            self._deliver(send, claimed_at)
        return at_most

    def run_forever(self, stop: threading.Event) -> None:
        """Send until ``stop``; a send in flight is finished."""
        while not stop.is_set():
            try:
                if self.run_once(at_most=1) == 0:
                    stop.wait(_POLL_S)
            except OverloadedError as error:
                log_event("bot.sender", "database_down", level=40, error=error)
                stop.wait(_DOWN_S)

    def _deliver(self, send: Send, claimed_at: float) -> None:
        client = self._slack_of(send.tenant)
        if client is None:
            self._again(send, _NOT_INSTALLED_S, "not_installed")
            return
        try:
            call = self._render(send)
        except NotFoundError:
            call = None  # erased, or past its time
        except OverloadedError:
            raise
        except Exception as error:  # noqa: BLE001 - a row that cannot be drawn must not hold its lane for ever
            log_event("bot.sender", "not_rendered", level=40, id=send.id, error=error)
            self._store.outbox.refuse(send, type(error).__name__)
            return
        if call is None:
            self._store.outbox.done(send, pace_s=0)
            return
        if isinstance(call, Later):
            self._again(send, call.seconds, call.code)
            return
        if send.ambiguous and call.method in _UNREADABLE:
            self._store.outbox.unknown(send)
            return
        is_post = call.method == "chat.postMessage"
        if send.ambiguous and is_post and not self._may_post(send, call, client):
            return
        if LEASE_S - (self._clock() - claimed_at) < MIN_LEFT_S:
            self._again(send, 0, "slow")  # somebody else may hold the row before Slack answers
            return
        answer = self._call(client, call)
        is_hint = call.method == "chat.postEphemeral"
        if is_hint and isinstance(answer, Refused) and answer.code in _NOT_THERE:
            answer = self._directly(client, call)
        self._take(send, call, answer)

    def _call(self, client: SlackClient, call: Call) -> Answer:
        args = call.args
        if call.method == "chat.postMessage" and call.user_id:
            opened = self._counted("conversations.open", client.call("conversations.open", users=call.user_id))  # fmt: skip
            if not isinstance(opened, Done):
                # nothing was posted yet, whatever became of this call
                return Wait(self._look_again_s) if isinstance(opened, Unknown) else opened
            args = {**args, "channel": opened.data["channel"]["id"]}
        make = client.call_as_admin if call.as_admin else client.call
        return self._counted(call.method, make(call.method, **args))

    def _directly(self, client: SlackClient, call: Call) -> Answer:
        """The notice as a direct message, for an author who is not in the channel any more."""
        args = {name: value for name, value in call.args.items() if name in ("text", "blocks")}
        return self._call(client, Call("chat.postMessage", args, user_id=call.user_id))

    def _take(self, send: Send, call: Call, answer: Answer) -> None:
        """What an answer means for the row: table B5 of the design."""
        outbox = self._store.outbox
        if isinstance(answer, Done):
            self._done(send, call, answer)
        elif isinstance(answer, Wait):
            with self._store.transaction() as tx:
                outbox.block(send.lane, answer.seconds, tx=tx)
                outbox.block(method_lane(send.tenant, send.method), answer.seconds, tx=tx)
                outbox.retry(send, answer.seconds, ambiguous=False, error_code="ratelimited", tx=tx)
        elif isinstance(answer, Unknown):
            if call.method in _UNREADABLE:
                outbox.unknown(send)
            else:
                log_event("bot.sender", "answer_lost", level=30, id=send.id, code=answer.code)
                outbox.retry(send, self._backoff(send), ambiguous=True, error_code=answer.code)
        elif answer.code == "message_not_found" and call.method == "chat.delete":
            self._done(send, call, Done({}))
        elif answer.code == "message_not_found" and send.method == "card":
            self._card_gone(send, call)
        else:
            self._refused(send, call, answer)

    def _done(self, send: Send, call: Call, answer: Done) -> None:
        slack_ts = str(answer.data.get("ts") or answer.data.get("message_ts") or "")
        if answer.dropped_metadata:
            # without its mark a lost answer could become a second post
            log_event("bot.sender", "metadata_dropped", level=40, id=send.id, method=call.method)
        with self._store.transaction() as tx:
            if not self._store.outbox.done(send, slack_ts, tx=tx):
                log_event("bot.sender", "lease_lost", level=30, id=send.id)
            self._keep(tx, send, call, slack_ts)
        self._missed.pop(send.id, None)

    def _keep(self, tx: object, send: Send, call: Call, slack_ts: str) -> None:
        """What Slack's yes changes here; also when our lease was lost, for the post is there."""
        if send.method == "card" and call.shows:
            flag = call.shows[0]
            channel = str(send.args["channel"])
            # subtle: another version may have taken the card over meanwhile; only where it stands is ours to say
            self._store.cards.save(
                tx,  # type: ignore[arg-type]
                flag.tenant,
                flag.channel_id,
                flag.ts,
                channel,
                slack_channel=channel,
                slack_ts=slack_ts,
                rev=flag.version,
            )
        elif send.method == "digest":
            self._render.digested(tx, call, str(send.args["channel"]))
        elif send.method == "hint":
            save_card(self._store, tx, call.shows[0], AUTHOR, slack_ts=slack_ts or "told")
        elif send.method == "delete":
            note_deletion(self._store, tx, call.shows[0], "done")

    def _refused(self, send: Send, call: Call, answer: Refused) -> None:
        log_event(
            "bot.sender", "refused", level=40, id=send.id, method=call.method, code=answer.code
        )
        with self._store.transaction() as tx:
            if stops_tenant(answer.code) and not call.as_admin:
                # the row waits with all others until there is a token again
                self._store.outbox.stop_tenant(send.tenant, answer.code, tx=tx)
                self._store.outbox.retry(send, 0, ambiguous=False, error_code=answer.code, tx=tx)
                return
            self._store.outbox.refuse(send, answer.code, tx=tx)
            if send.method == "delete":
                note_deletion(self._store, tx, call.shows[0], f"refused:{answer.code}")

    def _card_gone(self, send: Send, call: Call) -> None:
        """Somebody deleted the card by hand: once it comes again, if there is still something to decide."""
        flag = self._store.flags.get(call.shows[0].id, send.tenant)
        with self._store.transaction() as tx:
            again = flag.state in PENDING and post_again(self._store, tx, flag, str(send.args["channel"]))  # fmt: skip
            self._store.outbox.done(send, tx=tx, pace_s=0)
        result = "posted_again" if again else "dropped"
        log_event("bot.sender", "card_gone", level=30, id=send.id, result=result)

    def _may_post(self, send: Send, call: Call, client: SlackClient) -> bool:
        """True when a post whose answer was lost is not in its channel: missing in two looks 15 s apart."""
        channel = str(call.args.get("channel") or "")
        if call.user_id:
            opened = client.call("conversations.open", users=call.user_id)
            if not isinstance(opened, Done):
                self._again(send, self._look_again_s, "not_opened")
                return False
            channel = str(opened.data["channel"]["id"])
        found = self._find(send, call, client, channel)
        if isinstance(found, str) and found:
            log_event("bot.sender", "found_again", id=send.id)
            self._done(send, call, Done({"ts": found}))
            return False
        if isinstance(found, Refused):
            # history cannot be read here: then at least one post
            log_event("bot.sender", "cannot_look_back", level=30, id=send.id, code=found.code)
            return True
        if not isinstance(found, str):
            after = found.seconds if isinstance(found, Wait) else self._backoff(send)
            self._again(send, after, "look_back")
            return False
        first = self._missed.setdefault(send.id, self._clock())
        if self._clock() - first < self._look_again_s:
            self._again(send, self._look_again_s, "look_back")
            return False
        return True

    def _find(
        self, send: Send, call: Call, client: SlackClient, channel: str
    ) -> str | Wait | Refused | Unknown:
        """The ts of the post with our mark; "" where all pages were read and it is on none."""
        since = send.first_sent_at - timedelta(seconds=_HISTORY_BEFORE_S) if send.first_sent_at else None  # fmt: skip
        cursor = ""
        for _ in range(_MAX_PAGES):
            answer = self._counted(
                "conversations.history",
                client.call(
                    "conversations.history",
                    channel=channel,
                    oldest=f"{since.timestamp():.6f}" if since else None,
                    include_all_metadata="true",
                    limit=100,
                    cursor=cursor or None,
                ),
            )
            if not isinstance(answer, Done):
                return answer
            for message in answer.data.get("messages") or []:
                if _mark_of(message) == call.mark and call.mark:
                    return str(message.get("ts") or "")
            cursor = str((answer.data.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return ""
        return Unknown("history_too_long")

    def _again(self, send: Send, after_s: float, code: str) -> None:
        """Later, as if nothing had been tried: what was known of earlier attempts stays."""
        self._store.outbox.retry(send, after_s, ambiguous=send.ambiguous, error_code=code)

    def _backoff(self, send: Send) -> float:
        """Full jitter up to five minutes, at least 15 s: an answer that is merely late must have arrived."""
        ceiling = min(MAX_BACKOFF_S, 2.0 ** min(send.attempts, 10))
        return max(self._look_again_s, random.uniform(0, ceiling))

    def _counted(self, method: str, answer: Answer) -> Answer:
        status = type(answer).__name__.lower()
        self._metrics.slack_api_calls.labels(method, status).inc()
        if isinstance(answer, Wait):
            self._metrics.slack_429.labels(method).inc()
        return answer


def _mark_of(message: object) -> str:
    metadata = message.get("metadata") if isinstance(message, dict) else None
    if not isinstance(metadata, dict) or metadata.get("event_type") != METADATA_TYPE:
        return ""
    payload = metadata.get("event_payload")
    return str(payload.get("key") or "") if isinstance(payload, dict) else ""

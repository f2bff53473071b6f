"""What the tests of worker, sender and reviews share: a guard of marker words, a scripted Slack, events."""

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bot.outgoing import NO_CARD
from bot.policies import Policies, parse_bot_policy
from bot.records import Install, Job, Person
from bot.slack.client import Answer, Done, Refused, Unknown
from bot.store import Store
from bot.store.inbox import NewEvent
from bot.worker.context import ContextRing
from bot.worker.render import Renderer
from bot.worker.scan import Worker
from bot.worker.send import Sender
from piiguard import Message, Span
from piiguard.slack_text import read_wire

TENANT = "T1"
REVIEW = "CREVIEW1"
OUR_BOT = "BOURS"
#: What the guard finds: a word and what follows it up to a space.
MARKERS = {
    "card": ("CREDIT_CARD", r"card-\w+"),
    "ssn": ("NATIONAL_ID", r"ssn-\w+"),
    "dob": ("DATE_OF_BIRTH", r"dob-\w+"),
    "mail": ("EMAIL_ADDRESS", r"mail-\w+"),
    "name": ("PERSON", r"name-\w+"),
}


class FakeGuard:
    """Finds marker words: ``card-1`` is a CREDIT_CARD. ``poison`` in a text raises; calls are kept."""

    name = "fake-1"
    manifest = None

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.batches: list[int] = []
        self.on_batch: Callable[[Sequence[Message]], None] = lambda messages: None

    def detect_batch(self, messages: Sequence[Message]) -> list[list[Span]]:
        self.batches.append(len(messages))
        self.on_batch(messages)
        if any("poison" in message.text for message in messages):
            raise RuntimeError("the model stumbled")
        self.messages += messages
        return [self._spans(message) for message in messages]

    def _spans(self, message: Message) -> list[Span]:
        plain = read_wire(message.text)
        return sorted(
            plain.to_wire(Span(match.start(), match.end(), label, 0.9, f"rule:{name}"))
            for name, (label, pattern) in MARKERS.items()
            for match in re.finditer(pattern, plain.text)
        )


class FakeSlack:
    """Answers of a small Slack: it keeps posts with their metadata, and does as ``script`` says first.

    ``script`` maps a method to a list of answers; a callable is called with the arguments and may post first.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.posts: dict[str, list[dict[str, Any]]] = {}
        self.script: dict[str, list[Answer | Callable[[dict[str, Any]], Answer]]] = {}
        self.users: list[dict[str, Any]] = []
        self.groups: dict[str, list[str]] = {}
        self.files: dict[str, bytes] = {}
        #: What went to response addresses.
        self.responses: list[tuple[str, dict[str, Any]]] = []
        self._seconds = itertools.count(1)

    def respond(self, url: str, payload: dict[str, Any]) -> Answer:
        self.responses.append((url, payload))
        waiting = self.script.get("response_url")
        return waiting.pop(0) if waiting else Done({})  # type: ignore[return-value]

    def call(self, method: str, **args: Any) -> Answer:
        self.calls.append((method, args))
        waiting = self.script.get(method)
        if waiting:
            answer = waiting.pop(0)
            return answer(args) if callable(answer) else answer
        return self._answer(method, args)

    def call_as_admin(self, method: str, **args: Any) -> Answer:
        return self.call(method, **args)

    def fetch_file(self, url: str) -> bytes:
        return self.files[url]

    def post(self, args: dict[str, Any]) -> Done:
        ts = f"1700000000.{next(self._seconds):06d}"
        self.posts.setdefault(str(args["channel"]), []).insert(0, {**args, "ts": ts})
        return Done({"ok": True, "ts": ts})

    def post_and_lose(self, args: dict[str, Any]) -> Answer:
        """Slack accepts, and its answer is lost."""
        self.post(args)
        return Unknown("reset")

    def named(self, method: str) -> list[dict[str, Any]]:
        return [args for name, args in self.calls if name == method]

    def _answer(self, method: str, args: dict[str, Any]) -> Answer:
        if method == "chat.postMessage":
            return self.post(args)
        if method == "chat.update":
            for post in self.posts.get(args["channel"], []):
                if post["ts"] == args["ts"]:
                    post.update(args)
                    return Done({"ok": True, "ts": args["ts"]})
            return Refused("message_not_found")
        if method == "conversations.history":
            return Done({"messages": list(self.posts.get(args["channel"], []))})
        if method == "conversations.open":
            return Done({"channel": {"id": "D" + args["users"]}})
        if method == "chat.getPermalink":
            return Done({"permalink": "https://example.slack.com/archives/C1/p1"})
        if method == "chat.postEphemeral":
            return Done({"message_ts": "1700000000.000001"})
        if method == "users.list":
            return Done({"members": self.users})
        if method == "usergroups.users.list":
            return Done({"users": self.groups.get(args["usergroup"], [])})
        return Done({})


class Office:
    """Store, worker, sender and a scripted Slack together, as one process would have them."""

    def __init__(self, store: Store, policy: str = "", *, test_values_count: bool = True):
        self.store = store
        self.guard = FakeGuard()
        self.slack = FakeSlack()
        self.policies = Policies(alert_channel=REVIEW, allow_listing=not test_values_count)
        if policy:
            self.set_policy(policy)
        self.context = ContextRing()
        self.clock = Clock()
        with store.transaction() as tx:
            store.installs.save(
                tx,
                Install(
                    TENANT, "Acme", "UOURBOT", OUR_BOT, "AOURS", "token-1", admin_token="token-2"
                ),
            )
        self.restart()

    def restart(self) -> None:
        """Fresh objects over the same database, as after a crash."""
        self.worker = Worker(self.store, self.guard, self.policies, self.slack_of, self.context)
        self.renderer = Renderer(self.store, self.policies, self.worker.directory, self.slack_of)
        self.sender = Sender(
            self.store, self.slack_of, self.renderer, clock=self.clock, look_again_s=15
        )

    def slack_of(self, tenant: str) -> Any:
        return self.slack if tenant == TENANT else None

    def set_policy(self, text: str) -> None:
        policy = parse_bot_policy(text)
        self.policies._current = self.policies._adapted(policy)

    def put(self, *events: dict[str, Any], kind: str = "event") -> None:
        self.store.inbox.put_many(
            [NewEvent(event["event_id"], kind, TENANT, event) for event in events]
        )

    def work(self) -> None:
        while self.worker.run_once():
            pass

    def send(self, let_time_pass: Callable[[Store, float], None], n: int = 30) -> None:
        """Send until nothing is due, lanes' pauses included."""
        for _ in range(n):
            if self.sender.run_once() == 0:
                let_time_pass(self.store, 2)
                if self.sender.run_once() == 0:
                    return

    def flags(self) -> list[Any]:
        return self.store.flags.pending(TENANT, 200, order="oldest")

    def cards(self) -> list[dict[str, Any]]:
        return self.slack.posts.get(REVIEW, [])

    def person(self, *roles: Any, name: str = "Dana", slack_user_id: str = "UDANA0001") -> Person:
        return self.store.people.add(TENANT, name, roles, slack_user_id=slack_user_id)

    def click(self, action_id: str, value: str, user: str = "UDANA0001", *, key: str = "") -> None:
        action: dict[str, Any] = {"action_id": action_id, "value": value, "action_ts": "1.1"}
        if action_id in ("more", "not_pii_reason"):
            action = {"action_id": action_id, "selected_option": {"value": value}}
        payload = {
            "type": "block_actions",
            "user": {"id": user},
            "channel": {"id": REVIEW},
            "actions": [action],
        }
        key = key or f"click:{action_id}:{value}:{user}"
        self.store.inbox.put_many([NewEvent(key, "click", TENANT, payload, prio=0)])
        self.work()


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


_ids = itertools.count(1)


def message(
    text: str,
    ts: str = "1700000000.000100",
    *,
    channel: str = "C1",
    user: str = "UANA00001",
    event_id: str = "",
    **more: Any,
) -> dict[str, Any]:
    """A `message` event as Slack delivers it."""
    inner = {"type": "message", "channel": channel, "user": user, "text": text, "ts": ts}
    return envelope({**inner, "event_ts": ts, **more}, event_id)


def edit(
    text: str, ts: str = "1700000000.000100", *, at: str, channel: str = "C1", event_id: str = "",
    user: str = "UANA00001", edited: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """A `message_changed` event; ``at`` is its event_ts."""
    inner: dict[str, Any] = {"type": "message", "user": user, "text": text, "ts": ts}
    if edited:
        inner["edited"] = {"user": user, "ts": at.split(".")[0] + ".000000"}
    event = {"type": "message", "subtype": "message_changed", "channel": channel, "message": inner}
    return envelope({**event, "ts": at, "event_ts": at}, event_id)


def deletion(
    ts: str = "1700000000.000100", *, at: str = "1700000900.000000", event_id: str = ""
) -> dict[str, Any]:
    """A `message_deleted` event."""
    event = {"type": "message", "subtype": "message_deleted", "channel": "C1", "deleted_ts": ts}
    return envelope({**event, "ts": at, "event_ts": at}, event_id)


def envelope(event: dict[str, Any], event_id: str = "") -> dict[str, Any]:
    return {
        "type": "event_callback",
        "team_id": TENANT,
        "event_id": event_id or f"Ev{next(_ids):08d}",
        "authorizations": [{"team_id": TENANT, "enterprise_id": None}],
        "event": event,
    }


def jobs_of(store: Store) -> list[Job]:
    return store.inbox.claim(64)


def texts_of(blocks: Iterable[Any]) -> str:
    """All strings of a card's blocks, for searching."""
    found: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list | tuple):
            for inner in value:
                walk(inner)

    walk(list(blocks))
    return "\n".join(found)


__all__ = ["NO_CARD", "FakeGuard", "FakeSlack", "Office"]

"""What the reliability tests share: the real bot on a simulated Slack over real HTTP, talk with canaries, a guard that counts."""

import io
import json
import logging
import random
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.app import create_app
from bot.build import build
from bot.config import BotConfig
from bot.crypto import MasterKey
from bot.logs import setup_logging
from bot.simulator import Simulator
from bot.slack.cards import METADATA_TYPE
from bot.web_server import WebServer
from piiguard import Guard, Message, Span
from piiguard.rule_detector import RuleDetector
from piiguard.rules.tables import ALL_RULES

HOST = "127.0.0.1"
CHANNELS = ("sales", "hr", "ops", "travel")
PEOPLE = ("ana", "ben", "caro", "dana")
_SYLLABLES = ("ba", "do", "fi", "gu", "ka", "le", "mo", "nu", "pa", "ri", "so", "tu")
_CARD_PREFIX = "539418"
#: Every word and number that ``Talk`` makes up looks like this, and nothing else of ours does.
CANARY = re.compile(rb"zq(?:[a-z]{2}){7}|" + _CARD_PREFIX.encode() + rb"[0-9]{10}")


class Talk:
    """Seeded messages: each has a word of its own, and one in ``flagged_rate`` a card number of its own."""

    def __init__(self, seed: int, flagged_rate: float = 0.05) -> None:
        self._dice = random.Random(seed)
        self._rate = flagged_rate
        self.canaries: set[bytes] = set()
        #: The words beside a value: a card shows them, or nobody could decide.
        self.beside: set[bytes] = set()

    def say(self, *, flagged: bool | None = None) -> str:
        """A text nobody has said yet."""
        word = self._new(lambda: "zq" + "".join(self._dice.choices(_SYLLABLES, k=7)))
        if flagged is None:
            flagged = self._dice.random() < self._rate
        if not flagged:
            return f"{word} is on the list, lunch at noon as ever"
        self.beside.add(word.encode())
        return f"{word} pays with card {self._new(self._card)} for the booking"

    def _new(self, make: Callable[[], str]) -> str:
        while (made := make()).encode() in self.canaries:
            pass
        self.canaries.add(made.encode())
        return made

    def _card(self) -> str:
        digits = _CARD_PREFIX + "".join(self._dice.choices("0123456789", k=9))
        doubled = [int(d) * (2 if n % 2 == 0 else 1) for n, d in enumerate(digits)]
        return digits + str(-sum(n - 9 if n > 9 else n for n in doubled) % 10)


def has_card(text: str) -> bool:
    """Whether ``Talk`` put a card number into this text."""
    return _CARD_PREFIX in text


def canaries_in(places: Mapping[str, bytes], canaries: set[bytes]) -> list[str]:
    """The places in which a canary stands, without saying which one."""
    return [
        name
        for name, content in places.items()
        if any(match[0] in canaries for match in CANARY.finditer(content))
    ]


class CountingGuard(Guard):
    """The rules, and how often each text was asked about. ``before``: called with each batch."""

    def __init__(self) -> None:
        super().__init__(RuleDetector(ALL_RULES), None)
        self.seen: Counter[str] = Counter()
        self.before: Callable[[Sequence[Message]], None] = lambda messages: None
        self._lock = threading.Lock()

    def detect_batch(self, messages: Sequence[Message]) -> list[list[Span]]:
        self.before(messages)
        found = super().detect_batch(messages)
        with self._lock:
            self.seen.update(message.text for message in messages)
        return found


class LiveBot:
    """Slack, the bot's web server and its threads, between ``with`` and its end."""

    def __init__(
        self,
        folder: Path,
        guard: Guard,
        *,
        database_url: str = "",
        retry_after_s: tuple[float, ...] = (0.0, 0.1, 0.3),
    ) -> None:
        self.sim = make_slack(retry_after_s)
        self.folder = folder
        environ = environ_of(self.sim, folder, database_url)
        self.parts = build(
            BotConfig.read(environ), guard=guard, master_key=MasterKey.throw_away(), exclusive=True
        )
        self.store = self.parts.store
        self.tenant = self.sim.workspace.team_id
        self.web = WebServer(create_app(self.parts), HOST, 0)

    def __enter__(self) -> "LiveBot":
        self.sim.start()
        self.web.start()
        self.parts.start()
        assert self.parts.workspaces.is_connected
        self.sim.app.listen_at(self.web.url)
        return self

    def __exit__(self, *exc: object) -> None:
        self.parts.stop()
        self.web.stop()
        self.sim.stop()

    def wait_idle(self, timeout_s: float = 60) -> None:
        """Until Slack has nothing to deliver, the inbox nothing to judge, the outbox nothing due to be sent."""
        assert self.sim.courier.wait_idle(timeout_s), "Slack still delivers"
        self.wait_for(lambda: self.n_unfinished() == 0, timeout_s)

    def n_unfinished(self) -> int:
        depth, out = self.store.inbox.depth(), self.store.outbox.depth()
        return depth.ready + depth.leased + out["ready"] + out["leased"]

    def wait_for(self, predicate: Callable[[], object], timeout_s: float = 30) -> None:
        until = time.monotonic() + timeout_s
        while not predicate():
            assert time.monotonic() < until, f"nothing came true within {timeout_s} s"
            time.sleep(0.05)

    def pending(self) -> Counter[tuple[str, str]]:
        """How many flags wait for a person, by (channel, ts)."""
        flags = self.store.flags.pending(self.tenant, 100_000, order="oldest")
        return Counter((flag.channel_id, flag.ts) for flag in flags)

    def marks(self) -> Counter[str]:
        """How often each mark stands in the review channel: one per card."""
        found = [message.get("metadata") or {} for message in self.sim.of_app("review")]
        assert all(one.get("event_type") == METADATA_TYPE for one in found)
        return Counter(one["event_payload"]["key"] for one in found)

    def mark_of(self, place: tuple[str, str]) -> str:
        """The mark that the card of a message bears."""
        review = self.sim.workspace.channel("review").id
        return self.parts.sender._render.mark(self.tenant, *place, review)


def make_slack(retry_after_s: tuple[float, ...]) -> Simulator:
    """Four people in four channels with the app, and a private review channel."""
    sim = Simulator(retry_after_s=retry_after_s)
    for name in PEOPLE:
        sim.workspace.add_user(name, name.capitalize() + " Example")
    bot = sim.app.bot_user_id
    for name in CHANNELS:
        sim.workspace.add_channel(name, [*PEOPLE, bot])
    sim.workspace.add_channel("review", ["dana", bot], is_private=True)
    return sim


def environ_of(sim: Simulator, folder: Path, database_url: str = "") -> dict[str, str]:
    """The settings of a bot for this Slack."""
    return {
        "PIIGUARD_DATA_DIR": str(folder),
        "PIIGUARD_DATABASE_URL": database_url,
        "PIIGUARD_KEYS_URL": f"sqlite:///{folder / 'keys.db'}",
        "PIIGUARD_BIND": f"{HOST}:0",
        "PIIGUARD_ALERT_CHANNEL": sim.workspace.channel("review").id,
        "SLACK_BOT_TOKEN": sim.bot_token,
        "SLACK_SIGNING_SECRET": sim.app.signing_secret,
        "SLACK_API_BASE_URL": sim.api_url,
    }


def texts_sent(sim: Simulator) -> dict[str, str]:
    """The text of each message event that Slack had to tell, by event id; "" for a deletion. Not the app's own posts."""
    review = sim.workspace.channel("review").id
    found: dict[str, str] = {}
    for event_id, body in sim.courier.bodies:
        event = json.loads(body)["event"]
        if event["type"] == "message" and event["channel"] != review:
            found[event_id] = event.get("message", event).get("text", "")
    return found


def acked(sim: Simulator) -> set[str]:
    """The ids of the events that were answered with 200 in time."""
    return {one.key for one in list(sim.deliveries) if one.kind == "event" and one.ok}


def files_under(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by path."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            found[str(path)] = path.read_bytes()
    return found


def percentile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@contextmanager
def log_output() -> Iterator[io.StringIO]:
    """Everything that is logged, at the level at which libraries talk most."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, sys.excepthook, threading.excepthook)
    raises = logging.raiseExceptions
    stream = io.StringIO()
    setup_logging(stream=stream, level=logging.DEBUG)
    try:
        yield stream
    finally:
        root.handlers[:], sys.excepthook, threading.excepthook = before[0], before[2], before[3]
        root.setLevel(before[1])
        logging.raiseExceptions = raises
        logging.captureWarnings(False)

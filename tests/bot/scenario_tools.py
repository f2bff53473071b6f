"""What the scenario tests share: the whole bot, running, on a simulated Slack, over real HTTP on each engine.

One office a module; each test has channels and an author of its own. After every test nothing that was written as a
value may stand in what the bot sent, answered or logged.
"""

import io
import itertools
import logging
import random
import re
import shutil
import sys
import threading
import time
import uuid
from functools import partial
from urllib.parse import unquote_plus

import pytest
from sqlalchemy import Double, func, or_, select, update

from bot.app import create_app
from bot.build import build
from bot.config import BotConfig
from bot.crypto import MasterKey
from bot.logs import SafeFormatter, setup_logging
from bot.records import PENDING
from bot.simulator import Simulator
from bot.slack.manifest import manifest
from bot.store.tables import lanes, metadata, outbox
from bot.web_server import WebServer
from bot.worker import send
from piiguard import Guard, Span
from piiguard.rule_detector import RuleDetector
from piiguard.rules.tables import ALL_RULES
from tests.bot.conftest import ENGINES

WAIT_S = 10.0
CONSOLE = "https://piiguard.invalid"
FEATURES = ("channels", "dms", "files", "groups", "team", "delete")
REVIEW = "pii-review"
ROLES = {"dana": ("reviewer", "compliance"), "lee": ("reviewer",), "sam": ("admin",)}
#: dana, lee and sam are who they are; kim has no role and is a member of the review channel all the same.
COLLEAGUES = {
    "dana": "Dana Whitfield",
    "lee": "Lee Marchetti",
    "sam": "Sam Ruiz",
    "kim": "Kim Tran",
}
_FIRST_NAMES = "Marta|Dana|Odile|Tomasz|Renske"
_SECRET = re.compile(r"[^0-9A-Za-z]")


class Names:
    """In place of the model: a listed first name and the capitalized word after it are a PERSON."""

    name = "names"

    def detect_batch(self, messages):
        pattern = rf"\b(?:{_FIRST_NAMES}) [A-Z]\w+"
        return [
            [Span(m.start(), m.end(), "PERSON", 0.97, "model") for m in re.finditer(pattern, message.text)]
            for message in messages
        ]  # fmt: skip


def fast_guard() -> Guard:
    """All rules, and a few names; no model to load."""
    return Guard(RuleDetector(ALL_RULES), Names())


class Values:
    """Invented values that nobody has seen before, each with digits that hold; all of them are remembered."""

    def __init__(self, seed: int = 20):
        self._dice = random.Random(seed)
        self.given: list[str] = []

    def card(self) -> str:
        digits = "45" + self._digits(13)
        digits += next(check for check in "0123456789" if _luhn(digits + check) == 0)
        return self._new(" ".join(digits[n : n + 4] for n in range(0, 16, 4)))

    def ssn(self) -> str:
        area, group = self._dice.randint(300, 580), self._dice.randint(11, 98)
        return self._new(f"{area}-{group}-{self._dice.randint(1001, 9998)}")

    def iban(self) -> str:
        account = self._digits(18)
        check = 98 - int(account + "131400") % 97
        plain = f"DE{check:02}{account}"
        return self._new(" ".join(plain[n : n + 4] for n in range(0, 22, 4)))

    def email(self, domain: str = "kestrel-foods.eu") -> str:
        name = "".join(self._dice.choices("bcdfglmnprst", k=7))
        return self._new(f"{name}.lind@{domain}")

    def name(self) -> str:
        last = "".join(self._dice.choices("aeiou", k=1) + self._dice.choices("bdglmnrst", k=5))
        return self._new(f"Marta {last.capitalize()}ow")

    def secret(self) -> str:
        """A word of no kind at all: what no detector finds."""
        return self._new("Q" + "".join(self._dice.choices("bcdfghkmnpqrstvwxz", k=9)))

    def password(self) -> str:
        return self._new("".join(self._dice.choices("bcdfgkmnpr", k=6)).capitalize() + "+47")

    def _digits(self, n: int) -> str:
        return "".join(self._dice.choices("0123456789", k=n))

    def _new(self, value: str) -> str:
        self.given.append(value)
        return value


def _luhn(digits: str) -> int:
    """0 where the check digit holds."""
    doubled = [int(digit) * (1 + n % 2) for n, digit in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10


class Office:
    """A workspace and the bot in it. What people do is in ``sim``; this class waits, and reads what became of it."""

    def __init__(self, folder, url, keys_url, master_key):
        self.folder = folder
        self.values = Values()
        self.revealed: set[str] = set()
        self.log = io.StringIO()
        self._numbers = itertools.count(1)
        self._passed_s = 0.0
        self._n_seen = [0, 0, 0]
        self.sim = Simulator(retry_after_s=(0.0, 0.1, 0.2))
        # addresses of the console are not of this machine; Slack is told where the bot is by listen_at
        self.sim.app.take_manifest(manifest(CONSOLE, features=FEATURES))
        self.sim.bot_token = self.sim.grant_bot()
        for name, real_name in COLLEAGUES.items():
            self.sim.workspace.add_user(name, real_name, is_admin=name == "sam")
        self.admin_token = self.sim.grant_user("sam", "chat:write")
        bot = self.sim.app.bot_user_id
        self.review = self.sim.workspace.add_channel(REVIEW, [*COLLEAGUES, bot], is_private=True)
        self.policy_file = folder / "policy.yaml"
        self.policy_file.write_text("")
        self.config = BotConfig.read(
            {
                "PIIGUARD_DATA_DIR": str(folder),
                "PIIGUARD_DATABASE_URL": url,
                "PIIGUARD_KEYS_URL": keys_url,
                "PIIGUARD_BASE_URL": CONSOLE,
                "PIIGUARD_ALERT_CHANNEL": self.review.id,
                "PIIGUARD_POLICY": str(self.policy_file),
                "SLACK_BOT_TOKEN": self.sim.bot_token,
                "SLACK_SIGNING_SECRET": self.sim.app.signing_secret,
                "SLACK_API_BASE_URL": self.sim.api_url,
                "SLACK_ADMIN_USER_TOKEN": self.admin_token,
            }
        )
        self.parts = build(
            self.config, guard=fast_guard(), master_key=master_key, console_url=CONSOLE
        )
        self.store = self.parts.store
        # Slack's second between two posts is tested with the sender; here it would only cost time
        self.store.outbox.done = partial(self.store.outbox.done, pace_s=0.0)
        self.parts.sender._clock = lambda: time.monotonic() + self._passed_s
        self.web = WebServer(create_app(self.parts), "127.0.0.1", 0, n_threads=8)
        self.tenant = self.sim.workspace.team_id

    def start(self):
        setup_logging(stream=self.log, level=logging.DEBUG)
        self.sim.start()
        self.web.start()
        self.sim.app.listen_at(self.web.url)
        self.parts.start()
        for name, roles in ROLES.items():
            user = self.sim.workspace.user(name)
            self.store.people.add(
                self.tenant, user.real_name, frozenset(roles), slack_user_id=user.id
            )
        self.settle()  # the first cron slots, the directory among them
        return self

    def stop(self):
        self.parts.stop()
        self.web.stop()
        self.sim.stop()

    # ---------------------------------------------------------------------------------------- people and places
    def new_author(self, **more):
        """Somebody new, whose hints and Home are empty."""
        return self.sim.workspace.add_user(
            f"author{next(self._numbers)}", "Ulla Nilsdotter", **more
        )

    def new_channel(self, *members, **more):
        """A channel with the author, all moderators and the bot in it; its name."""
        channel = self.sim.workspace.add_channel(
            f"place-{next(self._numbers)}", [*members, *COLLEAGUES, self.sim.app.bot_user_id], **more
        )  # fmt: skip
        return channel.name

    def set_policy(self, text: str) -> None:
        """Another policy file, taken up now instead of within two seconds."""
        self.policy_file.write_text(text)
        self.parts.policies._looked_at = float("-inf")
        self.parts.policies._stamp = None
        self.parts.policies.current()
        assert self.parts.policies.problem == ""

    def unfound(self) -> str:
        """A word that nothing finds: beside a value it stands on a card until somebody reports it."""
        word = self.values.secret()
        self.revealed.add(word)
        return word

    # ---------------------------------------------------------------------------------------- waiting
    def until(self, predicate, timeout_s: float = WAIT_S):
        """The first true answer."""
        return self.sim.wait_for(predicate, timeout_s)

    def settle(self) -> None:
        """Wait until nothing is on its way, in either direction: then what did not happen will not."""
        assert self.sim.courier.wait_idle()
        self.until(self._is_settled)

    def _is_settled(self) -> bool:
        depth = self.store.inbox.depth()
        if depth.ready + depth.leased:
            return False
        with self.store.reading() as tx:
            due = outbox.c.available_at <= self.store.now(tx).timestamp() + 0.3
            busy = or_(outbox.c.state == "leased", (outbox.c.state == "ready") & due)
            return not tx.execute(select(func.count()).select_from(outbox).where(busy)).scalar_one()

    def pass_time(self, seconds: float) -> None:
        """As if the clocks of database and sender had gone on."""
        self.settle()
        with self.store.transaction() as tx:
            for table in metadata.sorted_tables:
                if table.name == "audit":  # nobody changes its rows
                    continue
                for column in table.c:
                    if isinstance(column.type, Double) and column.name != "score":
                        tx.execute(
                            update(table)
                            .where(column.is_not(None), column != 0)
                            .values({column: column - seconds})
                        )
        self._passed_s += seconds

    def unblock(self) -> None:
        """End what lanes wait for: a mute, Slack's Retry-After."""
        with self.store.transaction() as tx:
            tx.execute(update(lanes).values(blocked_until=0.0, next_at=0.0))

    # ---------------------------------------------------------------------------------------- what is stored
    def flags(self, channel, ts):
        """All flags of a message, oldest first."""
        channel_id = self.sim.workspace.channel(channel).id
        with self.store.reading() as tx:
            return self.store.flags.of_message(tx, self.tenant, channel_id, ts)

    def flag(self, channel, ts, state="open"):
        """The flag of a message once it is in this state."""

        def find():
            return next((one for one in self.flags(channel, ts) if one.state == state), None)

        return self.until(find)

    def fresh(self, flag):
        return self.store.flags.get(flag.id, self.tenant)

    def became(self, flag, state):
        """The flag once it has this state."""
        return self.until(lambda: (one := self.fresh(flag)).state == state and one)

    def audited(self, action, **wanted):
        """The rows of the audit log with this action, newest first."""
        rows = [row for row in self.store.audit.rows(self.tenant, 500) if row.action == action]
        return [
            row for row in rows if all(getattr(row, key) == value for key, value in wanted.items())
        ]

    # ---------------------------------------------------------------------------------------- what people see
    def card(self, flag):
        """The card of a flag in the review channel, once it shows the flag as it is."""

        def find():
            newest = self.fresh(flag)
            for card in self.store.cards.by_flag(newest):
                is_new = card.flag_id == flag.id and card.rev >= newest.version
                if card.target == self.review.id and card.slack_ts and is_new:
                    return self.sim.message(card.slack_ts)
            return None

        return self.until(find)

    def cards(self):
        """All that the bot wrote in the review channel."""
        return self.sim.of_app(REVIEW)

    def has_card(self, channel, ts):
        return any(
            card.slack_ts and card.target == self.review.id
            for flag in self.flags(channel, ts)
            for card in self.store.cards.by_flag(flag)
        )

    def hints(self, user, channel=None):
        """The ephemeral messages that this person was shown, in a channel."""
        who = self.sim.workspace.user(user).id
        where = self.sim.workspace.channel(channel).id if channel else ""
        return [
            shown.message
            for shown in self.sim.workspace.ephemerals
            if shown.user_id == who and where in ("", shown.channel_id)
        ]

    def hint(self, user, channel=None, containing=""):
        """The newest of them, once there is one."""
        return self.until(
            lambda: next(
                (one for one in reversed(self.hints(user, channel)) if containing in shown(one)), None
            )
        )  # fmt: skip

    # ---------------------------------------------------------------------------------------- what nobody may see
    def check_nothing_leaked(self) -> None:
        """No value given since the start stands in what the bot sent, answered or logged since the last look."""
        values = [value for value in self.values.given if value not in self.revealed]
        n_calls, n_deliveries, n_chars = self._n_seen
        calls, deliveries = self.sim.calls[n_calls:], self.sim.deliveries[n_deliveries:]
        sinks = [(f"call {call.method}", str(call.args), call.body) for call in calls]
        sinks += [(f"answer to {one.what}", "", one.answer) for one in deliveries]
        log = self.log.getvalue()
        sinks.append(("log", log[n_chars:], b""))
        self._n_seen = [n_calls + len(calls), n_deliveries + len(deliveries), len(log)]
        for where, text, body in sinks:
            text += unquote_plus(body.decode("utf-8", "replace"))
            for value in values:
                assert value not in text, f"a value stands in: {where}"
                assert bare(value) not in text, f"a bare value stands in: {where}"

    def check_nothing_is_stored_in_clear(self) -> None:
        """Not in a file of the data directory either; PostgreSQL's are the same cells."""
        for path in self.folder.iterdir():
            content = path.read_bytes()
            for value in self.values.given:
                assert value.encode() not in content, f"a value stands in {path.name}"
                assert bare(value).encode() not in content, f"a value stands in {path.name}"


def bare(value: str) -> str:
    """A value without its spaces and dashes."""
    return _SECRET.sub("", value)


def shown(message) -> str:
    """All that a person reads of a message or view, on one line; plain text for both."""
    words: list[str] = []

    def walk(value):
        if isinstance(value, dict):
            if isinstance(value.get("text"), str):
                words.append(value["text"])
            for key, inner in value.items():
                if key not in ("metadata", "private_metadata", "state") and not isinstance(inner, str):  # fmt: skip
                    walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    blocks = message.get("blocks")
    walk({"text": message.get("text", "") if not blocks else "", "title": message.get("title")})
    walk(blocks or [])
    return " ".join(" ".join(words).split())


def buttons(message) -> set[str]:
    """The action ids that a person can press or choose."""
    found = set()
    for block in message.get("blocks") or []:
        for element in (*block.get("elements", ()), block.get("accessory") or {}):
            if isinstance(element, dict) and element.get("action_id"):
                found.add(element["action_id"])
    return found


def menu(message) -> dict[str, str]:
    """The entries of the menu behind the buttons: word -> value."""
    for block in message.get("blocks") or []:
        for element in block.get("elements", ()):
            if element.get("action_id") == "more":
                return {one["value"].split(":")[0]: one["value"] for one in element["options"]}
    return {}


def fields(view) -> list[str]:
    """The block ids of a modal's inputs."""
    return [block["block_id"] for block in view.wire["blocks"] if block["type"] == "input"]


def is_pending(flag) -> bool:
    return flag.state in PENDING


def start_office(request, tmp_path_factory):
    """A running office on the engine of ``request.param``; a generator for fixtures."""
    folder = tmp_path_factory.mktemp("office")
    keys_url = f"sqlite:///{folder / 'keys.db'}"
    server = name = None
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), folder / "piiguard.db")
        url = f"sqlite:///{folder / 'piiguard.db'}"
    else:
        server = request.getfixturevalue("postgres")
        name = f"t{uuid.uuid4().hex}"
        server.execute(f"CREATE DATABASE {name} TEMPLATE piiguard_template")
        url = server.url(name)
    hooks = sys.excepthook, threading.excepthook, logging.raiseExceptions, logging.getLogger().level
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(send, "_POLL_S", 0.02)
        office = Office(folder, url, keys_url, MasterKey.throw_away())
        try:
            yield office.start()
        finally:
            office.stop()
            root = logging.getLogger()
            for handler in list(root.handlers):
                if isinstance(handler.formatter, SafeFormatter):
                    root.removeHandler(handler)
            sys.excepthook, threading.excepthook, logging.raiseExceptions = hooks[:3]
            root.setLevel(hooks[3])
            logging.captureWarnings(False)
        office.check_nothing_is_stored_in_clear()
    if server is not None:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def lend(office):
    """An office for one test, and the look at what it leaked."""
    # twenty cards an hour become a digest: each test has its own hour
    with office.store.transaction() as tx:
        tx.execute(update(outbox).values(created_at=outbox.c.created_at - 3600))
    office.sim.faults.clear()
    yield office
    office.sim.faults.clear()
    for name in ("dana", "lee", "sam", "kim"):
        office.sim.views.stacks[office.sim.workspace.user(name).id].clear()
    if office.policy_file.read_text():
        office.set_policy("")
    office.settle()
    office.check_nothing_leaked()


@pytest.fixture(scope="module", params=ENGINES)
def running_office(request, tmp_path_factory):
    yield from start_office(request, tmp_path_factory)


@pytest.fixture
def office(running_office):
    yield from lend(running_office)


@pytest.fixture
def author(office):
    """Somebody who has written nothing yet."""
    return office.new_author()


@pytest.fixture
def channel(office, author):
    """A channel of the author's."""
    return office.new_channel(author)

"""run_demo(): the real bot and a simulated Slack in one process, with a throw-away key in a temporary folder.

Nothing is sent anywhere: both servers listen on this machine only, and Slack is bot/simulator.
"""

import signal
import socket
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from bot.app import create_app
from bot.build import Parts, build
from bot.config import BotConfig
from bot.console import open_console
from bot.crypto import MasterKey
from bot.demo_company import NAME, REVIEW_CHANNEL, found, open_the_day
from bot.demo_guide import SAMPLE, guide
from bot.errors import BotError
from bot.logs import setup_logging
from bot.policies import Policies
from bot.records import Role
from bot.simulator import Simulator
from bot.slack.manifest import manifest
from bot.web_server import WebServer
from piiguard import Guard

HOST = "127.0.0.1"
FEATURES = ("channels", "dms", "files", "groups", "team")
READY_S = 20.0
ROLES: dict[str, tuple[Role, ...]] = {
    "dana": ("reviewer", "compliance", "ml"),
    "lee": ("reviewer",),
    "sam": ("admin",),
    "ruth": ("auditor",),
    "kim": ("viewer",),
}
#: Who the link of the welcome signs in.
HOST_PERSON = "dana"
LINK_S = 24 * 3600.0
#: Authors hear of critical finds at once, and moderators may look behind the dots, so that a visitor sees both.
POLICY = """\
notices:
  checksum: at_once
  critical: at_once
  card_last4: true
people:
  reviewers_may_reveal: true
"""


class Demo:
    """The parts, put together and running between ``start`` and ``stop``."""

    def __init__(self, config: BotConfig, *, guard: Guard | None = None) -> None:
        self._at_end = ExitStack()
        try:
            self._build(config, guard)
        except BaseException:
            self._at_end.close()
            raise

    def _build(self, config: BotConfig, guard: Guard | None) -> None:
        folder = self._at_end.enter_context(tempfile.TemporaryDirectory(prefix="piiguard-demo-"))
        self.data_dir = Path(folder)
        wanted = config.port + 1 if config.port else 0
        self.sim = Simulator(_free_port(wanted), host=HOST, name=NAME)
        self._at_end.callback(self.sim.stop)
        port = _free_port(config.port)
        url = f"http://{HOST}:{port}"
        self.sim.app.take_manifest(manifest(url, features=FEATURES))
        self.sim.bot_token = self.sim.grant_bot()
        self.sim.limits.is_on = True
        found(self.sim)
        self.sim.guide = guide()
        policy = self.data_dir / "policy.yaml"
        policy.write_text(POLICY, encoding="utf-8")
        review = self.sim.workspace.channel(REVIEW_CHANNEL).id
        self.config = BotConfig.read(
            {
                "PIIGUARD_DATA_DIR": folder,
                "PIIGUARD_BIND": f"{HOST}:{port}",
                "PIIGUARD_BASE_URL": url,
                "PIIGUARD_ALERT_CHANNEL": review,
                "PIIGUARD_MODEL": str(config.model or ""),
                "PIIGUARD_POLICY": str(policy),
                "SLACK_BOT_TOKEN": self.sim.bot_token,
                "SLACK_SIGNING_SECRET": self.sim.app.signing_secret,
                "SLACK_API_BASE_URL": self.sim.api_url,
            }
        )
        # the values of the demo are published test numbers; the lists would hide them
        policies = Policies(policy, alert_channel=review, allow_listing=False)
        self.parts: Parts = build(
            self.config,
            guard=guard,
            policies=policies,
            master_key=MasterKey.throw_away(),
            console_url=url,
        )
        self._at_end.callback(self.parts.stop)
        console = open_console(self.parts, is_https=False, demo=True)
        self._web = WebServer(create_app(self.parts, console=console), HOST, port)
        self.url = self._web.url

    def start(self) -> Self:
        """Serve both sides, and write the first messages."""
        self.sim.start()
        self._at_end.callback(self._web.stop)
        self._web.start()
        self.parts.start()
        until = time.monotonic() + READY_S
        while not self.parts.workspaces.is_connected:
            if time.monotonic() > until:
                raise BotError(f"The demo's bot did not reach its Slack within {READY_S:.0f} s")
            time.sleep(0.05)
        tenant = self.sim.workspace.team_id
        for name, roles in ROLES.items():
            user = self.sim.workspace.user(name)
            self.parts.store.people.add(tenant, user.real_name, roles, slack_user_id=user.id)
        open_the_day(self.sim)
        return self

    def console_link(self) -> str:
        """An address that opens the console as Dana, once."""
        store = self.parts.store
        dana = self.sim.workspace.user(HOST_PERSON)
        person = store.people.by_slack(self.sim.workspace.team_id, dana.id)
        assert person is not None
        return f"{self.url}/login/{store.sessions.one_time(person.id, LINK_S)}"

    def stop(self) -> None:
        """Stop both sides and throw data and key away."""
        self._at_end.close()

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *exc: object) -> None:
        self.stop()


def run_demo(config: BotConfig, seconds: float | None = None) -> None:
    """Run until Ctrl-C, or for ``seconds``. Raises BotError when a thread of the bot has died."""
    asked = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: asked.set())
    demo = Demo(config)
    until = time.monotonic() + (seconds or float("inf"))
    path = demo.data_dir / "bot.log"
    # line by line, so that one can follow it
    with path.open("w", encoding="utf-8", buffering=1) as log:
        setup_logging(stream=log)
        try:
            demo.start()
            _say(welcome(demo))
            while (left_s := until - time.monotonic()) > 0 and not asked.wait(min(1.0, left_s)):
                if dead := demo.parts.dead_threads():
                    last = "\n".join(path.read_text(encoding="utf-8").splitlines()[-8:])
                    raise BotError(f"The demo's thread {dead[0]} died. Its last log lines:\n{last}")
        finally:
            demo.stop()
    _say("The demo has ended. Its data and its key are gone.")


def welcome(demo: Demo) -> str:
    """Where to click, in plain words, at most 80 columns."""
    return f"""
piiguard demo: the real bot and a simulated Slack, all on this machine.

  Slack (simulated)   {demo.sim.url}/
  Console, as {demo.sim.workspace.user(HOST_PERSON).real_name}; this link works once:
  {demo.console_link()}

You are Ana at {NAME}. Her messages are read by piiguard, except in
#random, where it is not a member. For a start, write in #hr:

  {SAMPLE}

Then change person at the top right: Dana and Lee decide in #{REVIEW_CHANNEL}.
The list on the right of the page says what else to try, and ticks itself.

All values are published test numbers. Data and key are in a temporary folder
and go away at the end. What the bot logs: {demo.data_dir}/bot.log
Stop with Ctrl-C.
"""


def _say(text: str) -> None:
    print(text, file=sys.stdout, flush=True)


def _free_port(wanted: int) -> int:
    """``wanted`` when nobody has it, else a free one."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise BotError("No free port on this machine")

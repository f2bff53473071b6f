"""Simulator: a small Slack over real HTTP, for tests and for the demo. Nothing of the bot is known to it.

It keeps the behaviour that Slack documents; each file names the pages it was written from. What it leaves out: Enterprise
Grid, group direct messages, Slack Connect, Socket Mode, search, reactions, and everything else that the bot never asks for.
"""

import threading
import time
from collections.abc import Callable
from typing import Self, TypeVar

from flask import Flask

from bot.simulator.app import App, new_token
from bot.simulator.delivery import RETRY_AFTER_S, Courier
from bot.simulator.faults import Faults
from bot.simulator.guide import Guide
from bot.simulator.interactions import Interactions
from bot.simulator.limits import RateLimits
from bot.simulator.page import page
from bot.simulator.records import Call, Channel, Delivery, Token, User, Wire
from bot.simulator.server import Server
from bot.simulator.views import Views
from bot.simulator.visitors import Visitors
from bot.simulator.web_api import web_api
from bot.simulator.workspace import Workspace

T = TypeVar("T")
#: https://docs.slack.dev/reference/methods/conversations.history
HISTORY_PAGE = 999


class Simulator(Visitors):
    """A workspace, an app installed in it, and the HTTP server that is Slack to that app.

    People and channels may be given by id or name. ``listen_at`` of ``.app`` says where the app is; until then no
    event goes out.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        name: str = "Fernhill Coffee",
        seed: int = 0,
        retry_after_s: tuple[float, ...] = RETRY_AFTER_S,
        timeout_s: float = 3.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.stopping = threading.Event()
        self.workspace = Workspace(name, seed=seed, clock=clock)
        self.app = App()
        bot = self.workspace.add_user(self.app.name, self.app.name, is_bot=True)
        self.app.bot_user_id = bot.id
        self.tokens: dict[str, Token] = {}
        self.revoked: set[str] = set()
        self.codes: dict[str, tuple[str, str, frozenset[str]]] = {}
        self.views = Views(self.workspace, self.app)
        self.faults = Faults()
        self.limits = RateLimits(clock)
        self.history_page = HISTORY_PAGE
        self.keeps_for_compliance = False
        self.guide = Guide()
        self.calls: list[Call] = []
        self.courier = Courier(
            self.app,
            retry_after_s=retry_after_s,
            timeout_s=timeout_s,
            clock=clock,
            on_done=self.workspace.touch,
        )
        self.interactions = Interactions(self)
        self.bot_token = self.grant_bot()
        self.workspace.on_event = self.hear
        web = Flask(__name__, static_folder=None)
        web.config["MAX_CONTENT_LENGTH"] = 4 << 20
        # people and channels keep the order in which they were made
        web.json.sort_keys = False  # type: ignore[attr-defined]
        web.register_blueprint(web_api(self))
        web.register_blueprint(page(self))
        self._server = Server(web, host, port)
        self.url = f"http://{host}:{self._server.port}"
        self.workspace.files_url = self.url

    # ------------------------------------------------------------------------------------------ life
    @property
    def api_url(self) -> str:
        """What SLACK_API_BASE_URL has to be."""
        return self.url + "/api/"

    @property
    def deliveries(self) -> list[Delivery]:
        """Every request made to the app, retries included."""
        return self.courier.deliveries

    def start(self) -> Self:
        """Serve."""
        self._server.start()
        return self

    def stop(self) -> None:
        """Serve no more and send nothing more."""
        self.stopping.set()
        self.workspace.touch()
        self.courier.stop()
        self._server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def wait_for(self, predicate: Callable[[], T], timeout_s: float = 5.0) -> T:
        """The first true answer of ``predicate``. AssertionError when there is none in time."""
        until = time.monotonic() + timeout_s
        while True:
            if found := predicate():
                return found
            left = until - time.monotonic()
            if left <= 0:
                raise AssertionError(f"nothing came true within {timeout_s} s")
            with self.workspace.changed:
                self.workspace.changed.wait(min(left, 0.05))

    # ------------------------------------------------------------------------------------------ the app
    def grant_bot(self, scopes: frozenset[str] | None = None) -> str:
        """A new bot token."""
        return self._grant(
            new_token("xoxb", self.app.bot_user_id, self.app.scopes if scopes is None else scopes)
        )

    def grant_user(self, user: str | User, *scopes: str) -> str:
        """A new user token; chat:write of an administrator deletes others' messages."""
        found = self.workspace.user(user)
        return self._grant(
            new_token("xoxp", found.id, frozenset(scopes or ("chat:write",)), is_bot=False)
        )

    def _grant(self, token: Token) -> str:
        self.tokens[token.value] = token
        return token.value

    def revoke(self, token: Token | str) -> None:
        """Revoke a token. https://docs.slack.dev/reference/events/tokens_revoked"""
        found = self.tokens.pop(token if isinstance(token, str) else token.value)
        self.revoked.add(found.value)
        kind = "bot" if found.is_bot else "oauth"
        self.hear(
            None,
            {
                "type": "tokens_revoked",
                "tokens": {kind: [found.user_id]},
                "event_ts": self.workspace.new_ts(),
            },
        )

    def uninstall(self) -> None:
        """Remove the app: its tokens end, and it hears both events. https://docs.slack.dev/reference/events/app_uninstalled"""
        self.app.is_installed = False
        self.hear(None, {"type": "app_uninstalled", "event_ts": self.workspace.new_ts()})
        for token in [token for token in self.tokens.values() if token.is_bot]:
            self.revoke(token)

    def record(self, call: Call) -> None:
        """Keep a call of the app."""
        self.calls.append(call)
        self.workspace.touch()

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one method."""
        return [call for call in self.calls if call.method == method]

    def hear(self, channel: Channel | None, event: Wire) -> None:
        """Send an event to the app if it subscribed and may see it. https://docs.slack.dev/apis/events-api"""
        name = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}.get(channel.type if channel else "", "")  # fmt: skip
        subscribed = name if event["type"] == "message" else event["type"]
        if subscribed not in self.app.events or (
            channel and self.app.bot_user_id not in channel.members
        ):
            return
        team_id = self.workspace.team_id
        self.courier.send_event(
            {
                "token": self.app.verification_token,
                "team_id": team_id,
                "context_team_id": team_id,
                "context_enterprise_id": None,
                "api_app_id": self.app.app_id,
                "event": event,
                "type": "event_callback",
                "event_id": self.workspace.new_id("Ev"),
                "event_time": int(self.workspace.now()),
                "authorizations": [
                    {"enterprise_id": None, "team_id": team_id, "user_id": self.app.bot_user_id, "is_bot": True, "is_enterprise_install": False}
                ],
                "is_ext_shared_channel": False,
                "event_context": self.workspace.new_id("4-"),
            }
        )  # fmt: skip

    def challenge(self) -> Delivery:
        """Ask the app's address to prove itself. https://docs.slack.dev/reference/events/url_verification"""
        n_before = len(self.deliveries)
        body = {
            "token": self.app.verification_token,
            "challenge": self.workspace.new_id("c").lower(),
            "type": "url_verification",
        }
        self.courier.send_event(body)
        self.wait_for(lambda: len(self.deliveries) > n_before)
        return self.deliveries[-1]

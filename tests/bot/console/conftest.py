"""What the console's tests share: real parts on each engine, a signed-in client for each role, real flags."""

import itertools
import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.app import create_app
from bot.build import Parts, build
from bot.config import BotConfig
from bot.console import Console, open_console
from bot.new_flags import flag_of
from bot.parts_text import content_key
from bot.records import Flag, FoundSpan, Install, Part, Person, Role, SlackMessage
from piiguard.guard import Guard
from piiguard.rule_detector import RuleDetector
from piiguard.rules.tables import ALL_RULES
from tests.bot.worker_tools import FakeSlack

TENANT = "T0TENANT1"
OTHER_TENANT = "T0TENANT2"
COOKIE = "piiguard"
INSTALL = Install(TENANT, "Fernhill Coffee", "U0BOT00001", "B0BOT00001", "A0APP00001", "xoxb-1-a")
OTHER_INSTALL = Install(OTHER_TENANT, "Other Inc", "U0BOT00002", "B0BOT00002", "A0APP00001", "xoxb-1-b")  # fmt: skip


class ConsoleClient(FlaskClient):
    """A browser. ``person`` is who is signed in, ``secret`` what the cookie holds; ``send`` posts with a CSRF token."""

    person: Person | None = None
    secret: str = ""

    def token(self) -> str:
        """A CSRF token that this browser may post with."""
        page = self.get("/me" if self.secret else "/login")
        found = re.search(r'name="csrf-token" content="([^"]+)"', page.text)
        assert found, f"no CSRF token on the page ({page.status_code})"
        return found[1]

    def send(self, path: str, data: Any = None, **options: Any) -> Any:
        """POST a form as a page of ours does."""
        headers = {"X-CSRFToken": self.token()} | options.pop("headers", {})
        return self.post(path, data=data or {}, headers=headers, **options)


@pytest.fixture(scope="session")
def rule_guard() -> Guard:
    """All rules and no model: quick, and its answers are known."""
    return Guard(RuleDetector(ALL_RULES), None)


@pytest.fixture
def slack() -> FakeSlack:
    """The Slack that the parts talk to; ``calls``, ``posts`` and ``script`` as in worker_tools."""
    return FakeSlack()


@pytest.fixture
def environ() -> dict[str, str]:
    """More settings for ``parts``; override it in a test module."""
    return {}


@pytest.fixture
def parts(store_urls, tmp_path, master_key, rule_guard, slack, environ, monkeypatch) -> Iterator[Parts]:  # fmt: skip
    """Real parts on SQLite and on PostgreSQL, nothing started; two workspaces are installed."""
    url, keys_url = store_urls
    settings = {
        "PIIGUARD_DATA_DIR": str(tmp_path),
        "PIIGUARD_DATABASE_URL": url,
        "PIIGUARD_KEYS_URL": keys_url,
        "SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99yyyzzz85a5",
        "SLACK_API_BASE_URL": "http://127.0.0.1:9/api/",
    }
    config = BotConfig.read(settings | environ)
    parts = build(config, guard=rule_guard, master_key=master_key, exclusive=False)
    with parts.store.transaction() as tx:
        parts.store.installs.save(tx, INSTALL)
        parts.store.installs.save(tx, OTHER_INSTALL)
    for name in ("client", "quick"):
        monkeypatch.setattr(
            type(parts.workspaces), name, lambda self, tenant: slack if tenant == TENANT else None
        )
    yield parts
    parts.stop()


@pytest.fixture
def console(parts) -> Console:
    return open_console(parts, is_https=False)


@pytest.fixture
def app(parts, console) -> Flask:
    """The application with the console; errors become error pages, as in the real one."""
    app = create_app(parts, console=console)
    app.test_client_class = ConsoleClient
    return app


@pytest.fixture
def stranger(app) -> ConsoleClient:
    """A browser that nobody is signed in to."""
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def make_person(parts) -> Callable[..., Person]:
    """A person with roles: ``make_person("Lee", "reviewer")``."""

    def make(name: str, *roles: Role, tenant: str = TENANT, **fields: Any) -> Person:
        known = parts.store.people.by_name(name)
        return known or parts.store.people.add(tenant, name, roles, **fields)

    return make


@pytest.fixture
def sign_in(app, parts) -> Callable[[Person], ConsoleClient]:
    """A new browser with a real session of a person."""

    def open_(person: Person) -> ConsoleClient:
        client = app.test_client()
        client.person = person
        client.secret = parts.store.sessions.open(person.id, person.tenant)
        client.set_cookie(COOKIE, client.secret)
        return client

    return open_


@pytest.fixture
def client_as(make_person, sign_in) -> Callable[..., ConsoleClient]:
    """A signed-in browser: ``client_as("reviewer")``, ``client_as("reviewer", name="Lee")``, several roles at once."""

    def make(*roles: Role, name: str = "", tenant: str = TENANT) -> ConsoleClient:
        name = name or f"{'-'.join(roles) or 'nobody'} of {tenant}"
        return sign_in(make_person(name, *roles, tenant=tenant))

    return make


_numbers = itertools.count(1)


@pytest.fixture
def make_flag(parts) -> Callable[..., Flag]:
    """A flag as a scan stores it, with its message.

    ``make_flag("call Ana on 555-0101", [("Ana", "PERSON"), ("555-0101", "PHONE_NUMBER", 0.7)])``; a span may also be
    (start, end, label, score) or a FoundSpan. By keyword: tenant, channel_id, ts, thread_ts, user_id, model, score,
    severity, reasons, parts, source.
    """

    def make(
        text: str = "her ssn is 078-05-1120",
        spans: Sequence[Any] = (("078-05-1120", "NATIONAL_ID"),),
        *,
        source: str = "model",
        score: float = 0.9,
        model: str = "piiguard-en-1",
        severity: Any = None,
        reasons: tuple[str, ...] = ("critical label",),
        **message: Any,
    ) -> Flag:
        fields = {
            "tenant": TENANT,
            "channel_id": "C0SALES001",
            "ts": f"{time.time() - 600:.0f}.{next(_numbers):06d}",
            "version": "0000000000.000000",
            "user_id": "U0ANA00001",
            "parts": (Part("text", text),),
        } | message
        written = SlackMessage(**fields)
        found = tuple(_span(one, text, score, source) for one in spans)
        store = parts.store
        content_fp = store.keys.fingerprint(written.tenant, "content", content_key(written))
        with store.transaction() as tx:
            names = (written.tenant, written.channel_id, written.ts)
            store.messages.upsert(
                tx, *names, version=written.version, content_fp=content_fp, deleted=False
            )
            new = flag_of(
                store, written, content_fp, found, model=model, severity=severity, reasons=reasons
            )
            flag, _ = store.flags.record(tx, new)
            store.flags.recompute(tx, *names)
            return store.flags.get(flag.id, written.tenant, tx=tx)

    return make


def _span(given: Any, text: str, score: float, source: str) -> FoundSpan:
    if isinstance(given, FoundSpan):
        return given
    if isinstance(given[0], str):
        value, label, *rest = given
        start = text.index(value)
        return FoundSpan("text", start, start + len(value), label, *(rest or [score]), source)
    start, end, label, *rest = given
    return FoundSpan("text", start, end, label, *(rest or [score]), source)

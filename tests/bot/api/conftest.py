"""What the API's tests share: real parts on each engine, the application with the console, a client with a token."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.bot.console.conftest import (  # noqa: F401  fixtures
    OTHER_TENANT,
    TENANT,
    app,
    client_as,
    console,
    environ,
    make_flag,
    make_person,
    parts,
    rule_guard,
    sign_in,
    slack,
)

TEXT = "her ssn is 078-05-1120"
SSN = (11, 22)


class ApiClient(FlaskClient):
    """A program with a token; ``secret`` is what it sends."""

    secret: str = ""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        headers = dict(kwargs.pop("headers", None) or {})
        if self.secret:
            headers.setdefault("Authorization", f"Bearer {self.secret}")
        return super().open(*args, headers=headers, **kwargs)


@pytest.fixture
def make_token(parts, make_person) -> Callable[..., str]:  # noqa: F811
    """The secret of a token with these scopes."""

    def make(*scopes: str, tenant: str = TENANT, days: float = 30, name: str = "robot") -> str:
        sam = make_person(f"Sam of {tenant}", "admin", tenant=tenant)
        ends_at = datetime.now(UTC) + timedelta(days=days)
        return parts.store.api_tokens.make(tenant, name, scopes, ends_at, sam.id)

    return make


@pytest.fixture
def api(app, make_token) -> Callable[..., ApiClient]:  # noqa: F811
    """A client with a token of these scopes: ``api("read", "review")``; without scopes, without a token."""

    def open_(*scopes: str, **options: Any) -> ApiClient:
        client = ApiClient(app)
        client.secret = make_token(*scopes, **options) if scopes else ""
        return client

    return open_


def audit_of(parts, tenant: str = TENANT) -> list[tuple[str, str]]:  # noqa: F811
    """(actor, action) of each row, oldest first."""
    return [(row.actor, row.action) for row in parts.store.audit.rows(tenant)]

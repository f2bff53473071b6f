"""Tokens of the API: shown once, stored as hash, with scopes, an end and the day of their last use."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, get_args

from sqlalchemy import insert, select, update

from bot.errors import NotFoundError, ReviewError
from bot.store.cells import ordered_id
from bot.store.console_tables import api_tokens
from bot.store.engine import Database, StoreDownError, clock, to_datetime, to_datetime_or_none
from bot.store.sessions import hash_of, new_secret

Scope = Literal["analyze", "read", "review", "export", "metrics"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
PREFIX: Final = "pg_"
_MAX_NAME_CHARS: Final = 80


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What is known of a token. ``last_day``: ISO day of its last use, "" before the first."""

    id: str
    tenant: str
    name: str
    scopes: frozenset[str]
    made_by: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    last_day: str = ""

    def may(self, scope: str) -> bool:
        """True when the token has this scope."""
        return scope in self.scopes


class ApiTokens:
    """The table of API tokens."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def make(
        self, tenant: str, name: str, scopes: Iterable[str], expires_at: datetime, by: str
    ) -> str:
        """A new token; gives its secret, which cannot be had again.

        Raises: ReviewError for an unknown scope, none at all, an empty name or an end in the past.
        """
        given = sorted(set(scopes))
        unknown = set(given) - set(SCOPES)
        if unknown or not given:
            raise ReviewError(f"choose scopes among {', '.join(SCOPES)}", "scopes")
        if not name.strip() or len(name) > _MAX_NAME_CHARS:
            raise ReviewError(f"a name has 1 to {_MAX_NAME_CHARS} characters", "name")
        secret = PREFIX + new_secret()
        with self._db.transaction() as tx:
            now = clock(tx)
            if expires_at.timestamp() <= now:
                raise ReviewError("the end must lie in the future", "expires_at")
            tx.execute(
                insert(api_tokens).values(
                    id=ordered_id(),
                    secret_hash=hash_of(secret),
                    tenant=tenant,
                    name=name.strip(),
                    scopes=given,
                    made_by=by,
                    made_at=now,
                    expires_at=expires_at.timestamp(),
                )
            )
        return secret

    def find(self, secret: str) -> ApiToken | None:
        """The token of a secret, marked as used today; None when it is unknown, expired or revoked."""
        if not secret.startswith(PREFIX):
            return None
        with self._db.reading() as tx:
            now = clock(tx)
            row = tx.execute(
                select(api_tokens)
                .where(api_tokens.c.secret_hash == hash_of(secret))
                .where(api_tokens.c.expires_at > now, api_tokens.c.revoked_at.is_(None))
            ).one_or_none()
        if row is None:
            return None
        today = to_datetime(now).date().isoformat()
        if row.last_day != today:
            with contextlib.suppress(StoreDownError), self._db.transaction() as tx:
                tx.execute(
                    update(api_tokens).where(api_tokens.c.id == row.id).values(last_day=today)
                )
        return _token(row, last_day=today)

    def list(self, tenant: str) -> list[ApiToken]:
        """All tokens of a tenant, newest first; also those that are over."""
        with self._db.reading() as tx:
            rows = tx.execute(
                select(api_tokens)
                .where(api_tokens.c.tenant == tenant)
                .order_by(api_tokens.c.made_at.desc(), api_tokens.c.id.desc())
            ).all()
        return [_token(row, last_day=row.last_day) for row in rows]

    def revoke(self, token_id: str, tenant: str) -> None:
        """End a token at once; again is no error. Raises: NotFoundError."""
        with self._db.transaction() as tx:
            where = (api_tokens.c.id == token_id, api_tokens.c.tenant == tenant)
            if tx.execute(select(api_tokens.c.id).where(*where)).one_or_none() is None:
                raise NotFoundError("There is no such token")
            tx.execute(
                update(api_tokens)
                .where(*where, api_tokens.c.revoked_at.is_(None))
                .values(revoked_at=clock(tx))
            )


def _token(row: Any, *, last_day: str) -> ApiToken:
    return ApiToken(
        id=row.id,
        tenant=row.tenant,
        name=row.name,
        scopes=frozenset(row.scopes),
        made_by=row.made_by,
        made_at=to_datetime(row.made_at),
        expires_at=to_datetime(row.expires_at),
        revoked_at=to_datetime_or_none(row.revoked_at),
        last_day=last_day,
    )

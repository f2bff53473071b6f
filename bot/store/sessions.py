"""Who is signed in at the console: server-side sessions, and login links that work once.

A secret has 256 random bits and leaves this module once; stored is its hash. ``id`` names a session to people, so that
they can end it without knowing its secret.
"""

import contextlib
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from bot.errors import NotFoundError
from bot.store.cells import ordered_id
from bot.store.console_tables import sessions
from bot.store.dialect import for_update
from bot.store.engine import Database, StoreDownError, clock, to_datetime

#: A session ends after this long without a request, and in any case after the longer one.
IDLE_S: Final = 15 * 60.0
LONGEST_S: Final = 8 * 3600.0
#: How often a session in use is written.
_TOUCH_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session that stands. ``data`` holds small things of its owner: codes and times, never message text."""

    id: str
    person_id: str
    tenant: str
    signed_in_at: datetime
    seen_at: datetime
    expires_at: datetime
    data: dict[str, Any] = field(repr=False)


class Sessions:
    """The table of sessions and one-time links."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def open(self, person_id: str, tenant: str, *, data: dict[str, Any] | None = None) -> str:
        """A new session; gives its secret. ``person_id`` "": nobody is signed in yet (a login form's state)."""
        secret = new_secret()
        with self._db.transaction() as tx:
            now = clock(tx)
            tx.execute(delete(sessions).where(sessions.c.expires_at <= now))
            self._put(tx, "session", secret, person_id, tenant, data or {}, now, LONGEST_S)
        return secret

    def get(self, secret: str, *, touch: bool = True) -> SessionRow | None:
        """The session of a secret; None when it is unknown, ended, idle for too long or too old.

        ``touch``: somebody is there; what a page asks by itself does not keep a session alive.
        """
        with self._db.reading() as tx:
            row = self._standing(tx, secret)
            now = clock(tx)
        if row is None:
            return None
        if touch and now - row.seen_at >= _TOUCH_S:
            # a database that is busy for a moment ends nobody's work; the next request writes it
            with contextlib.suppress(StoreDownError), self._db.transaction() as tx:
                tx.execute(
                    update(sessions)
                    .where(sessions.c.secret_hash == row.secret_hash)
                    .values(seen_at=now)
                )
        return _session(row)

    def change(self, secret: str, **data: Any) -> SessionRow:
        """Add to the data of a session, or replace parts; None removes one. Raises: NotFoundError."""
        with self._db.transaction() as tx:
            row = self._standing(tx, secret, lock=True)
            if row is None:
                raise NotFoundError("There is no such session")
            merged = {**row.data, **data}
            kept = {name: value for name, value in merged.items() if value is not None}
            tx.execute(
                update(sessions)
                .where(sessions.c.secret_hash == row.secret_hash)
                .values(data=kept, seen_at=clock(tx))
            )
            changed = self._standing(tx, secret)
        return _session(changed)

    def rotate(self, secret: str, *, signed_in_again: bool = False) -> str:
        """Give a session a new secret; the old one is nobody's then. Its end stays where it was.

        ``signed_in_again``: the person has just proved who they are.

        Raises: NotFoundError.
        """
        new = new_secret()
        with self._db.transaction() as tx:
            row = self._standing(tx, secret, lock=True)
            if row is None:
                raise NotFoundError("There is no such session")
            now = clock(tx)
            tx.execute(
                update(sessions)
                .where(sessions.c.secret_hash == row.secret_hash)
                .values(
                    secret_hash=hash_of(new),
                    seen_at=now,
                    signed_in_at=now if signed_in_again else row.signed_in_at,
                )
            )
        return new

    def close(self, secret: str) -> None:
        """End a session; nothing happens when there is none."""
        with self._db.transaction() as tx:
            tx.execute(delete(sessions).where(sessions.c.secret_hash == hash_of(secret)))

    def close_one(self, session_id: str, person_id: str) -> bool:
        """End one of a person's sessions by its id; False when it is not theirs."""
        with self._db.transaction() as tx:
            return (
                tx.execute(
                    delete(sessions).where(
                        sessions.c.id == session_id, sessions.c.person_id == person_id
                    )
                ).rowcount
                > 0
            )

    def close_all(self, person_id: str) -> int:
        """End all sessions of a person, and their login links: they left, or their roles changed."""
        with self._db.transaction() as tx:
            return tx.execute(delete(sessions).where(sessions.c.person_id == person_id)).rowcount

    def of_person(self, person_id: str) -> list[SessionRow]:
        """The standing sessions of a person, the one used last first."""
        with self._db.reading() as tx:
            now = clock(tx)
            rows = tx.execute(
                select(sessions)
                .where(sessions.c.person_id == person_id, sessions.c.kind == "session")
                .where(sessions.c.expires_at > now, sessions.c.seen_at > now - IDLE_S)
                .order_by(sessions.c.seen_at.desc(), sessions.c.id.desc())
            ).all()
        return [_session(row) for row in rows]

    def one_time(self, person_id: str, expires_in_s: float = 600.0) -> str:
        """A code that signs a person in, once, while it is young."""
        secret = new_secret()
        with self._db.transaction() as tx:
            self._put(tx, "link", secret, person_id, "", {}, clock(tx), expires_in_s)
        return secret

    def take(self, code: str) -> str | None:
        """The person of a code, which is used up then; None for one that is unknown, used or too old."""
        with self._db.transaction() as tx:
            # one statement: of two who come at once, one gets it
            return tx.execute(
                delete(sessions)
                .where(sessions.c.secret_hash == hash_of(code), sessions.c.kind == "link")
                .where(sessions.c.expires_at > clock(tx))
                .returning(sessions.c.person_id)
            ).scalar_one_or_none()

    def _put(
        self,
        tx: Connection,
        kind: str,
        secret: str,
        person_id: str,
        tenant: str,
        data: dict[str, Any],
        now: float,
        lasts_s: float,
    ) -> None:
        tx.execute(
            insert(sessions).values(
                secret_hash=hash_of(secret),
                id=ordered_id(),
                kind=kind,
                person_id=person_id,
                tenant=tenant,
                data=data,
                signed_in_at=now,
                seen_at=now,
                expires_at=now + lasts_s,
            )
        )

    def _standing(self, tx: Connection, secret: str, *, lock: bool = False) -> Any:
        now = clock(tx)
        query = (
            select(sessions)
            .where(sessions.c.secret_hash == hash_of(secret), sessions.c.kind == "session")
            .where(sessions.c.expires_at > now, sessions.c.seen_at > now - IDLE_S)
        )
        return tx.execute(for_update(tx, query) if lock else query).one_or_none()


def new_secret() -> str:
    """256 random bits, as text for a cookie or a URL."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What is stored of a secret. Unkeyed and fast is enough: nobody guesses 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _session(row: Any) -> SessionRow:
    return SessionRow(
        id=row.id,
        person_id=row.person_id,
        tenant=row.tenant,
        signed_in_at=to_datetime(row.signed_in_at),
        seen_at=to_datetime(row.seen_at),
        expires_at=to_datetime(row.expires_at),
        data=dict(row.data),
    )

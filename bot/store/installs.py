"""Workspaces that installed us, with their tokens sealed, and the states of installs that are under way."""

from typing import Any

from sqlalchemy import Connection, delete, select, update

from bot.records import Install
from bot.store.dialect import insert_of
from bot.store.engine import Database, clock
from bot.store.keys import Keys
from bot.store.tables import installations, oauth_states


class Installs:
    """The table of installations."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._db = database
        self._keys = keys

    def save(self, tx: Connection, install: Install) -> None:
        """Store an installation, or replace the tenant's older one."""
        values = {
            "team_name": install.team_name,
            "bot_user_id": install.bot_user_id,
            "bot_id": install.bot_id,
            "app_id": install.app_id,
            "token_ct": self._seal(install.tenant, "token_ct", install.token),
            "admin_token_ct": self._seal(install.tenant, "admin_token_ct", install.admin_token),
            "is_active": install.is_active,
            "installed_at": clock(tx),
        }
        tx.execute(
            insert_of(tx, installations)
            .values(tenant=install.tenant, **values)
            .on_conflict_do_update(index_elements=[installations.c.tenant], set_=values)
        )

    def get(self, tenant: str) -> Install | None:
        """The installation of a tenant, also a dead one. Raises: SealError when a token does not open."""
        with self._db.reading() as tx:
            row = tx.execute(
                select(installations).where(installations.c.tenant == tenant)
            ).one_or_none()
        return None if row is None else self._install(row)

    def all(self) -> list[Install]:
        """Every installation, also dead ones."""
        with self._db.reading() as tx:
            rows = tx.execute(select(installations).order_by(installations.c.tenant)).all()
        return [self._install(row) for row in rows]

    def deactivate(self, tx: Connection, tenant: str) -> bool:
        """The workspace removed us: drop its tokens. True when it was active."""
        return (
            tx.execute(
                update(installations)
                .where(installations.c.tenant == tenant, installations.c.is_active.is_(True))
                .values(is_active=False, token_ct=None, admin_token_ct=None)
            ).rowcount
            == 1
        )

    def _seal(self, tenant: str, column: str, token: str) -> bytes | None:
        if not token:
            return None
        return self._keys.seal(
            token,
            table="installations",
            column=column,
            row_id=tenant,
            tenant=tenant,
            purpose="token",
        )

    def _open(self, row: Any, column: str) -> str:
        cell = getattr(row, column)
        if cell is None:
            return ""
        return self._keys.open(
            cell, table="installations", column=column, row_id=row.tenant, tenant=row.tenant
        )

    def _install(self, row: Any) -> Install:
        return Install(
            tenant=row.tenant,
            team_name=row.team_name,
            bot_user_id=row.bot_user_id,
            bot_id=row.bot_id,
            app_id=row.app_id,
            token=self._open(row, "token_ct"),
            admin_token=self._open(row, "admin_token_ct"),
            is_active=row.is_active,
        )


class OAuthStates:
    """The table of OAuth states: each is taken once, by whom it was given to."""

    def put(
        self, tx: Connection, state_hash: str, data: dict[str, Any], expires_in_s: float = 600
    ) -> None:
        """Store a state by its hash."""
        now = clock(tx)
        tx.execute(delete(oauth_states).where(oauth_states.c.expires_at < now))
        values = {"data": data, "expires_at": now + expires_in_s}
        tx.execute(
            insert_of(tx, oauth_states)
            .values(state_hash=state_hash, **values)
            .on_conflict_do_update(index_elements=[oauth_states.c.state_hash], set_=values)
        )

    def take(self, tx: Connection, state_hash: str) -> dict[str, Any] | None:
        """The data of a state, which is gone then; None when it is unknown, taken or too old."""
        row = tx.execute(
            delete(oauth_states)
            .where(oauth_states.c.state_hash == state_hash)
            .returning(oauth_states.c.data, oauth_states.c.expires_at)
        ).one_or_none()
        if row is None or row.expires_at < clock(tx):
            return None
        return dict(row.data)

"""Saved views of the queue: a person's own filters, by name."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, select

from bot.errors import NotFoundError, ReviewError
from bot.store.cells import ordered_id
from bot.store.console_tables import saved_views
from bot.store.dialect import insert_of
from bot.store.engine import Database, clock, to_datetime

_MAX_NAME_CHARS: Final = 60
_MAX_QUERY_CHARS: Final = 1000
_MAX_VIEWS: Final = 50


@dataclass(frozen=True, slots=True)
class SavedView:
    """A filter as the query string of its URL, and the order."""

    id: str
    name: str
    query: str
    sort: str
    made_at: datetime


class Views:
    """The table of saved views."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def list(self, tenant: str, person_id: str) -> list[SavedView]:
        """A person's views, in the order they were made."""
        with self._db.reading() as tx:
            rows = tx.execute(
                select(saved_views)
                .where(saved_views.c.tenant == tenant, saved_views.c.person_id == person_id)
                .order_by(saved_views.c.made_at, saved_views.c.id)
            ).all()
        return [_view(row) for row in rows]

    def save(
        self, tenant: str, person_id: str, name: str, query: str, sort: str = "risk"
    ) -> SavedView:
        """Keep a view; one of the same name is replaced. Raises: ReviewError for an empty name or too much."""
        name = " ".join(name.split())
        if not 0 < len(name) <= _MAX_NAME_CHARS:
            raise ReviewError(f"a name has 1 to {_MAX_NAME_CHARS} characters", "name")
        if len(query) > _MAX_QUERY_CHARS:
            raise ReviewError("this filter is too long to keep", "query")
        where = (saved_views.c.tenant == tenant, saved_views.c.person_id == person_id)
        with self._db.transaction() as tx:
            kept = tx.execute(
                select(func.count()).where(*where, saved_views.c.name != name)
            ).scalar_one()
            if kept >= _MAX_VIEWS:
                raise ReviewError(f"{_MAX_VIEWS} views are kept; delete one first", "name")
            row = tx.execute(
                insert_of(tx, saved_views)
                .values(
                    id=ordered_id(),
                    tenant=tenant,
                    person_id=person_id,
                    name=name,
                    query=query,
                    sort=sort,
                    made_at=clock(tx),
                )
                .on_conflict_do_update(
                    index_elements=[
                        saved_views.c.tenant,
                        saved_views.c.person_id,
                        saved_views.c.name,
                    ],
                    set_={"query": query, "sort": sort},
                )
                .returning(saved_views)
            ).one()
        return _view(row)

    def delete(self, tenant: str, person_id: str, view_id: str) -> None:
        """Raises: NotFoundError, also for another person's view."""
        with self._db.transaction() as tx:
            gone = tx.execute(
                delete(saved_views).where(
                    saved_views.c.id == view_id,
                    saved_views.c.tenant == tenant,
                    saved_views.c.person_id == person_id,
                )
            ).rowcount
        if not gone:
            raise NotFoundError("There is no such view")


def _view(row: Any) -> SavedView:
    return SavedView(row.id, row.name, row.query, row.sort, to_datetime(row.made_at))

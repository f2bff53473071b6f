"""The audit log as a file: JSON Lines or CSV, with the codes that chain the rows, so that they can be checked elsewhere."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from flask import Response

from bot.insights.csv_table import table_csv
from bot.store import Store
from bot.store.audit_search import AuditQuery, find
from bot.store.insights_audit import LoggedRow

COLUMNS: Final = (
    "seq", "at", "actor", "name", "action", "object", "details", "prev_mac", "mac",
)  # fmt: skip
_FILE_PAGE: Final = 2_000


def audit_file(store: Store, tenant: str, query: AuditQuery, kind: str) -> Response:
    """The matching rows as JSON Lines or CSV, newest first, read page by page."""
    people = {person.id: person.name for person in store.people.list(tenant)}
    lines = _csv_lines if kind == "csv" else _json_lines
    name = f"piiguard-audit-{datetime.now(UTC):%Y%m%d-%H%M}.{kind}"
    response = Response(
        lines(_all(store, tenant, query), people),
        content_type="text/csv; charset=utf-8" if kind == "csv" else "application/jsonl",
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _all(store: Store, tenant: str, query: AuditQuery) -> Iterator[LoggedRow]:
    before: int | None = None
    while True:
        with store.reading() as tx:
            rows = find(tx, tenant, query, limit=_FILE_PAGE, before=before)
        yield from rows
        if len(rows) < _FILE_PAGE:
            return
        before = rows[-1].seq


def _cells(row: LoggedRow, people: Mapping[str, str]) -> list[Any]:
    details = json.dumps(row.details, sort_keys=True, ensure_ascii=False)
    who = people.get(row.actor, "")
    return [
        row.seq, row.at.isoformat(), row.actor, who, row.action, row.object, details, row.prev_mac, row.mac,
    ]  # fmt: skip


def _json_lines(rows: Iterator[LoggedRow], people: Mapping[str, str]) -> Iterator[str]:
    for row in rows:
        cells = dict(zip(COLUMNS, _cells(row, people), strict=True)) | {"details": row.details}
        yield json.dumps(cells, ensure_ascii=False) + "\n"


def _csv_lines(rows: Iterator[LoggedRow], people: Mapping[str, str]) -> Iterator[str]:
    # the mark tells spreadsheets that it is UTF-8
    yield "\ufeff" + table_csv(COLUMNS, ())
    for row in rows:
        # a header of nothing makes one empty line, which is cut
        yield table_csv((), [_cells(row, people)]).removeprefix("\r\n")

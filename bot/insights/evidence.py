"""The evidence pack of a month: the frozen report, the log it was made from, and how to check both."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any, Final

from bot.insights.csv_table import table_csv
from bot.insights.monthly import Month
from bot.store import FrozenReport, Store
from bot.store.insights_audit import LoggedRow

#: Of every file in the pack, so that the same month gives the same bytes.
_STAMP: Final = (1980, 1, 1, 0, 0, 0)
_README: Final = """\
Evidence pack of piiguard: {month}, workspace {tenant}

report.json    the report as it was frozen on {made_at} by {made_by}
report.html    the same to read and print (report.css belongs to it)
report.csv     the same, one number a row
audit.jsonl    the rows of the audit log of this month that the report was made from
anchors.json   heads of the audit chain, kept apart from it
SHA256SUMS     of all files

To check the files:       sha256sum -c SHA256SUMS
The report's own hash:    {sha256}
It stands in the audit log too, in the row "report.frozen" of {month}.
To check the audit chain: python -m bot audit verify     (on the server: the codes need its key)

No file holds message text, a found value or the name of an author. Times are UTC.
"""


def report_csv(report: Mapping[str, Any]) -> str:
    """One number a row: section, name, value."""
    return table_csv(("section", "name", "value"), _flat(report))


def evidence_pack(
    store: Store, frozen: FrozenReport, *, html: str, css: str, made_by: str
) -> bytes:
    """A zip of the frozen report with its evidence. The same month gives the same bytes.

    Args:
        html: the report to read, which names ``report.css``.
        made_by: the name of who froze it.
    """
    month = Month.parse(frozen.month)
    report = json.loads(frozen.body)
    rows = store.insight_audit.rows(frozen.tenant, month.since, month.until)
    anchors = [
        {"seq": anchor.seq, "mac": anchor.mac, "at": anchor.at.isoformat()}
        for anchor in store.audit.anchors()
        if anchor.at < frozen.made_at
    ]
    files = {
        "report.json": frozen.body,
        "report.html": html.encode(),
        "report.css": css.encode(),
        "report.csv": report_csv(report).encode(),
        "audit.jsonl": _lines(rows, last_seq=report["log"]["last_seq"]),
        "anchors.json": json.dumps(anchors, indent=1).encode(),
        "README.txt": _README.format(
            month=frozen.month,
            tenant=frozen.tenant,
            made_at=frozen.made_at.isoformat(timespec="seconds"),
            made_by=made_by,
            sha256=frozen.sha256,
        ).encode(),
    }
    sums = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()
    )
    files["SHA256SUMS"] = sums.encode()
    return _zipped(f"piiguard-{frozen.month}", files)


def _lines(rows: Iterable[LoggedRow], *, last_seq: int | None) -> bytes:
    lines = [
        json.dumps(
            {
                "seq": row.seq,
                "at": f"{row.at.timestamp():.6f}",
                "actor": row.actor,
                "action": row.action,
                "object": row.object,
                "details": row.details,
                "prev_mac": row.prev_mac,
                "mac": row.mac,
            },
            sort_keys=True,
        )
        for row in rows
        if last_seq is not None and row.seq <= last_seq
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def _flat(value: Any, path: tuple[str, ...] = ()) -> Iterable[tuple[str, str, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, (*path, str(key)))
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _flat(inner, (*path, str(number)))
    elif path[0] != "definitions":
        section, *rest = path
        yield section, " / ".join(rest), value


def _zipped(folder: str, files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in files.items():
            info = zipfile.ZipInfo(f"{folder}/{name}", _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            pack.writestr(info, content)
    return out.getvalue()

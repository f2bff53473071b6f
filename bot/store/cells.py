"""What several tables share: new ids, short codes, and records as JSON inside a sealed cell."""

import json
import re
import secrets
import time
import uuid
from collections.abc import Iterable
from typing import Any, Final

from bot.records import FoundSpan, Part

_NO_CODE: Final = re.compile(r"[^A-Za-z0-9_.:/-]")


def new_id() -> str:
    """A random id."""
    return uuid.uuid4().hex


def ordered_id() -> str:
    """An id that sorts by the moment it was made, within one process."""
    return f"{time.time_ns():016x}{secrets.token_hex(8)}"


def code(text: str) -> str:
    """A short code for a column that people read: whatever else it held does not get in."""
    return _NO_CODE.sub("?", text)[:64]


def dump(value: Any) -> str:
    """JSON without spaces, lone surrogates escaped."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)


def dump_parts(parts: Iterable[Part]) -> str:
    return dump([[part.name, part.text, part.markup, part.unread] for part in parts])


def load_parts(text: str) -> tuple[Part, ...]:
    return tuple(Part(*row) for row in json.loads(text))


def span_rows(spans: Iterable[FoundSpan]) -> list[list[Any]]:
    return [[s.part, s.start, s.end, s.label, float(s.score), s.source] for s in spans]


def spans_of(rows: Iterable[list[Any]]) -> tuple[FoundSpan, ...]:
    return tuple(FoundSpan(*row) for row in rows)

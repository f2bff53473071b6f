"""Orders of a queue, and the cursors that name a place in one: opaque to who holds them, checked when they come back."""

import base64
import binascii
import json
import math
from typing import Any, Final, Literal

from bot.errors import ReviewError
from bot.store.queue_filter import FilterError

Order = Literal["risk", "oldest", "uncertain", "newest"]
#: "risk": severity, then score, then age. "uncertain": the lowest score first.
ORDERS: Final[tuple[Order, ...]] = ("risk", "oldest", "uncertain", "newest")
#: The columns each order sorts by, all one way, so that a cursor is a point on an index.
KEYS: Final = {
    "risk": ("risk_key", "opened_at", "number"),
    "oldest": ("opened_at", "number"),
    "uncertain": ("score", "opened_at", "number"),
    "newest": ("opened_at", "number"),
}
_MAX_CURSOR_CHARS: Final = 300


class BadCursorError(ReviewError):
    """A cursor that this queue did not give out, or gave out for another order. Start at the first page."""


def known_order(order: str) -> Order:
    """The order of this name. Raises: FilterError."""
    for known in ORDERS:
        if known == order:
            return known
    raise FilterError(f"unknown order; expected one of: {', '.join(ORDERS)}", "sort")


def write_cursor(order: Order, row: Any) -> str:
    """The cursor of a row's place."""
    written = json.dumps([order, *row], separators=(",", ":"))
    return base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")


def read_cursor(order: Order, cursor: str) -> tuple[float, ...] | None:
    """The place that a cursor names, None for none. Raises: BadCursorError."""
    if not cursor:
        return None
    bad = BadCursorError("this page cannot be found any more; start at the first one", "after")
    if len(cursor) > _MAX_CURSOR_CHARS or not cursor.isascii():
        raise bad
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        raise bad from None
    if not isinstance(found, list) or len(found) != 1 + len(KEYS[order]) or found[0] != order:
        raise bad
    *numbers, last = found[1:]
    if type(last) is not int or not 0 <= last < 1 << 31:
        raise bad
    if any(type(one) not in (int, float) or not math.isfinite(one) for one in numbers):
        raise bad
    return (*(float(one) for one in numbers), last)

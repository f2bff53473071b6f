"""What buttons and views carry: a flag's id and version, never more. Whoever sends one back proves nothing by it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.errors import NotFoundError
from bot.records import Flag

_REF = re.compile(r"([0-9A-Za-z_-]{1,64}):([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class FlagRef:
    """A flag in the version that somebody looked at. ``word``: what an option of a menu asks for."""

    flag_id: str
    version: int
    word: str = ""

    def __str__(self) -> str:
        return f"{self.word}:" * bool(self.word) + f"{self.flag_id}:{self.version}"


def ref_of(flag: Flag, word: str = "") -> str:
    """`<flag id>:<version>`, with a word before it for an option of a menu."""
    return str(FlagRef(flag.id, flag.version, word))


def read_ref(value: object) -> FlagRef:
    """What a button, an option or ``private_metadata`` brings back.

    Raises NotFoundError when it is none of ours: nobody is told more than that.
    """
    text = value if isinstance(value, str) else ""
    word, _, rest = text.partition(":") if text.count(":") == 2 else ("", "", text)
    match = _REF.fullmatch(rest)
    if match is None or (word and not re.fullmatch(r"[a-z_]{1,32}", word)):
        raise NotFoundError("no button or view of ours carries such a value")
    return FlagRef(match[1], int(match[2]), word)


def posted_at(ts: str) -> datetime | None:
    """The time in a message's ``ts``; None where it is no time."""
    if not re.fullmatch(r"[0-9]{1,11}(\.[0-9]{1,6})?", ts):
        return None
    return datetime.fromtimestamp(float(ts), UTC)

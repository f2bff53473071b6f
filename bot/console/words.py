"""How numbers, times and states read in the templates: the filters of the console."""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Flask

from bot.console import here
from bot.console.roles import ROLE_WORDS
from bot.records import Flag
from bot.slack.preview import masked_preview

STATE_WORDS: Final[dict[str, str]] = {
    "open": "Needs review",
    "second_opinion": "Second opinion",
    "confirmed": "Confirmed",
    "corrected": "Corrected",
    "not_pii": "Not PII",
    "accepted_risk": "Accepted risk",
    "duplicate": "Duplicate",
    "resolved": "Removed by author",
    "superseded": "Edited since",
}


def add_filters(app: Flask) -> None:
    """Put the filters into an application."""
    app.add_template_filter(short_time)
    app.add_template_filter(full_time)
    app.add_template_filter(age_text)
    app.add_template_filter(percent)
    app.add_template_filter(state_text)
    app.add_template_filter(role_text)
    app.add_template_filter(number_text)
    app.add_template_filter(plural)
    app.add_template_filter(masked_text)
    app.add_template_filter(sentence)


def short_time(moment: datetime | None) -> str:
    """ "12:38" today, "20 Nov 12:38" this year, "20 Nov 2024" before; in the person's time zone."""
    if moment is None:
        return ""
    local = _local(moment)
    now = _local(datetime.now(UTC))
    if local.date() == now.date():
        return f"{local:%H:%M}"
    if local.year == now.year:
        return f"{local.day} {local:%b %H:%M}"
    return f"{local.day} {local:%b %Y}"


def full_time(moment: datetime | None) -> str:
    """ "Thursday 20 November 2025, 12:38:09 UTC"."""
    if moment is None:
        return ""
    local = _local(moment)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M:%S %Z}"


def age_text(seconds: float | None) -> str:
    """ "12 s", "5 min", "3 h", "12 d": one unit, rounded down."""
    if seconds is None:
        return ""
    left = max(0, int(seconds))
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if left >= size * (2 if unit != "min" else 1):
            return f"{left // size:,} {unit}"
    return f"{left // 60} min" if left >= 60 else f"{left} s"


def percent(share: float | None, digits: int = 0) -> str:
    """ "64 %"; a dash where there is no number."""
    return "–" if share is None else f"{share * 100:.{digits}f} %"


def state_text(state: str) -> str:
    """A flag's state as people call it."""
    return STATE_WORDS.get(state, state)


def role_text(role: str) -> str:
    """A role as people call it."""
    return next((words for name, words in ROLE_WORDS.items() if name == role), role)


def number_text(number: int | None) -> str:
    """ "1,204"."""
    return "–" if number is None else f"{number:,}"


def plural(number: int, one: str, many: str = "") -> str:
    """ "1 flag", "12 flags"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def sentence(text: str) -> str:
    """An error's message as a sentence: a capital, and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) or not text else ".")


def masked_text(flag: Flag, last4: bool = False) -> str:
    """The preview of a flag without its values. ``last4``: card numbers end in digits, where policy allows it too."""
    allowed = last4 and here.parts().policies.current().model.notices.card_last4
    return masked_preview(flag.parts, flag.spans, last4=allowed)


def _local(moment: datetime) -> datetime:
    try:
        zone: ZoneInfo | None = ZoneInfo(here.preferences().time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = None
    return moment.astimezone(zone or UTC)

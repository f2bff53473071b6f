"""How the numbers read: durations, shares and intervals in words."""

from bot.insights.intervals import Rate

DASH = "–"
#: Keeps a number and its unit on one line.
NB = "\u00a0"


def duration(seconds: float | None) -> str:
    """ "45 s", "12 min", "2 h 10 min", "3 d 4 h": two units at most, rounded down."""
    if seconds is None:
        return DASH
    left = max(0, int(seconds))
    for large, large_s, small, small_s in (
        ("d", 86_400, "h", 3600),
        ("h", 3600, "min", 60),
    ):
        if left >= large_s:
            rest = left % large_s // small_s
            return f"{left // large_s}{NB}{large}" + (f" {rest}{NB}{small}" if rest else "")
    return f"{left // 60}{NB}min" if left >= 60 else f"{left}{NB}s"


def exact(seconds: float) -> str:
    """A short time with a decimal: "1.8 s"."""
    return f"{seconds:.1f}{NB}s" if seconds < 60 else duration(seconds)


def percent(share: float | None) -> str:
    """ "81 %", "0.4 %" for what would read as 0 or 100 without being it."""
    if share is None:
        return DASH
    if 0 < share < 0.01 or 0.99 < share < 1:
        return f"{share * 100:.1f}{NB}%"
    return f"{share * 100:.0f}{NB}%"


def between(rate: Rate) -> str:
    """ "74–87 %": the interval of a rate."""
    if rate.interval is None:
        return DASH
    low, high = rate.interval
    return f"{low * 100:.0f}–{high * 100:.0f}{NB}%"


def of(rate: Rate) -> str:
    """ "81 of 100"."""
    return f"{rate.part:,} of {rate.whole:,}"


def count(number: int, one: str, many: str = "") -> str:
    """ "1 flag", "1,204 flags"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def more(change: int) -> str:
    """ "grew by 3", "shrank by 2", "stayed the same"."""
    if change == 0:
        return "stayed the same"
    return f"grew by {change:,}" if change > 0 else f"shrank by {-change:,}"

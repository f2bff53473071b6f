"""Dates: birth dates in every spelling of chat, birthdays without a year, and the other dates that look like them."""

from collections.abc import Sequence

from training.generators.draw import Mix, Random, chance, pick, words

MONTHS = words(
    """January February March April May June July August September October November December"""
)
SHORT = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# {m} {d} without leading zero, {mm} {dd} with; {M} {S} month in full and short; {o} ordinal; {y} four, {yy} two digits
_FULL = words("""{mm}/{dd}/{y} {mm}/{dd}/{y} {m}/{d}/{y} {m}/{d}/{yy} {mm}/{dd}/{yy} {dd}/{mm}/{y} {dd}/{mm}/{y}
{d}/{m}/{yy} {d}.{m}.{yy} {dd}.{mm}.{y} {dd}.{mm}.{y} {d}.{m}.{y} {y}-{mm}-{dd} {y}-{mm}-{dd}
{y}-{mm}-{dd} {y}/{mm}/{dd} {y}.{mm}.{dd} {mm}-{dd}-{y} {dd}-{mm}-{y} {m}-{d}-{yy} {M}_{d},_{y}
{M}_{d},_{y} {M}_{d}_{y} {S}_{d},_{y} {S}_{d}_{y} {d}_{M}_{y} {d}_{M}_{y} {d}_{S}_{y}
{o}_{M}_{y} {o}_of_{M}_{y} {o}_of_{M},_{y} {M}_{o},_{y} {M}_{o}_{y} {S}_{o},_{y} {dd}{S}{y}
{dd}-{S}-{y} {d}-{S}-{yy} {dd}{S}{yy} {S}_{d}_'{yy} {o}_{S}_{yy} {S}_{d}_{yy} the_{o}_of_{M}_{y}
{y}{mm}{dd} {mm}{dd}{y} {dd}{mm}{y} {S}._{d},_{y} {S}-{dd}-{y} {d}/{S}/{y} {d}_/_{m}_/_{y}
{mm}_{dd}_{y} {d},_{M}_{y} {M},_{d}_{y}""")
_NO_YEAR = words("""{M}_{o} {M}_{o} {M}_{d} {M}_{d} {S}_{d} {S}_{o} {o}_of_{M} the_{o}_of_{M} {d}_{M} {d}_{S}
{m}/{d} {m}/{d} {mm}/{dd} {d}/{m} {d}.{m}. {dd}.{mm}. {o}_{M} {S}._{d} {M}_the_{o} {mm}-{dd}
{d}-{S}""")
_OTHER = words("""{m}/{d} {m}/{d} {mm}/{dd} {M}_{d} {M}_{o} {S}_{d} {S}_{o} {d}_{M} {d}_{S} {y}-{mm}-{dd}
{y}-{mm}-{dd} {y}-{mm}-{dd} {mm}/{dd}/{y} {dd}/{mm}/{y} {m}/{d}/{yy} {dd}.{mm}.{y} {M}_{d},_{y}
{S}_{d},_{y} {d}_{M}_{y} {o}_of_{M} {W},_{M}_{d} {W}_{o} {W}_{d}_{S} the_{o} {dd}-{S}-{y}
{y}{mm}{dd} {W}_{m}/{d} {y}/{mm}/{dd}""")


def ordinal(day: int) -> str:
    """1 -> "1st", 12 -> "12th", 23 -> "23rd"."""
    ending = "th" if day % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def _write(rng: Random, shapes: Sequence[str], first_year: int, last_year: int) -> str:
    month = int(rng.random() * 12)
    day = 1 + int(rng.random() * _DAYS[month])
    year = first_year + int(rng.random() * (last_year - first_year + 1))
    text = pick(rng, shapes).format(
        m=month + 1,
        d=day,
        mm=f"{month + 1:02}",
        dd=f"{day:02}",
        M=MONTHS[month],
        S=SHORT[month],
        o=ordinal(day),
        y=year,
        yy=f"{year % 100:02}",
        W=pick(rng, WEEKDAYS),
    )
    text = text.replace("_", " ")
    if any(c.isalpha() for c in text):
        case = rng.random()
        if case < 0.3:
            return text.lower()
        if case < 0.36 or (case < 0.6 and " " not in text):
            return text.upper()
    return text


def _birth(rng: Random) -> str:
    if chance(rng, 0.22):  # children and grandparents are rarer in chat than colleagues
        return _write(rng, _FULL, 1932, 2024)
    return _write(rng, _FULL, 1955, 2005)


def other_date(rng: Random) -> str:
    """A date of work: this year or nearly."""
    return _write(rng, _OTHER, 2018, 2028)


BIRTH_DATES = Mix(
    {"full": (1, _birth), "noyear": (0, lambda rng: _write(rng, _NO_YEAR, 2000, 2000))}
)

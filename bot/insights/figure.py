"""Figure: a number or several, with a sentence, a table, a definition, and what to draw."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.insights.intervals import Rate

Cell = str | int | float | None | Rate


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a figure's table. ``kind`` says how its cells read; the file has them as they are.

    A column of rates becomes four in the file: part, whole, low, high.
    """

    name: str
    kind: Literal["text", "label", "count", "share", "seconds", "number", "rate", "state"] = "text"


@dataclass(frozen=True, slots=True)
class Bars:
    """Lying bars, one a row: (name, value, what stands beside it)."""

    rows: tuple[tuple[str, float, str], ...]
    is_share: bool = False


@dataclass(frozen=True, slots=True)
class Intervals:
    """A point with its interval from 0 to 100 %, one a row."""

    rows: tuple[tuple[str, Rate], ...]


@dataclass(frozen=True, slots=True)
class Days:
    """Columns for the first series and a line for the second, over days or weeks."""

    names: tuple[str, ...]
    first: tuple[str, tuple[float, ...]]
    second: tuple[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class RateLine:
    """A rate over time with its interval as a band."""

    names: tuple[str, ...]
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two columns side by side a bin: before and now, as shares."""

    names: tuple[str, ...]
    first: tuple[str, tuple[float, ...]]
    second: tuple[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Counts by row and column; what lies on the diagonal is right. No drawing: the table is coloured."""

    names: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


Chart = Bars | Intervals | Days | RateLine | Pairs | Matrix


@dataclass(frozen=True, slots=True)
class Figure:
    """What one panel of Insights shows.

    Attributes:
        key: names it in addresses and in bot/insights/definitions.py.
        sentence: what it says, with its numbers; its title.
        n: the sample; under 20 a rate is grey.
        empty: why there is nothing to show, if so; then ``action`` is what to do.
        note: what is left out, or how to read it.
    """

    key: str
    sentence: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    n: int
    chart: Chart | None = None
    note: str = ""
    empty: str = ""
    #: (address, words): the one thing to do about an empty figure.
    action: tuple[str, str] = ("", "")
    is_warning: bool = False

    @property
    def is_empty(self) -> bool:
        return bool(self.empty)


@dataclass(frozen=True, slots=True)
class Tile:
    """A number at the top. ``before`` is the same number of the period before, in words."""

    key: str
    title: str
    value: str
    note: str = ""
    before: str = ""
    url: str = ""
    is_thin: bool = False
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Figures that belong together."""

    key: str
    title: str
    figures: Sequence[Figure] = field(default=())

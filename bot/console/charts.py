"""draw(): a figure's chart as shapes, for the macros of templates/charts.html.

Along x everything is in per cent of the width, so that a chart fits any screen while its words keep their size; along
y it is in pixels. What must bend (lines, bands) lies in an inner drawing of 100 by 100 that is stretched, with strokes
that are not. No shape has a style of its own: classes only.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.insights.figure import Bars, Chart, Days, Intervals, Matrix, Pairs, RateLine
from bot.insights.intervals import Rate
from bot.insights.wording import DASH, between, of, percent

ROW_PX = 34
PLOT_TOP, PLOT_PX, AXIS_PX = 18, 132, 22
#: So many words fit under a plot of the narrowest screen.
MAX_NAMES = 4
_LEFT = 7.0


@dataclass(frozen=True, slots=True)
class Row:
    """A lying bar, or a point with its interval. ``start`` to ``end`` in per cent; ``at`` is the point."""

    y: int
    name: str
    text: str
    start: float
    end: float
    at: float | None = None
    is_thin: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A column or a dot of a plot."""

    x: float
    y: float
    width: float
    height: float
    hint: str
    series: int = 1


@dataclass(frozen=True, slots=True)
class Tick:
    """A word at an axis: at ``at`` per cent along x (``anchor`` start, middle or end), or at pixel ``at`` along y."""

    at: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that a macro needs. ``kind``: "rows" or "plot"."""

    kind: str
    height: int
    rows: tuple[Row, ...] = ()
    boxes: tuple[Box, ...] = ()
    dots: tuple[Box, ...] = ()
    line: str = ""
    band: str = ""
    x_ticks: tuple[Tick, ...] = ()
    y_ticks: tuple[Tick, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()
    plot_top: int = PLOT_TOP
    plot_px: int = PLOT_PX


def draw(chart: Chart | None) -> Drawing | None:
    """The shapes of a chart; None for one that is only a table."""
    match chart:
        case None | Matrix():
            return None
        case Bars():
            return _bars(chart)
        case Intervals():
            return _intervals(chart)
        case Days():
            return _days(chart)
        case RateLine():
            return _rate_line(chart)
        case Pairs():
            return _pairs(chart)


def heat(count: int, row: Sequence[int]) -> int:
    """How warm a cell of a matrix is, 0 to 5, by its share of the row."""
    total = sum(row)
    return 0 if not total or not count else min(5, 1 + int(count / total * 4.999))


def nice(highest: float) -> float:
    """The end of an axis: 1, 2, 4, 5 or 10 times a power of ten, at or above the highest value."""
    if highest <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(highest))
    return next(step * power for step in (1, 2, 4, 5, 10) if step * power >= highest * 0.999999)


def _bars(chart: Bars) -> Drawing:
    highest = 1.0 if chart.is_share else max((value for _, value, _ in chart.rows), default=0.0)
    rows = tuple(
        Row(
            number * ROW_PX,
            name,
            text,
            0.0,
            # a hair, so that one of a thousand is seen
            max(0.6, _share(value, highest)) if value else 0.0,
        )
        for number, (name, value, text) in enumerate(chart.rows)
    )
    return Drawing("rows", len(rows) * ROW_PX, rows)


def _intervals(chart: Intervals) -> Drawing:
    rows = []
    for number, (name, rate) in enumerate(chart.rows):
        low, high = rate.interval or (0.0, 0.0)
        rows.append(
            Row(
                number * ROW_PX,
                name,
                f"{percent(rate.value)} · {of(rate)}" if rate.whole else DASH,
                round(low * 100, 2),
                round(high * 100, 2),
                None if rate.value is None else round(rate.value * 100, 2),
                rate.is_thin,
            )
        )
    ticks = (Tick(0, "0 %"), Tick(50, "50 %", "middle"), Tick(100, "100 %", "end"))
    return Drawing("rows", len(rows) * ROW_PX + AXIS_PX, tuple(rows), x_ticks=ticks)


def _days(chart: Days) -> Drawing:
    (first, columns), (second, line) = chart.first, chart.second
    highest = nice(max([*columns, *line], default=0.0))
    step = 100 / max(1, len(columns))
    boxes = tuple(
        _column(
            number * step + step * 0.1,
            step * 0.8,
            value / highest,
            f"{chart.names[number]}: {value:,.0f} {first.lower()}, {line[number]:,.0f} {second.lower()}",
        )
        for number, value in enumerate(columns)
    )
    return Drawing(
        "plot",
        PLOT_TOP + PLOT_PX + AXIS_PX,
        boxes=boxes,
        line=_line([value / highest for value in line]),
        x_ticks=_names(chart.names),
        y_ticks=_counts(highest),
        legend=(("series-1", first), ("series-2-line", second)),
    )


def _pairs(chart: Pairs) -> Drawing:
    (first, before), (second, now) = chart.first, chart.second
    highest = min(1.0, nice(max([*before, *now], default=0.0)))
    step = 100 / max(1, len(before))
    boxes = []
    for number, (a, b) in enumerate(zip(before, now, strict=True)):
        x = number * step
        name = chart.names[number]
        boxes.append(
            _column(x + step * 0.1, step * 0.38, a / highest, f"{name}: {percent(a)} {first}", 3)
        )
        boxes.append(
            _column(x + step * 0.5, step * 0.38, b / highest, f"{name}: {percent(b)} {second}", 1)
        )
    return Drawing(
        "plot",
        PLOT_TOP + PLOT_PX + AXIS_PX,
        boxes=tuple(boxes),
        x_ticks=_names(chart.names),
        y_ticks=tuple(
            Tick(_y(share), percent(share * highest) if share else "") for share in (0.0, 0.5, 1.0)
        ),
        legend=(("series-3", first), ("series-1", second)),
    )  # fmt: skip


def _rate_line(chart: RateLine) -> Drawing:
    n = max(1, len(chart.rates))
    # the words of the y axis stand at the left
    places = [_LEFT + (number + 0.5) * (100 - _LEFT) / n for number in range(len(chart.rates))]
    known = [
        (x, name, rate)
        for x, name, rate in zip(places, chart.names, chart.rates, strict=True)
        if rate.value is not None and rate.interval is not None
    ]
    upper = [f"{x:.2f},{100 - _interval(rate)[1] * 100:.2f}" for x, _, rate in known]
    lower = [f"{x:.2f},{100 - _interval(rate)[0] * 100:.2f}" for x, _, rate in reversed(known)]
    dots = tuple(
        Box(
            round(x, 2),
            _y(rate.value or 0.0),
            0,
            0,
            f"{name}: {percent(rate.value)} · {of(rate)} · {between(rate)}",
            0 if rate.is_thin else 1,
        )
        for x, name, rate in known
    )
    return Drawing(
        "plot",
        PLOT_TOP + PLOT_PX + AXIS_PX,
        dots=dots,
        line=" ".join(f"{x:.2f},{100 - (rate.value or 0.0) * 100:.2f}" for x, _, rate in known),
        band=" ".join([*upper, *lower]) if len(known) > 1 else "",
        x_ticks=_names(chart.names, _LEFT),
        y_ticks=tuple(Tick(_y(share), percent(share)) for share in (0.0, 0.5, 1.0)),
    )


def _column(x: float, width: float, share: float, hint: str, series: int = 1) -> Box:
    top = _y(share)
    return Box(round(x, 3), top, round(width, 3), PLOT_TOP + PLOT_PX - top, hint, series)


def _line(shares: Sequence[float]) -> str:
    step = 100 / max(1, len(shares))
    return " ".join(
        f"{(number + 0.5) * step:.2f},{100 - share * 100:.2f}"
        for number, share in enumerate(shares)
    )


def _names(names: Sequence[str], left: float = 0.0) -> tuple[Tick, ...]:
    """A few names under a plot: the first, the last, and some between them."""
    n = len(names)
    if not n:
        return ()
    n_shown = min(n, MAX_NAMES)
    picked = sorted({round(k * (n - 1) / max(1, n_shown - 1)) for k in range(n_shown)})
    ticks = []
    for number in picked:
        middle = left + (number + 0.5) * (100 - left) / n
        if number == 0:
            ticks.append(Tick(left if n > 1 else 50, names[0], "start" if n > 1 else "middle"))
        elif number == n - 1:
            ticks.append(Tick(100, names[number], "end"))
        else:
            ticks.append(Tick(round(middle, 2), names[number], "middle"))
    return tuple(ticks)


def _counts(highest: float) -> tuple[Tick, ...]:
    shares = (0.0, 0.5, 1.0) if highest >= 2 else (0.0, 1.0)
    # no word at the line of nothing, where the first column stands
    return tuple(Tick(_y(share), f"{highest * share:,.0f}" if share else "") for share in shares)


def _y(share: float) -> float:
    return round(PLOT_TOP + PLOT_PX * (1 - max(0.0, min(1.0, share))), 2)


def _share(value: float, highest: float) -> float:
    return round(value / highest * 100, 2) if highest else 0.0


def _interval(rate: Rate) -> tuple[float, float]:
    return rate.interval or (0.0, 0.0)

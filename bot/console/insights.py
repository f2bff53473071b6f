"""Insights: all numbers about the bot's work for one filter, each with definition, table and file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request

from bot.build import Parts
from bot.console import here
from bot.console.charts import Drawing, draw, heat
from bot.console.names import names
from bot.console.roles import ALL_ROLES, may
from bot.insights.board import FIGURES, Board
from bot.insights.csv_table import figure_csv, table_csv
from bot.insights.definitions import Definition, definition
from bot.insights.figure import Figure, Matrix
from bot.insights.intervals import Rate
from bot.insights.wording import DASH, between, duration, exact, percent
from bot.store.insights import Scope
from piiguard.labels import LABELS, SEVERITIES

PERIODS: Final = {7: "7 days", 30: "30 days", 60: "60 days", 90: "90 days", 365: "a year"}
DEFAULT_DAYS: Final = 30
#: Figures that need the width of the page.
WIDE: Final = frozenset({"flow", "confusion"})
MAX_DAYS: Final = 800


@dataclass(frozen=True, slots=True)
class Filter:
    """The filter bar: the scope, what was typed, and what was wrong with it. ``choices`` are (value, shown)."""

    scope: Scope
    days: int
    typed: Mapping[str, str]
    problems: tuple[str, ...]
    choices: Mapping[str, list[tuple[str, str]]]

    def url(self, path: str, **changes: str) -> str:
        """An address with this filter."""
        args = {name: value for name, value in {**self.typed, **changes}.items() if value}
        return f"{path}?{urlencode(args)}" if args else path


@dataclass(frozen=True, slots=True)
class Panel:
    """A figure with what its macro needs."""

    figure: Figure
    definition: Definition
    drawing: Drawing | None
    matrix: list[list[int]] | None
    csv_url: str
    is_wide: bool


def routes(parts: Parts) -> Blueprint:
    """`/insights`, and a file for each of its figures."""
    pages = Blueprint("insights", __name__)
    for name, function in (
        ("share_text", percent),
        ("interval_text", between),
        ("cell_text", cell_text),
        ("duration_text", duration),
    ):
        pages.add_app_template_filter(function, name)

    @pages.get("/insights")
    @may(*ALL_ROLES)
    def show() -> Response:
        """All numbers."""
        now = datetime.now(UTC)
        chosen = read_filter(parts, request.args, now)
        board = board_of(parts, chosen.scope, now)
        sections = [
            (section, [panel_of(figure, chosen) for figure in section.figures])
            for section in board.sections()
        ]
        tiles = [(tile, definition(tile.key)) for tile in board.tiles()]
        page = render_template(
            "insights/index.html",
            filter=chosen,
            tiles=tiles,
            sections=sections,
            periods=PERIODS,
            period_text=period_text(chosen.scope),
            n_days=round(chosen.scope.days),
        )
        return Response(page, status=400 if chosen.problems else 200)

    @pages.get("/insights/<key>.csv")
    @may(*ALL_ROLES)
    def file(key: str) -> Response:
        """The table of one figure."""
        if key != "tiles" and key not in FIGURES:
            abort(404)
        now = datetime.now(UTC)
        chosen = read_filter(parts, request.args, now)
        if chosen.problems:
            abort(400, chosen.problems[0])
        board = board_of(parts, chosen.scope, now)
        if key == "tiles":
            header = ("number", "value", "note", "before", "definition")
            text = table_csv(
                header,
                (
                    (tile.title, tile.value, tile.note, tile.before, definition(tile.key).text)
                    for tile in board.tiles()
                ),
            )
        else:
            text = figure_csv(board.figure(key))
        until = chosen.scope.until - timedelta(days=1)
        name = f"piiguard-{key}-{chosen.scope.since:%Y%m%d}-{until:%Y%m%d}.csv"
        return csv_file(text, name)

    return pages


def read_filter(parts: Parts, args: Mapping[str, str], now: datetime) -> Filter:
    """The filter of an address. What cannot be read is named, and left out."""
    problems: list[str] = []
    known = parts.store.insights.choices(here.tenant())
    channels = [(id_, _channel_name(id_)) for id_ in known["channel"]]
    choices: dict[str, list[tuple[str, str]]] = {
        "channel": sorted(channels, key=lambda pair: pair[1].casefold()),
        "label": [(label, label) for label in LABELS],
        "severity": [(severity, severity.capitalize()) for severity in reversed(SEVERITIES)],
        "model": [(model, model) for model in known["model"]],
    }
    typed: dict[str, str] = {}
    values: dict[str, str] = {}
    for name, offered in choices.items():
        value = args.get(name, "").strip()
        if not value:
            continue
        if value in (choice for choice, _ in offered):
            values[name] = typed[name] = value
        else:
            problems.append(f"There is no such {name} here. Choose one of the list.")
    since, until, days = _period(args, now, typed, problems)
    scope = Scope(here.tenant(), since, until, **values)
    return Filter(scope, days, typed, tuple(problems), choices)


def board_of(parts: Parts, scope: Scope, now: datetime) -> Board:
    """The numbers of a scope, with the names of channels and people."""
    people = {person.id: person.name for person in parts.store.people.list(scope.tenant)}
    return Board(
        parts.store,
        scope,
        now=now,
        model=parts.guard.name,
        channel_name=_channel_name,
        people=people,
    )


def panel_of(figure: Figure, chosen: Filter) -> Panel:
    """A figure, drawn."""
    matrix = None
    if isinstance(figure.chart, Matrix):
        matrix = [[heat(cell, row) for cell in row] for row in figure.chart.counts]
    return Panel(
        figure,
        definition(figure.key),
        None if figure.is_empty else draw(figure.chart),
        matrix,
        chosen.url(f"/insights/{figure.key}.csv"),
        figure.key in WIDE,
    )


def cell_text(cell: Any, kind: str) -> str:
    """A cell of a figure's table, as people read it."""
    if cell is None:
        return DASH
    if isinstance(cell, Rate):
        return percent(cell.value)
    match kind:
        case "count":
            return f"{cell:,}"
        case "share":
            return percent(cell)
        case "seconds":
            return exact(cell) if cell < 60 else duration(cell)
        case "number":
            return f"{cell:.2f}"
    return str(cell)


def csv_file(text: str, name: str) -> Response:
    """A file to keep."""
    # the mark tells spreadsheets that it is UTF-8
    response = Response("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def period_text(scope: Scope) -> str:
    """ "1 Oct to 31 Oct 2026"."""
    last = scope.until - timedelta(days=1)
    return f"{scope.since.day} {scope.since:%b} to {last.day} {last:%b %Y}"


def _period(
    args: Mapping[str, str], now: datetime, typed: dict[str, str], problems: list[str]
) -> tuple[datetime, datetime, int]:
    """(since, until, days) in whole days of UTC: ``days`` up to today, or ``from`` and ``to``."""
    tomorrow = _day(now) + timedelta(days=1)
    days = DEFAULT_DAYS
    if args.get("days"):
        typed_days = args["days"]
        if typed_days.isascii() and typed_days.isdigit() and int(typed_days) in PERIODS:
            days = int(typed_days)
            typed["days"] = str(days)
        else:
            problems.append(
                "There is no such period. Expected one of: "
                + ", ".join(f"{n} days" for n in PERIODS)
                + "."
            )
    if args.get("from") or args.get("to"):
        since, until = _date(args.get("from", "")), _date(args.get("to", ""))
        if since is None or until is None:
            problems.append("Give both days, like 2026-10-01 to 2026-10-31.")
        elif not since <= until < tomorrow or (until - since).days >= MAX_DAYS:
            problems.append(
                f"The days must be in order, not in the future, and at most {MAX_DAYS}."
            )
        else:
            typed |= {"from": f"{since:%Y-%m-%d}", "to": f"{until:%Y-%m-%d}"}
            typed.pop("days", None)
            return since, until + timedelta(days=1), 0
    return tomorrow - timedelta(days=days), tomorrow, days


def _date(text: str) -> datetime | None:
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def _day(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _channel_name(channel_id: str) -> str:
    return names().channel(here.tenant(), channel_id).shown

"""Charts: what is drawn stays in its box, keeps its order, and is words, never markup."""

import re

import pytest
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st

from bot.console.charts import draw, heat, nice
from bot.insights.figure import Bars, Days, Intervals, Matrix, Pairs, RateLine
from bot.insights.intervals import Rate
from bot.insights.wording import NB

counts = st.lists(st.integers(0, 10**6), min_size=1, max_size=120)
rates = st.lists(
    st.integers(0, 500).flatmap(lambda n: st.builds(Rate, st.integers(0, n), st.just(n))),
    min_size=1,
    max_size=60,
)


@pytest.mark.parametrize(
    ("highest", "end"),
    [(0, 1), (-3, 1), (1, 1), (3, 4), (4.1, 5), (9, 10), (11, 20), (410, 500), (0.03, 0.04), (1e6, 1e6)],
)  # fmt: skip
def test_an_axis_ends_at_a_round_number_at_or_above(highest, end):
    assert nice(highest) == pytest.approx(end)


@pytest.mark.parametrize(
    ("count", "row", "warmth"),
    [(0, [0, 0], 0), (0, [9, 0], 0), (1, [1, 99], 1), (50, [50, 50], 3), (7, [7], 5)],
)
def test_a_cell_is_as_warm_as_its_share_of_the_row(count, row, warmth):
    assert heat(count, row) == warmth


@pytest.mark.parametrize("chart", [None, Matrix(("a",), ("a",), ((1,),))])
def test_what_is_only_a_table_is_not_drawn(chart):
    assert draw(chart) is None


@given(counts)
def test_columns_and_line_stay_in_the_plot(values):
    names = tuple(str(number) for number in range(len(values)))
    series = tuple(float(value) for value in values)

    drawing = draw(Days(names, ("Opened", series), ("Closed", series)))

    assert all(box.x >= 0 and box.x + box.width <= 100.01 for box in drawing.boxes)
    assert all(box.y >= 18 and box.y + box.height <= 150.01 for box in drawing.boxes)
    for point in drawing.line.split():
        x, y = map(float, point.split(","))
        assert 0 <= x <= 100
        assert -0.01 <= y <= 100
    assert len(drawing.x_ticks) <= 4
    assert [tick.at for tick in drawing.x_ticks] == sorted(tick.at for tick in drawing.x_ticks)


@given(rates)
def test_a_point_lies_in_its_interval(values):
    chart = Intervals(tuple((str(number), rate) for number, rate in enumerate(values)))

    for row, rate in zip(draw(chart).rows, values, strict=True):
        assert 0 <= row.start <= row.end <= 100
        assert row.at is None or row.start <= row.at <= row.end
        assert (row.at is None) == (rate.whole == 0)
        assert row.is_thin == rate.is_thin


@given(rates)
def test_a_week_without_decisions_leaves_a_hole_and_no_zero(values):
    drawing = draw(RateLine(tuple(map(str, range(len(values)))), tuple(values)))

    assert len(drawing.dots) == sum(rate.whole > 0 for rate in values)
    assert all(18 <= dot.y <= 150 for dot in drawing.dots)


def test_the_longest_bar_fills_the_row_and_the_smallest_is_seen():
    rows = draw(Bars((("a", 1000, "1,000"), ("b", 1, "1"), ("c", 0, "0")))).rows

    assert [row.end for row in rows] == [100, 0.6, 0]


def test_before_and_now_stand_side_by_side():
    drawing = draw(Pairs(("0–10 %", "10–20 %"), ("Before", (0.5, 0.5)), ("Now", (0.25, 0.75))))
    first, second = drawing.boxes[:2]

    assert first.x + first.width < second.x
    assert first.height == pytest.approx(2 * second.height)
    assert drawing.y_ticks[-1].text == f"100{NB}%"


HOSTILE = '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    "chart",
    [
        Bars(((HOSTILE, 1.0, HOSTILE),)),
        Intervals(((HOSTILE, Rate(1, 2)),)),
        Days((HOSTILE, "b"), (HOSTILE, (1.0, 2.0)), (HOSTILE, (0.0, 1.0))),
        RateLine((HOSTILE, "b"), (Rate(1, 2), Rate(30, 60))),
        Pairs((HOSTILE,), (HOSTILE, (0.5,)), (HOSTILE, (0.5,))),
    ],
)
def test_hostile_names_stay_words_and_no_shape_has_a_style(chart):
    app = Flask("bot.console", template_folder="templates")
    for name in ("number_text", "share_text", "interval_text", "cell_text"):
        app.jinja_env.filters[name] = str
    with app.app_context():
        svg = render_template_string(
            '{% from "charts.html" import drawing %}{{ drawing(d, "k", title, title) }}',
            d=draw(chart),
            title=HOSTILE,
        )

    assert "<script" not in svg
    assert "&lt;script&gt;" in svg
    assert not re.search(r"\s(style|on\w+)=", svg)
    assert re.search(
        r'aria-labelledby="k-chart-title k-chart-desc">\s*<title id="k-chart-title">', svg
    )

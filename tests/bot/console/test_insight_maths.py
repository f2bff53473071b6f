"""Intervals, drift, agreement, recall and words of Insights, against published and hand-made examples."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insights.agreement import agreement, kappa
from bot.insights.csv_table import figure_csv
from bot.insights.figure import Column, Figure
from bot.insights.intervals import Rate, mean, quantile, wilson
from bot.insights.psi import Drift, histogram, psi
from bot.insights.recall import estimate
from bot.insights.wording import NB, between, count, duration, percent
from bot.records import FoundSpan
from bot.store import SampleRow
from bot.store.insights_spans import fates_of


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        # R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 0.8389, 1.0),
    ],
)
def test_the_wilson_interval_is_the_published_one(part, whole, low, high):
    assert wilson(part, whole) == pytest.approx((low, high), abs=0.00006)


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_in_its_interval_and_the_interval_in_0_to_1(pair):
    low, high = wilson(*pair)

    assert 0 <= low <= pair[0] / pair[1] <= high <= 1
    assert high - low > 0


@pytest.mark.parametrize(("part", "whole"), [(-1, 3), (4, 3), (1, 0)])
def test_a_rate_of_more_than_all_is_refused(part, whole):
    with pytest.raises(ValueError):
        Rate(part, whole)


@pytest.mark.parametrize(("whole", "is_thin"), [(0, True), (19, True), (20, False)])
def test_under_twenty_a_rate_is_thin(whole, is_thin):
    assert Rate(0, whole).is_thin == is_thin


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([], 0.5, None),
        ([7], 0.5, 7),
        ([1, 2, 3, 10], 0.5, 2.5),
        ([1, 2, 3], 0.95, 2.9),
        ([3, 1, 2], 0.0, 1),
        ([3, 1, 2], 1.0, 3),
    ],
)
def test_a_quantile_lies_between_its_neighbours(values, share, expected):
    assert quantile(values, share) == pytest.approx(expected)


def test_the_mean_of_nothing_is_nothing():
    assert (mean([]), mean([1, 2, 6])) == (None, 3)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ([100, 100], [100, 100], 0.0),
        ([90, 10], [90, 10], 0.0),
        # by hand, with half a case more in each bin: shares 60.5/101, 40.5/101 and 40.5/101, 60.5/101
        ([60, 40], [40, 60], 0.15896),
        ([100, 0], [0, 100], 10.502),
    ],
)
def test_the_stability_index_of_two_histograms(before, now, expected):
    assert psi(before, now) == pytest.approx(expected, abs=0.001)


def test_few_scores_have_no_index_and_warn_of_nothing():
    few = Drift(histogram([0.1] * 49), histogram([0.9] * 500))
    many = Drift(histogram([0.1] * 50), histogram([0.9] * 50))

    assert (few.index, few.is_warning) == (None, False)
    assert many.is_warning


@pytest.mark.parametrize(("score", "place"), [(0.0, 0), (0.0999, 0), (0.1, 1), (0.95, 9), (1.0, 9)])
def test_a_score_falls_into_its_tenth(score, place):
    assert histogram([score]).index(1) == place


def test_kappa_is_the_textbook_one():
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: observed 0.7, by chance 0.5
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15

    assert kappa(pairs) == pytest.approx(0.4)
    assert kappa([("y", "n"), ("n", "y")]) == pytest.approx(-1)
    assert kappa([("y", "y"), ("n", "n")]) == pytest.approx(1)


@pytest.mark.parametrize("pairs", [[], [("y", "y")] * 9])
def test_kappa_is_not_defined_where_chance_would_always_agree(pairs):
    assert kappa(pairs) is None


def test_span_f1_counts_exact_spans_only():
    a, b = FoundSpan("text", 0, 4, "PERSON"), FoundSpan("text", 0, 4, "USERNAME")
    moved = FoundSpan("text", 0, 5, "PERSON", 0.5)
    same = FoundSpan("text", 0, 4, "PERSON", 0.2, "rule:x")
    pairs = [("confirm", "confirm"), ("confirm", "correct")]

    assert agreement(pairs, [([a], [same])]).f1 == 1
    assert agreement(pairs, [([a], [b]), ([a], [moved])]).f1 == 0
    assert agreement(pairs, [([a, b], [same])]).f1 == pytest.approx(2 / 3)
    assert agreement(pairs, []).f1 is None


def sample(missed, weight=10.0, found=0, stratum="digits"):
    at = datetime(2026, 1, 2, tzinfo=UTC)
    return SampleRow("i", "C1", stratum, weight, {"PERSON": found}, {"PERSON": missed}, "p", at)


def test_recall_weighs_the_sampled_misses_up():
    rows = [sample(1), *(sample(0) for _ in range(9))]

    found = estimate(rows, found=90)

    assert found.value == pytest.approx(0.9)
    assert found.interval[0] < 0.9 < found.interval[1] <= 1
    assert estimate(rows, found=90) == found
    assert estimate(rows, found=90, label="API_KEY").value == 1


def test_recall_without_a_sample_is_not_measured():
    assert estimate([], found=90) is None


P, U = "PERSON", "USERNAME"


@pytest.mark.parametrize(
    ("predicted", "truth", "fates"),
    [
        ([(0, 4, P)], [(0, 4, P)], ["kept"]),
        ([(0, 4, P)], [(0, 6, P)], ["moved"]),
        ([(0, 4, P)], [(0, 4, U)], ["relabelled"]),
        ([(0, 4, P)], [], ["removed"]),
        ([(0, 4, P)], [(5, 9, P)], ["removed", "missed"]),
        ([], [(5, 9, P)], ["missed"]),
        # two proposals over one name: one is kept
        ([(0, 4, P), (5, 9, P)], [(0, 9, P)], ["moved", "removed"]),
        ([(0, 9, P)], [(0, 4, P), (5, 9, P)], ["moved", "missed"]),
        # the exact one wins, whatever comes first
        ([(0, 9, P), (5, 9, P)], [(5, 9, P)], ["removed", "kept"]),
    ],
)
def test_each_proposed_span_has_one_fate(predicted, truth, fates):
    found = fates_of("f", *(tuple(FoundSpan("text", *span) for span in spans) for spans in (predicted, truth)))  # fmt: skip

    assert [fate.fate for fate in found] == fates


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "–"), (0, "0 s"), (59.9, "59 s"), (60, "1 min"), (3600, "1 h"), (7_800, "2 h 10 min"),
        (86_400, "1 d"), (273_600, "3 d 4 h"), (-5, "0 s"),
    ],
)  # fmt: skip
def test_a_duration_has_two_units_at_most(seconds, text):
    assert duration(seconds).replace(NB, " ") == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(None, "–"), (0, "0 %"), (0.004, "0.4 %"), (0.5, "50 %"), (0.996, "99.6 %"), (1, "100 %")],
)
def test_a_share_never_reads_as_none_or_all_without_being_it(share, text):
    assert percent(share).replace(NB, " ") == text


def test_words_for_rates_and_counts():
    assert between(Rate(0, 0)) == "–"
    assert between(Rate(9, 10)).replace(NB, " ") == "60–98 %"
    assert [count(n, "flag") for n in (0, 1, 1204)] == ["0 flags", "1 flag", "1,204 flags"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\tx", "=cmd|' /C calc'!A0"])
def test_a_cell_that_would_be_a_formula_is_shown_as_text(name):
    figure = Figure("load", "", (Column(name), Column("Rate", "rate")), ((name, Rate(1, 4)),), 4)

    header, row = figure_csv(figure).split("\r\n")[:2]

    assert header.lstrip('"').startswith("'")
    assert row.lstrip('"').startswith("'")
    assert row.endswith("0.25,1,4,0.045587,0.699358")

"""Typed filters: what each qualifier asks for, and what is said of the others."""

from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.datastructures import MultiDict

from bot.console.filters import TABS, read_filter, text_of_form

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class Known:
    """A workspace with one channel, one author and one reviewer."""

    def channel_id(self, typed):
        return {"#sales": "C1", "C1": "C1", "tasting room": "C2"}.get(typed, "")

    def user_id(self, typed):
        return {"@ana": "U1", "U1": "U1"}.get(typed, "")

    def assignee(self, typed):
        return {"dana": "Dana Whitfield", "Dana Whitfield": "Dana Whitfield"}.get(typed, "")


def read(text, **args):
    return read_filter({"q": text} | args, me="Lee", lookup=Known(), now=NOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("label:CREDIT_CARD", {"labels": ("CREDIT_CARD",)}),
        ("label:person,email_address", {"labels": ("PERSON", "EMAIL_ADDRESS")}),
        ("label:PERSON label:PERSON", {"labels": ("PERSON",)}),
        ("severity:critical,high", {"severities": ("critical", "high")}),
        ("channel:#sales", {"channels": ("C1",)}),
        ('channel:"tasting room"', {"channels": ("C2",)}),
        ("author:@ana", {"user_id": "U1"}),
        ("score:<0.6", {"score_max": 0.6}),
        ("score:>=0.9", {"score_min": 0.9}),
        ("score:<60%", {"score_max": 0.6}),
        ("source:rule", {"source": "rule"}),
        ("model:piiguard-en-1", {"model": "piiguard-en-1"}),
        ("age:>3d", {"opened_before": NOW - timedelta(days=3)}),
        ("age:<2h", {"opened_after": NOW - timedelta(hours=2)}),
        ("assignee:me", {"assignee": "Lee"}),
        ("assignee:none", {"assignee": ""}),
        ('assignee:"Dana Whitfield"', {"assignee": "Dana Whitfield"}),
        ("value:17", {"value": 17}),
        ("is:snoozed", {"snoozed": True}),
        ("is:answered", {"answered": True}),
        ("is:unanswered", {"answered": False}),
    ],
)
def test_a_qualifier_asks_for_what_it_says(text, expected):
    flt = read(text)

    assert flt.problems == ()
    assert {name: getattr(flt.query, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "n_included"),
    [("score:<0.6", 0), ("score:<=0.6", 1), ("score:>0.6", 0), ("score:>=0.6", 1), ("score:0.4..0.6", 1)],
)  # fmt: skip
def test_a_score_on_the_border_is_in_or_out_as_its_sign_says(text, n_included):
    query = read(text).query

    low = query.score_min is None or query.score_min <= 0.6
    high = query.score_max is None or query.score_max > 0.6

    assert (low and high) == bool(n_included)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lable:PERSON", "Did you mean label:?"),
        ("label:CREDITCARD", "Did you mean CREDIT_CARD?"),
        ("label:", "label: needs a value"),
        ("severity:worst", "no such severity"),
        ("channel:#nowhere", "no channel of that name"),
        ("author:@nobody", "nobody of that name"),
        ("score:high", "a share between 0 and 1"),
        ("score:<1.5", "a share between 0 and 1"),
        ("score:<120%", "a share between 0 and 1"),
        ("source:magic", "no such source"),
        ("age:3d", "an age such as >3d"),
        ("age:>3y", "an age such as >3d"),
        ("assignee:stranger", "nobody of that name reviews"),
        ("state:confirmed", "Use it with the tab All"),
        ("value:seventeen", "the number of a value"),
        ("value:²", "the number of a value"),
        ("is:hungry", "no such word"),
        ("her card is here", "cannot be searched"),
    ],
)
def test_what_cannot_be_read_is_said_with_what_would_do(text, said):
    flt = read(text)

    assert any(said in problem for problem in flt.problems)
    assert flt.text == text  # nothing that was typed is lost


@pytest.mark.parametrize("typed", ["4111111111111111x", "jane.doe@example.com", "hunter2"])
def test_a_problem_never_repeats_what_was_typed(typed):
    for text in (typed, f"channel:{typed}", f"author:{typed}", f"assignee:{typed}", f"age:{typed}"):
        assert all(typed not in problem for problem in read(text).problems)


def test_a_number_alone_is_a_flag():
    assert read("#1042").flag_number == 1042
    assert read("1042").flag_number == 1042
    assert read("label:PERSON").flag_number is None


@pytest.mark.parametrize("tab", TABS)
def test_each_tab_asks_for_its_own_states(tab):
    flt = read("", tab=tab)

    assert flt.query.states == TABS[tab].states
    assert flt.query.assignee == ("Lee" if tab == "mine" else None)
    # sleeping flags are no work to do, but they exist
    assert flt.query.snoozed is (None if tab == "all" else False)


@pytest.mark.parametrize("args", [{"tab": "secret"}, {"sort": "beauty"}])
def test_an_unknown_tab_or_order_is_a_problem(args):
    assert len(read("", **args).problems) == 1


def test_a_filter_that_is_too_long_is_refused():
    assert "at most 500" in read("label:PERSON " * 50).problems[0]


def test_the_address_of_a_filter_says_the_same_again():
    flt = read('label:PERSON channel:"tasting room" score:<0.6', tab="all", sort="newest")

    again = read_filter(flt.args(), me="Lee", lookup=Known(), now=NOW)

    assert again == flt


def test_a_term_can_be_taken_away_alone():
    flt = read('label:PERSON channel:"tasting room" age:>3d')

    assert flt.without(flt.terms[1]) == "label:PERSON age:>3d"
    assert flt.without(flt.terms[0]) == 'channel:"tasting room" age:>3d'


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ([("severity", "critical"), ("severity", "high")], "severity:critical,high"),
        ([("label", "PERSON"), ("channel", "C1")], "label:PERSON channel:C1"),
        ([("score_from", "0.4"), ("score_to", "0.6")], "score:0.4..0.6"),
        ([("score_to", "0.6")], "score:<=0.6"),
        ([("score_from", "0.4")], "score:>=0.4"),
        ([("age", ">3d"), ("source", "rule"), ("assignee", "Dana Whitfield")], 'source:rule'),
        ([("rest", "value:17"), ("is", "snoozed")], "is:snoozed value:17"),
        ([("severity", ""), ("age", ""), ("score_from", " ")], ""),
    ],
)  # fmt: skip
def test_the_form_writes_the_text_that_one_could_have_typed(fields, text):
    written = text_of_form(MultiDict(fields))

    assert text in written
    assert read(written).problems == ()


def test_what_the_form_has_no_field_for_is_carried_on():
    flt = read("value:17 label:PERSON author:U1 model:piiguard-en-1")

    assert flt.rest == "value:17 author:U1 model:piiguard-en-1"

"""Modals and what comes back from them."""

import pytest

from bot.errors import NotFoundError, ReviewError
from bot.records import FoundSpan, Part
from bot.slack import texts
from bot.slack.forms import (
    SpanEdit,
    count_added,
    read_correction,
    read_needed,
    read_report_missed,
    read_reveal_reason,
)
from bot.slack.modals import (
    check_modal,
    correction_modal,
    loading_modal,
    needed_modal,
    notice_modal,
    report_missed_modal,
    reveal_reason_modal,
    why_modal,
    with_errors,
)
from bot.slack.refs import FlagRef, posted_at, read_ref
from piiguard.labels import LABELS
from piiguard.spans import Span
from tests.bot.slack_shapes import accept_view, action_ids, element, flag_of, nodes, strings

CARD = "4242 4242 4242 4242"
TEXT = f"card {CARD} for Jane &amp; Joe"
FLAG = flag_of(TEXT, (CARD, "CREDIT_CARD"), ("Jane &amp; Joe", "PERSON"))


def shown(view):
    return "\n".join(strings(view["blocks"]))


def submitted(view, **values):
    """The view as Slack sends it back; ``values`` by block id with __ for the colon."""
    state = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            state[block["block_id"]] = {element["action_id"]: filled(element, None)}
    for name, value in values.items():
        block_id = name.replace("__", ":")
        kind = next(iter(state[block_id]))
        found = next(node for node in nodes(view) if node.get("action_id") == kind)
        state[block_id] = {kind: filled(found, value)}
    return view | {"state": {"values": state}}


def filled(element, value):
    if element["type"] == "static_select":
        initial = element.get("initial_option", {}).get("value")
        chosen = value or initial
        return {"type": "static_select", "selected_option": {"value": chosen} if chosen else None}
    if element["type"] == "checkboxes":
        return {"type": "checkboxes", "selected_options": [{"value": value}] if value else []}
    return {"type": element["type"], "value": element.get("initial_value") if value is None else value}  # fmt: skip


def test_a_correction_shows_no_value_before_it_is_revealed():
    view = correction_modal(FLAG)

    assert view["callback_id"] == "correct_flag"
    assert view["private_metadata"] == f"{FLAG.id}:3"
    assert "4242" not in str(view)
    assert "Jane" not in str(view)
    assert action_ids(view["blocks"])[-4:] == ["reveal", "add_span", "note", "signed"]
    assert "initial_options" not in element(view["blocks"], "signed")
    accept_view(view)


def test_a_revealed_correction_has_a_field_with_each_exact_text_as_a_reader_sees_it():
    view = correction_modal(FLAG, revealed=True)

    fields = [node for node in nodes(view) if node.get("action_id") == "exact"]
    assert [field["initial_value"] for field in fields] == [CARD, "Jane & Joe"]
    assert "reveal" not in action_ids(view["blocks"])
    assert "4242" not in str(correction_modal(FLAG, may_reveal=True))
    accept_view(view)


def test_each_span_can_be_kept_dropped_or_called_something_else():
    view = correction_modal(FLAG)

    menus = [node for node in nodes(view) if node.get("action_id") == "span"]
    assert [menu["initial_option"]["value"] for menu in menus] == ["keep", "keep"]
    assert {option["value"] for option in menus[0]["options"]} == (
        {"keep", "remove"} | set(LABELS) - {"CREDIT_CARD"}
    )


@pytest.mark.parametrize(("n_spans", "is_form"), [(0, True), (25, True), (26, False)])
def test_a_modal_holds_twenty_five_spans(n_spans, is_form):
    names = [f"Ana{number:02}" for number in range(n_spans)]
    flag = flag_of(" ".join(names), *((name, "PERSON") for name in names))
    view = correction_modal(flag, revealed=True, n_added=5, console_url="https://pii.example/f")

    assert ("submit" in view) is is_form
    assert ("https://pii.example/f" in shown(view)) is not is_form
    accept_view(view)


def test_a_long_or_broken_value_is_not_offered_for_editing():
    flag = flag_of("ж" * 4000, spans=(FoundSpan("text", 0, 4000, "API_KEY"),))
    broken = flag_of("", parts=(Part("text", "a\ud800b"),), spans=(FoundSpan("text", 0, 3, "PASSWORD"),))  # fmt: skip

    for each in (flag, broken):
        assert "exact" not in action_ids(correction_modal(each, revealed=True)["blocks"])


def test_an_untouched_correction_changes_nothing():
    form = read_correction(submitted(correction_modal(FLAG, revealed=True)))

    assert (form.flag_id, form.version) == (FLAG.id, 3)
    assert form.changes == [SpanEdit(0, "keep"), SpanEdit(1, "keep")]
    assert (form.added, form.note, form.signed, form.in_queue) == ([], "", False, False)
    assert form.changes_nothing


def test_a_correction_says_what_became_of_each_span():
    view = correction_modal(FLAG, revealed=True, n_added=2, in_queue=True)
    form = read_correction(
        submitted(
            view,
            span__0="remove",
            span__1="USERNAME",
            exact__1="Jane ",
            missed_text__1=" hunter2 ",
            missed_label__1="PASSWORD",
            note="checked",
            signed="signed",
        )
    )

    assert form.changes == [SpanEdit(0, "remove"), SpanEdit(1, "relabel", "USERNAME", "Jane")]
    assert form.added == [("hunter2", "PASSWORD")]
    assert (form.note, form.signed, form.in_queue) == ("checked", True, True)
    assert not form.changes_nothing
    assert "hunter2" not in repr(form)
    assert "Jane" not in repr(form)


@pytest.mark.parametrize(
    ("values", "block_id"),
    [
        ({"missed_text__0": "hunter2"}, "missed_label:0"),
        ({"missed_label__0": "PASSWORD"}, "missed_text:0"),
        ({"missed_text__0": "x", "missed_label__0": "NOT_A_LABEL"}, "missed_label:0"),
        ({"span__0": "NOT_A_LABEL"}, "span:0"),
        ({"exact__0": "  "}, "exact:0"),
    ],
)
def test_a_form_that_cannot_be_right_names_its_field(values, block_id):
    with pytest.raises(ReviewError) as caught:
        read_correction(submitted(correction_modal(FLAG, revealed=True), **values))

    assert caught.value.field == block_id
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "metadata", [None, "", "x", "a:b", "a:1:2:3", "<id>:1", "id:-1", "id:1 ", "ID!:next:1", 7]
)
def test_a_forged_reference_is_refused(metadata):
    with pytest.raises(NotFoundError):
        read_correction(correction_modal(FLAG) | {"private_metadata": metadata})


@pytest.mark.parametrize(
    "state", [None, 3, {}, {"values": []}, {"values": {"span:0": None, "span:x": {"a": 3}, 7: {}}}]
)
def test_a_state_of_another_shape_is_an_empty_form(state):
    form = read_correction({"private_metadata": "abc:1", "state": state, "blocks": state})

    assert (form.changes, form.added, form.note) == ([], [], "")


def test_a_span_without_a_choice_names_its_field():
    state = {"values": {"span:0": {"span": {"selected_option": None}}}}

    with pytest.raises(ReviewError) as caught:
        read_correction({"private_metadata": "abc:1", "state": state})

    assert caught.value.field == "span:0"


@pytest.mark.parametrize(("n_added", "rows"), [(1, 1), (3, 3), (9, 5), (0, 1)])
def test_another_row_can_be_added_up_to_five(n_added, rows):
    view = correction_modal(FLAG, n_added=n_added)

    assert count_added(view) == rows
    assert ("add_span" in action_ids(view["blocks"])) is (rows < 5)


def test_a_report_names_the_message_and_what_was_missed():
    view = report_missed_modal("C0SALES01", "1763642280.000100")
    form = read_report_missed(submitted(view, missed_text__0="hunter2", missed_label__0="PASSWORD"))

    assert (form.channel_id, form.ts) == ("C0SALES01", "1763642280.000100")
    assert form.added == [("hunter2", "PASSWORD")]
    assert "hunter2" not in repr(form)
    accept_view(view)
    with pytest.raises(ReviewError):
        read_report_missed(submitted(view))
    with pytest.raises(ReviewError):
        read_report_missed(view | {"private_metadata": "C0 <x>:1"})


def test_an_author_gives_a_reason():
    view = needed_modal(FLAG)

    assert view["callback_id"] == "needed_because"
    assert read_needed(submitted(view, reason=" the bank asked ")).reason == "the bank asked"
    accept_view(view)
    with pytest.raises(ReviewError):
        read_needed(submitted(view, reason="  "))


def test_a_reveal_needs_one_of_four_reasons():
    view = reveal_reason_modal(FLAG)

    assert view["callback_id"] == "reveal_reason"
    assert len(element(view["blocks"], "reason")["options"]) == 4
    assert read_reveal_reason(submitted(view, reason="boundary")).reason == "boundary"
    accept_view(view)
    for reason in (None, "curious"):
        with pytest.raises(ReviewError):
            read_reveal_reason(submitted(view, reason=reason))


def test_why_explains_each_span_without_its_value():
    flag = flag_of(
        TEXT,
        (CARD, "CREDIT_CARD"),
        reasons=(
            "critical:CREDIT_CARD",
            "combination:PERSON+EMAIL_ADDRESS",
            "list:EMAIL_ADDRESS:7",
        ),
    )
    view = why_modal(flag)

    assert "model and rule card, 99 %, its form or check digits hold" in shown(view)
    assert "PERSON with EMAIL_ADDRESS together" in shown(view)
    assert "a list of 7 EMAIL_ADDRESS" in shown(view)
    assert "4242" not in str(view)
    accept_view(view)


def test_a_check_says_what_it_found_and_that_it_misses_things():
    assert texts.NOTHING_FOUND in shown(check_modal([]))
    view = check_modal([Span(0, 4, "PERSON", 0.6, "model")], flagged=False)
    assert "would not be flagged" in shown(view)
    assert "*1 PERSON* · model, 60 %" in shown(view)
    many = check_modal([Span(n, n + 1, "PERSON") for n in range(400)], flagged=True, severity="low")
    assert "and 350 more" in shown(many)
    for each in (check_modal([]), view, many):
        accept_view(each)


def test_small_views_are_views():
    for view in (
        loading_modal("Correct flag 1042", "correct_flag"),
        notice_modal("Flag", "Already confirmed by <b>", url="https://x.example"),
        correction_modal(flag_of("", text_gone=True)),
    ):
        accept_view(view)


def test_errors_go_under_their_fields():
    assert with_errors({"span:0": "x" * 400})["errors"]["span:0"] == "x" * 149 + "…"


def test_a_reference_reads_back():
    assert read_ref(str(FlagRef("abc", 3))) == FlagRef("abc", 3)
    assert read_ref(str(FlagRef("abc", 3, "why"))) == FlagRef("abc", 3, "why")


@pytest.mark.parametrize(("ts", "is_time"), [("1763642280.000100", True), ("x", False), ("9" * 40, False)])  # fmt: skip
def test_a_ts_is_a_time_or_nothing(ts, is_time):
    assert (posted_at(ts) is not None) is is_time

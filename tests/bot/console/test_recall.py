"""The recall audit's pages: who opens a message in clear, what their marks become, and what the page then says."""

import json
from datetime import UTC, datetime

import pytest

from bot.records import FoundSpan, Part
from bot.review import record_review
from tests.bot.console.conftest import OTHER_TENANT, TENANT

TEXT = "call Ana Roe on 020 7946 0018, room 12"
NAME = (5, 12)
PHONE = (16, 29)
POLICY = "recall_audit: {share: 0.01}\npeople: {reviewers_may_reveal: true}"


@pytest.fixture
def environ(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text(POLICY)
    return {"PIIGUARD_POLICY": str(path)}


@pytest.fixture
def add(parts):
    """A message of the sample: in it the machine found the name."""

    def make(text=TEXT, *, spans=((*NAME, "PERSON"),), tenant=TENANT, ts="1700000000.000100", weight=10.0):  # fmt: skip
        found = [FoundSpan("text", start, end, label, 0.4, "model") for start, end, label in spans]
        with parts.store.transaction() as tx:
            return parts.store.samples.add(
                tx, tenant, "C0SALES001", ts, "", "U0ANA00001", (Part("text", text),), found, "digits", weight,
            )  # fmt: skip

    return make


@pytest.fixture
def reviewer(client_as):
    return client_as("reviewer", name="Lee")


def open_next(client):
    return client.send("/learning/recall/next", follow_redirects=True)


def mark(start, end, label):
    return {"part": "text", "start": start, "end": end, "label": label}


def judged(parts):
    return list(parts.store.samples.judged(TENANT, datetime(2000, 1, 1, tzinfo=UTC)))


def actions(parts):
    return [row.action for row in parts.store.audit.rows(TENANT)]


# ------------------------------------------------------------------------------------------------------- opening one
def test_a_message_is_shown_in_clear_and_without_what_the_machine_found(add, reviewer, parts):
    add()

    page = open_next(reviewer)

    assert page.status_code == 200
    assert "Ana" in page.text
    assert "7946" in page.text
    assert "<mark" not in page.text
    assert "digits" not in page.text  # nor why it was drawn
    assert actions(parts)[0] == "sample.shown"


@pytest.mark.parametrize(
    ("role", "status"),
    [("reviewer", 200), ("compliance", 200), ("viewer", 403), ("admin", 403), ("ml", 403), ("auditor", 403)],
)  # fmt: skip
def test_reviewers_and_privacy_officers_open_messages_and_nobody_else(add, client_as, parts, role, status):  # fmt: skip
    add()

    page = open_next(client_as(role))

    assert page.status_code == status
    assert ("Ana" in page.text) is (status == 200)
    assert ("sample.shown" in actions(parts)) is (status == 200)


def test_a_reviewer_without_the_grant_opens_none(add, reviewer, parts, tmp_path):
    add()
    parts.policies._path.write_text("recall_audit: {share: 0.01}")
    parts.policies.look()

    page = open_next(reviewer)

    assert page.status_code == 403
    assert "only privacy officers" in page.text
    assert "Ana" not in page.text


def test_nobody_opens_a_message_by_its_address(add, reviewer):
    sample_id = add()

    page = reviewer.get(f"/learning/recall/{sample_id}", follow_redirects=True)

    assert "Ana" not in page.text
    assert "Open the next message" in page.text


def test_messages_of_another_workspace_are_not_there(add, reviewer):
    sample_id = add(tenant=OTHER_TENANT)

    answers = [
        open_next(reviewer),
        reviewer.send(f"/learning/recall/{sample_id}", {"choice": "done"}),
    ]

    assert "No message waits" in answers[0].text
    assert answers[1].status_code == 404


def test_a_hostile_message_stays_text(add, reviewer):
    add('<script>alert(1)</script> {{ 7*7 }} " onmouseover=x', spans=())

    page = open_next(reviewer)

    assert "<script>alert" not in page.text
    assert "7*7" in page.text


def test_two_people_get_two_messages(add, reviewer, client_as):
    add("first one", spans=(), ts="1700000000.000100")
    add("second one", spans=(), ts="1700000000.000200")

    pages = [open_next(reviewer), open_next(client_as("compliance", name="Dana"))]

    assert ["first" in page.text for page in pages] == [True, False]


# ------------------------------------------------------------------------------------------------------- judging one
@pytest.mark.parametrize(
    ("marks", "missed", "found"),
    [
        ([], {}, {}),
        ([mark(*PHONE, "PHONE_NUMBER")], {"PHONE_NUMBER": 1}, {}),
        ([mark(*NAME, "PERSON")], {}, {"PERSON": 1}),
        ([mark(*NAME, "PERSON"), mark(*PHONE, "PHONE_NUMBER")], {"PHONE_NUMBER": 1}, {"PERSON": 1}),
    ],
)
def test_marks_become_what_was_missed_and_what_was_found(add, reviewer, parts, marks, missed, found):  # fmt: skip
    sample_id = add()
    open_next(reviewer)

    page = reviewer.send(
        f"/learning/recall/{sample_id}",
        {"choice": "done", "marks": json.dumps(marks)},
        follow_redirects=True,
    )

    (row,) = judged(parts)
    assert (row.n_missed, row.n_found) == (missed, found)
    assert row.judged_by == reviewer.person.id
    assert "Saved" in page.text


def test_a_form_without_script_says_the_same(add, reviewer, parts):
    sample_id = add()
    open_next(reviewer)

    reviewer.send(
        f"/learning/recall/{sample_id}",
        {"choice": "done", "marks": "", "missed_text": ["020 7946 0018"], "missed_label": ["PHONE_NUMBER"]},
    )  # fmt: skip

    assert judged(parts)[0].n_missed == {"PHONE_NUMBER": 1}


@pytest.mark.parametrize(
    "form",
    [
        {"marks": "", "missed_text": ["not in it"], "missed_label": ["PERSON"]},
        {"marks": "", "missed_text": ["Ana Roe"], "missed_label": [""]},
        {"marks": json.dumps([mark(0, 999, "PERSON")])},
        {"marks": json.dumps([mark(5, 12, "NO_SUCH")])},
        {"marks": json.dumps([mark(5, 12, "PERSON"), mark(5, 8, "USERNAME")])},
        {"marks": "no json"},
    ],
)
def test_a_span_that_does_not_fit_is_refused_with_the_reason_and_nothing_is_lost(add, reviewer, parts, form):  # fmt: skip
    sample_id = add()
    open_next(reviewer)

    page = reviewer.send(f"/learning/recall/{sample_id}", {"choice": "done"} | form)

    assert page.status_code == 400
    assert "Nothing you typed is lost" in page.text
    assert judged(parts) == []
    for typed in form.get("missed_text", []):
        assert f'value="{typed}"' in page.text


def test_what_cannot_be_judged_counts_neither_way(add, reviewer, parts):
    sample_id = add()
    open_next(reviewer)

    reviewer.send(f"/learning/recall/{sample_id}", {"choice": "skip"})

    counts = parts.store.samples.counts(TENANT)
    assert (counts.n_waiting, counts.n_judged) == (0, 0)


def test_a_message_that_somebody_judged_first_is_not_counted_twice(add, reviewer, parts):
    sample_id = add()
    open_next(reviewer)
    with parts.store.transaction() as tx:
        parts.store.samples.judge(tx, sample_id, TENANT, "P9", [], [])

    page = reviewer.send(f"/learning/recall/{sample_id}", {"choice": "done", "marks": "[]"}, follow_redirects=True)  # fmt: skip

    assert "judged this message first" in page.text
    assert judged(parts)[0].judged_by == "P9"


# -------------------------------------------------------------------------------------------------------- the numbers
def test_the_page_says_not_measured_without_a_judged_message(add, client_as):
    add()

    page = client_as("viewer").get("/learning/recall")

    assert "not measured" in page.text
    assert "Ana" not in page.text


def test_the_page_shows_the_estimate_with_its_interval(add, reviewer, parts, make_flag, client_as):
    flag = make_flag()
    officer = client_as("compliance", name="Dana").person
    record_review(parts.store, TENANT, flag.id, "confirm", by=officer, version=flag.version, surface="console")  # fmt: skip
    for number in range(4):
        sample_id = add(ts=f"17000000{number:02}.000100", weight=1.0)
        marks = [mark(*PHONE, "PHONE_NUMBER")] if number == 0 else []
        open_next(reviewer)
        reviewer.send(f"/learning/recall/{sample_id}", {"choice": "done", "marks": json.dumps(marks)})  # fmt: skip

    page = client_as("viewer").get("/learning/recall").text

    assert "50.0 %" in page.replace("\xa0", " ")  # one found, one missed
    assert "95 % interval" in page.replace("\xa0", " ")
    assert "may be anything" in page
    assert "PHONE_NUMBER" in page


def test_without_a_miss_the_interval_is_wide_and_not_a_point(add, reviewer, parts):
    sample_id = add(spans=((*NAME, "PERSON"),), weight=1.0)
    open_next(reviewer)
    marks = [mark(*NAME, "PERSON")]
    reviewer.send(f"/learning/recall/{sample_id}", {"choice": "done", "marks": json.dumps(marks)})

    page = reviewer.get("/learning/recall").text.replace("\xa0", " ")

    assert "95 % interval 25 to 100 %" in page  # 1 found; at most 3 missed in 1 message


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        ("", False),
        ("?recall=80&width=2", False),
        ("?recall=80,5&width=2.5%", False),
        ("?recall=x&width=5", True),
        ("?recall=0&width=5", True),
        ("?recall=101&width=5", True),
        ("?recall=90&width=0", True),
        ("?recall=90&width=90", True),
        ("?recall=nan&width=5", True),
        ("?recall=inf&width=5", True),
    ],
)
def test_the_planner_takes_percents_and_refuses_the_rest_with_the_reason(client_as, args, problem):
    page = client_as("viewer").get("/learning/recall" + args)

    assert page.status_code == 200
    assert ("field-error" in page.text) is problem


def test_each_step_is_in_the_audit_log_without_any_text(add, reviewer, parts):
    first = add("Ana Roe is here", spans=())
    open_next(reviewer)
    reviewer.send(f"/learning/recall/{first}", {"choice": "done", "marks": "[]"})
    second = add("Ben Ray is here", spans=(), ts="1700000001.000100")
    open_next(reviewer)
    reviewer.send(f"/learning/recall/{second}", {"choice": "skip"})

    rows = parts.store.audit.rows(TENANT)
    assert {"sample.shown", "sample.judged", "sample.skipped"} <= {row.action for row in rows}
    assert "Ana" not in str(rows)
    assert "Ben" not in str(rows)

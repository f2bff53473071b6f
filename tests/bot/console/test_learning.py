"""Learning: least certain first, second verdicts that are blind, and conflicts that a third person settles."""

import json
from datetime import timedelta

import pytest

from bot.learning import uncertain
from bot.learning.agreement import disputes, pick_due, proposed, waiting_for
from bot.records import FoundSpan
from bot.review import UNDO_S, give_reason, record_review, undo
from tests.bot.console.conftest import OTHER_TENANT, TENANT

TEXT = "the card of Ana Roe is 4242 4242 4242 4242"
SPANS = [("Ana", "PERSON", 0.6), ("4242 4242 4242 4242", "CREDIT_CARD", 0.97)]
SURNAME = {"part": "text", "start": 16, "end": 19, "label": "PERSON"}


@pytest.fixture
def lee(make_person):
    return make_person("Lee", "reviewer")


@pytest.fixture
def kim(client_as):
    """The second reviewer."""
    return client_as("reviewer", name="Kim")


@pytest.fixture
def dana(client_as):
    """The third person."""
    return client_as("compliance", name="Dana")


@pytest.fixture
def decide(parts):
    def take(flag, decision="confirm", *, by, spans=None, reason=""):
        return record_review(
            parts.store, flag.tenant, flag.id, decision, by=by, version=flag.version, surface="console",
            spans=spans, reason=reason,
        )  # fmt: skip

    return take


@pytest.fixture
def ask_again(parts):
    """Have every decision taken twice, as the job does some time later."""

    def ask(share=1.0, later_s=UNDO_S + 1):
        with parts.store.reading() as tx:
            now = parts.store.now(tx) + timedelta(seconds=later_s)
        return pick_due(parts.store, TENANT, share, now=now)

    return ask


@pytest.fixture
def second(make_flag, decide, lee, ask_again, parts):
    """A flag that Lee decided and somebody else is to decide again: (flag, id of the second review)."""

    def make(decision="confirm", **more):
        flag = make_flag(TEXT, SPANS, source="model")
        decide(flag, decision, by=lee, **more)
        ask_again()
        (waiting,) = parts.store.second_reviews.waiting(TENANT)
        return flag, waiting.id

    return make


def at(second_id):
    return f"/learning/second/{second_id}"


def verdict(parts, second_id):
    return parts.store.second_reviews.get(second_id, TENANT)


def now(parts, flag):
    return parts.store.flags.get(flag.id, flag.tenant)


# ------------------------------------------------------------------------------------------------- least certain first
def test_the_page_lists_the_least_certain_open_flags_first(make_flag, client_as):
    for score in (0.9, 0.3, 0.6):
        make_flag("Ana", [("Ana", "PERSON", score)])

    page = client_as("reviewer").get("/learning").text

    assert page.index("/flags/2?sort=uncertain") < page.index("/flags/3?sort=uncertain")
    assert "/flags/1?" not in page  # certain enough
    assert ">Ana<" not in page


@pytest.mark.parametrize(
    ("n", "n_changed", "n_left", "may_stop"),
    [(0, 0, 3, False), (29, 0, 3, False), (30, 0, 3, True), (30, 1, 3, True), (30, 2, 3, False), (30, 30, 3, False), (5, 5, 0, True)],
)  # fmt: skip
def test_the_stop_rule_asks_for_enough_decisions_that_changed_nothing(n, n_changed, n_left, may_stop):  # fmt: skip
    found = uncertain.Uncertainty((), n_left, uncertain.Rate(n_changed, n))

    assert found.may_stop is may_stop
    assert found.advice.startswith("You may stop" if may_stop and n_left else "Go on" if n_left else "No flag")  # fmt: skip


def test_the_stop_rule_counts_what_reviewers_changed(make_flag, decide, lee, parts):
    flags = [make_flag("Ana", [("Ana", "PERSON", 0.5)]) for _ in range(4)]
    decide(flags[0], "not_pii", by=lee)
    decide(flags[1], by=lee)
    decide(make_flag("Ana", [("Ana", "PERSON", 0.99)]), "not_pii", by=lee)  # certain

    found = uncertain.uncertainty(parts.store, TENANT)

    assert (found.n_left, found.changed.part, found.changed.whole) == (2, 1, 2)


# ------------------------------------------------------------------------------------------------ what is taken twice
def test_a_share_of_the_decisions_is_taken_twice_and_always_the_same(make_flag, decide, lee, ask_again, parts):  # fmt: skip
    for _ in range(40):
        decide(make_flag(), by=lee)

    picked = [ask_again(0.3), ask_again(0.3)]

    assert 3 <= picked[0] <= 22
    assert picked[1] == 0
    assert parts.store.second_reviews.n_waiting(TENANT) == picked[0]


@pytest.mark.parametrize(
    ("share", "later_s", "n"), [(0.0, UNDO_S + 1, 0), (1.0, 60, 0), (1.0, UNDO_S + 1, 1)]
)
def test_nothing_is_asked_at_a_share_of_0_nor_while_it_may_be_undone(make_flag, decide, lee, ask_again, share, later_s, n):  # fmt: skip
    decide(make_flag(), by=lee)

    assert ask_again(share, later_s) == n


def test_undone_decisions_and_those_nobody_could_repeat_are_not_asked_for(make_flag, decide, lee, ask_again, parts):  # fmt: skip
    undone, risk, opinion = make_flag(), make_flag(), make_flag()
    decide(undone, by=lee)
    undo(parts.store, TENANT, undone.id, by=lee, surface="console")
    decide(risk, "accept_risk", by=lee, reason="needed")
    decide(opinion, "second_opinion", by=lee)

    assert ask_again() == 0


def test_a_share_is_in_the_policy_and_is_1_in_20_by_default(parts):
    assert parts.policies.current().second_review.share == 0.05


# ------------------------------------------------------------------------------------------------- the blind verdict
def test_the_second_reviewer_sees_what_was_proposed_and_nothing_of_the_first_verdict(second, kim):
    spans = [FoundSpan("text", 12, 19, "PERSON", 1.0, "person")]
    flag, second_id = second("correct", spans=spans)

    page = kim.get(at(second_id))

    assert page.status_code == 200
    assert page.text.count("<mark") == 2  # Ana, and the card
    assert "Lee" not in page.text.replace("T0TENANT1", "")
    assert f"/flags/{flag.number}" not in page.text
    assert "orrected" not in page.text
    assert "4242" not in page.text


def test_who_gave_the_first_verdict_gives_no_second(second, sign_in, lee):
    _, second_id = second()
    client = sign_in(lee)

    answers = [
        client.get(at(second_id)).status_code,
        client.send(at(second_id), {"decision": "confirm"}).status_code,
        client.get("/learning/second").headers["Location"],
    ]

    assert answers == [404, 404, "/learning"]


def test_another_workspace_has_no_such_second_review(second, client_as):
    _, second_id = second()
    stranger = client_as("reviewer", tenant=OTHER_TENANT)

    assert stranger.get(at(second_id)).status_code == 404
    assert stranger.send(at(second_id), {"decision": "confirm"}).status_code == 404


@pytest.mark.parametrize(
    ("form", "decision", "n_spans"),
    [
        ({"decision": "confirm"}, "confirm", 2),
        ({"decision": "not_pii", "reason": "other_thing"}, "not_pii", 0),
        ({"decision": "not_pii", "reason": "test_data"}, "not_pii", 2),
        ({"decision": "not_pii"}, "not_pii", 0),
        ({"decision": "save", "missed_text": "Roe", "missed_label": "PERSON"}, "correct", 3),
        ({"decision": "save", "marks": "[]"}, "not_pii", 0),
        ({"decision": "save"}, "confirm", 2),
    ],
)
def test_a_second_verdict_is_kept_and_the_flag_stays_as_it_is(second, kim, parts, form, decision, n_spans):  # fmt: skip
    flag, second_id = second()
    before = now(parts, flag)
    rows = {} if "marks" in form else {"span": _ids(flag)}

    answer = kim.send(at(second_id), {"marks": ""} | rows | form, follow_redirects=True)

    kept = verdict(parts, second_id)
    assert (kept.decision, len(kept.spans), kept.by) == (decision, n_spans, kim.person.id)
    assert now(parts, flag) == before
    assert "second verdict was kept" in answer.text


def _ids(flag):
    from bot.console.span_form import span_id

    return [span_id(span) for span in flag.spans]


@pytest.mark.parametrize(
    "form",
    [
        {"decision": "confirm", "missed_text": "Roe", "missed_label": "PERSON"},
        {"decision": "save", "missed_text": "nowhere", "missed_label": "PERSON"},
        {"decision": "not_pii", "reason": "because"},
        {"decision": "accept_risk"},
        {},
    ],
)
def test_a_verdict_that_does_not_fit_is_refused_and_nothing_is_lost(second, kim, parts, form):
    flag, second_id = second()

    answer = kim.send(at(second_id), {"marks": "", "span": _ids(flag)} | form)

    assert answer.status_code == 400
    assert "Nothing you typed is lost" in answer.text
    assert verdict(parts, second_id).decision == ""
    if "missed_text" in form:
        assert f'value="{form["missed_text"]}"' in answer.text


def test_the_second_of_two_who_race_is_told_so(second, kim, client_as, parts):
    _, second_id = second()
    kim.send(at(second_id), {"decision": "confirm", "marks": "[]"}, follow_redirects=True)
    other = client_as("reviewer", name="Mo")
    kim.send(at(second_id), {"decision": "not_pii", "marks": "[]"})

    answer = other.send(at(second_id), {"decision": "not_pii", "marks": "[]"}, follow_redirects=True)  # fmt: skip

    assert "first" in answer.text
    assert verdict(parts, second_id).by == kim.person.id


@pytest.mark.parametrize(("role", "status"), [("compliance", 302), ("reviewer", 403)])
def test_values_are_revealed_with_a_reason_and_back_to_the_blind_page(second, client_as, parts, role, status):  # fmt: skip
    _, second_id = second()
    client = client_as(role, name="Pat")

    answer = client.send(at(second_id) + "/reveal", {"reason": "boundary"})

    assert answer.status_code == status
    if status == 302:
        assert answer.headers["Location"] == at(second_id)
        assert "4242" in client.get(at(second_id)).text
    assert ("flag.reveal" in [row.action for row in parts.store.audit.rows(TENANT)]) is (status == 302)  # fmt: skip


def test_what_the_first_reviewer_found_stays_covered(second, kim):
    spans = [FoundSpan("text", 12, 19, "PERSON", 1.0, "person")]
    _, second_id = second("correct", spans=spans)

    assert "Roe" not in kim.get(at(second_id)).text


def test_a_flag_whose_text_is_gone_waits_for_nobody(second, kim, parts):
    flag, _ = second()
    with parts.store.transaction() as tx:
        parts.store.flags.erase(tx, TENANT, [flag.id])

    assert list(waiting_for(parts.store, kim.person)) == []


# --------------------------------------------------------------------------------------------------------- conflicts
@pytest.fixture
def conflict(second, kim, parts):
    """Lee confirmed, Kim says it is not PII."""
    flag, second_id = second()
    kim.send(at(second_id), {"decision": "not_pii", "reason": "other_thing", "marks": json.dumps([])})  # fmt: skip
    assert verdict(parts, second_id).decision == "not_pii"
    return flag, f"/learning/conflicts/{second_id}"


def test_two_verdicts_that_agree_are_no_conflict(second, kim, parts):
    flag, second_id = second()

    kim.send(at(second_id), {"decision": "confirm", "marks": "", "span": _ids(flag)})

    assert list(disputes(parts.store, TENANT)) == []


def test_two_corrections_differ_by_a_boundary(second, kim, parts):
    spans = [FoundSpan("text", 12, 19, "PERSON", 1.0, "person")]
    flag, second_id = second("correct", spans=spans)

    kim.send(at(second_id), {"decision": "save", "marks": json.dumps([SURNAME])})

    assert [one.flag.id for one in disputes(parts.store, TENANT)] == [flag.id]


def test_a_conflict_names_nobody_and_covers_values(conflict, dana):
    _, url = conflict

    page = dana.get(url)

    assert "First verdict" in page.text
    assert "Kim" not in page.text
    assert "Lee" not in page.text
    assert "4242" not in page.text


@pytest.mark.parametrize(
    ("outcome", "state", "n_left"),
    [("first", "confirmed", 0), ("second", "not_pii", 0), ("other", "second_opinion", 0)],
)
def test_a_third_person_says_which_verdict_stands(conflict, dana, parts, outcome, state, n_left):
    flag, url = conflict

    answer = dana.send(url, {"outcome": outcome})

    current = now(parts, flag)
    assert answer.status_code == 302
    assert current.state == state
    assert len(list(disputes(parts.store, TENANT))) == n_left
    if outcome == "second":
        last = parts.store.reviews.of_flag(flag.id, TENANT)[-1]
        assert (last.decision, last.by, last.reason) == ("not_pii", dana.person.id, "other_thing")


def test_a_correction_that_is_taken_over_changes_the_spans_of_the_flag(second, kim, dana, parts):
    flag, second_id = second()
    kim.send(at(second_id), {"decision": "save", "marks": json.dumps([SURNAME])})

    dana.send(f"/learning/conflicts/{second_id}", {"outcome": "second"})

    current = now(parts, flag)
    assert current.state == "corrected"
    assert [(span.start, span.end) for span in current.spans] == [(16, 19)]
    assert current.labels == {"PERSON": 1}


def test_a_confirm_that_is_taken_over_brings_back_what_was_proposed(second, kim, dana, parts):
    spans = [FoundSpan("text", 12, 19, "PERSON", 1.0, "person")]
    flag, second_id = second("correct", spans=spans)
    kim.send(at(second_id), {"decision": "confirm", "marks": "", "span": _ids(flag)})

    dana.send(f"/learning/conflicts/{second_id}", {"outcome": "second"})

    assert now(parts, flag).state == "confirmed"
    assert now(parts, flag).spans == flag.spans


@pytest.mark.parametrize("who", ["lee", "kim"])
def test_neither_of_the_two_settles_it_while_there_is_a_third(conflict, dana, kim, lee, sign_in, parts, who):  # fmt: skip
    flag, url = conflict
    client = kim if who == "kim" else sign_in(lee)

    answer = client.send(url, {"outcome": "second"}, follow_redirects=True)

    assert "third person" in answer.text
    assert now(parts, flag).state == "confirmed"


def test_one_of_the_two_settles_it_where_nobody_else_reviews(conflict, kim, parts):
    flag, url = conflict

    kim.send(url, {"outcome": "second"})

    assert now(parts, flag).state == "not_pii"
    settled = next(row for row in parts.store.audit.rows(TENANT) if row.action == "second_review.settled")  # fmt: skip
    assert settled.details["own"] is True


@pytest.mark.parametrize("outcome", ["", "both", "third"])
def test_an_unknown_outcome_settles_nothing(conflict, dana, parts, outcome):
    _, url = conflict

    dana.send(url, {"outcome": outcome})

    assert len(list(disputes(parts.store, TENANT))) == 1


def test_a_settled_conflict_cannot_be_settled_again(conflict, dana):
    _, url = conflict
    dana.send(url, {"outcome": "first"})

    assert dana.send(url, {"outcome": "second"}).status_code == 404


def test_a_decision_that_was_taken_back_leaves_no_conflict(conflict, lee, parts):
    flag, _ = conflict
    undo(parts.store, TENANT, flag.id, by=lee, surface="console")

    assert list(disputes(parts.store, TENANT)) == []


def test_a_reason_given_later_keeps_the_conflict(second, kim, lee, parts):
    flag, second_id = second("not_pii")
    kim.send(at(second_id), {"decision": "confirm", "marks": "", "span": _ids(flag)})
    give_reason(parts.store, TENANT, flag.id, by=lee, surface="console", reason="object_id")

    assert [one.flag.id for one in disputes(parts.store, TENANT)] == [flag.id]


def test_what_was_proposed_is_the_prediction_and_what_was_reported_beside_it(make_flag):
    flag = make_flag(TEXT, SPANS)

    assert proposed(flag) == flag.predicted == flag.spans


# ------------------------------------------------------------------------------------------------------- the overview
@pytest.mark.parametrize("role", ["viewer", "reviewer", "compliance", "ml", "admin", "auditor"])
def test_everybody_sees_how_far_the_queues_are_and_only_reviewers_a_way_in(conflict, client_as, role):  # fmt: skip
    page = client_as(role).get("/learning")

    assert page.status_code == 200
    assert ("/learning/conflicts/" in page.text) is (role in ("reviewer", "compliance"))
    assert "4242" not in page.text


def test_an_empty_workspace_says_why_there_is_nothing(client_as):
    page = client_as("reviewer").get("/learning").text

    assert "No flag with a score below 80" in page
    assert "switched off" in page
    assert "No two verdicts differ" in page

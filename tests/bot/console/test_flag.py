"""The flag page: what it shows to whom, what its forms do, and what two people get who save the same flag."""

import html
import json
import re
from datetime import date, timedelta

import pytest

from bot.accepted_risk import accepted_until, reopen_expired
from bot.casework import author_answer
from bot.console.conflict import standing_decision
from bot.console.span_form import span_id
from bot.parts_text import covered_text
from bot.records import FoundSpan
from bot.review import record_review
from bot.slack.client import Done, Refused
from tests.bot.console.conftest import OTHER_TENANT, TENANT

TEXT = "the card of Ana Roe is 4242 4242 4242 4242, ask Ana Roe"
CARD = "4242 4242 4242 4242"
SPANS = [("Ana", "PERSON", 0.6), (CARD, "CREDIT_CARD", 0.97)]
HOSTILE = '<script>alert(1)</script> {{ 7*7 }} " onmouseover=x 078-05-1120'


@pytest.fixture
def flag(make_flag):
    return make_flag(TEXT, SPANS, source="model+rule:card")


@pytest.fixture
def reviewer(client_as):
    return client_as("reviewer", name="Lee")


@pytest.fixture
def now(parts):
    """A flag as it stands now."""
    return lambda flag: parts.store.flags.get(flag.id, flag.tenant)


def form(flag, decision, **more):
    return {"version": flag.version, "decision": decision} | more


def at(flag, path=""):
    return f"/flags/{flag.number}{path}"


def reviews(parts, flag):
    return parts.store.reviews.of_flag(flag.id, flag.tenant)


def place(text, nth=0):
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(text, start + 1)
    return {"part": "text", "start": start, "end": start + len(text), "text": text}


# -- what it shows ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["viewer", "reviewer", "compliance", "ml", "admin", "auditor"])
def test_everybody_sees_a_flag_and_nobody_sees_its_values(client_as, flag, role):
    page = client_as(role).get(at(flag))

    assert page.status_code == 200
    assert "CREDIT_CARD" in page.text
    assert "4242" not in page.text
    assert "Ana" not in page.text.replace("U0ANA", "")


@pytest.mark.parametrize(
    ("role", "decides"),
    [
        ("reviewer", True),
        ("compliance", True),
        ("viewer", False),
        ("auditor", False),
        ("ml", False),
    ],
)
def test_only_who_decides_gets_the_buttons(client_as, flag, role, decides):
    page = client_as(role).get(at(flag)).text

    assert ('value="confirm"' in page) is decides
    assert ("data-span-editor" in page) is decides


def test_a_flag_of_another_workspace_is_not_there(client_as, make_flag):
    flag = make_flag(TEXT, SPANS, tenant=OTHER_TENANT)
    client = client_as("reviewer")

    assert client.get(at(flag)).status_code == 404
    assert client.send(at(flag, "/decide"), form(flag, "confirm")).status_code == 404


def test_message_text_never_becomes_markup(client_as, make_flag, parts):
    flag = make_flag(HOSTILE, [("078-05-1120", "NATIONAL_ID")])
    client = client_as("compliance")
    client.send(at(flag, "/reveal"), {"reason": "decide"})

    for page in (client.get(at(flag)).text, client_as("viewer").get(at(flag)).text):
        assert "<script>alert" not in page
        assert "49" not in re.sub(r"<[^>]+>", "", page.split('id="message"')[1].split("</div>")[0])
        title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1]
        assert "script" not in title.lower().replace("description", "")


def test_the_page_says_why_the_message_was_flagged(client_as, make_flag):
    flag = make_flag(
        "here is my card 4242 4242 4242 4242 ok",
        [FoundSpan("text", 16, 35, "CREDIT_CARD", 0.99, "model+rule:card_grouped")],
        reasons=("critical:CREDIT_CARD", "combination:PERSON+EMAIL_ADDRESS"),
    )

    page = html.unescape(client_as("viewer").get(at(flag)).text)

    assert "the Luhn check holds" in page
    assert "CREDIT_CARD alone is enough: it is critical" in page
    assert "PERSON and EMAIL_ADDRESS together" in page


def test_a_flag_whose_text_is_gone_keeps_labels_and_decision(client_as, flag, parts):
    with parts.store.transaction() as tx:
        parts.store.flags.erase(tx, TENANT, [flag.id])

    page = client_as("reviewer").get(at(flag))

    assert "The text was deleted" in page.text
    assert "CREDIT_CARD" in page.text


def test_our_script_gets_the_inside_of_the_page_only(reviewer, flag):
    inside = reviewer.get(at(flag), headers={"X-Fragment": "1"}).text

    assert inside.lstrip().startswith('<div id="flag"')
    assert "<html" not in inside


# -- decisions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decision", "state", "more"),
    [
        ("confirm", "confirmed", {}),
        ("save", "confirmed", {}),
        ("not_pii", "not_pii", {}),
        ("not_pii", "not_pii", {"reason": "object_id"}),
        ("second_opinion", "second_opinion", {"note": "hm"}),
    ],
)
def test_a_decision_is_stored_as_from_slack(reviewer, flag, parts, now, decision, state, more):
    answer = reviewer.send(at(flag, "/decide"), form(flag, decision, **more))

    assert answer.status_code == 302
    assert now(flag).state == state
    assert reviews(parts, flag)[-1].surface == "console"


@pytest.mark.parametrize("role", ["viewer", "ml", "admin", "auditor"])
def test_who_may_not_decide_is_refused(client_as, flag, now, role):
    assert client_as(role).send(at(flag, "/decide"), form(flag, "confirm")).status_code == 403
    assert now(flag).state == "open"


def test_a_signature_is_stored(reviewer, flag, parts):
    reviewer.send(at(flag, "/decide"), form(flag, "confirm", signed="1"))

    assert reviews(parts, flag)[-1].signed


def test_a_correction_by_the_script_moves_adds_and_relabels(reviewer, flag, parts, now):
    (ana, card) = flag.spans
    marks = [
        place("Ana Roe") | {"label": "PERSON"},
        {"keep": span_id(card)},
        place("Ana Roe", 1) | {"label": "PERSON"},
    ]

    reviewer.send(at(flag, "/decide"), form(flag, "save", marks=json.dumps(marks), signed="1"))

    after = now(flag)
    assert after.state == "corrected"
    assert [covered_text(flag.parts, span) for span in after.spans] == ["Ana Roe", CARD, "Ana Roe"]
    assert reviews(parts, flag)[-1].reason == "boundary,missed"
    assert after.predicted == (ana, card)


def test_a_correction_without_a_script_says_the_same(reviewer, flag, now):
    (ana, card) = flag.spans
    rows = [
        ("version", flag.version), ("decision", "save"),
        ("span", span_id(ana)), (f"is:{span_id(ana)}", "remove"),
        ("span", span_id(card)), (f"is:{span_id(card)}", "keep"),
        ("missed_text", "Ana Roe"), ("missed_label", "PERSON"),
    ]  # fmt: skip

    reviewer.send(at(flag, "/decide"), dict_of_lists(rows))

    assert [covered_text(flag.parts, s) for s in now(flag).spans] == ["Ana Roe", CARD, "Ana Roe"]


def dict_of_lists(pairs):
    found = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def test_saving_without_a_span_left_means_not_pii(reviewer, flag, now):
    reviewer.send(at(flag, "/decide"), form(flag, "save", marks="[]"))

    assert now(flag).state == "not_pii"
    assert now(flag).spans == flag.spans


@pytest.mark.parametrize(
    ("decision", "more", "reason"),
    [
        ("confirm", {"marks": "[]"}, "You changed spans"),
        ("second_opinion", {"marks": "[]"}, "You changed spans"),
        ("accept_risk", {"until": "2999-01-01", "risk_reason": "ok"}, "at most two years"),
        ("accept_risk", {"until": "2001-01-01", "risk_reason": "ok"}, "tomorrow"),
        ("accept_risk", {"until": "soon", "risk_reason": "ok"}, "a date such as"),
        ("accept_risk", {"until": str(date.today() + timedelta(9))}, "why the risk may stay"),
        ("duplicate", {"duplicate_of": "999"}, "no flag of this number"),
        ("duplicate", {}, "number of the flag"),
        ("explode", {}, "Choose what to do"),
        ("not_pii", {"reason": "because"}, "choose one of the list"),
        ("confirm", {"note": "x" * 2001}, "at most 2000"),
        ("confirm", {"version": "one"}, "no longer in use"),
        ("save", {"marks": '[{"keep": "nobody"}]'}, "another version"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_its_reason(reviewer, flag, now, decision, more, reason):  # fmt: skip
    answer = reviewer.send(at(flag, "/decide"), form(flag, decision) | more)
    by_script = reviewer.send(
        at(flag, "/decide"), form(flag, decision) | more, headers={"X-Fragment": "1"}
    )

    assert answer.status_code == by_script.status_code == 400
    assert reason in html.unescape(answer.text)
    assert reason in by_script.json["error"]
    assert now(flag).state == "open"


def test_what_was_typed_stands_in_the_form_that_comes_back(reviewer, flag):
    (_, card) = flag.spans
    typed = dict_of_lists(
        [
            ("version", flag.version),
            ("decision", "save"),
            ("note", "my own words"),
            ("signed", "1"),
            ("span", span_id(card)),
            (f"exact:{span_id(card)}", "4343 4343"),
            (f"is:{span_id(card)}", "BANK_ACCOUNT"),
            ("missed_text", "Bob"),
            ("missed_label", "PERSON"),
        ]
    )

    page = reviewer.send(at(flag, "/decide"), typed).text

    assert "does not occur in the message" in page
    assert "my own words" in page
    assert 'value="Bob"' in page
    assert re.search(r'name="signed"[^>]*checked', page)
    assert '<option value="BANK_ACCOUNT" selected>' in page
    assert 'value="4343 4343"' in page  # what the reviewer typed, not what the message says


def test_an_accepted_risk_comes_back_when_its_time_is_over(reviewer, flag, parts, now):
    until = date.today() + timedelta(days=30)
    reviewer.send(
        at(flag, "/decide"),
        form(flag, "accept_risk", risk_reason="agreed with legal", until=until.isoformat()),
    )
    accepted = now(flag)
    early = reopen_expired(parts.store, TENANT)
    ends = accepted_until(parts.store, accepted)
    late = reopen_expired(parts.store, TENANT, now=ends + timedelta(hours=1))

    assert accepted.state == "accepted_risk"
    assert (early, late) == (0, 1)
    assert now(flag).state == "open"
    assert reopen_expired(parts.store, TENANT, now=ends + timedelta(hours=1)) == 0


def test_a_duplicate_names_the_other_flag(reviewer, flag, make_flag, parts):
    other = make_flag("her ssn is 078-05-1120")

    reviewer.send(at(flag, "/decide"), form(flag, "duplicate", duplicate_of=f"#{other.number}"))

    assert reviews(parts, flag)[-1].reason == f"of flag {other.number}"


def test_the_reason_of_not_pii_may_follow_the_click(reviewer, flag, parts):
    reviewer.send(at(flag, "/decide"), form(flag, "not_pii"))
    reviewer.send(at(flag, "/reason"), {"reason": "test_data"})

    assert standing_decision(reviews(parts, flag)).reason == "test_data"
    assert "taken back" not in reviewer.get(at(flag)).text


def test_a_decision_can_be_taken_back(reviewer, client_as, flag, now):
    reviewer.send(at(flag, "/decide"), form(flag, "confirm"))
    client_as("reviewer", name="Mia").send(at(flag, "/undo"))
    others = now(flag).state
    reviewer.send(at(flag, "/undo"))

    assert (others, now(flag).state) == ("confirmed", "open")


# -- on to the next ---------------------------------------------------------------------------------------------------


def test_save_and_next_walks_the_queue_of_the_filter(reviewer, make_flag, flag):
    high = make_flag("her dob is 03/04/1988", [("03/04/1988", "DATE_OF_BIRTH")])
    last = make_flag("card 4242424242424242", [("4242424242424242", "CREDIT_CARD", 0.5)])
    query = "?q=label%3ACREDIT_CARD"

    first = reviewer.send(at(flag, "/decide" + query), form(flag, "confirm", next="1"))
    then = reviewer.send(at(last, "/decide" + query), form(last, "confirm", next="1"))

    assert first.location == f"/flags/{last.number}?q=label%3ACREDIT_CARD&done={flag.number}"
    assert then.location == "/flags?q=label%3ACREDIT_CARD"
    assert str(high.number) not in first.location


def test_the_next_flag_offers_to_undo_the_one_before_and_asks_its_reason(reviewer, flag, make_flag):
    other = make_flag()
    onward = reviewer.send(at(flag, "/decide"), form(flag, "not_pii", next="1")).location

    page = reviewer.get(onward).text

    assert onward.startswith(f"/flags/{other.number}")
    assert f'action="/flags/{flag.number}/undo"' in page
    assert f'action="/flags/{flag.number}/reason"' in page


def test_nobody_elses_decision_is_offered_for_undo(client_as, reviewer, flag, make_flag):
    other = make_flag()
    reviewer.send(at(flag, "/decide"), form(flag, "confirm"))

    page = client_as("reviewer", name="Mia").get(f"{at(other)}?done={flag.number}").text

    assert "/undo" not in page


@pytest.mark.parametrize("done", ["999", "x", "-1", "²"])
def test_a_banner_for_nothing_is_no_error(reviewer, flag, done):
    assert reviewer.get(f"{at(flag)}?done={done}").status_code == 200


# -- casework ---------------------------------------------------------------------------------------------------------


def test_a_flag_is_assigned_snoozed_noted_and_its_author_asked(reviewer, flag, parts, now):
    reviewer.send(at(flag, "/assign"), {"me": "1"})
    reviewer.send(at(flag, "/snooze"), {"for": "1d"})
    reviewer.send(at(flag, "/note"), {"text": "called Ana"})
    reviewer.send(at(flag, "/notify"))

    page = reviewer.get(at(flag)).text
    assert now(flag).assignee == "Lee"
    assert now(flag).snoozed_until is not None
    assert "called Ana" in page
    assert "asked the author" in page

    reviewer.send(at(flag, "/snooze"), {"for": ""})
    assert now(flag).snoozed_until is None


@pytest.mark.parametrize(
    ("path", "data"),
    [("/assign", {"to": "Nobody"}), ("/snooze", {"for": "9y"}), ("/note", {"text": " "})],
)
def test_casework_that_makes_no_sense_is_refused(reviewer, flag, path, data):
    assert reviewer.send(at(flag, path), data).status_code == 400


def test_the_authors_word_is_shown_as_a_claim(reviewer, flag, parts):
    author_answer(parts.store, TENANT, flag.id, flag.user_id, "not_pii")

    assert "The author says it is not PII" in reviewer.get(at(flag)).text


def test_a_second_opinion_is_blind_to_the_first(reviewer, client_as, flag):
    reviewer.send(
        at(flag, "/decide"), form(flag, "second_opinion", note="I think it is a test card")
    )

    asker, other = reviewer.get(at(flag)).text, client_as("reviewer", name="Mia").get(at(flag)).text

    assert "I think it is a test card" in asker
    assert "You asked for a second opinion" in asker
    assert "I think it is a test card" not in other
    assert "Lee" not in other.split("Timeline")[1]
    assert 'value="confirm"' in other


def test_what_was_said_before_is_asked_from_slack_and_covered(reviewer, flag, slack):
    earlier = {
        "ts": f"{float(flag.ts) - 60:.6f}",
        "user": "U0BOB00001",
        "text": "ssn 078-05-1120 <b>?",
    }
    slack.script["conversations.history"] = [
        Done({"messages": [earlier]}),
        Refused("not_in_channel"),
    ]

    found = reviewer.get(at(flag, "/earlier"), headers={"X-Fragment": "1"}).text
    refused = reviewer.get(at(flag, "/earlier"), headers={"X-Fragment": "1"}).text

    assert "NATIONAL_ID" in found
    assert "078-05" not in found
    assert "<b>" not in found
    assert "Slack did not give" in refused


@pytest.mark.parametrize(
    ("permalink", "goes"),
    [
        ("https://fernhill.slack.com/archives/C1/p1", True),
        ("https://evil.example/x", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_the_link_to_slack_leads_to_slack_only(reviewer, flag, slack, permalink, goes):
    slack.script["chat.getPermalink"] = [Done({"permalink": permalink})]

    answer = reviewer.get(at(flag, "/slack"))

    assert answer.location == (permalink if goes else at(flag))


# -- two people -------------------------------------------------------------------------------------------------------


def test_a_stale_save_shows_both_versions_and_overwrites_nothing(reviewer, client_as, flag, parts, now):  # fmt: skip
    (_, card) = flag.spans
    client_as("reviewer", name="Mia").send(at(flag, "/decide"), form(flag, "confirm"))
    marks = json.dumps([place("Ana Roe") | {"label": "PERSON"}, {"keep": span_id(card)}])

    page = reviewer.send(at(flag, "/decide"), form(flag, "save", marks=marks, note="my note"))

    assert page.status_code == 409
    assert "Mia decided this flag" in page.text
    assert "another boundary" in page.text
    assert "my note" in page.text
    assert "4242" not in page.text
    assert now(flag).state == "confirmed"
    assert len(reviews(parts, flag)) == 1


def carried(page, path):
    """The fields of the form that posts to a path, as a browser sends them."""
    (found,) = re.findall(rf'<form method="post" action="[^"]*{path}[^"]*".*?</form>', page, re.DOTALL)[:1]  # fmt: skip
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found)
    return {name: html.unescape(value) for name, value in fields}


def test_mine_can_be_taken_where_nobody_decided(reviewer, client_as, flag, now):
    (_, card) = flag.spans
    client_as("reviewer", name="Mia").send(at(flag, "/assign"), {"me": "1"})
    marks = json.dumps([place("Ana Roe") | {"label": "PERSON"}, {"keep": span_id(card)}])
    page = reviewer.send(at(flag, "/decide"), form(flag, "save", marks=marks, signed="1")).text

    reviewer.send(at(flag, "/decide"), carried(page, "/decide"))

    assert now(flag).state == "corrected"
    assert covered_text(flag.parts, now(flag).spans[0]) == "Ana Roe"


def test_both_versions_can_be_edited_together(reviewer, client_as, flag, now):
    (ana, _) = flag.spans
    client_as("reviewer", name="Mia").send(at(flag, "/assign"), {"me": "1"})
    marks = json.dumps([{"keep": span_id(ana)}, place("Ana Roe", 1) | {"label": "PERSON"}])
    page = reviewer.send(at(flag, "/decide"), form(flag, "save", marks=marks)).text

    both = reviewer.send(at(flag, "/together"), carried(page, "/together"))
    rows = re.findall(r'name="(span|at:[^"]+)" value="([^"]+)"', both.text)
    saved = [("version", now(flag).version), ("decision", "save")] + [
        (name, html.unescape(value)) for name, value in rows
    ]
    reviewer.send(at(flag, "/decide"), dict_of_lists(saved))

    assert [covered_text(flag.parts, s) for s in now(flag).spans] == ["Ana", CARD, "Ana Roe"]


@pytest.mark.parametrize(
    ("roles", "takes"), [(("reviewer",), False), (("reviewer", "admin"), True)]
)
def test_a_colleagues_decision_is_replaced_by_an_administrator_only(client_as, flag, now, parts, roles, takes):  # fmt: skip
    client_as("reviewer", name="Mia").send(at(flag, "/decide"), form(flag, "confirm"))
    me = client_as(*roles, name="Sam")

    page = me.send(at(flag, "/decide"), form(flag, "not_pii", reason="object_id")).text
    fields = carried(page, "/take-mine") | ({} if takes else {"third": "1"})
    me.send(at(flag, "/take-mine"), fields)

    assert now(flag).state == ("not_pii" if takes else "confirmed")
    assert len(list(parts.store.second_reviews.pairs(TENANT, flag.opened_at))) == (not takes)


def test_of_two_who_save_at_once_one_decides(parts, flag, client_as, reviewer, monkeypatch):
    mia = client_as("reviewer", name="Mia")
    real = parts.store.flags.change
    raced = []

    def change(tx, flag_id, tenant, **columns):
        if not raced:
            raced.append(True)
            other = parts.store.people.by_name("Mia")
            record_review(
                parts.store, TENANT, flag.id, "not_pii", by=other, version=flag.version, surface="console"
            )  # fmt: skip
        return real(tx, flag_id, tenant, **columns)

    assert mia.get(at(flag)).status_code == 200
    monkeypatch.setattr(parts.store.flags, "change", change)
    answer = reviewer.send(at(flag, "/decide"), form(flag, "confirm"))

    assert answer.status_code == 409

"""The queue: what each list shows, how it is filtered, paged, peeked into and kept as a view; nothing in clear."""

import re
from dataclasses import replace

import pytest

from bot.casework import assign, snooze
from bot.console.queue import PAGE_SIZE
from bot.review import record_review
from tests.bot.console.conftest import OTHER_TENANT, TENANT

SSN = "078-05-1120"
CARD = "4242 4242 4242 4242"


@pytest.fixture
def reviewer(client_as):
    return client_as("reviewer", name="Lee")


def numbers(page):
    """The flags of a page, in the order of its rows."""
    return [int(one) for one in re.findall(r'data-flag="(\d+)"', page.text)]


def decide(parts, flag, decision, by, **more):
    return record_review(
        parts.store, TENANT, flag.id, decision, by=by, version=flag.version, surface="console", **more
    )  # fmt: skip


def test_the_queue_lists_what_needs_review_worst_first(reviewer, make_flag):
    low = make_flag("ask Priya", [("Priya", "PERSON", 0.99)])
    critical = make_flag()

    page = reviewer.get("/flags")

    assert page.status_code == 200
    assert numbers(page) == [critical.number, low.number]


def test_no_value_stands_in_the_queue_or_a_peek(reviewer, make_flag):
    flag = make_flag(f"ssn {SSN} of Marta", [(SSN, "NATIONAL_ID"), ("Marta", "PERSON")])

    for page in (reviewer.get("/flags"), reviewer.get(f"/flags/{flag.number}/peek")):
        assert SSN not in page.text
        assert "Marta" not in page.text
        assert "NATIONAL_ID" in page.text
        assert "•••" in page.text


def test_what_the_author_wrote_never_becomes_markup(reviewer, make_flag):
    make_flag(f"<script>alert(1)</script> <b>{SSN}", [(SSN, "NATIONAL_ID")])

    text = reviewer.get("/flags").text

    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_dots_that_the_author_wrote_do_not_pass_for_a_value(reviewer, make_flag):
    make_flag(f"••• (2 PASSWORD) {SSN}", [(SSN, "NATIONAL_ID")])

    text = reviewer.get("/flags").text

    assert text.count('<mark class="dots">') == 1


@pytest.mark.parametrize(
    ("tab", "decision", "more"),
    [
        ("confirmed", "confirm", {}),
        ("not_pii", "not_pii", {"reason": "test_data"}),
        ("second", "second_opinion", {}),
        ("all", "duplicate", {}),
    ],
)
def test_a_decided_flag_stands_under_its_own_tab(reviewer, parts, make_flag, tab, decision, more):
    flag, other = make_flag(), make_flag()
    decide(parts, flag, decision, reviewer.person, **more)

    listed = numbers(reviewer.get(f"/flags?tab={tab}"))

    assert flag.number in listed
    assert (other.number in listed) == (tab == "all")


def test_mine_lists_what_is_assigned_to_me(reviewer, parts, make_flag):
    mine, _ = make_flag(), make_flag()
    assign(parts.store, TENANT, mine.id, by=reviewer.person, to="Lee")

    assert numbers(reviewer.get("/flags?tab=mine")) == [mine.number]


def test_a_snoozed_flag_is_hidden_until_it_is_asked_for(reviewer, parts, make_flag):
    flag, awake = make_flag(), make_flag()
    with parts.store.reading() as tx:
        until = parts.store.now(tx).replace(year=2099)
    snooze(parts.store, TENANT, flag.id, by=reviewer.person, until=until)

    assert numbers(reviewer.get("/flags")) == [awake.number]
    assert numbers(reviewer.get("/flags?q=is:snoozed")) == [flag.number]
    assert sorted(numbers(reviewer.get("/flags?tab=all"))) == [flag.number, awake.number]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("label:CREDIT_CARD", True),
        ("label:PASSWORD", False),
        ("severity:critical", True),
        ("severity:low", False),
        ("score:>0.6", True),
        ("score:<0.6", False),
        ("source:model", True),
        ("source:rule", False),
        ("channel:C0SALES001", True),
        ("channel:C0OTHER001", False),
        ("author:U0ANA00001", True),
        ("author:U0LEE00001", False),
        ("age:<1d", True),
        ("age:>1d", False),
        ("assignee:none", True),
        ("assignee:me", False),
        ("model:piiguard-en-1", True),
        ("model:piiguard-en-9", False),
        ("is:unanswered", True),
        ("is:answered", False),
        ("label:CREDIT_CARD score:>0.6 age:<1d", True),
        ("label:CREDIT_CARD score:<0.6 age:<1d", False),
    ],
)
def test_a_typed_filter_finds_the_flag_or_not(reviewer, make_flag, text, found):
    flag = make_flag(f"card {CARD}", [(CARD, "CREDIT_CARD", 0.8)])

    page = reviewer.get("/flags", query_string={"q": text})

    assert page.status_code == 200
    assert numbers(page) == ([flag.number] if found else [])


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ("q=lable:PERSON", "Did you mean label:?"),
        ("q=score:high", "a share between 0 and 1"),
        ("q=meet+me", "cannot be searched"),
        ("tab=secret", "There is no such tab"),
        ("sort=beauty", "There is no such order"),
        ("after=nonsense", "This page of the list is no more"),
    ],
)
def test_a_bad_filter_gives_the_page_with_the_reason(reviewer, make_flag, args, said):
    make_flag()

    page = reviewer.get(f"/flags?{args}")

    assert page.status_code == 400
    assert said in page.text
    assert numbers(page) == []


def test_a_bad_filter_stays_in_its_field(reviewer):
    page = reviewer.get("/flags", query_string={"q": 'label:"<PERSON>'})

    assert 'value="label:&#34;&lt;PERSON&gt;"' in page.text


def test_a_number_in_the_search_opens_the_flag(reviewer):
    assert reviewer.get("/flags?q=%231042").location == "/flags/1042"


def test_the_form_leads_to_the_address_that_says_the_same(reviewer):
    answer = reviewer.get(
        "/flags/filter?tab=all&sort=newest&label=PERSON&label=CREDIT_CARD&age=>3d"
    )

    assert answer.status_code == 302
    assert (
        answer.location == "/flags?tab=all&sort=newest&q=label%3APERSON%2CCREDIT_CARD+age%3A%3E3d"
    )


def test_pages_follow_each_other_without_gap_or_repeat(reviewer, make_flag):
    made = [make_flag(f"n{n} {SSN}", [(SSN, "NATIONAL_ID")]).number for n in range(PAGE_SIZE + 5)]

    first = reviewer.get("/flags?sort=newest")
    second = reviewer.get(re.search(r'rel="next" href="([^"]+)"', first.text)[1].replace("&amp;", "&"))  # fmt: skip
    back = reviewer.get(re.search(r'rel="prev" href="([^"]+)"', second.text)[1].replace("&amp;", "&"))  # fmt: skip

    assert numbers(first) + numbers(second) == made[::-1]
    assert numbers(back) == numbers(first)
    assert 'rel="next"' not in second.text


def test_a_script_gets_the_list_alone(reviewer, make_flag):
    make_flag()

    part = reviewer.get("/flags", headers={"X-Fragment": "1"}).text

    assert "queue-table" in part
    assert "<html" not in part


def test_live_counts_are_those_of_the_tabs(reviewer, parts, make_flag):
    confirmed, mine, _ = make_flag(), make_flag(), make_flag()
    decide(parts, confirmed, "confirm", reviewer.person)
    assign(parts.store, TENANT, mine.id, by=reviewer.person, to="Lee")

    answer = reviewer.get("/flags/live").json
    on_mine = reviewer.get("/flags/live?tab=mine").json

    assert answer["total"] == 2
    assert answer["tabs"] | {"review": 2, "mine": 1, "confirmed": 1, "all": 3} == answer["tabs"]
    # the counts of the other tabs do not change with the tab that is open
    assert on_mine["tabs"] == answer["tabs"]
    assert on_mine["total"] == 1


def test_another_workspace_is_not_listed_counted_or_peeked_into(reviewer, make_flag):
    theirs = make_flag(tenant=OTHER_TENANT)
    for _ in range(3):
        theirs = make_flag(tenant=OTHER_TENANT)

    assert numbers(reviewer.get("/flags?tab=all")) == []
    assert reviewer.get("/flags/live?tab=all").json["total"] == 0
    assert reviewer.get(f"/flags/{theirs.number}/peek").status_code == 404


def test_a_peek_shows_why_and_offers_what_may_be_done(reviewer, client_as, make_flag):
    flag = make_flag()
    url = f"/flags/{flag.number}/peek"

    assert 'value="confirm"' in reviewer.get(url).text
    assert "critical label" in reviewer.get(url, headers={"X-Fragment": "1"}).text
    assert 'value="confirm"' not in client_as("viewer").get(url).text


def test_who_may_not_decide_has_nothing_to_tick(client_as, make_flag):
    make_flag()

    assert 'name="pick"' not in client_as("auditor").get("/flags").text
    assert 'name="action"' not in client_as("ml").get("/flags").text


def test_a_view_is_kept_for_its_person_and_can_be_deleted(reviewer, client_as):
    kept = {"name": "Cards", "q": "label:CREDIT_CARD", "tab": "all", "sort": "newest"}

    reviewer.send("/flags/views", kept)
    page = reviewer.get("/flags").text

    assert "/flags?tab=all&amp;q=label%3ACREDIT_CARD&amp;sort=newest" in page
    assert "CREDIT_CARD&amp;sort" not in client_as("compliance", name="Dana").get("/flags").text
    reviewer.send(re.search(r'action="(/flags/views/[^"]+/delete)"', page)[1])
    assert "Cards" not in reviewer.get("/flags").text


def test_nobody_deletes_another_persons_view(reviewer, client_as, parts):
    reviewer.send("/flags/views", {"name": "Cards", "q": "label:CREDIT_CARD"})
    view = parts.store.views.list(TENANT, reviewer.person.id)[0]

    client_as("admin").send(f"/flags/views/{view.id}/delete")

    assert parts.store.views.list(TENANT, reviewer.person.id) == [view]


def test_a_view_without_a_name_is_not_kept(reviewer, parts):
    page = reviewer.send("/flags/views", {"name": "  ", "q": "x:y"}, follow_redirects=True)

    assert "The view was not saved" in page.text
    assert parts.store.views.list(TENANT, reviewer.person.id) == []


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ("", "Nothing needs review."),
        ("tab=mine", "Nothing is assigned to you."),
        ("q=label:PASSWORD", "No flags match."),
        ("tab=corrected", "There are no such flags."),
    ],
)
def test_an_empty_list_says_why_and_offers_one_thing_to_do(reviewer, parts, make_flag, args, said):
    decide(parts, make_flag(), "confirm", reviewer.person)

    page = reviewer.get(f"/flags?{args}").text

    assert said in page
    assert page[page.index(said) :].count('class="btn btn-primary btn-sm"') == 1


def test_a_fresh_workspace_says_how_to_begin(reviewer):
    assert "No message has been flagged yet." in reviewer.get("/flags").text


def test_a_text_that_was_purged_leaves_the_row(reviewer, parts, make_flag):
    flag = make_flag()
    with parts.store.transaction() as tx:
        parts.store.flags.erase(tx, TENANT, [flag.id])

    page = reviewer.get("/flags")

    assert numbers(page) == [flag.number]
    assert "Text deleted by the retention rule." in page.text


def test_an_author_whom_the_policy_hides_has_no_name_until_confirm(reviewer, parts, make_flag):
    flag = make_flag(user_id="U0ANA00001")
    policy = parts.policies.current()
    notices = policy.model.notices.model_copy(update={"hide_author": True})
    parts.policies._current = replace(
        policy, model=policy.model.model_copy(update={"notices": notices})
    )

    assert "U0ANA00001" not in reviewer.get("/flags").text
    decide(parts, flag, "confirm", reviewer.person)
    assert "U0ANA00001" in reviewer.get("/flags?tab=confirmed").text


def test_channels_and_authors_have_their_names(reviewer, slack, parts, make_flag):
    from bot.slack.client import Done

    channels = [{"id": "C0SALES001", "name": "sales", "is_private": True}]
    slack.script["users.conversations"] = [Done({"channels": channels})]
    with parts.store.transaction() as tx:
        parts.store.directory.replace(tx, TENANT, [("U0ANA00001", "Ana Okafor")])
    flag = make_flag()

    page = reviewer.get("/flags")

    assert "#sales" in page.text
    assert "Ana Okafor" in page.text
    assert numbers(reviewer.get("/flags?q=channel:%23sales")) == [flag.number]


def test_the_queue_asks_nobody_elses_server(reviewer, make_flag):
    make_flag("see https://example.com/x now her ssn is 078-05-1120")

    page = reviewer.get("/flags").text

    assert re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*"', page) == []
    assert re.findall(r"\sstyle=|<style|\son\w+=", page) == []

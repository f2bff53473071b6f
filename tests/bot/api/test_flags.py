"""Flags and values by the API: filtered, paged, masked."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.bot.api.conftest import SSN, TEXT

CARD = "4242 4242 4242 4242"


@pytest.fixture
def client(api):
    return api("read")


def numbers(answer):
    assert answer.status_code == 200, answer.text
    return [one["number"] for one in answer.json["flags"]]


@pytest.fixture
def three(make_flag):
    """An SSN in #sales by Ana, a card in #hr by Ben, a name in #hr by Ana."""
    return (
        make_flag(TEXT, [("078-05-1120", "NATIONAL_ID", 0.9)]),
        make_flag(
            f"card {CARD}",
            [(CARD, "CREDIT_CARD", 0.99)],
            channel_id="C0HR000001",
            user_id="U0BEN00001",
            source="rule:card",
        ),
        make_flag(
            "ask Priya", [("Priya", "PERSON", 0.4)], channel_id="C0HR000001", model="piiguard-en-2"
        ),
    )


def test_a_flag_is_shown_with_everything_but_its_text(client, make_flag):
    flag = make_flag(f"{TEXT}, mail jane@acme.org", [(*SSN, "NATIONAL_ID", 0.9), ("jane@acme.org", "EMAIL_ADDRESS")])  # fmt: skip
    answer = client.get(f"/api/v1/flags/{flag.number}")
    shown = answer.json["flag"]

    assert "078-05-1120" not in answer.text
    assert "jane@acme.org" not in answer.text
    assert shown["preview"] == "her ssn is ••• (1 NATIONAL_ID), mail ••• (2 EMAIL_ADDRESS)"
    assert (shown["spans"][0]["start"], shown["spans"][0]["end"]) == SSN
    assert (shown["number"], shown["version"], shown["state"]) == (
        flag.number,
        flag.version,
        "open",
    )
    assert (shown["channel"], shown["author"]) == (flag.channel_id, flag.user_id)
    assert datetime.fromisoformat(shown["opened_at"]) == flag.opened_at
    found = {one["label"] for one in answer.json["values"]}
    assert found == {"EMAIL_ADDRESS", "NATIONAL_ID"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {0, 1, 2}),
        ("label=CREDIT_CARD", {1}),
        ("label=CREDIT_CARD&label=PERSON", {1, 2}),
        ("channel=C0HR000001", {1, 2}),
        ("author=U0BEN00001", {1}),
        ("source=rule", {1}),
        ("model=piiguard-en-2", {2}),
        ("score_max=0.5", {2}),
        ("score_min=0.95", {1}),
        ("severity=critical", {0, 1}),
        ("state=confirmed", set()),
        ("state=open&state=confirmed", {0, 1, 2}),
        ("assignee=", {0, 1, 2}),
        ("assignee=Lee", set()),
        ("snoozed=only", set()),
        ("snoozed=include", {0, 1, 2}),
        ("answered=true", set()),
        ("answered=false", {0, 1, 2}),
        ("value=99", set()),
        ("opened_after=2999-01-01T00:00:00Z", set()),
        ("opened_before=2999-01-01T00:00:00%2B02:00", {0, 1, 2}),
    ],
)
def test_a_filter_finds_what_it_says(client, three, query, expected):
    found = numbers(client.get(f"/api/v1/flags?{query}"))

    assert set(found) == {three[index].number for index in expected}


@pytest.mark.parametrize(
    "query",
    [
        "state=canary-33",
        "severity=canary-33",
        "label=canary-33",
        "channel=%23canary-33",
        "author=canary-33",
        "source=canary-33",
        "score_min=canary-33",
        "score_min=2",
        "score_max=nan",
        "score_max=inf",
        "assignee=canary-33%00",
        "model=canary-33%20",
        "opened_after=canary-33",
        "opened_after=2026-01-01T00:00:00",
        "opened_after=0001-01-01T00:00:00%2B14:00",
        "opened_after=9999-12-31T23:59:59-14:00",
        "opened_after=1e300",
        "value=0",
        "value=99999999999999999999",
        "answered=canary-33",
        "snoozed=canary-33",
        "order=canary-33",
        "limit=0",
        "limit=201",
        "limit=canary-33",
        "limit=5&limit=6",
        "after=canary-33",
        "after=!",
        "after=eyJhIjoxfQ",
        "before=WyJyaXNrIiwxXQ",
        "canary-33=1",
        "canary-33=1&canary-33=2",
    ],
)
def test_a_bad_filter_is_400_with_the_reason_and_no_echo(client, three, query):
    answer = client.get(f"/api/v1/flags?{query}")

    assert answer.status_code == 400
    assert answer.json["error"]
    assert "canary-33" not in answer.text


@pytest.mark.parametrize("order", ["risk", "oldest", "uncertain", "newest"])
def test_pages_follow_each_other_both_ways(client, make_flag, order):
    made = [make_flag(score=0.5 + n / 100).number for n in range(5)]
    path = f"/api/v1/flags?order={order}&limit=2"
    first = client.get(path)
    second = client.get(f"{path}&after={first.json['next']}")
    third = client.get(f"{path}&after={second.json['next']}")
    back = client.get(f"{path}&before={second.json['prev']}")

    assert sorted(numbers(first) + numbers(second) + numbers(third)) == sorted(made)
    assert third.json["next"] == ""
    assert numbers(back) == numbers(first)


def test_a_snoozed_flag_is_left_out_unless_it_is_asked_for(client, parts, make_flag, make_person):
    from bot.casework import snooze

    flag, lee = make_flag(), make_person("Lee", "reviewer")
    until = datetime.now(UTC) + timedelta(days=1)
    snooze(parts.store, flag.tenant, flag.id, by=lee, until=until)

    assert numbers(client.get("/api/v1/flags")) == []
    assert numbers(client.get("/api/v1/flags?snoozed=only")) == [flag.number]


def test_an_author_is_kept_back_where_the_policy_says_so(client, parts, make_flag, monkeypatch):
    from bot.policies import parse_bot_policy

    flag = make_flag()
    hidden = parse_bot_policy("notices:\n  hide_author: true\n")
    monkeypatch.setattr(parts.policies, "current", lambda: hidden)

    assert client.get(f"/api/v1/flags/{flag.number}").json["flag"]["author"] == ""


def test_a_note_is_named_and_not_shown(client, parts, make_flag, make_person):
    from bot.review import add_note

    flag, lee = make_flag(), make_person("Lee", "reviewer")
    add_note(parts.store, flag.tenant, flag.id, by=lee, text="canary-44", surface="console")
    answer = client.get(f"/api/v1/flags/{flag.number}")

    assert [(one["decision"], one["by"], one["has_note"]) for one in answer.json["reviews"]] == [
        ("note", "Lee", True)
    ]
    assert "canary-44" not in answer.text


def test_a_value_in_several_flags_is_one_group(client, make_flag):
    flags = [make_flag(), make_flag(f"again: {TEXT}", channel_id="C0HR000001"), make_flag("ask Priya", [("Priya", "PERSON")])]  # fmt: skip
    found = client.get("/api/v1/values")
    group = found.json["values"][0]

    assert len(found.json["values"]) == 1
    assert (group["label"], group["flags"], group["pending"]) == ("NATIONAL_ID", 2, 2)
    assert group["channels"] == {"C0SALES001": 1, "C0HR000001": 1}
    assert client.get(f"/api/v1/values/{group['number']}").json == group
    assert set(numbers(client.get(f"/api/v1/flags?value={group['number']}"))) == {
        flags[0].number,
        flags[1].number,
    }
    assert "078-05-1120" not in found.text


@pytest.mark.parametrize("path", ["/api/v1/flags/77", "/api/v1/values/77", "/api/v1/values/0"])
def test_what_is_not_there_is_404(client, path):
    assert client.get(path).status_code == 404

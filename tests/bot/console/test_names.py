"""Names of channels and people: asked for once, and never waited for twice."""

import pytest

from bot.console.names import FRESH_S, PAUSE_S, Names
from bot.slack.client import Done, Refused

TENANT = "T1"
CHANNELS = [
    {"id": "C0SALES001", "name": "sales"},
    {"id": "C0HR000001", "name": "hr", "is_private": True},
]
MEMBERS = [
    {"id": "U0ANA00001", "name": "ana", "real_name": "Ana Okafor", "profile": {"display_name": "anao"}},
    {"id": "U0ANA00002", "name": "ana2", "real_name": "Ana Okafor", "profile": {}},
]  # fmt: skip


class Slack:
    """Lists channels and members, in pages of one; ``is_down`` refuses everything."""

    def __init__(self):
        self.calls = []
        self.is_down = False

    def call(self, method, *, cursor=None, **args):
        self.calls.append(method)
        if self.is_down:
            return Refused("ratelimited")
        key, rows = {
            "users.conversations": ("channels", CHANNELS),
            "users.list": ("members", MEMBERS),
        }[method]
        at = int(cursor or 0)
        following = str(at + 1) if at + 1 < len(rows) else ""
        return Done({key: rows[at : at + 1], "response_metadata": {"next_cursor": following}})


class Workspaces:
    def __init__(self, slack):
        self.slack = slack

    def quick(self, tenant):
        return self.slack if tenant == TENANT else None


@pytest.fixture
def slack():
    return Slack()


@pytest.fixture
def clock():
    return [1000.0]


@pytest.fixture
def names(slack, sqlite_store, clock):
    return Names(sqlite_store, Workspaces(slack), clock=lambda: clock[0])


def test_a_channel_has_its_name_and_says_when_it_is_private(names):
    assert names.channel(TENANT, "C0SALES001").shown == "#sales"
    assert names.channel(TENANT, "C0HR000001").is_private
    assert not names.channel(TENANT, "C0SALES001").is_private


@pytest.mark.parametrize(
    ("channel_id", "shown"), [("C0OTHER001", "C0OTHER001"), ("D0DIRECT01", "#direct message")]
)
def test_an_unknown_channel_has_its_id(names, channel_id, shown):
    assert names.channel(TENANT, channel_id).shown == shown


@pytest.mark.parametrize(
    ("typed", "channel_id"),
    [
        ("#sales", "C0SALES001"),
        ("SALES", "C0SALES001"),
        ("C0OTHER001", "C0OTHER001"),
        ("#nowhere", ""),
        ("", ""),
        ("C", ""),
        ("C0' OR 1=1", ""),
    ],
)
def test_a_typed_channel_is_found_or_not(names, typed, channel_id):
    assert names.channel_id(TENANT, typed) == channel_id


@pytest.mark.parametrize(
    ("typed", "user_id"),
    [
        ("@ana", "U0ANA00001"),
        ("anao", "U0ANA00001"),
        ("Ana Okafor", "U0ANA00001"),
        ("@ana2", "U0ANA00002"),
        ("U0OTHER001", "U0OTHER001"),
        ("@nobody", ""),
        ("@", ""),
    ],
)
def test_a_typed_author_is_found_or_not(names, typed, user_id):
    assert names.user_id(TENANT, typed) == user_id


def test_slack_is_asked_once_in_ten_minutes(names, slack, clock):
    for _ in range(5):
        names.channel(TENANT, "C0SALES001")
    assert slack.calls == ["users.conversations"] * 2  # two pages
    clock[0] += FRESH_S + 1

    names.channel(TENANT, "C0SALES001")

    assert len(slack.calls) == 4


def test_what_was_known_stays_known_while_slack_is_away(names, slack, clock):
    names.channels(TENANT)
    slack.is_down = True
    clock[0] += FRESH_S + 1

    assert names.channel(TENANT, "C0SALES001").shown == "#sales"


def test_a_slack_that_refuses_is_left_alone_for_a_minute(names, slack, clock):
    slack.is_down = True
    for _ in range(5):
        assert names.channel(TENANT, "C0SALES001").shown == "C0SALES001"
    assert len(slack.calls) == 1
    slack.is_down = False
    clock[0] += PAUSE_S + 1

    assert names.channel(TENANT, "C0SALES001").shown == "#sales"


def test_a_workspace_that_cannot_be_asked_shows_ids(names, slack):
    assert names.channel("T2", "C0SALES001").shown == "C0SALES001"
    assert slack.calls == []


def test_an_author_has_the_name_of_the_directory(names, sqlite_store, clock):
    assert names.author(TENANT, "U0ANA00001") == "U0ANA00001"
    with sqlite_store.transaction() as tx:
        sqlite_store.directory.replace(tx, TENANT, [("U0ANA00001", "Ana Okafor")])
    clock[0] += FRESH_S + 1

    assert names.author(TENANT, "U0ANA00001") == "Ana Okafor"
    assert names.author(TENANT, "") == ""

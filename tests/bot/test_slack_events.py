"""Every kind of message Slack sends, and what is read of it.

Shapes: https://docs.slack.dev/reference/events/message and its subtypes; hidden kinds as Slack's forum reports them.
"""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.records import Deletion, FileRef, Part, SlackMessage
from bot.slack.events import (
    OwnIds,
    ReadOptions,
    event_key,
    history_event,
    is_relevant,
    read_event,
    tenant_of,
    version_of,
    wire_text,
)
from tests.bot.slack_shapes import CHANNEL, TENANT, TS, edited, event_of

OWN = OwnIds("A0OURAPP1", "B0OURBOT1", "U0OURBOT1", frozenset({"C0REVIEW1"}))
RICH = [
    {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "hello there"}]}
        ],
    }
]
FILE = {
    "id": "F1",
    "name": "dana-payslip.csv",
    "title": "dana-payslip.csv",
    "filetype": "csv",
    "mimetype": "text/csv",
    "size": 12,
    "url_private": "https://files.slack.com/files-pri/T-F1/x.csv",
}


def read(payload, options=None):
    return read_event(payload, OWN, options or ReadOptions())


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ({"text": "hello"}, [("text", "hello")]),
        ({"text": "hello", "subtype": "me_message"}, [("text", "hello")]),
        (
            {"text": "hello", "subtype": "thread_broadcast", "thread_ts": "1.0"},
            [("text", "hello")],
        ),
        # Slack sends most messages twice
        ({"text": "hello there", "blocks": RICH}, [("text", "hello there")]),
        ({"text": "*hello*  there", "blocks": RICH}, [("text", "*hello*  there")]),
        ({"text": "", "blocks": RICH}, [("blocks", "hello there")]),
        (
            {"text": "New alert", "blocks": RICH},
            [("text", "New alert"), ("blocks", "hello there")],
        ),
        ({"text": "", "attachments": [{"text": "from CI"}]}, [("attachments[0]", "from CI")]),
        (
            {"text": "see", "attachments": [{"fallback": "only this"}]},
            [("text", "see"), ("attachments[0]", "only this")],
        ),
        (
            {
                "text": "see",
                "attachments": [{"text": "a page", "from_url": "https://x.example"}, {"text": "b"}],
            },
            [("text", "see"), ("attachments[1]", "b")],
        ),
        (
            {"text": "look", "subtype": "file_share", "files": [FILE]},
            [("text", "look"), ("file_name:F1", "dana-payslip.csv")],
        ),
        ({"text": "from a bot", "subtype": "bot_message", "user": None}, [("text", "from a bot")]),
        ({"text": "from a bot", "bot_id": "B0OTHER01"}, [("text", "from a bot")]),
        (
            {
                "text": "<@U1|ana> set the topic: call Dana",
                "topic": "call Dana",
                "subtype": "channel_topic",
            },
            [("topic", "call Dana")],
        ),
        (
            {"text": "x", "purpose": "all of HR", "subtype": "group_purpose"},
            [("purpose", "all of HR")],
        ),
        (
            {
                "text": "hi",
                "subtype": "assistant_app_thread",
                "assistant_app_thread": {"title": "Dana's leave"},
            },
            [("text", "hi"), ("title", "Dana's leave")],
        ),
        ({"text": "", "blocks": []}, []),
    ],
)
def test_what_a_message_shows_is_read_once(message, parts):
    found = read(event_of(message))

    assert isinstance(found, SlackMessage)
    assert [(part.name, part.text) for part in found.parts] == parts


@pytest.mark.parametrize(
    "message",
    [
        {"subtype": "channel_join", "text": "<@U1> has joined"},
        {"subtype": "channel_leave", "text": "<@U1> has left"},
        {"subtype": "huddle_thread", "text": "A huddle started"},
        {"subtype": "ekm_access_denied", "text": "x"},
        {"subtype": "reminder_add", "text": "x"},
        {"subtype": "message_replied", "message": {"ts": "1.0"}},
        {"subtype": "something_new", "text": "x"},
        {"user": "USLACKBOT", "text": "Reminder: x"},
        {"text": "ours", "app_id": "A0OURAPP1"},
        {"text": "ours", "bot_profile": {"app_id": "A0OURAPP1"}},
        {"text": "ours", "bot_id": "B0OURBOT1"},
        {"text": "ours", "user": "U0OURBOT1"},
        {"text": "reviewers talk", "channel": "C0REVIEW1"},
        {"text": "no channel", "channel": None},
        {"text": "no time", "ts": None},
        {"type": "reaction_added"},
    ],
)
def test_what_is_nobodys_words_or_our_own_is_not_read(message):
    assert read(event_of(message)) is None


@pytest.mark.parametrize(
    ("options", "message", "is_read"),
    [
        (ReadOptions(bots=False), {"text": "x", "bot_id": "B0OTHER01"}, False),
        (ReadOptions(bots=False), {"text": "x"}, True),
        (ReadOptions(topics=False), {"topic": "x", "subtype": "channel_topic"}, False),
        (
            ReadOptions(unfurls=True),
            {"text": "", "attachments": [{"text": "a", "is_msg_unfurl": True}]},
            True,
        ),
        (ReadOptions(), {"text": "", "attachments": [{"text": "a", "is_msg_unfurl": True}]}, False),
        (ReadOptions(file_names=False), {"text": "", "files": [FILE]}, False),
        (
            ReadOptions(file_names=False, file_previews=True),
            {"text": "", "files": [FILE | {"preview": "id,name"}]},
            True,
        ),
    ],
)
def test_the_policy_says_what_is_read(options, message, is_read):
    found = read(event_of(message), options)

    assert bool(found and found.parts) == is_read


def test_a_file_is_described_with_what_must_be_asked_first():
    found = read(
        event_of(
            {
                "subtype": "file_share",
                "files": [
                    FILE,
                    {"id": "F2", "file_access": "check_file_info"},
                    {"id": "F3", "mode": "tombstone"},
                ],
            }
        )
    )

    assert found.files == (
        FileRef("F1", "dana-payslip.csv", "csv", "text/csv", 12, FILE["url_private"]),
        FileRef("F2", "", must_ask=True),
    )


@pytest.mark.parametrize(
    "event",
    [
        {"subtype": "message_deleted", "deleted_ts": TS, "previous_message": {"text": "x"}},
        {"subtype": "message_deleted", "previous_message": {"text": "x", "ts": TS}},
        {
            "subtype": "message_changed",
            "message": {"subtype": "tombstone", "user": "USLACKBOT", "ts": TS},
        },
    ],
)
def test_a_deleted_message_is_a_deletion_whichever_way_slack_says_it(event):
    assert read(event_of(event)) == Deletion(TENANT, CHANNEL, TS)


def test_the_deletion_of_our_own_post_is_no_news():
    event = {"subtype": "message_deleted", "previous_message": {"bot_id": "B0OURBOT1", "ts": TS}}

    assert read(event_of(event)) is None


def test_an_edit_is_the_same_message_in_a_newer_version():
    first = read(event_of({"text": "one", "client_msg_id": "c1"}))
    second = read(edited({"text": "two", "edited": {"user": "U1", "ts": "1763642299.000000"}}))

    assert (first.channel_id, first.ts) == (second.channel_id, second.ts)
    assert (first.is_edit, second.is_edit) == (False, True)
    assert first.version < second.version
    assert first.client_msg_id == "c1"


def test_versions_are_ordered_as_slack_made_them():
    post = version_of({"ts": "999999999.000100"})
    late_post = version_of({"ts": TS})
    unfurl = version_of({"ts": TS, "edited": {}}, "1763642281.000000")
    edit = version_of({"ts": TS, "edited": {"ts": "1763642299.000000"}}, "1763642300.000200")
    same_second = version_of({"ts": TS, "edited": {"ts": "1763642299.000000"}}, "1763642300.0003")
    later = version_of({"ts": TS, "edited": {"ts": "1763642305.000000"}}, "1763642299.000000")

    ordered = [post, late_post, unfurl, edit, same_second, later]

    assert all(one < other for one, other in pairwise(ordered))
    assert len({len(version) for version in ordered}) == 1


def test_the_first_message_of_a_thread_stands_in_the_channel():
    root = read(event_of({"text": "x", "thread_ts": TS}))
    reply = read(event_of({"text": "x", "thread_ts": "1763642000.000000"}))

    assert (root.thread_ts, reply.thread_ts) == ("", "1763642000.000000")


@pytest.mark.parametrize(
    ("payload", "tenant"),
    [
        (event_of({}), TENANT),
        (
            {
                "authorizations": [
                    {"enterprise_id": "E1", "team_id": "T1", "is_enterprise_install": True}
                ]
            },
            "E1",
        ),
        (
            {
                "authorizations": [
                    {"enterprise_id": "E1", "team_id": "T1", "is_enterprise_install": False}
                ]
            },
            "T1",
        ),
        # a shared channel: the event's team is the sender's, the authorization is ours
        ({"team_id": "T9", "authorizations": [{"team_id": "T1"}]}, "T1"),
        ({"team_id": "T2"}, "T2"),
        ({"team": {"id": "T3"}, "enterprise": None}, "T3"),
        (
            {"team": {"id": "T3"}, "enterprise": {"id": "E3"}, "is_enterprise_install": True},
            "E3",
        ),
        (
            {"team_id": "T4", "enterprise_id": "E4", "is_enterprise_install": "false"},
            "T4",
        ),
        ({"team_id": 5}, ""),
        ({}, ""),
    ],
)
def test_the_tenant_is_the_installation_that_slack_authorises(payload, tenant):
    assert tenant_of(payload) == tenant


def test_a_delivery_and_its_retry_have_one_key():
    assert (
        event_key(event_of({"text": "one"})) == event_key(event_of({"text": "one"})) == "ev:Ev0001"
    )
    limited = {"type": "app_rate_limited", "team_id": "T1", "minute_rate_limited": 1518467820}
    assert event_key(limited) == "ev:app_rate_limited:T1:1518467820"
    assert event_key({"event": {"type": "message", "channel": "C1", "ts": "1.2"}}) == (
        "ev:message:C1:1.2"
    )


@pytest.mark.parametrize(
    ("payload", "relevant"),
    [
        (event_of({"text": "x"}), True),
        (event_of({"subtype": "channel_topic"}), True),
        (event_of({"subtype": "message_deleted"}), True),
        (edited({"text": "x"}), True),
        (edited({"subtype": "tombstone"}), True),
        (edited({"subtype": "channel_join"}), False),
        (event_of({"subtype": "channel_join"}), False),
        (event_of({"type": "app_home_opened", "tab": "home"}), True),
        (event_of({"type": "app_home_opened", "tab": "messages"}), False),
        (event_of({"type": "tokens_revoked"}), True),
        (event_of({"type": "reaction_added"}), False),
        ({"type": "app_rate_limited"}, True),
        ({"type": "event_callback"}, False),
        ({"event": "text"}, False),
    ],
)
def test_only_what_can_matter_is_worth_a_row(payload, relevant):
    assert is_relevant(payload) is relevant


def test_our_own_posts_are_not_worth_a_row_where_we_are_known():
    payload = event_of({"text": "card", "bot_id": "B0OURBOT1"})

    assert is_relevant(payload)
    assert not is_relevant(payload, OWN)
    assert not is_relevant(event_of({"channel": "C0REVIEW1"}), OWN)


@pytest.mark.parametrize("tenant", ["T0TENANT1", "E0TENANT1"])
def test_history_goes_the_way_of_events(tenant):
    payload = history_event(tenant, CHANNEL, {"ts": TS, "text": "old", "user": "U1"})
    found = read(payload)

    assert tenant_of(payload) == tenant
    assert (found.tenant, found.channel_id, found.ts) == (tenant, CHANNEL, TS)
    assert found.parts == (Part("text", "old"),)


def test_the_words_of_a_message_are_wire_text():
    found = read(event_of({"text": "<@U1> hi", "files": [FILE | {"name": "a<b.txt", "title": ""}]}))

    assert wire_text(found) == "<@U1> hi\na&lt;b.txt"


def test_text_stays_out_of_repr():
    assert "payslip" not in repr(read(event_of({"text": "payslip", "files": [FILE]})))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "subtype",
                    "text",
                    "blocks",
                    "elements",
                    "attachments",
                    "files",
                    "message",
                    "previous_message",
                    "ts",
                    "edited",
                    "channel",
                    "bot_profile",
                    "assistant_app_thread",
                    "title",
                    "topic",
                    "fields",
                    "rows",
                    "id",
                    "size",
                    "deleted_ts",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=30,
)
SUBTYPES = st.sampled_from(
    [None, "message_changed", "message_deleted", "channel_topic", "file_share", "bot_message", 7]
)


@given(JSON, SUBTYPES)
def test_no_json_makes_the_reader_raise(inner, subtype):
    payload = event_of({})
    payload["event"] |= {"subtype": subtype, "message": inner}
    if isinstance(inner, dict):
        payload["event"] = {"type": "message", "channel": CHANNEL, "ts": TS} | inner
    for tried in (payload, {"event": inner, "authorizations": inner, "team_id": "T1"}):
        found = read(tried, ReadOptions(unfurls=True, file_previews=True))

        assert found is None or isinstance(found, SlackMessage | Deletion)
        assert isinstance(event_key(tried), str)
        assert isinstance(is_relevant(tried), bool)

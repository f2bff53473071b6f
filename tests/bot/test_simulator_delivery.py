"""How the simulated Slack tells an app what happened: signed, retried, doubled, out of order; and what it tells."""

import json
import time

import pytest
from slack_sdk.signature import SignatureVerifier

from bot.simulator import SlackError
from tests.bot.simulator_tools import client_of, small_workspace
from tests.bot.toy_app import Reply, ToyApp


@pytest.fixture
def toy():
    toy = ToyApp()
    yield toy
    toy.stop()


@pytest.fixture
def sim(toy):
    with small_workspace() as sim:
        sim.app.listen_at(toy.url)
        yield sim


def settle(sim):
    assert sim.courier.wait_idle()


def test_an_event_is_signed_as_slack_signs(sim, toy):
    sim.post("ana", "sales", "hello")
    settle(sim)

    got = toy.received[0]
    assert SignatureVerifier(sim.app.signing_secret).is_valid_request(got.body, got.headers)
    assert not SignatureVerifier("another").is_valid_request(got.body, got.headers)


def test_an_event_names_its_tenant_its_app_and_itself(sim, toy):
    sim.post("ana", "sales", "hello")
    settle(sim)

    envelope = toy.received[0].json
    assert envelope["type"] == "event_callback"
    assert envelope["authorizations"][0]["team_id"] == envelope["team_id"] == sim.workspace.team_id
    assert (envelope["api_app_id"], envelope["event_id"][:2]) == (sim.app.app_id, "Ev")
    assert envelope["event"]["channel_type"] == "channel"


@pytest.mark.parametrize(
    ("place", "person", "heard"),
    [
        ("sales", "ana", True),
        ("random", "ana", False),
        ("review", "dana", True),
        ("secret", "dana", False),
    ],
)
def test_an_app_hears_of_the_channels_it_is_in(sim, toy, place, person, heard):
    sim.post(person, place, "hello")
    settle(sim)

    assert len(toy.events()) == heard


def test_an_app_hears_only_what_it_subscribed_to(sim, toy):
    sim.app.events = frozenset({"message.groups"})

    sim.post("ana", "sales", "public")
    sim.post("dana", "review", "private")
    sim.open_home("ana")
    settle(sim)

    assert [event["text"] for event in toy.events()] == ["private"]


def test_a_refused_event_comes_again_with_its_number_and_reason(sim, toy):
    toy.answers = [Reply(500), Reply(503)]

    sim.post("ana", "sales", "hello")
    settle(sim)

    assert [got.headers.get("x-slack-retry-num") for got in toy.received] == [None, "1", "2"]
    assert [got.headers.get("x-slack-retry-reason") for got in toy.received] == [
        None,
        "http_error",
        "http_error",
    ]
    assert len({got.json["event_id"] for got in toy.received}) == 1
    assert [item.status for item in sim.deliveries] == [500, 503, 200]


def test_an_event_is_tried_four_times_and_no_more(sim, toy):
    toy.default = Reply(500)

    sim.post("ana", "sales", "hello")
    settle(sim)
    time.sleep(0.15)

    assert len(toy.received) == 4


def test_an_app_can_refuse_retries(sim, toy):
    toy.default = Reply(400, headers={"X-Slack-No-Retry": "1"})

    sim.post("ana", "sales", "hello")
    settle(sim)

    assert len(toy.received) == 1


def test_an_answer_that_comes_late_is_a_timeout(sim, toy):
    sim.courier.timeout_s = 0.2
    toy.answers = [Reply(after_s=0.6)]

    sim.post("ana", "sales", "hello")
    settle(sim)

    assert [item.error for item in sim.deliveries] == ["http_timeout", ""]
    assert toy.received[1].headers["x-slack-retry-reason"] == "http_timeout"


def test_events_can_come_twice_and_in_any_order(sim, toy):
    sim.courier.hold()
    for n in range(4):
        sim.post("ana", "sales", f"m{n}")
    assert toy.received == []

    assert sim.courier.release("reversed") == 4
    sim.courier.repeat(2)
    settle(sim)

    texts = [event["text"] for event in toy.events()]
    assert texts[:4] == ["m3", "m2", "m1", "m0"]
    assert sorted(texts[4:]) == ["m2", "m3"]


def test_a_dice_doubles_some_events(sim, toy):
    sim.courier.disorder(seed=1, double_rate=0.5)
    for n in range(20):
        sim.post("ana", "sales", f"m{n}")
    settle(sim)

    ids = [got.json["event_id"] for got in toy.received]
    assert len(set(ids)) == 20
    assert 20 < len(ids) < 40


def test_a_skewed_clock_shows_in_the_signed_time(sim, toy):
    sim.courier.skew_s = 301

    sim.post("ana", "sales", "hello")
    settle(sim)

    got = toy.received[0]
    assert int(got.headers["x-slack-request-timestamp"]) - time.time() == pytest.approx(301, abs=3)
    assert not SignatureVerifier(sim.app.signing_secret).is_valid_request(got.body, got.headers)


def test_an_address_can_be_asked_to_prove_itself(sim, toy):
    toy.default = lambda got: Reply(body=got.json["challenge"])

    proved = sim.challenge()

    assert proved.ok
    assert proved.answer.decode() == toy.received[0].json["challenge"]


# ---------------------------------------------------------------------------------------------------- what is told
def test_an_edit_says_what_was_and_what_is(sim, toy):
    ts = sim.post("ana", "sales", "old")
    sim.edit("ana", "sales", ts, "new")
    settle(sim)

    event = next(event for event in toy.events() if event.get("subtype") == "message_changed")
    assert (event["message"]["text"], event["previous_message"]["text"]) == ("new", "old")
    assert event["message"]["ts"] == ts != event["event_ts"]
    assert event["message"]["edited"]["ts"].endswith(".000000")
    assert event["message"]["blocks"][0]["elements"][0]["elements"][0]["text"] == "new"


def test_a_deleted_message_is_told_by_its_ts(sim, toy):
    ts = sim.post("ana", "sales", "gone")
    sim.delete("ana", "sales", ts)
    settle(sim)

    event = next(event for event in toy.events() if event.get("subtype") == "message_deleted")
    assert (event["deleted_ts"], event["channel"]) == (ts, sim.workspace.channel("sales").id)


def test_the_deleted_root_of_a_thread_is_a_changed_message_of_slackbot(sim, toy):
    ts = sim.post("ana", "sales", "root")
    reply = sim.post("dana", "sales", "reply", thread_ts=ts)
    sim.delete("ana", "sales", ts)
    settle(sim)

    event = next(event for event in toy.events() if event.get("subtype") == "message_changed")
    assert (event["message"]["subtype"], event["message"]["user"]) == ("tombstone", "USLACKBOT")
    assert event["message"]["ts"] == ts

    sim.delete("dana", "sales", reply)
    assert sim.messages("sales") == []


def test_an_unfurl_changes_a_message_without_editing_it(sim, toy):
    ts = sim.post("ana", "sales", "see https://fernhill.example/x")
    sim.unfurl("sales", ts, "https://fernhill.example/x", "A page")
    settle(sim)

    event = next(event for event in toy.events() if event.get("subtype") == "message_changed")
    assert event["message"]["attachments"][0]["from_url"] == "https://fernhill.example/x"
    assert "edited" not in event["message"]


def test_a_file_comes_as_file_share_with_where_to_fetch_it(sim, toy):
    sim.upload("ana", "sales", "notes.txt", "one\ntwo", "look")
    settle(sim)

    (event,) = toy.events()
    file = event["files"][0]
    assert (event["subtype"], event["text"]) == ("file_share", "look")
    assert (file["filetype"], file["size"], file["mimetype"]) == ("text", 7, "text/plain")
    assert file["url_private"].startswith(sim.url)


def test_a_reply_to_all_carries_its_root(sim, toy):
    ts = sim.post("ana", "sales", "root")
    sim.post("dana", "sales", "reply", thread_ts=ts, broadcast=True)
    settle(sim)

    event = next(event for event in toy.events() if event.get("subtype") == "thread_broadcast")
    assert (event["thread_ts"], event["root"]["text"]) == (ts, "root")


def test_joins_topics_and_other_apps_are_told_in_their_own_shapes(sim, toy):
    sim.workspace.join("ana", "review")
    sim.workspace.set_topic("dana", "sales", "numbers")
    sim.post_as_app("sales", "build done")
    settle(sim)

    by_subtype = {event["subtype"]: event for event in toy.events()}
    assert set(by_subtype) == {"channel_join", "channel_topic", "bot_message"}
    assert by_subtype["channel_topic"]["topic"] == "numbers"
    assert "user" not in by_subtype["bot_message"]
    assert toy.events("member_joined_channel")[0]["channel_type"] == "G"


def test_an_app_hears_its_own_posts_but_not_their_metadata(sim, toy):
    metadata = {"event_type": "piiguard_card", "event_payload": {"key": "k"}}
    client_of(sim).chat_postMessage(
        channel=sim.workspace.channel("sales").id, text="card", metadata=metadata
    )
    settle(sim)

    (event,) = toy.events()
    assert event["bot_id"] == sim.app.bot_id
    assert "metadata" not in event


def test_an_uninstall_is_told_twice_over(sim, toy):
    sim.uninstall()
    settle(sim)

    kinds = sorted(got.event["type"] for got in toy.received)
    assert kinds == ["app_uninstalled", "tokens_revoked"]


@pytest.mark.parametrize(
    ("typed", "wire"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("see https://x.example/a?b=1&c=2.", "see <https://x.example/a?b=1&amp;c=2>."),
        ("mail jo@x.example now", "mail <mailto:jo@x.example|jo@x.example> now"),
        ("@ana look", "<@{ana}> look"),
        ("in #sales", "in <#{sales}|sales>"),
        ("@here lunch", "<!here> lunch"),
        ("@nobody and #nowhere", "@nobody and #nowhere"),
        ("`jo@x.example`", "`jo@x.example`"),
        ("no#sales no", "no#sales no"),
    ],
)
def test_typed_text_becomes_wire_text(sim, typed, wire):
    ids = {"ana": sim.workspace.user("ana").id, "sales": sim.workspace.channel("sales").id}

    ts = sim.post("ana", "sales", typed)

    assert sim.message(ts)["text"] == wire.format(**ids)


def test_rich_text_says_the_same_as_the_text(sim):
    ts = sim.post("ana", "sales", "*bold* `code` https://x.example\n> quoted\n```a < b```")

    elements = sim.message(ts)["blocks"][0]["elements"]

    kinds = [item["type"].removeprefix("rich_text_") for item in elements]
    assert kinds == ["section", "quote", "preformatted"]
    first = elements[0]["elements"]
    assert first[0] == {"type": "text", "text": "bold", "style": {"bold": True}}
    assert {"type": "text", "text": "code", "style": {"code": True}} in first
    assert {"type": "link", "url": "https://x.example"} in first
    assert elements[-1]["elements"] == [{"type": "text", "text": "a < b"}]


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda sim, ts: sim.edit("dana", "sales", ts, "x"), "cant_update_message"),
        (lambda sim, ts: sim.delete("dana", "sales", ts), "cant_delete_message"),
        (lambda sim, ts: sim.post("ana", "review", "x"), "not_in_channel"),
        (lambda sim, ts: sim.post("ana", "nowhere", "x"), "channel_not_found"),
        (lambda sim, ts: sim.post("nobody", "sales", "x"), "user_not_found"),
        (lambda sim, ts: sim.delete("ana", "sales", "1.000001"), "message_not_found"),
    ],
)
def test_people_can_only_do_what_slack_lets_them(sim, act, error):
    ts = sim.post("ana", "sales", "mine")

    with pytest.raises(SlackError) as caught:
        act(sim, ts)

    assert caught.value.code == error


def test_what_was_there_before_the_app_makes_no_event_and_stands_in_order(sim, toy):
    sim.post("ana", "sales", "today")
    sim.post("ana", "sales", "last week", at=time.time() - 7 * 86400, quiet=True)
    settle(sim)

    assert [message["text"] for message in sim.messages("sales")] == ["last week", "today"]
    assert len(toy.events()) == 1


def test_no_text_stands_in_the_repr_of_what_is_kept(sim, toy):
    sim.post("ana", "sales", "a canary")
    settle(sim)

    assert "canary" not in repr(sim.deliveries[0])
    assert b"canary" in sim.deliveries[0].body
    assert "canary" in json.loads(sim.deliveries[0].body)["event"]["text"]

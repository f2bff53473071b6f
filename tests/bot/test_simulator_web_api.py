"""The simulated Web API, asked by Slack's own client. What it must do stands in Slack's pages, named in bot/simulator."""

import contextlib
import json
import time
import urllib.error
import urllib.request

import pytest
from slack_sdk.errors import SlackApiError

from bot.simulator import Fault
from tests.bot.simulator_tools import actions, button, client_of, section, small_workspace


@pytest.fixture
def sim():
    with small_workspace() as sim:
        yield sim


@pytest.fixture
def slack(sim):
    return client_of(sim)


def refusal(call, **arguments):
    """Slack's word for why it said no."""
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return caught.value.response["error"]


def channel(sim, name):
    return sim.workspace.channel(name).id


def test_a_token_tells_who_it_is_and_a_wrong_one_is_refused(sim, slack):
    assert slack.auth_test()["bot_id"] == sim.app.bot_id
    assert refusal(client_of(sim, "xoxb-wrong").auth_test) == "invalid_auth"
    assert refusal(client_of(sim, "").auth_test) == "not_authed"
    assert refusal(slack.api_call, api_method="chat.shout") == "unknown_method"


def test_a_revoked_token_and_an_uninstalled_app_are_told_apart(sim, slack):
    other = client_of(sim, sim.grant_bot())

    other.auth_revoke()
    assert refusal(other.auth_test) == "token_revoked"

    sim.uninstall()
    assert refusal(slack.auth_test) == "account_inactive"


@pytest.mark.parametrize(
    ("method", "arguments", "needed"),
    [
        ("chat.postMessage", {"channel": "#sales", "text": "x"}, "chat:write"),
        ("users.list", {}, "users:read"),
        ("conversations.list", {}, "channels:read"),
        ("conversations.list", {"types": "private_channel"}, "groups:read"),
        ("conversations.history", {"channel": "#sales"}, "channels:history"),
        ("conversations.history", {"channel": "#review"}, "groups:history"),
        ("conversations.join", {"channel": "#random"}, "channels:join"),
        ("files.info", {"file": "F1"}, "files:read"),
    ],
)
def test_a_method_without_its_scope_names_what_is_missing(sim, method, arguments, needed):
    nothing = client_of(sim, sim.grant_bot(frozenset({"commands"})))
    if "channel" in arguments:
        arguments = arguments | {"channel": channel(sim, arguments["channel"])}

    with pytest.raises(SlackApiError) as caught:
        nothing.api_call(method, params=arguments)

    assert caught.value.response["error"] == "missing_scope"
    assert caught.value.response["needed"] == needed
    assert caught.value.response["provided"] == "commands"


@pytest.mark.parametrize(
    ("name", "error"),
    [("random", "not_in_channel"), ("secret", "channel_not_found")],
)
def test_a_bot_posts_only_where_it_is_a_member_and_private_channels_are_hidden(
    sim, slack, name, error
):
    assert refusal(slack.chat_postMessage, channel=channel(sim, name), text="x") == error
    assert refusal(slack.chat_postMessage, channel="C0NOWHERE", text="x") == "channel_not_found"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": [section("x" * 3001)]}, "invalid_blocks"),
        ({"text": "x", "blocks": [section()] * 51}, "invalid_blocks"),
        ({"text": "x", "blocks": [section("x" * 2900)] * 5}, "msg_blocks_too_long"),
        ({"text": "x", "blocks": "[{not json"}, "invalid_blocks_format"),
        ({"text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
    ],
)
def test_what_slack_would_not_show_is_not_posted(sim, slack, arguments, error):
    assert refusal(slack.chat_postMessage, channel=channel(sim, "review"), **arguments) == error
    assert sim.messages("review") == []


def test_metadata_comes_back_only_for_who_asks_for_all_of_it(sim, slack):
    metadata = {"event_type": "piiguard_card", "event_payload": {"key": "k1"}}
    slack.chat_postMessage(channel=channel(sim, "review"), text="x", metadata=metadata)

    def read(**arguments):
        return slack.conversations_history(channel=channel(sim, "review"), **arguments)["messages"][
            0
        ]["metadata"]

    assert read(include_all_metadata=True) == metadata
    assert read() == {"event_type": "piiguard_card"}


@pytest.mark.parametrize("event_type", ["piiguard.card", "with space", ""])
def test_bad_metadata_is_dropped_with_a_mere_warning(sim, slack, event_type):
    metadata = {"event_type": event_type, "event_payload": {}}

    answer = slack.chat_postMessage(channel=channel(sim, "review"), text="x", metadata=metadata)

    assert answer["warning"] == "invalid_metadata_schema"
    assert "metadata" not in answer["message"]


def test_an_update_keeps_what_it_does_not_name(sim, slack):
    metadata = {"event_type": "piiguard_card", "event_payload": {"key": "k1"}}
    blocks = [section("one"), actions(button())]
    posted = slack.chat_postMessage(
        channel=channel(sim, "review"), text="one", blocks=blocks, metadata=metadata
    )

    slack.chat_update(channel=posted["channel"], ts=posted["ts"], text="two")

    message = sim.message(posted["ts"])
    assert (message["text"], message["metadata"]) == ("two", metadata)
    assert [block["type"] for block in message["blocks"]] == ["section", "actions"]
    assert message["edited"]["ts"].endswith(".000000")


def test_a_bot_changes_and_deletes_only_its_own_messages(sim, slack):
    ts = sim.post("ana", "sales", "mine")

    assert (
        refusal(slack.chat_update, channel=channel(sim, "sales"), ts=ts, text="x")
        == "cant_update_message"
    )
    assert refusal(slack.chat_delete, channel=channel(sim, "sales"), ts=ts) == "cant_delete_message"
    assert (
        refusal(slack.chat_delete, channel=channel(sim, "sales"), ts="1.000001")
        == "message_not_found"
    )


@pytest.mark.parametrize(("person", "may"), [("sam", True), ("dana", False)])
def test_a_user_token_deletes_what_that_user_may(sim, person, may):
    ts = sim.post("ana", "sales", "mine")
    token = client_of(sim, sim.grant_user(person, "chat:write"))

    if may:
        token.chat_delete(channel=channel(sim, "sales"), ts=ts)
        assert sim.messages("sales") == []
    else:
        assert (
            refusal(token.chat_delete, channel=channel(sim, "sales"), ts=ts)
            == "cant_delete_message"
        )


def test_an_ephemeral_reaches_an_active_member_and_stands_in_no_history(sim, slack):
    sales, ana = channel(sim, "sales"), sim.workspace.user("ana")

    slack.chat_postEphemeral(channel=sales, user=ana.id, text="only you")
    assert [hint["text"] for hint in sim.hints("ana")] == ["only you"]
    assert slack.conversations_history(channel=sales)["messages"] == []

    ana.is_active = False
    assert slack.chat_postEphemeral(channel=sales, user=ana.id, text="gone")["ok"]
    assert len(sim.hints("ana")) == 1
    assert (
        refusal(slack.chat_postEphemeral, channel=channel(sim, "review"), user=ana.id, text="x")
        == "user_not_in_channel"
    )


def test_history_pages_from_the_newest_and_leaves_replies_out(sim, slack):
    stamps = [sim.post("ana", "sales", f"m{n}") for n in range(5)]
    sim.post("dana", "sales", "a reply", thread_ts=stamps[0])
    sim.post("dana", "sales", "for all", thread_ts=stamps[0], broadcast=True)

    texts, cursor = [], ""
    while True:
        page = slack.conversations_history(channel=channel(sim, "sales"), limit=2, cursor=cursor)
        texts += [message["text"] for message in page["messages"]]
        cursor = page.get("response_metadata", {}).get("next_cursor", "")
        if not cursor:
            break

    assert texts == ["for all", "m4", "m3", "m2", "m1", "m0"]
    thread = slack.conversations_replies(channel=channel(sim, "sales"), ts=stamps[0])["messages"]
    assert [message["text"] for message in thread] == ["m0", "a reply", "for all"]


@pytest.mark.parametrize(("inclusive", "texts"), [(False, ["m1"]), (True, ["m2", "m1", "m0"])])
def test_the_ends_of_a_window_are_left_out_unless_asked_for(sim, slack, inclusive, texts):
    stamps = [sim.post("ana", "sales", f"m{n}") for n in range(3)]

    page = slack.conversations_history(
        channel=channel(sim, "sales"), oldest=stamps[0], latest=stamps[2], inclusive=inclusive
    )

    assert [message["text"] for message in page["messages"]] == texts


def test_a_bot_sees_public_channels_and_the_private_ones_it_is_in(sim, slack):
    listed = slack.conversations_list(types="public_channel,private_channel")["channels"]

    assert [(item["name"], item["is_member"]) for item in listed] == [
        ("sales", True),
        ("random", False),
        ("review", True),
    ]
    assert slack.users_conversations()["channels"][0]["name"] == "sales"
    assert slack.conversations_join(channel=channel(sim, "random"))["channel"]["is_member"]
    assert (
        slack.conversations_join(channel=channel(sim, "random"))["warning"] == "already_in_channel"
    )


def test_a_person_as_channel_means_their_direct_messages(sim, slack):
    ana = sim.workspace.user("ana").id

    posted = slack.chat_postMessage(channel=ana, text="for you")
    assert posted["channel"] == slack.conversations_open(users=ana)["channel"]["id"]

    sim.app.has_messages_tab = False
    assert refusal(slack.chat_postMessage, channel=ana, text="x") == "messages_tab_disabled"


def test_a_file_is_given_to_a_token_that_may_and_nobody_else(sim):
    sim.upload("ana", "sales", "leads.csv", "name,phone\n")
    wire = sim.messages("sales")[0]["files"][0]

    def fetch(token):
        class Stay(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *args):
                return None

        request = urllib.request.Request(
            wire["url_private"], headers={"Authorization": f"Bearer {token}"}
        )
        try:
            with urllib.request.build_opener(Stay).open(request) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, b""

    assert fetch(sim.bot_token) == (200, b"name,phone\n")
    assert fetch("wrong")[0] == 302
    assert fetch(sim.grant_bot(frozenset({"chat:write"})))[0] == 302


def test_people_come_without_addresses_unless_the_scope_is_there(sim, slack):
    sim.workspace.user("ana").email = "ana@fernhill.example"

    assert "email" not in slack.users_info(user=sim.workspace.user("ana").id)["user"]["profile"]

    more = client_of(sim, sim.grant_bot(frozenset({"users:read", "users:read.email"})))
    assert (
        more.users_info(user=sim.workspace.user("ana").id)["user"]["profile"]["email"]
        == "ana@fernhill.example"
    )


def test_an_install_code_works_once(sim):
    sim.codes["c1"] = (
        "http://127.0.0.1/back",
        sim.workspace.user("sam").id,
        frozenset({"chat:write"}),
    )
    ask = {"client_id": sim.app.client_id, "client_secret": sim.app.client_secret, "code": "c1"}
    nobody = client_of(sim, "")

    granted = nobody.oauth_v2_access(**ask)

    assert client_of(sim, granted["access_token"]).auth_test()["team_id"] == granted["team"]["id"]
    assert refusal(nobody.oauth_v2_access, **ask) == "invalid_code"
    assert refusal(nobody.oauth_v2_access, **ask | {"client_secret": "x"}) == "bad_client_secret"


# ---------------------------------------------------------------------------------------------------- limits and faults
def test_too_many_calls_are_told_how_long_to_wait():
    now = [1_000_000.0]
    with small_workspace(clock=lambda: now[0]) as sim:
        sim.limits.is_on = True
        slack = client_of(sim)
        for _ in range(20):
            slack.users_list()

        with pytest.raises(SlackApiError) as caught:
            slack.users_list()
        assert caught.value.response.status_code == 429
        assert caught.value.response.headers["Retry-After"] == "60"

        now[0] += 61
        assert slack.users_list()["ok"]


def test_posting_is_one_a_second_in_a_channel_after_a_short_burst():
    now = [1_000_000.0]
    with small_workspace(clock=lambda: now[0]) as sim:
        sim.limits.is_on = True
        slack, sales = client_of(sim), channel(sim, "sales")
        for _ in range(5):
            slack.chat_postMessage(channel=sales, text="x")

        assert refusal(slack.chat_postMessage, channel=sales, text="x") == "ratelimited"
        assert slack.chat_postMessage(channel=channel(sim, "review"), text="x")["ok"]
        now[0] += 1
        assert slack.chat_postMessage(channel=sales, text="x")["ok"]


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("kind", ["reset", "status", "garbage", "error", "hang"])
def test_a_fault_loses_the_answer_and_only_sometimes_the_work(sim, slack, kind, done):
    sim.faults.add(kind, "chat.*", done=done, seconds=0.05)

    with pytest.raises((SlackApiError, OSError)):
        slack.chat_postMessage(channel=channel(sim, "sales"), text="once")

    assert len(sim.messages("sales")) == (1 if done else 0)
    assert slack.chat_postMessage(channel=channel(sim, "sales"), text="again")["ok"]
    assert sim.calls[0].error != ""
    assert sim.calls[0].status == (
        0 if kind in ("reset", "hang") else 500 if kind == "status" else 200
    )


def test_the_same_seed_spoils_the_same_calls():
    def spoilt(seed):
        with small_workspace() as sim:
            sim.faults.roll(seed, 0.5, [Fault("status"), Fault("error")])
            slack = client_of(sim)
            for _ in range(12):
                with contextlib.suppress(SlackApiError):
                    slack.auth_test()
            return [call.error for call in sim.calls]

    assert spoilt(7) == spoilt(7)
    assert 0 < sum(map(bool, spoilt(7))) < 12
    assert spoilt(7) != spoilt(8)


def test_every_call_is_kept_for_a_search_but_no_token(sim, slack):
    slack.chat_postMessage(channel=channel(sim, "sales"), text="a canary")

    call = sim.calls_of("chat.postMessage")[0]

    assert call.args["text"] == "a canary"
    assert b"a canary" in call.body
    assert "a canary" not in repr(call)
    assert sim.bot_token not in json.dumps(call.args)


def test_a_cut_connection_is_fast(sim, slack):
    sim.faults.add("reset", "auth.test")
    started = time.monotonic()

    with pytest.raises(OSError):
        slack.auth_test()

    assert time.monotonic() - started < 2

"""Clicks, modals, Home tabs, shortcuts and commands of the simulated Slack, with a toy app on the other side."""

import json
import urllib.request

import pytest
from slack_sdk.errors import SlackApiError

from bot.simulator import SlackError
from tests.bot.simulator_tools import (
    actions,
    button,
    client_of,
    modal,
    mrkdwn,
    option,
    plain,
    section,
    small_workspace,
    text_input,
)
from tests.bot.toy_app import Reply, ToyApp


@pytest.fixture
def toy():
    toy = ToyApp()
    yield toy
    toy.stop()


@pytest.fixture
def now():
    return [1_700_000_000.0]


@pytest.fixture
def sim(toy, now):
    with small_workspace(clock=lambda: now[0]) as sim:
        sim.app.listen_at(toy.url)
        # message events come when they like; these tests are about what is answered in the request
        sim.app.events = frozenset({"app_home_opened"})
        yield sim


@pytest.fixture
def slack(sim):
    return client_of(sim)


def card(sim, slack, *elements):
    blocks = [section("a card"), actions(*elements)]
    return slack.chat_postMessage(
        channel=sim.workspace.channel("review").id, text="card", blocks=blocks
    )["ts"]


def trigger(sim, toy, slack):
    ts = card(sim, slack, button())
    assert sim.click("dana", ts, "go").ok
    return toy.received[-1].payload["trigger_id"]


def refusal(call, **arguments):
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return caught.value.response["error"]


# ---------------------------------------------------------------------------------------------------- clicks
def test_a_click_says_who_where_and_what(sim, toy, slack):
    ts = card(sim, slack, button("confirm", "Confirm", value="f1:1", style="primary"))

    assert sim.click("dana", ts, "confirm").ok

    payload = toy.received[-1].payload
    assert payload["type"] == "block_actions"
    assert payload["user"]["id"] == sim.workspace.user("dana").id
    assert payload["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": sim.workspace.channel("review").id,
        "is_ephemeral": False,
    }
    assert payload["channel"]["name"] == "privategroup"
    action = payload["actions"][0]
    assert (action["action_id"], action["value"], action["type"]) == ("confirm", "f1:1", "button")
    assert "metadata" not in payload["message"]


@pytest.mark.parametrize("chosen", ["why:f1", "Why flagged?"])
def test_a_menu_sends_the_option_that_was_chosen(sim, toy, slack, chosen):
    overflow = {"type": "overflow", "action_id": "more", "options": [option("notify:f1", "Notify"), option("why:f1", "Why flagged?")]}  # fmt: skip
    ts = card(sim, slack, overflow)

    assert sim.click("dana", ts, "more", chosen).ok

    assert toy.received[-1].payload["actions"][0]["selected_option"]["value"] == "why:f1"


def test_a_click_in_an_ephemeral_names_no_message(sim, toy, slack):
    ana = sim.workspace.user("ana").id
    slack.chat_postEphemeral(
        channel=sim.workspace.channel("sales").id, user=ana, text="x", blocks=[actions(button())]
    )

    assert sim.click("ana", sim.hints("ana")[0]["ts"], "go").ok

    payload = toy.received[-1].payload
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload


@pytest.mark.parametrize(
    ("person", "action", "error"),
    [("ana", "go", "not_in_channel"), ("dana", "nothing", "no_such_action")],
)
def test_one_clicks_only_what_one_sees(sim, slack, person, action, error):
    ts = card(sim, slack, button())

    with pytest.raises(SlackError) as caught:
        sim.click(person, ts, action)

    assert caught.value.code == error


@pytest.mark.parametrize(
    ("reply", "error"), [(Reply(503), "http_error"), (Reply(after_s=0.5), "http_timeout"), (Reply(body="[1]"), "invalid_response")]
)  # fmt: skip
def test_an_app_that_does_not_answer_is_told_to_the_person_and_not_asked_again(
    sim, toy, slack, reply, error
):
    sim.courier.timeout_s = 0.2
    ts = card(sim, slack, button())
    toy.received.clear()
    toy.default = reply

    assert sim.click("dana", ts, "go").error == error
    assert len([got for got in toy.received if got.path == "/slack/interactions"]) == 1


def test_a_response_address_works_five_times_and_can_replace_an_ephemeral(sim, toy, slack):
    ana = sim.workspace.user("ana").id
    slack.chat_postEphemeral(
        channel=sim.workspace.channel("sales").id,
        user=ana,
        text="first",
        blocks=[actions(button())],
    )
    sim.click("ana", sim.hints("ana")[0]["ts"], "go")
    url = toy.received[-1].payload["response_url"]

    def respond(**body):
        request = urllib.request.Request(
            url, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        try:
            return urllib.request.urlopen(request).status
        except urllib.error.HTTPError as error:
            return error.code

    assert respond(text="second", replace_original=True) == 200
    assert [hint["text"] for hint in sim.hints("ana")] == ["second"]
    assert [respond(text="more") for _ in range(5)] == [200, 200, 200, 200, 404]


# ---------------------------------------------------------------------------------------------------- modals
def test_a_trigger_opens_one_modal(sim, toy, slack):
    used = trigger(sim, toy, slack)

    opened = slack.views_open(trigger_id=used, view=modal(text_input()))["view"]

    assert sim.modal("dana").id == opened["id"]
    assert opened["state"]["values"] == {
        "note": {"text": {"type": "plain_text_input", "value": None}}
    }
    assert refusal(slack.views_open, trigger_id=used, view=modal()) == "exchanged_trigger_id"
    assert refusal(slack.views_open, trigger_id="1.2.3", view=modal()) == "invalid_trigger_id"


def test_a_trigger_lives_three_seconds(sim, toy, slack, now):
    old, young = trigger(sim, toy, slack), trigger(sim, toy, slack)

    now[0] += 2.9
    assert slack.views_open(trigger_id=young, view=modal())["ok"]
    now[0] += 0.2
    assert refusal(slack.views_open, trigger_id=old, view=modal()) == "expired_trigger_id"


def test_a_view_that_slack_would_not_show_is_refused_and_costs_no_trigger(sim, toy, slack):
    used = trigger(sim, toy, slack)
    wrong = modal(title=plain("A title of more than 24 letters"))

    with pytest.raises(SlackApiError) as caught:
        slack.views_open(trigger_id=used, view=wrong)

    assert caught.value.response["error"] == "invalid_arguments"
    assert "view/title" in caught.value.response["response_metadata"]["messages"][0]
    assert slack.views_open(trigger_id=used, view=modal())["ok"]


def test_a_hash_keeps_two_updates_apart(sim, toy, slack):
    view = slack.views_open(trigger_id=trigger(sim, toy, slack), view=modal())["view"]

    updated = slack.views_update(
        view_id=view["id"], hash=view["hash"], view=modal(section("second"))
    )["view"]

    assert (
        refusal(slack.views_update, view_id=view["id"], hash=view["hash"], view=modal())
        == "hash_conflict"
    )
    assert slack.views_update(view_id=view["id"], hash=updated["hash"], view=modal())["ok"]
    assert refusal(slack.views_update, view_id="V0NOTHING", view=modal()) == "not_found"


def test_a_stack_holds_three_views(sim, toy, slack):
    slack.views_open(trigger_id=trigger(sim, toy, slack), view=modal())
    for _ in range(2):
        slack.views_push(trigger_id=trigger(sim, toy, slack), view=modal())

    assert (
        refusal(slack.views_push, trigger_id=trigger(sim, toy, slack), view=modal())
        == "push_limit_reached"
    )
    sim.close_view(sim.modal("dana"))
    assert len(sim.views.stacks[sim.workspace.user("dana").id]) == 2


def open_form(sim, toy, slack, **more):
    select = {
        "type": "static_select",
        "action_id": "label",
        "options": [option("PERSON"), option("CRYPTO")],
    }
    boxes = {"type": "checkboxes", "action_id": "signed", "options": [option("yes")]}
    blocks = [
        {"type": "section", "block_id": "s", "text": mrkdwn("1"), "accessory": select},
        text_input(),
        {
            "type": "input",
            "block_id": "sign",
            "label": plain("Sign"),
            "optional": True,
            "element": boxes,
        },
    ]
    view = modal(*blocks, private_metadata="f1:1", **more)
    slack.views_open(trigger_id=trigger(sim, toy, slack), view=view)
    return sim.modal("dana")


def test_a_submission_carries_what_was_filled_in_and_closes_the_modal(sim, toy, slack):
    view = open_form(sim, toy, slack)

    assert sim.submit(view, {"label": "CRYPTO", "note": {"text": "because"}, "signed": ["yes"]}).ok

    payload = toy.received[-1].payload
    values = payload["view"]["state"]["values"]
    assert payload["type"] == "view_submission"
    assert payload["view"]["private_metadata"] == "f1:1"
    assert values["s"]["label"]["selected_option"]["value"] == "CRYPTO"
    assert values["note"]["text"]["value"] == "because"
    assert [chosen["value"] for chosen in values["sign"]["signed"]["selected_options"]] == ["yes"]
    assert sim.modal("dana") is None


def test_what_must_be_filled_in_stops_a_submission_before_the_app_hears_of_it(sim, toy, slack):
    view = open_form(sim, toy, slack)
    toy.received.clear()

    with pytest.raises(SlackError, match="input_required"):
        sim.submit(view, {"label": "CRYPTO"})

    assert toy.received == []


def test_an_app_answers_a_submission_with_errors_another_view_or_an_end(sim, toy, slack):
    view = open_form(sim, toy, slack)
    toy.answers = [
        Reply(body={"response_action": "errors", "errors": {"note": "too short"}}),
        Reply(body={"response_action": "update", "view": modal(section("done"), submit=None)}),
        Reply(body={"response_action": "push", "view": modal(section("on top"))}),
        Reply(body={"response_action": "clear"}),
    ]

    sim.submit(view, {"text": "x"})
    assert sim.modal("dana").errors == {"note": "too short"}
    sim.submit(view, {"text": "longer"})
    assert sim.modal("dana").wire["blocks"][0]["text"]["text"] == "done"
    sim.submit(view)
    assert sim.modal("dana").wire["previous_view_id"] == view.id
    sim.submit(sim.modal("dana"))
    assert sim.modal("dana") is None


def test_a_closed_modal_is_told_where_it_was_asked(sim, toy, slack):
    quiet = open_form(sim, toy, slack)
    toy.received.clear()
    sim.close_view(quiet)
    assert toy.received == []

    told = open_form(sim, toy, slack, notify_on_close=True)
    sim.close_view(told)
    assert toy.received[-1].payload["type"] == "view_closed"


def test_a_click_in_a_modal_carries_the_view_with_what_was_typed(sim, toy, slack):
    slack.views_open(
        trigger_id=trigger(sim, toy, slack), view=modal(text_input(), actions(button("reveal")))
    )
    view = sim.modal("dana")
    sim.fill(view, {"text": "half a word"})

    sim.click_in_view(view, "reveal")

    payload = toy.received[-1].payload
    assert payload["container"] == {"type": "view", "view_id": view.id}
    assert payload["view"]["state"]["values"]["note"]["text"]["value"] == "half a word"
    assert "message" not in payload


def test_what_was_typed_survives_an_update_of_the_view(sim, toy, slack):
    slack.views_open(trigger_id=trigger(sim, toy, slack), view=modal(text_input()))
    view = sim.modal("dana")
    sim.fill(view, {"text": "kept"})

    slack.views_update(view_id=view.id, view=modal(section("new"), text_input()))

    assert view.wire["state"]["values"]["note"]["text"]["value"] == "kept"


# ---------------------------------------------------------------------------------------------------- home, shortcuts, commands
def test_a_home_is_published_and_its_visits_are_told(sim, toy, slack):
    dana = sim.workspace.user("dana").id
    sim.open_home("dana")
    sim.open_home("dana", "messages")
    assert sim.courier.wait_idle()
    assert sorted(event["tab"] for event in toy.events("app_home_opened")) == ["home", "messages"]

    slack.views_publish(user_id=dana, view={"type": "home", "blocks": [section("hello")]})

    assert sim.home("dana")["blocks"][0]["text"]["text"] == "hello"
    assert refusal(slack.views_publish, user_id=dana, view=modal()) == "invalid_arguments"
    assert (
        refusal(
            slack.views_publish, user_id="U0NOBODY", view={"type": "home", "blocks": [section()]}
        )
        == "user_not_found"
    )


def test_a_shortcut_on_a_message_brings_the_message(sim, toy):
    ts = sim.post("ana", "sales", "look at this")

    assert sim.shortcut("ana", "report_missed_pii", ts).ok
    payload = toy.received[-1].payload
    assert (payload["type"], payload["message"]["text"]) == ("message_action", "look at this")

    assert sim.shortcut("ana", "review_queue").ok
    assert toy.received[-1].payload["type"] == "shortcut"

    with pytest.raises(SlackError, match="no_such_shortcut"):
        sim.shortcut("ana", "nothing")


def test_a_command_is_a_form_and_its_answer_is_seen_by_one_person(sim, toy):
    toy.default = Reply(
        body={"response_type": "ephemeral", "text": "*Help*"},
        headers={"Content-Type": "application/json"},
    )

    assert sim.command("ana", "sales", "/piiguard watch #random").ok

    form = toy.received[-1].form
    assert (form["command"], form["user_name"]) == ("/piiguard", "ana")
    assert form["text"] == f"watch <#{sim.workspace.channel('random').id}|random>"
    assert [hint["text"] for hint in sim.hints("ana")] == ["*Help*"]
    assert sim.hints("dana") == []


def test_a_command_without_escaping_arrives_as_typed(sim, toy):
    sim.app.commands["/piiguard"] = False

    sim.command("ana", "sales", "/piiguard check <b> @ana")

    assert toy.received[-1].form["text"] == "check <b> @ana"

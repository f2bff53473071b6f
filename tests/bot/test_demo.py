"""The demo: the real bot on the simulated Slack, from a message to a decision and back, and its end."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from bot.config import BotConfig
from bot.demo import Demo, welcome
from bot.demo_company import CHANNELS, HISTORY, OPENING, PEOPLE, REVIEW_CHANNEL, found
from bot.demo_guide import _is_correction
from bot.home_numbers import Home
from bot.simulator import Simulator
from bot.simulator.records import Delivery
from piiguard.guard import Guard
from piiguard.rule_detector import RuleDetector
from piiguard.rules.tables import ALL_RULES

WAIT_S = 15


@pytest.fixture(scope="module")
def demo():
    guard = Guard(RuleDetector(ALL_RULES), None)
    with Demo(BotConfig.read({"PIIGUARD_BIND": "127.0.0.1:0"}), guard=guard) as demo:
        yield demo


def cards(demo):
    return [message for message in demo.sim.of_app(REVIEW_CHANNEL) if message.get("blocks")]


def card_of(demo, channel, label):
    """The newest card about a label in a channel."""
    channel_id = demo.sim.workspace.channel(channel).id
    for card in reversed(cards(demo)):
        if channel_id in card["text"] and label in card["text"]:
            return card
    return None


def action_ids(message):
    return {
        element.get("action_id")
        for block in message["blocks"]
        for element in block.get("elements", [])
    }


def test_the_company_has_twelve_people_eight_channels_and_a_past():
    with Simulator() as sim:
        found(sim)

        assert (
            len([user for user in sim.workspace.users.values() if not user.is_bot])
            == 12
            == len(PEOPLE)
        )
        assert len(sim.workspace.channels) == 8 == len(CHANNELS)
        assert sum(len(channel.messages) for channel in sim.workspace.channels.values()) == len(
            HISTORY
        )
        assert sim.app.bot_user_id not in sim.workspace.channel("random").members


def test_the_review_channel_is_not_empty_when_the_demo_begins(demo):
    demo.sim.wait_for(lambda: len(cards(demo)) >= 2, WAIT_S)

    shown = str([card["blocks"] for card in cards(demo)])
    for _, _, text in OPENING:
        for value in ("4242 4242 4242 4242", "DE89 3704 0044 0532 0130 00"):
            if value in text:
                assert value not in shown


def test_a_message_becomes_a_hint_and_a_card_and_a_click_decides_it(demo):
    demo.sim.post("ana", "hr", "for the payroll form: her ssn is 078-05-1120")

    card = demo.sim.wait_for(lambda: card_of(demo, "hr", "NATIONAL_ID"), WAIT_S)
    hint = demo.sim.wait_for(lambda: demo.sim.hints("ana"), WAIT_S)[-1]
    assert "confirm" in action_ids(card)
    assert "078-05-1120" not in str(card) + str(hint)

    assert demo.sim.click("dana", card["ts"], "confirm").ok
    decided = demo.sim.wait_for(
        lambda: next((c for c in [demo.sim.message(card["ts"])] if "undo" in action_ids(c)), None),
        WAIT_S,
    )
    assert "Dana" in str(decided["blocks"])


def test_cards_and_home_lead_to_the_console(demo):
    demo.sim.open_home("sam", "home")
    view = demo.sim.wait_for(lambda: demo.sim.calls_of("views.publish"), WAIT_S)[-1]

    assert f"{demo.url}/flags/1" in str(demo.sim.wait_for(lambda: cards(demo), WAIT_S))
    assert demo.url in str(view.args)


def test_the_link_of_the_welcome_opens_the_console_as_dana_once(demo):
    link = next(word for word in welcome(demo).split() if "/login/" in word)
    browser = build_opener(HTTPCookieProcessor())

    with browser.open(link) as answer:
        address, page = answer.geturl(), answer.read().decode()

    assert address == demo.url + "/"
    assert "Dana Whitfield" in page
    assert "Demo" in page
    with pytest.raises(HTTPError, match="400"):
        build_opener().open(link)


def test_administrators_see_which_channels_are_not_covered(demo):
    random, hr = (demo.sim.workspace.channel(name).id for name in ("random", "hr"))
    tenant, sam = demo.sim.workspace.team_id, demo.sim.workspace.user("sam").id
    parts = demo.parts
    home = Home(parts.store, parts.guard, parts.policies, parts.workspaces, parts.directory.person)

    def not_covered():
        view = str(home(tenant, sam))
        return view[view.index("Not covered") :]

    assert random in not_covered()
    assert hr not in not_covered()
    assert "Not covered" not in str(home(tenant, demo.sim.workspace.user("dana").id))


def test_what_an_author_answers_is_not_taken_for_a_decision():
    def made(what, body, answer=b""):
        return Delivery(0, "interaction", what, "V1", 1, 200, 1.0, body=body, answer=answer)

    assert _is_correction(made("view_submission", b"payload=..correct_flag.."))
    assert not _is_correction(made("view_submission", b"payload=..needed_because.."))
    assert not _is_correction(made("view_submission", b"..correct_flag..", b'{"errors": {}}'))
    assert not _is_correction(made("block_actions", b"..correct_flag.."))


def test_who_has_no_role_decides_nothing(demo):
    demo.sim.workspace.join("kim", REVIEW_CHANNEL)
    demo.sim.post("omar", "finance", "pay to DE89 3704 0044 0532 0130 00 again please")
    card = demo.sim.wait_for(lambda: card_of(demo, "finance", "BANK_ACCOUNT"), WAIT_S)

    demo.sim.click("kim", card["ts"], "confirm")
    demo.sim.wait_for(lambda: demo.sim.hints("kim"), WAIT_S)

    assert "confirm" in action_ids(demo.sim.message(card["ts"]))


def test_a_channel_without_the_bot_is_not_read(demo):
    demo.sim.post("vic", "random", "card 4242 4242 4242 4242")
    demo.sim.post("tom", "sales", "iban DE89 3704 0044 0532 0130 00")
    demo.sim.wait_for(lambda: card_of(demo, "sales", "BANK_ACCOUNT"), WAIT_S)

    assert card_of(demo, "random", "CREDIT_CARD") is None


def test_slack_refused_nothing_the_bot_sent(demo):
    wrong = [
        (call.method, call.error)
        for call in demo.sim.calls
        if call.error not in ("", "ratelimited")
    ]

    assert wrong == []
    assert [item.status for item in demo.sim.deliveries if not item.ok] == []


def test_no_value_stands_in_clear_in_the_data_folder(demo):
    values = [b"078-05-1120", b"4242 4242 4242 4242", b"DE89 3704 0044 0532 0130 00"]

    for path in demo.data_dir.iterdir():
        content = path.read_bytes()
        assert not any(value in content for value in values), path.name


def test_the_welcome_fits_a_terminal_and_says_where_to_click(demo):
    text = welcome(demo)

    assert all(len(line) <= 80 for line in text.splitlines())
    assert demo.sim.url in text


@pytest.mark.slow
def test_the_demo_ends_by_itself_with_exit_0_and_leaves_nothing(tmp_path, model_dir):
    environ = {**os.environ, "PIIGUARD_DEMO_SECONDS": "3", "PIIGUARD_BIND": "127.0.0.1:0", "PIIGUARD_MODEL": str(model_dir), "TMPDIR": str(tmp_path)}  # fmt: skip

    run = subprocess.run([sys.executable, "-m", "bot", "demo"], cwd=Path(__file__).parents[2], env=environ, capture_output=True, text=True, timeout=90)  # fmt: skip

    assert run.returncode == 0, run.stderr
    assert "The demo has ended" in run.stdout
    assert list(tmp_path.glob("piiguard-demo-*")) == []

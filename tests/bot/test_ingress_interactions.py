"""Clicks, shortcuts, modals and commands: from a simulated Slack over real HTTP into the database."""

import pytest

from bot.app import create_app
from bot.build import build
from bot.crypto import MasterKey
from bot.policies import Policies
from bot.simulator.simulator import Simulator
from bot.web_server import WebServer
from tests.bot.ingress_tools import config_of

CARD = "the card is 4242 4242 4242 4242 and my iban is DE89370400440532013000"


class Place:
    """A workspace with a bot in it: Ana writes, Dana reviews, Lee administrates, Nia may do nothing."""

    def __init__(self, folder, guard):
        self.sim = Simulator().start()
        self.general = self.sim.workspace.add_channel("general")
        self.review = self.sim.workspace.add_channel("pii-review", is_private=True)
        self.people = {
            name: self.sim.workspace.add_user(name)
            for name in ("ana", "dana", "lee", "nia", "otto")
        }
        for channel in (self.general, self.review):
            everyone = [user.id for user in self.people.values()]
            channel.members = [*everyone, self.sim.app.bot_user_id]
        environ = {
            "SLACK_BOT_TOKEN": self.sim.bot_token,
            "SLACK_SIGNING_SECRET": self.sim.app.signing_secret,
            "SLACK_API_BASE_URL": self.sim.api_url,
        }
        config = config_of(folder, **environ)
        self.parts = build(
            config,
            guard=guard,
            # the numbers of these tests are published ones, which are no news to the allow-list
            policies=Policies(alert_channel=self.review.id, allow_listing=False),
            master_key=MasterKey.throw_away(),
        )
        self.web = WebServer(create_app(self.parts), "127.0.0.1", 0, n_threads=4)
        self.web.start()
        self.parts.start(work=False)
        self.sim.app.listen_at(self.web.url)
        self.store = self.parts.store
        self.tenant = self.sim.workspace.team_id
        roles = {"dana": {"reviewer", "compliance"}, "lee": {"admin"}, "otto": {"reviewer"}}
        for name, given in roles.items():
            self.store.people.add(
                self.tenant, name, frozenset(given), slack_user_id=self.people[name].id
            )

    def close(self):
        self.parts.stop()
        self.web.stop()
        self.sim.stop()

    def work(self):
        """Let worker and sender do all there is; outgoing posts pass at once, not one a second."""
        self.sim.courier.wait_idle()
        for _ in range(20):
            if not self.parts.worker.run_once() + self.parts.sender.run_once():
                return

    def flag(self, text=CARD):
        """A message that was flagged: its ts, its flag, and the ts of its card."""
        ts = self.sim.post("ana", "general", text)
        self.work()
        [flag] = self.store.flags.pending(self.tenant, 1, "newest")
        card = self.sim.of_app("pii-review")[-1]
        return ts, flag, card["ts"]

    def fresh(self, flag):
        return self.store.flags.get(flag.id, self.tenant)

    def actions(self):
        return [row.action for row in self.store.audit.rows(self.tenant, 50)]


@pytest.fixture
def place(tmp_path, guard):
    place = Place(tmp_path, guard)
    yield place
    place.close()


def test_a_confirm_is_stored_first_and_done_by_the_worker(place):
    _, flag, card_ts = place.flag()

    answer = place.sim.click("dana", card_ts, "confirm")
    waiting = place.store.inbox.depth().ready
    place.work()

    assert answer.ok
    assert waiting == 1
    assert place.fresh(flag).state == "confirmed"


def test_correct_opens_the_modal_and_its_submission_decides(place):
    _, flag, card_ts = place.flag()

    assert place.sim.click("dana", card_ts, "correct").ok
    modal = place.sim.modal("dana")
    answer = place.sim.submit(
        modal,
        {
            "span:0": {"span": "remove"},
            "note": {"note": "a test card"},
            "signed": {"signed": ["signed"]},
        },
    )

    assert answer.ok, answer.error
    assert place.sim.modal("dana") is None
    decided = place.fresh(flag)
    assert decided.state == "corrected"
    assert [span.label for span in decided.spans] == [flag.spans[1].label]
    [review] = place.store.reviews.of_flag(flag.id, place.tenant)
    assert (review.decision, review.signed, review.note) == ("correct", True, "a test card")


@pytest.mark.parametrize(
    ("values", "state"),
    [({}, "confirmed"), ({"span:0": {"span": "remove"}, "span:1": {"span": "remove"}}, "not_pii"),
     ({"span:0": {"span": "ACCOUNT_ID"}}, "corrected")],
)  # fmt: skip
def test_what_was_changed_makes_the_decision(place, values, state):
    _, flag, card_ts = place.flag()
    place.sim.click("dana", card_ts, "correct")

    assert place.sim.submit(place.sim.modal("dana"), values).ok
    assert place.fresh(flag).state == state


def test_missed_text_becomes_a_span_and_a_text_that_is_not_there_an_error_under_its_field(place):
    _, flag, card_ts = place.flag()
    place.sim.click("dana", card_ts, "correct")
    modal = place.sim.modal("dana")
    added = {
        "missed_text:0": {"missed_text": "my ibam"},
        "missed_label:0": {"missed_label": "USERNAME"},
    }

    wrong = place.sim.submit(modal, added)
    right = place.sim.submit(modal, added | {"missed_text:0": {"missed_text": "my iban"}})

    assert list(wrong.body["errors"]) == ["missed_text:0"]
    assert right.ok, right.error
    spans = place.fresh(flag).spans
    start = CARD.index("my iban")
    assert [(s.start, s.end) for s in spans if s.label == "USERNAME"] == [(start, start + 7)]


def test_a_reveal_asks_why_shows_the_values_and_leaves_an_audit_row(place):
    _, flag, card_ts = place.flag()
    place.sim.click("dana", card_ts, "correct")
    before = str(place.sim.modal("dana").wire)
    place.sim.click_in_view(place.sim.modal("dana"), "reveal")
    place.sim.submit(place.sim.modal("dana"), {"reason": {"reason": "boundary"}})
    revealed = place.sim.modal("dana")

    assert "4242 4242 4242 4242" not in before
    assert "4242 4242 4242 4242" in str(revealed.wire)
    assert "flag.reveal" in place.actions()
    answer = place.sim.submit(revealed, {"exact:0": {"exact": "card is 4242 4242 4242 4242"}})
    assert answer.ok, answer.error
    assert answer.body == {"response_action": "clear"}
    assert place.sim.modal("dana") is None
    first = place.fresh(flag).spans[0]
    assert CARD[first.start : first.end] == "card is 4242 4242 4242 4242"


def test_a_reviewer_without_the_grant_is_shown_no_value(place):
    _, flag, card_ts = place.flag()
    place.sim.click("otto", card_ts, "correct")

    assert "reveal" not in str(place.sim.modal("otto").wire["blocks"])
    forged = _submission(
        place, "otto", "reveal_reason", f"{flag.id}:{flag.version}", reason="decide"
    )
    answer = place.parts.door.interaction(forged)

    assert "4242" not in str(answer)
    assert "flag.reveal" not in place.actions()
    assert "click.refused" in place.actions()


@pytest.mark.parametrize("name", ["nia", "lee", "ana"])
def test_who_may_not_decide_is_told_so_and_it_is_audited(place, name):
    _, flag, card_ts = place.flag()

    place.sim.click(name, card_ts, "correct")
    place.sim.click(name, card_ts, "confirm")
    place.work()

    assert place.sim.modal(name) is None
    assert place.fresh(flag).state == "open"
    assert "Only reviewers can decide" in place.sim.hints(name)[-1]["text"]
    assert "click.refused" in place.actions()


def test_a_forged_submission_decides_nothing(place):
    _, flag, _ = place.flag()
    ref = f"{flag.id}:{flag.version}"

    for user, metadata in (
        ("nia", ref),
        ("dana", "x:1"),
        ("dana", ""),
        ("dana", f"{flag.id}:99"),
        ("dana", "../../:1"),
    ):
        place.parts.door.interaction(_submission(place, user, "correct_flag", metadata))

    assert place.fresh(flag).state == "open"


def test_a_click_of_another_tenant_finds_nothing(place):
    _, flag, _ = place.flag()
    payload = _submission(place, "dana", "correct_flag", f"{flag.id}:{flag.version}")

    assert place.parts.door.interaction(payload | {"team": {"id": "T0STRANGER"}}) is None
    assert place.fresh(flag).state == "open"


def test_two_who_race_get_one_outcome_and_a_visible_note(place):
    _, flag, card_ts = place.flag()
    place.sim.click("dana", card_ts, "correct")
    place.sim.click("otto", card_ts, "correct")

    first = place.sim.submit(place.sim.modal("dana"), {"span:0": {"span": "remove"}})
    second = place.sim.submit(place.sim.modal("otto"), {})

    assert first.ok
    assert "corrected by dana" in str(second.body["view"]["blocks"]).lower()
    assert place.fresh(flag).state == "corrected"
    place.sim.click("otto", card_ts, "correct")
    assert "dana" in place.sim.hints("otto")[-1]["text"]


def test_the_same_click_delivered_twice_is_one_row(place):
    _, _, card_ts = place.flag()
    place.sim.click("dana", card_ts, "confirm")
    [delivery] = [d for d in place.sim.deliveries if d.kind == "interaction"]
    import json
    from urllib.parse import parse_qs

    payload = json.loads(parse_qs(delivery.body.decode())["payload"][0])

    place.parts.door.interaction(payload)

    assert place.store.inbox.depth().ready == 1


def test_why_flagged_opens_for_who_may_see_flags(place):
    _, flag, card_ts = place.flag()

    place.sim.click("dana", card_ts, "more", f"why:{flag.id}:{flag.version}")
    place.sim.click("nia", card_ts, "more", f"why:{flag.id}:{flag.version}")

    assert place.sim.modal("dana").wire["callback_id"] == "why"
    assert place.sim.modal("nia") is None


def test_another_row_for_missed_text_keeps_what_was_typed(place):
    _, _, card_ts = place.flag()
    place.sim.click("dana", card_ts, "correct")
    modal = place.sim.modal("dana")
    place.sim.fill(modal, {"missed_text:0": {"missed_text": "my iban"}})

    place.sim.click_in_view(modal, "add_span")

    longer = place.sim.modal("dana")
    assert "missed_text:1" in str(longer.wire["blocks"])
    assert longer.wire["state"]["values"]["missed_text:0"]["missed_text"]["value"] == "my iban"


def test_a_missed_value_is_reported_by_anybody(place):
    ts = place.sim.post("ana", "general", "meet me where it says plugh")
    place.work()
    assert place.store.flags.pending(place.tenant, 5) == []

    assert place.sim.shortcut("nia", "report_missed_pii", ts).ok
    modal = place.sim.modal("nia")
    values = {
        "missed_text:0": {"missed_text": "plugh"},
        "missed_label:0": {"missed_label": "PASSWORD"},
    }
    wrong = place.sim.submit(modal, values | {"missed_text:0": {"missed_text": "elsewhere"}})
    right = place.sim.submit(modal, values)

    assert list(wrong.body["errors"]) == ["missed_text:0"]
    assert right.ok, right.error
    [flag] = place.store.flags.pending(place.tenant, 5)
    assert (flag.labels, flag.model, flag.ts) == ({"PASSWORD": 1}, "person", ts)


def test_a_missed_value_in_a_thread_is_found_there(place):
    root = place.sim.post("ana", "general", "where do we meet?")
    ts = place.sim.post("ana", "general", "at the sign with plugh", thread_ts=root)
    place.work()
    place.sim.shortcut("nia", "report_missed_pii", ts)

    answer = place.sim.submit(
        place.sim.modal("nia"),
        {"missed_text:0": {"missed_text": "plugh"}, "missed_label:0": {"missed_label": "PASSWORD"}},
    )

    assert answer.ok, answer.error
    assert [flag.ts for flag in place.store.flags.pending(place.tenant, 5)] == [ts]


def test_check_this_message_shows_labels_and_no_value(place):
    ts = place.sim.post("ana", "general", CARD)

    place.sim.shortcut("nia", "check_this_message", ts)

    shown = str(place.sim.modal("nia").wire["blocks"])
    assert "CREDIT_CARD" in shown
    assert "4242" not in shown


def test_the_queue_is_worked_through_in_one_modal(place):
    flags = [place.flag(f"card 4242 4242 4242 4242 for order {n}")[1] for n in range(3)]
    assert place.sim.shortcut("dana", "review_queue").ok

    for _ in flags:
        answer = place.sim.submit(place.sim.modal("dana"), {})
        assert answer.ok, answer.error

    assert {place.fresh(flag).state for flag in flags} == {"confirmed"}
    assert "Nothing needs review" in str(place.sim.modal("dana").wire["blocks"])


def test_the_queue_is_not_for_everybody(place):
    place.flag()

    place.sim.shortcut("nia", "review_queue")

    assert "Only reviewers" in str(place.sim.modal("nia").wire["blocks"])


def test_the_author_alone_may_say_that_a_message_is_needed(place):
    _, flag, _ = place.flag()
    ref = f"{flag.id}:{flag.version}"

    stranger = place.parts.door.interaction(
        _submission(place, "nia", "needed_because", ref, typed={"reason": "just so"})
    )
    author = place.parts.door.interaction(
        _submission(place, "ana", "needed_because", ref, typed={"reason": "payroll asked for it"})
    )

    assert "not allowed" in str(stranger)
    assert f"flag {flag.number}" in str(author)
    assert place.fresh(flag).author_answer == "needed"


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("nia", "", "What I do"), ("nia", "help", "What I do"), ("nia", "HELP", "What I do"),
        ("nia", "hlep", "Did you mean `/piiguard help`"), ("nia", "frobnicate it", "Did you mean"),
        ("nia", "check", "Which text"), ("nia", "check good morning", "Nothing found"),
        ("nia", f"check {CARD}", "CREDIT_CARD"), ("nia", "model", "labels"),
        ("nia", "queue", "Only reviewers"), ("nia", "next", "Only reviewers"), ("nia", "status", "Only reviewers"),
        ("nia", "report 7d", "Only reviewers"), ("nia", "mute 1h", "Only administrators"), ("dana", "mute 1h", "Only administrators"),
        ("dana", "ignore #general", "Only administrators"),
        ("dana", "queue", "Nothing needs review"), ("dana", "next", "Nothing needs review"), ("dana", "status", "Waiting: 0"),
        ("dana", "report 7d", "0 confirmed"), ("dana", "report 500d", "Which time"), ("dana", "report soon", "Which time"),
        ("lee", "mute", "For how long"), ("lee", "mute 1h", "New cards wait until"), ("lee", "mute 99h", "For how long"),
        ("lee", "watch general", "Which channel"), ("lee", "watch #general", "I watch"), ("lee", "ignore", "Which channel"),
    ],
)  # fmt: skip
def test_each_command_answers_its_caller_only(place, name, text, says):
    answer = place.sim.command(name, "general", f"/piiguard {text}")

    assert answer.ok, answer.error
    assert answer.body["response_type"] == "ephemeral"
    assert says in answer.body["text"]
    assert "4242" not in answer.body["text"]


def test_next_opens_the_first_flag(place):
    _, flag, _ = place.flag()

    place.sim.command("dana", "general", "/piiguard next")

    assert f"flag {flag.number}" in str(place.sim.modal("dana").wire["title"])


def test_the_queue_lists_flags_without_a_value(place):
    _, flag, _ = place.flag()

    answer = place.sim.command("dana", "general", "/piiguard queue")

    assert f"*{flag.number}*" in answer.body["text"]
    assert "4242" not in answer.body["text"]


def test_an_ignored_channel_is_not_read_until_it_is_watched_again(place):
    place.sim.command("lee", "general", "/piiguard ignore #general")
    place.sim.post("ana", "general", CARD)
    place.work()
    ignored = place.store.flags.pending(place.tenant, 5)
    place.sim.command("lee", "general", "/piiguard watch #general")
    place.flag()

    assert ignored == []
    assert {"channel.ignored", "channel.watched"} <= set(place.actions())


def test_app_home_is_published_on_a_visit(place):
    place.flag()

    place.sim.open_home("dana")
    place.work()

    shown = str(place.sim.home("dana"))
    assert "Needs review" in shown
    assert "4242" not in shown


def test_no_text_of_a_command_or_a_modal_is_logged(place, caplog):
    caplog.set_level(0)
    _, _, card_ts = place.flag()
    place.sim.command("nia", "general", f"/piiguard check {CARD}")
    place.sim.click("dana", card_ts, "correct")
    place.sim.submit(place.sim.modal("dana"), {"note": {"note": "canary-note"}})

    ours = "\n".join(
        record.getMessage() for record in caplog.records if record.name.startswith("bot")
    )
    assert "4242" not in ours
    assert "canary-note" not in ours


def _submission(place, name, callback_id, metadata, *, reason="", typed=None):
    """A view_submission as anybody could make it who had the signing secret."""
    values = {block: {block: {"value": text}} for block, text in (typed or {}).items()}
    if reason:
        values["reason"] = {"reason": {"selected_option": {"value": reason}}}
    return {
        "type": "view_submission",
        "team": {"id": place.tenant},
        "user": {"id": place.people[name].id},
        "view": {
            "callback_id": callback_id,
            "private_metadata": metadata,
            "state": {"values": values},
            "blocks": [],
        },
    }

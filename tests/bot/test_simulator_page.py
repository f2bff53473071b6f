"""The page of the simulated Slack in a real browser: what a person writes, sees, clicks and fills in."""

import json
import shutil
import urllib.error
import urllib.request

import pytest

from bot.simulator.guide import Step
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

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
EVIL = "<img src=x onerror=alert(1)> <b>bold</b> <script>alert(2)</script> javascript:alert(3)"


@pytest.fixture(scope="module")
def browser():
    # not a skip: the page would go untested in silence
    assert CHROMIUM, "chromium is not installed; apt-get install chromium"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def toy():
    toy = ToyApp()
    yield toy
    toy.stop()


@pytest.fixture
def sim(toy):
    with small_workspace() as sim:
        sim.app.listen_at(toy.url)
        sim.app.events = frozenset({"app_home_opened"})
        yield sim


@pytest.fixture
def look(browser, sim):
    """A page as a person sees it; the test fails when the browser complained."""
    contexts, complaints = [], []

    def open_page(person, channel="sales", width=1280, height=800, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on(
            "console",
            lambda line: (
                complaints.append(line.text) if line.type in ("error", "warning") else None
            ),
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
        page.goto(f"{sim.url}/?as={person}&c={channel}")
        page.wait_for_selector("#head h1")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def composer(page):
    return page.locator('[data-composer="channel"]')


def test_what_one_writes_the_other_sees(sim, look):
    ana, dana = look("ana"), look("dana")

    composer(ana).fill("hello *there*\nand here")
    composer(ana).press("Enter")

    dana.get_by_text("and here").wait_for()
    assert dana.locator(".message b", has_text="there").count() == 1
    assert composer(ana).input_value() == ""
    assert sim.messages("sales")[0]["text"] == "hello *there*\nand here"


def test_message_text_never_becomes_markup(sim, look):
    sim.post("ana", "sales", EVIL)
    sim.post(
        "ana",
        "sales",
        wire="<javascript:alert(4)|click me> " + EVIL.replace("<", "&lt;").replace(">", "&gt;"),
    )
    sim.workspace.post(
        sim.app.bot_user_id,
        "sales",
        "x",
        blocks=[section(EVIL), {"type": "header", "text": plain(EVIL)}],
        bot_id=sim.app.bot_id,
    )
    sim.upload("ana", "sales", "<img src=x onerror=alert(5)>.txt", EVIL)

    page = look("ana")
    page.get_by_text("click me").wait_for()

    assert page.locator("#log img, #log script").count() == 0
    assert page.locator("#log a[href^='javascript']").count() == 0
    assert page.locator("#log .text").first.inner_text().startswith("<img src=x onerror=alert(1)>")


def test_one_edits_and_deletes_ones_own_message(sim, look):
    ts = sim.post("ana", "sales", "frist & last")
    page = look("ana")

    page.locator(".message").hover()
    page.get_by_role("button", name="Edit").click()
    box = page.get_by_label("Edit message")
    assert box.input_value() == "frist & last"
    box.fill("first & last")
    box.press("Enter")
    page.get_by_text("(edited)").wait_for()
    assert sim.message(ts)["text"] == "first &amp; last"

    page.locator(".message").hover()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete message").click()
    page.locator("#ask").get_by_role("button", name="Delete").click()
    page.get_by_text("Nothing here yet.").wait_for()
    assert sim.messages("sales") == []


def test_one_cannot_edit_what_another_wrote(sim, look):
    sim.post("ana", "sales", "mine")
    page = look("dana")

    page.locator(".message").hover()

    assert page.get_by_role("button", name="Reply in thread").is_visible()
    assert page.get_by_role("button", name="Edit").count() == 0


def test_a_thread_opens_beside_and_takes_a_reply(sim, look):
    ts = sim.post("ana", "sales", "root")
    page = look("dana")

    page.locator(".message").hover()
    page.get_by_role("button", name="Reply in thread").click()
    page.locator('[data-composer="thread"]').fill("a reply")
    page.locator('[data-composer="thread"]').press("Enter")

    page.locator("#side").get_by_text("a reply").wait_for()
    page.get_by_role("button", name="1 reply").wait_for()
    assert [m["text"] for m in sim.workspace.thread(sim.workspace.channel("sales"), ts)] == [
        "root",
        "a reply",
    ]
    page.keyboard.press("Escape")
    page.locator("#side").wait_for(state="hidden")


def test_a_text_file_is_shared_with_a_comment(sim, look):
    page = look("ana")

    page.locator("#foot input[type=file]").set_input_files(
        {"name": "leads.csv", "mimeType": "text/csv", "buffer": b"name,phone\n"}
    )
    composer(page).fill("the leads")
    composer(page).press("Enter")

    page.locator(".file", has_text="leads.csv").wait_for()
    message = sim.messages("sales")[0]
    assert (message["text"], message["files"][0]["filetype"]) == ("the leads", "csv")


def test_the_switcher_shows_slack_as_another_person(sim, look):
    sim.post("sam", "review", "for moderators")
    page = look("ana")
    assert page.locator("nav").get_by_text("review", exact=True).count() == 0

    page.locator("#who").click()
    page.get_by_role("menuitem", name="Dana Whitfield").click()

    page.locator("nav .unread", has_text="review").click()
    page.get_by_text("for moderators").wait_for()
    assert "You are Dana Whitfield" in page.locator("#who").get_attribute("aria-label")


def test_buttons_menus_and_hints_of_a_card_reach_the_app(sim, toy, look):
    overflow = {
        "type": "overflow",
        "action_id": "more",
        "options": [option("why:f1", "Why flagged?")],
    }
    choice = {
        "type": "static_select",
        "action_id": "reason",
        "options": [option("test_data", "Test data")],
    }
    sure = {
        "title": plain("Sure?"),
        "text": plain("Really"),
        "confirm": plain("Yes"),
        "deny": plain("No"),
    }
    elements = [button("go", "Confirm"), button("ask", "Not PII", confirm=sure), overflow, choice]
    sim.workspace.post(
        sim.app.bot_user_id,
        "review",
        "x",
        blocks=[section("a card"), actions(*elements)],
        bot_id=sim.app.bot_id,
    )
    page = look("dana", "review")

    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="Not PII").click()
    page.locator("#ask").get_by_role("button", name="Yes").click()
    page.locator(".card").get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Why flagged?").click()
    page.locator(".card select").select_option("test_data")

    sim.wait_for(lambda: len(toy.received) == 4)
    assert [got.payload["actions"][0]["action_id"] for got in toy.received] == [
        "go",
        "ask",
        "more",
        "reason",
    ]


def test_a_modal_is_filled_in_corrected_and_sent(sim, toy, look):
    slack = client_of(sim)
    labels = {
        "type": "static_select",
        "action_id": "label",
        "options": [option("PERSON"), option("CRYPTO")],
    }
    view = modal(
        {"type": "section", "block_id": "s", "text": mrkdwn("span 1"), "accessory": labels},
        text_input(),
    )

    def answer(got):
        payload = got.payload
        if payload["type"] == "block_actions" and payload["actions"][0]["action_id"] == "go":
            slack.views_open(trigger_id=payload["trigger_id"], view=view)
        elif payload["type"] == "view_submission":
            note = payload["view"]["state"]["values"]["note"]["text"]["value"]
            if len(note) < 4:
                return Reply(body={"response_action": "errors", "errors": {"note": "Too short"}})
        return Reply()

    toy.default = answer
    sim.workspace.post(
        sim.app.bot_user_id,
        "review",
        "x",
        blocks=[actions(button("go", "Correct"))],
        bot_id=sim.app.bot_id,
    )
    page = look("dana", "review")

    page.get_by_role("button", name="Correct").click()
    dialog = page.get_by_role("dialog", name="Form")
    dialog.locator("select").select_option("CRYPTO")
    dialog.get_by_label("Note").fill("x")
    dialog.get_by_role("button", name="Save").click()
    dialog.get_by_text("Too short").wait_for()
    assert dialog.get_by_label("Note").input_value() == "x"

    dialog.get_by_label("Note").fill("long enough")
    dialog.get_by_role("button", name="Save").click()
    dialog.wait_for(state="hidden")
    values = toy.received[-1].payload["view"]["state"]["values"]
    assert values["s"]["label"]["selected_option"]["value"] == "CRYPTO"
    assert values["note"]["text"]["value"] == "long enough"


def test_an_app_that_is_away_is_said_in_words(sim, toy, look):
    toy.default = Reply(503)
    sim.workspace.post(
        sim.app.bot_user_id,
        "review",
        "x",
        blocks=[actions(button("go", "Confirm"))],
        bot_id=sim.app.bot_id,
    )
    page = look("dana", "review")

    page.get_by_role("button", name="Confirm").click()

    page.get_by_text("piiguard could not do that (503).").wait_for()


def test_the_home_tab_shows_what_the_app_published(sim, toy, look):
    slack = client_of(sim)
    toy.default = lambda got: (slack.views_publish(user_id=got.event["user"], view={"type": "home", "blocks": [section("*Needs review* 3")]}), Reply())[1]  # fmt: skip
    page = look("dana")

    page.locator("nav").get_by_role("button", name="piiguard", exact=True).click()

    page.locator(".home").get_by_text("Needs review").wait_for()


def test_a_command_is_answered_to_one_person_who_can_dismiss_it(sim, toy, look):
    toy.default = Reply(body={"text": "only for you"}, headers={"Content-Type": "application/json"})
    ana, dana = look("ana"), look("dana")

    composer(ana).fill("/piiguard help")
    composer(ana).press("Enter")

    ana.locator(".ephemeral", has_text="only for you").wait_for()
    assert dana.locator(".ephemeral").count() == 0
    ana.get_by_role("button", name="Dismiss").click()
    ana.locator(".ephemeral").wait_for(state="detached")


def test_the_list_of_things_to_try_ticks_itself(sim, look):
    sim.guide.steps = [
        Step("Say hello.", lambda sim: bool(sim.messages("sales")), "ana", "sales", "hello there")
    ]
    page = look("dana", "review")

    page.get_by_role("button", name="Write it as Ana").click()
    from playwright.sync_api import expect

    expect(composer(page)).to_have_value("hello there")
    composer(page).press("Enter")

    page.get_by_text("1 of 1 done").or_(page.get_by_text("All done")).wait_for()


def test_everything_can_be_reached_by_keyboard(sim, look):
    sim.post("ana", "sales", "hello")
    page = look("ana")
    reached = set()

    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText.trim()"
            )
        )

    assert {
        "You are Ana Okafor. Change person",
        "sales",
        "Reply in thread",
        "Edit",
        "More actions",
        "Message #sales",
    } <= reached


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 760, 1280])
def test_nothing_sticks_out_sideways(sim, look, width, scheme):
    sim.post("ana", "sales", "averyveryveryveryverylongwordwithoutanyspaceinit" * 3)
    sim.post("ana", "sales", "```" + "x" * 300 + "```")
    fields = [mrkdwn("*Where*\nsomewhere long")] * 5
    sim.workspace.post(sim.app.bot_user_id, "sales", "x", blocks=[{"type": "section", "fields": fields}, actions(*(button(f"a{i}", "A button") for i in range(6)))], bot_id=sim.app.bot_id)  # fmt: skip

    page = look("ana", width=width, color_scheme=scheme)
    page.locator(".card").wait_for()

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(
        "[...document.querySelectorAll('#log *')].every(node => node.getBoundingClientRect().right <= innerWidth + 1)"
    )


# ---------------------------------------------------------------------------------------------------- without a browser
def ask(sim, path, headers=None, body=None):
    request = urllib.request.Request(sim.url + path, data=body, headers=headers or {})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), b""


def test_the_page_allows_no_foreign_and_no_inline_script(sim):
    _, headers, body = ask(sim, "/")

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert b"http://" not in body
    assert b"https://" not in body
    assert b"style=" not in body


@pytest.mark.parametrize(
    ("path", "headers", "body"),
    [
        ("/page/state", {"Host": "evil.example"}, None),
        ("/api/auth.test", {"Host": "evil.example"}, None),
        ("/page/act", {"Content-Type": "application/json"}, b'{"as": "ana", "do": "post"}'),
        (
            "/page/act",
            {"Content-Type": "text/plain", "X-Simulator": "page"},
            b'{"as": "ana", "do": "post"}',
        ),
    ],
)
def test_another_page_in_the_same_browser_can_do_nothing(sim, path, headers, body):
    assert ask(sim, path, headers, body)[0] == 403


@pytest.mark.parametrize(
    "act",
    [
        {"do": "nothing"},
        {"do": "post"},
        {"do": "edit", "channel": "sales", "ts": "1.1", "text": "x"},
        {"do": "submit", "view": "V0"},
        {"do": "post", "as": "nobody", "channel": "sales", "text": "x"},
    ],
)
def test_a_wrong_action_is_an_answer_and_no_crash(sim, act):
    headers = {"Content-Type": "application/json", "X-Simulator": "page"}

    status, _, body = ask(sim, "/page/act", headers, json.dumps({"as": "ana"} | act).encode())

    assert status in (200, 400)
    assert status == 400 or json.loads(body)["ok"] is False


def test_the_state_tells_no_secret_and_no_private_channel_of_others(sim):
    sim.post("dana", "secret", "a canary")
    _, _, body = ask(sim, "/page/state?as=ana&c=" + sim.workspace.channel("secret").id)

    text = body.decode()
    for secret in (
        sim.bot_token,
        sim.app.signing_secret,
        sim.app.client_secret,
        "canary",
        '"secret"',
    ):
        assert secret not in text


def test_a_permalink_leads_to_the_message(sim):
    ts = sim.post("ana", "sales", "here")
    link = client_of(sim).chat_getPermalink(
        channel=sim.workspace.channel("sales").id, message_ts=ts
    )["permalink"]

    with urllib.request.urlopen(link) as answer:
        assert answer.url.endswith(f"m={ts}")


def test_an_install_is_asked_for_and_sends_the_browser_back_with_a_code(sim):
    query = f"client_id={sim.app.client_id}&scope=chat:write&state=s1&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fback"

    status, _, body = ask(sim, f"/oauth/v2/authorize?{query}")

    assert status == 200
    assert b"chat:write" in body
    assert ask(sim, f"/oauth/v2/authorize?{query}".replace("http%3A", "javascript%3A"))[0] == 400
    assert ask(sim, "/oauth/v2/authorize?client_id=other")[0] == 400

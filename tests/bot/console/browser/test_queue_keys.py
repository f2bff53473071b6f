"""The queue in a real browser: by keys alone, by ticks, with counts that follow; and without a script."""

import re
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from bot.console.bulk import last_batch
from bot.web_server import WebServer
from tests.bot.console.conftest import COOKIE, TENANT
from tests.bot.test_simulator_page import CHROMIUM, FLAGS

SSN = "078-05-1120"
WAIT_MS = 15_000


@pytest.fixture
def store_urls(tmp_path, sqlite_template):
    """One engine is enough here: the store has its own tests."""
    shutil.copyfile(sqlite_template, tmp_path / "piiguard.db")
    return f"sqlite:///{tmp_path / 'piiguard.db'}", f"sqlite:///{tmp_path / 'keys.db'}"


@pytest.fixture(scope="module")
def browser():
    assert CHROMIUM, "chromium is not installed; apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def server(app):
    server = WebServer(app, "127.0.0.1", 0, n_threads=4)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def lee(make_person):
    return make_person("Lee", "reviewer", "compliance")


@pytest.fixture
def open_queue(browser, server, parts, lee):
    """A page with the queue. At the end no page has logged an error or broken the content policy."""
    contexts, complaints = [], []

    def open_(path="/flags", **options):
        context = browser.new_context(
            viewport={"width": 1280, "height": 900}, reduced_motion="reduce", **options
        )
        secret = parts.store.sessions.open(lee.id, lee.tenant)
        context.add_cookies([{"name": COOKIE, "value": secret, "url": server.url}])
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)  # fmt: skip
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(server.url + path)
        contexts.append(context)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert [text for text in complaints if "Failed to load resource" not in text] == []


@pytest.fixture
def flags(make_flag):
    """Four flags with the same number, in the order of the queue."""
    scores = (0.9, 0.8, 0.7, 0.6)
    return [make_flag(f"n{score}: {SSN}", [(SSN, "NATIONAL_ID", score)]) for score in scores]


def states(parts, flags):
    return [parts.store.flags.get(flag.id, TENANT).state for flag in flags]


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_flags_are_decided_by_keys_alone(open_queue, parts, flags):
    page = open_queue()

    press(page, "j", "c")
    page.get_by_text("Confirm: done.").wait_for()
    # the place in the list is kept: the next flag is under the cursor
    expect(page.locator("tr.is-here")).to_have_attribute("data-flag", str(flags[1].number))
    press(page, "n")
    page.get_by_role("heading", name="Not PII").wait_for()
    press(page, "3", "Enter")
    page.get_by_text("Not PII: done.").wait_for()

    assert states(parts, flags) == ["confirmed", "not_pii", "open", "open"]


def test_several_are_ticked_by_key_decided_and_taken_back(open_queue, parts, flags, lee):
    page = open_queue()

    press(page, "j", "x", "j", "x")
    expect(page.locator("#n-picked")).to_have_text("2 selected")
    press(page, "a")
    page.get_by_text("Assign: 2 done.").wait_for()
    assert [parts.store.flags.get(one.id, TENANT).assignee for one in flags] == ["Lee", "Lee", "", ""]  # fmt: skip
    press(page, "u")
    page.get_by_text("Undo of Assign: 2 done.").wait_for()

    assert [parts.store.flags.get(one.id, TENANT).assignee for one in flags] == [""] * 4
    assert last_batch(parts.store, lee) is None


def test_all_of_a_page_are_ticked_and_confirmed_with_the_mouse(open_queue, parts, flags):
    page = open_queue()

    page.locator("#pick-page").check()
    page.locator("#bulk").get_by_role("button", name="Confirm").click()
    page.get_by_text("Confirm: 4 done.").wait_for()

    assert states(parts, flags) == ["confirmed"] * 4


def test_a_row_shows_more_and_puts_it_away(open_queue, flags):
    page = open_queue()

    press(page, "j", "j", "Space")
    peek = page.locator(".peek-row")
    expect(peek).to_contain_text("critical label")
    assert SSN not in page.content()
    press(page, "Escape")
    expect(peek).to_have_count(0)
    expect(page.locator("tr:focus")).to_have_attribute("data-flag", str(flags[1].number))
    press(page, "Enter")
    page.wait_for_url(re.compile(rf"/flags/{flags[1].number}\b"))


def test_keys_do_nothing_inside_the_filter(open_queue, parts, flags):
    page = open_queue()

    press(page, "j")
    page.locator("#q").fill("")
    page.locator("#q").press_sequentially("cxna")
    expect(page.locator("#q")).to_have_value("cxna")

    assert states(parts, flags) == ["open"] * 4


def test_counts_follow_and_rows_do_not_move_by_themselves(open_queue, make_flag, flags):
    page = open_queue()
    make_flag(f"new {SSN}", [(SSN, "NATIONAL_ID", 0.99)])

    # what a page does when it is looked at again
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(page.locator("#queue-news")).to_contain_text("1 more flag now.")
    expect(page.locator('[data-live-tab="review"]')).to_have_text("5")
    expect(page.locator("#queue-table tbody tr")).to_have_count(4)
    page.get_by_role("link", name="Show them").click()
    expect(page.locator("#queue-table tbody tr")).to_have_count(5)


def test_everything_works_without_a_script(open_queue, parts, flags):
    page = open_queue(java_script_enabled=False)

    boxes = page.locator('input[name="pick"]')
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_label("Why not PII").select_option("test_data")
    page.get_by_role("button", name="Not PII").click()
    page.get_by_text("Not PII: 2 done.").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Undo of Not PII: 2 done.").wait_for()

    assert states(parts, flags) == ["open"] * 4


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_fits(open_queue, parts, flags, width, scheme):
    number = parts.store.value_groups.of_flag(flags[0].id, TENANT)[0].number
    page = open_queue(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    paths = ("/flags", "/", f"/values/{number}", "/values", f"/flags/{flags[0].number}/peek", "/flags?q=x:y")  # fmt: skip
    for path in paths:
        page.goto(re.sub(r"^(https?://[^/]+).*", rf"\1{path}", page.url))
        if path == "/flags":
            page.locator('input[name="pick"]').first.check()
            page.locator(".filters > summary").click()
            page.locator("[data-peek]").nth(1).evaluate("link => link.click()")
            page.locator(".peek-row").wait_for()

        assert [one["id"] for one in Axe().run(page).response["violations"]] == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path

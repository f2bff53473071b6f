"""The span editor in a real browser, over the real server: mouse, keyboard alone, emoji, accents, right-to-left text."""

import os
import re
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from bot.console.conflict import standing_decision
from bot.parts_text import covered_text
from bot.policies import parse_bot_policy
from bot.web_server import WebServer
from tests.bot.console.conftest import COOKIE, TENANT
from tests.bot.test_simulator_page import CHROMIUM, FLAGS

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
CARD = "4242 4242 4242 4242"
TEXT = f"ask Ana Roe, her card is {CARD}. Ana Roe again"
WAIT_MS = 20_000
expect.set_options(timeout=WAIT_MS)


@pytest.fixture
def store_urls(tmp_path, sqlite_template):
    """One engine is enough here: the store has its own tests."""
    shutil.copyfile(sqlite_template, tmp_path / "piiguard.db")
    return f"sqlite:///{tmp_path / 'piiguard.db'}", f"sqlite:///{tmp_path / 'keys.db'}"


@pytest.fixture(scope="session")
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


@pytest.fixture(autouse=True)
def granted(parts, monkeypatch):
    """As in the demo, reviewers may reveal."""
    policy = parse_bot_policy("people:\n  reviewers_may_reveal: true\n")
    monkeypatch.setattr(type(parts.policies), "current", lambda self: policy)


@pytest.fixture
def open_as(browser, server, parts, make_person):
    """A page of a signed-in person. At the end no page has logged an error or broken the content policy."""
    contexts, complaints = [], []

    def open_(name="Lee", *roles, **options):
        person = make_person(name, *(roles or ("reviewer",)))
        context = browser.new_context(
            viewport={"width": 1280, "height": 900}, reduced_motion="reduce", **options
        )
        secret = parts.store.sessions.open(person.id, person.tenant)
        context.add_cookies([{"name": COOKIE, "value": secret, "url": server.url}])
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)  # fmt: skip
        page.on("pageerror", lambda error: complaints.append(str(error)))
        contexts.append(context)
        return page

    yield open_
    for context in contexts:
        context.close()
    # the browser names each refused form (400, 409) as a failed load
    assert [text for text in complaints if "Failed to load resource" not in text] == []


class FlagPage:
    """What a reviewer does on the page of one flag."""

    def __init__(self, page, server, flag, parts):
        self.page, self.server, self.flag, self.parts = page, server, flag, parts

    def open(self, *, reveal=True):
        self.page.goto(f"{self.server.url}/flags/{self.flag.number}")
        if reveal is not None:  # None: no script runs
            self.page.locator("#message.is-live").wait_for()
        if reveal:
            self.reveal()
        return self

    def reveal(self):
        self.page.keyboard.press("r")
        expect(self.page.locator("#reveal button").first).to_be_focused()
        self.page.keyboard.press("Enter")
        self.page.locator('#message.is-live[data-revealed="true"]').wait_for()

    def word(self, text, nth=0):
        pattern = re.compile(f"^{re.escape(text)}$")
        return self.page.locator("#message .w").filter(has_text=pattern).nth(nth)

    def mark(self, number):
        return self.page.locator("#message mark").nth(number - 1)

    def drag(self, start, end, *, alt=False, from_x=0.5, to_x=0.5):
        a, b = start.bounding_box(), end.bounding_box()
        mouse = self.page.mouse
        mouse.move(a["x"] + a["width"] * from_x, a["y"] + a["height"] / 2)
        mouse.down()
        if alt:
            self.page.keyboard.down("Alt")
        for part in (0.3, 0.7, 1.0):
            x = a["x"] + (b["x"] + b["width"] * to_x - a["x"]) * part
            mouse.move(x, a["y"] + (b["y"] + b["height"] / 2 - a["y"]) * part)
        mouse.up()
        if alt:
            self.page.keyboard.up("Alt")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def values(self):
        """(label, value) of each row of the list."""
        rows = self.page.locator("#span-list li")
        return [
            (rows.nth(i).locator("select").input_value(), rows.nth(i).locator(".span-value").inner_text())
            for i in range(rows.count())
        ]  # fmt: skip

    def save(self):
        """Press s, and wait for what the database says then."""
        self.page.locator("#next").uncheck()
        self.page.locator("#heading").focus()
        self.press("s")
        self.page.locator("#decision-title").wait_for()
        return self.stored()

    def stored(self):
        flag = self.parts.store.flags.get(self.flag.id, TENANT)
        return [(span.label, covered_text(flag.parts, span)) for span in flag.spans]

    def live(self, pattern):
        expect(self.page.locator("#live")).to_have_text(re.compile(pattern))


@pytest.fixture
def visit(open_as, server, make_flag, parts):
    """``visit(text, spans)``: a flag and its page, revealed."""

    def go(text=TEXT, spans=((CARD, "CREDIT_CARD"),), *, reveal=True, **options):
        flag = make_flag(text, spans)
        return FlagPage(open_as(**options), server, flag, parts).open(reveal=reveal)

    return go


def test_words_selected_with_the_mouse_become_a_span(visit):
    flag = visit()

    flag.drag(flag.word("Ana"), flag.word("Roe"))
    flag.press("1")

    flag.live("Marked Ana Roe as PERSON")
    assert flag.save() == [("PERSON", "Ana Roe"), ("CREDIT_CARD", CARD)]


def test_a_selection_made_backwards_and_inside_words_snaps_to_words(visit):
    flag = visit()

    flag.drag(flag.word("Roe"), flag.word("Ana"), from_x=0.4, to_x=0.6)
    flag.page.locator("#palette [data-label=PERSON]").click()

    assert flag.values() == [("PERSON", "Ana Roe"), ("CREDIT_CARD", CARD)]


def test_the_edges_of_a_mark_are_dragged_by_words(visit):
    flag = visit(spans=[("4242 4242", "CREDIT_CARD")])

    flag.mark(1).hover()
    flag.drag(flag.mark(1).locator(".edge-end"), flag.word("4242", 3))
    assert flag.values() == [("CREDIT_CARD", CARD)]

    flag.drag(flag.mark(1).locator(".edge-start"), flag.word("4242", 1), to_x=0.2)
    assert flag.values() == [("CREDIT_CARD", "4242 4242 4242")]

    flag.press("u")
    assert flag.save() == [("CREDIT_CARD", CARD)]


def test_with_alt_an_edge_is_dragged_by_characters(visit):
    flag = visit("key abcdef here", [("abcdef", "API_KEY")])

    flag.mark(1).hover()
    flag.drag(flag.mark(1).locator(".edge-end"), flag.word("abcdef"), alt=True, to_x=0.5)

    assert flag.values() == [("API_KEY", "abc")]


def test_an_edge_stops_at_the_next_span(visit):
    flag = visit("Ana Roe Smith", [("Ana", "PERSON"), ("Smith", "USERNAME")])

    flag.mark(1).hover()
    flag.drag(flag.mark(1).locator(".edge-end"), flag.word("Smith"))

    assert flag.values() == [("PERSON", "Ana Roe"), ("USERNAME", "Smith")]


def test_everything_is_done_with_the_keyboard_alone(visit):
    flag = visit()

    flag.press("e", "ArrowRight", "Shift+ArrowRight")  # ask | Ana Roe
    flag.live("Selected Ana Roe")
    flag.press("1")
    flag.press("Tab")  # the card
    flag.live("^$|Marked")
    expect(flag.mark(2)).to_be_focused()
    flag.press("0", "1")  # the second page of labels: BANK_ACCOUNT
    flag.live("Span 2 is BANK_ACCOUNT now")
    flag.press("Shift+Tab", "=")  # every repeat of Ana Roe
    flag.live("Marked 1 more as PERSON")
    flag.press("x", "Control+Enter")

    flag.page.wait_for_url(re.compile("/flags$"))
    flags = flag.parts.store.reviews.of_flag(flag.flag.id, TENANT)
    assert flags[-1].signed
    assert flag.stored() == [
        ("PERSON", "Ana Roe"),
        ("BANK_ACCOUNT", CARD),
        ("PERSON", "Ana Roe"),
    ]


def test_brackets_move_an_edge_by_one_character_and_shift_moves_it_back(visit):
    flag = visit("pw hunter2x now", [("hunter2", "PASSWORD")])

    flag.mark(1).focus()
    flag.press("]")
    assert flag.values() == [("PASSWORD", "hunter2x")]
    flag.press("}", "{", "{")
    assert flag.values() == [("PASSWORD", "nter2")]
    flag.press("[", "[")

    expect(flag.mark(1)).to_be_focused()
    assert flag.values() == [("PASSWORD", "hunter2")]


@pytest.mark.parametrize(
    ("text", "span", "keys", "value"),
    [
        (f"by {FAMILY}Ana ok", "Ana", ["["], f"{FAMILY}Ana"),  # three people are one character
        (f"by {FAMILY}Ana ok", f"{FAMILY}Ana", ["{"], "Ana"),
        ("met Zoe\u0308x ok", "Zo", ["]"], "Zoe\u0308"),  # an e with its diaeresis
        ("flag \U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7 ok", "\U0001f1e9\U0001f1ea", ["]"], "\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7"),
        ("thumbs \U0001f44d\U0001f3fdAna", "Ana", ["["], "\U0001f44d\U0001f3fdAna"),
        ("R&amp;D1 ok", "D1", ["["], "&D1"),
    ],
)  # fmt: skip
def test_a_character_is_what_a_reader_takes_for_one(visit, text, span, keys, value):
    flag = visit(text, [(span, "USERNAME")])

    flag.mark(1).focus()
    flag.press(*keys)

    assert flag.values() == [("USERNAME", value)]
    assert flag.save() == [("USERNAME", value)]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        (f"from {FAMILY} Ana", ["Ana"], "Ana"),
        (f"\U0001d49c {FAMILY} Zoe\u0308 here", [FAMILY, "Zoe\u0308"], f"{FAMILY} Zoe\u0308"),
        ("<mailto:jane@acme.example|jane@acme.example> wrote", ["jane@acme.example"], "jane@acme.example"),
        ("*Ana* &amp; Bob", ["Ana"], "Ana"),
        ("line one\nAna Roe\nline three", ["Ana", "Roe"], "Ana Roe"),
    ],
)  # fmt: skip
def test_places_are_those_of_the_stored_text(visit, text, words, value):
    flag = visit(text, [])

    flag.drag(flag.word(words[0]), flag.word(words[-1]))
    flag.press("1")

    assert flag.save() == [("PERSON", value)]


def test_up_and_down_go_to_the_line_above_and_below(visit):
    flag = visit("first line\nAna here\nlast line", [])

    flag.press("e", "ArrowDown", "1")
    assert flag.values() == [("PERSON", "Ana")]
    flag.press("ArrowUp", "Shift+ArrowRight", "1")

    assert flag.save() == [("PERSON", "first line"), ("PERSON", "Ana")]


def test_in_a_right_to_left_text_the_left_arrow_goes_on(visit):
    flag = visit("אמר דנה כהן היום", [])

    flag.press("e", "ArrowLeft", "Shift+ArrowLeft", "1")

    assert flag.values() == [("PERSON", "דנה כהן")]
    flag.drag(flag.mark(1).locator(".edge-end"), flag.word("היום"))
    assert flag.save() == [("PERSON", "דנה כהן היום")]


def test_a_new_span_takes_the_place_of_those_it_touches(visit):
    flag = visit("Ana Roe Smith", [("Ana", "PERSON"), ("Roe", "USERNAME")])

    flag.drag(flag.word("Ana"), flag.word("Smith"))
    flag.press("1")

    flag.live("in place of 2")
    assert flag.save() == [("PERSON", "Ana Roe Smith")]


def test_changes_are_undone_one_by_one_and_all_at_once(visit):
    flag = visit()

    flag.mark(1).focus()
    flag.press("2", "Delete")
    assert flag.values() == []
    flag.press("u")
    assert flag.values() == [("DATE_OF_BIRTH", CARD)]
    flag.press("Control+z")
    assert flag.values() == [("CREDIT_CARD", CARD)]
    flag.press("Control+Shift+z")
    assert flag.values() == [("DATE_OF_BIRTH", CARD)]
    flag.page.locator("#span-reset").click()

    assert flag.values() == [("CREDIT_CARD", CARD)]
    assert flag.page.locator("#save-words").inner_text() == "Save and next"


def test_removing_a_mark_moves_the_focus_to_the_next_one(visit):
    flag = visit("Ana and Bob", [("Ana", "PERSON"), ("Bob", "PERSON")])

    flag.mark(1).focus()
    flag.press("Delete")

    expect(flag.mark(1)).to_be_focused()
    flag.live("Span 1, PERSON, removed. 1 left")


def test_the_list_does_all_that_the_text_does(visit):
    flag = visit(spans=[("Ana", "PERSON"), (CARD, "CREDIT_CARD")])
    row = flag.page.locator("#span-list li").first

    row.get_by_role("button", name="Mark 1 more places").click()
    row.get_by_role("button", name="begin one character later").click()
    row.locator("select").select_option("USERNAME")
    assert flag.values()[0] == ("USERNAME", "na")
    row.get_by_role("button", name="Remove span 1").click()

    assert flag.save() == [("CREDIT_CARD", CARD), ("PERSON", "Ana")]


def test_a_finger_marks_and_widens_a_selection(visit):
    flag = visit(has_touch=True)
    box = flag.word("Ana").bounding_box()

    flag.page.touchscreen.tap(box["x"] + 4, box["y"] + box["height"] / 2)
    flag.page.get_by_role("button", name="Select one word more after").tap()
    flag.page.locator("#palette [data-label=PERSON]").tap()

    assert flag.save() == [("PERSON", "Ana Roe"), ("CREDIT_CARD", CARD)]


def test_single_keys_that_are_switched_off_do_nothing(visit, parts):
    flag = visit(reveal=False)

    flag.page.evaluate("document.documentElement.dataset.keys = 'off'")
    flag.press("c", "n", "s", "u")
    flag.page.wait_for_timeout(300)

    assert parts.store.flags.get(flag.flag.id, TENANT).state == "open"


def test_a_text_can_be_typed_instead_of_selected(visit):
    flag = visit()

    flag.page.locator(".exact-add summary").click()
    flag.page.locator("#exact-text").fill("Bob")
    flag.press("Enter")
    expect(flag.page.locator("#problem")).to_contain_text("does not stand in the message")
    flag.page.locator("#exact-text").fill("Ana Roe")
    flag.press("Enter")

    assert [label for label, _ in flag.values()] == ["PERSON", "CREDIT_CARD", "PERSON"]


def test_while_values_are_covered_spans_are_judged_and_not_moved(visit):
    flag = visit(spans=[("Ana", "PERSON"), (CARD, "CREDIT_CARD")], reveal=False)

    assert CARD not in flag.page.content()
    assert flag.page.locator(".edge").count() == 0
    flag.mark(1).focus()
    flag.press("]")
    flag.live("edges move only while they are revealed")
    flag.press("Delete")
    flag.mark(1).focus()
    flag.press("0", "1")
    flag.drag(flag.word("Roe"), flag.word("Roe"))
    flag.press("1")

    assert flag.save() == [("PERSON", "Roe"), ("BANK_ACCOUNT", CARD), ("PERSON", "Roe")]


def test_a_selection_does_not_reach_over_a_covered_value(visit):
    flag = visit(reveal=False)

    flag.drag(flag.word("is"), flag.word("again"))

    expect(flag.page.locator("#palette-what")).to_have_text("Selected: is")


def test_fifty_flags_are_reviewed_by_keyboard_alone(open_as, server, make_flag, parts):
    flags = [make_flag(f"card 4242 4242 4242 4242 no {n}", [(CARD, "CREDIT_CARD")]) for n in range(50)]  # fmt: skip
    page = open_as()
    page.goto(f"{server.url}/flags/{flags[0].number}?sort=oldest")

    for number, flag in enumerate(flags):
        expect(page.locator("#heading")).to_have_text(f"Flag {flag.number}")
        page.keyboard.press("n" if number % 5 == 4 else "c")
    page.wait_for_url(re.compile(r"/flags(\?.*)?$"))

    counts = parts.store.flags.counts(TENANT)
    assert (counts["confirmed"], counts["not_pii"], counts["open"]) == (40, 10, 0)


def test_the_decision_before_is_undone_and_its_reason_given_from_the_next_flag(visit, make_flag, parts):  # fmt: skip
    flag = visit(reveal=False)
    make_flag("her ssn is 078-05-1120")

    flag.press("n")
    flag.page.locator(".banner").get_by_role("button", name="Wrong: order, ticket").click()
    expect(flag.page.locator("#flashes")).to_contain_text("order, ticket")
    last = standing_decision(parts.store.reviews.of_flag(flag.flag.id, TENANT))
    assert last.reason == "object_id"


def test_undo_from_the_next_flag_brings_the_decided_one_back(visit, make_flag, parts):
    flag = visit(reveal=False)
    make_flag("her ssn is 078-05-1120")

    flag.press("c")
    expect(flag.page.locator(".banner")).to_contain_text(f"Flag {flag.flag.number}: confirmed")
    flag.press("u")

    expect(flag.page.locator("#heading")).to_have_text(f"Flag {flag.flag.number}")
    assert parts.store.flags.get(flag.flag.id, TENANT).state == "open"


def test_what_is_refused_leaves_the_edits_as_they_are(visit):
    flag = visit()

    flag.drag(flag.word("Ana"), flag.word("Roe"))
    flag.press("1")
    flag.page.locator("#heading").focus()
    flag.press("c")

    expect(flag.page.locator("#problem")).to_contain_text("You changed spans")
    assert flag.save() == [("PERSON", "Ana Roe"), ("CREDIT_CARD", CARD)]


def test_of_two_who_race_the_second_sees_both_versions(visit, open_as, server):
    lee = visit()
    mia = FlagPage(open_as("Mia"), server, lee.flag, lee.parts).open(reveal=False)

    lee.drag(lee.word("Ana"), lee.word("Roe"))
    lee.press("1")
    mia.press("c")
    mia.page.wait_for_url(re.compile("/flags$"))
    lee.page.locator("#heading").focus()
    lee.press("s")

    expect(lee.page.locator("#flag")).to_contain_text("Mia decided this flag while you had it open")
    expect(lee.page.locator(".is-different")).to_contain_text("only in yours")
    lee.press("m")
    expect(lee.page.locator("#flashes")).to_contain_text("A third person settles it")
    assert lee.stored() == [("CREDIT_CARD", CARD)]


def test_casework_beside_the_editor_does_not_lose_its_edits(visit):
    flag = visit()

    flag.drag(flag.word("Ana"), flag.word("Roe"))
    flag.press("1", "a")
    expect(flag.page.locator(".flag-facts")).to_contain_text("Lee")

    assert flag.save() == [("PERSON", "Ana Roe"), ("CREDIT_CARD", CARD)]


def test_covering_and_revealing_again_keeps_the_edits(visit):
    flag = visit(spans=[("Ana", "PERSON"), (CARD, "CREDIT_CARD")], reveal=False)

    flag.mark(2).focus()
    flag.press("0", "1")
    flag.reveal()
    assert flag.values() == [("PERSON", "Ana"), ("BANK_ACCOUNT", CARD)]
    flag.mark(1).focus()
    flag.press("Shift+ArrowRight", "r")
    expect(flag.page.locator("#problem")).to_contain_text("Your changes are kept")
    assert CARD not in flag.page.locator("#message").inner_text()
    flag.reveal()
    assert flag.values() == [("PERSON", "Ana Roe"), ("BANK_ACCOUNT", CARD)]
    flag.press("r")
    expect(flag.page.locator("#problem")).to_contain_text("Your changes are kept")

    assert flag.save() == [("PERSON", "Ana Roe"), ("BANK_ACCOUNT", CARD)]


def test_both_versions_are_edited_together_in_the_editor(visit, open_as, server, parts, make_person):  # fmt: skip
    flag = visit(spans=[("Ana Roe", "PERSON"), (CARD, "CREDIT_CARD")])
    flag.mark(1).focus()
    flag.press("=")
    with parts.store.transaction() as tx:
        parts.store.flags.change(
            tx, flag.flag.id, TENANT, expected_version=flag.flag.version, assignee="Mia"
        )
    flag.page.locator("#heading").focus()
    flag.press("s")
    flag.page.locator(".versions").wait_for()
    flag.press("b")

    expect(flag.page.locator("#flag")).to_contain_text("Both versions are marked")
    flag.page.locator("#message.is-live").wait_for()
    assert [label for label, _ in flag.values()] == ["PERSON", "CREDIT_CARD", "PERSON"]
    assert flag.save() == [("PERSON", "Ana Roe"), ("CREDIT_CARD", CARD), ("PERSON", "Ana Roe")]


def test_without_javascript_the_rows_do_it(visit):
    flag = visit(spans=[("Ana", "PERSON")], reveal=None, java_script_enabled=False)
    page = flag.page
    page.locator("summary", has_text="Reveal").click()
    page.get_by_role("button", name="I must correct its boundary").click()

    page.get_by_label("Exact text of span 1").fill("Ana Roe")
    page.get_by_label("Missed PII: exact text").first.fill("again")
    page.get_by_role("button", name="Save and next").click()
    assert "Choose a label" in page.locator("#problem").inner_text()
    assert page.get_by_label("Exact text of span 1").input_value() == "Ana Roe"
    page.get_by_label("It is", exact=True).first.select_option("USERNAME")
    page.locator("#next").uncheck()
    page.get_by_role("button", name="Save and next").click()

    page.locator("#decision-title").wait_for()
    assert flag.stored() == [("PERSON", "Ana Roe"), ("USERNAME", "again")]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("stage", ["covered", "editing"])
def test_axe_finds_nothing_wrong(visit, theme, width, stage):
    flag = visit(reveal=stage == "editing", color_scheme=theme)
    flag.page.set_viewport_size({"width": width, "height": 900})
    if stage == "editing":
        flag.mark(1).focus()
        flag.page.locator(".exact-add summary").click()
        flag.page.locator(".decide-more summary").click()

    result = Axe().run(flag.page)

    assert result.violations_count == 0, result.generate_report()
    assert flag.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.skipif("SHOTS" not in os.environ, reason="only when somebody wants to look")
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_pictures(visit, open_as, server, make_flag, theme, width):
    folder = os.environ["SHOTS"]
    text = f"Hi team, Ana Roe ({FAMILY}) called: her card is {CARD}, born 03/04/1988.\nPlease refund order 88213 today. דנה כהן asked too. Ana Roe again"  # fmt: skip
    flag = visit(text, [("Ana", "PERSON", 0.64), (CARD, "CREDIT_CARD", 0.99), ("88213", "ACCOUNT_ID", 0.55)], reveal=False, color_scheme=theme)  # fmt: skip
    make_flag("her ssn is 078-05-1120")
    page = flag.page
    page.set_viewport_size({"width": width, "height": 900})

    def shoot(name):
        page.wait_for_timeout(200)
        page.screenshot(path=f"{folder}/{name}-{theme}-{width}.png", full_page=True)

    shoot("masked")
    page.keyboard.press("r")
    shoot("asking")
    page.keyboard.press("Enter")
    page.locator('#message.is-live[data-revealed="true"]').wait_for()
    shoot("revealed")
    flag.mark(1).focus()
    flag.press("Shift+ArrowRight")
    flag.word("03/04/1988").click()
    shoot("editing")
    flag.press("2")
    shoot("edited")
    mia = FlagPage(open_as("Mia"), server, flag.flag, flag.parts).open(reveal=False)
    mia.press("c")
    mia.page.locator(".banner").wait_for()
    page.locator("#heading").focus()
    page.keyboard.press("s")
    page.locator(".versions").wait_for()
    shoot("conflict")
    mia.page.set_viewport_size({"width": width, "height": 900})
    page = mia.page
    shoot("next")

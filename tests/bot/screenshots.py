"""The pictures of docs/slack.md, made again: `python -m tests.bot.screenshots` (needs chromium; a minute).

Runs the demo, does what its visitors do, and photographs the page. No clock is faked, so dates differ each time.
"""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from bot.config import BotConfig
from bot.demo import Demo
from bot.demo_company import REVIEW_CHANNEL
from bot.demo_guide import SAMPLE
from tests.bot.test_simulator_page import CHROMIUM, FLAGS

FOLDER = Path(__file__).parents[2] / "docs" / "slack"
MAX_BYTES = 250_000
WAIT_MS = 20_000
MARGIN = 12


class Studio:
    """One browser in front of one demo."""

    def __init__(self, demo: Demo, browser: Browser, folder: Path) -> None:
        self.demo, self.browser, self.folder = demo, browser, folder

    @contextmanager
    def page(
        self, person: str, channel: str, *, width: int = 1280, height: int = 800, **options: Any
    ) -> Iterator[Page]:
        """The page as a person sees it."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce", **options
        )
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.goto(f"{self.demo.sim.url}/?as={person}&c={channel}")
        page.wait_for_selector("#head h1")
        yield page
        context.close()

    def shoot(self, page: Page, name: str, part: Locator | None = None) -> None:
        """Save the page, or a part of it."""
        page.mouse.move(0, 0)
        page.wait_for_timeout(400)
        path = self.folder / f"{name}.png"
        if part is None:
            page.screenshot(path=path)
        else:
            part.screenshot(path=path)
        if path.stat().st_size > MAX_BYTES:
            sys.exit(f"{path.name} has more than {MAX_BYTES} bytes")
        print(f"{path.name:18} {path.stat().st_size:7,} bytes")


def fit(page: Page, n: int) -> None:
    """Make the window as low as the last messages, so that none is cut off at its top."""
    top = page.locator("#log .message").nth(-n).bounding_box()
    log = page.locator("#log").bounding_box()
    size = page.viewport_size
    assert top is not None
    assert log is not None
    assert size is not None
    height = size["height"] - round(top["y"] - log["y"]) + 2
    page.set_viewport_size({"width": size["width"], "height": height})
    page.wait_for_timeout(300)
    page.locator("#log").evaluate("node => { node.scrollTop = node.scrollHeight; }")


def newest_card(page: Page, label: str) -> Locator:
    return page.locator("#log .card", has_text=label).last


def page_light(studio: Studio) -> None:
    """Before anything is decided."""
    with studio.page("dana", REVIEW_CHANNEL) as page:
        newest_card(page, "NATIONAL_ID").wait_for()
        fit(page, 2)
        studio.shoot(page, "page-light")


def card(studio: Studio) -> None:
    with studio.page("dana", REVIEW_CHANNEL, height=1500, device_scale_factor=1.5) as page:
        studio.shoot(page, "card", page.locator("#log .message", has_text="CREDIT_CARD").last)


def hint(studio: Studio) -> None:
    with studio.page("ana", "hr", device_scale_factor=1.5) as page:
        message = page.locator(".message", has_text=SAMPLE)
        told = page.locator(".message.ephemeral")
        told.wait_for()
        over = page.locator("#log").bounding_box()
        first, last = message.bounding_box(), told.bounding_box()
        assert over is not None
        assert first is not None
        assert last is not None
        page.mouse.move(0, 0)
        page.wait_for_timeout(400)
        path = studio.folder / "hint.png"
        clip = {
            "x": over["x"],
            "y": first["y"] - MARGIN,
            "width": over["width"],
            "height": last["y"] + last["height"] - first["y"] + 2 * MARGIN,
        }
        page.screenshot(path=path, clip=clip)
        print(f"{path.name:18} {path.stat().st_size:7,} bytes")


def modal(studio: Studio) -> None:
    """A correction, with its values revealed to a moderator who said why."""
    with studio.page("dana", REVIEW_CHANNEL, height=940) as page:
        newest_card(page, "CREDIT_CARD").get_by_role("button", name="Correct flag").click()
        form = page.locator("#modal")
        form.get_by_role("button", name="Reveal").click()
        reasons = form.get_by_label("Why")
        reasons.wait_for()
        reasons.select_option(label="I must correct its boundary")
        form.get_by_role("button", name="Reveal", exact=True).click()
        form.get_by_label("Exact text of span 2").wait_for()
        page.locator("#modal .modal-body").evaluate("node => { node.scrollTop = 0; }")
        page.evaluate("document.activeElement.blur()")
        studio.shoot(page, "modal", form)
        form.get_by_role("button", name="Cancel").click()


def decided(studio: Studio) -> None:
    """Two decisions by two moderators; then the page in the dark."""
    with (
        studio.page("lee", REVIEW_CHANNEL) as lee,
        studio.page("dana", REVIEW_CHANNEL, color_scheme="dark") as dana,
    ):
        newest_card(lee, "PASSWORD").get_by_role("button", name="is not PII").click()
        menu = newest_card(lee, "PASSWORD").locator("select")
        menu.wait_for()
        menu.select_option(label="Harmless: test data")
        newest_card(dana, "NATIONAL_ID").get_by_role("button", name="Confirm").click()
        newest_card(dana, "NATIONAL_ID").get_by_text("Confirmed by Dana").wait_for()
        newest_card(dana, "PASSWORD").get_by_text("test data").wait_for()
        fit(dana, 2)
        studio.shoot(dana, "page-dark")


def home(studio: Studio) -> None:
    with studio.page("dana", "general", height=740) as page:
        page.locator("nav").get_by_role("button", name="piiguard", exact=True).click()
        page.locator(".home").get_by_text("Needs review").wait_for()
        studio.shoot(page, "home")


def narrow(studio: Studio) -> None:
    with studio.page("dana", REVIEW_CHANNEL, width=320, height=640) as page:
        page.locator("#log .card").last.wait_for()
        fit(page, 1)
        studio.shoot(page, "narrow-320")


def main() -> None:
    if CHROMIUM is None:
        sys.exit("no chromium on this machine")
    FOLDER.mkdir(parents=True, exist_ok=True)
    scenes: tuple[Callable[[Studio], None], ...] = (
        page_light,
        hint,
        card,
        modal,
        narrow,
        decided,
        home,
    )
    with (
        Demo(BotConfig.read({"PIIGUARD_BIND": "127.0.0.1:0"})) as demo,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which(CHROMIUM), args=FLAGS)
        studio = Studio(demo, browser, FOLDER)
        demo.sim.wait_for(lambda: len(demo.sim.of_app(REVIEW_CHANNEL)) >= 3, WAIT_MS / 1000)
        demo.sim.post("ana", "hr", SAMPLE)
        demo.sim.wait_for(lambda: demo.sim.hints("ana"), WAIT_MS / 1000)
        for scene in scenes:
            scene(studio)
        browser.close()


if __name__ == "__main__":
    main()

"""The overview: each number is that of the rows it leads to."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.casework import assign
from bot.console.overview import chart_of
from bot.review import record_review
from bot.store.glance import DayFlow
from tests.bot.console.conftest import OTHER_TENANT, TENANT


@pytest.fixture
def lee(client_as):
    return client_as("reviewer", name="Lee")


def tile(page, title):
    """The number and the address of a tile."""
    found = re.search(
        rf'<a class="tile[^"]*" href="([^"]+)">\s*<span class="tile-title">{title}</span> <span class="tile-value">([^<]+)',
        page,
    )
    return found[2], found[1]


def rows(client, url):
    return len(re.findall(r'data-flag="', client.get(url.replace("&amp;", "&")).text))


def test_each_tile_shows_as_many_as_its_rows(lee, parts, make_flag):
    make_flag()
    make_flag("ask Priya", [("Priya", "PERSON")])
    decided = make_flag()
    record_review(parts.store, TENANT, decided.id, "confirm", by=lee.person, version=decided.version, surface="console")  # fmt: skip
    make_flag(tenant=OTHER_TENANT)

    page = lee.get("/").text

    for title, expected in (("Needs review", 2), ("Critical open", 1)):
        shown, url = tile(page, title)
        assert int(shown) == rows(lee, url) == expected
    assert tile(page, "Oldest")[1] == "/flags?sort=oldest"


def test_what_needs_a_person_is_named_with_its_rows(lee, parts, make_flag):
    mine, asked = make_flag(), make_flag()
    assign(parts.store, TENANT, mine.id, by=lee.person, to="Lee")
    record_review(parts.store, TENANT, asked.id, "second_opinion", by=lee.person, version=asked.version, surface="console")  # fmt: skip

    page = lee.get("/").text
    needs = re.findall(r'<li><a href="([^"]+)"><strong>(\d+)</strong> ([^<]+)', page)

    assert [text for _, _, text in needs[:2]] == [
        "assigned to you",
        "with a second opinion asked for",
    ]
    assert all(rows(lee, url) == int(n) for url, n, _ in needs if url.startswith("/flags"))


def test_who_decides_nothing_is_asked_for_nothing(client_as, make_flag):
    make_flag()

    assert "Nothing waits for you in particular." in client_as("viewer").get("/").text


def test_a_fresh_workspace_gets_its_first_steps(lee):
    page = lee.get("/").text

    assert "Four steps to the first flag" in page
    assert "is-done" in page  # a reviewer is there


def test_opened_and_closed_are_counted_by_day(parts, make_flag, lee):
    store = parts.store
    flags = [make_flag() for _ in range(4)]
    record_review(store, TENANT, flags[0].id, "confirm", by=lee.person, version=flags[0].version, surface="console")  # fmt: skip
    now = datetime.now(UTC)
    before = (now - timedelta(days=3)).timestamp()
    with store.transaction() as tx:
        tx.execute(
            text("UPDATE flags SET opened_at = :at WHERE id = :id"),
            {"at": before, "id": flags[1].id},
        )
        tx.execute(text("UPDATE flags SET opened_at = :at WHERE id = :id"), {"at": before - 60 * 86400, "id": flags[2].id})  # fmt: skip

    flow = store.glance.flow(TENANT, 30, now)

    assert len(flow) == 30
    assert flow[-1] == DayFlow(now.date(), 2, 1)
    assert flow[-4].n_opened == 1
    assert sum(day.n_opened for day in flow) == 3
    assert sum(day.n_opened for day in store.glance.flow(OTHER_TENANT, 30, now)) == 0


@pytest.mark.parametrize("seconds", [0, 1, 43_199, 43_200, 86_399])
def test_a_moment_belongs_to_its_own_day(parts, make_flag, seconds):
    flag = make_flag()
    now = datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC)
    at = datetime(2026, 11, 19, tzinfo=UTC).timestamp() + seconds
    with parts.store.transaction() as tx:
        tx.execute(text("UPDATE flags SET opened_at = :at WHERE id = :id"), {"at": at, "id": flag.id})  # fmt: skip

    assert parts.store.glance.flow(TENANT, 3, now)[1].n_opened == 1


def test_the_chart_stays_in_its_box_and_says_what_it_shows():
    days = [DayFlow(datetime(2026, 11, n, tzinfo=UTC).date(), n, 2) for n in range(1, 31)]

    chart = chart_of(days)

    points = [tuple(map(float, one.split(","))) for one in chart.opened.points.split()]
    assert all(0 <= x <= chart.width and 0 <= y <= chart.height for x, y in points)
    assert points[-1] == (chart.width, 0)
    assert chart.sentence == "465 opened and 60 closed in 30 days: the backlog grew by 405."


def test_the_last_message_is_named(lee, parts, make_flag):
    make_flag()

    assert "Last message scanned" in lee.get("/").text
    assert parts.store.glance.last_message(OTHER_TENANT) is None

"""Insights: each number equals SQL that knows nothing of our code, on both engines; the page shows it, masked."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.console.names import Channel, Names
from bot.insights.board import FIGURES, SECTIONS, Board
from bot.insights.definitions import DEFINITIONS
from bot.insights.intervals import Rate
from bot.records import FoundSpan, Part
from bot.review import author_answer, record_review, snooze, undo
from bot.store.insights import Scope
from tests.bot.console.conftest import OTHER_TENANT, TENANT
from tests.bot.console.seeded_days import seed

DAYS = 16
ROLES = ("viewer", "reviewer", "compliance", "ml", "admin", "auditor")


def median_of(inner):
    """SQL for the median of a query with a column x, for both engines."""
    return f"""SELECT AVG(x) FROM (SELECT x, ROW_NUMBER() OVER (ORDER BY x) AS r, COUNT(*) OVER () AS n
               FROM ({inner}) AS inside) AS ranked WHERE r IN ((n + 1) / 2, (n + 2) / 2)"""


JUDGED = """flags f WHERE f.tenant = :tenant AND f.model <> 'person' AND f.resolved_at >= :since
            AND f.resolved_at < :until AND f.state IN ('confirmed', 'accepted_risk', 'corrected', 'not_pii')"""
RIGHT = "(f.state IN ('confirmed', 'accepted_risk') OR (f.state = 'corrected' AND CAST(f.labels AS TEXT) <> '{}'))"
CLOSED = """flags f WHERE f.tenant = :tenant AND f.resolved_at >= :since AND f.resolved_at < :until
            AND f.state NOT IN ('open', 'second_opinion')"""
OPENED = "flags f WHERE f.tenant = :tenant AND f.opened_at >= :since AND f.opened_at < :until"
FIRST = """SELECT r.flag_id, MIN(r.at) AS first_at FROM reviews r WHERE r.tenant = :tenant AND NOT r.undone
           AND r.decision IN ('confirm', 'correct', 'not_pii', 'accept_risk', 'duplicate') GROUP BY r.flag_id"""
RESOLVE = f"""SELECT d.first_at - f.opened_at AS x FROM flags f JOIN ({FIRST}) AS d ON d.flag_id = f.id
              WHERE f.tenant = :tenant AND f.state NOT IN ('not_pii', 'duplicate')
              AND d.first_at >= :since AND d.first_at < :until"""
GONE = """(SELECT m.seen_at FROM messages m WHERE m.tenant = f.tenant AND m.channel_id = f.channel_id
           AND m.ts = f.ts AND m.deleted)"""
UPHELD = """flags f WHERE f.tenant = :tenant AND f.state IN ('confirmed', 'corrected')
            AND CAST(f.labels AS TEXT) <> '{}' AND f.resolved_at >= :since AND f.resolved_at < :until"""
TOLD = f"""{OPENED} AND EXISTS (SELECT 1 FROM cards c WHERE c.tenant = f.tenant AND c.channel_id = f.channel_id
           AND c.ts = f.ts AND c.target = 'author')"""
CARDS = f"""SELECT CAST(c.slack_ts AS DOUBLE PRECISION) - CAST(f.ts AS DOUBLE PRECISION) AS x
            FROM cards c JOIN flags f ON f.id = c.flag_id
            WHERE c.target <> 'author' AND c.slack_ts <> '' AND f.id IN (SELECT f.id FROM {OPENED})"""
#: A value of each span; in these rows every span of a flag has a label of its own.
PROPOSED = f"flag_values v JOIN flags f ON f.id = v.flag_id AND f.id IN (SELECT f.id FROM {JUDGED})"
KEPT = """(f.state IN ('confirmed', 'accepted_risk')
           OR (f.state = 'corrected' AND CAST(f.labels AS TEXT) LIKE '%"' || v.label || '"%')
           OR (f.state = 'not_pii' AND (SELECT r.reason FROM reviews r WHERE r.flag_id = f.id AND NOT r.undone
               AND r.decision = 'not_pii') IN ('test_data', 'public_contact')))"""

#: What the page says, and the query for it.
QUERIES = {
    "opened": f"SELECT COUNT(*) FROM {OPENED}",
    "closed": f"SELECT COUNT(*) FROM {CLOSED}",
    "precision part": f"SELECT COUNT(*) FROM {JUDGED} AND {RIGHT}",
    "precision whole": f"SELECT COUNT(*) FROM {JUDGED}",
    "not pii": f"SELECT COUNT(*) FROM {JUDGED} AND f.state = 'not_pii'",
    "waiting": "SELECT COUNT(*) FROM flags f WHERE f.tenant = :tenant AND f.state IN ('open', 'second_opinion')",
    "oldest": "SELECT MIN(f.opened_at) FROM flags f WHERE f.tenant = :tenant AND f.state IN ('open', 'second_opinion')",
    "resolve n": f"SELECT COUNT(*) FROM ({RESOLVE}) AS r",
    "resolve median": median_of(RESOLVE),
    "author fixed part": f"SELECT COUNT(*) FROM {CLOSED} AND f.state = 'resolved'",
    "author fixed whole": f"SELECT COUNT(*) FROM {CLOSED} AND f.state <> 'superseded'",
    "told": f"SELECT COUNT(*) FROM {TOLD}",
    "answered": f"SELECT COUNT(*) FROM {TOLD} AND f.author_answer <> ''",
    "told and gone": f"SELECT COUNT(*) FROM {TOLD} AND {GONE} IS NOT NULL",
    "removed in a day": f"SELECT COUNT(*) FROM {UPHELD} AND :now - f.opened_at >= 86400 AND {GONE} - f.opened_at <= 86400",
    "upheld for a day": f"SELECT COUNT(*) FROM {UPHELD} AND :now - f.opened_at >= 86400",
    "removed in an hour": f"SELECT COUNT(*) FROM {UPHELD} AND :now - f.opened_at >= 3600 AND {GONE} - f.opened_at <= 3600",
    "reported": f"SELECT COUNT(*) FROM {OPENED} AND f.model = 'person'",
    "spans proposed": f"SELECT COUNT(*) FROM {PROPOSED}",
    "spans kept": f"SELECT COUNT(*) FROM {PROPOSED} AND {KEPT}",
    "cards": f"SELECT COUNT(*) FROM ({CARDS}) AS c",
    "card median": median_of(CARDS),
    "decisions": """SELECT COUNT(*) FROM reviews r WHERE r.tenant = :tenant AND r.at >= :since AND r.at < :until
                    AND NOT r.undone AND r.decision IN ('confirm', 'correct', 'not_pii', 'accept_risk',
                    'duplicate', 'second_opinion')""",
    "undone": """SELECT COUNT(*) FROM reviews r WHERE r.tenant = :tenant AND r.at >= :since AND r.at < :until
                 AND r.undone AND r.decision <> 'undo'""",
    "scanned": "SELECT SUM(value) FROM counters WHERE tenant = :tenant AND name LIKE 'scanned:%' AND name >= 'scanned:' || :day",
    "signed": """SELECT COUNT(DISTINCT r.flag_id) FROM reviews r WHERE r.tenant = :tenant AND r.signed AND NOT r.undone
                 AND r.at >= (SELECT MIN(opened_at) FROM flags WHERE model = 'piiguard-en-3')""",
}  # fmt: skip


def our_numbers(board, store):
    """The same, from the figures that the page shows."""
    rows = {key: {row[0]: row for row in board.figure(key).rows} for key in FIGURES}
    scope = board.scope
    labels = [row[1] for row in rows["precision_label"].values()]
    load = list(rows["load"].values())
    fixed = next(tile for tile in board.tiles() if tile.key == "author_fixed")
    part, whole = re.search(r"([\d,]+) of ([\d,]+)", fixed.note).groups()
    day = rows["removed"]["within 24 h"][1]
    weeks = sum((row[1] for row in rows["precision_time"].values()), Rate(0, 0))
    waiting = [fact for fact in board.facts if fact.is_pending]
    return {
        "opened": sum(row[1] for row in rows["flow"].values()),
        "closed": sum(row[2] for row in rows["flow"].values()),
        "precision part": weeks.part,
        "precision whole": weeks.whole,
        "not pii": sum(row[1] for row in rows["reasons"].values()),
        "waiting": sum(row[-1] for row in rows["ages"].values()),
        "oldest": min(fact.opened_at for fact in waiting),
        "resolve n": sum(row[1] for row in rows["resolve_time"].values()),
        "resolve median": median(board),
        "author fixed part": int(part),
        "author fixed whole": int(whole),
        "told": rows["funnel"]["Author told"][1],
        "answered": rows["funnel"]["Author answered"][1],
        "told and gone": rows["funnel"]["Message clean or gone"][1],
        "removed in a day": day.part,
        "upheld for a day": day.whole,
        "removed in an hour": rows["removed"]["within 1 h"][1].part,
        "reported": sum(fact.model == "person" and scope.has(fact.opened_at) for fact in board.facts),
        "spans proposed": sum(rate.whole for rate in labels),
        "spans kept": sum(rate.part for rate in labels),
        "cards": rows["card_time"]["All"][1],
        "card median": rows["card_time"]["All"][2],
        "decisions": sum(row[-1] for row in load),
        "undone": sum(row[-2] for row in load),
        "scanned": store.insights.scanned(TENANT, scope.since, scope.until),
        "signed": store.insights.corrections_since(TENANT, "piiguard-en-3"),
    }  # fmt: skip


def median(board):
    from bot.insights.flow import resolve_seconds
    from bot.insights.intervals import quantile

    return quantile(resolve_seconds(board.facts, board.scope), 0.5)


@pytest.fixture
def people(make_person):
    return [make_person("Dana", "reviewer", "compliance"), make_person("Lee", "reviewer")]


def board_over(parts, days=DAYS, **filters):
    now = datetime.now(UTC)
    until = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    scope = Scope(TENANT, until - timedelta(days=days), until, **filters)
    return Board(parts.store, scope, now=now, model="piiguard-en-3")


def test_every_number_equals_an_independent_query(parts, people, make_flag):
    now = datetime.now(UTC)
    seed(parts, TENANT, people, now=now, days=DAYS + 4, per_day=6)
    make_flag(tenant=OTHER_TENANT)
    make_flag("ask Priya", [("Priya", "PERSON")], model="person")
    undone = make_flag()
    decide(parts, people[0], undone, "confirm")
    undo(parts.store, TENANT, undone.id, by=people[0], surface="console")
    board = board_over(parts)
    scope = board.scope
    given = {
        "tenant": TENANT,
        "since": scope.since.timestamp(),
        "until": scope.until.timestamp(),
        "now": now.timestamp(),
        "day": scope.since.date().isoformat(),
    }

    with parts.store.reading() as tx:
        expected = {}
        for name, query in QUERIES.items():
            used = {key: value for key, value in given.items() if f":{key}" in query}
            expected[name] = float(tx.execute(text(query), used).scalar_one())
    found = {name: float(value) for name, value in our_numbers(board, parts.store).items()}

    assert found == pytest.approx(expected, abs=0.001)
    # the rows are such that a wrong filter shows
    assert expected["precision part"] < expected["precision whole"] < expected["closed"]
    assert 0 < expected["spans kept"] < expected["spans proposed"]
    assert min(expected[name] for name in ("reported", "told", "undone", "not pii")) > 0
    _filters_hold(parts, board, given)


def _filters_hold(parts, board, given):
    """Each filter alone narrows the same rows as SQL does."""
    filters = {
        "channel": ("C0HR000001", "f.channel_id = 'C0HR000001'"),
        "severity": ("critical", "f.severity = 'critical'"),
        "model": ("piiguard-en-2", "f.model = 'piiguard-en-2'"),
        "label": ("PERSON", """(CAST(f.labels AS TEXT) LIKE '%"PERSON"%' OR EXISTS
                   (SELECT 1 FROM flag_values v WHERE v.flag_id = f.id AND v.label = 'PERSON'))"""),
    }  # fmt: skip
    for name, (value, where) in filters.items():
        narrow = board_over(parts, **{name: value})
        rows = {row[0]: row for row in narrow.figure("precision_time").rows}
        found = sum((row[1] for row in rows.values()), Rate(0, 0))
        with parts.store.reading() as tx:
            whole, opened = (
                tx.execute(
                    text(f"SELECT COUNT(*) FROM {source} AND {where}"),
                    {key: given[key] for key in ("tenant", "since", "until")},
                ).scalar_one()
                for source in (JUDGED, OPENED)
            )
        assert found.whole == whole, name
        assert sum(row[1] for row in narrow.figure("flow").rows) == opened, name


def test_each_number_has_a_definition_and_each_figure_a_place():
    placed = [key for _, _, keys in SECTIONS for key in keys]

    assert sorted(placed) == sorted(set(placed))
    assert set(placed) <= set(DEFINITIONS)


def decide(parts, person, flag, decision, **options):
    return record_review(parts.store, TENANT, flag.id, decision, by=person, version=flag.version, surface="console", **options)  # fmt: skip


def test_harmless_not_pii_keeps_its_spans_and_wrong_ones_do_not(parts, people, make_flag):
    decide(parts, people[0], make_flag(), "not_pii", reason="test_data")
    decide(parts, people[0], make_flag(), "not_pii", reason="object_id")
    board = board_over(parts)

    (row,) = board.figure("precision_label").rows

    assert row[:2] == ("NATIONAL_ID", Rate(1, 2))
    assert board.figure("precision_time").rows[-1][1] == Rate(0, 2)


def test_what_a_person_reported_says_nothing_of_the_machine(parts, people, make_flag):
    decide(parts, people[0], make_flag(model="person"), "confirm")

    board = board_over(parts)

    assert board.figure("precision_time").is_empty
    assert board.figure("missed").rows == (("NATIONAL_ID", 1, 0, 1),)


def test_a_snoozed_flag_does_not_wait(parts, people, make_flag):
    flag = make_flag()
    make_flag()
    snooze(parts.store, TENANT, flag.id, by=people[0], until=datetime.now(UTC) + timedelta(hours=2))

    tile = board_over(parts).tiles()[0]

    assert (tile.key, tile.value, tile.note) == ("needs_review", "1", "1 critical · 1 snoozed")


def test_a_decision_under_question_counts_as_open_again(parts, people, make_flag):
    flag = make_flag()
    decide(parts, people[0], flag, "confirm")
    author_answer(parts.store, TENANT, flag.id, "U0ANA00001", "not_pii")

    board = board_over(parts)

    assert board.figure("precision_time").is_empty
    assert board.tiles()[0].value == "1"


def test_spans_that_are_no_longer_kept_are_left_out_and_counted(parts, people, make_flag):
    gone, kept = make_flag(), make_flag()
    for flag in (gone, kept):
        decide(parts, people[0], flag, "confirm")
    with parts.store.transaction() as tx:
        parts.store.flags.erase(tx, TENANT, [gone.id])

    figure = board_over(parts).figure("precision_label")

    assert figure.n == 1
    assert figure.note.startswith("1 decided flag left out")


def test_two_verdicts_on_a_flag_give_an_agreement(parts, people, make_flag):
    dana, lee = people
    for flag, second in ((make_flag(), "confirm"), (make_flag(), "not_pii")):
        decide(parts, dana, flag, "confirm")
        with parts.store.transaction() as tx:
            id_ = parts.store.second_reviews.pick(tx, flag)
            spans = flag.spans if second == "confirm" else ()
            parts.store.second_reviews.add(tx, id_, TENANT, by=lee.id, decision=second, spans=spans)
    decide(parts, dana, make_flag(), "confirm")

    figure = board_over(parts).figure("agreement")

    assert sorted(row[:3] for row in figure.rows) == [
        ("Confirm", "Confirm", 1),
        ("Confirm", "Not PII", 1),
    ]
    assert figure.sentence == "1 of 2 flags got the same verdict twice: kappa 0.00, span F1 0.67."
    assert board_over(parts, severity="low").figure("agreement").is_empty


def test_a_judged_sample_gives_an_estimate_of_recall(parts, people, make_flag):
    decide(parts, people[0], make_flag(), "confirm")
    store = parts.store
    with store.transaction() as tx:
        for number in range(2):
            ts = f"1700000000.00000{number}"
            words = (Part("text", "ask Priya"),)
            id_ = store.samples.add(tx, TENANT, "C0HR000001", ts, "", "U1", words, (), "other", 3.0)
            missed = [FoundSpan("text", 4, 9, "PERSON")] if number else []
            store.samples.judge(tx, id_, TENANT, people[1].id, missed, [])

    figure = board_over(parts).figure("recall")

    # one span was found, and one miss stands for three
    assert figure.sentence.replace("\u00a0", " ").startswith("About 25 % of the personal data")
    assert figure.rows == (("PERSON", 1),)
    assert board_over(parts, channel="C0SALES001").figure("recall").is_empty


def test_scanned_messages_are_counted_by_day_and_never_guessed(parts):
    board = board_over(parts)
    assert next(t for t in board.tiles() if t.key == "false_flags").value == "–"

    with parts.store.transaction() as tx:
        parts.store.insights.count_scanned(tx, TENANT, 40)
        parts.store.insights.count_scanned(tx, TENANT, 2)
        parts.store.insights.count_scanned(tx, TENANT, 0)
        parts.store.insights.count_scanned(tx, OTHER_TENANT, 7)

    scope = board.scope
    assert parts.store.insights.scanned(TENANT, scope.since, scope.until) == 42
    assert (
        parts.store.insights.scanned(TENANT, scope.since, scope.until - timedelta(days=1)) is None
    )


@pytest.mark.parametrize("role", ROLES)
def test_everybody_who_is_signed_in_sees_the_numbers_masked(client_as, make_flag, role):
    make_flag()

    page = client_as(role).get("/insights").text

    assert "1 flag opened, 0 closed" in page
    assert "078-05-1120" not in page
    assert 'href="/flags?sort=oldest"' in page


def test_another_workspace_sees_nothing_of_ours(client_as, make_flag):
    make_flag()

    page = client_as("viewer", tenant=OTHER_TENANT).get("/insights").text

    assert "No flag was opened or closed in this period." in page
    assert "C0SALES001" not in page


def test_an_empty_workspace_gets_reasons_and_no_error(client_as):
    page = client_as("viewer").get("/insights").text

    assert "Nothing waits for a person." in page
    assert "Not measured: no sampled message was judged in this period." in page
    assert not re.search(r"\b(nan|inf|None)\b", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("days=5", "There is no such period."),
        ("days=x", "There is no such period."),
        ("label=NOPE", "There is no such label here."),
        ("channel=<script>", "There is no such channel here."),
        ("severity=awful", "There is no such severity here."),
        ("from=2026-10-01", "Give both days"),
        ("from=2026-10-31&to=2026-10-01", "The days must be in order"),
        ("from=2026-10-01&to=9999-10-01", "The days must be in order"),
        ("from=gestern&to=heute", "Give both days"),
    ],
)
def test_a_bad_filter_gets_the_page_with_the_reason(client_as, query, reason):
    client = client_as("viewer")

    answer = client.get(f"/insights?{query}")

    assert answer.status_code == 400
    assert reason in answer.text
    assert "<script>" not in re.sub(r"<script (?:src|type)=", "", answer.text)
    assert client.get(f"/insights/flow.csv?{query}").status_code == 400


def test_a_good_filter_stays_in_the_form_and_in_the_files(client_as, make_flag):
    make_flag()

    page = client_as("viewer").get("/insights?days=7&severity=critical&label=NATIONAL_ID").text

    assert '<option value="critical" selected>' in page
    assert 'href="/insights/flow.csv?label=NATIONAL_ID&amp;severity=critical&amp;days=7"' in page
    assert 'href="/flags?q=severity%3Acritical+label%3ANATIONAL_ID"' in page


@pytest.mark.parametrize("key", [*sorted(FIGURES), "tiles"])
def test_each_figure_is_a_file_too(parts, people, client_as, make_flag, key):
    decide(parts, people[0], make_flag(), "confirm", signed=True)

    answer = client_as("viewer").get(f"/insights/{key}.csv?days=30")

    assert answer.status_code == 200
    assert answer.content_type == "text/csv; charset=utf-8"
    assert re.search(rf'filename="piiguard-{key}-\d{{8}}-\d{{8}}.csv"', answer.headers["Content-Disposition"])  # fmt: skip
    assert "078-05-1120" not in answer.text


def test_there_is_no_file_of_a_figure_that_is_none(client_as):
    assert client_as("viewer").get("/insights/nothing.csv").status_code == 404


def test_names_that_are_markup_or_formulas_stay_words(app, parts, people, client_as, make_flag):
    decide(parts, people[0], make_flag(), "confirm")
    names = Names(parts.store, parts.workspaces)
    names.channels = lambda tenant: {"C0SALES001": Channel("C0SALES001", "<img src=x>")}  # type: ignore[method-assign]
    app.extensions["piiguard_names"] = names
    client = client_as("viewer", name="=HYPERLINK(1)")
    decide(parts, client_as("reviewer", name="=1+1").person, make_flag(), "confirm")

    page = client.get("/insights").text
    rows = list(csv.reader(io.StringIO(client.get("/insights/load.csv").text)))

    assert "<img" not in page
    assert "#&lt;img src=x&gt;" in page
    assert sorted(row[0] for row in rows[1:]) == ["'=1+1", "Dana"]


def test_the_page_holds_charts_with_title_description_and_no_style(
    client_as, make_flag, parts, people
):
    decide(parts, people[0], make_flag(), "confirm")

    page = client_as("viewer").get("/insights").text
    charts = re.findall(
        r'<svg class="chart.*?</svg>\s*(?=<ul|<details|<p|<div|</section)', page, re.S
    )

    assert charts
    for chart in charts:
        assert re.search(r'role="img" aria-labelledby="(\S+) (\S+)"', chart)
        assert "<title id=" in chart
        assert "<desc id=" in chart
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", page)

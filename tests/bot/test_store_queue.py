"""The queue: every filter and order against a plain loop over the same flags, cursors, counts, neighbours."""

import ast
import base64
import json
import os
import random
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import select, text, update

import bot.store as store_package
from bot.errors import NotFoundError, ReviewError
from bot.records import PENDING, FoundSpan, Part
from bot.store import ORDERS, BadCursorError, FilterError, FlagQuery, NewFlag
from bot.store.engine import Database
from bot.store.flag_marks import LABEL_BIT
from bot.store.migrate import _config, upgrade
from bot.store.queue_filter import STATES
from bot.store.tables import flags
from piiguard.labels import LABELS, SEVERITIES

NOW = datetime.now(UTC).replace(microsecond=0)
USERS = ("U1", "U2", "U3")
CHANNELS = ("C1", "C2", "C3")
NAMES = ("PERSON", "EMAIL_ADDRESS", "CREDIT_CARD", "PASSPORT")
SOURCES = ("model", "rule:iban", "model+rule:iban", "report", "person", "")


@pytest.fixture
def crowd(store):
    """Sixty flags of all kinds, and a few of another tenant."""
    return fill(store, 60)


def fill(store, n_flags, seed=3):
    """Flags by chance, as a list of dicts that say what the store was told."""
    rng = random.Random(seed)
    told = []
    for n in range(n_flags):
        names = rng.sample(NAMES, rng.choice((1, 1, 2)))
        one = {
            "state": rng.choice(STATES)
            if n % 2
            else rng.choice(("open", "open", "second_opinion")),
            "severity": max((LABELS[name].severity for name in names), key=SEVERITIES.index),
            "labels": names,
            "channel": rng.choice(CHANNELS),
            "user": rng.choice(USERS),
            "source": rng.choice(SOURCES),
            "model": rng.choice(("m-1", "m-2")),
            # few scores and few moments, so that the order must settle ties
            "score": rng.choice((0.25, 0.5, 0.9, 1.0)),
            "opened_at": NOW - timedelta(hours=rng.randrange(5)),
            "assignee": rng.choice(("", "", "Dana", "Lee")),
            "snoozed_until": rng.choice((None, None, None, NOW - timedelta(1), NOW + timedelta(1))),
            "answer": rng.choice(("", "", "not_pii")),
            "fps": {name: rng.choice(("a", "b")) for name in names},
        }
        told.append(one | write(store, "T1", n, one))
    for n in range(3):
        write(store, "T2", n, told[n])
    return told


def write(store, tenant, n, one):
    spans = tuple(
        FoundSpan("text", 3 * k, 3 * k + 2, name, one["score"], one["source"])
        for k, name in enumerate(one["labels"])
    )
    new = NewFlag(
        tenant=tenant,
        channel_id=one["channel"],
        ts=f"17000000{n:02d}.000100",
        content_fp=f"fp{n}",
        severity=one["severity"],
        labels=dict.fromkeys(one["labels"], 1),
        reasons=("label",),
        model=one["model"],
        score=one["score"],
        parts=(Part("text", "ab cd ef gh"),),
        spans=spans,
        value_fps=tuple(one["fps"].items()),
        user_id=one["user"],
    )
    with store.transaction() as tx:
        flag, _ = store.flags.record(tx, new)
        until = one["snoozed_until"]
        tx.execute(
            update(flags)
            .where(flags.c.id == flag.id)
            .values(
                state=one["state"],
                opened_at=one["opened_at"].timestamp(),
                assignee=one["assignee"],
                author_answer=one["answer"],
                snoozed_until=until.timestamp() if until else None,
            )
        )
    return {"id": flag.id, "number": flag.number}


def matches(one, query, value=None):
    """The filter as one would say it."""
    asleep = one["snoozed_until"] is not None and one["snoozed_until"] > NOW
    sources = {source.split(":")[0] for source in one["source"].split("+")}
    return (
        (not query.states or one["state"] in query.states)
        and (not query.severities or one["severity"] in query.severities)
        and (not query.labels or bool(set(query.labels) & set(one["labels"])))
        and (not query.channels or one["channel"] in query.channels)
        and (not query.user_id or one["user"] == query.user_id)
        and (query.assignee is None or one["assignee"] == query.assignee)
        and (not query.source or query.source in sources)
        and (not query.model or one["model"] == query.model)
        and (query.score_min is None or one["score"] >= query.score_min)
        and (query.score_max is None or one["score"] < query.score_max)
        and (query.opened_after is None or one["opened_at"] >= query.opened_after)
        and (query.opened_before is None or one["opened_at"] < query.opened_before)
        and (query.snoozed is None or asleep is query.snoozed)
        and (query.answered is None or bool(one["answer"]) is query.answered)
        and (value is None or one["fps"].get(value[0]) == value[1])
    )


def key_of(order, one):
    age = one["opened_at"].timestamp()
    return {
        "risk": (-SEVERITIES.index(one["severity"]), -one["score"], age, one["number"]),
        "oldest": (age, one["number"]),
        "uncertain": (one["score"], age, one["number"]),
        "newest": (-age, -one["number"]),
    }[order]


def expected(crowd, query, order="risk", value=None):
    found = [one for one in crowd if matches(one, query, value)]
    return [one["number"] for one in sorted(found, key=lambda one: key_of(order, one))]


def numbers(page):
    return [flag.number for flag in page.flags]


def walk(store, query, order, limit):
    """All pages forwards, then all of them backwards from the last one."""
    page = store.queue.page("T1", query, order, limit)
    forwards, last = numbers(page), page
    while last.next:
        last = store.queue.page("T1", query, order, limit, last.next)
        forwards += numbers(last)
    back = numbers(last)
    while last.prev:
        last = store.queue.page("T1", query, order, limit, before=last.prev)
        back = numbers(last) + back
    return forwards, back


QUERIES = [
    FlagQuery(),
    FlagQuery(snoozed=None),
    FlagQuery(snoozed=True),
    FlagQuery(tuple(PENDING)),
    FlagQuery(("not_pii",)),
    FlagQuery(severities=("critical",)),
    FlagQuery(severities=("low", "medium")),
    FlagQuery(labels=("PASSPORT",)),
    FlagQuery(labels=("PERSON", "CREDIT_CARD")),
    FlagQuery(labels=("USERNAME",)),
    FlagQuery(channels=("C1",)),
    FlagQuery(channels=("C2", "C3")),
    FlagQuery(user_id="U1"),
    FlagQuery(user_id="U9"),
    FlagQuery(assignee="Dana"),
    FlagQuery(assignee=""),
    FlagQuery(source="rule"),
    FlagQuery(source="model"),
    FlagQuery(source="report"),
    FlagQuery(source="person"),
    FlagQuery(model="m-2"),
    FlagQuery(score_min=0.5),
    FlagQuery(score_max=0.5),
    FlagQuery(score_min=0.5, score_max=0.9),
    FlagQuery(opened_after=NOW - timedelta(hours=2)),
    FlagQuery(opened_before=NOW - timedelta(hours=2)),
    FlagQuery(answered=True),
    FlagQuery(answered=False),
    FlagQuery(("open",), ("critical",), ("CREDIT_CARD",), ("C1", "C2"), model="m-1", snoozed=None),
    FlagQuery(("open",), user_id="U2", labels=("PERSON",), channels=("C1",)),
]


def test_every_filter_gives_the_flags_that_a_plain_loop_gives_in_every_order(store, crowd):
    for n, query in enumerate(QUERIES):
        # every order with some filters, one with each
        for order in ORDERS if n < 4 else (ORDERS[n % 4],):
            wanted = expected(crowd, query, order)
            assert walk(store, query, order, 13) == (wanted, wanted), (query, order)
        assert store.queue.count("T1", query) == len(wanted), query
        assert sorted(store.queue.ids("T1", query)) == sorted(
            (one["id"], 1) for one in crowd if one["number"] in wanted
        )


def test_the_flags_of_a_value_are_found_by_its_number(store, crowd):
    number = store.value_groups.group("T1", "PERSON", "a")
    for query in (FlagQuery(value=number), FlagQuery(value=number, user_id="U1", snoozed=None)):
        wanted = expected(crowd, query, "newest", ("PERSON", "a"))
        assert wanted
        assert walk(store, query, "newest", 4) == (wanted, wanted)
        assert store.queue.count("T1", query) == len(wanted)
    assert store.queue.count("T1", FlagQuery(value=999)) == 0
    assert store.queue.count("T2", FlagQuery(value=number, snoozed=None)) == 0


def test_facets_count_what_each_other_choice_would_give(store, crowd):
    for query in QUERIES:
        facets = store.queue.facets("T1", query)
        assert facets["total"] == {"matching": len(expected(crowd, query))}, query
        for part, choices in (
            ("states", STATES),
            ("severities", SEVERITIES),
            ("labels", LABELS),
            ("channels", CHANNELS),
        ):
            counted = {
                choice: len(expected(crowd, query.without(**{part: (choice,)})))
                for choice in choices
            }
            found = {choice: facets[part].get(choice, 0) for choice in choices}
            assert found == counted, (query, part)


def test_a_page_is_full_and_says_where_it_goes_on(store, crowd):
    first = store.queue.page("T1", FlagQuery(snoozed=None), "oldest", 50)
    rest = store.queue.page("T1", FlagQuery(snoozed=None), "oldest", 50, first.next)

    assert (len(first.flags), len(rest.flags)) == (50, 10)
    assert (first.prev, rest.next) == ("", "")
    assert first.flags[0].parts == (Part("text", "ab cd ef gh"),)
    exact = store.queue.page("T1", FlagQuery(snoozed=None), "oldest", 60)
    assert (len(exact.flags), exact.next) == (60, "")


def test_a_page_stays_where_it_was_when_flags_come_and_go(store, crowd):
    query = FlagQuery(("open",), snoozed=None)
    first = store.queue.page("T1", query, "oldest", 4)
    wanted = expected(crowd, query, "oldest")[4:8]
    with store.transaction() as tx:
        for flag in first.flags:
            store.flags.change(tx, flag.id, "T1", expected_version=1, state="confirmed")

    assert numbers(store.queue.page("T1", query, "oldest", 4, first.next)) == wanted


def cursor(*pieces):
    return base64.urlsafe_b64encode(json.dumps(pieces).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "bad",
    [
        "x", "!!!!", "é", "=" * 10, "A" * 5000, cursor(), cursor("risk", 1.0), cursor("oldest", 1.0, 2),
        cursor("risk", "1", 1.0, 2), cursor("risk", 1.0, 1.0, "2"), cursor("risk", 1.0, 1.0, -1),
        cursor("risk", 1.0, 1.0, 2**40), cursor("risk", True, 1.0, 1), cursor("risk", 1.0, None, 1),
        cursor("risk", float("nan"), 1.0, 1), cursor("risk", float("inf"), 1.0, 1), cursor("risk", 1.0, 1.0, 2, 3),
        base64.urlsafe_b64encode(b"[" * 200).decode(), base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)  # fmt: skip
@pytest.mark.parametrize("side", ["after", "before"])
def test_a_cursor_that_we_did_not_give_out_is_refused(sqlite_store, bad, side):
    with pytest.raises(BadCursorError):
        sqlite_store.queue.page("T1", FlagQuery(), "risk", 5, **{side: bad})


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"states": ("opened",)}, "states"),
        ({"severities": ("worst",)}, "severities"),
        ({"labels": ("SSN",)}, "labels"),
        ({"source": "magic"}, "source"),
    ],
)
def test_a_filter_that_names_nothing_known_is_refused_with_its_part(parts, field):
    with pytest.raises(FilterError) as caught:
        FlagQuery(**parts)

    assert caught.value.field == field
    assert isinstance(caught.value, ReviewError)


def test_an_unknown_order_is_refused(sqlite_store):
    with pytest.raises(FilterError):
        sqlite_store.queue.page("T1", FlagQuery(), "size")


def test_neighbours_say_where_a_flag_stands(store, crowd):
    query = FlagQuery(tuple(PENDING))
    for order in ORDERS:
        wanted = expected(crowd, query, order)
        id_of = {one["number"]: one["id"] for one in crowd}
        for place in (0, 1, len(wanted) // 2, len(wanted) - 1):
            number = wanted[place]
            before = id_of[wanted[place - 1]] if place else ""
            after = id_of[wanted[place + 1]] if place + 1 < len(wanted) else ""
            found = store.queue.neighbours("T1", query, order, id_of[number])
            assert found == (before, after, place + 1, len(wanted))


def test_a_flag_that_has_just_been_decided_still_leads_to_the_next(store, crowd):
    query = FlagQuery(("open",))
    wanted = expected(crowd, query, "oldest")
    id_of = {one["number"]: one["id"] for one in crowd}
    with store.transaction() as tx:
        store.flags.change(
            tx, id_of[wanted[1]], "T1", expected_version=1, state="confirmed", snoozed_until=None
        )

    found = store.queue.neighbours("T1", query, "oldest", id_of[wanted[1]])

    assert found == (id_of[wanted[0]], id_of[wanted[2]], 0, len(wanted) - 1)
    with pytest.raises(NotFoundError):
        store.queue.neighbours("T2", query, "oldest", id_of[wanted[0]])


def test_a_count_stops_at_its_cap(store, crowd):
    everything = FlagQuery(snoozed=None)

    assert store.queue.count("T1", everything, cap=10) == 10
    assert store.queue.count("T1", everything, cap=1000) == 60
    assert len(store.queue.ids("T1", everything, 7)) == 7


def test_a_correction_moves_a_flag_to_its_new_labels(store, crowd):
    one = next(o for o in crowd if "PASSPORT" in o["labels"] and o["snoozed_until"] is None)
    span = FoundSpan("text", 0, 2, "VEHICLE_ID", 1.0, "person")
    with store.transaction() as tx:
        store.flags.change(
            tx,
            one["id"],
            "T1",
            expected_version=1,
            spans=(span,),
            labels={"VEHICLE_ID": 1},
            severity="low",
            score=0.125,
        )

    found = store.queue.page("T1", FlagQuery(labels=("VEHICLE_ID",), source="person")).flags
    assert [flag.id for flag in found] == [one["id"]]
    assert store.queue.page("T1", FlagQuery(snoozed=None), "uncertain").flags[0].id == one["id"]
    everything = walk(store, FlagQuery(snoozed=None), "risk", 20)[0]
    assert everything[-1] == one["number"]


def test_a_new_score_alone_moves_a_flag_too(store, crowd):
    one = next(o for o in crowd if o["severity"] == "critical")
    with store.transaction() as tx:
        store.flags.change(tx, one["id"], "T1", expected_version=1, score=1.5)

    assert store.queue.page("T1", FlagQuery(snoozed=None), "risk", 1).flags[0].id == one["id"]


def test_sqlite_reads_no_row_of_a_flag_to_filter_or_count(sqlite_store):
    fill(sqlite_store, 10)
    path = sqlite_store._db.engine.url.database
    asked = []
    with sqlite_store._db.engine.connect() as connection:
        connection.connection.dbapi_connection.set_trace_callback(asked.append)
    query = FlagQuery(
        ("open",), ("low",), ("PERSON",), ("C1",), "", "Dana", "rule", "m-1", 0.1, 0.9, NOW, NOW, answered=True
    )  # fmt: skip
    for one in (query, FlagQuery(), FlagQuery(tuple(PENDING), channels=("C1",))):
        for order in ORDERS:
            sqlite_store.queue.page("T1", one, order)
        sqlite_store.queue.facets("T1", one)
    plans = []
    with sqlite3.connect(path) as plain:
        for statement in asked:
            if "FROM flags" in statement and "text_ct" not in statement:
                rows = plain.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
                plans += [
                    row[3] for row in rows if row[3].startswith(("SEARCH flags", "SCAN flags"))
                ]

    assert len(plans) > 50
    uncovered = {plan for plan in plans if "COVERING" not in plan}
    # but for the few that slept and woke
    assert {plan for plan in uncovered if "flags_snoozed" not in plan} == set()


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_flags_written_before_the_console_are_marked_by_its_migration(engine, tmp_path, request):
    url = f"sqlite:///{tmp_path / 'old.db'}"
    if engine == "postgresql":
        server = request.getfixturevalue("postgres")
        name = f"old{os.urandom(6).hex()}"
        server.execute(f"CREATE DATABASE {name}")
        url = server.url(name)
    database = Database(url)
    row = (
        "INSERT INTO flags (id, number, tenant, ts, severity, severity_rank, labels, reasons, score, opened_at)"
        """ VALUES ('f1', 1, 'T1', '1.0', 'critical', 3, '{"PASSPORT": 1, "PERSON": 2}', '[]', 0.5, 0)"""
    )
    with database.transaction() as tx:
        config = _config()
        config.attributes["connection"] = tx
        command.upgrade(config, "0001")
        tx.execute(text(row))

    upgrade(database)

    with database.reading() as tx:
        marked = tx.execute(select(flags.c.label_bits, flags.c.risk_key)).one()
    database.close()
    assert marked == (LABEL_BIT["PASSPORT"] | LABEL_BIT["PERSON"], -30.5)


def test_the_migration_numbers_the_labels_as_the_code_does():
    path = Path(store_package.__file__).parent / "migrations" / "versions" / "0002_console.py"
    module = ast.parse(path.read_text(encoding="utf-8"))
    (labels,) = (
        ast.literal_eval(node.value)
        for node in module.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "LABELS"
    )

    assert list(labels) == list(LABELS)[: len(labels)]

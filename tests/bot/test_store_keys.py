"""Sealed cells, the key store, and that what was let go is in no file."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.crypto import MasterKey
from bot.errors import ConfigError, KeyStoreError, SealError
from bot.records import FoundSpan, Part, Review
from bot.store import KeyGoneError, NewEvent, NewFlag, NewSend, Store

TODAY = datetime.now(UTC).date()
CANARY = "kanarienvogel-4f1d-078051120"
PLACE = {"table": "flags", "column": "text_ct", "row_id": "r1", "tenant": "T1"}


def test_a_cell_opens_in_its_own_place_only(store):
    cell = store.keys.seal("value \ud800 👋", **PLACE)

    assert store.keys.open(cell, **PLACE) == "value \ud800 👋"
    for name, other in (("table", "reviews"), ("column", "user_ct"), ("row_id", "r2"), ("tenant", "T2")):  # fmt: skip
        with pytest.raises(SealError):
            store.keys.open(cell, **(PLACE | {name: other}))


def test_a_cell_with_any_byte_changed_does_not_open(store):
    cell = store.keys.seal("value", **PLACE)

    for at in range(len(cell)):
        with pytest.raises(SealError):
            store.keys.open(cell[:at] + bytes([cell[at] ^ 1]) + cell[at + 1 :], **PLACE)
    for cut in (b"", cell[:5], cell[:-1], cell + b"x"):
        with pytest.raises(SealError):
            store.keys.open(cut, **PLACE)


@pytest.mark.parametrize("swap", ["text_ct", "spans_ct", "user_ct"])
def test_a_cell_moved_to_another_row_in_the_database_shows_no_text(store, swap):
    with store.transaction() as tx:
        for ts, tenant in (("1", "T1"), ("2", "T1"), ("3", "T2")):
            store.flags.record(tx, _flag(ts=ts, tenant=tenant))
        tx.execute(text(f"UPDATE flags SET {swap} = (SELECT {swap} FROM flags WHERE ts = '1') WHERE ts <> '1'"))  # fmt: skip

    assert store.flags.by_number(1, "T1").parts
    assert store.flags.by_number(2, "T1").text_gone
    assert store.flags.by_number(1, "T2").text_gone


def test_a_cell_moved_to_another_column_shows_no_text(store):
    with store.transaction() as tx:
        store.flags.record(tx, _flag())
        tx.execute(text("UPDATE flags SET spans_ct = text_ct"))

    assert store.flags.by_number(1, "T1").text_gone


def test_each_tenant_day_and_purpose_has_a_key_of_its_own(store):
    days = (TODAY, TODAY - timedelta(days=1))
    cells = [
        store.keys.seal("x", **(PLACE | {"tenant": tenant}), purpose=purpose, day=day)
        for tenant, purpose, day in itertools.product(("T1", "T2"), ("text", "hold"), days)
    ]

    assert len({cell[1:17] for cell in cells}) == 8
    assert store.keys.days("T1") == sorted(days)
    assert store.keys.tenants() == ["T1", "T2"]


def test_two_processes_that_need_a_new_key_share_one(store, store_urls, master_key):
    other = Store.open(*store_urls, master_key)
    cell = store.keys.seal("value", **PLACE)

    assert other.keys.open(cell, **PLACE) == "value"
    assert other.keys.seal("value", **PLACE)[1:17] == cell[1:17]
    assert other.keys.fingerprint("T1", "value", "x") == store.keys.fingerprint("T1", "value", "x")
    other.close()


def test_fingerprints_are_equal_within_a_tenant_and_purpose_and_different_beyond(store):
    print_ = store.keys.fingerprint
    assert print_("T1", "value", "x") == print_("T1", "value", "x")

    others = {
        print_("T1", "value", "x"), print_("T1", "value", "y"), print_("T2", "value", "x"), print_("T1", "user", "x")
    }  # fmt: skip
    assert len(others) == 4


def test_shredding_ends_the_days_before_and_nothing_else(store):
    old = store.keys.seal("old", **PLACE, day=date(2026, 1, 1))
    new = store.keys.seal("new", **PLACE)
    held = store.keys.seal("held", **PLACE, purpose="hold", day=date(2026, 1, 1))
    other_place = PLACE | {"tenant": "T2"}
    other = store.keys.seal("other", **other_place, day=date(2026, 1, 1))
    token = store.keys.seal("token", **PLACE, purpose="token")
    before = store.keys.fingerprint("T1", "value", "x")

    assert store.keys.shred("T1", TODAY) == 1
    assert store.keys.shred("T1", TODAY) == 0

    with pytest.raises(KeyGoneError):
        store.keys.open(old, **PLACE)
    assert [store.keys.open(cell, **PLACE) for cell in (new, held, token)] == [
        "new",
        "held",
        "token",
    ]
    assert store.keys.open(other, **other_place) == "other"
    assert store.keys.fingerprint("T1", "value", "x") == before


def test_the_key_of_one_day_can_go_but_never_todays(store):
    yesterday = TODAY - timedelta(days=1)
    old, new = store.keys.seal("old", **PLACE, day=yesterday), store.keys.seal("new", **PLACE)

    assert store.keys.shred_day("T1", yesterday)
    assert not store.keys.shred_day("T1", yesterday)
    assert not store.keys.shred_day("T1", TODAY)
    with pytest.raises(KeyGoneError):
        store.keys.open(old, **PLACE)
    assert store.keys.open(new, **PLACE) == "new"


def test_a_wrong_master_key_is_refused_at_the_door(store, store_urls):
    with pytest.raises(KeyStoreError, match="PIIGUARD_SECRET_KEY"):
        Store.open(*store_urls, MasterKey.throw_away())


def test_a_new_master_key_opens_everything_and_the_old_one_nothing(store, store_urls, master_key):
    cell = store.keys.seal("value", **PLACE)
    new = MasterKey.throw_away()

    assert store.keys.rewrap(new) >= 1
    assert store.keys.open(cell, **PLACE) == "value"
    again = Store.open(*store_urls, new)
    assert again.keys.open(cell, **PLACE) == "value"
    again.close()
    with pytest.raises(KeyStoreError):
        Store.open(*store_urls, master_key)


def test_rows_and_keys_must_not_live_together(tmp_path, master_key):
    url = f"sqlite:///{tmp_path / 'one.db'}"

    with pytest.raises(ConfigError, match="PIIGUARD_KEYS_URL"):
        Store.open(url, url, master_key)


def test_a_key_store_that_was_lost_is_noticed(store, store_urls, tmp_path, master_key):
    other = Store.open(store_urls[0], f"sqlite:///{tmp_path / 'empty.db'}", master_key)

    with pytest.raises(KeyStoreError, match="restore"):
        other.upgrade()
    other.close()


def test_a_key_store_on_postgresql_works_the_same(tmp_path, postgres_url, master_key):
    rows = f"sqlite:///{tmp_path / 'rows.db'}"
    for _ in range(2):
        store = Store.open(rows, postgres_url, master_key)
        store.upgrade()
        cell = store.keys.seal("value", **PLACE)
        assert store.keys.open(cell, **PLACE) == "value"
        store.keys.shred("T1", TODAY + timedelta(days=1))
        with pytest.raises(KeyGoneError):
            store.keys.open(cell, **PLACE)
        store.close()


def _flag(**fields):
    values = {
        "tenant": "T1",
        "channel_id": "C1",
        "ts": "1",
        "content_fp": "x",
        "severity": "high",
        "labels": {"PERSON": 1},
        "reasons": ("r",),
        "model": "m",
        "score": 1.0,
        "parts": (Part("text", CANARY),),
        "spans": (FoundSpan("text", 0, 5, "PERSON"),),
        "user_id": "U-" + CANARY,
    }
    return NewFlag(**(values | fields))


def _fill_with_canaries(store):
    """Text in every place that takes some, in rows of every state."""
    store.inbox.put_many(
        [NewEvent(f"e{n}", "event", "T1", {"text": CANARY, "pad": CANARY * n}) for n in range(60)]
    )
    jobs = store.inbox.claim(40)
    with store.transaction() as tx:
        store.inbox.done(tx, jobs[:30])
        for n in range(30):
            flag, _ = store.flags.record(tx, _flag(ts=str(n)))
            review = Review(
                f"r{n}", flag.id, "T1", "confirm", "p1", datetime.now(UTC), "slack", note=CANARY,
                spans=(FoundSpan("text", 0, 5, "PERSON", source="x"),),
            )  # fmt: skip
            store.reviews.add(tx, review)
            store.outbox.put(tx, NewSend(f"s{n}", "T1", "T1:C1", "dm", flag.id, args={"x": CANARY}))
        store.messages.upsert(
            tx, "T1", "C1", "1", version="1", content_fp="x", user_id="U-" + CANARY
        )
        store.decisions.add(tx, "T1", "C1", "1", "U-" + CANARY, (), flagged=True)
        store.directory.replace(tx, "T1", [("U-" + CANARY, CANARY)])


def _files_with(folder, needles):
    return [
        (path.name, needle)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for needle in needles
        if needle in path.read_bytes()
    ]


def test_no_text_stands_in_the_database_its_log_or_the_key_store(sqlite_store, tmp_path, master_key):  # fmt: skip
    _fill_with_canaries(sqlite_store)

    assert _files_with(tmp_path, [CANARY.encode(), master_key.secret]) == []


def test_no_text_stands_in_the_files_of_postgresql(postgres, postgres_url, tmp_path, master_key):
    store = Store.open(postgres_url, f"sqlite:///{tmp_path / 'keys.db'}", master_key)
    store.upgrade()
    _fill_with_canaries(store)
    store.close()
    postgres.execute("CHECKPOINT")

    assert _files_with(postgres.folder / "data", [CANARY.encode()]) == []


def test_after_a_purge_not_even_the_sealed_cells_and_keys_are_in_the_files(sqlite_store, tmp_path):
    _fill_with_canaries(sqlite_store)
    with sqlite_store.transaction() as tx:
        cells = list(tx.execute(text("SELECT text_ct FROM flags UNION SELECT note_ct FROM reviews")).scalars())  # fmt: skip
    with sqlite_store.keys._db.reading() as tx:
        wrapped = list(tx.execute(text("SELECT wrapped FROM data_keys WHERE day <> ''")).scalars())
    assert len(cells) == 60
    assert _files_with(tmp_path, wrapped)

    sqlite_store.purge(TODAY + timedelta(days=1))

    assert _files_with(tmp_path, [cell[17:] for cell in cells] + wrapped) == []

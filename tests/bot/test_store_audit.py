"""The audit log: every change of a row is named by its number."""

import time

import pytest
from sqlalchemy import text

from bot.store import Anchor, Store, StoreError


@pytest.fixture
def chain(store):
    """Six rows."""
    with store.transaction() as tx:
        for n in range(6):
            store.audit.append(tx, f"T{n % 2}", "p1", "reveal", f"flag-{n}", reason="check", n=n)
    return store


def tamper(store: Store, *statements: str) -> None:
    """What somebody with the database in hands could do: triggers off, then anything."""
    with store.transaction() as tx:
        if store.engine_name == "sqlite":
            tx.execute(text("DROP TRIGGER audit_no_update"))
            tx.execute(text("DROP TRIGGER audit_no_delete"))
        else:
            tx.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        for statement in statements:
            tx.execute(text(statement))


def test_rows_come_back_newest_first_and_by_tenant(chain):
    rows = chain.audit.rows("T1", 2)

    assert [(row.seq, row.object, row.details) for row in rows] == [
        (6, "flag-5", {"n": 5, "reason": "check"}),
        (4, "flag-3", {"n": 3, "reason": "check"}),
    ]
    assert [row.seq for row in chain.audit.rows("T1", 9, before_seq=4)] == [2]
    assert chain.audit.verify() is None


def test_an_empty_chain_is_whole(store):
    assert store.audit.verify() is None


@pytest.mark.parametrize("column", ["tenant", "actor", "action", "object", "details", "prev_mac", "mac"])  # fmt: skip
@pytest.mark.parametrize("seq", [1, 3, 6])
def test_a_changed_row_is_named(chain, column, seq):
    tamper(chain, f"UPDATE audit SET {column} = '{{}}x' WHERE seq = {seq}")

    assert chain.audit.verify() == seq


@pytest.mark.parametrize("seq", [1, 3, 6])
def test_a_row_with_another_time_is_named(chain, seq):
    tamper(chain, f"UPDATE audit SET at = at + 0.001 WHERE seq = {seq}")

    assert chain.audit.verify() == seq


@pytest.mark.parametrize("seq", [1, 2, 5, 6])
def test_a_deleted_row_is_named(chain, seq):
    tamper(chain, f"DELETE FROM audit WHERE seq = {seq}")

    assert chain.audit.verify() == seq


@pytest.mark.parametrize("seq", [1, 2, 5])
def test_of_swapped_rows_the_first_is_named(chain, seq):
    tamper(
        chain,
        f"UPDATE audit SET seq = 99 WHERE seq = {seq}",
        f"UPDATE audit SET seq = {seq} WHERE seq = {seq + 1}",
        f"UPDATE audit SET seq = {seq + 1} WHERE seq = 99",
    )

    assert chain.audit.verify() == seq


def test_a_row_put_in_between_is_named(chain):
    tamper(
        chain,
        "UPDATE audit SET seq = 7 WHERE seq = 6",
        "INSERT INTO audit (seq, at, tenant, actor, action, object, details, prev_mac, mac) "
        "SELECT 6, at, tenant, 'p2', action, object, details, prev_mac, mac FROM audit WHERE seq = 7",
    )

    assert chain.audit.verify() == 6


@pytest.mark.parametrize("seq", [2, 4, 6])
def test_a_cut_end_is_named_by_the_head_row(chain, seq):
    tamper(chain, f"DELETE FROM audit WHERE seq >= {seq}")

    assert chain.audit.verify() == seq


CUT_WITH_ITS_HEAD = (
    "DELETE FROM audit WHERE seq >= 4",
    "UPDATE audit_head SET seq = 3, mac = (SELECT mac FROM audit WHERE seq = 3)",
)


def test_a_cut_end_with_the_head_row_moved_shows_against_the_anchor_beside_the_keys(chain):
    assert chain.audit.anchor().seq == 6
    tamper(chain, *CUT_WITH_ITS_HEAD)

    assert chain.audit.verify() == 4


def test_it_shows_against_an_anchor_kept_by_a_person_too_and_not_without_one(chain):
    with chain.transaction() as tx:
        mac = tx.execute(text("SELECT mac FROM audit WHERE seq = 5")).scalar_one()
    kept = Anchor(5, mac, chain.audit.rows("T0")[0].at)
    assert chain.audit.verify([kept]) is None
    tamper(chain, *CUT_WITH_ITS_HEAD)

    assert chain.audit.verify() is None  # by design: only an anchor can show it
    assert chain.audit.verify([kept]) == 4


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'p2' WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 6",
        "DELETE FROM audit",
    ],
)
def test_the_database_itself_refuses_changes(chain, statement):
    with pytest.raises(StoreError), chain.transaction() as tx:
        tx.execute(text(statement))

    assert chain.audit.verify() is None


def test_a_failed_transaction_leaves_no_gap(chain):
    def fails():
        with chain.transaction() as tx:
            chain.audit.append(tx, "T1", "p1", "x", "y")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()

    with chain.transaction() as tx:
        assert chain.audit.append(tx, "T1", "p1", "x", "y") == 7

    assert chain.audit.verify() is None


def test_what_is_past_its_retention_goes_and_the_rest_still_verifies(chain):
    chain.audit.anchor()
    time.sleep(0.3)
    with chain.transaction() as tx:
        chain.audit.append(tx, "T1", "p1", "x", "y")

    assert chain.audit.forget(0.25) == 6
    assert chain.audit.forget(1000) == 0
    assert chain.audit.verify() is None
    assert [row.seq for row in chain.audit.rows("T1")] == [7]

    tamper(chain, "UPDATE audit_head SET cut_seq = 7, cut_mac = mac", "DELETE FROM audit")
    assert chain.audit.verify() == 7


def test_a_long_text_is_no_detail(store):
    with pytest.raises(ValueError, match="id or a code"), store.transaction() as tx:
        store.audit.append(tx, "T1", "p1", "x", "y", note="a" * 501)

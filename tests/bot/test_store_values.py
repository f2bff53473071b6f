"""Value groups and allowed values, and what the allow-list makes of them."""

import pytest
from sqlalchemy import select, text

from bot.allow import AllowList
from bot.errors import NotFoundError, ReviewError
from bot.new_flags import value_fingerprint
from bot.parts_text import value_key
from bot.policy_sections import AllowSection
from bot.retention import erase
from bot.store.tables import flags
from tests.bot.console_rows import PAST, allow, flag
from tests.bot.worker_tools import TENANT, Office, message


def test_a_value_has_one_number_and_counts_its_flags(store):
    first = flag(store, 1, fps=(("PERSON", "a"), ("EMAIL_ADDRESS", "b")))
    flag(store, 2, channel="C2", state="confirmed")
    flag(store, 3)
    flag(store, 4, tenant="T2")
    flag(store, 5, fps=(("PERSON", "z"),))

    number = store.value_groups.group("T1", "PERSON", "a")
    group = store.value_groups.get("T1", number)

    assert store.value_groups.group("T1", "PERSON", "a") == number
    assert (group.label, group.n_flags, group.n_pending) == ("PERSON", 3, 2)
    assert group.channels == {"C1": 2, "C2": 1}
    assert group.first_at <= group.last_at
    assert "fp=" not in repr(group)
    assert [f.number for f in store.value_groups.flags("T1", number)] == [3, 2, 1]
    assert [f.number for f in store.value_groups.flags("T1", number, pending=True)] == [3, 1]
    assert [(g.label, g.n_flags) for g in store.value_groups.of_flag(first.id, "T1")] == [
        ("PERSON", 3),
        ("EMAIL_ADDRESS", 1),
    ]
    assert [g.number for g in store.value_groups.largest("T1")] == [number]
    for tenant, unknown in (("T2", number), ("T1", 99)):
        with pytest.raises(NotFoundError):
            store.value_groups.get(tenant, unknown)
        with pytest.raises(NotFoundError):
            store.value_groups.flags(tenant, unknown)


def test_the_same_value_under_two_labels_is_two_groups(store):
    flag(store, 1, fps=(("PERSON", "a"), ("USERNAME", "a")))

    one, two = (store.value_groups.group("T1", label, "a") for label in ("PERSON", "USERNAME"))

    assert one != two
    assert store.value_groups.get("T1", two).label == "USERNAME"


def test_the_largest_groups_are_those_that_wait(store):
    for n, (value, state) in enumerate(
        [("a", "confirmed"), ("a", "confirmed"), ("a", "not_pii"), ("b", "open"), ("b", "open"), ("c", "open")]
    ):  # fmt: skip
        flag(store, n, fps=(("PERSON", value),), state=state)

    assert [group.fp for group in store.value_groups.largest("T1")] == ["b"]


def test_a_group_goes_with_the_last_flag_that_holds_its_value(store):
    flag(store, 1, user="U1")
    number = store.value_groups.group("T1", "PERSON", "a")
    flag(store, 2, user="U2")
    erase(store, "T1", "U1")
    assert store.value_groups.get("T1", number).n_flags == 1

    erase(store, "T1", "U2")

    with pytest.raises(NotFoundError):
        store.value_groups.get("T1", number)
    with store.reading() as tx:
        assert tx.execute(text("SELECT count(*) FROM value_groups")).scalar_one() == 0


def test_a_value_is_allowed_somewhere_and_for_a_while(store, let_time_pass):
    entry = allow(store)
    allow(store, scope="C1")
    allow(store, "CREDIT_CARD", scope="C1", fp="b")
    allow(store, scope="C1", reason="said again")
    allow(store, tenant="T2", fp="z")

    assert store.allow_entries.scopes("T1") == {
        ("PERSON", "a"): {"", "C1"},
        ("CREDIT_CARD", "b"): {"C1"},
    }
    assert {e.reason for e in store.allow_entries.active("T1") if e.scope == "C1"} >= {"said again"}
    with store.transaction() as tx, pytest.raises(NotFoundError):
        store.allow_entries.remove(tx, entry.id, "T2")
    with store.transaction() as tx:
        store.allow_entries.remove(tx, entry.id, "T1")
    assert store.allow_entries.scopes("T1")["PERSON", "a"] == {"C1"}
    let_time_pass(store, 8 * 86_400)
    assert store.allow_entries.active("T1") == []
    assert store.allow_entries.forget() == 3


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"label": "CREDIT_CARD"}, "scope"),
        ({"label": "API_KEY", "scope": ""}, "scope"),
        ({"label": "SSN"}, "value"),
        ({"fp": ""}, "value"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 201}, "reason"),
        ({"ends": PAST}, "expires_at"),
    ],
)
def test_a_value_is_not_allowed_without_reason_or_end_nor_critical_everywhere(sqlite_store, fields, field):  # fmt: skip
    with pytest.raises(ReviewError) as caught:
        allow(sqlite_store, **fields)

    assert caught.value.field == field
    assert sqlite_store.allow_entries.active("T1") == []


@pytest.mark.parametrize(
    ("label", "value", "channel", "reason"),
    [
        ("PERSON", "Jane Roe", "C1", "listed"),
        ("PERSON", "jane  roe", "C9", "listed"),
        ("PERSON", "Jane Doe", "C1", None),
        ("USERNAME", "Jane Roe", "C1", None),
        ("PERSON", "Ana", "C2", "listed"),
        ("PERSON", "Ana", "C1", None),
        ("PERSON", "Ana", "", None),
        ("PASSWORD", "hunter2", "C2", "listed"),
        ("PASSWORD", "hunter2", "C1", None),
        # written around the check: still never everywhere
        ("API_KEY", "k-1", "C1", None),
    ],
)
def test_an_allowed_value_does_not_count_where_it_is_allowed(label, value, channel, reason):
    scopes = {
        ("PERSON", "janeroe"): {""},
        ("PERSON", "ana"): {"C2"},
        ("PASSWORD", "hunter2"): {"C2"},
        ("API_KEY", "k-1"): {""},
    }
    allowed = AllowList(
        AllowSection.nothing(),
        scopes_of=lambda label, value: scopes.get((label, value_key(label, value)), ()),
    )

    assert allowed.reason(label, value, channel) == reason


def test_a_message_with_a_value_allowed_in_its_channel_is_not_flagged(sqlite_store):
    office = Office(sqlite_store)
    key = value_key("CREDIT_CARD", "card-1")
    value_fp = value_fingerprint(sqlite_store, TENANT, "CREDIT_CARD", key)
    allow(sqlite_store, "CREDIT_CARD", scope="C1", fp=value_fp, tenant=TENANT)
    said = [("C1", "card-1"), ("C2", "card-1"), ("C1", "card-2")]
    for n, (channel, words) in enumerate(said):
        office.put(message(words, f"17000000{n:02d}.000100", channel=channel))
    office.work()

    with sqlite_store.reading() as tx:
        found = {(row.channel_id, row.ts) for row in tx.execute(select(flags))}
    assert found == {("C2", "1700000001.000100"), ("C1", "1700000002.000100")}

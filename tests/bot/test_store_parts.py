"""The small tables: cards, reviews, decisions, people, installs, OAuth states, settings, directory."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.errors import NotFoundError
from bot.records import FoundSpan, Install, Part, Review
from bot.store import Card, NewFlag, PersonError
from bot.store.cells import new_id

TOMORROW = (datetime.now(UTC) + timedelta(days=1)).date()
SPANS = (FoundSpan("text", 0, 3, "PERSON", 0.5, "model"), FoundSpan("file:F1", 4, 9, "API_KEY"))


@pytest.fixture
def flag(store):
    new = NewFlag(
        tenant="T1", channel_id="C1", ts="1.0", content_fp="x", severity="low", labels={"PERSON": 1}, reasons=(),
        model="m", score=0.5, parts=(Part("text", "Ana"),), spans=SPANS[:1],
    )  # fmt: skip
    with store.transaction() as tx:
        return store.flags.record(tx, new)[0]


def test_a_card_is_posted_once_and_keeps_what_a_later_change_does_not_say(store, flag):
    place = ("T1", "C1", "1.0", "CREV")
    with store.transaction() as tx:
        assert store.cards.get(tx, *place) is None
        store.cards.save(tx, *place, flag_id=flag.id, rev=3)
        store.cards.save(tx, *place, slack_channel="CREV", slack_ts="5.5")
        saved = store.cards.save(tx, *place, rev=2)  # a late writer does not turn it back
        store.cards.save(tx, *place)

    assert saved == Card(*place, flag_id=flag.id, slack_channel="CREV", slack_ts="5.5", rev=3)
    assert store.cards.by_flag(flag) == [saved]
    assert store.cards.at("T1", "CREV", "5.5") == saved
    assert store.cards.at("T2", "CREV", "5.5") is None
    assert store.cards.by_flag(replace(flag, ts="2.0")) == []


def review(flag, decision="confirm", minutes=0, **fields):
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=minutes)
    return Review(new_id(), flag.id, "T1", decision, "p1", at, "slack", **fields)


def test_reviews_come_back_as_they_were_in_their_order(store, flag):
    second = review(
        flag, "correct", 2, note="see ticket", spans=SPANS, signed=True, reason="boundary"
    )
    first = review(flag, "second_opinion", 1)
    with store.transaction() as tx:
        store.reviews.add(tx, second)
        store.reviews.add(tx, first)

    assert store.reviews.of_flag(flag.id, "T1") == [first, second]
    assert store.reviews.of_flag(flag.id, "T2") == []
    assert store.reviews.since("T1", second.at) == [second]
    assert "ticket" not in repr(second)


def test_the_last_review_is_the_newest_that_counts(store, flag):
    one, two, undo = review(flag), review(flag, "not_pii", 1), review(flag, "undo", 2)
    with store.transaction() as tx:
        assert store.reviews.last(tx, flag.id) is None
        for each in (one, two, undo):
            store.reviews.add(tx, each)
        assert store.reviews.last(tx, flag.id) == two
        store.reviews.mark_undone(tx, two.id)
        assert store.reviews.last(tx, flag.id) == one
        assert store.reviews.get(tx, two.id) == replace(two, undone=True)


def test_a_purge_takes_notes_and_spans_and_leaves_the_decision(store, flag):
    given = review(flag, note="n", spans=SPANS)
    with store.transaction() as tx:
        store.reviews.add(tx, given)

    assert store.purge(TOMORROW).n_reviews == 1

    assert store.reviews.of_flag(flag.id, "T1") == [replace(given, note="", spans=())]


def test_reviews_go_with_their_flag(store, flag):
    with store.transaction() as tx:
        store.reviews.add(tx, review(flag))

    assert store.flags.forget(TOMORROW) == 1
    assert store.reviews.of_flag(flag.id, "T1") == []


def test_decisions_are_read_page_by_page_from_a_moment_on(store, monkeypatch, let_time_pass):
    monkeypatch.setattr("bot.store.decisions._PAGE", 3)
    with store.transaction() as tx:
        store.decisions.add(tx, "T1", "C1", "old", "U1", SPANS, False)
    let_time_pass(store, 100)
    with store.transaction() as tx:
        for n in range(7):
            store.decisions.add(tx, "T1", "C1", str(n), "U1", SPANS, n % 2 == 0)
        store.decisions.add(tx, "T2", "C1", "else", "", (), True)

    found = list(store.decisions.since("T1", datetime.now(UTC) - timedelta(seconds=50)))

    assert [row.ts for row in found] == [str(n) for n in range(7)]
    assert (found[0].spans, found[0].flagged) == (SPANS, True)
    assert store.decisions.forget(50) == 1
    with store.transaction() as tx:
        assert store.decisions.erase_author(tx, "T1", "U1") == 7


def test_people_are_found_by_slack_id_within_their_tenant_and_by_name(store):
    ana = store.people.add("T1", "ana", ["reviewer", "ml"], slack_user_id="U1", password_hash="h")
    store.people.add("T1", "bo", ["viewer"])
    store.people.add("T1", "cy", ["viewer"])  # several without a Slack user

    assert store.people.by_slack("T1", "U1") == ana == store.people.by_name("ana")
    assert store.people.get(ana.id) == ana
    assert store.people.by_slack("T2", "U1") is None
    assert [person.name for person in store.people.list("T1")] == ["ana", "bo", "cy"]
    assert ana.may("reviewer")
    assert not ana.may("admin")
    assert (store.people.password_hash_of("ana"), store.people.password_hash_of("x")) == ("h", "")


@pytest.mark.parametrize(
    ("name", "roles", "slack"),
    [("ana", ["viewer"], ""), ("new", ["root"], ""), ("new", ["viewer"], "U1")],
    ids=["name taken", "unknown role", "slack user taken"],
)
def test_a_person_that_cannot_be_is_refused(store, name, roles, slack):
    store.people.add("T1", "ana", ["viewer"], slack_user_id="U1")

    with pytest.raises(PersonError):
        store.people.add("T1", name, roles, slack_user_id=slack)


def test_roles_can_be_changed_and_ended(store):
    ana = store.people.add("T1", "ana", ["viewer"], password_hash="h")

    changed = store.people.set_roles(ana.id, ["admin"], is_active=False)

    assert changed == store.people.by_name("ana")
    assert not changed.may("admin")
    assert store.people.password_hash_of("ana") == ""
    with pytest.raises(NotFoundError):
        store.people.set_roles("nobody", ["viewer"])


INSTALL = Install("T1", "Acme", "UBOT", "B1", "A1", token="xoxb-canary", admin_token="xoxp-canary")


def test_an_installation_keeps_its_tokens_sealed_and_loses_them_when_removed(store):
    with store.transaction() as tx:
        store.installs.save(tx, replace(INSTALL, token="old"))
        store.installs.save(tx, INSTALL)
        cell = tx.execute(text("SELECT token_ct FROM installations")).scalar_one()

    assert b"canary" not in bytes(cell)
    assert "canary" not in repr(INSTALL)
    assert store.installs.get("T1") == INSTALL
    assert store.installs.all() == [INSTALL]
    assert store.installs.get("T2") is None
    with store.transaction() as tx:
        assert store.installs.deactivate(tx, "T1")
        assert not store.installs.deactivate(tx, "T1")
    assert store.installs.get("T1") == replace(INSTALL, token="", admin_token="", is_active=False)


def test_a_state_is_taken_once_and_only_in_its_time(store, let_time_pass):
    with store.transaction() as tx:
        store.oauth_states.put(tx, "h1", {"cookie": "c"}, expires_in_s=600)
        store.oauth_states.put(tx, "h2", {}, expires_in_s=600)
    with store.transaction() as tx:
        assert store.oauth_states.take(tx, "h1") == {"cookie": "c"}
        assert store.oauth_states.take(tx, "h1") is None
        assert store.oauth_states.take(tx, "unknown") is None
    let_time_pass(store, 601)
    with store.transaction() as tx:
        assert store.oauth_states.take(tx, "h2") is None


def test_of_two_callbacks_one_wins(store):
    with store.transaction() as tx:
        store.oauth_states.put(tx, "h", {"x": 1})
    won, barrier = [], threading.Barrier(3)

    def take():
        barrier.wait(10)
        with store.transaction() as tx:
            won.append(store.oauth_states.take(tx, "h"))

    threads = [threading.Thread(target=take) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(won, key=str) == [None, None, {"x": 1}]


def test_settings_are_per_tenant_and_empty_until_set(store):
    with store.transaction() as tx:
        store.settings.set(tx, "T1", "watch:C1", "a")
        store.settings.set(tx, "T1", "watch:C1", "b")
        store.settings.set(tx, "T1", "mute", "1")

    assert store.settings.get("T1", "watch:C1") == "b"
    assert store.settings.get("T2", "watch:C1") == ""
    assert store.settings.all("T1", "watch:") == {"watch:C1": "b"}


def test_the_directory_knows_names_and_forgets_them(store):
    entries = [("U1", "Ana Diaz"), ("U1", "ana"), ("U2", "Bo Ek"), ("U1", "ana")]
    with store.transaction() as tx:
        store.directory.replace(tx, "T1", [("U9", "Old Name")])
        assert store.directory.replace(tx, "T1", entries) == 2

    assert store.directory.names("T1") == ["Ana Diaz", "Bo Ek", "ana"]
    assert store.directory.name_of("T1", "U1") == "Ana Diaz"
    assert store.directory.name_of("T1", "U9") == store.directory.name_of("T2", "U1") == ""
    with store.transaction() as tx:
        store.directory.forget(tx, "T1", "U1")
    assert store.directory.names("T1") == ["Bo Ek"]

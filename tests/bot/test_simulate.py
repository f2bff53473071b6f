"""Simulation: the flags of the last days by another policy, from spans alone."""

from bot.policies import parse_bot_policy
from bot.simulate import simulate
from tests.bot.worker_tools import TENANT, Office, message


def test_what_another_policy_would_add_and_remove(store):
    office = Office(store)
    office.put(
        message("mail-1", "1700000001.000100"),
        message("ssn-1", "1700000002.000100", channel="C2"),
        message("dob-1 card-1", "1700000003.000100"),
        message("hello", "1700000004.000100"),
    )
    office.work()
    old = parse_bot_policy("")
    new = parse_bot_policy("labels: {EMAIL_ADDRESS: flag}\nchannels: {C2: {ignore: true}}")

    found = simulate(store, TENANT, old, new, 7)

    assert (found.n_messages, found.n_old, found.n_new) == (3, 2, 2)
    assert (found.added, found.removed) == (1, 1)
    assert found.by_label == {"EMAIL_ADDRESS": (1, 0), "NATIONAL_ID": (0, 1)}
    assert found.by_channel == {"C1": (1, 0), "C2": (0, 1)}


def test_the_same_policy_changes_nothing(store):
    office = Office(store)
    office.put(message("ssn-1"))
    office.work()

    found = simulate(store, TENANT, parse_bot_policy(""), parse_bot_policy(""), 7)

    assert (found.added, found.removed, found.by_label) == (0, 0, {})


def test_groups_are_those_of_the_author_by_fingerprint(store):
    office = Office(store)
    office.put(
        message("ssn-1", user="UANA00001"), message("ssn-2", "1700000002.000100", user="UBEN")
    )
    office.work()
    ana = store.messages.user_fp(TENANT, "UANA00001")
    new = parse_bot_policy("groups: {S0HR: {ignore: true}}")

    found = simulate(
        store, TENANT, parse_bot_policy(""), new, 7,
        groups_of=lambda user_fp: ["S0HR"] if user_fp == ana else [],
    )  # fmt: skip

    assert found.removed == 1

"""The recall audit's sample: what is drawn, how often, what it stands for; and what a plan asks for."""

import random

import pytest

from bot.insights.recall import estimate
from bot.learning.planner import plan
from bot.learning.recall import compare
from bot.learning.sampling import BOOST, MAX_CHARS, Sampler, stratum_of
from bot.policy_sections import RecallAuditSection
from bot.records import FoundSpan, Part, SlackMessage
from tests.bot.worker_tools import TENANT, Office, deletion, edit, message

EVERYTHING = "recall_audit: {share: 1.0, per_day: 1000}"


def part(text):
    return (Part("text", text),)


def span(start, end, label="PERSON", name="text"):
    return FoundSpan(name, start, end, label, 0.4, "model")


def written(text="hello there", ts="1700000000.000100"):
    return SlackMessage(TENANT, "C1", ts, part(text), "0", user_id="UANA00001")


def lucky(store, policy=EVERYTHING):
    """An office in which every message is drawn that can be."""
    office = Office(store, policy)
    office.worker._finish._sampler = Sampler(store, chance=lambda: 0.0)
    return office


@pytest.fixture
def office(sqlite_store):
    return lucky(sqlite_store)


def in_sample(office):
    counts = office.store.samples.counts(TENANT)
    return {name: waiting for name, (waiting, _) in counts.by_stratum.items() if waiting}


# ---------------------------------------------------------------------------------------------------- by the worker
def test_a_message_that_was_not_flagged_is_drawn_with_all_its_text(office):
    office.put(message("nothing to see"))

    office.work()

    sample = office.store.samples.next(TENANT, "P1")
    assert sample.parts == part("nothing to see")
    assert (sample.channel_id, sample.user_id, sample.stratum) == ("C1", "UANA00001", "other")


@pytest.mark.parametrize(
    ("text", "stratum"),
    [("mail-a only", "candidates"), ("room 12", "digits"), ("nothing to see", "other")],
)
def test_its_stratum_is_what_was_found_or_what_stands_in_it(office, text, stratum):
    office.put(message(text))

    office.work()

    assert in_sample(office) == {stratum: 1}


@pytest.mark.parametrize(
    ("policy", "event"),
    [
        (EVERYTHING, message("card-1 here")),  # flagged
        (EVERYTHING, message("")),
        (EVERYTHING, message("x" * (MAX_CHARS + 1))),
        (EVERYTHING, message("hello", bot_id="BOURS")),
        (EVERYTHING, {"type": "event_callback", "event_id": "E1", "event": {"type": "reaction_added"}}),
        ("", message("nothing to see")),  # off by default
        ("recall_audit: {share: 0}", message("nothing to see")),
        ("recall_audit: {share: 1.0}\nchannels: {C1: {ignore: true}}", message("nothing to see")),
    ],
)  # fmt: skip
def test_what_was_flagged_or_never_read_or_not_asked_for_is_not_drawn(sqlite_store, policy, event):
    office = lucky(sqlite_store, policy)
    office.put(event)

    office.work()

    assert in_sample(office) == {}


def test_a_message_is_drawn_once_whatever_comes_again(office):
    for event in (message("hello"), message("hello"), edit("hello all", at="1700000100.000100")):
        office.put(event)
        office.work()

    assert in_sample(office) == {"other": 1}


@pytest.mark.parametrize(("policy", "n_left"), [("", 1), ("retention: {purge_on_delete: true}", 0)])
def test_a_deleted_message_leaves_the_sample_where_the_policy_says_so(sqlite_store, policy, n_left):
    office = lucky(sqlite_store, f"{EVERYTHING}\n{policy}")
    office.put(message("hello"))
    office.work()
    office.put(deletion())

    office.work()

    assert sum(in_sample(office).values()) == n_left


def test_scanned_messages_are_counted_and_repeats_are_not(office):
    with office.store.reading() as tx:
        now = office.store.now(tx)
    office.put(message("one", "1700000001.000100"), message("card-1", "1700000002.000100"))
    office.work()
    same = edit("one", "1700000001.000100", at="1700000100.000100")
    office.put(same)
    office.work()

    assert office.store.insights.scanned(TENANT, now, now.replace(year=now.year + 1)) == 2


# ------------------------------------------------------------------------------------------------------- the chances
def draw(store, section, n, *, text="hello there", spans=(), seed=7):
    """How many of n messages are drawn, and the weights of those."""
    sampler = Sampler(store, chance=random.Random(seed).random)
    with store.transaction() as tx:
        drawn = [
            sampler.consider(tx, section, written(text, f"{1700000000 + number}.0"), part(text), spans)
            for number in range(n)
        ]  # fmt: skip
    ids = [one for one in drawn if one]
    return len(ids), [store.samples.get(one, TENANT).weight for one in ids]


@pytest.mark.parametrize(
    ("text", "spans", "stratum"),
    [("hello there", (), "other"), ("room 12", (), "digits"), ("Ana", (span(0, 3),), "candidates")],
)
def test_each_stratum_has_its_chance_and_the_weight_is_its_inverse(sqlite_store, text, spans, stratum):  # fmt: skip
    share = RecallAuditSection(share=0.05, per_day=1000)

    n, weights = draw(sqlite_store, share, 400, text=text, spans=spans)

    chance = 0.05 * BOOST[stratum]
    assert weights == pytest.approx([1 / chance] * n)
    assert abs(n - 400 * chance) <= 4 * (400 * chance * (1 - chance)) ** 0.5


def test_no_more_are_drawn_than_a_day_may_have_and_they_stand_for_more(sqlite_store):
    section = RecallAuditSection(share=1.0, per_day=10)

    n, weights = draw(sqlite_store, section, 300, text="room 12")

    assert n == 10
    assert weights[0] == 1.0
    assert weights[-1] == 5.0  # the last: one of five


def test_a_busy_workspace_is_spread_over_its_day(sqlite_store):
    with sqlite_store.transaction() as tx:
        sqlite_store.insights.count_scanned(tx, TENANT, 7 * 4000)

    n, weights = draw(sqlite_store, RecallAuditSection(share=0.1, per_day=40), 200, text="room 12")

    # 400 a day would be drawn; 40 may be: a tenth of the chance
    assert weights[0] == pytest.approx(1 / (0.1 * 2 * 0.1))
    assert n <= 12


@pytest.mark.parametrize(
    ("text", "spans", "stratum"),
    [
        ("hello", (), "other"),
        ("hello 7", (), "digits"),
        ("٣ آلاف", (), "digits"),
        ("<@U0ANA00001> hello", (), "other"),  # the digits of an id nobody reads
        ("hello 7", (span(0, 5),), "candidates"),
    ],
)
def test_a_stratum_looks_at_what_a_reader_sees(text, spans, stratum):
    assert stratum_of(part(text), spans) == stratum


# -------------------------------------------------------------------------------------------------------- the counts
@pytest.mark.parametrize(
    ("machine", "person", "n_missed", "n_kept"),
    [
        ((), (), 0, 0),
        ((), (span(0, 3),), 1, 0),
        ((span(0, 3),), (span(0, 3),), 0, 1),
        ((span(0, 3),), (span(0, 9),), 0, 1),  # another boundary
        ((span(0, 3),), (span(0, 3, "USERNAME"),), 0, 1),  # another name
        ((span(0, 3),), (span(4, 9),), 1, 0),
        ((span(0, 3),), (span(0, 3, name="blocks"),), 1, 0),
        ((span(0, 3),), (), 0, 0),
    ],
)
def test_what_the_machine_touched_is_found_and_the_rest_is_missed(machine, person, n_missed, n_kept):  # fmt: skip
    judged = compare(machine, person)

    assert (len(judged.missed), len(judged.kept)) == (n_missed, n_kept)


# ------------------------------------------------------------------------------------------------------- the planner
def test_a_plan_gives_about_the_interval_that_was_asked_for():
    """1,000 found, 9 in 10: 111 misses in 20,000 messages. Samples of the planned size give about ± 5 points."""
    chance = random.Random(3)
    found, n_messages = 1000, 20_000
    wanted = plan(n_messages=n_messages, n_found=found, recall=0.9, half_width=0.05, per_day=50)
    population = [1] * 111 + [0] * (n_messages - 111)
    estimates = []
    for _ in range(300):
        missed = sum(chance.sample(population, wanted.n)) * n_messages / wanted.n
        estimates.append(found / (found + missed))
    estimates.sort()

    half = (estimates[291] - estimates[8]) / 2
    assert 0.03 <= half <= 0.06
    assert wanted.days == -(-wanted.n // 50)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"half_width": 0.05}, {"half_width": 0.02}),
        ({"n_found": 5000}, {"n_found": 500}),
        ({"n_messages": 10_000}, {"n_messages": 1_000_000}),
    ],
)
def test_it_takes_more_messages_to_know_it_better_or_where_less_stands_in_them(one, other):
    base = {"n_messages": 100_000, "n_found": 2000, "recall": 0.9, "half_width": 0.05, "per_day": 50}  # fmt: skip

    assert plan(**(base | one)).n < plan(**(base | other)).n


@pytest.mark.parametrize(
    ("n_messages", "n_found", "expected"), [(0, 10, None), (10, 0, None), (0, 0, None)]
)
def test_there_is_no_plan_without_messages_or_without_anything_found(n_messages, n_found, expected):
    found = plan(n_messages=n_messages, n_found=n_found, recall=0.9, half_width=0.05, per_day=50)

    assert found is expected


def test_a_plan_asks_for_no_more_messages_than_there_are():
    wanted = plan(n_messages=80, n_found=1, recall=0.5, half_width=0.01, per_day=50)

    assert (wanted.n, wanted.is_whole) == (80, True)


def test_a_perfect_recall_still_needs_enough_messages_to_exclude_a_worse_one():
    wanted = plan(n_messages=100_000, n_found=1000, recall=1.0, half_width=0.05, per_day=50)

    assert wanted.n > 1000


@pytest.mark.parametrize("wrong", [{"recall": 0}, {"recall": 1.1}, {"half_width": 0}, {"half_width": 1}, {"per_day": 0}])  # fmt: skip
def test_a_plan_refuses_what_is_no_share(wrong):
    base = {"n_messages": 10, "n_found": 1, "recall": 0.9, "half_width": 0.05, "per_day": 50}
    with pytest.raises(ValueError, match="expected"):
        plan(**(base | wrong))


# --------------------------------------------------------------------------------------- from drawing to the estimate
def test_the_weights_bring_the_estimate_to_the_truth(sqlite_store):
    """4,000 messages, a miss in every fortieth: 100 misses, and 400 found elsewhere, so recall is 0.8."""
    section = RecallAuditSection(share=0.2, per_day=1000)
    sampler = Sampler(sqlite_store, chance=random.Random(11).random)
    with sqlite_store.transaction() as tx:
        for number in range(4000):
            sampler.consider(tx, section, written("room 12", f"{number}.1"), part("room 12"), ())
        now = sqlite_store.now(tx)
    while True:
        with sqlite_store.transaction() as tx:
            sample = sqlite_store.samples.next(TENANT, "P1")
            if sample is None:
                break
            missed = [span(0, 4)] if int(sample.ts.split(".")[0]) % 40 == 0 else []
            sqlite_store.samples.judge(tx, sample.id, TENANT, "P1", missed, [])
    rows = list(sqlite_store.samples.judged(TENANT, now.replace(year=2000)))

    found = estimate(rows, 400)

    assert found.interval[0] <= 0.8 <= found.interval[1]
    assert abs(found.value - 0.8) < 0.06

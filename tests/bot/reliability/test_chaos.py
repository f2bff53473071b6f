"""Chaos: thousands of events, twice and out of order, to a Slack that limits, fails and cuts. One outcome each."""

import io
import json
import os
import random
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot.logs import event as log_event
from bot.simulator.faults import Fault
from bot.store.tables import data_keys
from tests.bot.reliability.live_bot import (
    CHANNELS,
    PEOPLE,
    CountingGuard,
    LiveBot,
    Talk,
    acked,
    canaries_in,
    files_under,
    has_card,
    log_output,
    texts_sent,
)

pytestmark = pytest.mark.slow
SEED = int(os.environ.get("RELIABILITY_SEED", "7"))
#: PostgreSQL gets fewer: a commit for each send costs it more round trips, and the point is the same.
N_EVENTS = {"sqlite": 3000, "postgresql": 1000}
DATABASE_FILES = {
    "sqlite": {"piiguard.db", "piiguard.db-wal"},
    "postgresql": {"PG_VERSION", "pg_control"},
}
FAULTS = [
    Fault("rate_limited", "chat.*"),
    *(Fault("status", method, done=done) for method in ("chat.*", "conversations.*") for done in (False, True)),
    *(Fault("reset", method, done=done) for method in ("chat.*", "conversations.*") for done in (False, True)),
    Fault("error", "chat.*", done=True),
    Fault("garbage", "chat.*", done=True),
]  # fmt: skip


class Day:
    """What people wrote, changed and took back, and so what must be on the table in the evening."""

    def __init__(self, bot: LiveBot, seed: int) -> None:
        self.talk = Talk(seed)
        self._bot = bot
        self._dice = random.Random(seed)
        self._users: dict[tuple[str, str], str] = {}
        self.now: dict[tuple[str, str], str | None] = {}  # place -> text, None when deleted
        self.ever_flagged: set[tuple[str, str]] = set()

    def go_on(self, n_events: int) -> None:
        for _ in range(n_events):
            roll = self._dice.random()
            standing = [place for place, text in list(self.now.items())[-40:] if text is not None]
            if roll < 0.85 or not standing:
                self._post()
            elif roll < 0.95:
                self._change(self._dice.choice(standing))
            else:
                self._delete(self._dice.choice(standing))

    def _post(self) -> None:
        user, channel = self._dice.choice(PEOPLE), self._dice.choice(CHANNELS)
        text = self.talk.say()
        ts = self._bot.sim.post(user, channel, text)
        place = (self._bot.sim.workspace.channel(channel).id, ts)
        self._users[place] = user
        self._says(place, text)

    def _change(self, place: tuple[str, str]) -> None:
        text = self.talk.say(flagged=self._dice.random() < 0.3)
        self._bot.sim.edit(self._users[place], place[0], place[1], text)
        self._says(place, text)

    def _delete(self, place: tuple[str, str]) -> None:
        self._bot.sim.delete(self._users[place], *place)
        self.now[place] = None

    def _says(self, place: tuple[str, str], text: str) -> None:
        self.now[place] = text
        if has_card(text):
            self.ever_flagged.add(place)

    @property
    def flagged(self) -> set[tuple[str, str]]:
        """The messages that end up with a value in them."""
        return {place for place, text in self.now.items() if text and has_card(text)}


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """(URL, where its files are, how many events)."""
    n = N_EVENTS[request.param]
    if request.param == "sqlite":
        return "", tmp_path, n
    return request.getfixturevalue("postgres_url"), request.getfixturevalue("postgres").folder, n


def test_after_a_day_of_chaos_each_event_was_judged_once_and_each_flag_has_one_card(
    database, tmp_path, quick_lanes
):
    url, files, n_events = database
    guard = CountingGuard()
    with log_output() as log, LiveBot(tmp_path / "data", guard, database_url=url) as bot:
        sim = bot.sim
        sim.courier.disorder(SEED, double_rate=0.2, late_s=0.5)
        sim.faults.roll(SEED, 0.15, FAULTS)
        day = Day(bot, SEED)
        day.go_on(n_events)
        bot.wait_idle(120)

        # each event told, acknowledged, and judged exactly once
        texts = texts_sent(sim)
        assert len(texts) == n_events
        assert set(texts) <= acked(sim)
        n_copies = Counter(one.key for one in sim.deliveries)
        assert sum(n > 1 for n in n_copies.values()) > n_events / 10
        assert guard.seen == Counter(text for text in texts.values() if text)
        assert bot.store.inbox.depth().dead == 0

        # each message that holds a value at the end has one flag waiting, and one card; no other has a card twice
        assert bot.pending() == Counter(day.flagged)
        marks = bot.marks()
        assert [marks[bot.mark_of(place)] for place in day.flagged] == [1] * len(day.flagged)
        shown = {bot.mark_of(place) for place in day.ever_flagged}
        assert set(marks) <= shown
        assert set(marks.values()) == {1}
        assert bot.store.outbox.refused(bot.tenant, 10_000) == _lost_hints(bot)
        assert len(sim.workspace.ephemerals) <= len(day.ever_flagged)
        assert bot.store.audit.verify() is None

        # it was chaos indeed
        taken = {(fault.kind, fault.done) for _, fault in sim.faults.taken}
        assert taken == {(fault.kind, fault.done) for fault in FAULTS}
        assert len(day.flagged) > n_events / 50

        # and nothing anybody wrote stands anywhere, but that a card shows the words beside a value
        told = told_by(bot)
        assert canaries_in(told, day.talk.canaries - day.talk.beside) == []
        assert canaries_in(told, day.talk.beside) == ["calls", "cards"]
        kept = kept_by(bot, log, files, tmp_path)
        names = {path.rpartition("/")[2] for path in kept}
        assert names >= {"keys.db", "keys.db-wal"} | DATABASE_FILES[bot.store.engine_name]
        assert canaries_in(kept, day.talk.canaries) == []
    kept = {"log": log.getvalue().encode()} | files_under(files) | files_under(tmp_path)
    assert canaries_in(kept, day.talk.canaries) == []
    assert "Traceback" not in log.getvalue()


def told_by(bot: LiveBot) -> dict[str, bytes]:
    """Everything that left for Slack: each call with its body, each answer, and what it made of them."""
    sim = bot.sim
    return {
        "calls": b"\n".join(call.body + repr(call.args).encode() for call in sim.calls),
        "cards": json.dumps(sim.of_app("review"), ensure_ascii=False).encode(),
        "hints": repr([one.message for one in sim.workspace.ephemerals]).encode(),
        "answers": b"\n".join(one.answer for one in sim.deliveries),
    }


def kept_by(bot: LiveBot, log: io.StringIO, *folders: Path) -> dict[str, bytes]:
    """Everything that stays here: log, metrics, and every file of both databases with their write-ahead logs."""
    kept = {"log": log.getvalue().encode(), "metrics": bot.parts.metrics.render()}
    for folder in folders:
        kept |= files_under(folder)
    return kept


def leak(bot: LiveBot, sink: str, word: str) -> None:
    """Let a word out, as a fault of ours would."""
    store, client = bot.store, bot.parts.workspaces.client(bot.tenant)
    review = bot.sim.workspace.channel("review").id
    if sink == "log":
        log_event("bot.worker", "message", reason=word)
    elif sink == "metrics":
        bot.parts.metrics.findings.labels(word, "rule").inc()
    elif sink in ("piiguard.db-wal", "piiguard.db", "database"):
        with store.transaction() as tx:
            store.settings.set(tx, bot.tenant, "note", word)
        if sink == "piiguard.db":
            store.checkpoint()
    elif sink in ("keys.db-wal", "keys.db"):
        store.keys.shred(bot.tenant, date(1970, 1, 1))  # any write that opens the file
        with store._key_db.transaction() as tx:
            tx.execute(insert(data_keys).values(key_id=word, tenant="", day="", purpose=word, wrapped=b"", created_at=0))  # fmt: skip
        if sink == "keys.db":
            store.checkpoint()
    elif sink == "calls":
        client.call("auth.test", note=word)
    elif sink == "cards":
        client.call("chat.postMessage", channel=review, text=word)
    elif sink == "hints":
        user = bot.sim.workspace.user("dana").id
        client.call("chat.postEphemeral", channel=review, user=user, text=word)
    elif sink == "answers":
        bot.parts.door.command = lambda form: {"text": word}
        bot.sim.command("dana", "review", "/piiguard help")


@pytest.mark.parametrize(
    "sink",
    [
        "log", "metrics", "piiguard.db-wal", "piiguard.db", "keys.db-wal", "keys.db", "calls", "cards", "hints",
        "answers", "database",
    ],
)  # fmt: skip
def test_a_leak_into_any_of_the_places_is_seen_by_the_search(sink, request, tmp_path):
    url, files = "", tmp_path
    if sink == "database":  # PostgreSQL's own files
        url, files = request.getfixturevalue("postgres_url"), request.getfixturevalue("postgres").folder  # fmt: skip
    with log_output() as log, LiveBot(tmp_path / "data", CountingGuard(), database_url=url) as bot:
        word = Talk(3).say(flagged=False).split()[0]
        places = kept_by(bot, log, files, tmp_path) | told_by(bot)
        assert canaries_in(places, {word.encode()}) == []

        leak(bot, sink, word)

        found = canaries_in(kept_by(bot, log, files, tmp_path) | told_by(bot), {word.encode()})
    if sink == "database":
        assert any("/pg_wal/" in path for path in found)
    else:
        assert sink in {path.rpartition("/")[2] for path in found}


def test_a_canary_that_leaks_is_found():
    talk = Talk(1)
    clean, flagged = talk.say(flagged=False), talk.say(flagged=True)
    word, number = clean.split()[0], flagged.split()[4]

    assert len(talk.canaries) == 3
    found = canaries_in(
        {
            "word": b"x\x00" + word.encode() + b"\xff",
            "number": f'"{number}"'.encode(),
            "joined": f"id{word}{number}".encode(),
            "masked": f"ends in {number[-4:]}".encode(),
            "nothing": b"zq is short, and 5394180000000000 was never said",
        },
        talk.canaries,
    )
    assert found == ["word", "number", "joined"]


def _lost_hints(bot: LiveBot) -> list[tuple[str, str, str]]:
    """What may end unfinished: notices whose answer was lost, for they cannot be looked up."""
    ended = bot.store.outbox.refused(bot.tenant, 10_000)
    return [one for one in ended if one[0] == "hint" and one[2] == "answer_lost"]

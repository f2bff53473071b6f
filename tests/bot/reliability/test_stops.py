"""What is stopped, stalls or is poisoned under load, and what Slack notices of it: nothing is acknowledged and lost."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from bot.build import open_store
from bot.config import BotConfig
from bot.worker import jobs as jobs_module
from tests.bot.reliability.kill_runner import let_time_pass
from tests.bot.reliability.live_bot import (
    CHANNELS,
    CountingGuard,
    LiveBot,
    Talk,
    acked,
    environ_of,
    has_card,
    make_slack,
    texts_sent,
)

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
#: Slack's three retries, on a quicker clock; the last ones stand for Delayed Events.
RETRIES = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0)


def post_many(sim, talk, n, *, pause_s=0.0, flagged=None):
    """Post ``n`` messages; their places, with the text."""
    said = {}
    for at in range(n):
        text, channel = talk.say(flagged=flagged), CHANNELS[at % len(CHANNELS)]
        ts = sim.post("ana", channel, text)
        said[(sim.workspace.channel(channel).id, ts)] = text
        time.sleep(pause_s)
    return said


def with_value(said):
    return Counter(place for place, text in said.items() if has_card(text))


# ------------------------------------------------------------------------------------------ the database stops
def test_postgresql_crashes_under_load_and_nothing_acknowledged_is_lost(
    postgres, postgres_url, tmp_path, quick_lanes
):
    guard, talk = CountingGuard(), Talk(11, 0.1)
    bot = LiveBot(tmp_path / "data", guard, database_url=postgres_url, retry_after_s=RETRIES)
    with bot:
        crash = threading.Timer(1.0, postgres.stop)
        crash.start()
        try:
            said = post_many(bot.sim, talk, 300, pause_s=0.01)
            crash.join()
            time.sleep(1.0)
        finally:
            crash.join()
            postgres.start()
        assert bot.sim.courier.wait_idle(60)
        assert bot.parts.dead_threads() == []
        refused = [one for one in bot.sim.deliveries if one.kind == "event" and not one.ok]
        taken = acked(bot.sim)

        # Slack was told the truth, in time, while the database was away
        assert {one.status for one in refused} == {503}
        assert max(one.ms for one in bot.sim.deliveries if one.kind == "event") < 3000
        assert {
            one.status for one in bot.sim.deliveries if one.kind == "event" and one.attempt == 0
        } == {200, 503}

        # what the crash interrupted is on loan to nobody when its lease has run out
        let_time_pass(bot.store, 31)
        bot.wait_idle(60)
        texts = {event_id: text for event_id, text in texts_sent(bot.sim).items() if text}
        assert set(texts) == taken & set(texts)
        assert set(guard.seen) == set(texts.values())
        assert bot.pending() == with_value(said)
        marks = bot.marks()
        assert [marks[bot.mark_of(place)] for place in with_value(said)] == [1] * len(
            with_value(said)
        )
        assert bot.store.inbox.depth().dead == 0
        assert bot.store.audit.verify() is None


# ------------------------------------------------------------------------------------------ the process stops
@pytest.fixture
def slack():
    with make_slack((0.3, 0.6, 1.2, 2.4, 4.8)) as sim:
        yield sim


@pytest.fixture
def serve(tmp_path, slack):
    """Start `serve`; gives the process, with its log in a file."""
    processes = []

    def start():
        environ = environ_of(slack, tmp_path / "data")
        log = (tmp_path / f"log{len(processes)}").open("w+")
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bot.reliability.serve_rules", "serve"],
            env=os.environ | environ, cwd=ROOT, stderr=log, text=True,
        )  # fmt: skip
        process.log = log
        processes.append(process)
        until = time.monotonic() + 30
        while "answers on" not in (text := _read(log)):
            assert process.poll() is None, text
            assert time.monotonic() < until
            time.sleep(0.05)
        url = next(line.split()[-1] for line in text.splitlines() if "answers on" in line)
        slack.app.listen_at(url)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
            process.wait()
        process.log.close()


def _read(log):
    return Path(log.name).read_text()


def rows(tmp_path, slack, statement):
    store = open_store(BotConfig.read(environ_of(slack, tmp_path / "data")))
    try:
        with store.reading() as tx:
            return tx.exec_driver_sql(statement).all()
    finally:
        store.close()


def test_sigterm_under_load_loses_nothing_and_costs_no_attempt(tmp_path, slack, serve):
    process, talk = serve(), Talk(12, 0.05)
    said = {}
    poster = threading.Thread(
        target=lambda: said.update(post_many(slack, talk, 200, pause_s=0.01)), daemon=True
    )
    poster.start()
    slack.wait_for(lambda: len(acked(slack)) > 60, 20)
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)

    assert process.wait(10) == 0
    assert time.monotonic() - started < 10
    assert "stopped" in _read(process.log)
    assert "Traceback" not in _read(process.log)
    taken = acked(slack) & set(texts_sent(slack))
    waiting = rows(
        tmp_path,
        slack,
        "SELECT state, attempts FROM inbox WHERE kind = 'event' AND state != 'done'",
    )
    keys = {row[0] for row in rows(tmp_path, slack, "SELECT event_key FROM inbox")}
    assert {f"ev:{event_id}" for event_id in taken} <= keys
    # what was not begun waits as if nobody had touched it
    assert waiting
    assert {tuple(row) for row in waiting} == {("ready", 0)}

    # Slack sends again what was refused, and a new start does the rest
    serve()
    poster.join(20)
    assert slack.courier.wait_idle(30)
    assert set(texts_sent(slack)) <= acked(slack)
    flagged = with_value(said)
    slack.wait_for(lambda: _n_unfinished(tmp_path, slack) == 0, 30)
    found = rows(tmp_path, slack, "SELECT channel_id, ts FROM flags")
    assert Counter(tuple(row) for row in found) == flagged


def _n_unfinished(tmp_path, slack):
    return rows(tmp_path, slack, "SELECT count(*) FROM inbox WHERE state IN ('ready', 'leased')")[
        0
    ][0]


# ------------------------------------------------------------------------------------------ the model stalls
def test_a_stalled_model_delays_flags_and_not_acknowledgements(tmp_path, quick_lanes):
    guard, talk, go_on = CountingGuard(), Talk(13, 0.1), threading.Event()
    guard.before = lambda messages: go_on.wait(60)
    with LiveBot(tmp_path, guard) as bot:
        said = post_many(bot.sim, talk, 200, pause_s=0.01)
        assert bot.sim.courier.wait_idle(30)

        took = [one.ms for one in bot.sim.deliveries if one.kind == "event"]
        assert len(took) == len(acked(bot.sim)) == 200
        # each was acknowledged before one was judged; how fast is measured by tests/bot/load.py
        assert bot.pending() == Counter()
        assert bot.store.inbox.depth().ready + bot.store.inbox.depth().leased == 200

        go_on.set()
        bot.wait_idle(60)
        assert bot.pending() == with_value(said)
        assert set(guard.seen.values()) == {1}


# ------------------------------------------------------------------------------------------ a message is poison
def test_a_poison_message_is_set_aside_after_five_attempts_while_others_flow(
    tmp_path, quick_lanes, monkeypatch
):
    monkeypatch.setattr("bot.worker.scan.BACKOFF_S", (0.05, 0.05, 0.05))
    monkeypatch.setattr(jobs_module, "_TICK_S", 0.2)
    guard, talk = CountingGuard(), Talk(14, 0.2)
    attempts = []

    def stumble(messages):
        if any("poison" in message.text for message in messages):
            attempts.append(len(messages))
            raise RuntimeError("the model stumbled")

    guard.before = stumble
    with LiveBot(tmp_path, guard) as bot:
        bot.sim.courier.hold()
        said = post_many(bot.sim, talk, 31)
        bad = "poison with card " + talk.say(flagged=True)
        place = (bot.sim.workspace.channel("hr").id, bot.sim.post("ben", "hr", bad))
        said |= post_many(bot.sim, talk, 32)
        bot.sim.courier.release()
        bot.wait_for(lambda: bot.store.inbox.depth().dead == 1)
        bot.wait_idle()

        (dead,) = bot.store.inbox.dead(bot.tenant)
        assert dead.attempts == 5
        assert dead.last_error == "RuntimeError"
        # the batch was halved down to it, so that nobody else was tried twice
        with bot.store.reading() as tx:
            tries = tx.exec_driver_sql("SELECT attempts FROM inbox WHERE state = 'done'").scalars()
            assert set(tries) == {1}
        # from the third attempt on it came alone
        assert attempts[-3:] == [1, 1, 1]
        assert bot.pending() == with_value(said)
        assert guard.seen == Counter(said.values())
        assert b"piiguard_set_aside_total 1.0" in bot.parts.metrics.render()

        # a better model, and it is tried again
        guard.before = lambda messages: None
        bot.store.inbox.retry_dead(dead.id, bot.tenant)
        bot.wait_idle()
        assert bot.pending() == with_value(said) + Counter({place: 1})


def test_the_shortest_way_to_lose_an_event_is_seen(tmp_path, quick_lanes):
    """The same questions put to a bot that answers before it has written."""
    guard, talk = CountingGuard(), Talk(15, 1.0)
    with LiveBot(tmp_path, guard) as bot:
        bot.parts.writer.put = lambda event, **more: True
        said = post_many(bot.sim, talk, 5)
        assert bot.sim.courier.wait_idle(10)
        time.sleep(0.5)

        assert set(texts_sent(bot.sim)) <= acked(bot.sim)
        assert set(guard.seen) != set(said.values())
        assert json.dumps(sorted(bot.pending())) == "[]"

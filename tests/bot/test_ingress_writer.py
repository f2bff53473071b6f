"""The writer: put returns when the row is on disk, and raises when it may not be."""

import subprocess
import sys
import threading
import time

import pytest

from bot.errors import OverloadedError
from bot.ingress.writer import Writer
from bot.store.inbox import NewEvent


class SlowInbox:
    """Rows in memory, with a lid, a time and a list of keys that it refuses: the database at its worst."""

    def __init__(self, *, bad=(), is_down=False):
        self.rows, self.batches = {}, []
        self.bad, self.is_down = set(bad), is_down
        self.lid = threading.Event()
        self.lid.set()

    def put_many(self, events):
        self.lid.wait()
        keys = [event.event_key for event in events]
        self.batches.append(keys)
        if self.is_down or self.bad.intersection(keys):
            raise RuntimeError("refused")
        new = [key not in self.rows for key in keys]
        self.rows.update(dict.fromkeys(keys, True))
        return new


def event(key):
    return NewEvent(f"ev:{key}", "event", "T1", {"type": "event_callback", "key": key})


@pytest.fixture
def start():
    writers = []

    def start_writer(inbox, **kw):
        writer = Writer(inbox, **kw)
        writer.start()
        writers.append(writer)
        return writer

    yield start_writer
    for writer in writers:
        writer._inbox.lid.set() if hasattr(writer._inbox, "lid") else None
        writer.stop()


def put_all(writer, keys, timeout_s=5.0):
    """Put from a thread per key; the outcome by key: True, False, or the error's class."""
    outcome = {}

    def one(number, key):
        try:
            outcome[number] = writer.put(event(key), timeout_s)
        except OverloadedError:
            outcome[number] = OverloadedError

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(keys)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [outcome[number] for number in range(len(keys))]


def test_a_row_is_on_disk_when_put_returns(start, store):
    writer = start(store.inbox)

    assert writer.put(event("a")) is True
    assert store.inbox.depth().ready == 1


def test_the_second_of_two_equal_events_is_not_new(start, store):
    writer = start(store.inbox)

    assert [writer.put(event("a")), writer.put(event("a"))] == [True, False]
    assert store.inbox.depth().ready == 1


def test_events_from_many_threads_are_each_stored_once(start, store):
    writer = start(store.inbox)
    keys = [f"k{n % 20}" for n in range(60)]

    outcome = put_all(writer, keys)

    assert outcome.count(True) == 20
    assert outcome.count(False) == 40
    assert store.inbox.depth().ready == 20


def test_what_waits_goes_in_one_commit_sorted_by_key(start):
    inbox = SlowInbox()
    writer = start(inbox)
    inbox.lid.clear()
    first = threading.Thread(target=put_all, args=(writer, ["first"]))
    first.start()
    time.sleep(0.1)
    rest = threading.Thread(target=put_all, args=(writer, ["d", "b", "c", "a", "b"]))
    rest.start()
    while writer.depth < 5:
        time.sleep(0.01)
    inbox.lid.set()
    first.join()
    rest.join()

    assert inbox.batches == [["ev:first"], ["ev:a", "ev:b", "ev:c", "ev:d"]]


def test_a_full_queue_refuses_at_once(start):
    inbox = SlowInbox()
    writer = start(inbox, capacity=3)
    inbox.lid.clear()
    threading.Thread(target=put_all, args=(writer, ["in-hand"]), daemon=True).start()
    time.sleep(0.1)
    waiting = threading.Thread(target=put_all, args=(writer, ["a", "b", "c"]), daemon=True)
    waiting.start()
    while writer.depth < 3:
        time.sleep(0.01)
    started = time.monotonic()

    with pytest.raises(OverloadedError):
        writer.put(event("d"))

    assert time.monotonic() - started < 0.5
    inbox.lid.set()
    waiting.join()
    assert writer.put(event("d")) is True


def test_a_database_that_hangs_is_an_error_in_time_and_what_was_given_up_is_not_written(start):
    inbox = SlowInbox()
    writer = start(inbox)
    inbox.lid.clear()
    threading.Thread(target=put_all, args=(writer, ["in-hand"]), daemon=True).start()
    time.sleep(0.1)

    with pytest.raises(OverloadedError):
        writer.put(event("late"), 0.2)

    inbox.lid.set()
    assert writer.put(event("next")) is True
    assert "ev:late" not in inbox.rows


def test_a_bad_row_does_not_refuse_the_others(start):
    inbox = SlowInbox(bad={"ev:bad"})
    writer = start(inbox)
    inbox.lid.clear()
    first = threading.Thread(target=put_all, args=(writer, ["first"]))
    first.start()
    time.sleep(0.1)
    outcome = []
    rest = threading.Thread(target=lambda: outcome.extend(put_all(writer, ["a", "bad", "c", "d"])))
    rest.start()
    while writer.depth < 4:
        time.sleep(0.01)
    inbox.lid.set()
    first.join()
    rest.join()

    assert outcome == [True, OverloadedError, True, True]


def test_a_database_that_is_down_refuses_all_without_trying_each(start):
    inbox = SlowInbox(is_down=True)
    writer = start(inbox)

    outcome = put_all(writer, [f"k{n}" for n in range(30)])

    assert outcome == [OverloadedError] * 30
    inbox.is_down = False
    assert writer.put(event("after")) is True


def test_stopping_writes_what_waits_and_takes_no_more(start):
    inbox = SlowInbox()
    writer = start(inbox)
    inbox.lid.clear()
    outcome = []
    in_hand = threading.Thread(target=lambda: outcome.extend(put_all(writer, ["a"])))
    in_hand.start()
    time.sleep(0.1)
    waiting = threading.Thread(target=lambda: outcome.extend(put_all(writer, ["b"])))
    waiting.start()
    while writer.depth < 1:
        time.sleep(0.01)
    threading.Timer(0.2, inbox.lid.set).start()

    writer.stop()
    in_hand.join()
    waiting.join()

    assert outcome == [True, True]
    assert not writer.is_alive
    with pytest.raises(OverloadedError):
        writer.put(event("c"))


def test_the_process_ends_when_the_writer_thread_dies():
    # a thread's exception alone would leave a process that says 503 for ever and looks alive
    code = """
import time
from bot.errors import OverloadedError
from bot.ingress.writer import Writer
from bot.store.inbox import NewEvent
class Broken:
    def put_many(self, events):
        raise SystemExit(0)
writer = Writer(Broken())
writer.start()
try:
    writer.put(NewEvent("ev:1", "event", "T1", {}), 5.0)
except OverloadedError:
    time.sleep(20)
"""
    done = subprocess.run([sys.executable, "-c", code], timeout=30, capture_output=True)

    assert done.returncode == 70

"""Measure what is promised of an install: cards within two seconds, acknowledgements within 200 milliseconds.

    .venv/bin/python -m tests.bot.load
    .venv/bin/python -m tests.bot.load --rate 20 --seconds 30 --database postgresql://...

The first run sends messages at a steady rate to the real bot with the shipped model, in one process on two cores, and
takes the time from Slack's sending an event to Slack's having its card. The second lets the model stall and sends more
events than Slack allows a workspace, and takes the time of each answer. Bot and simulated Slack are two processes that
share the cores. Exit 1 when a limit is broken.
"""

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.app import create_app
from bot.build import build
from bot.config import BotConfig
from bot.crypto import MasterKey
from bot.simulator import Simulator
from bot.web_server import WebServer
from bot.worker import finish
from piiguard import Guard, load
from tests.bot.reliability.live_bot import (
    CHANNELS,
    HOST,
    Talk,
    environ_of,
    has_card,
    make_slack,
    percentile,
)

CARD_P95_S = 2.0
ACK_P99_MS = 200.0
#: Slack takes one post a second in a channel: faster than that, a card waits for the lane and not for us.
CARDS_PER_S = 0.5
WARM_UP = 20
#: What nobody flags: an unexpected card would make the next one wait its second.
SMALL_TALK = (
    "can we move the review to the afternoon? two of us are still at the other site",
    "the build is green again, thanks for looking into it",
    "I have put the slides in the folder, please add your numbers before we send them round",
    "lunch?",
    "the printer on the second floor is out of paper, and the one below is out of order. again. Could somebody from "
    "facilities have a look before the meeting starts, or should we simply print everything at the front desk?",
    "looks good to me, ship it",
)


def say(talk: Talk, at: int, *, flagged: bool = False) -> str:
    """What people write at work: words of different length, and now and then a card number."""
    if flagged:
        return "please book it on " + talk.say(flagged=True).partition("with ")[2]
    return f"{SMALL_TALK[at % len(SMALL_TALK)]} ({at})"


def serve(environ: dict[str, str], stalls: bool, ready: Any, end: Any) -> None:
    """The bot, as `python -m bot serve` has it, in a process of its own."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    guard = load()
    config = BotConfig.read(environ)
    if stalls:
        guard = _Stalled(guard, end)
    # twenty cards an hour become a digest: that is the policy's wish, and says nothing of speed
    finish.MAX_AN_HOUR = 1000
    parts = build(config, guard=guard, master_key=MasterKey.throw_away())
    web = WebServer(create_app(parts), HOST, 0)
    web.start()
    parts.start()
    guard_name = parts.guard.name
    ready.send((web.url, guard_name))
    end.wait()
    web.stop()
    os._exit(0)  # the numbers are taken; what is unfinished is of no interest


class _Stalled(Guard):
    """A model that does not come back."""

    def __init__(self, guard: Guard, end: Any) -> None:
        super().__init__(guard._rules, None, guard.manifest)
        self._end = end

    def detect_batch(self, messages: Any) -> Any:
        self._end.wait()
        return super().detect_batch(messages)


class Run:
    """A Slack, and a bot beside it, for one measurement."""

    def __init__(self, database: str, *, stalls: bool) -> None:
        self._at_end = ExitStack()
        folder = Path(self._at_end.enter_context(tempfile.TemporaryDirectory(prefix="load-")))
        self.sim: Simulator = self._at_end.enter_context(make_slack((1.0, 2.0, 4.0)))
        environ = environ_of(self.sim, folder, database)
        context = multiprocessing.get_context("spawn")
        self._end = context.Event()
        here, there = context.Pipe()
        process = context.Process(target=serve, args=(environ, stalls, there, self._end))
        process.start()
        self._at_end.callback(process.join, 10)
        self._at_end.callback(self._end.set)
        if not here.poll(60):
            self.close()
            raise SystemExit("the bot did not start within 60 s")
        url, self.model = here.recv()
        self.sim.app.listen_at(url)

    def close(self) -> None:
        self._at_end.close()

    def post(self, rate: float, n: int, text_of: Callable[[int], str]) -> dict[str, str]:
        """Post ``n`` messages at a steady rate; the text of each, by ts."""
        said = {}
        started = time.monotonic()
        for at in range(n):
            time.sleep(max(0.0, started + at / rate - time.monotonic()))
            text = text_of(at)
            said[self.sim.post("ana", CHANNELS[at % len(CHANNELS)], text)] = text
        return said


def event_to_card(rate: float, seconds: float, database: str) -> tuple[list[float], int, str]:
    """Seconds from an event's sending to its card's arrival; how many cards were due; the model."""
    run = Run(database, stalls=False)
    try:
        sim, talk = run.sim, Talk(1)
        every = max(1, round(rate / CARDS_PER_S))
        run.post(rate, WARM_UP, lambda at: say(talk, at))
        sent: dict[str, float] = {}
        arrived: dict[str, float] = {}
        hear = sim.workspace.on_event

        def note(channel: Any, event: dict[str, Any]) -> None:
            if channel is not None and channel.name == "review" and event.get("bot_id"):
                link = json.dumps(event)
                for ts in [ts for ts in sent if "p" + ts.replace(".", "") in link]:
                    arrived.setdefault(ts, time.monotonic())
            elif channel is not None and has_card(str(event.get("text", ""))):
                sent[str(event["ts"])] = time.monotonic()
            hear(channel, event)

        sim.workspace.on_event = note
        said = run.post(
            rate, round(rate * seconds), lambda at: say(talk, at, flagged=at % every == 0)
        )
        due = {ts for ts, text in said.items() if has_card(text)}
        until = time.monotonic() + 15
        while set(arrived) < due and time.monotonic() < until:
            time.sleep(0.05)
        return [arrived[ts] - sent[ts] for ts in due if ts in arrived], len(due), run.model
    finally:
        run.close()


def acks(rate: float, seconds: float, database: str) -> tuple[list[float], int]:
    """Milliseconds until each event was answered while the model stalled; how many were not answered with 200."""
    run = Run(database, stalls=True)
    try:
        talk = Talk(2)
        run.post(20, WARM_UP, lambda at: say(talk, at, flagged=at % 50 == 0))
        run.sim.courier.wait_idle(10)
        n_before = len(run.sim.deliveries)
        run.post(rate, round(rate * seconds), lambda at: say(talk, at, flagged=at % 50 == 0))
        run.sim.courier.wait_idle(20)
        made = [one for one in run.sim.deliveries[n_before:] if one.kind == "event"]
        return [one.ms for one in made], sum(not one.ok for one in made)
    finally:
        run.close()


def main() -> int:
    """Measure, print, and say by the exit status whether the limits hold."""
    arguments = argparse.ArgumentParser(prog="python -m tests.bot.load")
    arguments.add_argument("--rate", type=float, default=20, help="messages a second")
    arguments.add_argument("--ack-rate", type=float, default=100, help="events a second")
    arguments.add_argument("--seconds", type=float, default=30)
    arguments.add_argument("--database", default="", help="SQLite in a temporary folder, else this")
    given = arguments.parse_args()
    took, n_due, model = event_to_card(given.rate, given.seconds, given.database)
    answered, n_refused = acks(given.ack_rate, given.seconds, given.database)
    command = "python -m tests.bot.load " + " ".join(sys.argv[1:])
    table = Table("measured", "n", "p50", "p95", "p99", "limit", title=command.strip())
    card_p95, ack_p99 = percentile(took or [99.0], 0.95), percentile(answered or [9e9], 0.99)
    table.add_row(
        f"event to card, {given.rate:g} messages/s, {model}", f"{len(took)} of {n_due}",
        f"{percentile(took or [99.0], 0.5):.2f} s", f"{card_p95:.2f} s",
        f"{percentile(took or [99.0], 0.99):.2f} s", f"p95 {CARD_P95_S:g} s",
    )  # fmt: skip
    table.add_row(
        f"event to 200, {given.ack_rate:g} events/s, model stalled", str(len(answered)),
        f"{percentile(answered, 0.5):.0f} ms", f"{percentile(answered, 0.95):.0f} ms",
        f"{ack_p99:.0f} ms", f"p99 {ACK_P99_MS:g} ms",
    )  # fmt: skip
    Console(width=110).print(table)
    is_good = len(took) == n_due and n_refused == 0
    return 0 if is_good and card_p95 <= CARD_P95_S and ack_p99 <= ACK_P99_MS else 1


if __name__ == "__main__":
    sys.exit(main())

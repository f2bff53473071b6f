"""kill -9 at every line: a program that forks, lets the child die at the k-th line it executes, recovers, and checks.

A process of its own, so that nothing is forked while threads of a test run hold locks. A first child runs to its end
and writes down its way; of each different line the first and the last time it is reached are points to die at. One
line of JSON per point: {"point": k, "line": "outbox.py:90", "killed": bool, "wrong": [..]}.

    python -m tests.bot.reliability.kill_runner FOLDER --database URL --every 20 --control split
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import sys
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Double, update

from bot.crypto import MasterKey
from bot.slack.client import Answer, Done
from bot.store import Store
from bot.store.outbox import Outbox
from bot.store.tables import metadata, outbox
from tests.bot.worker_tools import REVIEW, TENANT, FakeSlack, Office, message

ROOT = Path(__file__).parents[3]
#: Where a line counts: our own code, and the Slack of this file, which can be left between its yes and our ears.
OURS = (str(ROOT / "bot") + os.sep, __file__)
LIBRARY = os.sep + "sqlalchemy" + os.sep
EVENTS = [
    message("card-1 and mail-1", "1700000001.000100", event_id="EvA"),
    message("nothing here", "1700000002.000100", event_id="EvB"),
    message("ssn-3", "1700000003.000100", event_id="EvC", channel="C2"),
]
FLAGGED = {"1700000001.000100", "1700000003.000100"}


class DiskSlack(FakeSlack):
    """A Slack that outlives us: a post is one line of a file, there from the moment Slack says yes."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        for line in path.read_text().splitlines() if path.exists() else ():
            args = json.loads(line)
            self.posts.setdefault(args["channel"], []).insert(0, args)

    def post(self, args: dict[str, Any]) -> Done:
        n_before = sum(len(posts) for posts in self.posts.values())
        kept = {"channel": args["channel"], "ts": f"1800000000.{n_before:06d}"}
        kept["metadata"] = args.get("metadata")
        line = json.dumps(kept) + "\n"
        _append(self._path, line)
        self.posts.setdefault(kept["channel"], []).insert(0, kept)
        answer = Done({"ok": True, "ts": kept["ts"]})
        return answer

    def call(self, method: str, **args: Any) -> Answer:
        answer = super().call(method, **args)
        return answer


def _append(path: Path, line: str) -> None:
    with path.open("a") as file:
        file.write(line)


class Base:
    """A database with an installation in it, copied for each point."""

    def __init__(self, folder: Path, database: str) -> None:
        self.key = MasterKey.throw_away()
        self._folder = folder / "base"
        self._folder.mkdir()
        self._point = folder / "point"
        self._server = database
        self._url = database.rpartition("/")[0] + "/kill_base" if database else ""
        if database:
            self._sql("CREATE DATABASE kill_base")
        store = Store.open(self._url or _sqlite(self._folder), _keys(self._folder), self.key)
        store.upgrade()
        Office(store)
        store.checkpoint()
        store.close()

    def fresh(self) -> Path:
        """A folder with a copy."""
        shutil.rmtree(self._point, ignore_errors=True)
        shutil.copytree(self._folder, self._point)
        if self._server:
            self._sql("DROP DATABASE IF EXISTS kill_point WITH (FORCE)")
            self._sql("CREATE DATABASE kill_point TEMPLATE kill_base")
        return self._point

    def open(self) -> Store:
        url = self._url.replace("kill_base", "kill_point") or _sqlite(self._point)
        return Store.open(url, _keys(self._point), self.key, exclusive=not self._url)

    def _sql(self, statement: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(statement)


def _sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / 'piiguard.db'}"


def _keys(folder: Path) -> str:
    return f"sqlite:///{folder / 'keys.db'}"


# ------------------------------------------------------------------------------------------ the child
def live(office: Office, folder: Path) -> None:
    """What is killed: put, the same once more, claim, finish, send."""
    for event in (EVENTS[0], EVENTS[0], *EVENTS[1:]):
        office.put(event)
        _append(folder / "acked", event["event_id"] + "\n")
    office.worker.run_once()
    office.sender.run_once()


class Fuse:
    """Counts the lines of this process, and kills it at number ``point``; without a point it writes down its way."""

    def __init__(self, point: int, *, in_library: bool) -> None:
        self._point = point
        self._in_library = in_library
        self.way: list[str] = []
        self._n = 0

    def __call__(self, frame: Any, what: str, arg: Any) -> Any:
        name = frame.f_code.co_filename
        if name.startswith(OURS) or (self._in_library and LIBRARY in name):
            return self._line
        return None

    def _line(self, frame: Any, what: str, arg: Any) -> Any:
        if what == "line":
            self._n += 1
            if self._n == self._point:
                os.kill(os.getpid(), signal.SIGKILL)
            if not self._point:
                self.way.append(f"{frame.f_code.co_filename}:{frame.f_lineno}")
        return self._line


def run_child(base: Base, folder: Path, point: int, control: str, *, in_library: bool) -> None:
    store = base.open()
    office = Office(store)
    office.slack = DiskSlack(folder / "slack")
    office.restart()
    sabotage(office, control)
    fuse = Fuse(point, in_library=in_library)
    sys.settrace(fuse)
    live(office, folder)
    sys.settrace(None)
    if not point:
        (folder / "way").write_text(json.dumps(fuse.way))


def sabotage(office: Office, control: str) -> None:
    """The faults that the net must catch, or it proves nothing."""
    store = office.store
    if control == "split":
        whole, done = office.worker._finish, store.inbox.done

        def in_two(judged: Any) -> set[str]:
            with store.transaction() as tx:
                ours = done(tx, [one.job for one in judged])
            store.inbox.done = lambda tx, jobs: ours  # type: ignore[method-assign]
            return whole(judged)

        office.worker._finish = in_two  # type: ignore[assignment]
    elif control == "late_mark":
        claim = store.outbox.claim

        def unmarked(lease_s: float = 30) -> Any:
            send = claim(lease_s)
            if send is not None:
                with store.transaction() as tx:
                    tx.execute(update(outbox).where(outbox.c.id == send.id).values(ambiguous=False))
            return send

        store.outbox.claim = unmarked  # type: ignore[method-assign]
    elif control == "early_ack":
        put = office.put

        def acked_first(*events: Any, kind: str = "event") -> None:
            _append(Path(office.slack._path).parent / "acked", events[0]["event_id"] + "\n")
            put(*events, kind=kind)

        office.put = acked_first  # type: ignore[method-assign]


# ------------------------------------------------------------------------------------------ the parent
def recover(base: Base, folder: Path) -> list[str]:
    """Start again, as after a crash; Slack sends what was not acknowledged. Gives what is wrong afterwards."""
    store = base.open()
    try:
        store.upgrade()
        path = folder / "acked"
        acked = set(path.read_text().split()) if path.exists() else set()
        office = Office(store)
        office.slack = DiskSlack(folder / "slack")
        office.restart()
        let_time_pass(store, 400)
        # before anything is sent again: what was acknowledged is there by itself
        office.work()
        lost = [
            event for event in EVENTS if event["event_id"] in acked and not _known(store, event)
        ]
        office.put(*(event for event in EVENTS if event["event_id"] not in acked))
        office.put(EVENTS[0])
        office.work()
        for _ in range(4):
            office.sender.run_once()
            office.clock.time += 16
            let_time_pass(store, 400)
        return [f"lost {event['event_id']}" for event in lost] + _wrong(office)
    finally:
        store.close()


def _known(store: Store, event: dict[str, Any]) -> bool:
    inner = event["event"]
    with store.reading() as tx:
        return store.messages.latest(tx, TENANT, inner["channel"], inner["ts"]) is not None


def _wrong(office: Office) -> list[str]:
    wrong = []
    flags = Counter(flag.ts for flag in office.flags())
    if flags != Counter(FLAGGED):
        wrong.append(f"flags {sorted(flags.items())}")
    marks = Counter(post["metadata"]["event_payload"]["key"] for post in office.cards())
    if len(marks) != len(FLAGGED):
        wrong.append(f"{len(marks)} cards")
    if marks and max(marks.values()) > 1:
        wrong.append("a card twice")
    cards = {post["ts"] for post in office.cards()}
    for flag in office.flags():
        here = [card for card in office.store.cards.by_flag(flag) if card.target == REVIEW]
        if len(here) != 1 or here[0].slack_ts not in cards:
            wrong.append(f"no card row for {flag.ts}")
    depth, out = office.store.inbox.depth(), office.store.outbox.depth()
    if depth.ready or depth.leased or depth.dead or out["ready"] or out["leased"] or out["dead"]:
        wrong.append("unfinished rows")
    if office.store.audit.verify() is not None:
        wrong.append("audit chain")
    return wrong


def let_time_pass(store: Store, seconds: float) -> None:
    """Move every time in a store into the past."""
    with store.transaction() as tx:
        for table in metadata.sorted_tables:
            if table.name == "audit":
                continue
            for column in (c for c in table.c if isinstance(c.type, Double) and c.name != "score"):
                tx.execute(
                    update(table)
                    .where(column.is_not(None), column != 0)
                    .values({column: column - seconds})
                )


def try_point(base: Base, point: int, control: str, *, in_library: bool) -> tuple[bool, list[str]]:
    """Let a child die at a point: whether it did, and what was wrong after all."""
    folder = base.fresh()
    child = os.fork()
    if child == 0:
        code = 1
        with contextlib.suppress(BaseException):
            try:
                run_child(base, folder, point, control, in_library=in_library)
                code = 0
            except BaseException:  # noqa: BLE001  it must not come back to the parent's code
                traceback.print_exc()
        os._exit(code)
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    wrong = recover(base, folder)
    if not killed and status != 0:
        wrong.append("the child failed by itself")
    return killed, wrong


def points_of(way: list[str], every: int, seed: int, only: str) -> list[int]:
    """Where to die: the first and the last time of each line, or one in ``every`` of these, in any order."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for n, line in enumerate(way, start=1):
        if only in line:
            first.setdefault(line, n)
            last[line] = n
    points = sorted({*first.values(), *last.values()})
    dice = random.Random(seed)
    chosen = [dice.choice(points[at : at + every]) for at in range(0, len(points), every)]
    dice.shuffle(chosen)
    return chosen


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--database", default="")
    arguments.add_argument("--control", default="")
    arguments.add_argument("--every", type=int, default=1)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--only", default="", help="lines of files with this in their path")
    arguments.add_argument("--until-wrong", action="store_true")
    arguments.add_argument("--in-library", action="store_true")
    given = arguments.parse_args()
    Outbox.done.__kwdefaults__["pace_s"] = 0.0  # type: ignore[index]
    base = Base(given.folder, given.database)
    _, wrong = try_point(base, 0, given.control, in_library=given.in_library)
    way = json.loads((given.folder / "point" / "way").read_text())
    print(json.dumps({"point": 0, "line": "", "killed": False, "wrong": wrong}), flush=True)
    for point in points_of(way, given.every, given.seed, given.only):
        killed, wrong = try_point(base, point, given.control, in_library=given.in_library)
        line = way[point - 1].rpartition(os.sep)[2]
        print(
            json.dumps({"point": point, "line": line, "killed": killed, "wrong": wrong}), flush=True
        )
        if wrong and given.until_wrong:
            return


if __name__ == "__main__":
    main()

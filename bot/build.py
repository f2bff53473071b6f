"""From a configuration to the real parts: the one place that makes them."""

import threading
from dataclasses import dataclass
from time import time as wall_clock

from bot.config import BotConfig
from bot.crypto import MasterKey, load_master_key
from bot.directory import Directory
from bot.home_numbers import Home
from bot.ingress.commands import Commands
from bot.ingress.door import Door
from bot.ingress.ignored import IgnoredChannels
from bot.ingress.interactions import Interactions
from bot.ingress.shortcuts import Shortcuts
from bot.ingress.submissions import Submissions
from bot.ingress.writer import Writer
from bot.live_guard import LiveGuard
from bot.metrics import Metrics
from bot.policies import Policies
from bot.store import Store
from bot.threads import Threads
from bot.worker.context import ContextRing
from bot.worker.render import Renderer
from bot.worker.scan import Worker
from bot.worker.send import Sender
from bot.workspaces import Workspaces
from piiguard import Guard, load
from piiguard.labels import SEVERITIES


@dataclass(slots=True)
class Parts:
    """Everything that runs in one process. ``start`` and ``stop`` are about the threads, not about the web server."""

    config: BotConfig
    store: Store
    guard: Guard
    policies: Policies
    workspaces: Workspaces
    directory: Directory
    writer: Writer
    door: Door
    worker: Worker
    sender: Sender
    metrics: Metrics
    stopping: threading.Event
    threads: Threads

    def start(self, *, ingress: bool = True, work: bool = True) -> None:
        """Connect to Slack where a token is given, then start the writer (``ingress``) and the work (``work``)."""
        self.threads.start(self, ingress=ingress, work=work)

    def stop(self, timeout_s: float = 8.0) -> None:
        """End what was started and close the database, within ``timeout_s``. Once is enough; twice does no harm."""
        self.threads.stop(self, timeout_s)

    def dead_threads(self) -> list[str]:
        """The names of threads that were started and have died; empty when all is well."""
        return self.threads.dead(self)

    @property
    def is_alive(self) -> bool:
        """True while no thread has died."""
        return not self.dead_threads()

    def measure(self) -> None:
        """Bring the gauges up to date."""
        depth = self.store.inbox.depth()
        for state in ("ready", "leased", "dead"):
            self.metrics.inbox_depth.labels(state).set(getattr(depth, state))
        self.metrics.oldest_unfinished_seconds.set(depth.oldest_age_s)
        for state, n in self.store.outbox.depth().items():
            self.metrics.outbox_depth.labels(state).set(n)
        counts = [self.store.flags.counts(one.tenant) for one in self.workspaces.active()]
        self.metrics.queue_open.set(sum(n[severity] for n in counts for severity in SEVERITIES))
        with self.store.reading() as tx:
            now = self.store.now(tx)
        self.metrics.clock_skew_seconds.set(wall_clock() - now.timestamp())
        oldest = [self.store.flags.oldest_pending(one.tenant) for one in self.workspaces.active()]
        ages = [(now - at).total_seconds() for at in oldest if at is not None]
        self.metrics.queue_oldest_seconds.set(max(ages, default=0.0))


def open_store(
    config: BotConfig, *, exclusive: bool = False, master_key: MasterKey | None = None
) -> Store:
    """The database of a configuration, brought up to date."""
    config.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = master_key or load_master_key(config)
    store = Store.open(config.database_url, config.keys_url, key, exclusive=exclusive)
    try:
        store.upgrade()
    except BaseException:
        store.close()
        raise
    return store


def build(
    config: BotConfig,
    *,
    guard: Guard | None = None,
    policies: Policies | None = None,
    master_key: MasterKey | None = None,
    exclusive: bool = True,
    console_url: str = "",
) -> Parts:
    """Open the database, the keys and the model, and put the parts together. Starts no thread.

    Args:
        guard: where the model is loaded already; else PIIGUARD_MODEL, else the shipped one.
        policies: in place of PIIGUARD_POLICY (demo, tests).
        master_key: in place of PIIGUARD_SECRET_KEY (demo, tests).
        exclusive: this is the one long-running process of a SQLite database.
        console_url: where a console answers; without one no card, modal or Home links to it.
    """
    guard = guard or (load(config.model) if config.model else LiveGuard())
    policies = policies or Policies(
        config.policy, home=config.policy_home, alert_channel=config.alert_channel
    )
    store = open_store(config, exclusive=exclusive, master_key=master_key)
    metrics = Metrics()
    if guard.manifest is not None:
        sha256 = guard.manifest.sha256.get("onnx/model_quantized.onnx", "")
        metrics.set_model(guard.manifest.name, sha256)
    if isinstance(guard, LiveGuard):
        guard.on_change = lambda manifest: metrics.set_model(
            manifest.name, manifest.sha256.get("onnx/model_quantized.onnx", "")
        )
    stopping = threading.Event()
    workspaces = Workspaces(store, config)
    # asked within a request, so it must answer in time; the worker has a directory of its own
    people = Directory(store, policies, workspaces.quick)
    directory = Directory(store, policies, workspaces.client)
    writer = Writer(store.inbox)
    ignored = IgnoredChannels(store)
    submissions = Submissions(
        store, workspaces, policies, people.person, metrics, console_url=console_url
    )
    interactions = Interactions(
        store,
        writer,
        workspaces,
        people.person,
        submissions,
        Shortcuts(guard, policies, workspaces),
    )
    commands = Commands(
        store,
        guard,
        policies,
        workspaces,
        people.person,
        interactions,
        ignored,
        console_url=console_url,
    )
    door = Door(
        store,
        writer,
        workspaces,
        policies,
        interactions,
        commands,
        ignored,
        metrics,
        stopping=stopping,
    )
    home = Home(store, guard, policies, workspaces, directory.person, console_url=console_url)
    renderer = Renderer(
        store, policies, directory, workspaces.client, console_url=console_url, home=home
    )
    return Parts(
        config=config,
        store=store,
        guard=guard,
        policies=policies,
        workspaces=workspaces,
        directory=directory,
        writer=writer,
        door=door,
        worker=Worker(
            store, guard, policies, workspaces.client, ContextRing(), metrics, directory=directory
        ),
        sender=Sender(store, workspaces.client, renderer, metrics),
        metrics=metrics,
        stopping=stopping,
        threads=Threads(),
    )

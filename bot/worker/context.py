"""ContextRing: the last few texts of each thread, in memory only, for a while. Best effort: gone with the process."""

import threading
from bisect import insort
from collections import OrderedDict

from bot.parts_text import context_text
from bot.records import SlackMessage

_Key = tuple[str, str, str]


class ContextRing:
    """What was said before a message in its thread, or in its channel where it stands outside of threads.

    Thread-safe. ``n`` texts a thread, none older than ``window_s`` before the message (by Slack's ts), at most
    ``max_threads`` threads and ``max_chars`` of each text.
    """

    def __init__(
        self,
        n: int = 4,
        window_s: float = 900.0,
        *,
        max_threads: int = 5_000,
        max_chars: int = 1_000,
    ):
        self._n = n
        self._window_s = window_s
        self._max_threads = max_threads
        self._max_chars = max_chars
        self._rings: OrderedDict[_Key, list[tuple[str, str]]] = OrderedDict()
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"ContextRing(threads={len(self._rings)})"

    def before(self, message: SlackMessage) -> tuple[str, ...]:
        """The texts before this message, oldest first."""
        since = _seconds(message.ts) - self._window_s
        with self._lock:
            ring = self._rings.get(_place(message), [])
            texts = [text for ts, text in ring if ts < message.ts and _seconds(ts) >= since]
        return tuple(texts[-self._n :])

    def add(self, message: SlackMessage) -> None:
        """Take up a message, or its newer text."""
        text = context_text(message)[: self._max_chars]
        # a message begins the thread that answers to it
        own = (message.tenant, message.channel_id, message.ts)
        with self._lock:
            for key in dict.fromkeys((_place(message), own)):
                self._put(key, message.ts, text)

    def drop(self, tenant: str, channel_id: str, ts: str) -> None:
        """Forget a deleted message."""
        with self._lock:
            self._rings.pop((tenant, channel_id, ts), None)
            for key, ring in self._rings.items():
                if key[:2] == (tenant, channel_id):
                    ring[:] = [entry for entry in ring if entry[0] != ts]

    def _put(self, key: _Key, ts: str, text: str) -> None:
        ring = self._rings.setdefault(key, [])
        self._rings.move_to_end(key)
        ring[:] = [entry for entry in ring if entry[0] != ts]
        if text:
            insort(ring, (ts, text))
        # one more than is given away: a message must not push its own forerunners out
        del ring[: -(self._n + 1)]
        while len(self._rings) > self._max_threads:
            self._rings.popitem(last=False)


def _place(message: SlackMessage) -> _Key:
    return (message.tenant, message.channel_id, message.thread_ts)


def _seconds(ts: str) -> float:
    try:
        return float(ts)
    except ValueError:
        return 0.0

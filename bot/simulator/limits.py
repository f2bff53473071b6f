"""Slack's rate limits: tiers per method, and one message a second per channel for posting.

https://docs.slack.dev/apis/web-api/rate-limits: limits are per method, workspace and app; an answer of 429 carries
``Retry-After`` in seconds. Posting tolerates short bursts above one a second.
"""

import math
import threading
from collections import defaultdict, deque
from collections.abc import Callable

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
POST_BURST = 5
WINDOW_S = 60.0


class RateLimits:
    """Counts calls. Off until ``is_on``: most tests are about something else."""

    def __init__(self, clock: Callable[[], float], *, is_on: bool = False) -> None:
        self.is_on = is_on
        #: History of an app that is distributed outside the Marketplace: set to 1.
        #: https://docs.slack.dev/changelog/2025/05/29/tos-updates
        self.history_per_minute = PER_MINUTE[3]
        self._clock = clock
        self._calls: dict[str, deque[float]] = defaultdict(deque)
        self._posts: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def wait_s(self, method: str, tier: int, channel: str = "") -> int:
        """Seconds to wait before this call; 0 counts it as made."""
        if not self.is_on:
            return 0
        with self._lock:
            if method == "chat.postMessage":
                return self._post(channel)
            n_allowed = PER_MINUTE[tier]
            if method in ("conversations.history", "conversations.replies"):
                n_allowed = self.history_per_minute
            return self._window(method, n_allowed)

    def _window(self, key: str, n_allowed: int) -> int:
        now = self._clock()
        calls = self._calls[key]
        while calls and calls[0] <= now - WINDOW_S:
            calls.popleft()
        if len(calls) >= n_allowed:
            return max(1, math.ceil(calls[0] + WINDOW_S - now))
        calls.append(now)
        return 0

    def _post(self, channel: str) -> int:
        now = self._clock()
        tokens, at = self._posts.get(channel, (float(POST_BURST), now))
        tokens = min(float(POST_BURST), tokens + max(0.0, now - at))
        if tokens < 1:
            self._posts[channel] = (tokens, now)
            return max(1, math.ceil(1 - tokens))
        self._posts[channel] = (tokens - 1, now)
        return 0

"""`python -m bot serve` with the rules alone in place of the model: a process to stop, that starts in a second."""

import sys
import time

import bot.build
from bot.__main__ import main
from tests.bot.reliability.live_bot import CountingGuard


def load(model: object) -> CountingGuard:
    """The rules, a little slower than they are, so that work is at hand when the process is told to stop."""
    guard = CountingGuard()
    guard.before = lambda messages: time.sleep(0.02 * len(messages))
    return guard


bot.build.load = load  # type: ignore[assignment]

if __name__ == "__main__":
    sys.exit(main())

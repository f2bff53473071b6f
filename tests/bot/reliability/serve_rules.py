"""`python -m bot serve` with the rules alone in place of the model: a process to stop, that starts in a second."""

import sys
import time

import bot.build
from bot.__main__ import main
from tests.bot.reliability.live_bot import CountingGuard


class Rules(CountingGuard):
    """The rules, a little slower than they are, so that work is at hand when the process is told to stop."""

    def __init__(self) -> None:
        super().__init__()
        self.before = lambda messages: time.sleep(0.02 * len(messages))


bot.build.LiveGuard = Rules  # type: ignore[assignment, misc]

if __name__ == "__main__":
    sys.exit(main())

"""Waits that are made for Slack's pace, made short: the order of things stays, and a run ends within a minute."""

import pytest

from bot.store.outbox import Outbox
from bot.worker.send import Sender


@pytest.fixture
def quick_lanes(monkeypatch) -> None:
    """No pause between two posts, no digest however many cards wait, short waits after a lost answer."""
    monkeypatch.setitem(Outbox.done.__kwdefaults__, "pace_s", 0.0)
    monkeypatch.setattr("bot.worker.finish.MAX_WAITING", 100_000)
    monkeypatch.setattr("bot.worker.finish.MAX_AN_HOUR", 100_000)
    monkeypatch.setattr("bot.worker.send.MAX_BACKOFF_S", 0.5)
    monkeypatch.setattr("bot.worker.send._POLL_S", 0.02)
    monkeypatch.setitem(Sender.__init__.__kwdefaults__, "look_again_s", 0.3)

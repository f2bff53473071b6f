"""A stand-in for Slack over real HTTP: what the tests talk to, and what `python -m bot demo` shows."""

from bot.simulator.faults import Fault
from bot.simulator.interactions import Answer
from bot.simulator.records import Call, Channel, Delivery, SlackError, User, View
from bot.simulator.simulator import Simulator

__all__ = [
    "Answer",
    "Call",
    "Channel",
    "Delivery",
    "Fault",
    "Simulator",
    "SlackError",
    "User",
    "View",
]

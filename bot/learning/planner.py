"""Planner: how many messages have to be judged until estimated recall is known well enough."""

import math
from dataclasses import dataclass
from typing import Final

from bot.insights.intervals import Z

#: Where no miss was seen in n messages, at most 3 / n of all have one, with 95 % confidence. Hanley and Lippman-Hand, 1983.
RULE_OF_THREE: Final = 3.0


@dataclass(frozen=True, slots=True)
class Plan:
    """``n``: messages to judge. ``days``: how long that takes. ``is_whole``: that is all there are."""

    n: int
    days: int
    is_whole: bool


def plan(
    *, n_messages: int, n_found: int, recall: float, half_width: float, per_day: int
) -> Plan | None:
    """The size of a simple random sample for a 95 % interval of recall ± ``half_width``; None where nothing was found.

    With F found and M missed, recall is F / (F + M). M is estimated as N times the misses in a message, whose variance
    is that of rare events, m (1 - m) / n; the delta method carries it over. A sample with strata needs no more.

    Args:
        n_messages: that were not flagged in a period.
        n_found: true spans found in that period.
        recall: what is expected; the lower end where nobody knows.
        per_day: how many are judged in a day.
    """
    if not 0 < recall <= 1 or not 0 < half_width < 1 or per_day < 1:
        raise ValueError("expected 0 < recall <= 1, 0 < half_width < 1 and per_day >= 1")
    if n_messages <= 0 or n_found <= 0:
        return None
    # at a recall of 1 there is no miss to count: then enough must be seen to exclude 1 - half_width
    expected = min(recall, 1 - half_width / 2)
    a_message = min(1.0, n_found * (1 - expected) / (expected * n_messages))
    slope = expected * expected * n_messages / n_found
    n = (Z * slope / half_width) ** 2 * a_message * (1 - a_message)
    worst = max(1e-9, 1 - half_width)
    n = max(n, RULE_OF_THREE * n_messages * worst / (n_found * (1 - worst)))
    # of a finite number fewer do
    wanted = min(n_messages, math.ceil(n / (1 + n / n_messages)))
    return Plan(wanted, math.ceil(wanted / per_day), wanted == n_messages)

"""Sampler: draws messages that were not flagged, by chance, for people to look at.

Where something was found, or where digits stand, is looked at more often; each drawn message carries how many it stands
for, which is 1 / its chance, so that what was missed can be weighted up. Nobody can know which message is drawn.
"""

import random
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final, Literal

from bot.parts_text import plain_of
from bot.policy_sections import RecallAuditSection
from bot.records import FoundSpan, Part, SlackMessage
from bot.store import Connection, Store

#: "candidates": something was found, which the policy does not count. "digits": no such thing, but a digit.
Stratum = Literal["candidates", "digits", "other"]
#: How much more often than the policy's share each is drawn. With usual traffic they come to the share.
BOOST: Final[dict[Stratum, float]] = {"candidates": 4.0, "digits": 2.0, "other": 0.5}
#: Longer ones, mostly files, nobody reads to the end; the audit says nothing of them.
MAX_CHARS: Final = 20_000
_LOOK_BACK: Final = timedelta(days=7)
_FRESH_S: Final = 600.0


def stratum_of(parts: Sequence[Part], spans: Sequence[FoundSpan]) -> Stratum:
    """Which kind of message it is."""
    if spans:
        return "candidates"
    has_digit = any(char.isdigit() for part in parts for char in plain_of(part).text)
    return "digits" if has_digit else "other"


class Sampler:
    """Thread-safe. ``chance`` gives numbers from 0 to 1."""

    def __init__(
        self,
        store: Store,
        *,
        chance: Callable[[], float] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._chance = chance or random.SystemRandom().random
        self._clock = clock
        self._volumes: dict[str, tuple[float, float]] = {}

    def consider(
        self,
        tx: Connection,
        section: RecallAuditSection,
        message: SlackMessage,
        parts: Sequence[Part],
        spans: Sequence[FoundSpan],
    ) -> str | None:
        """Put a message that was not flagged into the sample, or do not; gives the sample's id where it is new.

        The chance falls as the day's number is used up, and is 0 once it is: of a day busier than seven before it, the
        last hours may be left out.
        """
        if section.share <= 0:
            return None
        drawn = self._chance()
        # most messages end here, before anybody looks into them
        if drawn >= section.share * max(BOOST.values()):
            return None
        if not 0 < sum(len(part.text) for part in parts) <= MAX_CHARS:
            return None
        stratum = stratum_of(parts, spans)
        chance = min(1.0, section.share * BOOST[stratum] * self._pace(tx, message.tenant, section))
        if drawn >= chance:
            return None
        left = section.per_day - self._store.samples.counts(message.tenant).n_today
        kept = min(1.0, max(0.0, 2 * left / section.per_day))
        if self._chance() >= kept:
            return None
        return self._store.samples.add(
            tx,
            message.tenant,
            message.channel_id,
            message.ts,
            message.thread_ts,
            message.user_id,
            parts,
            spans,
            stratum,
            1 / (chance * kept),
        )

    def _pace(self, tx: Connection, tenant: str, section: RecallAuditSection) -> float:
        """Below 1 where the share of an average day is more than a day may have: so the sample spans the day."""
        expected = section.share * self._a_day(tx, tenant)
        return min(1.0, section.per_day / expected) if expected else 1.0

    def _a_day(self, tx: Connection, tenant: str) -> float:
        """Messages scanned a day, of the last seven."""
        read_at, volume = self._volumes.get(tenant, (float("-inf"), 0.0))
        if self._clock() - read_at >= _FRESH_S:
            now = self._store.now(tx)
            scanned = self._store.insights.scanned(tenant, now - _LOOK_BACK, now) or 0
            volume = scanned / _LOOK_BACK.days
            self._volumes[tenant] = (self._clock(), volume)
        return volume

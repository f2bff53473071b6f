"""Detector: what rules, the model and Presidio have in common."""

from collections.abc import Sequence
from typing import Protocol

from piiguard.messages import Message
from piiguard.spans import Span


class Detector(Protocol):
    """Finds spans in plain text; ``Guard`` has read the wire format before it asks."""

    @property
    def name(self) -> str:
        """How its spans call themselves in ``Span.source``."""
        ...

    def detect_batch(self, messages: Sequence[Message]) -> list[list[Span]]:
        """For each message, disjoint spans in order, as offsets into ``message.text``."""
        ...

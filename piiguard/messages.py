"""Message: one text to judge, and the texts before it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Markup = Literal["slack", "plain"]


@dataclass(frozen=True, slots=True)
class Message:
    """A text, the texts before it in its thread or channel (oldest first), and how they are written.

    ``markup`` is "slack" for Slack's wire format and "plain" for text as a reader sees it. The texts stay out of repr.
    """

    text: str = field(repr=False)
    context: Sequence[str] = field(default=(), repr=False)
    markup: Markup = "slack"

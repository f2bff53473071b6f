"""Real chat without labels, and customers' questions without personal data."""

import hashlib
from collections.abc import Iterator
from typing import Any

from piiguard.examples import Example
from training.corpora.rows import plain_example

#: Every sixth line of real chat is never trained on: 10,000 messages to count false flags on.
_HELD_BACK = 6


def lines(rows: Iterator[dict[str, Any]]) -> Iterator[Example]:
    """Chat lines, unlabelled: ``weak_labels`` gives them what can be known."""
    for row in rows:
        yield plain_example(row, origin="weak", weight=0.6)


def questions(rows: Iterator[dict[str, Any]]) -> Iterator[Example]:
    """Questions to a bank; nothing in them is personal."""
    for row in rows:
        yield plain_example(row, weight=0.5)


def is_held_back(example: Example) -> bool:
    """True for the lines of real chat that only ever measure, by hash of their id."""
    digest = hashlib.blake2b(example.id.encode(), digest_size=8).digest()
    return int.from_bytes(digest) % _HELD_BACK == 0

"""Limits: how often and how much a token may ask, by token buckets of the database, so that they hold everywhere."""

from dataclasses import dataclass

from bot.store import Store

#: Text is paid for in pieces of so many characters.
PIECE_CHARS = 2000


@dataclass(frozen=True, slots=True)
class Limits:
    """At once and then a second: requests, and pieces of text to look through."""

    requests: float = 60.0
    requests_per_s: float = 10.0
    pieces: float = 600.0
    pieces_per_s: float = 30.0

    def take_requests(self, store: Store, token_id: str, cost: float) -> float:
        """Pay for a request: 0.0, or the seconds to wait."""
        return store.buckets.take(
            f"api:{token_id}",
            capacity=self.requests,
            per_s=self.requests_per_s,
            cost=min(cost, self.requests),
        )

    def take_texts(self, store: Store, token_id: str, texts: tuple[str, ...]) -> float:
        """Pay for texts: 0.0, or the seconds to wait."""
        pieces = sum(1 + len(text) // PIECE_CHARS for text in texts)
        return store.buckets.take(
            f"api-text:{token_id}",
            capacity=self.pieces,
            per_s=self.pieces_per_s,
            cost=min(float(pieces), self.pieces),
        )


class WaitError(Exception):
    """Asked too often, for an answer 429."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too many requests")
        self.seconds = seconds

"""The converted rows that all public sets share: ``{"id", "text", "spans"?, "source"}``, gzipped JSON Lines."""

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from piiguard.examples import Example
from piiguard.spans import Span


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """One dict a line."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def plain_example(
    row: dict[str, Any],
    spans: Iterable[Span] = (),
    *,
    origin: str = "gold",
    weight: float = 1.0,
    context: tuple[str, ...] = (),
    abstain: Iterable[tuple[int, int]] = (),
) -> Example:
    """An Example in plain markup, its own group."""
    return Example(
        row["id"],
        row["text"],
        tuple(sorted(spans)),
        row["id"],
        origin,
        "plain",
        context,
        weight,
        {"abstain": [list(edges) for edges in abstain], "source": row.get("source", "")},
    )

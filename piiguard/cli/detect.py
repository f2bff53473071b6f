"""``piiguard detect``: a JSON Lines filter."""

import json
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

import click

from piiguard.cli.options import (
    binary_stdin,
    binary_stdout,
    model_options,
    open_policy,
    policy_option,
)

if TYPE_CHECKING:
    from pathlib import Path

    from piiguard.guard import Guard
    from piiguard.messages import Markup
    from piiguard.policy import Policy

BATCH_SIZE = 64
MAX_LINE_BYTES = 16_000_000
_TOO_LONG = object()


@click.command()
@click.option(
    "--markup",
    type=click.Choice(["slack", "plain"]),
    default="slack",
    show_default=True,
    help='How texts are written where a line has no "markup".',
)
@model_options
@policy_option
def detect(
    markup: "Markup", model: "Path | None", rules_only: bool, policy_file: "Path | None"
) -> None:
    """Judge messages from stdin, a JSON object a line, in order.

    \b
    Examples:
      echo '{"id": "1", "text": "card 4242 4242 4242 4242"}' | piiguard detect
      zcat messages.jsonl.gz | piiguard detect --markup plain > judged.jsonl

    A line in is {"id", "text", "context"?, "markup"?}; other fields are ignored. A line out is
    {"id", "flagged", "severity", "spans"}. A bad line gives {"error": {"line", "reason"}}, the rest is
    judged, and the exit code is 2 at the end.
    """
    from piiguard.opening import open_guard

    policy = open_policy(policy_file)
    guard = open_guard(model, rules_only=rules_only)
    stdin, stdout = binary_stdin(), binary_stdout()
    n_bad = number = 0
    for lines in read_available(stdin):
        rows = []
        for line in lines:
            number += 1
            if isinstance(line, bytes) and not line.strip():
                continue
            row = parse(line, number, markup)
            n_bad += "error" in row
            rows.append(row)
        for answer in judge(rows, guard, policy):
            stdout.write(json.dumps(answer).encode() + b"\n")
        stdout.flush()
    if n_bad:
        click.echo(f"error: {n_bad} of {number} lines could not be judged", err=True)
        raise SystemExit(2)


def parse(line: bytes | object, number: int, markup: "Markup") -> dict[str, Any]:
    """The message of a line; where it is none, the answer with its "error"."""
    from piiguard.sources.json_lines import MessageError, parse_message

    if not isinstance(line, bytes):
        reason = f"longer than {MAX_LINE_BYTES:,} bytes"
        return {"error": {"line": number, "reason": reason}}
    try:
        row = parse_message(line)
    except ValueError as error:
        answer: dict[str, Any] = {"error": {"line": number, "reason": str(error)}}
        if isinstance(error, MessageError) and error.id is not None:
            return {"id": error.id, **answer}
        return answer
    return {
        "id": row.get("id"),
        "text": row["text"],
        "context": tuple(row["context"]),
        "markup": row.get("markup") or markup,
    }


def judge(rows: list[dict[str, Any]], guard: "Guard", policy: "Policy") -> Iterator[dict[str, Any]]:
    """The answers to the rows that ``parse`` made, in their order; errors pass through."""
    from piiguard.items import Place, own_spans, slices

    place = Place("stdin")
    parts = [
        []
        if "error" in row
        else list(slices(row["text"], place, context=row["context"], markup=row["markup"]))
        for row in rows
    ]
    found = iter(guard.detect_batch([item.message for items in parts for item in items]))
    for row, items in zip(rows, parts, strict=True):
        if "error" in row:
            yield row
            continue
        judged = [(item, next(found)) for item in items]
        spans = [(item.offset, span) for item, span in own_spans(judged)]
        verdict = policy.decide(span for _, span in spans)
        yield {
            "id": row["id"],
            "flagged": verdict.flagged,
            "severity": verdict.severity,
            "spans": [
                {
                    "start": offset + span.start,
                    "end": offset + span.end,
                    "label": span.label,
                    "score": round(float(span.score), 4),
                    "source": span.source,
                }
                for offset, span in spans
            ],
        }


def read_available(stream: IO[bytes]) -> Iterator[list[bytes | object]]:
    """Lines in lists of at most BATCH_SIZE: as many as are there, without waiting for more.

    A line that is too long comes as an object that is not bytes.
    """
    read = getattr(stream, "read1", stream.read)
    pieces: list[bytes] = []
    size = 0
    waiting: list[bytes | object] = []
    while chunk := read(65_536):
        *whole, tail = chunk.split(b"\n")
        for piece in whole:
            is_whole = size + len(piece) <= MAX_LINE_BYTES
            waiting.append(b"".join((*pieces, piece)) if is_whole else _TOO_LONG)
            pieces, size = [], 0
            if len(waiting) >= BATCH_SIZE:
                yield waiting
                waiting = []
        if waiting:
            yield waiting
            waiting = []
        size += len(tail)
        if size > MAX_LINE_BYTES:
            pieces = []
        elif tail:
            pieces.append(tail)
    if size:
        yield [b"".join(pieces) if size <= MAX_LINE_BYTES else _TOO_LONG]

"""Example, the one file format that joins the rooms, and Correction, an Example that a person has reviewed."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from piiguard.errors import ExampleError, SpanError
from piiguard.messages import Markup
from piiguard.spans import Span

ORIGINS = ("template", "weak", "gold", "review")
EXAMPLE_SCHEMA = "piiguard/example@1"
CORRECTION_SCHEMA = "piiguard/correction@1"


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled text. ``group`` is what a split may not tear apart: a template, a thread, a document."""

    id: str
    text: str = field(repr=False)
    spans: tuple[Span, ...] = ()
    group: str = ""
    origin: str = "gold"
    markup: Markup = "slack"
    context: tuple[str, ...] = field(default=(), repr=False)
    weight: float = 1.0
    meta: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.origin not in ORIGINS:
            raise ExampleError(f"unknown origin; expected one of: {', '.join(ORIGINS)}")
        if self.markup not in ("slack", "plain"):
            raise ExampleError('unknown markup; expected "slack" or "plain"')
        end = 0
        for span in self.spans:
            if span.start < end or span.end > len(self.text):
                raise ExampleError(
                    f"span [{span.start}, {span.end}) overlaps the one before it, is out of order or ends "
                    f"behind the text (length {len(self.text)})"
                )
            end = span.end

    def to_json(self) -> dict[str, Any]:
        """The object that one line of an example file holds."""
        return {
            "schema": EXAMPLE_SCHEMA,
            "id": self.id,
            "text": self.text,
            "markup": self.markup,
            "context": list(self.context),
            "spans": _spans_to_json(self.spans),
            "group": self.group or self.id,
            "origin": self.origin,
            "weight": self.weight,
            "meta": dict(self.meta),
        }


@dataclass(frozen=True, slots=True)
class Correction(Example):
    """An Example of origin "review": what the model had said, what the reviewer decided, and who and when.

    ``reviewer`` is a pseudonym; ``reviewed_at`` is ISO 8601 in UTC; ``model`` the name of the model directory.
    """

    origin: str = "review"
    prediction: tuple[Span, ...] = ()
    decision: str = ""
    model: str = ""
    reviewed_at: str = ""
    reviewer: str = ""

    def to_json(self) -> dict[str, Any]:
        """The object that one line of a correction file holds."""
        # subtle: zero-argument super() breaks in dataclasses with slots
        line = Example.to_json(self)
        line.update(
            schema=CORRECTION_SCHEMA,
            prediction=_spans_to_json(self.prediction),
            decision=self.decision,
            model=self.model,
            reviewed_at=self.reviewed_at,
            reviewer=self.reviewer,
        )
        return line


def read_examples(path: str | Path) -> Iterator[Example]:
    """The Examples and Corrections of a JSON Lines file, in order; ``.gz`` is understood.

    Missing fields take their defaults: ``group`` the thread or the id, ``origin`` "gold", ``markup`` "slack". Unknown
    fields are ignored. Raises ExampleError naming file and line.
    """
    import gzip

    path = Path(path)
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _read_line(line, f"{path.name} line {number}")
    except UnicodeDecodeError as error:
        raise ExampleError(f"{path.name}: expected UTF-8, found another encoding") from error
    except OSError as error:
        raise ExampleError(
            f"{path}: cannot be read ({error.strerror or type(error).__name__})"
        ) from error


def write_examples(path: str | Path, examples: Iterable[Example]) -> int:
    """Write one line an Example, replacing the file only when all are written; returns their number."""
    path = Path(path)
    partial = path.with_name(path.name + ".part")
    n_written = 0
    with open(partial, "w", encoding="utf-8") as out:
        for example in examples:
            out.write(_to_line(example) + "\n")
            n_written += 1
    partial.replace(path)
    return n_written


def example_from_json(line: Mapping[str, Any]) -> Example:
    """Build the Example or Correction that ``to_json`` wrote. Raises ExampleError without quoting any text."""
    schema = line.get("schema", EXAMPLE_SCHEMA)
    if schema not in (EXAMPLE_SCHEMA, CORRECTION_SCHEMA):
        raise ExampleError(f"unknown schema; expected {EXAMPLE_SCHEMA} or {CORRECTION_SCHEMA}")
    try:
        common: dict[str, Any] = {
            "id": _text(line, "id"),
            "text": _text(line, "text"),
            "spans": _spans_from_json(line.get("spans", ())),
            "group": str(line.get("group") or line.get("thread") or line["id"]),
            "markup": cast(Markup, line.get("markup", "slack")),
            "context": tuple(line.get("context", ())),
            "weight": float(line.get("weight", 1.0)),
            "meta": dict(line.get("meta", {})),
        }
        if not all(isinstance(text, str) for text in common["context"]):
            raise ExampleError('"context" must be a list of strings')
        if schema == CORRECTION_SCHEMA:
            return Correction(
                **common,
                prediction=_spans_from_json(line.get("prediction", ())),
                decision=_text(line, "decision"),
                model=_text(line, "model"),
                reviewed_at=_text(line, "reviewed_at"),
                reviewer=_text(line, "reviewer"),
            )
        return Example(**common, origin=line.get("origin", "gold"))
    except SpanError as error:
        raise ExampleError(str(error)) from error
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, ExampleError):
            raise
        raise ExampleError(
            f"a field is missing or of the wrong type ({type(error).__name__})"
        ) from None


def _to_line(example: Example) -> str:
    line = json.dumps(example.to_json(), ensure_ascii=False)
    # UTF-8 has no lone surrogates; JSON's escapes do.
    lone = any("\ud800" <= char <= "\udfff" for char in line) if not line.isascii() else False
    return json.dumps(example.to_json()) if lone else line


def _read_line(line: str, place: str) -> Example:
    try:
        data = json.loads(line)
        if not isinstance(data, dict):
            raise ExampleError("expected a JSON object")
        return example_from_json(data)
    except json.JSONDecodeError as error:
        raise ExampleError(f"{place}: not JSON ({error.msg}, column {error.colno})") from None
    except ExampleError as error:
        raise ExampleError(f"{place}: {error}") from None


def _text(line: Mapping[str, Any], name: str) -> str:
    value = line.get(name)
    if not isinstance(value, str):
        raise ExampleError(f'"{name}" must be a string')
    return value


def _spans_to_json(spans: Iterable[Span]) -> list[dict[str, Any]]:
    return [{"start": span.start, "end": span.end, "label": span.label} for span in spans]


def _spans_from_json(spans: Iterable[Mapping[str, Any]]) -> tuple[Span, ...]:
    return tuple(sorted(Span(span["start"], span["end"], span["label"]) for span in spans))

"""Detector x Examples -> Report: what was measured, on what, with what, and how sure it is."""

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from piiguard.examples import Example, read_examples
from piiguard.messages import Message
from piiguard.scoring import TextScore, score_text
from piiguard.spans import Span
from training.metrics import expected_calibration_error, full_summary

_BATCH = 64


class WireDetector(Protocol):
    """What is measured: a Guard, or anything that takes messages in either markup."""

    def detect_batch(self, messages: Sequence[Message]) -> list[list[Span]]: ...


@dataclass(frozen=True, slots=True)
class Report:
    """The results of one detector on several data sets. Holds no text.

    ``datasets`` maps a set's name to its summary (``training.metrics.full_summary``) with ``sha256``, ``ece`` and
    ``ms_per_message`` beside it.
    """

    model: str
    command: str = ""
    datasets: dict[str, dict[str, Any]] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write the report as JSON, replacing the file in one step."""
        partial = path.with_name(path.name + ".part")
        partial.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")
        partial.replace(path)

    @classmethod
    def read(cls, path: Path) -> "Report":
        return cls(**json.loads(path.read_text(encoding="utf-8")))


def evaluate(
    detector: WireDetector, examples: Sequence[Example], labels: set[str] | None = None
) -> dict[str, Any]:
    """Score one data set. ``labels``: those that the set annotates, where it does not annotate all."""
    started = time.perf_counter()
    found: list[list[Span]] = []
    for first in range(0, len(examples), _BATCH):
        batch = [Message(e.text, e.context, e.markup) for e in examples[first : first + _BATCH]]
        found.extend(detector.detect_batch(batch))
    elapsed = time.perf_counter() - started
    scores: list[TextScore] = []
    claims: list[float] = []
    right: list[bool] = []
    for example, spans in zip(examples, found, strict=True):
        gold = [span for span in example.spans if labels is None or span.label in labels]
        mine = [span for span in spans if labels is None or span.label in labels]
        scores.append(score_text(example.text, gold, mine))
        exact = {(span.start, span.end, span.label) for span in gold}
        claims.extend(span.score for span in mine)
        right.extend((span.start, span.end, span.label) in exact for span in mine)
    summary = full_summary(scores, [example.group for example in examples])
    summary["ece"] = expected_calibration_error(claims, right)
    summary["ms_per_message"] = round(1000 * elapsed / max(1, len(examples)), 2)
    return summary


def evaluate_files(
    detector: WireDetector, model: str, paths: Sequence[Path], command: str = ""
) -> Report:
    """A Report over JSON Lines files, each named by its stem. A set without a single label but PERSON is scored
    on PERSON alone, in plain markup."""
    report = Report(model, command)
    for path in paths:
        examples = list(read_examples(path))
        person_only = {s.label for e in examples for s in e.spans} == {"PERSON"}
        if person_only:
            examples = [_as_plain(example) for example in examples]
        summary = evaluate(detector, examples, {"PERSON"} if person_only else None)
        summary["labels"] = "PERSON" if person_only else "all"
        summary["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        report.datasets[path.name.split(".")[0]] = summary
    return report


def _as_plain(example: Example) -> Example:
    return Example(
        example.id,
        example.text,
        example.spans,
        example.group,
        example.origin,
        "plain",
        example.context,
    )

"""The detectors that can be measured, by name."""

from collections.abc import Sequence
from pathlib import Path

from piiguard.guard import Guard, load
from piiguard.messages import Message
from piiguard.rule_detector import RuleDetector
from piiguard.rules.tables import ALL_RULES
from piiguard.spans import Span
from training.evaluate import WireDetector


def open_detector(
    model: Path | None, *, presidio: bool = False, rules_only: bool = False
) -> tuple[WireDetector, str]:
    """(detector, its name): a model directory's Guard, the rules alone, or Presidio behind the same wire reading."""
    if presidio:
        from training.presidio import PresidioDetector

        return Guard(_Silent(), PresidioDetector()), "presidio (patterns, no language model)"
    if rules_only:
        return Guard(RuleDetector(ALL_RULES), None), "piiguard rules alone"
    guard = load(model)
    return guard, guard.name


class _Silent:
    """No rules: what is measured stands alone."""

    name = "none"

    def detect_batch(self, messages: Sequence[Message]) -> list[list[Span]]:
        return [[] for _ in messages]

"""Policy: which spans make a message one that a person should look at.

Pure: it sees spans, never text. The default is the one in the annotation guidelines. A policy says one thing for
every message it is asked about; where channels or user groups differ, the caller holds a Policy for each of them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from piiguard.errors import PolicyError
from piiguard.labels import LABELS, SEVERITIES, Severity, severity_rank
from piiguard.spans import Span

Action = Literal["flag", "ignore"]
ACTIONS: tuple[Action, ...] = ("flag", "ignore")
MEDIUM_LABELS: tuple[str, ...] = tuple(
    name for name, label in LABELS.items() if label.severity == "medium"
)


# the checks stand above the classes, whose defaults are checked when the classes are made
def _check_labels(names: Iterable[str]) -> None:
    if any(name not in LABELS for name in names):
        raise PolicyError("unknown label; expected one of: " + ", ".join(LABELS))


def _check_score(score: float) -> None:
    if not 0.0 <= score <= 1.0:
        raise PolicyError(f"a score lies between 0 and 1, found {score}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a policy says of one message.

    ``severity`` is the highest of all spans that the policy counts, flagged or not; None when there is none.
    ``reasons`` is empty unless flagged, and holds no text: "critical:NATIONAL_ID",
    "combination:PERSON+EMAIL_ADDRESS+PHONE_NUMBER", "list:EMAIL_ADDRESS:7".
    """

    flagged: bool
    severity: Severity | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelRule:
    """What a policy says about one label.

    "flag": one span flags, whatever its severity; "ignore": its spans count for nothing, also not in lists and
    combinations; None: its severity decides. Spans that score below ``min_score`` count for nothing either.
    """

    action: Action | None = None
    min_score: float = 0.0

    def __post_init__(self) -> None:
        if self.action is not None and self.action not in ACTIONS:
            raise PolicyError(f"unknown action; expected one of: {', '.join(ACTIONS)}")
        _check_score(self.min_score)


@dataclass(frozen=True, slots=True)
class Combination:
    """Labels that are harmless alone and telling together: ``anchor`` with ``at_least`` different ones of ``labels``."""

    anchor: str = "PERSON"
    labels: tuple[str, ...] = MEDIUM_LABELS
    at_least: int = 2

    def __post_init__(self) -> None:
        _check_labels((self.anchor, *self.labels))
        if self.anchor in self.labels:
            raise PolicyError("a combination names its anchor among its labels; remove it from one")
        if not 1 <= self.at_least <= len(set(self.labels)):
            raise PolicyError(
                f"a combination of {len(set(self.labels))} labels can ask for 1 to that many of them, "
                f"found at_least {self.at_least}"
            )


@dataclass(frozen=True, slots=True)
class PastedList:
    """A pasted list: ``length`` or more spans of one label out of ``labels``."""

    labels: tuple[str, ...] = MEDIUM_LABELS
    length: int = 5

    def __post_init__(self) -> None:
        _check_labels(self.labels)
        if self.length < 2:
            raise PolicyError(f"a list has at least 2 spans, found length {self.length}")


@dataclass(frozen=True, slots=True)
class Policy:
    """When to flag a message. ``flag_at`` is the lowest severity of which one span flags, None for no severity.

    A label without a rule of its own follows ``flag_at`` and ``min_score``; a rule's higher of both scores holds.
    """

    flag_at: Severity | None = "high"
    min_score: float = 0.0
    labels: Mapping[str, LabelRule] = field(default_factory=dict)
    combinations: tuple[Combination, ...] = (Combination(),)
    lists: tuple[PastedList, ...] = (PastedList(),)

    def __post_init__(self) -> None:
        if self.flag_at is not None and self.flag_at not in SEVERITIES:
            raise PolicyError(f"unknown severity; expected one of: {', '.join(SEVERITIES)}")
        _check_score(self.min_score)
        _check_labels(self.labels)

    @classmethod
    def default(cls) -> "Policy":
        """The policy of the annotation guidelines."""
        return cls()

    def counts(self, span: Span) -> bool:
        """True when the policy takes notice of this span at all."""
        rule = self.labels.get(span.label, LabelRule())
        return rule.action != "ignore" and span.score >= max(rule.min_score, self.min_score)

    def decide(self, spans: Iterable[Span]) -> Verdict:
        """Judge one message by its spans."""
        found = Counter(span.label for span in spans if self.counts(span))
        reasons = (*self._alone(found), *self._together(found), *self._listed(found))
        ranks = [severity_rank(LABELS[label].severity) for label in found]
        severity = SEVERITIES[max(ranks)] if ranks else None
        return Verdict(bool(reasons), severity, tuple(dict.fromkeys(reasons)))

    def _alone(self, found: Mapping[str, int]) -> list[str]:
        """The labels that flag by themselves, worst first."""
        flagging = [label for label in LABELS if label in found and self._flags_alone(label)]
        flagging.sort(key=lambda label: -severity_rank(LABELS[label].severity))
        return [f"{LABELS[label].severity}:{label}" for label in flagging]

    def _flags_alone(self, label: str) -> bool:
        if self.labels.get(label, LabelRule()).action == "flag":
            return True
        severity = LABELS[label].severity
        return self.flag_at is not None and severity_rank(severity) >= severity_rank(self.flag_at)

    def _together(self, found: Mapping[str, int]) -> list[str]:
        reasons = []
        for combination in self.combinations:
            present = [label for label in LABELS if label in found and label in combination.labels]
            if combination.anchor in found and len(present) >= combination.at_least:
                reasons.append("combination:" + "+".join((combination.anchor, *present)))
        return reasons

    def _listed(self, found: Mapping[str, int]) -> list[str]:
        return [
            f"list:{label}:{found[label]}"
            for pasted in self.lists
            for label in LABELS
            if label in pasted.labels and found.get(label, 0) >= pasted.length
        ]

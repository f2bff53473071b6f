"""scan(): items -> guard -> policy -> report. What was read and found is counted in Totals."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol

from piiguard.findings import Finding, FindingMaker
from piiguard.items import Item, Problem, own_spans
from piiguard.labels import LABELS, SEVERITIES
from piiguard.messages import Message
from piiguard.policy import Policy
from piiguard.scan_state import ScanState
from piiguard.spans import Span

BATCH_SIZE = 64


class Judge(Protocol):
    """What scan asks of a Guard, or of an engine that runs many of them."""

    def detect_batch(self, messages: Sequence[Message]) -> list[list[Span]]: ...


class Report(Protocol):
    """Where findings go, in the order of the input."""

    def add(self, finding: Finding) -> None:
        """Take one finding."""
        ...

    def finish(self, totals: "Totals") -> None:
        """Write what is left to write."""
        ...


@dataclass(slots=True)
class Group:
    """What was found in one channel or file."""

    messages: int = 0
    flagged: int = 0
    findings: int = 0
    worst: int = -1

    @property
    def severity(self) -> str | None:
        """The highest severity of its findings."""
        return SEVERITIES[self.worst] if self.worst >= 0 else None


@dataclass(slots=True)
class Totals:
    """Counts of a scan.

    Attributes:
        findings: what the report lists; ``unlisted`` spans stand in messages that the policy does not flag.
        skipped: messages without text, joins and the like; unread: files in no form known here.
        problems: what could not be read.
    """

    messages: int = 0
    flagged: int = 0
    findings: int = 0
    unlisted: int = 0
    chars: int = 0
    seconds: float = 0.0
    by_label: Counter[str] = field(default_factory=Counter)
    groups: dict[str, Group] = field(default_factory=dict)
    skipped: int = 0
    unread: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def by_severity(self) -> dict[str, int]:
        """Findings per severity, worst first, zeros included."""
        counts = dict.fromkeys(reversed(SEVERITIES), 0)
        for label, n in self.by_label.items():
            counts[LABELS[label].severity] += n
        return {str(severity): n for severity, n in counts.items()}

    def to_json(self) -> dict[str, Any]:
        """The counts that grow with the findings: what a state file keeps."""
        names = ("messages", "flagged", "findings", "unlisted", "chars", "seconds")
        return {
            **{name: getattr(self, name) for name in names},
            "by_label": dict(self.by_label),
            "groups": {
                name: [group.messages, group.flagged, group.findings, group.worst]
                for name, group in self.groups.items()
            },
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "Totals":
        """What ``to_json`` gave."""
        groups = {name: Group(*counts) for name, counts in row["groups"].items()}
        return cls(**{**row, "by_label": Counter(row["by_label"]), "groups": groups})


def scan(
    items: Iterable[Item],
    guard: Judge,
    policy: Policy,
    report: Report,
    *,
    state: ScanState | None = None,
    maker: FindingMaker | None = None,
    include_unflagged: bool = False,
    batch_size: int = BATCH_SIZE,
    progress: Callable[[Totals], None] | None = None,
) -> Totals:
    """Judge every item and report what is found; ``report.finish`` is called when all is done.

    Args:
        state: where to go on, and where to note how far the scan is.
        include_unflagged: report spans of messages that the policy does not flag, too.
        progress: called after each batch.
    """
    maker = maker or FindingMaker()
    totals, position = Totals(), 0
    if state:
        maker.key = state.fingerprint_key
        position = state.position
        if state.totals:
            totals = Totals.from_json(state.totals)
        for row in state.findings:
            report.add(Finding.from_json(row))
    before, started = totals.seconds, time.monotonic()
    try:
        for n_items, judged in _messages(items, guard, position, batch_size):
            for parts in judged:
                for finding in _judge(parts, policy, maker, totals, all_spans=include_unflagged):
                    report.add(finding)
                    if state:
                        state.findings.append(finding.to_json())
            position += n_items
            totals.seconds = before + time.monotonic() - started
            if state:
                state.mark(position, totals.to_json())
            if progress:
                progress(totals)
    except BaseException:
        if state:
            state.save()
        raise
    totals.seconds = before + time.monotonic() - started
    totals.problems = list(getattr(items, "problems", ()))
    totals.skipped = getattr(items, "n_skipped", 0)
    totals.unread = getattr(items, "n_unread", 0)
    report.finish(totals)
    return totals


class Judged(NamedTuple):
    """A part of a message: its spans, and how many characters were read for the first time in it."""

    item: Item
    spans: list[Span]
    n_chars: int


def _messages(
    items: Iterable[Item], guard: Judge, skip: int, batch_size: int
) -> Iterator[tuple[int, list[list[Judged]]]]:
    """After each batch the messages that are complete, and how many items they took.

    A message is complete when the next one has begun: its last parts may lie in the next batch.
    """
    open_message: list[Judged] = []
    for batch in _batches(items, skip, batch_size):
        complete: list[list[Judged]] = []
        for item, spans in zip(
            batch, guard.detect_batch([item.message for item in batch]), strict=True
        ):
            if item.first and open_message:
                complete.append(open_message)
                open_message = []
            start, end = item.own or (0, len(item.message.text))
            # the text is needed for what was found in it only
            kept = item if spans else replace(item, message=Message(""))
            open_message.append(Judged(kept, spans, end - start))
        yield sum(len(parts) for parts in complete), complete
    if open_message:
        yield len(open_message), [open_message]


def _batches(items: Iterable[Item], skip: int, batch_size: int) -> Iterator[list[Item]]:
    batch: list[Item] = []
    for number, item in enumerate(items):
        if number >= skip:
            batch.append(item)
        if len(batch) >= batch_size:
            yield batch
            batch = []
    if batch:
        yield batch


def _judge(
    parts: list[Judged],
    policy: Policy,
    maker: FindingMaker,
    totals: Totals,
    *,
    all_spans: bool,
) -> list[Finding]:
    """The findings of one message; its verdict is over all of its parts."""
    kept = list(_fold(parts, maker))
    flagged = policy.decide(span for _, span in kept).flagged
    counted = [(item, span) for item, span in kept if policy.counts(span)]
    findings = [
        maker.make(item, span, flagged=flagged) for item, span in counted if flagged or all_spans
    ]
    group = totals.groups.setdefault(parts[0].item.place.group, Group())
    totals.messages += 1
    totals.chars += sum(part.n_chars for part in parts)
    totals.flagged += flagged
    totals.unlisted += len(counted) - len(findings)
    totals.findings += len(findings)
    group.messages += 1
    group.flagged += flagged
    group.findings += len(findings)
    for finding in findings:
        totals.by_label[finding.label] += 1
        group.worst = max(group.worst, SEVERITIES.index(finding.severity))
    return findings


def _fold(parts: list[Judged], maker: FindingMaker) -> Iterator[tuple[Item, Span]]:
    """The spans of a message, without what the parts of a post repeat.

    Within one text a value may stand twice, and so may it in a row of a table; in blocks and attachments it is a copy.
    """
    seen: dict[str, str] = {}
    for item, span in own_spans((item, spans) for item, spans, _ in parts):
        mark = maker.fingerprint(item.message.text[span.start : span.end], span.label)
        if item.place.line or seen.setdefault(mark, item.place.part) == item.place.part:
            yield item, span

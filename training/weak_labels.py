"""Labelling functions vote on real chat; where they disagree, the characters abstain."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Protocol

from piiguard.detector import Detector
from piiguard.examples import Example
from piiguard.messages import Message
from piiguard.rule_detector import CONFIRMED
from piiguard.spans import Span

_BATCH = 256


class Voter(Protocol):
    """A Detector that also says which labels it can speak about."""

    @property
    def name(self) -> str: ...

    @property
    def knows(self) -> frozenset[str]: ...

    def detect_batch(self, messages: Sequence[Message]) -> list[list[Span]]: ...


def weak_label(examples: Iterable[Example], voters: Sequence[Voter]) -> Iterator[Example]:
    """Each example with the spans that its voters agree on, and ``meta["abstain"]`` where they do not.

    A span is taken when two voters claim the same label for it, or one whose check digit holds. A span that one
    voter claims alone, or that two call differently, is neither personal nor harmless: no loss is counted there.
    The examples are in plain markup.
    """
    rest = iter(examples)
    while batch := list(islice(rest, _BATCH)):
        messages = [Message(e.text, e.context, "plain") for e in batch]
        claims = [voter.detect_batch(messages) for voter in voters]
        for number, example in enumerate(batch):
            spans, abstain = _vote([found[number] for found in claims])
            meta = {**example.meta, "abstain": abstain}
            yield replace(example, spans=tuple(spans), meta=meta, origin="weak")


def _vote(claims: Sequence[Sequence[Span]]) -> tuple[list[Span], list[list[int]]]:
    taken: list[Span] = []
    abstain: list[list[int]] = []
    for cluster in _clusters([span for found in claims for span in found]):
        labels = {span.label for span in cluster}
        best = max(cluster, key=lambda span: (span.score, span.end - span.start))
        # Only a rule's check digit stands alone: a model that is sure of itself is still one voter.
        confirmed = best.score >= CONFIRMED and best.source.startswith("rule:")
        agreed = len(labels) == 1 and len(cluster) > 1
        if agreed or confirmed:
            taken.append(best)
        start, end = min(s.start for s in cluster), max(s.end for s in cluster)
        if not (agreed or confirmed):
            abstain.append([start, end])
        else:
            # What the winner leaves of the others' claims is in doubt.
            abstain.extend([a, b] for a, b in ((start, best.start), (best.end, end)) if a < b)
    return sorted(taken), abstain


def _clusters(spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Groups of spans that overlap, directly or through others."""
    cluster: list[Span] = []
    for span in sorted(spans):
        if cluster and span.start >= max(other.end for other in cluster):
            yield cluster
            cluster = []
        cluster.append(span)
    if cluster:
        yield cluster


class NameVoter:
    """Claims PERSON for words that are people's names in some country and no common English word.

    Args:
        names: given and family names.
        common: words of texts without names, in lower case.
    """

    name = "names"
    knows = frozenset({"PERSON"})
    _WORD = re.compile(r"(?<![\w@#./:-])[^\W\d_]{3,}(?:['’-][^\W\d_]+)?(?![\w@/])")

    def __init__(self, names: Iterable[str], common: Iterable[str]) -> None:
        self._names = {name.lower() for name in names if len(name) >= 3} - set(common)

    def detect_batch(self, messages: Sequence[Message]) -> list[list[Span]]:
        return [self._detect(message.text) for message in messages]

    def _detect(self, text: str) -> list[Span]:
        found: list[Span] = []
        for match in self._WORD.finditer(text):
            word = match[0]
            known = word.lower() in self._names
            follows = bool(found) and text[found[-1].end : match.start()] == " "
            if follows and word[0].isupper() and (known or found[-1].score == 0.5):
                found[-1] = Span(found[-1].start, match.end(), "PERSON", 0.6, self.name)
            elif known:
                found.append(Span(match.start(), match.end(), "PERSON", 0.5, self.name))
        return found


class RuleVoter:
    """Any Detector as a voter that knows the given labels."""

    def __init__(self, detector: Detector, knows: Iterable[str]) -> None:
        self._detector = detector
        self.knows = frozenset(knows)
        self.name = detector.name

    def detect_batch(self, messages: Sequence[Message]) -> list[list[Span]]:
        return self._detector.detect_batch(messages)

"""Lines of code and configuration in which secret scanners mark their secret by the name of a rule."""

import itertools
import re
from collections.abc import Iterator
from typing import Any

from piiguard.examples import Example
from piiguard.spans import Span
from training.corpora.rows import plain_example

#: Rule names whose marked value is something else than a secret of ours, or whose edges differ from the guidelines'.
_LEFT_OUT = re.compile(
    r"hash|resource name|connection|credential|uri|url|curl|psexec|odbc|username|generic|weak|client id|app id|"
    r"access key id|aws api key|aws-access-token|publishable|public|email|domain|bucket|account id|sidekiq",
    re.IGNORECASE,
)
_PASSWORD = re.compile(r"password|passphrase", re.IGNORECASE)
_KEY = re.compile(r"key|token|secret|jwt|webhook|pat\b|credentials", re.IGNORECASE)
#: What shows that a marked value is a stand-in, which the guidelines do not label.
_PLACEHOLDER = re.compile(r"xxxx|\*\*\*\*|\$\{|<|example|your[-_]|(.)\1{7}", re.IGNORECASE)


def code_lines(rows: Iterator[dict[str, Any]]) -> Iterator[Example]:
    """The lines whose every mark maps to API_KEY or PASSWORD, and the near misses without any."""
    for row in rows:
        spans = [_span(mark, row["text"]) for mark in row.get("spans", ())]
        kept = sorted(span for span in spans if span)
        disjoint = all(a.end <= b.start for a, b in itertools.pairwise(kept))
        if len(kept) == len(spans) and disjoint and len(row["text"]) <= 1500:
            # A line without a mark may hold another rule's secret: it counts for less.
            yield plain_example(row, kept, weight=1.0 if kept else 0.3)


def _span(mark: dict[str, Any], text: str) -> Span | None:
    name, value = mark["label"], text[mark["start"] : mark["end"]]
    if _LEFT_OUT.search(name) or _PLACEHOLDER.search(value) or len(value) < 8:
        return None
    if _PASSWORD.search(name):
        return Span(mark["start"], mark["end"], "PASSWORD")
    return Span(mark["start"], mark["end"], "API_KEY") if _KEY.search(name) else None

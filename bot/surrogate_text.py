"""A reviewed text with surrogates in place of its values, and where each old offset stands in the new text.

Replaced are the spans, other places of the same telling values, and the ids and names of mentions; only spans stay spans.
"""

import hashlib
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from piiguard.messages import Markup
from piiguard.redact import Redaction
from piiguard.spans import Span

#: (label, value) of what a conversation says somewhere.
Values = Sequence[tuple[str, str]]

_USER = re.compile(r"(?P<lead><@|/team/)(?P<id>[UW][A-Z0-9]{2,20})(?:\|(?P<name>[^<>|]+)(?=>))?")
_ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#: The source of what is replaced without being a span of the truth.
_ASIDE = "aside"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class SurrogateText:
    """The new text, its spans, and the way there."""

    text: str = field(repr=False)
    spans: tuple[Span, ...]
    pieces: tuple[tuple[int, int, int, int], ...]  # old start, old end, new start, new end
    old: str = field(repr=False)

    def moved(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        """Other spans of the old text, such as a model's, where they stand in the new one."""
        moved: list[Span] = []
        for span in sorted(spans):
            start = max(self._moved(span.start, is_end=False), moved[-1].end if moved else 0)
            end = self._moved(span.end, is_end=True)
            if start < end:
                moved.append(replace(span, start=start, end=end))
        return tuple(moved)

    def _moved(self, at: int, *, is_end: bool) -> int:
        for a, b, c, d in self.pieces:
            if a < at <= b if is_end else a <= at < b:
                return c + _inside(self.old[a:b], self.text[c:d], at - a)
        return len(self.text) if at else 0


class SurrogateWriter:
    """Writes the texts of one conversation; ``key`` is its secret."""

    def __init__(self, key: bytes, values: Values = ()) -> None:
        self._key = key
        self._redaction = Redaction("surrogate", key=key)
        telling = {(label, value) for label, value in values if is_telling(label, value)}
        self._values = sorted(telling, key=lambda one: (-len(one[1]), one))

    def write(self, text: str, spans: Sequence[Span], markup: Markup) -> SurrogateText:
        """The text with surrogates. The spans are disjoint and in order."""
        spans = [replace(span, source="") for span in spans]
        source = text
        if markup == "slack":
            # of equal length, so that no offset moves
            source = _USER.sub(self._other_id, text)
        asides = [*self._names(source, markup), *self._repeats(source)]
        replaced = list(spans)
        for aside in asides:
            if not any(aside.overlaps(other) for other in replaced):
                replaced.append(aside)
        fresh, placed = self._redaction.apply(source, sorted(replaced))
        kept = tuple(span for span in placed if span.source != _ASIDE)
        return SurrogateText(
            fresh, kept, tuple(_pieces(text, fresh, sorted(replaced), placed)), text
        )

    def _other_id(self, match: re.Match[str]) -> str:
        old = match["id"]
        digest = hashlib.blake2b(old.encode(), key=self._key, digest_size=32).digest()
        rng = random.Random(digest)
        new = old[0] + "".join(rng.choice(_ID_LETTERS) for _ in old[1:])
        return match[0].replace(match["lead"] + old, match["lead"] + new, 1)

    def _names(self, text: str, markup: Markup) -> list[Span]:
        if markup != "slack":
            return []
        found = [match.span("name") for match in _USER.finditer(text) if match["name"]]
        return [Span(start, end, "USERNAME", source=_ASIDE) for start, end in found]

    def _repeats(self, text: str) -> list[Span]:
        return [
            Span(match.start(), match.end(), label, source=_ASIDE)
            for label, value in self._values
            for match in re.finditer(rf"(?<!\w){re.escape(value)}(?!\w)", text)
        ]


def is_telling(label: str, value: str) -> bool:
    """True for a value that is one wherever it stands; "May" may be a month."""
    n = sum(char.isalnum() for char in value)
    if label in ("PASSWORD", "API_KEY"):
        return n >= 6
    has_mark = any(char.isdecimal() or char == "@" for char in value)
    return n >= 5 if has_mark else n >= 8 and len(_WORD.findall(value)) > 1


def _pieces(
    old: str, new: str, before: Sequence[Span], after: Sequence[Span]
) -> Iterable[tuple[int, int, int, int]]:
    """What corresponds to what: values to their surrogates, and what lies between to what lies between."""
    a = c = 0
    for one, other in zip(before, after, strict=True):
        if a < one.start:
            yield a, one.start, c, other.start
        yield one.start, one.end, other.start, other.end
        a, c = one.end, other.end
    if a < len(old):
        yield a, len(old), c, len(new)


def _inside(old: str, new: str, at: int) -> int:
    """The offset in ``new`` for an offset in ``old``: by words, then by equal ends, then by share."""
    if old == new:
        return at
    edges, others = _edges(old), _edges(new)
    if len(edges) == len(others) and at in edges:
        return others[edges.index(at)]
    if len(old) == len(new):
        return at
    same_start = _common(old, new)
    if at <= same_start:
        return at
    same_end = min(_common(old[::-1], new[::-1]), min(len(old), len(new)) - same_start)
    if len(old) - at <= same_end:
        return len(new) - (len(old) - at)
    return max(same_start, min(round(at * len(new) / len(old)), len(new) - same_end))


def _common(one: str, other: str) -> int:
    n = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        n += 1
    return n


def _edges(text: str) -> list[int]:
    return [edge for match in _WORD.finditer(text) for edge in match.span()]

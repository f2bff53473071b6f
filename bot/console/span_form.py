"""SpanForm: what a person says about the spans of a message, read from a form that anybody can forge.

Two ways lead to the same spans. The script posts ``marks``, one JSON list with the numbers that the server wrote into
the page. Without the script there is a row per span (keep, not PII, another label, exact text) and rows for what was
missed. Used by the flag page and by blind reviews, which have no spans to begin with:

    form = read_span_form(request.form)
    spans = spans_of_form(parts, flag.spans, form)      # SpanFormError names the field; nothing typed is lost
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

from werkzeug.datastructures import MultiDict

from bot.console.word_edges import borders_of
from bot.corrected import corrected_spans, everywhere, overlap
from bot.errors import ReviewError
from bot.parts_text import as_span, covered_text, part_named, plain_of
from bot.records import Flag, FoundSpan, Part
from piiguard.labels import LABELS
from piiguard.slack_text import PlainText
from piiguard.spans import Span

MAX_MARKS = 500
MAX_MISSED = 50
MAX_JSON_CHARS = 400_000
#: A submitted form.
FormLike = MultiDict[str, str]
#: The "source" of a span that a person drew.
PERSON = "person"
_OTHER_VERSION = "the form is about another version of the message; reload the page"


class SpanFormError(ReviewError):
    """Spans that cannot be stored as given; ``field`` is as in the form: ``exact:<span id>``, ``missed_text:1``, .."""


@dataclass(frozen=True, slots=True)
class SpanRow:
    """What to do with one span. ``exact_text`` is "" where its boundary was left alone."""

    id: str
    action: Literal["keep", "remove", "relabel"]
    label: str = ""
    exact_text: str = field(default="", repr=False)
    index: int = -1


@dataclass(frozen=True, slots=True)
class SpanForm:
    """A filled form. ``marks`` is None where the script did not run.

    ``extra``: rows of spans that the message does not have yet, by id: another's version, or one's own of before.
    """

    rows: tuple[SpanRow, ...] = ()
    extra: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    missed: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    marks: tuple[Mapping[str, Any], ...] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class _Message:
    """As much of a flag as ``corrected_spans`` looks at."""

    parts: tuple[Part, ...] = field(repr=False)
    spans: tuple[FoundSpan, ...]


def span_id(span: FoundSpan) -> str:
    """The name of a span in a form: the same in every version of the flag that has this very span."""
    place = f"{span.part}\x1f{span.start}\x1f{span.end}\x1f{span.label}"
    return hashlib.blake2b(place.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def read_span_form(form: FormLike) -> SpanForm:
    """The form as posted. Raises: SpanFormError for what no page of ours posts."""
    posted = str(form.get("marks") or "")
    if posted:
        return SpanForm(marks=_read_marks(posted))
    ids = list(dict.fromkeys(form.getlist("span")))
    if len(ids) > MAX_MARKS:
        raise SpanFormError(f"expected at most {MAX_MARKS} spans, found {len(ids)}", "spans")
    extra = {one: _read_marks(f"[{at}]")[0] for one in ids if (at := form.get(f"at:{one}"))}
    return SpanForm(tuple(_row(form, one) for one in ids), extra, _missed(form))


def spans_of_form(
    parts: Sequence[Part], before: Sequence[FoundSpan], form: SpanForm
) -> tuple[FoundSpan, ...]:
    """All spans of the message as the form has them, ordered and disjoint.

    ``before``: the spans that the form was made for. One that was neither moved nor relabelled keeps its score and
    source; all others are a person's.

    Raises: SpanFormError.
    """
    parts = tuple(parts)
    if form.marks is not None:
        spans = _of_marks(parts, before, form.marks)
    else:
        spans = _of_rows(parts, before, form)
    return _checked(parts, spans)


def marks_of(spans: Sequence[FoundSpan]) -> str:
    """Spans as the value of the field ``marks``: places and labels, no text."""
    return json.dumps(
        [{"part": s.part, "start": s.start, "end": s.end, "label": s.label} for s in spans]
    )


def changes(before: Sequence[FoundSpan], after: Sequence[FoundSpan]) -> tuple[str, ...]:
    """What a correction was about: "boundary", "label", "missed", "partly_not_pii"; () where nothing changed."""
    found: dict[str, None] = {}
    old = {(span.part, span.start, span.end): span.label for span in before}
    new = {(span.part, span.start, span.end): span.label for span in after}
    if any(place in new and new[place] != label for place, label in old.items()):
        found["label"] = None
    gone = [span for span in before if (span.part, span.start, span.end) not in new]
    fresh = [span for span in after if (span.part, span.start, span.end) not in old]
    if any(overlap(one, other) for one in gone for other in fresh):
        found["boundary"] = None
    if any(not any(overlap(one, other) for other in gone) for one in fresh):
        found["missed"] = None
    if any(not any(overlap(one, other) for other in fresh) for one in gone):
        found["partly_not_pii"] = None
    order = ("boundary", "label", "missed", "partly_not_pii")
    return tuple(name for name in order if name in found)


def _row(form: FormLike, name: str) -> SpanRow:
    choice = str(form.get(f"is:{name}") or "keep")
    exact = _typed(form.get(f"exact:{name}"))
    if choice in ("keep", "remove"):
        return SpanRow(name, cast(Literal["keep", "remove"], choice), "", exact)
    if choice not in LABELS:
        raise SpanFormError("choose a label for this text", f"is:{name}")
    return SpanRow(name, "relabel", choice, exact)


def _missed(form: FormLike) -> tuple[tuple[str, str], ...]:
    texts, labels = form.getlist("missed_text"), form.getlist("missed_label")
    if len(texts) > MAX_MISSED:
        raise SpanFormError(f"expected at most {MAX_MISSED} missed texts", "missed_text:0")
    rows = []
    for number, text in enumerate(texts):
        label = labels[number] if number < len(labels) else ""
        text = _typed(text).strip()
        if label and not text:
            raise SpanFormError("which text? copy it as it stands there", f"missed_text:{number}")
        if text and label not in LABELS:
            raise SpanFormError("choose a label for this text", f"missed_label:{number}")
        if text:
            rows.append((text, label))
    return tuple(rows)


def _typed(value: object) -> str:
    # a browser writes every line break of a text area as CR LF
    return str(value or "").replace("\r\n", "\n")


def _read_marks(posted: str) -> tuple[Mapping[str, Any], ...]:
    if len(posted) > MAX_JSON_CHARS:
        raise SpanFormError("there are too many spans in this form", "spans")
    try:
        marks = json.loads(posted)
    except (ValueError, RecursionError):
        marks = None
    if not isinstance(marks, list) or not all(isinstance(mark, dict) for mark in marks):
        raise SpanFormError("the spans could not be read; reload the page and try again", "spans")
    if len(marks) > MAX_MARKS:
        raise SpanFormError(f"expected at most {MAX_MARKS} spans, found {len(marks)}", "spans")
    return tuple(marks)


def _of_rows(
    parts: tuple[Part, ...], before: Sequence[FoundSpan], form: SpanForm
) -> list[FoundSpan]:
    added = [
        _drawn(parts, mark, str(mark.get("label")), number, field=f"is:{name}")
        for number, (name, mark) in enumerate(form.extra.items())
        if name in {row.id for row in form.rows}
    ]
    before = [*before, *(span for span in added if span_id(span) not in map(span_id, before))]
    names = [span_id(span) for span in before]
    rows = []
    for row in form.rows:
        if row.id not in names:
            raise SpanFormError(_OTHER_VERSION, "spans")
        index = names.index(row.id)
        exact = row.exact_text
        if exact and _same(exact, covered_text(parts, before[index])):
            exact = ""
        rows.append(SpanRow(row.id, row.action, row.label, exact, index))
    message = cast(Flag, _Message(parts, tuple(before)))
    try:
        return list(corrected_spans(message, rows, form.missed))
    except ReviewError as error:
        kind, _, number = error.field.partition(":")
        if kind in ("exact", "span") and number.isdigit():
            field_of = "exact" if kind == "exact" else "is"
            raise SpanFormError(str(error), f"{field_of}:{names[int(number)]}") from None
        raise SpanFormError(str(error), error.field) from None


def _of_marks(
    parts: tuple[Part, ...], before: Sequence[FoundSpan], marks: Sequence[Mapping[str, Any]]
) -> list[FoundSpan]:
    known = {span_id(span): span for span in before}
    unmoved = {(span.part, span.start, span.end, span.label): span for span in before}
    spans: list[FoundSpan] = []
    missed: list[tuple[int, str, str]] = []
    for number, mark in enumerate(marks):
        kept = known.get(str(mark["keep"])) if "keep" in mark else None
        if "keep" in mark and kept is None:
            raise SpanFormError(_OTHER_VERSION, f"mark:{number}")
        label = str(mark.get("label") or (kept.label if kept else ""))
        if label not in LABELS:
            raise SpanFormError(f"span {number + 1}: choose a label", f"mark:{number}")
        if kept is not None:
            changed = replace(kept, label=label, score=1.0, source=PERSON)
            spans.append(kept if label == kept.label else changed)
        elif "find" in mark:
            missed.append((number, str(mark["find"]), label))
        else:
            drawn = _drawn(parts, mark, label, number)
            spans.append(unmoved.get((drawn.part, drawn.start, drawn.end, drawn.label), drawn))
    for number, text, label in missed:
        found = everywhere(parts, text, label, field=f"mark:{number}", source=PERSON)
        new = [span for span in found if not any(overlap(span, other) for other in spans)]
        if not new:
            raise SpanFormError(f"span {number + 1} is marked already", f"mark:{number}")
        spans += new
    return spans


def _drawn(
    parts: Sequence[Part], mark: Mapping[str, Any], label: str, number: int, field: str = ""
) -> FoundSpan:
    """A span by its numbers. ``text``, where the page showed it, must be what stands there."""
    where = field or f"mark:{number}"
    if label not in LABELS:
        raise SpanFormError(f"span {number + 1}: choose a label", where)
    part = part_named(parts, str(mark.get("part")))
    start, end = mark.get("start"), mark.get("end")
    if part is None or type(start) is not int or type(end) is not int:
        raise SpanFormError(f"span {number + 1} lies outside the message", where)
    if not 0 <= start < end <= len(part.text):
        raise SpanFormError(f"span {number + 1} lies outside the message", where)
    plain = plain_of(part)
    inside = plain.to_plain(Span(start, end, label))
    if inside is None or (plain.starts[inside.start], plain.ends[inside.end - 1]) != (start, end):
        raise SpanFormError(f"span {number + 1} begins or ends inside a character", where)
    text = plain.text[inside.start : inside.end]
    if "text" in mark and mark["text"] != text:
        raise SpanFormError(
            f"span {number + 1} does not match the text of the message; reload the page", where
        )
    return FoundSpan(part.name, start, end, label, 1.0, PERSON)


def _checked(parts: Sequence[Part], spans: Sequence[FoundSpan]) -> tuple[FoundSpan, ...]:
    """In order, without overlaps, no edge on white space or inside a grapheme."""
    plains: dict[str, tuple[PlainText, frozenset[int]]] = {}
    ordered = sorted(spans, key=lambda span: (_rank(parts, span.part), span.start, span.end))
    for number, span in enumerate(ordered, 1):
        earlier = ordered[number - 2] if number > 1 else None
        if earlier is not None and overlap(earlier, span):
            raise SpanFormError(
                f"spans {number - 1} and {number} overlap; remove one or move an edge", "spans"
            )
        if span.source != PERSON:
            continue
        part = part_named(parts, span.part)
        if part is None:
            raise SpanFormError(f"span {number}: the text of this part is gone", "spans")
        if part.name not in plains:
            plain = plain_of(part)
            plains[part.name] = (plain, borders_of(plain.text))
        plain, borders = plains[part.name]
        inside = plain.to_plain(as_span(span))
        if inside is None or not plain.text[inside.start : inside.end].strip():
            raise SpanFormError(f"span {number} covers nothing that can be read", "spans")
        if not {inside.start, inside.end} <= borders:
            raise SpanFormError(f"span {number} begins or ends inside a character", "spans")
    return tuple(sorted(spans, key=lambda span: (span.part, span.start)))


def _rank(parts: Sequence[Part], name: str) -> int:
    return next((rank for rank, part in enumerate(parts) if part.name == name), len(parts))


def _same(typed: str, value: str) -> bool:
    return typed.strip() == value.replace("\r\n", "\n").strip()

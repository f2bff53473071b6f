"""corrected_spans(): a filled correction form, applied to the flag it was made for."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, Protocol

from bot.anchor import anchor_in_part, occurrences_in_part
from bot.errors import ReviewError
from bot.parts_text import part_named
from bot.records import Flag, FoundSpan, Part
from piiguard.labels import LABELS


class Edit(Protocol):
    """What to do with one span: bot.slack.forms.SpanEdit, or the console's own."""

    @property
    def index(self) -> int: ...
    @property
    def action(self) -> Literal["keep", "remove", "relabel"]: ...
    @property
    def label(self) -> str: ...
    @property
    def exact_text(self) -> str: ...


def corrected_spans(
    flag: Flag, changes: Sequence[Edit], added: Sequence[tuple[str, str]]
) -> tuple[FoundSpan, ...]:
    """The flag's spans after the changes, with the added (exact text, label) wherever it stands.

    A span without a change is kept. ``exact_text`` is the span's text as it should be: it moves the boundary to its
    nearest occurrence.

    Raises: ReviewError; its ``field`` is ``exact:<index>``, ``span:<index>``, ``missed_text:<n>`` or
    ``missed_label:<n>``.
    """
    edits = {edit.index: edit for edit in changes}
    if any(not 0 <= index < len(flag.spans) for index in edits):
        raise ReviewError("the form is about another version of the message; open it again")
    spans: list[FoundSpan] = []
    for index, span in enumerate(flag.spans):
        edit = edits.get(index)
        if edit is None:
            spans.append(span)
        elif edit.action != "remove":
            spans.append(_edited(flag, span, edit))
    for number, (text, label) in enumerate(added):
        if label not in LABELS:
            raise ReviewError("choose a label for this text", f"missed_label:{number}")
        found = everywhere(flag.parts, text, label, field=f"missed_text:{number}")
        new = [span for span in found if not any(overlap(span, other) for other in spans)]
        if not new:
            raise ReviewError("this text is marked already", f"missed_text:{number}")
        spans += new
    return tuple(sorted(spans, key=lambda span: (span.part, span.start)))


def everywhere(
    parts: Sequence[Part], text: str, label: str, *, field: str, source: str = "person"
) -> list[FoundSpan]:
    """A value wherever it stands in the message: a copy of it is as personal. ReviewError where it does not."""
    spans = [
        FoundSpan(part.name, start, end, label, 1.0, source)
        for part in parts
        for start, end in occurrences_in_part(part, text)
    ]
    if not spans:
        raise ReviewError(
            "this text does not occur in the message; copy it exactly as it stands there", field
        )
    return spans


def overlap(span: FoundSpan, other: FoundSpan) -> bool:
    """True when two spans share a character."""
    return span.part == other.part and span.start < other.end and other.start < span.end


def _edited(flag: Flag, span: FoundSpan, edit: Edit) -> FoundSpan:
    if edit.action == "relabel":
        if edit.label not in LABELS:
            raise ReviewError("choose a label for this text", f"span:{edit.index}")
        if edit.label != span.label:
            span = replace(span, label=edit.label, score=1.0, source="person")
    if not edit.exact_text.strip():
        return span
    part = part_named(flag.parts, span.part)
    if part is None:
        raise ReviewError("the text of this part is gone", f"exact:{edit.index}")
    try:
        start, end = anchor_in_part(part, (span.start, span.end), edit.exact_text)
    except ReviewError as error:
        raise ReviewError(str(error), f"exact:{edit.index}") from None
    if (start, end) == (span.start, span.end):
        return span
    return replace(span, start=start, end=end, score=1.0, source="person")

"""The masked preview: the one way a message is shown without its values.

It is built from spans, never by searching and replacing: a span's place becomes dots and its label. What a span's
value repeats elsewhere is hidden too, so that a value found once is not shown where it was missed.
"""

import re
from collections.abc import Iterable, Sequence

from bot.parts_text import as_span, covered_text, plain_of
from bot.records import FoundSpan, Part
from bot.slack.limits import clean, cut, cut_end

DOTS = "•••"
#: Clear text shown on each side of a span.
_AROUND = 60
#: Clear text that is looked at for repeated values; the rest is cut away before.
_NEAR = 4_000
_PART_WORDS = {
    "blocks": "",
    "text": "",
    "attachments": "[attachment] ",
    "file": "[file] ",
    "file_name": "[file name] ",
    "file_preview": "[file] ",
    "title": "[title] ",
    "topic": "[topic] ",
    "purpose": "[purpose] ",
}


def masked_preview(
    parts: Iterable[Part], spans: Sequence[FoundSpan], *, last4: bool = False, max_spans: int = 5
) -> str:
    """The text around the first spans on one line: `here is the card ••• (1 CREDIT_CARD) for ••• (2 PERSON)`.

    The numbers are the places in ``spans``, from 1. ``last4``: a card number shows its last four digits. The result
    is neither escaped nor cut to a limit of Slack's.
    """
    parts = tuple(parts)
    values = _values(parts, spans)
    pieces: list[str] = []
    room, n_hidden = max_spans, len(spans)
    for part in parts:
        places = _places(part, spans)[:room]
        if places:
            word = _PART_WORDS.get(re.split(r"[\[:]", part.name)[0], "")
            pieces.append(word + _draw(part, places, spans, parts, values, last4=last4))
            room -= len(places)
            n_hidden -= sum(len(indexes) for _, _, indexes in places)
        if room <= 0:
            break
    more = [f"and {n_hidden} more"] if pieces and n_hidden > 0 else []
    return clean(" · ".join([*pieces, *more]))


def masked_value(parts: Iterable[Part], span: FoundSpan, *, last4: bool = False) -> str:
    """A span's value as dots, always as many; a card number with its last four where policy shows them."""
    shown = last_four(covered_text(parts, span), span.label) if last4 else ""
    return f"•••• {shown}" if shown else DOTS


def last_four(value: str, label: str) -> str:
    """The last four digits of a card number; "" for every other value, and for a CVV."""
    digits = re.sub(r"[^0-9]", "", value)
    return digits[-4:] if label == "CREDIT_CARD" and 12 <= len(digits) <= 19 else ""


def _places(part: Part, spans: Sequence[FoundSpan]) -> list[tuple[int, int, list[int]]]:
    """(start, end, indexes of spans) in plain offsets; spans that overlap share a place."""
    plain = plain_of(part)
    found = []
    for index, span in enumerate(spans):
        if span.part == part.name and span.start < span.end:
            inside = plain.to_plain(as_span(span))
            if inside is not None:
                found.append((inside.start, inside.end, [index]))
    merged: list[tuple[int, int, list[int]]] = []
    for start, end, indexes in sorted(found):
        if merged and start < merged[-1][1]:
            before = merged.pop()
            merged.append((before[0], max(before[1], end), before[2] + indexes))
        else:
            merged.append((start, end, indexes))
    return merged


def _draw(
    part: Part,
    places: Sequence[tuple[int, int, list[int]]],
    spans: Sequence[FoundSpan],
    parts: Sequence[Part],
    values: re.Pattern[str] | None,
    *,
    last4: bool,
) -> str:
    text = plain_of(part).text
    drawn, at = [], 0
    for number, (start, end, indexes) in enumerate(places):
        drawn.append(_clear(text[at:start], values, is_first=number == 0, is_last=False))
        named = ", ".join(f"{index + 1} {spans[index].label}" for index in indexes)
        alone = spans[indexes[0]] if len(indexes) == 1 else None
        dots = masked_value(parts, alone, last4=last4) if alone else DOTS
        drawn.append(f"{dots} ({named})")
        at = end
    # what follows may begin with the next span, which is not drawn: its place is hidden too
    rest = text[at:]
    hidden = [place for place in _places(part, spans) if place[0] >= at]
    if hidden:
        rest = text[at : hidden[0][0]] + DOTS
    return "".join([*drawn, _clear(rest, values, is_first=False, is_last=True)])


def _clear(text: str, values: re.Pattern[str] | None, *, is_first: bool, is_last: bool) -> str:
    """Text between two places, shortened in its middle, or on its outer side."""
    if len(text) > _NEAR:
        half = _NEAR // 2
        text = text[:half] + " … " + text[-half:]
    if values is not None:
        text = values.sub(DOTS, text)
    text = re.sub(r"\s+", " ", text)
    if is_first:
        return cut_end(text, _AROUND)
    if is_last:
        return cut(text, _AROUND)
    return text if len(text) <= 2 * _AROUND else cut(text, _AROUND) + " " + cut_end(text, _AROUND)


def _values(parts: Sequence[Part], spans: Sequence[FoundSpan]) -> re.Pattern[str] | None:
    """What the values look like where they stand again; a value of one or two characters is no sign of itself."""
    found = {covered_text(parts, span).strip() for span in spans}
    words = sorted((value for value in found if len(value) > 2), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)), re.IGNORECASE) if words else None

"""Where a value begins and ends: the guidelines' rules for the edges of a span."""

import re
from dataclasses import replace

from piiguard.labels import LABELS
from piiguard.spans import Span

_OPENING = "([{<\"'`“‘«*_~"
_CLOSING = ")]}>\"'`”’»*_~.,;:!?…"
#: In a password or key, every character may be part of it.
_VERBATIM = frozenset({"PASSWORD", "API_KEY"})
#: A street address, a key block, a card number may run over lines; these do not.
_ONE_LINE = frozenset(LABELS) - {
    "STREET_ADDRESS",
    "API_KEY",
    "CREDIT_CARD",
    "BANK_ACCOUNT",
    "CRYPTO",
}
_PARTNERS = {")": "(", "]": "[", "(": ")", "[": "]"}
#: Floor, flat or unit, written before the street, are part of the address.
_UNIT_BEFORE = re.compile(
    r"(?:(?:\d{1,2}(?:st|nd|rd|th) floor|(?:flat|unit|apartment|apt\.?|suite|floor|level|shop) [\w-]{1,5})(?:,? |\n))$",
    re.IGNORECASE,
)
#: An exclamation, or a full stop behind a postcode.
_SENTENCE_END = re.compile(r"[!?] +|(?<=\d{4})\. +(?=\S)")
_DIGITS_THEN_MARKS = re.compile(r"\d{3,}[?!.,;:]+")
#: What stands before a number and is no part of it: "ph. 020 …", "GTBank 022…".
_LEADING_WORDS = {
    "PHONE_NUMBER": re.compile(
        r"(?:ph|phone|tel|mob|mobile|cell|fax|whatsapp|[mtpf])\b[.:]{0,2}\s+(?=[+(\doO])",
        re.IGNORECASE,
    ),
    "BANK_ACCOUNT": re.compile(r"(?:[^\W\d_]{3,20}[.:]?\s){1,3}(?=\d[\d -]{5,}$)"),
}
#: An allergy is named with what it is to.
_ALLERGY = re.compile(r"(?:allerg(?:ic|y)|anaphyla(?:ctic|xis)|intolerant)$", re.IGNORECASE)
_ALLERGEN = re.compile(r" to (?!(?:the|my|your|this|that|it|be|all|any|a|an)\b)[^\W\d_]{3,20}\b")
_POSSESSIVE = re.compile(r"['’]s?$", re.IGNORECASE)


def snap(span: Span, text: str) -> Span | None:
    """The span with its edges on whole words: letters that belong to it come in, white space, quotes, closing
    punctuation and the possessive go out. None when nothing is left."""
    start, end = _one_line(span, text) if span.label in _ONE_LINE else (span.start, span.end)
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    quotes = "\"'`“‘" if span.label in _VERBATIM else _OPENING
    closing = "\"'`”’" if span.label in _VERBATIM else _CLOSING
    if span.label == "PERSON":
        start, end = _whole_double_name(text, start, end)
    while start < end and (text[start].isspace() or _is_loose(text, start, start, end, quotes)):
        start += 1
    while start < end and (
        text[end - 1].isspace() or _is_loose(text, end - 1, start, end, closing)
    ):
        end -= 1
    if span.label == "PASSWORD" and _DIGITS_THEN_MARKS.fullmatch(text, start, end):
        end -= 1  # "is it still 60417?" asks; no door takes a question mark
    if (leading := _LEADING_WORDS.get(span.label)) and (match := leading.match(text, start, end)):
        start = match.end()
    if span.label == "MEDICAL_CONDITION" and _ALLERGY.search(text, start, end):
        match = _ALLERGEN.match(text, end)
        end = match.end() if match else end
    if span.label == "STREET_ADDRESS":
        start, end = _one_address(text, start, end)
    if span.label == "PERSON" and (match := _POSSESSIVE.search(text, start, end)):
        end = match.start()
    if start >= end:
        return None
    return span if (start, end) == (span.start, span.end) else replace(span, start=start, end=end)


def _one_line(span: Span, text: str) -> tuple[int, int]:
    """The longest line of a value that never runs over a line break: tokens do not show the break to the model."""
    lines = list(re.finditer(r"[^\r\n]+", text[span.start : span.end]))
    if len(lines) < 2:
        return span.start, span.end
    longest = max(lines, key=lambda line: len(line[0].strip()))
    return span.start + longest.start(), span.start + longest.end()


def _one_address(text: str, start: int, end: int) -> tuple[int, int]:
    """The address without the sentence before or after it, and with the unit written before it."""
    for mark in _SENTENCE_END.finditer(text, start, end):
        if any(char.isdigit() for char in text[mark.end() : end]) and mark.start() - start < 12:
            start = mark.end()
        else:
            end = mark.start()
            break
    unit = _UNIT_BEFORE.search(text, 0, start)
    return (unit.start() if unit else start), end


def _whole_double_name(text: str, start: int, end: int) -> tuple[int, int]:
    """A name that was cut at its hyphen, whole: "Ana-" of "Ana-Maria"."""
    while end < len(text) and text[end - 1] == "-" and text[end].isalpha():
        end += 1
        while end < len(text) and text[end].isalpha():
            end += 1
    return start, end


def _is_loose(text: str, at: int, start: int, end: int, marks: str) -> bool:
    """A mark at the edge that no bracket inside the span needs: "Z683365(5)" keeps its bracket, "(Priya)" loses both."""
    char = text[at]
    if char not in marks:
        return False
    partner = _PARTNERS.get(char)
    if partner is None:
        return True
    other = text.find(partner, start, end) if char in _CLOSING else text.rfind(partner, start, end)
    around = (at == start and other == end - 1) or (at == end - 1 and other == start)
    return other < 0 or around

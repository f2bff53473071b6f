"""Where an exact text stands in a message. People copy what they see; spans count in what Slack delivered."""

from bot.errors import ReviewError
from bot.parts_text import plain_of
from bot.records import Part
from piiguard.spans import Span

_ANY = "PERSON"  # a span needs a label on its way through the map; it is dropped again


def anchor(text: str, old_span: tuple[int, int] | None, exact_text: str) -> tuple[int, int]:
    """The occurrence of ``exact_text`` nearest to ``old_span``, or the only one where there was no span.

    An occurrence that overlaps the old span lies at distance 0; among those the most overlapping one wins.
    Raises: ReviewError where there is none, or two are equally near.
    """
    found = occurrences(text, exact_text)
    if not found:
        raise ReviewError(
            "this text does not occur in the message; copy it exactly as it stands there"
        )
    if old_span is None:
        if len(found) > 1:
            raise ReviewError("this text occurs more than once; add a neighbouring word")
        return found[0]
    ranked = sorted((_distance(place, old_span), place) for place in found)
    if len(ranked) > 1 and ranked[0][0] == ranked[1][0]:
        raise ReviewError("this text occurs twice, equally near; add a neighbouring word")
    return ranked[0][1]


def occurrences(text: str, exact_text: str) -> list[tuple[int, int]]:
    """All places of ``exact_text``, overlapping ones too; none for an empty text."""
    exact_text = exact_text.strip()
    places: list[tuple[int, int]] = []
    start = text.find(exact_text) if exact_text else -1
    while start >= 0:
        places.append((start, start + len(exact_text)))
        start = text.find(exact_text, start + 1)
    return places


def anchor_in_part(
    part: Part, old_span: tuple[int, int] | None, exact_text: str
) -> tuple[int, int]:
    """``anchor`` in the text as a reader sees it; the old span and the result count in the part's own characters."""
    plain = plain_of(part)
    if old_span is not None:
        old = plain.to_plain(Span(*old_span, _ANY))
        old_span = (old.start, old.end) if old else None
    found = plain.to_wire(Span(*anchor(plain.text, old_span, exact_text), _ANY))
    return found.start, found.end


def occurrences_in_part(part: Part, exact_text: str) -> list[tuple[int, int]]:
    """All places of a text in a part that do not overlap, in the part's own characters."""
    plain = plain_of(part)
    places: list[tuple[int, int]] = []
    for start, end in occurrences(plain.text, exact_text):
        if not places or start >= places[-1][1]:
            places.append((start, end))
    wire = [plain.to_wire(Span(start, end, _ANY)) for start, end in places]
    return [(span.start, span.end) for span in wire]


def _distance(place: tuple[int, int], old: tuple[int, int]) -> tuple[int, int]:
    """(gap between the two, minus what they share): smaller is nearer."""
    shared = min(place[1], old[1]) - max(place[0], old[0])
    return (max(0, -shared), -max(0, shared))

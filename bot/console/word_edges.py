"""Where a selection in a message may begin and end: at the edges of words, and between two graphemes.

A word is what a person would mark as one value: `078-05-1120`, `jane@acme.example`, an emoji. The punctuation around it
and the key before it (`ssn:`) are words of their own, because a span covers the value alone.
"""

import re

from bot.slack.limits import graphemes

# what stays with the character before it: variation selectors, keycaps, joiners, accents
_GLUED = r"[\ufe00-\ufe0f\u20e3\u200d\u0300-\u036f]"
_CJK = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_ALONE = ':;,|"<>()[]{}«»“”„、。，「」'
_LEADING = ".!?…'‘’*_~`/\\-–—•#@¿¡"
_TRAILING = ".!?…'‘’*_~`/\\-–—•"

_CHUNK = re.compile(
    rf"[{_CJK}][\ufe00-\ufe0f]*"
    rf"|[{re.escape(_ALONE)}](?!{_GLUED})"
    # a colon inside `00:1b:44` or `12:30` belongs to the value, one after a key does not
    rf"|(?:(?![{re.escape(_ALONE)}](?!{_GLUED}))[^\s{_CJK}]"
    r"|(?<=[0-9a-fA-F]):(?=[0-9a-fA-F:])|(?<=:):(?=[0-9a-fA-F]))+"
)
_KEY = re.compile(r"(?P<key>[^\W\d_][\w-]*)(?P<sign>[:=])(?=[^\s=])")
_HEX = re.compile(r"[0-9a-fA-F]{1,4}:")
_HEAD = re.compile(rf"(?:[{re.escape(_LEADING)}](?!{_GLUED}))+")
_TAIL = re.compile(rf"[{re.escape(_TRAILING)}]+\Z")
_POSSESSIVE = re.compile(r"['’]s\Z", re.IGNORECASE)


def words_of(text: str) -> list[tuple[int, int]]:
    """The words of a text as ``[start, end)``, in order, disjoint; between two there is nothing but white space."""
    found: list[tuple[int, int]] = []
    for chunk in _CHUNK.finditer(text):
        found += _split(text, *chunk.span())
    return found


def borders_of(text: str) -> frozenset[int]:
    """The places between two graphemes, with the beginning and the end: where a span may begin or end."""
    places, at = {0}, 0
    for piece in graphemes(text):
        at += len(piece)
        places.add(at)
    return frozenset(places)


def _split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A stretch without white space, taken apart at its key and its outer punctuation."""
    found: list[tuple[int, int]] = []
    key = _KEY.match(text, start, end)
    if key and not _HEX.match(text, start, end) and key.end() < end:
        found += [key.span("key"), key.span("sign")]
        return found + _split(text, key.end(), end)
    head = _HEAD.match(text, start, end)
    if head and head.end() < end:
        found.append(head.span())
        start = head.end()
    tails: list[tuple[int, int]] = []
    tail = _TAIL.search(text[start:end])
    if tail and tail.start() > 0:
        tails.append((start + tail.start(), end))
        end = start + tail.start()
    possessive = _POSSESSIVE.search(text[start:end])
    if possessive and possessive.start() > 0:
        tails.insert(0, (start + possessive.start(), end))
        end = start + possessive.start()
    return [*found, (start, end), *tails]

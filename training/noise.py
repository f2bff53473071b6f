"""How people type: letter case, typos, lost punctuation, Slack's formatting and wire markup; spans follow.

A text is a list of Pieces until ``join`` makes it one string with offsets, so no noise has to move a span.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from piiguard.spans import Span
from training.obfuscation import obfuscate

#: Letter case is part of these values.
_CASE_SENSITIVE = frozenset({"PASSWORD", "API_KEY", "CRYPTO", "USERNAME", "BANK_ACCOUNT"})
#: Lower case is how these are often typed in chat.
_OFTEN_LOWER = frozenset({"PERSON", "STREET_ADDRESS", "DATE_OF_BIRTH", "MEDICAL_CONDITION"})
_CODE_LIKE = frozenset({"PASSWORD", "API_KEY", "IP_ADDRESS", "MAC_ADDRESS", "CRYPTO", "USERNAME"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of wire text; ``label`` marks a value, ``fixed`` a piece no noise may touch."""

    text: str
    label: str = ""
    fixed: bool = False
    before: str = ""
    after: str = ""


Noise = Callable[[list[Piece], random.Random], list[Piece]]


def join(pieces: list[Piece]) -> tuple[str, tuple[Span, ...]]:
    """One wire text, and the spans of its labelled pieces."""
    text, spans = "", []
    for piece in pieces:
        text += piece.before
        if piece.label and piece.text:
            spans.append(Span(len(text), len(text) + len(piece.text), piece.label))
        text += piece.text + piece.after
    return text, tuple(spans)


def add_noise(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    """A version of the text as somebody in a hurry might have typed it."""
    for noise, share in NOISES:
        if rng.random() < share:
            pieces = noise(pieces, rng)
    return pieces


def _lower(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    names = rng.random() < 0.8
    return [
        replace(piece, text=piece.text.lower())
        if not piece.fixed and (not piece.label or (names and piece.label in _OFTEN_LOWER))
        else piece
        for piece in pieces
    ]


def _upper(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    return [
        piece
        if piece.fixed or piece.label in _CASE_SENSITIVE or "{" in piece.text or "&" in piece.text
        else replace(piece, text=piece.text.upper())
        for piece in pieces
    ]


def _lower_values(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    return [
        replace(piece, text=piece.text.lower())
        if piece.label and piece.label not in _CASE_SENSITIVE
        else piece
        for piece in pieces
    ]


def _typos(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    return [
        piece
        if piece.label or piece.fixed
        else replace(piece, text=re.sub(r"[a-z]{4,}", lambda m: _typo(m[0], rng), piece.text))
        for piece in pieces
    ]


def _typo(word: str, rng: random.Random) -> str:
    if rng.random() > 0.12:
        return word
    at = rng.randrange(1, len(word) - 1)
    kind = rng.random()
    if kind < 0.4:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind < 0.75:
        return word[:at] + word[at + 1 :]
    return word[:at] + word[at] + word[at:]


def _drop_marks(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    """Lost apostrophes, and lost marks before white space: the comma between two cells of a row stays."""
    text = "".join(piece.text for piece in pieces)
    if "```" in text or '","' in text:
        return pieces

    def strip(text: str) -> str:
        text = re.sub(r"(?<=[a-z])'(?=(?:s|t|re|ll|m|ve|d)\b)", "", text)
        return re.sub(r"[.,!?]+(?=\s)", "", text)

    changed = [
        piece if piece.label or piece.fixed else replace(piece, text=strip(piece.text))
        for piece in pieces
    ]
    last = changed[-1]
    if not last.label and not last.fixed:
        changed[-1] = replace(last, text=last.text.rstrip(".,!?"))
    return changed


def _colons(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    """Keys and values with other signs between them: "ssn - 1", "ssn=1", "ssn 1"."""
    sign = rng.choice([" - ", "=", " ", " : ", ":", " -> ", "; "])
    changed = list(pieces)
    for number in range(len(pieces) - 1):
        piece = pieces[number]
        if not piece.label and not piece.fixed and pieces[number + 1].label:
            changed[number] = replace(piece, text=re.sub(r"(?<=\w): ?$", sign, piece.text))
    return changed


def _wire_links(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    """What Slack makes of an e-mail address or a phone number that somebody types."""
    changed = []
    for piece in pieces:
        if piece.label == "EMAIL_ADDRESS" and re.fullmatch(r"[\w.+-]+@[\w.-]+\.\w+", piece.text):
            piece = replace(piece, before=f"<mailto:{piece.text}|", after=">")
        elif piece.label == "PHONE_NUMBER" and rng.random() < 0.5:
            digits = re.sub(r"\D", "", piece.text)
            if len(digits) >= 10 and not re.search(r"[A-Za-z]", piece.text):
                piece = replace(piece, before=f"<tel:+{digits}|", after=">")
        changed.append(piece)
    return changed


def _mark_values(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    """Values in bold, code, quotes or brackets."""
    left, right = rng.choice(
        [("*", "*"), ("`", "`"), ("`", "`"), ('"', '"'), ("'", "'"), ("(", ")"), ("_", "_")]
    )
    return [
        replace(piece, before=left, after=right)
        if _may_be_marked(pieces, number) and not (left in "*_`" and left in piece.text)
        else piece
        for number, piece in enumerate(pieces)
    ]


def _may_be_marked(pieces: list[Piece], number: int) -> bool:
    piece = pieces[number]
    if not piece.label or piece.before or piece.fixed or "\n" in piece.text:
        return False
    before = pieces[number - 1].text[-1:] if number else " "
    after = pieces[number + 1].text[:1] if number + 1 < len(pieces) else " "
    return (before or " ") in " \n:" and (after or " ") in " \n.,!?"


def _code(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    return [
        replace(piece, before="`", after="`")
        if piece.label in _CODE_LIKE and _may_be_marked(pieces, number) and "`" not in piece.text
        else piece
        for number, piece in enumerate(pieces)
    ]


def _obfuscate(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    return [
        replace(piece, text=obfuscate(piece.label, piece.text, rng))
        if piece.label and rng.random() < 0.8
        else piece
        for piece in pieces
    ]


def _quote(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    return [Piece("&gt; ", fixed=True), *pieces]


_LEADS = [
    "hi!",
    "hey,",
    "fyi",
    "oh",
    "and",
    "also:",
    "so,",
    "ok,",
    "btw",
    "hmm",
    "lol",
    "yes:",
    "sorry,",
    "@here",
    "update:",
    "re:",
    ":wave:",
    ":rotating_light:",
    ":point_down:",
    "psst",
    "quick",
    "one:",
    "morning,",
    "hey",
    "team,",
]
_TAILS = [
    " thx",
    " thanks!",
    " :pray:",
    " pls",
    " lol",
    " :thumbsup:",
    " asap",
    " ok?",
    " cheers",
    " :smile:",
    " ^^",
    " ty",
    " tho",
    " — sent from my phone",
    " :eyes:",
    " (sorry, typing on mobile)",
    " please and thank you",
    " 🙏",
    " 🎉",
    " fyi",
]


def _lead(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    return [Piece(rng.choice(_LEADS) + " "), *pieces]


def _tail(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    return [*pieces, Piece(rng.choice(_TAILS))]


def _spaces(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    return [
        piece
        if piece.label or piece.fixed
        else replace(piece, text=piece.text.replace(" ", "  ", 1))
        for piece in pieces
    ]


#: In this order, each for its share of the texts.
NOISES: tuple[tuple[Noise, float], ...] = (
    (_obfuscate, 0.1),
    (_colons, 0.12),
    (_typos, 0.12),
    (_drop_marks, 0.25),
    (_lower, 0.35),
    (_lower_values, 0.06),
    (_upper, 0.025),
    (_mark_values, 0.07),
    (_code, 0.12),
    (_wire_links, 0.5),
    (_lead, 0.08),
    (_tail, 0.1),
    (_spaces, 0.02),
    (_quote, 0.03),
)

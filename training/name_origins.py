"""Whose names are found: recall of PERSON by the origin of the name, in sentences that are the same for all."""

import random
from collections.abc import Iterable
from typing import Any

from piiguard.messages import Message
from training.evaluate import WireDetector
from training.generators.names import CULTURES

#: Where a name stands at work: first, last, alone with a verb, in a list, asked for, thanked.
SENTENCES = (
    "can {name} look at this before lunch?",
    "talked to {name} about the invoice, all fine",
    "{name} is out today, back on Monday",
    "the new contact at the supplier is {name}",
    "thanks {name} for covering the late shift",
    "please add {name} to the rota",
    "who approved it? {name} did",
    "desk 4 goes to {name}, desk 5 stays empty",
    "got a call from {name} on the main line",
    "interview with {name} moved to three",
)
_NAMES_EACH = 30


def recall_by_origin(detector: WireDetector, seed: int = 0) -> list[dict[str, Any]]:
    """One row a culture: n, recall of full names as written and in lower case, and of given names alone.

    A name counts as found when a PERSON span covers it whole. The names are those of our generators, which training
    has drawn from too; what is compared is culture with culture.
    """
    rng = random.Random(seed)
    rows = []
    for culture in CULTURES:
        messages: list[Message] = []
        wanted: list[tuple[str, int, int]] = []
        for number in range(_NAMES_EACH):
            given, family = rng.choice(culture.given), rng.choice(culture.family)
            full = f"{family} {given}" if "first" in culture.habits else f"{given} {family}"
            sentence = SENTENCES[number % len(SENTENCES)]
            for kind, name in (("full", full), ("lower", full.lower()), ("given", given)):
                text = sentence.format(name=name)
                start = text.index(name)
                messages.append(Message(text, (), "plain"))
                wanted.append((kind, start, start + len(name)))
        found = detector.detect_batch(messages)
        hits = {"full": 0, "lower": 0, "given": 0}
        for (kind, start, end), spans in zip(wanted, found, strict=True):
            hits[kind] += any(
                s.label == "PERSON" and s.start <= start and s.end >= end for s in spans
            )
        rows.append(
            {"origin": culture.name, "n": _NAMES_EACH}
            | {k: round(v / _NAMES_EACH, 3) for k, v in hits.items()}
        )
    return rows


def spread(rows: Iterable[dict[str, Any]], kind: str = "full") -> tuple[str, float, str, float]:
    """(worst origin, its recall, best origin, its recall)."""
    ranked = sorted(rows, key=lambda row: float(row[kind]))
    return ranked[0]["origin"], ranked[0][kind], ranked[-1]["origin"], ranked[-1][kind]

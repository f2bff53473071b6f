"""How often real chat is flagged: the held-back lines of irc and gitter, and what a reader said of the flags.

The lines are real people's, so nothing of them is kept but their ids: a sheet to read goes where the caller says, and
the reader's verdicts come back as one word for each id ("right", "harmless", "wrong").
"""

import csv
import json
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from piiguard.examples import Example
from piiguard.messages import Message
from piiguard.policy import Policy
from piiguard.spans import Span
from training.corpora import read_corpus
from training.corpora.chat import is_held_back
from training.evaluate import WireDetector

VERDICTS = ("right", "harmless", "wrong")
_BATCH = 256


@dataclass(frozen=True, slots=True)
class Quiet:
    """Flags of the default policy among the held-back lines. ``flagged`` holds texts: print its numbers alone."""

    n_lines: int
    flagged: tuple[tuple[Example, tuple[Span, ...]], ...] = field(repr=False)

    @property
    def per_1000(self) -> float:
        """Flagged lines among a thousand, right or wrong."""
        return 1000 * len(self.flagged) / max(1, self.n_lines)

    def labels(self) -> dict[str, int]:
        """How many flagged lines hold each label."""
        return dict(
            Counter(
                label for _, spans in self.flagged for label in {s.label for s in spans}
            ).most_common()
        )


def flagged_lines(detector: WireDetector, data: Path) -> Quiet:
    """Judge every held-back line of irc and gitter by the default policy."""
    lines = [e for name in ("irc", "gitter") for e in read_corpus(name, data) if is_held_back(e)]
    policy = Policy.default()
    flagged: list[tuple[Example, tuple[Span, ...]]] = []
    for first in range(0, len(lines), _BATCH):
        batch = lines[first : first + _BATCH]
        found = detector.detect_batch([Message(e.text, e.context, e.markup) for e in batch])
        for example, spans in zip(batch, found, strict=True):
            if policy.decide(spans).flagged:
                flagged.append((example, tuple(spans)))
    return Quiet(len(lines), tuple(flagged))


def write_sheet(quiet: Quiet, path: Path, limit: int = 100, seed: int = 0) -> int:
    """Up to ``limit`` flags to read, as CSV with an empty column ``verdict``. It holds real chat: keep it out of git."""
    chosen = list(quiet.flagged)
    random.Random(seed).shuffle(chosen)
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(("id", "verdict", "found", "text"))
        for example, spans in chosen[:limit]:
            found = "; ".join(f"{s.label}={example.text[s.start : s.end]}" for s in spans)
            sheet.writerow((example.id, "", found, example.text))
    return min(limit, len(chosen))


def read_verdicts(path: Path) -> dict[str, str]:
    """{id: verdict} from the JSON that is kept, or from a filled sheet. Raises: ValueError for an unknown verdict."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            said = {row["id"]: row["verdict"].strip() for row in csv.DictReader(file)}
    else:
        said = dict(json.loads(path.read_text(encoding="utf-8")))
    said = {key: verdict for key, verdict in said.items() if verdict}
    if unknown := sorted(set(said.values()) - set(VERDICTS)):
        raise ValueError(
            f"{path.name}: expected {', '.join(VERDICTS)}, found {len(unknown)} other words"
        )
    return said


def checked(quiet: Quiet, verdicts: dict[str, str]) -> dict[str, Any]:
    """What the reader said of the flags of this model: counts by verdict, and how many nobody has read."""
    said = Counter(verdicts.get(example.id, "unread") for example, _ in quiet.flagged)
    return {name: said.get(name, 0) for name in (*VERDICTS, "unread")}

"""Spans -> tag ids, and tag probabilities -> spans. Training and serving use this file."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from piiguard.encoding import NOT_MESSAGE, FloatArray, Offset
from piiguard.labels import TAGS
from piiguard.spans import Span

IGNORED = -100  # what torch's cross entropy leaves out
_TAG_IDS = {tag: number for number, tag in enumerate(TAGS)}
#: The price, in log probability, of a step that BIO forbids (O -> I-X, B-X -> I-Y). Not infinite: a model that is
#: sure of a stray I- is believed, because for personal data a crooked span beats a missed one.
_FORBIDDEN = 4.0
#: The price of a span that begins right behind another of its label: nearly always one value torn in two.
_TORN = 1.5


def tag_ids(spans: Sequence[Span], offsets: Sequence[Offset]) -> npt.NDArray[np.int64]:
    """One tag id a token: B- for the first that shares a character with a span, I- for the rest of it, else O.

    Special and context tokens get IGNORED. ``spans`` are disjoint and in order.
    """
    ids = np.zeros(len(offsets), dtype=np.int64)
    last: Span | None = None
    number = 0
    for token, (start, end) in enumerate(offsets):
        if (start, end) == NOT_MESSAGE:
            ids[token] = IGNORED
            continue
        while number < len(spans) and spans[number].end <= start:
            number += 1
        if number < len(spans) and spans[number].start < end:
            span = spans[number]
            ids[token] = _TAG_IDS[f"{'I' if span is last else 'B'}-{span.label}"]
            last = span
    return ids


def decode_bio(
    probs: FloatArray,
    offsets: Sequence[Offset],
    tags: Sequence[str] = TAGS,
    thresholds: Mapping[str, float] | None = None,
) -> list[Span]:
    """Turn the tag probabilities of one text into spans.

    The best path under BIO's rules wins; a stray I- opens a span.
    B-PERSON I-PERSON O over offsets (0, 4) (5, 8) (9, 11) -> Span(0, 8, "PERSON").

    Args:
        probs: (tokens, tags), each row sums to 1.
        offsets: (tokens, 2), half-open, in code points; message tokens only.
        thresholds: the probability at which a label is taken instead of O; 0.5 where absent. Below 0.5 a label
            wins earlier: the tag's odds are multiplied by (1 - t) / t before the path is chosen.

    Returns: disjoint spans in order; ``score`` is the mean over the span's tokens of P(B-label) + P(I-label).
    Raises: ValueError when ``probs`` and ``offsets`` differ in length.
    """
    if len(probs) != len(offsets):
        raise ValueError(f"expected as many rows as offsets, found {len(probs)} and {len(offsets)}")
    if not offsets:
        return []
    weighted = probs * _odds(tags, thresholds or {})
    path = _best_path(weighted, tags)
    return [
        Span(
            offsets[first][0],
            offsets[last][1],
            label,
            float(
                min(
                    1.0,
                    probs[first : last + 1, [tags.index(f"B-{label}"), tags.index(f"I-{label}")]]
                    .sum(axis=1)
                    .mean(),
                )
            ),
            "model",
        )
        for first, last, label in _runs([tags[number] for number in path])
    ]


def _odds(tags: Sequence[str], thresholds: Mapping[str, float]) -> FloatArray:
    odds = np.ones(len(tags), dtype=np.float32)
    for number, tag in enumerate(tags):
        threshold = thresholds.get(tag[2:], 0.5) if tag != "O" else 0.5
        odds[number] = (1 - threshold) / threshold
    return odds


def _best_path(weighted: FloatArray, tags: Sequence[str]) -> list[int]:
    greedy: list[int] = weighted.argmax(axis=1).tolist()
    steps = _step_costs(tags)
    if all(steps[a, b] == 0 for a, b in zip([0, *greedy], greedy, strict=False)):
        return greedy  # no forbidden step: the best path of all
    logs = np.log(weighted + 1e-9)
    best = logs[0] - steps[0]
    back = np.zeros(weighted.shape, dtype=np.int64)
    for token in range(1, len(logs)):
        arrive = best[:, None] - steps
        back[token] = arrive.argmax(axis=0)
        best = arrive.max(axis=0) + logs[token]
    path = [int(best.argmax())]
    for token in range(len(logs) - 1, 0, -1):
        path.append(int(back[token, path[-1]]))
    return path[::-1]


_step_cost_tables: dict[tuple[str, ...], FloatArray] = {}


def _step_costs(tags: Sequence[str]) -> FloatArray:
    """(tags, tags): what a step from row to column costs. Row 0, "O", also stands for the start of a text."""
    key = tuple(tags)
    if key not in _step_cost_tables:
        costs = np.zeros((len(key), len(key)), dtype=np.float32)
        for column, tag in enumerate(key):
            if tag.startswith("I-"):
                costs[:, column] = [
                    0 if before[2:] == tag[2:] and before != "O" else _FORBIDDEN for before in key
                ]
            elif tag != "O":
                costs[:, column] = [_TORN if before[2:] == tag[2:] else 0 for before in key]
        _step_cost_tables[key] = costs
    return _step_cost_tables[key]


def _runs(path: Sequence[str]) -> list[tuple[int, int, str]]:
    """(first token, last token, label) of each span on a path of tags."""
    runs: list[tuple[int, int, str]] = []
    for token, tag in enumerate(path):
        if tag == "O":
            continue
        label = tag[2:]
        if tag[0] == "I" and runs and runs[-1][1] == token - 1 and runs[-1][2] == label:
            runs[-1] = (runs[-1][0], token, label)
        else:
            runs.append((token, token, label))
    return runs

"""Temperature and a threshold per label, from the exported model's own scores on held-back examples."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from piiguard.bio import IGNORED, decode_bio, tag_ids
from piiguard.encoding import FloatArray, Offset, stitch
from piiguard.examples import Example
from piiguard.labels import LABELS, TAGS
from piiguard.onnx_detector import OnnxDetector
from piiguard.scoring import Counts
from training.dataset import plain_view

_TEMPERATURES = np.linspace(0.6, 2.5, 39)
_THRESHOLDS = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7)
#: A threshold leaves 0.5 for this gain or more: smaller ones came and went between two runs over the same weights.
_CLEAR_GAIN = 0.01
#: How much a miss weighs against a false span when a threshold is chosen: F-beta.
_BETA = {"critical": 1.5, "high": 1.25, "medium": 1.0, "low": 1.0}


def calibrate(
    detector: OnnxDetector, encoder: Any, examples: Sequence[Example]
) -> tuple[float, dict[str, float]]:
    """(temperature, threshold of each label).

    The temperature minimises the loss of the tags; a threshold maximises F-beta of the label's exact spans, with
    beta above 1 where a miss is worse than a false span. A label with fewer than 20 spans keeps 0.5.
    """
    texts = []
    for example in examples:
        text, spans, _, context = plain_view(example)
        windows = encoder.encode(text, context)
        if windows:
            texts.append((windows, spans))
    if not texts:  # nothing was held back: what the model says stands
        return 1.0, dict.fromkeys(LABELS, 0.5)
    probs = iter(detector.probabilities([w for windows, _ in texts for w in windows]))
    rows: list[tuple[FloatArray, list[Offset], Sequence[Any]]] = []
    for windows, spans in texts:
        joined, offsets = stitch(windows, [next(probs) for _ in windows])
        rows.append((joined, offsets, spans))
    temperature = _best_temperature(rows)
    cooled = [(_cool(p, temperature), offsets, spans) for p, offsets, spans in rows]
    return temperature, _best_thresholds(cooled)


def _best_temperature(rows: Sequence[tuple[FloatArray, list[Offset], Sequence[Any]]]) -> float:
    logits, golds = [], []
    for probs, offsets, spans in rows:
        gold = tag_ids(spans, offsets)
        keep = gold != IGNORED
        logits.append(np.log(probs[keep] + 1e-9))
        golds.append(gold[keep])
    table, gold = np.concatenate(logits), np.concatenate(golds)
    losses = []
    for temperature in _TEMPERATURES:
        scaled = table / temperature
        norm = np.log(np.exp(scaled - scaled.max(axis=1, keepdims=True)).sum(axis=1))
        losses.append(
            float((norm + scaled.max(axis=1) - scaled[np.arange(len(gold)), gold]).mean())
        )
    return round(float(_TEMPERATURES[int(np.argmin(losses))]), 3)


def _cool(probs: FloatArray, temperature: float) -> FloatArray:
    powered = np.power(probs + 1e-9, 1 / temperature)
    result: FloatArray = (powered / powered.sum(axis=1, keepdims=True)).astype(np.float32)
    return result


def _best_thresholds(
    rows: Sequence[tuple[FloatArray, list[Offset], Sequence[Any]]],
) -> dict[str, float]:
    best = dict.fromkeys(LABELS, (-1.0, 0.5))
    support = dict.fromkeys(LABELS, 0)
    for _, _, spans in rows:
        for span in spans:
            support[span.label] += 1
    for threshold in sorted(_THRESHOLDS, key=lambda t: abs(t - 0.5)):
        counts = {label: Counts() for label in LABELS}
        uniform = dict.fromkeys(LABELS, threshold)
        for probs, offsets, spans in rows:
            gold = {(s.start, s.end, s.label) for s in spans}
            found = {(s.start, s.end, s.label) for s in decode_bio(probs, offsets, TAGS, uniform)}
            for *_, label in found:
                counts[label].fp += 1
            for edges in gold:
                counts[edges[2]].fn += 1
            for edges in gold & found:
                counts[edges[2]].add(Counts(1, -1, -1))
        for label, count in counts.items():
            beta = _BETA[LABELS[label].severity] ** 2
            weighed = (1 + beta) * count.tp
            value = weighed / max(1, weighed + beta * count.fn + count.fp)
            # subtle: thresholds come nearest to 0.5 first, and only a clear gain moves away from it
            if support[label] >= 20 and value > best[label][0] + _CLEAR_GAIN:
                best[label] = (value, threshold)
    return {label: threshold for label, (_, threshold) in best.items()}

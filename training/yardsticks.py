"""Every yardstick of a model beside its own report: context, foreign sets, checks of formats, quiet on real chat, names.

Each function reads a set that is only ever measured on, and gives counts; none of them keeps or prints a text.
"""

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from piiguard.examples import Example, read_examples
from piiguard.labels import LABELS
from piiguard.messages import Markup, Message
from piiguard.scoring import Counts, score_text, summarize
from piiguard.spans import Span
from piiguard.validators import check_value
from training.evaluate import WireDetector
from training.metrics import expected_calibration_error

_BATCH = 64
#: From this many spans on, a label's calibration says something.
MIN_CALIBRATED = 50
#: presidio_synth_v2's names that have a label of ours; its other kinds (places, firms, ages) are not ours to find.
SYNTH_LABELS = {
    "PERSON": "PERSON",
    "STREET_ADDRESS": "STREET_ADDRESS",
    "CREDIT_CARD": "CREDIT_CARD",
    "PHONE_NUMBER": "PHONE_NUMBER",
    "EMAIL_ADDRESS": "EMAIL_ADDRESS",
    "IBAN_CODE": "BANK_ACCOUNT",
    "US_SSN": "NATIONAL_ID",
    "IP_ADDRESS": "IP_ADDRESS",
    "US_DRIVER_LICENSE": "DRIVER_LICENSE",
}
_ADDRESS_PIECES = frozenset({"STREET_ADDRESS", "GPE", "ZIP_CODE"})
#: The eight of them that have ten cases or more.
SYNTH_CLASSES = tuple(label for name, label in SYNTH_LABELS.items() if name != "US_DRIVER_LICENSE")
#: presidio_recognizer_cases: its recognisers that find a kind of ours.
RECOGNIZERS = {
    "NATIONAL_ID": "au_tfn ca_sin de_id_card de_social_security de_tax_id es_nie es_nif fi_personal_identity_code in_aadhaar "
    "in_pan in_voter it_fiscal_code it_identity_card kr_frn kr_rrn ng_nin pl_pesel se_personnummer sg_fin th_tnin "
    "tr_national_id uk_nino us_itin us_ssn za_id_number",
    "PASSPORT": "de_passport es_passport in_passport it_passport kr_passport uk_passport us_passport",
    "DRIVER_LICENSE": "de_fuehrerschein it_driver_license kr_driver_license uk_driving_licence us_driver_license",
    "BANK_ACCOUNT": "aba_routing iban us_bank",
    "MEDICAL_RECORD": "au_medicare de_health_insurance uk_nhs us_mbi",
    "VEHICLE_ID": "de_kfz in_vehicle_registration ng_vehicle_registration tr_license_plate uk_vehicle_registration",
    "PHONE_NUMBER": "ph_mobile_number phone tr_phone_number",
    "CREDIT_CARD": "credit_card",
    "CRYPTO": "crypto",
    "EMAIL_ADDRESS": "email",
    "IP_ADDRESS": "ip",
    "MAC_ADDRESS": "mac",
}
_LABEL_OF = {name: label for label, names in RECOGNIZERS.items() for name in names.split()}


def with_and_without_context(detector: WireDetector, examples: Sequence[Example]) -> dict[str, Any]:
    """Recall and false spans of the messages that have a context and a value, with that context and without it.

    ``bare``: of these, the messages with fewer than four words beside their values, where little but the context can
    say what a value is.
    """
    chosen = [e for e in examples if e.context and e.spans]
    result: dict[str, Any] = {}
    for name, subset in (("all", chosen), ("bare", [e for e in chosen if _n_other_words(e) < 4])):
        row: dict[str, Any] = {"messages": len(subset)}
        for key in ("with", "without"):
            found = _detect(
                detector,
                [Message(e.text, e.context if key == "with" else (), e.markup) for e in subset],
            )
            scores = [
                score_text(e.text, e.spans, spans) for e, spans in zip(subset, found, strict=True)
            ]
            strict = summarize(scores)["strict"]
            false = round(
                strict["support"] * strict["recall"] * (1 / max(strict["precision"], 1e-9) - 1)
            )
            row[key] = {
                "recall": strict["recall"],
                "false_spans": false,
                "spans": strict["support"],
            }
        result[name] = row
    return result


def calibration(detector: WireDetector, files: Iterable[Path]) -> dict[str, dict[str, float]]:
    """Expected calibration error of each label that has enough claimed spans over all sets together."""
    claims: dict[str, list[tuple[float, bool]]] = {}
    for path in files:
        examples = list(read_examples(path))
        known = {span.label for example in examples for span in example.spans}
        markup: Markup | None = "plain" if known == {"PERSON"} else None
        found = _detect(
            detector, [Message(e.text, e.context, markup or e.markup) for e in examples]
        )
        for example, spans in zip(examples, found, strict=True):
            gold = {(span.start, span.end, span.label) for span in example.spans}
            for span in spans:
                if span.label in known:
                    right = (span.start, span.end, span.label) in gold
                    claims.setdefault(span.label, []).append((span.score, right))
    return {
        label: {
            "ece": expected_calibration_error([s for s, _ in rows], [right for _, right in rows]),
            "n": len(rows),
        }
        for label, rows in sorted(claims.items())
        if len(rows) >= MIN_CALIBRATED
    }


def recognizer_cases(detector: WireDetector, path: Path) -> dict[str, Any]:
    """Must-match recall by label, and must-not-match texts with such a span, over the recognisers of our kinds.

    Addresses that no outsider can reach (private, loopback) are personal data for Presidio and not for the guidelines;
    they are counted apart (``left_out``).
    """
    rows = [row for row in _rows(path) if row["rule"] in _LABEL_OF]
    found = _detect(detector, [Message(row["text"], (), "plain") for row in rows])
    n = {"must": 0, "matched": 0, "overlapped": 0, "left_out": 0, "must_not": 0, "wrongly": 0}
    for row, spans in zip(rows, found, strict=True):
        label = _LABEL_OF[row["rule"]]
        if not row["expected"]:
            n["must_not"] += 1
            n["wrongly"] += any(span.label == label for span in spans)
            continue
        for gold in row["spans"]:
            value = row["text"][gold["start"] : gold["end"]]
            if label == "IP_ADDRESS" and check_value(label, value) is not True:
                n["left_out"] += 1
                continue
            here = [s for s in spans if s.start < gold["end"] and gold["start"] < s.end]
            n["must"] += 1
            n["overlapped"] += bool(here)
            n["matched"] += any(span.label == label for span in here)
    return n | {
        "recall": round(n["matched"] / max(1, n["must"]), 4),
        "false_share": round(n["wrongly"] / max(1, n["must_not"]), 4),
    }


def synthetic_sentences(detector: WireDetector, path: Path) -> dict[str, Any]:
    """presidio_synth_v2: label-agnostic F1 at IoU 0.7, and the mean F1 of eight classes at IoU 0.5.

    It marks street, town and postcode of one address apart; the guidelines make them one span, so neighbours with
    nothing but punctuation between them are joined (``joined``: how many pieces went into others).
    """
    agnostic = Counts()
    classes = {label: Counts() for label in SYNTH_CLASSES}
    rows = list(_rows(path))
    n_joined = 0
    found = _detect(detector, [Message(row["text"], (), "plain") for row in rows])
    for row, spans in zip(rows, found, strict=True):
        whole = _whole_addresses(row["text"], row["spans"])
        n_joined += len(row["spans"]) - len(whole)
        gold = [
            Span(s["start"], s["end"], SYNTH_LABELS[s["label"]])
            for s in whole
            if s["label"] in SYNTH_LABELS
        ]
        mine = [span for span in spans if span.label in set(SYNTH_LABELS.values())]
        agnostic.add(_matched(gold, mine, 0.7))
        for label, counts in classes.items():
            counts.add(
                _matched(
                    [s for s in gold if s.label == label],
                    [s for s in mine if s.label == label],
                    0.5,
                )
            )
    return {
        "messages": len(rows),
        "joined": n_joined,
        "agnostic_iou70": agnostic.row(),
        "macro_iou50": round(sum(c.f1 for c in classes.values()) / len(classes), 4),
        "classes_iou50": {label: counts.row() for label, counts in classes.items()},
    }


def _whole_addresses(text: str, spans: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The spans with the pieces of one address joined, where one of them is a street."""
    joined: list[dict[str, Any]] = []
    for span in sorted(spans, key=lambda span: int(span["start"])):
        last = joined[-1] if joined else None
        is_piece = last is not None and {span["label"], last["label"]} <= _ADDRESS_PIECES
        gap = text[last["end"] : span["start"]] if last else ""
        if last is not None and is_piece and not any(char.isalnum() for char in gap):
            label = (
                "STREET_ADDRESS" if "STREET_ADDRESS" in (span["label"], last["label"]) else "GPE"
            )
            joined[-1] = {"start": last["start"], "end": span["end"], "label": label}
        else:
            joined.append(dict(span))
    return joined


def critical_recall(per_label: dict[str, dict[str, float]]) -> dict[str, tuple[float, int]]:
    """Recall and support of each critical label of a summary."""
    return {
        label: (row["recall"], int(row["support"]))
        for label, row in per_label.items()
        if LABELS[label].severity == "critical"
    }


def _matched(gold: Sequence[Span], found: Sequence[Span], iou: float) -> Counts:
    left = list(gold)
    n_hits = 0
    for span in found:
        for other in left:
            inter = min(span.end, other.end) - max(span.start, other.start)
            union = max(span.end, other.end) - min(span.start, other.start)
            if inter > 0 and inter / union >= iou:
                left.remove(other)
                n_hits += 1
                break
    return Counts(n_hits, len(found) - n_hits, len(left))


def _n_other_words(example: Example) -> int:
    text = example.text
    for span in sorted(example.spans, key=lambda span: -span.start):
        text = text[: span.start] + " " + text[span.end :]
    return sum(any(char.isalpha() for char in word) for word in text.split())


def _detect(detector: WireDetector, messages: Sequence[Message]) -> list[list[Span]]:
    found: list[list[Span]] = []
    for first in range(0, len(messages), _BATCH):
        found.extend(detector.detect_batch(messages[first : first + _BATCH]))
    return found


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with ExitStack() as opened:
        lines = (
            opened.enter_context(gzip.open(path, "rt", encoding="utf-8"))
            if path.suffix == ".gz"
            else opened.enter_context(path.open(encoding="utf-8"))
        )
        for line in lines:
            if line.strip():
                yield json.loads(line)

"""The bars of a model, measured in one run by one program, and the page that shows them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from piiguard.examples import read_examples
from training.card import tables
from training.detectors import open_detector
from training.evaluate import evaluate_files
from training.name_origins import recall_by_origin, spread
from training.quiet import checked, flagged_lines, read_verdicts
from training.yardsticks import (
    calibration,
    critical_recall,
    recognizer_cases,
    synthetic_sentences,
    with_and_without_context,
)

PERSON_BARS = {
    "uner_ewt": 0.80,
    "tweebank": 0.70,
    "broad_twitter": 0.72,
    "wnut17": 0.62,
    "nlupp": 0.80,
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One number that a model has to reach. ``at_least``: more is better; else less is."""

    name: str
    value: float
    limit: float
    n: int
    at_least: bool = True

    @property
    def is_met(self) -> bool:
        """Whether it is reached, exactly so too."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def measure(model: Path | None, data: Path, verdicts: Path | None = None) -> dict[str, Any]:
    """Everything about a model on the sets below ``data`` (its folders dev, bench and train). Takes some minutes."""
    detector, name = open_detector(model)
    dev = data / "dev"
    sets = [dev / f"{stem}.jsonl.gz" for stem in ("slack_dev", *PERSON_BARS)]
    report = evaluate_files(detector, name, sets, "python -m training bars")
    quiet = flagged_lines(detector, data / "train")
    return {
        "model": name,
        "datasets": report.datasets,
        "tables": tables(report),
        "context": with_and_without_context(detector, list(read_examples(sets[0]))),
        "calibration": calibration(detector, sets),
        "recognizer_cases": recognizer_cases(detector, dev / "presidio_recognizer_cases.jsonl.gz"),
        "synthetic": synthetic_sentences(detector, data / "bench" / "presidio_synth_v2.jsonl.gz"),
        "quiet": {"lines": quiet.n_lines, "flagged": len(quiet.flagged), "per_1000": round(quiet.per_1000, 2),
                  "labels": quiet.labels(), "read": checked(quiet, read_verdicts(verdicts) if verdicts else {})},
        "origins": recall_by_origin(detector),
    }  # fmt: skip


def bars(found: dict[str, Any]) -> list[Bar]:
    """The bars of what ``measure`` found."""
    chat = found["datasets"]["slack_dev"]
    n, flags = chat["messages"], chat["message_flag"]
    critical = critical_recall(chat["per_label"])
    worst = min(critical, key=lambda label: critical[label][0])
    cases, synthetic, context = (
        found["recognizer_cases"],
        found["synthetic"],
        found["context"]["bare"],
    )
    gain = context["with"]["recall"] - context["without"]["recall"]
    return [
        Bar("slack_dev: strict micro F1", chat["strict"]["f1"], 0.88, n),
        Bar("slack_dev: strict macro F1", chat["macro_f1"], 0.82, n),
        Bar(f"slack_dev: recall of the worst critical label ({worst})", critical[worst][0], 0.90, critical[worst][1]),
        Bar("slack_dev: leaked characters", chat["leaked_char_share"], 0.05, n, at_least=False),
        Bar("slack_dev: flagged messages, recall", flags["recall"], 0.96, flags["support"]),
        Bar("slack_dev: flagged messages, precision", flags["precision"], 0.95, flags["support"]),
        Bar("slack_dev: clean messages with a span, per 1,000", chat["clean_with_any_span_per_1000"], 40,
            chat["clean_messages"], at_least=False),
        Bar("slack_dev: recall that the context adds (bare answers)", round(gain, 4), 0.20, context["with"]["spans"]),
        Bar("slack_dev: false spans with the context, less those without",
            context["with"]["false_spans"] - context["without"]["false_spans"], 0, context["messages"], at_least=False),
        *(
            Bar(f"{name}: PERSON, strict F1", found["datasets"][name]["strict"]["f1"], limit, found["datasets"][name]["messages"])
            for name, limit in PERSON_BARS.items()
        ),
        Bar("presidio_recognizer_cases: must match", cases["recall"], 0.95, cases["must"]),
        Bar("presidio_recognizer_cases: must not, flagged", cases["false_share"], 0.05, cases["must_not"], at_least=False),
        Bar("irc + gitter, held back: flagged per 1,000", found["quiet"]["per_1000"], 5, found["quiet"]["lines"], at_least=False),
        Bar("presidio_synth_v2: any label, IoU 0.7, F1", synthetic["agnostic_iou70"]["f1"], 0.86, synthetic["messages"]),
        Bar("presidio_synth_v2: eight classes, IoU 0.5, macro F1", synthetic["macro_iou50"], 0.65, synthetic["messages"]),
        *(
            Bar(f"calibration error of {label}", row["ece"], 0.05, int(row["n"]), at_least=False)
            for label, row in found["calibration"].items()
        ),
    ]  # fmt: skip


def page(found: dict[str, Any], listed: Iterable[Bar]) -> str:
    """The page as Markdown. No number in it is typed."""
    lines = [
        "# What the shipped model reaches",
        "",
        f"Written by `python -m training bars -o docs/evaluation.md` for **{found['model']}** (the int8 file, behind "
        "`Guard`, default policy). A bar that is missed is shown like one that is met.",
        "",
        "| measured | n | value | bar | |",
        "| --- | --- | --- | --- | --- |",
    ]
    for bar in listed:
        sign = "≥" if bar.at_least else "≤"
        lines.append(
            f"| {bar.name} | {bar.n} | {bar.value:.3f} | {sign} {bar.limit:g} | {'met' if bar.is_met else 'missed'} |"
        )
    quiet, cases, synthetic = found["quiet"], found["recognizer_cases"], found["synthetic"]
    worst, low, best, high = spread(found["origins"])
    lines += [
        "",
        f"Real chat: {quiet['flagged']} of {quiet['lines']} held-back lines of irc and gitter are flagged. A reader found of "
        "these: " + ", ".join(f"{n} {word}" for word, n in quiet["read"].items()) + ". Labels in them: "
        + ", ".join(f"{label} {n}" for label, n in quiet["labels"].items()) + ".",
        "",
        f"presidio_recognizer_cases: {cases['left_out']} private and loopback addresses are left out, which the guidelines "
        f"do not count as personal; found under whatever label: {cases['overlapped']} of {cases['must']}.",
        "",
        f"presidio_synth_v2 marks street, town and postcode of an address apart; {synthetic['joined']} pieces were joined to "
        "whole addresses, as the guidelines label them.",
        "",
        "## Results by set and label",
        "",
        found["tables"],
        "## Names by origin",
        "",
        f"Recall of PERSON in ten plain sentences, names in full: {low:.2f} ({worst}) to {high:.2f} ({best}).",
        "",
        "| origin | n | full name | lower case | given name alone |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {row['origin']} | {row['n']} | {row['full']:.2f} | {row['lower']:.2f} | {row['given']:.2f} |"
            for row in found["origins"]
        ),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def as_rows(listed: Iterable[Bar]) -> list[dict[str, Any]]:
    """For a JSON file."""
    return [asdict(bar) | {"is_met": bar.is_met} for bar in listed]

"""The model card and every table in it, written from a Report and the run's own record."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from piiguard.labels import LABELS
from piiguard.model_dir import Manifest
from training.corpora import CORPORA
from training.evaluate import Report

RESULTS = re.compile(r"(<!-- results:begin -->\n).*?(<!-- results:end -->)", re.DOTALL)

_COLUMNS: tuple[tuple[str, str, Callable[[dict[str, Any]], float]], ...] = (
    ("strict F1", "strict_f1", lambda s: s["strict"]["f1"]),
    ("macro F1", "macro_f1", lambda s: s["macro_f1"]),
    ("leaked characters", "leaked_char_share", lambda s: s["leaked_char_share"]),
    ("flag recall", "message_flag_recall", lambda s: s["message_flag"]["recall"]),
    ("flag precision", "message_flag_precision", lambda s: s["message_flag"]["precision"]),
)


def tables(report: Report) -> str:
    """All results of a report as Markdown: a summary of the sets, then a table of labels for each."""
    lines = [f"`{report.command}` with **{report.model}**; 95 % bootstrap intervals by group.", ""]
    lines += summary_table({report.model: report})
    for name, summary in report.datasets.items():
        lines += ["", f"**{name}**, n = {summary['messages']} messages", ""]
        lines += label_table(summary)
    return "\n".join(lines) + "\n"


def summary_table(reports: dict[str, Report]) -> list[str]:
    """One row a detector and set."""
    heads = [
        "set",
        "detector",
        "n",
        *(head for head, _, _ in _COLUMNS),
        "clean messages with a span, per 1,000",
    ]
    lines = [_row(heads), _row(["---"] * len(heads))]
    for model, report in reports.items():
        for name, summary in report.datasets.items():
            cells = [name, model, str(summary["messages"])]
            for _, key, read in _COLUMNS:
                cells.append(_interval(read(summary), summary.get("ci95", {}).get(key)))
            cells.append(f"{summary['clean_with_any_span_per_1000']:.0f}")
            lines.append(_row(cells))
    return lines


def label_table(summary: dict[str, Any]) -> list[str]:
    """One row a label, most frequent first."""
    lines = [
        _row(["label", "severity", "precision", "recall", "F1 (strict)", "support"]),
        _row(["---"] * 6),
    ]
    for label, counts in summary["per_label"].items():
        lines.append(
            _row(
                [
                    label,
                    LABELS[label].severity,
                    f"{counts['precision']:.2f}",
                    f"{counts['recall']:.2f}",
                    _interval(counts["f1"], counts.get("f1_ci95")),
                    str(counts["support"]),
                ]
            )
        )
    return lines


def model_card(manifest: Manifest, report: Report, run: dict[str, Any]) -> str:
    """The README.md of a model directory; every number comes from the report, the manifest or the run."""
    sources = run.get("sources", {})
    licences = {corpus.home: corpus.licence for corpus in CORPORA.values()}
    lines = [
        "---",
        "license: apache-2.0",
        "language: en",
        "library_name: onnxruntime",
        "pipeline_tag: token-classification",
        "base_model: sentence-transformers/all-MiniLM-L6-v2",
        "tags: [pii, slack, token-classification, onnx]",
        "---",
        "",
        f"# {manifest.name}",
        "",
        "Finds 20 kinds of personal data in Slack messages. Written by `python -m training card`: no number here was typed.",
        "",
        "**Intended use**: the model half of piiguard's `Guard`, beside its rules, on English workplace chat; its findings go to "
        "a person who reviews them.",
        "**Out of scope**: other languages, scanned documents, decisions about people without review, proof that a text is free "
        "of personal data.",
        "",
        "## Results of the whole Guard (rules and this int8 model)",
        "",
        tables(report),
        "## Data",
        "",
        f"{run.get('n_train', 0)} training examples over all stages; the last has fingerprint `{manifest.data_fingerprint[:16]}`, seed {manifest.seed}. "
        "Messages from templates are synthetic; weak ones are real chat on which labelling functions voted.",
        "",
        _row(["source", "examples", "licence"]),
        _row(["---"] * 3),
        *(
            _row([source, str(n), licences.get(source, "this repository")])
            for source, n in sorted(sources.items(), key=lambda item: -item[1])
        ),
        "",
        "## Thresholds and calibration",
        "",
        f"Temperature {manifest.calibration.get('temperature', 1.0)}. A label is taken instead of O from this probability on:",
        "",
        _row(["label", "threshold"]),
        _row(["---"] * 2),
        *(_row([label, f"{t:.2f}"]) for label, t in manifest.thresholds.items()),
        "",
        "## Limits",
        "",
        "- Trained on written carriers and public English sets: a workspace's own formats are learned from its corrections.",
        "- `token_type_ids` carry the letter case (0-5 for the message's words, 6-11 for its context's). A pipeline that feeds "
        "zeros runs, and loses accuracy.",
        "- Expected calibration error of each set stands in `report.json` (`ece`), over all labels.",
        "",
        "## Reproduce",
        "",
        "Stages, each on from the checkpoint of the one before (`weak-label` once, then `generate` and `finetune`): "
        + ", ".join(f"`{stage}`" for stage in run.get("stages", [])),
        "",
        f"Parent: {manifest.parent}. Files and their sha256: `manifest.json`.",
    ]
    return "\n".join(lines) + "\n"


def renew_readme(readme: Path, report: Report) -> None:
    """Replace the table between the README's result marks."""
    text = readme.read_text(encoding="utf-8")
    table = "\n".join(summary_table({report.model: report}))
    renewed, n = RESULTS.subn(lambda marks: f"{marks[1]}{table}\n{marks[2]}", text)
    if n != 1:
        raise ValueError(f"{readme}: expected one pair of result marks, found {n}")
    readme.write_text(renewed, encoding="utf-8")


def _interval(value: float, edges: Any) -> str:
    if not edges:
        return f"{value:.3f}"
    return f"{value:.3f} ({edges[0]:.2f}-{edges[1]:.2f})"


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"

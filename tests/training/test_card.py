"""The card: every number in its tables is one of the report, and no text is."""

import re

import pytest

pytest.importorskip("torch", reason="the workshop needs piiguard[train]")

from piiguard.labels import LABELS
from piiguard.model_dir import Manifest, open_model_dir
from training.assemble import add_report
from training.card import label_table, model_card, renew_readme, summary_table, tables
from training.config import TrainConfig
from training.evaluate import Report

_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*[A-Za-z])")


def summary(first=1):
    """A summary in which no two numbers are alike, as ``full_summary`` shapes it."""
    numbers = iter(range(first, first + 60))

    def rate():
        return round(0.101 + 0.013 * next(numbers), 4)

    def row():
        return {"precision": rate(), "recall": rate(), "f1": rate(), "support": 500 + next(numbers)}

    measures = (
        "strict_f1",
        "macro_f1",
        "leaked_char_share",
        "message_flag_recall",
        "message_flag_precision",
    )
    return {
        "messages": 7001 + first,
        "strict": row(),
        "macro_f1": rate(),
        "leaked_char_share": rate(),
        "message_flag": row(),
        "clean_with_any_span_per_1000": 300 + next(numbers),
        "ci95": {name: [rate(), rate()] for name in measures},
        "per_label": {
            "PERSON": {**row(), "f1_ci95": [rate(), rate()]},
            "PASSWORD": row(),
        },
        "ece": 0.0321,
        "sha256": "0" * 64,
    }


def numbers_of(value):
    if isinstance(value, dict):
        return [n for inner in value.values() for n in numbers_of(inner)]
    if isinstance(value, (list, tuple)):
        return [n for inner in value for n in numbers_of(inner)]
    return [value] if isinstance(value, (int, float)) else []


def shown(numbers):
    """Each way the card may round these numbers."""
    return {f"{n:.{digits}f}" for n in numbers for digits in (0, 2, 3)}


def cells(lines):
    return [cell.strip() for line in lines if "|" in line for cell in line.strip("| \n").split("|")]


@pytest.fixture
def report():
    return Report(
        "piiguard-en-x", "python -m training evaluate", {"here": summary(), "there": summary(9)}
    )


@pytest.fixture
def manifest():
    thresholds = dict.fromkeys(LABELS, 0.31)
    return Manifest(
        "piiguard-en-x",
        tuple(LABELS),
        thresholds,
        {"temperature": 1.17},
        {},
        {},
        "f" * 64,
        77,
        "base",
    )


def test_every_number_of_a_summary_table_is_one_of_the_report(report):
    lines = summary_table({report.model: report})

    found = [n for cell in cells(lines[2:]) for n in _NUMBER.findall(cell)]
    assert len(lines) == 4
    assert len(found) == 2 * (1 + 5 * 3 + 1)
    assert set(found) <= shown(numbers_of(report.datasets))


def test_a_value_stands_with_its_interval_and_without_one_alone(report):
    table = label_table(report.datasets["here"])

    per_label = report.datasets["here"]["per_label"]
    low, high = per_label["PERSON"]["f1_ci95"]
    assert f"| {per_label['PERSON']['f1']:.3f} ({low:.2f}-{high:.2f}) |" in table[2]
    assert f"| {per_label['PASSWORD']['f1']:.3f} |" in table[3]
    assert cells(table[2:])[:2] == ["PERSON", LABELS["PERSON"].severity]
    found = [n for cell in cells(table[2:]) for n in _NUMBER.findall(cell)]
    assert set(found) <= shown(numbers_of(per_label))


def test_all_sets_of_a_report_have_their_tables(report):
    text = tables(report)

    for name, one in report.datasets.items():
        assert f"**{name}**, n = {one['messages']} messages" in text
    assert text.count("| label | severity |") == 2
    assert report.command in text


def test_every_number_of_the_cards_tables_has_a_source(report, manifest):
    run = {
        "n_train": 4321,
        "sources": {"template": 4000, "gitleaks/gitleaks": 321},
        "config": {"name": "tiny"},
        "stages": ["tiny"],
    }

    card = model_card(manifest, report, run)

    rows = [line for line in card.splitlines() if line.startswith("| ") and "---" not in line]
    found = {n for cell in cells(rows) for n in _NUMBER.findall(cell) if "1,000" not in cell}
    known = shown(numbers_of(report.datasets)) | shown([0.31]) | {"4000", "321"}
    assert found <= known | {"95"}
    assert {"0.31", "4000", "321"} <= found
    assert "Temperature 1.17" in card
    assert "4321 training examples" in card
    assert "seed 77" in card
    assert "`generate` and `finetune`): `tiny`" in card


def test_a_source_stands_with_its_licence(report, manifest):
    run = {"sources": {"template": 5, "gitleaks/gitleaks": 7}}

    card = model_card(manifest, report, run)

    assert "| gitleaks/gitleaks | 7 | MIT |" in card
    assert "| template | 5 | this repository |" in card
    assert card.index("gitleaks") < card.index("| template")  # the largest first


def test_a_readme_changes_between_its_marks_alone(tmp_path, report):
    readme = tmp_path / "README.md"
    readme.write_text("top\n<!-- results:begin -->\nold\nolder\n<!-- results:end -->\nend\n")

    renew_readme(readme, report)
    once = readme.read_text()
    renew_readme(readme, report)

    lines = once.splitlines()
    assert lines[:2] == ["top", "<!-- results:begin -->"]
    assert lines[-2:] == ["<!-- results:end -->", "end"]
    assert lines[2:-2] == summary_table({report.model: report})
    assert readme.read_text() == once


def test_a_models_name_is_put_into_the_readme_as_it_is(tmp_path, report):
    readme = tmp_path / "README.md"
    readme.write_text("<!-- results:begin -->\n<!-- results:end -->\n")

    renew_readme(readme, Report(r"C:\models\g<1>", "", report.datasets))

    assert r"C:\models\g<1>" in readme.read_text()


@pytest.mark.parametrize(
    "text",
    [
        "no marks",
        "<!-- results:begin -->\nnot closed",
        "<!-- results:end -->\n<!-- results:begin -->\n",
        "<!-- results:begin -->\n<!-- results:end -->\n" * 2,
    ],
)
def test_a_readme_without_one_pair_of_marks_is_refused_and_kept(tmp_path, report, text):
    readme = tmp_path / "README.md"
    readme.write_text(text)

    with pytest.raises(ValueError, match="expected one pair of result marks"):
        renew_readme(readme, report)

    assert readme.read_text() == text


def test_a_model_with_its_report_and_card_is_whole(model_dir, report):
    add_report(model_dir, report, TrainConfig(), None)

    assert {"report.json", "README.md"} <= set(open_model_dir(model_dir).sha256)
    assert Report.read(model_dir / "report.json") == report

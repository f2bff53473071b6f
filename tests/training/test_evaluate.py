"""A detector measured on example files: the report, and what stays out of it."""

import hashlib
import json

import pytest

pytest.importorskip("torch", reason="the workshop needs piiguard[train]")

import piiguard
from piiguard.examples import write_examples
from piiguard.rule_detector import RuleDetector
from piiguard.rules.tables import ALL_RULES
from piiguard.spans import Span
from training.detectors import open_detector
from training.evaluate import Report, evaluate, evaluate_files

CANARY = "Zebediah"


class Finds:
    """Claims the given spans, by message text."""

    def __init__(self, **by_text):
        self.by_text = by_text

    def detect_batch(self, messages):
        return [self.by_text.get(m.text.split()[0], []) for m in messages]


@pytest.fixture
def examples(labelled):
    return [
        labelled("one Priya Sharma", ("Priya Sharma", "PERSON"), id="1", group="a"),
        labelled("two pw hunter2", ("hunter2", "PASSWORD"), id="2", group="b"),
        labelled("three nothing here", id="3", group="c"),
    ]


def test_a_small_set_is_scored_as_by_hand(examples):
    detector = Finds(
        one=[Span(4, 16, "PERSON", 0.9)],
        two=[Span(7, 13, "PASSWORD", 0.8)],  # a character short
        three=[Span(6, 13, "PERSON", 0.6)],
    )

    summary = evaluate(detector, examples)

    assert summary["messages"] == 3
    assert summary["strict"] == {"precision": 0.3333, "recall": 0.5, "f1": 0.4, "support": 2}
    assert summary["overlap"]["f1"] == 0.8
    assert summary["leaked_char_share"] == round(1 / 19, 4)
    assert summary["message_flag"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 1}
    assert summary["clean_with_any_span_per_1000"] == 1000
    # 0.9 is right; 0.8 and 0.6 are not
    assert summary["ece"] == pytest.approx((0.1 + 0.8 + 0.6) / 3, abs=1e-4)
    assert summary["ms_per_message"] >= 0
    assert summary["ci95"]["strict_f1"][0] <= 0.4 <= summary["ci95"]["strict_f1"][1]


def test_labels_that_a_set_does_not_annotate_do_not_count(examples):
    detector = Finds(one=[Span(4, 16, "PERSON")], two=[Span(0, 3, "PASSWORD")])

    summary = evaluate(detector, examples, {"PERSON"})

    assert summary["strict"]["f1"] == 1.0
    assert list(summary["per_label"]) == ["PERSON"]


def test_a_detector_sees_text_context_and_markup_and_never_the_spans(labelled):
    seen = []

    class Looks:
        def detect_batch(self, messages):
            seen.extend(messages)
            return [[] for _ in messages]

    example = labelled("Priya", ("Priya", "PERSON"), context=("who?",), markup="plain")
    evaluate(Looks(), [example] * 150)

    assert len(seen) == 150
    assert {(m.text, tuple(m.context), m.markup) for m in seen} == {("Priya", ("who?",), "plain")}
    assert not hasattr(seen[0], "spans")


def test_an_empty_set_is_measured_without_fuss():
    assert evaluate(Finds(), [])["messages"] == 0


def test_a_link_counts_by_its_shown_part(labelled, guard):
    text = "mail <mailto:priya@acme.example|priya@acme.example>"
    at = text.index("|") + 1
    example = labelled(text)
    shown = type(example)("1", text, (Span(at, len(text) - 1, "EMAIL_ADDRESS"),), "g")

    assert evaluate(guard, [shown])["strict"]["f1"] == 1.0


def test_a_report_names_its_files_by_stem_and_sha256(tmp_path, examples):
    path = tmp_path / "mine.v2.jsonl"
    write_examples(path, examples)

    report = evaluate_files(Finds(), "nobody", [path], "evaluate mine.v2.jsonl")

    assert list(report.datasets) == ["mine"]
    assert report.datasets["mine"]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert report.datasets["mine"]["labels"] == "all"


def test_a_set_of_names_alone_is_scored_on_names_in_plain_markup(tmp_path, labelled):
    path = tmp_path / "names.jsonl"
    write_examples(path, [labelled("one Priya &amp; *co*", ("Priya", "PERSON"))])
    markups = []

    class Names(Finds):
        def detect_batch(self, messages):
            markups.extend(m.markup for m in messages)
            return [[Span(4, 9, "PERSON"), Span(10, 15, "PASSWORD")] for _ in messages]

    summary = evaluate_files(Names(), "names", [path]).datasets["names"]

    assert (summary["labels"], summary["strict"]["f1"], markups) == ("PERSON", 1.0, ["plain"])


def test_a_report_reads_back_and_holds_no_text(tmp_path, labelled):
    path = tmp_path / "set.jsonl"
    write_examples(path, [labelled(f"ask {CANARY}", (CANARY, "PERSON"), context=(CANARY,))])
    report = evaluate_files(Finds(ask=[Span(4, 12, "PERSON", 0.5)]), "finds", [path], "evaluate")

    report.write(tmp_path / "report.json")

    # through JSON: intervals are tuples here and lists there
    assert Report.read(tmp_path / "report.json").datasets == json.loads(json.dumps(report.datasets))
    assert CANARY not in (tmp_path / "report.json").read_text(encoding="utf-8")
    assert not list(tmp_path.glob("*.part"))


def test_the_rules_alone_can_be_measured(labelled):
    detector, name = open_detector(None, rules_only=True)
    example = labelled("card 4242 4242 4242 4242", ("4242 4242 4242 4242", "CREDIT_CARD"))

    assert name == "piiguard rules alone"
    assert evaluate(detector, [example])["strict"]["f1"] == 1.0


def test_presidio_can_be_measured_behind_the_same_wire_reading(labelled):
    pytest.importorskip("presidio_analyzer", reason="Presidio needs piiguard[presidio]")
    pytest.importorskip("spacy", reason="Presidio needs piiguard[presidio]")
    detector, _ = open_detector(None, presidio=True)
    example = labelled("card `4242 4242 4242 4242`", ("4242 4242 4242 4242", "CREDIT_CARD"))

    assert evaluate(detector, [example])["strict"]["f1"] == 1.0


def test_a_model_directory_is_measured_as_a_guard(model_dir, labelled):
    detector, name = open_detector(model_dir)

    assert isinstance(detector, piiguard.Guard)
    assert name == "piiguard-en-tiny"
    summary = evaluate(detector, [labelled("ask priya sharma", ("priya sharma", "PERSON"))])
    assert summary["strict"]["f1"] == 1.0


def test_a_guard_of_rules_measures_like_the_rules(labelled):
    example = labelled("card 4242 4242 4242 4242", ("4242 4242 4242 4242", "CREDIT_CARD"))

    by_hand = evaluate(piiguard.Guard(RuleDetector(ALL_RULES), None), [example])
    opened = evaluate(open_detector(None, rules_only=True)[0], [example])

    assert by_hand["per_label"] == opened["per_label"]

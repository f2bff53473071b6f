"""The doors that rooms, users and measurements rely on: names, fields, JSON shapes, exit codes, with the shipped model."""

import dataclasses
import importlib.util
import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest

import piiguard
from piiguard.labels import LABELS, SEVERITIES
from piiguard.model_dir import MANIFEST, ONNX_FILE, default_model_dir

ROOT = Path(__file__).parents[1]
EXPORT = ROOT / "examples" / "sample-export"
CARD = "card 4242 4242 4242 4242"


def run(*arguments, stdin=""):
    return subprocess.run(
        [sys.executable, "-m", "piiguard", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
    )


def detect(*lines, arguments=()):
    """(exit status, the objects that came out)."""
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    done = run("detect", *arguments, stdin=text)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def shipped():
    """The Guard of the shipped model: there is one, whole and unchanged."""
    return piiguard.load()


class TestLibrary:
    def test_thirteen_names_are_public(self):
        assert sorted(piiguard.__all__) == sorted(
            ["load", "Guard", "Message", "Span", "Example", "Correction", "Detector", "Policy", "Verdict",
             "redact", "merge_spans", "LABELS", "PiiguardError"]
        )  # fmt: skip
        assert all(hasattr(piiguard, name) for name in piiguard.__all__)
        assert piiguard.__version__

    def test_a_span_is_frozen_and_carries_no_text(self):
        span = piiguard.Span(7, 18, "NATIONAL_ID", 0.98, "model+rule:us_ssn")

        names = [field.name for field in dataclasses.fields(span)]
        assert names == ["start", "end", "label", "score", "source"]
        assert (piiguard.Span(0, 1, "PERSON").score, piiguard.Span(0, 1, "PERSON").source) == (
            1,
            "",
        )
        with pytest.raises(dataclasses.FrozenInstanceError):
            span.start = 3

    def test_a_message_is_slack_s_unless_it_says_plain(self):
        message = piiguard.Message("hi")

        assert (message.text, message.context, message.markup) == ("hi", (), "slack")

    def test_detect_takes_context_and_markup_by_name(self):
        parameters = inspect.signature(piiguard.Guard.detect).parameters

        assert list(parameters) == ["self", "text", "context", "markup"]
        assert parameters["markup"].default == "slack"

    def test_there_are_the_twenty_labels_of_the_guidelines(self):
        assert len(piiguard.LABELS) == 20
        assert all(label.severity in SEVERITIES for label in piiguard.LABELS.values())

    def test_the_default_policy_says_flagged_severity_and_reasons(self):
        verdict = piiguard.Policy.default().decide([piiguard.Span(0, 5, "NATIONAL_ID")])

        assert (verdict.flagged, verdict.severity) == (True, "critical")
        assert verdict.reasons

    @pytest.mark.parametrize("style", ["label", "mask", "surrogate"])
    def test_redact_knows_three_styles(self, style):
        done = piiguard.redact(
            "ssn is 078-05-1120", [piiguard.Span(7, 18, "NATIONAL_ID")], style=style
        )

        assert done.startswith("ssn is ")
        assert "078-05-1120" not in done

    def test_errors_have_one_base(self):
        with pytest.raises(piiguard.PiiguardError):
            piiguard.Span(3, 3, "PERSON")

    def test_the_documented_call_gives_the_documented_answer(self, shipped):
        [span] = shipped.detect("ssn is 078-05-1120", context=["and your social?"], markup="plain")

        assert (span.start, span.end, span.label) == (7, 18, "NATIONAL_ID")
        assert 0.5 < span.score <= 1
        assert set(span.source.split("+")) & {"model", "rule:us_ssn"}

    def test_a_batch_answers_in_order(self, shipped):
        messages = [
            piiguard.Message(CARD),
            piiguard.Message("hi"),
            piiguard.Message(CARD, markup="plain"),
        ]

        assert [[s.label for s in spans] for spans in shipped.detect_batch(messages)] == [
            ["CREDIT_CARD"], [], ["CREDIT_CARD"],
        ]  # fmt: skip

    def test_a_span_in_a_mail_link_covers_the_shown_part_or_where_that_is_another_word_the_address(
        self, shipped
    ):
        shown, other = "<mailto:jane@acme.org|jane@acme.org>", "<mailto:jane@acme.org|HR>"

        assert [(s.start, s.end) for s in shipped.detect(shown)] == [(22, 35)]
        assert [(s.start, s.end) for s in shipped.detect(other)] == [(8, 21)]

    def test_offsets_are_code_points(self, shipped):
        text = "👩‍👩‍👧 é 🎉 " + CARD

        [span] = shipped.detect(text)

        assert text[span.start : span.end] == CARD[5:]


class TestModelDirectory:
    def test_the_shipped_model_has_the_files_of_the_hugging_face_layout_and_ours(self):
        folder = default_model_dir()

        for name in (
            "config.json", "tokenizer.json", "tokenizer_config.json", ONNX_FILE, MANIFEST, "report.json", "README.md",
        ):  # fmt: skip
            assert (folder / name).is_file(), name
        assert folder.name.startswith("piiguard-en-")

    def test_its_manifest_says_what_it_was_made_of(self):
        manifest = json.loads((default_model_dir() / MANIFEST).read_text(encoding="utf-8"))

        assert manifest["labels"] == list(LABELS)
        assert {"thresholds", "calibration", "sha256", "data_fingerprint", "seed", "parent"} <= set(
            manifest
        )

    def test_its_tags_are_named_in_config_json(self):
        config = json.loads((default_model_dir() / "config.json").read_text(encoding="utf-8"))

        assert config["id2label"]["0"] == "O"
        assert len(config["id2label"]) == 2 * len(LABELS) + 1


class TestDetect:
    def test_a_line_has_id_flagged_severity_and_spans(self):
        status, [answer] = detect({"id": "1", "text": CARD})

        assert status == 0
        assert list(answer) == ["id", "flagged", "severity", "spans"]
        assert (answer["id"], answer["flagged"], answer["severity"]) == ("1", True, "critical")
        [span] = answer["spans"]
        assert list(span) == ["start", "end", "label", "score", "source"]
        assert (span["start"], span["end"], span["label"]) == (5, 24, "CREDIT_CARD")

    def test_lines_come_out_in_order_and_other_fields_are_ignored(self):
        status, answers = detect(
            *({"id": str(n), "text": CARD if n % 3 else "hi", "ts": "1.2"} for n in range(40))
        )

        assert status == 0
        assert [answer["id"] for answer in answers] == [str(n) for n in range(40)]
        assert [answer["flagged"] for answer in answers] == [bool(n % 3) for n in range(40)]

    def test_a_clean_line_has_no_severity(self):
        _, [answer] = detect({"id": "1", "text": "hi"})

        assert answer == {"id": "1", "flagged": False, "severity": None, "spans": []}

    def test_markup_is_slack_s_unless_an_option_or_the_line_says_otherwise(self):
        text = (
            "card *4242* 4242 4242 4242"  # bold in Slack; in plain text, stars in no card's number
        )

        labels = [
            [s["label"] for s in detect({"id": "1", "text": text, **line}, arguments=arguments)[1][0]["spans"]]
            for line, arguments in [
                ({}, ()), ({"markup": "slack"}, ("--markup", "plain")), ({}, ("--markup", "plain")), ({"markup": "plain"}, ()),
            ]
        ]  # fmt: skip

        assert labels[:2] == [["CREDIT_CARD"]] * 2
        assert labels[2] == labels[3] != labels[0]

    def test_context_is_read(self):
        _, answers = detect(
            {"id": "1", "text": "078051120", "context": ["what's your social?"]},
            {"id": "2", "text": "078051120", "context": ["how many rows?"]},
        )

        assert [s["label"] for s in answers[0]["spans"]] == ["NATIONAL_ID"]
        assert "NATIONAL_ID" not in [s["label"] for s in answers[1]["spans"]]

    @pytest.mark.parametrize(
        "bad",
        ["{", "[]", '"text"', '{"id": "2"}', '{"id": "2", "text": 5}', '{"id": "2", "text": "x", "markup": "html"}',
         '{"id": "2", "text": "x", "context": "y"}'],
    )  # fmt: skip
    def test_a_bad_line_is_answered_where_it_stands_and_the_stream_goes_on(self, bad):
        status, answers = detect({"id": "1", "text": "hi"}, bad, {"id": "3", "text": CARD})

        assert status == 2
        assert [answer.get("id") for answer in answers][::2] == ["1", "3"]
        assert answers[2]["flagged"] is True
        assert answers[1]["error"]["line"] == 2
        assert answers[1]["error"]["reason"]
        if '"2"' in bad:
            assert answers[1]["id"] == "2"

    def test_no_lines_are_no_error(self):
        assert detect() == (0, [])

    def test_a_model_directory_that_is_none_exits_2_and_says_so_without_a_traceback(self, tmp_path):
        done = run("detect", "--model", tmp_path, stdin="")

        assert done.returncode == 2
        assert "manifest.json" in done.stderr
        assert "Traceback" not in done.stderr

    def test_a_policy_file_decides_what_is_flagged(self, tmp_path):
        (tmp_path / "policy.yaml").write_text("version: 1\nlabels:\n  CREDIT_CARD: ignore\n")

        _, [answer] = detect(
            {"id": "1", "text": CARD}, arguments=("--policy", tmp_path / "policy.yaml")
        )

        assert (answer["flagged"], len(answer["spans"])) == (False, 1)


class TestScan:
    def test_findings_exit_1_and_no_value_is_shown(self, tmp_path):
        (tmp_path / "notes.txt").write_text(CARD + "\n")

        done = run("scan", tmp_path / "notes.txt")

        assert done.returncode == 1
        assert "CREDIT_CARD" in done.stdout
        assert "4242 4242 4242" not in done.stdout + done.stderr

    def test_values_are_shown_when_asked_for(self, tmp_path):
        (tmp_path / "notes.txt").write_text(CARD + "\n")

        done = run("scan", tmp_path / "notes.txt", "--show-values", "--format", "jsonl")

        assert "4242 4242 4242 4242" in done.stdout

    def test_a_clean_text_exits_0(self, tmp_path):
        (tmp_path / "notes.txt").write_text("nothing to see here\n")

        assert run("scan", tmp_path / "notes.txt").returncode == 0

    @pytest.mark.parametrize(
        "arguments", [("none.txt",), (), ("pyproject.toml", "--format", "pdf")]
    )
    def test_wrong_use_exits_2_without_a_traceback(self, arguments):
        done = run("scan", *arguments)

        assert done.returncode == 2
        assert done.stderr
        assert "Traceback" not in done.stderr

    def test_standard_input_is_a_source(self):
        done = run("scan", "-", stdin=CARD + "\n")

        assert (done.returncode, "CREDIT_CARD" in done.stdout) == (1, True)

    @pytest.mark.parametrize("form", ["table", "jsonl", "csv", "sarif", "html"])
    def test_the_sample_export_comes_in_every_form_with_its_values_masked(self, tmp_path, form):
        done = run("scan", EXPORT, "--format", form, "-o", tmp_path / "report")

        report = (tmp_path / "report").read_text(encoding="utf-8")
        assert done.returncode == 1, done.stderr
        assert "CREDIT_CARD" in report
        for example in gold_values("CREDIT_CARD", "NATIONAL_ID", "API_KEY"):
            assert example not in report


def gold_values(*labels):
    from piiguard.examples import read_examples

    for example in read_examples(ROOT / "examples" / "sample-export.gold.jsonl"):
        for span in example.spans:
            if span.label in labels and span.end - span.start >= 8:
                yield example.text[span.start : span.end]


class TestOtherCommands:
    def test_redact_replaces_what_it_finds(self):
        done = run("redact", "--style", "label", stdin=CARD + "\n")

        assert (done.returncode, done.stdout.strip()) == (0, "card [CREDIT_CARD]")

    @pytest.mark.parametrize("verb", ["show", "verify", "list"])
    def test_model_has_three_verbs(self, verb):
        done = run("model", verb)

        assert done.returncode == 0, done.stderr
        assert done.stdout

    @pytest.mark.parametrize("verb", ["latency", "accuracy"])
    def test_bench_has_two(self, verb):
        assert run("bench", verb, "--help").returncode == 0

    @pytest.mark.parametrize(
        "verb",
        """serve|worker|socket|demo|db upgrade|user add|export|import|purge|erase|audit verify|manifest|doctor|backfill
|policy simulate""".replace("\n", "").split("|"),
    )
    def test_each_verb_of_the_bot_has_help(self, verb):
        words = [sys.executable, "-m", "bot", *verb.split(), "--help"]
        done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT)

        assert done.returncode == 0, done.stderr[-500:]
        assert "Usage: python -m bot " + verb in done.stdout


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="needs the train extra")
class TestTraining:
    @pytest.mark.parametrize(
        "verb",
        [
            "generate",
            "weak-label",
            "corpora",
            "finetune",
            "calibrate",
            "export",
            "evaluate",
            "promote",
        ],
    )
    def test_a_verb_explains_itself(self, verb):
        done = subprocess.run(
            [sys.executable, "-m", "training", verb, "--help"],
            capture_output=True,
            text=True,
            cwd=ROOT,
        )

        assert done.returncode == 0, done.stderr
        assert "Usage" in done.stdout

"""``piiguard bench``: numbers that add up, on a model and on the rules."""

import json

import pytest
from click.testing import CliRunner

from piiguard import bench
from piiguard.cli import cli
from piiguard.examples import Example, write_examples
from piiguard.messages import Message
from piiguard.opening import open_guard
from piiguard.spans import Span

CARD = "4242 4242 4242 4242"


def run(*arguments):
    return CliRunner().invoke(cli, ["bench", *map(str, arguments)])


@pytest.fixture
def gold(tmp_path):
    path = tmp_path / "gold.jsonl"
    write_examples(
        path,
        [
            Example("1", f"card {CARD}", (Span(5, 24, "CREDIT_CARD"),)),
            Example("2", "her dog is called zork", (Span(18, 22, "PERSON"),)),
            Example("3", "lunch?"),
            Example("4", "mail jane@acme.example"),
        ],
    )
    return path


def test_accuracy_counts_hits_misses_leaks_and_flags(gold):
    result = json.loads(run("accuracy", gold, "--rules-only", "--json").stdout)

    assert result["messages"] == 4
    assert result["per_label"]["CREDIT_CARD"] == {
        "precision": 1,
        "recall": 1,
        "f1": 1,
        "support": 1,
    }
    assert result["per_label"]["PERSON"]["recall"] == 0
    assert result["strict"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "support": 2}
    assert result["leaked_char_share"] == round(4 / 23, 4)
    assert result["message_flag"]["support"] == 1
    assert result["clean_with_any_span_per_1000"] == 500


def test_accuracy_prints_a_table_of_labels(gold):
    done = run("accuracy", gold, "--rules-only")

    assert done.exit_code == 0
    assert "CREDIT_CARD" in done.stdout
    assert "rules on gold.jsonl, 4 messages" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("content", "expected"),
    [("", "found no line"), ("canary", "line 1: not JSON"), ('{"id": "1"}', '"text" must be')],
)
def test_a_bad_gold_file_is_named_in_one_line(tmp_path, content, expected):
    path = tmp_path / "gold.jsonl"
    path.write_text(content)

    done = run("accuracy", path, "--rules-only")

    assert done.exit_code == 2
    [line] = done.stderr.splitlines()
    assert "gold.jsonl" in line
    assert expected in line
    assert "canary" not in line


def test_latency_measures_rows_of_the_lengths_they_name(model_dir):
    done = run("latency", "--model", model_dir, "-n", 20, "--json")
    result = json.loads(done.stdout)

    assert result["model"] == model_dir.name
    for row in ("up_to_128_tokens", "full_128_tokens", "with_context"):
        assert result[row]["n"] == 20
        assert 0 < result[row]["p50_ms"] <= result[row]["p95_ms"] <= result[row]["max_ms"]
    assert result["batch"]["messages_per_s"] > 0
    memory = result["memory"]
    assert 10 < memory["loaded_mb"] <= memory["peak_mb"] < 500


def test_latency_prints_within_eighty_columns():
    done = run("latency", "--rules-only", "-n", 10)

    assert done.exit_code == 0
    assert "messages of 128 tokens" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_full_messages_have_just_128_tokens():
    count = bench.token_counter(open_guard(rules_only=True))
    messages = bench.full_messages([Message("one two, three"), Message("four")], count, n=5)

    assert {count(message.text) for message in messages} == {bench.MAX_TOKENS}


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 50), (0.95, 95), (0.0, 1), (1.0, 100), (0.001, 1)]
)
def test_a_percentile_is_the_value_that_this_share_does_not_exceed(share, expected):
    assert bench._percentile(list(range(1, 101)), share) == expected


def test_the_built_in_messages_are_varied():
    lengths = {len(text) for text in bench.MESSAGES}

    assert len(bench.MESSAGES) == len(set(bench.MESSAGES)) >= 30
    assert min(lengths) < 5 < 150 < max(lengths)

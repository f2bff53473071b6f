"""``piiguard detect`` and ``redact``: filters that answer every line, at once, and never quote one in an error."""

import json
import select
import subprocess
import sys

import pytest
from click.testing import CliRunner

from piiguard.cli import cli

# the modules; as attributes of the package these names are the commands
detect_module = sys.modules["piiguard.cli.detect"]
redact_module = sys.modules["piiguard.cli.redact"]

CARD = "4242 4242 4242 4242"


def run(*arguments, input=""):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], input=input)


def detect(*lines, arguments=("--rules-only",)):
    text = b"".join(
        (line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines
    )
    done = run("detect", *arguments, input=text)
    return done, [json.loads(line) for line in done.stdout.splitlines()]


def test_a_line_is_answered_in_the_documented_shape():
    done, [answer] = detect({"id": "1", "text": f"card {CARD}", "channel": "ignored", "spans": 5})

    [span] = answer.pop("spans")
    assert answer == {"id": "1", "flagged": True, "severity": "critical"}
    assert list(span) == ["start", "end", "label", "score", "source"]
    assert (span["start"], span["end"], span["label"]) == (5, 24, "CREDIT_CARD")
    assert done.exit_code == 0


@pytest.mark.parametrize("id", ["a", 7, None, [1, "x"], {"deep": 1}])
def test_an_id_comes_back_as_it_was(id):
    assert detect({"id": id, "text": "hi"})[1][0]["id"] == id


def test_a_model_is_used_where_one_is_named(model_dir):
    _, answers = detect(
        {"id": 1, "text": "ask Priya Sharma"},
        {"id": 2, "text": "ask nobody"},
        arguments=("--model", model_dir),
    )

    assert [[s["label"] for s in a["spans"]] for a in answers] == [["PERSON"], []]


@pytest.mark.parametrize("n_lines", [1, 63, 64, 65, 200])
def test_answers_come_in_order_whatever_the_batches(n_lines):
    lines = [{"id": n, "text": f"card {CARD}" if n % 3 else "hi"} for n in range(n_lines)]

    _, answers = detect(*lines)

    assert [(a["id"], a["flagged"]) for a in answers] == [(n, n % 3 > 0) for n in range(n_lines)]


def test_a_line_s_own_markup_wins_over_the_option():
    text = "a &amp; <mailto:jane@acme.example|jane@acme.example>"

    slack = detect({"text": text})[1][0]["spans"]
    plain = detect({"text": text}, arguments=("--rules-only", "--markup", "plain"))[1][0]["spans"]
    own = detect({"text": text, "markup": "slack"}, arguments=("--rules-only", "--markup", "plain"))

    assert [(s["start"], s["end"]) for s in slack] == [(34, 51)]
    assert own[1][0]["spans"] == slack
    assert plain != slack


@pytest.mark.parametrize(
    ("line", "id", "reason"),
    [
        (b"canary", None, "not JSON (Expecting value, column 1)"),
        (b'{"text": "canary"', None, "not JSON (Expecting ',' delimiter, column 18)"),
        (b'"canary"', None, "expected an object, found a string"),
        (b'{"id": 5}', 5, '"text" is missing'),
        (b'{"id": 5, "text": ["canary"]}', 5, '"text" must be a string, found a list'),
        (b'{"text": "canary", "context": [1]}', None, '"context" must be a list of strings'),
        (b'{"text": "canary", "markup": "html"}', None, '"markup" must be "slack" or "plain"'),
        (b'{"text": "canary \xff"}', None, "not UTF-8 (byte 17 of the line)"),
        (b"[" * 100_000, None, "not JSON that can be read (RecursionError)"),
    ],
)
def test_a_bad_line_is_answered_with_its_number_and_the_stream_goes_on(line, id, reason):
    done, answers = detect({"id": 1, "text": "hi"}, b"", line, {"id": 3, "text": f"card {CARD}"})

    assert [answer.get("id") for answer in answers] == [1, id, 3]
    assert answers[1]["error"] == {"line": 3, "reason": reason}
    assert ("id" in answers[1]) is (id is not None)
    assert answers[2]["flagged"]
    assert done.exit_code == 2
    assert done.stderr == "error: 1 of 4 lines could not be judged\n"
    assert "canary" not in done.output


def test_a_line_that_is_too_long_is_refused_and_the_rest_is_judged(monkeypatch):
    monkeypatch.setattr(detect_module, "MAX_LINE_BYTES", 100_000)

    done, answers = detect(
        {"text": "x" * 200_000}, {"id": 2, "text": "hi"}, {"text": "x" * 200_000}
    )

    assert [answer.get("id") for answer in answers] == [None, 2, None]
    assert answers[0]["error"] == {"line": 1, "reason": "longer than 100,000 bytes"}
    assert done.exit_code == 2


def test_a_last_line_without_an_end_and_lone_surrogates_are_judged():
    done = run(
        "detect", "--rules-only", input=b'{"id": 1, "text": "\\ud83d card ' + CARD.encode() + b'"}'
    )

    [answer] = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(s["start"], s["end"]) for s in answer["spans"]] == [(7, 26)]


def test_offsets_hold_in_a_text_of_many_slices():
    text = "lorem ipsum\n" * 8_000 + f"card {CARD}"

    _, [answer] = detect({"id": 1, "text": text, "markup": "plain"})

    assert [text[s["start"] : s["end"]] for s in answer["spans"]] == [CARD]


def test_a_policy_decides(tmp_path):
    policy = tmp_path / "policy.yaml"
    policy.write_text("labels: {CREDIT_CARD: ignore}\n")

    _, [answer] = detect(
        {"id": 1, "text": f"card {CARD}"}, arguments=("--rules-only", "--policy", policy)
    )

    assert (answer["flagged"], answer["severity"], len(answer["spans"])) == (False, None, 1)


def test_an_answer_comes_before_the_next_question():
    process = subprocess.Popen(
        [sys.executable, "-m", "piiguard", "detect", "--rules-only"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        for number in range(3):
            process.stdin.write(json.dumps({"id": number, "text": "hi"}).encode() + b"\n")
            process.stdin.flush()
            assert select.select([process.stdout], [], [], 30)[0], (
                "no answer while the pipe is open"
            )
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


# --- redact


@pytest.mark.parametrize(
    ("style", "expected"),
    [("label", "card [CREDIT_CARD]\r\n\n  end"), ("mask", "card •••• •••• •••• ••••\r\n\n  end")],
)
def test_redact_replaces_values_and_leaves_all_else_as_it_was(style, expected):
    done = run("redact", "--rules-only", "--style", style, input=f"card {CARD}\r\n\n  end".encode())

    assert done.stdout_bytes.decode() == expected
    assert done.exit_code == 0


def test_a_value_has_one_surrogate_throughout_a_text_and_another_with_another_seed():
    text = f"card {CARD} " + "\nlorem ipsum" * 6_000 + f"\ncard {CARD}"

    def surrogates(seed):
        done = run("redact", "--rules-only", "--style", "surrogate", "--seed", seed, input=text)
        return done.stdout.splitlines()[0][5:24], done.stdout.splitlines()[-1][5:24]

    first, last = surrogates(1)
    assert first == last != CARD
    assert surrogates(2)[0] != first


def test_redact_reads_wire_text_when_told_so():
    text = "<mailto:jane@acme.example|jane@acme.example>"

    assert (
        run("redact", "--rules-only", "--markup", "slack", input=text).stdout == "[EMAIL_ADDRESS]"
    )


@pytest.mark.parametrize("shift", range(0, 24, 4))
def test_no_value_is_cut_where_blocks_meet(monkeypatch, shift):
    monkeypatch.setattr(redact_module, "BLOCK", 200)
    monkeypatch.setattr(redact_module, "_AHEAD", 80)
    text = ("." * (190 - 60 + shift) + f" my card {CARD} ok ") * 12

    done = run("redact", "--rules-only", input=text)

    assert done.stdout == text.replace(CARD, "[CREDIT_CARD]")


def test_redact_writes_a_file_whole_or_not_at_all(tmp_path):
    good, bad, out = tmp_path / "a.txt", tmp_path / "b.txt", tmp_path / "out.txt"
    good.write_text(f"card {CARD}")
    bad.write_bytes(b"x" * 100_000 + b"\xff")

    assert run("redact", bad, "--rules-only", "-o", out).exit_code == 2
    assert not out.exists()
    assert run("redact", good, "--rules-only", "-o", out).exit_code == 0
    assert out.read_text() == "card [CREDIT_CARD]"
    assert len(list(tmp_path.iterdir())) == 3


def test_redact_names_the_byte_that_is_no_text(tmp_path):
    path = tmp_path / "latin.txt"
    path.write_bytes(b"caf\xe9")

    done = run("redact", path, "--rules-only")

    assert (done.exit_code, done.stderr) == (
        2,
        f"error: {path} byte 3: not UTF-8; convert the file to UTF-8\n",
    )

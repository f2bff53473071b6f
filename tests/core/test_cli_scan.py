"""``piiguard scan`` and ``model`` as a user meets them: exit codes, one-line errors, nothing half-written."""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile

import pytest
from click.testing import CliRunner

from piiguard.cli import cli
from piiguard.messages import Message
from piiguard.model_dir import ONNX_FILE
from piiguard.ray_engine import Worker, pack_message, unpack_message, unpack_spans

SSN, CARD = "078-05-1120", "4242 4242 4242 4242"
DAY = "2026-10-02.json"


def run(*arguments, input=None):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments], input=input)
    assert "Traceback" not in done.output
    return done


def scan(*arguments, input=None):
    return run("scan", *arguments, "--rules-only", input=input)


@pytest.fixture
def export(tmp_path):
    return write_export(tmp_path / "export.zip")


def write_export(path, **more):
    def message(n, text):
        return {"type": "message", "ts": f"17909502{n:02}.000100", "user": "U1", "text": text}

    files = {
        "users.json": json.dumps([{"id": "U1", "profile": {"display_name": "Ana"}}]),
        "channels.json": json.dumps([{"id": "C1", "name": "hr"}]),
        f"hr/{DAY}": json.dumps([message(1, "your social?"), message(2, SSN), message(3, "")]),
        f"sales/{DAY}": json.dumps([message(4, f"card {CARD}"), message(5, "jane@acme.example")]),
        **more,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return path


def test_a_scan_of_an_export_prints_a_table_and_exits_1(export):
    done = scan(export)

    assert done.exit_code == 1
    assert "NATIONAL_ID •••-••-••••" in " ".join(done.stdout.split())
    assert "#hr 2026-10-02 14:10 Ana" in done.stdout
    assert "2 of 4 messages flagged, 2 findings in 2 channels or files" in done.stdout
    assert "1 more span in messages that the policy does not flag (--all)." in done.stdout
    assert SSN not in done.output
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("text", "exit_code"),
    [("lunch?\n", 0), ("jane@acme.example\n", 0), (f"card {CARD}\n", 1), ("", 0)],
)
def test_the_exit_code_says_whether_there_are_findings(tmp_path, text, exit_code):
    path = tmp_path / "a.txt"
    path.write_text(text)

    assert scan(path).exit_code == exit_code
    assert scan("-", input=text).exit_code == exit_code


def test_all_makes_every_span_a_finding(tmp_path):
    (tmp_path / "a.txt").write_text("jane@acme.example\n")

    assert scan(tmp_path / "a.txt", "--all").exit_code == 1


@pytest.mark.parametrize("format", ["table", "jsonl", "csv", "sarif", "html"])
def test_every_format_is_masked_until_values_are_asked_for(export, tmp_path, format):
    masked, shown = tmp_path / "masked", tmp_path / "shown"

    assert scan(export, "--format", format, "-o", masked).exit_code == 1
    assert scan(export, "--format", format, "-o", shown, "--show-values").exit_code == 1

    assert "NATIONAL_ID" in masked.read_text()
    assert SSN not in masked.read_text()
    assert (SSN in shown.read_text()) is (format != "sarif")


def test_the_name_of_the_output_chooses_the_format_and_totals_go_to_stderr(export, tmp_path):
    done = scan(export, "-o", tmp_path / "r.html")

    assert (tmp_path / "r.html").read_text().startswith("<!doctype html>")
    assert done.stdout == ""
    assert done.stderr.startswith("2 of 4 messages flagged")


def test_a_policy_of_ones_own_decides(export, tmp_path):
    policy = tmp_path / "policy.yaml"
    policy.write_text("flag_at: never\n")

    assert scan(export, "--policy", policy).exit_code == 0


def test_fingerprints_of_two_reports_agree_under_one_key_alone(export, tmp_path):
    key = tmp_path / "key"
    key.write_bytes(b"0123456789abcdef")

    def prints(*arguments):
        lines = scan(export, "--format", "jsonl", *arguments).stdout.splitlines()
        return [json.loads(line)["fingerprint"] for line in lines]

    assert prints("--fingerprint-key", key) == prints("--fingerprint-key", key)
    assert prints() != prints()


# --- what goes wrong: one line, the place, exit 2, and the rest is scanned


def bad_inputs(tmp_path):
    """name -> a file, and what its one line of error says."""
    good = "[]"
    files = {}

    def add(name, write, expected):
        path = tmp_path / name
        write(path)
        files[name] = (path, expected)

    add("gone.txt", lambda p: None, "gone.txt: cannot be read (No such file or directory)")
    add("no.zip", lambda p: p.write_bytes(b"canary"), "no.zip: not a whole zip file")
    add(
        "bomb.zip",
        lambda p: write_export(p, **{"x/2026-10-03.json": "[" + " " * 4_000_000 + "]"}),
        "bomb.zip/x/2026-10-03.json: skipped: unpacks to",
    )
    add(
        "tricks.zip",
        lambda p: write_export(p, **{"../x/2026-10-03.json": good}),
        'tricks.zip/../x/2026-10-03.json: skipped: a path with ".."',
    )
    add(
        "broken.zip",
        lambda p: write_export(p, **{"x/2026-10-03.json": '[{"text": "canary"'}),
        "broken.zip/x/2026-10-03.json line 1, column 19: not JSON (Expecting ',' delimiter)",
    )
    add("latin.txt", lambda p: p.write_bytes(b"caf\xe9"), "latin.txt byte 3: not UTF-8")
    add(
        "bad.jsonl",
        lambda p: p.write_text('{"text": 1}'),
        'bad.jsonl line 1: "text" must be a string',
    )
    add("folder", lambda p: p.mkdir(), "folder: not a Slack export (expected channels.json")
    return files


@pytest.mark.parametrize(
    "name",
    [
        "gone.txt",
        "no.zip",
        "bomb.zip",
        "tricks.zip",
        "broken.zip",
        "latin.txt",
        "bad.jsonl",
        "folder",
    ],
)
def test_a_bad_input_is_named_in_one_line_and_the_others_are_scanned(tmp_path, name):
    path, expected = bad_inputs(tmp_path)[name]
    (tmp_path / "good.txt").write_text(f"card {CARD}\n")

    done = scan(path, tmp_path / "good.txt", "--format", "jsonl")

    assert done.exit_code == 2
    assert [line for line in done.stdout.splitlines() if "good.txt" in line]
    [error] = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert expected in error
    assert "canary" not in done.output


def test_when_nothing_can_be_read_no_report_is_written(tmp_path):
    done = scan(tmp_path / "gone.zip", "-o", tmp_path / "r.html")

    assert (done.exit_code, done.stdout) == (2, "")
    assert list(tmp_path.iterdir()) == []


def test_problems_stand_in_the_report_too(tmp_path):
    path, _ = bad_inputs(tmp_path)["broken.zip"]

    scan(path, "-o", tmp_path / "r.sarif")

    [run_] = json.loads((tmp_path / "r.sarif").read_text())["runs"]
    assert run_["invocations"][0]["executionSuccessful"] is False


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("labels:\n  PERSONN: ignore\n", 'line 2, key "labels.PERSONN": unknown label'),
        ("flag_at: [\n", "not valid YAML"),
        (None, "cannot be read (No such file"),
    ],
)
def test_a_bad_policy_is_named_with_file_and_line_before_anything_is_read(
    export, tmp_path, policy, expected
):
    path = tmp_path / "policy.yaml"
    if policy:
        path.write_text(policy)

    done = scan(export, "--policy", path, "-o", tmp_path / "r.html")

    assert done.exit_code == 2
    [line] = done.stderr.splitlines()
    assert line.startswith(f"error: {path}")
    assert expected in line
    assert not (tmp_path / "r.html").exists()


def test_a_model_with_a_changed_byte_is_refused(export, model_dir):
    with open(model_dir / ONNX_FILE, "r+b") as file:
        file.seek(100)
        byte = file.read(1)[0]
        file.seek(100)
        file.write(bytes([byte ^ 1]))

    done = run("scan", export, "--model", model_dir)

    assert done.exit_code == 2
    [line] = done.stderr.splitlines()
    assert line.startswith(f"error: {model_dir}: {ONNX_FILE} differs from its sha256")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), "Missing argument 'PATH...'"),
        (("x.txt", "--format", "pdf"), "is not one of"),
        (("x.txt", "--resume", "s", "--show-values"), "--show-values cannot go with --resume"),
        (("-", "--resume", "s"), "--resume cannot go with stdin"),
    ],
)
def test_wrong_use_exits_2(arguments, expected):
    done = scan(*arguments, input="")

    assert done.exit_code == 2
    assert expected in " ".join(done.stderr.split())


def test_an_output_that_cannot_be_written_is_named(export, tmp_path):
    done = scan(export, "-o", tmp_path / "no" / "r.html")

    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert "r.html: cannot be written (No such file or directory)" in done.stderr


def test_an_unexpected_error_is_one_line_that_quotes_nothing(export, monkeypatch):
    def fail(*_):
        raise KeyError("canary")

    monkeypatch.setattr("piiguard.guard.Guard.detect_batch", fail)
    done = scan(export)

    assert done.exit_code == 2
    assert done.stderr.startswith("error: unexpected KeyError in ")
    assert "canary" not in done.output


# --- interruption


def test_an_interrupted_scan_leaves_no_report_and_goes_on_with_the_same_command(
    tmp_path, monkeypatch
):
    path, state, out = tmp_path / "a.txt", tmp_path / "state", tmp_path / "r.csv"
    path.write_text("".join(f"line {n} card {CARD}\n" for n in range(300)))
    arguments = (path, "--resume", state, "-o", out)
    from piiguard.guard import Guard

    judge, calls = Guard.detect_batch, []

    def interrupted(self, messages):
        calls.append(len(messages))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return judge(self, messages)

    monkeypatch.setattr(Guard, "detect_batch", interrupted)
    done = scan(*arguments)
    assert done.exit_code == 130
    assert "the same command goes on from there" in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.txt", "state"]
    assert CARD not in state.read_text()

    done = scan(*arguments)
    assert done.exit_code == 1
    rows = out.read_text().splitlines()[1:]
    assert [int(row.split(",")[3]) for row in rows] == list(range(1, 301))
    assert sum(calls[3:]) < 300
    assert not state.exists()


def test_a_state_is_refused_when_the_input_or_the_policy_has_changed(tmp_path, monkeypatch):
    path, state, policy = tmp_path / "a.txt", tmp_path / "state", tmp_path / "p.yaml"
    path.write_text(f"card {CARD}\n")
    policy.write_text("flag_at: low\n")

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("piiguard.guard.Guard.detect_batch", stop)
        assert scan(path, "--resume", state).exit_code == 130

    assert "other inputs" in scan(path, "--resume", state, "--policy", policy).stderr
    path.write_text(f"another {CARD}\n")
    assert scan(path, "--resume", state).exit_code == 2


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_killed_process_leaves_nothing_half_written_and_its_successor_finishes(tmp_path):
    path, state, out = tmp_path / "a.txt", tmp_path / "state", tmp_path / "r.jsonl"
    path.write_text("".join(f"line {n} card {CARD} and some more words\n" for n in range(2_000)))
    command = [
        sys.executable,
        "-c",
        SLOW,
        "scan",
        path,
        "--rules-only",
        "--resume",
        state,
        "-o",
        out,
    ]
    process = subprocess.Popen([str(part) for part in command], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not state.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert state.exists()
    assert not out.exists()

    done = scan(path, "--resume", state, "-o", out)

    lines = [json.loads(line)["line"] for line in out.read_text().splitlines()]
    assert done.exit_code == 1
    assert lines == list(range(1, 2_001))


#: A command line that saves its state at once and then takes its time.
SLOW = """
import time
from piiguard import scan_state
scan_state._SAVE_EVERY_S = 0.0
save = scan_state.ScanState.save
def slow_save(self):
    save(self)
    time.sleep(0.05)
scan_state.ScanState.save = slow_save
from piiguard.__main__ import main
main()
"""


# --- engine, model, help


def test_ray_says_what_to_install_when_it_is_not_there(export, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)

    done = scan(export, "--engine", "ray")

    assert done.exit_code == 2
    assert done.stderr == (
        "error: --engine ray needs Ray, which is not installed; run: pip install 'piiguard[ray]'\n"
    )


def test_a_worker_of_the_ray_engine_judges_a_batch_as_the_guard_does():
    messages = [Message(f"card {CARD}", ("a",), "plain"), Message("hi")]

    answer = Worker(rules_only=True)(
        {"number": [1, 0], "message": [pack_message(m) for m in messages]}
    )

    assert answer["number"] == [1, 0]
    assert [[s.label for s in unpack_spans(line)] for line in answer["spans"]] == [
        ["CREDIT_CARD"],
        [],
    ]
    assert [unpack_message(pack_message(m)) for m in messages] == messages


def test_model_shows_verifies_and_lists(model_dir):
    shown = run("model", "show", model_dir)
    as_json = json.loads(run("model", "show", model_dir, "--json").stdout)
    verified = run("model", "verify", model_dir)
    (model_dir.parent / "CURRENT").write_text(model_dir.name + "\n")
    listed = run("model", "list", model_dir.parent)

    assert shown.stdout.startswith(f"{model_dir.name}  (")
    assert "MEDICAL_CONDITION" in shown.stdout
    assert as_json["name"] == model_dir.name
    assert verified.stdout == f"{model_dir.name}: 2 files, all as in the manifest\n"
    assert listed.stdout == f"* {model_dir.name}\n"


@pytest.mark.parametrize("verb", ["show", "verify"])
def test_model_refuses_what_is_none(tmp_path, verb):
    done = run("model", verb, tmp_path)

    assert (done.exit_code, done.stderr) == (
        2,
        f"error: {tmp_path}: manifest.json is missing; is this a model directory?\n",
    )


COMMANDS = """
detect scan redact bench model bench-latency bench-accuracy model-show model-verify model-list
"""


@pytest.mark.parametrize("command", ["", *COMMANDS.split()])
def test_every_command_explains_itself(command):
    done = run(*command.split("-") if command else (), "--help")

    assert done.exit_code == 0
    assert done.stdout.startswith("Usage: ")
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_python_m_piiguard_is_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "piiguard", "--version"], capture_output=True, text=True, check=True
    )

    assert done.stdout.startswith("piiguard 0.")


def test_the_help_does_not_load_what_only_a_run_needs():
    code = (
        "import sys\nfrom piiguard.cli import cli\ntry:\n    cli(['scan', '--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'rich', 'jinja2', 'yaml', 'pydantic', 'ray'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stderr.strip() == "[]"

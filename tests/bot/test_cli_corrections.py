"""``python -m bot export`` and ``import``: lines on stdout, the account on stderr, exit codes."""

import hashlib
import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from bot.build import open_store
from bot.cli import cli
from bot.config import BotConfig
from tests.bot.correction_tools import TENANT, Reviews
from tests.bot.ingress_tools import INSTALL

CANARY = "Zebediah Quux"


@pytest.fixture
def run(tmp_path, monkeypatch, let_time_pass):
    """The command line on a database with one signed and one unsigned decision."""
    monkeypatch.setenv("PIIGUARD_DATA_DIR", str(tmp_path / "data"))
    store = open_store(BotConfig.read())
    with store.transaction() as tx:
        store.installs.save(tx, replace(INSTALL, tenant=TENANT))
    desk = Reviews(store, let_time_pass)
    store.people.add(TENANT, "dana", ["compliance"])
    store.people.add(TENANT, "eve", ["ml"])
    desk.confirmed(f"ask {CANARY}", (CANARY, "PERSON"))
    desk.decide(desk.flag("ask Bo Fry", ("Bo Fry", "PERSON")), signed=False)
    desk.wait()
    store.close()
    return lambda *args: CliRunner().invoke(cli, args)


def test_export_writes_lines_to_stdout_and_count_and_sha256_to_stderr(run):
    done = run("export")

    assert done.exit_code == 0, done.output
    [line] = done.stdout.splitlines()
    assert json.loads(line)["schema"] == "piiguard/correction@1"
    assert CANARY not in done.output
    assert "1 corrections from 1 messages" in done.stderr
    assert hashlib.sha256(done.stdout_bytes).hexdigest() in done.stderr
    assert "unsigned 1" in done.stderr


@pytest.mark.parametrize(
    ("args", "code", "shows"),
    [
        (("--real-values", "--as", "dana", "--reason", "request 14"), 0, True),
        (("--mode", "real_values", "--as", "dana", "--reason", "request 14"), 0, True),
        (("--real-values", "--as", "dana"), 2, False),
        (("--real-values", "--reason", "request 14"), 2, False),
        (("--real-values", "--as", "eve", "--reason", "request 14"), 2, False),
        (("--real-values", "--as", "nobody", "--reason", "request 14"), 2, False),
        (("--real-values", "--offsets-only"), 2, False),
        (("--mode", "surrogates", "--real-values"), 2, False),
        (("--offsets-only",), 0, False),
        (("--offsets-only", "--format", "conll"), 2, False),
        (("--since", "last week"), 2, False),
        (("--format", "xml"), 2, False),
    ],
)
def test_real_values_need_a_name_with_the_role_and_a_reason(run, args, code, shows):
    done = run("export", *args)

    assert done.exit_code == code, done.output
    assert (CANARY in done.stdout) is shows
    assert CANARY not in done.stderr


@pytest.mark.parametrize(("args", "n"), [(("--since", "2020-01-01"), 1), (("--until", "2020-01-01"), 0), (("--decision", "not_pii"), 0)])  # fmt: skip
def test_export_takes_a_range(run, args, n):
    assert len(run("export", *args).stdout.splitlines()) == n


def test_what_was_exported_for_another_tool_is_imported_into_the_data_directory(run, tmp_path):
    there = tmp_path / "tasks.json"
    plain = run("export").stdout

    exported = run("export", "--format", "label-studio", "-o", str(there))
    imported = run("import", str(there), "--format", "label-studio")

    assert (exported.exit_code, imported.exit_code) == (0, 0), imported.output
    assert exported.stdout == ""
    [snapshot] = (tmp_path / "data" / "corrections").glob("*.jsonl")
    assert snapshot.read_text(encoding="utf-8") == plain
    assert str(snapshot) in imported.stderr


def test_import_names_the_bad_lines_and_exits_1(run, tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text('{"id": "1", "text": "hi"}\n{"id": "2"}\n')

    done = run("import", str(path), "-o", str(tmp_path / "out.jsonl"))

    assert done.exit_code == 1
    assert 'record 2: "text" must be a string' in done.stderr
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 1

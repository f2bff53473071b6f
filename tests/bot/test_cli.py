"""``python -m bot``: each verb explains itself, and those that work on the database do what they say."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner

from bot.build import open_store
from bot.cli import cli
from bot.config import BotConfig
from bot.simulator.simulator import Simulator
from tests.bot.ingress_tools import INSTALL, SECRET, TENANT, headers_of, message_event

ROOT = Path(__file__).parents[2]
VERBS = [
    "serve", "worker", "socket", "demo", "db upgrade", "user add", "workspace link", "workspace list", "export", "import",
    "purge", "erase", "audit verify", "manifest", "doctor", "backfill", "policy simulate",
]  # fmt: skip


@pytest.fixture
def environ(tmp_path):
    return {"PIIGUARD_DATA_DIR": str(tmp_path / "data")}


@pytest.fixture
def run(environ, monkeypatch):
    def run_verb(*args, stdin="", **more):
        for name, value in (environ | more).items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(cli, args, input=stdin)

    return run_verb


@pytest.fixture
def with_store(environ):
    """Do something with the database of the command line, and close it again."""

    def use(work):
        store = open_store(BotConfig.read(environ))
        try:
            return work(store)
        finally:
            store.close()

    return use


@pytest.fixture
def installed(with_store):
    def install(store):
        with store.transaction() as tx:
            store.installs.save(tx, INSTALL)

    with_store(install)


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_every_verb_says_what_it_does(run, verb):
    done = run(*verb.split(), "--help")

    assert done.exit_code == 0
    lines = [line for line in done.output.splitlines() if line.strip()]
    assert lines[0].startswith("Usage: ")
    assert lines[1].startswith("  ")


def test_help_is_quick_because_it_loads_neither_web_nor_database():
    code = "import sys; from bot.cli import cli; print([m for m in ('sqlalchemy','slack_sdk','flask') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)

    assert done.stdout.strip() == "[]", done.stderr


def test_db_upgrade_makes_the_tables_and_may_run_again(run):
    first, again = run("db", "upgrade"), run("db", "upgrade")

    assert (first.exit_code, again.exit_code) == (0, 0), first.output
    assert "up to date" in again.output


def test_user_add_takes_a_password_from_stdin_and_keeps_its_hash(run, installed, with_store):
    done = run("user", "add", "dana", "--role", "reviewer", "--role", "compliance", "--slack", "U0DANA0001",
               stdin="correct horse battery\n")  # fmt: skip

    assert done.exit_code == 0, done.output
    person, kept = with_store(
        lambda s: (s.people.by_slack(TENANT, "U0DANA0001"), s.people.password_hash_of("dana"))
    )
    assert person.roles == {"reviewer", "compliance"}
    assert kept.startswith("$argon2id$")
    assert PasswordHasher().verify(kept, "correct horse battery")
    assert "correct horse" not in done.output


@pytest.mark.parametrize(
    ("args", "stdin"),
    [
        (("dana", "--role", "reviewer"), "short\n"),
        (("dana", "--role", "emperor"), "correct horse battery\n"),
        (("dana",), "correct horse battery\n"),
        (("dana", "--role", "reviewer", "--slack", "dana@acme"), "correct horse battery\n"),
        (("dana", "--role", "reviewer", "--tenant", "T0OTHER"), "correct horse battery\n"),
    ],
)
def test_user_add_refuses_what_cannot_be(run, installed, with_store, args, stdin):
    done = run("user", "add", *args, stdin=stdin)

    assert done.exit_code == 2
    assert "horse" not in done.output
    assert with_store(lambda s: s.people.list(TENANT)) == []


def test_without_a_workspace_the_verb_says_what_to_do(run):
    done = run("user", "add", "dana", "--role", "admin", stdin="\n")

    assert done.exit_code == 2
    assert "--tenant" in done.output


def test_audit_verify_finds_the_chain_whole(run, installed):
    run("user", "add", "dana", "--role", "reviewer", stdin="\n")

    assert "verified" in run("audit", "verify").output


def test_purge_and_erase_run_on_an_empty_database(run, installed):
    assert run("purge").exit_code == 0
    assert run("erase", "--user", "U0ANA00001", "--yes").exit_code == 0
    assert run("erase", "--user", "U0ANA00001", stdin="n\n").exit_code == 1


def test_policy_simulate_compares_a_file_with_what_is_in_force(run, installed, tmp_path):
    (tmp_path / "policy.yaml").write_text("flag_at: critical\n")
    (tmp_path / "wrong.yaml").write_text("flag_at: sometimes\n")

    done = run("policy", "simulate", str(tmp_path / "policy.yaml"), "--json")
    wrong = run("policy", "simulate", str(tmp_path / "wrong.yaml"))

    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["added"] == 0
    assert (wrong.exit_code, "line 1" in wrong.output) == (2, True)


def test_the_manifest_names_our_address(run):
    done = run("manifest", "--base-url", "https://pii.example.com/")

    manifest = json.loads(done.stdout)
    assert (
        manifest["settings"]["event_subscriptions"]["request_url"]
        == "https://pii.example.com/slack/events"
    )
    assert run("manifest", "--base-url", "http://pii.example.com").exit_code == 2


def test_an_install_link_needs_an_app_and_is_printed_alone(run):
    done = run("workspace", "link", PIIGUARD_BASE_URL="https://pii.example.com", SLACK_CLIENT_ID="1.2",
               SLACK_CLIENT_SECRET="canary")  # fmt: skip

    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("https://pii.example.com/slack/install?link=")
    assert run("workspace", "link", SLACK_CLIENT_ID="").exit_code == 2


def test_an_error_is_one_line_without_traceback_or_value(run):
    done = run("doctor", PIIGUARD_BIND="canary-7")

    assert done.exit_code == 2
    assert "PIIGUARD_BIND" in done.output
    assert "canary" not in done.output
    assert "Traceback" not in done.output


class TestDoctor:
    SET = {
        "SLACK_BOT_TOKEN": "xoxb-canary-1", "SLACK_SIGNING_SECRET": "canary-2", "SLACK_CLIENT_SECRET": "canary-3",
        "PIIGUARD_ALERT_CHANNEL": "C0CANARY4", "PIIGUARD_BASE_URL": "https://canary-5.example.com",
    }  # fmt: skip

    def test_it_prints_sources_and_never_values(self, run):
        done = run("doctor", "--offline", **self.SET)

        assert "canary" not in done.output.lower()
        for name in self.SET:
            assert f"{name}" in done.output
        assert "environment" in done.output
        assert "not set" in done.output

    def test_it_changes_nothing(self, run, environ):
        run("doctor", "--offline", **self.SET)

        assert not Path(environ["PIIGUARD_DATA_DIR"]).exists()

    def test_a_whole_set_has_no_fault(self, run):
        with Simulator() as sim:
            channel = sim.workspace.add_channel("review", [sim.app.bot_user_id])
            done = run("doctor", "--json", **(self.SET | {
                "SLACK_BOT_TOKEN": sim.bot_token, "SLACK_API_BASE_URL": sim.api_url, "PIIGUARD_ALERT_CHANNEL": channel.id,
            }))  # fmt: skip

        findings = json.loads(done.stdout)["findings"]
        assert [f for f in findings if f["mark"] == "fault"] == []
        assert done.exit_code == 0

    @pytest.mark.parametrize(
        ("more", "subject"),
        [
            ({"SLACK_SIGNING_SECRET": ""}, "SLACK_SIGNING_SECRET"),
            ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN"),
            ({"PIIGUARD_ALERT_CHANNEL": ""}, "review channel"),
            ({"PIIGUARD_BASE_URL": "http://pii.example.com"}, "PIIGUARD_BASE_URL"),
            ({"PIIGUARD_MODEL": "/nowhere"}, "model"),
            ({"PIIGUARD_POLICY": "/nowhere.yaml"}, "policy"),
        ],
    )
    def test_each_fault_is_named_with_its_remedy(self, run, more, subject):
        done = run("doctor", "--offline", "--json", **(self.SET | more))

        findings = json.loads(done.stdout)["findings"]
        faults = [f for f in findings if f["mark"] == "fault"]
        assert [f["subject"] for f in faults] == [subject]
        assert faults[0]["remedy"]
        assert done.exit_code == 1

    def test_a_wrong_master_key_is_a_fault(self, run, installed):
        import base64

        done = run("doctor", "--offline", "--json", **self.SET,
                   PIIGUARD_SECRET_KEY=base64.b64encode(b"1" * 32).decode())  # fmt: skip

        faults = [f for f in json.loads(done.stdout)["findings"] if f["mark"] == "fault"]
        assert [f["subject"] for f in faults] == ["database and keys"]

    def test_a_token_that_slack_refuses_is_a_fault(self, run):
        with Simulator() as sim:
            done = run("doctor", "--json", **self.SET, SLACK_API_BASE_URL=sim.api_url)

        faults = {
            f["subject"]: f["what"]
            for f in json.loads(done.stdout)["findings"]
            if f["mark"] == "fault"
        }
        assert faults == {"Slack": "refuses the bot token: invalid_auth"}


@pytest.mark.parametrize("verb", ["serve", "socket"])
def test_a_missing_secret_is_said_before_anything_starts(run, environ, verb):
    done = run(verb)

    assert done.exit_code == 2
    assert "needs SLACK_" in done.output
    assert not Path(environ["PIIGUARD_DATA_DIR"]).exists()


class TestServe:
    @pytest.fixture
    def process(self, environ, model_dir, installed):
        env = os.environ | environ | {
            "PIIGUARD_BIND": "127.0.0.1:0", "SLACK_SIGNING_SECRET": SECRET, "PIIGUARD_MODEL": str(model_dir),
            "SLACK_API_BASE_URL": "http://127.0.0.1:9/api/", "OMP_NUM_THREADS": "1",
        }  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"],
            env=env,
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        for line in process.stderr:
            if "answers on" in line:
                process.url = line.split()[-1]
                break
        else:
            raise AssertionError(f"serve ended with {process.wait()}")
        yield process
        if process.poll() is None:
            process.kill()
        process.stderr.close()
        process.wait()

    def test_it_serves_and_ends_within_ten_seconds_of_sigterm(self, process, with_store):
        with urllib.request.urlopen(process.url + "/ready", timeout=5) as answer:
            assert answer.status == 200
        body = json.dumps(message_event("nothing personal")).encode()
        request = urllib.request.Request(process.url + "/slack/events", body, headers_of(body))
        with urllib.request.urlopen(request, timeout=5) as answer:
            assert answer.status == 200

        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        rest = process.stderr.read()

        assert process.wait(10) == 0
        assert time.monotonic() - started < 10
        assert "nothing personal" not in rest
        assert "Traceback" not in rest
        depth = with_store(lambda store: store.inbox.depth())
        assert depth.leased == 0

    def test_what_was_acknowledged_survives_kill_9(self, process, with_store):
        for number in range(5):
            body = json.dumps(
                message_event(event_id=f"Ev{number}", ts=f"17000000{number:02}.000100")
            ).encode()
            request = urllib.request.Request(process.url + "/slack/events", body, headers_of(body))
            urllib.request.urlopen(request, timeout=5).close()
        process.kill()
        process.wait()

        def seen(store):
            with store.transaction() as tx:
                done = [
                    n
                    for n in range(5)
                    if store.messages.latest(tx, TENANT, "C0GENERAL1", f"17000000{n:02}.000100")
                ]
            depth = store.inbox.depth()
            return len(done) + depth.ready + depth.leased

        assert with_store(seen) >= 5

    def test_a_second_one_on_the_same_database_is_refused(self, process, run, model_dir):
        done = run(
            "serve",
            SLACK_SIGNING_SECRET=SECRET,
            PIIGUARD_MODEL=str(model_dir),
            PIIGUARD_BIND="127.0.0.1:0",
        )

        assert done.exit_code == 2
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(process.url + "/slack/events", timeout=5)

"""Models: compared by their reports, put into use only when they are not worse, taken up by what runs, and taken back."""

import json
import shutil
from dataclasses import replace
from types import SimpleNamespace

import pytest

from bot.live_guard import LiveGuard
from bot.model_reports import compare, read_model
from bot.model_trial import try_model
from bot.models_switch import ModelsSwitch
from bot.records import FoundSpan
from bot.review import record_review
from piiguard import Guard, Span, load
from piiguard.model_dir import open_model_dir, write_manifest
from tests import tiny_model
from tests.bot.console.conftest import TENANT

GOOD = {
    "macro_f1": 0.80, "leaked_char_share": 0.060, "false_flags_per_1000": 10.0, "ece": 0.08, "ms_per_message": 6.0,
}  # fmt: skip


def report(f1=0.85, person_recall=0.9, sha256="abc", **changes):
    """A report as the trainer writes it."""
    row = {
        "messages": 300,
        "strict": {"precision": 0.8, "recall": 0.9, "f1": f1, "support": 250},
        "message_flag": {"precision": 0.9, "recall": 0.9, "f1": 0.9, "support": 90},
        "per_label": {
            "PERSON": {"precision": 0.8, "recall": person_recall, "f1": 0.85, "support": 90},
            "PASSPORT": {"precision": 0.8, "recall": person_recall, "f1": 0.85, "support": 4},
        },
        "ci95": {"strict_f1": [f1 - 0.03, f1 + 0.03], "macro_f1": [0.75, 0.85], "leaked_char_share": [0.03, 0.08]},
        "labels": "all",
        "sha256": sha256,
    } | GOOD | changes  # fmt: skip
    return {"datasets": {"frozen": row}}


@pytest.fixture
def models(tmp_path, monkeypatch):
    """A directory of models; ``models.add(name, report)`` makes one. The first is in use."""
    folder = tmp_path / "models"
    folder.mkdir()

    def add(name, written=None):
        path = folder / name
        shutil.move(tiny_model.write_tiny_model(tmp_path / f"of-{name}"), path)
        manifest = replace(open_model_dir(path), name=name)
        if written is not None:
            (path / "report.json").write_text(json.dumps(written))
        write_manifest(path, manifest)
        if not (folder / "CURRENT").exists():
            (folder / "CURRENT").write_text(name + "\n")
            (folder / "HISTORY").write_text(f"2026-11-01\t{name}\tthe first\n")
        return path

    monkeypatch.setattr(
        "bot.models_switch.default_model_dir",
        lambda: folder / (folder / "CURRENT").read_text().strip(),
    )
    return SimpleNamespace(path=folder, add=add)


@pytest.fixture
def two(models):
    """The model in use, and a better one."""
    models.add("piiguard-en-1", report())
    models.add("piiguard-en-2", report(f1=0.93, macro_f1=0.84, leaked_char_share=0.05))
    return models


@pytest.fixture
def switch(models, parts):
    return ModelsSwitch(models.path, parts.store)


@pytest.mark.parametrize("role", ["viewer", "reviewer", "compliance", "ml", "admin", "auditor"])
def test_everybody_with_a_role_sees_the_models(client_as, two, role):
    client = client_as(role)

    page, one = client.get("/models"), client.get("/models/piiguard-en-2")

    assert page.status_code == one.status_code == 200
    assert "piiguard-en-1" in page.text
    assert ("Put into use" in one.text) is (role in ("ml", "admin"))
    assert ("Try on the newest" in one.text) is (role in ("compliance", "ml"))


def test_a_comparison_says_what_is_better_and_what_is_clear(client_as, two):
    page = client_as("viewer").get("/models/piiguard-en-2").text

    assert "+0.080" in page
    assert "better, clear" in page
    assert "Gates: accepted" in page


def test_a_better_model_is_put_into_use_with_a_reason(client_as, parts, two):
    client = client_as("ml", name="Mo")

    answer = client.send(
        "/models/piiguard-en-2/promote", {"reason": "November corrections"}, follow_redirects=True
    )

    assert "piiguard-en-2 is in use" in answer.text
    assert (two.path / "CURRENT").read_text() == "piiguard-en-2\n"
    assert "\tpiiguard-en-2\tNovember corrections\n" in (two.path / "HISTORY").read_text()
    assert "Mo" in answer.text.split("When which model")[1]
    row = parts.store.audit.rows(TENANT)[0]
    assert (row.action, row.object, row.details["before"]) == (
        "model.promoted",
        "piiguard-en-2",
        "piiguard-en-1",
    )


def test_a_promotion_without_a_reason_is_refused_beside_the_field(client_as, two):
    answer = client_as("ml").send("/models/piiguard-en-2/promote", {"reason": "  "})

    assert answer.status_code == 400
    assert 'id="reason-error"' in answer.text
    assert (two.path / "CURRENT").read_text() == "piiguard-en-1\n"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"macro_f1": 0.78}, "f1"),
        ({"leaked_char_share": 0.09}, "leak"),
        ({"false_flags_per_1000": 12.0}, "false flags"),
        ({"ece": 0.2}, "calibration"),
        ({"person_recall": 0.8}, "PERSON"),
        ({"sha256": "other"}, "different messages"),
    ],
)
def test_a_worse_model_is_refused_with_the_reason(client_as, models, changes, reason):
    models.add("piiguard-en-1", report())
    models.add("piiguard-en-2", report(**changes))

    answer = client_as("ml").send("/models/piiguard-en-2/promote", {"reason": "hope"})

    assert answer.status_code == 400
    assert reason in answer.text
    assert (models.path / "CURRENT").read_text() == "piiguard-en-1\n"


@pytest.mark.parametrize(
    "changes",
    [
        {"macro_f1": 0.795},
        {"leaked_char_share": 0.079},
        {"false_flags_per_1000": 10.9},
        {"person_recall": 0.86},
        {"ece": 0.09},
        {"ms_per_message": 9.0},
    ],
)
def test_a_little_worse_is_no_reason_to_refuse(models, changes):
    old = read_model(models.add("piiguard-en-1", report()))
    new = read_model(models.add("piiguard-en-2", report(**changes)))

    assert compare(old, new).is_accepted


def test_a_model_without_a_report_is_refused(client_as, models):
    models.add("piiguard-en-1", report())
    models.add("piiguard-en-2")

    page = client_as("ml").get("/models/piiguard-en-2")

    assert "piiguard-en-2 has no report" in page.text
    assert "Put into use" not in page.text


def test_a_model_with_a_changed_byte_is_shown_as_such_and_refused(client_as, two):
    path = two.path / "piiguard-en-2" / "tokenizer.json"
    path.write_text(path.read_text() + " ")
    client = client_as("ml")

    assert "not whole" in client.get("/models").text
    answer = client.send("/models/piiguard-en-2/promote", {"reason": "x"})

    assert answer.status_code == 400
    assert "tokenizer.json differs" in answer.text
    assert str(two.path) not in answer.text


def test_rolling_back_takes_the_one_before_whatever_its_numbers(client_as, two):
    client = client_as("admin")
    client.send("/models/piiguard-en-2/promote", {"reason": "better"})

    answer = client.send("/models/roll-back", {"reason": "misses names"}, follow_redirects=True)

    assert "Back to piiguard-en-1" in answer.text
    assert (two.path / "CURRENT").read_text() == "piiguard-en-1\n"
    assert (two.path / "HISTORY").read_text().count("\n") == 3


def test_there_is_nothing_to_roll_back_to_before_the_first_switch(client_as, two):
    client = client_as("ml")

    assert "Roll back" not in client.get("/models").text
    assert (
        "No model that was in use before"
        in client.send("/models/roll-back", follow_redirects=True).text
    )


@pytest.mark.parametrize("role", ["viewer", "reviewer", "compliance", "auditor"])
def test_who_may_look_may_not_switch(client_as, two, role):
    client = client_as(role)

    assert client.send("/models/piiguard-en-2/promote", {"reason": "x"}).status_code == 403
    assert client.send("/models/roll-back").status_code == 403
    assert (two.path / "CURRENT").read_text() == "piiguard-en-1\n"


@pytest.mark.parametrize("name", ["nothing", "..", ".hidden", "CURRENT"])
def test_a_model_that_is_not_there_is_not_found(client_as, two, switch, name):
    assert client_as("ml").get(f"/models/{name}").status_code in (404, 308)
    assert client_as("ml").send(f"/models/{name}/promote", {"reason": "x"}).status_code in (
        404,
        405,
    )


@pytest.mark.parametrize("environ", [{"PIIGUARD_MODEL": "/some/where/piiguard-en-7"}])
def test_a_model_named_by_the_setting_is_not_switched_here(client_as, parts, environ):
    page = client_as("admin").get("/models")

    assert page.status_code == 200
    assert "PIIGUARD_MODEL names piiguard-en-7" in page.text
    assert client_as("admin").send("/models/roll-back").status_code == 404


# --- taken up by what runs


@pytest.fixture
def clock():
    now = [100.0]

    def read():
        return now[0]

    read.go = lambda seconds: now.__setitem__(0, now[0] + seconds)
    return read


def test_a_running_guard_takes_up_what_is_named_now(two, clock):
    current = two.path / "CURRENT"
    guard = LiveGuard(find=lambda: two.path / current.read_text().strip(), open_=load, clock=clock)
    told = []
    guard.on_change = lambda manifest: told.append(manifest.name)
    current.write_text("piiguard-en-2\n")

    assert guard.detect("ask Priya", markup="plain")
    assert guard.name == "piiguard-en-1"
    clock.go(3)

    assert [span.label for span in guard.detect("ask Priya", markup="plain")] == ["PERSON"]
    assert guard.name == "piiguard-en-2"
    assert told == ["piiguard-en-2"]


def test_a_model_that_does_not_load_leaves_the_old_one_in_use(two, clock):
    current = two.path / "CURRENT"
    guard = LiveGuard(find=lambda: two.path / current.read_text().strip(), open_=load, clock=clock)
    (two.path / "piiguard-en-2" / "config.json").write_text("{}")
    current.write_text("piiguard-en-2\n")
    clock.go(3)

    assert guard.detect("ask Priya", markup="plain")
    assert guard.name == "piiguard-en-1"
    assert "piiguard-en-2 cannot be used" in guard.problem

    current.write_text("piiguard-en-1\n")
    clock.go(3)
    guard.detect("x")
    assert guard.problem == ""


# --- the trial


class Finds:
    """A guard that finds what it is told, by text."""

    def __init__(self, found):
        self.found = found

    def detect_batch(self, messages):
        return [
            [Span(*one[:2], one[2], 0.9, "model") for one in self.found.get(message.text, [])]
            for message in messages
        ]


def test_a_trial_counts_what_the_new_model_puts_right_and_gets_wrong(parts, make_flag, make_person):
    lee = make_person("Lee", "reviewer")
    texts = ["ana has asthma", "order 12345678", "call bo"]
    flags = [
        make_flag(texts[0], [("ana", "PERSON")]),
        make_flag(texts[1], [("12345678", "ACCOUNT_ID")]),
        make_flag(texts[2], [("bo", "PERSON")]),
    ]
    spans = [FoundSpan("text", 0, 3, "PERSON"), FoundSpan("text", 8, 14, "MEDICAL_CONDITION")]
    decide = record_review
    decide(
        parts.store,
        TENANT,
        flags[0].id,
        "correct",
        by=lee,
        version=1,
        spans=spans,
        signed=True,
        surface="console",
    )
    decide(
        parts.store,
        TENANT,
        flags[1].id,
        "not_pii",
        by=lee,
        version=1,
        reason="object_id",
        surface="console",
    )
    old = Finds(
        {
            texts[0]: [(0, 3, "PERSON")],
            texts[1]: [(6, 14, "ACCOUNT_ID")],
            texts[2]: [(5, 7, "PERSON")],
        }
    )
    new = Finds({texts[0]: [(8, 14, "MEDICAL_CONDITION")], texts[2]: []})

    trial = try_model(parts.store, TENANT, old, new)

    assert trial.n == 3
    # the condition and the order number, against the name that is lost
    assert (trial.n_fixed, trial.n_broken) == (2, 1)
    undecided = next(flip for flip in trial.flips if flip.flag.id == flags[2].id)
    assert (undecided.lost, undecided.is_decided) == (("PERSON",), False)


@pytest.mark.parametrize(("signed", "n"), [(True, 1), (False, 0)])
def test_a_new_find_is_wrong_only_where_somebody_signed_that_nothing_else_is_there(
    parts, make_flag, make_person, signed, n
):
    flag = make_flag("ask ana about bo", [("ana", "PERSON")])
    lee = make_person("Lee", "reviewer")
    record_review(
        parts.store, TENANT, flag.id, "confirm", by=lee, version=1, signed=signed, surface="console"
    )
    old = Finds({"ask ana about bo": [(4, 7, "PERSON")]})
    new = Finds({"ask ana about bo": [(4, 7, "PERSON"), (14, 16, "PERSON")]})

    assert try_model(parts.store, TENANT, old, new).n_broken == n


def test_a_trial_out_of_time_says_what_it_left_out(parts, make_flag):
    for _ in range(3):
        make_flag()

    trial = try_model(parts.store, TENANT, Finds({}), Finds({}), budget_s=-1)

    assert (trial.n, trial.n_left_out) == (0, 3)


def test_a_trial_on_the_page_shows_flips_without_values(client_as, parts, two, make_flag):
    make_flag("tell Priya her ssn is 078-05-1120")
    assert isinstance(parts.guard, Guard)

    page = client_as("ml").send("/models/piiguard-en-2/try")

    assert page.status_code == 200
    assert "Flags tried" in page.text
    assert "PERSON" in page.text.split("Found now, lost now")[1]
    assert "078-05-1120" not in page.text
    assert parts.store.audit.rows(TENANT)[0].action == "model.tried"

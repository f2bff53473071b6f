"""The policy pages: form and YAML, tried before they count, versions, and two admins at once."""

import re
import stat

import pytest

from bot.policies import parse_bot_policy
from bot.policy_store import PolicyStore, sha256_of
from bot.policy_text import check, diff, document_of, to_yaml
from bot.records import FoundSpan
from tests.bot.console.conftest import TENANT

YAML = "flag_at: critical\nmin_score: 0.5\n"


@pytest.fixture
def file(parts):
    """Where the policy is saved; nothing stands there yet."""
    return parts.policies.path


@pytest.fixture
def past(parts):
    """What was found in the last days: two names, a phone number, and one from a channel."""

    def add(label, score=0.9, channel="C0SALES001", n=1):
        with parts.store.transaction() as tx:
            for _ in range(n):
                span = FoundSpan("text", 0, 5, label, score, "model")
                parts.store.decisions.add(tx, TENANT, channel, "1.0", "U1", [span], True)

    add("STREET_ADDRESS", n=3)
    add("NATIONAL_ID", score=0.4)
    add("PERSON", n=2)
    return add


def form_of(page):
    """Every field of the policy form as a browser would send it."""
    html = page.text.split('id="policy-form"')[1].split("</form>")[0]
    fields = []
    for tag in re.findall(r"<input[^>]*>", html):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "csrf_token" and ("checkbox" not in tag or " checked" in tag):
            fields.append((name[1], value[1] if value else "on"))
    for name, body in re.findall(
        r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', html, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', body)
        fields.append((name, chosen[1] if chosen else ""))
    for name, body in re.findall(
        r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', html, re.DOTALL
    ):
        fields.append((name, body))
    return fields


def with_changes(page, changes):
    """A form with some fields sent otherwise; None takes a field away."""
    data = {}
    for name, value in form_of(page):
        data.setdefault(name, []).append(value)
    for name, value in changes.items():
        if value is None:
            data.pop(name, None)
        else:
            data[name] = [value]
    return data


@pytest.mark.parametrize("role", ["viewer", "reviewer", "compliance", "ml", "admin", "auditor"])
def test_everybody_with_a_role_sees_the_policy_and_may_simulate(client_as, past, role):
    client = client_as(role)

    assert client.get("/policies").status_code == 200
    answer = client.send("/policies/check", {"text": YAML})

    assert answer.status_code == 200
    assert ("Save and put into force" in answer.text) is (role == "admin")


def test_a_form_that_was_not_touched_changes_nothing(client_as, parts, past):
    parts.policies.path.write_text(
        "labels:\n  USERNAME: ignore\nchannels:\n  C0SALES001:\n    flag_at: critical\n    labels:\n"
        "      PERSON: {action: flag}\ncombinations: []\nnotices:\n  quiet_hours: 22:00-07:00\n"
    )
    parts.policies.look()
    client = client_as("admin")

    answer = client.send("/policies/check", with_changes(client.get("/policies"), {}))

    assert "Flags more" in answer.text
    sent = re.search(r'name="text" value="([^"]*)"', answer.text)[1].replace("&#34;", '"')
    assert check(sent)[0].model == parts.policies.current().model


def test_a_simulation_counts_the_flags_that_would_be_more_and_fewer(client_as, past):
    answer = client_as("ml").send(
        "/policies/check", {"text": "flag_at: critical\nlabels:\n  PERSON: flag\n"}
    )

    tiles = re.findall(r'tile-value">([^<]*)<', answer.text)
    assert tiles == ["+2", "−3", "3", "6"]


def test_a_script_gets_the_outcome_alone_and_may_not_save_by_it(client_as, parts, past):
    client = client_as("admin")

    part = client.send("/policies/check", {"text": YAML}, headers={"X-Fragment": "1"})

    assert "<html" not in part.text
    assert "4 fewer" in part.text
    assert client.send("/policies/save", {"text": YAML}).status_code == 409


def test_a_policy_is_saved_after_it_was_seen_and_is_in_force_at_once(client_as, parts, file):
    client = client_as("admin", name="Sam")
    client.send("/policies/check", {"text": YAML})

    answer = client.send(
        "/policies/save", {"text": YAML, "note": "fewer cards"}, follow_redirects=True
    )

    assert "Version 1 is in force" in answer.text
    assert "Sam" in answer.text
    assert "fewer cards" in answer.text
    assert file.read_text() == YAML
    assert parts.policies.current().base.flag_at == "critical"
    assert [row.action for row in parts.store.audit.rows(TENANT)] == ["policy.saved"]
    assert list(file.parent.glob(".policy*")) == []


@pytest.mark.parametrize("seen", ["", "flag_at: low\n"])
def test_a_policy_that_was_not_simulated_is_shown_instead_of_saved(client_as, file, seen):
    client = client_as("admin")
    if seen:
        client.send("/policies/check", {"text": seen})

    answer = client.send("/policies/save", {"text": YAML})

    assert answer.status_code == 409
    assert "Look at what this changes" in answer.text
    assert not file.exists()


@pytest.mark.parametrize("role", ["viewer", "reviewer", "compliance", "ml", "auditor"])
def test_only_an_admin_saves(client_as, file, role):
    assert client_as(role).send("/policies/save", {"text": YAML}).status_code == 403
    assert not file.exists()


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("flag_at: hihg\n", 1, "expected"),
        ("min_score: 0.5\nnotices:\n  quiet_hours: late\n", 3, "like 22:00-07:00"),
        ("labels:\n  PERSN: ignore\n", 2, "did you mean PERSON"),
        ("routes: [\n", 2, "not valid YAML"),
        ("channels:\n  sales: {ignore: true}\n", 2, "an id like"),
    ],
)
def test_a_mistake_is_answered_with_its_line_and_the_text_is_kept(
    client_as, file, text, line, reason
):
    client = client_as("admin")

    for path in ("/policies/check", "/policies/save"):
        answer = client.send(path, {"text": text})

        assert answer.status_code == 400
        assert f"Line {line}" in answer.text
        assert reason in answer.text
        assert text.split("\n")[0] in answer.text
    assert not file.exists()


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("min_score", "lots", "valid number"),
        ("labels.PERSON.min_score", "2", "less than or equal to 1"),
        ("notices.quiet_hours", "late", "like 22:00"),
        ("notices.timezone", "Mars/Base", "time zone"),
        ("retention.text_days", "0", "greater than or equal to 1"),
        ("retention.text_days", "a while", "valid integer"),
        ("allow.domains", "not a domain", "a domain like"),
        ("people.reviewers", "ana", "an id like"),
        ("routes.channels.critical", "#alerts", "an id like"),
    ],
)
def test_a_wrong_field_is_named_beside_it_and_everything_typed_stays(client_as, file, field, value, reason):  # fmt: skip
    client = client_as("admin")
    data = with_changes(client.get("/policies"), {field: value, "routes.mention": "U0DANA0001"})

    answer = client.send("/policies/check", data)

    assert answer.status_code == 400
    assert reason.lower() in answer.text.lower()
    assert f'"{field}-error"' in answer.text
    assert value in answer.text
    assert "U0DANA0001" in answer.text


def test_a_field_changes_what_it_says_and_no_more(client_as, parts, file):
    client = client_as("admin")
    changes = {
        "labels.PERSON.action": "flag",
        "labels.PERSON.min_score": "0.7",
        "files.names": None,
        "allow.domains": "acme.example\nacme.test",
        "new_channel": "C0RANDOM01",
        "new_channel.ignore": "on",
    }

    answer = client.send("/policies/check", with_changes(client.get("/policies"), changes))

    text = re.search(r'name="text" value="([^"]*)"', answer.text)[1].replace("&#34;", '"')
    assert text == (
        "labels:\n  PERSON:\n    action: flag\n    min_score: 0.7\nchannels:\n  C0RANDOM01:\n    ignore: true\n"
        'allow:\n  domains: ["acme.example", "acme.test"]\nfiles:\n  names: false\n'
    )


def test_a_channel_is_taken_out_again(client_as, parts, file):
    file.write_text("channels:\n  C0RANDOM01: {ignore: true}\n")
    parts.policies.look()
    client = client_as("admin")
    data = with_changes(client.get("/policies"), {"channels.C0RANDOM01.remove": "on"})

    answer = client.send("/policies/check", data)

    assert 'name="text" value=""' in answer.text


def test_two_admins_who_save_at_once_lose_nothing(client_as, parts, file):
    first, second = client_as("admin", name="Sam"), client_as("admin", name="Kim")
    began = sha256_of("")
    for client, text in ((first, "flag_at: low\n"), (second, YAML)):
        client.send("/policies/check", {"text": text, "expected": began})
    first.send("/policies/save", {"text": "flag_at: low\n", "expected": began})

    answer = second.send("/policies/save", {"text": YAML, "expected": began, "note": "mine"})

    assert answer.status_code == 409
    assert "changed meanwhile by Sam" in answer.text
    assert "flag_at: low" in answer.text
    assert "flag_at: critical" in answer.text
    assert 'value="mine"' in answer.text
    assert file.read_text() == "flag_at: low\n"
    fresh = re.search(r'name="expected" value="([^"]*)"', answer.text)[1]
    second.send("/policies/save", {"text": YAML, "expected": fresh})
    assert file.read_text() == YAML


def test_versions_are_compared_and_gone_back_to_by_the_same_way(client_as, parts, file):
    client = client_as("admin")
    for text in (YAML, "flag_at: low\n"):
        client.send("/policies/check", {"text": text})
        client.send("/policies/save", {"text": text})
    page = client.get("/policies/versions/1?with=now")
    assert "− flag_at: critical" in page.text
    assert "+ flag_at: low" in page.text

    seen = client.send("/policies/check", {"text": YAML, "expected": sha256_of("flag_at: low\n")})
    assert seen.status_code == 200
    client.send("/policies/save", {"text": YAML, "expected": sha256_of("flag_at: low\n")})

    assert file.read_text() == YAML
    assert [one.number for one in PolicyStore(parts.store, parts.policies).versions()] == [3, 2, 1]


def test_what_was_changed_by_hand_becomes_a_version_before_it_is_replaced(client_as, parts, file):
    file.write_text("flag_at: medium\n")
    parts.policies.look()
    client = client_as("admin")
    client.send("/policies/check", {"text": YAML})

    client.send("/policies/save", {"text": YAML})

    found = PolicyStore(parts.store, parts.policies).version(1)
    assert (found.body, found.note, found.made_by) == ("flag_at: medium\n", "found on disk", "")


def test_a_wrong_file_is_told_on_the_page_and_the_policy_before_it_counts(client_as, parts, file):
    file.write_text("flag_at: critical\n")
    parts.policies.look()
    file.write_text("flag_at: hihg\n")
    parts.policies.look()

    page = client_as("viewer").get("/policies")

    assert page.status_code == 200
    assert "still in force" in page.text
    assert "line 1" in page.text


def test_a_saved_file_keeps_its_mode(client_as, parts, file):
    file.write_text("flag_at: medium\n")
    file.chmod(0o604)
    client = client_as("admin")
    client.send("/policies/check", {"text": YAML})

    client.send("/policies/save", {"text": YAML})

    assert stat.S_IMODE(file.stat().st_mode) == 0o604


def test_a_version_that_never_was_is_not_found(client_as):
    assert client_as("viewer").get("/policies/versions/9").status_code == 404


@pytest.mark.parametrize(
    "value", ["off", "yes", "22:00", "2026-01-01", "1e3", "0x1f", "null", "~", "a: b", "#x", "- x", "", " x ",
              "line\nbreak", 'quo"te', "\u2028", "C0123", "Ana"],
)  # fmt: skip
def test_what_is_written_as_yaml_is_read_back_the_same(value):
    from piiguard.policy_file import read_yaml

    document = {"a": value, "b": [value, 1, True, 0.5], value or "k": {"c": [{"d": value}, {}]}}

    assert read_yaml(to_yaml(document), "x").value == document


def test_a_document_says_only_what_is_not_the_default():
    policy = parse_bot_policy("flag_at: high\nfiles:\n  read: false\n  names: true\n")

    assert document_of(policy.model) == {"files": {"read": False}}


def test_a_difference_shows_what_changed_with_a_little_around_it():
    old, new = "a\nb\nc\nd\ne\nf\n", "a\nb\nc\nd\nX\nf\n"

    assert [(line.kind, line.text) for line in diff(old, new)] == [
        ("skip", "…"), ("same", "c"), ("same", "d"), ("removed", "e"), ("added", "X"), ("same", "f"),
    ]  # fmt: skip
    assert diff(old, old) == []

"""The bot's policy file: its sections, its mistakes by line, and being taken up without a restart."""

from datetime import UTC, datetime

import pytest

from bot.policies import Policies, parse_bot_policy
from piiguard.errors import PolicyError

FULL = """
version: 1
flag_at: high
labels: {USERNAME: ignore}
channels:
  C0SALES: {flag_at: critical, labels: {CRYPTO: flag}}
  C0NOISE: {ignore: true}
  C0QUIET: {notices: false}
groups:
  S0HR: {flag_at: never}
  S0DEV: {labels: {API_KEY: ignore}}
allow: {domains: [acme.example], test_numbers: ["0000-1111"]}
notices: {high: at_once, quiet_hours: "22:00-07:00", timezone: Europe/Berlin, hide_author: true}
files: {read: false}
bots: {scan: false, unfurls: true}
routes:
  channel: C0REVIEW
  channels: {critical: C0URGENT}
  delivery: {medium: card}
  mention: S0ONCALL
retention: {text_days: 7}
people: {reviewers: [U0DANA, S0MODS], admins: [U0ADA], reviewers_may_reveal: true}
"""


def test_a_full_file_says_all_of_it():
    policy = parse_bot_policy(FULL)

    assert policy.review_channel("critical") == "C0URGENT"
    assert policy.review_channel("high") == "C0REVIEW"
    assert policy.review_channels == {"C0REVIEW", "C0URGENT"}
    assert policy.delivery("medium") == "card"
    assert policy.delivery("low") == "console"
    assert policy.group_ids == {"S0HR", "S0DEV", "S0MODS"}
    assert policy.roles_of("U0DANA") == {"reviewer"}
    assert policy.roles_of("U0BEN", ["S0MODS"]) == {"reviewer"}
    assert policy.roles_of("U0BEN") == set()
    assert policy.ignores("C0NOISE")
    assert not policy.ignores("C0SALES")
    assert policy.retention.text_days == 7


def test_an_empty_file_is_the_default():
    policy = parse_bot_policy("")

    assert policy.for_message("C1").flag_at == "high"
    assert policy.notice("critical", "C1", proved=True) == "at_once"
    assert policy.notice("critical", "C1", proved=False) == "after_confirm"
    assert policy.notice("medium", "C1", proved=True) == "never"


@pytest.mark.parametrize(
    ("channel", "groups", "flag_at"),
    [
        ("C1", [], "high"),
        ("C0SALES", [], "critical"),
        ("C1", ["S0HR"], None),
        ("C0SALES", ["S0HR"], "critical"),  # the channel's word counts more
        ("C1", ["S0OTHER"], "high"),
    ],
)
def test_the_nearer_word_counts(channel, groups, flag_at):
    assert parse_bot_policy(FULL).for_message(channel, groups).flag_at == flag_at


def test_labels_of_all_audiences_add_up():
    policy = parse_bot_policy(FULL).for_message("C0SALES", ["S0DEV"])

    assert set(policy.labels) == {"USERNAME", "CRYPTO", "API_KEY"}


def test_a_channel_can_do_without_notices():
    assert parse_bot_policy(FULL).notice("critical", "C0QUIET", proved=True) == "never"


@pytest.mark.parametrize(
    ("hour", "minute", "severity", "seconds"),
    [
        (21, 30, "high", 8.5 * 3600),  # 22:30 in Berlin in November
        (5, 0, "high", 3600),
        (6, 0, "high", 0),
        (12, 0, "high", 0),
        (21, 30, "critical", 0),
    ],
)
def test_quiet_hours_end_in_the_morning_of_their_time_zone(hour, minute, severity, seconds):
    now = datetime(2026, 11, 20, hour, minute, tzinfo=UTC)

    assert parse_bot_policy(FULL).quiet_for_s(severity, now) == seconds


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("chanels: {}", 1, "did you mean channels?"),
        ("channels:\n  C1:\n    flagat: low", 3, "did you mean flag_at?"),
        ("channels:\n  sales: {}", 2, "C0123"),
        ("channels:\n  C1: {flag_at: loud}", 2, "expected"),
        ("flag_at: high\nroutes:\n  channel: sales", 3, "C0123"),
        ("people:\n  reviewers: [U1, dana]", 2, "U0123"),
        ("notices: {timezone: Mars/Base}", 1, "time zone"),
        ("notices:\n  quiet_hours: '25:00-07:00'", 2, "22:00-07:00"),
        ("notices: {high: off}", 1, "at_once"),  # YAML reads a bare off as false
        ("retention: {text_days: 0}", 1, "greater"),
        ("labels: {SSN: flag}", 1, "unknown label"),
        ("channels:\n  C1: {labels: {SSN: flag}}", 2, "unknown label"),
        ("channels: {C1: {combinations: [{anchor: PERSON, labels: [PERSON]}]}}", 1, "anchor"),
        ("allow: {domains: ['no domain']}", 1, "domain"),
        ("flag_at: [", 1, "YAML"),
    ],
)
def test_a_mistake_is_named_by_line_and_key(text, line, word):
    with pytest.raises(PolicyError) as error:
        parse_bot_policy(text, name="policy.yaml")

    assert f"policy.yaml line {line}" in str(error.value)
    assert word in str(error.value)


def test_all_mistakes_are_named_at_once():
    with pytest.raises(PolicyError) as error:
        parse_bot_policy("flag_at: loud\nroutes: {channel: x}\nfile: {}")

    assert len(str(error.value).splitlines()) == 3


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_changed_file_is_taken_up_and_a_bad_one_keeps_the_old(tmp_path):
    path, clock = tmp_path / "policy.yaml", Clock()
    path.write_text("flag_at: low")
    policies = Policies(path, clock=clock)
    assert policies.current().base.flag_at == "low"

    path.write_text("flag_at: medium")
    clock.now += 3
    assert policies.current().base.flag_at == "medium"

    path.write_text("flag_at: loudest")
    clock.now += 3
    assert policies.current().base.flag_at == "medium"
    assert "line 1" in policies.problem

    path.unlink()
    clock.now += 3
    assert policies.current().base.flag_at == "medium"
    assert "cannot be read" in policies.problem

    path.write_text("flag_at: critical # good again")
    clock.now += 3
    assert policies.current().base.flag_at == "critical"
    assert policies.problem == ""


def test_a_bad_file_at_the_start_is_refused(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text("nonsense: 1")

    with pytest.raises(PolicyError):
        Policies(path)


def test_the_environments_channel_holds_where_the_file_names_none(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text("flag_at: low")
    assert Policies(path, alert_channel="C0ENV").current().review_channel("high") == "C0ENV"

    path.write_text(FULL)
    assert Policies(path, alert_channel="C0ENV").current().review_channel("high") == "C0REVIEW"
    assert not Policies(path, allow_listing=False).current().allow.domains

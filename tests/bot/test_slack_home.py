"""App Home: to each role its own, and counts only."""

import json

import pytest

from bot.home_numbers import measured_recall
from bot.slack.home import HomeNumbers, OwnFlag, Rate, age, home_view
from piiguard.labels import LABELS
from piiguard.model_dir import default_model_dir
from tests.bot.slack_shapes import AT, accept_view, action_ids, strings

NUMBERS = HomeNumbers(
    watched=tuple(f"C0000{number:04}" for number in range(60)),
    own=tuple(
        OwnFlag(f"id{number}", 1, 1000 + number, "open", {"PERSON": 2}, "C0SALES01", AT)
        for number in range(8)
    ),
    recall={"PERSON": Rate(0.91, 400), "CRYPTO": Rate(1.0, 3)},
    by_severity={"critical": 2, "high": 5},
    oldest_s=7300,
    mine=1,
    precision=Rate(0.5, 80),
    model="piiguard-en-3",
    health=(("Slack", True), ("Worker", False)),
    not_covered=("C0HIDDEN1",),
    checklist=(("Name the review channel", True),),
    console_url="https://pii.example.com",
)


def shown(*roles, numbers=NUMBERS):
    view = home_view(frozenset(roles), numbers)
    accept_view(view)
    return "\n".join(strings(view["blocks"]))


def test_everybody_sees_what_is_watched_and_their_own_flags():
    text = shown()

    assert "<#C00000000>" in text
    assert "and 30 more" in text
    assert "deleted after 30 days" in text
    assert "*1000* · PERSON ×2" in text
    assert "PERSON: 91 % (n = 400)" in text
    assert "Too few cases to say: CRYPTO" in text
    assert "Needs review" not in text
    assert "Administration" not in text


def test_report_missed_pii_is_named_first():
    view = home_view((), HomeNumbers())

    assert "Report missed PII" in view["blocks"][1]["text"]["text"]


def test_reviewers_see_counts_and_the_next_flag():
    text = shown("reviewer")

    assert "*Critical*\n2" in text
    assert "*Oldest*\n2 h" in text
    assert "50 % (n = 80)" in text
    assert "Administration" not in text
    assert "review_queue" in action_ids(home_view({"compliance"}, NUMBERS)["blocks"])
    assert "review_queue" not in action_ids(home_view({"reviewer"}, HomeNumbers())["blocks"])


def test_administrators_see_health_and_what_is_not_covered():
    text = shown("admin")

    assert "✓ yes: Slack" in text
    assert "✗ no: Worker" in text
    assert "✓ done: Name the review channel" in text
    assert "<#C0HIDDEN1>" in text
    assert "Needs review" not in text


def test_an_age_is_in_one_unit():
    assert [age(s) for s in (5, 65, 3600, 90_000, 200_000)] == [
        "5 s",
        "1 min",
        "1 h",
        "25 h",
        "2 days",
    ]


def test_recall_is_read_from_the_report_of_the_model(tmp_path):
    report = {
        "model": "m",
        "datasets": {
            "slack_dev": {
                "messages": 3,
                "per_label": {
                    "PERSON": {"recall": 0.9271, "support": 96},
                    "PASSPORT": {"recall": 0.8, "support": 5},
                    "NO_LABEL": {"recall": 1.0, "support": 50},
                    "EMAIL_ADDRESS": {"recall": "high", "support": 50},
                },
            },
            "other": {"per_label": {"CRYPTO": {"recall": 0.1, "support": 900}}},
        },
    }
    (tmp_path / "report.json").write_text(json.dumps(report))

    found = measured_recall(tmp_path)

    assert found == {"PERSON": Rate(0.9271, 96), "PASSPORT": Rate(0.8, 5)}
    text = shown(numbers=HomeNumbers(recall=found))
    assert "PERSON: 93 % (n = 96)" in text
    assert "Too few cases to say: PASSPORT" in text


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"datasets": 3}', '{"datasets": {"slack_dev": {"per_label": []}}}', "\x00"])  # fmt: skip
def test_a_model_without_a_readable_report_has_no_recall_and_home_says_so(tmp_path, content):
    if content is not None:
        (tmp_path / "report.json").write_text(content)

    assert measured_recall(tmp_path) == {}
    assert "Not measured" in shown(numbers=HomeNumbers(recall={}))


def test_the_shipped_model_has_a_recall_for_every_label():
    assert set(measured_recall(default_model_dir())) == set(LABELS)

import sys
from pathlib import Path
from subprocess import run

import pytest

from piiguard.errors import PolicyError
from piiguard.policy import Combination, LabelRule, PastedList, Policy
from piiguard.policy_file import parse_policy, read_policy

EXAMPLE = Path(__file__).parents[2] / "examples" / "policy.yaml"


def test_the_shipped_example_is_the_default_with_three_rules():
    assert read_policy(EXAMPLE) == Policy(
        labels={
            "IP_ADDRESS": LabelRule("ignore"),
            "CRYPTO": LabelRule("flag"),
            "MEDICAL_CONDITION": LabelRule(min_score=0.6),
        }
    )


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("", Policy.default()),
        ("# nothing but a comment\n", Policy.default()),
        ("version: 1", Policy.default()),
        ("flag_at: never", Policy(flag_at=None)),
        ("min_score: 1", Policy(min_score=1.0)),
        ("labels: {PASSWORD: ignore}", Policy(labels={"PASSWORD": LabelRule("ignore")})),
        ("combinations: []\nlists: []", Policy(combinations=(), lists=())),
        ("lists: [{length: 3}]", Policy(lists=(PastedList(length=3),))),
        (
            "combinations:\n  - {anchor: USERNAME, labels: [IP_ADDRESS], at_least: 1}",
            Policy(combinations=(Combination("USERNAME", ("IP_ADDRESS",), 1),)),
        ),
    ],
)
def test_what_a_file_leaves_out_stays_as_in_the_default(text, policy):
    assert parse_policy(text) == policy


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "flag_at: high\n  labels: {}\n",
            "p line 2, column 9: not valid YAML (mapping values are not",
        ),
        ("labels: [", "p line 1, column 10: not valid YAML"),
        ("flag_at: high\nlabel: {}\n", 'p line 2, key "label": unknown key; did you mean labels?'),
        (
            "labels:\n  EMIAL_ADDRESS: ignore\n",
            'p line 2, key "labels.EMIAL_ADDRESS": unknown label; did you mean EMAIL_ADDRESS?',
        ),
        (
            "labels:\n  email: ignore\n",
            'p line 2, key "labels.email": unknown label; did you mean EMAIL_ADDRESS?',
        ),
        (
            "lists:\n  - labels:\n      - CRYPTO\n      - PHONE_NUMBR\n",
            'p line 4, key "lists[0].labels[1]": unknown label; did you mean PHONE_NUMBER?',
        ),
        (
            "labels:\n  CRYPTO:\n    min_scor: 0.5\n",
            'p line 3, key "labels.CRYPTO.min_scor": unknown key; did you mean min_score?',
        ),
        (
            "labels:\n  CRYPTO: drop\n",
            "p line 2, key \"labels.CRYPTO.action\": expected 'flag' or 'ignore'",
        ),
        ("min_score: high\n", 'p line 1, key "min_score": expected a valid number'),
        ('min_score: "0.5"\n', 'p line 1, key "min_score": expected a valid number'),
        ("min_score: 1.5\n", 'p line 1, key "min_score": expected less than or equal to 1'),
        ("min_score: .nan\n", 'p line 1, key "min_score": expected'),
        ("lists:\n  - length: 1\n", 'p line 2, key "lists[0].length": expected greater than'),
        ("lists:\n  length: 4\n", 'p line 1, key "lists": expected a valid list'),
        ("labels: [CRYPTO]\n", 'p line 1, key "labels": expected a mapping'),
        ("- flag_at\n", "p line 1: expected a mapping"),
        ("flag_at: off\n", "p line 1, key \"flag_at\": expected 'low'"),
        ("version: 2\n", 'p line 1, key "version": expected 1'),
        (
            "flag_at: high\nmin_score: 0\nflag_at: low\n",
            'p line 3, key "flag_at": given twice; first in line 1',
        ),
        (
            "labels:\n  CRYPTO: flag\n  CRYPTO: ignore\n",
            'p line 3, key "labels.CRYPTO": given twice; first in line 2',
        ),
        ("combinations:\n  - anchor: CRYPTO\n", "names its anchor among its labels"),
        ("a: &x 1\nb: *x\n", "p line 2, column 4: not valid YAML (aliases"),
        ("[" * 5000, "nested too deeply"),
        ("flag_at: !!python/name:os.system\n", "p line 1"),
        ("flag_at: 2024-13-01\n", "p: not valid YAML (an impossible date"),
        ("flag_at: hi\x00gh\n", "p line 1: a character that YAML does not allow"),
        ("flag_at: high\n---\nflag_at: low\n", "p line 2"),
        ("? [a, b]\n: 1\n", "p line 1"),
        ("#" * 300_000, "at most 256000 characters"),
    ],
)
def test_a_mistake_is_named_with_line_and_key(text, message):
    with pytest.raises(PolicyError) as caught:
        parse_policy(text, name="p")

    assert message in str(caught.value)


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines():
    with pytest.raises(PolicyError) as caught:
        parse_policy("flag_at: bad\nlabels:\n  NOPE_AT_ALL: flag\nmin_score: 9\n", name="p")

    told = str(caught.value).splitlines()
    assert [line.split(",")[0] for line in told] == ["p line 1", "p line 3", "p line 4"]


def test_a_missing_file_is_a_policy_error_that_names_it(tmp_path):
    with pytest.raises(PolicyError, match=r"none\.yaml: cannot be read"):
        read_policy(tmp_path / "none.yaml")


def test_a_file_in_another_encoding_is_a_policy_error(tmp_path):
    (tmp_path / "p.yaml").write_bytes("# für später".encode("latin-1"))

    with pytest.raises(PolicyError, match="expected UTF-8"):
        read_policy(tmp_path / "p.yaml")


def test_policies_without_files_need_neither_yaml_nor_pydantic():
    code = "import sys, piiguard.policy; print({'yaml', 'pydantic'} & set(sys.modules))"

    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiguard.errors import PolicyError
from piiguard.labels import LABELS, SEVERITIES
from piiguard.policy import MEDIUM_LABELS, Combination, LabelRule, PastedList, Policy, Verdict
from piiguard.spans import Span


def spans_of(*labels: str, score: float = 1.0) -> list[Span]:
    return [Span(10 * i, 10 * i + 5, label, score) for i, label in enumerate(labels)]


@pytest.mark.parametrize(
    ("labels", "flagged", "severity", "reasons"),
    [
        ([], False, None, ()),
        (["NATIONAL_ID"], True, "critical", ("critical:NATIONAL_ID",)),
        (["DATE_OF_BIRTH"], True, "high", ("high:DATE_OF_BIRTH",)),
        (["PERSON"], False, "low", ()),
        (["EMAIL_ADDRESS"], False, "medium", ()),
        (["EMAIL_ADDRESS", "PHONE_NUMBER"], False, "medium", ()),
        (["PERSON", "EMAIL_ADDRESS"], False, "medium", ()),
        (["PERSON", "EMAIL_ADDRESS", "EMAIL_ADDRESS"], False, "medium", ()),
        (["PERSON", "USERNAME", "IP_ADDRESS"], False, "low", ()),
        (
            ["PHONE_NUMBER", "PERSON", "EMAIL_ADDRESS"],
            True,
            "medium",
            ("combination:PERSON+EMAIL_ADDRESS+PHONE_NUMBER",),
        ),
        (["EMAIL_ADDRESS"] * 4, False, "medium", ()),
        (["EMAIL_ADDRESS"] * 7, True, "medium", ("list:EMAIL_ADDRESS:7",)),
        (["EMAIL_ADDRESS"] * 4 + ["PHONE_NUMBER"] * 4, False, "medium", ()),
        (["PERSON"] * 9, False, "low", ()),
        (
            ["MEDICAL_CONDITION", "PASSPORT", "PASSPORT"],
            True,
            "critical",
            ("critical:PASSPORT", "high:MEDICAL_CONDITION"),
        ),
    ],
)
def test_the_default_policy_is_the_one_of_the_guidelines(labels, flagged, severity, reasons):
    assert Policy.default().decide(spans_of(*labels)) == Verdict(flagged, severity, reasons)


@pytest.mark.parametrize("label", LABELS)
def test_one_span_flags_by_default_exactly_when_it_is_high_or_critical(label):
    verdict = Policy.default().decide(spans_of(label))

    assert verdict.flagged is (LABELS[label].severity in ("high", "critical"))
    assert verdict.severity == LABELS[label].severity


@given(st.lists(st.sampled_from(list(LABELS))))
def test_a_message_is_flagged_exactly_when_there_is_a_reason(labels):
    verdict = Policy.default().decide(spans_of(*labels))

    assert verdict.flagged is bool(verdict.reasons)
    assert (verdict.severity is None) is (not labels)


@given(st.lists(st.sampled_from(list(LABELS))), st.sampled_from(list(LABELS)))
def test_one_more_span_never_lifts_a_flag(labels, extra):
    policy = Policy.default()

    if policy.decide(spans_of(*labels)).flagged:
        assert policy.decide(spans_of(*labels, extra)).flagged


@pytest.mark.parametrize(
    ("policy", "labels", "score", "flagged"),
    [
        (Policy(flag_at="critical"), ["STREET_ADDRESS"], 1.0, False),
        (Policy(flag_at="critical"), ["PASSWORD"], 1.0, True),
        (Policy(flag_at="low"), ["PERSON"], 1.0, True),
        (Policy(flag_at=None), ["CREDIT_CARD"], 1.0, False),
        (Policy(flag_at=None), ["EMAIL_ADDRESS"] * 5, 1.0, True),
        (Policy(min_score=0.5), ["CREDIT_CARD"], 0.49, False),
        (Policy(min_score=0.5), ["CREDIT_CARD"], 0.5, True),
        (Policy(labels={"CRYPTO": LabelRule("flag")}), ["CRYPTO"], 1.0, True),
        (Policy(labels={"PASSWORD": LabelRule("ignore")}), ["PASSWORD"], 1.0, False),
        (Policy(labels={"PASSWORD": LabelRule("ignore")}), ["API_KEY"], 1.0, True),
        (Policy(labels={"PASSPORT": LabelRule(min_score=0.8)}), ["PASSPORT"], 0.7, False),
        (Policy(labels={"PASSPORT": LabelRule(min_score=0.8)}), ["PASSPORT"], 0.9, True),
        (Policy(labels={"EMAIL_ADDRESS": LabelRule("ignore")}), ["EMAIL_ADDRESS"] * 9, 1.0, False),
        (Policy(lists=()), ["EMAIL_ADDRESS"] * 9, 1.0, False),
        (Policy(lists=(PastedList(("PERSON",), 3),)), ["PERSON"] * 3, 1.0, True),
        (Policy(combinations=()), ["PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER"], 1.0, False),
        (
            Policy(combinations=(Combination("USERNAME", ("IP_ADDRESS",), 1),)),
            ["USERNAME", "IP_ADDRESS"],
            1.0,
            True,
        ),
    ],
)
def test_a_workspace_may_set_its_own_policy(policy, labels, score, flagged):
    assert policy.decide(spans_of(*labels, score=score)).flagged is flagged


def test_an_ignored_label_does_not_raise_the_severity():
    policy = Policy(labels={"PASSWORD": LabelRule("ignore")})

    assert policy.decide(spans_of("PASSWORD", "PERSON")).severity == "low"


@pytest.mark.parametrize(
    "make",
    [
        lambda: Policy(labels={"EMAIL": LabelRule()}),
        lambda: Policy(flag_at="severe"),
        lambda: Policy(min_score=1.5),
        lambda: LabelRule(min_score=-0.1),
        lambda: LabelRule("drop"),
        lambda: Combination("PERSON", ("PERSON", "CRYPTO")),
        lambda: Combination("PERSON", ("CRYPTO",), 2),
        lambda: Combination(at_least=0),
        lambda: PastedList(length=1),
        lambda: PastedList(("PHONE",)),
    ],
)
def test_an_impossible_policy_is_refused(make):
    with pytest.raises(PolicyError):
        make()


def test_medium_labels_are_those_that_the_guidelines_call_medium():
    assert set(MEDIUM_LABELS) == {
        "EMAIL_ADDRESS",
        "PHONE_NUMBER",
        "CRYPTO",
        "VEHICLE_ID",
        "ACCOUNT_ID",
    }
    assert SEVERITIES[1] == "medium"

"""Labelling functions vote: what is taken, and what is left unjudged."""

import pytest

pytest.importorskip("torch", reason="the workshop needs piiguard[train]")

from piiguard.labels import LABELS
from piiguard.rule_detector import CONFIRMED, RuleDetector
from piiguard.rules.tables import ALL_RULES
from piiguard.spans import Span
from training.weak_labels import NameVoter, RuleVoter, weak_label

TEXT = "0123456789" * 3


class Says:
    """A voter that claims the given spans in every text."""

    def __init__(self, *spans, name="says"):
        self.name, self.knows, self._spans = name, frozenset(LABELS), list(spans)

    def detect_batch(self, messages):
        return [self._spans for _ in messages]


def phone(start, end, score=0.6, source="a"):
    return Span(start, end, "PHONE_NUMBER", score, source)


def account(start, end, score=0.6, source="b"):
    return Span(start, end, "ACCOUNT_ID", score, source)


def confirmed(start, end, label="CREDIT_CARD"):
    return Span(start, end, label, CONFIRMED, "rule:card")


@pytest.mark.parametrize(
    ("claims", "taken", "abstain"),
    [
        ([[], []], [], []),
        # two agree
        ([[phone(0, 5)], [phone(0, 5)]], [(0, 5, "PHONE_NUMBER")], []),
        # ... on the label, not on the edges: the better score wins, the rest of the claim is in doubt
        ([[phone(0, 5, 0.9)], [phone(2, 8)]], [(0, 5, "PHONE_NUMBER")], [[5, 8]]),
        ([[phone(3, 5, 0.9)], [phone(2, 8)]], [(3, 5, "PHONE_NUMBER")], [[2, 3], [5, 8]]),
        # of equal scores the longer claim
        ([[phone(0, 5)], [phone(0, 8)]], [(0, 8, "PHONE_NUMBER")], []),
        # one alone
        ([[phone(0, 5)], []], [], [[0, 5]]),
        ([[phone(0, 5)], [phone(5, 9)]], [], [[0, 5], [5, 9]]),
        # two disagree
        ([[phone(0, 5)], [account(0, 5)]], [], [[0, 5]]),
        ([[phone(0, 5)], [account(4, 9)]], [], [[0, 9]]),
        ([[phone(0, 5), phone(7, 9)], [account(4, 8)]], [], [[0, 9]]),
        # a check digit that holds is taken alone, and against others
        ([[confirmed(0, 5)], []], [(0, 5, "CREDIT_CARD")], []),
        ([[confirmed(2, 5)], [account(0, 5)]], [(2, 5, "CREDIT_CARD")], [[0, 2]]),
        # a high score that no rule stands behind does not win against another label
        ([[phone(0, 5, 0.999, "model")], [account(0, 5)]], [], [[0, 5]]),
        # clusters are judged apart, and come in order
        (
            [[phone(0, 5), account(10, 14)], [account(10, 14), phone(20, 25)]],
            [(10, 14, "ACCOUNT_ID")],
            [[0, 5], [20, 25]],
        ),
    ],
)
def test_voters_take_or_abstain(labelled, claims, taken, abstain):
    voters = [Says(*spans) for spans in claims]

    [example] = weak_label([labelled(TEXT, markup="plain")], voters)

    assert [(s.start, s.end, s.label) for s in example.spans] == taken
    assert example.meta["abstain"] == abstain


def test_what_an_example_brings_stays_but_its_spans(labelled):
    before = labelled(
        "call 0123", ("0123", "PHONE_NUMBER"), markup="plain", meta={"source": "x"}, weight=0.6
    )

    [after] = weak_label([before], [Says()])

    assert (after.spans, after.origin, after.weight, after.group) == ((), "weak", 0.6, "g")
    assert after.meta == {"source": "x", "abstain": []}


def test_many_examples_come_back_in_order(labelled):
    examples = [labelled(TEXT, id=str(number), markup="plain") for number in range(600)]

    found = list(weak_label(iter(examples), [Says(phone(0, 5)), Says(phone(0, 5))]))

    assert [e.id for e in found] == [e.id for e in examples]
    assert all(len(e.spans) == 1 for e in found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ask priya about it", ["priya"]),
        ("Priya Sharma", ["Priya Sharma"]),
        ("Priya Zzyzx called", ["Priya Zzyzx"]),  # an unknown word in capitals after a name
        ("priya sharma", ["priya", "sharma"]),
        ("Priya, Sharma", ["Priya", "Sharma"]),
        ("it will be the mark", []),  # common words are no names
        ("@priya #priya priya@acme /priya x.priya", []),
        ("zzyzx", []),
        ("my li", []),  # too short to tell
    ],
)
def test_the_name_voter_claims_names_that_are_no_common_words(text, found, labelled):
    voter = NameVoter(["Priya", "Sharma", "Mark", "Will", "Li"], ["mark", "will", "it", "the"])

    [spans] = voter.detect_batch([labelled(text)])

    assert [text[s.start : s.end] for s in spans] == found
    assert voter.knows == {"PERSON"}


def test_the_rules_vote_a_card_with_a_check_digit_in_and_one_alone_out(labelled):
    voter = RuleVoter(RuleDetector(ALL_RULES), LABELS)
    text = "card 4242 4242 4242 4242 and the mac is 00:1b:44:11:3a:b7"

    [example] = weak_label([labelled(text, markup="plain")], [voter])

    assert [(text[s.start : s.end], s.label) for s in example.spans] == [
        ("4242 4242 4242 4242", "CREDIT_CARD")
    ]
    assert voter.name == "rules"

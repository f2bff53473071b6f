"""The yardsticks against detectors whose answers are known."""

import json

import pytest

from piiguard.examples import Example
from piiguard.spans import Span
from training import yardsticks
from training.bars import Bar
from training.name_origins import recall_by_origin, spread
from training.quiet import Quiet, checked, read_verdicts, write_sheet


class Knows:
    """Finds the given values, and only with a context where it is told so."""

    def __init__(self, values, *, needs_context=False):
        self.values, self.needs_context = values, needs_context

    def detect_batch(self, messages):
        return [self._spans(m) for m in messages]

    def _spans(self, message):
        if self.needs_context and not message.context:
            return []
        return [
            Span(at, at + len(value), label, 0.9, "model")
            for value, label in self.values
            if (at := message.text.find(value)) >= 0
        ]


def example(text, value, label, context=("and her number?",)):
    start = text.index(value)
    return Example(
        "e1", text, (Span(start, start + len(value), label),), "g", "gold", "plain", context
    )


def test_what_the_context_adds_is_the_difference_in_recall():
    bare = example("it's 555-0100", "555-0100", "PHONE_NUMBER")
    spoken = example("please call her tomorrow at 555-0100", "555-0100", "PHONE_NUMBER")
    alone = example("call 555-0100", "555-0100", "PHONE_NUMBER", context=())
    knows = Knows([("555-0100", "PHONE_NUMBER")], needs_context=True)
    found = yardsticks.with_and_without_context(knows, [bare, spoken, alone])
    assert found["all"]["messages"] == 2
    assert found["bare"]["messages"] == 1
    assert found["bare"]["with"]["recall"] == 1
    assert found["bare"]["without"]["recall"] == 0


def test_false_spans_are_counted():
    bare = example("it's 555-0100 ok", "555-0100", "PHONE_NUMBER")
    knows = Knows([("555-0100", "PHONE_NUMBER"), ("ok", "PERSON")])
    assert yardsticks.with_and_without_context(knows, [bare])["all"]["with"]["false_spans"] == 1


def case_file(tmp_path, rows):
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_cases_count_what_must_and_what_must_not_match(tmp_path):
    rows = [
        {"text": "id A1", "rule": "us_ssn", "expected": 1, "spans": [{"start": 3, "end": 5}]},
        {"text": "id B2", "rule": "us_ssn", "expected": 1, "spans": [{"start": 3, "end": 5}]},
        {"text": "no A1", "rule": "us_ssn", "expected": 0, "spans": []},
        {"text": "no C3", "rule": "us_ssn", "expected": 0, "spans": []},
        {"text": "at 10.0.0.1", "rule": "ip", "expected": 1, "spans": [{"start": 3, "end": 11}]},
        {"text": "on monday", "rule": "date", "expected": 1, "spans": [{"start": 3, "end": 9}]},
    ]
    knows = Knows([("A1", "NATIONAL_ID"), ("B2", "PASSPORT")])
    found = yardsticks.recognizer_cases(knows, case_file(tmp_path, rows))
    assert (found["must"], found["matched"], found["overlapped"], found["left_out"]) == (2, 1, 2, 1)
    assert (found["must_not"], found["wrongly"]) == (2, 1)
    assert (found["recall"], found["false_share"]) == (0.5, 0.5)


def test_pieces_of_one_address_are_joined_and_neighbours_of_other_kinds_are_not(tmp_path):
    text = "at 1 Elm St, Springfield 12345 for Ana in Rome, Oslo"
    pieces = [("1 Elm St", "STREET_ADDRESS"), ("Springfield", "GPE"), ("12345", "ZIP_CODE"), ("Ana", "PERSON"),
              ("Rome", "GPE"), ("Oslo", "GPE")]  # fmt: skip
    spans = [
        {"start": text.index(v), "end": text.index(v) + len(v), "label": label}
        for v, label in pieces
    ]
    knows = Knows([("1 Elm St, Springfield 12345", "STREET_ADDRESS"), ("Ana", "PERSON")])
    found = yardsticks.synthetic_sentences(
        knows, case_file(tmp_path, [{"text": text, "spans": spans}])
    )
    assert found["agnostic_iou70"]["f1"] == 1
    assert found["agnostic_iou70"]["support"] == 2
    assert found["joined"] == 3
    worse = yardsticks.synthetic_sentences(
        Knows([("1 Elm", "STREET_ADDRESS"), ("Rome", "PERSON")]),
        case_file(tmp_path, [{"text": text, "spans": spans}]),
    )
    assert worse["agnostic_iou70"]["f1"] == 0


@pytest.mark.parametrize(
    ("value", "at_least", "met"),
    [(0.9, True, True), (0.8, True, True), (0.7, True, False), (0.9, False, False)],
)
def test_a_bar_is_met_or_missed(value, at_least, met):
    assert Bar("x", value, 0.8, 10, at_least).is_met is met


def test_a_sheet_to_read_comes_back_as_verdicts_by_id(tmp_path):
    flags = tuple(
        (example(f"it's 555-010{n}", f"555-010{n}", "PHONE_NUMBER"), ()) for n in range(3)
    )
    flags = tuple(
        (Example(f"id{n}", e.text, e.spans, e.group, e.origin, e.markup), s)
        for n, (e, s) in enumerate(flags)
    )
    quiet = Quiet(1000, flags)
    assert quiet.per_1000 == 3
    sheet = tmp_path / "sheet.csv"
    assert write_sheet(quiet, sheet, 2) == 2
    assert read_verdicts(sheet) == {}
    kept = tmp_path / "verdicts.json"
    kept.write_text('{"id0": "wrong", "id1": "right"}')
    assert checked(quiet, read_verdicts(kept)) == {
        "right": 1,
        "harmless": 0,
        "wrong": 1,
        "unread": 1,
    }
    kept.write_text('{"id0": "maybe"}')
    with pytest.raises(ValueError, match="expected right, harmless, wrong"):
        read_verdicts(kept)


def test_names_by_origin_say_whose_are_missed():
    class NobodyInLowerCase:
        def detect_batch(self, messages):
            return [
                [] if m.text == m.text.lower() else [Span(0, len(m.text), "PERSON")]
                for m in messages
            ]

    rows = recall_by_origin(NobodyInLowerCase())
    assert len(rows) >= 20
    assert all(row["full"] >= row["lower"] for row in rows)
    worst, low, best, high = spread(rows)
    assert worst
    assert best
    assert low <= high

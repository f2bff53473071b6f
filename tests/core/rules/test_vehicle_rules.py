import pytest

from piiguard.messages import Message
from piiguard.rule_detector import RuleDetector
from piiguard.rules.vehicle import RULES


def found(text, context=()):
    [spans] = RuleDetector(RULES).detect_batch([Message(text, context, markup="plain")])
    return [(text[span.start : span.end], span.label) for span in spans]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1HGCM82633A004352 parked outside", ["1HGCM82633A004352"]),
        ("VIN: 1HGCM82633A004353", ["1HGCM82633A004353"]),
        ("vin is wvwzzz1jz3w386752", ["wvwzzz1jz3w386752"]),
        ("chassis no WBA3A5C51CF256987", ["WBA3A5C51CF256987"]),
        ("license plate 7ABC123", ["7ABC123"]),
        ("my plate is ABC-1234", ["ABC-1234"]),
        ("number plate AB12 CDE", ["AB12 CDE"]),
        ("car reg: AB12CDE please", ["AB12CDE"]),
        ("plate: xyz 987", ["xyz 987"]),
        ("Kennzeichen B-MW 1234", ["B-MW 1234"]),
        ("licence plate KA 01 AB 1234", ["KA 01 AB 1234"]),
        ("registration number ABC-1234", ["ABC-1234"]),
        ("the car is 1hg cm826 33a 004 352", ["1hg cm826 33a 004 352"]),
        ("fleet row: 1HGCM-82633-A004352", ["1HGCM-82633-A004352"]),
        ("the car is 1hg cm826 33a 004 353", []),
        ("part 1hg cm826 33a 004 352", []),
        ("SKU 1HGCM82633A004353", []),
        ("WVWZZZ1JZ3W386752", []),
        ("id ABCDEFGH12345678X", []),
        ("1HGCM82633A0043521", []),
        ("the vehicles AB12 CDE and BD69XYZ", ["AB12 CDE", "BD69XYZ"]),
        ("the vehicles AB39 CDE", []),
        ("AB12 CDE", []),
        ("OPS-1234 is done", []),
        ("lots on my plate: ABC-123 and XYZ-4567", []),
        ("boilerplate ABC-123", []),
        ("template XY-123-ZZ for platform ABC1234", []),
        ("vehicle registration expires MAR 2025", []),
        ("registration is open until MAY 2024", []),
        ("license plate reader v1.2.3", []),
    ],
)
def test_vins_and_named_plates_are_found_and_keys_are_not(text, values):
    assert found(text) == [(value, "VEHICLE_ID") for value in values]


def test_the_question_before_makes_a_key_a_plate():
    assert found("ABC-1234", ["what's your license plate?"]) == [("ABC-1234", "VEHICLE_ID")]
    assert found("ABC-1234", ["which ticket?"]) == []

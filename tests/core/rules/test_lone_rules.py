import time

import pytest

from piiguard.messages import Message
from piiguard.rule_detector import RuleDetector
from piiguard.rules.lone import RULES
from piiguard.rules.tables import ALL_RULES


def found(text: str, *context: str, rules=RULES) -> list[tuple[str, str]]:
    spans = RuleDetector(rules).detect_batch([Message(text, context, "plain")])[0]
    return [(text[span.start : span.end], span.label) for span in spans]


NATIONAL = [
    "123 45 6789", "123.45.6789", "912 70 1234", "046 454 286", "123 456 782", "123456782", "QQ123456C", "qq 12 34 56 c",
    "811218-9876", "8112189876", "198112189876", "131052-308T", "131052Y308T", "131052a308t", "44051401359", "10000000146",
    "86 095 742 719", "86095742719", "15 070649 C 103", "15070649C103", "T220001293", "L01X00T47", "12345678z", "12345678-Z",
    "x-1234567-l", "RSSMRA85T10A562S", "rssmra85t10a562s", "CA00000AA", "AT1234567", "2345 6789 0124", "2345:6789:0124",
    "2345-6789-0124", "234567890124", "abcpe1234f", "WKH1186253", "XYZ1234567", "s1234567d", "1-2345-45678-78-1",
    "1 2345 45678 78 1", "1234545678781", "8001015009087", "800101 5009 08 7", "880101-1234568",
    "900215-5234567",
]  # fmt: skip
OTHERS = [
    ("A123456780", "MEDICAL_RECORD"),
    ("943 476 5919", "MEDICAL_RECORD"),
    ("1eg4te5mk73", "MEDICAL_RECORD"),
    ("1EG4-TE5-MK73", "MEDICAL_RECORD"),
    ("C01X00T47", "PASSPORT"),
    ("C01X00T478", "PASSPORT"),
    ("AAA123456", "PASSPORT"),
    ("YA1234567", "PASSPORT"),
    ("M12345678", "PASSPORT"),
    ("M123A4567", "PASSPORT"),
    ("J8369854", "PASSPORT"),
    ("U1N82K3M7L", "DRIVER_LICENSE"),
    ("MI1234567X", "DRIVER_LICENSE"),
    ("morga657054sm9ij", "DRIVER_LICENSE"),
    ("0210-0002-1", "BANK_ACCOUNT"),
    ("4242 4242 4242 4242", "CREDIT_CARD"),
    ("4222222222222", "CREDIT_CARD"),
    ("30569309025904", "CREDIT_CARD"),
    ("3782 822463 10005", "CREDIT_CARD"),
    ("6304000000000000000", "CREDIT_CARD"),
    ("0917 123 4567", "PHONE_NUMBER"),
    ("63 917 123 4567", "PHONE_NUMBER"),
    ("0532 123 45 67", "PHONE_NUMBER"),
    ("0(212) 555 01 43", "PHONE_NUMBER"),
    ("34 ABC 123", "VEHICLE_ID"),
    ("06 AB 1234", "VEHICLE_ID"),
    ("KA 01 AB 1234", "VEHICLE_ID"),
    ("mh12de1433", "VEHICLE_ID"),
    ("22 BH 1234 AB", "VEHICLE_ID"),
    ("AB12 CDE", "VEHICLE_ID"),
    ("ab12cde", "VEHICLE_ID"),
    ("ABC-123DE", "VEHICLE_ID"),
    ("B-MW 1234", "VEHICLE_ID"),
    ("M AB 1234", "VEHICLE_ID"),
]


@pytest.mark.parametrize(
    ("value", "label"), [*((value, "NATIONAL_ID") for value in NATIONAL), *OTHERS]
)
def test_a_value_that_is_the_whole_message_is_found_and_after_another_turn_is_not(value, label):
    assert found(value) == [(value, label)]
    assert found(f"  {value}.\n") == [(value, label)]
    assert found(f"`{value}`") == [(value, label)]
    assert found(value, "ok, and the other one") == []
    assert found(f"see {value} now") == []


@pytest.mark.parametrize(
    "text",
    [
        # a check digit, a date or a prefix is off
        "000 45 6789", "123 45 0000", "046 454 287", "123 456 783", "123456783", "GB123456C", "AB123456E", "811218-9875",
        "8113189876", "131052-308A", "131052Q308T", "44051401358", "10000000147", "86095742718", "15070649C104", "T220001294",
        "C01X00T479", "12345678A", "X1234567A", "RSSMRA85T10A562T", "2345 6789 0123", "234567890123", "ABCDE1234F", "S1234567A",
        "1-2345-45678-78-9", "1234545678782", "8001019009087", "880231-1234568", "880101-9234568", "880101-0234568",
        "880101-3234568", "A123456781", "943 476 5918", "1SG4TE5MK73", "0210-0002-2", "4242 4242 4242 4241", "4222222222224",
        "30569309025905", "MORGA699054SM9IJ", "0817 123 4567",
        # what else is one run of characters
        "1717814441", "1717814441000", "1717814441.000000", "202405121530", "20240512", "2024-05-12", "12/05/2024", "12 MAY 24",
        "12 MAY 2024", "v1.2.3", "10.0.0.1", "$1,234.56", "1,234,567", "4.5.6-rc1", "INC0012345", "ORD1234567", "ORD123456", "INV123456",
        "PO1234567", "OPS-1234", "ABC-123", "PR-A 12", "RTX4090", "20 GB 100", "50 EUR 100", "WE GO 24", "I AM 25",
        "12125550143", "212-555-0143", "8801043036067", "9002155234567", "ab38 cde", "C024BE7LH", "U024BE7LH", "D1234567890", "3f786850e387", "550e8400",
        "021000021", "123456789", "1234567890", "12345678901", "A12345", "100200300400", "Q3 2024", "SW1A 1AA", "AB12 3CD",
        "917123456789", "ISO 27001", "UTF-8", "44", "ok", "lunch?",
    ],
)  # fmt: skip
def test_a_value_that_fails_its_check_or_is_a_things_is_none(text):
    assert found(text) == []


@pytest.mark.parametrize("text", ["123456782\n8112189876", "TFN 123456782", "123456782, 123456783"])
def test_two_values_or_a_word_more_are_no_lone_value(text):
    assert found(text) == []


def test_an_empty_message_before_it_is_no_other_turn():
    assert found("123 456 782", "", " ") == [("123 456 782", "NATIONAL_ID")]


@pytest.mark.parametrize(
    ("text", "value", "label"),
    [
        ("RVNR: 15 070649 C 103", "15 070649 C 103", "NATIONAL_ID"),
        ("meine Sozialversicherungsnummer ist 65170839J008", "65170839J008", "NATIONAL_ID"),
        ("Personalausweis L01X00T471", "L01X00T471", "NATIONAL_ID"),
        ("Pass-Nr. C01X00T478", "C01X00T478", "PASSPORT"),
        ("eGK A123456780", "A123456780", "MEDICAL_RECORD"),
        ("Krankenversichertennummer: X110411675", "X110411675", "MEDICAL_RECORD"),
        ("FRN 900215-5234567", "900215-5234567", "NATIONAL_ID"),
        ("외국인등록번호 9002155234567", "9002155234567", "NATIONAL_ID"),
        ("여권번호 M123A4567", "M123A4567", "PASSPORT"),
        ("TNIN 1-2345-45678-78-1", "1-2345-45678-78-1", "NATIONAL_ID"),
        ("เลขประจำตัวประชาชน 1234545678781", "1234545678781", "NATIONAL_ID"),
        ("voter id XYZ1234567", "XYZ1234567", "NATIONAL_ID"),
        ("my aadhaar is 2345:6789:0124", "2345:6789:0124", "NATIONAL_ID"),
        ("su DNI: 12345678-z", "12345678-z", "NATIONAL_ID"),
        ("pasaporte AAA123456", "AAA123456", "PASSPORT"),
        ("patente U1N82K3M7L", "U1N82K3M7L", "DRIVER_LICENSE"),
        ("carta d'identità CA00000AA", "CA00000AA", "NATIONAL_ID"),
        ("kimlik numarası 10000000146", "10000000146", "NATIONAL_ID"),
        ("plaka 34 ABC 123", "34 ABC 123", "VEHICLE_ID"),
        ("registration number ABC-123DE", "ABC-123DE", "VEHICLE_ID"),
        ("telefon 0532 123 45 67", "0532 123 45 67", "PHONE_NUMBER"),
        ("my gcash is 0917 123 4567", "0917 123 4567", "PHONE_NUMBER"),
    ],
)
def test_the_same_kinds_are_found_by_their_own_words(text, value, label):
    assert found(text, rules=ALL_RULES) == [(value, label)]


@pytest.mark.parametrize(
    "text",
    [
        "RRN 881301-1234568",
        "주민등록번호 880101-9234568",
        "vehicle registration expires 12 MAY 2025",
        "patent US1234567B was filed",
        "epic 1234 is in the sprint",
        "voter turnout 1234567",
        "the German social security reform of 2024",
        "eGK rollout v1.2.3",
        "plaka sent 12 emails",
        "passport nr of retries 3",
        "iban DE12 3456 7890 1234 5678 90",
        "iban DE89 3704 0044 0532 0130 01",
        "card number 4242 4242 4242 4241",
        "btc 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
        "telefon number 12 45 67",
        "the arc of 900231-5234567",
    ],
)
def test_the_words_alone_or_a_number_that_fails_are_nothing(text):
    assert found(text, rules=ALL_RULES) == []


@pytest.mark.parametrize("text", ["1" * 40_000, "A1 " * 30, "1 " * 45, "`" * 5000])
def test_a_hostile_text_takes_no_more_than_seconds(text):
    start = time.perf_counter()
    found(text)
    assert time.perf_counter() - start < 1

import pytest

from piiguard.messages import Message
from piiguard.rule_detector import RuleDetector
from piiguard.rules.government import RULES


def found(text, context=()):
    [spans] = RuleDetector(RULES).detect_batch([Message(text, context, markup="plain")])
    return [(text[span.start : span.end], span.label) for span in spans]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("ssn is 078-05-1120", ["078-05-1120"]),
        ("my social 078051120 ok", ["078051120"]),
        ("SSN: 666-12-3456", ["666-12-3456"]),
        ("her social security number 123.45.6789", ["123.45.6789"]),
        ("123-45-6789", ["123-45-6789"]),
        ("987-65-4321", ["987-65-4321"]),
        ("last 4 of my social are 1120", ["1120"]),
        ("ssn ends in 1120, since 1988", ["1120"]),
        ("A-number A123-456-789", ["A123-456-789"]),
        ("green card A123456789", ["A123456789"]),
        ("my SIN is 046 454 286", ["046 454 286"]),
        ("123.456.789-09", ["123.456.789-09"]),
        ("cpf 12345678900", ["12345678900"]),
        ("GODE561231HDFRRN04", ["GODE561231HDFRRN04"]),
        ("RUT 12.345.678-5", ["12.345.678-5"]),
        ("order 123-45-6789", []),
        ("part no. 123-45-6789", []),
        ("000-12-3456", []),
        ("order 078051120", []),
        ("social media post 123456789", []),
        ("ssn ***-**-6789", []),
        ("last four of the card 4242", []),
        ("last four weeks of 2024, social", []),
        ("EIN 12-3456789", []),
        ("sin duda 046454286", []),
        ("A12345678 is the part", []),
        ("invoice no 123456789, no ssn", []),
        ("12345678900", []),
        ("550e8400-e29b-41d4-a716-446655440000", []),
        ("1717814441.000000 and 2024-05-12", []),
    ],
)
def test_numbers_of_american_states_are_found(text, values):
    assert found(text) == [(value, "NATIONAL_ID") for value in values]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("NI number QQ 12 34 56 C", ["QQ 12 34 56 C"]),
        ("nino: ab123456c", ["ab123456c"]),
        ("PPS 1234567T", ["1234567T"]),
        ("811218-9876", ["811218-9876"]),
        ("131052-308T", ["131052-308T"]),
        ("cpr 211062-5629", ["211062-5629"]),
        ("fødselsnummer 15108695088", ["15108695088"]),
        ("DNI 12345678Z, nie X-1234567-L", ["12345678Z", "X-1234567-L"]),
        ("NIF 123 456 789", ["123 456 789"]),
        ("RSSMRA85T10A562S", ["RSSMRA85T10A562S"]),
        ("pesel 44051401358", ["44051401358"]),
        ("bsn 111222333", ["111222333"]),
        ("85.07.30-033.61", ["85.07.30-033.61"]),
        ("1 85 05 78 006 084 91", ["1 85 05 78 006 084 91"]),
        ("Steuer-ID 86 095 742 719", ["86 095 742 719"]),
        ("756.9217.0769.85", ["756.9217.0769.85"]),
        ("kimlik no 10000000146", ["10000000146"]),
        ("identity card no. L898902C3", ["L898902C3"]),
        ("GB123456E", []),
        ("1234567T", []),
        ("811218-9875", []),
        ("20240512-1234", []),
        ("131052-308A", []),
        ("211062-5629", []),
        ("15108695088", []),
        ("12345678A", []),
        ("20240512T and 20240101A", []),
        ("44051401359", []),
        ("111222333", []),
        ("2 85 05 78 006 084 91", []),
        ("86095742719", []),
        ("id card colour", []),
        ("abc-12345678Z", []),
    ],
)
def test_numbers_of_european_states_are_found(text, values):
    assert found(text) == [(value, "NATIONAL_ID") for value in values]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("aadhaar 2345 6789 0123", ["2345 6789 0123"]),
        ("2345 6789 0124", ["2345 6789 0124"]),
        ("ABCPE1234F", ["ABCPE1234F"]),
        ("PAN card abcde1234f", ["abcde1234f"]),
        ("S1234567D", ["S1234567D"]),
        ("NRIC s1234567a", ["s1234567a"]),
        ("HKID A123456(3).", ["A123456(3)"]),
        ("880101-1234568", ["880101-1234568"]),
        ("11010519491231002X", ["11010519491231002X"]),
        ("tfn 123 456 782", ["123 456 782"]),
        ("IRD number 49-091-850", ["49-091-850"]),
        ("sa id 8001015009087", ["8001015009087"]),
        ("2345 6789 0123", []),
        ("order 2345 6789 0124", []),
        ("ABCDE1234F", []),
        ("S1234567A", []),
        ("A123456", []),
        ("881301-1234568", []),
        ("110105194912310021", []),
        ("123 456 782", []),
        ("third 49-091-850", []),
        ("id number 1717814441000", []),
    ],
)
def test_numbers_of_asia_the_pacific_and_africa_are_found(text, values):
    assert found(text) == [(value, "NATIONAL_ID") for value in values]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("passport number is X1234567, expires 2029-05-12", ["X1234567"]),
        ("passport C01X00T47", ["C01X00T47"]),
        ("his passport no: 533380006", ["533380006"]),
        ("pasaporte AAA123456", ["AAA123456"]),
        ("533380006 is her passport", ["533380006"]),
        ("passport.js issue 1234567", []),
        ("upload your passport by 20240512", []),
        ("passport renewal costs 1234567 yen", []),
        ("passport booking ref 77812345", []),
        ("passport office, call 555-123-4567", []),
        ("X1234567", []),
    ],
)
def test_a_passport_number_needs_its_name(text, values):
    assert found(text) == [(value, "PASSPORT") for value in values]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("driver's license D1234567", ["D1234567"]),
        ("DL# D123-456-78-901-0", ["D123-456-78-901-0"]),
        ("driver license: WDLABCD456DG", ["WDLABCD456DG"]),
        ("MORGA657054SM9IJ", ["MORGA657054SM9IJ"]),
        ("driving licence morga657054sm9ij", ["morga657054sm9ij"]),
        ("license key 1234567890", []),
        ("sound driver 12345678", []),
        ("dl the file 12345678", []),
        ("MORGA699054SM9IJ", []),
        ("D1234567", []),
        ("driver's license order 12345678", []),
    ],
)
def test_a_driving_licence_needs_its_name_or_the_british_form(text, values):
    assert found(text) == [(value, "DRIVER_LICENSE") for value in values]


def test_the_question_before_names_a_bare_number():
    assert found("078051120") == []
    assert found("078051120", ["what's your social?"]) == [("078051120", "NATIONAL_ID")]

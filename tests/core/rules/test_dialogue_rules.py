import time

import pytest

from piiguard.messages import Message
from piiguard.rule_detector import RuleDetector
from piiguard.rules.dialogue import RULES


def found(text: str, *context: str) -> list[tuple[str, str]]:
    spans = RuleDetector(RULES).detect_batch([Message(text, context, "plain")])[0]
    return [(text[span.start : span.end], span.label) for span in spans]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("dob 03/04/1988", "03/04/1988"),
        ("DOB: 1988-03-04", "1988-03-04"),
        ("dob for priya is 3/4/88", "3/4/88"),
        ("date of birth: 4 March 1988", "4 March 1988"),
        ("D.O.B. 04.03.1988", "04.03.1988"),
        ('"dob": "19880304"', "19880304"),
        ("date of birth (mm/dd/yyyy): 03/04/1988", "03/04/1988"),
        ("her bday is March 3rd", "March 3rd"),
        ("my birthday is the 3rd of March", "the 3rd of March"),
        ("birthday 3/3", "3/3"),
        ("March 3 is my birthday", "March 3"),
        ("she was born on March 4, 1988", "March 4, 1988"),
        ("i was born 4 Mar 1988.", "4 Mar 1988"),
        ("Dana Roe (born 04/03/1988)", "04/03/1988"),
        ("he turns 40 on June 9", "June 9"),
        ("bea turns 40 (july 26)", "july 26"),
        ("born 13Oct1965, PPO", "13Oct1965"),
        ("her birth is 31/10/05", "31/10/05"),
    ],
)
def test_a_birth_date_is_found_by_its_words(text, value):
    assert found(text) == [(value, "DATE_OF_BIRTH")]


@pytest.mark.parametrize(
    "text",
    [
        "due 03/04/2024",
        "hired on March 4, 2019",
        "birthday party on March 3rd",
        "dob field changed on 2024-03-04",
        "dob format is dd/mm/yyyy",
        "she was born in Lisbon",
        "the project was born out of a hackathon on 2019-03-04",
        "she is 36",
        "birthdays are in the calendar, release is 03/04/2024",
        "dob validation fails since 2024-03-04",
        "happy birthday! see you on March 9",
        "team birthday lunch is 3/4",
        "the bug was born on March 4, 2024",
        "our company turns 10 on May 3rd",
    ],
)
def test_another_date_is_no_birth_date(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("question", "answer", "value", "label"),
    [
        ("what's your social?", "123-45-6789", "123-45-6789", "NATIONAL_ID"),
        ("whats ur ssn", "its 123456789", "123456789", "NATIONAL_ID"),
        ("last 4 of your social?", "6789", "6789", "NATIONAL_ID"),
        ("need your nino please", "QQ 12 34 56 C", "QQ 12 34 56 C", "NATIONAL_ID"),
        ("and her dob?", "03/04/1988", "03/04/1988", "DATE_OF_BIRTH"),
        ("when's your birthday?", "march 3rd!", "march 3rd", "DATE_OF_BIRTH"),
        ("passport no?", "sure, X1234567", "X1234567", "PASSPORT"),
        ("passport no?", "x1234567 thx", "x1234567", "PASSPORT"),
        ("driver's license number?", "D123-4567-8901", "D123-4567-8901", "DRIVER_LICENSE"),
        ("what's your license plate?", "7ABC123", "7ABC123", "VEHICLE_ID"),
        ("your plate? for the garage", "LK19 XYZ", "LK19 XYZ", "VEHICLE_ID"),
        ("card number?", "4242 4242 4242 4242", "4242 4242 4242 4242", "CREDIT_CARD"),
        ("and the cvv?", "737", "737", "CREDIT_CARD"),
        ("account number pls", "000123456789", "000123456789", "BANK_ACCOUNT"),
        ("sort code?", "12-34-56", "12-34-56", "BANK_ACCOUNT"),
        ("what's the mrn?", "00482913", "00482913", "MEDICAL_RECORD"),
        ("can you send your insurance member id", "W220488123", "W220488123", "MEDICAL_RECORD"),
        ("whats your employee id?", "it's 40911", "40911", "ACCOUNT_ID"),
        ("policy number?", "HX-4482910", "HX-4482910", "ACCOUNT_ID"),
        ("what's your cell?", "555-0142", "555-0142", "PHONE_NUMBER"),
        ("wifi password?", "sunflower22", "sunflower22", "PASSWORD"),
        ("what's the pw for staging?", "it's `hunter2`", "hunter2", "PASSWORD"),
        ("what's the door code?", "4821#", "4821#", "PASSWORD"),
        ("can you read me the verification code", "482 913", "482 913", "PASSWORD"),
        ("whats your github handle?", "dana-w", "dana-w", "USERNAME"),
        ("your address?", "12 Elm Street, Springfield, IL 62704", "12 Elm Street, Springfield, IL 62704", "STREET_ADDRESS"),
    ],
)  # fmt: skip
def test_a_short_answer_takes_its_label_from_the_question(question, answer, value, label):
    assert found(answer, question) == [(value, label)]
    assert found(answer, question, "one sec") == [(value, label)]
    assert found(answer) == []


def test_the_two_numbers_of_one_answer_are_two_spans():
    assert found("000123456789 and 021000021", "acct and routing?") == [
        ("000123456789", "BANK_ACCOUNT"),
        ("021000021", "BANK_ACCOUNT"),
    ]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("what's your social?", "why do you ask"),
        ("what's your social?", "not over slack"),
        ("ssn masking shipped", "123456789 rows done"),
        ("and her dob?", "no idea"),
        ("and her dob?", "ask hr, due 03/04/2024 anyway"),
        ("wifi password?", "checking"),
        ("wifi password?", "thanks"),
        ("wifi password?", "see the wiki"),
        ("wifi password?", "10:30"),
        ("password?", "changeme"),
        ("what's the door code?", "ask reception"),
        ("can you review the code", "482913 lines, no"),
        ("what's the error code", "fixed"),
        ("username?", "yes"),
        ("card number?", "4242 4242 4242"),
        ("which ticket?", "482913"),
        ("meeting id?", "912 3456 7890"),
        ("how many members do we have?", "40911"),
        ("your email address?", "later today"),
        ("how many employees?", "12000"),
        ("what's your plate like this week?", "full"),
        ("what's the ip address?", "3 Mile Road trip tickets"),
    ],
)
def test_what_answers_no_such_question_is_left_alone(question, answer):
    assert found(answer, question) == []


def test_a_question_older_than_two_messages_counts_no_more():
    assert found("737", "cvv?", "sec", "back") == []


@pytest.mark.parametrize(
    "text",
    ["it's " * 5000, "1" * 40_000, "birthday is the " * 3000, "12 Elm " * 5000, "dob " * 8000],
)
def test_a_hostile_text_takes_no_more_than_seconds(text):
    start = time.perf_counter()
    found(text, text)
    assert time.perf_counter() - start < 3

import time

import pytest

from piiguard.messages import Message
from piiguard.rule_detector import RuleDetector
from piiguard.rules.health import RULES


def found(text: str, *context: str) -> list[tuple[str, str]]:
    spans = RuleDetector(RULES).detect_batch([Message(text, context, "plain")])[0]
    return [(text[span.start : span.end], span.label) for span in spans]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("MRN 00482913", "00482913"),
        ("mrn: 4829-1130 pls", "4829-1130"),
        ("sophie, MRN-11136601, 9am", "MRN-11136601"),
        ('{ "mrn": "10681326" }', "10681326"),
        ("medical record number is A482913", "A482913"),
        ("patient id P-482913", "P-482913"),
        ("patient 00482913 called", "00482913"),
        ("NHS number 943 476 5919", "943 476 5919"),
        ("my nhs no is 1234567890", "1234567890"),
        ("the gp surgery has 943 476 5919", "943 476 5919"),
        ("1EG4-TE5-MK73", "1EG4-TE5-MK73"),
        ("mbi is 1EG4TE5MK73.", "1EG4TE5MK73"),
        ("medicare 2123 45670 1", "2123 45670 1"),
        ("her card says 2123 45670 1 ref 2", "2123 45670 1"),
        ("medicaid id: 88420193", "88420193"),
        ("insurance id is XJH882014", "XJH882014"),
        ("subscriber id 8842019", "8842019"),
        ("health plan member id: W2204-8", "W2204-8"),
        ("aetna member id W220488123", "W220488123"),
        ("member id XYP482913004", "XYP482913004"),
        ("my insurance, policy no 4482910", "4482910"),
    ],
)
def test_a_number_of_a_patient_is_found(text, value):
    assert found(text) == [(value, "MEDICAL_RECORD")]


@pytest.mark.parametrize(
    "text",
    [
        "NPI 1234567893",
        "ICD-10 E11.9 and CPT 99213",
        "943 476 5918 at the gp surgery",
        "call 943 476 5919",
        "member id 40911",
        "policy no 4482910",
        "patient data is in table patient_2024",
        "patient 2024 roadmap",
        "claim amount $4,829.13",
        "chart 4 in the deck, chart v2.1.0",
        "mrn column is nullable",
        "medicare for all 2024",
        "her card says 2123 45671 1",
        "our group number with Cigna 00123456",
        "1EG4-TE5-MK7",
        "the patient service returned 500",
    ],
)
def test_what_looks_like_a_patients_number_is_none(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("she has type 2 diabetes", "type 2 diabetes"),
        ("my chemo is on Friday", "chemo"),
        ("he's got epilepsy", "epilepsy"),
        ("my mom was diagnosed with breast cancer", "breast cancer"),
        ("Priya has lupus", "lupus"),
        ("i'm on sertraline since march", "sertraline"),
        ("he takes metformin", "metformin"),
        ("her dialysis moved to tuesdays", "dialysis"),
        ("out today because of my crohn's", "crohn's"),
        ("i have severe endometriosis", "endometriosis"),
        ("my dad's dementia is worse", "dementia"),
        ("she's pregnant", "pregnant"),
        ("I'm 12 weeks pregnant", "12 weeks pregnant"),
        ("my wife is starting ivf", "ivf"),
        ("they put me, well, i'm back on 50mg lexapro", "lexapro"),
        ("he tested positive for hiv", "hiv"),
        ("Marco's chemotherapy starts monday", "chemotherapy"),
        ("i've been dealing with ptsd", "ptsd"),
        ("my son is autistic", "autistic"),
    ],
)
def test_the_condition_of_a_person_is_found_by_its_name(text, value):
    assert found(text) == [(value, "MEDICAL_CONDITION")]


@pytest.mark.parametrize(
    "text",
    [
        "our diabetes app shipped",
        "the API is schizophrenic",
        "i'm sick today, bad cold",
        "she has the flu",
        "my dentist appointment is at 3",
        "cancer research donations are matched",
        "she leads the diabetes team",
        "he has diabetes data in the warehouse",
        "almost had a heart attack when i saw the bill",
        "a stroke of luck",
        "my ocd kicks in with this formatting",
        "their depression study is public",
        "asthma awareness month",
        "i have Insomnia open, not postman",
        "she needs lithium batteries",
        "deploys give me anxiety",
        "we were deaf to feedback",
        "the build is on steroids",
        "the insulin endpoint is flaky",
        "I'm disabled in prod",
        "his Golf is in the disabled spot",
    ],
)
def test_health_as_a_topic_a_product_or_a_metaphor_is_none(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    ["my a the an " * 3000, "she has a really " * 2500, "Mmmm's " * 6000, "member id " * 4000],
)
def test_a_hostile_text_takes_no_more_than_seconds(text):
    start = time.perf_counter()
    found(text)
    assert time.perf_counter() - start < 3

"""A value read aloud, spelled or drawn out is still that value."""

import random
import re

import pytest

from training.obfuscation import NUMBERS, obfuscate


@pytest.mark.parametrize("label", sorted(NUMBERS))
def test_a_number_is_written_in_many_ways(label):
    value = (
        "4821" if label == "PASSWORD" else "203.0.113.7" if label == "IP_ADDRESS" else "078-05-1120"
    )

    forms = {obfuscate(label, value, random.Random(seed)) for seed in range(60)}

    assert len(forms) > 8
    assert all(form.strip() == form != "" for form in forms)


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("PERSON", "Agent 007"),
        ("PASSWORD", "Summer2024!"),
        ("API_KEY", "k" * 20 + "12345"),
        ("ACCOUNT_ID", "A-1"),
        ("BANK_ACCOUNT", "1" * 30),
        ("PHONE_NUMBER", "555-0100\next 1"),
    ],
)
def test_what_nobody_reads_aloud_stays(label, value):
    assert {obfuscate(label, value, random.Random(seed)) for seed in range(20)} == {value}


def test_drawn_out_digits_keep_their_order():
    drawn = {obfuscate("NATIONAL_ID", "078051120", random.Random(seed)) for seed in range(80)}

    spaced = [form for form in drawn if re.fullmatch(r"(?:\d[ .-]){8}\d", form)]

    assert spaced
    assert {re.sub(r"\D", "", form) for form in spaced} == {"078051120"}


def forms(label, value, n=600):
    return {obfuscate(label, value, random.Random(seed)) for seed in range(n)}


@pytest.mark.parametrize(
    ("label", "value", "form"),
    [
        ("NATIONAL_ID", "618-44-2097", "6 1 8 - 4 4 - 2 0 9 7"),
        ("NATIONAL_ID", "618-44-2097", "618-44-2O97"),
        ("PHONE_NUMBER", "202 555 0110", "2O2 555 OllO"),
        ("DATE_OF_BIRTH", "10/01/1980", "1O/O1/198O"),
        ("VEHICLE_ID", "B10 KLM", "Bl0 KLM"),
        ("ACCOUNT_ID", "EMP-10405", "EMP-lO4O5"),
        ("IP_ADDRESS", "192.0.2.10", "one ninety two dot zero dot two dot ten"),
        ("IP_ADDRESS", "203.0.113.7", "two oh three dot zero dot one thirteen dot seven"),
        ("IP_ADDRESS", "203.0.113.7", "203 dot 0 dot 113 dot 7"),
        ("PERSON", "Anna Kowal", "Anna k o w a l"),
        ("PERSON", "Kowal", "K-O-W-A-L"),
        ("PERSON", "Kowal", "K0w4l"),
        ("PERSON", "Bo Kim", "Bo k as in kilo, i as in india, m as in mike"),
    ],
)
def test_a_value_may_come_out_as(label, value, form):
    assert form in forms(label, value, 4000)


def test_most_names_stay_as_they_are():
    kept = [obfuscate("PERSON", "Kowal", random.Random(seed)) == "Kowal" for seed in range(600)]

    assert 0.75 < sum(kept) / 600 < 0.95


@pytest.mark.parametrize("name", ["Agent 007", "Li Wu", "Jean-Luc", "O'Hara", "李明"])
def test_a_name_nobody_would_spell_stays(name):
    assert forms("PERSON", name) == {name}

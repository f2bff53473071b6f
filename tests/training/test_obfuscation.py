"""A number read aloud or drawn out is still that number."""

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

"""The model may be sure of anything; some things a value cannot be."""

import pytest

from piiguard.plausible import is_plausible


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("PERSON", "Priya"),
        ("PHONE_NUMBER", "five five five oh one two three"),
        ("PHONE_NUMBER", "555-0123"),
        ("STREET_ADDRESS", "12 Elm St"),
        ("STREET_ADDRESS", "twelve elm street"),
        ("DATE_OF_BIRTH", "3/4/88"),
        ("DATE_OF_BIRTH", "march third"),
        ("IP_ADDRESS", "203.0.113.7"),
        ("MAC_ADDRESS", "00:1b:44:11:3a:b7"),
        ("PASSWORD", "!!!"),
        ("BANK_ACCOUNT", "priya@okbank"),
        ("BANK_ACCOUNT", "HDFC0004944"),
        ("IP_ADDRESS", "203 dot 0 dot 113 dot 7"),
        ("NATIONAL_ID", "123456789"),
        ("API_KEY", "k3y-k3y-k3y"),
    ],
)
def test_a_value_that_may_be_one_is_believed(label, value):
    assert is_plausible(label, value)


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("PERSON", "—"),
        ("PHONE_NUMBER", "call me"),
        ("PHONE_NUMBER", "12"),
        ("STREET_ADDRESS", "the office"),
        ("DATE_OF_BIRTH", "yesterday"),
        ("IP_ADDRESS", "10.0.0.1"),
        ("IP_ADDRESS", "v1.2.3"),
        ("MAC_ADDRESS", "deadbeef"),
        ("API_KEY", "="),
        ("API_KEY", "key"),
        ("NATIONAL_ID", "ssn"),
        ("CRYPTO", "wallet"),
        ("BANK_ACCOUNT", "DEUTDEFF"),
        ("BANK_ACCOUNT", "CHASUS33"),
        ("NATIONAL_ID", "DE123456789"),
        ("ACCOUNT_ID", "22AAAAA0000A1Z5"),
        ("PHONE_NUMBER", "1200,3400"),
        ("DATE_OF_BIRTH", "12,500,000"),
    ],
)
def test_a_value_that_cannot_be_one_is_not(label, value):
    assert not is_plausible(label, value)

"""The model may be sure of anything; some things a value cannot be."""

import pytest

from piiguard.plausible import is_in_machine_text, is_part_of_wrong_number, is_plausible


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
        ("EMAIL_ADDRESS", "jane@acme.example"),
        ("EMAIL_ADDRESS", "jane@пример.рф"),
        ("EMAIL_ADDRESS", "jane dot roe at acme dot io"),
        ("EMAIL_ADDRESS", "jane [at] acme [dot] io"),
        ("EMAIL_ADDRESS", "jane@acme[.]io"),
        ("EMAIL_ADDRESS", "jane arroba acme punto com"),
        ("EMAIL_ADDRESS", "jane@acme dot com"),
        ("CREDIT_CARD", "4242"),
        ("CREDIT_CARD", "4242 4242"),
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
        ("EMAIL_ADDRESS", "jane@acme"),
        ("EMAIL_ADDRESS", "@jane"),
        ("EMAIL_ADDRESS", "jane.roe"),
        ("EMAIL_ADDRESS", "deploy@db-01"),
        ("EMAIL_ADDRESS", "acme.io"),
        ("API_KEY", "key"),
        ("NATIONAL_ID", "ssn"),
        ("CRYPTO", "wallet"),
        ("BANK_ACCOUNT", "DEUTDEFF"),
        ("BANK_ACCOUNT", "CHASUS33"),
        ("NATIONAL_ID", "DE123456789"),
        ("ACCOUNT_ID", "22AAAAA0000A1Z5"),
        ("PHONE_NUMBER", "1200,3400"),
        ("DATE_OF_BIRTH", "12,500,000"),
        ("CREDIT_CARD", "4242 42424 1"),
    ],
)
def test_a_value_that_cannot_be_one_is_not(label, value):
    assert not is_plausible(label, value)


@pytest.mark.parametrize(
    ("label", "text", "value", "wrong"),
    [
        ("CREDIT_CARD", "card 4242 4242 4242 4241", "4242 4242 4242", True),
        ("CREDIT_CARD", "card 4242424242424241", "42424242424242", True),
        ("BANK_ACCOUNT", "DE89 3704 0044 0532 0130 01 please", "3704 0044 0532 0130 01", True),
        ("CREDIT_CARD", "card 4242 4242 4242 4242 123", "123", False),
        ("CREDIT_CARD", "card 4242 4242 4242 4242", "4242 4242 4242", False),
        ("BANK_ACCOUNT", "DE89 3704 0044 0532 0130 00", "0532 0130 00", False),
        ("BANK_ACCOUNT", "acct 12345678 for DE12 team", "12345678", False),
        ("ACCOUNT_ID", "4242 4242 4242 4241", "4242", False),
    ],
)
def test_a_piece_of_a_number_is_judged_with_the_whole(label, text, value, wrong):
    start = text.index(value)
    assert is_part_of_wrong_number(label, text, start, start + len(value)) is wrong


@pytest.mark.parametrize(
    ("label", "text", "value", "inside"),
    [
        ("PERSON", "new starter :grace: today", "grace", True),
        ("PERSON", "new starter :wave-grace: today", "grace", True),
        ("PERSON", "at 12:30 grace: hello", "grace", False),
        ("PERSON", "hi: grace will come", "grace", False),
        ("PERSON", "rose.dueIn(3)", "rose.dueIn", True),
        ("PERSON", "Rose (my sister)", "Rose", False),
        ("USERNAME", "at io.marlowe.Ledger.close", "marlowe", True),
        ("USERNAME", "ask marlowe.", "marlowe", False),
        ("USERNAME", "git clone git@git.acme.example:marlowe/site.git", "marlowe", True),
        ("USERNAME", "git clone ssh://git@git.acme.example/marlowe/site.git", "marlowe", True),
        ("USERNAME", "ssh marlowe@acme.example", "marlowe", False),
        ("PASSWORD", "from 203.0.113.9 port 51012 ssh2", "51012", True),
        ("PASSWORD", "the airport: 51012 is the code", "51012", False),
        ("PASSWORD", "the support pw is 51012", "51012", False),
    ],
)
def test_what_a_machine_is_called_is_nobodys_name_or_secret(label, text, value, inside):
    start = text.index(value)
    assert is_in_machine_text(label, text, start, start + len(value)) is inside

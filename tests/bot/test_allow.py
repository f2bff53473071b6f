"""What does not count: test values, own domains, colleagues, dismissed values. Never a critical label but a listed one."""

import pytest

from bot.allow import AllowList, is_published
from bot.policy_sections import AllowSection
from bot.records import FoundSpan, Part


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("CREDIT_CARD", "4242 4242 4242 4242"),  # docs.stripe.com/testing
        ("CREDIT_CARD", "4111-1111-1111-1111"),
        ("NATIONAL_ID", "078-05-1120"),  # ssa.gov/history/ssn/misused.html
        ("NATIONAL_ID", "987-65-4321"),
        ("PHONE_NUMBER", "+1 (212) 555-0123"),
        ("PHONE_NUMBER", "07700 900123"),  # Ofcom, numbers for drama use
        ("PHONE_NUMBER", "+44 20 7946 0958"),
        ("EMAIL_ADDRESS", "jane@example.com"),  # RFC 2606
        ("EMAIL_ADDRESS", "jane@mail.acme.test"),
        ("IP_ADDRESS", "203.0.113.7"),  # RFC 5737
        ("IP_ADDRESS", "2001:db8::1"),
        ("MAC_ADDRESS", "00:00:5E:00:53:AF"),  # RFC 7042
        ("BANK_ACCOUNT", "DE89 3704 0044 0532 0130 00"),
        ("API_KEY", "AKIAIOSFODNN7EXAMPLE"),
    ],
)
def test_a_published_value_is_nobodys(label, value):
    assert is_published(label, value)


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("CREDIT_CARD", "4242 4242 4242 4241"),
        ("CREDIT_CARD", "14242424242424242"),
        ("NATIONAL_ID", "078-05-1121"),
        ("PHONE_NUMBER", "+1 212 555 0223"),
        ("PHONE_NUMBER", "+1 212 556 0123"),
        ("PHONE_NUMBER", "07701 900123"),
        ("EMAIL_ADDRESS", "jane@notexample.com"),
        ("EMAIL_ADDRESS", "example.com@acme.org"),
        ("EMAIL_ADDRESS", "jane@contest"),
        ("IP_ADDRESS", "203.0.114.7"),
        ("IP_ADDRESS", "not an address"),
        ("MAC_ADDRESS", "00:00:5E:00:54:AF"),
        ("BANK_ACCOUNT", "DE88 3704 0044 0532 0130 00"),
        ("API_KEY", "akiaiosfodnn7example"),
        ("PASSWORD", "4242424242424242"),
    ],
)
def test_a_value_that_only_looks_like_one_counts(label, value):
    assert not is_published(label, value)


def allow_list(**rules):
    return AllowList(
        AllowSection(**rules),
        names=lambda: ("Dana Whitfield", "Ben O'Hara"),
        is_dismissed=lambda label, value: value.startswith("seen"),
    )


@pytest.mark.parametrize(
    ("label", "value", "reason"),
    [
        ("PERSON", "Dana", "directory"),
        ("PERSON", "WHITFIELD, Dana", "directory"),
        ("PERSON", "Dana's", "directory"),
        ("PERSON", "Dana Hara", None),
        ("PERSON", "Dan", None),
        ("PERSON", "…", None),
        ("EMAIL_ADDRESS", "x@acme.org", "own_domain"),
        ("EMAIL_ADDRESS", "x@mail.ACME.org", "own_domain"),
        ("EMAIL_ADDRESS", "x@notacme.org", None),
        ("EMAIL_ADDRESS", "acme.org@evil.net", None),
        ("ACCOUNT_ID", "seen-1", "dismissed"),
        ("PASSWORD", "seen-1", None),
        ("CREDIT_CARD", "seen-1", None),
        ("CREDIT_CARD", "9999-0000", "test_value"),
    ],
)
def test_own_lists(label, value, reason):
    allowed = allow_list(domains=["acme.org"], test_numbers=["99990000"])

    assert allowed.reason(label, value) == reason


def test_the_demo_switches_all_lists_off():
    allowed = AllowList(
        AllowSection.nothing(), names=lambda: ("Dana",), is_dismissed=lambda *a: True
    )

    assert allowed.reason("CREDIT_CARD", "4242424242424242") is None
    assert allowed.reason("PERSON", "Dana") is None
    assert allowed.reason("USERNAME", "x") is None


def test_spans_are_told_apart_by_the_text_a_reader_sees():
    part = Part("text", "<mailto:a@acme.org|a@acme.org> and <mailto:b@corp.net|b@corp.net>")
    spans = [
        FoundSpan("text", 19, 29, "EMAIL_ADDRESS"),
        FoundSpan("text", 54, 64, "EMAIL_ADDRESS"),
    ]

    kept, hidden = allow_list(domains=["acme.org"]).split((part,), spans)

    assert kept == (spans[1],)
    assert hidden == ((spans[0], "own_domain"),)

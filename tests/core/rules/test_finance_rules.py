import time

import pytest

from piiguard.messages import Message
from piiguard.rule_detector import RuleDetector
from piiguard.rules.finance import RULES


def found(text: str, *context: str) -> list[tuple[str, str]]:
    spans = RuleDetector(RULES).detect_batch([Message(text, context, "plain")])[0]
    return [(text[span.start : span.end], span.label) for span in spans]


# numbers that the networks publish for tests, and made-up ones with a check digit
@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("4242 4242 4242 4242", ["4242 4242 4242 4242"]),
        ("use 4242424242424242 pls", ["4242424242424242"]),
        ("card=4111111111111111&x=1", ["4111111111111111"]),
        ("my amex 3782 822463 10005", ["3782 822463 10005"]),
        ("378282246310005", ["378282246310005"]),
        ("mc 5555-5555-5555-4444.", ["5555-5555-5555-4444"]),
        ("2223003122003222 is the new one", ["2223003122003222"]),
        ("diners card 30569309025904", ["30569309025904"]),
        ("visa 4222222222222", ["4222222222222"]),
        ("unionpay 6200000000000005", ["6200000000000005"]),
        ("card number 2100 1234 5678 9010", ["2100 1234 5678 9010"]),
        ("5555555555554444 12/27 123", ["5555555555554444", "123"]),
        ("4242 4242 4242 4242 exp 03/28 cvv 737", ["4242 4242 4242 4242", "737"]),
        ("cvc is 4821", ["4821"]),
        ("CVV: 042", ["042"]),
        ("4242 4242 4242 4242 676 exp 04/29", ["4242 4242 4242 4242", "676"]),
        ("visa ending soon, security code 123", ["123"]),
        ("4111 1111 1111 1111, 03/27, 123 cvv", ["4111 1111 1111 1111", "123"]),
        ("and 737 is the cvv", ["737"]),
    ],
)
def test_a_card_and_its_code_are_found(text, values):
    assert found(text) == [(value, "CREDIT_CARD") for value in values]


@pytest.mark.parametrize(
    "text",
    [
        "4242 4242 4242 4241",
        "card ending 4242, exp 03/27",
        "**** **** **** 4242",
        "order 4111111111111111 shipped",
        "tracking number 4111111111111111",
        "ts 1712345678.123456 and 1712345678123",
        "550e8400-e29b-41d4-a716-446655440000",
        "/objects/4111111111111111",
        "build-4111111111111111",
        "99994111111111111111111",
        "1234 5678 9012 3456 rows",
        "card number 1234 5678 9012 3456",
        "visa 4222222222223",
        "0.4111111111111111",
        "the cvv check failed 3 times",
        "cvv errors: 503 today, cvv 404 errors",
        "security code 4821 for the door",
        "we charge the card $4,242",
        "trello card 12345678",
        "meet 2024 2025 2026 2027",
        "CVE-2024-1234",
    ],
)
def test_what_looks_like_a_card_is_none(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("DE89 3704 0044 0532 0130 00", ["DE89 3704 0044 0532 0130 00"]),
        ("iban GB82WEST12345698765432 thanks", ["GB82WEST12345698765432"]),
        ("my IBAN is nl91 abna 0417 1643 00 BIC ABNANL2A", ["nl91 abna 0417 1643 00"]),
        ("FR14 2004 1010 0505 0001 3M02 606 and so on", ["FR14 2004 1010 0505 0001 3M02 606"]),
        (
            "iban: DE89 37O4 0044 0532 0130 00",
            ["DE89 37O4 0044 0532 0130 00"],
        ),  # a letter for a digit
        ("routing 021000021 account 000123456789", ["021000021", "000123456789"]),
        ("routing number: 123456789", ["123456789"]),
        ("ABA 011401533", ["011401533"]),
        ("payout to 82003379091, aba 011401533", ["82003379091", "011401533"]),
        ("acct 53801513 sort 23 74 97", ["53801513", "23 74 97"]),
        ("account number is 12345678", ["12345678"]),
        ("A/C no. 50100123456789", ["50100123456789"]),
        ("wire it to account 88201934, Chase", ["88201934"]),
        ("sort code 12-34-56, account 12345678", ["12-34-56", "12345678"]),
        ("sort code: 200415 acc 55779911", ["200415", "55779911"]),
        ("12-34-56 12345678 (sort code and acc)", ["12-34-56", "12345678"]),
        ("BSB 062-000 acc 12345678", ["062-000", "12345678"]),
        ("transit 12345 institution 003 account 1234567", ["12345", "003", "1234567"]),
        ("clabe 002010077777777771", ["002010077777777771"]),
        ("IFSC: HDFC0001234", ["HDFC0001234"]),
        ("neft to SBIN0004567 pls", ["SBIN0004567"]),
        ("gpay me at priya.k@okhdfcbank", ["priya.k@okhdfcbank"]),
        ("9820012345@ybl", ["9820012345@ybl"]),
    ],
)
def test_a_bank_number_is_found_each_by_itself(text, values):
    assert found(text) == [(value, "BANK_ACCOUNT") for value in values]


@pytest.mark.parametrize(
    "text",
    [
        "DE89 3704 0044 0532 0130 01",
        "iban: DE12 3456 7890 1234 5678 90",
        "IBAN GB82 WEST 1234 5698 7654 33",
        "BIC COBADEFFXXX",
        "we use routing 1.2.3 in v2, route 66",
        "021000021",
        "ref 123456789",
        "aws account 123456789012",
        "her number is ACCT-460377",
        "Ruby | 37461/65/8870 | 01/23/1945",
        "account id 4029, customer account 99812345",
        "the account team closed 123456 tickets",
        "sort by code 12-34-56",
        "due 12-34-56",
        "deploy ABCD0123456",
        "priya@upi.example",
        "dana@paytm.com",
        "pay $4,200,000 by wire",
        "CLABE is the Mexican format",
        "bsb form is 2 pages",
        "transit 12345",
        "account opened 2024-05-01 at the bank",
        "IE64IRCE92050112345678IE64IRCE9205",
    ],
)
def test_what_looks_like_a_bank_number_is_none(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("send to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
        ("0x52908400098527886E0F7030069857D2E4169EE7.", "0x52908400098527886E0F7030069857D2E4169EE7"),
        ("my btc wallet 1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"),
        ("sol wallet: 4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T", "4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T"),
        ("xrp r9cZA1mLK5R5Am25ArfXFmqgNwjZgnfk59", "r9cZA1mLK5R5Am25ArfXFmqgNwjZgnfk59"),
    ],
)  # fmt: skip
def test_a_wallet_is_found(text, value):
    assert found(text) == [(value, "CRYPTO")]


@pytest.mark.parametrize(
    "text",
    [
        "tx 0x" + "5290840009852788" * 4,
        "commit 52908400098527886e0f7030069857d2e4169ee7",
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
        "my btc wallet 1BoatSLRHtKNngkdXEeobR76b53LETtpyX",
        "btc: bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
        "0x0000000000000000000000000000000000000000",
        "resolveDependencyInjectionOrder in the wallet service",
        "wallet team owns LargeConfigurationLoaderFactory",
        "0xDEADBEEF",
        "https://etherscan.example/address/wallet",
    ],
)
def test_a_hash_or_an_identifier_is_no_wallet(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text", ["4" * 40_000, "4 " * 20_000, "DE89 " * 8000, "account " * 5000, "L" * 40_000]
)
def test_a_hostile_text_takes_no_more_than_seconds(text):
    start = time.perf_counter()
    found(text)
    assert time.perf_counter() - start < 3

"""The least that a value of a label looks like: what the model claims against it is not believed."""

import re

from piiguard.validators import IBAN_LENGTHS, check_value, email_address

_DIGIT = re.compile(
    r"\d|\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|ten|twelve|twenty|thirty)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|first|second|third|fourth|fifth|\w+teenth|twent|thirt)",
    re.IGNORECASE,
)
#: Numbers by definition: somewhere in them stands a digit, be it spelled out.
_NUMBERS = frozenset(
    {
        "PHONE_NUMBER",
        "STREET_ADDRESS",
        "NATIONAL_ID",
        "PASSPORT",
        "DRIVER_LICENSE",
        "CREDIT_CARD",
        "MEDICAL_RECORD",
        "ACCOUNT_ID",
        "VEHICLE_ID",
    }
)
#: Their forms are known to the last character: what the validator cannot confirm is not one.
_EXACT = frozenset({"IP_ADDRESS", "MAC_ADDRESS"})
#: A VAT number with its country, an Indian GSTIN: they name companies.
_COMPANY = re.compile(
    r"(?:AT|BE|BG|CY|CZ|DE|DK|EE|EL|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI)[ ]?U?\d{8,12}(?:B\d\d)?"
    r"|\d{2}[A-Z]{5}\d{4}[A-Z]\dZ[A-Z\d]"
)
#: ISO 9362; an Indian IFSC, which looks alike, has a zero in the fifth place.
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
#: Two fields of a table row, or a number with thousands, rather than one value.
_CSV = re.compile(r"\d,\d")
#: A date or a sum of money: a row of expenses, not an address.
_NOT_ADDRESS = re.compile(r"\d{2}-\d{2},|,\d+\.\d{2}\b|^\d+[km]\b", re.IGNORECASE)
_NOT_CSV = frozenset({"PHONE_NUMBER", "DATE_OF_BIRTH", "NATIONAL_ID", "VEHICLE_ID", "PASSPORT"})
#: The least of an address: a domain with a name for its top, or both signs read aloud.
_EMAIL = re.compile(
    r"@.*(?:\.|\bdot\b)[\W_]{0,3}[^\W\d_]{2,}|@.*\s(?:com|org|net|edu|gov|io|co|info)\b",
    re.IGNORECASE | re.DOTALL,
)
_SPOKEN_EMAIL = re.compile(
    r"(?:@|(?:\b|_)(?:at|arroba|chiocciola|krøllalfa|snabel-?a|apenstaartje|małpa|zavináč|kukac|klammeraffe|arobase|et)(?:\b|_))"
    r".*(?:\.|(?:\b|_)(?:dot|punto|ponto|punktum|punkt|punt|point|kropka|tečka|nokta|titik|period)(?:\b|_))[\W_]{0,3}\w{2,}",
    re.IGNORECASE | re.DOTALL,
)
#: A whole number of a card, in its groups or closed.
_CARD = re.compile(
    r"(?<![\w.-])(?:\d{4}(?P<s>[ -]?)\d{4}(?P=s)\d{4}(?P=s)\d{4}|3[47]\d\d(?P<t>[ -]?)\d{6}(?P=t)\d{5})(?!\w|[ -]?\d)"
)
_IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[ -]?\d{2}(?=[ -]?[A-Za-z0-9])")
_IBAN_CHAR = re.compile(r"[ -]?[A-Za-z0-9]")
#: No scheme numbers its cards in so many digits: a number of a patient, a member, a phone.
_NOT_CARD_LENGTHS = frozenset({9, 10, 11})
_EMOJI = re.compile(r":[a-z0-9_+'-]{2,40}:")
#: Whose repository it is, in an address that a machine reads.
_GIT_OWNER = re.compile(r"(?:git@[\w.-]{1,60}[:/]|ssh://git@[\w.:-]{1,60}/)$")
_PATH_NAMES = frozenset({"PERSON", "USERNAME"})
_SHORTEST = {"API_KEY": 8, "CRYPTO": 20, "PHONE_NUMBER": 5, "EMAIL_ADDRESS": 5, "STREET_ADDRESS": 6}


def is_plausible(label: str, value: str) -> bool:
    """False when the value cannot be one of its label, whatever its context says."""
    if not any(char.isalnum() for char in value) and label != "PASSWORD":
        return False
    if len(value) < _SHORTEST.get(label, 1):
        return False
    if label in _EXACT:
        return check_value(label, value) is True or " dot " in value.lower()
    if label in _NOT_CSV and _CSV.search(value):
        return False
    if label in ("NATIONAL_ID", "ACCOUNT_ID") and _COMPANY.fullmatch(value):
        return False
    if label == "EMAIL_ADDRESS":
        found = email_address(value) or _EMAIL.search(value) or _SPOKEN_EMAIL.search(value)
        return bool(found)
    if label == "STREET_ADDRESS" and _NOT_ADDRESS.search(value):
        return False
    if label == "DATE_OF_BIRTH":
        return _DATE.search(value) is not None
    if label == "CREDIT_CARD" and sum(char.isdigit() for char in value) in _NOT_CARD_LENGTHS:
        return False
    if label == "BANK_ACCOUNT":
        return not _BIC.fullmatch(value) and ("@" in value or _DIGIT.search(value) is not None)
    return label not in _NUMBERS or _DIGIT.search(value) is not None


def is_part_of_wrong_number(label: str, text: str, start: int, end: int) -> bool:
    """True when ``text[start:end]`` is a piece of a card number or an IBAN that as a whole fails its check.

    A model's edges may cut a number short, and a part of one fails no check.
    """
    if label == "CREDIT_CARD":
        wholes = [match.span() for match in _CARD.finditer(text)]
    elif label == "BANK_ACCOUNT":
        wholes = _ibans(text)
    else:
        return False
    return any(
        first <= start and end <= last and check_value(label, text[first:last]) is False
        for first, last in wholes
    )


def is_in_machine_text(label: str, text: str, start: int, end: int) -> bool:
    """True when ``text[start:end]`` is a name that a machine gives: an emoji's, a package's, a call's, a port's."""
    before, after = text[max(0, start - 80) : start], text[end : end + 42]
    if label == "PASSWORD":
        return re.search(r"\bport[ :=]{1,2}$", before) is not None
    if label not in _PATH_NAMES:
        return False
    emoji = re.search(r":[a-z0-9_+'-]{0,38}$", before)
    if emoji and _EMOJI.match(text, start - len(emoji[0])):
        return True
    if before.endswith(".") and re.match(r"\.\w", after) and before[-2:-1].isalnum():
        return True  # org.name.part
    if re.match(r"\w{0,20}\(", after) and " " not in text[start:end]:
        return True  # name(...)
    return label == "USERNAME" and _GIT_OWNER.search(before) is not None


def _ibans(text: str) -> list[tuple[int, int]]:
    """Where an IBAN stands, by its country and that country's length."""
    found = []
    for match in _IBAN_START.finditer(text):
        end = match.end()
        for _ in range(IBAN_LENGTHS.get(match[0][:2].upper(), 0) - 4):
            char = _IBAN_CHAR.match(text, end)
            if not char:
                break
            end = char.end()
        else:
            if end > match.end() and not text[end : end + 1].isalnum():
                found.append((match.start(), end))
    return found

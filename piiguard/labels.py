"""The 20 labels: what each one is, how bad a leak of it would be, and its names elsewhere.

The law behind this table is the annotation guidelines; the order is append-only, because models number their
tags by it.
"""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = ("low", "medium", "high", "critical")


@dataclass(frozen=True, slots=True)
class Label:
    """One kind of personal data.

    ``specificity`` settles overlaps of different labels: an IBAN is a BANK_ACCOUNT before it is an ACCOUNT_ID.
    """

    name: str
    severity: Severity
    specificity: int
    sentence: str
    example: str


_ROWS = (
    Label("PERSON", "low", 1, "A real person's name, full or in part.", "ask Priya"),
    Label(
        "DATE_OF_BIRTH",
        "high",
        3,
        "The date a person was born, or their birthday.",
        "dob 03/04/1988",
    ),
    Label(
        "EMAIL_ADDRESS",
        "medium",
        4,
        "The address of a person's or a shared mailbox.",
        "jane@acme.example",
    ),
    Label(
        "PHONE_NUMBER", "medium", 2, "A phone, mobile or fax number.", "+44 20 7946 0958 ext. 12"
    ),
    Label(
        "STREET_ADDRESS",
        "high",
        4,
        "A postal address down to street or PO box.",
        "12 Elm St, Springfield",
    ),
    Label("NATIONAL_ID", "critical", 3, "A number a state gives a person.", "SSN 078-05-1120"),
    Label("PASSPORT", "critical", 3, "A passport number.", "passport X1234567"),
    Label("DRIVER_LICENSE", "critical", 3, "A driving licence number.", "DL D1234567"),
    Label(
        "CREDIT_CARD", "critical", 4, "A payment card number, or its CVV.", "4242 4242 4242 4242"
    ),
    Label(
        "BANK_ACCOUNT",
        "critical",
        3,
        "An account, IBAN, routing or sort code.",
        "DE89 3704 0044 0532 0130 00",
    ),
    Label(
        "CRYPTO",
        "medium",
        4,
        "The address of a wallet.",
        "0x52908400098527886E0F7030069857D2E4169EE7",
    ),
    Label(
        "PASSWORD", "critical", 2, "A password, passphrase, PIN or one-time code.", "pw: hunter2"
    ),
    Label(
        "API_KEY",
        "critical",
        4,
        "A key, token, client secret or private key block.",
        "a cloud access key",
    ),
    Label("USERNAME", "low", 1, "A person's login or handle at some service.", "github: dana-w"),
    Label("IP_ADDRESS", "low", 3, "The public address of one host.", "203.0.113.7"),
    Label("MAC_ADDRESS", "low", 3, "The hardware address of a device.", "00:1b:44:11:3a:b7"),
    Label("VEHICLE_ID", "medium", 2, "A VIN or a licence plate.", "1HGCM82633A004352"),
    Label(
        "MEDICAL_RECORD", "high", 2, "A patient, record or health-insurance number.", "MRN 00482913"
    ),
    Label(
        "MEDICAL_CONDITION",
        "high",
        2,
        "A person's diagnosis, treatment or medicine.",
        "type 2 diabetes",
    ),
    Label(
        "ACCOUNT_ID",
        "medium",
        1,
        "A code an organisation gives to one person.",
        "employee id 40911",
    ),
)

LABELS: dict[str, Label] = {label.name: label for label in _ROWS}

#: "O", then B- and I- of each label: the classes of a model, in the order of their ids.
TAGS: tuple[str, ...] = ("O", *(f"{prefix}-{name}" for name in LABELS for prefix in "BI"))


def severity_rank(severity: Severity) -> int:
    """0 for low up to 3 for critical."""
    return SEVERITIES.index(severity)

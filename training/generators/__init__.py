"""Fresh invented values for the slots of a template.

>>> values = Values(random.Random(7))
>>> values.value("PHONE_NUMBER", "uk")
>>> values.filler("digits", "6")
"""

import random

from training.generators.account import ACCOUNTS
from training.generators.addresses import ADDRESSES
from training.generators.api_keys import API_KEYS
from training.generators.crypto import WALLETS
from training.generators.dates import BIRTH_DATES
from training.generators.documents import LICENSES, PASSPORTS
from training.generators.draw import Mix
from training.generators.emails import EMAILS, email_of
from training.generators.fillers import FILLERS, WIRE_FILLERS, WORD_FILLERS
from training.generators.finance import BANKS, CARDS
from training.generators.health import RECORDS, SICKNESSES
from training.generators.national_ids import NATIONAL_IDS
from training.generators.network import IPS, MACS, USERNAMES, username_of
from training.generators.passwords import PASSWORDS
from training.generators.people import NamePool, Person, draw_person, name_of
from training.generators.phones import PHONES
from training.generators.vehicle import VEHICLES

__all__ = ["WIRE_FILLERS", "WORD_FILLERS", "NamePool", "Person", "Values"]

_MIXES: dict[str, Mix] = {
    "DATE_OF_BIRTH": BIRTH_DATES,
    "PHONE_NUMBER": PHONES,
    "STREET_ADDRESS": ADDRESSES,
    "NATIONAL_ID": NATIONAL_IDS,
    "PASSPORT": PASSPORTS,
    "DRIVER_LICENSE": LICENSES,
    "CREDIT_CARD": CARDS,
    "BANK_ACCOUNT": BANKS,
    "CRYPTO": WALLETS,
    "PASSWORD": PASSWORDS,
    "API_KEY": API_KEYS,
    "IP_ADDRESS": IPS,
    "MAC_ADDRESS": MACS,
    "VEHICLE_ID": VEHICLES,
    "MEDICAL_RECORD": RECORDS,
    "MEDICAL_CONDITION": SICKNESSES,
    "ACCOUNT_ID": ACCOUNTS,
}


class Values:
    """Values drawn from ``rng`` alone: the same state gives the same values.

    Nothing is escaped for Slack's wire format, and what is in WIRE_FILLERS must not be: it already is wire text.

    Args:
        names: real given and family names by country that widen the built-in tables.
    """

    def __init__(self, rng: random.Random, names: NamePool | None = None) -> None:
        self._rng = rng
        self._names = names

    def value(self, label: str, variant: str = "", person: Person | None = None) -> str:
        """A value of ``label``; a name, an address or a handle belongs to ``person`` where one is given.

        Raises: KeyError for a label or a variant that is not known.
        """
        rng = self._rng
        if label == "PERSON":
            return name_of(rng, person or self.person(), variant)
        if label == "EMAIL_ADDRESS":
            if variant == "shared" and not person:
                return EMAILS.make(rng, "shared")
            return email_of(rng, person or self.person(), variant)
        if label == "USERNAME":
            if not person and rng.random() < 0.55:
                return USERNAMES.make(rng, variant)
            return username_of(rng, person or self.person())
        return _MIXES[label].make(rng, variant)

    def filler(self, name: str, argument: str = "") -> str:
        """A harmless look-alike. Raises: KeyError for a filler that is not known."""
        return FILLERS[name](self._rng, argument)

    def person(self) -> Person:
        """Somebody who does not exist."""
        return draw_person(self._rng, self._names)

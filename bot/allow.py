"""Values that are nobody's secret: published test values, our own domains, colleagues' names, what reviewers dismissed.

Applied by the bot before ``Policy.decide``, which sees no text. A critical label is never hidden, except by a
listed test value, and in single channels by a value that a privacy officer allowed there. The lists hold published
numbers only; each family names where they are published.
"""

import ipaddress
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Literal

from bot.parts_text import covered_text, value_key
from bot.policy_sections import AllowSection
from bot.records import FoundSpan, Part
from piiguard.labels import LABELS

Allowance = Literal["test_value", "listed", "own_domain", "directory", "dismissed"]

# Stripe, Adyen and PayPal document these card numbers for their sandboxes.
_CARDS = {
    "4242424242424242", "4000056655665556", "4111111111111111", "4012888888881881", "4000000000000002",
    "5555555555554444", "5105105105105100", "2223003122003222", "5200828282828210", "378282246310005",
    "371449635398431", "378734493671000", "6011111111111117", "6011000990139424", "30569309025904",
    "3056930009020004", "36227206271667", "38520000023237", "3566002020360505", "3530111333300000",
    "6200000000000005",
}  # fmt: skip
# The Social Security Administration names the first two as misused in advertising, and reserves 987-65-432x for it.
_US_SSN = {"078051120", "219099999", "123456789", *(f"98765432{digit}" for digit in range(10))}
# Examples of the SWIFT IBAN registry.
_IBANS = {
    "de89370400440532013000", "gb29nwbk60161331926819", "gb82west12345698765432", "gb33bukb20201555555555",
    "fr1420041010050500013m02606", "nl91abna0417164300", "es9121000418450200051332", "it60x0542811101000000123456",
    "ch9300762011623852957", "at611904300234573201", "be68539007547034",
}  # fmt: skip
# AWS writes these in its documentation.
_KEYS = {"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
_VINS = {"11111111111111111", "1m8gdm9axkp042788"}
_LISTED: dict[str, frozenset[str]] = {
    "CREDIT_CARD": frozenset(_CARDS),
    "NATIONAL_ID": frozenset(_US_SSN),
    "BANK_ACCOUNT": frozenset(_IBANS),
    "API_KEY": frozenset(_KEYS),
    "VEHICLE_ID": frozenset(_VINS),
}
# NANP keeps 555-0100 to 555-0199 free for fiction; Ofcom keeps the British ones.
_PHONE = re.compile(r"(?:1?\d{3})?55501\d\d|(?:44|0)7700900\d{3}|(?:44|0)207946\d{4}")
# RFC 2606, RFC 6761
_RESERVED_DOMAIN = re.compile(
    r"(?:.+\.)?(?:example\.(?:com|org|net)|(?:example|test|invalid|localhost))"
)
# RFC 5737, RFC 3849
_DOCUMENTATION = [
    ipaddress.ip_network(net)
    for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]
_DOCUMENTATION_MAC = "00005e0053"  # RFC 7042


class AllowList:
    """The allow-list of one workspace. ``names`` and the others are asked only where they can matter.

    ``scopes_of``: where a privacy officer allowed a value: channels, "" for the whole workspace.
    """

    def __init__(
        self,
        rules: AllowSection,
        *,
        names: Callable[[], Collection[str]] = tuple,
        is_dismissed: Callable[[str, str], bool] = lambda label, value: False,
        scopes_of: Callable[[str, str], Collection[str]] = lambda label, value: (),
    ):
        self._rules = rules
        self._names = names
        self._is_dismissed = is_dismissed
        self._scopes_of = scopes_of

    def reason(self, label: str, value: str, channel_id: str = "") -> Allowance | None:
        """Why this value does not count in a channel, None when it does."""
        if self._rules.test_values and self._is_test_value(label, value):
            return "test_value"
        is_critical = LABELS[label].severity == "critical"
        scopes = self._scopes_of(label, value)
        if (channel_id and channel_id in scopes) or ("" in scopes and not is_critical):
            return "listed"
        if is_critical:
            return None
        if label == "EMAIL_ADDRESS" and self._is_own(value):
            return "own_domain"
        if label == "PERSON" and self._rules.directory and _is_colleague(value, self._names()):
            return "directory"
        if self._rules.dismissed and self._is_dismissed(label, value):
            return "dismissed"
        return None

    def split(
        self, parts: Sequence[Part], spans: Iterable[FoundSpan], channel_id: str = ""
    ) -> tuple[tuple[FoundSpan, ...], tuple[tuple[FoundSpan, Allowance], ...]]:
        """(the spans that count, the others with their reason)."""
        kept: list[FoundSpan] = []
        allowed: list[tuple[FoundSpan, Allowance]] = []
        for span in spans:
            reason = self.reason(span.label, covered_text(parts, span), channel_id)
            if reason is None:
                kept.append(span)
            else:
                allowed.append((span, reason))
        return tuple(kept), tuple(allowed)

    def _is_test_value(self, label: str, value: str) -> bool:
        key = value_key(label, value)
        return is_published(label, value) or any(
            key == value_key(label, own) for own in self._rules.test_numbers
        )

    def _is_own(self, address: str) -> bool:
        domain = _domain(address)
        return any(
            domain == own.casefold() or domain.endswith("." + own.casefold())
            for own in self._rules.domains
        )


def is_published(label: str, value: str) -> bool:
    """True for a value that somebody published as an example, so that it is nobody's."""
    key = value_key(label, value)
    if key in _LISTED.get(label, ()):
        return True
    if label == "PHONE_NUMBER":
        return _PHONE.fullmatch(key) is not None
    if label == "EMAIL_ADDRESS":
        return _RESERVED_DOMAIN.fullmatch(_domain(value)) is not None
    if label == "MAC_ADDRESS":
        return key.startswith(_DOCUMENTATION_MAC)
    if label == "IP_ADDRESS":
        return _is_documentation(value)
    return False


def _domain(address: str) -> str:
    return address.rpartition("@")[2].strip().rstrip(".>").casefold()


def _is_documentation(value: str) -> bool:
    try:
        address = ipaddress.ip_address(value.strip("[] \n"))
    except ValueError:
        return False
    return any(address in net for net in _DOCUMENTATION)


def _is_colleague(name: str, directory: Collection[str]) -> bool:
    """True when all words of a name stand in one entry: "Dana", "Dana Whitfield", "whitfield, dana"."""
    words = set(_words(name))
    return bool(words) and any(words <= set(_words(entry)) for entry in directory)


def _words(name: str) -> list[str]:
    bare = name.casefold().removesuffix("'s").removesuffix("’s")
    return re.findall(r"[^\W\d_]+", bare)

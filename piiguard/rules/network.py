"""Network: IP and MAC addresses."""

import re

from piiguard.rules.rule import Rule
from piiguard.validators import ip_address, mac_address, veto_only

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
# used up: what has four numbers and is a version ("v1.2.3.4", "Chrome/98.0.4.102", "==1.2.3.4") or a section
_VERSION = (
    r"(?:\b(?:v|ver|version|versions|release|released|firmware|driver|build|bios|section|clause|chapter|oid"
    r"|(?:upgrade|bump|patch|downgrade)[ed]{0,2}[ ](?:[\w.-]{1,30}[ ]){0,2}to)\.?[ :#=]{0,2}|(?<![/.:])\b[A-Za-z][\w-]{1,30}/|[=~<>^!]=[ ]?)"
    r"v?\d{1,6}(?:\.\d{1,6}){3}|"
)
# after it: no longer number, no file name, no CIDR prefix
_IPV4_END = r"(?!\w|\.\w|-[A-Za-z]|/\d{1,2}(?![\w/.])|\*)"


def _ipv4(octets: str) -> re.Pattern[str]:
    return re.compile(rf"{_VERSION}(?<![\w.*-])(?P<value>{octets}){_IPV4_END}", re.IGNORECASE)


# four one-digit numbers are more often a version or a section than a host
_IPV4 = _ipv4(rf"(?=[\d.]*\d\d){_OCTET}(?:\.{_OCTET}){{3}}")
_IPV4_SHORT = _ipv4(r"\d\.\d\.\d\.\d")
_HOST_WORDS = re.compile(
    r"\b(?:ip|ips|ipv4|dns|hosts?|servers?|ping|resolver|address|nameserver|firewall|gateway|ssh|traceroute|curl|https?)\b",
    re.IGNORECASE,
)

# subtle: the first group is that of global unicast space (2000::/3), so neither C++ names nor times match
_IPV6 = re.compile(
    r"(?<![\w:.])(?P<value>[23][0-9a-f]{3}(?::{1,2}[0-9a-f]{1,4}){1,7}(?:::)?|::ffff:(?:\d{1,3}\.){3}\d{1,3})"
    r"(?!\w|::?[0-9a-f]|\.\d|/\d)",
    re.IGNORECASE,
)

_PAIR = "[0-9a-f]{2}"
_MAC = re.compile(
    rf"(?<![\w:.-])(?P<value>{_PAIR}:(?:{_PAIR}:){{4}}{_PAIR}|(?=[0-9-]*[a-f]){_PAIR}-(?:{_PAIR}-){{4}}{_PAIR})"
    r"(?![\w]|[:-][0-9a-f])",
    re.IGNORECASE,
)
_MAC_DOTTED = re.compile(
    r"(?<![\w.:-])(?=[0-9.]*[a-f])[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}(?![\w]|\.\w)", re.IGNORECASE
)
_MAC_KEYED = re.compile(
    r"\bmac(?:[ ]?(?:addr(?:ess)?|id))?(?:[ ]is|[ ]?[:=#])?[ ]{1,2}(?P<value>[0-9a-f]{12}|(?:\d\d-){5}\d\d)(?![\w-])",
    re.IGNORECASE,
)

_IANA = "RFC 6890; IANA special-purpose address registries"
_EUI = "IEEE 802, EUI-48"

RULES: tuple[Rule, ...] = (
    Rule("ipv4", "IP_ADDRESS", _IPV4, 0.92, f"RFC 791; {_IANA}", veto_only(ip_address)),
    Rule("ipv4_short", "IP_ADDRESS", _IPV4_SHORT, 0.8, _IANA, veto_only(ip_address), near=_HOST_WORDS),
    Rule("ipv6", "IP_ADDRESS", _IPV6, 0.96, f"RFC 4291, RFC 5952; {_IANA}", veto_only(ip_address)),
    Rule("mac", "MAC_ADDRESS", _MAC, 0.96, _EUI, veto_only(mac_address)),
    Rule("mac_dotted", "MAC_ADDRESS", _MAC_DOTTED, 0.9, f"{_EUI}, as Cisco writes it", veto_only(mac_address)),
    Rule("mac_keyed", "MAC_ADDRESS", _MAC_KEYED, 0.9, _EUI, veto_only(mac_address)),
)  # fmt: skip

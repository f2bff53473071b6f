import pytest

from piiguard.messages import Message
from piiguard.rule_detector import RuleDetector
from piiguard.rules.network import RULES


def found(text, context=()):
    [spans] = RuleDetector(RULES).detect_batch([Message(text, context, markup="plain")])
    return [(text[span.start : span.end], span.label) for span in spans]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("host 203.0.113.7:8080 is down", ["203.0.113.7"]),
        ("http://198.51.100.23/x", ["198.51.100.23"]),
        ("root@203.0.113.7.", ["203.0.113.7"]),
        ("ip=192.0.2.44, ok", ["192.0.2.44"]),
        ("update dns to 203.0.113.9", ["203.0.113.9"]),
        ("ping 1.1.1.1", ["1.1.1.1"]),
        ("2001:db8::1: unreachable", ["2001:db8::1"]),
        ("[2001:db8:0:1::42]:443", ["2001:db8:0:1::42"]),
        ("2001:0db8:85a3:0000:0000:8a2e:0370:7334", ["2001:0db8:85a3:0000:0000:8a2e:0370:7334"]),
        ("10.0.0.1, 127.0.0.1, 192.168.1.4, 172.16.0.9", []),
        ("169.254.10.10 and 0.0.0.0 and 255.255.255.0", []),
        ("203.0.113.0/24 and 2001:db8::/32", []),
        ("v1.22.3.4, version 10.2.3.44, release 21.0.0.7", []),
        ("Chrome/98.0.4.102 and pkg==21.2.3.4", []),
        ("foo-1.22.3.4.tar.gz, 1.22.3.4-beta, 1.33.6.1.4.1", []),
        ("203.0.113.300", []),
        ("upgrade V8 to 11.8.172.13", []),
        ("section 2.3.4.5, see 1.2.3.4", []),
        ("::1 and fe80::1 and fd00::12", []),
        ("12:30:45, std::string, 3000:3000, 2024:05:12", []),
    ],
)
def test_a_public_host_is_found_and_inner_hosts_networks_and_versions_are_not(text, values):
    assert found(text) == [(value, "IP_ADDRESS") for value in values]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("00:1b:44:11:3a:b7", ["00:1b:44:11:3a:b7"]),
        ("lan 00-1B-44-11-3A-B7.", ["00-1B-44-11-3A-B7"]),
        ("001b.4411.3ab7", ["001b.4411.3ab7"]),
        ("mac: 001b44113ab7", ["001b44113ab7"]),
        ("00:00:00:00:00:00", []),
        ("ff:ff:ff:ff:ff:ff", []),
        ("16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48", []),
        ("12-34-56-78-90-12", []),
        ("1234.5678.9012", []),
        ("commit 001b44113ab7", []),
    ],
)
def test_a_hardware_address_is_found_and_a_fingerprint_is_not(text, values):
    assert found(text) == [(value, "MAC_ADDRESS") for value in values]

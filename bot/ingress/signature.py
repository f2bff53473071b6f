"""Slack's request signature, on bytes: whatever a stranger sends is a yes or a no, never an exception.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hashlib
import hmac
import re
from collections.abc import Sequence

WINDOW_S = 300
# On bytes: "²".isdigit() is true and int("²") raises; int("１２") is 12; 5,000 digits raise.
_TIMESTAMP = re.compile(rb"[0-9]{1,12}")


def check(
    secrets: Sequence[bytes], timestamp: bytes, signature: bytes, body: bytes, now: float
) -> bool:
    """True when ``signature`` is Slack's own for this body and no older or newer than five minutes.

    Args:
        secrets: all that are valid now; during a rotation two are. Empty ones never match.
        timestamp: the header ``X-Slack-Request-Timestamp`` as it came.
        signature: the header ``X-Slack-Signature`` as it came.
        body: the raw body; JSON parsed and written again signs differently.
        now: seconds since 1970.
    """
    if not _TIMESTAMP.fullmatch(timestamp) or abs(now - int(timestamp)) > WINDOW_S:
        return False
    matched = False
    for secret in secrets:
        expected = sign(secret, timestamp, body)
        # every secret is tried, so that the time says nothing about which of them matched
        matched |= hmac.compare_digest(expected, signature) and bool(secret)
    return matched


def sign(secret: bytes, timestamp: bytes, body: bytes) -> bytes:
    """The signature that Slack would send: ``v0=`` and 64 hexadecimal digits."""
    digest = hmac.new(secret, b"v0:" + timestamp + b":" + body, hashlib.sha256)
    return b"v0=" + digest.hexdigest().encode("ascii")

"""What a request of Slack's must look like before anything of it is used; each refusal has a status of its own."""

import json
import time
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import parse_qsl

from bot.ingress import signature

MAX_BODY_BYTES = 1_000_000
MAX_DEPTH = 64
MAX_FIELDS = 100


class RefusedError(Exception):
    """The request goes back with a status and without a word. ``reason`` is for the log and holds nothing of it."""

    def __init__(self, status: int, reason: str, *, no_retry: bool = False):
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.no_retry = no_retry


def check_signature(
    secrets: Sequence[bytes], stamp_header: str, signature_header: str, body: bytes
) -> None:
    """Refuse with 401 what Slack did not sign within the last five minutes."""
    timestamp, signed = _bytes(stamp_header), _bytes(signature_header)
    if not signed or not timestamp:
        raise RefusedError(401, "unsigned")
    if not signature.check(secrets, timestamp, signed, body, time.time()):
        raise RefusedError(401, "wrong_signature_or_time")


def read_json(body: bytes) -> dict[str, Any]:
    """A JSON object of a sane depth. A signed body that can never be read must not come again."""
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusedError(400, "not_json", no_retry=True) from None
    if not isinstance(payload, dict):
        raise RefusedError(400, "not_an_object", no_retry=True)
    if is_deep(payload):
        raise RefusedError(400, "nested_too_deeply", no_retry=True)
    return payload


def read_form(body: bytes) -> dict[str, str]:
    """The fields of a form; of a field given twice the first counts."""
    try:
        fields = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError:
        raise RefusedError(400, "not_a_form", no_retry=True) from None
    form: dict[str, str] = {}
    for name, value in fields:
        form.setdefault(name, value)
    return form


def is_deep(value: object) -> bool:
    """True when lists and objects are nested beyond what any payload of Slack's needs."""
    level: list[object] = [value]
    for _ in range(MAX_DEPTH):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return False
    return True


def _children(value: object) -> Iterable[object]:
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (child for child in values if isinstance(child, dict | list))


def _bytes(header: str) -> bytes:
    # WSGI hands headers over as latin-1; what is not cannot be a signature
    return header.encode("latin-1", "replace")

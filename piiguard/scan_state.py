"""ScanState: how far a scan is, in a file that is always whole. It holds findings, never a value."""

import base64
import json
import os
import secrets
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from piiguard.errors import SourceError

SCHEMA = "piiguard/scan-state@1"
#: Saving may take this share of the time, as findings grow.
_SAVE_SHARE = 0.05
_SAVE_EVERY_S = 2.0


class ScanState:
    """Position, counts and masked findings of an interrupted scan.

    ``fingerprint_key`` lies in the file, so that fingerprints agree before and after an interruption; whoever has it
    can try values against them. The file is readable by its owner alone and ``remove`` deletes it at the end.

    Args:
        path: of the state file; it need not exist.
        key: of the work: inputs, model, policy and what else makes the result. Another one is refused.

    Raises SourceError when the file belongs to other work, or is none of ours.
    """

    def __init__(self, path: str | Path, key: str) -> None:
        self.path = Path(path)
        self.position = 0
        self.totals: dict[str, Any] | None = None
        self.findings: list[dict[str, Any]] = []
        self.fingerprint_key = secrets.token_bytes(32)
        self._key = key
        if self.path.exists():
            self._read()
        self._mark: tuple[int, dict[str, Any] | None, int] = (
            self.position,
            self.totals,
            len(self.findings),
        )
        self._saved_at = time.monotonic()
        self._pause_s = _SAVE_EVERY_S

    def mark(self, position: int, totals: dict[str, Any]) -> None:
        """All findings so far belong to the first ``position`` items; saved now and then."""
        # subtle: one assignment, so that Ctrl-C finds either mark whole
        self._mark = (position, totals, len(self.findings))
        if time.monotonic() - self._saved_at >= self._pause_s:
            self.save()

    def save(self) -> None:
        """Write the last mark, replacing the file in one step."""
        started = time.monotonic()
        position, totals, n_findings = self._mark
        data = {
            "schema": SCHEMA,
            "key": self._key,
            "position": position,
            "totals": totals,
            "findings": self.findings[:n_findings],
            "fingerprint_key": base64.b64encode(self.fingerprint_key).decode(),
        }
        partial = self.path.with_name(self.path.name + ".part")
        try:
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(data, file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(self.path)
        except OSError as error:
            raise SourceError(
                f"{self.path}: the state cannot be written ({error.strerror})"
            ) from None
        self._saved_at = time.monotonic()
        self._pause_s = max(_SAVE_EVERY_S, (self._saved_at - started) / _SAVE_SHARE)

    def remove(self) -> None:
        """The work is done and its report written."""
        self.path.unlink(missing_ok=True)

    def _read(self) -> None:
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
            if data["schema"] != SCHEMA:
                raise ValueError("schema")
            key = data["key"]
            position, totals, findings = data["position"], data["totals"], data["findings"]
            fingerprint_key = base64.b64decode(data["fingerprint_key"])
            if not isinstance(position, int) or not isinstance(findings, list):
                raise TypeError("position or findings")
        except OSError as error:
            raise SourceError(f"{self.path}: cannot be read ({error.strerror})") from None
        except (ValueError, KeyError, TypeError):
            raise SourceError(
                f"{self.path}: not a state file of piiguard scan; name another file"
            ) from None
        if key != self._key:
            raise SourceError(
                f"{self.path}: belongs to a scan of other inputs, or with another model, policy or version; "
                "name another file, or delete this one to begin anew"
            )
        self.position, self.totals, self.findings = position, totals, findings
        self.fingerprint_key = fingerprint_key


def work_key(parts: Iterable[str]) -> str:
    """One key for all that a result depends on."""
    import hashlib

    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()

"""PolicyStore: the policy file with its history. Saved whole or not at all, never over somebody else's change."""

import hashlib
import os
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.errors import ForbiddenError, ReviewError, StaleError
from bot.policies import Policies, parse_bot_policy
from bot.records import Person
from bot.store import PolicyVersion, Store

#: The file is one for all workspaces, and so is its history.
EVERYWHERE: Final = ""
FOUND: Final = "found on disk"
_saving = threading.Lock()


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """The file as it is. ``sha256`` is what a form carries, so that a stale one is noticed."""

    text: str
    sha256: str
    is_there: bool


class PolicyStore:
    """Reads, saves and remembers the policy file that ``policies`` follows."""

    def __init__(self, store: Store, policies: Policies) -> None:
        self._store = store
        self._policies = policies

    @property
    def can_save(self) -> bool:
        """False where the policy came from no file."""
        return self._policies.path is not None

    def file(self) -> PolicyFile:
        """The file now; an empty text where there is none, which is the default policy."""
        path = self._policies.path
        try:
            text = path.read_text(encoding="utf-8") if path else ""
            is_there = path is not None
        except FileNotFoundError:
            text, is_there = "", False
        except (OSError, UnicodeDecodeError):
            # what is in force is something else then; Policies.problem says what is wrong
            text, is_there = "", True
        return PolicyFile(text, sha256_of(text), is_there)

    def save(self, text: str, *, expected: str, by: Person, note: str = "") -> PolicyVersion:
        """Put a policy into force, as a new version.

        Args:
            expected: the sha256 of the file that the change began with.

        Raises: ForbiddenError without the role; PolicyError for a text that is no policy; StaleError when the file
        changed meanwhile; ReviewError when it cannot be written.
        """
        if not by.may("admin"):
            raise ForbiddenError("Only an admin can save a policy")
        path = self._policies.path
        if path is None:
            raise ReviewError(
                "this installation reads its policy from no file; set PIIGUARD_POLICY"
            )
        parse_bot_policy(text)
        text = text.replace("\r\n", "\n")
        with _saving:
            before = self.file()
            if before.sha256 != expected:
                raise StaleError("The policy was changed meanwhile", before)
            version = self._write(path, before, text, by, note)
        self._policies.look()
        return version

    def versions(self) -> list[PolicyVersion]:
        """Every version that was saved here, newest first, without its text."""
        return self._store.policy_versions.list(EVERYWHERE)

    def version(self, number: int) -> PolicyVersion:
        """A version with its text. Raises: NotFoundError."""
        return self._store.policy_versions.get(EVERYWHERE, number)

    def is_known(self, file: PolicyFile) -> bool:
        """False when the file was changed outside the console since the newest version."""
        newest = self._store.policy_versions.newest(EVERYWHERE)
        return newest is None or newest.sha256 == file.sha256

    def _write(
        self, path: Path, before: PolicyFile, text: str, by: Person, note: str
    ) -> PolicyVersion:
        path = path.resolve()  # a link stays one
        pending = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(pending, text)
            if path.exists():
                shutil.copymode(path, pending)
            with self._store.transaction() as tx:
                versions = self._store.policy_versions
                if before.text.strip():  # so that one can go back to what the console did not write
                    versions.add(tx, EVERYWHERE, before.text, by="", note=FOUND)
                version = versions.add(tx, EVERYWHERE, text, by=by.id, note=note)
                self._store.audit.append(
                    tx,
                    by.tenant,
                    by.id,
                    "policy.saved",
                    f"version {version.number}",
                    sha256=version.sha256,
                    note=note[:200],
                )
                # the last step of the transaction: where it fails, no version and no row stand
                pending.replace(path)
        except OSError as error:
            pending.unlink(missing_ok=True)
            reason = error.strerror or type(error).__name__
            raise ReviewError(f"the policy file cannot be written ({reason})") from None
        return version


def sha256_of(text: str) -> str:
    """The sha256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _write_whole(path: Path, text: str) -> None:
    """The text in a file and on the disk, before anybody finds it under its name."""
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        path.chmod(0o640)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())

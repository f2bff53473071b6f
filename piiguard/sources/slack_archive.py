"""The files of an export, in a zip or a folder, opened only where that is safe. Nothing is ever unpacked to disk."""

import hashlib
import os
import stat
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from piiguard.errors import SourceError
from piiguard.items import Problem, one_line
from piiguard.sources.text_stream import Readable, why

MAX_MEMBERS = 100_000
MAX_MEMBER_BYTES = 512 * 2**20
MAX_TOTAL_BYTES = 64 * 2**30
MAX_RATIO = 200
#: Small files may repeat themselves as much as they like.
_RATIO_FROM_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an export: its path inside, with "/" between the parts, and its size when unpacked."""

    name: str
    size_bytes: int


class Archive(Protocol):
    """The members that may be read. ``problems`` says which ones may not, and why."""

    members: list[Member]
    problems: list[Problem]
    fingerprint: str

    def open(self, name: str) -> AbstractContextManager[Readable]:
        """The bytes of a member; SourceError when they cannot be had."""
        ...

    def close(self) -> None: ...


class ZipArchive:
    """The members of a zip file. Their number, sizes, ratios and names are checked before anything is read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except zipfile.BadZipFile:
            raise SourceError(
                f"{path}: not a whole zip file; expected the zip that Slack's export gave you"
            ) from None
        except (OSError, ValueError, NotImplementedError) as error:
            raise SourceError(f"{path}: cannot be read ({why(error)})") from None
        entries = self._zip.infolist()
        if len(entries) > MAX_MEMBERS:
            self.close()
            raise SourceError(
                f"{path}: holds {len(entries):,} files, expected at most {MAX_MEMBERS:,}"
            )
        total = sum(entry.file_size for entry in entries)
        packed = max(1, path.stat().st_size)
        if total > MAX_TOTAL_BYTES or (total > MAX_MEMBER_BYTES and total / packed > MAX_RATIO):
            self.close()
            raise SourceError(
                f"{path}: would unpack to {total:,} bytes, {total // packed:,} times its size; refused as a zip bomb"
            )
        self.problems: list[Problem] = []
        self._entries: dict[str, zipfile.ZipInfo] = {}
        digest = hashlib.blake2b(digest_size=16)
        for entry in entries:
            digest.update(
                f"{entry.filename}\0{entry.file_size}\0{entry.CRC}\0".encode("utf-8", "replace")
            )
            if entry.is_dir():
                continue
            reason = self._refusal(entry)
            if reason:
                self.problems.append(Problem(f"{path}/{one_line(entry.filename)[:200]}", reason))
            else:
                self._entries[entry.filename] = entry
        self.fingerprint = digest.hexdigest()
        self.members = [Member(name, entry.file_size) for name, entry in self._entries.items()]

    @contextmanager
    def open(self, name: str) -> Iterator[Readable]:
        try:
            with self._zip.open(self._entries[name]) as file:
                yield file
        except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
            raise SourceError(
                f"{self._path}/{name}: cannot be unpacked ({_zip_reason(error)})"
            ) from None

    def close(self) -> None:
        self._zip.close()

    def _refusal(self, entry: zipfile.ZipInfo) -> str | None:
        reason = _bad_name(entry.orig_filename) or _bad_name(entry.filename)
        if reason:
            return f"skipped: {reason}"
        if stat.S_ISLNK(entry.external_attr >> 16):
            return "skipped: a link"
        if entry.flag_bits & 1:
            return "skipped: encrypted"
        if entry.filename in self._entries:
            return "skipped: a second file of this name"
        if entry.file_size > MAX_MEMBER_BYTES:
            return f"skipped: {entry.file_size:,} bytes, expected at most {MAX_MEMBER_BYTES:,}"
        ratio = entry.file_size / max(1, entry.compress_size)
        if entry.file_size > _RATIO_FROM_BYTES and ratio > MAX_RATIO:
            return f"skipped: unpacks to {ratio:,.0f} times its size, expected at most {MAX_RATIO}"
        return None


class FolderArchive:
    """The files of an unpacked export. Links are not followed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.members: list[Member] = []
        self.problems: list[Problem] = []
        digest = hashlib.blake2b(digest_size=16)
        for file in self._walk():
            info = file.stat()
            name = file.relative_to(path).as_posix()
            digest.update(
                f"{name}\0{info.st_size}\0{info.st_mtime_ns}\0".encode("utf-8", "replace")
            )
            if info.st_size > MAX_MEMBER_BYTES:
                reason = f"skipped: {info.st_size:,} bytes, expected at most {MAX_MEMBER_BYTES:,}"
                self.problems.append(Problem(str(file), reason))
            else:
                self.members.append(Member(name, info.st_size))
        self.fingerprint = digest.hexdigest()

    def open(self, name: str) -> AbstractContextManager[Readable]:
        try:
            return open(self._path / name, "rb")
        except OSError as error:
            raise SourceError(f"{self._path / name}: cannot be read ({why(error)})") from None

    def close(self) -> None:
        """Nothing is open between calls."""

    def _walk(self) -> Iterator[Path]:
        def refuse(error: OSError) -> None:
            self.problems.append(Problem(str(error.filename), f"cannot be read ({why(error)})"))

        n_files = 0
        for folder, folders, files in os.walk(self._path, onerror=refuse):
            folders.sort()
            for name in sorted([*folders, *files]):
                path = Path(folder) / name
                if path.is_symlink():
                    self.problems.append(Problem(str(path), "skipped: a link"))
                elif name in files and path.is_file():
                    n_files += 1
                    if n_files > MAX_MEMBERS:
                        raise SourceError(
                            f"{self._path}: holds more than {MAX_MEMBERS:,} files; name the export's own folder"
                        )
                    yield path


def _bad_name(name: str) -> str | None:
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or (len(name) > 1 and name[1] == ":"):
        return "an absolute path"
    if ".." in parts:
        return 'a path with ".."'
    if "\0" in name or any(ord(c) < 32 for c in name):
        return "a control character in its name"
    return None


def _zip_reason(error: BaseException) -> str:
    text = str(error)
    if "CRC" in text:
        return "its checksum is wrong: a damaged file"
    if "verlap" in text:
        return "it overlaps another file of the zip: a zip bomb"
    return why(error) if isinstance(error, OSError) else "a damaged file"

"""Snapshots: files of corrections that are written whole, for their owner alone, and named by what they hold."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from bot.errors import BotError
from piiguard.examples import Correction

SNAPSHOT_SCHEMA: Final = "piiguard/snapshot@1"


class ExportError(BotError):
    """An export that cannot be made as asked: format, mode, range, a missing reason, or a place to write to."""


def name_of(body: bytes) -> str:
    """The name that the content of a snapshot gives it."""
    return f"corrections-{hashlib.sha256(body).hexdigest()[:16]}"


def manifest_of(path: Path) -> Path:
    """Where the manifest of a snapshot stands."""
    return path.with_name(path.name + ".manifest.json")


def write_snapshot(out: Path, body: bytes, suffix: str) -> Path:
    """Write to a file, or into a directory, where the snapshot gets its own name and is read-only from then on.

    Raises: ExportError when it cannot be written.
    """
    if not out.is_dir():
        _write(out, body, 0o600)
        return out
    path = out / (name_of(body) + suffix)
    if not path.exists():
        _write(path, body, 0o400)
    elif path.read_bytes() != body:
        raise ExportError(f"{path} was changed after it was written; move it away")
    return path


def write_manifest(path: Path, body: bytes, corrections: Sequence[Correction], **more: Any) -> None:
    """Say beside a snapshot what it holds, by number, and what people have to settle."""
    manifest = {
        "schema": SNAPSHOT_SCHEMA,
        "name": name_of(body),
        "sha256": hashlib.sha256(body).hexdigest(),
        "n": len(corrections),
        "n_groups": len({one.group for one in corrections}),
        "labels": _counted(span.label for one in corrections for span in one.spans),
        "decisions": _counted(one.decision for one in corrections),
        **more,
    }
    _write(manifest_of(path), (json.dumps(manifest, indent=1) + "\n").encode(), 0o600)


def _counted(names: Any) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _write(path: Path, body: bytes, mode: int) -> None:
    partial = path.with_name(path.name + ".part")
    try:
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise ExportError(f"{path}: cannot be written ({error.strerror})") from None
    finally:
        partial.unlink(missing_ok=True)

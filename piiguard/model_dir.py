"""Manifest and open_model_dir: a model directory is used whole and unchanged, or not at all."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from piiguard.errors import ModelError
from piiguard.labels import LABELS

MANIFEST = "manifest.json"
ONNX_FILE = "onnx/model_quantized.onnx"
#: Files that are there while a model is being made and are not part of it.
WEIGHTS = "model.safetensors"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a model directory says of itself.

    Attributes:
        name: of the directory, "piiguard-en-<n>".
        labels: the 20 labels in the order that numbers the tags.
        thresholds: per label, the probability at which it is taken instead of O.
        calibration: ``{"temperature": float}``: what logits are divided by.
        encoder: ``max_tokens``, ``stride``, ``max_context`` of the Encoder it was trained with.
        sha256: of every file of the directory but the manifest, by its path in it.
        data_fingerprint: sha256 over the training examples, in order.
        parent: the model or base encoder it was trained from.
    """

    name: str
    labels: tuple[str, ...]
    thresholds: Mapping[str, float]
    calibration: Mapping[str, float]
    encoder: Mapping[str, int]
    sha256: Mapping[str, str]
    data_fingerprint: str
    seed: int
    parent: str
    path: Path = field(default=Path(), compare=False)


def open_model_dir(path: str | Path) -> Manifest:
    """Read the manifest and check every byte it answers for.

    Raises ModelError when a file is missing, changed, not listed or a link, or when the labels are not ours.
    """
    root = Path(path)
    manifest = _read_manifest(root)
    listed = set(manifest.sha256)
    if ONNX_FILE not in listed or "tokenizer.json" not in listed:
        raise ModelError(f"{root}: {MANIFEST} must list {ONNX_FILE} and tokenizer.json")
    found = set()
    for folder, folders, files in os.walk(root):
        for name in [*folders, *files]:
            if (Path(folder) / name).is_symlink():
                raise ModelError(f"{root}: {name} is a link; expected plain files only")
        found |= {(Path(folder) / name).relative_to(root).as_posix() for name in files}
    if extra := sorted(found - listed - {MANIFEST}):
        raise ModelError(f"{root}: {extra[0]} is not listed in {MANIFEST}; remove it")
    for name, expected in sorted(manifest.sha256.items()):
        if name not in found:
            raise ModelError(f"{root}: {name} is missing; copy the model directory again")
        if file_sha256(root / name) != expected:
            raise ModelError(
                f"{root}: {name} differs from its sha256 in {MANIFEST}; copy the model directory again"
            )
    return manifest


def write_manifest(root: Path, manifest: Manifest) -> None:
    """Write manifest.json for the files that ``root`` holds now; replaces it in one step."""
    files = sorted(p for p in root.rglob("*") if p.is_file() and p.name != MANIFEST)
    data: dict[str, Any] = {
        "name": manifest.name,
        "labels": list(manifest.labels),
        "thresholds": dict(manifest.thresholds),
        "calibration": dict(manifest.calibration),
        "encoder": dict(manifest.encoder),
        "data_fingerprint": manifest.data_fingerprint,
        "seed": manifest.seed,
        "parent": manifest.parent,
        "sha256": {p.relative_to(root).as_posix(): file_sha256(p) for p in files},
    }
    partial = root / (MANIFEST + ".part")
    partial.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    partial.replace(root / MANIFEST)


def default_model_dir() -> Path:
    """The model that CURRENT names: in the installed package, else in the checkout this file lies in."""
    package = Path(__file__).parent
    for models in (package / "_models", package.parent / "models"):
        current = models / "CURRENT"
        if current.is_file():
            name = current.read_text(encoding="utf-8").strip()
            if not name or Path(name).name != name or name.startswith("."):
                raise ModelError(f"{current}: expected the name of a directory beside it")
            return models / name
    raise ModelError(
        "no model is installed with this package; name a model directory (--model DIR)"
    )


def file_sha256(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_manifest(root: Path) -> Manifest:
    path = root / MANIFEST
    if not root.is_dir():
        raise ModelError(f"{root}: no such model directory")
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        manifest = Manifest(
            name=str(data["name"]),
            labels=tuple(data["labels"]),
            thresholds={str(k): float(v) for k, v in data["thresholds"].items()},
            calibration={str(k): float(v) for k, v in data["calibration"].items()},
            encoder={str(k): int(v) for k, v in data["encoder"].items()},
            sha256={str(k): str(v) for k, v in data["sha256"].items()},
            data_fingerprint=str(data["data_fingerprint"]),
            seed=int(data["seed"]),
            parent=str(data["parent"]),
            path=root,
        )
    except FileNotFoundError as error:
        raise ModelError(f"{root}: {MANIFEST} is missing; is this a model directory?") from error
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"{path}: not a manifest ({type(error).__name__}); copy the model directory again"
        ) from None
    if manifest.labels != tuple(LABELS):
        raise ModelError(
            f"{path}: lists {len(manifest.labels)} labels that are not the {len(LABELS)} of this version; "
            "expected a model trained for them"
        )
    if any(not 0 < t < 1 for t in manifest.thresholds.values()):
        raise ModelError(f"{path}: a threshold is not between 0 and 1")
    return manifest

"""Which model is in use: models/CURRENT, replaced by rename, so that either model stands whole."""

import datetime
import shutil
from pathlib import Path

from piiguard.errors import ModelError
from piiguard.model_dir import open_model_dir

_NOT_SHIPPED = shutil.ignore_patterns("*.safetensors", "*.part")


def promote(model: Path, models: Path, reason: str) -> str:
    """Copy ``model`` below ``models`` unless it lies there, and name it in CURRENT; returns its name.

    Raises ModelError when the directory is not whole, or another one of that name is already there.
    """
    manifest = open_model_dir(model)
    if Path(manifest.name).name != manifest.name or manifest.name.startswith("."):
        raise ModelError(f"{model}: the manifest's name is no name of a directory")
    target = models / manifest.name
    if target.resolve() != model.resolve():
        if target.exists():
            raise ModelError(f"{target} is already there; give the new model another name")
        partial = models / f".{manifest.name}.part"
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(model, partial, ignore=_NOT_SHIPPED)
        open_model_dir(partial)
        partial.replace(target)
    current = models / "CURRENT"
    pending = models / "CURRENT.part"
    pending.write_text(manifest.name + "\n", encoding="utf-8")
    pending.replace(current)
    with open(models / "HISTORY", "a", encoding="utf-8") as history:
        day = datetime.datetime.now(datetime.UTC).date().isoformat()
        history.write(f"{day}\t{manifest.name}\t{' '.join(reason.split())}\n")
    return manifest.name

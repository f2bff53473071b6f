"""Puts the model that models/CURRENT names into the wheel, as piiguard/_models; the other models stay outside."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ModelHook(BuildHookInterface[Any]):
    """Called by hatchling for each wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return  # the checkout itself is read: piiguard.model_dir.default_model_dir
        models = Path(self.root) / "models"
        name = (models / "CURRENT").read_text(encoding="utf-8").strip()
        for file in ("CURRENT", name):
            build_data["force_include"][str(models / file)] = f"piiguard/_models/{file}"

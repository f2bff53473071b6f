"""ModelsSwitch: which model is in use. One line in models/CURRENT, replaced by rename; a worse model is refused."""

import os
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.config import BotConfig
from bot.errors import ForbiddenError, NotFoundError, ReviewError
from bot.model_reports import ModelInfo, compare, read_model, read_models
from bot.records import Person
from bot.store import Store
from piiguard.errors import ModelError
from piiguard.model_dir import default_model_dir

CURRENT: Final = "CURRENT"
HISTORY: Final = "HISTORY"
_MAX_REASON: Final = 200
_switching = threading.Lock()


@dataclass(frozen=True, slots=True)
class Use:
    """When a model came into use, and why. ``day`` as in 2026-11-24."""

    day: str
    name: str
    reason: str


class ModelsSwitch:
    """Reads and changes what CURRENT of ``models`` names. Running workers take it up (``LiveGuard``)."""

    def __init__(self, models: Path, store: Store) -> None:
        self._models = models
        self._store = store

    def current(self) -> str:
        """The name of the model in use, "" where none is named."""
        try:
            return (self._models / CURRENT).read_text(encoding="utf-8").strip()
        except OSError:
            return ""

    def models(self) -> list[ModelInfo]:
        """All models beside it, the newest first."""
        return read_models(self._models)

    def model(self, name: str) -> ModelInfo:
        """One of them. Raises: NotFoundError."""
        path = self._models / name
        if not name or Path(name).name != name or name.startswith(".") or not path.is_dir():
            raise NotFoundError("There is no such model")
        return read_model(path)

    def history(self) -> list[Use]:
        """Which model was in use from when on, oldest first."""
        try:
            lines = (self._models / HISTORY).read_text(encoding="utf-8").splitlines()
        except OSError:
            return []
        rows = (line.split("\t", 2) for line in lines)
        return [Use(row[0], row[1], row[2]) for row in rows if len(row) == 3]

    def before(self) -> str:
        """The model to roll back to: the last other one in use that still stands here whole; "" for none."""
        current = self.current()
        for use in reversed(self.history()):
            if use.name == current:
                continue
            try:
                if not self.model(use.name).problem:
                    return use.name
            except NotFoundError:
                continue
        return ""

    def promote(self, name: str, by: Person, reason: str) -> str:
        """Put a model into use. One that was in use before may come back whatever its numbers say.

        Raises: ForbiddenError; NotFoundError; ReviewError for a model that is worse, not whole, or in use already.
        """
        _require(by)
        reason = " ".join(reason.split())[:_MAX_REASON]
        if not reason:
            raise ReviewError("say why it comes into use", "reason")
        with _switching:
            new, current = self.model(name), self.current()
            if name == current:
                raise ReviewError(f"{name} is in use already")
            if new.problem:
                raise ReviewError(f"{name} is not whole: {new.problem}")
            if name not in {use.name for use in self.history()} and current:
                failed = [
                    gate for gate in compare(self.model(current), new).gates if not gate.is_ok
                ]
                if failed:
                    reasons = "; ".join(f"{gate.title.lower()}: {gate.text}" for gate in failed)
                    raise ReviewError(f"{name} is refused ({reasons})")
            self._switch(name, reason, by, "model.promoted")
        return name

    def roll_back(self, by: Person, reason: str = "") -> str:
        """Put the model before the current one back into use; gives its name.

        Raises: ForbiddenError; ReviewError where there is none.
        """
        _require(by)
        reason = " ".join(reason.split())[:_MAX_REASON] or "Rolled back"
        with _switching:
            name = self.before()
            if not name:
                raise ReviewError("no model that was in use before stands here whole")
            self._switch(name, reason, by, "model.rolled_back")
        return name

    def _switch(self, name: str, reason: str, by: Person, action: str) -> None:
        pending = self._models / f".{CURRENT}.{os.getpid()}.part"
        before = self.current()
        try:
            with open(pending, "w", encoding="utf-8") as file:
                file.write(name + "\n")
                file.flush()
                os.fsync(file.fileno())
            with self._store.transaction() as tx:
                self._store.audit.append(
                    tx, by.tenant, by.id, action, name, before=before, reason=reason
                )
                # the last step: where it fails, no row says that it was done
                pending.replace(self._models / CURRENT)
            with open(self._models / HISTORY, "a", encoding="utf-8") as history:
                history.write(f"{datetime.now(UTC).date().isoformat()}\t{name}\t{reason}\n")
        except OSError as error:
            pending.unlink(missing_ok=True)
            why = error.strerror or type(error).__name__
            raise ReviewError(f"the models' directory cannot be written ({why})") from None


def switch_of(config: BotConfig, store: Store) -> ModelsSwitch | None:
    """The switch of an installation; None where PIIGUARD_MODEL names the model, or none is installed."""
    if config.model is not None:
        return None
    try:
        return ModelsSwitch(default_model_dir().parent, store)
    except ModelError:
        return None


def _require(by: Person) -> None:
    if not by.may("ml", "admin"):
        raise ForbiddenError("Only an ML engineer or an admin changes the model in use")

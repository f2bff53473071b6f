"""TrainConfig: everything a run depends on, read once from TOML."""

import tomllib
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

CONFIGS = Path(__file__).parent / "configs"


class ConfigError(ValueError):
    """A configuration file with a mistake; names file and key."""


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """One run, from data to model directory.

    Attributes:
        base: path or hub id of the encoder; empty for the MiniLM of the pinned package.
        n_examples: how many examples ``generate`` draws from the templates.
        negatives: the share of them that holds no personal data.
        mix: how many examples each public set gives, by its name ("irc", "wnut17"); see ``recipe.py``.
        epochs, batch_size, learning_rate, warmup, dropout, weight_decay: of the fine-tuning.
        max_tokens, stride, max_context: of ``piiguard.encoding.Encoder``.
        context_dropout: how often a training example loses its context.
        holdout: the share of templates, whole groups, kept back to calibrate on.
    """

    name: str = "small"
    seed: int = 13
    base: str = ""
    n_examples: int = 60_000
    negatives: float = 0.3
    epochs: float = 2.0
    batch_size: int = 32
    learning_rate: float = 1.5e-4
    warmup: float = 0.06
    dropout: float = 0.1
    weight_decay: float = 0.01
    max_tokens: int = 256
    stride: int = 48
    max_context: int = 80
    context_dropout: float = 0.15
    holdout: float = 0.06
    mix: dict[str, int] = field(default_factory=dict)

    @property
    def encoder(self) -> dict[str, int]:
        return {
            "max_tokens": self.max_tokens,
            "stride": self.stride,
            "max_context": self.max_context,
        }

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def read_config(name: str, *, seed: int | None = None) -> TrainConfig:
    """The configuration of that name in ``configs/``, or of that file; ``seed`` overrides the file's."""
    path = Path(name) if name.endswith(".toml") else CONFIGS / f"{name}.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        known = ", ".join(sorted(p.stem for p in CONFIGS.glob("*.toml")))
        raise ConfigError(f"{path}: no such configuration; there are: {known}") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from None
    known_keys = {f.name: f.type for f in fields(TrainConfig)}
    if unknown := sorted(set(data) - set(known_keys)):
        raise ConfigError(
            f"{path}: unknown key {unknown[0]}; expected one of: {', '.join(known_keys)}"
        )
    defaults = TrainConfig()
    for key, value in data.items():
        expected = type(getattr(defaults, key))
        if not _fits(value, expected):
            raise ConfigError(f"{path}: {key} must be {expected.__name__}")
    for name, number in data.get("mix", {}).items():
        if not _fits(number, int):
            raise ConfigError(f"{path}: mix.{name} must be int")
    config = TrainConfig(**{"name": path.stem, **data})
    return config if seed is None else replace(config, seed=seed)


def _fits(value: object, expected: type) -> bool:
    # To Python true is an int, to whoever wrote the file it is not.
    numbers = (int, float) if expected is float else expected
    return isinstance(value, numbers) and not isinstance(value, bool)

"""``piiguard model``: what a model directory says of itself, and whether it is whole."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from piiguard.cli.options import json_option

_DIR = click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))


@click.group()
def model() -> None:
    """Show, check and list model directories. DIR is the current one unless given."""


@model.command()
@_DIR
@json_option
def show(directory: Path | None, as_json: bool) -> None:
    """Print the manifest, and the headline numbers of the report."""
    from piiguard.model_dir import default_model_dir, open_model_dir

    manifest = open_model_dir(directory or default_model_dir())
    report = _report(manifest.path)
    if as_json:
        data = {**asdict(manifest), "path": str(manifest.path), "report": report}
        click.echo(json.dumps(data, indent=1))
        return
    size = sum((manifest.path / name).stat().st_size for name in manifest.sha256)
    click.echo(f"{manifest.name}  ({manifest.path})")
    click.echo(f"parent       {manifest.parent}")
    click.echo(f"seed         {manifest.seed}")
    click.echo(f"data         {manifest.data_fingerprint}")
    click.echo(f"encoder      {_pairs(manifest.encoder)}")
    click.echo(f"calibration  {_pairs(manifest.calibration)}")
    click.echo(
        f"size         {size / 1e6:.1f} MB in {len(manifest.sha256)} files, each as in its sha256"
    )
    for name, value in _numbers(report):
        click.echo(f"{name:<12} {value}")
    click.echo("\nlabel               threshold")
    for label in manifest.labels:
        threshold = manifest.thresholds.get(label)
        click.echo(f"{label:<19} {'default' if threshold is None else f'{threshold:.3f}'}")


@model.command()
@_DIR
def verify(directory: Path | None) -> None:
    """Check every byte against the manifest; exit 2 when one differs."""
    from piiguard.model_dir import default_model_dir, open_model_dir

    manifest = open_model_dir(directory or default_model_dir())
    click.echo(f"{manifest.name}: {len(manifest.sha256)} files, all as in the manifest")


@model.command("list")
@click.argument("directory", metavar="[MODELS]", required=False, type=click.Path(path_type=Path))
def list_models(directory: Path | None) -> None:
    """List the models beside the current one, which has a star."""
    from piiguard.errors import ModelError
    from piiguard.model_dir import MANIFEST, default_model_dir

    current: str | None = None
    if directory is None:
        path = default_model_dir()
        directory, current = path.parent, path.name
    elif (directory / "CURRENT").is_file():
        current = (directory / "CURRENT").read_text(encoding="utf-8").strip()
    if not directory.is_dir():
        raise ModelError(f"{directory}: no such folder of models")
    names = sorted(path.parent.name for path in directory.glob(f"*/{MANIFEST}"))
    if not names:
        raise ModelError(f"{directory}: holds no model directory")
    for name in names:
        click.echo(f"{'*' if name == current else ' '} {name}")


def _report(path: Path) -> Any:
    """The report of the trainer, None where there is none that can be read."""
    try:
        return json.loads((path / "report.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _numbers(report: Any) -> list[tuple[str, str]]:
    """Strict F1, leaked characters and false flags, wherever in the report a data set has them."""
    rows: list[tuple[str, str]] = []

    def walk(node: Any, name: str) -> None:
        if not isinstance(node, dict):
            return
        strict = node.get("strict")
        if isinstance(strict, dict) and "f1" in strict:
            rows.append(
                (
                    name or "report",
                    f"strict F1 {strict['f1']}, leaked {node.get('leaked_char_share')}, "
                    f"false flags per 1,000 {node.get('false_flags_per_1000')}, "
                    f"{node.get('messages')} messages",
                )
            )
            return
        for key, value in node.items():
            walk(value, str(key))

    walk(report, "")
    return rows


def _pairs(mapping: Any) -> str:
    return ", ".join(f"{key} {value}" for key, value in mapping.items())

"""A model directory from a run: graph, tokenizer, manifest, report, card."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from piiguard.examples import read_examples
from piiguard.labels import LABELS
from piiguard.model_dir import Manifest, open_model_dir, write_manifest
from piiguard.onnx_detector import OnnxDetector
from training.calibrate import calibrate
from training.card import model_card, renew_readme
from training.config import TrainConfig
from training.dataset import fingerprint, make_encoder
from training.evaluate import Report
from training.export import export_onnx
from training.recipe import Data

_HF_FILES = ("config.json", "tokenizer.json", "tokenizer_config.json")
RUN_FILE = "run.json"


def assemble(config: TrainConfig, folder: Path, name: str) -> Path:
    """``folder``/checkpoint -> ``folder``/``name``, complete but for its thresholds, report and card."""
    checkpoint, target = folder / "checkpoint", folder / name
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for file in _HF_FILES:
        shutil.copyfile(checkpoint / file, target / file)
    export_onnx(checkpoint, target)
    train = list(read_examples(Data(folder).train))
    sources: dict[str, int] = {}
    for example in train:
        source = str(example.meta.get("source") or example.origin)
        sources[source] = sources.get(source, 0) + 1
    run = {"config": config.to_json(), "n_train": len(train), "sources": sources}
    (folder / RUN_FILE).write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")
    manifest = Manifest(
        name=name,
        labels=tuple(LABELS),
        thresholds=dict.fromkeys(LABELS, 0.5),
        calibration={"temperature": 1.0},
        encoder=config.encoder,
        sha256={},
        data_fingerprint=fingerprint(train),
        seed=config.seed,
        parent=config.base or "all-MiniLM-L6-v2",
    )
    write_manifest(target, manifest)
    return target


def calibrate_model(config: TrainConfig, folder: Path, name: str) -> tuple[float, dict[str, float]]:
    """Measure temperature and thresholds on the held-back examples and write them into the manifest."""
    target = folder / name
    manifest = open_model_dir(target)
    plain = replace(manifest, calibration={"temperature": 1.0})
    held = list(read_examples(Data(folder).held))
    encoder = make_encoder(str(target / "tokenizer.json"), config)
    temperature, thresholds = calibrate(OnnxDetector(plain), encoder, held)
    write_manifest(
        target,
        replace(manifest, calibration={"temperature": temperature}, thresholds=thresholds),
    )
    return temperature, thresholds


def add_report(
    target: Path,
    report: Report,
    config: TrainConfig,
    readme: Path | None,
    before: Sequence[Path] = (),
) -> None:
    """Write report.json and the card into the model directory, and the result table of the README.

    ``before``: the directories of the runs whose checkpoints this one went on from, in order.
    """
    manifest = open_model_dir(target)
    report.write(target / "report.json")
    files = [folder / RUN_FILE for folder in (*before, target.parent)]
    runs = [json.loads(file.read_text(encoding="utf-8")) for file in files if file.is_file()]
    run = _joined(runs) if runs else {}
    (target / "README.md").write_text(model_card(manifest, report, run), encoding="utf-8")
    write_manifest(target, manifest)
    if readme:
        renew_readme(readme, report)


def _joined(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The last run's record, with the examples of all stages counted together."""
    sources: dict[str, int] = {}
    for run in runs:
        for source, n in run["sources"].items():
            sources[source] = sources.get(source, 0) + n
    stages = [run["config"]["name"] for run in runs]
    return {**runs[-1], "sources": sources, "n_train": sum(sources.values()), "stages": stages}

"""The verbs of `python -m training`, one function each. Everything a run makes lies below its ``--out``."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from training.config import TrainConfig, read_config

#: Where the public sets lie when nothing is said: beside the checkout, if there.
CORPORA_DIR = Path(__file__).parents[2] / "shared" / "data" / "train"
MODELS = Path(__file__).parents[1] / "models"


def _common(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--seed", type=int, help="In place of the configuration's."),
        click.option(
            "--out",
            type=click.Path(path_type=Path),
            help="Directory of the run. Default: work/CONFIG.",
        ),
        click.option("--config", "config_name", default="small", show_default=True,
                     help="A name in training/configs, or a TOML file."),
    ):  # fmt: skip
        command = option(command)
    return command


def _open(config_name: str, out: Path | None, seed: int | None) -> tuple[TrainConfig, Path]:
    config = read_config(config_name, seed=seed)
    folder = out or Path("work") / config.name
    folder.mkdir(parents=True, exist_ok=True)
    return config, folder


_data = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=CORPORA_DIR if CORPORA_DIR.is_dir() else None,
    help="Folder of the public sets; templates alone where there is none.",
)


@click.command()
@_common
@_data
def generate(config_name: str, out: Path | None, seed: int | None, data: Path | None) -> None:
    """Fill the templates, mix in the public sets: train.jsonl and held.jsonl."""
    from training.recipe import build

    config, folder = _open(config_name, out, seed)
    if data is None:
        click.echo("no folder of public sets (--data): templates alone", err=True)
    n_train, n_held = build(config, folder, data)
    click.echo(f"{folder}: {n_train} examples to train on, {n_held} held back")


@click.command("weak-label")
@_common
@_data
@click.option("--model", type=click.Path(path_type=Path), help="A model directory that votes too.")
@click.option("-n", "limit", type=int, default=0, help="Only the first N lines of each set.")
def weak_label(
    config_name: str, out: Path | None, seed: int | None, data: Path | None,
    model: Path | None, limit: int,
) -> None:  # fmt: skip
    """Let Presidio, the rules and name lists vote on real chat: weak-irc.jsonl, weak-gitter.jsonl."""
    from training.weak_sets import label_chat

    _, folder = _open(config_name, out, seed)
    if data is None:
        raise click.UsageError("weak-label needs the public sets: --data FOLDER")
    for name, counts in label_chat(data, folder, model, limit):
        click.echo(f"{name}: {json.dumps(counts)}")


@click.command()
@_data
def corpora(data: Path | None) -> None:
    """Check the public sets: source, licence, sha256, and what their labels become."""
    from training.corpora import CORPORA, CorpusError, read_corpus

    failed = False
    for corpus in CORPORA.values():
        try:
            if data is None:
                raise CorpusError("no folder named (--data)")
            n = n_spans = 0
            for example in read_corpus(corpus.name, data):
                n, n_spans = n + 1, n_spans + len(example.spans)
            state = f"{n} texts, {n_spans} spans"
        except CorpusError as error:
            state, failed = str(error), True
        click.echo(f"{corpus.name:20} {corpus.licence:13} {corpus.labels:22} {state}")
    sys.exit(1 if failed else 0)


@click.command()
@_common
@click.option("--start-from", default="", help="A checkpoint to go on from, not the base encoder.")
def finetune(config_name: str, out: Path | None, seed: int | None, start_from: str) -> None:
    """Train on train.jsonl; goes on where an earlier run was cut off. Writes checkpoint/."""
    from piiguard.examples import read_examples
    from training import finetune as trainer
    from training.recipe import Data

    config, folder = _open(config_name, out, seed)
    trainer.limit_threads()
    train = list(read_examples(Data(folder).train))
    held = list(read_examples(Data(folder).held))
    click.echo(str(trainer.finetune(config, train, held[:1000], folder, start_from=start_from)))


@click.command()
@_common
@click.option("--name", default="piiguard-en-0", show_default=True, help="Name of the model.")
@click.option("--fp32", is_flag=True, help="Also write the graph before it is quantized.")
def export(config_name: str, out: Path | None, seed: int | None, name: str, fp32: bool) -> None:
    """checkpoint/ -> NAME/: ONNX, int8, checked against torch. Thresholds follow with calibrate."""
    from training.assemble import assemble

    config, folder = _open(config_name, out, seed)
    click.echo(str(assemble(config, folder, name)))
    if fp32:
        from training.export import export_onnx

        click.echo(str(export_onnx(folder / "checkpoint", folder, int8=False)))


@click.command()
@_common
@click.option("--name", default="piiguard-en-0", show_default=True, help="Name of the model.")
def calibrate(config_name: str, out: Path | None, seed: int | None, name: str) -> None:
    """Temperature and thresholds from held.jsonl, into the manifest of NAME/."""
    from training.assemble import calibrate_model

    config, folder = _open(config_name, out, seed)
    temperature, thresholds = calibrate_model(config, folder, name)
    click.echo(f"temperature {temperature}; thresholds {json.dumps(thresholds)}")


@click.command()
@click.argument("data", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--model", type=click.Path(path_type=Path), help="Model directory. Default: CURRENT.")
@click.option("--presidio", is_flag=True, help="Measure Presidio in place of a model.")
@click.option("--rules-only", is_flag=True, help="Measure the rules without a model.")
@click.option("-o", "output", type=click.Path(path_type=Path), help="Write the report here (JSON).")
@click.option("--markdown", type=click.Path(path_type=Path), help="Write its tables here.")
def evaluate(
    data: tuple[Path, ...], model: Path | None, presidio: bool, rules_only: bool,
    output: Path | None, markdown: Path | None,
) -> None:  # fmt: skip
    """Score a detector on example files: strict, overlap, leaks, flags, per label, with intervals."""
    from training.card import tables
    from training.detectors import open_detector
    from training.evaluate import evaluate_files

    detector, name = open_detector(model, presidio=presidio, rules_only=rules_only)
    command = "python -m training evaluate " + " ".join(p.name for p in data)
    report = evaluate_files(detector, name, data, command)
    if output:
        report.write(output)
    if markdown:
        markdown.write_text(tables(report), encoding="utf-8")
    click.echo(tables(report))


@click.command()
@click.option("--model", type=click.Path(path_type=Path), help="Model directory. Default: CURRENT.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=CORPORA_DIR.parent if CORPORA_DIR.is_dir() else None,
    help="Folder of dev, bench and train.",
)
@click.option(
    "--verdicts",
    type=click.Path(path_type=Path, exists=True),
    help="What a reader said of the flags on real chat.",
)
@click.option(
    "-o", "output", type=click.Path(path_type=Path), help="Write the page here (Markdown)."
)
@click.option(
    "--json", "json_output", type=click.Path(path_type=Path), help="Write all numbers here."
)
def bars(
    model: Path | None,
    data: Path | None,
    verdicts: Path | None,
    output: Path | None,
    json_output: Path | None,
) -> None:
    """Measure a model on every development set and compare it with its bars; exit 1 when one is missed."""
    from training import bars as measured

    if data is None:
        raise click.UsageError("bars needs the development sets: --data FOLDER")
    found = measured.measure(model, data, verdicts)
    listed = measured.bars(found)
    if output:
        output.write_text(measured.page(found, listed), encoding="utf-8")
    if json_output:
        kept = {key: value for key, value in found.items() if key != "tables"}
        json_output.write_text(
            json.dumps(kept | {"bars": measured.as_rows(listed)}, indent=1) + "\n", encoding="utf-8"
        )
    for bar in listed:
        click.echo(
            f"{'met   ' if bar.is_met else 'missed'}  {bar.value:8.3f}  ({'>=' if bar.at_least else '<='} {bar.limit:g})  {bar.name}, n {bar.n}"
        )
    sys.exit(0 if all(bar.is_met for bar in listed) else 1)


@click.command()
@click.option("--model", type=click.Path(path_type=Path), help="Model directory. Default: CURRENT.")
@_data
@click.option(
    "--sheet",
    type=click.Path(path_type=Path),
    required=True,
    help="CSV of flags to read. Holds real chat.",
)
@click.option("-n", "limit", type=int, default=100, show_default=True)
def quiet(model: Path | None, data: Path | None, sheet: Path, limit: int) -> None:
    """Flag the held-back lines of real chat and write some of the flags for a person to read."""
    from training.detectors import open_detector
    from training.quiet import flagged_lines, write_sheet

    if data is None:
        raise click.UsageError("quiet needs the public sets: --data FOLDER")
    found = flagged_lines(open_detector(model)[0], data)
    n = write_sheet(found, sheet, limit)
    click.echo(
        f"{len(found.flagged)} of {found.n_lines} lines flagged, {found.per_1000:.1f} per 1,000; {n} to read in {sheet}"
    )


@click.command()
@click.argument("model", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--report", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--config", "config_name", default="small", show_default=True)
@click.option(
    "--readme", type=click.Path(path_type=Path), help="README whose result table to renew."
)
@click.option(
    "--before",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Runs it was trained on from, in order.",
)
def card(
    model: Path, report: Path, config_name: str, readme: Path | None, before: tuple[Path, ...]
) -> None:
    """Write report.json and the model card into MODEL, and the README's table, from a report."""
    from training.assemble import add_report
    from training.evaluate import Report

    add_report(model, Report.read(report), read_config(config_name), readme, before)
    click.echo(str(model / "README.md"))


@click.command()
@click.argument("model", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--reason", required=True, help="Why; kept in models/HISTORY.")
def promote(model: Path, reason: str) -> None:
    """Make MODEL the one in use: copied to models/ if it lies elsewhere, then named by CURRENT."""
    from training.promote import promote as move

    click.echo(f"CURRENT is {move(model, MODELS, reason)}")


@click.command("all")
@_common
@_data
@click.option("--name", default="piiguard-en-0", show_default=True, help="Name of the model.")
@click.pass_context
def train_all(
    context: click.Context, config_name: str, out: Path | None, seed: int | None,
    data: Path | None, name: str,
) -> None:  # fmt: skip
    """generate, finetune, export, calibrate, evaluate, one after the other."""
    shared = {"config_name": config_name, "out": out, "seed": seed}
    _, folder = _open(config_name, out, seed)
    context.invoke(generate, **shared, data=data)
    shutil.rmtree(folder / "checkpoints", ignore_errors=True)
    context.invoke(finetune, **shared, start_from="")
    context.invoke(export, **shared, name=name, fp32=False)
    context.invoke(calibrate, **shared, name=name)
    context.invoke(
        evaluate, data=(folder / "held.jsonl",), model=folder / name, presidio=False,
        rules_only=False, output=folder / "report.json", markdown=folder / "report.md",
    )  # fmt: skip
    context.invoke(
        card, model=folder / name, report=folder / "report.json", config_name=config_name,
        readme=None, before=(),
    )  # fmt: skip


VERBS = (
    generate,
    weak_label,
    corpora,
    finetune,
    export,
    calibrate,
    evaluate,
    bars,
    quiet,
    card,
    promote,
    train_all,
)

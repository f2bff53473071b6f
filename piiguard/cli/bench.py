"""``piiguard bench``: how fast and how good this install is, on this machine."""

import json
from pathlib import Path
from typing import Any

import click

from piiguard.cli.options import json_option, model_options


@click.group()
def bench() -> None:
    """Measure this install."""


@bench.command()
@click.option(
    "--messages",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Measure with these (JSON Lines), not with the sample ones.",
)
@click.option(
    "-n", "n_calls", type=click.IntRange(10), default=300, show_default=True, help="Calls per row."
)
@model_options
@json_option
def latency(
    file: Path | None, n_calls: int, model: Path | None, rules_only: bool, as_json: bool
) -> None:
    """Milliseconds a message on one thread, messages a second, memory."""
    from piiguard.bench import latency as measure
    from piiguard.examples import read_examples
    from piiguard.messages import Message

    messages = None
    if file:
        messages = [Message(e.text, e.context, e.markup) for e in read_examples(file)]
    result = measure(model, rules_only=rules_only, messages=messages, n_calls=n_calls)
    if as_json:
        click.echo(json.dumps(result, indent=1))
        return
    click.echo(f"{result['model']} on {result['machine']}; loaded in {result['load_s']} s\n")
    click.echo("one thread, one message a call        n    p50     p95     max  ms")
    names = {
        "up_to_128_tokens": "messages of at most 128 tokens",
        "full_128_tokens": "messages of 128 tokens",
        "with_context": "with the two messages before",
    }
    for key, name in names.items():
        row = result[key]
        click.echo(
            f"  {name:<31} {row['n']:>6} {row['p50_ms']:>6.2f} {row['p95_ms']:>7.2f} {row['max_ms']:>7.2f}"
        )
    click.echo()
    for key in ("batch", "batch_all_cores"):
        row = result[key]
        click.echo(
            f"batches of 64, {row['threads']} thread(s): {row['messages_per_s']:,.0f} messages/s"
        )
    memory = result["memory"]
    click.echo(
        f"memory: {memory['loaded_mb']:.0f} MB loaded, {memory['working_mb']:.0f} MB at work, "
        f"{memory['peak_mb']:.0f} MB at most"
    )


@bench.command()
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@model_options
@json_option
def accuracy(file: Path | None, model: Path | None, rules_only: bool, as_json: bool) -> None:
    """Compare with gold labels: FILE of Examples (JSON Lines, .gz too), else the sample export's."""
    from piiguard.bench import accuracy as measure
    from piiguard.bench import sample_file
    from piiguard.errors import ExampleError
    from piiguard.examples import read_examples
    from piiguard.opening import open_guard

    path = file or sample_file()
    if path is None:
        raise click.UsageError("no sample export is installed here; name a FILE of gold Examples")
    examples = list(read_examples(path))
    if not examples:
        raise ExampleError(f"{path}: expected gold Examples, found no line")
    result = measure(open_guard(model, rules_only=rules_only), examples)
    if as_json:
        click.echo(json.dumps(result, indent=1))
        return
    click.echo(f"{result['model']} on {path.name}, {result['messages']:,} messages\n")
    click.echo(f"{'':<20} precision  recall      f1  support")
    for name in ("strict", "overlap", "agnostic", "message_flag"):
        click.echo(_row(name.replace("_", " "), result[name]))
    click.echo()
    for name, row in result["per_label"].items():
        click.echo(_row(name, row))
    click.echo()
    click.echo(f"macro F1 over labels            {result['macro_f1']:.4f}")
    click.echo(f"leaked characters               {result['leaked_char_share']:.2%}")
    click.echo(f"false flags per 1,000 messages  {result['false_flags_per_1000']}")
    click.echo(
        f"clean messages with any span    {result['clean_with_any_span_per_1000']} per 1,000 "
        f"(of {result['clean_messages']:,})"
    )
    click.echo(
        f"milliseconds a message          {result['ms_per_message']} (in batches, all cores)"
    )


def _row(name: str, row: dict[str, Any]) -> str:
    return (
        f"{name:<20} {row['precision']:>9.4f} {row['recall']:>7.4f} {row['f1']:>7.4f} "
        f"{row['support']:>8,}"
    )

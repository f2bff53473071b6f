"""``piiguard redact``: text in, text out without the values."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from piiguard.cli.options import binary_stdin, model_options

if TYPE_CHECKING:
    from piiguard.guard import Guard
    from piiguard.messages import Markup
    from piiguard.redact import Redaction, Style

#: Text is read in blocks of lines, with some of what follows in sight.
BLOCK = 24_576
_AHEAD = 8_192
_CONTEXT_CHARS = 500


@click.command()
@click.argument("file", type=click.Path(path_type=Path), default="-")
@click.option(
    "--style",
    type=click.Choice(["label", "mask", "surrogate"]),
    default="label",
    show_default=True,
    help="[LABEL], bullets, or another value of the same shape.",
)
@click.option(
    "--markup",
    type=click.Choice(["plain", "slack"]),
    default="plain",
    show_default=True,
    help="How the text is written.",
)
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Another seed, other surrogates."
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write here, not to stdout.",
)
@model_options
def redact(
    file: Path,
    style: "Style",
    markup: "Markup",
    seed: int,
    output: Path | None,
    model: Path | None,
    rules_only: bool,
) -> None:
    """Replace what is personal in a text (FILE, or stdin).

    \b
    Examples:
      piiguard redact < ticket.txt
      piiguard redact log.txt --style surrogate -o log-clean.txt
    """
    from piiguard.opening import open_guard
    from piiguard.redact import Redaction
    from piiguard.reports.output import open_output
    from piiguard.sources.text_stream import open_bytes, read_chunks

    is_stdin = str(file) == "-"
    opened = nullcontext(binary_stdin()) if is_stdin else open_bytes(file)
    with opened as stream:
        guard = open_guard(model, rules_only=rules_only)
        chunks = read_chunks(stream, "stdin" if is_stdin else str(file))
        if output is None and hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(newline="")  # line ends stay as they are
        with open_output(output) as out:
            for piece in redact_stream(chunks, guard, Redaction(style, seed=seed), markup):
                out.write(piece)


def redact_stream(
    chunks: Iterable[str], guard: "Guard", redaction: "Redaction", markup: "Markup"
) -> Iterator[str]:
    """The redacted text, block by block; no block ends within a span, nor a line where that can be helped."""
    text, context = "", ""
    source = iter(chunks)
    ended = False
    while not ended or text:
        while not ended and len(text) < BLOCK + _AHEAD:
            chunk = next(source, None)
            ended = chunk is None
            text += chunk or ""
        window = text[: BLOCK + _AHEAD]
        spans = guard.detect(window, [context] if context else [], markup)
        cut = len(window)
        if cut < len(text) or not ended:
            cut = window.rfind("\n", BLOCK // 2, BLOCK) + 1 or BLOCK
            for span in spans:
                # a span over the border goes to the next block, unless it would never get smaller
                if span.start < cut < span.end:
                    cut = span.start or span.end
        yield redaction.apply(window[:cut], [span for span in spans if span.end <= cut])[0]
        context = window[max(0, cut - _CONTEXT_CHARS) : cut]
        text = text[cut:]

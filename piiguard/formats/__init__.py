"""Formats: Examples as other tools keep them, and back. One small file each; none needs the tool's own library.

    with open("corrections.json", "w", encoding="utf-8") as file:
        FORMATS["label-studio"].write(examples, file)

Offsets are half-open code points of the text as it was given, in every format. What a format has no place for rides in
a field called "piiguard" that the tool keeps or ignores; ``loses`` says what does not come back.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from piiguard.examples import Example
from piiguard.formats import (
    argilla,
    conll,
    datasets_spans,
    datasets_tokens,
    doccano,
    json_lines,
    label_studio,
    parquet,
    presidio_evaluator,
    prodigy,
    spacy_docs,
)
from piiguard.formats.records import BadRecord, OnBad

__all__ = ["FORMATS", "BadRecord", "Format", "OnBad"]

_WHITE_EDGES = "white space at the edge of a span"
_LONE = "lone surrogates: U+FFFD stands in their place"


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write Examples.

    ``write(examples, stream)`` gives their number. ``read(stream, on_bad=None)`` yields Examples; ``on_bad`` is told
    of each record that cannot be read, and reading goes on; without it the first one raises ExampleError.
    """

    name: str
    suffix: str
    title: str
    write: Callable[[Iterable[Example], Any], int]
    read: Callable[..., Iterator[Example]]
    is_binary: bool = False
    loses: str = ""


FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format("jsonl", ".jsonl", "piiguard's own JSON Lines", json_lines.write, json_lines.read),
        Format(
            "datasets",
            ".jsonl",
            "Hugging Face datasets: text and spans",
            datasets_spans.write,
            datasets_spans.read,
        ),
        Format(
            "datasets-tokens",
            ".jsonl",
            "Hugging Face datasets: tokens and ner_tags",
            datasets_tokens.write,
            datasets_tokens.read,
        ),
        Format(
            "parquet",
            ".parquet",
            "Hugging Face datasets: spans and tokens as Parquet; needs pyarrow",
            parquet.write,
            parquet.read,
            is_binary=True,
            loses=_LONE,
        ),
        Format("argilla", ".json", "Argilla 2 records", argilla.write, argilla.read),
        Format(
            "label-studio", ".json", "Label Studio tasks", label_studio.write, label_studio.read
        ),
        Format("doccano", ".jsonl", "doccano sequence labelling", doccano.write, doccano.read),
        Format("prodigy", ".jsonl", "Prodigy tasks", prodigy.write, prodigy.read),
        Format(
            "presidio-evaluator",
            ".json",
            "presidio-evaluator samples",
            presidio_evaluator.write,
            presidio_evaluator.read,
        ),
        Format(
            "spacy",
            ".jsonl",
            "spaCy documents as JSON",
            spacy_docs.write,
            spacy_docs.read,
            loses=f"nothing here; spaCy itself takes no entity with {_WHITE_EDGES}",
        ),
        Format(
            "conll",
            ".conll",
            "CoNLL: token TAB tag",
            conll.write,
            conll.read,
            loses=f"{_WHITE_EDGES}, and spans of nothing else; {_LONE}; "
            "other tools drop the comments, and with them text, id and group",
        ),
    )
}

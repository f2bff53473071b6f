"""Hugging Face datasets as Parquet: spans, and tokens with a ClassLabel, in one file. Owns pyarrow, which it needs.

The schema carries what ``datasets`` looks for, so that ``load_dataset("parquet", data_files=...)`` knows the tags' names.
"""

import json
from collections.abc import Iterable, Iterator
from typing import IO, Any

from piiguard.errors import ExampleError, PiiguardError
from piiguard.examples import Example
from piiguard.formats.datasets_tokens import token_columns
from piiguard.formats.records import BadRecord, OnBad, tell, without_lone_surrogates
from piiguard.formats.rows import example_of_row, row_of
from piiguard.labels import TAGS

_STRINGS = (
    "id", "text", "schema", "markup", "group", "origin", "meta", "decision", "model", "reviewed_at", "reviewer",
)  # fmt: skip


def write(examples: Iterable[Example], stream: IO[bytes]) -> int:
    """One table; gives the number of its rows. Raises PiiguardError without pyarrow."""
    arrow, parquet = _pyarrow()
    rows = [_clean(row_of(one) | _tags(one)) for one in examples]
    table = arrow.Table.from_pylist(rows, schema=_schema(arrow))
    parquet.write_table(table, stream, compression="zstd", store_schema=True)
    return len(rows)


def read(stream: IO[bytes], on_bad: OnBad | None = None) -> Iterator[Example]:
    """The Examples of such a table; spans count, tokens are not read."""
    arrow, parquet = _pyarrow()
    try:
        rows = parquet.read_table(stream).to_pylist()
    except (arrow.ArrowException, OSError):
        tell(on_bad, BadRecord(1, "not a Parquet file"))
        return
    for number, row in enumerate(rows, 1):
        try:
            example = example_of_row({"id": str(number), **row})
        except ExampleError as error:
            tell(on_bad, BadRecord(number, str(error)))
        except (KeyError, TypeError, ValueError) as error:
            tell(on_bad, BadRecord(number, f"a column is missing ({type(error).__name__})"))
        else:
            yield example


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise PiiguardError("Parquet needs pyarrow: pip install pyarrow") from None
    return pyarrow, pyarrow.parquet


def _tags(example: Example) -> dict[str, list[Any]]:
    columns = token_columns(example)
    return {**columns, "ner_tags": [TAGS.index(tag) for tag in columns["ner_tags"]]}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return without_lone_surrogates(value)
    if isinstance(value, list):
        return [_clean(one) for one in value]
    return {name: _clean(one) for name, one in value.items()} if isinstance(value, dict) else value


def _schema(arrow: Any) -> Any:
    string, number = arrow.string(), arrow.int64()
    span = arrow.struct([("start", number), ("end", number), ("label", string)])
    fields = [(name, string) for name in _STRINGS] + [
        ("spans", arrow.list_(span)),
        ("tokens", arrow.list_(string)),
        ("ner_tags", arrow.list_(number)),
        ("context", arrow.list_(string)),
        ("weight", arrow.float64()),
        ("prediction", arrow.list_(span)),
    ]
    features = json.dumps({"info": {"features": _features()}})
    return arrow.schema(fields, metadata={"huggingface": features})


def _features() -> dict[str, Any]:
    """The columns in the words of ``datasets``."""

    def value(dtype: str) -> dict[str, Any]:
        return {"dtype": dtype, "_type": "Value"}

    def some(feature: Any) -> dict[str, Any]:
        return {"feature": feature, "_type": "List"}

    span = {"start": value("int64"), "end": value("int64"), "label": value("string")}
    return {name: value("string") for name in _STRINGS} | {
        "spans": some(span),
        "tokens": some(value("string")),
        "ner_tags": some({"names": list(TAGS), "_type": "ClassLabel"}),
        "context": some(value("string")),
        "weight": value("float64"),
        "prediction": some(span),
    }

"""An Example as a row of columns, each of one type in all rows, as tables want it: ``meta`` is JSON in a string."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from piiguard.errors import ExampleError
from piiguard.examples import Example
from piiguard.formats.records import checked, dump


def row_of(example: Example) -> dict[str, Any]:
    """One value a column."""
    row = example.to_json()
    return {**row, "meta": dump(row["meta"])}


def example_of_row(row: Mapping[str, Any]) -> Example:
    """The Example of a row; a column without a value is none. Raises ExampleError."""
    line = {name: value for name, value in row.items() if value is not None}
    if isinstance(line.get("meta"), str):
        try:
            line["meta"] = json.loads(line["meta"])
        except json.JSONDecodeError:
            raise ExampleError('"meta" is not JSON') from None
    if type(line.get("reviewed_at")) is int:
        # ``datasets`` takes the string for a time, and writes milliseconds
        at = datetime.fromtimestamp(line["reviewed_at"] / 1000, UTC)
        line["reviewed_at"] = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return checked(line)

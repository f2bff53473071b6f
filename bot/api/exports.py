"""Exports by the API: corrections as a file, with surrogates or without any text. Real values leave by the console only."""

import importlib.util
import io
from typing import Annotated, Final, Literal

from pydantic import Field

from bot.api.operations import Call, File, Operation
from bot.api.shapes import Moment, OneOf, Shape
from bot.correction_truth import TRUTHS
from bot.corrections import export_corrections
from piiguard.formats import FORMATS

#: What this machine can write.
NAMES: Final = tuple(
    name for name in FORMATS if name != "parquet" or importlib.util.find_spec("pyarrow")
)


class ExportOrder(Shape):
    """Which decisions, in which format. ``since`` and ``until`` are about the decision, half-open."""

    since: Moment | None = None
    until: Moment | None = None
    decisions: tuple[Annotated[str, OneOf(tuple(TRUTHS))], ...] = Field(
        (), max_length=len(TRUTHS), description="All of them when empty."
    )
    format: Annotated[str, OneOf(NAMES)] = "jsonl"
    mode: Literal["surrogates", "offsets_only"] = "surrogates"


def export(call: Call) -> File:
    """The file. The same reviews give the same bytes."""
    order: ExportOrder = call.body
    body = io.BytesIO()
    done = export_corrections(
        call.parts.store,
        call.tenant,
        body,
        since=order.since,
        until=order.until,
        decisions=order.decisions,
        fmt=order.format,
        mode=order.mode,
        by=call.by,
        surface="api",
    )
    return File(
        body.getvalue(),
        f"corrections-{done.sha256[:16]}{FORMATS[order.format].suffix}",
        {
            "X-Piiguard-Sha256": done.sha256,
            "X-Piiguard-Count": str(done.n),
            "X-Piiguard-Skipped": str(done.n_skipped),
            "X-Piiguard-Conflicts": str(done.n_conflicts),
        },
    )


OPERATIONS = (
    Operation(
        "export_corrections", "POST", "/api/v1/exports", "Corrections as a file to train with",
        "export", export, File, body=ExportOrder, cost=20.0,
        description="Signed decisions that stand. Values are replaced by surrogates of the same kind; each export "
        "writes an audit row.",
        headers={
            "X-Piiguard-Sha256": "The file's sha256.",
            "X-Piiguard-Count": "How many corrections it holds.",
            "X-Piiguard-Skipped": "How many messages were left out.",
            "X-Piiguard-Conflicts": "How many messages wait until reviewers agree; none of them is in the file.",
        },
    ),
)  # fmt: skip

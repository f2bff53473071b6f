"""Shapes: what the bodies, queries and answers of the API are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    StringConstraints,
    ValidationError,
)
from pydantic_core import CoreSchema, core_schema

from piiguard.labels import LABELS, SEVERITIES

#: The largest number of a flag or a value; databases know no larger ones.
MAX_NUMBER = (1 << 31) - 1


class Shape(BaseModel):
    """A JSON object. Unknown fields are refused, so that a typing error is noticed."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, hide_input_in_errors=True
    )


@dataclass(frozen=True, slots=True)
class OneOf:
    """Text that is one of some names."""

    names: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # fmt: skip
        return core_schema.literal_schema(list(self.names))


def _sensible(value: datetime) -> datetime:
    # before anything is converted: the first and last years overflow
    if not 2000 <= value.year <= 9000:
        raise ValueError("expected a year between 2000 and 9000")
    return value.astimezone(UTC)


LabelName = Annotated[str, OneOf(tuple(LABELS))]
SeverityName = Annotated[str, OneOf(SEVERITIES)]
Moment = Annotated[AwareDatetime, AfterValidator(_sensible)]
SlackId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,32}$")]
#: One line without control characters, which PostgreSQL does not take in a column of text.
Line = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
ModelName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,80}$")]
Cursor = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,300}$")]
Number = Annotated[int, Field(ge=1, le=MAX_NUMBER)]
Offset = Annotated[int, Field(ge=0, le=MAX_NUMBER)]


class Detail(Shape):
    """A thing that is wrong: ``where`` in the request (a path of field names, "line 3" of a policy), and why."""

    where: str
    reason: str


class Problem(Shape):
    """What every refusal says. It never repeats what was sent."""

    error: str
    problems: tuple[Detail, ...] = ()


class RequestError(Exception):
    """A request that does not fit its declaration, for an answer 400."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.error)
        self.problem = problem


def refusal(error: ValidationError) -> RequestError:
    """A validation error in words that hold no input: neither values nor names of unknown fields."""
    found = [
        _detail(one) for one in error.errors(include_url=False, include_input=False)
    ][:20]  # fmt: skip
    first = found[0]
    place = f"{first.where}: " if first.where else ""
    return RequestError(
        Problem(error=f"the request does not fit: {place}{first.reason}", problems=tuple(found))
    )


def _detail(error: Mapping[str, Any]) -> Detail:
    kind, where, reason = error["type"], list(error["loc"]), str(error["msg"])
    if kind == "extra_forbidden":  # the last step is a name that came in
        where, reason = where[:-1], "unknown field"
    elif kind in ("union_tag_invalid", "union_tag_not_found"):
        reason = "expected a known " + str(error["ctx"].get("discriminator", "kind")).strip("'")
        if "expected_tags" in error["ctx"]:
            reason += f": one of {error['ctx']['expected_tags']}"
    elif kind == "json_invalid":
        reason = "not valid JSON"
    elif kind == "value_error":
        reason = reason.removeprefix("Value error, ")
    return Detail(where=".".join(str(step) for step in where), reason=reason)

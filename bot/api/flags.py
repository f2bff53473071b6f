"""Flags and values by the API: lists and single ones, masked. Text is in none of them; nothing reveals it here."""

from typing import Annotated, Literal

from pydantic import Field

from bot.api.flag_shapes import (
    FlagShape,
    ReviewShape,
    StateName,
    ValueShape,
    flag_shape,
    review_shape,
    value_shape,
)
from bot.api.operations import Call, Operation
from bot.api.shapes import (
    Cursor,
    LabelName,
    Line,
    ModelName,
    Moment,
    Number,
    OneOf,
    SeverityName,
    Shape,
    SlackId,
)
from bot.api.tokens import names_of
from bot.store.queue import ORDERS, FlagQuery

_SNOOZED = {"exclude": False, "only": True, "include": None}


class FlagPage(Shape):
    """Some flags. ``next`` and ``prev`` are cursors for ``after`` and ``before``; "" at an end."""

    flags: tuple[FlagShape, ...]
    next: str
    prev: str


class FlagDetail(Shape):
    """A flag with what was said about it, oldest first, and the values it holds."""

    flag: FlagShape
    reviews: tuple[ReviewShape, ...]
    values: tuple[ValueShape, ...]


class ValueList(Shape):
    """Values of several flags of which some wait, most of them first."""

    values: tuple[ValueShape, ...]


class FlagFilter(Shape):
    """Which flags. What is not given does not filter; several of one kind mean any of them."""

    state: tuple[StateName, ...] = ()
    severity: tuple[SeverityName, ...] = ()
    label: tuple[LabelName, ...] = ()
    channel: tuple[SlackId, ...] = ()
    author: SlackId | None = None
    assignee: Line | None = Field(None, description="A person's name; empty for nobody's.")
    source: Literal["rule", "model", "report", "person"] | None = None
    model: ModelName | None = None
    score_min: Annotated[float, Field(ge=0, le=1)] | None = None
    score_max: Annotated[float, Field(ge=0, le=1)] | None = Field(None, description="Not included.")
    opened_after: Moment | None = None
    opened_before: Moment | None = Field(None, description="Not included.")
    value: Number | None = Field(None, description="The number of a value.")
    answered: bool | None = Field(None, description="Whether the author has answered.")
    snoozed: Literal["exclude", "only", "include"] = "exclude"
    order: Annotated[str, OneOf(ORDERS)] = "risk"
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    after: Cursor | None = None
    before: Cursor | None = None


class ValueFilter(Shape):
    """How many."""

    limit: Annotated[int, Field(ge=1, le=100)] = 20


def query_of(asked: FlagFilter) -> FlagQuery:
    """The store's filter."""
    return FlagQuery(
        states=asked.state,
        severities=asked.severity,
        labels=asked.label,
        channels=asked.channel,
        user_id=asked.author or "",
        assignee=asked.assignee,
        source=asked.source or "",
        model=asked.model or "",
        score_min=asked.score_min,
        score_max=asked.score_max,
        opened_after=asked.opened_after,
        opened_before=asked.opened_before,
        value=asked.value,
        answered=asked.answered,
        snoozed=_SNOOZED[asked.snoozed],
    )


def list_flags(call: Call) -> FlagPage:
    """A page of the queue."""
    asked: FlagFilter = call.query
    found = call.parts.store.queue.page(
        call.tenant,
        query_of(asked),
        asked.order,
        asked.limit,
        after=asked.after or "",
        before=asked.before or "",
    )
    policy = call.parts.policies.current()
    return FlagPage(
        flags=tuple(flag_shape(flag, policy) for flag in found.flags),
        next=found.next,
        prev=found.prev,
    )


def get_flag(call: Call) -> FlagDetail:
    """One flag."""
    store = call.parts.store
    flag = store.flags.by_number(call.path["number"], call.tenant)
    names = names_of(store, call.tenant)
    return FlagDetail(
        flag=flag_shape(flag, call.parts.policies.current()),
        reviews=tuple(
            review_shape(one, names) for one in store.reviews.of_flag(flag.id, call.tenant)
        ),
        values=tuple(value_shape(one) for one in store.value_groups.of_flag(flag.id, call.tenant)),
    )


def list_values(call: Call) -> ValueList:
    """The largest groups."""
    found = call.parts.store.value_groups.largest(call.tenant, call.query.limit)
    return ValueList(values=tuple(value_shape(one) for one in found))


def get_value(call: Call) -> ValueShape:
    """One group."""
    return value_shape(call.parts.store.value_groups.get(call.tenant, call.path["number"]))


OPERATIONS = (
    Operation(
        "list_flags", "GET", "/api/v1/flags", "Flags by filter and order, page by page",
        "read", list_flags, FlagPage, query=FlagFilter,
    ),
    Operation(
        "get_flag", "GET", "/api/v1/flags/{number}", "A flag with its reviews and values",
        "read", get_flag, FlagDetail,
    ),
    Operation(
        "list_values", "GET", "/api/v1/values", "Values that stand in several flags, some pending",
        "read", list_values, ValueList, query=ValueFilter,
    ),
    Operation(
        "get_value", "GET", "/api/v1/values/{number}", "A value by its number",
        "read", get_value, ValueShape,
        description="Its flags: /api/v1/flags?value=NUMBER.",
    ),
)  # fmt: skip

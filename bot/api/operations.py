"""Operation: one declaration of a path. What checks a request, writes its answer and documents both."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from pydantic import TypeAdapter

from bot.api.shapes import Shape
from bot.build import Parts
from bot.records import Person
from bot.store.api_tokens import ApiToken, Scope


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a token, and the person that decisions are written down to."""

    token: ApiToken
    person: Person

    @property
    def tenant(self) -> str:
        """The only workspace that the token knows."""
        return self.token.tenant


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was checked: query, body and path as declared."""

    parts: Parts
    caller: Caller | None
    path: Mapping[str, int]
    query: Any = field(default=None, repr=False)
    body: Any = field(default=None, repr=False)
    key: str = ""

    @property
    def by(self) -> Person:
        """Who calls; only of operations with a scope."""
        assert self.caller is not None, "an operation without a scope has no caller"
        return self.caller.person

    @property
    def tenant(self) -> str:
        """Which workspace it is about; only of operations with a scope."""
        assert self.caller is not None, "an operation without a scope has no caller"
        return self.caller.tenant


@dataclass(frozen=True, slots=True)
class File:
    """An answer that is a file. ``headers`` tell what a program needs to know of it."""

    body: bytes = field(repr=False)
    name: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    """A method of a path.

    Attributes:
        path: as OpenAPI writes it: "/api/v1/flags/{number}". What is in braces is a number from 1 on.
        scope: what the token must be good for; None for an operation that anybody may call.
        run: makes the answer.
        answer: the type of the answer; ``File`` for bytes.
        query: its fields are the parameters; a field that is a tuple may be given several times.
        body: the type of the JSON body, None for none.
        cost: how many requests it counts for.
        has_key: takes the header Idempotency-Key.
        more: statuses besides those that follow from the rest, with the shape of their answer (None: Problem).
    """

    name: str
    method: Literal["GET", "POST"]
    path: str
    summary: str
    scope: Scope | None
    run: Callable[[Call], Any]
    answer: Any
    query: type[Shape] | None = None
    body: Any = None
    status: int = 200
    cost: float = 1.0
    has_key: bool = False
    more: Mapping[int, Any] = field(default_factory=dict)
    description: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def reads(self) -> TypeAdapter[Any]:
        """The reader of its body."""
        return TypeAdapter(self.body)

    @cached_property
    def writes(self) -> TypeAdapter[Any]:
        """The writer of its answer."""
        return TypeAdapter(self.answer)

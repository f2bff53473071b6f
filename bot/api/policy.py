"""Policies by the API: what another policy would have flagged. Nothing is saved; an admin does that in the console."""

from typing import Annotated

from pydantic import Field, StringConstraints

from bot.api.operations import Call, Operation
from bot.api.shapes import Detail, Problem, RequestError, Shape
from bot.policy_text import check
from bot.simulate import simulate
from piiguard.policy_file import MAX_CHARS


class Proposal(Shape):
    """A policy as YAML, to be tried on what was found in the last ``days``."""

    policy: Annotated[str, StringConstraints(max_length=MAX_CHARS)]
    days: Annotated[int, Field(ge=1, le=30)] = 7


class Moves(Shape):
    """Messages that the proposal flags and the policy in force does not, and the other way round."""

    added: int
    removed: int


class Simulated(Shape):
    """What the proposal changes. A message counts for each of its labels; channels are ids."""

    messages: int
    flagged_now: int
    flagged_then: int
    added: int
    removed: int
    by_label: dict[str, Moves]
    by_channel: dict[str, Moves]


def simulate_policy(call: Call) -> Simulated:
    """Both policies over stored spans; no text is read."""
    parts = call.parts
    proposal: Proposal = call.body
    new, mistakes = check(proposal.policy)
    if new is None:
        raise RequestError(
            Problem(
                error="this is not a policy",
                problems=tuple(
                    Detail(where=f"line {one.line}" if one.line else "", reason=one.reason)
                    for one in mistakes
                ),
            )
        )
    current = parts.policies.current()
    groups: dict[str, tuple[str, ...]] = {}
    if current.group_ids or new.group_ids:
        groups = parts.directory.groups_by_fingerprint(call.tenant)
    found = simulate(
        parts.store,
        call.tenant,
        current,
        new,
        proposal.days,
        groups_of=lambda user_fp: groups.get(user_fp, ()),
    )
    return Simulated(
        messages=found.n_messages,
        flagged_now=found.n_old,
        flagged_then=found.n_new,
        added=found.added,
        removed=found.removed,
        by_label={name: _moves(pair) for name, pair in found.by_label.items()},
        by_channel={name: _moves(pair) for name, pair in found.by_channel.items()},
    )


def _moves(pair: tuple[int, int]) -> Moves:
    return Moves(added=pair[0], removed=pair[1])


OPERATIONS = (
    Operation(
        "simulate_policy", "POST", "/api/v1/policy/simulate", "What another policy would have flagged",
        "read", simulate_policy, Simulated, body=Proposal, cost=10.0,
    ),
)  # fmt: skip

"""Tokens: who calls, by the token that the request carries. No cookie counts here, and no token in an address."""

from typing import Final

from bot.api.operations import Caller
from bot.errors import NotFoundError
from bot.records import Person, Role
from bot.store import Store
from bot.store.api_tokens import ApiToken, Scope

#: What a scope lets a token do where roles are asked for. None of them reveals a text or changes people.
ROLES_OF: Final[dict[Scope, Role]] = {"read": "viewer", "review": "reviewer", "export": "ml"}
#: What the id of a token's person begins with.
PREFIX: Final = "token:"


class NoTokenError(Exception):
    """No token, or none that is good any more, for an answer 401."""


class ScopeError(Exception):
    """A good token that was not made for this, for an answer 403."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(f"this takes a token with the scope {scope}")


def caller_of(store: Store, authorization: str) -> Caller:
    """The caller that an Authorization header names.

    A token ends with its maker: one whose account was closed is as good as none.

    Raises: NoTokenError.
    """
    kind, _, secret = authorization.partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise NoTokenError("send a token: Authorization: Bearer pg_...")
    token = store.api_tokens.find(secret.strip())
    if token is None or not _is_standing(store, token.made_by):
        raise NoTokenError("this token is unknown, expired or revoked")
    return Caller(token, person_of(token))


def person_of(token: ApiToken) -> Person:
    """The person that a token's decisions are written down to: itself, never who made it."""
    roles = frozenset(role for scope, role in ROLES_OF.items() if token.may(scope))
    return Person(PREFIX + token.id, token.tenant, f"{token.name} (API)", roles)


def names_of(store: Store, tenant: str) -> dict[str, str]:
    """What people and tokens are called, by the ids that reviews name."""
    tokens = {PREFIX + one.id: f"{one.name} (API)" for one in store.api_tokens.list(tenant)}
    return tokens | {one.id: one.name for one in store.people.list(tenant)}


def _is_standing(store: Store, person_id: str) -> bool:
    try:
        return store.people.get(person_id).is_active
    except NotFoundError:  # made on the command line
        return True

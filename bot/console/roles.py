"""Who may open a view: ``@may("reviewer", ...)``, ``@anybody``, ``@public``.

The decorators only mark a view; ``Console`` reads the mark before each request and refuses a view without one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from bot.records import Person, Role

View = TypeVar("View", bound=Callable[..., Any])

_MARK: Final = "console_access"
#: The roles as people call them.
ROLE_WORDS: Final[dict[Role, str]] = {
    "viewer": "viewer",
    "reviewer": "reviewer",
    "compliance": "privacy officer",
    "ml": "ML engineer",
    "admin": "admin",
    "auditor": "auditor",
}
ALL_ROLES: Final[tuple[Role, ...]] = tuple(ROLE_WORDS)


@dataclass(frozen=True, slots=True)
class Access:
    """Who may open a view. Without roles: everybody who is signed in, or everybody at all."""

    roles: frozenset[Role] = frozenset()
    is_public: bool = False

    def allows(self, person: Person) -> bool:
        """True when this person may."""
        return person.is_active and (not self.roles or person.may(*self.roles))


def may(*roles: Role) -> Callable[[View], View]:
    """People who have one of these roles."""
    if not roles:
        raise ValueError("name a role, or use @anybody")
    return _mark(Access(frozenset(roles)))


def anybody(view: View) -> View:
    """Everybody who is signed in."""
    return _mark(Access())(view)


def public(view: View) -> View:
    """Everybody, signed in or not."""
    return _mark(Access(is_public=True))(view)


def access_of(view: object) -> Access | None:
    """The mark of a view; None for one that nobody thought about, which nobody may open."""
    return getattr(view, _MARK, None)


def words(roles: frozenset[Role] | set[Role]) -> str:
    """Roles in a sentence: "reviewer, privacy officer"."""
    return ", ".join(ROLE_WORDS[role] for role in ROLE_WORDS if role in roles)


def _mark(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, _MARK, access)
        return view

    return mark

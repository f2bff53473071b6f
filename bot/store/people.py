"""People with a role."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, get_args

from sqlalchemy import Connection, insert, select, update

from bot.errors import BotError, NotFoundError
from bot.records import Person, Role
from bot.store.cells import new_id
from bot.store.engine import Database, clock
from bot.store.tables import people


class PersonError(BotError):
    """A person that cannot be stored as given: an unknown role, or a name that is taken."""


class People:
    """The table of people."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(
        self,
        tenant: str,
        name: str,
        roles: Iterable[Role],
        *,
        slack_user_id: str = "",
        password_hash: str = "",
    ) -> Person:
        """Store a new person. Raises: PersonError when a role is unknown, or the name or Slack user is taken."""
        person = Person(
            id=new_id(),
            tenant=tenant,
            name=name,
            roles=_checked(roles),
            slack_user_id=slack_user_id,
        )
        with self._db.transaction() as tx:
            taken = tx.execute(select(people.c.id).where(people.c.name == name)).one_or_none()
            if taken is not None:
                raise PersonError("A person of this name exists already; choose another name")
            if slack_user_id and self._by_slack(tx, tenant, slack_user_id) is not None:
                raise PersonError("This Slack user belongs to a person already")
            tx.execute(
                insert(people).values(
                    id=person.id,
                    tenant=tenant,
                    name=name,
                    roles=sorted(person.roles),
                    slack_user_id=slack_user_id or None,
                    password_hash=password_hash,
                    created_at=clock(tx),
                )
            )
        return person

    def get(self, person_id: str) -> Person:
        """Raises: NotFoundError."""
        with self._db.reading() as tx:
            row = tx.execute(select(people).where(people.c.id == person_id)).one_or_none()
        if row is None:
            raise NotFoundError("There is no such person")
        return _person(row)

    def by_slack(self, tenant: str, user_id: str) -> Person | None:
        """The person behind a Slack user, None for somebody without a role here."""
        with self._db.reading() as tx:
            row = self._by_slack(tx, tenant, user_id)
        return None if row is None else _person(row)

    def by_name(self, name: str) -> Person | None:
        """The person of a name, across tenants."""
        with self._db.reading() as tx:
            row = tx.execute(select(people).where(people.c.name == name)).one_or_none()
        return None if row is None else _person(row)

    def list(self, tenant: str) -> list[Person]:
        """The people of a tenant, by name; also those who are not active."""
        with self._db.reading() as tx:
            rows = tx.execute(
                select(people).where(people.c.tenant == tenant).order_by(people.c.name)
            ).all()
        return [_person(row) for row in rows]

    def admin_name(self, tenant: str) -> str:
        """Whom to ask for access: the Slack user id or the name of an administrator, "" where there is none."""
        admins = [person for person in self.list(tenant) if person.may("admin")]
        return next((person.slack_user_id or person.name for person in admins), "")

    def set_roles(
        self, person_id: str, roles: Iterable[Role], *, is_active: bool | None = None
    ) -> Person:
        """Give a person other roles, or end or renew them. Raises: NotFoundError, PersonError."""
        checked = _checked(roles)
        values: dict[str, Any] = {"roles": sorted(checked)}
        if is_active is not None:
            values["is_active"] = is_active
        with self._db.transaction() as tx:
            tx.execute(update(people).where(people.c.id == person_id).values(**values))
            row = tx.execute(select(people).where(people.c.id == person_id)).one_or_none()
        if row is None:
            raise NotFoundError("There is no such person")
        return replace(_person(row), roles=checked)

    def set_password_hash(self, person_id: str, password_hash: str) -> None:
        with self._db.transaction() as tx:
            tx.execute(
                update(people).where(people.c.id == person_id).values(password_hash=password_hash)
            )

    def password_hash_of(self, name: str) -> str:
        """The stored hash, "" for an unknown name or somebody without a password."""
        with self._db.reading() as tx:
            found = tx.execute(
                select(people.c.password_hash).where(
                    people.c.name == name, people.c.is_active.is_(True)
                )
            ).scalar_one_or_none()
        return found or ""

    def _by_slack(self, tx: Connection, tenant: str, user_id: str) -> Any:
        return tx.execute(
            select(people).where(people.c.tenant == tenant, people.c.slack_user_id == user_id)
        ).one_or_none()


def _checked(roles: Iterable[Role]) -> frozenset[Role]:
    given = frozenset(roles)
    unknown = given - set(get_args(Role))
    if unknown:
        raise PersonError(
            f"Unknown role {sorted(unknown)[0]!r}; expected one of {', '.join(get_args(Role))}"
        )
    return given


def _person(row: Any) -> Person:
    return Person(
        id=row.id,
        tenant=row.tenant,
        name=row.name,
        roles=frozenset(row.roles),
        slack_user_id=row.slack_user_id or "",
        is_active=row.is_active,
    )

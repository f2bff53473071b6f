"""Directory: who works here. Names for the allow-list, user groups for policy and roles, people behind a click."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from bot.policies import Policies
from bot.records import Person, Role
from bot.slack.client import Answer, Done, SlackClient, Wait
from bot.store import Store

#: How long groups and names may be out of date.
FRESH_S = 600.0
_PAGE = 200
_MAX_PAGES = 500


class Directory:
    """Colleagues and groups of each workspace, cached in memory for ten minutes. Thread-safe."""

    def __init__(
        self,
        store: Store,
        policies: Policies,
        slack_of: Callable[[str], SlackClient | None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._store = store
        self._policies = policies
        self._slack_of = slack_of
        self._clock = clock
        self._names: dict[str, tuple[float, tuple[str, ...]]] = {}
        self._groups: dict[str, tuple[float, Mapping[str, frozenset[str]]]] = {}
        self._lock = threading.Lock()

    def names(self, tenant: str) -> tuple[str, ...]:
        """The names of the colleagues, from the database."""
        with self._lock:
            read_at, names = self._names.get(tenant, (float("-inf"), ()))
        if self._clock() - read_at >= FRESH_S:
            names = tuple(self._store.directory.names(tenant))
            with self._lock:
                self._names[tenant] = (self._clock(), names)
        return names

    def groups_of(self, tenant: str, user_id: str) -> tuple[str, ...]:
        """Those of the policy's user groups that this person is in; none where Slack cannot be asked."""
        if not user_id or not self._policies.current().group_ids:
            return ()
        return tuple(
            group for group, members in self._members(tenant).items() if user_id in members
        )

    def groups_by_fingerprint(self, tenant: str) -> dict[str, tuple[str, ...]]:
        """The policy's groups of everybody in one, by the fingerprint under which the store knows them."""
        found: dict[str, tuple[str, ...]] = {}
        if self._policies.current().group_ids:
            for group, members in self._members(tenant).items():
                for user_id in members:
                    user_fp = self._store.messages.user_fp(tenant, user_id)
                    found[user_fp] = (*found.get(user_fp, ()), group)
        return found

    def person(self, tenant: str, user_id: str) -> Person | None:
        """Who a Slack user is to us: a row of ours, or a role by the policy file; None for all others."""
        if not user_id:
            return None
        known = self._store.people.by_slack(tenant, user_id)
        if known is not None and not known.is_active:
            return None
        given: frozenset[Role] = self._policies.current().roles_of(
            user_id, self.groups_of(tenant, user_id)
        )
        if known is None:
            if not given:
                return None
            return Person(f"slack:{user_id}", tenant, user_id, given, slack_user_id=user_id)
        roles = known.roles | given
        return Person(known.id, tenant, known.name, roles, known.slack_user_id)

    def refresh(self, tenant: str) -> int:
        """Read users.list into the database; how many people. 0, and nothing changed, where Slack refuses."""
        client = self._slack_of(tenant)
        if client is None:
            return 0
        entries: list[tuple[str, str]] = []
        cursor = ""
        for _ in range(_MAX_PAGES):
            answer = _patiently(client, "users.list", limit=_PAGE, cursor=cursor or None)
            if not isinstance(answer, Done):
                return 0
            for user in answer.data.get("members") or []:
                if not user.get("is_bot") and not user.get("deleted") and user.get("id"):
                    entries += [(str(user["id"]), name) for name in _names_of(user)]
            cursor = str((answer.data.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        with self._store.transaction() as tx:
            self._store.directory.replace(tx, tenant, entries)
        with self._lock:
            self._names.pop(tenant, None)
        return len({user_id for user_id, _ in entries})

    def name_of(self, tenant: str, user_id: str) -> str:
        """What to call a person; the id where no name is known."""
        return self._store.directory.name_of(tenant, user_id) or user_id

    def _members(self, tenant: str) -> Mapping[str, frozenset[str]]:
        with self._lock:
            read_at, members = self._groups.get(tenant, (float("-inf"), {}))
        wanted = self._policies.current().group_ids
        if self._clock() - read_at < FRESH_S and wanted <= set(members):
            return members
        client = self._slack_of(tenant)
        # what could not be read stays as it was: a rule for a group must not lapse with a timeout
        fresh = {group: members.get(group, frozenset()) for group in wanted}
        for group in sorted(wanted) if client else ():
            assert client is not None
            answer = client.call("usergroups.users.list", usergroup=group)
            if isinstance(answer, Done):
                fresh[group] = frozenset(str(user) for user in answer.data.get("users") or [])
        with self._lock:
            self._groups[tenant] = (self._clock(), fresh)
        return fresh


def _names_of(user: Mapping[str, Any]) -> list[str]:
    profile = user.get("profile") or {}
    names = (user.get("real_name"), profile.get("real_name"), profile.get("display_name"))
    return list(dict.fromkeys(str(name).strip() for name in names if name and str(name).strip()))


def _patiently(client: SlackClient, method: str, **args: Any) -> Answer:
    """One call, and a second one after the wait that Slack asks for, if that is short."""
    answer = client.call(method, **args)
    if isinstance(answer, Wait) and answer.seconds <= 60:
        time.sleep(answer.seconds)
        answer = client.call(method, **args)
    return answer

"""Policies: the bot's policy file, taken up again when it changes. A bad file keeps the old policy and is reported."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError

from bot.policy_sections import (
    AllowSection,
    AudienceSection,
    BotPolicyModel,
    BotsSection,
    Delivery,
    FilesSection,
    NoticesSection,
    NoticeTime,
    PeopleSection,
    RecallAuditSection,
    RetentionSection,
    RoutesSection,
    SecondReviewSection,
)
from bot.records import Role
from piiguard import Policy
from piiguard.errors import PolicyError
from piiguard.labels import Severity
from piiguard.policy_file import (
    MAX_CHARS,
    PolicyModel,
    Problem,
    explain,
    read_yaml,
    sentence,
    suggestion,
)

DELIVERY: dict[Severity, Delivery] = {
    "critical": "card",
    "high": "card",
    "medium": "digest",
    "low": "console",
}
_ROLES: dict[str, Role] = {
    "viewers": "viewer",
    "reviewers": "reviewer",
    "compliance": "compliance",
    "ml": "ml",
    "admins": "admin",
    "auditors": "auditor",
}
#: How often the file's time stamp is looked at.
LOOK_S = 2.0


@dataclass(frozen=True, slots=True)
class BotPolicy:
    """One reading of the file. ``for_message`` gives the core's Policy for a place and its author's groups."""

    base: Policy = field(default_factory=Policy.default)
    model: BotPolicyModel = field(default_factory=BotPolicyModel)

    @property
    def allow(self) -> AllowSection:
        """What does not count."""
        return self.model.allow

    @property
    def notices(self) -> NoticesSection:
        """When authors are told."""
        return self.model.notices

    @property
    def files(self) -> FilesSection:
        """Which files are read."""
        return self.model.files

    @property
    def bots(self) -> BotsSection:
        """What is read beside people's own words."""
        return self.model.bots

    @property
    def routes(self) -> RoutesSection:
        """Where cards go."""
        return self.model.routes

    @property
    def retention(self) -> RetentionSection:
        """How long what is kept."""
        return self.model.retention

    @property
    def recall_audit(self) -> RecallAuditSection:
        """Which messages that were not flagged people look at."""
        return self.model.recall_audit

    @property
    def second_review(self) -> SecondReviewSection:
        """Which decisions another person takes once more."""
        return self.model.second_review

    @property
    def people(self) -> PeopleSection:
        """Who has a role by this file."""
        return self.model.people

    def for_message(self, channel_id: str, group_ids: Iterable[str] = ()) -> Policy:
        """The policy of a message. A channel's word counts more than a group's, a later group's more than an earlier."""
        audiences = self._audiences(channel_id, group_ids)
        return self.base if not audiences else _overlaid(self.model, audiences)

    def ignores(self, channel_id: str, group_ids: Iterable[str] = ()) -> bool:
        """True when messages of this channel, or of a member of these groups, are not read."""
        return any(audience.ignore for audience in self._audiences(channel_id, group_ids))

    @property
    def group_ids(self) -> frozenset[str]:
        """The user groups that the file names: whose members must be known."""
        people = [entry for name in _ROLES for entry in getattr(self.people, name)]
        return frozenset(self.model.groups) | {entry for entry in people if entry[0] == "S"}

    def roles_of(self, user_id: str, group_ids: Iterable[str] = ()) -> frozenset[Role]:
        """The roles that the file gives this person."""
        ids = {user_id, *group_ids} - {""}
        return frozenset(
            role for name, role in _ROLES.items() if not ids.isdisjoint(getattr(self.people, name))
        )

    def review_channel(self, severity: Severity) -> str:
        """Where cards of this severity go; "" when nowhere."""
        return self.routes.channels.get(severity, self.routes.channel)

    @property
    def review_channels(self) -> frozenset[str]:
        """All channels that cards go to; they are never scanned."""
        return frozenset({self.routes.channel, *self.routes.channels.values()} - {""})

    def delivery(self, severity: Severity) -> Delivery:
        """Whether a flag of this severity gets a card, waits for the digest, or is in the console only."""
        return self.routes.delivery.get(severity, DELIVERY[severity])

    def notice(
        self, severity: Severity, channel_id: str, *, proved: bool, group_ids: Iterable[str] = ()
    ) -> NoticeTime:
        """When the author is told; ``proved``: a critical value whose check digit holds."""
        if not all(audience.notices for audience in self._audiences(channel_id, group_ids)):
            return "never"
        if severity == "critical" and proved:
            return self.notices.checksum
        time_of: NoticeTime = getattr(self.notices, severity)
        return time_of

    def quiet_for_s(self, severity: Severity, now: datetime) -> float:
        """Seconds until the quiet hours end; 0 outside them, and for what is critical."""
        if not self.notices.quiet_hours or severity == "critical":
            return 0.0
        start, end = (_minutes(part) for part in self.notices.quiet_hours.split("-"))
        local = now.astimezone(ZoneInfo(self.notices.timezone))
        minute = local.hour * 60 + local.minute
        is_quiet = start <= minute < end if start <= end else minute >= start or minute < end
        if not is_quiet:
            return 0.0
        return timedelta(minutes=(end - minute) % (24 * 60)).total_seconds() - local.second

    def _audiences(self, channel_id: str, group_ids: Iterable[str]) -> list[AudienceSection]:
        mine = set(group_ids)
        found = [audience for name, audience in self.model.groups.items() if name in mine]
        channel = self.model.channels.get(channel_id)
        return [*found, channel] if channel else found


class Policies:
    """The policy in force. Thread-safe; without a file it is the default one.

    Args:
        path: the policy file. One that is wrong at the start raises PolicyError; one that becomes wrong is kept out.
        home: where no ``path`` is given, the file that the console writes; until it is there the default is in force.
        alert_channel: the review channel where the file names none.
        allow_listing: False switches all allow-lists off, whatever the file says (demo).
    """

    def __init__(
        self,
        path: Path | str | None = None,
        *,
        home: Path | None = None,
        alert_channel: str = "",
        allow_listing: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._path = Path(path) if path else home
        self._may_be_missing = not path
        self._alert_channel = alert_channel
        self._allow_listing = allow_listing
        self._clock = clock
        self._lock = threading.Lock()
        self._looked_at = clock()
        self._stamp = _stamp_of(self._path)
        self._problem = ""
        self._current = self._read()

    @property
    def path(self) -> Path | None:
        """The file that is looked at; None where there is none to write either."""
        return self._path

    @property
    def problem(self) -> str:
        """What is wrong with the file as it is now, by line; "" when it is the one in force."""
        return self._problem

    def current(self) -> BotPolicy:
        """The policy in force; a changed file is taken up within two seconds."""
        with self._lock:
            if self._path is not None and self._clock() - self._looked_at >= LOOK_S:
                self._looked_at = self._clock()
                stamp = _stamp_of(self._path)
                if stamp != self._stamp:
                    self._stamp = stamp
                    self._take_up()
            return self._current

    def look(self) -> BotPolicy:
        """The policy in force, after a look at the file now."""
        self._looked_at = float("-inf")
        return self.current()

    def _take_up(self) -> None:
        try:
            self._current, self._problem = self._read(), ""
        except PolicyError as error:
            self._problem = str(error)

    def _read(self) -> BotPolicy:
        if self._path is None or (self._may_be_missing and not self._path.exists()):
            policy = parse_bot_policy("")
        else:
            policy = read_bot_policy(self._path)
        return self._adapted(policy)

    def _adapted(self, policy: BotPolicy) -> BotPolicy:
        model = policy.model
        if not model.routes.channel and self._alert_channel:
            routes = model.routes.model_copy(update={"channel": self._alert_channel})
            model = model.model_copy(update={"routes": routes})
        if not self._allow_listing:
            model = model.model_copy(update={"allow": AllowSection.nothing()})
        return _policy_of(model)


def read_bot_policy(path: str | Path) -> BotPolicy:
    """The policy in a file; PolicyError names file, line and key of every mistake."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise PolicyError(f"{path}: expected UTF-8, found another encoding") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise PolicyError(f"{path}: cannot be read ({reason})") from error
    return parse_bot_policy(text, name=str(path))


def parse_bot_policy(text: str, *, name: str = "policy") -> BotPolicy:
    """The policy in a YAML text; an empty one is the default."""
    if len(text) > MAX_CHARS:
        raise PolicyError(f"{name}: expected at most {MAX_CHARS} characters, found {len(text)}")
    document = read_yaml(text, name)
    problems = list(document.problems)
    model = BotPolicyModel()
    try:
        model = BotPolicyModel.model_validate(document.value)
        for audience in (*model.channels.values(), *model.groups.values()):
            _overlaid(model, [audience])  # what only the whole can show
    except ValidationError as error:
        problems += [
            _problem_of(dict(detail))
            for detail in error.errors(include_input=False, include_url=False)
        ]
    except PolicyError as error:
        problems.append(Problem((), str(error)))
    if problems:
        lines = sorted((document.line_of(problem.path), problem) for problem in problems)
        raise PolicyError("\n".join(sentence(name, line, problem) for line, problem in lines))
    return _policy_of(model)


def _policy_of(model: BotPolicyModel) -> BotPolicy:
    return BotPolicy(model.to_policy(), model)


def _overlaid(model: BotPolicyModel, audiences: list[AudienceSection]) -> Policy:
    fields = {name: getattr(model, name) for name in PolicyModel.model_fields}
    for audience in audiences:
        fields["labels"] = {**fields["labels"], **audience.labels}
        for name in ("flag_at", "min_score", "combinations", "lists"):
            if getattr(audience, name) is not None:
                fields[name] = getattr(audience, name)
    return PolicyModel.model_construct(**fields).to_policy()


_SECTIONS: Mapping[str, type[BaseModel]] = {
    "allow": AllowSection,
    "notices": NoticesSection,
    "files": FilesSection,
    "bots": BotsSection,
    "routes": RoutesSection,
    "retention": RetentionSection,
    "people": PeopleSection,
    "channels": AudienceSection,
    "groups": AudienceSection,
}


def _problem_of(detail: dict) -> Problem:  # type: ignore[type-arg]
    """What pydantic found, in the words of ``piiguard.policy_file``; only the keys to choose from are ours."""
    path = tuple(part for part in detail["loc"] if part != "[key]")
    if detail["type"] == "extra_forbidden" and (len(path) == 1 or path[0] in _SECTIONS):
        model = BotPolicyModel if len(path) == 1 else _SECTIONS[str(path[0])]
        return Problem(path, "unknown key" + suggestion(str(path[-1]), model.model_fields))
    if detail["type"] == "string_pattern_mismatch":
        form = (
            "like 22:00-07:00" if path[-1] == "quiet_hours" else "an id like C0123, U0123 or S0123"
        )
        form = "a domain like example.com" if "domains" in path else form
        return Problem(path, f"expected {form}")
    return explain(detail)  # type: ignore[arg-type]


def _stamp_of(path: Path | None) -> tuple[int, int] | None:
    try:
        stat = path.stat() if path else None
    except OSError:
        return None
    return (stat.st_mtime_ns, stat.st_size) if stat else None


def _minutes(time_of_day: str) -> int:
    hour, minute = time_of_day.split(":")
    return int(hour) * 60 + int(minute)

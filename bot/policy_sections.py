"""The sections of the bot's policy file, beside those of the core: what each may say, and its default."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from piiguard.labels import Severity
from piiguard.policy_file import (
    CombinationModel,
    LabelModel,
    LabelName,
    ListModel,
    PolicyModel,
    Score,
    StrictModel,
    expand_action,
)

# subtle: not "off"; YAML 1.1 reads a bare `off` as false
NoticeTime = Literal["never", "after_confirm", "at_once"]
Delivery = Literal["card", "digest", "console"]
ChannelId = Annotated[str, StringConstraints(pattern=r"^[CGD][A-Z0-9]{1,30}$")]
ChannelOrNone = Annotated[str, StringConstraints(pattern=r"^$|^[CGD][A-Z0-9]{1,30}$")]
PersonOrNone = Annotated[str, StringConstraints(pattern=r"^$|^[UWS][A-Z0-9]{1,30}$")]
GroupId = Annotated[str, StringConstraints(pattern=r"^S[A-Z0-9]{1,30}$")]
PersonId = Annotated[str, StringConstraints(pattern=r"^[UWS][A-Z0-9]{1,30}$")]
Domain = Annotated[
    str, StringConstraints(pattern=r"^(?i:[a-z0-9-]+(\.[a-z0-9-]+)+)$", max_length=253)
]
Days = Annotated[int, Field(ge=1, le=3650)]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PydanticCustomError("zone", "expected a time zone such as Europe/London") from None
    return name


class AudienceSection(StrictModel):
    """A channel or a user group that differs from the rest; what is not given is as everywhere."""

    flag_at: Literal["low", "medium", "high", "critical", "never"] | None = None
    min_score: Score | None = None
    labels: dict[LabelName, Annotated[LabelModel, BeforeValidator(expand_action)]] = {}
    combinations: list[CombinationModel] | None = None
    lists: list[ListModel] | None = None
    ignore: bool = False
    notices: bool = True


class AllowSection(StrictModel):
    """What does not count. ``test_numbers`` adds test values of one's own; they may hide critical labels too."""

    test_values: bool = True
    directory: bool = True
    dismissed: bool = True
    domains: list[Domain] = []
    test_numbers: list[Annotated[str, StringConstraints(min_length=4)]] = []

    @classmethod
    def nothing(cls) -> "AllowSection":
        """All lists off, as in the demo and in ``scan``."""
        return cls(test_values=False, directory=False, dismissed=False)


class NoticesSection(StrictModel):
    """When the author hears of it, by severity; ``checksum``: critical, and proved by a check digit."""

    checksum: NoticeTime = "at_once"
    critical: NoticeTime = "after_confirm"
    high: NoticeTime = "after_confirm"
    medium: NoticeTime = "never"
    low: NoticeTime = "never"
    quiet_hours: Annotated[
        str, StringConstraints(pattern=r"^$|^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")
    ] = ""
    timezone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    hide_author: bool = False
    card_last4: bool = False


class FilesSection(StrictModel):
    """Which files are read."""

    read: bool = True
    names: bool = True


class BotsSection(StrictModel):
    """Whether other bots' posts, unfurled links and channel topics are read."""

    scan: bool = True
    unfurls: bool = False
    topics: bool = True


class RoutesSection(StrictModel):
    """Where cards go. ``channel`` is the review channel; a severity may have its own, and its own way."""

    channel: ChannelOrNone = ""
    channels: dict[Severity, ChannelId] = {}
    delivery: dict[Severity, Delivery] = {}
    mention: PersonOrNone = ""


class RetentionSection(StrictModel):
    """How long what is kept."""

    text_days: Days = 30
    flag_days: Days = 365
    audit_days: Days = 730
    purge_on_delete: bool = False


class RecallAuditSection(StrictModel):
    """Messages that were not flagged and are kept for people to look at: which share, and how many a day. 0 is off."""

    share: Score = 0.0
    per_day: Annotated[int, Field(ge=1, le=1000)] = 50


class SecondReviewSection(StrictModel):
    """Which share of the decisions another person takes once more, without seeing the first."""

    share: Score = 0.05


class PeopleSection(StrictModel):
    """Roles by Slack user id or user group id, beside those given by ``bot user add``."""

    viewers: list[PersonId] = []
    reviewers: list[PersonId] = []
    compliance: list[PersonId] = []
    ml: list[PersonId] = []
    admins: list[PersonId] = []
    auditors: list[PersonId] = []
    reviewers_may_reveal: bool = False


class BotPolicyModel(PolicyModel):
    """The whole file."""

    channels: dict[ChannelId, AudienceSection] = {}
    groups: dict[GroupId, AudienceSection] = {}
    allow: AllowSection = AllowSection()
    notices: NoticesSection = NoticesSection()
    files: FilesSection = FilesSection()
    bots: BotsSection = BotsSection()
    routes: RoutesSection = RoutesSection()
    retention: RetentionSection = RetentionSection()
    recall_audit: RecallAuditSection = RecallAuditSection()
    second_review: SecondReviewSection = SecondReviewSection()
    people: PeopleSection = PeopleSection()

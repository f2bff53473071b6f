"""What App Home counts for one person. Ids and numbers only; no text is opened for it beyond the person's own flags."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.policies import Policies
from bot.records import Person, Review
from bot.slack.client import Done
from bot.slack.home import HomeNumbers, OwnFlag, Rate, home_view
from bot.store import Store
from bot.workspaces import Workspaces
from piiguard import Guard
from piiguard.labels import LABELS, SEVERITIES

MAX_OWN = 5
_PAGE = 200
#: Decisions of so many days tell which channels are watched, where Slack may not be asked.
_SEEN_DAYS = 7
_MAX_DECISIONS = 5_000
#: The dataset of a report that is most like what the bot reads.
_MEASURED_ON = "slack_dev"


class Home:
    """The Home tab of a person, as a view: ``home(tenant, user_id)``."""

    def __init__(
        self,
        store: Store,
        guard: Guard,
        policies: Policies,
        workspaces: Workspaces,
        person_of: Callable[[str, str], Person | None],
        *,
        console_url: str = "",
    ):
        self._store = store
        self._guard = guard
        self._policies = policies
        self._workspaces = workspaces
        self._person_of = person_of
        self._console_url = console_url
        # the model of a process does not change
        self._recall = measured_recall(guard.manifest.path) if guard.manifest else {}

    def __call__(self, tenant: str, user_id: str) -> dict[str, Any]:
        """The view to publish."""
        person = self._person_of(tenant, user_id)
        roles = person.roles if person is not None else frozenset()
        return home_view(roles, self.numbers(tenant, user_id, person))

    def numbers(self, tenant: str, user_id: str, person: Person | None) -> HomeNumbers:
        """Everything that any part of the tab shows; what a role does not see is not drawn."""
        policy = self._policies.current()
        now = datetime.now(UTC)
        counts = self._store.flags.counts(tenant)
        oldest = self._store.flags.oldest_pending(tenant)
        depth = self._store.inbox.depth()
        watched = self._watched(tenant)
        people = self._store.people.list(tenant)
        named = person.name if person is not None else ""
        return HomeNumbers(
            watched=watched,
            retention_days=policy.retention.text_days,
            own=tuple(
                OwnFlag(
                    flag.id, flag.version, flag.number, flag.state, flag.labels, flag.channel_id,
                    flag.opened_at, flag.author_answer,
                )
                for flag in self._store.flags.of_author(tenant, user_id, MAX_OWN)
            ),
            by_severity={severity: counts.get(severity, 0) for severity in SEVERITIES},
            oldest_s=(now - oldest).total_seconds() if oldest else None,
            mine=self._store.flags.assigned(tenant, named) if named else 0,
            precision=precision_of(self._store.reviews.since(tenant, now - timedelta(days=7))),
            recall=self._recall,
            model=self._guard.name,
            health=(
                ("messages are scanned within 5 minutes", depth.oldest_age_s < 300),
                ("no message was set aside", depth.dead == 0),
                ("the policy file is valid", not self._policies.problem),
                ("Slack took all that was sent", not self._store.outbox.refused(tenant, 1)),
            ),
            checklist=(
                ("name the review channel", bool(policy.review_channels)),
                ("invite the bot to a channel", bool(watched)),
                (
                    "give somebody the role of a reviewer",
                    bool(policy.people.reviewers) or any(p.may("reviewer") for p in people),
                ),
            ),
            not_covered=self._not_covered(tenant) if person and person.may("admin") else (),
            console_url=self._console_url,
        )  # fmt: skip

    def _watched(self, tenant: str) -> tuple[str, ...]:
        """The channels the bot is in, as Slack says; without the scope for it, those it has read lately."""
        client = self._workspaces.quick(tenant)
        answer = client and client.call(
            "users.conversations", types="public_channel,private_channel", limit=_PAGE,
            exclude_archived=True,
        )  # fmt: skip
        review = self._policies.current().review_channels
        if isinstance(answer, Done):
            listed = answer.data.get("channels") or []
            ids = {str(channel.get("id")) for channel in listed if isinstance(channel, dict)}
        else:
            since = datetime.now(UTC) - timedelta(days=_SEEN_DAYS)
            decisions = self._store.decisions.since(tenant, since)
            ids = {
                entry.channel_id for entry, _ in zip(decisions, range(_MAX_DECISIONS), strict=False)
            }
        return tuple(sorted(ids - review))

    def _not_covered(self, tenant: str) -> tuple[str, ...]:
        """Public channels that the bot is not in, the first page of them; none where Slack may not be asked."""
        client = self._workspaces.quick(tenant)
        answer = client and client.call(
            "conversations.list", types="public_channel", limit=_PAGE, exclude_archived=True
        )
        if not isinstance(answer, Done):
            return ()
        listed = [one for one in answer.data.get("channels") or [] if isinstance(one, dict)]
        return tuple(sorted(str(one.get("id")) for one in listed if not one.get("is_member")))


def measured_recall(model: Path) -> dict[str, Rate]:
    """How much of each type a model found in messages of Slack's kind, from its report.json; {} without one.

    The model was loaded whole and unchanged, its report with it; what cannot be read is left out all the same.
    """
    try:
        report = json.loads((model / "report.json").read_text(encoding="utf-8"))
        measured = report["datasets"][_MEASURED_ON]["per_label"].items()
        return {
            label: Rate(float(entry["recall"]), int(entry["support"]))
            for label, entry in measured
            if label in LABELS and isinstance(entry["recall"], float | int)
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def precision_of(reviews: list[Review]) -> Rate | None:
    """(confirmed + accepted + corrected with a kept span) / all of these and Not PII; None where there are none."""
    standing = [review for review in reviews if not review.undone]
    right = [
        review
        for review in standing
        if review.decision in ("confirm", "accept_risk")
        or (review.decision == "correct" and review.spans)
    ]
    judged = [
        review
        for review in standing
        if review.decision in ("confirm", "accept_risk", "correct", "not_pii")
    ]
    return Rate(len(right) / len(judged), len(judged)) if judged else None

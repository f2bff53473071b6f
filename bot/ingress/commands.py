"""``/piiguard WORD ..``: answered in the request, seen by one person, and nothing of what was typed is kept."""

import difflib
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.errors import ForbiddenError
from bot.home_numbers import precision_of
from bot.ingress.ignored import IgnoredChannels
from bot.ingress.interactions import Interactions
from bot.mute import mute, muted_for_s
from bot.policies import Policies
from bot.records import FoundSpan, Part, Person, Role
from bot.slack import texts
from bot.slack.cards import span_line
from bot.slack.client import Done
from bot.slack.limits import wire
from bot.slack.preview import masked_preview
from bot.store import Store
from bot.workspaces import Workspaces
from piiguard import Guard

WORDS = (
    "help", "check", "queue", "next", "report", "watch", "ignore", "status", "model", "mute",
)  # fmt: skip
SEES: tuple[Role, ...] = ("viewer", "reviewer", "compliance", "ml", "admin", "auditor")
ONLY_REVIEWERS = "Only reviewers can see that."
ONLY_ADMINS = "Only administrators can do that."
_OF_ADMINS = ("watch", "ignore", "mute")
MAX_CHECK_CHARS = 8_000
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]{1,30})(?:\|[^>]*)?>")
_MINUTES = {"m": 1, "h": 60, "d": 1440}


class Commands:
    """``answer`` gives the body of the reply. Thread-safe."""

    def __init__(
        self,
        store: Store,
        guard: Guard,
        policies: Policies,
        workspaces: Workspaces,
        person_of: Callable[[str, str], Person | None],
        interactions: Interactions,
        ignored: IgnoredChannels,
        *,
        console_url: str = "",
    ):
        self._store = store
        self._guard = guard
        self._policies = policies
        self._workspaces = workspaces
        self._person_of = person_of
        self._interactions = interactions
        self._ignored = ignored
        self._console_url = console_url

    def answer(self, tenant: str, form: dict[str, str]) -> dict[str, Any]:
        """The reply to one command; an unknown word gets the nearest."""
        word, _, rest = form.get("text", "").strip().partition(" ")
        word = word.lower() or "help"
        if word not in WORDS:
            near = difflib.get_close_matches(word, WORDS, n=1, cutoff=0.5)
            return _say(texts.unknown_command(near[0] if near else "help"))
        try:
            says = getattr(self, f"_{word}")(tenant, form, rest.strip())
        except ForbiddenError:
            only = ONLY_ADMINS if word in _OF_ADMINS else ONLY_REVIEWERS
            says = texts.no_role(self._store.people.admin_name(tenant), only)
        return _say(says)

    def _help(self, tenant: str, form: dict[str, str], rest: str) -> str:
        return texts.HELP

    def _check(self, tenant: str, form: dict[str, str], rest: str) -> str:
        if not rest:
            return f"{texts.TEXT_MISSING} `/piiguard check <text>`"
        text = rest[:MAX_CHECK_CHARS]
        spans = self._guard.detect(text)
        if not spans:
            return f"{texts.NOTHING_FOUND}\n{texts.NOT_STORED}"
        found = [
            FoundSpan("text", span.start, span.end, span.label, span.score, span.source)
            for span in spans
        ]
        policy = self._policies.current().for_message(form.get("channel_id", ""))
        verdict = policy.decide(spans)
        lines = [
            f"*{n} {span.label}* · {span_line(n, span).partition(': ')[2]}"
            for n, span in enumerate(found[:10], 1)
        ]
        if len(found) > 10:
            lines.append(f"and {len(found) - 10} more")
        would = "This would be flagged." if verdict.flagged else "This would not be flagged."
        preview = wire(masked_preview((Part("text", text),), found), 600)
        return "\n".join((f"> {preview}", *lines, would, texts.NOT_STORED))

    def _queue(self, tenant: str, form: dict[str, str], rest: str) -> str:
        self._require(tenant, form, *SEES)
        flags = self._store.flags.pending(tenant, 5)
        if not flags:
            return "Nothing needs review."
        by_severity = self._store.flags.counts(tenant)
        counts = ", ".join(
            f"{by_severity[severity]} {severity}"
            for severity in ("critical", "high", "medium", "low")
            if by_severity.get(severity)
        )
        lines = [
            f"*{flag.number}* · {texts.SEVERITY_WORDS[flag.severity]} · {texts.labels_line(flag.labels)}"
            f" · <#{flag.channel_id}> · {texts.day_and_clock(flag.opened_at)}"
            for flag in flags
        ]
        where = f"\n{self._console_url}/flags" if self._console_url else ""
        head = f"Needs review: {counts}" if counts else "Needs review:"
        return "\n".join((head, *lines, "`/piiguard next` opens the first.")) + where

    def _next(self, tenant: str, form: dict[str, str], rest: str) -> str:
        return self._interactions.open_next(
            tenant, form.get("user_id", ""), form.get("trigger_id", "")
        )

    def _report(self, tenant: str, form: dict[str, str], rest: str) -> str:
        self._require(tenant, form, *SEES)
        days = _minutes(rest or "7d") // 1440
        if not 1 <= days <= 90:
            return "Which time? `/piiguard report 7d` or `30d`."
        since = datetime.now(UTC) - timedelta(days=days)
        reviews = [
            review for review in self._store.reviews.since(tenant, since) if not review.undone
        ]
        counts = Counter(review.decision for review in reviews)
        rate = precision_of(reviews)
        precision = "Nothing was reviewed"
        if rate is not None:
            share = f"{rate.value:.0%}".replace("%", " %")
            precision = f"{share} of {rate.n} reviewed flags were right"
            precision += " (too few to say much)" if rate.n < 20 else ""
        return (
            f"*Last {days} days*: {counts['confirm']} confirmed, {counts['correct']} corrected, "
            f"{counts['not_pii']} not PII, {counts['accept_risk']} accepted.\n{precision}."
        )

    def _watch(self, tenant: str, form: dict[str, str], rest: str) -> str:
        person = self._require(tenant, form, "admin")
        channel = _channel_of(rest)
        if not channel:
            return "Which channel? `/piiguard watch #channel`"
        self._ignored.change(tenant, channel, ignore=False, by=person.id)
        client = self._workspaces.quick(tenant)
        joined = client.call("conversations.join", channel=channel) if client else None
        if isinstance(joined, Done):
            return f"I watch <#{channel}>."
        return f"I watch <#{channel}> where I am a member. {texts.not_member(f'<#{channel}>')}"

    def _ignore(self, tenant: str, form: dict[str, str], rest: str) -> str:
        person = self._require(tenant, form, "admin")
        channel = _channel_of(rest)
        if not channel:
            return "Which channel? `/piiguard ignore #channel`"
        self._ignored.change(tenant, channel, ignore=True, by=person.id)
        return f"I no longer read <#{channel}>. `/piiguard watch` takes it back."

    def _status(self, tenant: str, form: dict[str, str], rest: str) -> str:
        self._require(tenant, form, *SEES)
        depth = self._store.inbox.depth()
        lines = [
            f"Waiting: {depth.ready + depth.leased}, the oldest for {depth.oldest_age_s:.0f} s. "
            f"Set aside, not scanned: {depth.dead}."
        ]
        stopped = self._store.outbox.stopped().get(tenant)
        if stopped:
            lines.append(f"Slack no longer takes my token ({wire(stopped, 80)}): install me again.")
        refused = Counter(code for _, _, code in self._store.outbox.refused(tenant))
        if refused:
            codes = ", ".join(f"{wire(code, 80)} ({n})" for code, n in refused.most_common(5))
            lines.append(f"Not delivered, the last of them: {codes}.")
        ignored = sorted(self._ignored.of(tenant))
        if ignored:
            lines.append("Ignored: " + ", ".join(f"<#{channel}>" for channel in ignored))
        if self._policies.problem:
            lines.append("The policy file has mistakes; the one before it is in force.")
        muted_s = muted_for_s(self._store, tenant)
        if muted_s > 0:
            lines.append(f"Muted: new cards wait until {_in(muted_s)}, except critical ones.")
        if not self._policies.current().review_channels:
            lines.append("No review channel is named, so no cards are posted.")
        return "\n".join(lines)

    def _model(self, tenant: str, form: dict[str, str], rest: str) -> str:
        manifest = self._guard.manifest
        if manifest is None:
            return "Rules only, no model."
        fingerprint = manifest.sha256.get("onnx/model_quantized.onnx", "")[:12]
        return (
            f"{wire(manifest.name, 80)}, {len(manifest.labels)} labels, sha256 {fingerprint or '-'}"
        )

    def _mute(self, tenant: str, form: dict[str, str], rest: str) -> str:
        person = self._require(tenant, form, "admin")
        minutes = _minutes(rest)
        if rest.lower() == "off":
            mute(self._store, tenant, 0, by=person)
            return "New cards come again, within a minute those that waited too."
        if not 1 <= minutes <= 1440:
            return "For how long? `/piiguard mute 1h`, at most `24h`; `/piiguard mute off` ends it."
        if not self._policies.current().review_channels:
            return "No review channel is named, so there is nothing to mute."
        mute(self._store, tenant, minutes, by=person)
        return (
            f"New cards wait until {_in(minutes * 60)}. Critical ones come at once, and cards that are there are "
            "kept up to date. Nothing is lost."
        )

    def _require(self, tenant: str, form: dict[str, str], *roles: Role) -> Person:
        person = self._person_of(tenant, form.get("user_id", ""))
        if person is None or not person.may(*roles):
            raise ForbiddenError("this command needs a role")
        return person


def _say(text: str) -> dict[str, Any]:
    return {"response_type": "ephemeral", "text": text} if text else {}


def _in(seconds: float) -> str:
    """The time of day that it will be then."""
    return texts.clock(datetime.now(UTC) + timedelta(seconds=seconds))


def _channel_of(text: str) -> str:
    match = _CHANNEL.fullmatch(text)
    return match[1] if match else ""


def _minutes(text: str) -> int:
    """``90m``, ``1h`` or ``7d`` in minutes; 0 for what is none."""
    match = re.fullmatch(r"([0-9]{1,4})\s?([mhd])", text.lower())
    return int(match[1]) * _MINUTES[match[2]] if match else 0

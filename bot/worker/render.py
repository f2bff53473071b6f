"""Renderer: from an outbox row to a call of Slack's, made when it is sent, from what is true then."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.casework import is_reply
from bot.directory import Directory
from bot.mute import LOOK_S, muted_for_s
from bot.outgoing import AUTHOR, NO_CARD, save_card
from bot.policies import Policies
from bot.records import PENDING, UNDECIDED, Flag, Send
from bot.remediation import is_proved, standing
from bot.review import UNDO_S
from bot.slack.cards import CardView, Payload, alert_card, digest_card, erased_card
from bot.slack.client import Done, SlackClient
from bot.slack.notices import author_hint
from bot.store import Store

_MAX_DIGEST = 20
_PERMALINKS = 5_000


@dataclass(frozen=True, slots=True)
class Call:
    """A call to make. ``mark``: by which a post is found again in its channel's history. ``user_id``: whom it is for.

    ``shows``: the flags that it announces, and ``version``: of the only one, as it was drawn.
    """

    method: str
    args: dict[str, Any] = field(repr=False)
    mark: str = ""
    as_admin: bool = False
    user_id: str = ""
    shows: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: quiet hours, or a mute."""

    seconds: float
    code: str = "quiet_hours"


class Renderer:
    """Makes the Call of an outbox row; None where there is nothing to say any more."""

    def __init__(
        self,
        store: Store,
        policies: Policies,
        directory: Directory,
        slack_of: Callable[[str], SlackClient | None],
        *,
        console_url: str = "",
        home: Callable[[str, str], dict[str, Any] | None] | None = None,
        now: Callable[[], float] = time.time,
    ):
        self._store = store
        self._policies = policies
        self._directory = directory
        self._slack_of = slack_of
        self._console_url = console_url.rstrip("/")
        self._home = home
        self._now = now
        self._permalinks: dict[tuple[str, str, str], str] = {}

    def __call__(self, send: Send) -> Call | Later | None:
        """Raises KeyError for a method that is not known."""
        makers: Mapping[str, Callable[[Send], Call | Later | None]] = {
            "card": self._card,
            "hint": self._hint,
            "digest": self._digest,
            "delete": self._delete,
            "home": self._home_view,
            "dm": self._words,
        }
        return makers[send.method](send)

    def _card(self, send: Send) -> Call | Later | None:
        channel = str(send.args["channel"])
        flag = self._store.flags.get(send.ref, send.tenant)
        card = next((c for c in self._store.cards.by_flag(flag) if c.target == channel), None)
        if card is None or card.rev == NO_CARD:
            return None
        if card.flag_id != flag.id:
            flag = self._store.flags.get(card.flag_id, send.tenant)
        mark = self.mark(send.tenant, flag.channel_id, flag.ts, channel)
        if not card.slack_ts:
            # settled before it was ever shown: reviewers have nothing to do
            if flag.state not in PENDING:
                return None
            if muted := self._muted(flag):
                return muted
            payload = alert_card(flag, self._view(flag, mark))
            args = {**payload.arguments(), "channel": channel}
            return Call("chat.postMessage", args, mark=mark, shows=(flag,))
        if send.args.get("is_erased"):
            payload = erased_card(flag.number, mark)
            return Call("chat.update", _update(payload, channel, card.slack_ts), shows=(flag,))
        payload = alert_card(flag, self._view(flag, mark))
        return Call("chat.update", _update(payload, channel, card.slack_ts), shows=(flag,))

    def _digest(self, send: Send) -> Call | Later | None:
        channel = str(send.args["channel"])
        policy = self._policies.current()
        waiting = [
            flag
            for flag in self._store.flags.pending(send.tenant, 200)
            if policy.delivery(flag.severity) != "console"
            and (policy.review_channel(flag.severity) or channel) == channel
            and not any(card.target == channel for card in self._store.cards.by_flag(flag))
        ]
        if not waiting:
            return None
        with self._store.reading() as tx:
            quiet_s = policy.quiet_for_s(waiting[0].severity, self._store.now(tx))
        if quiet_s > 0:
            return Later(quiet_s)
        # the worst comes first: with a critical one in it, a digest does not wait
        if muted := self._muted(waiting[0]):
            return muted
        mark = self.mark(send.tenant, "digest", send.ref, channel)
        payload = digest_card(
            waiting[:_MAX_DIGEST],
            n_total=len(waiting),
            console_url=self._console_url and f"{self._console_url}/flags",
            metadata_key=mark,
        )
        args = {**payload.arguments(), "channel": channel}
        return Call("chat.postMessage", args, mark=mark, shows=tuple(waiting))

    def digested(self, tx: Any, call: Call, channel: str) -> None:
        """Mark the flags of a digest as announced."""
        for flag in call.shows:
            save_card(self._store, tx, flag, channel, rev=NO_CARD)

    def _hint(self, send: Send) -> Call | Later | None:
        flag = self._store.flags.get(send.ref, send.tenant)
        cause = str(send.args.get("cause", ""))
        if flag.state in ("resolved", "superseded", "not_pii", "accepted_risk") or not flag.user_id:
            return None
        if cause == "after_confirm" and flag.state not in ("confirmed", "corrected"):
            return None  # taken back within the minute
        if any(card.target == AUTHOR for card in self._store.cards.by_flag(flag)):
            return None  # once per message
        policy = self._policies.current()
        if cause != "asked":
            groups = self._directory.groups_of(flag.tenant, flag.user_id)
            due = policy.notice(
                flag.severity, flag.channel_id, proved=is_proved(flag), group_ids=groups
            )
            # a flag that was due at once is told at once; a Confirm of it adds nothing
            if due != cause:
                return None
            with self._store.reading() as tx:
                quiet_s = policy.quiet_for_s(flag.severity, self._store.now(tx))
            if quiet_s > 0:
                return Later(quiet_s)
            if muted := self._muted(flag):
                return muted
        payload = author_hint(flag, self._view(flag, ""))
        args: dict[str, Any] = {"channel": flag.channel_id, "user": flag.user_id}
        args["text"] = payload.text
        args |= {"blocks": payload.blocks, "link_names": False}
        if flag.thread_ts:
            args["thread_ts"] = flag.thread_ts
        return Call("chat.postEphemeral", args, user_id=flag.user_id, shows=(flag,))

    def _muted(self, flag: Flag) -> Later | None:
        left_s = muted_for_s(self._store, flag.tenant, flag.severity)
        return Later(min(left_s, LOOK_S), "muted") if left_s > 0 else None

    def _delete(self, send: Send) -> Call | None:
        flag = self._store.flags.get(send.ref, send.tenant)
        args = {"channel": flag.channel_id, "ts": flag.ts}
        return Call("chat.delete", args, as_admin=True, shows=(flag,))

    def _home_view(self, send: Send) -> Call | None:
        view = self._home(send.tenant, send.ref) if self._home else None
        return Call("views.publish", {"user_id": send.ref, "view": view}) if view else None

    def _words(self, send: Send) -> Call | None:
        text = str(send.args.get("text", ""))
        mark = self.mark(send.tenant, "dm", send.ref, send.id)
        args = Payload(text, []).with_key(mark).arguments()
        del args["blocks"]
        return Call("chat.postMessage", args, mark=mark, user_id=send.ref) if text else None

    def mark(self, tenant: str, channel_id: str, ts: str, target: str) -> str:
        """The keyed hash in a post's metadata: the same at every attempt, without meaning to others."""
        return self._store.keys.fingerprint(tenant, "card", f"{channel_id}\x1f{ts}\x1f{target}")

    def _view(self, flag: Flag, mark: str) -> CardView:
        policy = self._policies.current()
        reviews = [r for r in self._store.reviews.of_flag(flag.id, flag.tenant) if not r.undone]
        notes = [review.note for review in reviews if review.note and not is_reply(review)]
        reasons = [review.reason for review in reviews if review.decision == "not_pii"]
        with self._store.reading() as tx:
            now = self._store.now(tx)
            newest = self._store.messages.latest(tx, flag.tenant, flag.channel_id, flag.ts)
        is_gone = newest is not None and (newest.deleted or newest.content_fp != flag.content_fp)
        is_deleted = newest is not None and newest.deleted
        so_far = standing(self._store, flag)
        return CardView(
            author_name=self._author_name(flag),
            permalink="" if is_deleted else self._permalink(flag),
            console_url=self._console_url and f"{self._console_url}/flags/{flag.number}",
            note=notes[-1] if notes else "",
            policy_shows_last4=policy.notices.card_last4,
            reason=reasons[-1] if reasons and flag.state == "not_pii" else "",
            assignee_name=flag.assignee,
            mention=_mention(policy.routes.mention),
            may_undo=flag.resolved_at is None or now - flag.resolved_at < timedelta(seconds=UNDO_S),
            metadata_key=mark,
            may_delete=so_far.may_delete,
            deletion=so_far.deletion,
            is_gone=is_gone and flag.state not in UNDECIDED,
        )

    def _author_name(self, flag: Flag) -> str:
        """A pseudonym until Confirm, where policy hides authors; "" lets Slack show its own name."""
        if not self._policies.current().notices.hide_author or flag.state in (
            "confirmed",
            "corrected",
        ):
            return ""
        return "Author " + self._store.keys.fingerprint(flag.tenant, "author", flag.user_id)[:6]

    def _permalink(self, flag: Flag) -> str:
        place = (flag.tenant, flag.channel_id, flag.ts)
        if place not in self._permalinks:
            client = self._slack_of(flag.tenant)
            if client is None:
                return ""
            answer = client.call("chat.getPermalink", channel=flag.channel_id, message_ts=flag.ts)
            if not isinstance(answer, Done):
                return ""  # a card without a link is better than none
            if len(self._permalinks) >= _PERMALINKS:
                self._permalinks.clear()
            self._permalinks[place] = str(answer.data.get("permalink") or "")
        return self._permalinks[place]


def _update(payload: Payload, channel: str, slack_ts: str) -> dict[str, Any]:
    args = {**payload.arguments(), "channel": channel, "ts": slack_ts}
    # chat.update knows neither
    del args["unfurl_links"], args["unfurl_media"]
    return args


def _mention(person_or_group: str) -> str:
    if not person_or_group:
        return ""
    return f"<!subteam^{person_or_group}>" if person_or_group[0] == "S" else f"<@{person_or_group}>"

"""Finisher: everything a batch found, written in one fenced transaction."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from bot.learning.sampling import Sampler
from bot.outgoing import (
    MAX_AN_HOUR,
    MAX_WAITING,
    NO_CARD,
    count_repeat,
    queue_card,
    queue_digest,
    queue_notice,
)
from bot.policies import BotPolicy, Policies
from bot.records import PENDING, UNDECIDED, Flag
from bot.remediation import is_proved
from bot.store import Store
from bot.store.outbox import lane_of
from bot.worker.judge import Judged
from piiguard.labels import Severity

#: The same value in the same thread within so long is counted on the card that is there.
REPEAT_WITHIN_S = 600.0
#: Changes within so long are one update of a decided card.
CHANGED_CARD_S = 5
_HOUR_S = 3600
_OVERFLOW_S: dict[Severity, int] = {"critical": 60, "high": 300, "medium": 3600, "low": 3600}


class Finisher:
    """Called with what a batch found; gives the ids of the rows that were still ours."""

    def __init__(self, store: Store, policies: Policies, *, sampler: Sampler | None = None):
        self._store = store
        self._policies = policies
        self._sampler = sampler or Sampler(store)

    def __call__(self, judged: Sequence[Judged]) -> set[str]:
        """Fence, versions, flags, outbox, decisions, audit: all or nothing. Again after a deadlock, without the model."""
        policy = self._policies.current()
        return self._store.run(lambda tx: self._write(tx, judged, policy))

    def _write(self, tx: Any, judged: Sequence[Judged], policy: BotPolicy) -> set[str]:
        store = self._store
        ours = store.inbox.done(tx, [one.job for one in judged])
        # in key order: two workers that meet at the same messages must not wait for each other
        mine = sorted(
            (one for one in judged if one.job.id in ours and one.place[0]),
            key=lambda one: (one.place, one.message.version if one.message else "~"),
        )
        created: dict[str, Flag] = {}
        repeats: dict[str, Flag] = {}
        for one in mine:
            self._upsert(tx, one)
            if one.flag is not None:
                # looked up first: the new flag holds the value too
                repeat = store.flags.recent_same_value(
                    tx,
                    one.flag.tenant,
                    one.flag.value_fps,
                    channel_id=one.flag.channel_id,
                    thread_ts=one.flag.thread_ts,
                    within_s=REPEAT_WITHIN_S,
                )
                flag, is_new = store.flags.record(tx, one.flag)
                if is_new:
                    created[flag.id] = flag
                    if repeat is not None and repeat.ts != flag.ts:
                        repeats[flag.id] = repeat
            if one.message is not None and one.spans and not one.is_same:
                store.decisions.add(
                    tx, *one.place, one.message.user_id, one.spans, one.verdict.flagged
                )
        live = {one.place for one in mine if one.job.kind != "backfill"}
        for place in dict.fromkeys(one.place for one in mine):
            changed = {flag.id: flag for flag in store.flags.recompute(tx, *place)}
            news = [flag for flag in created.values() if _place(flag) == place]
            current = {flag.id: flag for flag in news} | changed
            self._tell(tx, list(current.values()), repeats, policy, is_live=place in live)
        # what a person decided stays, but its card says that the message is no longer as it was
        for place in sorted({one.place for one in mine if _is_change(one)}):
            for flag in store.flags.of_message(tx, *place):
                if flag.state not in UNDECIDED:
                    queue_card(store, tx, flag, every_s=CHANGED_CARD_S)
        for flag in created.values():
            store.audit.append(
                tx, flag.tenant, "piiguard", "flag.opened", flag.id, model=flag.model
            )
        self._count(tx, mine, policy)
        return ours

    def _count(self, tx: Any, judged: Sequence[Judged], policy: BotPolicy) -> None:
        """What was scanned, for the insights, and the sample of what was not flagged, for the recall audit."""
        n_scanned: Counter[str] = Counter()
        for one in judged:
            if one.message is None or one.is_same:
                continue
            n_scanned[one.message.tenant] += 1
            if one.flag is None:
                self._sampler.consider(tx, policy.recall_audit, one.message, one.parts, one.spans)
        # last: every worker adds to the same rows
        for tenant, n in sorted(n_scanned.items()):
            self._store.insights.count_scanned(tx, tenant, n)

    def _upsert(self, tx: Any, one: Judged) -> None:
        if one.gone is not None:
            self._store.messages.upsert(tx, *one.place, version="", content_fp="", deleted=True)
            if self._policies.current().retention.purge_on_delete:
                self._store.samples.drop(tx, *one.place)
        elif one.message is not None:
            self._store.messages.upsert(
                tx,
                *one.place,
                version=one.message.version,
                content_fp=one.content_fp,
                thread_ts=one.message.thread_ts,
                user_id=one.message.user_id,
                client_msg_id=one.message.client_msg_id,
            )

    def _tell(
        self,
        tx: Any,
        flags: list[Flag],
        repeats: dict[str, Flag],
        policy: BotPolicy,
        *,
        is_live: bool,
    ) -> None:
        """Cards and notices for the flags of one message that are new or changed."""
        pending = [flag for flag in flags if flag.state in PENDING]
        for flag in flags:
            if flag.state not in PENDING and not pending:
                queue_card(self._store, tx, flag)
                if policy.retention.purge_on_delete and flag.state == "resolved":
                    self._store.flags.erase(tx, flag.tenant, [flag.id])
        for flag in pending:
            self._announce(tx, flag, repeats.get(flag.id), policy)
            if not is_live:
                continue  # nobody is told of last week's messages unasked
            mode = policy.notice(flag.severity, flag.channel_id, proved=is_proved(flag))
            if mode == "at_once":
                queue_notice(self._store, tx, flag, "at_once")

    def _announce(self, tx: Any, flag: Flag, repeat: Flag | None, policy: BotPolicy) -> None:
        """Show a pending flag: on its message's card, on that of a repeat, on a card of its own, or in a digest."""
        store = self._store
        if queue_card(store, tx, flag):
            return
        channel = policy.review_channel(flag.severity)
        delivery = policy.delivery(flag.severity)
        if not channel or delivery == "console":
            return
        shown = self._shown_on(tx, flag, repeat, channel)
        if shown is not None:
            count_repeat(store, tx, flag, shown, channel)
            return
        now = store.now(tx)
        quiet_s = policy.quiet_for_s(flag.severity, now)
        if delivery == "digest":
            queue_digest(store, tx, flag.tenant, channel, now)
        elif quiet_s > 0:
            queue_card(store, tx, flag, review_channel=channel, delay_s=quiet_s)
        elif self._is_crowded(flag, lane_of(flag.tenant, channel)):
            every_s = _OVERFLOW_S[flag.severity]
            queue_digest(store, tx, flag.tenant, channel, now, every_s=every_s)
        else:
            queue_card(store, tx, flag, review_channel=channel)

    def _shown_on(self, tx: Any, flag: Flag, repeat: Flag | None, channel: str) -> Flag | None:
        """The pending flag whose card counts this one; None where it needs a card of its own."""
        store = self._store
        if repeat is None:
            twin = self._twin(tx, flag)
            if twin is None:
                return None
            repeat = twin
        card = store.cards.get(tx, repeat.tenant, repeat.channel_id, repeat.ts, channel)
        if card is None:
            return None
        shown = store.flags.get(card.flag_id, flag.tenant, tx=tx)
        root = store.cards.get(tx, shown.tenant, shown.channel_id, shown.ts, channel)
        has_card = root is not None and root.rev != NO_CARD
        return shown if has_card and shown.state in PENDING and shown.id != flag.id else None

    def _twin(self, tx: Any, flag: Flag) -> Flag | None:
        """The flag of another message from the same gesture: Slack sometimes sends one twice."""
        row = self._store.messages.latest(tx, flag.tenant, flag.channel_id, flag.ts)
        if row is None or not row.client_msg_id:
            return None
        ts = self._store.messages.twin(tx, flag.tenant, flag.channel_id, flag.ts, row.client_msg_id)
        flags = self._store.flags.of_message(tx, flag.tenant, flag.channel_id, ts) if ts else []
        return next((other for other in flags if other.state in PENDING), None)

    def _is_crowded(self, flag: Flag, lane: str) -> bool:
        """More than five cards wait for this channel, or more than twenty were queued within the hour, by any process."""
        outbox = self._store.outbox
        # what a mute holds back holds up nothing critical
        n_waiting = outbox.waiting(lane, method="card", due=flag.severity == "critical")
        return n_waiting >= MAX_WAITING or outbox.new_cards(lane, _HOUR_S) >= MAX_AN_HOUR


def _is_change(one: Judged) -> bool:
    """A deletion, or an edit that says something else."""
    return one.gone is not None or bool(one.message and one.message.is_edit and not one.is_same)


def _place(flag: Flag) -> tuple[str, str, str]:
    return (flag.tenant, flag.channel_id, flag.ts)

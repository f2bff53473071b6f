"""Judge: from inbox rows to what stands in each message and whether the policy stops it. Writes nothing."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.allow import AllowList
from bot.directory import Directory
from bot.new_flags import flag_of, value_fingerprint
from bot.parts_text import as_span, content_key, found_in, value_key
from bot.policies import BotPolicy, Policies
from bot.records import Deletion, FileRef, FoundSpan, Job, Part, SlackMessage
from bot.slack.client import Done, SlackClient
from bot.slack.events import OwnIds, ReadOptions, read_event
from bot.slack.files import is_readable, read_file
from bot.store import Store
from bot.store.flags import NewFlag
from bot.worker.context import ContextRing
from piiguard import Guard, Message, Verdict

#: How long what we know of an installation may be old.
_OWN_FRESH_S = 60.0


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of one row. ``gone``, ``message`` or neither of them: nothing to read.

    ``spans`` count, ``flag`` is to be recorded; ``parts`` is all that was read, files too. ``is_same``: the newest version says the same, nothing was scanned.
    """

    job: Job
    gone: Deletion | None = None
    message: SlackMessage | None = None
    content_fp: str = ""
    is_same: bool = False
    spans: tuple[FoundSpan, ...] = ()
    verdict: Verdict = field(default=Verdict(False, None))
    flag: NewFlag | None = None
    parts: tuple[Part, ...] = field(default=(), repr=False)
    n_chars: int = 0
    n_unread: int = 0
    seconds: float = 0.0

    @property
    def place(self) -> tuple[str, str, str]:
        """The message it is about: (tenant, channel, ts), empty for none."""
        about = self.message or self.gone
        return (about.tenant, about.channel_id, about.ts) if about else ("", "", "")

    @property
    def labels(self) -> dict[str, int]:
        """How many spans of each label."""
        return dict(Counter(span.label for span in self.spans))


class Judge:
    """Reads events, asks the guard once for all, applies allow-list and policy."""

    def __init__(
        self,
        store: Store,
        guard: Guard,
        policies: Policies,
        directory: Directory,
        slack_of: Callable[[str], SlackClient | None],
        context: ContextRing,
    ):
        self._store = store
        self._guard = guard
        self._policies = policies
        self._directory = directory
        self._slack_of = slack_of
        self._context = context
        self._own: dict[str, tuple[float, OwnIds]] = {}

    def __call__(self, jobs: Sequence[Job]) -> list[Judged]:
        """One answer a row. Raises what the guard raises."""
        started = time.perf_counter()
        policy = self._policies.current()
        read = [self._read(job, policy) for job in jobs]
        # oldest first, so that a message finds the ones before it in memory
        order = sorted(range(len(read)), key=lambda n: read[n].place)
        contexts: dict[int, tuple[str, ...]] = {}
        for n in order:
            judged = read[n]
            if judged.gone is not None:
                self._context.drop(*judged.place)
            elif judged.message is not None:
                contexts[n] = self._context.before(judged.message)
                self._context.add(judged.message)
        parts = {
            n: self._all_parts(judged.message, policy)
            for n, judged in enumerate(read)
            if judged.message is not None and not judged.is_same
        }
        asked = [(n, part) for n, mine in parts.items() for part in mine if part.text]
        found = self._guard.detect_batch(
            [
                Message(part.text, contexts[n] if part.markup == "slack" else (), part.markup)
                for n, part in asked
            ]
        )
        spans: dict[int, list[FoundSpan]] = {n: [] for n in parts}
        for (n, part), here in zip(asked, found, strict=True):
            spans[n] += [found_in(part.name, span) for span in here]
        each = (time.perf_counter() - started) / max(1, len(jobs))
        allow_lists: dict[str, AllowList] = {}
        return [
            self._judged(judged, parts[n], spans[n], policy, allow_lists, each)
            if n in parts
            else judged
            for n, judged in enumerate(read)
        ]

    def _read(self, job: Job, policy: BotPolicy) -> Judged:
        options = ReadOptions(
            bots=policy.bots.scan,
            unfurls=policy.bots.unfurls,
            topics=policy.bots.topics,
            file_names=policy.files.names,
        )
        event = read_event(job.payload, self._own_ids(job.tenant, policy), options)
        if event is None:
            return Judged(job)
        if isinstance(event, Deletion):
            return Judged(job, gone=event)
        groups = self._directory.groups_of(event.tenant, event.user_id)
        if policy.ignores(event.channel_id, groups):
            return Judged(job)
        content_fp = self._store.keys.fingerprint(event.tenant, "content", content_key(event))
        is_same = False
        if event.is_edit:
            with self._store.reading() as tx:
                newest = self._store.messages.latest(tx, event.tenant, event.channel_id, event.ts)
            # unfurls, reactions of apps and language detection come as edits too
            is_same = newest is not None and newest.content_fp == content_fp
        return Judged(job, message=event, content_fp=content_fp, is_same=is_same)

    def _judged(
        self,
        judged: Judged,
        parts: tuple[Part, ...],
        spans: list[FoundSpan],
        policy: BotPolicy,
        allow_lists: dict[str, AllowList],
        seconds: float,
    ) -> Judged:
        message = judged.message
        assert message is not None
        if message.tenant not in allow_lists:
            allow_lists[message.tenant] = self._allow_list(message.tenant, policy)
        kept, _ = allow_lists[message.tenant].split(parts, spans, message.channel_id)
        groups = self._directory.groups_of(message.tenant, message.user_id)
        rules = policy.for_message(message.channel_id, groups)
        verdict = rules.decide([as_span(span) for span in kept])
        flag = None
        if verdict.flagged:
            flag = flag_of(
                self._store,
                message,
                judged.content_fp,
                # all of them, also those that the policy does not count: what is not a span is shown on the card
                kept,
                model=self._guard.name,
                parts=parts,
                severity=verdict.severity,
                reasons=verdict.reasons,
            )
        return Judged(
            judged.job,
            message=message,
            content_fp=judged.content_fp,
            spans=kept,
            verdict=verdict,
            flag=flag,
            parts=parts,
            n_chars=sum(len(part.text) for part in parts),
            n_unread=sum(1 for part in parts if part.unread),
            seconds=seconds,
        )

    def _allow_list(self, tenant: str, policy: BotPolicy) -> AllowList:
        """The lists of a tenant for one batch; what people said of values is read when it is first needed."""
        dismissed: list[frozenset[tuple[str, str]]] = []
        listed: list[dict[tuple[str, str], frozenset[str]]] = []

        def fp_of(label: str, value: str) -> tuple[str, str]:
            return label, value_fingerprint(self._store, tenant, label, value_key(label, value))

        def is_dismissed(label: str, value: str) -> bool:
            if not dismissed:
                dismissed.append(self._store.flags.dismissed(tenant))
            return fp_of(label, value) in dismissed[0]

        def scopes_of(label: str, value: str) -> frozenset[str]:
            if not listed:
                listed.append(self._store.allow_entries.scopes(tenant))
            return listed[0].get(fp_of(label, value), frozenset()) if listed[0] else frozenset()

        return AllowList(
            policy.allow,
            names=lambda: self._directory.names(tenant),
            is_dismissed=is_dismissed,
            scopes_of=scopes_of,
        )

    def _all_parts(self, message: SlackMessage, policy: BotPolicy) -> tuple[Part, ...]:
        parts = list(message.parts)
        if policy.files.read and message.files:
            client = self._slack_of(message.tenant)
            for ref in message.files:
                parts += self._file_parts(client, ref)
        return tuple(parts)

    def _file_parts(self, client: SlackClient | None, ref: FileRef) -> list[Part]:
        if client is None:
            return [Part(f"file:{ref.id}", "", "plain", unread="no access to Slack")]
        if ref.must_ask:
            answer = client.call("files.info", file=ref.id)
            if not isinstance(answer, Done):
                return [Part(f"file:{ref.id}", "", "plain", unread="not shown by Slack")]
            about = answer.data.get("file") or {}
            ref = FileRef(
                id=ref.id,
                name=str(about.get("name") or ref.name),
                filetype=str(about.get("filetype") or ref.filetype),
                mimetype=str(about.get("mimetype") or ref.mimetype),
                size_bytes=int(about.get("size") or 0),
                url=str(about.get("url_private") or ""),
            )
        if not is_readable(ref):
            # pictures and archives are many, and no news
            return [Part(f"file:{ref.id}", "", "plain", unread="type not read")]
        return read_file(ref, client.fetch_file)

    def _own_ids(self, tenant: str, policy: BotPolicy) -> OwnIds:
        read_at, own = self._own.get(tenant, (float("-inf"), OwnIds()))
        if (
            time.monotonic() - read_at >= _OWN_FRESH_S
            or own.alert_channels != policy.review_channels
        ):
            install = self._store.installs.get(tenant)
            own = OwnIds(
                app_id=install.app_id if install else "",
                bot_id=install.bot_id if install else "",
                bot_user_id=install.bot_user_id if install else "",
                alert_channels=policy.review_channels,
            )
            self._own[tenant] = (time.monotonic(), own)
        return own

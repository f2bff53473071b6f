"""Verdicts -> Corrections: one line a part of a message, its values replaced, its conversation in one group.

Surrogates follow from a secret of the tenant, the conversation and the value: the same input gives the same bytes, and
nobody without the key can try values out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal, get_args

from bot.correction_truth import Verdict
from bot.parts_text import as_span, covered_text
from bot.records import FoundSpan, Part
from bot.store import Store
from bot.surrogate_text import SurrogateWriter
from piiguard.examples import Correction
from piiguard.spans import Span

Mode = Literal["surrogates", "real_values", "offsets_only"]
MODES: Final[tuple[Mode, ...]] = get_args(Mode)
OFFSETS_SCHEMA: Final = "piiguard/offsets@1"
#: As bot/worker/context.py gives context to the model: so many texts, no older, no longer.
_TURNS, _WINDOW_S, _TURN_CHARS = 4, 900.0, 1_000
_PSEUDONYM_CHARS = 24


class ExampleMaker:
    """Makes the lines of one tenant."""

    def __init__(self, store: Store, tenant: str, mode: Mode) -> None:
        self._keys = store.keys
        self._tenant = tenant
        self._mode = mode

    def make(self, verdicts: Iterable[Verdict], chosen: frozenset[str]) -> Iterator[Correction]:
        """The lines of the chosen flags, ordered by conversation and time.

        Args:
            verdicts: all that are true: what was not chosen is context, and its values are values.
            chosen: ids of flags.

        Raises: ExampleError when the spans of a verdict do not fit its text.
        """
        conversations: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
        for verdict in verdicts:
            conversations[verdict.conversation].append(verdict)
        named = {self.group(place): members for place, members in conversations.items()}
        for group in sorted(named):
            members = named[group]
            if any(one.flag.id in chosen for one in members):
                yield from self._conversation(group, members, chosen)

    def group(self, place: tuple[str, str]) -> str:
        """The name of a conversation outside of this house."""
        return self._pseudonym("conversation", "\x1f".join(place))

    def reviewer(self, person_id: str) -> str:
        """The name of a reviewer outside of this house."""
        return "r-" + self._pseudonym("reviewer", person_id)[:12]

    def _conversation(
        self, group: str, members: Sequence[Verdict], chosen: frozenset[str]
    ) -> Iterator[Correction]:
        members = sorted(members, key=lambda one: (_seconds(one), one.flag.number))
        writer = SurrogateWriter(self._secret(group), [v for one in members for v in _values(one)])
        turns: dict[str, tuple[float, str, str]] = {}  # by message: seconds, flag, text
        for verdict in members:
            flag = verdict.flag
            written = self._texts(verdict, writer)
            if flag.id in chosen:
                yield from self._lines(verdict, group, written, _context(turns, verdict))
            shown = {part.name: text for _, part, text, _, _ in written}
            text = shown.get("text") or shown.get("blocks") or next(iter(shown.values()), "")
            if text:  # the newest version of an edited message counts
                turns[flag.ts] = (_seconds(verdict), flag.id, text[:_TURN_CHARS])

    def _texts(
        self, verdict: Verdict, writer: SurrogateWriter
    ) -> list[tuple[int, Part, str, tuple[Span, ...], tuple[Span, ...]]]:
        """(place, part, text, spans, prediction) of each part that has a text."""
        written = []
        predicted = [span for span in verdict.flag.predicted if span.source != "report"]
        for number, part in enumerate(verdict.flag.parts):
            if not part.text:
                continue
            spans, said = _spans_in(verdict.spans, part), _spans_in(predicted, part)
            text = part.text
            if self._mode == "surrogates":
                fresh = writer.write(text, spans, part.markup)
                text, spans, said = fresh.text, fresh.spans, fresh.moved(said)
            written.append((number, part, text, spans, said))
        return written

    def _lines(
        self,
        verdict: Verdict,
        group: str,
        written: Sequence[tuple[int, Part, str, tuple[Span, ...], tuple[Span, ...]]],
        context: Sequence[tuple[str, str]],
    ) -> Iterator[Correction]:
        flag = verdict.flag
        meta: dict[str, Any] = {
            "flag": flag.number,
            "content": self._pseudonym("content", flag.content_fp),
        }
        if verdict.decision == "not_pii":
            meta["reason"] = verdict.reason
        if flag.author_answer:  # a claim, shown to the reviewer; the spans do not follow from it
            meta["author_claim"] = flag.author_answer
        if context and self._mode != "offsets_only":
            meta["context_of"] = [flag_id for flag_id, _ in context]
        for number, part, text, spans, said in written:
            yield Correction(
                id=f"{flag.id}/{number}",
                text=text,
                spans=spans,
                group=group,
                markup=part.markup,
                context=tuple(turn for _, turn in context),
                meta=meta | {"part": part.name.split(":")[0].split("[")[0]},
                prediction=said,
                decision=verdict.decision,
                model=flag.model,
                reviewed_at=verdict.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                reviewer=self.reviewer(verdict.by),
            )

    def _secret(self, group: str) -> bytes:
        return bytes.fromhex(self._keys.fingerprint(self._tenant, "surrogates", group))

    def _pseudonym(self, purpose: str, value: str) -> str:
        return self._keys.fingerprint(self._tenant, f"export-{purpose}", value)[:_PSEUDONYM_CHARS]


def offsets_line(correction: Correction) -> dict[str, Any]:
    """A correction without any text: ids, offsets in the message as it was delivered, and its length."""
    line = correction.to_json()
    return {
        "schema": OFFSETS_SCHEMA,
        "n_chars": len(correction.text),
        **{key: v for key, v in line.items() if key not in ("schema", "text", "context")},
    }


def utc(moment: datetime) -> datetime:
    """A moment with its time zone; without one it was UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _values(verdict: Verdict) -> list[tuple[str, str]]:
    """(label, value) as the message writes them."""
    flag = verdict.flag
    text_of = {part.name: part.text for part in flag.parts}
    written = [(one.label, text_of.get(one.part, "")[one.start : one.end]) for one in verdict.spans]
    shown = [(one.label, covered_text(flag.parts, one)) for one in verdict.spans]
    return [pair for pair in (*written, *shown) if pair[1]]


def _spans_in(spans: Iterable[FoundSpan], part: Part) -> tuple[Span, ...]:
    found = [as_span(span) for span in spans if span.part == part.name]
    return tuple(Span(span.start, span.end, span.label) for span in sorted(found))


def _context(turns: dict[str, tuple[float, str, str]], verdict: Verdict) -> list[tuple[str, str]]:
    """(flag, text) of what was reviewed in the conversation before this message; nothing else is kept of it."""
    now = _seconds(verdict)
    before = [
        (at, flag_id, text)
        for ts, (at, flag_id, text) in turns.items()
        if ts != verdict.flag.ts and now - _WINDOW_S <= at < now
    ]
    return [(flag_id, text) for _, flag_id, text in sorted(before)[-_TURNS:]]


def _seconds(verdict: Verdict) -> float:
    try:
        return float(verdict.flag.ts)
    except ValueError:
        return 0.0

"""What the flag page shows, gathered: the message as far as it may be seen, why, what happened, what can be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from bot.accepted_risk import accepted_until
from bot.build import Parts
from bot.console import here
from bot.console.bulk import SNOOZES
from bot.console.conflict import standing_decision
from bot.console.earlier import Earlier
from bot.console.filters import Filter
from bot.console.names import names
from bot.console.queue import current_filter
from bot.console.reveal import Standing
from bot.console.rows import deciders, shown_author
from bot.console.span_form import marks_of, span_id
from bot.console.spans_view import part_views, span_views
from bot.console.timeline import asked_by, detail_of, timeline
from bot.console.why import why
from bot.errors import NotFoundError
from bot.records import PENDING, UNDECIDED, Flag, FoundSpan, Person, Review
from bot.remediation import standing as remediation
from bot.review import UNDO_S
from bot.slack import texts
from bot.slack.refs import posted_at
from piiguard.labels import LABELS

#: A decision that was taken, in words.
SAID = {
    "confirm": "Confirmed",
    "correct": "Corrected",
    "not_pii": "Marked as not PII",
    "accept_risk": "Risk accepted",
    "duplicate": "Marked as a duplicate",
    "second_opinion": "Second opinion asked for",
}
#: How long a risk is accepted, where nobody says otherwise.
_RISK_DAYS = 90


@dataclass(frozen=True, slots=True)
class Place:
    """Where a flag stands in the queue that the reader came from. ``position`` is 0 once it left that queue."""

    position: int = 0
    total: int = 0
    prev_url: str = ""
    next_url: str = ""


@dataclass(frozen=True, slots=True)
class Banner:
    """What was done to the flag before this one, and its way back."""

    number: int
    words: str
    asks_reason: bool


def flag_page(
    parts: Parts,
    flag: Flag,
    reveal: Standing,
    *,
    spans: Sequence[FoundSpan] | None = None,
    typed: Mapping[str, str] | None = None,
    problem: tuple[str, str] = ("", ""),
    banner: Banner | None = None,
    earlier: Earlier | None = None,
    is_merge: bool = False,
) -> dict[str, Any]:
    """Everything that the template draws.

    Args:
        spans: in place of the flag's, while they are edited.
        typed: a form that came back, with ``problem`` as (field, reason).
        is_merge: the spans are two versions in one.
    """
    store, me, policy = parts.store, here.person(), parts.policies.current()
    last4, revealed = shows_last4(parts), reveal.is_shown
    shown = flag.spans if spans is None else tuple(spans)
    history = store.reviews.of_flag(flag.id, flag.tenant)
    last = standing_decision(history)
    asker = asked_by(flag, history)
    known = names()
    flt = current_filter()
    may_decide = me.may("reviewer", "compliance")
    told = remediation(store, flag)
    return {
        "is_fragment": here.wants_fragment(),
        "flag": flag,
        "channel": known.channel(flag.tenant, flag.channel_id),
        "author": shown_author(flag, known, policy),
        "posted_at": posted_at(flag.ts),
        "reveal": reveal,
        "reveal_reasons": texts.REVEAL_REASONS,
        "message": part_views(
            flag.parts,
            shown,
            revealed=revealed,
            hidden=(*flag.spans, *flag.predicted, *shown),
            last4=last4,
        ),
        "spans": span_views(flag.parts, shown, revealed=revealed, last4=last4),
        "extra": extra_rows(flag.spans, shown),
        "labels": LABELS,
        "why": why(flag, parts.guard, policy),
        "groups": [
            one for one in store.value_groups.of_flag(flag.id, flag.tenant) if one.n_flags > 1
        ],
        "timeline": timeline(store, flag, me, history),
        "earlier": earlier,
        "last": last,
        "last_words": detail_of(last) if last else "",
        "is_open": flag.state in UNDECIDED,
        "is_pending": flag.state in PENDING,
        "is_asker": bool(asker) and asker == me.id,
        "is_blind": bool(asker) and asker != me.id,
        "may_decide": may_decide,
        "may_note": may_decide or me.may("admin"),
        "may_delete": me.may("compliance", "admin"),
        "undo_s": undo_seconds(last, me),
        "accepted_until": accepted_until(store, flag),
        "remediation": told,
        "deletion_words": _deletion_words(told.deletion),
        "deciders": deciders(store, flag.tenant),
        "snoozes": SNOOZES,
        "is_snoozed": bool(flag.snoozed_until and flag.snoozed_until > datetime.now(UTC)),
        "not_pii_reasons": texts.NOT_PII_REASONS,
        "risk_until": date.today() + timedelta(days=_RISK_DAYS),
        "tomorrow": date.today() + timedelta(days=1),
        "signature": texts.SIGNATURE,
        "signature_hint": texts.SIGNATURE_HINT,
        "is_signed": bool(reveal.session_until and here.session().data.get("signed")),
        "typed": typed or {},
        "problem_field": problem[0],
        "problem": problem[1],
        "banner": banner,
        "is_merge": is_merge,
        "place": place_of(parts, flag, flt),
        "query": page_args(flt),
    }


def place_of(parts: Parts, flag: Flag, flt: Filter) -> Place:
    """Where the flag stands in a queue; nowhere where the filter is wrong."""
    if flt.problems:
        return Place()
    around = parts.store.queue.neighbours(flag.tenant, flt.query, flt.order, flag.id)
    return Place(
        around.position,
        around.total,
        *(_url_of(parts, flag.tenant, one, flt) for one in (around.prev_id, around.next_id)),
    )


def banner_of(parts: Parts, number: int) -> Banner | None:
    """The banner about a flag that this person has just decided; None where there is nothing to say any more."""
    me = here.person()
    try:
        flag = parts.store.flags.by_number(number, me.tenant)
    except NotFoundError:
        return None
    last = standing_decision(parts.store.reviews.of_flag(flag.id, flag.tenant))
    if last is None or last.by != me.id:
        return None
    if not undo_seconds(last, me):
        return None
    asks = last.decision == "not_pii" and not last.reason
    return Banner(number, SAID.get(last.decision, last.decision).lower(), asks)


def undo_seconds(last: Review | None, me: Person) -> int:
    """How long this person can still take the last decision back; 0 where they cannot."""
    if last is None or not (last.by == me.id or me.may("admin")):
        return 0
    return max(0, int(UNDO_S - (datetime.now(UTC) - last.at).total_seconds()))


def extra_rows(stored: Sequence[FoundSpan], shown: Sequence[FoundSpan]) -> dict[str, str]:
    """For spans that the message does not have yet, their places: what a row without script must carry."""
    known = {span_id(span) for span in stored}
    new = [span for span in shown if span_id(span) not in known]
    return {span_id(span): marks_of([span])[1:-1] for span in new}


def page_args(flt: Filter | None = None) -> str:
    """The queue's filter as it stands in the addresses of its flags: "" or "?q=..."."""
    args = (flt or current_filter()).args()
    return f"?{urlencode(args)}" if args else ""


def shows_last4(parts: Parts) -> bool:
    """Whether card numbers show their last four digits."""
    return parts.policies.current().notices.card_last4


def _url_of(parts: Parts, tenant: str, flag_id: str, flt: Filter) -> str:
    if not flag_id:
        return ""
    return f"/flags/{parts.store.flags.get(flag_id, tenant).number}{page_args(flt)}"


def _deletion_words(outcome: str) -> str:
    """What became of a deletion; `texts.deletion_line` writes for Slack."""
    if outcome.startswith("refused:"):
        return f"Slack refused to delete the message ({outcome.partition(':')[2][:60]}). Only its author can."
    return texts.deletion_line(outcome)

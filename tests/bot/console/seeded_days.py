"""Days of a workspace's work, written through the real store at times of our own: for tests, and to look at pages.

Everything is invented. `seed(parts, days=60, per_day=12)` is the same each time.
"""

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from bot.errors import BotError
from bot.new_flags import flag_of
from bot.outgoing import AUTHOR
from bot.parts_text import content_key
from bot.records import Flag, FoundSpan, Part, Person, SlackMessage
from bot.review import author_answer, record_review, report_missed, reveal, undo

CHANNELS = ("C0SALES001", "C0SUPPORT1", "C0HR000001", "C0FINANCE1", "C0ENGINE01", "C0GENERAL1")
#: label, value, how often it is wrong
VALUES = (
    ("CREDIT_CARD", "4111 1111 1111 1111", 0.03),
    ("NATIONAL_ID", "078-05-1120", 0.06),
    ("PHONE_NUMBER", "+1 415 555 0132", 0.14),
    ("EMAIL_ADDRESS", "jo@example.com", 0.05),
    ("PERSON", "Jenkins", 0.3),
    ("STREET_ADDRESS", "12 Mill Lane", 0.22),
    ("ACCOUNT_ID", "AC-88213", 0.4),
    ("PASSWORD", "hunter22x", 0.1),
    ("MEDICAL_CONDITION", "asthma", 0.25),
)
MODELS = ("piiguard-en-2", "piiguard-en-3")
CLOCKED = ("bot.store.flags", "bot.store.audit", "bot.store.messages", "bot.store.decisions", "bot.store.insights", "bot.store")  # fmt: skip


class Clock:
    """What every table takes for the time."""

    def __init__(self, start: datetime) -> None:
        self.at = start

    def __call__(self, tx: object) -> float:
        return self.at.timestamp()


@contextmanager
def clock_at(start: datetime) -> Iterator[Clock]:
    """The database's clock is ours."""
    clock = Clock(start)
    with ExitStack() as patches:
        for module in CLOCKED:
            patches.enter_context(patch(f"{module}.clock", clock))
        yield clock


def seed(parts, tenant: str, people: list[Person], *, now: datetime, days: int = 60, per_day: int = 12, first: int = 7, has_scores: bool = True):  # fmt: skip
    """Flags with their decisions, notices, removals, reports and reveals. Gives their ids."""
    chance = random.Random(first)
    ids: list[str] = []
    start = (now - timedelta(days=days)).astimezone(UTC)
    with clock_at(start) as clock:
        for day in range(days + 1):
            today = start + timedelta(days=day)
            n = chance.randint(per_day // 2, per_day + per_day // 2)
            n = n // 4 if today.weekday() >= 5 else n
            moments = sorted(today + timedelta(seconds=chance.uniform(0, 36_000)) for _ in range(n))
            for number, moment in enumerate(moments):
                if moment > now:
                    break
                clock.at = moment
                model = MODELS[day > days // 2]
                flag = _flag(parts, chance, tenant, moment, number, model)
                ids.append(flag.id)
                _decide(parts, chance, clock, flag, people, now)
            clock.at = min(today + timedelta(hours=11), now)
            with parts.store.transaction() as tx:
                parts.store.insights.count_scanned(tx, tenant, 900 + chance.randint(0, 400))
            if chance.random() < 0.2:
                ids.append(_report(parts, chance, tenant, clock.at).id)
        if has_scores:
            _scores(parts, chance, tenant, clock, now)
    return ids


def _flag(parts, chance, tenant, moment, number, model) -> Flag:
    picked = chance.sample(VALUES, k=chance.choice((1, 1, 2, 3)))
    text, spans = "note", []
    for label, value, _ in picked:
        value = value if chance.random() < 0.3 else f"{value}{chance.randint(10, 99)}"
        text += " "
        source = chance.choice(("model", "model+rule:x", "rule:x"))
        spans.append(FoundSpan("text", len(text), len(text) + len(value), label, round(chance.betavariate(8, 2), 3), source))  # fmt: skip
        text += value
    # the last word is what nobody proposed
    text += " and Wells"
    message = _message(chance, tenant, moment - timedelta(seconds=1.4), number, text)
    store = parts.store
    content_fp = store.keys.fingerprint(tenant, "content", content_key(message))
    with store.transaction() as tx:
        where = (tenant, message.channel_id, message.ts)
        store.messages.upsert(tx, *where, version="1", content_fp=content_fp, user_id="U0ANA00001")
        flag, _ = store.flags.record(tx, flag_of(store, message, content_fp, spans, model=model))
        store.audit.append(tx, tenant, "piiguard", "flag.opened", flag.id, model=model)
        store.cards.save(
            tx, *where, "C0REVIEW01", flag_id=flag.id, slack_channel="C0REVIEW01",
            slack_ts=f"{float(message.ts) + chance.lognormvariate(0.5, 0.6):.6f}",
        )  # fmt: skip
    return flag


def _message(chance, tenant, moment, number, text) -> SlackMessage:
    ts = f"{moment.timestamp():.0f}.{number:06d}"
    return SlackMessage(
        tenant, chance.choice(CHANNELS), ts, (Part("text", text),), "1", user_id="U0ANA00001"
    )


def _decide(parts, chance, clock, flag: Flag, people, now) -> None:
    store, wait = parts.store, timedelta(hours=chance.lognormvariate(0.6, 1.3))
    after = clock.at + wait
    if chance.random() < 0.12:
        _told(store, clock, flag, after)
        _delete(store, clock, flag, min(after, now))
        return
    if after > now:
        return
    clock.at = after
    by = chance.choices(people, weights=range(len(people), 0, -1))[0]
    wrong = max(share for label, _, share in VALUES if label in flag.labels)
    options = {"by": by, "version": flag.version, "surface": chance.choice(("slack", "console"))}
    tell = (store, flag.tenant, flag.id)
    if flag.severity == "critical" and chance.random() < 0.3:
        reveal(store, flag.id, people[0], "decide")
    pick = chance.random()
    if pick < wrong / 2:
        reason = chance.choice(("other_thing", "object_id", "test_data", "public_contact", ""))
        record_review(*tell, "not_pii", reason=reason, **options)
    elif pick < wrong:
        record_review(*tell, "correct", spans=_corrected(chance, flag), signed=True, **options)
    elif pick > 0.98:
        record_review(*tell, "accept_risk", reason="needed for the audit", **options)
    elif pick > 0.96:
        record_review(*tell, "second_opinion", **options)
    elif pick > 0.95:
        record_review(*tell, "duplicate", **options)
    else:
        record_review(*tell, "confirm", signed=chance.random() < 0.4, **options)
        if chance.random() < 0.03:
            undo(*tell, by=by, surface="console")
            return
        if chance.random() < 0.6:
            _told(store, clock, flag, clock.at)
            if chance.random() < 0.5:
                with suppress(BotError):
                    author_answer(*tell, "U0ANA00001", "removed")
            if chance.random() < 0.7:
                gone = clock.at + timedelta(hours=chance.lognormvariate(-0.5, 1.2))
                _delete(store, clock, flag, min(gone, now))


def _corrected(chance, flag: Flag) -> list[FoundSpan]:
    spans = list(flag.spans)
    first = spans[0]
    kind = chance.choice(("boundary", "label", "removed", "missed"))
    if kind == "boundary":
        spans[0] = FoundSpan("text", first.start, first.end - 1, first.label, 1.0, "person")
    elif kind == "label":
        label = "USERNAME" if first.label == "PERSON" else "PERSON"
        spans[0] = FoundSpan("text", first.start, first.end, label, 1.0, "person")
    elif kind == "removed":
        del spans[0]
    else:
        text = flag.parts[0].text
        start = text.index("Wells")
        spans.append(FoundSpan("text", start, start + 5, "PERSON", 1.0, "person"))
    return spans


def _told(store, clock, flag: Flag, at: datetime) -> None:
    with store.transaction() as tx:
        store.cards.save(
            tx, flag.tenant, flag.channel_id, flag.ts, AUTHOR, flag_id=flag.id,
            slack_channel=flag.channel_id, slack_ts=f"{at.timestamp():.6f}",
        )  # fmt: skip


def _delete(store, clock, flag: Flag, at: datetime) -> None:
    clock.at = at
    with store.transaction() as tx:
        where = (flag.tenant, flag.channel_id, flag.ts)
        store.messages.upsert(tx, *where, version="", content_fp="", deleted=True)
        store.flags.recompute(tx, *where)


def _report(parts, chance, tenant, moment) -> Flag:
    message = _message(chance, tenant, moment, 999_999, "ask Wells about it")
    return report_missed(parts.store, message, [("Wells", "PERSON")], by="U0TOM00001")


def _scores(parts, chance, tenant, clock, now) -> None:
    """Candidate spans of 35 days; the last week a little lower."""
    for day in range(35, 0, -1):
        clock.at = now - timedelta(days=day - 0.5)
        with parts.store.transaction() as tx:
            for number in range(8):
                high = chance.betavariate(7, 2) if day > 7 else chance.betavariate(6, 2.6)
                span = FoundSpan("text", 0, 4, "PERSON", round(high, 3), "model")
                ts = f"{clock.at.timestamp():.0f}.{number:06d}"
                parts.store.decisions.add(tx, tenant, "C0SALES001", ts, "U0ANA00001", [span], True)

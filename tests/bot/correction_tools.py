"""What the tests of corrections share: flags with a text, decided by people, long enough ago."""

import io
import itertools
import json

from bot.records import FoundSpan, Part
from bot.review import record_review
from bot.store import NewFlag

TENANT = "T1"
_numbers = itertools.count(1)


class Reviews:
    """Flags on a store, and the people who decide them."""

    def __init__(self, store, let_time_pass):
        self.store = store
        self.let_time_pass = let_time_pass
        self.dana = self.person("Dana", "reviewer", "compliance")
        self.ben = self.person("Ben", "reviewer")

    def person(self, name, *roles, tenant=TENANT):
        return self.store.people.add(tenant, f"{name} {next(_numbers)}", roles)

    def flag(self, text, *values, predicted=None, content="", more=(), **fields):
        """A flag of a message; ``values`` are (exact text, label), each at its first place."""
        number = next(_numbers)
        parts = (Part("text", text), *more)
        spans = spans_of(text, *values)
        named = {
            "tenant": TENANT,
            "channel_id": "C1",
            "ts": f"17000{number:05d}.000100",
            "content_fp": content or f"content-{number}",
            "severity": "high",
            "labels": {},
            "reasons": (),
            "model": "piiguard-en-1",
            "score": 0.9,
            "parts": parts,
            "spans": spans,
            "predicted": spans if predicted is None else spans_of(text, *predicted),
            "value_fps": tuple((label, f"fp-{value}") for value, label in values),
            "user_id": "UANA00001",
        }
        with self.store.transaction() as tx:
            flag, _ = self.store.flags.record(tx, NewFlag(**(named | fields)))
        return flag

    def decide(self, flag, decision="confirm", by=None, *, signed=True, **more):
        flag = self.store.flags.get(flag.id, TENANT)
        more.setdefault("reason", {"not_pii": "object_id", "accept_risk": "agreed"}.get(decision, ""))  # fmt: skip
        return record_review(
            self.store, TENANT, flag.id, decision, by=by or self.dana, version=flag.version,
            surface="console", signed=signed, **more,
        )  # fmt: skip

    def confirmed(self, text, *values, **fields):
        flag = self.flag(text, *values, **fields)
        self.decide(flag)
        return flag

    def wait(self, seconds=700):
        self.let_time_pass(self.store, seconds)

    def second(self, flag, decision, *values, by=None, signed=True, reason=""):
        """A blind second verdict."""
        text = flag.parts[0].text
        with self.store.transaction() as tx:
            second_id = self.store.second_reviews.pick(tx, flag)
            self.store.second_reviews.add(
                tx, second_id, TENANT, by=(by or self.ben).id, decision=decision,
                spans=spans_of(text, *values), reason=reason, signed=signed,
            )  # fmt: skip
        return second_id


def spans_of(text, *values):
    found = []
    for value, label in values:
        start = text.index(value)
        found.append(FoundSpan("text", start, start + len(value), label, 0.9, "model"))
    return tuple(sorted(found, key=lambda span: span.start))


def exported(export, store, **more):
    """(summary, lines) of an export to a stream."""
    out = io.BytesIO()
    summary = export(store, TENANT, out, **more)
    return summary, [json.loads(line) for line in out.getvalue().splitlines()]

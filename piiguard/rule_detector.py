"""RuleDetector: rules and their checks over plain text."""

from collections.abc import Iterator, Sequence

from piiguard.messages import Message
from piiguard.rules.rule import Rule
from piiguard.spans import Span, merge_spans

#: What a passed check lifts a score to: a check digit that holds by chance does so in one case of ten or fewer.
CONFIRMED = 0.99

_BEFORE, _AFTER, _N_CONTEXT = 60, 25, 2


class RuleDetector:
    """Detects by pattern. Spans carry ``source`` "rule:<name>"."""

    name = "rules"

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)

    def detect_batch(self, messages: Sequence[Message]) -> list[list[Span]]:
        return [merge_spans(self._detect(message)) for message in messages]

    def _detect(self, message: Message) -> Iterator[Span]:
        for rule in self._rules:
            group = "value" if "value" in rule.regex.groupindex else 0
            for match in rule.regex.finditer(message.text):
                start, end = match.span(group)
                if start >= end or (rule.near and not _is_near(rule, message, start, end)):
                    continue
                passed = rule.check(match[group]) if rule.check else None
                if passed is not False:
                    score = max(rule.score, CONFIRMED) if passed else rule.score
                    yield Span(start, end, rule.label, score, f"rule:{rule.name}")


def _is_near(rule: Rule, message: Message, start: int, end: int) -> bool:
    assert rule.near is not None
    around = message.text[max(0, start - _BEFORE) : start] + " " + message.text[end : end + _AFTER]
    if rule.near.search(around):
        return True
    if len(message.text) > _BEFORE + _AFTER:
        return False  # a long message speaks for itself; the question before it is not about every number in it
    return any(rule.near.search(text) for text in message.context[-_N_CONTEXT:])

"""RuleDetector: rules and their checks over plain text."""

import re
from collections.abc import Iterator, Sequence

from piiguard.messages import Message
from piiguard.rules.prefilter import Prefilter, has_digit, prefilter
from piiguard.rules.rule import Rule
from piiguard.spans import Span, merge_spans

#: What a passed check lifts a score to: a check digit that holds by chance does so in one case of ten or fewer.
CONFIRMED = 0.99

_BEFORE, _AFTER, _N_CONTEXT = 60, 25, 2
#: A text that is one value: quoted or not, with a final mark or not. Longer ones are no single value.
_LONE = re.compile(r"[\s\"'`]*(?P<value>[^\s\"'`](?:[^\r\n]{0,28}[^\s\"'`.,;!?])?)[\s\"'`.,;!?]*")
_MOST_LONE = 60


class RuleDetector:
    """Detects by pattern. Spans carry ``source`` "rule:<name>"."""

    name = "rules"

    def __init__(self, rules: Sequence[Rule]) -> None:
        # Rules that wait for the same words stand together: where the words are missing, all are skipped at once.
        groups: dict[re.Pattern[str] | None, list[tuple[Rule, Prefilter]]] = {}
        for rule in rules:
            if not rule.alone:
                groups.setdefault(rule.near, []).append((rule, prefilter(rule.regex)))
        self._lone = [(rule, prefilter(rule.regex)) for rule in rules if rule.alone]
        self._groups = [
            (near, prefilter(near) if near else Prefilter(), members)
            for near, members in groups.items()
        ]

    def detect_batch(self, messages: Sequence[Message]) -> list[list[Span]]:
        return [merge_spans(self._detect(message)) for message in messages]

    def _detect(self, message: Message) -> Iterator[Span]:
        context = _spoken_context(message)
        lowered, digit = message.text.lower(), has_digit(message.text)
        lone = _lone_value(message)
        if lone:
            for rule, needs in self._lone:
                if needs.admits(lowered, digit):
                    yield from _claim(rule, rule.regex.fullmatch(message.text, *lone))
        spoken = "\n".join(context).lower()
        for near, words, members in self._groups:
            admitted = [rule for rule, needs in members if needs.admits(lowered, digit)]
            if not admitted:
                continue
            asked = holds = near is None
            if near is not None:
                asked = words.admits(spoken) and any(near.search(text) for text in context)
                holds = asked or (words.admits(lowered) and near.search(message.text) is not None)
            if holds:
                for rule in admitted:
                    yield from _matches(rule, message.text, asked=asked)


def _matches(rule: Rule, text: str, *, asked: bool) -> Iterator[Span]:
    for match in rule.regex.finditer(text):
        if asked or rule.near is None or _is_near(rule.near, text, *match.span(_group(rule))):
            yield from _claim(rule, match)


def _claim(rule: Rule, match: re.Match[str] | None) -> Iterator[Span]:
    group = _group(rule)
    # A branch without the group only uses up what must not match.
    if match is None or not match[group]:
        return
    passed = rule.check(match[group]) if rule.check else None
    if passed is not False:
        score = max(rule.score, CONFIRMED) if passed else rule.score
        yield Span(*match.span(group), rule.label, score, f"rule:{rule.name}")


def _group(rule: Rule) -> str | int:
    return "value" if "value" in rule.regex.groupindex else 0


def _is_near(near: re.Pattern[str], text: str, start: int, end: int) -> bool:
    around = text[max(0, start - _BEFORE) : start] + " " + text[end : end + _AFTER]
    return near.search(around) is not None


def _spoken_context(message: Message) -> Sequence[str]:
    """The texts whose words may stand for those missing here: none for a long message, which speaks for itself."""
    return message.context[-_N_CONTEXT:] if len(message.text) <= _BEFORE + _AFTER else ()


def _lone_value(message: Message) -> tuple[int, int] | None:
    """Where the one value stands that a message without context may be, or None."""
    if len(message.text) > _MOST_LONE or any(text.strip() for text in message.context):
        return None
    match = _LONE.fullmatch(message.text)
    return match.span("value") if match else None

"""How the claims of the rules and of the model become one list of spans."""

from collections.abc import Sequence
from dataclasses import replace

from piiguard.plausible import is_in_machine_text, is_part_of_wrong_number, is_plausible
from piiguard.rule_detector import CONFIRMED
from piiguard.spans import Span, join_sources, merge_spans
from piiguard.validators import check_value

#: A rule whose form alone is believed; its edges are then better than the model's.
STRONG = 0.8
#: A rule finds the core of these; what else belongs to them has no form.
_GROWING = frozenset({"STREET_ADDRESS"})
#: Numbers of machines, typed or pasted whole: one that fails its check is none, whatever words a rule found near it.
_CHECKED = frozenset({"BANK_ACCOUNT", "CREDIT_CARD", "CRYPTO"})


def fuse(rules: Sequence[Span], model: Sequence[Span], text: str) -> list[Span]:
    """Disjoint spans in order, from the two layers' claims about one plain text.

    A value that fails the check of its label is vetoed; one that passes is confirmed. Where both claim a value and
    agree on its label they become one span, with the edges of the more reliable claim; where they disagree, the
    better score wins.
    """
    model = [checked for span in model if (checked := _check(span, text))]
    rules = [
        span
        for span in rules
        if span.label not in _CHECKED
        or check_value(span.label, text[span.start : span.end]) is not False
    ]
    kept_rules: list[Span] = []
    for rule in rules:
        rivals = [span for span in model if span.overlaps(rule)]
        agreeing = [span for span in rivals if span.label == rule.label]
        if agreeing:
            union = merge_spans([rule], agreeing)[0]
            edges = rule if rule.score >= STRONG and rule.label not in _GROWING else union
            model = [span for span in model if span not in agreeing]
            kept_rules.append(
                replace(
                    edges,
                    score=union.score,
                    source=join_sources([rule.source, *(span.source for span in agreeing)]),
                )
            )
        elif all(rule.score >= span.score for span in rivals):
            model = [span for span in model if span not in rivals or _length(span) > _length(rule)]
            kept_rules.append(rule)
        elif all(_length(span) < _length(rule) / 2 for span in rivals):
            kept_rules.append(rule)  # small pieces do not outvote a form that covers them all
    return merge_spans(kept_rules, model)


def _check(span: Span, text: str) -> Span | None:
    value = text[span.start : span.end]
    passed = check_value(span.label, value)
    if passed is False or not is_plausible(span.label, value):
        return None
    if is_in_machine_text(span.label, text, span.start, span.end):
        return None
    if not passed and is_part_of_wrong_number(span.label, text, span.start, span.end):
        return None
    return replace(span, score=max(span.score, CONFIRMED)) if passed else span


def _length(span: Span) -> int:
    return span.end - span.start

"""Rule: one pattern of one label, with what makes it believable."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rule:
    """Finds values that have a form.

    Attributes:
        name: unique, lower snake case ("us_ssn"); stands in ``Span.source`` as "rule:us_ssn".
        label: one of LABELS.
        regex: its group ``value`` is the span, or the whole match where there is no such group. Quantifiers bounded.
        score: the claim of a match that no check has confirmed, 0 to 1.
        source: where the format is laid down (a standard, an authority, a vendor's documentation).
        check: True confirms (a check digit holds), False vetoes, None cannot say.
        near: words that must stand close by for a match to count: up to 60 characters before the value or 25
            after it, in the same text or, where the text itself has none, in the last two messages of the context.
        alone: a match counts only as the whole text, but for white space, quotes and a final mark, and only where no
            message stands before it. ``near`` is then not looked at.
    """

    name: str
    label: str
    regex: re.Pattern[str] = field(repr=False)
    score: float
    source: str
    check: Callable[[str], bool | None] | None = field(default=None, repr=False)
    near: re.Pattern[str] | None = field(default=None, repr=False)
    alone: bool = False

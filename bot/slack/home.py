"""App Home: everybody sees what is watched and their own flags; reviewers and administrators see more. Counts only."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.records import FlagState, Role
from bot.slack import texts
from bot.slack.cards import link
from bot.slack.limits import (
    SECTION_TEXT,
    VIEW_BLOCKS,
    Block,
    actions,
    button,
    context,
    fields,
    header,
    section,
    wire,
)
from bot.slack.refs import FlagRef
from piiguard.labels import SEVERITIES, Severity

_MAX_OWN = 5
_MAX_LISTED = 30
_RECALL = "*How much I find*, by type: the share of such values that were found when the model was measured"


@dataclass(frozen=True, slots=True)
class OwnFlag:
    """A flag on one of the viewer's own messages."""

    flag_id: str
    version: int
    number: int
    state: FlagState
    labels: Mapping[str, int]
    channel_id: str = ""
    at: datetime | None = None
    author_answer: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its sample size; under 20 it is too small to be read."""

    value: float
    n: int

    @property
    def is_enough(self) -> bool:
        """Whether the sample says something."""
        return self.n >= 20

    def __str__(self) -> str:
        if not self.is_enough:
            return f"not enough yet (n = {self.n})"
        return f"{self.value:.0%} (n = {self.n})".replace("%", " %")


@dataclass(frozen=True, slots=True)
class HomeNumbers:
    """What the Home tab counts. The second and third group are shown to reviewers and administrators only."""

    watched: tuple[str, ...] = ()
    retention_days: int = 30
    own: tuple[OwnFlag, ...] = ()
    recall: Mapping[str, Rate] = field(default_factory=dict)

    by_severity: Mapping[Severity, int] = field(default_factory=dict)
    oldest_s: float | None = None
    mine: int = 0
    precision: Rate | None = None
    model: str = ""

    health: tuple[tuple[str, bool], ...] = ()
    not_covered: tuple[str, ...] = ()
    checklist: tuple[tuple[str, bool], ...] = ()
    console_url: str = ""


def home_view(person_roles: Collection[Role], numbers: HomeNumbers) -> dict[str, Any]:
    """The Home tab of a person with these roles."""
    blocks = _for_everybody(numbers)
    if not {"reviewer", "compliance"}.isdisjoint(person_roles):
        blocks += _for_reviewers(numbers)
    if "admin" in person_roles:
        blocks += _for_admins(numbers)
    return {"type": "home", "blocks": blocks[:VIEW_BLOCKS]}


def age(seconds: float) -> str:
    """`40 s`, `12 min`, `3 h`, `5 days`."""
    for size, word in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size or (size < 86_400 and seconds >= size):
            return f"{int(seconds // size)} {word}"
    return f"{int(seconds)} s"


def _for_everybody(numbers: HomeNumbers) -> list[Block]:
    blocks = [
        header("piiguard"),
        section(
            "*Did I miss something?* Open the message's menu (⋮) and choose *Report missed PII*. "
            "That is what helps most."
        ),
        section(f"*What I watch*\n{_channels(numbers.watched, 'No channel yet.')}"),
        section(
            "*What happens to a flagged message*\n"
            "Reviewers see it with its values hidden. You may be asked to edit or delete it; I cannot, and "
            f"nothing happens without a person. Its text is deleted after {numbers.retention_days} days. "
            "Of other messages no text is kept."
        ),
    ]
    blocks.append(section(wire_lines(_RECALL, _recall_lines(numbers.recall))))
    blocks.append(section("*Your recent flags*" + ("" if numbers.own else "\nNone.")))
    for own in numbers.own[:_MAX_OWN]:
        when = f" · {texts.day_and_clock(own.at)}" if own.at else ""
        where = f" · <#{own.channel_id}>" if own.channel_id.isalnum() else ""
        labels = wire(texts.labels_line(own.labels), 300)
        line = f"*{own.number}* · {labels}{where}{when} · {texts.DECIDED[own.state]}"
        if own.author_answer == "not_pii":
            blocks.append(section(f"{line}\n{texts.AUTHOR_NOT_PII}", block_id=f"own:{own.number}"))
            continue
        ref = str(FlagRef(own.flag_id, own.version))
        wrong = button(
            "This was wrong", "author_not_pii", ref, label=f"Flag {own.number} was wrong"
        )
        blocks.append(section(line, accessory=wrong, block_id=f"own:{own.number}"))
    return blocks


def _for_reviewers(numbers: HomeNumbers) -> list[Block]:
    counts = [
        (texts.SEVERITY_WORDS[severity], str(numbers.by_severity.get(severity, 0)))
        for severity in reversed(SEVERITIES)
    ]
    facts = [*counts, ("Mine", str(numbers.mine))]
    if numbers.oldest_s is not None:
        facts.append(("Oldest", age(numbers.oldest_s)))
    if numbers.precision is not None:
        facts.append(("Precision, this week", str(numbers.precision)))
    if numbers.model:
        facts.append(("Model", wire(numbers.model, 80)))
    n_open = sum(numbers.by_severity.values())
    blocks: list[Block] = [{"type": "divider"}, header("Needs review"), fields(facts)]
    if n_open:
        blocks.append(actions([button("Review next", "review_queue", style="primary")]))
    else:
        blocks.append(context("Nothing needs review."))
    return blocks


def _for_admins(numbers: HomeNumbers) -> list[Block]:
    health = [f"{'✓ yes:' if ok else '✗ no:'} {wire(name, 100)}" for name, ok in numbers.health]
    steps = [f"{_tick(is_done)} {wire(step, 200)}" for step, is_done in numbers.checklist]
    blocks: list[Block] = [{"type": "divider"}, header("Administration")]
    if health:
        blocks.append(section(wire_lines("*Health*", health)))
    if steps:
        blocks.append(section(wire_lines("*Set-up*", steps)))
    blocks.append(section(f"*Not covered*\n{_channels(numbers.not_covered, 'Nothing I know of.')}"))
    console = link(numbers.console_url, "Open the console")
    return [*blocks, context(console)] if console else blocks


def wire_lines(title: str, lines: Collection[str]) -> str:
    """A title and as many of the lines, escaped already, as fit a section."""
    text = title
    for line in lines:
        if len(text) + len(line) + 1 > SECTION_TEXT:
            break
        text += "\n" + line
    return text


def _channels(channel_ids: Collection[str], none: str) -> str:
    named = [f"<#{channel_id}>" for channel_id in channel_ids if channel_id.isalnum()]
    if not named:
        return none
    more = f" and {len(named) - _MAX_LISTED} more" if len(named) > _MAX_LISTED else ""
    return ", ".join(named[:_MAX_LISTED]) + more


def _tick(is_done: bool) -> str:
    return "✓ done:" if is_done else "✗ open:"


def _recall_lines(recall: Mapping[str, Rate]) -> list[str]:
    """The rates that say something, one a line; the other types by name."""
    if not recall:
        return ["Not measured for what detects here."]
    lines = [f"{label}: {rate}" for label, rate in sorted(recall.items()) if rate.is_enough]
    few = sorted(label for label, rate in recall.items() if not rate.is_enough)
    return [*lines, *([f"Too few cases to say: {', '.join(few)}"] if few else [])]

"""Presidio's REST paths: /analyze, /supportedentities and /recognizers as its clients know them. Nothing is stored.

Answers use our labels. A question may name Presidio's entities; each stands for the label that covers it.
"""

from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, StringConstraints

from bot.api.limits import Limits, WaitError
from bot.api.operations import Call, Operation
from bot.api.shapes import LabelName, OneOf, Shape
from piiguard.labels import LABELS
from piiguard.messages import Message
from piiguard.spans import Span

MAX_TEXTS: Final = 100
MAX_CHARS: Final = 100_000
#: Presidio's names for what a label of ours covers, where it has another name for it.
COVERED_BY: Final[dict[str, str]] = {
    "IBAN_CODE": "BANK_ACCOUNT",
    "US_BANK_NUMBER": "BANK_ACCOUNT",
    "ABA_ROUTING_NUMBER": "BANK_ACCOUNT",
    "US_SSN": "NATIONAL_ID",
    "US_ITIN": "NATIONAL_ID",
    "UK_NINO": "NATIONAL_ID",
    "US_PASSPORT": "PASSPORT",
    "US_DRIVER_LICENSE": "DRIVER_LICENSE",
    "UK_NHS": "MEDICAL_RECORD",
    "US_MBI": "MEDICAL_RECORD",
}

Text = Annotated[str, StringConstraints(max_length=MAX_CHARS)]
EntityName = Annotated[str, OneOf((*LABELS, *COVERED_BY))]


class Question(Shape):
    """One text, or several. Fields of Presidio's that are not listed here change nothing."""

    model_config = ConfigDict(extra="ignore")

    text: Text | Annotated[tuple[Text, ...], Field(max_length=MAX_TEXTS)]
    language: Literal["en"] = "en"
    entities: tuple[EntityName, ...] | None = Field(None, description="All of them when empty.")
    score_threshold: Annotated[float, Field(ge=0, le=1)] | None = None


class Language(Shape):
    """Presidio asks by language; there is one."""

    model_config = ConfigDict(extra="ignore")

    language: Literal["en"] = "en"


class Entity(Shape):
    """What was found, in half-open code points of the text."""

    entity_type: LabelName
    start: int
    end: int
    score: float


def analyze(call: Call, limits: Limits) -> list[Entity] | list[list[Entity]]:
    """The personal data of one text, or of each of several."""
    asked: Question = call.body
    texts = (asked.text,) if isinstance(asked.text, str) else asked.text
    assert call.caller is not None
    if wait_s := limits.take_texts(call.parts.store, call.caller.token.id, texts):
        raise WaitError(wait_s)
    labels = {COVERED_BY.get(name, name) for name in asked.entities or LABELS}
    least = asked.score_threshold or 0.0

    def entities(spans: list[Span]) -> list[Entity]:
        return [
            Entity(entity_type=one.label, start=one.start, end=one.end, score=min(one.score, 1.0))
            for one in spans
            if one.label in labels and one.score >= least
        ]

    messages = [Message(text, markup="plain") for text in texts]
    found = [entities(spans) for spans in call.parts.guard.detect_batch(messages)]
    return found[0] if isinstance(asked.text, str) else found


def supported_entities(call: Call) -> list[str]:
    """Our labels."""
    return list(LABELS)


def recognizers(call: Call) -> list[str]:
    """The rules, and the model in use."""
    # three hundred patterns: compiled by now where a guard runs, and only then wanted
    from piiguard.rules.tables import ALL_RULES

    manifest = call.parts.guard.manifest
    return [f"rule:{rule.name}" for rule in ALL_RULES] + (
        [f"model:{manifest.name}"] if manifest else []
    )


def operations(limits: Limits) -> tuple[Operation, ...]:
    """The three paths."""
    return (
        Operation(
            "analyze", "POST", "/analyze", "Find personal data in a text or in a list of texts",
            "analyze", lambda call: analyze(call, limits), list[Entity] | list[list[Entity]], body=Question,
            description="A text brings a list, a list of texts a list of lists. Texts are neither stored nor logged.",
        ),
        Operation(
            "supported_entities", "GET", "/supportedentities", "The labels that can be found",
            "analyze", supported_entities, list[str], query=Language,
        ),
        Operation(
            "recognizers", "GET", "/recognizers", "What looks for them",
            "analyze", recognizers, list[str], query=Language,
        ),
    )  # fmt: skip

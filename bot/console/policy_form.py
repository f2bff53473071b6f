"""The policy as a form: its sections as fields, drawn from the models of the file, and a document from what was sent.

A field's name is its key in the file ("notices.quiet_hours"), so that a mistake finds its field. What the form does
not show (combinations, lists, groups, labels of a channel) stays as it is in the file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel
from werkzeug.datastructures import MultiDict

from bot.policy_sections import BotPolicyModel
from bot.policy_text import LineProblem
from piiguard.labels import LABELS, SEVERITIES

#: section -> (title, what it is about); sections that are not named here come last, by their own name.
SECTIONS: Final[dict[str, tuple[str, str]]] = {
    "routes": ("Cards", "Where cards go, and who is mentioned on them."),
    "notices": ("Notices", "When the author of a message is told, and when it is quiet."),
    "allow": ("Allow-lists", "What does not count, wherever it is found."),
    "files": ("Files", "Which files are read."),
    "bots": ("Bots", "What is read beside people's own words."),
    "retention": ("Retention", "How long what is kept. The purge runs daily."),
    "recall_audit": (
        "Recall audit",
        "Messages that were not flagged, kept for people to look at: the only honest measure of what is missed.",
    ),
    "second_review": ("Second reviews", "Decisions that another person takes once more, blind."),
    "people": ("Roles by Slack", "Beside the people of this console: ids of Slack users or user groups, one a line."),
}  # fmt: skip
#: key -> (name, hint)
FIELDS: Final[dict[str, tuple[str, str]]] = {
    "routes.channel": ("Review channel", "Its id, such as C0123456789."),
    "routes.mention": ("Mention on critical cards", "The id of a user or user group; empty for nobody."),
    "notices.checksum": ("Critical, proved by a check digit", ""),
    "notices.critical": ("Other critical", ""),
    "notices.high": ("High", ""),
    "notices.medium": ("Medium", ""),
    "notices.low": ("Low", ""),
    "notices.quiet_hours": ("Quiet hours", "Like 22:00-07:00. Critical cards come all the same."),
    "notices.timezone": ("Time zone", "Such as Europe/London."),
    "notices.hide_author": ("Hide who wrote it until somebody confirms", ""),
    "notices.card_last4": ("Show the last four digits of payment cards", ""),
    "allow.test_values": ("Published test values", "Card numbers and the like that vendors print in their manuals."),
    "allow.directory": ("Names of colleagues", ""),
    "allow.dismissed": ("Values that somebody decided are not PII", ""),
    "allow.domains": ("Own e-mail domains", "One a line."),
    "allow.test_numbers": ("Own test numbers", "One a line. They may hide critical labels too."),
    "files.read": ("Read files", ""),
    "files.names": ("Read the names of files", ""),
    "bots.scan": ("Read what other bots post", ""),
    "bots.unfurls": ("Read unfurled links", ""),
    "bots.topics": ("Read channel topics", ""),
    "retention.text_days": ("Text of flagged messages, days", ""),
    "retention.flag_days": ("Flags without text, days", ""),
    "retention.audit_days": ("Audit log, days", ""),
    "retention.purge_on_delete": ("Delete the text when the author deletes the message", ""),
    "recall_audit.share": ("Share of messages", "Such as 0.01 for one in a hundred; 0 is off."),
    "recall_audit.per_day": ("At most a day", ""),
    "second_review.share": ("Share of decisions", "Such as 0.05 for one in twenty; 0 is off."),
    "people.viewers": ("Viewers", ""),
    "people.reviewers": ("Reviewers", ""),
    "people.compliance": ("Privacy officers", ""),
    "people.ml": ("ML engineers", ""),
    "people.admins": ("Admins", ""),
    "people.auditors": ("Auditors", ""),
    "people.reviewers_may_reveal": ("Reviewers may reveal values", "With a reason; each reveal is in the audit log."),
}  # fmt: skip
CHOICES: Final[dict[str, str]] = {
    "never": "Never",
    "after_confirm": "After a confirm",
    "at_once": "At once",
    "card": "Card at once",
    "digest": "Hourly digest",
    "console": "Console only",
}
_NUMBER: Final = re.compile(r"\d{1,6}(\.\d{1,6})?")
_ROUTES: Final = ("channels", "delivery")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a section. ``kind``: check, choice, number, words or lines."""

    key: str
    title: str
    hint: str
    kind: str
    value: Any
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form."""

    key: str
    title: str
    about: str
    fields: tuple[Field, ...]


def sections_of(model: BotPolicyModel) -> list[Section]:
    """The sections of a policy with their values, in reading order."""
    names = [
        name
        for name, field in BotPolicyModel.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    ]
    names.sort(key=lambda name: list(SECTIONS).index(name) if name in SECTIONS else len(SECTIONS))
    found = []
    for name in names:
        title, about = SECTIONS.get(name, (_sentence(name), ""))
        part: BaseModel = getattr(model, name)
        fields = (_field(name, key, part) for key in type(part).model_fields)
        found.append(Section(name, title, about, tuple(one for one in fields if one is not None)))
    return found


def document_from(form: "MultiDict[str, str]", base: Mapping[str, Any]) -> dict[str, Any]:
    """The document that a form asks for: ``base``, with every field that the form has; defaults are left out.

    What was typed is taken over as it is, also where it is wrong: the check of the document names the field.
    """
    document: dict[str, Any] = dict(base)
    standard = BotPolicyModel()
    document["flag_at"] = form.get("flag_at", standard.flag_at)
    document["min_score"] = _number(form.get("min_score", "")) or 0.0
    document["labels"] = _labels(form)
    document["channels"] = _channels(form, base.get("channels", {}))
    for section in sections_of(standard):
        part = {field.key.partition(".")[2]: _sent(form, field) for field in section.fields}
        kept = {k: v for k, v in dict(base.get(section.key, {})).items() if k not in part}
        document[section.key] = kept | part
    for name in _ROUTES:
        document["routes"][name] = {
            severity: form[f"routes.{name}.{severity}"].strip()
            for severity in SEVERITIES
            if form.get(f"routes.{name}.{severity}", "").strip()
        }
    return _beyond(document, standard.model_dump())


def by_field(problems: list[LineProblem]) -> dict[str, str]:
    """Mistakes by the field that they belong to; "" for those of no field."""
    found: dict[str, str] = {}
    for problem in problems:
        key = re.sub(r"\[\d+\]", "", problem.key)
        found[key] = f"{found[key]}; {problem.reason}" if key in found else problem.reason
    return found


def _field(section: str, name: str, part: BaseModel) -> Field | None:
    key = f"{section}.{name}"
    title, hint = FIELDS.get(key, (_sentence(name), ""))
    kind, choices = _kind(type(part).model_fields[name].annotation)
    return Field(key, title, hint, kind, getattr(part, name), choices) if kind else None


def _kind(annotation: Any) -> tuple[str, tuple[tuple[str, str], ...]]:
    if get_origin(annotation) is Literal:
        values = get_args(annotation)
        return "choice", tuple(
            (value, CHOICES.get(value, _sentence(str(value)))) for value in values
        )
    if get_origin(annotation) is list:
        return "lines", ()
    kinds: dict[Any, str] = {bool: "check", int: "number", float: "number", str: "words"}
    return kinds.get(annotation, ""), ()


def _sent(form: "MultiDict[str, str]", field: Field) -> Any:
    match field.kind:
        case "check":
            return field.key in form
        case "lines":
            return [line.strip() for line in form.get(field.key, "").splitlines() if line.strip()]
        case "number":
            return _number(form.get(field.key, ""))
        case _:
            return form.get(field.key, "").strip()


def _labels(form: "MultiDict[str, str]") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in LABELS:
        rule: dict[str, Any] = {}
        if action := form.get(f"labels.{name}.action", ""):
            rule["action"] = action
        if score := _number(form.get(f"labels.{name}.min_score", "")):
            rule["min_score"] = score
        if rule:
            found[name] = rule
    return found


def _channels(form: "MultiDict[str, str]", base: Mapping[str, Any]) -> dict[str, Any]:
    """The channels that differ; what the form does not show of one stays."""
    found: dict[str, Any] = {}
    for channel_id in [*form.getlist("channels"), form.get("new_channel", "").strip()]:
        prefix = f"channels.{channel_id}"
        if not channel_id or f"{prefix}.remove" in form:
            continue
        is_new = channel_id not in form.getlist("channels")
        values = dict(base.get(channel_id, {}))
        for name in ("flag_at", "ignore", "notices"):
            values.pop(name, None)
        source = "new_channel" if is_new else prefix
        if flag_at := form.get(f"{source}.flag_at", ""):
            values["flag_at"] = flag_at
        if f"{source}.ignore" in form:
            values["ignore"] = True
        if f"{source}.notices" not in form:
            values["notices"] = False
        found[channel_id] = values
    return found


def _beyond(document: Mapping[str, Any], standard: Mapping[str, Any]) -> dict[str, Any]:
    """What differs from the defaults; a channel without a word of its own stays, for it is there to be seen."""
    found: dict[str, Any] = {}
    for key, value in document.items():
        if key == "channels":
            if value:
                found[key] = value
        elif isinstance(value, Mapping) and isinstance(standard.get(key), Mapping):
            rest = {k: v for k, v in value.items() if v != standard[key].get(k)}
            if rest:
                found[key] = rest
        elif value != standard.get(key):
            found[key] = value
    return found


def _number(text: str) -> Any:
    """A number where one was typed, else the text: the check of the document says that it is none."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)


def _sentence(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]

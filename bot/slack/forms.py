"""Forms: what people filled into a modal. Read from what Slack sends when a view is submitted, which anybody can forge.

Whatever is not as our modals make it raises ReviewError, whose ``field`` is the block to show the error under.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.errors import ReviewError
from bot.slack import texts
from bot.slack.refs import read_ref
from piiguard.labels import LABELS


@dataclass(frozen=True, slots=True)
class SpanEdit:
    """What to do with one of the flag's spans. ``exact_text`` is "" where its boundary was left alone."""

    index: int
    action: Literal["keep", "remove", "relabel"]
    label: str = ""
    exact_text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CorrectionForm:
    """A submitted correction. ``in_queue``: the next flag is to open. ``changes`` names every span once."""

    flag_id: str
    version: int
    changes: list[SpanEdit]
    added: list[tuple[str, str]] = field(repr=False)
    note: str = field(default="", repr=False)
    signed: bool = False
    in_queue: bool = False

    @property
    def changes_nothing(self) -> bool:
        """True when all spans were kept as they are and none was added."""
        kept = all(edit.action == "keep" and not edit.exact_text for edit in self.changes)
        return kept and not self.added


@dataclass(frozen=True, slots=True)
class MissedForm:
    """A report of missed PII in a message: (exact text, label) each."""

    channel_id: str
    ts: str
    added: list[tuple[str, str]] = field(repr=False)
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ReasonForm:
    """A reason for something about a flag: why it is needed, why it is revealed.

    ``response_url``: of the notice that was answered, where there is one; whoever uses it checks whose host it is.
    """

    flag_id: str
    version: int
    reason: str = field(repr=False)
    response_url: str = field(default="", repr=False)


def read_correction(view: Mapping[str, Any]) -> CorrectionForm:
    """The submitted correction modal."""
    ref = read_ref(view.get("private_metadata"))
    values = _values(view)
    initial = dict(_initial_texts(view))
    changes = []
    for block_id in sorted(values, key=_row_of):
        if block_id.startswith("span:"):
            changes.append(_span_edit(_row_of(block_id), values, initial))
    return CorrectionForm(
        flag_id=ref.flag_id,
        version=ref.version,
        changes=changes,
        added=_added(values),
        note=_text(values, "note").strip(),
        signed="signed" in _chosen_boxes(values, "signed"),
        in_queue=ref.word == "next",
    )


def read_report_missed(view: Mapping[str, Any]) -> MissedForm:
    """The submitted report of missed PII."""
    channel_id, _, ts = str(view.get("private_metadata") or "").partition(":")
    if not re.fullmatch(r"[A-Z0-9]{2,32}", channel_id) or not re.fullmatch(r"[0-9.]{1,24}", ts):
        raise ReviewError("this form is no longer in use; open it again from the message")
    values = _values(view)
    added = _added(values)
    if not added:
        raise ReviewError(texts.TEXT_MISSING, "missed_text:0")
    return MissedForm(channel_id, ts, added, _text(values, "note").strip())


def read_needed(view: Mapping[str, Any]) -> ReasonForm:
    """The author's reason to keep a message."""
    known, _, response_url = str(view.get("private_metadata")).partition(" ")
    ref = read_ref(known)
    reason = _text(_values(view), "reason").strip()
    if not reason:
        raise ReviewError(texts.REASON_MISSING, "reason")
    return ReasonForm(ref.flag_id, ref.version, reason[:500], response_url)


def read_reveal_reason(view: Mapping[str, Any]) -> ReasonForm:
    """The reason for a reveal, one of texts.REVEAL_REASONS."""
    ref = read_ref(view.get("private_metadata"))
    reason = _choice(_values(view), "reason")
    if reason not in texts.REVEAL_REASONS:
        raise ReviewError(texts.REASON_MISSING, "reason")
    return ReasonForm(ref.flag_id, ref.version, reason)


def count_added(view: Mapping[str, Any]) -> int:
    """How many rows for missed PII a view shows; "Add another" asks for one more."""
    blocks = view.get("blocks")
    ids = [block.get("block_id") for block in blocks or () if isinstance(block, Mapping)]
    return sum(
        isinstance(block_id, str) and block_id.startswith("missed_text:") for block_id in ids
    )


Values = Mapping[str, Mapping[str, Any]]


def _span_edit(index: int, values: Values, initial: Mapping[str, str]) -> SpanEdit:
    choice = _choice(values, f"span:{index}")
    if choice == "remove":
        return SpanEdit(index, "remove")
    block_id = f"exact:{index}"
    exact_text = ""
    if block_id in values:
        typed = _text(values, block_id)
        if not typed.strip():
            raise ReviewError(texts.TEXT_MISSING, block_id)
        exact_text = "" if typed == initial.get(block_id) else typed.strip()
    if choice == "keep":
        return SpanEdit(index, "keep", "", exact_text)
    if choice not in LABELS:
        raise ReviewError(texts.LABEL_MISSING, f"span:{index}")
    return SpanEdit(index, "relabel", choice, exact_text)


def _added(values: Values) -> list[tuple[str, str]]:
    rows = sorted(
        {_row_of(block_id) for block_id in values if block_id.startswith("missed_")} - {-1}
    )
    added = []
    for row in rows:
        text = _text(values, f"missed_text:{row}").strip()
        label = _choice(values, f"missed_label:{row}")
        if text and label not in LABELS:
            raise ReviewError(texts.LABEL_MISSING, f"missed_label:{row}")
        if label and not text:
            raise ReviewError(texts.TEXT_MISSING, f"missed_text:{row}")
        if text:
            added.append((text, label))
    return added


def _values(view: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Block id -> the state of the one element in it."""
    state = view.get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    found = {}
    for block_id, elements in values.items() if isinstance(values, Mapping) else ():
        element = next(iter(elements.values()), None) if isinstance(elements, Mapping) else None
        if isinstance(block_id, str) and isinstance(element, Mapping):
            found[block_id] = element
    return found


def _initial_texts(view: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    blocks = view.get("blocks")
    for block in blocks if isinstance(blocks, list) else ():
        element = block.get("element") if isinstance(block, Mapping) else None
        if isinstance(element, Mapping) and isinstance(element.get("initial_value"), str):
            yield str(block.get("block_id")), element["initial_value"]


def _text(values: Values, block_id: str) -> str:
    value = values.get(block_id, {}).get("value")
    return value if isinstance(value, str) else ""


def _choice(values: Values, block_id: str) -> str:
    chosen = values.get(block_id, {}).get("selected_option")
    value = chosen.get("value") if isinstance(chosen, Mapping) else None
    return value if isinstance(value, str) else ""


def _chosen_boxes(values: Values, block_id: str) -> list[object]:
    chosen = values.get(block_id, {}).get("selected_options")
    listed = chosen if isinstance(chosen, list) else []
    return [entry.get("value") for entry in listed if isinstance(entry, Mapping)]


def _row_of(block_id: str) -> int:
    number = block_id.rpartition(":")[2]
    return int(number) if re.fullmatch(r"[0-9]{1,3}", number) else -1

"""Modals: what opens over Slack. Pure: records in, view out. A view carries a flag's id and version, never more.

Values are dots until a revealed correction modal, whose opener has given a reason that is in the audit log.
"""

import re
from collections.abc import Sequence
from typing import Any

from bot.parts_text import covered_text
from bot.records import Flag, FoundSpan
from bot.slack import texts
from bot.slack.cards import REPORTED, link, paragraphs, source_words, span_line
from bot.slack.limits import (
    INPUT_TEXT,
    SECTION_TEXT,
    TITLE_TEXT,
    Block,
    actions,
    button,
    context,
    cut,
    form_field,
    length,
    option,
    plain,
    section,
    select,
    text_input,
    wire,
)
from bot.slack.preview import masked_preview, masked_value
from bot.slack.refs import FlagRef, ref_of
from piiguard.labels import LABELS
from piiguard.spans import Span
from piiguard.validators import check_value

View = dict[str, Any]

#: Three blocks a span, and a view holds a hundred.
MAX_SPANS = 25
MAX_ADDED = 5
NOTE_TEXT = 2_000
#: `private_metadata` takes 3,000.
_MAX_URL = 2_000
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def correction_modal(
    flag: Flag,
    *,
    revealed: bool = False,
    n_added: int = 1,
    in_queue: bool = False,
    signed: bool = False,
    may_reveal: bool = True,
    console_url: str = "",
    shows_last4: bool = False,
) -> View:
    """Correct a flag: a menu for each span, fields for what was missed, a note and the signature.

    Args:
        revealed: each span has a field with its exact text; to edit it moves the boundary.
        n_added: rows for missed PII; "Add another" makes one more.
        in_queue: opened by "Review PII queue": submitting opens the next flag.
        signed: the box as the reviewer left it; empty at first.
    """
    title = f"Correct flag {flag.number}"
    if len(flag.spans) > MAX_SPANS or flag.text_gone:
        why = texts.TEXT_GONE if flag.text_gone else f"{len(flag.spans)} spans: too many for Slack."
        return _view(title, "correct_flag", [section(why), *_link_row(console_url)], "")
    preview = masked_preview(flag.parts, flag.spans, last4=shows_last4, max_spans=MAX_SPANS)
    head = f"*{texts.SEVERITY_WORDS[flag.severity]}* · {wire(texts.labels_line(flag.labels), 300)}"
    blocks = [section(head)]
    if preview:
        blocks.append(section(f"> {wire(preview, SECTION_TEXT - 10)}"))
    for index, span in enumerate(flag.spans):
        blocks += _span_rows(flag, index, span, revealed=revealed, shows_last4=shows_last4)
    buttons = []
    if flag.spans and not revealed and may_reveal:
        buttons.append(button("Reveal to edit text…", "reveal", ref_of(flag)))
    n_added = max(1, min(n_added, MAX_ADDED))
    blocks += _added_rows(n_added)
    if n_added < MAX_ADDED:
        buttons.append(button("Add another", "add_span", ref_of(flag)))
    if buttons:
        blocks.append(actions(buttons, block_id="more_rows"))
    blocks += [_note_row(), _signature_row(signed=signed)]
    metadata = str(FlagRef(flag.id, flag.version, "next" if in_queue else ""))
    return _view(
        title, "correct_flag", blocks, metadata, submit="Save and next" if in_queue else "Save"
    )


def reveal_reason_modal(flag: Flag) -> View:
    """Why the values are needed; pushed over the correction modal."""
    reasons = [option(text, word) for word, text in texts.REVEAL_REASONS.items()]
    blocks = [
        section(
            "The values of this message will be shown to you. This is written to the audit log."
        ),
        form_field(
            "reason", "Why", select("reason", reasons, placeholder="Choose"), optional=False
        ),
    ]
    return _view(
        f"Reveal flag {flag.number}", "reveal_reason", blocks, ref_of(flag), submit="Reveal"
    )


def report_missed_modal(channel_id: str, ts: str, *, n_added: int = 1) -> View:
    """What was missed in a message: exact text and label."""
    n_added = max(1, min(n_added, MAX_ADDED))
    blocks = [
        section("Thank you: this is how detection gets better. A reviewer will look at it."),
        *_added_rows(n_added, optional_first=False),
        _note_row(),
    ]
    return _view(
        "Report missed PII", "report_missed", blocks, f"{channel_id}:{ts}", submit="Report"
    )


def needed_modal(flag: Flag, response_url: str = "") -> View:
    """The author says why the message must stay. ``response_url``: of the notice, whose buttons then go."""
    reason = text_input("reason", multiline=True, max_length=500)
    blocks = [
        section("Why is it needed? A reviewer reads your reason; please repeat no values in it."),
        form_field("reason", "Reason", reason, optional=False),
    ]
    # a submission brings no address of its own; this one is Slack's, and good for half an hour
    known = f"{ref_of(flag)} {response_url}" if len(response_url) <= _MAX_URL else ref_of(flag)
    return _view("Needed, because", "needed_because", blocks, known.strip(), submit="Send")


def why_modal(flag: Flag) -> View:
    """Why a message was flagged, span by span, without its values."""
    found = flag.predicted or flag.spans
    lines = []
    for number, span in enumerate(found[:MAX_SPANS], 1):
        lines.append(f"*{number} {span.label}* · {wire(_how(flag, span), 400)}")
    if len(found) > MAX_SPANS:
        lines.append(f"and {len(found) - MAX_SPANS} more")
    verdict = [f"• {wire(_reason_words(reason), 300)}" for reason in flag.reasons[:20]]
    by_model = flag.model and flag.model != REPORTED
    model = f"Detected by `{wire(flag.model, 80)}`" if by_model else "Reported by a person"
    blocks = [section(text) for text in paragraphs(lines)]
    if verdict:
        blocks.append(section("*Verdict*\n" + "\n".join(verdict)))
    blocks.append(context(f"{model} · score {flag.score:.0%}".replace("%", " %")))
    return _view(f"Why flag {flag.number}?", "why", blocks, ref_of(flag))


def check_modal(
    spans: Sequence[FoundSpan | Span],
    *,
    flagged: bool = False,
    severity: str = "",
    private_metadata: str = "",
) -> View:
    """What a check of one message found; its values are not shown."""
    if not spans:
        blocks = [section(texts.NOTHING_FOUND)]
    else:
        verdict = (
            f"This would be flagged ({severity})." if flagged else "This would not be flagged."
        )
        lines = [
            f"*{number} {span.label}* · {source_words(span.source)}, {span.score:.0%}".replace(
                "%", " %"
            )
            for number, span in enumerate(spans[:50], 1)
        ]
        blocks = [section(f"*{verdict}*"), *(section(text) for text in paragraphs(lines))]
        if len(spans) > 50:
            blocks.append(context(f"and {len(spans) - 50} more"))
    blocks.append(context("Something is missing? Use *Report missed PII* on the message."))
    return _view("Check this message", "check_result", blocks, private_metadata)


def notice_modal(title: str, text: str, *, callback_id: str = "notice", url: str = "") -> View:
    """A short word in a modal: what is loading, what somebody else decided, what cannot be shown.

    ``text`` is a sentence of ours: its mentions and times are drawn.
    """
    return _view(title, callback_id, [section(cut(text, SECTION_TEXT)), *_link_row(url)], "")


def loading_modal(title: str, callback_id: str) -> View:
    """What opens within the three seconds of a trigger; the rest comes by views.update."""
    return _view(title, callback_id, [section("One moment…")], "")


def with_errors(errors: dict[str, str]) -> dict[str, Any]:
    """The answer to a submitted view that names fields: block id -> what is wrong."""
    return {
        "response_action": "errors",
        "errors": {block_id: plain(text, 150)["text"] for block_id, text in errors.items()},
    }


def _span_rows(
    flag: Flag, index: int, span: FoundSpan, *, revealed: bool, shows_last4: bool
) -> list[Block]:
    number = index + 1
    shown = masked_value(flag.parts, span, last4=shows_last4)
    line = f"*{number}* {shown} · {span_line(number, span).partition(': ')[2]}"
    others = [option(label, label) for label in LABELS if label != span.label]
    menu = [option(f"Keep: {span.label}", "keep"), option("Not PII", "remove"), *others]
    rows = [
        section(line),
        form_field(
            f"span:{index}",
            f"Span {number} is",
            select("span", menu, placeholder="Choose", initial="keep"),
            optional=False,
        ),
    ]
    value = covered_text(flag.parts, span) if revealed else ""
    if value and length(value) <= INPUT_TEXT and not _LONE_SURROGATE.search(value):
        field = text_input("exact", initial=value, multiline="\n" in value)
        rows.append(
            form_field(
                f"exact:{index}",
                f"Exact text of span {number}",
                field,
                hint="Edit it to move the boundary.",
            )
        )
    return rows


def _added_rows(n_added: int, *, optional_first: bool = True) -> list[Block]:
    labels = [option(label, label) for label in LABELS]
    rows = []
    for row in range(n_added):
        optional = optional_first or row > 0
        rows += [
            form_field(
                f"missed_text:{row}",
                "Missed PII: exact text",
                text_input("missed_text", max_length=1_000),
                optional=optional,
                hint="Copy it as it stands in the message." if row == 0 else "",
            ),
            form_field(
                f"missed_label:{row}",
                "It is",
                select("missed_label", labels, placeholder="Label"),
                optional=optional,
            ),
        ]
    return rows


def _note_row() -> Block:
    note = text_input("note", multiline=True, max_length=NOTE_TEXT)
    return form_field("note", "Note", note, hint="Please repeat no values in it.")


def _signature_row(*, signed: bool) -> Block:
    choice = option(texts.SIGNATURE, "signed")
    element: dict[str, Any] = {"type": "checkboxes", "action_id": "signed", "options": [choice]}
    if signed:
        element["initial_options"] = [choice]
    return form_field("signed", "Signature", element, hint=texts.SIGNATURE_HINT)


def _link_row(url: str) -> list[Block]:
    shown = link(url, "Open in console")
    return [section(shown)] if shown else []


def _how(flag: Flag, span: FoundSpan) -> str:
    checked = (
        check_value(span.label, covered_text(flag.parts, span)) if not flag.text_gone else None
    )
    digits: dict[bool | None, str] = {
        True: ", its form or check digits hold",
        False: ", its check digits do not hold",
    }
    return f"{source_words(span.source)}, {span.score:.0%}{digits.get(checked, '')}".replace(
        "%", " %"
    )


def _reason_words(reason: str) -> str:
    """A verdict's reason, `combination:PERSON+EMAIL_ADDRESS`, in words."""
    kind, _, rest = reason.partition(":")
    if kind == "combination":
        return f"{rest.replace('+', ' with ')} together"
    if kind == "list":
        label, _, n_spans = rest.partition(":")
        return f"a list of {n_spans} {label}"
    return f"{rest} is {kind}" if rest else reason


def _view(
    title: str, callback_id: str, blocks: Sequence[Block], private_metadata: str, submit: str = ""
) -> View:
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, TITLE_TEXT),
        "close": plain("Cancel" if submit else "Close", TITLE_TEXT),
        "blocks": list(blocks),
    }
    if private_metadata:
        view["private_metadata"] = private_metadata
    if submit:
        view["submit"] = plain(submit, TITLE_TEXT)
    return view

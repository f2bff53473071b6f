"""Notices: what the author of a message reads, and the direct message of the first run. Never a value."""

from typing import Any

from bot.parts_text import covered_text
from bot.records import Flag
from bot.slack import texts
from bot.slack.cards import CardView, Payload, channel_words
from bot.slack.limits import (
    FALLBACK_TEXT,
    SECTION_TEXT,
    Block,
    actions,
    button,
    cut,
    section,
    wire,
)
from bot.slack.preview import last_four
from bot.slack.refs import ref_of
from piiguard.labels import LABELS, severity_rank

_MAX_THINGS = 3


def author_hint(flag: Flag, view: CardView) -> Payload:
    """The private notice to the author, with what they can do about it."""
    where = channel_words(flag, view)
    ref = ref_of(flag)
    elements = [
        button("I removed it", "author_removed", ref),
        button("It is not PII", "author_not_pii", ref),
        button("It is needed…", "author_needed", ref),
    ]
    if view.permalink.startswith(("https://", "http://")):
        elements.insert(0, button("Open message", "author_open", ref, url=view.permalink))
    things = _things(flag, shows_last4=view.policy_shows_last4)
    blocks: list[Block] = [section(texts.notice(where, wire(things, 500))), actions(elements)]
    # the notification names no digits: it leaves our control
    text = texts.notice(where, _things(flag, shows_last4=False))
    return Payload(cut(text, FALLBACK_TEXT), blocks)


def answered_notice(flag: Flag, says: str) -> dict[str, Any]:
    """What takes the notice's place once its author has answered: what we say to that, and no buttons."""
    text = texts.answered(channel_words(flag, CardView()), _things(flag, shows_last4=False), says)
    payload = Payload(cut(text, FALLBACK_TEXT), [section(cut(text, SECTION_TEXT))])
    return {"replace_original": True, "text": payload.text, "blocks": payload.blocks}


def welcome(review_channel_id: str = "") -> Payload:
    """The three steps for whoever installed the app."""
    named = f"<#{review_channel_id}>" if review_channel_id else ""
    return Payload(
        "piiguard is installed. Three steps are left.", [section(texts.first_run(named))]
    )


def reply(text: str) -> Payload:
    """A sentence of `texts` as a message; its mrkdwn is ours."""
    return Payload(cut(text, FALLBACK_TEXT), [section(text)])


def _things(flag: Flag, *, shows_last4: bool) -> str:
    """`a card number (•••• 1111), a date of birth and a person's name`: worst first, at most three kinds."""
    ordered = sorted(flag.spans, key=lambda span: -severity_rank(LABELS[span.label].severity))
    named: dict[str, str] = {}
    for span in ordered:
        thing = texts.THINGS[span.label]
        digits = last_four(covered_text(flag.parts, span), span.label) if shows_last4 else ""
        if span.label not in named:
            named[span.label] = f"{thing} (•••• {digits})" if digits else thing
    things = list(named.values()) or ["personal data"]
    if len(things) > _MAX_THINGS:
        things = [*things[:_MAX_THINGS], "more"]
    return " and ".join([", ".join(things[:-1]), things[-1]] if len(things) > 1 else things)

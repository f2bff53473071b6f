"""Whether Slack would take these blocks: a list of what it would complain about, empty when it would.

Written from the reference pages, so that it judges our builder from outside:
https://docs.slack.dev/reference/block-kit/blocks, .../block-elements, .../composition-objects and
https://docs.slack.dev/reference/views. Tests hold it against slack_sdk.models where that knows the same rule.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.simulator.records import Wire

MAX_BLOCKS = {"message": 50, "modal": 100, "home": 100}
#: Not documented as a number; Slack answers msg_blocks_too_long near 13 kB although each block is legal.
MAX_MESSAGE_BYTES = 13_000
MAX_VIEW_BYTES = 250_000
MAX_METADATA = 3000

_TEXT_BLOCKS = {"section", "header", "divider", "context", "actions", "image", "markdown", "table", "rich_text", "file", "video"}  # fmt: skip
SURFACES = {
    "message": _TEXT_BLOCKS | {"input"},
    "modal": (_TEXT_BLOCKS | {"input"}) - {"markdown", "table", "file"},
    "home": (_TEXT_BLOCKS | {"input"}) - {"markdown", "table", "file"},
}
_SELECTS = {
    "static_select", "multi_static_select", "users_select", "multi_users_select", "conversations_select",
    "multi_conversations_select", "channels_select", "multi_channels_select",
}  # fmt: skip
_INPUTS = _SELECTS | {
    "plain_text_input", "checkboxes", "radio_buttons", "datepicker", "timepicker", "number_input", "email_text_input",
    "url_text_input", "rich_text_input",
}  # fmt: skip
_ACTIONS = (_INPUTS | {"button", "overflow"}) - {"plain_text_input", "number_input", "email_text_input", "url_text_input"}  # fmt: skip
_ACCESSORIES = _ACTIONS | {"image"}


def check_message(blocks: Any) -> list[str]:
    """What is wrong with the blocks of a message."""
    return list(_blocks(blocks, "message"))


def is_too_long(blocks: Any) -> bool:
    """True when the blocks of a message are legal one by one but too much together."""
    return len(json.dumps(blocks, ensure_ascii=False).encode()) > MAX_MESSAGE_BYTES


def check_view(view: Any) -> list[str]:
    """What is wrong with a modal or Home tab."""
    return list(_view(view))


def _view(view: Any) -> Iterator[str]:
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        yield "view: type must be modal or home"
        return
    kind = view["type"]
    if kind == "home":
        yield from (
            f"view: a home has no {key}" for key in ("title", "submit", "close") if key in view
        )
    else:
        yield from _plain(view.get("title"), "view/title", 24)
        for key in ("submit", "close"):
            if view.get(key) is not None:
                yield from _plain(view[key], f"view/{key}", 24)
    for key, most in (
        ("callback_id", 255),
        ("external_id", 255),
        ("private_metadata", MAX_METADATA),
    ):
        yield from _length(view.get(key) or "", f"view/{key}", most)
    yield from _blocks(view.get("blocks"), kind)
    needs_submit = any(
        isinstance(block, dict) and block.get("type") == "input"
        for block in view.get("blocks") or []
    )
    if kind == "modal" and needs_submit and not view.get("submit"):
        yield "view: submit is needed when there is an input block"


def _blocks(blocks: Any, surface: str) -> Iterator[str]:
    if not isinstance(blocks, list):
        yield "blocks: must be a list"
        return
    if len(blocks) > MAX_BLOCKS[surface]:
        yield f"blocks: no more than {MAX_BLOCKS[surface]} items, found {len(blocks)}"
    if surface != "message" and not blocks:
        yield "blocks: at least 1 item"
    ids = Counter(block.get("block_id") for block in blocks if isinstance(block, dict))
    yield from (
        f"blocks: block_id is used twice: {name}" for name, n in ids.items() if name and n > 1
    )
    for index, block in enumerate(blocks):
        yield from _block(block, f"blocks/{index}", surface)


def _block(block: Any, at: str, surface: str) -> Iterator[str]:
    if not isinstance(block, dict) or block.get("type") not in SURFACES[surface]:
        yield f"{at}: unsupported type in a {surface}"
        return
    yield from _length(block.get("block_id") or "", f"{at}/block_id", 255)
    kind = block["type"]
    if kind == "section":
        yield from _section(block, at)
    elif kind == "header":
        yield from _plain(block.get("text"), f"{at}/text", 150)
    elif kind == "context":
        yield from _elements(block, at, {"mrkdwn", "plain_text", "image"}, 10)
    elif kind == "actions":
        yield from _elements(block, at, _ACTIONS, 25)
        ids = Counter(
            item.get("action_id") for item in block.get("elements") or [] if isinstance(item, dict)
        )
        yield from (
            f"{at}: action_id is used twice: {name}" for name, n in ids.items() if name and n > 1
        )
    elif kind == "input":
        yield from _plain(block.get("label"), f"{at}/label", 2000)
        if block.get("hint") is not None:
            yield from _plain(block["hint"], f"{at}/hint", 2000)
        yield from _element(block.get("element"), f"{at}/element", _INPUTS)
    elif kind == "markdown":
        yield from _length(block.get("text"), f"{at}/text", 12_000, least=1)
    elif kind == "image":
        yield from _length(block.get("alt_text"), f"{at}/alt_text", 2000, least=1)
        if "slack_file" not in block:
            yield from _length(block.get("image_url"), f"{at}/image_url", 3000, least=1)
    elif kind == "rich_text" and not isinstance(block.get("elements"), list):
        yield f"{at}/elements: must be a list"
    elif kind == "table" and not 1 <= len(block.get("rows") or []) <= 100:
        yield f"{at}/rows: 1 to 100 items"


def _section(block: Wire, at: str) -> Iterator[str]:
    if block.get("text") is None and not block.get("fields"):
        yield f"{at}: text or fields is needed"
    if block.get("text") is not None:
        yield from _text(block["text"], f"{at}/text", 3000)
    fields = block.get("fields") or []
    if len(fields) > 10:
        yield f"{at}/fields: no more than 10 items"
    for index, item in enumerate(fields):
        yield from _text(item, f"{at}/fields/{index}", 2000)
    if block.get("accessory") is not None:
        yield from _element(block["accessory"], f"{at}/accessory", _ACCESSORIES)


def _elements(block: Wire, at: str, allowed: set[str], most: int) -> Iterator[str]:
    elements = block.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= most:
        yield f"{at}/elements: 1 to {most} items"
        return
    for index, element in enumerate(elements):
        yield from _element(element, f"{at}/elements/{index}", allowed)


def _element(element: Any, at: str, allowed: set[str]) -> Iterator[str]:
    if not isinstance(element, dict) or element.get("type") not in allowed:
        yield f"{at}: unsupported element"
        return
    kind = element["type"]
    if kind in ("mrkdwn", "plain_text"):
        yield from _text(element, at, 3000)
        return
    if kind == "image":
        yield from _length(element.get("alt_text"), f"{at}/alt_text", 2000, least=1)
        return
    yield from _length(element.get("action_id") or "", f"{at}/action_id", 255)
    if element.get("placeholder") is not None:
        yield from _plain(element["placeholder"], f"{at}/placeholder", 150)
    if element.get("confirm") is not None:
        yield from _confirm(element["confirm"], f"{at}/confirm")
    if kind == "button":
        yield from _button(element, at)
    elif kind == "overflow":
        yield from _options(element.get("options"), f"{at}/options", 5)
    elif kind in ("checkboxes", "radio_buttons"):
        yield from _options(element.get("options"), f"{at}/options", 10)
        yield from _initial(element, at)
    elif kind in ("static_select", "multi_static_select"):
        yield from _select(element, at)
    elif kind == "plain_text_input":
        yield from _length(
            element.get("initial_value") or "",
            f"{at}/initial_value",
            element.get("max_length") or 3000,
        )
        if not 0 < (element.get("max_length") or 3000) <= 3000:
            yield f"{at}/max_length: 1 to 3000"


def _button(button: Wire, at: str) -> Iterator[str]:
    yield from _plain(button.get("text"), f"{at}/text", 75)
    for key, most in (("value", 2000), ("url", 3000), ("accessibility_label", 75)):
        yield from _length(button.get(key) or "", f"{at}/{key}", most)
    if button.get("style") not in (None, "primary", "danger"):
        yield f"{at}/style: primary or danger"


def _select(select: Wire, at: str) -> Iterator[str]:
    groups = select.get("option_groups")
    if (groups is None) == (select.get("options") is None):
        yield f"{at}: options or option_groups, one of them"
        return
    if groups is None:
        yield from _options(select["options"], f"{at}/options", 100)
        yield from _initial(select, at)
        return
    if not isinstance(groups, list) or not 1 <= len(groups) <= 100:
        yield f"{at}/option_groups: 1 to 100 items"
        return
    for index, group in enumerate(groups):
        yield from _plain(group.get("label"), f"{at}/option_groups/{index}/label", 75)
        yield from _options(group.get("options"), f"{at}/option_groups/{index}/options", 100)


def _options(options: Any, at: str, most: int) -> Iterator[str]:
    if not isinstance(options, list) or not 1 <= len(options) <= most:
        yield f"{at}: 1 to {most} items"
        return
    for index, option in enumerate(options):
        if not isinstance(option, dict):
            yield f"{at}/{index}: must be an object"
            continue
        yield from _text(option.get("text"), f"{at}/{index}/text", 75)
        yield from _length(option.get("value"), f"{at}/{index}/value", 150, least=1)
        if option.get("description") is not None:
            yield from _text(option["description"], f"{at}/{index}/description", 75)
    values = Counter(option.get("value") for option in options if isinstance(option, dict))
    yield from (f"{at}: value is used twice" for n in values.values() if n > 1)


def _initial(element: Wire, at: str) -> Iterator[str]:
    """What is chosen at first must be among the options, to the letter."""
    chosen = element.get("initial_options") or (
        [element["initial_option"]] if element.get("initial_option") else []
    )
    if any(option not in (element.get("options") or []) for option in chosen):
        yield f"{at}/initial_option: not among the options"


def _confirm(confirm: Any, at: str) -> Iterator[str]:
    if not isinstance(confirm, dict):
        yield f"{at}: must be an object"
        return
    yield from _plain(confirm.get("title"), f"{at}/title", 100)
    yield from _text(confirm.get("text"), f"{at}/text", 300)
    yield from _plain(confirm.get("confirm"), f"{at}/confirm", 30)
    yield from _plain(confirm.get("deny"), f"{at}/deny", 30)


def _plain(text: Any, at: str, most: int) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") != "plain_text":
        yield f"{at}: must be plain_text"
        return
    yield from _text(text, at, most)


def _text(text: Any, at: str, most: int) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in ("plain_text", "mrkdwn"):
        yield f"{at}: must be a text object"
        return
    if "emoji" in text and text["type"] == "mrkdwn":
        yield f"{at}: emoji belongs to plain_text"
    if "verbatim" in text and text["type"] == "plain_text":
        yield f"{at}: verbatim belongs to mrkdwn"
    yield from _length(text.get("text"), at, most, least=1)


def _length(value: Any, at: str, most: int, *, least: int = 0) -> Iterator[str]:
    """Slack counts UTF-16 units or code points, depending on whom one asks; the stricter of both here."""
    if not isinstance(value, str):
        yield f"{at}: must be text"
    elif not least <= len(value.encode("utf-16-le", "surrogatepass")) // 2 <= most:
        yield f"{at}: {least} to {most} characters"

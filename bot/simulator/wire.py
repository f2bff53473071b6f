"""From what a person types to what Slack stores: wire text, and the rich_text block beside it.

https://docs.slack.dev/messaging/formatting-message-text and https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

import re
from collections.abc import Callable, Iterator

from bot.simulator.records import Wire

_PLACES = re.compile(
    r"(?P<code>```.*?```|`[^`\n]+`)"
    r"|(?P<url>https?://[^\s<>|]*[^\s<>|.,;:!?)\]'\"])"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w@])@(?P<user>[\w.-]*\w)"
    r"|(?<![\w#&])#(?P<channel>[\w-]+)",
    re.DOTALL,
)
_BROADCASTS = ("here", "channel", "everyone")

_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<(?P<control>[^<>\n]+)>"
    r"|:(?P<emoji>[a-z0-9_+-]+):"
    r"|(?<![\w*])\*(?P<bold>[^*\n]+)\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>[^_\n]+)_(?![\w_])"
    r"|(?<![\w~])~(?P<strike>[^~\n]+)~(?![\w~])"
)


def escape(text: str) -> str:
    """The three characters that Slack escapes, and no others."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """``escape`` backwards; the ampersand last, or ``&amp;lt;`` would turn into ``<``."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def type_text(typed: str, user_id: Callable[[str], str], channel_id: Callable[[str], str]) -> str:
    """The wire text of what a person typed: escaped, with mentions, channels, links and addresses as controls.

    ``user_id`` and ``channel_id`` give the id of a name, or "" when nobody has it.
    """
    out: list[str] = []
    last = 0
    for match in _PLACES.finditer(typed):
        out.append(escape(typed[last : match.start()]))
        out.append(_control(match, user_id, channel_id))
        last = match.end()
    return "".join(out) + escape(typed[last:])


def _control(
    match: re.Match[str], user_id: Callable[[str], str], channel_id: Callable[[str], str]
) -> str:
    shown = escape(match[0])
    if match["url"]:
        return f"<{shown}>"
    if match["email"]:
        return f"<mailto:{shown}|{shown}>"
    if name := match["user"]:
        if name in _BROADCASTS:
            return f"<!{name}>"
        return f"<@{found}>" if (found := user_id(name)) else shown
    if name := match["channel"]:
        return f"<#{found}|{name}>" if (found := channel_id(name)) else shown
    return shown


def rich_text(wire: str) -> Wire:
    """The rich_text block that Slack's own clients send along with ``wire``."""
    elements: list[Wire] = []
    for index, stretch in enumerate(wire.split("```")):
        if index % 2:
            text = unescape(stretch.strip("\n"))
            elements.append(_container("rich_text_preformatted", [{"type": "text", "text": text}]))
        else:
            elements += _lines(stretch)
    return {"type": "rich_text", "elements": elements}


def _lines(text: str) -> Iterator[Wire]:
    """A section for each run of plain lines, a quote for each run of lines that start with >."""
    runs: list[tuple[bool, list[str]]] = []
    for line in text.split("\n"):
        quoted = line.startswith("&gt;")
        if not runs or runs[-1][0] != quoted:
            runs.append((quoted, []))
        runs[-1][1].append(line.removeprefix("&gt;").removeprefix(" ") if quoted else line)
    for quoted, lines in runs:
        inner = list(_inline("\n".join(lines)))
        if inner:
            yield _container("rich_text_quote" if quoted else "rich_text_section", inner)


def _container(kind: str, elements: list[Wire]) -> Wire:
    return {"type": kind, "elements": elements}


def _inline(text: str, **style: bool) -> Iterator[Wire]:
    last = 0
    for match in _INLINE.finditer(text):
        yield from _text(text[last : match.start()], style)
        last = match.end()
        if match["control"]:
            yield _styled(_link(match["control"]), style)
        elif match["emoji"]:
            yield {"type": "emoji", "name": match["emoji"]}
        elif match["code"]:
            yield from _text(match["code"], style | {"code": True})
        else:
            kind = str(match.lastgroup)
            yield from _inline(match[kind], **(style | {kind: True}))
    yield from _text(text[last:], style)


def _text(text: str, style: dict[str, bool]) -> Iterator[Wire]:
    if text:
        yield _styled({"type": "text", "text": unescape(text)}, style)


def _styled(element: Wire, style: dict[str, bool]) -> Wire:
    return element | {"style": dict(style)} if style else element


def _link(control: str) -> Wire:
    target, _, label = control.partition("|")
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!"):
        return {"type": "broadcast", "range": target[1:]}
    link: Wire = {"type": "link", "url": unescape(target)}
    return link | {"text": unescape(label)} if label else link

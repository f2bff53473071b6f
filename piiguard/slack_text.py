"""PlainText: a Slack message as a reader sees it, with the exact map to the wire text it came in.

Wire text escapes `& < >`, writes mentions and links as `<...>` and marks formatting with `* _ ~` and backticks
(https://docs.slack.dev/messaging/formatting-message-text). Rules and model read `PlainText.text`; callers count in
wire characters. Each plain character owns a wire range of its own, so a span survives the way there and back.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from piiguard.errors import SpanError
from piiguard.spans import Span


@dataclass(frozen=True, slots=True)
class PlainText:
    """The plain text, and for each of its characters the wire range ``[starts[i], ends[i])`` that it owns.

    The ranges are not empty, disjoint and increasing. Marks that are not shown are owned by no character.
    """

    text: str = field(repr=False)
    starts: Sequence[int] = field(repr=False)
    ends: Sequence[int] = field(repr=False)

    @classmethod
    def identity(cls, text: str) -> "PlainText":
        """A text without markup: plain and wire offsets are the same."""
        return cls(text, range(len(text)), range(1, len(text) + 1))

    def to_wire(self, span: Span) -> Span:
        """The span in wire offsets, from its first character's start to its last one's end.

        Raises SpanError when the span reaches beyond the plain text.
        """
        if span.end > len(self.text):
            raise SpanError(
                f"expected a span within {len(self.text)} characters, found one that ends at {span.end}"
            )
        return replace(span, start=self.starts[span.start], end=self.ends[span.end - 1])

    def to_plain(self, span: Span) -> Span | None:
        """The span over all plain characters that it touches on the wire, None when it touches none."""
        start = bisect_right(self.ends, span.start)
        end = bisect_left(self.starts, span.end)
        return replace(span, start=start, end=end) if start < end else None


def read_wire(text: str) -> PlainText:
    """Read Slack's wire format. Any string can be read; what is no markup stays as it is.

    An address that a label hides is shown before it: `<mailto:a@b.co|HR>` reads "a@b.co HR".
    """
    if not _SPECIAL.search(text):
        return PlainText.identity(text)
    tokens = list(_TOKEN.finditer(text))
    reader = _Reader(text, _formatting_marks(text, tokens))
    reader.read(tokens, 0, len(text))
    return PlainText("".join(reader.pieces), tuple(reader.starts), tuple(reader.ends))


def escape(text: str) -> str:
    """Write plain text for the wire: `& < >` become entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_SPECIAL = re.compile(r"[&<>*_~`]")

# What is no construct is not matched at all and so stays text: <foo>, <your-password>, a stray <.
# Possessive repeats keep a broken construct from being tried twice.
_CONSTRUCT = r"""
    (?P<construct> <
        (?: (?P<name> [@\#] [A-Z][A-Z0-9]{0,19}+
              | ! (?: here | channel | everyone | group | (?:subteam|date) \^ [^<>|\n]*+ ) )
          | (?P<scheme> (?i: mailto: | tel: | (?=[a-z][a-z0-9+.-]{0,30}+://))) (?P<address> [^<>|\n]++)
        )
        (?: (?P<bar> \|) (?P<label> [^<>\n]*+) )?
    > )
"""
_ENTITY = r"(?P<entity> &(?:amp|lt|gt); )"
# Slack still links and escapes inside code, but formats nothing there.
_INSIDE_CODE = re.compile(f"{_CONSTRUCT} | {_ENTITY}", re.VERBOSE)
_ENTITY_ONLY = re.compile(_ENTITY, re.VERBOSE)

# subtle: the quote comes before the entity, as both begin with &gt;, and the block before the code.
_TOKEN = re.compile(
    rf"""
      (?P<quote> ^ (?: &gt;&gt;&gt; | >>> | &gt; | > ) [ ]? )
    | {_ENTITY}
    | {_CONSTRUCT}
    | (?P<block> (?<!`) ``` (?!`) (?P<block_body> .+? ) ``` )
    | (?P<code> (?<![^\W_]) (?<!`) ` (?P<code_body> [^`\n]++ ) ` (?![^\W_]) (?!`) )
    | (?P<mark> \*+ | _+ | ~+ )
    | (?P<line> \n )
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)


class _Reader:
    """Collects plain characters and their owners, from left to right."""

    def __init__(self, wire: str, dropped: set[int]) -> None:
        self.wire = wire
        self.dropped = dropped
        self.pieces: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def copy(self, start: int, end: int) -> None:
        """Take a stretch as it stands."""
        if start < end:
            self.pieces.append(self.wire[start:end])
            self.starts.extend(range(start, end))
            self.ends.extend(range(start + 1, end + 1))

    def own(self, text: str, start: int, end: int) -> None:
        """Let ``text``, not longer than the stretch, stand for it: its last character owns the rest."""
        last = start + len(text) - 1
        self.pieces.append(text)
        self.starts.extend(range(start, last + 1))
        self.ends.extend(range(start + 1, last + 1))
        self.ends.append(end)

    def read(self, tokens: Iterable[re.Match[str]], start: int, end: int) -> None:
        """Take a stretch: the tokens in it as they read, what lies between them as it stands."""
        for token in tokens:
            self.copy(start, token.start())
            self.token(token)
            start = token.end()
        self.copy(start, end)

    def decode(self, start: int, end: int) -> None:
        """Take a stretch where only entities are read."""
        self.read(_ENTITY_ONLY.finditer(self.wire, start, end), start, end)

    def token(self, token: re.Match[str]) -> None:
        kind = token.lastgroup
        if kind == "construct":
            self.construct(token)
        elif kind == "entity":
            self.own(_ENTITIES[token[0]], *token.span())
        elif kind in ("block", "code"):
            start, end = token.span(f"{kind}_body")
            self.read(_INSIDE_CODE.finditer(self.wire, start, end), start, end)
        elif kind == "line" or (kind == "mark" and token.start() not in self.dropped):
            self.copy(*token.span())

    def construct(self, token: re.Match[str]) -> None:
        if token["address"]:
            self.link(token, token["scheme"].lower(), *token.span("address"))
        elif token["name"].startswith("!date^"):
            self.date(token)
        elif token["label"]:
            self.mention(token)
        else:
            shown, (start, end) = _stand_in(token["name"]), token.span("name")
            if len(shown) <= end - start:
                self.own(shown, start, end)
            else:  # a character more than the wire has would own nothing
                self.copy(start, end)

    def mention(self, token: re.Match[str]) -> None:
        """A label with its @ or #, which the name's first character owns unless the label brings it."""
        start, sigil = token.start("name"), "#" if token["name"][0] == "#" else "@"
        if not token["label"].startswith(sigil):
            self.own(sigil, start, start + 1)
        self.decode(*token.span("label"))

    def date(self, token: re.Match[str]) -> None:
        """`<!date^when^format^link|fallback>`: the fallback, and the link if there is one."""
        fields, (start, end) = token["name"].split("^", 3), token.span("name")
        if not token["label"]:
            self.decode(start + 1, end)
        elif len(fields) == 4 and fields[3]:
            self.link(token, "", end - len(fields[3]), end)
        else:
            self.decode(*token.span("label"))

    def link(self, token: re.Match[str], scheme: str, start: int, end: int) -> None:
        label = token["label"]
        if label and _shows(scheme, _decoded(label), _decoded(self.wire[start:end])):
            self.decode(*token.span("label"))
            return
        self.decode(start, end)
        if label:
            self.own(" ", *token.span("bar"))
            self.decode(*token.span("label"))


def _stand_in(name: str) -> str:
    """What to show for a mention without a label."""
    if name.startswith("!subteam^"):
        return "@group"
    return {"@": "@user", "#": "#channel"}.get(name[0], "@" + name[1:])


def _decoded(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _shows(scheme: str, label: str, address: str) -> bool:
    """True when the label hides nothing of the address that could be somebody's."""
    if scheme == "mailto:":
        return label.lower() in (address.lower(), scheme + address.lower())
    if scheme == "tel:":
        shown, dialled = _digits(label), _digits(address)
        # A country code of up to three digits may go; `<tel:+15551234567|4567>` would hide a number.
        national = len(shown) >= 7 and len(dialled) - len(shown) <= 3 and dialled.endswith(shown)
        whole = dialled != "" and shown.endswith(dialled)
        return (whole or national) and _PHONE.fullmatch(address) is not None
    return _bare(label) == _bare(address)


_PHONE = re.compile(r"[\d\s+().\-/]+")
_WEB_PREFIX = re.compile(r"(?:https?://)?(?:www\.)?", re.IGNORECASE)


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdecimal())


def _bare(url: str) -> str:
    return _WEB_PREFIX.sub("", url, count=1).removesuffix("/")


# Slack formats between a mark that opens after a space or punctuation and one that closes before such. Of the
# punctuation only what stands beside words in prose counts here: in `.*foo.*`, `src/*/x/*`, `key=_a_` and tokens
# like `a-_b_-c` the marks belong to the value. A mark too many in plain costs less than a value cut short.
_BEFORE_OPENING = frozenset("([{\"'“‘«>:;,|–—`")
_NEVER_OPENED = frozenset(")]},.;/-")
_NEVER_CLOSED = frozenset("([{")
_AFTER_CLOSING = frozenset(")]}\"'”’»<>:;,.!?…|–—&`*_~")


def _formatting_marks(wire: str, tokens: Sequence[re.Match[str]]) -> set[int]:
    """The offsets of all marks that are formatting. Doubled marks (`__init__`, `***-**-6789`) never are."""
    marks: set[int] = set()
    opened: dict[str, int] = {}
    for token in tokens:
        if token.lastgroup in ("line", "block"):
            opened.clear()
        if token.lastgroup != "mark" or len(token[0]) > 1:
            continue
        mark, at = token[0], token.start()
        before, after = wire[at - 1 : at], wire[at + 1 : at + 2]
        nested = opened.get(before) == at - 1
        if mark not in opened:
            if _opens("" if nested else before, after):
                opened[mark] = at
        elif not nested and _closes(before, after):
            start = opened.pop(mark)
            opened = {other: place for other, place in opened.items() if place < start}
            marks |= {start, at}
    return marks


def _opens(before: str, after: str) -> bool:
    if not after or after.isspace() or after in _NEVER_OPENED:
        return False
    return not before or before.isspace() or before in _BEFORE_OPENING


def _closes(before: str, after: str) -> bool:
    if before.isspace() or before in _NEVER_CLOSED:
        return False
    return not after or after.isspace() or after in _AFTER_CLOSING

"""Policies as text: a document written as YAML, the mistakes of a text by line, and what differs between two texts."""

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.policies import BotPolicy, parse_bot_policy
from bot.policy_sections import BotPolicyModel
from piiguard.errors import PolicyError

_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
#: What YAML 1.1 reads as something else than these letters.
_RESERVED: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_PROBLEM: Final = re.compile(
    r'policy(?: line (?P<line>\d+))?(?:, column (?P<column>\d+))?(?:, key "(?P<key>[^"]*)")?: (?P<reason>.*)',
    re.DOTALL,
)
_WIDTH: Final = 90


@dataclass(frozen=True, slots=True)
class LineProblem:
    """A mistake in a policy text. ``key`` as in "notices.quiet_hours"; line 0 when it is nowhere in particular."""

    line: int
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a comparison. ``kind``: "same", "added", "removed" or "skip"."""

    kind: str
    text: str


def check(text: str) -> tuple[BotPolicy | None, list[LineProblem]]:
    """The policy of a text, or everything that is wrong with it."""
    try:
        return parse_bot_policy(text), []
    except PolicyError as error:
        return None, problems_of(error)


def problems_of(error: PolicyError) -> list[LineProblem]:
    """The mistakes that an error names, one a line."""
    found = []
    for sentence in str(error).split("\n"):
        match = _PROBLEM.fullmatch(sentence)
        if match is None:
            found.append(LineProblem(0, "", sentence))
        else:
            found.append(LineProblem(int(match["line"] or 0), match["key"] or "", match["reason"]))
    return found


def document_of(model: BotPolicyModel) -> dict[str, Any]:
    """What a policy says beyond the defaults, as plain values."""
    return model.model_dump(exclude_defaults=True, exclude_none=True)


def to_yaml(document: Mapping[str, Any]) -> str:
    """A document as YAML: block mappings, short lists in one line, and quotes wherever a word could be misread."""
    lines: list[str] = []
    _write(document, 0, lines)
    return "".join(line + "\n" for line in lines)


def diff(old: str, new: str, *, context: int = 2) -> list[DiffLine]:
    """What changed from one text to the other, with some lines around it."""
    before, after = old.splitlines(), new.splitlines()
    found: list[DiffLine] = []
    groups = difflib.SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(
        context
    )
    for number, group in enumerate(groups):
        if number or group[0][1] > 0:
            found.append(DiffLine("skip", "…"))
        for kind, a, b, c, d in group:
            if kind == "equal":
                found += [DiffLine("same", line) for line in before[a:b]]
                continue
            found += [DiffLine("removed", line) for line in before[a:b]]
            found += [DiffLine("added", line) for line in after[c:d]]
    return found


def _write(value: Mapping[str, Any], depth: int, lines: list[str]) -> None:
    indent = "  " * depth
    for key, child in value.items():
        name = _scalar(str(key))
        if isinstance(child, Mapping):
            if child:
                lines.append(f"{indent}{name}:")
                _write(child, depth + 1, lines)
            else:
                lines.append(f"{indent}{name}: {{}}")
        elif isinstance(child, (list, tuple)):
            _write_list(f"{indent}{name}:", child, depth, lines)
        else:
            lines.append(f"{indent}{name}: {_scalar(child)}")


def _write_list(head: str, values: Sequence[Any], depth: int, lines: list[str]) -> None:
    if not any(isinstance(one, (Mapping, list, tuple)) for one in values):
        flow = f"{head} [{', '.join(_scalar(one) for one in values)}]"
        if len(flow) <= _WIDTH or not values:
            lines.append(flow)
            return
    lines.append(head)
    indent = "  " * (depth + 1)
    for one in values:
        if isinstance(one, Mapping) and one:
            block: list[str] = []
            _write(one, 0, block)
            lines += [f"{indent}{'- ' if not n else '  '}{line}" for n, line in enumerate(block)]
        else:
            lines.append(f"{indent}- {_scalar(one)}")


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if value in ({}, []):
        return "{}" if value == {} else "[]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    text = str(value)
    if _PLAIN.fullmatch(text) and text.lower() not in _RESERVED:
        return text
    # a JSON string is a YAML string; what YAML does not allow raw stays escaped
    return json.dumps(text, ensure_ascii=not text.isprintable())

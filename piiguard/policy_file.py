"""Policy files: YAML -> Policy. A mistake is answered with file, line and key, all mistakes at once.

Owns yaml and pydantic in this room; ``import piiguard`` does not load it.
"""

import difflib
from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from piiguard.errors import PolicyError
from piiguard.labels import LABELS
from piiguard.policy import MEDIUM_LABELS, Combination, LabelRule, PastedList, Policy

MAX_CHARS = 256_000
MAX_DEPTH = 20

KeyPath = tuple[str | int, ...]


def read_policy(path: str | Path) -> Policy:
    """The Policy in a YAML file; PolicyError names file, line and key of every mistake."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise PolicyError(f"{path}: expected UTF-8, found another encoding") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise PolicyError(f"{path}: cannot be read ({reason})") from error
    return parse_policy(text, name=str(path))


def parse_policy(text: str, *, name: str = "policy") -> Policy:
    """The Policy in a YAML text; ``name`` is what errors call it. An empty text is the default policy."""
    if len(text) > MAX_CHARS:
        raise PolicyError(f"{name}: expected at most {MAX_CHARS} characters, found {len(text)}")
    document = read_yaml(text, name)
    problems = list(document.problems)
    try:
        model = PolicyModel.model_validate(document.value)
    except ValidationError as error:
        details = error.errors(include_input=False, include_url=False)
        problems += [explain(detail) for detail in details]
    except PolicyError as error:
        problems.append(Problem((), str(error)))
    if problems:
        lines = [(document.line_of(problem.path), problem) for problem in problems]
        lines.sort(key=lambda entry: entry[0])
        raise PolicyError("\n".join(sentence(name, line, problem) for line, problem in lines))
    return model.to_policy()


# --- what a file may say


def _known_label(name: str) -> str:
    if name not in LABELS:
        hint = suggestion(name.upper().replace("-", "_").replace(" ", "_"), LABELS)
        raise PydanticCustomError("unknown_label", "unknown label{hint}", {"hint": hint})
    return name


def expand_action(rule: object) -> object:
    """``USERNAME: ignore`` is short for ``USERNAME: {action: ignore}``."""
    return {"action": rule} if isinstance(rule, str) else rule


LabelName = Annotated[str, AfterValidator(_known_label)]
Score = Annotated[float, Field(ge=0.0, le=1.0)]


class StrictModel(BaseModel):
    """A section of a policy file: its keys and no others, each of its own type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class LabelModel(StrictModel):
    """What a file says of a label."""

    action: Literal["flag", "ignore"] | None = None
    min_score: Score = 0.0


class CombinationModel(StrictModel):
    """An anchor and what must stand beside it."""

    anchor: LabelName = "PERSON"
    labels: list[LabelName] = Field(default=list(MEDIUM_LABELS), min_length=1)
    at_least: int = Field(default=2, ge=1)


class ListModel(StrictModel):
    """How long a list of values must be to flag."""

    labels: list[LabelName] = Field(default=list(MEDIUM_LABELS), min_length=1)
    length: int = Field(default=5, ge=2)


class PolicyModel(StrictModel):
    """A whole policy file; the bot's adds sections of its own."""

    version: Literal[1] = 1
    # subtle: not "off" or "none"; YAML 1.1 reads bare `off` as false
    flag_at: Literal["low", "medium", "high", "critical", "never"] = "high"
    min_score: Score = 0.0
    labels: dict[LabelName, Annotated[LabelModel, BeforeValidator(expand_action)]] = {}
    combinations: list[CombinationModel] = [CombinationModel()]
    lists: list[ListModel] = [ListModel()]

    def model_post_init(self, _: object) -> None:
        self.to_policy()  # what only the whole can show (an anchor among its own labels) is refused here

    def to_policy(self) -> Policy:
        """The Policy that the file means."""
        return Policy(
            flag_at=None if self.flag_at == "never" else self.flag_at,
            min_score=self.min_score,
            labels={
                name: LabelRule(rule.action, rule.min_score) for name, rule in self.labels.items()
            },
            combinations=tuple(
                Combination(rule.anchor, tuple(rule.labels), rule.at_least)
                for rule in self.combinations
            ),
            lists=tuple(PastedList(tuple(rule.labels), rule.length) for rule in self.lists),
        )


# --- YAML with line numbers


class Problem(NamedTuple):
    """What is wrong, and at which key."""

    path: KeyPath
    reason: str


class Document(NamedTuple):
    """A YAML text as values, with the line of each key and what was wrong with it as YAML."""

    value: object
    lines: dict[KeyPath, int]
    problems: list[Problem]

    def line_of(self, path: KeyPath) -> int:
        """The line of a key, or of the nearest one above it that the file holds."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _Loader(yaml.SafeLoader):
    """SafeLoader without aliases and deep nesting: a policy needs neither, and both can eat a machine."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(None, None, "aliases (*name) are not supported here", mark)
        if self.depth >= MAX_DEPTH:
            raise yaml.MarkedYAMLError(None, None, "nested too deeply", mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def read_yaml(text: str, name: str) -> Document:
    """A YAML text, without aliases and deep nesting; PolicyError where it is none, problems where keys are doubled."""
    document = Document({}, {(): 1}, [])
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        value = {} if root is None else _to_python(loader, root, (), document)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        column = mark.column + 1 if mark else 1
        raise PolicyError(
            f"{name} line {line}, column {column}: not valid YAML ({error.problem or 'unreadable'})"
        ) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise PolicyError(f"{name} line {line}: a character that YAML does not allow") from None
    except ValueError:  # a date or number that looks right and is none: 2024-13-01
        raise PolicyError(f"{name}: not valid YAML (an impossible date or number)") from None
    return document._replace(value={} if value is None else value)


def _to_python(loader: _Loader, node: yaml.Node, path: KeyPath, document: Document) -> Any:
    document.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_to_python(loader, item, (*path, i), document) for i, item in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return loader.construct_object(node)
    mapping: dict[Hashable, Any] = {}
    for key_node, value_node in node.value:
        # every key is read as written: `on` stays "on", 1 stays "1"
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
        key_path = (*path, key)
        if key in mapping:
            first = document.lines[key_path]
            document.lines[(*key_path, "")] = key_node.start_mark.line + 1
            document.problems.append(
                Problem((*key_path, ""), f"given twice; first in line {first}")
            )
            continue
        document.lines[key_path] = key_node.start_mark.line + 1
        mapping[key] = _to_python(loader, value_node, key_path, document)
    return mapping


# --- saying what is wrong


def explain(detail: ErrorDetails) -> Problem:
    """What pydantic found, in our words."""
    path: KeyPath = tuple(part for part in detail["loc"] if part != "[key]")
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return Problem(path, "unknown key" + suggestion(str(path[-1]), _keys_beside(path)))
    if kind == "literal_error":
        return Problem(path, f"expected {context.get('expected')}")
    if kind in ("dict_type", "model_type"):
        return Problem(path, "expected a mapping (key: value)")
    message = detail["msg"].replace("Input should be", "expected")
    return Problem(path, message)


def _keys_beside(path: KeyPath) -> Iterable[str]:
    models: dict[object, type[StrictModel]] = {
        "labels": LabelModel,
        "combinations": CombinationModel,
        "lists": ListModel,
    }
    return (models.get(path[0], PolicyModel) if len(path) > 1 else PolicyModel).model_fields


def suggestion(name: str, known: Iterable[str]) -> str:
    """The nearest of the names that are known, else all of them, as the end of a sentence."""
    known = list(known)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else f"; expected one of: {', '.join(known)}"


def sentence(name: str, line: int, problem: Problem) -> str:
    """A problem with its place, as people read it."""
    key = ""
    for part in problem.path:
        key += f"[{part}]" if isinstance(part, int) else f".{part}" if part else ""
    where = f', key "{key.removeprefix(".")}"' if key else ""
    return f"{name} line {line}{where}: {problem.reason}"

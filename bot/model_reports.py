"""Models as the console shows them: what a directory says of itself, its measurements, and how two of them compare."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from piiguard.errors import ModelError
from piiguard.labels import LABELS
from piiguard.model_dir import ONNX_FILE, Manifest, open_model_dir

#: key, title, way into a set's report, name of its interval, whether more is better, digits
_MEASURES: Final = (
    ("strict_f1", "Strict F1", ("strict", "f1"), "strict_f1", True, 3),
    ("macro_f1", "Macro F1", ("macro_f1",), "macro_f1", True, 3),
    ("leak", "Leaked characters, share", ("leaked_char_share",), "leaked_char_share", False, 3),
    ("flag_recall", "Messages to flag: recall", ("message_flag", "recall"), "message_flag_recall", True, 3),
    ("flag_precision", "Messages to flag: precision", ("message_flag", "precision"), "message_flag_precision", True, 3),
    ("false_flags", "False flags per 1,000", ("false_flags_per_1000",), "", False, 1),
    ("ece", "Calibration error", ("ece",), "", False, 3),
    ("ms", "Milliseconds a message", ("ms_per_message",), "", False, 1),
)  # fmt: skip
#: A label is judged by itself from so many examples on.
MIN_SUPPORT: Final = 20
#: Macro F1 may fall by less than a point; false flags may rise by a tenth.
F1_FALL: Final = 0.01
FALSE_FLAGS_RISE: Final = 1.1
ECE_RISE: Final = 0.02
RECALL_FALL: Final = 0.05


@dataclass(frozen=True, slots=True)
class Value:
    """A measured number with its 95 % interval, where there is one."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class LabelScore:
    """How well one label is found."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class TestSet:
    """A model's numbers on one set of messages. ``sha256`` tells whether two models read the same."""

    name: str
    n_messages: int
    support: int
    sha256: str
    labels: str
    measures: Mapping[str, Value]
    by_label: Mapping[str, LabelScore]


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model directory. ``problem`` says why it cannot be used; then nothing else of it is known."""

    name: str
    path: Path
    manifest: Manifest | None = None
    size_bytes: int = 0
    sets: Mapping[str, TestSet] = field(default_factory=dict)
    problem: str = ""

    @property
    def main(self) -> TestSet | None:
        """The set that has all labels, the largest one; None without a report."""
        whole = [one for one in self.sets.values() if one.labels == "all"]
        return max(whole, key=lambda one: one.support, default=None)

    @property
    def sha256(self) -> str:
        """Of the network that is served."""
        return self.manifest.sha256.get(ONNX_FILE, "") if self.manifest else ""


@dataclass(frozen=True, slots=True)
class Change:
    """A number of two models. ``is_clear``: their intervals do not meet; ``is_better`` None where they are equal."""

    title: str
    old: Value
    new: Value
    digits: int
    is_better: bool | None
    is_clear: bool

    @property
    def delta(self) -> float:
        """How much it changed."""
        return self.new.value - self.old.value


@dataclass(frozen=True, slots=True)
class LabelChange:
    """A label by two models; None where one of them was not measured on it."""

    name: str
    old: LabelScore | None
    new: LabelScore | None

    @property
    def delta(self) -> float | None:
        """The change of F1."""
        return self.new.f1 - self.old.f1 if self.old and self.new else None


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition for coming into use."""

    title: str
    is_ok: bool
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changes from one model to another, on the set that both were measured on."""

    set_name: str
    n_messages: int
    changes: tuple[Change, ...]
    labels: tuple[LabelChange, ...]
    gates: tuple[Gate, ...]

    @property
    def is_accepted(self) -> bool:
        """True when every gate is passed."""
        return all(gate.is_ok for gate in self.gates)


def read_models(models: Path) -> list[ModelInfo]:
    """All models of a directory, by name, the highest number first; each verified against its manifest."""
    folders = (path for path in models.iterdir() if path.is_dir() and not path.name.startswith("."))
    return sorted(
        (read_model(path) for path in folders), key=lambda one: _order(one.name), reverse=True
    )


def read_model(path: Path) -> ModelInfo:
    """One model. Reads every byte of it, once as long as its manifest stays the same."""
    stamp = _stamp(path)
    kept = _READ.get(path)
    if kept is None or kept[0] != stamp:
        kept = (stamp, _read(path))
        _READ[path] = kept
    return kept[1]


_READ: dict[Path, tuple[Any, ModelInfo]] = {}


def compare(old: ModelInfo, new: ModelInfo) -> Comparison:
    """What changes if ``new`` takes the place of ``old``, and whether it may."""
    before, after = old.main, new.main
    same = before is not None and after is not None and before.sha256 == after.sha256
    changes = tuple(_changes(before, after)) if before and after and same else ()
    labels = tuple(_labels(before, after)) if before and after and same else ()
    return Comparison(
        set_name=after.name if after else "",
        n_messages=after.n_messages if after else 0,
        changes=changes,
        labels=labels,
        gates=tuple(_gates(old, new, before, after, same=same)),
    )


def _gates(
    old: ModelInfo, new: ModelInfo, before: TestSet | None, after: TestSet | None, *, same: bool
) -> Iterator[Gate]:
    yield Gate("Whole", not new.problem, new.problem or "every byte is as its manifest says")
    if not after or not before or not same:
        who = new.name if not after else old.name if not before else ""
        text = f"{who} has no report" if who else "the two were measured on different messages"
        yield Gate("Measured", False, f"{text}; run python -m training evaluate")
        return
    yield Gate("Measured", True, f"both on the same {after.n_messages:,} messages of {after.name}")
    a, b = before.measures, after.measures
    fall = a["macro_f1"].value - b["macro_f1"].value
    yield Gate(
        "F1", fall < F1_FALL, f"macro F1 {b['macro_f1'].value:.3f} after {a['macro_f1'].value:.3f}"
    )
    most = a["leak"].value if a["leak"].high is None else a["leak"].high
    yield Gate(
        "Leak",
        b["leak"].value <= most,
        f"{b['leak'].value:.1%} of characters left uncovered; at most {most:.1%} is within the interval",
    )
    worse = [
        one.name
        for one in _labels(before, after)
        if one.old
        and one.new
        and min(one.old.support, one.new.support) >= MIN_SUPPORT
        and one.old.recall - one.new.recall > RECALL_FALL
    ]
    text = f"fell by more than {RECALL_FALL:.0%}: {', '.join(worse)}" if worse else "no label fell"
    yield Gate("Recall by label", not worse, text)
    limit = a["false_flags"].value * FALSE_FLAGS_RISE
    yield Gate(
        "False flags",
        b["false_flags"].value <= limit,
        f"{b['false_flags'].value:.1f} per 1,000; at most {limit:.1f}",
    )
    yield Gate(
        "Calibration",
        b["ece"].value <= a["ece"].value + ECE_RISE,
        f"error {b['ece'].value:.3f} after {a['ece'].value:.3f}",
    )


def _changes(before: TestSet, after: TestSet) -> Iterator[Change]:
    for key, title, _, _, is_more_better, digits in _MEASURES:
        old, new = before.measures.get(key), after.measures.get(key)
        if old is None or new is None:
            continue
        is_equal = round(old.value, digits) == round(new.value, digits)
        yield Change(
            title=title,
            old=old,
            new=new,
            digits=digits,
            is_better=None if is_equal else (new.value > old.value) == is_more_better,
            is_clear=_are_apart(old, new),
        )


def _labels(before: TestSet, after: TestSet) -> Iterator[LabelChange]:
    for name in LABELS:
        if name in before.by_label or name in after.by_label:
            yield LabelChange(name, before.by_label.get(name), after.by_label.get(name))


def _are_apart(a: Value, b: Value) -> bool:
    if a.low is None or a.high is None or b.low is None or b.high is None:
        return False
    return a.high < b.low or b.high < a.low


def _read(path: Path) -> ModelInfo:
    try:
        manifest = open_model_dir(path)
    except ModelError as error:
        # the message begins with the whole path
        return ModelInfo(
            path.name, path, problem=str(error).replace(f"{path}/", "").replace(f"{path}: ", "")
        )
    size = sum(one.stat().st_size for one in path.rglob("*") if one.is_file())
    return ModelInfo(path.name, path, manifest, size, _sets(path / "report.json"))


def _sets(path: Path) -> dict[str, TestSet]:
    """The sets of a report; {} where there is none that can be read."""
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        return {name: _set(name, row) for name, row in report["datasets"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _set(name: str, row: Mapping[str, Any]) -> TestSet:
    intervals = row.get("ci95", {})
    measures = {}
    for key, _, way, interval, _, _ in _MEASURES:
        value: Any = row
        for step in way:
            value = value.get(step) if isinstance(value, dict) else None
        if isinstance(value, (int, float)):
            low, high = intervals.get(interval) or (None, None)
            measures[key] = Value(float(value), low, high)
    return TestSet(
        name=name,
        n_messages=int(row["messages"]),
        support=int(row["strict"]["support"]),
        sha256=str(row.get("sha256", "")),
        labels=str(row.get("labels", "all")),
        measures=measures,
        by_label={
            label: LabelScore(one["precision"], one["recall"], one["f1"], int(one["support"]))
            for label, one in row.get("per_label", {}).items()
        },
    )


def _stamp(path: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes when a file of the directory does."""
    found = sorted(one for one in path.rglob("*") if one.is_file())
    return tuple((one.name, one.stat().st_mtime_ns, one.stat().st_size) for one in found)


def _order(name: str) -> tuple[str, int]:
    head, _, number = name.rpartition("-")
    return (head, int(number)) if number.isdecimal() else (name, -1)

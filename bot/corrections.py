"""export_corrections(): reviews -> a file of Corrections. Values are replaced unless somebody who may says otherwise.

The file is a snapshot: named by its content, never changed. The same reviews give the same bytes. Each export writes an
audit row before a byte leaves. What was erased is in no later one.
"""

import hashlib
import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from bot.correction_examples import MODES, ExampleMaker, Mode, offsets_line, utc
from bot.correction_imports import Imported, import_corrections
from bot.correction_truth import TRUTHS, Conflict, Truths, Verdict, read_truths
from bot.errors import ForbiddenError, NotFoundError
from bot.records import Person, Role, Surface
from bot.review import UNDO_S
from bot.snapshots import ExportError, name_of, write_manifest, write_snapshot
from bot.store import Store
from piiguard.examples import Correction
from piiguard.formats import FORMATS
from piiguard.formats.records import write_lines

__all__ = [
    "MODES",
    "ExportError",
    "Exported",
    "Imported",
    "Mode",
    "export_corrections",
    "import_corrections",
    "may_export",
]

IsChosen = Callable[[str, datetime], bool]
CONFLICT_SCHEMA: Final = "piiguard/conflict@1"
MAX_REASON_CHARS: Final = 200
_EXPORTERS: Final[dict[Mode, tuple[Role, ...]]] = {
    "surrogates": ("compliance", "ml"),
    "offsets_only": ("compliance", "ml"),
    "real_values": ("compliance",),
}


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written. ``snapshot`` is its name, made of its hash; ``skipped`` counts messages by why they are out."""

    n: int
    sha256: str
    n_conflicts: int
    n_skipped: int
    snapshot: str
    n_messages: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    conflicts: tuple[dict[str, Any], ...] = ()
    path: Path | None = None

    def __str__(self) -> str:
        reasons = ", ".join(f"{why} {n}" for why, n in self.skipped.items())
        lines = [
            f"{self.n} corrections from {self.n_messages} messages, sha256 {self.sha256}",
            f"left out: {reasons or 'none'}",
        ]
        if self.n_conflicts:
            lines.append(f"{self.n_conflicts} conflicts between reviewers to settle, none exported")
        return "\n".join(lines)


def export_corrections(
    store: Store,
    tenant: str,
    out: str | Path | IO[bytes],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    decisions: Sequence[str] = (),
    fmt: str = "jsonl",
    mode: Mode = "surrogates",
    by: Person | None = None,
    reason: str = "",
    surface: Surface = "console",
    undo_s: float = UNDO_S,
) -> Exported:
    """Write the signed decisions that stand as examples.

    Args:
        out: a stream; a file, written whole or not at all; or a directory, where the snapshot gets its own name and is
            read-only. Beside a file stands ``<name>.manifest.json``, with what people have to settle.
        since, until: of the decision, half-open.
        decisions: of ``TRUTHS``; all when empty.
        mode: "surrogates"; "real_values", for compliance with a reason; "offsets_only", without any text.
        by: who exports; None for the operator of this machine, who gets no real values.

    Raises: ExportError; ForbiddenError; NotFoundError for another tenant's person.
    """
    _check(tenant, decisions, fmt, mode, by, reason)
    truths = read_truths(store, tenant, undo_s=undo_s)

    def is_chosen(decision: str, at: datetime) -> bool:
        # what makes no example, such as a duplicate, belongs to every choice
        return (
            (not decisions or decision in decisions or decision not in TRUTHS)
            and (since is None or utc(since) <= at)
            and (until is None or at < utc(until))
        )

    maker = ExampleMaker(store, tenant, mode)
    sound = [one for one in truths.verdicts if not _is_broken(one)]
    chosen = [one for one in sound if is_chosen(one.decision, one.at)]
    corrections = list(maker.make(sound, frozenset(one.flag.id for one in chosen)))
    conflicts = [
        _conflict(one, maker)
        for one in truths.conflicts
        if any(is_chosen(verdict.decision, verdict.at) for verdict in one.verdicts)
    ]
    skipped = _skipped(truths, len(truths.verdicts) - len(sound), is_chosen)
    body = _body(corrections, fmt, mode)
    sha256 = hashlib.sha256(body).hexdigest()
    with store.transaction() as tx:
        store.audit.append(
            tx,
            tenant,
            by.id if by else "operator",
            "corrections.exported",
            name_of(body),
            surface=surface,
            mode=mode,
            fmt=fmt,
            n=len(corrections),
            sha256=sha256,
            n_conflicts=len(conflicts),
            reason=reason,
        )
    path = None
    if isinstance(out, str | Path):
        path = write_snapshot(Path(out), body, FORMATS[fmt].suffix)
        write_manifest(
            path,
            body,
            corrections,
            format=fmt,
            mode=mode,
            since=utc(since).isoformat() if since else None,
            until=utc(until).isoformat() if until else None,
            skipped=skipped,
            conflicts=conflicts,
        )
    else:
        out.write(body)
    return Exported(
        n=len(corrections),
        sha256=sha256,
        n_conflicts=len(conflicts),
        n_skipped=sum(skipped.values()),
        snapshot=name_of(body),
        n_messages=len(chosen),
        skipped=skipped,
        conflicts=tuple(conflicts),
        path=path,
    )


def may_export(mode: Mode, tenant: str, by: Person | None) -> None:
    """Raises NotFoundError for another tenant's person, ForbiddenError for one without the role."""
    if by is None:
        if mode == "real_values":
            raise ForbiddenError(
                "real values need a name: somebody with the role compliance exports them"
            )
        return
    if by.tenant != tenant:
        raise NotFoundError("There is no such workspace here")
    if not by.may(*_EXPORTERS[mode]):
        raise ForbiddenError(f"{mode} are for the roles: " + ", ".join(_EXPORTERS[mode]))


def _check(
    tenant: str, decisions: Sequence[str], fmt: str, mode: Mode, by: Person | None, reason: str
) -> None:
    if mode not in MODES:
        raise ExportError("unknown mode; expected one of: " + ", ".join(MODES))
    if fmt not in FORMATS:
        raise ExportError("unknown format; expected one of: " + ", ".join(FORMATS))
    if mode == "offsets_only" and fmt != "jsonl":
        raise ExportError("offsets alone are written as jsonl: the other formats need the text")
    if not set(decisions) <= set(TRUTHS):
        raise ExportError("unknown decision; expected some of: " + ", ".join(TRUTHS))
    may_export(mode, tenant, by)
    if mode == "real_values" and not reason.strip():
        raise ExportError("say why real values leave; the reason is kept in the audit log")
    if len(reason) > MAX_REASON_CHARS:
        raise ExportError(f"a reason has at most {MAX_REASON_CHARS} characters")


def _is_broken(verdict: Verdict) -> bool:
    """True where spans do not fit their text; that should not be, and must not stop the rest."""
    length = {part.name: len(part.text) for part in verdict.flag.parts}
    end: dict[str, int] = {}
    for span in sorted(verdict.spans, key=lambda one: (one.part, one.start)):
        if not end.get(span.part, 0) <= span.start < span.end <= length.get(span.part, 0):
            return True
        end[span.part] = span.end
    return False


def _skipped(truths: Truths, n_broken: int, is_chosen: IsChosen) -> dict[str, int]:
    """Messages of the range that are left out, by why."""
    counted = Counter(
        why for why, review in truths.left_out if is_chosen(review.decision, review.at)
    )
    return dict(sorted((counted + Counter({"broken spans": n_broken})).items()))


def _body(corrections: Sequence[Correction], fmt: str, mode: Mode) -> bytes:
    if mode == "offsets_only":
        lines = io.StringIO(newline="")
        write_lines(map(offsets_line, corrections), lines)
        return lines.getvalue().encode()
    if FORMATS[fmt].is_binary:
        table = io.BytesIO()
        FORMATS[fmt].write(corrections, table)
        return table.getvalue()
    text = io.StringIO(newline="")
    FORMATS[fmt].write(corrections, text)
    return text.getvalue().encode()


def _conflict(conflict: Conflict, maker: ExampleMaker) -> dict[str, Any]:
    """What a person needs to settle it, without a text."""
    return {
        "schema": CONFLICT_SCHEMA,
        "kind": conflict.kind,
        "verdicts": [
            {
                "id": one.flag.id,
                "flag": one.flag.number,
                "group": maker.group(one.conversation),
                "decision": one.decision,
                "reviewer": maker.reviewer(one.by),
                "reviewed_at": utc(one.at).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "spans": [
                    {"part": span.part, "start": span.start, "end": span.end, "label": span.label}
                    for span in one.spans
                ],
            }
            for one in conflict.verdicts
        ],
    }

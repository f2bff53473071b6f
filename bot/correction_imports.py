"""import_corrections(): a file that other people or tools labelled -> a snapshot of Corrections that can be trained on.

Every record is checked: UTF-8, labels, offsets, overlaps. A bad one is named with its reason, and the rest goes on. An
earlier export comes back as it was, without what was erased since: pass old snapshots through here before training.
"""

import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, Final

from bot.correction_examples import ExampleMaker
from bot.errors import ForbiddenError, NotFoundError
from bot.records import Person
from bot.snapshots import ExportError, name_of, write_manifest, write_snapshot
from bot.store import Store
from piiguard.examples import Correction, Example
from piiguard.formats import FORMATS, BadRecord

_OURS: Final = re.compile(r"(?P<flag>[0-9a-f]{32})/\d+")


@dataclass(frozen=True, slots=True)
class Imported:
    """What was taken. ``bad``: records that were not, by number; ``n_erased``: left out because their people are."""

    n: int
    sha256: str
    snapshot: str
    bad: tuple[BadRecord, ...] = ()
    n_erased: int = 0
    n_repeated: int = 0
    path: Path | None = None

    @property
    def n_bad(self) -> int:
        """How many records were not taken."""
        return len(self.bad)

    def __str__(self) -> str:
        lines = [f"record {one.number}: {one.reason}" for one in self.bad]
        more = [
            f"{n} {what}"
            for n, what in (
                (self.n_bad, "bad"),
                (self.n_repeated, "repeated"),
                (self.n_erased, "erased since"),
            )
            if n
        ]
        lines.append(
            f"{self.n} corrections, sha256 {self.sha256}"
            + (f"; left out: {', '.join(more)}" if more else "")
        )
        return "\n".join(lines)


def import_corrections(
    store: Store,
    tenant: str,
    path: str | Path,
    *,
    out: str | Path | IO[bytes] | None = None,
    fmt: str = "jsonl",
    by: Person | None = None,
) -> Imported:
    """Check a file and write what is good in it as ``piiguard/correction@1``.

    Args:
        out: a stream, a file or a directory, as for ``export_corrections``; None only checks.
        by: who vouches for the labels that name no reviewer; None for the operator of this machine.

    Raises: ExportError for an unknown format or a file that cannot be read; ForbiddenError; NotFoundError.
    """
    if fmt not in FORMATS:
        raise ExportError("unknown format; expected one of: " + ", ".join(FORMATS))
    if by is not None and by.tenant != tenant:
        raise NotFoundError("There is no such workspace here")
    if by is not None and not by.may("compliance", "ml"):
        raise ForbiddenError("corrections are imported by the roles compliance, ml")
    bad: list[BadRecord] = []
    kept: dict[str, Correction] = {}
    spoilt: set[str] = set()
    n_erased = n_repeated = 0
    erasure = _Erasure(store, tenant)
    reviewer = _reviewer(store, tenant, by)
    for number, example in enumerate(_read(Path(path), fmt, bad), 1):
        if erasure.holds(example.id):
            n_erased += 1
            continue
        correction = erasure.without_context(_as_correction(example, reviewer))
        known = kept.get(correction.id)
        if known is None:
            kept[correction.id] = correction
        elif known == correction:
            n_repeated += 1
        else:
            spoilt.add(correction.id)
            bad.append(BadRecord(number, "its id stands twice, with different contents"))
    corrections = [one for id, one in kept.items() if id not in spoilt]
    body = _body(corrections)
    sha256 = hashlib.sha256(body).hexdigest()
    with store.transaction() as tx:
        store.audit.append(
            tx,
            tenant,
            by.id if by else "operator",
            "corrections.imported",
            name_of(body),
            fmt=fmt,
            n=len(corrections),
            n_bad=len(bad),
            n_erased=n_erased,
            sha256=sha256,
        )
    written = None
    if isinstance(out, str | Path):
        written = write_snapshot(Path(out), body, ".jsonl")
        write_manifest(written, body, corrections, format="jsonl", mode="imported")
    elif out is not None:
        out.write(body)
    return Imported(
        len(corrections), sha256, name_of(body), tuple(bad), n_erased, n_repeated, written
    )


class _Erasure:
    """Which flags of ours were erased: their text and the marks of their values are gone. A purge keeps the marks."""

    def __init__(self, store: Store, tenant: str) -> None:
        self._store = store
        self._tenant = tenant
        self._known: dict[str, bool] = {}

    def holds(self, example_id: str) -> bool:
        """True for an example made of such a flag."""
        match = _OURS.fullmatch(example_id)
        return match is not None and self._is_erased(match["flag"])

    def without_context(self, correction: Correction) -> Correction:
        """The correction without the turns of such flags."""
        flags = correction.meta.get("context_of")
        if not isinstance(flags, list) or len(flags) != len(correction.context):
            return correction
        kept = [
            (flag_id, text)
            for flag_id, text in zip(flags, correction.context, strict=True)
            if not self._is_erased(str(flag_id))
        ]
        if len(kept) == len(flags):
            return correction
        meta = {key: value for key, value in correction.meta.items() if key != "context_of"}
        if kept:
            meta["context_of"] = [flag_id for flag_id, _ in kept]
        return replace(correction, context=tuple(text for _, text in kept), meta=meta)

    def _is_erased(self, flag_id: str) -> bool:
        if flag_id not in self._known:
            try:
                flag = self._store.flags.get(flag_id, self._tenant)
            except NotFoundError:  # another workspace's, or past its retention
                self._known[flag_id] = False
            else:
                marks = self._store.flags.values_of(flag_id, self._tenant)
                self._known[flag_id] = flag.text_gone and not marks
        return self._known[flag_id]


def _read(path: Path, fmt: str, bad: list[BadRecord]) -> Iterator[Example]:
    form = FORMATS[fmt]
    try:
        if form.is_binary:
            with open(path, "rb") as table:
                yield from form.read(table, on_bad=bad.append)
            return
        # bytes that are no UTF-8 are named record by record
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as text:
            yield from form.read(text, on_bad=bad.append)
    except OSError as error:
        raise ExportError(f"{path}: cannot be read ({error.strerror})") from None


def _as_correction(example: Example, reviewer: str) -> Correction:
    if isinstance(example, Correction):
        return example
    return Correction(
        id=example.id,
        text=example.text,
        spans=example.spans,
        group=example.group,
        markup=example.markup,
        context=example.context,
        weight=example.weight,
        meta=example.meta,
        decision="correct",
        reviewer=reviewer,
    )


def _reviewer(store: Store, tenant: str, by: Person | None) -> str:
    return ExampleMaker(store, tenant, "surrogates").reviewer(by.id) if by else "imported"


def _body(corrections: Iterable[Correction]) -> bytes:
    text: Any = io.StringIO(newline="")
    FORMATS["jsonl"].write(corrections, text)
    return bytes(text.getvalue().encode())

"""``piiguard scan``: what is in an export, a table or a text."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from piiguard.cli.options import binary_stdin, model_options, open_policy, policy_option

if TYPE_CHECKING:
    from piiguard.policy import Policy
    from piiguard.scan import Report, Totals
    from piiguard.scan_state import ScanState
    from piiguard.sources import Sources

_MAX_PROBLEMS = 50


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "jsonl", "csv", "sarif", "html"]),
    help="Default: what FILE's name says, else table.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write here, not to stdout.",
)
@click.option("--show-values", is_flag=True, help="Print values and the words around them.")
@click.option(
    "--all",
    "all_spans",
    is_flag=True,
    help="List spans of messages that the policy does not flag, too.",
)
@click.option(
    "--resume",
    metavar="STATE",
    type=click.Path(path_type=Path),
    help="Note progress in this file, and go on from it after an interruption.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="Where to judge: here, or on a Ray cluster.",
)
@click.option(
    "--fingerprint-key",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A key of at least 16 bytes, to compare fingerprints between reports. Default: another one each time.",
)
@model_options
@policy_option
def scan(
    paths: tuple[str, ...],
    format_: str | None,
    output: Path | None,
    show_values: bool,
    all_spans: bool,
    resume: Path | None,
    engine: str,
    fingerprint_key: Path | None,
    model: Path | None,
    rules_only: bool,
    policy_file: Path | None,
) -> None:
    """Scan a Slack export (zip or folder), text, CSV, JSON Lines, or - (stdin).

    \b
    Examples:
      piiguard scan export.zip
      piiguard scan export.zip -o report.html
      piiguard scan export.zip --resume scan.state -o findings.jsonl
      piiguard scan notes.txt people.csv --format sarif -o findings.sarif

    Values are masked unless --show-values. Exit 0 clean, 1 findings, 2 when something could not be read
    (the rest is scanned all the same), 130 on Ctrl-C.
    """
    from piiguard.findings import FindingMaker
    from piiguard.reports import format_of, open_report
    from piiguard.reports.output import open_output
    from piiguard.scan import BATCH_SIZE
    from piiguard.scan import scan as run_scan
    from piiguard.sources import Sources

    if resume and show_values:
        raise click.UsageError(
            "--show-values cannot go with --resume: a state file holds no values"
        )
    if resume and fingerprint_key:
        raise click.UsageError("--fingerprint-key cannot go with --resume: the state has its own")
    format_ = format_ or (output and format_of(output)) or "table"
    maker = FindingMaker(show_values=show_values, key=_read_key(fingerprint_key))
    policy = open_policy(policy_file)
    sources = Sources(paths, stdin=binary_stdin())
    if not sources.sources:
        _print_problems(sources.problems)
        raise SystemExit(2)
    guard, name, identity = _open_engine(engine, model, rules_only)
    state = _open_state(resume, sources, identity, policy, all_spans) if resume else None
    batch_size = BATCH_SIZE
    if engine == "ray":
        from piiguard.ray_engine import BATCH_SIZE as batch_size  # noqa: N811
    try:
        streams = output is None and format_ in ("jsonl", "csv")
        with open_output(output) as out, _progress(sources, streams=streams) as bar:
            report = open_report(format_, out, title=sources.name, model=name)
            totals = run_scan(
                sources,
                guard,
                policy,
                _AfterBar(report, bar) if bar else report,
                state=state,
                maker=maker,
                include_unflagged=all_spans,
                batch_size=batch_size,
                progress=bar.update if bar else None,
            )
    except KeyboardInterrupt:
        if state:
            click.echo(
                f"{resume}: holds what is done; the same command goes on from there", err=True
            )
        raise
    if state:
        state.remove()
    _say(totals, format_, output)
    raise SystemExit(2 if totals.problems else 1 if totals.findings else 0)


def _open_engine(engine: str, model: Path | None, rules_only: bool) -> tuple[Any, str, str]:
    """What judges, its name, and what tells it from others."""
    if engine == "ray":
        from piiguard.ray_engine import RayGuard

        judge: Any = RayGuard(model, rules_only=rules_only)
    from piiguard.opening import open_guard

    guard = open_guard(model, rules_only=rules_only)
    if engine == "local":
        judge = guard
    files = sorted(guard.manifest.sha256.items()) if guard.manifest else []
    return judge, guard.name, repr((guard.name, files))


def _open_state(
    path: Path, sources: "Sources", identity: str, policy: "Policy", all_spans: bool
) -> "ScanState":
    from piiguard import __version__
    from piiguard.scan_state import ScanState, work_key

    if sources.fingerprint is None:
        raise click.UsageError("--resume cannot go with stdin, which can be read only once")
    parts = (sources.fingerprint, identity, repr(policy), str(all_spans), __version__)
    return ScanState(path, work_key(parts))


def _read_key(path: Path | None) -> bytes | None:
    from piiguard.errors import PiiguardError

    if path is None:
        return None
    try:
        key = path.read_bytes()
    except OSError as error:
        raise PiiguardError(f"{path}: cannot be read ({error.strerror})") from None
    if not 16 <= len(key) <= 64:
        raise PiiguardError(f"{path}: expected a key of 16 to 64 bytes, found {len(key)}")
    return key


class _Bar:
    """A progress bar on stderr, gone before the report is printed."""

    def __init__(self, sources: "Sources") -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._sources = sources
        self._bar = Progress(
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %" if sources.size_bytes else ""),
            TextColumn("{task.fields[messages]:,} messages, {task.fields[flagged]:,} flagged"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._bar.add_task("", total=sources.size_bytes, messages=0, flagged=0)
        self._bar.start()

    def update(self, totals: "Totals") -> None:
        self._bar.update(
            self._task,
            completed=self._sources.done_bytes,
            messages=totals.messages,
            flagged=totals.flagged,
        )

    def stop(self) -> None:
        self._bar.stop()


class _AfterBar:
    """A report whose last word comes when the bar is gone."""

    def __init__(self, report: "Report", bar: _Bar) -> None:
        self.add = report.add
        self._finish = report.finish
        self._bar = bar

    def finish(self, totals: "Totals") -> None:
        self._bar.stop()
        self._finish(totals)


@contextmanager
def _progress(sources: "Sources", *, streams: bool) -> Iterator[_Bar | None]:
    """A bar where somebody looks at stderr, and no report runs through the same terminal meanwhile."""
    if not sys.stderr.isatty() or (streams and sys.stdout.isatty()):
        yield None
        return
    bar = _Bar(sources)
    try:
        yield bar
    finally:
        bar.stop()


def _say(totals: "Totals", format_: str, output: Path | None) -> None:
    """The problems, and the totals where the report on stdout does not say them."""
    from piiguard.reports.table import summary

    if format_ != "table" or output:
        for line in summary(totals):
            click.echo(line, err=True)
    _print_problems(totals.problems)


def _print_problems(problems: list[Any]) -> None:
    from piiguard.items import one_line

    for problem in problems[:_MAX_PROBLEMS]:
        click.echo(f"error: {one_line(str(problem))}", err=True)
    if len(problems) > _MAX_PROBLEMS:
        click.echo(f"error: … and {len(problems) - _MAX_PROBLEMS:,} more", err=True)

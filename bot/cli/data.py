"""What is stored, and what leaves: export, import, purge, erase, backfill."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from bot.cli.options import announce, find_tenant, open_config, open_store, tenant_option
from piiguard.formats import FORMATS

if TYPE_CHECKING:
    from bot.corrections import Mode
    from bot.records import Person
    from bot.store import Store


_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@tenant_option
@click.option(
    "-o",
    "--output",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="A file, or a directory for a snapshot under its own name; else stdout.",
)
@click.option(
    "--format", "fmt", type=click.Choice(list(FORMATS)), default="jsonl", show_default=True
)
@click.option("--since", type=_DAY, metavar="DATE", help="Decisions from this day on (UTC).")
@click.option("--until", type=_DAY, metavar="DATE", help="Decisions before this day (UTC).")
@click.option(
    "--decision", "decisions", multiple=True,
    type=click.Choice(["confirm", "correct", "not_pii", "accept_risk"]),
    help="Only these; may be given more than once.",
)  # fmt: skip
@click.option(
    "--mode",
    type=click.Choice(["surrogates", "real_values", "offsets_only"]),
    help="What stands in place of values.  [default: surrogates]",
)
@click.option(
    "--real-values", is_flag=True,
    help="As --mode real_values: they leave the protection of this database. Needs --as and --reason.",
)  # fmt: skip
@click.option("--offsets-only", is_flag=True, help="As --mode offsets_only: no text at all.")
@click.option("--as", "person", metavar="NAME", help="Who exports; real values: role compliance.")
@click.option("--reason", metavar="TEXT", default="", help="Why; kept in the audit log.")
def export(
    tenant: str,
    output: Path | None,
    fmt: str,
    since: datetime | None,
    until: datetime | None,
    decisions: tuple[str, ...],
    mode: "Mode | None",
    real_values: bool,
    offsets_only: bool,
    person: str | None,
    reason: str,
) -> None:
    """Signed corrections, as a snapshot: the same reviews give the same bytes.

    Surrogates stand in place of values, the same one for a value in all of a conversation. Count, sha256 and what was
    left out are told on stderr; conflicts between reviewers are listed in PATH.manifest.json.

    \b
    Examples:
      python -m bot export > corrections.jsonl
      python -m bot export --since 2026-11-01 --format label-studio -o november.json
      python -m bot export --real-values --as dana --reason "request 2026-14" -o real.jsonl
    """
    from bot.corrections import export_corrections

    asked = {m for m, on in (("real_values", real_values), ("offsets_only", offsets_only)) if on}
    if len(asked | ({mode} if mode else set())) > 1:
        raise click.UsageError("--mode, --real-values and --offsets-only say different things")
    with open_store() as store:
        tenant = find_tenant(store, tenant)
        summary = export_corrections(
            store,
            tenant,
            output or sys.stdout.buffer,
            since=since,
            until=until,
            decisions=decisions,
            fmt=fmt,
            mode=mode or cast("Mode", next(iter(asked), "surrogates")),
            by=_person(store, tenant, person),
            reason=reason,
            surface="system",
        )
    announce(str(summary))
    if summary.path:
        announce(f"written to {summary.path}")


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@tenant_option
@click.option(
    "--format", "fmt", type=click.Choice(list(FORMATS)), default="jsonl", show_default=True
)
@click.option(
    "-o",
    "--output",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="A file or a directory; else corrections/ in the data directory.",
)
@click.option("--as", "person", metavar="NAME", help="Who vouches for the labels.")
def import_(path: Path, tenant: str, fmt: str, output: Path | None, person: str | None) -> None:
    """Check corrections that were made elsewhere, and write them as a snapshot to train on.

    A bad record is named with its reason and the rest goes on; exit 1 when there was one. What was erased here since it
    was exported is left out.

    \b
    Examples:
      python -m bot import labelled.json --format label-studio
      python -m bot import last-month.jsonl -o corrections.jsonl
    """
    from bot.corrections import import_corrections

    with open_store() as store:
        tenant = find_tenant(store, tenant)
        if output is None:
            output = open_config().data_dir / "corrections"
            output.mkdir(mode=0o700, parents=True, exist_ok=True)
        by = _person(store, tenant, person)
        summary = import_corrections(store, tenant, path, out=output, fmt=fmt, by=by)
    announce(str(summary))
    announce(f"written to {summary.path}")
    if summary.bad:
        sys.exit(1)


@click.command()
@tenant_option
def purge(tenant: str) -> None:
    """Delete what is past its time by the policy's retention, and the keys of those days."""
    from bot.policies import Policies
    from bot.retention import purge as run

    config = open_config()
    with open_store() as store:
        policy = Policies(config.policy, home=config.policy_home).current()
        click.echo(str(run(store, find_tenant(store, tenant), policy.retention)))


@click.command()
@click.option("--user", "user_id", metavar="U...", required=True, help="The Slack user id.")
@tenant_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(user_id: str, tenant: str, yes: bool) -> None:
    """Erase what is kept of a person's messages: flags, corrections, cards. Cannot be undone."""
    from bot.retention import erase as run

    if not yes:
        click.confirm("Erase everything kept of this person's messages?", abort=True)
    with open_store() as store:
        click.echo(str(run(store, find_tenant(store, tenant), user_id, by="cli")))


@click.command()
@click.argument("channel_id")
@click.option("--days", type=click.IntRange(1, 365), default=7, show_default=True)
@tenant_option
@click.option("--yes", is_flag=True, help="Do not ask after the estimate.")
def backfill(channel_id: str, days: int, tenant: str, yes: bool) -> None:
    """Look back: scan a channel's older messages. Says first how many, and how long Slack's limits make it take."""
    from bot.worker.backfill import Backfill
    from bot.workspaces import Workspaces

    config = open_config()
    with open_store() as store:
        tenant = find_tenant(store, tenant)
        job = Backfill(store, Workspaces(store, config).client)
        click.echo(str(job.estimate(tenant, channel_id, days)))
        if not yes:
            click.confirm("Start?", abort=True)
        job.start(tenant, channel_id, days)
    announce("queued; the running bot does it between other work")


def _person(store: "Store", tenant: str, name: str | None) -> "Person | None":
    """The person of that name in this workspace."""
    if name is None:
        return None
    person = store.people.by_name(name)
    if person is None or person.tenant != tenant or not person.is_active:
        raise click.UsageError("--as: there is no such person in this workspace")
    return person

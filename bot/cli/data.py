"""What is stored, and what leaves: export, import, purge, erase, backfill."""

import importlib
import sys
from pathlib import Path
from typing import Any

import click

from bot.cli.options import announce, find_tenant, open_config, open_store, tenant_option


@click.command()
@tenant_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Else stdout."
)
@click.option(
    "--since", metavar="DATE", default="", help="Decisions from this day on (2026-11-01)."
)
@click.option(
    "--real-values", is_flag=True,
    help="Real values in place of surrogates. They leave the protection of this database.",
)  # fmt: skip
def export(tenant: str, output: Path | None, since: str, real_values: bool) -> None:
    """Signed corrections as JSON Lines (piiguard/correction@1), surrogates in place of values."""
    run = _part("bot.corrections", "export_corrections")
    config = open_config()
    with open_store() as store:
        summary = run(
            store,
            find_tenant(store, tenant),
            output or sys.stdout.buffer,
            since=since,
            real_values=real_values,
            config=config,
        )
    announce(str(summary))


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@tenant_option
def import_(path: Path, tenant: str) -> None:
    """Corrections that were made elsewhere, from JSON Lines."""
    run = _part("bot.corrections", "import_corrections")
    with open_store() as store:
        announce(str(run(store, find_tenant(store, tenant), path)))


@click.command()
@tenant_option
def purge(tenant: str) -> None:
    """Delete what is past its time by the policy's retention, and the keys of those days."""
    from bot.policies import Policies
    from bot.retention import purge as run

    config = open_config()
    with open_store() as store:
        policy = Policies(config.policy).current()
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


def _part(module: str, name: str) -> Any:
    """A part that not every version has."""
    try:
        return getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise click.ClickException(f"{module} is not part of this version") from None

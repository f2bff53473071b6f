"""Is all well: doctor, manifest, audit, db, policy."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from bot.cli.options import announce, find_tenant, open_config, open_store, tenant_option


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--offline", is_flag=True, help="Do not ask Slack.")
def doctor(as_json: bool, offline: bool) -> None:
    """Print each setting with its source, never its value, and each fault with its remedy.

    Exit 1 when there is a fault.
    """
    from bot.doctor import examine

    checkup = examine(open_config(), ask_slack=not offline)
    if as_json:
        click.echo(json.dumps(checkup.to_dict(), indent=2))
    else:
        click.echo("Settings")
        width = max(map(len, checkup.settings), default=0)
        for name, source in checkup.settings.items():
            click.echo(f"  {name:<{width}}  {source}")
        click.echo("Checks")
        for finding in checkup.findings:
            click.echo(f"  {finding.mark}  {finding.subject}: {finding.what}")
            if finding.remedy:
                click.echo(f"          {finding.remedy}")
    if checkup.has_fault:
        raise SystemExit(1)


@click.command()
@click.option("--base-url", default="", help="Else PIIGUARD_BASE_URL.")
@click.option("--feature", "features", multiple=True, help="More than the least: see the docs.")
def manifest(base_url: str, features: tuple[str, ...]) -> None:
    """The manifest to create the Slack app from, as JSON (Slack takes JSON as well as YAML)."""
    from bot.slack.manifest import manifest as build_manifest

    address = (base_url or open_config().base_url).rstrip("/")
    if not address.startswith("https://"):
        raise click.UsageError(
            "expected the public address of this bot, https://...; set PIIGUARD_BASE_URL"
        )
    click.echo(json.dumps(build_manifest(address, features=features), indent=2))


@click.group()
def audit() -> None:
    """The audit log."""


@audit.command("verify")
def verify() -> None:
    """Recompute the hash chain; names the first bad row, exit 1."""
    with open_store() as store:
        bad = store.audit.verify()
    if bad is not None:
        click.echo(f"broken at row {bad}")
        raise SystemExit(1)
    click.echo("chain verified")


@click.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def upgrade() -> None:
    """Make the tables, or bring them to this version. Safe beside a running bot, and to run again."""
    with open_store() as store:
        store.upgrade()
    click.echo("up to date")


@click.group()
def policy() -> None:
    """The policy file."""


@policy.command("simulate")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--days", type=click.IntRange(1, 30), default=7, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@tenant_option
def simulate(path: Path, days: int, as_json: bool, tenant: str) -> None:
    """Which flags of the last days a policy file would have added, and which it would not have raised."""
    from bot.policies import Policies, read_bot_policy
    from bot.simulate import simulate as run

    config = open_config()
    new = read_bot_policy(path)
    old = Policies(config.policy, home=config.policy_home).current()
    with open_store() as store:
        result = run(store, find_tenant(store, tenant), old, new, days)
    if as_json:
        click.echo(json.dumps(asdict(result)))
        return
    click.echo(
        f"last {days} days, {result.n_messages} messages with findings: "
        f"{result.added} flags more, {result.removed} fewer"
    )
    for title, counts in (("label", result.by_label), ("channel", result.by_channel)):
        for name, (more, fewer) in sorted(counts.items()):
            click.echo(f"  {title} {name}: +{more} -{fewer}")
    announce("stored decisions hold labels and scores only; no text was read")

"""Who may do what: user, workspace."""

import sys
from typing import TYPE_CHECKING, get_args

import click

from bot.cli.options import announce, find_tenant, open_config, open_store, tenant_option
from bot.records import Role

if TYPE_CHECKING:
    from bot.store import Store


@click.group()
def user() -> None:
    """Accounts of the console, and the roles of people in Slack."""


@user.command("add")
@click.argument("name")
@click.option(
    "--role", "roles", type=click.Choice(get_args(Role)), multiple=True, required=True,
    help="What they may do; give it again for a second role.",
)  # fmt: skip
@click.option("--slack", "slack_user_id", metavar="U...", default="", help="Their Slack user id.")
@tenant_option
def add(name: str, roles: tuple[Role, ...], slack_user_id: str, tenant: str) -> None:
    """Make an account. The password comes on stdin, or is asked for.

    \b
    Examples:
      python -m bot user add dana --role reviewer --slack U0123ABCD < password.txt
      python -m bot user add lee --role admin
    """
    from bot.passwords import hash_password

    password = _read_password()
    with open_store() as store:
        _check_slack_id(store, slack_user_id)
        person = store.people.add(
            find_tenant(store, tenant),
            name,
            roles,
            slack_user_id=slack_user_id,
            password_hash=hash_password(password) if password else "",
        )
        with store.transaction() as tx:
            store.audit.append(
                tx,
                person.tenant,
                "cli",
                "person.added",
                person.id,
                roles=",".join(sorted(person.roles)),
            )
    click.echo(f"added {name}: {', '.join(sorted(person.roles))}")
    if not password:
        announce("no password given: this account works in Slack only")


def _read_password() -> str:
    from bot.passwords import MIN_PASSWORD

    if sys.stdin.isatty():
        password: str = click.prompt(
            "Password (empty: Slack only)",
            hide_input=True,
            confirmation_prompt=True,
            default="",
            show_default=False,
        )
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if password and len(password) < MIN_PASSWORD:
        raise click.UsageError(
            f"expected a password of {MIN_PASSWORD} characters or more, found {len(password)}"
        )
    return password


def _check_slack_id(store: "Store", slack_user_id: str) -> None:
    if slack_user_id and (slack_user_id[0] not in "UW" or not slack_user_id.isalnum()):
        raise click.UsageError("--slack: expected a Slack user id such as U0123ABCD")


@click.group()
def workspace() -> None:
    """Workspaces that installed us, for installs of more than one (PIIGUARD_TEAMS says which may)."""


@workspace.command("link")
def link() -> None:
    """Print a link that starts one install within ten minutes."""
    from bot.ingress.install import make_install_link

    config = open_config()
    if not config.base_url or not config.slack_client_id:
        raise click.UsageError(
            "needs PIIGUARD_BASE_URL, SLACK_CLIENT_ID and SLACK_CLIENT_SECRET; see doctor"
        )
    with open_store() as store:
        click.echo(make_install_link(store, config.base_url))


@workspace.command("list")
def list_() -> None:
    """The workspaces that installed us."""
    with open_store() as store:
        for install in store.installs.all():
            state = "active" if install.is_active else "switched off"
            click.echo(f"{install.tenant}  {state}  {install.team_name}")

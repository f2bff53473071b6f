"""What several commands share: the configuration, the database, the tenant."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from bot.config import BotConfig
    from bot.store import Store

_Command = TypeVar("_Command", bound=Callable[..., Any])


def tenant_option(command: _Command) -> _Command:
    """--tenant, for installs of more than one workspace."""
    return click.option(
        "--tenant",
        metavar="ID",
        default="",
        help="The workspace (T...) or organisation (E...); needed where there is more than one.",
    )(command)


def open_config() -> "BotConfig":
    """The settings of this process; ConfigError names the one that is wrong."""
    from bot.config import BotConfig

    return BotConfig.read()


@contextmanager
def open_store() -> Iterator["Store"]:
    """The database, beside a process that may be running on it."""
    from bot.build import open_store as open_

    store = open_(open_config(), exclusive=False)
    try:
        yield store
    finally:
        store.close()


def find_tenant(store: "Store", tenant: str) -> str:
    """The tenant that was named, else the only one there is."""
    installs = store.installs.all()
    known = sorted(install.tenant for install in installs)
    if tenant:
        if known and tenant not in known:
            raise click.UsageError("--tenant: no such workspace; known: " + ", ".join(known))
        return tenant
    active = [install.tenant for install in installs if install.is_active]
    if len(active) == 1:
        return active[0]
    found = ", ".join(known) or "none yet (start the bot once with SLACK_BOT_TOKEN, or install it)"
    raise click.UsageError(f"name the workspace with --tenant; known: {found}")


def announce(line: str) -> None:
    """A line for the person at the terminal."""
    click.echo(line, err=True)

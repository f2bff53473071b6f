"""``python -m bot VERB``. Exit codes: 0 done, 1 a check found something, 2 usage or a setting that is wrong.

An error is one line without a traceback, for a traceback may quote what was worked on. What is heavy is imported
when a command runs, so that --help is quick.
"""

from pathlib import Path
from typing import Any

import click

from bot.cli.checks import audit, db, doctor, manifest, policy
from bot.cli.data import backfill, erase, export, import_, purge
from bot.cli.people import user, workspace
from bot.cli.run import demo, serve, socket, worker
from piiguard.errors import PiiguardError

INTERRUPTED = 130


class Failure(click.ClickException):
    """An error as the user sees it: ``error: ...``, exit 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print it to stderr, a line for each fault."""
        for line in self.format_message().splitlines() or [""]:
            click.echo(f"error: {line}", err=True, file=file)


class BotCli(click.Group):
    """Turns every exception into one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except PiiguardError as error:
            raise Failure(str(error)) from None
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(INTERRUPTED)
        except Exception as error:  # noqa: BLE001  its text and traceback may hold what was worked on
            raise Failure(_unexpected(error)) from None


def _unexpected(error: BaseException) -> str:
    """Where it happened, without a word of what was worked on."""
    trace, place = error.__traceback__, "bot"
    while trace:
        path = Path(trace.tb_frame.f_code.co_filename)
        if "bot" in path.parts or "piiguard" in path.parts:
            place = f"{path.name} line {trace.tb_lineno}"
        trace = trace.tb_next
    return f"unexpected {type(error).__name__} in {place}; python -m bot doctor names what is wrong with the settings"


@click.group(
    cls=BotCli,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
def cli() -> None:
    """The Slack bot of piiguard.

    \b
    Examples:
      python -m bot demo                       try it here, with a simulated Slack
      python -m bot manifest > manifest.yaml   what to create the Slack app from
      python -m bot doctor                     is everything set, and what is missing?
      python -m bot serve                      events, console, worker
    """


for _command in (
    serve, worker, socket, demo, db, user, workspace, export, import_, purge, erase, audit, manifest, doctor,
    backfill, policy,
):  # fmt: skip
    cli.add_command(_command)

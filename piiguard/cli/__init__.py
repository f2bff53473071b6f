"""The command line: ``piiguard detect | scan | redact | bench | model``.

Exit codes: 0 clean, 1 findings, 2 usage or input error, 130 Ctrl-C. Results go to stdout, all else to stderr. An error
is one line without a traceback, for a traceback may quote what was scanned.
"""

import errno
from pathlib import Path
from typing import Any

import click

from piiguard import __version__
from piiguard.cli.bench import bench
from piiguard.cli.detect import detect
from piiguard.cli.model import model
from piiguard.cli.redact import redact
from piiguard.cli.scan import scan
from piiguard.errors import PiiguardError

INTERRUPTED = 130


class Failure(click.ClickException):
    """An error as the user sees it: ``error: ...``, exit 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print it to stderr; a policy with several mistakes has a line for each."""
        for line in self.format_message().splitlines() or [""]:
            click.echo(f"error: {line}", err=True, file=file)


class PiiguardCli(click.Group):
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
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # click leaves quietly when nobody reads on
            raise Failure(_unexpected(error)) from None
        except Exception as error:  # noqa: BLE001  its text and traceback may hold what was scanned
            raise Failure(_unexpected(error)) from None


def _unexpected(error: BaseException) -> str:
    """Where it happened, without a word of what was worked on."""
    trace, place = error.__traceback__, "piiguard"
    while trace:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.parent.name in ("piiguard", "cli", "sources", "reports", "rules"):
            place = f"{path.name} line {trace.tb_lineno}"
        trace = trace.tb_next
    return f"unexpected {type(error).__name__} in {place}; please report it at the project's issue tracker"


@click.group(
    cls=PiiguardCli,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="piiguard %(version)s")
def cli() -> None:
    """Find personal data in Slack messages, on your own machine.

    \b
    Examples:
      piiguard scan export.zip                      what is in a Slack export
      piiguard scan export.zip -o report.html       the same as a page
      piiguard redact < ticket.txt                  text without the values
      tail -f chat.jsonl | piiguard detect          a JSON Lines filter
    """


for _command in (detect, scan, redact, bench, model):
    cli.add_command(_command)

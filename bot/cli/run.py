"""What runs for long: serve, worker, socket, demo."""

import signal
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from bot.cli.options import announce, open_config

if TYPE_CHECKING:
    from bot.build import Parts


@click.command()
def serve() -> None:
    """Answer Slack over HTTP and do the work: events, console, worker, all in this process.

    Stops within ten seconds of SIGTERM or Ctrl-C; what is unfinished is finished after the next start.
    """
    _run(with_http=True, with_socket=False)


@click.command()
def socket() -> None:
    """Listen to Slack by Socket Mode, for an install without a public address. Needs SLACK_APP_TOKEN.

    Slack itself advises HTTP (serve) where reliability counts. The console and /health are on PIIGUARD_BIND as ever.
    """
    _run(with_http=True, with_socket=True)


@click.command()
def worker() -> None:
    """Do the work only: scan, send, cron. Any number beside serve, on PostgreSQL."""
    _run(with_http=False, with_socket=False)


@click.command()
@click.option(
    "--seconds",
    type=click.FloatRange(min=1),
    envvar="PIIGUARD_DEMO_SECONDS",
    help="End by itself after so many seconds, exit 0.",
)
def demo(seconds: float | None) -> None:
    """Try it all on this machine: real bot, simulated Slack, nothing to set up, nothing sent anywhere."""
    from bot.demo import run_demo

    run_demo(open_config(), seconds=seconds)


def _run(*, with_http: bool, with_socket: bool) -> None:
    from bot.build import build
    from bot.logs import setup_logging

    config = open_config()
    if with_socket and not config.slack_app_token:
        raise click.UsageError("socket needs SLACK_APP_TOKEN (xapp-...); see python -m bot doctor")
    if with_http and not with_socket and not config.slack_signing_secret:
        raise click.UsageError("serve needs SLACK_SIGNING_SECRET; see python -m bot doctor")
    setup_logging()
    parts = build(config, console_url=config.base_url)
    asked = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked.set())
    with ExitStack() as at_end:
        # last in, first out: the doors say 503 while the work ends, and are closed after it
        if with_http:
            _open_doors(parts, at_end)
        at_end.callback(parts.stop)
        parts.start(ingress=with_http or with_socket)
        if with_socket:
            _listen(parts, at_end)
        while not asked.wait(1.0):
            if dead := parts.dead_threads():
                raise click.ClickException(f"thread {dead[0]} died; see the log above")


def _open_doors(parts: "Parts", at_end: ExitStack) -> None:
    from bot.app import create_app
    from bot.console import open_console
    from bot.web_server import WebServer

    console = open_console(parts, is_https=parts.config.base_url.startswith("https://"))
    web = WebServer(create_app(parts, console=console), parts.config.host, parts.config.port)
    at_end.callback(web.stop)
    web.start()
    announce(f"piiguard answers on {web.url}")


def _listen(parts: "Parts", at_end: ExitStack) -> None:
    from bot.ingress.socket import SocketDoor

    token = parts.config.slack_app_token
    assert token is not None
    listener = SocketDoor(
        parts.door,
        token.get_secret_value(),
        parts.metrics,
        base_url=parts.config.slack_api_base_url,
        on_gap=parts.door.look_back,
    )
    at_end.callback(listener.stop)
    listener.start()
    announce("piiguard listens by Socket Mode")

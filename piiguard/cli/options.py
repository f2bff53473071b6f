"""Options that several commands share. What is heavy is imported when a command runs, so that --help is quick."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from piiguard.policy import Policy

_Command = TypeVar("_Command", bound=Callable[..., Any])


def model_options(command: _Command) -> _Command:
    """--model and --rules-only."""
    command = click.option(
        "--rules-only", is_flag=True, help="Patterns and checksums alone, without a model."
    )(command)
    return click.option(
        "--model",
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="A model directory in place of the shipped one.",
    )(command)


def policy_option(command: _Command) -> _Command:
    """--policy."""
    return click.option(
        "--policy",
        "policy_file",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="A policy (YAML) in place of the default.",
    )(command)


def json_option(command: _Command) -> _Command:
    """--json."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def binary_stdin() -> IO[bytes]:
    """stdin as bytes."""
    return sys.stdin.buffer


def binary_stdout() -> IO[bytes]:
    """stdout as bytes."""
    return sys.stdout.buffer


def open_policy(path: Path | None) -> "Policy":
    """The policy in a file, else the default. PolicyError names every mistake."""
    from piiguard.policy import Policy

    if path is None:
        return Policy.default()
    from piiguard.policy_file import read_policy

    return read_policy(path)

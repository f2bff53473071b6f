"""``python -m bot VERB``."""

from bot.cli import cli


def main() -> None:
    """Run the command line."""
    cli(prog_name="python -m bot")


if __name__ == "__main__":
    main()

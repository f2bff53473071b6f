"""``python -m piiguard`` is ``piiguard``."""

from piiguard.cli import cli


def main() -> None:
    """Run the command line."""
    cli(prog_name="piiguard")


if __name__ == "__main__":
    main()

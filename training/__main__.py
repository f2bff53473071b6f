"""`python -m training VERB`: data in, a model directory out. See README.md for what each verb reads and writes."""

import logging
import sys
import warnings

import click

from piiguard.errors import PiiguardError
from training.config import ConfigError
from training.verbs import VERBS


@click.group(help=__doc__, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    warnings.filterwarnings("ignore")
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)


for verb in VERBS:
    main.add_command(verb)

if __name__ == "__main__":
    try:
        main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except (PiiguardError, ConfigError, RuntimeError, FileNotFoundError) as error:
        if isinstance(error, RuntimeError) and type(error) is RuntimeError:
            raise
        click.echo(f"error: {error}", err=True)
        sys.exit(2)

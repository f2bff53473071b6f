"""`python -m bot`: says that the Slack bot is not part of this version yet."""

import sys


def main() -> int:
    print(
        "The Slack bot is not part of this version; it arrives with issue 4.\n"
        "Until then: piiguard scan EXPORT, or piiguard detect for one message at a time.",
        file=sys.stderr,
    )
    return 2


if __name__ == "__main__":
    sys.exit(main())

"""What can go wrong in the bot. Messages say expected, found and remedy, and never hold scanned text."""

from piiguard.errors import PiiguardError


class BotError(PiiguardError):
    """Base of all errors of this room."""


class ConfigError(BotError):
    """A setting that is missing or wrong; names the setting, never its value."""


class KeyStoreError(BotError):
    """A key that is missing, or that does not open what it should."""


class SealError(BotError):
    """A sealed cell that does not open: wrong key, or moved to another row, column or tenant."""


class OverloadedError(BotError):
    """The inbox takes no more for now; who sent the event must send it again."""


class ForbiddenError(BotError):
    """The person may not do what was asked. ``by_role``: another role could; else the message says who may."""

    def __init__(self, message: str, *, by_role: bool = True) -> None:
        super().__init__(message)
        self.by_role = by_role


class NotFoundError(BotError):
    """No such row for this tenant."""


class StaleError(BotError):
    """Somebody else changed the flag first. ``current`` is the Flag as it stands."""

    def __init__(self, message: str, current: object = None) -> None:
        super().__init__(message)
        self.current = current


class ReviewError(BotError):
    """A decision that cannot be taken as given. ``field`` names the place in the form, "" for the whole."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field

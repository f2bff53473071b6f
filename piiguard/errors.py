"""Every error piiguard raises, on one screen.

A message says what was expected, what was found and what to do; it never holds scanned text.
"""


class PiiguardError(Exception):
    """The base of all errors that piiguard raises on purpose."""


class SpanError(PiiguardError, ValueError):
    """A span with impossible offsets or an unknown label."""


class ExampleError(PiiguardError, ValueError):
    """A line of an example file that does not follow its schema."""


class ModelError(PiiguardError):
    """A model directory that is missing, incomplete or changed."""


class SourceError(PiiguardError):
    """An input of ``scan`` that cannot be read; names the file and the place in it."""


class PolicyError(PiiguardError, ValueError):
    """A policy file with a mistake; names the file, the line and the key."""

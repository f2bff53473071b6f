"""piiguard finds personal data in Slack messages, on the user's own machines.

>>> import piiguard
>>> guard = piiguard.load()
>>> guard.detect("ssn is 078-05-1120", markup="plain")
"""

from piiguard.detector import Detector
from piiguard.errors import PiiguardError
from piiguard.examples import Correction, Example
from piiguard.guard import Guard, load
from piiguard.labels import LABELS
from piiguard.messages import Message
from piiguard.policy import Policy, Verdict
from piiguard.redact import redact
from piiguard.spans import Span, merge_spans

__version__ = "0.1.0"

__all__ = [
    "LABELS",
    "Correction",
    "Detector",
    "Example",
    "Guard",
    "Message",
    "PiiguardError",
    "Policy",
    "Span",
    "Verdict",
    "load",
    "merge_spans",
    "redact",
]

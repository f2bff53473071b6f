"""piiguard finds personal data in Slack messages."""

__version__ = "0.1.0"

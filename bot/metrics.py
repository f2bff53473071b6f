"""Prometheus metrics of the bot. A label is a kind, a state or a code: never a channel, a person or a value."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

#: What no metric may tell apart.
FORBIDDEN_LABELS: Final = frozenset(
    {"channel", "channel_id", "user", "user_id", "person", "tenant", "team", "value", "text", "flag", "ts"}
)  # fmt: skip
CONTENT_TYPE: Final = CONTENT_TYPE_LATEST


class Metrics:
    """Every metric, on a registry of its own."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self.messages_scanned = self._counter(
            "messages_scanned", "Messages scanned.", "source", "result"
        )
        self.findings = self._counter("findings", "Spans found.", "label", "source")
        self.chars_unscanned = self._counter(
            "chars_unscanned", "Characters of messages and files that were not scanned."
        )
        self.scan_seconds = self._histogram(
            "scan_duration_seconds", "Time the model and rules took for a message."
        )
        self.queue_open = self._gauge("queue_open", "Flags that wait for a person.")
        self.queue_oldest_seconds = self._gauge(
            "queue_oldest_seconds", "Age of the oldest flag that waits for a person."
        )
        self.reviews = self._counter("reviews", "Decisions of people.", "decision", "surface")
        self.slack_api_calls = self._counter(
            "slack_api_calls", "Calls of Slack's Web API.", "method", "status"
        )
        self.slack_429 = self._counter("slack_429", "Calls that Slack limited.", "method")
        self.slack_event_lag_seconds = self._histogram(
            "slack_event_lag_seconds", "From the event's time at Slack to its commit here.",
        )  # fmt: skip
        self.slack_retries = self._counter(
            "slack_retries", "Events that Slack sent again, by its retry number.", "number"
        )
        self.acks = self._counter("acks", "Answers to Slack's requests.", "status")
        self.ack_seconds = self._histogram("ack_seconds", "Time until a request was answered.")
        self.inbox_depth = self._gauge("inbox_depth", "Rows of the inbox.", "state")
        self.outbox_depth = self._gauge("outbox_depth", "Rows of the outbox.", "state")
        self.oldest_unfinished_seconds = self._gauge(
            "oldest_unfinished_seconds", "Age of the oldest row of the inbox that is not finished."
        )
        self.set_aside = self._counter(
            "set_aside", "Rows set aside after too many attempts: messages not scanned."
        )
        self.retries = self._counter("retries", "Attempts after the first one.", "kind")
        self.clock_skew_seconds = self._gauge(
            "clock_skew_seconds", "This machine's clock minus the database's."
        )
        self.socket_age_seconds = self._gauge(
            "socket_age_seconds", "Seconds since a Socket Mode connection last heard from Slack."
        )
        self.model_info = self._gauge("model_info", "The model in use.", "version", "sha256")

    def set_model(self, version: str, sha256: str) -> None:
        """Say which model is in use; only one is."""
        self.model_info.clear()
        self.model_info.labels(version, sha256[:16]).set(1)

    def render(self) -> bytes:
        """All metrics in Prometheus's text form; the content type is ``CONTENT_TYPE``."""
        return generate_latest(self.registry)

    def _counter(self, name: str, sentence: str, *labels: str) -> Counter:
        return Counter(f"piiguard_{name}", sentence, _checked(labels), registry=self.registry)

    def _gauge(self, name: str, sentence: str, *labels: str) -> Gauge:
        return Gauge(f"piiguard_{name}", sentence, _checked(labels), registry=self.registry)

    def _histogram(self, name: str, sentence: str, *labels: str) -> Histogram:
        return Histogram(
            f"piiguard_{name}",
            sentence,
            _checked(labels),
            registry=self.registry,
            buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 2.5, 10, 60, 300, 3600),
        )


def _checked(labels: tuple[str, ...]) -> tuple[str, ...]:
    wrong = FORBIDDEN_LABELS.intersection(labels)
    if wrong:
        raise ValueError(f"a metric must not have the label {sorted(wrong)[0]!r}")
    return labels

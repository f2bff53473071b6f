"""RayGuard: the same detection on every core and machine of a Ray cluster. Owns ray; extra ``ray``.

Each worker loads the model once and judges batches; order, policy, report and state stay where ``scan`` runs, so the
result is the local engine's. The model directory must be at the same path on every machine, or installed with piiguard.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from piiguard.errors import PiiguardError
from piiguard.messages import Message
from piiguard.spans import Span

#: Messages that go out together: enough to keep a cluster busy, little enough to lose in an interruption.
BATCH_SIZE = 16_384
_WORKER_BATCH = 256


class RayGuard:
    """Judges messages with one Guard per worker.

    Args:
        model: a model directory, None for the shipped one.
        rules_only: judge without a model.
        workers: at most so many; as many as the cluster has CPUs when None.

    Raises PiiguardError when ray is not installed.
    """

    def __init__(
        self,
        model: str | Path | None = None,
        *,
        rules_only: bool = False,
        workers: int | None = None,
    ) -> None:
        try:
            import ray
            import ray.data
        except ImportError:
            raise PiiguardError(
                "--engine ray needs Ray, which is not installed; run: pip install 'piiguard[ray]'"
            ) from None
        if not ray.is_initialized():
            # subtle: workers must not print what they work on into this terminal
            ray.init(log_to_driver=False, include_dashboard=False, configure_logging=False)
        ray.data.DataContext.get_current().enable_progress_bars = False
        self._data: Any = ray.data
        self._workers = workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
        self._settings = {"model": str(model) if model else None, "rules_only": rules_only}

    def detect_batch(self, messages: Sequence[Message]) -> list[list[Span]]:
        rows = [
            {"number": number, "message": pack_message(message)}
            for number, message in enumerate(messages)
        ]
        judged = self._data.from_items(rows).map_batches(
            Worker,
            fn_constructor_kwargs=self._settings,
            batch_size=_WORKER_BATCH,
            batch_format="numpy",
            concurrency=(1, self._workers),
        )
        # Ray gives rows back as they are done
        found = {int(row["number"]): unpack_spans(str(row["spans"])) for row in judged.iter_rows()}
        if len(found) != len(messages):
            raise PiiguardError(
                f"Ray gave back {len(found)} of {len(messages)} messages; try again"
            )
        return [found[number] for number in range(len(messages))]


class Worker:
    """One Guard, loaded once in a process of the cluster."""

    def __init__(self, model: str | None = None, *, rules_only: bool = False) -> None:
        from piiguard.opening import open_guard

        self._guard = open_guard(model, rules_only=rules_only, threads=1)

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Columns "number" and "message" in, "number" and "spans" out."""
        messages = [unpack_message(str(line)) for line in batch["message"]]
        spans = [pack_spans(spans) for spans in self._guard.detect_batch(messages)]
        return {"number": batch["number"], "spans": spans}


def pack_message(message: Message) -> str:
    """A message as a string, the one type that every table format keeps as it is."""
    return json.dumps([message.text, list(message.context), message.markup])


def unpack_message(line: str) -> Message:
    """What ``pack_message`` packed."""
    text, context, markup = json.loads(line)
    return Message(text, tuple(context), markup)


def pack_spans(spans: Sequence[Span]) -> str:
    """Spans as a string."""
    return json.dumps(
        [[span.start, span.end, span.label, float(span.score), span.source] for span in spans]
    )


def unpack_spans(line: str) -> list[Span]:
    """What ``pack_spans`` packed."""
    return [Span(*row) for row in json.loads(line)]

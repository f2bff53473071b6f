"""One line per unit of work: a word for what happened, and fields from a closed set, none of which can hold text.

``event("bot.worker", "message", id="9f2", labels={"BANK_ACCOUNT": 1}, ms=14)`` writes
``message id=9f2 labels=BANK_ACCOUNT:1 ms=14``, or the same as a line of JSON. What libraries log is reduced to the
place it came from: their messages can hold bodies and parameters.
"""

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, TextIO

Form = Literal["json", "line"]

#: Ids, labels, counts, codes, durations. A field that could hold text must not come in.
FIELDS: Final = frozenset(
    {
        "id", "number", "tenant", "channel_id", "ts", "kind", "state", "severity", "labels", "flagged", "model", "sha256",
        "chars", "ms", "n", "attempts", "method", "status", "code", "reason", "action", "actor", "decision", "surface",
        "seconds", "age_s", "bytes", "lane", "job", "slot", "seq", "mac", "version", "host", "port", "pid", "file",
        "setting", "line", "error", "n_flags", "n_messages", "n_keys", "retry_num", "url_path",
    }
)  # fmt: skip
#: Libraries that print bodies or parameters below these levels.
PINNED: Final = {
    "slack_sdk": logging.INFO,
    "werkzeug": logging.WARNING,
    "waitress": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "alembic": logging.WARNING,
    "urllib3": logging.WARNING,
    "websocket": logging.WARNING,
    "pypdf": logging.ERROR,
}
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.:,+/=<>~*-]{1,160}")
_WORD: Final = re.compile(r"[a-z][a-z0-9_]*")
_KEY: Final = "piiguard_event"


def event(
    logger_name: str,
    what: str,
    *,
    level: int = logging.INFO,
    error: BaseException | None = None,
    **fields: object,
) -> None:
    """Log that something happened.

    Args:
        what: a word of our code, never data: "message", "job_failed".
        error: its class and the places of its traceback are logged, never its message.
        fields: from ``FIELDS``; a value with characters beyond those of ids, labels and numbers becomes "?".

    Raises: ValueError for a field that is not in the set.
    """
    unknown = set(fields) - FIELDS
    if unknown:
        raise ValueError(f"logs take no field called {sorted(unknown)}; see bot.logs.FIELDS")
    if not _WORD.fullmatch(what):
        raise ValueError("what happened is one word of our code, in lower case")
    logger = logging.getLogger(logger_name)
    if not logger.isEnabledFor(level):
        return
    shown = {name: _shown(value) for name, value in fields.items() if value is not None}
    if error is not None:
        shown |= _of_error(error)
    logger.log(level, what, extra={_KEY: shown})


def setup_logging(
    form: Form = "line", *, stream: TextIO | None = None, level: int = logging.INFO
) -> logging.Handler:
    """Send every logger's lines to ``stream`` (stderr), in our form; also what threads and the process die of."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(SafeFormatter(form))
    handler.addFilter(_is_pinned_level)
    root = logging.getLogger()
    for old in list(root.handlers):
        if isinstance(old.formatter, SafeFormatter):
            root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name, lowest in PINNED.items():
        logging.getLogger(name).setLevel(lowest)
    # a handler that fails prints the record with its arguments, else
    logging.raiseExceptions = False
    logging.captureWarnings(True)
    sys.excepthook = _on_exception
    threading.excepthook = _on_thread_exception
    return handler


class SafeFormatter(logging.Formatter):
    """Lines without text: our events with their fields, foreign records as the place they came from."""

    def __init__(self, form: Form = "line") -> None:
        super().__init__()
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] | None = getattr(record, _KEY, None)
        if fields is not None:
            what = str(record.msg)
        else:
            what = "library"
            # with arguments apart the message is a literal of the library's source; without, it may hold anything
            fields = {"place": f"{record.name}:{record.lineno}"}
            if record.args and isinstance(record.msg, str):
                fields["template"] = record.msg[:160]
            if record.exc_info and record.exc_info[1] is not None:
                fields |= _of_error(record.exc_info[1])
        if self._form == "json":
            at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
            head = {"at": at, "level": record.levelname, "logger": record.name, "what": what}
            return json.dumps(head | fields)
        lead = "" if record.levelno <= logging.INFO else f"{record.levelname} "
        return lead + " ".join([what, *(f"{name}={_flat(v)}" for name, v in fields.items())])


def _is_pinned_level(record: logging.LogRecord) -> bool:
    """False for what a library logs below its level, also when somebody lowered the logger's."""
    lowest = PINNED.get(record.name.partition(".")[0])
    return lowest is None or record.levelno >= lowest


def _shown(value: object) -> object:
    """A value as it may be shown."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return round(value, 3) if isinstance(value, float) else value
    if isinstance(value, Mapping):
        value = ",".join(f"{name}:{n}" for name, n in sorted(value.items())) or "-"
    elif isinstance(value, tuple | list | set | frozenset):
        value = ",".join(str(one) for one in value) or "-"
    text = str(value) if isinstance(value, str) else "?"
    return text if _PLAIN.fullmatch(text) else ("-" if text == "" else "?")


def _flat(value: object) -> str:
    if isinstance(value, list):
        return "|".join(str(one).replace(" ", "_") for one in value)
    return str(value).replace("\n", " ")


def _of_error(error: BaseException) -> dict[str, Any]:
    """An exception without its message: its class, and file, line and function of each step."""
    steps = [
        f"{'/'.join(Path(step.filename).parts[-2:])}:{step.lineno} {step.name}"
        for step in traceback.extract_tb(error.__traceback__, limit=-12)
    ]
    fields: dict[str, Any] = {"error": type(error).__name__}
    if steps:
        fields["trace"] = steps
    return fields


def _on_exception(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    event("bot", "process_died", level=logging.CRITICAL, error=error)


def _on_thread_exception(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and args.exc_type is not SystemExit:
        event("bot", "thread_died", level=logging.CRITICAL, error=args.exc_value)

"""Latency, throughput, memory and accuracy of this install, as plain numbers."""

import json
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from piiguard.bench_messages import MESSAGES
from piiguard.errors import PiiguardError
from piiguard.examples import Example, read_examples
from piiguard.guard import Guard
from piiguard.messages import Markup, Message
from piiguard.opening import open_guard
from piiguard.scoring import score_text, summarize

MAX_TOKENS = 128
_N_WARMUP = 20
_BATCH = 64
CountTokens = Callable[[str], int]


def latency(
    model: str | Path | None = None,
    *,
    rules_only: bool = False,
    messages: Sequence[Message] | None = None,
    n_calls: int = 300,
) -> dict[str, Any]:
    """Milliseconds a message on one thread, messages a second in batches, and megabytes of memory.

    "up_to_128_tokens" calls ``detect`` with one message after the other, those of at most 128 tokens, special tokens
    included; "full_128_tokens" with messages cut to just that length; "with_context" adds the two messages before.

    Args:
        messages: to measure with; the sample export's or built-in ones when None.
        n_calls: for each row.
    """
    started = time.perf_counter()
    guard = open_guard(model, rules_only=rules_only, threads=1)
    load_s = time.perf_counter() - started
    found = list(messages) if messages is not None else sample_messages()
    count = token_counter(guard)
    short = [message for message in found if count(message.text) <= MAX_TOKENS]
    if not short:
        raise PiiguardError(f"expected messages of at most {MAX_TOKENS} tokens, found none")
    full = full_messages(short, count)
    with_context = [
        Message(message.text, tuple(m.text for m in short[max(0, n - 2) : n]), message.markup)
        for n, message in enumerate(short)
    ]
    bare = [Message(message.text, (), message.markup) for message in short]
    return {
        "model": guard.name,
        "machine": machine(),
        "load_s": round(load_s, 2),
        "up_to_128_tokens": _time_calls(guard, bare, n_calls),
        "full_128_tokens": _time_calls(guard, full, n_calls),
        "with_context": _time_calls(guard, with_context, n_calls),
        "batch": _time_batches(guard, bare, threads=1),
        "batch_all_cores": _time_batches(
            open_guard(model, rules_only=rules_only), bare, threads=os.cpu_count() or 1
        ),
        "memory": _measure_memory(model, rules_only=rules_only),
    }


def accuracy(guard: Guard, examples: Sequence[Example]) -> dict[str, Any]:
    """Strict and overlapping spans, leaked characters and flags over gold Examples (``piiguard.scoring``)."""
    scores = []
    started = time.perf_counter()
    for first in range(0, len(examples), _BATCH):
        batch = examples[first : first + _BATCH]
        spans = guard.detect_batch([Message(e.text, e.context, e.markup) for e in batch])
        for example, predicted in zip(batch, spans, strict=True):
            scores.append(score_text(example.text, example.spans, predicted))
    elapsed = time.perf_counter() - started
    return {
        "model": guard.name,
        **summarize(scores),
        "ms_per_message": round(1000 * elapsed / max(1, len(examples)), 2),
    }


def sample_file() -> Path | None:
    """The gold labels of the sample export, where this is a checkout."""
    path = Path(__file__).parent.parent / "examples" / "sample-export.gold.jsonl"
    return path if path.is_file() else None


def sample_messages() -> list[Message]:
    """The messages of the sample export, else the built-in ones."""
    path = sample_file()
    if path is None:
        return [Message(text) for text in MESSAGES]
    return [Message(e.text, e.context, e.markup) for e in read_examples(path)]


def token_counter(guard: Guard) -> CountTokens:
    """How many tokens a text has for this model, special ones included; for rules, words and marks are counted."""
    # the very encoder that the calls below go through: what it counts is what the model reads
    encoder = getattr(getattr(guard, "_model", None), "_encoder", None)
    if encoder is None:
        return lambda text: len(re.findall(r"\w+|[^\w\s]", text)) + 2
    return lambda text: sum(len(window.input_ids) for window in encoder.encode(text))


def full_messages(messages: Sequence[Message], count: CountTokens, n: int = 40) -> list[Message]:
    """Messages of just MAX_TOKENS tokens, joined from shorter ones, or a few tokens less."""
    words = [word for message in messages for word in message.text.split()]
    markup: Markup = messages[0].markup
    result: list[Message] = []
    at = 0
    for _ in range(n):
        taken: list[str] = []
        misses = 0
        while misses < 20:
            word = words[at % len(words)]
            at += 1
            if count(" ".join((*taken, word))) > MAX_TOKENS:
                misses += 1
            else:
                taken.append(word)
                if count(" ".join(taken)) == MAX_TOKENS:
                    break
        result.append(Message(" ".join(taken), (), markup))
    return result


def machine() -> str:
    """Where the numbers come from, in words."""
    return f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def _time_calls(guard: Guard, messages: Sequence[Message], n_calls: int) -> dict[str, float]:
    for n in range(_N_WARMUP):
        guard.detect_batch([messages[n % len(messages)]])
    times = []
    for n in range(n_calls):
        message = messages[n % len(messages)]
        started = time.perf_counter()
        guard.detect_batch([message])
        times.append(1000 * (time.perf_counter() - started))
    times.sort()
    return {
        "n": n_calls,
        "p50_ms": round(_percentile(times, 0.50), 2),
        "p95_ms": round(_percentile(times, 0.95), 2),
        "max_ms": round(times[-1], 2),
    }


def _time_batches(guard: Guard, messages: Sequence[Message], *, threads: int) -> dict[str, float]:
    batches = [
        [messages[(first + n) % len(messages)] for n in range(_BATCH)]
        for first in range(0, 8 * _BATCH, _BATCH)
    ]
    guard.detect_batch(batches[0])
    started = time.perf_counter()
    for batch in batches:
        guard.detect_batch(batch)
    elapsed = time.perf_counter() - started
    n = sum(len(batch) for batch in batches)
    return {"n": n, "threads": threads, "messages_per_s": round(n / elapsed, 1)}


def _percentile(ordered: Sequence[float], share: float) -> float:
    """The value that this share of all values does not exceed."""
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]


def _measure_memory(model: str | Path | None, *, rules_only: bool) -> dict[str, float]:
    """Resident megabytes of a fresh process, so that what else was imported here does not count."""
    settings = json.dumps({"model": str(model) if model else None, "rules_only": rules_only})
    try:
        done = subprocess.run(  # noqa: S603  this interpreter, this module
            [sys.executable, "-m", "piiguard.bench", settings],
            capture_output=True,
            text=True,
            timeout=300,
            check=True,
        )
        result: dict[str, float] = json.loads(done.stdout)
        return result
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        raise PiiguardError(f"memory could not be measured ({type(error).__name__})") from None


def _report_memory(model: str | None = None, *, rules_only: bool = False) -> dict[str, float]:
    guard = open_guard(model, rules_only=rules_only, threads=1)
    loaded = _resident_mb()
    for text in MESSAGES * 3:
        guard.detect(text)
    return {"loaded_mb": loaded, "working_mb": _resident_mb(), "peak_mb": _peak_mb()}


def _resident_mb() -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        return _peak_mb()
    rows = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    return round(int(rows["VmRSS"].split()[0]) / 1024, 1)


def _peak_mb() -> float:
    import resource

    # subtle: ru_maxrss also counts what the process held before exec, that is the size of the parent it forked from
    status = Path("/proc/self/status")
    if status.is_file():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii"))
        if found:
            return round(int(found[1]) / 1024, 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 1024), 1)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_report_memory(**json.loads(sys.argv[1]))) + "\n")

"""Logs and metrics: ids, labels, counts and times, and nothing that could hold text."""

import io
import json
import logging
import sys
import threading

import pytest

from bot.logs import FIELDS, PINNED, SafeFormatter, event, setup_logging
from bot.metrics import FORBIDDEN_LABELS, Metrics

CANARY = "my ssn is 078-05-1120"


@pytest.fixture
def lines():
    """What is logged, in both forms: a function that gives the text so far and clears it."""
    root = logging.getLogger()
    before = (
        root.handlers[:],
        root.level,
        sys.excepthook,
        threading.excepthook,
        logging.raiseExceptions,
    )
    levels = {name: logging.getLogger(name).level for name in PINNED}
    stream = io.StringIO()
    handler = setup_logging("line", stream=stream, level=logging.DEBUG)

    def read(form="line"):
        handler.setFormatter(SafeFormatter(form))
        text = stream.getvalue()
        stream.seek(0)
        stream.truncate()
        return text

    yield read
    root.handlers[:], sys.excepthook, threading.excepthook = before[0], before[2], before[3]
    root.setLevel(before[1])
    logging.raiseExceptions = before[4]
    logging.captureWarnings(False)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_a_line_a_message(lines):
    event(
        "bot.worker", "message", id="9f2", labels={"PERSON": 2, "BANK_ACCOUNT": 1}, severity="critical", flagged=True,
        model="piiguard-en-3", chars=212, ms=14.00049,
    )  # fmt: skip

    assert lines() == (
        "message id=9f2 labels=BANK_ACCOUNT:1,PERSON:2 severity=critical flagged=1 model=piiguard-en-3 chars=212 ms=14.0\n"
    )


def test_the_same_as_json(lines):
    lines("json")
    event("bot.worker", "message", id="9f2", labels={}, n=3)

    row = json.loads(lines())
    assert row.pop("at").startswith("20")
    assert row == {"level": "INFO", "logger": "bot.worker", "what": "message", "id": "9f2", "labels": "-", "n": 3}  # fmt: skip


@pytest.mark.parametrize("field", ["text", "value", "payload", "body", "name", "user_name", "message", "args", "note"])  # fmt: skip
def test_a_field_that_could_hold_text_is_refused(field):
    assert field not in FIELDS
    with pytest.raises(ValueError, match="no field"):
        event("bot", "message", **{field: "x"})


@pytest.mark.parametrize("value", [CANARY, "a\nb", "ana@acme.example", {"a": CANARY}, [CANARY], object(), b"bytes", "é", "x" * 161])  # fmt: skip
def test_a_value_that_is_no_id_becomes_a_question_mark(lines, value):
    event("bot", "message", id=value)

    assert lines() == "message id=?\n"


@pytest.mark.parametrize("what", [CANARY, "Message", "", "a b"])
def test_what_happened_is_a_word(what):
    with pytest.raises(ValueError, match="one word"):
        event("bot", what)


@pytest.mark.parametrize("form", ["line", "json"])
def test_an_error_is_logged_without_its_message(lines, form):
    lines(form)

    def fails(secret):
        raise ValueError(secret)

    try:
        fails(CANARY)
    except ValueError as error:
        event("bot", "job_failed", level=logging.ERROR, error=error, id="j1")

    text = lines()
    assert "ValueError" in text
    assert "fails" in text
    assert "078" not in text


@pytest.mark.parametrize("form", ["line", "json"])
@pytest.mark.parametrize("name", ["slack_sdk.web.client", "sqlalchemy.engine", "werkzeug", "waitress", "some.library"])  # fmt: skip
def test_what_a_library_says_is_reduced_to_its_place(lines, name, form):
    lines(form)
    logger = logging.getLogger(name)
    try:
        raise RuntimeError(CANARY)
    except RuntimeError:
        logger.error(f"body: {CANARY}", exc_info=True)
        logger.error("body: %s", CANARY)
        logger.error({"text": CANARY})

    text = lines()
    assert text.count("\n") == 3
    assert name in text
    assert "078" not in text


@pytest.mark.parametrize("name", ["slack_sdk", "slack_sdk.socket_mode", "sqlalchemy.engine.Engine", "werkzeug"])  # fmt: skip
def test_libraries_that_print_bodies_stay_quiet_even_when_turned_up(lines, name):
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.DEBUG)
    logger.debug("body")
    logger.setLevel(before)

    assert lines() == ""


def test_a_thread_that_dies_leaves_its_place_and_no_message(lines):
    def dies():
        raise ValueError(CANARY)

    thread = threading.Thread(target=dies)
    thread.start()
    thread.join(10)

    text = lines()
    assert text.startswith("CRITICAL thread_died error=ValueError")
    assert "078" not in text


def test_a_process_that_dies_leaves_its_place_and_no_message(lines, capsys):
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)

    assert "process_died error=ValueError" in lines()
    assert capsys.readouterr().err == ""


def test_setting_up_twice_logs_once(lines):
    stream = io.StringIO()
    setup_logging("line", stream=stream)
    event("bot", "started")

    assert stream.getvalue() == "started\n"


def test_no_metric_tells_channels_people_or_values_apart():
    metrics = Metrics()
    for family in metrics.registry.collect():
        assert family.name.startswith("piiguard_")
    for collector in vars(metrics).values():
        assert FORBIDDEN_LABELS.isdisjoint(getattr(collector, "_labelnames", ()))
    with pytest.raises(ValueError, match="must not"):
        metrics._counter("x", "y", "channel")


def test_metrics_are_rendered_by_their_names():
    metrics = Metrics()
    metrics.acks.labels("200").inc()
    metrics.ack_seconds.observe(0.02)
    metrics.inbox_depth.labels("ready").set(3)
    metrics.messages_scanned.labels("http", "flagged").inc()
    metrics.findings.labels("PERSON", "model").inc()
    metrics.set_model("piiguard-en-1", "ab" * 32)
    metrics.set_model("piiguard-en-2", "cd" * 32)

    text = metrics.render().decode()

    for line in (
        'piiguard_acks_total{status="200"} 1.0',
        'piiguard_inbox_depth{state="ready"} 3.0',
        'piiguard_messages_scanned_total{result="flagged",source="http"} 1.0',
        'piiguard_findings_total{label="PERSON",source="model"} 1.0',
        'piiguard_model_info{sha256="cdcdcdcdcdcdcdcd",version="piiguard-en-2"} 1.0',
        "piiguard_oldest_unfinished_seconds 0.0",
        "piiguard_set_aside_total 0.0",
    ):
        assert line in text
    assert "piiguard-en-1" not in text

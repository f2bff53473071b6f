"""Example and Correction as JSON Lines."""

import gzip
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiguard.errors import ExampleError
from piiguard.examples import (
    CORRECTION_SCHEMA,
    EXAMPLE_SCHEMA,
    ORIGINS,
    Correction,
    Example,
    example_from_json,
    read_examples,
    write_examples,
)
from piiguard.labels import LABELS
from piiguard.spans import Span

CANARY = "Zebediah 4556737586899855"
TEXTS = st.text(min_size=1, max_size=60)


@st.composite
def spans_of(draw, text):
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return tuple(Span(a, b, draw(st.sampled_from(sorted(LABELS)))) for a, b in pairs)


@st.composite
def examples(draw):
    text = draw(TEXTS)
    common = {
        "id": draw(st.text(min_size=1, max_size=8)),
        "text": text,
        "spans": draw(spans_of(text)),
        "group": draw(st.text(min_size=1, max_size=8)),
        "markup": draw(st.sampled_from(["slack", "plain"])),
        "context": tuple(draw(st.lists(TEXTS, max_size=3))),
        "weight": draw(st.floats(0, 10)),
        "meta": draw(st.dictionaries(st.text(max_size=5), st.integers() | st.text(), max_size=2)),
    }
    if draw(st.booleans()):
        return Example(**common, origin=draw(st.sampled_from(ORIGINS)))
    return Correction(
        **common,
        prediction=draw(spans_of(text)),
        decision=draw(st.sampled_from(["confirmed", "rejected", "relabelled"])),
        model="piiguard-en-1",
        reviewed_at="2026-11-23T20:00:00Z",
        reviewer=draw(st.text(max_size=8)),
    )


@given(st.lists(examples(), max_size=5))
def test_what_is_written_is_read_again(tmp_path, wanted):
    path = tmp_path / "examples.jsonl"

    n_written = write_examples(path, wanted)

    assert n_written == len(wanted)
    assert list(read_examples(path)) == wanted


def test_a_gzipped_file_is_read_like_a_plain_one(tmp_path):
    line = json.dumps(
        {"id": "1", "text": "ask Priya", "spans": [{"start": 4, "end": 9, "label": "PERSON"}]}
    )
    with gzip.open(tmp_path / "x.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(line + "\n\n")  # an empty line is no example

    [example] = read_examples(tmp_path / "x.jsonl.gz")

    assert example.spans == (Span(4, 9, "PERSON"),)


@pytest.mark.parametrize(
    ("line", "name", "expected"),
    [
        ({}, "origin", "gold"),
        ({}, "markup", "slack"),
        ({}, "group", "7"),
        ({"thread": "t1"}, "group", "t1"),
        ({"group": "g", "thread": "t1"}, "group", "g"),
        ({}, "weight", 1.0),
        ({}, "context", ()),
        ({"channel": "C1", "user": "U1"}, "meta", {}),
    ],
)
def test_a_missing_field_has_its_default_and_an_unknown_one_is_ignored(line, name, expected):
    assert getattr(example_from_json({"id": "7", "text": "hi", **line}), name) == expected


@pytest.mark.parametrize(
    "line",
    [
        {"text": CANARY},
        {"id": "1"},
        {"id": 1, "text": CANARY},
        {"id": "1", "text": None},
        {"id": "1", "text": CANARY, "schema": "piiguard/example@2"},
        {"id": "1", "text": CANARY, "origin": "found"},
        {"id": "1", "text": CANARY, "markup": "html"},
        {"id": "1", "text": CANARY, "context": [1]},
        {"id": "1", "text": CANARY, "weight": "heavy"},
        {"id": "1", "text": CANARY, "spans": [{"start": 0, "end": 8}]},
        {"id": "1", "text": CANARY, "spans": [{"start": 0, "end": 8, "label": "NAME"}]},
        {"id": "1", "text": CANARY, "spans": [{"start": 0, "end": 999, "label": "PERSON"}]},
        {"id": "1", "text": CANARY, "spans": [{"start": 5, "end": 5, "label": "PERSON"}]},
        {"id": "1", "text": CANARY, "spans": [{"start": 0, "end": 8, "label": "PERSON"}, {"start": 7, "end": 9, "label": "CRYPTO"}]},
        {"id": "1", "text": CANARY, "schema": CORRECTION_SCHEMA},
    ],
)  # fmt: skip
def test_a_wrong_line_is_named_by_its_place_and_never_quoted(tmp_path, line):
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": "0", "text": "fine"}\n' + json.dumps(line) + "\n")

    with pytest.raises(ExampleError, match=r"bad\.jsonl line 2") as caught:
        list(read_examples(path))

    assert "Zebediah" not in str(caught.value)
    assert "455673" not in str(caught.value)


@pytest.mark.parametrize("content", [b"{", b"[]", b'"text"', b"\xff\xfe{}"])
def test_what_is_no_json_object_in_utf_8_is_an_example_error(tmp_path, content):
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content + b"\n")

    with pytest.raises(ExampleError, match=r"bad\.jsonl"):
        list(read_examples(path))


def test_a_file_that_is_not_there_is_an_example_error(tmp_path):
    with pytest.raises(ExampleError, match=r"none\.jsonl"):
        list(read_examples(tmp_path / "none.jsonl"))


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "examples.jsonl"
    write_examples(path, [Example("1", "hi")])

    def broken():
        yield Example("2", "hello")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_examples(path, broken())

    assert [example.id for example in read_examples(path)] == ["1"]


@pytest.mark.parametrize(
    "example",
    [
        Example("1", CANARY, context=(CANARY,), meta={"note": CANARY}),
        Correction("1", CANARY, context=(CANARY,), meta={"note": CANARY}, decision="confirmed"),
    ],
)
def test_a_repr_holds_no_text(example):
    assert "Zebediah" not in repr(example)


def test_each_line_names_its_schema():
    assert Example("1", "hi").to_json()["schema"] == EXAMPLE_SCHEMA
    assert Correction("1", "hi").to_json()["schema"] == CORRECTION_SCHEMA


def test_an_example_travels_between_processes():
    example = Example("1", "ask Priya", (Span(4, 9, "PERSON"),))

    assert pickle.loads(pickle.dumps(example)) == example

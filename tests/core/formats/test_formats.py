"""Every format: what is written is read again, and a bad record costs itself alone."""

import io
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piiguard.errors import ExampleError
from piiguard.examples import Example
from piiguard.formats import FORMATS, BadRecord
from piiguard.spans import Span
from tests.core.formats.examples_of import examples, sample, without_white_edges

TEXT_FORMATS = [one.name for one in FORMATS.values() if not one.is_binary]
EXACT = [name for name in TEXT_FORMATS if name != "conll"]
LISTS = ["argilla", "label-studio", "presidio-evaluator"]
LINES = [name for name in EXACT if name not in LISTS]
CANARY = "Zebediah 4556737586899855"


def written(name, wanted):
    out = io.StringIO(newline="")
    assert FORMATS[name].write(wanted, out) == len(wanted)
    # through bytes, as a file has it
    return out.getvalue().encode("utf-8").decode("utf-8")


def read(name, text, **more):
    return list(FORMATS[name].read(io.StringIO(text, newline=""), **more))


def read_on(name, text):
    """(the good ones, the bad ones)."""
    bad: list[BadRecord] = []
    return read(name, text, on_bad=bad.append), bad


@pytest.mark.parametrize("name", EXACT)
@settings(max_examples=60)
@given(wanted=st.lists(examples(), max_size=4))
def test_what_is_written_is_read_again(name, wanted):
    assert read(name, written(name, wanted)) == wanted


@settings(max_examples=100)
@given(wanted=st.lists(examples(), max_size=4))
def test_conll_loses_white_edges_and_nothing_else(wanted):
    assert read("conll", written("conll", wanted)) == [without_white_edges(one) for one in wanted]


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_a_lone_surrogate_stays_or_becomes_the_sign_for_unknown(name):
    wanted = replace(
        sample(), text="ask \ud83d Priya", spans=(Span(6, 11, "PERSON"),), prediction=()
    )

    [found] = read(name, written(name, [wanted]))

    expected = wanted.text.replace("\ud83d", "�") if name == "conll" else wanted.text
    assert found == replace(wanted, text=expected)


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_the_same_examples_give_the_same_bytes(name):
    wanted = [sample(), Example("2", "nothing here")]

    assert written(name, wanted) == written(name, wanted)


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_nothing_gives_nothing(name):
    assert read(name, written(name, [])) == []
    assert read(name, "") == []


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize(
    "broken", ['{"id": "x"', "[1]", "7", '{"id": "x"}', '{"text": 3, "id": "x", "spans": []}']
)
def test_a_broken_line_is_named_and_the_rest_goes_on(name, broken):
    lines = written(name, [sample(), sample()]).splitlines()

    good, bad = read_on(name, "\n".join([lines[0], broken, "", lines[1]]) + "\n")

    assert good == [sample(), sample()]
    assert [one.number for one in bad] == [2]
    assert bad[0].reason


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("broken", [[1], 7, {}, {"data": {}}, {"fields": {"text": 3}}, None])
def test_a_broken_record_of_a_list_is_named_and_the_rest_goes_on(name, broken):
    records = json.loads(written(name, [sample(), sample()]))

    good, bad = read_on(name, json.dumps([records[0], broken, records[1]]))

    assert good == [sample(), sample()]
    assert [one.number for one in bad] == [2]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_ends_too_early_is_one_bad_record(name):
    good, bad = read_on(name, written(name, [sample()])[:-4])

    assert good == []
    assert len(bad) == 1


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_a_byte_that_is_no_utf8_costs_its_record(name):
    raw = written(name, [sample(), replace(sample(), text="caf\xe9 Priya", spans=(Span(5, 10, "PERSON"),), prediction=())]).encode()  # fmt: skip
    broken = raw.replace("caf\xe9".encode(), b"caf\xe9").decode("utf-8", "surrogateescape")

    good, bad = read_on(name, broken)

    assert good == [sample()]
    assert [one.reason for one in bad] == ["not UTF-8"]


@pytest.mark.parametrize("name", LINES)
def test_a_byte_order_mark_and_crlf_are_no_harm(name):
    text = "\ufeff" + written(name, [sample(), sample()]).replace("\n", "\r\n")

    assert read(name, text) == [sample(), sample()]


WRONG = [
    ("label", '"PERSON"', '"SHOE_SIZE"'),
    ("beyond the text", '"end": 9', '"end": 900'),
    ("overlap", '"start": 39', '"start": 5'),
    ("a fraction", '"start": 4', '"start": 4.0'),
    ("a truth value", '"start": 4', '"start": true'),
    ("turned round", '"start": 4', '"start": 9'),
    ("before the text", '"start": 4', '"start": -1'),
]


@pytest.mark.parametrize(("fault", "old", "new"), WRONG)
def test_own_lines_with_an_impossible_span_are_refused(fault, old, new):
    text = written("jsonl", [sample()])
    assert old in text

    good, bad = read_on("jsonl", text.replace(old, new, 1))

    assert (good, len(bad)) == ([], 1)


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_an_error_quotes_no_text(name):
    broken = written(name, [Example("1", CANARY, (Span(0, 8, "PERSON"),))])
    for old, new in (("PERSON", CANARY), ("Zebediah", "Zebediahs")):
        _, bad = read_on(name, broken.replace(old, new))
        assert CANARY not in str(bad)
        assert "Zebediah" not in str(bad)


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_without_a_listener_a_bad_record_raises(name):
    text = written(name, [sample()]).replace("PERSON", "SHOE_SIZE")

    with pytest.raises(ExampleError):
        read(name, text)


def test_the_registry_says_what_a_format_loses():
    assert {name for name, one in FORMATS.items() if one.loses} == {"parquet", "spacy", "conll"}
    assert all(one.title and one.suffix.startswith(".") for one in FORMATS.values())

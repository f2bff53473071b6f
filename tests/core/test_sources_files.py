"""Text, CSV, JSON Lines and stdin: whatever the encoding, however long the line."""

import codecs
import gzip
import io
import json
import tracemalloc

import pytest

from piiguard.errors import SourceError
from piiguard.items import OVERLAP, SLICE, Place, slices
from piiguard.sources import (
    CsvSource,
    JsonLinesSource,
    PlainTextSource,
    Sources,
    open_source,
    text_stream,
)


def read(path):
    source = open_source(path)
    return list(source), source


def texts(items):
    return [item.message.text for item in items]


# --- which kind


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.txt", b"hello", PlainTextSource),
        ("a.csv", b"a,b\n1,2\n", CsvSource),
        ("a.tsv", b"a\tb\n", CsvSource),
        ("a.jsonl", b'{"text": "x"}\n', JsonLinesSource),
        ("a.txt", b'{"text": "x"}\n', JsonLinesSource),
        ("noname", b'{"text": "x"}\n{"text": "y"}', JsonLinesSource),
        ("a.json", b'{"other": "x"}\n', PlainTextSource),
        ("a.log", b"{not json}\n", PlainTextSource),
        ("empty", b"", PlainTextSource),
    ],
)
def test_content_decides_where_the_name_does_not(tmp_path, name, content, kind):
    path = tmp_path / name
    path.write_bytes(content)

    assert type(open_source(path)) is kind


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SourceError, match=r"gone\.txt: cannot be read \(No such file"):
        open_source(tmp_path / "gone.txt")


def test_a_missing_file_among_others_is_a_problem_and_the_rest_is_read(tmp_path):
    (tmp_path / "a.txt").write_text("hello")

    sources = Sources([tmp_path / "gone.txt", tmp_path / "a.txt"])

    assert texts(sources) == ["hello"]
    assert ["gone.txt" in problem.place for problem in sources.problems] == [True]


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"one\ntwo\n", ["one", "two"]), (b'{"text": "x", "id": 1}\n', ["x"]), (b"", [])],
)
def test_stdin_is_text_or_json_lines(content, expected):
    assert texts(open_source("-", stdin=io.BytesIO(content))) == expected


def test_stdin_cannot_be_told_from_other_stdin_so_it_has_no_fingerprint():
    assert Sources(["-"], stdin=io.BytesIO(b"x")).fingerprint is None


def test_a_fingerprint_changes_with_the_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("one")
    before = Sources([path]).fingerprint
    path.write_text("two")

    assert before != Sources([path]).fingerprint


# --- encodings


@pytest.mark.parametrize(
    "data",
    [
        "naïve 😀\nß".encode(),
        codecs.BOM_UTF8 + "naïve 😀\nß".encode(),
        codecs.BOM_UTF16_LE + "naïve 😀\nß".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "naïve 😀\nß".encode("utf-16-be"),
        codecs.BOM_UTF32_LE + "naïve 😀\nß".encode("utf-32-le"),
    ],
)
def test_text_is_read_in_utf_8_and_in_what_its_mark_says(tmp_path, data, monkeypatch):
    monkeypatch.setattr(text_stream, "CHUNK", 5)  # characters are cut in two
    path = tmp_path / "a.txt"
    path.write_bytes(data)

    items, source = read(path)

    assert (texts(items), source.problems) == (["naïve 😀", "ß"], [])


@pytest.mark.parametrize("chunk", [4, 5, 7, 65_536])
def test_another_encoding_is_named_with_its_byte_and_what_stands_before_is_read(
    tmp_path, monkeypatch, chunk
):
    monkeypatch.setattr(text_stream, "CHUNK", chunk)
    path = tmp_path / "latin.txt"
    path.write_bytes("first line\nsecond é".encode() + b" caf\xe9 rest\nthird")

    items, source = read(path)

    assert texts(items) == ["first line", "second é caf"]
    [problem] = source.problems
    assert problem.place == f"{path} byte 24"
    assert problem.reason == "not UTF-8; convert the file to UTF-8"


def test_a_binary_file_is_refused_at_its_first_zero_byte(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("text".encode("utf-16-le"))

    items, source = read(path)

    assert items == []
    assert "byte 1: expected text, found a zero byte" in str(source.problems[0])


def test_a_packed_file_is_read_and_a_damaged_one_named(tmp_path):
    good, bad = tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl.gz"
    good.write_bytes(gzip.compress(b'{"text": "x"}\n'))
    bad.write_bytes(gzip.compress(json.dumps({"text": "x" * 99_999}).encode())[:-30])

    assert texts(read(good)[0]) == ["x"]
    items, source = read(bad)
    assert items == []
    assert str(source.problems[-1]).endswith("cannot be read (EOFError)")


# --- lines


def test_lines_are_numbered_and_have_the_two_before_as_context(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"name?\r\n\r\n  \nJane\nlast")

    items, source = read(path)

    assert [(i.place.line, i.message.text) for i in items] == [
        (1, "name?"),
        (4, "Jane"),
        (5, "last"),
    ]
    assert items[1].message.markup == "plain"
    assert items[2].message.context == ("  ", "Jane")
    assert source.n_skipped == 1


@pytest.mark.parametrize("length", [1, SLICE, SLICE + 1, 2 * SLICE, 5 * SLICE + 17])
@pytest.mark.parametrize("from_file", [True, False])
def test_slices_cover_a_long_line_and_own_every_character_once(tmp_path, length, from_file):
    text = "".join(chr(97 + n % 26) for n in range(length))
    if from_file:
        (tmp_path / "a.txt").write_text(text)
        items = read(tmp_path / "a.txt")[0]
    else:
        items = list(slices(text, Place("x", 1)))

    owned = []
    for item in items:
        piece = item.message.text
        start, end = item.own or (0, len(piece))
        assert text[item.offset : item.offset + len(piece)] == piece
        assert len(piece) <= SLICE
        owned.extend(range(item.offset + start, item.offset + end))
    assert owned == list(range(length))
    assert [item.first for item in items] == [True] + [False] * (len(items) - 1)
    for item in items[:-1]:  # what begins in a slice is read with enough behind it
        assert len(item.message.text) - item.own[1] >= OVERLAP // 2


def test_eight_megabytes_without_a_line_break_take_little_memory(tmp_path):
    path = tmp_path / "one-line.txt"
    path.write_bytes(b"lorem ipsum " * 700_000)

    tracemalloc.start()
    n_items = sum(1 for _ in open_source(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert n_items > 300
    assert peak < 1_500_000


# --- JSON Lines


def test_json_lines_carry_place_context_and_markup(tmp_path):
    path = tmp_path / "a.jsonl"
    row = {
        "id": 7,
        "text": "yes",
        "context": ["a?"],
        "markup": "plain",
        "channel": "#x",
        "user": "Ana",
    }
    path.write_text(json.dumps(row) + "\n\n" + json.dumps({"text": "<@U1>"}))

    first, second = read(path)[0]

    assert (first.message.context, first.message.markup) == (("a?",), "plain")
    assert (first.place.line, first.place.channel, first.place.user) == (1, "#x", "Ana")
    assert (second.place.line, second.message.markup) == (3, "slack")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("canary {", "not JSON (Expecting value, column 1)"),
        ('["canary"]', "expected an object, found a list"),
        ('{"message": "canary"}', '"text" is missing'),
        ('{"text": 5}', '"text" must be a string, found a number'),
        ('{"text": "canary", "context": "canary"}', '"context" must be a list of strings'),
        ('{"text": "canary", "markup": "canary"}', '"markup" must be "slack" or "plain"'),
        ("[" * 100_000, "not JSON that can be read (RecursionError)"),
    ],
)
def test_a_bad_line_is_a_problem_that_quotes_nothing(tmp_path, line, reason):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "one"}\n' + line + '\n{"text": "two"}\n')

    items, source = read(path)

    assert texts(items) == ["one", "two"]
    assert [(p.place, p.reason) for p in source.problems] == [(f"{path} line 2", reason)]


def test_a_line_that_is_too_long_is_left_out_and_said(tmp_path, monkeypatch):
    monkeypatch.setattr(text_stream, "MAX_LINE", 100)
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "x" * 200}) + '\n{"text": "two"}\n')

    items, source = read(path)

    assert texts(items) == ["two"]
    assert str(source.problems[0]).startswith(f"{path} line 1: 1 of the lines")


def test_half_a_character_becomes_a_whole_one(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a \\ud83d b"}\n')

    assert texts(read(path)[0]) == ["a \ufffd b"]


# --- CSV


def test_a_row_is_one_message_and_a_column_s_name_the_context_of_its_cells(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('name;ssn\n"Roe;\nJane";078-05-1120\n;\nAna;\n')

    items, source = read(path)

    assert [(i.message.text, i.message.context, i.place.line, i.first) for i in items] == [
        ("name", (), 1, True),
        ("ssn", (), 1, False),
        ("Roe;\nJane", ("name",), 2, True),
        ("078-05-1120", ("ssn",), 2, False),
        ("Ana", ("name",), 5, True),
    ]
    assert source.n_skipped == 1


def test_a_table_of_messages_says_where_they_stand(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("ts,channel,user,text\n1790950260.0001,#hr,Ana,my iban\n")

    item = read(path)[0][-1]

    assert str(item.place) == "#hr 2026-10-02 14:11 Ana column 4"


def test_a_first_row_of_data_does_not_turn_up_as_the_name_of_a_column(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Jane Roe,078-05-1120\nAna Lima,219-09-9999\n")

    places = " ".join(str(item.place) for item in read(path)[0])

    assert "Jane" not in places
    assert "078" not in places


def test_a_cell_that_never_ends_is_a_problem(tmp_path, monkeypatch):
    monkeypatch.setattr("piiguard.sources.csv_file.MAX_LINE", 50)
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,2\n"' + "x\n" * 100)

    items, source = read(path)

    assert texts(items) == ["a", "b", "1", "2"]
    assert "line 3: not CSV (field larger than field limit" in str(source.problems[0])

"""Reports: masked, whole, safe in a spreadsheet, a browser and a terminal."""

import csv
import html.parser
import io
import json
import re

import pytest
from rich.cells import cell_len

from piiguard.errors import PiiguardError
from piiguard.findings import FindingMaker
from piiguard.items import Item, Place, Problem
from piiguard.labels import LABELS
from piiguard.messages import Message
from piiguard.policy import Policy
from piiguard.reports import FORMATS, format_of, open_report
from piiguard.reports.csv_file import safe_cell
from piiguard.reports.output import open_output
from piiguard.scan import scan
from piiguard.spans import Span

EVIL = '<script>alert("x")</script>\x1b[31m[bold]'
PLACES = [
    Place("e.zip/hr/2026-10-02.json", None, "#hr", "1790950260.000100", "Ana"),
    Place("a b.txt", 7),
    Place("people.csv", 3, part="column 2"),
    Place(EVIL, None, EVIL, "1790950260.000100", EVIL, EVIL),
]
VALUE = "=canary<b>4711"
TEXT = f'around {VALUE} <img src=x onerror="x()">'


class Everywhere:
    """Finds the canary as each label in turn."""

    labels = ("NATIONAL_ID", "PERSON", "MEDICAL_CONDITION", "API_KEY")

    def detect_batch(self, messages):
        return [[Span(7, 7 + len(VALUE), label, 0.97, "model")] for label in self.labels]


def render(format, *, show_values=False, places=PLACES, problems=(), guard=None, all_spans=True):
    items = [Item(Message(TEXT, (), "plain"), place) for place in places]
    out = io.StringIO()
    report = open_report(format, out, title="export.zip " + EVIL, model="piiguard-en-1")

    class Source(list):
        def __init__(self):
            super().__init__(items)
            self.problems = list(problems)

    guard = guard or Everywhere()
    maker = FindingMaker(show_values=show_values, key=b"k" * 32)
    scan(Source(), guard, Policy.default(), report, maker=maker, include_unflagged=all_spans)
    return out.getvalue()


class Nothing:
    def detect_batch(self, messages):
        return [[] for _ in messages]


@pytest.mark.parametrize("format", FORMATS)
def test_no_report_holds_a_value_or_the_words_around_it(format):
    text = render(format)

    assert "canary" not in text
    assert "4711" not in text
    assert "around" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)


@pytest.mark.parametrize(("format", "shown"), [(f, f != "sarif") for f in FORMATS])
def test_values_are_shown_when_asked_for_and_never_in_sarif(format, shown):
    assert ("canary" in render(format, show_values=True)) is shown


@pytest.mark.parametrize("format", FORMATS)
def test_a_report_of_nothing_is_whole_too(format):
    text = render(format, guard=Nothing())

    if format == "sarif":
        assert json.loads(text)["runs"][0]["results"] == []
    if format == "html":
        assert "Nothing was found" in text
    if format == "table":
        assert text.startswith("0 of 4 messages flagged")


# --- JSON Lines, CSV


def test_a_line_of_json_says_all_about_a_finding():
    first, second, *_ = map(json.loads, render("jsonl").splitlines())

    assert first == {
        "severity": "critical",
        "label": "NATIONAL_ID",
        "file": "e.zip/hr/2026-10-02.json",
        "line": None,
        "channel": "#hr",
        "time": "2026-10-02 14:11",
        "ts": "1790950260.000100",
        "user": "Ana",
        "part": None,
        "start": 7,
        "end": 21,
        "score": 0.97,
        "source": "model",
        "flagged": True,
        "value": "•" * 14,
        "masked": True,
        "fingerprint": first["fingerprint"],
    }
    assert (second["line"], second["flagged"]) == (7, False)


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20", "'+44 20"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("plain", "plain"),
        ("a=b", "a=b"),
        ("'quoted", "'quoted"),
        ("", ""),
        (5, 5),
        (-5, -5),
        (True, "true"),
        (None, None),
    ],
)
def test_no_cell_is_a_formula(cell, safe):
    assert safe_cell(cell) == safe


def test_csv_reads_back_as_a_table_without_formulas():
    rows = list(csv.DictReader(io.StringIO(render("csv", show_values=True))))

    assert [row["label"] for row in rows] == list(Everywhere.labels)
    assert rows[0]["value"] == "'" + VALUE
    assert not [
        cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))
    ]


# --- SARIF


def test_sarif_has_rules_places_and_fingerprints_and_no_snippet():
    text = render("sarif", problems=[Problem("a.json line 2", "not JSON")])
    log = json.loads(text)
    [run] = log["runs"]
    results = run["results"]
    rules = run["tool"]["driver"]["rules"]

    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in rules] == [f"piiguard/{label}" for label in LABELS]
    assert [rules[r["ruleIndex"]]["id"] for r in results] == [r["ruleId"] for r in results]
    assert [r["level"] for r in results] == ["error", "note", "error", "error"]
    assert all(
        re.fullmatch("[0-9a-f]{32}", r["partialFingerprints"]["piiguardValue/v1"]) for r in results
    )
    [location] = results[0]["locations"]
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "hr#1790950260.000100"
    region = results[1]["locations"][0]["physicalLocation"]
    assert region["artifactLocation"]["uri"] == "a%20b.txt"
    assert region["region"] == {"startLine": 7, "startColumn": 8, "endColumn": 22}
    assert results[2]["locations"][0]["physicalLocation"]["region"] == {"startLine": 3}
    assert "snippet" not in text
    [notice] = run["invocations"][0]["toolExecutionNotifications"]
    assert notice["message"]["text"] == "a.json line 2: not JSON"


# --- HTML


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.text = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in ("meta", "br", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.mark.parametrize("show_values", [False, True])
def test_the_page_fetches_nothing_and_runs_only_its_own_filter(show_values):
    text = render("html", show_values=show_values)
    page = Page(text)

    assert page.open == []
    assert sum(tag == "script" for tag, _ in page.tags) == 1
    assert not {tag for tag, _ in page.tags} & {
        "link",
        "img",
        "iframe",
        "object",
        "form",
        "base",
        "a",
    }
    for _, attributes in page.tags:
        assert not [n for n in attributes if n.startswith("on") or n in ("style", "src", "href")]
    assert not re.findall(r"https?://|url\(|@import", text)


def test_the_page_s_policy_names_the_style_and_the_script_that_are_in_it():
    import base64
    import hashlib

    text = render("html")
    policy = next(a["content"] for t, a in Page(text).tags if "http-equiv" in a)

    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        content = re.search(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_names_from_the_export_are_text_on_the_page_and_nothing_else():
    text = render("html", show_values=True)

    assert text.count("<script>") == 1
    assert "&lt;script&gt;alert(" in text
    assert "\x1b" not in text
    assert VALUE in "".join(Page(text).text)


def test_the_page_shows_values_with_a_warning_only_when_asked_for():
    assert "This report shows values" in render("html", show_values=True)
    assert "This report shows values" not in render("html")


def test_the_page_s_tables_have_headers_for_rows_and_columns():
    tags = Page(render("html", problems=[Problem("a.json line 2", "not JSON")])).tags

    headers = [attributes for tag, attributes in tags if tag == "th"]
    assert headers
    assert all(attributes.get("scope") in ("row", "col") for attributes in headers)
    assert sum(tag == "caption" for tag, _ in tags) == 1


def test_the_page_counts_what_it_leaves_out(monkeypatch):
    monkeypatch.setattr("piiguard.reports.html_page.MAX_ROWS", 3)

    page = Page(render("html"))

    assert sum("data-label" in attributes for _, attributes in page.tags) == 3
    assert "1 less severe findings are left out" in "".join(page.text)


# --- table


def test_the_table_fits_eighty_columns_worst_first():
    text = render(
        "table", places=[PLACES[0], Place("a/very/long/path/" * 9 + "x.txt", 7), *PLACES[2:]]
    )
    lines = text.splitlines()

    assert max(cell_len(line) for line in lines) <= 80
    assert [line.split()[0] for line in lines if re.match("[A-Z]+ ", line)][:2] == ["CRITICAL"] * 2
    assert "\x1b" not in text
    assert "Values hidden (--show-values)." in text


# --- files


def test_a_file_appears_whole_and_for_its_owner_alone(tmp_path):
    path = tmp_path / "r.html"
    with open_output(path) as out:
        out.write("whole")
        assert not path.exists()

    assert path.read_text() == "whole"
    assert path.stat().st_mode & 0o077 == 0
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, OSError])
def test_on_an_error_the_file_of_before_stays_and_nothing_else(tmp_path, error):
    path = tmp_path / "r.html"
    path.write_text("before")

    def write_half():
        with open_output(path) as out:
            out.write("half")
            raise error

    with pytest.raises((error, PiiguardError)):
        write_half()

    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["no/such/folder.html", "."])
def test_a_place_that_cannot_be_written_is_named(tmp_path, name):
    with pytest.raises(PiiguardError, match="cannot be written"), open_output(tmp_path / name):
        pass


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.html", "html"),
        ("a.SARIF", "sarif"),
        ("a.jsonl", "jsonl"),
        ("a.csv", "csv"),
        ("a.txt", None),
    ],
)
def test_a_name_asks_for_a_format(tmp_path, name, format):
    assert format_of(tmp_path / name) == format


def test_an_unknown_format_is_refused():
    with pytest.raises(ValueError, match="expected one of"):
        open_report("pdf", io.StringIO())

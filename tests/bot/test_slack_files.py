"""Files of a message: what is read, what is not and why, and that no file can hurt the reader."""

import io
import json
import subprocess
import sys
import zipfile
import zlib

import pytest

from bot.records import FileRef, Part
from bot.slack import files
from bot.slack.files import NotFetchedError, is_readable, read_file

URL = "https://files.slack.com/files-pri/T1-F1/x"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def ref_of(name, **fields):
    return FileRef("F1", name, url=URL, **fields)


def read(name, data, **fields):
    return read_file(ref_of(name, **fields), lambda url: data)


def docx_of(body, *, name="word/document.xml", prolog="", **more):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, f"{prolog}<w:document {WORD}><w:body>{body}</w:body></w:document>")
        for path, text in more.items():
            archive.writestr(path.replace("__", "/"), text)
    return buffer.getvalue()


def pdf_of(*pages, encrypt=False):
    """A PDF by hand: one font, a line of text a page."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, text in enumerate(pages):
        stream = text if isinstance(text, bytes) else zlib.compress(f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode())  # fmt: skip
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(
            f"<< /Length {len(stream)} /Filter /FlateDecode >>\nstream\n".encode() + stream + b"\nendstream"
        )  # fmt: skip
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(out)


@pytest.mark.parametrize(
    ("name", "fields", "readable"),
    [
        ("people.csv", {}, True),
        ("x", {"mimetype": "text/plain"}, True),
        ("x", {"mimetype": "application/json"}, True),
        ("x", {"filetype": "python"}, True),
        ("server.LOG", {}, True),
        ("letter.docx", {}, True),
        ("scan.pdf", {}, True),
        ("photo.png", {"mimetype": "image/png", "filetype": "png"}, False),
        ("movie.mp4", {"mimetype": "video/mp4"}, False),
        ("archive.zip", {"mimetype": "application/zip"}, False),
        ("old.doc", {"mimetype": "application/msword"}, False),
        ("", {}, False),
    ],
)
def test_what_holds_text_is_readable(name, fields, readable):
    assert is_readable(ref_of(name, **fields)) is readable
    if not readable:
        assert read(name, b"x", **fields) == [Part("file:F1", "", "plain", "type not read")]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"id,name\n1,Dana", "id,name\n1,Dana"),
        ("Zoë".encode(), "Zoë"),
        ("Zoë".encode("utf-8-sig"), "Zoë"),
        ("Zoë".encode("utf-16"), "Zoë"),
        ("Zoë".encode("cp1252"), "Zoë"),
        (b"bad \x81\xff", "bad \ufffdÿ"),
    ],
)
def test_text_is_read_in_the_encodings_people_use(data, text):
    assert read("x.csv", data) == [Part("file:F1", text, "plain")]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"MZ\x90\x00\x03\x00", "not a text"),
        (b"  \n", "no text in it"),
        (b"x" * 1_000_001, "too large"),
    ],
)
def test_a_text_that_is_none_says_so(data, why):
    assert read("x.txt", data) == [Part("file:F1", "", "plain", why)]


def test_nothing_is_fetched_that_would_not_be_read():
    def refuse(url):
        raise AssertionError("fetched")

    for ref, why in (
        (ref_of("x.txt", size_bytes=1_000_001), "too large"),
        (ref_of("x.png"), "type not read"),
        (ref_of("x.txt", must_ask=True), "Slack Connect: not asked for yet"),
        (FileRef("F1", "x.txt"), "no address"),
    ):
        assert [part.unread for part in read_file(ref, refuse)] == [why]


def test_a_file_that_cannot_be_had_says_why():
    def fail(url):
        raise NotFetchedError("another host")

    assert [part.unread for part in read_file(ref_of("x.txt"), fail)] == ["another host"]


def test_a_document_is_read_with_its_notes_and_deleted_words():
    body = (
        "<w:p><w:r><w:t>Jane</w:t></w:r><w:r><w:tab/><w:t>Roe &amp; Co</w:t></w:r></w:p>"
        "<w:p><w:del><w:r><w:delText>078-05-1120</w:delText></w:r></w:del></w:p>"
    )
    footer = f"<w:ftr {WORD}><w:p><w:r><w:t>page 1</w:t></w:r></w:p></w:ftr>"
    data = docx_of(body, **{"word__footer1.xml": footer, "word__styles.xml": "<not read"})

    assert read("x.docx", data) == [Part("file:F1", "Jane Roe & Co\n078-05-1120\npage 1", "plain")]


BILLION = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {c} "{f"&{b};" * 10}">' for b, c in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)  # fmt: skip
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (docx_of("<w:p><w:r><w:t>&i;</w:t></w:r></w:p>", prolog=BILLION), "broken or locked document"),
        (docx_of("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>", prolog=EXTERNAL), "broken or locked document"),
        (docx_of("<w:p><w:r><w:t>x</w:t></w:r></w:p>", prolog="<!DOCTYPE x>"), "broken or locked document"),
        (docx_of(" " * 11_000_000), "too large when unpacked"),
        (docx_of("<w:p>"), "broken or locked document"),
        (docx_of("x", name="../word/document.xml"), "not a document"),
        (docx_of("")[:-30], "not a document"),
        (b"PK\x03\x04", "not a document"),
        (b"", "not a document"),
    ],
)  # fmt: skip
def test_a_document_made_to_hurt_is_not_read(data, why):
    assert read("x.docx", data) == [Part("file:F1", "", "plain", why)]


def test_a_pdf_is_read_page_by_page():
    assert read("x.pdf", pdf_of("Jane Roe", "078-05-1120")) == [
        Part("file:F1", "Jane Roe\n078-05-1120", "plain")
    ]


def test_pages_beyond_the_cap_are_named(monkeypatch):
    monkeypatch.setattr(files, "MAX_PAGES", 2)

    assert read("x.pdf", pdf_of("one", "two", "three")) == [
        Part("file:F1", "one\ntwo", "plain"),
        Part("file:F1:rest", "", "plain", "1 of 3 pages"),
    ]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (pdf_of(""), "no text in it"),
        (b"%PDF-1.4 nothing", "broken document"),
        (b"", "broken document"),
        (b"x" * 1_000, "broken document"),
    ],
)
def test_a_pdf_that_cannot_be_read_says_so(data, why):
    assert read("x.pdf", data) == [Part("file:F1", "", "plain", why)]


def test_a_pdf_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(files, "MAX_SECONDS", 0.02)

    assert read("x.pdf", pdf_of("x")) == [Part("file:F1", "", "plain", "took too long")]


def test_a_pdf_bomb_dies_alone():
    bomb = pdf_of(zlib.compress(b"BT (x) Tj " * 20_000_000, 9))

    assert len(bomb) < 1_000_000
    (part,) = read("x.pdf", bomb)
    assert part.text == ""
    assert part.unread


def test_the_reader_of_pdfs_prints_nothing_but_its_answer():
    run = subprocess.run(
        [sys.executable, "-I", str(files._PDF_READER), "5", "100", "5"],
        input=pdf_of("Jane Roe " * 50),
        capture_output=True,
        check=True,
    )

    assert json.loads(run.stdout)["rest"] == "its end"
    assert run.stderr == b""

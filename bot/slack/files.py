"""The text of a message's files: text, CSV, JSON, logs, DOCX, PDF. Whatever is not read says why.

Files are written by strangers: sizes are capped before and after unpacking, XML is read without entities, and a
PDF is read by a process of its own that can be stopped.
"""

import codecs
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]

from bot.errors import BotError
from bot.records import FileRef, Part

MAX_BYTES = 1_000_000
MAX_SECONDS = 10
MAX_PAGES = 50
_MAX_UNPACKED = 10_000_000
_MAX_TEXT = 1_000_000

_TEXT_MIMES = ("application/json", "application/xml", "application/yaml", "application/x-yaml")
# fmt: off
_TEXT_TYPES = frozenset({
    "text", "csv", "tsv", "json", "jsonl", "log", "md", "markdown", "post", "xml", "html", "yaml", "toml",
    "ini", "conf", "properties", "env", "eml", "email", "vcard", "ics", "sql", "shell", "powershell",
    "python", "javascript", "typescript", "java", "kotlin", "go", "rust", "ruby", "php", "perl", "c", "cpp",
    "csharp", "swift", "scala", "r", "diff", "plain_text", "gdoc_text",
})
# fmt: on
# fmt: off
_TEXT_SUFFIXES = frozenset({
    ".txt", ".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".log", ".md", ".xml", ".html", ".htm", ".yaml",
    ".yml", ".toml", ".ini", ".conf", ".cfg", ".properties", ".env", ".eml", ".vcf", ".ics", ".sql", ".sh",
    ".ps1", ".py", ".js", ".ts", ".java", ".kt", ".go", ".rs", ".rb", ".php", ".pl", ".c", ".h", ".cpp",
    ".cs", ".swift", ".scala", ".r", ".diff", ".patch",
})
# fmt: on
_DOCX_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PDF_READER = Path(__file__).with_name("pdf_reader.py")


class NotFetchedError(BotError):
    """A file that could not be had; the message is one of a few fixed reasons and names no file."""


def is_readable(ref: FileRef) -> bool:
    """True when the file is of a kind that `read_file` reads."""
    return _kind(ref) != ""


def read_file(ref: FileRef, fetch: Callable[[str], bytes]) -> list[Part]:
    """The parts of a file: its text, and what of it was not read with the reason.

    Args:
        fetch: gives the bytes of a url, or raises NotFetchedError.
    """
    name = f"file:{ref.id}"
    kind = _kind(ref)
    if not kind:
        return [_unread(name, "type not read")]
    if ref.must_ask:
        return [_unread(name, "Slack Connect: not asked for yet")]
    if ref.size_bytes > MAX_BYTES:
        return [_unread(name, "too large")]
    if not ref.url:
        return [_unread(name, "no address")]
    try:
        data = fetch(ref.url)
    except NotFetchedError as error:
        return [_unread(name, str(error))]
    if len(data) > MAX_BYTES:
        return [_unread(name, "too large")]
    try:
        text, rest = _READERS[kind](data)
    except _UnreadableError as error:
        return [_unread(name, str(error))]
    parts = [Part(name, text, "plain")] if text.strip() else []
    if rest or not parts:
        parts.append(_unread(f"{name}:rest" if parts else name, rest or "no text in it"))
    return parts


class _UnreadableError(Exception):
    """Why a file could not be read."""


def _unread(name: str, why: str) -> Part:
    return Part(name, "", "plain", why)


def _kind(ref: FileRef) -> str:
    suffix = Path(ref.name.lower()).suffix
    if ref.mimetype == "application/pdf" or ref.filetype == "pdf" or suffix == ".pdf":
        return "pdf"
    if ref.mimetype == _DOCX_MIME or ref.filetype == "docx" or suffix == ".docx":
        return "docx"
    is_text = ref.mimetype.startswith("text/") or ref.mimetype in _TEXT_MIMES
    return "text" if is_text or ref.filetype in _TEXT_TYPES or suffix in _TEXT_SUFFIXES else ""


def _read_text(data: bytes) -> tuple[str, str]:
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(codec, "replace"), ""
    if b"\0" in data[:8_192]:
        raise _UnreadableError("not a text")
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), ""


def _read_docx(data: bytes) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(_docx_paragraphs(archive)), ""
    except zipfile.BadZipFile:
        raise _UnreadableError("not a document") from None
    except (ParseError, DefusedXmlException, NotImplementedError, RuntimeError, EOFError):
        # NotImplementedError, RuntimeError: a compression we do not have, a password
        raise _UnreadableError("broken or locked document") from None
    except (ValueError, OSError, LookupError):
        raise _UnreadableError("broken document") from None


def _docx_paragraphs(archive: zipfile.ZipFile) -> Iterator[str]:
    names = [
        info.filename
        for info in archive.infolist()[:10_000]
        if info.filename.startswith("word/")
        and info.filename.endswith(".xml")
        and info.filename.removeprefix("word/").startswith(
            ("document", "header", "footer", "footnotes", "endnotes", "comments")
        )
    ]
    if not names:
        raise _UnreadableError("not a document")
    room = _MAX_UNPACKED
    for name in sorted(names, key=lambda name: (not name.startswith("word/document"), name)):
        with archive.open(name) as member:
            # what the directory claims about a member's size is the stranger's word
            xml = member.read(room + 1)
        room -= len(xml)
        if room < 0:
            raise _UnreadableError("too large when unpacked")
        yield from _word_paragraphs(xml)


def _word_paragraphs(xml: bytes) -> Iterator[str]:
    line: list[str] = []
    for _, element in iterparse(io.BytesIO(xml), events=("end",), forbid_dtd=True):
        if element.tag in (
            f"{_WORD}t",
            f"{_WORD}delText",
        ):  # a tracked deletion is still in the file
            line.append(element.text or "")
        elif element.tag in (f"{_WORD}tab", f"{_WORD}br", f"{_WORD}cr"):
            line.append(" ")
        elif element.tag == f"{_WORD}p":
            if line:
                yield "".join(line)
            line = []
            element.clear()
    if line:
        yield "".join(line)


def _read_pdf(data: bytes) -> tuple[str, str]:
    try:
        run = subprocess.run(  # noqa: S603 (our own file, by this interpreter)
            [sys.executable, "-I", str(_PDF_READER), str(MAX_PAGES), str(_MAX_TEXT), str(MAX_SECONDS)],
            input=data,
            capture_output=True,
            timeout=MAX_SECONDS,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise _UnreadableError("took too long") from None
    try:
        answer = json.loads(run.stdout)
    except ValueError:
        raise _UnreadableError("broken document") from None
    if answer["unread"]:
        raise _UnreadableError(answer["unread"])
    return answer["text"], answer["rest"]


_READERS: dict[str, Callable[[bytes], tuple[str, str]]] = {
    "text": _read_text,
    "docx": _read_docx,
    "pdf": _read_pdf,
}

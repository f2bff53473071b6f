"""The process that reads one PDF: bytes on stdin, JSON with its text on stdout. Started by `files`, never imported.

A PDF can make any reader slow or large. This process has little time and memory, and nothing to lose.
"""

import io
import json
import logging
import resource
import sys
import warnings

from pypdf import PdfReader
from pypdf.errors import PyPdfError

_MEMORY_BYTES = 1_000_000_000


def main(max_pages: int, max_chars: int, max_seconds: int) -> dict[str, str]:
    """`text`; `rest`: what was left out; `unread`: why nothing was read."""
    resource.setrlimit(resource.RLIMIT_CPU, (max_seconds, max_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    logging.disable()
    warnings.simplefilter("ignore")
    reader = PdfReader(io.BytesIO(sys.stdin.buffer.read()), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return _answer(unread="locked with a password")
    n_pages = len(reader.pages)
    pages: list[str] = []
    room = max_chars
    for number in range(min(n_pages, max_pages)):
        text = reader.pages[number].extract_text()
        pages.append(text[:room])
        room -= len(text)
        if room <= 0:
            break
    left_out = n_pages - len(pages)
    rest = f"{left_out} of {n_pages} pages" if left_out else ("its end" if room < 0 else "")
    return _answer("\n".join(pages), rest)


def _answer(text: str = "", rest: str = "", unread: str = "") -> dict[str, str]:
    # a lone surrogate is no UTF-8
    return {"text": text.encode("utf-8", "replace").decode(), "rest": rest, "unread": unread}


if __name__ == "__main__":
    try:
        ANSWER = main(*(int(argument) for argument in sys.argv[1:4]))
    except MemoryError:
        ANSWER = _answer(unread="too large when unpacked")
    except (
        PyPdfError,
        ArithmeticError,
        AttributeError,
        LookupError,
        OSError,
        RecursionError,
        TypeError,
        ValueError,
    ):
        # pypdf raises all of these on broken files
        ANSWER = _answer(unread="broken document")
    print(json.dumps(ANSWER))

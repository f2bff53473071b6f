"""JSON Lines: an object with "text" a line; "context", "markup", "channel", "ts" and "user" are understood."""

import json
from collections.abc import Iterator
from typing import Any

from piiguard.items import Item, Place, clean, one_line, slices
from piiguard.messages import Markup
from piiguard.sources.file_source import FileSource
from piiguard.sources.text_stream import read_chunks, read_lines


class JsonLinesSource(FileSource):
    """A message a line. A bad line is a problem; the lines after it are read all the same."""

    def _items(self) -> Iterator[Item]:
        with self._open() as file:
            chunks = read_chunks(file, self.name, tick=self._tick)
            for number, line in read_lines(chunks, self.name):
                if line.strip():
                    yield from self._line(number, line)

    def _line(self, number: int, line: str) -> Iterator[Item]:
        try:
            data = parse_message(line)
        except ValueError as error:
            self._problem(f"{self.name} line {number}", str(error))
            return
        if not data["text"].strip():
            self.n_skipped += 1
            return
        channel, ts, user = (_name(data.get(key)) for key in ("channel", "ts", "user"))
        place = Place(self.name, number, channel, ts, user)
        yield from slices(
            data["text"],
            place,
            context=tuple(data["context"]),
            markup=data.get("markup") or "slack",
        )


def parse_message(line: str | bytes) -> dict[str, Any]:
    """The object of one line, its known fields checked.

    Raises ValueError that says what is wrong without quoting any of it.
    """
    try:
        data = json.loads(line)
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 (byte {error.start} of the line)") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error.msg}, column {error.colno})") from None
    except (RecursionError, ValueError) as error:
        raise ValueError(f"not JSON that can be read ({type(error).__name__})") from None
    if not isinstance(data, dict):
        raise ValueError(f"expected an object, found {_kind(data)}")
    reason = _wrong(data)
    if reason:
        raise MessageError(reason, data.get("id"))
    data["text"] = clean(data["text"])
    data["context"] = [clean(text) for text in data.get("context") or ()]
    return data


class MessageError(ValueError):
    """A line that is JSON and no message; ``id`` is what the line gives as its id, None without one."""

    def __init__(self, reason: str, id: object) -> None:
        super().__init__(reason)
        self.id = id


MARKUPS: tuple[Markup, ...] = ("slack", "plain")


def _wrong(data: dict[str, Any]) -> str | None:
    if "text" not in data:
        return '"text" is missing'
    if not isinstance(data["text"], str):
        return f'"text" must be a string, found {_kind(data["text"])}'
    context = data.get("context")
    if context is not None and not (
        isinstance(context, list) and all(isinstance(text, str) for text in context)
    ):
        return '"context" must be a list of strings'
    if data.get("markup") not in (None, *MARKUPS):
        return '"markup" must be "slack" or "plain"'
    return None


def _kind(value: object) -> str:
    names = {
        list: "a list",
        str: "a string",
        bool: "a boolean",
        type(None): "null",
        dict: "an object",
    }
    return names.get(type(value), "a number")


def _name(value: object) -> str | None:
    return one_line(str(value))[:200] if isinstance(value, str | int | float) and value else None

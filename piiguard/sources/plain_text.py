"""Plain text: an item a line, however long the line is."""

from collections.abc import Iterator

from piiguard.errors import SourceError
from piiguard.items import OVERLAP, SLICE, Item, Place, clean, slice_item
from piiguard.messages import Message
from piiguard.sources.file_source import FileSource
from piiguard.sources.text_stream import read_chunks

N_CONTEXT = 2


class PlainTextSource(FileSource):
    """The lines of a text file. The two lines before a line are its context; empty lines are skipped."""

    def _items(self) -> Iterator[Item]:
        line, offset, buffer = 1, 0, ""
        context: tuple[str, ...] = ()
        with self._open() as file:
            try:
                for chunk in read_chunks(file, self.name, tick=self._tick):
                    buffer += chunk
                    *whole, buffer = buffer.split("\n")
                    for text in whole:
                        yield from self._line(text.removesuffix("\r"), line, offset, context)
                        context = (*context, text[-1_000:])[-N_CONTEXT:]
                        line, offset = line + 1, 0
                    # strictly longer: so a slice that is not the last one never turns out to be
                    while len(buffer) > SLICE:
                        piece = clean(buffer[:SLICE])
                        yield slice_item(
                            piece, self._place(line), offset, last=False, context=context
                        )
                        buffer, offset = buffer[SLICE - OVERLAP :], offset + SLICE - OVERLAP
            except SourceError as error:
                self._problem_from(error)
            yield from self._line(buffer, line, offset, context)

    def _line(self, text: str, line: int, offset: int, context: tuple[str, ...]) -> Iterator[Item]:
        place = self._place(line)
        while len(text) > SLICE:
            yield slice_item(clean(text[:SLICE]), place, offset, last=False, context=context)
            text, offset = text[SLICE - OVERLAP :], offset + SLICE - OVERLAP
        if offset:
            yield slice_item(clean(text), place, offset, last=True, context=context)
        elif text and not text.isspace():
            yield Item(Message(clean(text), context, "plain"), place)
        elif text:
            self.n_skipped += 1

    def _place(self, line: int) -> Place:
        return Place(self.name, line)

"""Reads a CSV file record by record, with a bounded memory, and says what is wrong where."""

import csv
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, TextIO

from server.errors import InvalidInputError
from server.jobs.csv_format import CsvFormat

RECORD_LENGTH = 131_072
"""Characters of a record with all its lines; what is longer is taken for a quote that is never closed."""
_SHOWN = 1_000
"""Characters of an unreadable record that are kept."""


@dataclass(slots=True)
class Record:
    """One row of a file.

    Attributes:
        line: its first line, from 1.
        cells: as many as the header has; something else when there is a problem.
        problem: why this is no row; empty when it is one.
    """

    line: int
    cells: list[str]
    problem: str = ""


class _TooLongError(Exception):
    """A record has more than ``RECORD_LENGTH`` characters."""


class _Lines:
    """The physical lines of a file, which can be given back."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._given_back: deque[str] = deque()
        self._length = 0
        self.taken: list[str] = []
        self.count = 0

    def begin_record(self) -> None:
        self.taken = []
        self._length = 0

    def give_back(self) -> None:
        """Give back all lines of the record but the first."""
        self.count -= len(self.taken) - 1
        self._given_back.extendleft(reversed(self.taken[1:]))

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._given_back.popleft() if self._given_back else self._text.readline(RECORD_LENGTH)
        if not line:
            raise StopIteration
        self.count += 1
        self.taken.append(line)
        self._length += len(line)
        if self._length >= RECORD_LENGTH:
            self._skip_rest_of(line)
            raise _TooLongError
        return line

    def _skip_rest_of(self, line: str) -> None:
        """Skip what is left of a line of which only the beginning was read."""
        if line[-1] not in "\r\n":
            self.taken[-1] = line[:-1] + "\n"
        while len(line) == RECORD_LENGTH and line[-1] not in "\r\n":
            line = self._text.readline(RECORD_LENGTH)


class CsvFile:
    """An open CSV file: its header, then its records.

    Attributes:
        header: the names of the columns as they stand in the file.
        size: bytes of the file.
    """

    def __init__(self, file: Path, form: CsvFormat) -> None:
        self._form = form
        self._binary: BinaryIO = file.open("rb")
        self._text = io.TextIOWrapper(self._binary, encoding=form.encoding, errors=form.errors, newline="")
        self._lines = _Lines(self._text)
        self._reader = csv.reader(self._lines, delimiter=form.delimiter, strict=True)
        self.size = file.stat().st_size
        self.header: list[str] = []

    def __enter__(self) -> "CsvFile":
        try:
            self.header = self._read_header()
        except BaseException:
            self._text.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._text.close()

    @property
    def position(self) -> int:
        """Bytes read so far, up to a buffer ahead."""
        return self._binary.tell()

    def records(self) -> Iterator[Record]:
        """Yield the rows after the header; lines with nothing on them are not rows.

        Raises: InvalidInputError where the bytes cannot be decoded any further.
        """
        width = len(self.header)
        for record in self._read():
            if not record.problem:
                if len(record.cells) != width:
                    record.problem = f"{len(record.cells)} cells, where the header has {width}"
                elif not any(record.cells):
                    record.problem = "every cell is empty"
            yield record

    def _read_header(self) -> list[str]:
        record = next(self._read(), None)
        if record is None or record.problem:
            msg = f"The header cannot be read: {record.problem}." if record else "The file is empty."
            raise InvalidInputError(msg)
        return record.cells

    def _read(self) -> Iterator[Record]:
        """Yield what the csv module makes of the lines.

        After a quote that is never closed reading goes on with the next line: otherwise one missing sign would swallow
        the rest of the file.
        """
        lines = self._lines
        while True:
            first = lines.count + 1
            lines.begin_record()
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except _TooLongError:
                yield self._unread(first, f"more than {RECORD_LENGTH:,} characters, or a quote that is never closed")
            except csv.Error as error:
                at_end = "end of data" in str(error)
                yield self._unread(first, "a quote that is never closed" if at_end else str(error), again=at_end)
            except UnicodeError as error:
                msg = f"From line {first} on, the file is not valid {self._form.encoding}."
                raise InvalidInputError(msg) from error
            else:
                if cells:
                    yield Record(first, cells)

    def _unread(self, first: int, problem: str, *, again: bool = True) -> Record:
        """Return what could not be read as one cell: its first line when the others are read ``again``, else all."""
        if again:
            text = self._lines.taken[0]
            self._lines.give_back()
        else:
            text = "".join(self._lines.taken)
        return Record(first, [text.rstrip("\r\n")[:_SHOWN]], problem)

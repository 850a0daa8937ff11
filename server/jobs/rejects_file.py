"""The rows that an import refused, with their line and the reason, in a file of their own."""

import csv
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TextIO

from server.errors import InvalidInputError
from server.jobs.csv_records import Record


class RejectsFile:
    """Writes rejected rows as CSV in UTF-8; the file comes into being with the first of them.

    The cells are those of the original, so that a corrected file can be imported; bytes that mean nothing in its
    encoding are written as backslash escapes. ``count`` is how many rows were rejected.
    """

    def __init__(self, file: Path, header: Sequence[str]) -> None:
        self._file = file
        self._header = header
        self._stream: TextIO | None = None
        self.count = 0

    def __enter__(self) -> "RejectsFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.close()

    def write(self, rejects: Sequence[tuple[Record, str]]) -> None:
        """Add rows, each with its reason; they are on the disk when this returns.

        Raises: InvalidInputError when the file cannot be written.
        """
        if not rejects:
            return
        try:
            stream = self._opened()
            writer = csv.writer(stream)
            for record, reason in rejects:
                writer.writerow((record.line, reason, *record.cells))
            stream.flush()
        except OSError as error:
            msg = f"Rejected rows cannot be written to {self._file}: {error.strerror}."
            raise InvalidInputError(msg, path=("rejects",)) from error
        self.count += len(rejects)

    def _opened(self) -> TextIO:
        if self._stream is None:
            self._stream = self._file.open("w", encoding="utf-8", errors="backslashreplace", newline="")
            csv.writer(self._stream).writerow(("line", "reason", *self._header))
        return self._stream

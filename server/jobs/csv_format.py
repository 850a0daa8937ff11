"""Finds out how a CSV file is written: its encoding and its delimiter."""

import codecs
import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from server.errors import InvalidInputError, NotFoundError

UTF_8 = "utf-8-sig"
"""UTF-8 with or without a byte order mark."""

_DELIMITERS = (",", ";", "\t", "|")
_OLD_ENCODINGS = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "shift_jis")
"""What spreadsheets wrote before UTF-8; of several that fit equally well the first is taken."""
_BLOCK = 1 << 20
_SAMPLE = 1 << 16
_RECORDS_COMPARED = 100
_BAD_BYTE = re.compile("[\udc80-\udcff]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROLS_IN_TEXT = 0.05
"""Share of control characters above which a file is no text."""
_OTHER_FORMATS = {
    b"PK\x03\x04": "an Excel workbook or a ZIP archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a compressed file",
    b"SQLite format 3": "a SQLite database",
}


@dataclass(frozen=True, slots=True)
class CsvFormat:
    """How a file is written.

    Attributes:
        encoding: a Python codec.
        delimiter: one character.
    """

    encoding: str
    delimiter: str

    @property
    def errors(self) -> str:
        """What the codec does with bytes that mean nothing: they become lone surrogates, which no field accepts."""
        return "surrogatepass" if self.encoding.startswith("utf-16") else "surrogateescape"


def detect_format(file: Path, *, encoding: str | None = None, delimiter: str | None = None) -> CsvFormat:
    """Return how the file is written; what the caller says is not looked for.

    UTF-8 is looked for in the whole file, since the first umlaut may stand on its last line; a few wrong bytes among
    many right ones leave it UTF-8. Memory does not grow with the file.

    Raises: NotFoundError; InvalidInputError for what is empty or no text, an unknown encoding or a long delimiter.
    """
    if not file.is_file():
        msg = f"There is no file {file}."
        raise NotFoundError(msg)
    with file.open("rb") as stream:
        sample = stream.read(_SAMPLE)
    if encoding is None:
        _require_text(sample)
        encoding = _detect_encoding(file, sample)
    else:
        _require_codec(encoding)
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        msg = "A delimiter is one character, and neither a quote nor a line end."
        raise InvalidInputError(msg, path=("delimiter",))
    found = CsvFormat(encoding, delimiter or ",")
    text = _decoded(sample, found)
    if not text.strip():
        msg = "The file is empty."
        raise InvalidInputError(msg)
    return found if delimiter else CsvFormat(encoding, _detect_delimiter(text, whole=len(sample) < _SAMPLE))


def _decoded(sample: bytes, form: CsvFormat) -> str:
    try:
        return codecs.getincrementaldecoder(form.encoding)(form.errors).decode(sample)
    except UnicodeError as error:
        msg = f"The file is not valid {form.encoding}."
        raise InvalidInputError(msg, path=("encoding",)) from error


def _require_text(sample: bytes) -> None:
    for magic, kind in _OTHER_FORMATS.items():
        if sample.startswith(magic):
            msg = f"The file is {kind}; save it as CSV first."
            raise InvalidInputError(msg)
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return
    if len(_CONTROL.findall(sample)) > _CONTROLS_IN_TEXT * max(len(sample), 200):
        msg = "The file is no text; save it as CSV first."
        raise InvalidInputError(msg)


def _require_codec(encoding: str) -> None:
    try:
        io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    except (LookupError, ValueError) as error:
        msg = f"There is no text encoding {encoding!r}; UTF-8 is utf-8, Windows is cp1252."
        raise InvalidInputError(msg, path=("encoding",)) from error


def _detect_encoding(file: Path, sample: bytes) -> str:
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    good = bad = 0
    suspects = b""
    decoder = codecs.getincrementaldecoder(UTF_8)("surrogateescape")
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            text = decoder.decode(block)
            if text.isascii():
                continue
            wrong = len(_BAD_BYTE.findall(text))
            good += len(text) - len(text.encode("ascii", "ignore")) - wrong
            bad += wrong
            if wrong and not suspects:
                suspects = b"\n".join(line for line in block.splitlines() if not line.isascii())[:_SAMPLE]
    return UTF_8 if bad * 10 <= good or not suspects else _old_encoding(suspects)


def _old_encoding(sample: bytes) -> str:
    """Return the encoding in which the sample looks most like a language."""
    matches = from_bytes(sample, cp_isolation=list(_OLD_ENCODINGS))
    best = matches.best()
    if best is None:
        return _OLD_ENCODINGS[0]
    equals = {
        encoding
        for match in matches
        if match.chaos <= best.chaos and match.coherence >= best.coherence
        for encoding in (match.encoding, *match.could_be_from_charset)
    }
    return next((encoding for encoding in _OLD_ENCODINGS if encoding in equals), _OLD_ENCODINGS[0])


def _detect_delimiter(text: str, *, whole: bool) -> str:
    """Return the delimiter by which most records have as many cells as the header; a comma when none divides it."""
    ranked = [(_agreement(text, delimiter, whole=whole), delimiter) for delimiter in _DELIMITERS]
    best = max(agreement for agreement, _ in ranked)
    return next(delimiter for agreement, delimiter in ranked if agreement == best)


def _agreement(text: str, delimiter: str, *, whole: bool) -> tuple[float, int]:
    """Return the share of records as wide as the header, and that width; zeros when the header is one cell."""
    widths: list[int] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if record:
                widths.append(len(record))
            if len(widths) > _RECORDS_COMPARED:
                break
        else:
            del widths[max(1, len(widths) - (not whole)) :]
    except csv.Error:
        pass
    if not widths or widths[0] < 2:
        return (0.0, 0)
    return (widths.count(widths[0]) / len(widths), widths[0])

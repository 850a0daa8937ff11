"""Imports contacts from CSV: any size in little memory, in chunks that are written whole."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from server.clock import Clock
from server.errors import InvalidInputError
from server.jobs.csv_format import CsvFormat, detect_format
from server.jobs.csv_records import CsvFile, Record
from server.jobs.filled_tables import tell_planner_of
from server.jobs.import_attributes import provide_attributes, typed_columns
from server.jobs.import_chunk import ChunkWriter
from server.jobs.import_columns import COMPANY_NAME, Column, Kind, read_columns
from server.jobs.import_options import CHUNK_ROWS_MAX, ImportOptions
from server.jobs.import_plan import ChunkResult
from server.jobs.import_rows import Candidate, RowReader, key_fields, key_text
from server.jobs.patience import patiently
from server.jobs.progress import Progress, no_progress
from server.jobs.rejects_file import RejectsFile
from server.jobs.seen_keys import SeenKeys
from server.operations.contacts.contact_values import CONTACT_TYPES
from server.operations.values import checked_choice
from server.store.database import Database
from server.store.tables import contact, contact_attribute
from server.store.unit_of_work import UnitOfWork

_OPERATION = "importContacts"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file: ``read == created + updated + unchanged + rejected``.

    Attributes:
        form: how the file is written.
        columns: what became of every column, in their order.
        rejects: where the rejected rows are; None when there are none.
    """

    read: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    form: CsvFormat
    columns: tuple[Column, ...]
    rejects: Path | None

    @property
    def ignored(self) -> tuple[str, ...]:
        """The titles of the columns that were not used."""
        return tuple(column.title for column in self.columns if column.kind is Kind.NOTHING)


async def import_contacts(
    database: Database,
    file: Path,
    *,
    clock: Clock,
    actor: str = "import",
    options: ImportOptions | None = None,
    progress: Progress = no_progress,
) -> ImportReport:
    """Create and change contacts from the rows of a CSV file. ``progress`` counts bytes to read.

    Rows that say they are companies come before all others where the file also says whose persons are: it is read
    twice then, so that a person may stand before its company.

    An empty cell leaves what is there. Rows that cannot be used are written to the rejects file with the reason; the
    others are written in chunks, each in one transaction. A run that is stopped leaves whole chunks; running it again
    is safe when rows are matched by something, since what was written is then met as unchanged.

    Raises: NotFoundError, InvalidInputError for a file or options that cannot be used, before anything is written;
    InvalidInputError where the bytes of a UTF-16 file break off; BusyError when others hold the database for long.
    """
    options = options or ImportOptions()
    rejects_file = _checked_options(file, options)
    form = detect_format(file, encoding=options.encoding, delimiter=options.delimiter)
    with CsvFile(file, form) as source:
        columns = read_columns(source.header, options)
    keys = key_fields(columns, options.match)

    def begin() -> AbstractAsyncContextManager[UnitOfWork]:
        return database.write(actor=actor, operation=_OPERATION, moment=clock())

    columns = await typed_columns(database, columns, partial(CsvFile, file, form))
    attributes = await patiently(partial(provide_attributes, begin, columns))
    reader = RowReader(columns, attributes, keys)
    writer = ChunkWriter(attributes, keys, _contact_type(options))

    async def write_chunk(candidates: Sequence[Candidate]) -> ChunkResult:
        async with begin() as work:
            return await writer.write(work, candidates, seen)

    read = created = updated = unchanged = 0
    rounds = _rounds(columns, _contact_type(options))
    with CsvFile(file, form) as source:
        header, size = source.header, source.size
    with SeenKeys() as seen, RejectsFile(rejects_file, header) as rejects:
        for chunk, position in _chunks(partial(CsvFile, file, form), rounds, options.chunk_rows):
            candidates, refused = _candidates(chunk, reader, seen)
            result = await patiently(partial(write_chunk, candidates))
            writer.remember(result, seen)
            rejects.write(sorted([*refused, *result.rejected], key=lambda reject: reject[0].line))
            read += len(chunk)
            created += result.created
            updated += result.updated
            unchanged += result.unchanged
            progress(position, size * len(rounds))
    await tell_planner_of(database, begin, (contact, contact_attribute), created)
    if read != created + updated + unchanged + rejects.count:
        msg = "the rows of the report do not add up"
        raise RuntimeError(msg)
    return ImportReport(
        read, created, updated, unchanged, rejects.count, form, columns, rejects_file if rejects.count else None
    )


def _checked_options(file: Path, options: ImportOptions) -> Path:
    """Return where rejects go; raises InvalidInputError for options that cannot be used."""
    _contact_type(options)
    if not 1 <= options.chunk_rows <= CHUNK_ROWS_MAX:
        msg = f"A chunk has between 1 and {CHUNK_ROWS_MAX:,} rows."
        raise InvalidInputError(msg, path=("chunkRows",))
    rejects_file = options.rejects or file.with_name(f"{file.name}.rejects.csv")
    if rejects_file.resolve() == file.resolve() or not rejects_file.parent.is_dir():
        msg = f"Rejected rows cannot be written to {rejects_file}."
        raise InvalidInputError(msg, path=("rejects",))
    return rejects_file


def _contact_type(options: ImportOptions) -> str:
    return checked_choice(options.type, "type", CONTACT_TYPES) or "PERSON"


def _rounds(columns: Sequence[Column], default: str) -> Sequence[Callable[[Record], bool]]:
    """Return which rows are written first, and which next; every row is in one round."""
    fields = {column.name: column.index for column in columns if column.kind is Kind.FIELD}
    if "type" not in fields or fields.keys().isdisjoint({"company_no", COMPANY_NAME}):
        return (lambda record: True,)  # noqa: ARG005
    index = fields["type"]

    def is_company(record: Record) -> bool:
        return not record.problem and (record.cells[index].strip().upper() or default) == "COMPANY"

    return is_company, lambda record: not is_company(record)


def _chunks(
    opened: Callable[[], CsvFile], rounds: Sequence[Callable[[Record], bool]], size: int
) -> Iterator[tuple[list[Record], int]]:
    """Yield the rows of every round in chunks, with the bytes read for them; the file is read once for each round."""
    read = 0
    for belongs in rounds:
        with opened() as source:
            rows = filter(belongs, source.records())
            while records := list(islice(rows, size)):
                yield records, read + source.position
            read += source.size


def _candidates(
    records: Sequence[Record], reader: RowReader, seen: SeenKeys
) -> tuple[list[Candidate], list[tuple[Record, str]]]:
    """Return the rows that can be written, and the others with the reason; a key counts once in a file."""
    read = [reader.read(record) for record in records]
    known = seen.among([key_text(candidate.key) for candidate in read if candidate.key])
    usable: list[Candidate] = []
    refused: list[tuple[Record, str]] = []
    for candidate in read:
        problem = candidate.problem
        if candidate.key is not None:
            text = key_text(candidate.key)
            if text in known:
                problem = problem or f"another row has the same {candidate.key[0]}"
            known.add(text)
        if problem:
            refused.append((candidate.record, problem))
        else:
            usable.append(candidate)
    seen.add(known)
    return usable, refused

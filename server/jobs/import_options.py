"""What the caller of an import decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

CHUNK_ROWS_MAX = 50_000
"""Rows of a chunk: they are in memory together, and nobody else writes to SQLite meanwhile."""


class Match(StrEnum):
    """How a row finds the contact that it changes; a row that finds none creates one.

    AUTOMATIC is by ``no``, and for rows without one by ``external_id``, where the file has these columns.
    """

    AUTOMATIC = "automatic"
    NO = "no"
    EXTERNAL_ID = "external_id"
    EMAIL = "email"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """The options of one import.

    Rows are written in their order, those of companies before all others where the file has a type and a company
    column.

    Attributes:
        type: PERSON or COMPANY: a new contact whose row does not say; None: PERSON.
        match: what a row is recognised by.
        columns: column of the file → field of contacts, ``attributes.NAME[:TYPE]``, or ``-`` to leave it out; columns
            that are not named here are matched by name.
        attributes: columns that become custom attributes, ``COLUMN[:TYPE]`` with TEXT, NUMBER, BOOLEAN, DATE or
            DATETIME; ``*`` stands for every column that is nothing else. Without a type it is the existing attribute's,
            or what every cell of the file allows.
        rejects: where rejected rows are written; None: beside the file, as ``FILE.rejects.csv``.
        encoding: a Python codec; None: looked for.
        delimiter: one character; None: looked for.
        chunk_rows: rows of one transaction, at most 50,000.
    """

    type: str | None = None
    match: Match = Match.AUTOMATIC
    columns: Mapping[str, str] = field(default_factory=dict)
    attributes: Sequence[str] = ()
    rejects: Path | None = None
    encoding: str | None = None
    delimiter: str | None = None
    chunk_rows: int = 10_000

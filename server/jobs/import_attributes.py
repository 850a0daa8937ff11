"""The custom attributes that an import fills: their types, guessed where nobody says, and the missing ones created."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import select

from server.errors import InvalidInputError
from server.jobs.csv_records import CsvFile, Record
from server.jobs.import_columns import Column, Kind
from server.operations.contacts.attributes import (
    TEXT_VALUE_LENGTH,
    Attribute,
    create_attribute,
    load_attributes,
    value_from_text,
)
from server.store.database import Database
from server.store.tables import attribute
from server.store.unit_of_work import UnitOfWork

_TEXT = "TEXT"
_FORMS: Mapping[str, re.Pattern[str]] = {
    "BOOLEAN": re.compile(r"true|false", re.IGNORECASE),
    "NUMBER": re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?"),
    "DATE": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "DATETIME": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ].+"),
}
"""How a value must be written for its type to be guessed: stricter than what the type reads. ``yes`` and ``no`` stay
text, ``1`` and ``0`` numbers, and digits that begin with 0 are somebody's number."""


_TITLE_SHOWN = 200
"""Characters of a column's title that stand in the description of its attribute."""


async def typed_columns(
    database: Database, columns: Sequence[Column], opened: Callable[[], CsvFile]
) -> tuple[Column, ...]:
    """Return the columns, those of attributes with their type.

    Args:
        database: knows the attributes that there are.
        columns: of the file.
        opened: opens the file, which is read through where a type has to be guessed.

    Raises: InvalidInputError when an attribute exists and is of another type than the caller says.
    """
    async with database.read() as connection:
        rows = (await connection.execute(select(attribute.c.name, attribute.c.type))).all()
    stored: dict[str, str] = {row.name: row.type for row in rows}
    wanted = [column for column in columns if column.kind is Kind.ATTRIBUTE]
    unknown = [column.index for column in wanted if column.type is None and column.name not in stored]
    guessed: dict[int, str] = {}
    if unknown:
        with opened() as source:
            guessed = guess_types(source.records(), unknown)
    typed = {column.index: _typed(column, stored.get(column.name), guessed.get(column.index)) for column in wanted}
    return tuple(typed.get(column.index, column) for column in columns)


def _typed(column: Column, stored: str | None, guessed: str | None) -> Column:
    if stored is not None and column.type not in {None, stored}:
        msg = f"The attribute {column.name} exists and is {stored}, not {column.type}."
        raise InvalidInputError(msg, path=("attributes", column.title))
    return replace(column, type=stored or column.type or guessed)


async def provide_attributes(
    begin: Callable[[], AbstractAsyncContextManager[UnitOfWork]], columns: Sequence[Column]
) -> dict[str, Attribute]:
    """Return all custom attributes by name; the columns' missing ones are created in a unit of work of their own."""
    async with begin() as work:
        known = await load_attributes(work)
        missing = [column for column in columns if column.kind is Kind.ATTRIBUTE and column.name not in known]
        for column in missing:
            description = f"Imported from {column.title[:_TITLE_SHOWN]}."
            await create_attribute(work, column.name, column.type or _TEXT, description=description)
        return await load_attributes(work) if missing else known


def guess_types(records: Iterable[Record], places: Collection[int]) -> dict[int, str]:
    """Return the narrowest type that every non-empty cell of a column has; TEXT for a column without values.

    Args:
        records: all rows; those with a problem are passed over.
        places: the columns to look at, by their place from 0.
    """
    possible = {place: frozenset(_FORMS) for place in places}
    seen: set[int] = set()
    for record in records:
        if record.problem:
            continue
        for place, types in possible.items():
            cell = record.cells[place]
            if types and (text := cell.strip()):
                seen.add(place)
                possible[place] = types & _types_of(text) if len(text) <= TEXT_VALUE_LENGTH else frozenset()
    return {place: min(types) if types and place in seen else _TEXT for place, types in possible.items()}


@lru_cache(maxsize=16_384)
def _types_of(text: str) -> frozenset[str]:
    return frozenset(kind for kind, form in _FORMS.items() if form.fullmatch(text) and _readable(kind, text))


def _readable(kind: str, text: str) -> bool:
    try:
        value_from_text(kind, text, kind)
    except InvalidInputError:
        return False
    return True

"""Turns the cells of a row into the checked values of a contact, without looking into the database."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from server.errors import InvalidInputError, RefusedError
from server.jobs.csv_records import Record
from server.jobs.import_columns import COMPANY_NAME, Column, Kind
from server.jobs.import_options import Match
from server.operations.contacts.attributes import Attribute, checked_value, value_from_text
from server.operations.contacts.contact_values import (
    FIELD_LENGTHS,
    FLAG_FIELDS,
    AttributeValue,
    ContactValues,
    checked_contact,
)
from server.operations.values import api_name, checked_text, required_code

_OUTCOMES_KEPT = 8_192
"""Cells whose outcome is remembered, for each column: most columns repeat few values."""
_REMEMBERED_LENGTH = 250
_CODE_SEPARATOR = ";"
_CODE_LENGTH = 20

Outcome = tuple[Any, str]
"""The value of a cell, or why it is none (empty when it is one)."""
Key = tuple[str, str]
"""What a row is recognised by: a field of contacts and its value."""


@dataclass(slots=True)
class Candidate:
    """What a row says about a contact.

    Empty cells say nothing: they are in none of the mappings.

    Attributes:
        record: the row.
        key: what the contact is recognised by; None to create one in any case.
        given: checked contact fields, as ``checked_contact`` returns them.
        company_name: the name of the company that the person belongs to; '' when not given.
        attributes: attribute → value.
        codes: list → codes.
        problem: why the row cannot be used; empty when it can.
    """

    record: Record
    key: Key | None = None
    given: dict[str, Any] = field(default_factory=dict)
    company_name: str = ""
    attributes: dict[str, AttributeValue] = field(default_factory=dict)
    codes: dict[str, Sequence[str]] = field(default_factory=dict)
    problem: str = ""


def key_fields(columns: Sequence[Column], match: Match) -> Sequence[str]:
    """Return the fields that rows are recognised by, the first one first.

    Raises: InvalidInputError when the file does not have the column.
    """
    fields = {column.name for column in columns if column.kind is Kind.FIELD}
    if match is Match.NONE:
        return ()
    if match is Match.AUTOMATIC:
        return tuple(key for key in (Match.NO, Match.EXTERNAL_ID) if key in fields)
    if match not in fields:
        msg = f"Rows are to be matched by {match}, but no column is it; map one with COLUMN={match}."
        raise InvalidInputError(msg, path=("match",))
    return (match,)


def key_text(key: Key) -> str:
    """Return a key as one text."""
    return f"{key[0]}:{key[1]}"


class RowReader:
    """Reads rows by the columns of a file."""

    def __init__(self, columns: Sequence[Column], attributes: Mapping[str, Attribute], keys: Sequence[str]) -> None:
        """Prepare the checks of every column."""
        self._plain = [(column.index, column.name) for column in columns if _is_plain(column)]
        checked = [column for column in columns if column.kind is not Kind.NOTHING and not _is_plain(column)]
        self._others = [(column, column.index, _remembered(_check_of(column, attributes))) for column in checked]
        self._titles = {api_name(column.name): column.title for column in columns if _is_plain(column)}
        self._keys = keys

    def read(self, record: Record) -> Candidate:
        """Return what the row says; its key is there even when another cell is wrong."""
        candidate = Candidate(record, problem=record.problem)
        if candidate.problem:
            return candidate
        cells = record.cells
        texts = {name: cell for index, name in self._plain if (cell := cells[index]) and not cell.isspace()}
        self._read_plain(candidate, texts)
        for column, index, check in self._others:
            cell = cells[index]
            if not cell or cell.isspace():
                continue
            value, problem = check(cell)
            if problem:
                candidate.problem = candidate.problem or f"{column.title}: {problem}"
            elif column.kind is Kind.ATTRIBUTE:
                candidate.attributes[column.name] = value
            elif column.kind is Kind.LIST:
                candidate.codes[column.name] = value
            elif column.name == COMPANY_NAME:
                candidate.company_name = value
            else:
                candidate.given[column.name] = value
        return candidate

    def _read_plain(self, candidate: Candidate, texts: Mapping[str, str]) -> None:
        """Check the fields that are written as they stand in the file."""
        try:
            checked = checked_contact(cast("ContactValues", texts))
        except InvalidInputError as error:
            title = self._titles.get(str(error.path[0]), "") if error.path else ""
            candidate.problem = f"{title}: {error.message}"
            checked = _readable_keys(texts, self._keys)
        candidate.given = {name: value for name, value in checked.items() if value}
        candidate.key = next(((key, checked[key]) for key in self._keys if checked.get(key)), None)


def _is_plain(column: Column) -> bool:
    return column.kind is Kind.FIELD and column.name not in FLAG_FIELDS and column.name != COMPANY_NAME


def _readable_keys(texts: Mapping[str, str], keys: Sequence[str]) -> dict[str, Any]:
    """Return those keys of a wrong row that are right."""
    checked: dict[str, Any] = {}
    for key in keys:
        with suppress(InvalidInputError):
            checked |= checked_contact(cast("ContactValues", {key: texts.get(key)}))
    return checked


def _check_of(column: Column, attributes: Mapping[str, Attribute]) -> Callable[[str], Any]:
    """Return what turns a cell of the column into a value, or raises one of our errors."""
    name = column.name
    if column.kind is Kind.ATTRIBUTE:
        kind = attributes[name].type
        return lambda cell: checked_value(kind, value_from_text(kind, cell, name), name)
    if column.kind is Kind.LIST:
        return lambda cell: tuple(
            required_code(code, name, _CODE_LENGTH) for code in cell.split(_CODE_SEPARATOR) if code.strip()
        )
    if name in FLAG_FIELDS:
        return lambda cell: value_from_text("BOOLEAN", cell, name)
    return lambda cell: checked_text(cell, name, FIELD_LENGTHS[name])


def _remembered(check: Callable[[str], Any]) -> Callable[[str], Outcome]:
    """Return the check as a function that raises nothing and remembers short cells."""

    def outcome(cell: str) -> Outcome:
        try:
            return check(cell), ""
        except (InvalidInputError, RefusedError) as error:
            return None, error.message

    remembered = lru_cache(maxsize=_OUTCOMES_KEPT)(outcome)
    return lambda cell: remembered(cell) if len(cell) <= _REMEMBERED_LENGTH else outcome(cell)

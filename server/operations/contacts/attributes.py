"""Custom attributes of contacts: their definition, and their values as typed rows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, delete, insert, select, update

from server.errors import InvalidInputError, NotFoundError, TesseraError
from server.operations.contacts.contact_values import AttributeValue
from server.operations.setup.codes import already_exists
from server.operations.values import DIGITS_BEFORE_POINT, checked_choice, checked_number, checked_text, missing
from server.store.tables import attribute, contact_attribute
from server.store.types import MONEY_SCALE
from server.store.unit_of_work import UnitOfWork

ATTRIBUTE_TYPES = frozenset({"TEXT", "NUMBER", "BOOLEAN", "DATE", "DATETIME"})
ATTRIBUTE_NAME_LENGTH = 30
TEXT_VALUE_LENGTH = 250
"""Characters of a text value; an index of PostgreSQL holds no more than about 2,700 bytes."""
RESERVED_NAMES = frozenset({"and", "false", "for", "if", "in", "inf", "nan", "not", "null", "or", "true"})
"""Words of the rule language, which a rule could not use as a name."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NUMBER_TEXT = re.compile(rf"[+-]?[0-9]{{1,{DIGITS_BEFORE_POINT}}}(\.[0-9]{{1,{MONEY_SCALE}}})?")
_TRUE_TEXTS, _FALSE_TEXTS = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})
_COLUMNS = {kind: f"{kind.lower()}_value" for kind in sorted(ATTRIBUTE_TYPES)}


@dataclass(frozen=True, slots=True)
class Attribute:
    """A custom attribute: its key, name and type (TEXT, NUMBER, BOOLEAN, DATE or DATETIME)."""

    id: int
    name: str
    type: str


async def create_attribute(
    work: UnitOfWork,
    name: str,
    type: str,  # noqa: A002 - the column's name
    *,
    default: AttributeValue | None = None,
    description: str | None = None,
) -> int:
    """Create a custom attribute and return its key.

    With a default, every contact without a value of its own has that value; without one it has none.

    Raises: InvalidInputError for a name that is not ``[a-z][a-z0-9_]*``, too long or a word of the rule language, an
    unknown type, or a default of another type; AlreadyExistsError.
    """
    checked_name = attribute_name(name)
    kind = checked_choice(type, "type", ATTRIBUTE_TYPES)
    if kind is None:
        raise missing("type")
    row = {
        "name": checked_name,
        "type": kind,
        "description": checked_text(description, "description", 250),
        "default_value": None if default is None else default_text(checked_value(kind, default, "default")),
        "created_at": work.moment.now,
    }
    if await work.connection.scalar(select(attribute.c.id).where(attribute.c.name == checked_name)) is not None:
        raise already_exists("Attribute", checked_name, "name")
    attribute_id = await work.connection.scalar(insert(attribute).values(row).returning(attribute.c.id))
    work.record("attribute", attribute_id)
    return int(attribute_id or 0)


def attribute_name(name: str) -> str:
    """Return the name if an attribute may have it; raises InvalidInputError."""
    if not _NAME.fullmatch(checked_text(name, "name", ATTRIBUTE_NAME_LENGTH)) or name in RESERVED_NAMES:
        msg = "The name of an attribute has lower-case letters, digits and _, begins with a letter, is no rule word."
        raise InvalidInputError(msg, path=("name",))
    return name


def checked_value(kind: str, value: AttributeValue, field: str) -> AttributeValue:
    """Return the value as it is stored, if it is exactly of the attribute's type; raises InvalidInputError.

    Units: text at most 250 characters; numbers 13 digits before and 4 after the point; instants need a zone.
    """
    match kind, value:
        case "TEXT", str():
            return checked_text(value, field, TEXT_VALUE_LENGTH, many_lines=True)
        case "NUMBER", Decimal() | int() if not isinstance(value, bool):
            return checked_number(value, field, MONEY_SCALE)
        case "BOOLEAN", bool():
            return value
        case "DATE", date() if not isinstance(value, datetime):
            return value
        case "DATETIME", datetime() if value.tzinfo is not None:
            try:
                return value.astimezone(UTC)
            except OverflowError as error:
                msg = f"{field} is outside the years 1 to 9999."
                raise InvalidInputError(msg, path=(field,)) from error
    msg = f"{field} must be of the type {kind}."
    raise InvalidInputError(msg, path=(field,))


def value_from_text(kind: str, text: str, field: str) -> AttributeValue:
    """Return the value that a text means for an attribute type, as written in files and defaults.

    Numbers are plain (``-12.5``); booleans true/false, yes/no or 1/0; dates ISO 8601; instants ISO 8601 with offset.

    Raises: InvalidInputError.
    """
    text = checked_text(text, field, TEXT_VALUE_LENGTH, many_lines=True)
    plain = text.strip()
    try:
        match kind:
            case "NUMBER" if _NUMBER_TEXT.fullmatch(plain):
                return checked_value(kind, Decimal(plain), field)
            case "BOOLEAN" if plain.lower() in _TRUE_TEXTS | _FALSE_TEXTS:
                return plain.lower() in _TRUE_TEXTS
            case "DATE":
                return date.fromisoformat(plain)
            case "DATETIME":
                return checked_value(kind, datetime.fromisoformat(plain), field)
            case "TEXT":
                return text
    except ValueError as error:
        raise _not_of_type(kind, field) from error
    raise _not_of_type(kind, field)


def _not_of_type(kind: str, field: str) -> TesseraError:
    return InvalidInputError(f"{field} is not the text of a {kind} value.", path=(field,))


def default_text(value: AttributeValue) -> str:
    """Return the text form in which a checked default is stored: ``12.5``, ``true``, ISO 8601."""
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal() | int():
            return format(Decimal(value).normalize(), "f")
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case _:
            return value


def attribute_row(known: Attribute, value: AttributeValue) -> dict[str, Any]:
    """Return the columns of ``contact_attribute`` for a value, without the contact; raises InvalidInputError."""
    row: dict[str, Any] = dict.fromkeys(_COLUMNS.values())
    row[_COLUMNS[known.type]] = checked_value(known.type, value, known.name)
    return {"attribute_id": known.id, **row}


async def load_attributes(work: UnitOfWork) -> dict[str, Attribute]:
    """Return every custom attribute by name."""
    rows = await work.connection.execute(select(attribute.c.id, attribute.c.name, attribute.c.type))
    return {row.name: Attribute(row.id, row.name, row.type) for row in rows}


async def assign_attributes(work: UnitOfWork, contact_id: int, values: Mapping[str, AttributeValue | None]) -> set[str]:
    """Set or clear (None, ``''``) attributes of a contact; return the symbols of those that changed.

    Raises: NotFoundError for an unknown name, InvalidInputError for a value of another type; the path is
    ``attributes`` and the place of the name in ``values``, from 0.
    """
    if not values:
        return set()
    known = await load_attributes(work)
    rows = {name: _row_of(known, name, value, place) for place, (name, value) in enumerate(values.items())}
    statement = select(contact_attribute).where(contact_attribute.c.contact_id == contact_id)
    present = {row.attribute_id: row._asdict() for row in (await work.connection.execute(statement)).all()}
    changed: set[str] = set()
    for name, row in rows.items():
        attribute_id = known[name].id
        here = and_(contact_attribute.c.contact_id == contact_id, contact_attribute.c.attribute_id == attribute_id)
        before = present.get(attribute_id)
        if row is None:
            if before is None:
                continue
            await work.connection.execute(delete(contact_attribute).where(here))
        elif before is None:
            await work.connection.execute(insert(contact_attribute).values(row | {"contact_id": contact_id}))
        elif before != before | row:
            await work.connection.execute(update(contact_attribute).where(here).values(row))
        else:
            continue
        changed.add(f"attributes.{name}")
    return changed


def _row_of(
    known: Mapping[str, Attribute], name: str, value: AttributeValue | None, place: int
) -> dict[str, Any] | None:
    if name not in known:
        msg = f"There is no attribute {name}; createAttribute makes one."
        raise NotFoundError(msg, path=("attributes", place))
    if value is None or value == "":
        return None
    try:
        return attribute_row(known[name], value)
    except InvalidInputError as error:
        raise InvalidInputError(error.message, path=("attributes", place)) from error

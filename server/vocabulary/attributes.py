"""Custom attributes as symbols of a rule."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement

from server.rules import SideRowSource, Symbol, ValueType
from server.store.tables import contact, contact_attribute
from server.store.types import MONEY_SCALE

ATTRIBUTE_PREFIX = "attributes."
"""What a custom attribute's name begins with in a rule."""


def attribute_default(type: ValueType, text: str | None) -> Any:  # noqa: A002 - the column's name
    """Return the value that an attribute's stored default means; None when it has none."""
    if text is None:
        return None
    match type:
        case ValueType.NUMBER:
            return Decimal(text)
        case ValueType.BOOLEAN:
            return text == "true"
        case ValueType.DATE:
            return date.fromisoformat(text)
        case ValueType.DATETIME:
            return datetime.fromisoformat(text)
        case _:
            return text


def attribute_symbol(id: int, name: str, type: ValueType, default: str | None, description: str) -> Symbol:  # noqa: A002
    """Return the symbol of a custom attribute; with a default it is never null."""
    columns: dict[ValueType, ColumnElement[Any]] = {
        ValueType.TEXT: contact_attribute.c.text_value,
        ValueType.NUMBER: contact_attribute.c.number_value,
        ValueType.BOOLEAN: contact_attribute.c.boolean_value,
        ValueType.DATE: contact_attribute.c.date_value,
        ValueType.DATETIME: contact_attribute.c.datetime_value,
    }
    examples = {
        ValueType.TEXT: '(X ?? "") == "gold"',
        ValueType.NUMBER: "(X ?? 0) >= 1000",
        ValueType.BOOLEAN: "X == true",
        ValueType.DATE: 'X == d"2026-01-01"',
        ValueType.DATETIME: 'X == d"2026-01-01T12:00:00"',
    }
    return Symbol(
        name=f"{ATTRIBUTE_PREFIX}{name}",
        type=type,
        source=SideRowSource(
            key=contact.c.id,
            owner=contact_attribute.c.contact_id,
            column=columns[type],
            where=contact_attribute.c.attribute_id == id,
            default=attribute_default(type, default),
            scale=MONEY_SCALE if type is ValueType.NUMBER else 0,
        ),
        nullable=default is None,
        description=description or f"Custom attribute {name}.",
        example=examples[type].replace("X", f"{ATTRIBUTE_PREFIX}{name}"),
        indexed=True,
    )

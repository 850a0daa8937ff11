"""Writes many values of custom attributes with one statement: the rows are its parameters as a whole."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    Insert,
    Integer,
    Select,
    Text,
    bindparam,
    func,
    insert,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY

from server.store.tables import contact_attribute

AttributeRow = tuple[int, int, Any]
"""Contact, attribute, value."""


def insert_values(column: str, rows: Sequence[AttributeRow], dialect: Dialect) -> Insert:
    """Return the statement that inserts the rows, whose values are of the type of ``column``.

    With a parameter for every value, handing them over would take longer than storing them.
    """
    given = _array_rows(column, rows) if dialect.name == "postgresql" else _json_rows(column, rows, dialect)
    return insert(contact_attribute).from_select(["contact_id", "attribute_id", column], given)


def _json_rows(column: str, rows: Sequence[AttributeRow], dialect: Dialect) -> Select[Any]:
    type_ = contact_attribute.c[column].type
    stored = type_.dialect_impl(dialect).bind_processor(dialect)
    texts = rows if stored is None else [(contact, attribute, stored(value)) for contact, attribute, value in rows]
    parameter = bindparam(None, json.dumps(texts, ensure_ascii=False), type_=Text, unique=True)
    row = func.json_each(parameter).table_valued("value").c.value
    contact, attribute, value = (row.op("->>")(place) for place in range(3))
    return select(contact, attribute, type_coerce(value, type_))


def _array_rows(column: str, rows: Sequence[AttributeRow]) -> Select[Any]:
    types = (BigInteger(), Integer(), contact_attribute.c[column].type)
    arrays = (
        bindparam(None, list(values), type_=ARRAY(type_), unique=True)
        for values, type_ in zip(zip(*rows, strict=True), types, strict=True)
    )
    names = ("contact_id", "attribute_id", "given_value")
    columns = (Column(name, type_) for name, type_ in zip(names, types, strict=True))
    given = func.unnest(*arrays).table_valued(*columns, name="given").render_derived()
    return select(given)

"""Lists of keys as one parameter, however long: databases limit the number of parameters, not their size."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Select, Subquery, Text, bindparam, false, func, select
from sqlalchemy.dialects.postgresql import ARRAY


def ids_in(column: ColumnElement[Any], ids: Collection[int], dialect: str) -> ColumnElement[bool]:
    """Return the condition that ``column`` is one of ``ids``; false for none."""
    if not ids:
        return false()
    return column.in_(id_rows(ids, dialect))


def id_rows(ids: Collection[int], dialect: str) -> Select[Any]:
    """Return a SELECT of one column ``id`` with a row for each of ``ids``, in no order."""
    if dialect == "postgresql":
        array = bindparam(None, list(ids), type_=ARRAY(BigInteger), unique=True)
        rows = func.unnest(array).table_valued(Column("id", BigInteger), name="given").render_derived()
        return select(rows.c.id)
    text = bindparam(None, json.dumps(list(ids)), type_=Text, unique=True)
    values = func.json_each(text).table_valued(Column("value", BigInteger), name="given")
    return select(values.c.value.label("id"))


def id_places(ids: Collection[int], dialect: str) -> Subquery:
    """Return rows of the columns ``id`` and ``place``, which rises in the order of ``ids``; an id may come twice."""
    if dialect == "postgresql":
        array = bindparam(None, list(ids), type_=ARRAY(BigInteger), unique=True)
        rows = (
            func.unnest(array)
            .table_valued(Column("id", BigInteger), with_ordinality="place", name="given")
            .render_derived()
        )
        return select(rows.c.id, rows.c.place).subquery("placed")
    text = bindparam(None, json.dumps(list(ids)), type_=Text, unique=True)
    values = func.json_each(text).table_valued(Column("key", BigInteger), Column("value", BigInteger), name="given")
    return select(values.c.value.label("id"), values.c.key.label("place")).subquery("placed")

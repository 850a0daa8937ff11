"""Lists of keys as one parameter, numbers or texts, however long."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Select, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY


def key_rows(keys: Sequence[int] | Sequence[str], dialect: str) -> Select[Any]:
    """Return a SELECT of one column ``key`` with a row for each of ``keys``: all numbers or all texts, without doubles.

    An expanding IN would make a new statement text for every number of keys and meet the databases' parameter limits.
    """
    type_ = Text() if keys and isinstance(keys[0], str) else BigInteger()
    distinct = list(dict.fromkeys(keys))
    if dialect == "postgresql":
        array = bindparam(None, distinct, type_=ARRAY(type_), unique=True)
        rows = func.unnest(array).table_valued(Column("key", type_), name="given").render_derived()
        return select(rows.c.key)
    text = bindparam(None, json.dumps(distinct), type_=Text, unique=True)
    values = func.json_each(text).table_valued(Column("value", type_), name="given")
    return select(values.c.value.label("key"))

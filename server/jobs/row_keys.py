"""Integer keys for many new rows at once, so that rows that refer to each other are inserted without reading back."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Integer, column, func, select, table

from server.store.unit_of_work import UnitOfWork

_SEQUENCES = table("sqlite_sequence", column("name"), column("seq"))
"""SQLite's own table: the greatest key ever given in each table that never gives one twice."""


async def reserve_keys(work: UnitOfWork, key: Column[Any], count: int) -> Sequence[int]:
    """Return ``count`` unused values of a table's generated integer key, ascending.

    On SQLite the unit of work holds the only write lock, so the numbers above the greatest that was ever given are free
    until it ends; on PostgreSQL they are taken from the key's sequence.
    """
    if count < 1:
        return ()
    if work.dialect == "postgresql":
        sequence = func.pg_get_serial_sequence(key.table.name, key.name)
        numbers = func.generate_series(1, count).table_valued(column("number", Integer))
        keys = await work.connection.scalars(select(func.nextval(sequence)).select_from(numbers))
        return sorted(keys)
    given = select(_SEQUENCES.c.seq).where(_SEQUENCES.c.name == key.table.name)
    last = await work.connection.scalar(given) or 0
    return range(last + 1, last + 1 + count)

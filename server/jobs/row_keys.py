"""Integer keys for many new rows at once, so that rows that refer to each other are inserted without reading back."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Integer, column, func, select

from server.store.unit_of_work import UnitOfWork


async def reserve_keys(work: UnitOfWork, key: Column[Any], count: int) -> Sequence[int]:
    """Return ``count`` unused values of a table's generated integer key, ascending.

    On SQLite the unit of work holds the only write lock, so the numbers above the greatest are free until it ends; on
    PostgreSQL they are taken from the key's sequence.
    """
    if count < 1:
        return ()
    if work.dialect == "postgresql":
        sequence = func.pg_get_serial_sequence(key.table.name, key.name)
        numbers = func.generate_series(1, count).table_valued(column("number", Integer))
        keys = await work.connection.scalars(select(func.nextval(sequence)).select_from(numbers))
        return sorted(keys)
    last = await work.connection.scalar(select(func.coalesce(func.max(key), 0))) or 0
    return range(last + 1, last + 1 + count)

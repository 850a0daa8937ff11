"""The end of a job that filled tables."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from sqlalchemy import Table

from server.jobs.patience import patiently
from server.store.database import Database
from server.store.statistics import tell_planner
from server.store.unit_of_work import UnitOfWork


async def tell_planner_of(
    database: Database,
    begin: Callable[[], AbstractAsyncContextManager[UnitOfWork]],
    tables: Sequence[Table[Any]],
    rows: int,
) -> None:
    """Have PostgreSQL look at the tables to which a job added ``rows`` rows in all; SQLite is left alone."""
    if database.dialect != "postgresql":
        return

    async def tell() -> None:
        async with begin() as work:
            for table in tables:
                await tell_planner(work, table, rows)

    await patiently(tell)

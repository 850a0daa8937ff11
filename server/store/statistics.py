"""What PostgreSQL's planner knows of a table that has just been filled."""

from typing import Any

from sqlalchemy import Table, text
from sqlalchemy.exc import DBAPIError

from server.store.translation import is_lock_refusal
from server.store.unit_of_work import UnitOfWork

_ROWS_WORTH_TELLING = 1_000


async def tell_planner(work: UnitOfWork, table: Table[Any], rows: int) -> None:
    """Have PostgreSQL look at a table to which the unit of work added many rows; SQLite plans without.

    Until then it takes the rows for a handful and joins them one by one, which for ten thousand is already minutes.
    Where somebody else looks at the table at the moment, that is as good.
    """
    if work.dialect != "postgresql" or rows < _ROWS_WORTH_TELLING:
        return
    try:
        async with work.connection.begin_nested():
            await work.connection.execute(text("set local lock_timeout = '200ms'"))
            await work.connection.execute(text(f'analyze "{table.name}"'))
            await work.connection.execute(text("set local lock_timeout to default"))
    except DBAPIError as error:
        if not is_lock_refusal(error):
            raise

"""Small pieces of work on the store: codes are written, because nothing stands in their way."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime

from sqlalchemy import func, insert, select, text

from server.clock import Moment
from server.store.database import Database
from server.store.tables import change, mailing_group
from server.store.unit_of_work import UnitOfWork

MOMENT = Moment(now=datetime(2026, 11, 23, 12, tzinfo=UTC))

ENDLESS = text(
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000000000) SELECT max(x) FROM n"
)
"""A statement that runs for minutes on both databases."""


def unit(database: Database) -> AbstractAsyncContextManager[UnitOfWork]:
    """Return a unit of work of nobody in particular."""
    return database.write(actor="tests", operation="test", moment=MOMENT)


async def put(work: UnitOfWork, code: str) -> None:
    """Write a code and record it."""
    await work.connection.execute(insert(mailing_group).values(code=code))
    work.record("mailing_group", code=code)


async def put_alone(database: Database, code: str) -> None:
    """Write a code in a unit of its own."""
    async with unit(database) as work:
        await put(work, code)


async def put_then_run_endlessly(database: Database) -> None:
    """Write a code in a unit that never comes to its end."""
    async with unit(database) as work:
        await put(work, "A")
        await work.connection.execute(ENDLESS)


class OperationError(Exception):
    """An operation's own refusal."""


async def put_then_refuse(database: Database, code: str) -> None:
    """Write a code, draw the number of its change, and refuse after all."""
    async with unit(database) as work:
        await put(work, code)
        await work.flush_changes()
        raise OperationError


async def codes(database: Database) -> Sequence[str]:
    """Return the codes that are there."""
    async with database.read() as connection:
        return (await connection.scalars(select(mailing_group.c.code).order_by(mailing_group.c.code))).all()


async def change_count(database: Database) -> int:
    """Return the number of recorded changes."""
    async with database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(change)) or 0

"""The marketing setup: what holds for the whole marketing."""

from typing import Any

from sqlalchemy import Row, select

from server.store.tables import marketing_setup, user_setup
from server.store.unit_of_work import UnitOfWork


async def read_setup(work: UnitOfWork) -> Row[Any]:
    """Return the one row of ``marketing_setup``."""
    return (await work.connection.execute(select(marketing_setup))).one()


async def own_salesperson(work: UnitOfWork) -> str | None:
    """Return the salesperson whom the user setup names for the acting user; None when it names none."""
    statement = select(user_setup.c.salesperson).where(user_setup.c.name == work.actor)
    return await work.connection.scalar(statement)

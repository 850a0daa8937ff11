"""Who stands on which segment, kept still while somebody asks."""

from sqlalchemy import func, select

from server.store.unit_of_work import UnitOfWork

_LOCK = 0x7E55E2B
"""Key of the PostgreSQL advisory lock between actions on segments and whoever needs them to hold still."""


async def change_standing(work: UnitOfWork) -> None:
    """Say that the unit of work may put contacts on a segment; any number of units may do so side by side.

    The first statement of the unit, so that nobody holds a row for which the other waits. On SQLite units of work
    have their turns anyway.
    """
    if work.dialect == "postgresql":
        await work.connection.execute(select(func.pg_advisory_xact_lock_shared(_LOCK)))


async def keep_standing(work: UnitOfWork) -> None:
    """Wait for the units that put contacts on segments, and keep others from it until this unit ends.

    What deletes a contact or moves it to another company asks first whether it stands on a segment; without this an
    action could put it there between the question and the change. Likewise what renames or deletes a salesperson, whose
    code new lines note. The first statement of the unit.
    """
    if work.dialect == "postgresql":
        await work.connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))

"""On PostgreSQL units of work run side by side: who stands on a segment is neither deleted nor moved meanwhile."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from server.clock import Moment
from server.errors import ErrorCode, NotFoundError, RefusedError
from server.operations.contacts.contacts import create_contact, delete_contact, update_contact
from server.operations.segments.lines import add_lines
from server.operations.segments.revisions import redo_action, undo_action
from server.operations.segments.segments import create_segment
from server.operations.setup.salespeople import create_salesperson, delete_salesperson, update_salesperson
from server.settings import Settings
from server.store.database import Database
from server.store.tables import contact, segment_line

MEANWHILE = 0.3
"""Seconds that the other unit of work gets to do what it must not do."""


@pytest.fixture
async def postgresql(postgresql_url: str, moment: Moment) -> AsyncIterator[Database]:
    """A database with two companies, a person of the first, and an empty segment."""
    database = Database(Settings(database_url=postgresql_url))
    async with database.write(actor="test", operation="setUp", moment=moment) as work:
        await create_contact(work, {"no": "A", "type": "COMPANY", "name": "Acme"})
        await create_contact(work, {"no": "B", "type": "COMPANY", "name": "Beta"})
        await create_contact(work, {"no": "P", "type": "PERSON", "name": "Pat", "company_no": "A"})
        await create_segment(work, {"no": "S"})
    yield database
    await database.close()


async def standing(database: Database) -> list[str]:
    async with database.read() as connection:
        numbers = select(contact.c.no).join(segment_line, segment_line.c.contact_id == contact.c.id)
        return list(await connection.scalars(numbers))


async def test_a_company_is_not_deleted_while_its_person_comes_on_a_segment(
    postgresql: Database, moment: Moment
) -> None:
    async def delete() -> None:
        async with postgresql.write(actor="test", operation="deleteContact", moment=moment) as work:
            await delete_contact(work, "A")

    async with postgresql.write(actor="test", operation="addSegmentLines", moment=moment) as work:
        await add_lines(work, "S", ["P"])
        deleting = asyncio.create_task(delete())
        await asyncio.sleep(MEANWHILE)
        assert not deleting.done()

    with pytest.raises(RefusedError) as refusal:
        await deleting
    assert refusal.value.code is ErrorCode.CONTACT_ON_SEGMENT
    assert await standing(postgresql) == ["P"]


async def test_a_person_does_not_come_on_a_segment_while_its_company_is_deleted(
    postgresql: Database, moment: Moment
) -> None:
    async def add() -> None:
        async with postgresql.write(actor="test", operation="addSegmentLines", moment=moment) as work:
            await add_lines(work, "S", ["P"])

    async with postgresql.write(actor="test", operation="deleteContact", moment=moment) as work:
        await delete_contact(work, "A")
        adding = asyncio.create_task(add())
        await asyncio.sleep(MEANWHILE)
        assert not adding.done()

    with pytest.raises(NotFoundError):
        await adding
    assert await standing(postgresql) == []


async def test_a_person_does_not_change_company_while_redo_brings_it_back(postgresql: Database, moment: Moment) -> None:
    async with postgresql.write(actor="test", operation="addSegmentLines", moment=moment) as work:
        await add_lines(work, "S", ["P"])
        await undo_action(work, "S")

    async def move() -> None:
        async with postgresql.write(actor="test", operation="updateContact", moment=moment) as work:
            await update_contact(work, "P", {"company_no": "B"})

    async with postgresql.write(actor="test", operation="redoSegmentAction", moment=moment) as work:
        await redo_action(work, "S")
        moving = asyncio.create_task(move())
        await asyncio.sleep(MEANWHILE)
        assert not moving.done()

    with pytest.raises(RefusedError) as refusal:
        await moving
    assert refusal.value.code is ErrorCode.CONTACT_ON_SEGMENT


async def test_actions_on_two_segments_do_not_wait_for_each_other(postgresql: Database, moment: Moment) -> None:
    async with postgresql.write(actor="test", operation="createSegment", moment=moment) as work:
        await create_segment(work, {"no": "T"})

    async with postgresql.write(actor="test", operation="addSegmentLines", moment=moment) as one:
        await add_lines(one, "S", ["P"])
        async with postgresql.write(actor="test", operation="addSegmentLines", moment=moment) as other:
            await add_lines(other, "T", ["P"])

    assert await standing(postgresql) == ["P", "P"]


async def test_a_salesperson_is_not_renamed_while_a_line_notes_the_code(postgresql: Database, moment: Moment) -> None:
    async with postgresql.write(actor="test", operation="createSalesperson", moment=moment) as work:
        await create_salesperson(work, {"code": "OLD"})
        await update_contact(work, "P", {"salesperson": "OLD"})

    async def rename() -> None:
        async with postgresql.write(actor="test", operation="updateSalesperson", moment=moment) as work:
            await update_salesperson(work, "OLD", {"new_code": "NEW"})

    async with postgresql.write(actor="test", operation="addSegmentLines", moment=moment) as work:
        await add_lines(work, "S", ["P"])
        renaming = asyncio.create_task(rename())
        await asyncio.sleep(MEANWHILE)
        assert not renaming.done()

    await renaming
    async with postgresql.read() as connection:
        assert list(await connection.scalars(select(segment_line.c.salesperson))) == ["NEW"]


async def test_a_salesperson_is_not_deleted_while_a_contact_gets_them(postgresql: Database, moment: Moment) -> None:
    async with postgresql.write(actor="test", operation="createSalesperson", moment=moment) as work:
        await create_salesperson(work, {"code": "OLD"})

    async def give() -> None:
        async with postgresql.write(actor="test", operation="updateContact", moment=moment) as work:
            await update_contact(work, "P", {"salesperson": "OLD"})

    async with postgresql.write(actor="test", operation="deleteSalesperson", moment=moment) as work:
        await delete_salesperson(work, "OLD")
        giving = asyncio.create_task(give())
        await asyncio.sleep(MEANWHILE)
        assert not giving.done()

    with pytest.raises(NotFoundError):
        await giving

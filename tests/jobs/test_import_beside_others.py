"""An import that is killed, and one that shares the database with other writers and readers."""

import asyncio
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select

from server.clock import Clock, Moment
from server.jobs.import_contacts import import_contacts
from server.jobs.import_options import ImportOptions
from server.operations.contacts.contacts import create_contact
from server.settings import Settings
from server.store.database import Database
from server.store.tables import change, contact, contact_attribute

ROWS = 12_000
CHUNK = 300


def people(rows: int) -> str:
    return "external_id,name,age\n" + "".join(f"X{n:06d},Person {n},{n % 90}\n" for n in range(rows))


async def started(database_url: str, file: Path, chunk_rows: int) -> asyncio.subprocess.Process:
    command = (sys.executable, "-m", "tests.jobs.importing_process", database_url, str(file), str(chunk_rows))
    return await asyncio.create_subprocess_exec(*command)


async def counted(database: Database) -> tuple[int, int, int]:
    """Return how many contacts, attribute values and recorded new contacts there are, at one instant."""
    async with database.read() as connection:
        contacts = await connection.scalar(select(func.count()).select_from(contact))
        values = await connection.scalar(select(func.count()).select_from(contact_attribute))
        recorded = await connection.scalar(select(func.sum(change.c.row_count)).where(change.c.object == "contact"))
        return contacts or 0, values or 0, recorded or 0


async def test_a_killed_import_leaves_whole_chunks_and_can_be_run_again(
    database_url: str, database: Database, clock: Clock, write_file: Callable[..., Path]
) -> None:
    file = write_file(people(ROWS))
    process = await started(database_url, file, CHUNK)
    while (await counted(database))[0] < 4 * CHUNK:
        await asyncio.sleep(0.02)
        assert process.returncode is None
    process.kill()
    await process.wait()
    contacts, values, recorded = await counted(database)
    assert contacts == values == recorded
    assert contacts % CHUNK == 0
    assert 4 * CHUNK <= contacts < ROWS
    options = ImportOptions(attributes=("age",))
    report = await import_contacts(database, file, clock=clock, options=options)
    assert (report.created, report.unchanged, report.rejected) == (ROWS - contacts, contacts, 0)
    assert await counted(database) == (ROWS, ROWS, ROWS)


async def test_others_write_and_read_while_an_import_runs(
    database_url: str, settings: Settings, moment: Moment, write_file: Callable[..., Path]
) -> None:
    """Each of their changes gets its turn long before BUSY, and readers see whole chunks only."""
    file = write_file(people(ROWS))
    other = Database(settings)
    process = await started(database_url, file, CHUNK)
    waits: list[float] = []
    while process.returncode is None:
        before = time.monotonic()
        async with other.write(actor="test", operation="createContact", moment=moment) as work:
            await create_contact(work, {"name": "Meanwhile"})
        waits.append(time.monotonic() - before)
        imported = select(func.count()).where(contact.c.external_id != "")
        async with other.read() as connection:
            assert (await connection.scalar(imported) or 0) % CHUNK == 0
        await asyncio.sleep(0.05)
    assert process.returncode == 0
    assert len(waits) > 3
    assert max(waits) < settings.write_wait
    async with other.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(contact)) == ROWS + len(waits)
    await other.close()

"""Imports a file in a process of its own, which a test may kill: DATABASE_URL FILE CHUNK_ROWS."""

import asyncio
import sys
from pathlib import Path

from server.clock import system_clock
from server.jobs.import_contacts import import_contacts
from server.jobs.import_options import ImportOptions
from server.settings import Settings
from server.store.database import Database


async def main(url: str, file: str, chunk_rows: str) -> None:
    database = Database(Settings(database_url=url))
    options = ImportOptions(chunk_rows=int(chunk_rows), attributes=("age:NUMBER",))
    await import_contacts(database, Path(file), clock=system_clock(), options=options)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

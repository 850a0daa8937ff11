"""A process that writes pairs of codes and prints each pair's first when its commit is acknowledged."""

import asyncio
import sys
from itertools import count

from server.settings import Settings
from server.store.database import Database
from tests.store.writing import put, unit


async def write(database_url: str, first: int) -> None:
    database = Database(Settings(database_url=database_url))
    for number in count(first):
        async with unit(database) as work:
            await put(work, f"A{number}")
            await put(work, f"B{number}")
        sys.stdout.write(f"A{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(write(sys.argv[1], int(sys.argv[2])))

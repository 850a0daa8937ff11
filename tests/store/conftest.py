"""Stores that lose patience quickly, so that waiting can be tested."""

from collections.abc import AsyncIterator

import pytest

from server.settings import Settings
from server.store.database import Database


def impatient(database_url: str) -> Settings:
    """Settings under which nothing waits or runs for long."""
    return Settings(database_url=database_url, write_wait=0.3, read_deadline=0.3, write_deadline=0.6)


@pytest.fixture
async def impatient_database(database_url: str) -> AsyncIterator[Database]:
    database = Database(impatient(database_url))
    yield database
    await database.close()


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[Database]:
    database = Database(impatient(sqlite_url))
    yield database
    await database.close()


@pytest.fixture
async def postgresql_database(postgresql_url: str) -> AsyncIterator[Database]:
    database = Database(impatient(postgresql_url))
    yield database
    await database.close()

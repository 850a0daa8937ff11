"""Scans have few turns, so that other readers keep their connections."""

import pytest

from server.errors import BusyError
from server.settings import Settings
from server.store.database import Database


async def test_a_scan_waits_for_its_turn_and_is_told_to_come_back(sqlite_url: str) -> None:
    database = Database(Settings(database_url=sqlite_url, scans=1, write_wait=0.1))

    async with database.scan():
        with pytest.raises(BusyError, match="scans") as refusal:
            async with database.scan():
                pass
    async with database.scan():
        pass
    await database.close()

    assert refusal.value.retry_after == 0.1

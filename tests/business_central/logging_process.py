"""A process that logs the segment S1, says so, and never comes to its commit."""

import asyncio
import sys
from datetime import UTC, datetime

from sqlalchemy import select

from server.clock import Moment
from server.operations.segments.log_segment import log_segment
from server.rules import sql_functions
from server.settings import Settings
from server.store.database import Database
from server.store.tables import segment


async def log_and_wait(database_url: str) -> None:
    """Log the segment in a unit of work that stays open."""
    database = Database(Settings(database_url=database_url), functions=sql_functions())
    moment = Moment(now=datetime(2026, 11, 23, 12, tzinfo=UTC))
    async with database.write(actor="tests", operation="logSegment", moment=moment) as work:
        result = await log_segment(work, "S1", deliver=False, follow_up=True)
        await work.flush_changes()
        no = await work.connection.scalar(select(segment.c.no).where(segment.c.id == result.follow_up_segment_id))
        sys.stdout.write(f"{result.entries} interactions and the follow-up {no} are written\n")
        sys.stdout.flush()
        await asyncio.sleep(600)


if __name__ == "__main__":
    asyncio.run(log_and_wait(sys.argv[1]))

"""The queue of deliveries beside others, and at size."""

import asyncio
from collections.abc import AsyncIterator, Collection
from typing import Any

import pytest
from sqlalchemy import insert

from server.clock import Moment
from server.operations.interactions.deliveries import claim_deliveries, confirm_deliveries, queue_deliveries
from server.operations.segments.logged_segments import set_logged_segments_canceled
from server.rules import sql_functions
from server.settings import Settings
from server.store.database import Database
from server.store.tables import change, interaction_log_entry, logged_segment
from tests.operations.conftest import Fetch
from tests.operations.test_segment_plans import plans
from tests.operations.test_selecting import CONTACTS
from tests.operations.worksheets import World

CLAIM: dict[str, Any] = {"limit": 2, "seconds": 60}


async def store_queue(world: World, count: int = 6) -> None:
    """Store a logged segment whose interactions wait to be sent to P1."""

    async def store(work: Any) -> None:
        now = work.moment.now
        row = {"segment_no": "OLD", "description": "x", "created_on": work.moment.today, "created_at": now}
        await work.connection.execute(insert(logged_segment).values(row))
        entry = {"contact_id": 3, "on": work.moment.today, "at": now, "template": "LETTER", "logged_segment_no": 1}
        entry |= {"correspondence_type": "HARD_COPY", "attachment_id": 1, "delivery_status": "IN_PROGRESS"}
        await work.connection.execute(insert(interaction_log_entry), [entry] * count)
        await queue_deliveries(work, interaction_log_entry.c.logged_segment_no == 1)

    await world.begin()
    await world.run(store)


async def queue_of(url: str, moment: Moment) -> AsyncIterator[World]:
    database = Database(Settings(database_url=url), functions=sql_functions())
    world = World(database, moment, CONTACTS)
    await store_queue(world)
    yield world
    await database.close()


@pytest.fixture
async def sqlite_queue(sqlite_url: str, moment: Moment) -> AsyncIterator[World]:
    async for world in queue_of(sqlite_url, moment):
        yield world


@pytest.fixture
async def postgresql_queue(postgresql_url: str, moment: Moment) -> AsyncIterator[World]:
    async for world in queue_of(postgresql_url, moment):
        yield world


async def test_on_postgresql_a_mailer_does_not_wait_for_another_that_is_just_claiming(
    postgresql_queue: World,
) -> None:
    database, moment = postgresql_queue.database, postgresql_queue.moment
    async with database.write(actor="a", operation="test", moment=moment) as first:
        assert await claim_deliveries(first, mailer="a", **CLAIM) == [1, 2]
        async with asyncio.timeout(5):
            async with database.write(actor="b", operation="test", moment=moment) as second:
                assert await claim_deliveries(second, mailer="b", **CLAIM) == [3, 4]


async def test_what_failed_for_good_is_not_read_by_who_claims(sqlite_queue: World) -> None:
    with plans(sqlite_queue.database) as collected:
        claimed = await sqlite_queue.run(claim_deliveries, mailer="a", **CLAIM)
    assert claimed == [1, 2]
    (plan,) = (plan for statement, plan in collected.items() if "FROM delivery" in statement)
    assert "delivery USING INDEX ix_delivery_waiting" in plan
    assert "TEMP B-TREE" not in plan


async def test_canceling_reads_the_interactions_of_the_logged_segment_alone(sqlite_queue: World) -> None:
    with plans(sqlite_queue.database) as collected:
        await sqlite_queue.run(set_logged_segments_canceled, [1], canceled=True)
    (plan,) = (plan for text, plan in collected.items() if text.startswith("UPDATE interaction_log_entry"))
    assert "USING INDEX ix_interaction_log_entry_logged_segment_no" in plan
    assert "SCAN interaction_log_entry" not in plan


@pytest.fixture
async def world(database: Database, moment: Moment) -> World:
    world = World(database, moment, CONTACTS)
    await store_queue(world)
    return world


async def recorded(fetch: Fetch, seq: int) -> Collection[tuple[Any, ...]]:
    rows = await fetch(change, change.c.seq > seq)
    return {(row.object, row.first_id, row.last_id, row.row_count, *(row.fields or ())) for row in rows}


async def test_everything_that_a_mailer_does_is_recorded(world: World, fetch: Fetch) -> None:
    seq = (await fetch(change))[-1].seq
    await world.run(claim_deliveries, mailer="a", **CLAIM)
    assert await recorded(fetch, seq) == {("delivery", 1, 2, 2, "claimed_by")}
    seq = (await fetch(change))[-1].seq
    await world.run(confirm_deliveries, [1, 2], mailer="a")
    assert await recorded(fetch, seq) == {
        ("delivery", 1, 2, 2),
        ("interaction_log_entry", 1, 2, 2, "delivery_status"),
    }


async def test_canceling_a_logged_segment_is_recorded_with_the_range_of_its_interactions(
    world: World, fetch: Fetch
) -> None:
    seq = (await fetch(change))[-1].seq
    await world.run(set_logged_segments_canceled, [1], canceled=True)
    assert await recorded(fetch, seq) == {
        ("logged_segment", 1, 1, 1, "canceled"),
        ("interaction_log_entry", 1, 6, 6, "canceled"),
    }

"""What PostgreSQL is made to promise."""

import asyncio
import time
from collections.abc import Sequence

import psycopg
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from server.errors import BusyError, UnavailableError
from server.settings import Settings
from server.store.database import Database
from server.store.tables import change, mailing_group
from tests.postgresql_cluster import Cluster
from tests.store.writing import ENDLESS, OperationError, codes, put, put_alone, put_then_refuse, unit


async def test_a_late_commit_gets_the_later_number(postgresql_database: Database) -> None:
    async with unit(postgresql_database) as first:
        await put(first, "FIRST")
        await put_alone(postgresql_database, "SECOND")
        seen = await changes_after(postgresql_database, 0)

    assert seen == [(1, "SECOND")]
    assert await changes_after(postgresql_database, 1) == [(2, "FIRST")]


async def test_a_reader_of_the_change_log_skips_nothing(postgresql_database: Database) -> None:
    """Whoever has drawn a number keeps others from drawing the next one until it is committed."""
    async with unit(postgresql_database) as first:
        await put(first, "FIRST")
        await first.flush_changes()
        second = asyncio.create_task(put_alone(postgresql_database, "SECOND"))
        await asyncio.sleep(0.1)

        assert not second.done()
        assert await changes_after(postgresql_database, 0) == []
    await second

    assert await changes_after(postgresql_database, 0) == [(1, "FIRST"), (2, "SECOND")]


async def test_a_follower_of_many_writers_skips_nothing(postgresql_url: str) -> None:
    database = Database(Settings(database_url=postgresql_url, read_connections=8))
    seen: list[tuple[int, str | None]] = []

    async def write(number: int) -> None:
        async with unit(database) as work:
            await put(work, f"A{number}")
            await asyncio.sleep((number * 7 % 5) * 0.002)

    async def follow() -> None:
        while len(seen) < 40:
            seen.extend(await changes_after(database, seen[-1][0] if seen else 0))

    async with asyncio.timeout(10):
        await asyncio.gather(follow(), *(write(number) for number in range(40)))

    assert [seq for seq, _ in seen] == sorted(seq for seq, _ in seen)
    assert {code for _, code in seen} == {f"A{number}" for number in range(40)}
    await database.close()


async def test_a_change_rolled_back_after_its_number_was_drawn(postgresql_database: Database) -> None:
    with pytest.raises(OperationError):
        await put_then_refuse(postgresql_database, "A")
    await put_alone(postgresql_database, "B")

    assert [code for _, code in await changes_after(postgresql_database, 0)] == ["B"]


async def test_a_row_that_another_unit_holds_too_long(postgresql_database: Database) -> None:
    await put_alone(postgresql_database, "A")
    async with unit(postgresql_database) as first:
        await first.connection.execute(update(mailing_group).values(description="first"))
        started = time.monotonic()

        with pytest.raises(BusyError) as caught:
            async with unit(postgresql_database) as second:
                await second.connection.execute(update(mailing_group).values(description="second"))

    assert 0.2 < time.monotonic() - started < 4
    assert caught.value.retry_after == 0.3
    async with postgresql_database.read() as connection:
        assert await connection.scalar(select(mailing_group.c.description)) == "first"


async def test_of_two_units_that_wait_for_each_other_one_is_told_to_come_back(postgresql_url: str) -> None:
    database = Database(Settings(database_url=postgresql_url))
    await put_alone(database, "A")
    await put_alone(database, "B")

    async def describe(*order: str) -> None:
        async with unit(database) as work:
            for code in order:
                statement = update(mailing_group).where(mailing_group.c.code == code).values(description=order[0])
                await work.connection.execute(statement)
                await asyncio.sleep(0.05)

    outcomes = await asyncio.gather(describe("A", "B"), describe("B", "A"), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes if outcome is not None] == [BusyError]
    await database.close()


async def test_units_that_touch_different_rows_run_side_by_side(postgresql_database: Database) -> None:
    async with unit(postgresql_database) as first, unit(postgresql_database) as second:
        await put(first, "A")
        await put(second, "B")
        second._changes.clear()  # or its end would wait for the first one's number

    assert await codes(postgresql_database) == ["A", "B"]


async def test_a_stopped_statement_no_longer_runs_in_the_server(postgresql_database: Database) -> None:
    assert await codes(postgresql_database) == []
    task = asyncio.create_task(run_endlessly(postgresql_database))
    await asyncio.sleep(0.1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    async with postgresql_database.read() as connection:
        others = text("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'WITH RECURSIVE n%'")
        assert await connection.scalar(others) == 0


async def test_work_goes_on_after_idle_connections_were_lost(
    postgresql_database: Database, postgresql_url: str
) -> None:
    await put_alone(postgresql_database, "A")
    assert await codes(postgresql_database) == ["A"]

    terminate_others(postgresql_url)

    await put_alone(postgresql_database, "B")
    assert await codes(postgresql_database) == ["A", "B"]


async def test_a_connection_lost_in_the_middle_of_a_unit(postgresql_database: Database, postgresql_url: str) -> None:
    async def lose() -> None:
        async with unit(postgresql_database) as work:
            await put(work, "A")
            terminate_others(postgresql_url)
            await put(work, "B")

    with pytest.raises(UnavailableError):
        await lose()

    await put_alone(postgresql_database, "C")
    assert await codes(postgresql_database) == ["C"]


async def test_a_connection_lost_before_the_commit(postgresql_database: Database, postgresql_url: str) -> None:
    async def lose() -> None:
        async with unit(postgresql_database) as work:
            await put(work, "A")
            await work.flush_changes()
            terminate_others(postgresql_url)

    with pytest.raises(UnavailableError):
        await lose()

    assert await codes(postgresql_database) == []


@pytest.mark.parametrize("url", ["postgresql://tests@127.0.0.1:9/tessera", "postgresql://tests@no.invalid/tessera"])
async def test_a_server_that_cannot_be_reached(url: str) -> None:
    database = Database(Settings(database_url=url))

    with pytest.raises(UnavailableError):
        await codes(database)
    with pytest.raises(UnavailableError):
        await put_alone(database, "A")

    await database.close()


async def test_a_database_that_does_not_exist(cluster: Cluster) -> None:
    database = Database(Settings(database_url=cluster.url("nowhere")))

    with pytest.raises(UnavailableError):
        await codes(database)

    await database.close()


async def test_isolation(postgresql_database: Database) -> None:
    level = text("SHOW transaction_isolation")
    async with postgresql_database.read() as connection:
        assert await connection.scalar(level) == "repeatable read"
        assert await connection.scalar(text("SHOW transaction_read_only")) == "on"
    async with unit(postgresql_database) as work:
        assert await work.connection.scalar(level) == "read committed"


async def test_a_defect_in_sql_passes_as_it_is(postgresql_database: Database) -> None:
    with pytest.raises(DBAPIError, match="no_such_table"):
        async with postgresql_database.read() as connection:
            await connection.execute(text("SELECT * FROM no_such_table"))


async def run_endlessly(database: Database) -> None:
    async with database.read() as connection:
        await connection.execute(ENDLESS)


async def changes_after(database: Database, seq: int) -> Sequence[tuple[int, str | None]]:
    """Return what a follower of the change log, who has seen everything up to ``seq``, sees next."""
    async with database.read() as connection:
        rows = await connection.execute(
            select(change.c.seq, change.c.object_code).where(change.c.seq > seq).order_by(change.c.seq)
        )
        return [(row.seq, row.object_code) for row in rows]


def terminate_others(database_url: str) -> None:
    """End every other connection to the database, and wait until they are gone."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(f"SELECT pg_terminate_backend(pid) {others}".encode())
        while connection.execute(f"SELECT count(*) {others}".encode()).fetchone() != (0,):
            time.sleep(0.01)

"""What holds on both databases."""

import asyncio
import time

import anyio
import pytest
from sqlalchemy import delete, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from server.errors import BusyError, ConflictError, DeadlineExceededError, UnavailableError
from server.settings import Settings
from server.store.database import Database
from server.store.tables import contact, contact_mailing_group, mailing_group
from server.store.unit_of_work import UnitOfWork
from tests.store.writing import (
    ENDLESS,
    MOMENT,
    OperationError,
    change_count,
    codes,
    put,
    put_alone,
    put_then_refuse,
    put_then_run_endlessly,
    unit,
)


async def test_a_unit_of_work_is_committed_when_its_block_ends(database: Database) -> None:
    async with unit(database) as work:
        await put(work, "A")
        await put(work, "B")

    assert await codes(database) == ["A", "B"]
    assert work.seq == 2
    assert await change_count(database) == 2


async def test_a_unit_of_work_that_raises_leaves_nothing(database: Database) -> None:
    with pytest.raises(OperationError):
        await put_then_refuse(database, "A")

    assert await codes(database) == []
    assert await change_count(database) == 0


async def test_a_unit_of_work_that_changes_nothing_records_nothing(database: Database) -> None:
    async with unit(database) as work:
        pass

    assert work.seq == 0
    assert await change_count(database) == 0


async def test_a_reader_keeps_its_snapshot_while_others_write(database: Database) -> None:
    every_code = select(mailing_group.c.code)
    async with database.read() as connection:
        before = (await connection.scalars(every_code)).all()

        await put_alone(database, "A")

        assert before == (await connection.scalars(every_code)).all() == []
    assert await codes(database) == ["A"]


async def test_a_reader_is_not_held_up_by_a_write(database: Database) -> None:
    async with unit(database) as work:
        await put(work, "A")

        assert await codes(database) == []


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises((DBAPIError, UnavailableError)):
        async with database.read() as connection:
            await connection.execute(insert(mailing_group).values(code="A"))

    assert await codes(database) == []


async def test_concurrent_units_lose_no_update(database: Database) -> None:
    async def raise_the_number() -> None:
        async with unit(database) as work:
            await work.connection.execute(
                text("UPDATE number_series SET last_number = last_number + 1 WHERE code = 'CONTACT'")
            )
            work.record("number_series", code="CONTACT")

    await asyncio.gather(*(raise_the_number() for _ in range(20)))

    async with database.read() as connection:
        assert await connection.scalar(text("SELECT last_number FROM number_series WHERE code = 'CONTACT'")) == 20
    assert await change_count(database) == 20


async def test_a_taken_key_is_a_conflict(database: Database) -> None:
    await put_alone(database, "A")

    with pytest.raises(ConflictError):
        await put_alone(database, "A")

    assert await change_count(database) == 1


async def test_a_reference_to_nothing_is_a_conflict(database: Database) -> None:
    with pytest.raises(ConflictError):
        async with unit(database) as work:
            await work.connection.execute(insert(contact_mailing_group).values(contact_id=1, code="NONE"))


async def test_deleting_what_is_referred_to_is_a_conflict(database: Database) -> None:
    async with unit(database) as work:
        await put(work, "A")
        person = insert(contact).values(no="CT1", type="PERSON", created_at=MOMENT.now, modified_at=MOMENT.now)
        contact_id = await work.connection.scalar(person.returning(contact.c.id))
        await work.connection.execute(insert(contact_mailing_group).values(contact_id=contact_id, code="A"))

    with pytest.raises(ConflictError):
        async with unit(database) as work:
            await work.connection.execute(delete(mailing_group))

    assert await codes(database) == ["A"]


async def test_a_value_that_the_schema_forbids_is_a_defect(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with unit(database) as work:
            await work.connection.execute(
                insert(contact).values(no="CT1", type="ROBOT", created_at=MOMENT.now, modified_at=MOMENT.now)
            )


async def test_a_defect_does_not_show_the_parameters(database: Database) -> None:
    with pytest.raises(IntegrityError) as caught:
        async with unit(database) as work:
            await work.connection.execute(
                insert(contact).values(no="secret", type="ROBOT", created_at=MOMENT.now, modified_at=MOMENT.now)
            )

    assert "secret" not in str(caught.value).split("DETAIL", maxsplit=1)[0]
    assert "ROBOT" not in str(caught.value).split("DETAIL", maxsplit=1)[0]


async def test_a_hidden_failure_spoils_the_unit(database: Database) -> None:
    await put_alone(database, "A")

    async def hide() -> None:
        async with unit(database) as work:
            with pytest.raises(IntegrityError):
                await put(work, "A")

    with pytest.raises(RuntimeError, match="after a failed statement"):
        await hide()

    assert await change_count(database) == 1


async def test_a_savepoint_lets_a_unit_go_on_after_a_failure(database: Database) -> None:
    await put_alone(database, "A")

    async with unit(database) as work:
        with pytest.raises(IntegrityError):
            async with work.connection.begin_nested():
                await put(work, "A")
        await put(work, "B")

    assert await codes(database) == ["A", "B"]


async def test_a_read_is_stopped_at_its_deadline(impatient_database: Database) -> None:
    started = time.monotonic()
    for _ in range(3):
        with pytest.raises(DeadlineExceededError):
            async with impatient_database.read() as connection:
                await connection.execute(ENDLESS)

    assert time.monotonic() - started < 4
    assert await codes(impatient_database) == []


async def test_each_statement_has_the_whole_deadline(impatient_database: Database) -> None:
    async with impatient_database.read() as connection:
        await connection.execute(select(mailing_group))
        await asyncio.sleep(0.4)
        count = text(
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100000) SELECT max(x) FROM n"
        )

        assert await connection.scalar(count) == 100_000


async def test_a_write_stopped_at_its_deadline_changes_nothing(impatient_database: Database) -> None:
    with pytest.raises(DeadlineExceededError):
        await put_then_run_endlessly(impatient_database)

    assert await codes(impatient_database) == []
    await put_alone(impatient_database, "B")
    assert await codes(impatient_database) == ["B"]


async def test_a_unit_that_hides_a_passed_deadline_changes_nothing(impatient_database: Database) -> None:
    """SQLite rolls back at once and would commit each later statement by itself; PostgreSQL would refuse them."""

    async def hide() -> None:
        async with unit(impatient_database) as work:
            await work.connection.execute(insert(mailing_group).values(code="A"))
            with pytest.raises(DBAPIError):
                await work.connection.execute(ENDLESS)

    with pytest.raises(RuntimeError, match="after a failed statement"):
        await hide()

    assert await codes(impatient_database) == []


async def test_readers_beyond_the_connections_are_told_to_come_back(database_url: str) -> None:
    database = Database(Settings(database_url=database_url, read_connections=2, write_wait=0.2))
    async with database.read() as first, database.read() as second:
        await first.execute(select(mailing_group))
        await second.execute(select(mailing_group))

        with pytest.raises(BusyError) as caught:
            await codes(database)

    assert caught.value.retry_after == 0.2
    assert await codes(database) == []
    await database.close()


@pytest.mark.parametrize("times", [1, 5], ids=["once", "again and again"])
async def test_cancelling_a_read_frees_its_connection(database: Database, settings: Settings, times: int) -> None:
    async def read() -> None:
        async with database.read() as connection:
            await connection.execute(ENDLESS)

    assert await codes(database) == []
    started = time.monotonic()
    for _ in range(times * settings.read_connections):
        task = asyncio.create_task(read())
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    assert await codes(database) == []
    assert time.monotonic() - started < 3


async def test_cancelling_a_unit_stops_its_statement_and_leaves_nothing(database: Database) -> None:
    await put_alone(database, "0")
    task = asyncio.create_task(put_then_run_endlessly(database))
    await asyncio.sleep(0.1)
    started = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    await put_alone(database, "B")

    assert time.monotonic() - started < 2
    assert await codes(database) == ["0", "B"]


async def test_a_cancelled_scope_stops_its_statement_and_leaves_nothing(database: Database) -> None:
    """Scopes of anyio, in which Starlette runs requests, cancel every wait again until the task has left."""
    await put_alone(database, "0")
    with anyio.move_on_after(0.1) as scope:
        await put_then_run_endlessly(database)
    assert scope.cancelled_caught
    started = time.monotonic()

    await put_alone(database, "B")

    assert time.monotonic() - started < 2
    assert await codes(database) == ["0", "B"]


async def test_cancelling_a_unit_between_statements_leaves_nothing(database: Database) -> None:
    with anyio.move_on_after(0.05) as scope:
        async with unit(database) as work:
            await put(work, "A")
            await asyncio.sleep(60)
    assert scope.cancelled_caught

    await put_alone(database, "B")

    assert await codes(database) == ["B"]


async def test_units_cancelled_at_any_time_are_whole_or_absent(database: Database) -> None:
    async def write(number: int) -> None:
        async with unit(database) as work:
            await put(work, f"A{number}")
            await put(work, f"B{number}")

    for number in range(40):
        task = asyncio.create_task(write(number))
        await asyncio.sleep(number * 0.0003)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await put_alone(database, "C")

    written = await codes(database)
    assert {code[1:] for code in written if code[0] == "A"} == {code[1:] for code in written if code[0] == "B"}
    assert await change_count(database) == len(written)


async def test_cancelling_the_first_connection_leaves_the_database_usable(settings: Settings) -> None:
    for step in range(12):
        database = Database(settings)
        task = asyncio.create_task(codes(database))
        await asyncio.sleep(step * 0.003)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

        assert await codes(database) == []
        await database.close()


async def test_a_closed_database_can_be_used_again(database: Database) -> None:
    await put_alone(database, "A")
    await database.close()

    assert await codes(database) == ["A"]


async def test_a_change_says_who_did_what(database: Database) -> None:
    async with database.write(actor="anna", operation="updateContact", moment=MOMENT) as work:
        await record_everything(work)

    async with database.read() as connection:
        rows = (await connection.execute(text("SELECT * FROM change ORDER BY seq"))).mappings().all()
        instants = (await connection.scalars(select(text("seq")).select_from(text("change")))).all()
    assert len(instants) == 2
    assert [(row["actor"], row["operation"], row["object"]) for row in rows] == [
        ("anna", "updateContact", "contact"),
        ("anna", "updateContact", "segment_line"),
    ]
    assert [row["object_id"] for row in rows] == [7, None]
    assert [row["old_company_id"] for row in rows] == [3, None]
    assert [(row["first_id"], row["last_id"], row["row_count"]) for row in rows] == [(None, None, 1), (10, 90, 9)]


async def record_everything(work: UnitOfWork) -> None:
    work.record("contact", 7, fields=["name", "company_no"], old_company_id=3)
    work.record("segment_line", ids=(10, 90), row_count=9, cause="refresh")

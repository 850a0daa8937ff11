"""What SQLite is made to promise."""

import asyncio
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from server.errors import BusyError, UnavailableError
from server.migrations import migrate
from server.settings import Settings
from server.store.addresses import database_address, sqlite_file
from server.store.database import Database
from server.store.engines import SqlFunctions
from tests.store.writing import change_count, codes, put, put_alone, unit


@pytest.mark.parametrize("writes", [False, True], ids=["reader", "writer"])
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("journal_size_limit", 64 * 1024 * 1024)],
)
async def test_pragmas(sqlite_database: Database, pragma: str, value: object, writes: bool) -> None:
    if writes:
        async with unit(sqlite_database) as work:
            assert await work.connection.scalar(text(f"PRAGMA {pragma}")) == value
    else:
        async with sqlite_database.read() as connection:
            assert await connection.scalar(text(f"PRAGMA {pragma}")) == value


async def test_a_unit_takes_the_lock_of_the_file_when_it_begins(sqlite_database: Database, sqlite_url: str) -> None:
    other = opened(sqlite_url)
    async with unit(sqlite_database):
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")

    other.execute("BEGIN IMMEDIATE")
    other.close()


async def test_units_of_one_process_take_turns_in_order(sqlite_url: str) -> None:
    database = Database(Settings(database_url=sqlite_url))
    order: list[int] = []

    async def write(number: int) -> None:
        async with unit(database) as work:
            await put(work, f"A{number}")
            await asyncio.sleep(0.01)
            await put(work, f"B{number}")
            order.append(number)

    await asyncio.gather(*(write(number) for number in range(5)))

    assert order == [0, 1, 2, 3, 4]
    assert await change_count(database) == 10
    await database.close()


async def test_a_unit_that_waits_too_long_for_its_turn_is_told_to_come_back(sqlite_database: Database) -> None:
    async with unit(sqlite_database) as work:
        await put(work, "A")
        started = time.monotonic()

        with pytest.raises(BusyError) as caught:
            await put_alone(sqlite_database, "B")

        assert 0.2 < time.monotonic() - started < 4
        assert caught.value.retry_after == 0.3
    assert await codes(sqlite_database) == ["A"]
    await put_alone(sqlite_database, "B")


async def test_another_process_that_holds_the_lock_too_long(sqlite_database: Database, sqlite_url: str) -> None:
    other = opened(sqlite_url)
    other.execute("BEGIN IMMEDIATE")
    started = time.monotonic()

    with pytest.raises(BusyError) as caught:
        await put_alone(sqlite_database, "A")

    assert 0.2 < time.monotonic() - started < 4
    assert caught.value.retry_after == 0.3
    other.execute("COMMIT")
    await put_alone(sqlite_database, "A")
    assert await codes(sqlite_database) == ["A"]
    other.close()


async def test_a_unit_starts_as_soon_as_another_process_is_done(sqlite_url: str) -> None:
    database = Database(Settings(database_url=sqlite_url, write_wait=5))
    other = opened(sqlite_url)
    other.execute("BEGIN IMMEDIATE")
    task = asyncio.create_task(put_alone(database, "A"))
    await asyncio.sleep(0.3)
    started = time.monotonic()

    other.execute("COMMIT")
    await task

    assert time.monotonic() - started < 2
    other.close()
    await database.close()


async def test_another_process_that_writes_without_pause_does_not_starve_us(sqlite_url: str) -> None:
    """SQLite's own waiting sleeps up to 100 ms between tries and may lose for as long as it likes."""
    database = Database(Settings(database_url=sqlite_url))
    stop = threading.Event()

    def write_without_pause() -> None:
        other = opened(sqlite_url)
        other.execute("PRAGMA busy_timeout = 5000")
        while not stop.is_set():
            other.execute("BEGIN IMMEDIATE")
            other.execute("UPDATE number_series SET last_number = last_number + 1")
            time.sleep(0.005)
            other.execute("COMMIT")
            time.sleep(0.0005)
        other.close()

    writer = threading.Thread(target=write_without_pause)
    writer.start()
    try:
        for number in range(5):
            await put_alone(database, f"A{number}")
    finally:
        stop.set()
        writer.join()

    assert len(await codes(database)) == 5
    await database.close()


async def test_cancelling_a_unit_that_waits_for_its_turn_leaks_nothing(sqlite_database: Database) -> None:
    async with unit(sqlite_database) as work:
        await put(work, "A")
        waiting = [asyncio.create_task(put_alone(sqlite_database, f"B{number}")) for number in range(3)]
        await asyncio.sleep(0.05)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    await put_alone(sqlite_database, "C")

    assert await codes(sqlite_database) == ["A", "C"]


async def test_a_unit_that_waits_for_another_process_can_be_cancelled(sqlite_url: str) -> None:
    database = Database(Settings(database_url=sqlite_url, write_wait=5))
    other = opened(sqlite_url)
    other.execute("BEGIN IMMEDIATE")
    task = asyncio.create_task(put_alone(database, "A"))
    await asyncio.sleep(0.1)
    started = time.monotonic()

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert time.monotonic() - started < 2
    other.execute("COMMIT")
    await put_alone(database, "B")
    assert await codes(database) == ["B"]
    other.close()
    await database.close()


async def test_closing_ends_every_thread(sqlite_url: str) -> None:
    before = set(threading.enumerate())
    database = Database(Settings(database_url=sqlite_url))
    await put_alone(database, "A")
    await asyncio.gather(*(codes(database) for _ in range(4)))
    ours = set(threading.enumerate()) - before
    assert ours

    await database.close()

    for thread in ours:
        thread.join(timeout=1)
    assert not any(thread.is_alive() for thread in ours)


async def test_the_last_to_close_leaves_one_file(sqlite_url: str) -> None:
    database = Database(Settings(database_url=sqlite_url))
    await put_alone(database, "A")

    await database.close()

    file = file_of(sqlite_url)
    assert names_in(file.parent) == [file.name]


async def test_functions_of_the_rules_are_there_for_readers_and_writers(sqlite_url: str) -> None:
    functions: SqlFunctions = {"doubled": (1, lambda number: number * 2)}
    database = Database(Settings(database_url=sqlite_url), functions=functions)

    async with database.read() as connection:
        assert await connection.scalar(text("SELECT doubled(21)")) == 42
    async with unit(database) as work:
        assert await work.connection.scalar(text("SELECT doubled(4)")) == 8
    await database.close()


async def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    database = Database(Settings(database_url=f"sqlite:///{tmp_path}/none.db"))

    with pytest.raises(UnavailableError, match="tessera migrate"):
        await codes(database)

    assert names_in(tmp_path) == []
    await database.close()


async def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_text("Dear Sir or Madam, " * 100)
    database = Database(Settings(database_url=f"sqlite:///{file}"))

    with pytest.raises(UnavailableError):
        await codes(database)

    await database.close()


@pytest.mark.parametrize("name", ["with space.db", "50%.db", "a?b=c.db", "a#b.db", "über.db"])
async def test_file_names(tmp_path: Path, sqlite_template: Path, name: str) -> None:
    shutil.copyfile(sqlite_template, tmp_path / name)
    url = database_address("sqlite:///x").set(database=str(tmp_path / name))
    settings = Settings(database_url=url.render_as_string())
    database = Database(settings)

    await put_alone(database, "A")

    assert await codes(database) == ["A"]
    await database.close()
    migrate(settings)
    assert names_in(tmp_path) == [name]


async def test_what_was_acknowledged_survives_the_death_of_the_process(sqlite_url: str) -> None:
    acknowledged: list[str] = []
    for first in (0, 100_000, 200_000):
        acknowledged += killed_while_writing(sqlite_url, first)

    written = opened(sqlite_url)
    left = {code for (code,) in written.execute("SELECT code FROM mailing_group WHERE code LIKE 'A%'")}
    right = {
        code for (code,) in written.execute("SELECT 'A' || substr(code, 2) FROM mailing_group WHERE code LIKE 'B%'")
    }
    assert len(acknowledged) >= 60
    assert left >= set(acknowledged)
    assert left == right
    assert written.execute("SELECT count(*) FROM change").fetchone() == (2 * len(left),)
    assert written.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    written.close()
    database = Database(Settings(database_url=sqlite_url))
    await put_alone(database, "C")
    await database.close()


def killed_while_writing(database_url: str, first: int) -> list[str]:
    """Start a process that writes, kill it in the middle, and return what it was told is committed."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "tests.store.writing_process", database_url, str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root, text=True) as process:
        assert process.stdout
        lines = [process.stdout.readline().strip() for _ in range(20)]
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.read().splitlines()
    assert process.returncode == -signal.SIGKILL
    return lines


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def file_of(database_url: str) -> Path:
    file = sqlite_file(database_address(database_url))
    assert file
    return file


def opened(database_url: str) -> sqlite3.Connection:
    """Open the file as another process would, without patience and without transactions of Python's own."""
    return sqlite3.connect(file_of(database_url), isolation_level=None, timeout=0, check_same_thread=False)

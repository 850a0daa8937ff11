"""Connections: how each database is opened, and the watch that stops statements and notices failed ones."""

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Engine, event
from sqlalchemy.engine import Connection, ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry

from server.errors import UnavailableError
from server.settings import Settings
from server.store.addresses import sqlite_file

SqlFunctions = Mapping[str, tuple[int, Callable[..., Any]]]
"""Functions that SQL may call on SQLite: name → (number of arguments, deterministic Python function)."""

_STEPS_BETWEEN_LOOKS = 20_000
"""SQLite virtual-machine steps after which the watch is looked at: about a millisecond."""

_IDLE_SECONDS = 600
"""How long PostgreSQL lets a transaction of ours stand still; it may hold locks of a process that hangs."""

_WATCH = "watch"
_NEVER = float("inf")
_AT_ONCE = float("-inf")


class Watch:
    """What is known of the statement that runs on a connection, and of those before it in the transaction.

    Attributes:
        expires: reading of the monotonic clock at which SQLite stops the statement.
        failed: a statement failed, and no savepoint has undone it: what follows in the transaction would be lost.
    """

    def __init__(self) -> None:
        self.expires = _NEVER
        self.failed = False

    def passed(self) -> bool:
        """Tell SQLite whether to stop."""
        return time.monotonic() > self.expires


def watch_of(connection: AsyncConnection | Connection) -> Watch:
    """Return the watch of a connection of ours."""
    sync = connection if isinstance(connection, Connection) else connection.sync_connection
    watch = None if sync is None else sync.info.get(_WATCH)
    if not isinstance(watch, Watch):
        msg = "the connection is not one of the store's"
        raise TypeError(msg)
    return watch


def sqlite_engine(address: URL, settings: Settings, functions: SqlFunctions, *, writes: bool) -> AsyncEngine:
    """Open an existing file for reading, or with the one connection that writes.

    A writer does not wait for the file's lock inside SQLite: the caller does, so that it can be cancelled.
    """
    file = address.set(
        drivername="sqlite+aiosqlite",
        database=f"file:{quote(address.database or '')}",
        query={"mode": "rw", "uri": "true"},
    )
    engine = create_async_engine(
        file,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1 if writes else settings.read_connections,
        max_overflow=0,
        pool_timeout=settings.write_wait,
        hide_parameters=True,
        connect_args={"isolation_level": None},
    )
    pragmas = (
        f"busy_timeout={int(settings.write_wait * 1000)}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "journal_size_limit=67108864",
        "cache_size=-65536",
        "temp_store=FILE",  # sorting a million lines to be logged in memory takes 400 MiB, and no less time
        "busy_timeout=0" if writes else "query_only=ON",
    )

    path = sqlite_file(address)

    @event.listens_for(engine.sync_engine, "do_connect")
    def refuse_missing(*_: object) -> None:
        if path is None or not path.is_file():
            msg = f"There is no database at {path}; “tessera migrate” creates it."
            raise UnavailableError(msg)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        watch = record.info[_WATCH] = Watch()

        async def install(driver: Any) -> None:
            for pragma in pragmas:
                await driver.execute_fetchall(f"PRAGMA {pragma}")
            await driver.set_progress_handler(watch.passed, _STEPS_BETWEEN_LOOKS)
            for name, (arguments, function) in functions.items():
                await driver.create_function(name, arguments, function, deterministic=True)

        try:
            connection.run_async(install)
        except BaseException:
            connection.close()  # or its thread would stay
            raise

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    _watch_statements(engine.sync_engine, settings.write_deadline if writes else settings.read_deadline)
    return engine


def postgresql_engine(address: URL, settings: Settings, *, writes: bool) -> AsyncEngine:
    """Open a database for reading or for writing; it keeps the deadlines itself."""
    deadline = settings.write_deadline if writes else settings.read_deadline
    options = {
        "statement_timeout": f"{int(deadline * 1000)}ms",
        "lock_timeout": f"{int(settings.write_wait * 1000)}ms",
        "idle_in_transaction_session_timeout": f"{_IDLE_SECONDS}s",
        "default_transaction_read_only": "off" if writes else "on",
        "jit": "off",
        "timezone": "UTC",
        "work_mem": "64MB",
    }
    engine = create_async_engine(
        address.set(drivername="postgresql+psycopg"),
        pool_size=settings.read_connections,
        max_overflow=0,
        pool_timeout=settings.write_wait,
        pool_pre_ping=True,
        hide_parameters=True,
        isolation_level="READ COMMITTED" if writes else "REPEATABLE READ",
        connect_args={"options": " ".join(f"-c {name}={value}" for name, value in options.items())},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(_: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        record.info[_WATCH] = Watch()

    _watch_statements(engine.sync_engine, _NEVER)
    return engine


def _watch_statements(engine: Engine, deadline: float) -> None:
    """Set the watch before each statement and read it after; ``deadline`` in seconds."""

    @event.listens_for(engine, "before_cursor_execute")
    def start(connection: Connection, *_: object) -> None:
        watch_of(connection).expires = time.monotonic() + deadline

    @event.listens_for(engine, "after_cursor_execute")
    def finish(connection: Connection, *_: object) -> None:
        watch_of(connection).expires = _NEVER

    @event.listens_for(engine, "handle_error")
    def fail(context: ExceptionContext) -> None:
        connection = context.connection
        if connection is None or connection.closed or connection.invalidated:
            return
        watch = watch_of(connection)
        watch.failed = True
        # A cancelled task no longer waits for its statement, which would hold the database until it ends by itself.
        watch.expires = _NEVER if isinstance(context.original_exception, Exception) else _AT_ONCE

    @event.listens_for(engine, "rollback_savepoint")
    def forgive(connection: Connection, *_: object) -> None:
        watch_of(connection).failed = False

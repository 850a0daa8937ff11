"""The store as the rest of Tessera uses it: many readers, one writer, and a deadline for every statement.

On SQLite the server is the file's only steady writer: a lock inside the process orders the units of work, and each
begins with ``BEGIN IMMEDIATE``, so it never fails half-way for want of the file's lock. On PostgreSQL the database
does both.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.clock import Moment
from server.errors import BusyError
from server.settings import Settings
from server.store.addresses import database_address
from server.store.engines import SqlFunctions, postgresql_engine, sqlite_engine, watch_of
from server.store.translation import is_lock_refusal, translated_errors
from server.store.unit_of_work import UnitOfWork

_SECONDS_BETWEEN_TRIES = 0.003
"""How often a writer asks for SQLite's lock that another process holds; short, or that process starves it."""


class Database:
    """One store, opened for one process; connections are made when they are needed.

    Attributes:
        dialect: ``sqlite`` or ``postgresql``.
    """

    def __init__(self, settings: Settings, *, functions: SqlFunctions | None = None) -> None:
        address = database_address(settings.database_url)
        self.dialect = address.get_backend_name()
        self._wait = settings.write_wait
        self._writer_lock = asyncio.Lock()
        self._scans = asyncio.Semaphore(settings.scans)
        if self.dialect == "sqlite":
            self._reader = sqlite_engine(address, settings, functions or {}, writes=False)
            self._writer = sqlite_engine(address, settings, functions or {}, writes=True)
        else:
            self._reader = postgresql_engine(address, settings, writes=False)
            self._writer = postgresql_engine(address, settings, writes=True)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection that sees one snapshot of the data, taken at its first statement, and cannot write.

        Raises: BusyError when no connection comes free within ``Settings.write_wait``; DeadlineExceededError when a
        statement runs longer than ``Settings.read_deadline``; UnavailableError when the database cannot be reached.
        """
        with translated_errors(self._wait):
            async with self._reader.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self, *, actor: str, operation: str, moment: Moment) -> AsyncIterator[UnitOfWork]:
        """Yield a unit of work: committed when the block ends, rolled back whole when it raises.

        A statement that failed spoils the unit, because both databases would drop what follows without a word: an
        operation that goes on after an error wraps the statement in ``connection.begin_nested()``.

        Raises: BusyError when another write holds the store longer than ``Settings.write_wait``; ConflictError when
        a key is taken or gone; DeadlineExceededError when a statement runs longer than ``Settings.write_deadline``;
        UnavailableError when the database cannot be reached; RuntimeError when the block hid a failed statement.
        """
        end = time.monotonic() + self._wait
        async with self._turn(end):
            with translated_errors(self._wait):
                async with self._writer.connect() as connection:
                    await self._begin(connection, end)
                    work = UnitOfWork(connection, actor=actor, operation=operation, moment=moment)
                    yield work
                    await work.flush_changes()
                    if watch_of(connection).failed:
                        msg = f"{operation} went on after a failed statement outside a savepoint"
                        raise RuntimeError(msg)
                    await connection.commit()

    @asynccontextmanager
    async def scan(self) -> AsyncIterator[None]:
        """Take one of the few turns for work that goes through everything, so that other readers keep theirs.

        Raises: BusyError when no turn comes within ``Settings.write_wait``.
        """
        async with self._turn_at(self._scans, self._wait, "Other scans are running; try again."):
            yield

    async def close(self) -> None:
        """Give every connection back to the system."""
        await self._reader.dispose()
        await self._writer.dispose()

    @asynccontextmanager
    async def _turn(self, end: float) -> AsyncIterator[None]:
        """Wait for the process's turn to write until ``end`` of the monotonic clock; only SQLite needs it."""
        if self.dialect != "sqlite":
            yield
            return
        refusal = f"Another change has been running for more than {self._wait:g} seconds; try again."
        async with self._turn_at(self._writer_lock, end - time.monotonic(), refusal):
            yield

    @asynccontextmanager
    async def _turn_at(
        self, lock: asyncio.Lock | asyncio.Semaphore, seconds: float, refusal: str
    ) -> AsyncIterator[None]:
        """Hold the lock; raise BusyError with the message when it does not come free in time."""
        try:
            async with asyncio.timeout(seconds):
                await lock.acquire()
        except TimeoutError as error:
            raise BusyError(refusal, retry_after=self._wait) from error
        try:
            yield
        finally:
            lock.release()

    async def _begin(self, connection: AsyncConnection, end: float) -> None:
        """Begin the transaction, asking for SQLite's lock until ``end`` while another process holds it."""
        while True:
            try:
                await connection.begin()
            except DBAPIError as error:
                if not is_lock_refusal(error) or time.monotonic() >= end:
                    raise
            else:
                watch_of(connection).failed = False
                return
            await asyncio.sleep(_SECONDS_BETWEEN_TRIES)

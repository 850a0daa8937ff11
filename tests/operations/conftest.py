"""Run one operation in a unit of work of its own; a refusal must leave every table as it was."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import pytest
from sqlalchemy import Row, Table, insert, select

from server.clock import Moment
from server.errors import ErrorCode, TesseraError
from server.store.database import Database
from server.store.tables import metadata

Operation = Callable[..., Awaitable[Any]]


class Run(Protocol):
    """Run an operation and return its result."""

    async def __call__(self, operation: Operation, *arguments: Any, **keywords: Any) -> Any: ...


class Refuse(Protocol):
    """Run an operation that must be refused with this code and path, and check that nothing changed."""

    async def __call__(
        self, code: str, path: tuple[Any, ...], operation: Operation, *arguments: Any, **keywords: Any
    ) -> TesseraError: ...


class Fetch(Protocol):
    """Return the rows of a table that meet the conditions, in the order of its key."""

    async def __call__(self, table: Table, *conditions: Any) -> list[Row[Any]]: ...


class Store(Protocol):
    """Insert rows without an operation."""

    async def __call__(self, table: Table, *rows: Mapping[str, Any]) -> None: ...


@pytest.fixture
def run(database: Database, moment: Moment) -> Run:
    async def run_one(operation: Operation, *arguments: Any, **keywords: Any) -> Any:
        async with database.write(actor="ann", operation=operation.__name__, moment=moment) as work:
            return await operation(work, *arguments, **keywords)

    return run_one


@pytest.fixture
def fetch(database: Database) -> Fetch:
    async def fetch_rows(table: Table, *conditions: Any) -> list[Row[Any]]:
        async with database.read() as connection:
            statement = select(table).where(*conditions).order_by(*table.primary_key.columns)
            return list((await connection.execute(statement)).all())

    return fetch_rows


@pytest.fixture
def store(database: Database, moment: Moment) -> Store:
    async def store_rows(table: Table, *rows: Mapping[str, Any]) -> None:
        async with database.write(actor="test", operation="test", moment=moment) as work:
            await work.connection.execute(insert(table), list(rows))

    return store_rows


@pytest.fixture
def refuse(run: Run, fetch: Fetch) -> Refuse:
    async def everything() -> dict[str, list[Row[Any]]]:
        return {table.name: await fetch(table) for table in metadata.sorted_tables}

    async def refuse_one(
        code: str, path: tuple[Any, ...], operation: Operation, *arguments: Any, **keywords: Any
    ) -> TesseraError:
        before = await everything()
        with pytest.raises(TesseraError) as refusal:
            await run(operation, *arguments, **keywords)
        assert (refusal.value.code, refusal.value.path) == (ErrorCode(code), path), refusal.value.message
        assert await everything() == before
        return refusal.value

    return refuse_one

"""Ask the running server as a client does; a refusal must leave every table as it was."""

from typing import Any, Protocol

import pytest
from sqlalchemy import Row, select

from server.clock import Moment
from server.store.database import Database
from server.store.tables import metadata
from tests.business_central.given_contacts import Given
from tests.conftest import GraphQL


class Change(Protocol):
    """Run one mutation that must be carried out, and return its payload."""

    async def __call__(self, mutation: str, input: dict[str, Any], select: str = "") -> dict[str, Any]: ...  # noqa: A002


class Refused(Protocol):
    """Run one mutation that must be refused with this code and path (``input.`` left out), and return the message.

    Everything in the database must be as before.
    """

    async def __call__(
        self,
        code: str,
        path: list[Any],
        mutation: str,
        input: dict[str, Any],  # noqa: A002
    ) -> str: ...


async def everything(database: Database) -> dict[str, list[Row[Any]]]:
    """Return every row of every table."""
    async with database.read() as connection:
        return {
            table.name: list((await connection.execute(select(table).order_by(*table.primary_key.columns))).all())
            for table in metadata.sorted_tables
        }


def document(mutation: str, selection: str) -> str:
    """Return the document of a mutation with the variable ``$input``."""
    type_name = f"{mutation[0].upper()}{mutation[1:]}Input"
    errors = "userErrors { code message path }"
    return f"mutation ($input: {type_name}!) {{ {mutation}(input: $input) {{ {selection} {errors} }} }}"


@pytest.fixture
def change(graphql: GraphQL) -> Change:
    async def run(mutation: str, input: dict[str, Any], select: str = "") -> dict[str, Any]:  # noqa: A002
        data = await graphql(document(mutation, select), {"input": input})
        payload: dict[str, Any] = data[mutation]
        assert payload["userErrors"] == []
        return payload

    return run


@pytest.fixture
def refused(graphql: GraphQL, database: Database) -> Refused:
    async def run(code: str, path: list[Any], mutation: str, input: dict[str, Any]) -> str:  # noqa: A002
        before = await everything(database)
        data = await graphql(document(mutation, ""), {"input": input})
        (error,) = data[mutation]["userErrors"]
        assert (error["code"], error["path"]) == (code, ["input", *path]), error["message"]
        assert await everything(database) == before
        message: str = error["message"]
        return message

    return run


@pytest.fixture
def given(database: Database, moment: Moment, graphql: GraphQL) -> Given:
    return Given(database, moment, graphql)

"""What a request shares: one snapshot, renewed after each mutation; refusals change nothing."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from server.clock import Clock
from server.errors import DeadlineExceededError, ErrorCode, InvalidInputError, RefusedError
from server.schema.context import Context
from server.settings import Settings
from server.store.database import Database
from server.store.tables import mailing_group
from tests.conftest import GraphQL


async def count(context: Context) -> int:
    async with context.read() as connection:
        return await connection.scalar(select(func.count()).select_from(mailing_group)) or 0


async def add(database: Database, clock: Clock, code: str) -> None:
    async with database.write(actor="other", operation="x", moment=clock()) as work:
        await work.connection.execute(insert(mailing_group).values(code=code))


async def test_a_request_sees_one_state_until_it_writes(database: Database, settings: Settings, clock: Clock) -> None:
    async with Context(database, settings, clock) as context:
        assert await count(context) == 0
        await add(database, clock, "A")
        assert await count(context) == 0
        async with context.write("createMailingGroup") as work:
            await work.connection.execute(insert(mailing_group).values(code="B"))
        assert await count(context) == 2


async def test_a_refusal_keeps_the_state_that_the_request_sees(
    database: Database, settings: Settings, clock: Clock
) -> None:
    async with Context(database, settings, clock) as context:
        assert await count(context) == 0
        await add(database, clock, "A")
        with pytest.raises(InvalidInputError):
            async with context.read():
                raise InvalidInputError("no")
        assert await count(context) == 0


async def test_a_failed_statement_ends_the_state_and_the_next_read_works(
    database: Database, settings: Settings, clock: Clock
) -> None:
    async with Context(database, settings, clock) as context:
        assert await count(context) == 0
        with pytest.raises(Exception, match="nowhere"):
            async with context.read() as connection:
                await connection.exec_driver_sql("SELECT * FROM nowhere")
        assert await count(context) == 0


async def insert_and_refuse(context: Context) -> None:
    async with context.write("x") as work:
        await work.connection.execute(insert(mailing_group).values(code="A"))
        raise RefusedError(ErrorCode.IN_USE, "no")


async def test_a_refused_write_is_rolled_back(database: Database, settings: Settings, clock: Clock) -> None:
    async with Context(database, settings, clock) as context:
        with pytest.raises(RefusedError):
            await insert_and_refuse(context)
        assert await count(context) == 0


async def test_mutations_of_one_request_follow_each_other(graphql: GraphQL) -> None:
    data = await graphql("""mutation {
      a: createMailingGroup(input: {code: "news", description: "x"}) { mailingGroup { id code } userErrors { code } }
      b: createMailingGroup(input: {code: "NEWS"}) { mailingGroup { id } userErrors { code path place { line } } }
      c: createMailingGroup(input: {code: "press"}) { mailingGroup { code } userErrors { code } }
      d: createContact(input: {type: PERSON, name: "Ada Lovelace", addMailingGroups: ["PRESS"]}) {
        contact { name surname mailingGroups { code } version } userErrors { code path } } }""")

    assert data["a"]["mailingGroup"]["code"] == "NEWS"
    assert data["a"]["userErrors"] == []
    assert data["b"]["mailingGroup"] is None
    (refusal,) = data["b"]["userErrors"]
    assert (refusal["code"], refusal["path"], refusal["place"]) == ("ALREADY_EXISTS", ["input", "code"], None)
    assert data["c"] == {"mailingGroup": {"code": "PRESS"}, "userErrors": []}
    assert data["d"]["userErrors"] == []
    assert data["d"]["contact"]["mailingGroups"] == [{"code": "PRESS"}]


async def test_a_conflict_shows_the_present_version(graphql: GraphQL) -> None:
    created = await graphql('mutation { createContact(input: {type: COMPANY, name: "X"}) { contact { no version } } }')
    no = created["createContact"]["contact"]["no"]

    data = await graphql(
        """mutation ($no: String!) { updateContact(input: {no: $no, name: "Y", expectedVersion: 77}) {
          contact { name } userErrors { code currentVersion retryAfter } } }""",
        {"no": no},
    )

    assert data["updateContact"] == {
        "contact": None,
        "userErrors": [{"code": "CONFLICT", "currentVersion": 1, "retryAfter": None}],
    }


async def test_a_wrong_rule_in_a_mutation_shows_its_place(
    graphql: GraphQL, statements: Callable[[], list[Any]]
) -> None:
    await graphql('mutation { createSegment(input: {no: "S1", description: "x"}) { segment { no } } }')
    statements()
    data = await graphql("""mutation { addContactsToSegment(input: {segmentNo: "SM00001", rule: "cuntry == 1"}) {
      segment { no } userErrors { code path suggestion place { word line column } } } }""")

    assert data["addContactsToSegment"] == {
        "segment": None,
        "userErrors": [
            {
                "code": "RULE_UNKNOWN_SYMBOL",
                "path": ["input", "rule"],
                "suggestion": "country",
                "place": {"word": "cuntry", "line": 1, "column": 1},
            }
        ],
    }
    assert not [statement for statement in statements() if statement.startswith(("INSERT", "UPDATE"))]


async def test_a_request_that_has_read_for_too_long_reads_no_more(
    database: Database, settings: Settings, clock: Clock
) -> None:
    hurried = settings.model_copy(update={"request_deadline": 0.2})
    async with Context(database, hurried, clock) as context:
        assert await count(context) == 0
        await asyncio.sleep(0.3)
        with pytest.raises(DeadlineExceededError):
            await count(context)
        async with context.write("createMailingGroup") as work:
            await work.connection.execute(insert(mailing_group).values(code="B"))
        assert await count(context) == 1

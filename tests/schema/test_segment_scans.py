"""Rules that SQL cannot decide for everybody, on a server that decides at most two contacts one by one."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import Engine, event

from server.clock import Moment
from server.operations.segments.lines import add_lines
from server.settings import Settings
from server.store.database import Database
from tests.conftest import GraphQL
from tests.schema.test_segment_mutations import SET_UP, contacts_of, done, send

RULE = "10 / interaction_count > 1"
"""Fails for contacts without interactions: all five, and SQL cannot tell what rule-engine makes of them."""


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(database_url=database_url, residual_rows=2)


async def test_many_contacts_are_decided_one_by_one_only_when_allowed(graphql: GraphQL) -> None:
    await graphql(SET_UP)
    await done(graphql, "createSegment", no="S")
    (error,) = (await send(graphql, "addContactsToSegment", segmentNo="S", rule=RULE))["userErrors"]
    assert (error["code"], error["path"], error["suggestion"]) == (
        "RULE_NEEDS_SCAN",
        ["input", "rule"],
        "allowScan: true",
    )
    assert error["place"]["word"]
    payload = await done(graphql, "addContactsToSegment", segmentNo="S", rule=RULE, allowScan=True)
    assert (payload["linesAdded"], payload["undecidedCount"]) == (0, 5)


async def test_a_refused_scan_names_the_part_as_typed(graphql: GraphQL) -> None:
    await graphql(SET_UP)
    query = """query ($rule: String!, $parameters: [RuleParameter!]) {
      previewRule(rule: $rule, parameters: $parameters) { count } }"""
    parameters = [{"name": "least", "value": {"number": 987654}}]

    body = await graphql(
        query, {"rule": "minor or 5 / interaction_count > $least", "parameters": parameters}, expect_errors=True
    )

    (error,) = body["errors"]
    assert error["extensions"]["code"] == "RULE_NEEDS_SCAN"
    assert error["extensions"]["place"]["word"] == "5 / interaction_count > $least"
    assert "“5 / interaction_count > $least”" in error["message"]
    assert "987654" not in str(body)


async def test_removing_decides_only_whom_the_segment_holds(graphql: GraphQL) -> None:
    await graphql(SET_UP)
    await done(graphql, "createSegment", no="S")
    await done(graphql, "addSegmentLines", segmentNo="S", contactNos=["BOB", "OUT"])
    payload = await done(graphql, "refineSegment", segmentNo="S", rule=RULE, entireCompanies=True)
    assert (payload["linesRemoved"], payload["undecidedCount"]) == (0, 2)
    await done(graphql, "addSegmentLines", segmentNo="S", contactNos=["ANN"])
    (error,) = (await send(graphql, "reduceSegment", segmentNo="S", rule=RULE, entireCompanies=True))["userErrors"]
    assert error["code"] == "RULE_NEEDS_SCAN"
    assert await contacts_of(graphql, "S") == ["BOB", "OUT", "ANN"]


async def test_saved_criteria_may_need_leave_as_well(graphql: GraphQL) -> None:
    await graphql(SET_UP)
    for no in ("S", "T"):
        await done(graphql, "createSegment", no=no)
    await done(graphql, "addContactsToSegment", segmentNo="S", rule=RULE, allowScan=True)
    await done(graphql, "saveCriteria", segmentNo="S", code="SCAN")
    (error,) = (await send(graphql, "reuseCriteria", segmentNo="T", code="SCAN"))["userErrors"]
    assert (error["code"], error["path"]) == ("RULE_NEEDS_SCAN", ["input", "code"])
    payload = await done(graphql, "reuseCriteria", segmentNo="T", code="SCAN", allowScan=True)
    assert (payload["actionCount"], payload["undecidedCount"]) == (1, 5)


@pytest.fixture
async def residual_read() -> AsyncIterator[asyncio.Event]:
    """Set when somebody looks for the contacts that SQL leaves open."""
    seen, loop = asyncio.Event(), asyncio.get_running_loop()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM contact" in statement and "LIMIT" in statement:
            loop.call_soon_threadsafe(seen.set)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


async def test_a_rule_that_needs_a_scan_only_when_its_turn_comes_is_told_as_typed(
    graphql: GraphQL, database: Database, moment: Moment, residual_read: asyncio.Event
) -> None:
    await graphql(SET_UP)
    await done(graphql, "createSegment", no="S")
    await done(graphql, "addSegmentLines", segmentNo="S", contactNos=["BOB", "OUT"])
    rule = "name != $name\nand 10 / interaction_count > $least"
    values = [{"name": "name", "value": {"text": "a name"}}, {"name": "least", "value": {"number": 1}}]
    async with database.write(actor="other", operation="addSegmentLines", moment=moment) as work:
        residual_read.clear()
        asked = asyncio.create_task(send(graphql, "refineSegment", segmentNo="S", rule=rule, parameters=values))
        await residual_read.wait()  # it has its snapshot, in which two lines stand
        await add_lines(work, "S", ["ANN"])
    (error,) = (await asked)["userErrors"]
    assert (error["code"], error["path"]) == ("RULE_NEEDS_SCAN", ["input", "rule"])
    assert error["place"]["offset"] == rule.index(error["place"]["word"]) > rule.index("\n")

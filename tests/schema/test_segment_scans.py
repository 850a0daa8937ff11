"""Rules that SQL cannot decide for everybody, on a server that decides at most two contacts one by one."""

import pytest

from server.settings import Settings
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

"""A segment at which somebody else works for longer than anybody waits."""

from typing import Any

import pytest

from server.clock import Moment
from server.operations.segments.revisions import hold_segment
from server.settings import Settings
from server.store.database import Database
from tests.business_central.conftest import Change
from tests.business_central.worksheet_people import open_worksheet, pin, standing
from tests.conftest import GraphQL


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(database_url=database_url, write_wait=0.2)


@pytest.fixture(autouse=True)
async def _worksheet(database: Database, moment: Moment, change: Change) -> None:
    await open_worksheet(database, moment, change)


async def reduce(graphql: GraphQL) -> dict[str, Any]:
    errors = "userErrors { code path currentVersion retryAfter }"
    mutation = f'mutation {{ reduceSegment(input: {{segmentNo: "S1", rule: "true"}}) {{ {errors} }} }}'
    payload: dict[str, Any] = (await graphql(mutation))["reduceSegment"]
    return payload


async def test_6_4_while_somebody_else_acts_for_too_long_an_action_is_refused_as_busy(
    graphql: GraphQL, change: Change, database: Database, moment: Moment, settings: Settings
) -> None:
    await pin(change, "ANN")
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await hold_segment(work, "S1")
        answer = await reduce(graphql)
        reading = await standing(graphql)
    (error,) = answer["userErrors"]
    assert error == {"code": "BUSY", "path": [], "currentVersion": None, "retryAfter": settings.write_wait}
    assert reading == ["ANN"], "who only reads does not wait"
    assert (await reduce(graphql))["userErrors"] == []
    assert await standing(graphql) == []

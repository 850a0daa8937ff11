"""Several people at one segment."""

import asyncio
from typing import Any

import pytest

from server.clock import Moment
from server.store.database import Database
from tests.business_central.conftest import Change, Refused, document
from tests.business_central.worksheet_people import actions, open_worksheet, pin, standing
from tests.conftest import GraphQL

RESULT = "linesAdded segment { version }"
ERRORS = "userErrors { code path currentVersion retryAfter }"


@pytest.fixture(autouse=True)
async def _worksheet(database: Database, moment: Moment, change: Change) -> None:
    await open_worksheet(database, moment, change)


async def ask(graphql: GraphQL, mutation: str, **given: Any) -> dict[str, Any]:
    """Carry out a mutation on S1 or be refused; return the payload with everything an error says."""
    asked = document(mutation, RESULT).replace("userErrors { code message path }", ERRORS)
    payload: dict[str, Any] = (await graphql(asked, {"input": {"segmentNo": "S1", **given}}))[mutation]
    return payload


async def test_6_4_of_several_who_act_on_one_version_one_acts_and_the_others_learn_the_new_version(
    graphql: GraphQL,
) -> None:
    given = [{"rule": f'no == "{no}"', "expectedVersion": 1} for no in ("ANN", "ZOE", "MAX")]
    answers = await asyncio.gather(*(ask(graphql, "addContactsToSegment", **one) for one in given))
    done = [answer for answer in answers if not answer["userErrors"]]
    told = [error for answer in answers for error in answer["userErrors"]]
    assert [answer["segment"]["version"] for answer in done] == [2]
    expected = {"code": "CONFLICT", "path": ["input", "expectedVersion"], "currentVersion": 2, "retryAfter": None}
    assert told == [expected, expected]
    assert len(await standing(graphql)) == 1


async def test_6_4_actions_without_a_version_follow_each_other(graphql: GraphQL) -> None:
    rules = [f'no == "{no}"' for no in ("ANN", "ZOE", "MAX")]
    answers = await asyncio.gather(*(ask(graphql, "addContactsToSegment", rule=rule) for rule in rules))
    assert [answer["userErrors"] for answer in answers] == [[], [], []]
    assert [
        (action["lineCount"], action["linesAdded"]) for action in await actions(graphql, "lineCount linesAdded")
    ] == [
        (1, 1),
        (2, 1),
        (3, 1),
    ]
    assert sorted(await standing(graphql)) == ["ANN", "MAX", "ZOE"]


@pytest.mark.parametrize(
    ("mutation", "given"),
    [
        ("addContactsToSegment", {"rule": "true"}),
        ("reduceSegment", {"rule": "true"}),
        ("refineSegment", {"rule": "false"}),
        ("undoSegmentAction", {}),
        ("addSegmentLines", {"contactNos": ["ZOE"]}),
        ("removeSegmentLines", {"lineNos": [10]}),
    ],
)
async def test_6_4_every_action_gives_the_segment_a_new_version_and_minds_the_one_expected(
    graphql: GraphQL, change: Change, refused: Refused, mutation: str, given: dict[str, Any]
) -> None:
    await pin(change, "ANN")
    message = await refused(
        "CONFLICT", ["expectedVersion"], mutation, {"segmentNo": "S1", "expectedVersion": 1, **given}
    )
    assert "2" in message, "it says which version there is"
    answer = await ask(graphql, mutation, expectedVersion=2, **given)
    assert (answer["userErrors"], answer["segment"]) == ([], {"version": 3})

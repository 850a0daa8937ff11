"""How many contacts stand on a segment, and how many of them can be reached."""

from typing import Any

import pytest
from sqlalchemy import update

from server.clock import Moment
from server.store.database import Database
from server.store.tables import contact, segment_line
from tests.business_central.conftest import Change
from tests.business_central.worksheet_people import FAILS, open_worksheet, pin
from tests.conftest import GraphQL

COUNTS = "members reachableByEmail reachableByPost excluded privacyBlocked undecided"
NOBODY = {
    "members": 0, "reachableByEmail": 0, "reachableByPost": 0, "excluded": 0, "privacyBlocked": 0, "undecided": None,
}  # fmt: skip
MAIL, STREET = {"email": "x@example.com"}, {"address": "Main Street 1", "city": "Zug"}


@pytest.fixture(autouse=True)
async def _worksheet(database: Database, moment: Moment, change: Change) -> None:
    """Ann and Bob have both, Zoe has mail only, Xena a street and Max a street without a city; Bob is blocked."""
    await open_worksheet(database, moment, change)
    reach = {"ANN": MAIL | STREET, "BOB": MAIL | STREET, "ZOE": MAIL, "XENA": STREET, "MAX": {"address": "Hill 2"}}
    async with database.write(actor="test", operation="test", moment=moment) as work:
        for no, values in reach.items():
            await work.connection.execute(update(contact).where(contact.c.no == no).values(values))
            work.record("contact")


async def counts(graphql: GraphQL, no: str = "S1") -> dict[str, Any]:
    query = f"query ($no: String!) {{ segment(no: $no) {{ counts {{ {COUNTS} }} }} }}"
    found: dict[str, Any] = (await graphql(query, {"no": no}))["segment"]["counts"]
    return found


async def test_6_9_a_segment_without_lines_counts_nobody(graphql: GraphQL) -> None:
    assert await counts(graphql) == NOBODY


async def test_6_9_members_are_different_contacts_on_lines_that_stand_now(graphql: GraphQL, change: Change) -> None:
    await pin(change, "LONE", "ANN", "LONE", "NIL")
    await change("removeSegmentLines", {"segmentNo": "S1", "lineNos": [40]})
    await pin(change, "OLAF")
    await change("undoSegmentAction", {"segmentNo": "S1"})
    assert (await counts(graphql))["members"] == 2


@pytest.mark.parametrize(
    ("nos", "by_email", "by_post"),
    [
        (["ANN"], 1, 1),
        (["ZOE"], 1, 0),
        (["XENA"], 0, 1),
        (["MAX"], 0, 0),
        (["LONE"], 0, 0),
        (["BOB"], 0, 0),
        (["ANN", "ANN", "ZOE", "XENA", "MAX", "BOB"], 2, 2),
    ],
)
async def test_6_9_who_has_an_address_and_is_not_blocked_can_be_reached(
    graphql: GraphQL, change: Change, nos: list[str], by_email: int, by_post: int
) -> None:
    await pin(change, *nos)
    found = await counts(graphql)
    assert (found["reachableByEmail"], found["reachableByPost"]) == (by_email, by_post)


async def test_6_9_a_line_with_an_alternative_address_can_be_reached_by_post(
    graphql: GraphQL, change: Change, database: Database, moment: Moment
) -> None:
    """Bob's line has one, too, but he is blocked."""
    await pin(change, "ZOE", "BOB", "ZOE")
    async with database.write(actor="test", operation="test", moment=moment) as work:
        of_first_two = segment_line.c.line_no <= 20
        await work.connection.execute(update(segment_line).where(of_first_two).values(alternative_address="SUMMER"))
    assert (await counts(graphql))["reachableByPost"] == 1


async def test_6_9_excluded_and_blocked_contacts_are_counted_as_they_are_now(
    graphql: GraphQL, change: Change, database: Database, moment: Moment
) -> None:
    await pin(change, "XENA", "BOLT", "BOB", "ANN", "XENA")
    found = await counts(graphql)
    assert (found["members"], found["excluded"], found["privacyBlocked"]) == (4, 2, 1)
    async with database.write(actor="test", operation="test", moment=moment) as work:
        both = {"exclude_from_segment": True, "privacy_blocked": True}
        await work.connection.execute(update(contact).where(contact.c.no == "ANN").values(both))
        work.record("contact")
    found = await counts(graphql)
    assert (found["members"], found["excluded"], found["privacyBlocked"], found["reachableByEmail"]) == (4, 3, 2, 0)


async def test_6_9_the_undecided_are_those_of_the_last_rule_that_stands(graphql: GraphQL, change: Change) -> None:
    seen = []

    async def act(mutation: str, **given: Any) -> None:
        await change(mutation, {"segmentNo": "S1", **given})
        seen.append((await counts(graphql))["undecided"])

    await act("addSegmentLines", contactNos=["OLAF", "COIL"])
    await act("addContactsToSegment", rule=FAILS)
    await act("addSegmentLines", contactNos=["NIL"])
    await act("reduceSegment", rule='no == "NIL"')
    await act("undoSegmentAction")
    await act("undoSegmentAction")
    await act("refineSegment", rule=FAILS)
    await act("undoSegmentAction")
    await act("undoSegmentAction")
    assert seen == [None, 2, 2, 0, 2, 2, 1, 2, None]


async def test_6_9_every_segment_of_a_list_has_its_own_counts(graphql: GraphQL, change: Change) -> None:
    await change("createSegment", {"no": "S2"})
    await change("createSegment", {"no": "S3"})
    await pin(change, "ANN", "XENA")
    await pin(change, "XENA", segment_no="S3")
    data = await graphql("{ segments { nodes { no counts { members excluded } } } }")
    assert [(node["no"], *node["counts"].values()) for node in data["segments"]["nodes"]] == [
        ("S1", 2, 1),
        ("S2", 0, 0),
        ("S3", 1, 1),
    ]

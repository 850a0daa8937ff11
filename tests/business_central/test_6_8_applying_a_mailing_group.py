"""Putting the contacts on a segment into a mailing group."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from server.clock import Moment
from server.operations.segments.mailing_groups import apply_mailing_group
from server.store.database import Database
from server.store.tables import change as change_log
from server.store.tables import contact, contact_mailing_group, mailing_group
from tests.business_central.conftest import Change, Refused
from tests.business_central.worksheet_people import KEYS, actions, open_worksheet, pin, store_rows
from tests.conftest import GraphQL


@pytest.fixture(autouse=True)
async def _worksheet(database: Database, moment: Moment, change: Change) -> None:
    """Max and Ann are in the group NEWS, Max also in OTHER."""
    await open_worksheet(database, moment, change)
    await store_rows(database, moment, mailing_group, {"code": "NEWS"}, {"code": "OTHER"})
    rows = [{"contact_id": KEYS[no], "code": code} for no, code in (("MAX", "NEWS"), ("ANN", "NEWS"), ("MAX", "OTHER"))]
    await store_rows(database, moment, contact_mailing_group, *rows)


async def apply(change: Change, **given: Any) -> dict[str, Any]:
    chosen = {"segmentNo": "S1", "code": "NEWS", **given}
    return await change("applyMailingGroup", chosen, "contactsAdded contactsRemoved mailingGroup { code }")


async def members(graphql: GraphQL, code: str = "NEWS") -> list[str]:
    rule = f'"{code}" in mailing_groups'
    data = await graphql("query ($rule: String!) { contacts(rule: $rule) { nodes { no } } }", {"rule": rule})
    return [node["no"] for node in data["contacts"]["nodes"]]


async def versions(database: Database) -> dict[str, int]:
    async with database.read() as connection:
        rows = await connection.execute(select(contact.c.no, contact.c.version))
        return {row.no: row.version for row in rows}


async def test_6_8_every_contact_on_a_line_comes_into_the_group_once(graphql: GraphQL, change: Change) -> None:
    await pin(change, "ZOE", "ANN", "ZOE", "XENA")
    payload = await apply(change, code=" news ")
    assert payload["mailingGroup"] == {"code": "NEWS"}
    assert (payload["contactsAdded"], payload["contactsRemoved"]) == (2, 0)
    assert await members(graphql) == ["ANN", "MAX", "XENA", "ZOE"]
    assert await members(graphql, "OTHER") == ["MAX"]


async def test_6_8_with_delete_old_exactly_the_contacts_on_the_lines_are_in_the_group(
    graphql: GraphQL, change: Change
) -> None:
    await pin(change, "ZOE", "ANN")
    payload = await apply(change, deleteOld=True)
    assert (payload["contactsAdded"], payload["contactsRemoved"]) == (1, 1)
    assert await members(graphql) == ["ANN", "ZOE"]
    assert await members(graphql, "OTHER") == ["MAX"], "other groups stay"


async def test_6_8_only_lines_that_stand_now_count(graphql: GraphQL, change: Change) -> None:
    await pin(change, "ZOE", "LONE", "ANN")
    await change("removeSegmentLines", {"segmentNo": "S1", "lineNos": [20]})
    await pin(change, "OLAF")
    await change("undoSegmentAction", {"segmentNo": "S1"})
    await apply(change)
    assert await members(graphql) == ["ANN", "MAX", "ZOE"]


async def test_6_8_without_lines_nobody_comes_and_delete_old_empties_the_group(
    graphql: GraphQL, change: Change
) -> None:
    assert (await apply(change))["contactsAdded"] == 0
    assert await members(graphql) == ["ANN", "MAX"]
    assert (await apply(change, deleteOld=True))["contactsRemoved"] == 2
    assert await members(graphql) == []


async def test_6_8_exactly_the_contacts_whose_groups_change_are_stamped(
    change: Change, database: Database, moment: Moment
) -> None:
    """Ann stays in the group, Zoe comes, Max goes."""
    await pin(change, "ZOE", "ANN")
    before = await versions(database)
    await apply(change, deleteOld=True)
    after = await versions(database)
    assert {no: after[no] - before[no] for no in after if after[no] != before[no]} == {"ZOE": 1, "MAX": 1}
    async with database.read() as connection:
        stamped = select(contact.c.modified_at).where(contact.c.no.in_(["ZOE", "MAX"]))
        assert set(await connection.scalars(stamped)) == {moment.now}


async def test_6_8_the_change_log_has_one_row_for_all_who_come_and_one_for_all_who_go(
    change: Change, database: Database
) -> None:
    await pin(change, "ZOE", "LONE", "OLAF")
    await apply(change, deleteOld=True)
    noted = change_log.c
    statement = select(noted.object, noted.first_id, noted.last_id, noted.row_count, noted.fields).where(
        noted.operation == "applyMailingGroup"
    )
    async with database.read() as connection:
        rows = [tuple(row) for row in await connection.execute(statement.order_by(noted.seq))]
    fields = ["mailing_groups", "modified_at"]
    assert rows == [
        ("contact", KEYS["ANN"], KEYS["MAX"], 2, fields),
        ("contact", KEYS["ZOE"], KEYS["LONE"], 3, fields),
    ]


async def test_6_8_it_is_no_action_and_leaves_the_segment_as_it_is(graphql: GraphQL, change: Change) -> None:
    await pin(change, "ZOE")
    before = await graphql('{ segment(no: "S1") { version revision modifiedAt } }')
    await apply(change, deleteOld=True)
    assert await graphql('{ segment(no: "S1") { version revision modifiedAt } }') == before
    assert len(await actions(graphql, "kind")) == 1


async def test_6_8_applied_twice_the_second_time_changes_nothing(change: Change, database: Database) -> None:
    await pin(change, "ZOE", "ANN")
    await apply(change, deleteOld=True)
    before = await versions(database)
    payload = await apply(change, deleteOld=True)
    assert (payload["contactsAdded"], payload["contactsRemoved"]) == (0, 0)
    assert await versions(database) == before


async def test_6_8_two_who_apply_one_group_follow_each_other(
    graphql: GraphQL, change: Change, database: Database, moment: Moment
) -> None:
    """Side by side each would miss whom the other puts in, and all would stay."""
    await store_rows(database, moment, mailing_group, {"code": "NEW"})
    await pin(change, "ZOE")
    await change("createSegment", {"no": "S2"})
    await pin(change, "ANN", segment_no="S2")
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await apply_mailing_group(work, "S1", "NEW", delete_old=True)
        second = asyncio.create_task(apply(change, segmentNo="S2", code="NEW", deleteOld=True))
        await asyncio.sleep(0.1)
        assert not second.done()
    await second
    assert await members(graphql, "NEW") == ["ANN"]


async def test_6_8_it_needs_a_mailing_group_and_a_segment_that_exist(change: Change, refused: Refused) -> None:
    await pin(change, "ZOE")
    given = {"segmentNo": "S1", "code": "NEWS", "deleteOld": True}
    for blank in ("", " "):
        await refused("VALUE_REQUIRED", ["code"], "applyMailingGroup", given | {"code": blank})
    await refused("NOT_FOUND", ["code"], "applyMailingGroup", given | {"code": "NIX"})
    await refused("NOT_FOUND", ["segmentNo"], "applyMailingGroup", given | {"segmentNo": "S9"})
    await refused("CONFLICT", ["expectedVersion"], "applyMailingGroup", given | {"expectedVersion": 1})

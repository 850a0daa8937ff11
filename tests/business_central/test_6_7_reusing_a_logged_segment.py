"""Putting the contacts of a logged segment on a segment."""

from typing import Any

import pytest
from sqlalchemy import insert

from server.clock import Moment
from server.store.database import Database
from server.store.tables import campaign, interaction_template, salesperson
from server.store.unit_of_work import UnitOfWork
from tests.business_central.conftest import Change, Refused
from tests.business_central.worksheet_people import lines, open_worksheet, pin, standing, store_log
from tests.conftest import GraphQL


async def store_more(work: UnitOfWork) -> None:
    """Store two campaigns, a template and a salesperson."""
    at = {"created_at": work.moment.now, "modified_at": work.moment.now}
    await work.connection.execute(insert(campaign), [{"id": key, "no": f"CP{key}", **at} for key in (1, 2)])
    await work.connection.execute(insert(interaction_template).values(code="LETTER"))
    await work.connection.execute(insert(salesperson).values(code="JR"))


@pytest.fixture(autouse=True)
async def _worksheet(database: Database, moment: Moment, change: Change) -> None:
    await open_worksheet(database, moment, change)
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await store_more(work)


async def reuse(change: Change, **given: Any) -> dict[str, Any]:
    chosen = {"segmentNo": "S1", "loggedSegmentEntryNo": 7, **given}
    return await change("reuseLoggedSegment", chosen, "linesAdded lineCount actionCount")


async def test_6_7_there_is_a_line_for_every_interaction_and_one_action_for_all(
    graphql: GraphQL, change: Change, database: Database, moment: Moment
) -> None:
    await store_log(database, moment, ("MAX", {}), ("ANN", {}), ("MAX", {}))
    await store_log(database, moment, ("ZOE", {}), entry_no=8)
    assert await reuse(change) == {"linesAdded": 3, "lineCount": 3, "actionCount": 1, "userErrors": []}
    assert await standing(graphql) == ["MAX", "ANN", "MAX"]


async def test_6_7_contacts_who_stand_already_are_excluded_blocked_or_canceled_come_all_the_same(
    graphql: GraphQL, change: Change, database: Database, moment: Moment
) -> None:
    await store_log(database, moment, ("ANN", {}), ("XENA", {}), ("BOB", {}), ("ZOE", {"canceled": True}))
    await pin(change, "ANN")
    await reuse(change, append=True)
    assert await standing(graphql) == ["ANN", "ANN", "XENA", "BOB", "ZOE"]


async def test_6_7_interactions_whose_contact_is_deleted_get_no_line(
    graphql: GraphQL, change: Change, database: Database, moment: Moment
) -> None:
    await store_log(database, moment, (None, {"campaign_id": 1}), ("ANN", {"campaign_id": 2}), (None, {}), ("ZOE", {}))
    await reuse(change)
    assert await lines(graphql, "lineNo contact { no } campaign { no }") == [
        {"lineNo": 10, "contact": {"no": "ANN"}, "campaign": {"no": "CP2"}},
        {"lineNo": 20, "contact": {"no": "ZOE"}, "campaign": None},
    ]


async def test_6_7_a_line_has_the_campaign_of_its_interaction_and_all_else_from_the_header(
    graphql: GraphQL, change: Change, database: Database, moment: Moment
) -> None:
    logged = {"description": "Old", "template": "LETTER", "cost": 9, "campaign_id": 2}
    await store_log(database, moment, ("ANN", logged), ("ZOE", {**logged, "campaign_id": None}), ("MAX", logged | {
        "campaign_id": 1}))  # fmt: skip
    await change(
        "createSegment",
        {"no": "S2", "description": "New", "campaignNo": "CP1", "campaignTarget": True, "unitCost": "1.25"},
    )
    await reuse(change, segmentNo="S2")
    shown = "description campaign { no } campaignTarget cost template { code } on"
    same = {"description": "New", "cost": "1.25", "template": None, "on": moment.document_date.isoformat()}
    assert await lines(graphql, shown, no="S2") == [
        {**same, "campaign": {"no": "CP2"}, "campaignTarget": True},
        {**same, "campaign": None, "campaignTarget": False},
        {**same, "campaign": {"no": "CP1"}, "campaignTarget": True},
    ]


async def test_6_7_lines_without_another_campaign_follow_the_header(
    graphql: GraphQL, change: Change, database: Database, moment: Moment
) -> None:
    await store_log(database, moment, ("ANN", {}), ("ZOE", {"campaign_id": 1}))
    await reuse(change)
    await change("updateSegment", {"no": "S1", "description": "Later"})
    assert [line["description"] for line in await lines(graphql, "description")] == ["Later", "Later"]


async def test_6_7_a_segment_with_actions_takes_more_only_when_asked(
    graphql: GraphQL, change: Change, refused: Refused, database: Database, moment: Moment
) -> None:
    await store_log(database, moment, ("ANN", {}))
    await pin(change, "ZOE")
    given = {"segmentNo": "S1", "loggedSegmentEntryNo": 7}
    message = await refused("SEGMENT_HAS_ACTIONS", ["append"], "reuseLoggedSegment", given)
    assert "S1" in message
    await reuse(change, append=True)
    assert await standing(graphql) == ["ZOE", "ANN"]


async def test_6_7_what_does_not_exist_is_refused_and_another_version_too(
    refused: Refused, database: Database, moment: Moment
) -> None:
    await store_log(database, moment, ("ANN", {}))
    given = {"segmentNo": "S1", "loggedSegmentEntryNo": 7}
    unknown = given | {"loggedSegmentEntryNo": 99}
    await refused("NOT_FOUND", ["loggedSegmentEntryNo"], "reuseLoggedSegment", unknown)
    await refused("NOT_FOUND", ["segmentNo"], "reuseLoggedSegment", given | {"segmentNo": "S9"})
    await refused("CONFLICT", ["expectedVersion"], "reuseLoggedSegment", given | {"expectedVersion": 9})


async def test_6_7_a_segment_that_was_just_logged_can_be_put_on_another(graphql: GraphQL, change: Change) -> None:
    await change("updateSegment", {"no": "S1", "template": "LETTER", "salesperson": "JR"})
    await pin(change, "ZOE", "ANN")
    payload = await change("logSegment", {"segmentNo": "S1"}, "loggedSegment { entryNo }")
    await change("createSegment", {"no": "S2"})
    await reuse(change, segmentNo="S2", loggedSegmentEntryNo=payload["loggedSegment"]["entryNo"])
    assert sorted(await standing(graphql, no="S2")) == ["ANN", "ZOE"]


async def test_6_7_flags_of_the_header_count_on_lines_with_the_campaign_of_their_interaction(
    graphql: GraphQL, change: Change, database: Database, moment: Moment
) -> None:
    await store_log(database, moment, ("ANN", {"campaign_id": 2}), ("ZOE", {}))
    await change("createInteractionTemplate", {"code": "FLYER", "campaignTarget": True})
    await change("createSegment", {"no": "S2", "template": "FLYER"})
    await reuse(change, segmentNo="S2")
    assert await lines(graphql, "campaign { no } campaignTarget", no="S2") == [
        {"campaign": {"no": "CP2"}, "campaignTarget": True},
        {"campaign": None, "campaignTarget": False},
    ]

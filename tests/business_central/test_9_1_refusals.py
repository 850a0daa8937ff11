"""Logging a segment: who is noted, and what a refusal says and leaves."""

from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from server.clock import Moment
from server.store.database import Database
from server.store.tables import change as change_log
from tests.business_central.conftest import Change, Refused, document
from tests.business_central.mailings import interactions, logged, open_segment, store_mailings
from tests.conftest import GraphQL

S1 = {"segmentNo": "S1"}
FOLLOWED = {**S1, "followUp": True}


@pytest.fixture(autouse=True)
async def _mailings(database: Database, moment: Moment) -> None:
    await store_mailings(database, moment)


async def log_as(http: httpx2.AsyncClient, user: str, given: dict[str, Any]) -> None:
    """Log a segment as this user."""
    body = {"query": document("logSegment", ""), "variables": {"input": given}}
    response = await http.post("/graphql", json=body, headers={"Tessera-User": user})
    assert response.json()["data"]["logSegment"]["userErrors"] == []


async def test_9_1_who_logs_is_noted_on_everything_that_logging_makes(
    graphql: GraphQL, http: httpx2.AsyncClient, change: Change, database: Database
) -> None:
    """Not who made the segment: that was somebody else."""
    await open_segment(change, "ANN", "HAL", campaignNo="CP1", template="MAIL")
    async with database.read() as connection:
        before = await connection.scalar(select(change_log.c.seq).order_by(change_log.c.seq.desc()).limit(1))
    await log_as(http, "ann", {**FOLLOWED, "deliver": True})
    found = await logged(graphql, 1, "actor campaignEntries { nodes { actor } }")
    assert found == {"actor": "ann", "campaignEntries": {"nodes": [{"actor": "ann"}]}}
    assert await interactions(graphql, "actor") == [{"actor": "ann"}] * 2
    async with database.read() as connection:
        rows = (await connection.execute(select(change_log).where(change_log.c.seq > before))).all()
    assert {row.actor for row in rows} == {"ann"}
    made = {"logged_segment", "campaign_entry", "interaction_log_entry", "delivery", "segment"}
    assert {row.object for row in rows} == made


async def test_9_2_a_follow_up_needs_a_series_of_segments(change: Change, refused: Refused, graphql: GraphQL) -> None:
    """It cannot be given a number; without a follow-up the segment is logged."""
    await open_segment(change, "ANN", campaignNo="CP1")
    await change("updateMarketingSetup", {"segmentSeries": None})
    message = await refused("SETUP_INCOMPLETE", ["followUp"], "logSegment", FOLLOWED)
    assert "segmentSeries" in message
    assert "give a number" not in message
    await change("logSegment", S1)
    assert len(await interactions(graphql, "entryNo")) == 1


async def test_9_2_a_follow_up_that_gets_no_number_leaves_everything_as_it_was(
    change: Change, refused: Refused
) -> None:
    """The series ends after the interactions are written; the fixture compares every row."""
    await open_segment(change, "ANN", "BOB", campaignNo="CP1", template="LETTER")
    await change("updateNumberSeries", {"code": "SEGMENT", "lastNumber": 2**31 - 1})
    message = await refused("SETUP_INCOMPLETE", ["followUp"], "logSegment", {**FOLLOWED, "deliver": True})
    assert "2,147,483,647" in message


async def test_9_1_a_segment_says_that_all_its_contacts_are_blocked_for_privacy(
    change: Change, refused: Refused
) -> None:
    await open_segment(change, "EVE", "EVE")
    message = await refused("SEGMENT_EMPTY", ["segmentNo"], "logSegment", S1)
    assert "all 2 lines" in message
    assert "blocked for privacy" in message
    assert "skipPrivacyBlocked" in message


async def test_9_1_a_segment_without_lines_says_that(change: Change, refused: Refused) -> None:
    await open_segment(change)
    message = await refused("SEGMENT_EMPTY", ["segmentNo"], "logSegment", S1)
    assert "has no lines" in message
    assert "privacy" not in message

"""The number of a segment is taken as long as something that counts its interactions has it."""

from typing import Any

import pytest

from server.clock import Moment
from server.store.database import Database
from tests.business_central.conftest import Change, Refused
from tests.business_central.mailings import interactions, logged, open_segment, store_mailings
from tests.conftest import GraphQL

COUNTS = "canceled interactionCount campaignEntryCount"
FIGURES = '{ campaign(no: "CP1") { statistics { contacted cost } entries { nodes { entryNo canceled } } } }'


@pytest.fixture(autouse=True)
async def _mailings(database: Database, moment: Moment) -> None:
    await store_mailings(database, moment)


async def log_and_delete(change: Change, no: str, *contact_nos: str) -> None:
    """Log a segment of CP1, then cancel and delete the logged segment, the first there is."""
    await open_segment(change, *contact_nos, no=no, campaignNo="CP1")
    await change("logSegment", {"segmentNo": no})
    await change("cancelLoggedSegments", {"entryNos": [1]})
    await change("deleteLoggedSegments", {"entryNos": [1]})


async def test_8_3_a_number_is_taken_while_a_campaign_entry_has_it(change: Change, refused: Refused) -> None:
    """Otherwise the campaign would count the canceled mailing with the new one."""
    await log_and_delete(change, "S1", "ANN")
    message = await refused("ALREADY_EXISTS", ["no"], "createSegment", {"no": "s1"})
    assert "campaign entry 1" in message.lower()
    await open_segment(change, no="S2")
    message = await refused("ALREADY_EXISTS", ["newNo"], "copySegment", {"no": "S2", "newNo": "S1"})
    assert "campaign entry 1" in message.lower()


async def test_8_3_the_number_of_a_campaign_entry_is_not_handed_out(change: Change) -> None:
    await log_and_delete(change, "SM00002", "ANN")
    created = [await change("createSegment", {}, "segment { no }") for _ in range(2)]
    assert [payload["segment"]["no"] for payload in created] == ["SM00001", "SM00003"]


async def test_8_3_a_number_is_taken_by_a_call_from_a_line_of_a_segment_that_was_deleted(
    change: Change, refused: Refused
) -> None:
    await change("updateMarketingSetup", {"phoneCallTemplate": "CALL"})
    await open_segment(change, "ANN", campaignNo="CP1")
    await change("logPhoneCall", {"segmentNo": "S1", "lineNo": 10, "description": "Call"})
    await change("deleteSegment", {"no": "S1"})
    await refused("ALREADY_EXISTS", ["no"], "createSegment", {"no": "S1"})


async def test_8_3_a_number_can_be_logged_again_once_its_campaign_entries_are_deleted_too(
    graphql: GraphQL, change: Change
) -> None:
    await log_and_delete(change, "S1", "ANN")
    await change("deleteCampaignEntries", {"entryNos": [1]})
    await open_segment(change, "BOB", campaignNo="CP1")
    await change("logSegment", {"segmentNo": "S1"})
    assert await logged(graphql, 2, COUNTS) == {"canceled": False, "interactionCount": 1, "campaignEntryCount": 1}
    assert await interactions(graphql, "contact { no } canceled") == [{"contact": {"no": "BOB"}, "canceled": False}]


async def test_8_3_a_number_without_campaign_entries_can_be_logged_again_at_once(
    graphql: GraphQL, change: Change
) -> None:
    """The old interactions stay canceled."""
    await open_segment(change, "ANN")
    await change("logSegment", {"segmentNo": "S1"})
    await change("cancelLoggedSegments", {"entryNos": [1]})
    await change("deleteLoggedSegments", {"entryNos": [1]})
    await open_segment(change, "BOB")
    await change("logSegment", {"segmentNo": "S1"})
    assert await logged(graphql, 2, COUNTS) == {"canceled": False, "interactionCount": 1, "campaignEntryCount": 0}
    assert [entry["canceled"] for entry in await interactions(graphql, "canceled")] == [True, False]


async def test_9_1_a_canceled_entry_of_calls_comes_back_without_its_calls(graphql: GraphQL, change: Change) -> None:
    """A call of 5 from a line is canceled with its entry; the two lines of 2 are logged, and cost 4."""
    await change("updateMarketingSetup", {"phoneCallTemplate": "CALL"})
    header: dict[str, Any] = {"campaignNo": "CP1", "campaignTarget": True, "unitCost": "2"}
    await open_segment(change, "ANN", "HAL", **header)
    await change("logPhoneCall", {"segmentNo": "S1", "lineNo": 10, "description": "Call", "cost": "5"})
    await change("cancelCampaignEntries", {"entryNos": [1]})
    await change("logSegment", {"segmentNo": "S1"})
    entries = {"entries": {"nodes": [{"entryNo": 1, "canceled": False}]}}
    valid = {"campaign": {"statistics": {"contacted": 2, "cost": "4"}, **entries}}
    assert await graphql(FIGURES) == valid
    assert [entry["canceled"] for entry in await interactions(graphql, "canceled")] == [True, False, False]
    await change("cancelLoggedSegments", {"entryNos": [1]})
    none = {"statistics": {"contacted": 0, "cost": "0"}, "entries": {"nodes": [{"entryNo": 1, "canceled": True}]}}
    assert await graphql(FIGURES) == {"campaign": none}
    await change("cancelLoggedSegments", {"entryNos": [1], "canceled": False})
    assert await graphql(FIGURES) == valid

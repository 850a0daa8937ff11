"""The target group of an activated campaign follows its lines and interactions."""

from typing import Any

import pytest

from server.clock import Moment
from server.store.database import Database
from tests.business_central.campaign_people import campaign, pin, store_people, targets
from tests.business_central.conftest import Change
from tests.conftest import GraphQL

MAIL = {"template": "LETTER", "description": "Offer", "campaignNo": "SPRING", "campaignTarget": True}
TARGETING = {"description": "Flyers", "template": "LETTER", "campaignNo": "SPRING", "campaignTarget": True}


@pytest.fixture(autouse=True)
async def activated(database: Database, moment: Moment, change: Change) -> None:
    """SPRING is activated, with Lone in its group by an interaction; AUTUMN with nobody but Lone, too."""
    await store_people(database, moment)
    for no in ("AUTUMN", "SPRING"):
        await change("createCampaign", {"no": no})
        await change("logInteraction", {**MAIL, "contactNo": "LONE", "campaignNo": no})
        await change("activateCampaign", {"no": no})


async def create(change: Change, no: str, *contact_nos: str, **values: Any) -> None:
    """Create a segment that targets SPRING, with these contacts."""
    await change("createSegment", {"no": no, **TARGETING, **values})
    if contact_nos:
        await pin(change, no, *contact_nos)


async def test_10_4_added_contacts_come_into_the_group(graphql: GraphQL, change: Change) -> None:
    await create(change, "S1", "ANN")
    assert await targets(graphql) == ["ACME", "LONE"]
    await change("addContactsToSegment", {"segmentNo": "S1", "rule": 'no == "MAX"'})
    assert await targets(graphql) == ["ACME", "BOLT", "LONE"]
    assert await targets(graphql, "AUTUMN") == ["LONE"]


async def test_10_4_a_company_is_released_with_the_last_line_that_targets_it(graphql: GraphQL, change: Change) -> None:
    await create(change, "S1", "ANN", "BOB", "MAX")
    await create(change, "S2", "ANN", "LONE")
    await change("removeSegmentLines", {"segmentNo": "S1", "lineNos": [10]})
    await change("reduceSegment", {"segmentNo": "S1", "rule": 'no == "MAX"'})
    assert await targets(graphql) == ["ACME", "LONE"]
    await change("refineSegment", {"segmentNo": "S1", "rule": 'no == "MAX"'})
    assert await targets(graphql) == ["ACME", "LONE"]
    await change("removeSegmentLines", {"segmentNo": "S2", "lineNos": [10, 20]})
    assert await targets(graphql) == ["LONE"]


async def test_10_4_a_person_without_company_is_released_like_a_company(graphql: GraphQL, change: Change) -> None:
    """Business Central looks for the company that there is not."""
    await create(change, "S1", "LONE", "ANN", campaignNo="AUTUMN")
    logged = await graphql('{ campaign(no: "AUTUMN") { entries { nodes { entryNo } } } }')
    (entry,) = logged["campaign"]["entries"]["nodes"]
    await change("cancelCampaignEntries", {"entryNos": [entry["entryNo"]]})
    await change("deleteCampaignEntries", {"entryNos": [entry["entryNo"]]})
    assert await targets(graphql, "AUTUMN") == ["ACME", "LONE"]
    await change("removeSegmentLines", {"segmentNo": "S1", "lineNos": [10]})
    assert await targets(graphql, "AUTUMN") == ["ACME"]


async def test_10_4_undo_and_redo_empty_and_refill_the_group(graphql: GraphQL, change: Change) -> None:
    await create(change, "S1", "ANN", campaignNo="AUTUMN")
    await change("deactivateCampaign", {"no": "AUTUMN"})
    logged = await graphql('{ campaign(no: "AUTUMN") { entries { nodes { entryNo } } } }')
    (entry,) = logged["campaign"]["entries"]["nodes"]
    await change("cancelCampaignEntries", {"entryNos": [entry["entryNo"]]})
    await change("deleteCampaignEntries", {"entryNos": [entry["entryNo"]]})
    await change("activateCampaign", {"no": "AUTUMN"})
    await change("undoSegmentAction", {"segmentNo": "S1"})
    shown = "activated targets { totalCount }"
    assert await campaign(graphql, shown, "AUTUMN") == {"activated": True, "targets": {"totalCount": 0}}
    await change("redoSegmentAction", {"segmentNo": "S1"})
    assert await targets(graphql, "AUTUMN") == ["ACME"]


async def test_10_4_a_line_that_gets_or_loses_the_flag_changes_the_group(graphql: GraphQL, change: Change) -> None:
    await create(change, "S1", "ANN", "MAX")
    await change("updateSegmentLine", {"segmentNo": "S1", "lineNo": 10, "campaignTarget": False})
    assert await targets(graphql) == ["BOLT", "LONE"]
    await change("updateSegmentLine", {"segmentNo": "S1", "lineNo": 10, "campaignTarget": True})
    assert await targets(graphql) == ["ACME", "BOLT", "LONE"]


async def test_10_4_a_line_that_goes_to_another_campaign_changes_both_groups(graphql: GraphQL, change: Change) -> None:
    await create(change, "S1", "ANN", "MAX")
    await change("updateSegmentLine", {"segmentNo": "S1", "lineNo": 20, "campaignNo": "AUTUMN"})
    assert await targets(graphql) == ["ACME", "LONE"]
    assert await targets(graphql, "AUTUMN") == ["BOLT", "LONE"]
    await change("updateSegmentLine", {"segmentNo": "S1", "lineNo": 20, "campaignNo": None})
    assert await targets(graphql, "AUTUMN") == ["LONE"]


async def test_10_4_a_line_that_gets_another_contact_changes_the_group(graphql: GraphQL, change: Change) -> None:
    await create(change, "S1", "ANN")
    await change("changeSegmentLineContact", {"segmentNo": "S1", "lineNo": 10, "contactNo": "MAX"})
    assert await targets(graphql) == ["BOLT", "LONE"]


async def test_10_4_a_line_that_begins_again_changes_the_group(graphql: GraphQL, change: Change) -> None:
    await create(change, "S1", "ANN", campaignTarget=False)
    await change("updateSegmentLine", {"segmentNo": "S1", "lineNo": 10, "campaignTarget": True})
    assert await targets(graphql) == ["ACME", "LONE"]
    await change("changeSegmentLineContact", {"segmentNo": "S1", "lineNo": 10, "contactNo": "ANN"})
    assert await targets(graphql) == ["LONE"]


async def test_10_4_a_change_of_the_header_that_reaches_the_lines_changes_the_groups(
    graphql: GraphQL, change: Change
) -> None:
    """Business Central writes to the lines and forgets the group."""
    await create(change, "S1", "ANN", "MAX", campaignTarget=False)
    assert await targets(graphql) == ["LONE"]
    await change("updateSegment", {"no": "S1", "campaignTarget": True})
    assert await targets(graphql) == ["ACME", "BOLT", "LONE"]
    await change("updateSegment", {"no": "S1", "campaignNo": "AUTUMN"})
    assert await targets(graphql) == ["LONE"]
    assert await targets(graphql, "AUTUMN") == ["ACME", "BOLT", "LONE"]
    await change("updateSegment", {"no": "S1", "campaignNo": None})
    assert await targets(graphql, "AUTUMN") == ["LONE"]


async def test_10_4_a_change_of_the_header_alone_changes_no_group(graphql: GraphQL, change: Change) -> None:
    await create(change, "S1", "ANN")
    await change("updateSegment", {"no": "S1", "campaignTarget": False, "updateLines": False})
    assert await targets(graphql) == ["ACME", "LONE"]
    await pin(change, "S1", "MAX")
    assert await targets(graphql) == ["ACME", "LONE"]


async def test_10_4_a_template_of_the_header_that_brings_a_campaign_changes_the_groups(
    graphql: GraphQL, change: Change
) -> None:
    await change("createInteractionTemplate", {"code": "FLYER", "campaignNo": "AUTUMN", "campaignTarget": True})
    await create(change, "S1", "ANN")
    await change("updateSegmentLine", {"segmentNo": "S1", "lineNo": 10, "description": "Own"})
    await change("updateSegment", {"no": "S1", "template": "FLYER"})
    assert await targets(graphql) == ["LONE"]
    assert await targets(graphql, "AUTUMN") == ["ACME", "LONE"]


async def test_10_4_deleting_a_segment_releases_its_contacts(graphql: GraphQL, change: Change) -> None:
    await create(change, "S1", "ANN", "MAX")
    await change("updateSegmentLine", {"segmentNo": "S1", "lineNo": 20, "campaignNo": "AUTUMN"})
    await change("deleteSegment", {"no": "S1"})
    assert await targets(graphql) == ["LONE"]
    assert await targets(graphql, "AUTUMN") == ["LONE"]


async def test_10_4_emptying_a_segment_for_good_releases_its_contacts(graphql: GraphQL, change: Change) -> None:
    await create(change, "S1", "ANN")
    await change("updateSegmentLine", {"segmentNo": "S1", "lineNo": 10, "campaignNo": "AUTUMN"})
    await change("removeSegmentLines", {"segmentNo": "S1", "lineNos": [10], "resetWhenEmpty": True})
    assert await targets(graphql, "AUTUMN") == ["LONE"]


async def test_10_4_logging_a_segment_keeps_whom_its_interactions_target(graphql: GraphQL, change: Change) -> None:
    await create(change, "S1", "ANN", "MAX")
    await change("updateSegmentLine", {"segmentNo": "S1", "lineNo": 20, "campaignTarget": False})
    await change("logSegment", {"segmentNo": "S1", "followUp": True})
    assert await targets(graphql) == ["ACME", "LONE"]


async def test_10_4_a_line_that_is_not_logged_releases_its_contact(graphql: GraphQL, change: Change) -> None:
    await create(change, "S1", "ANN", "MAX")
    await change("updateContact", {"no": "MAX", "privacyBlocked": True})
    assert await targets(graphql) == ["ACME", "BOLT", "LONE"]
    await change("logSegment", {"segmentNo": "S1"})
    assert await targets(graphql) == ["ACME", "LONE"]


async def test_10_4_reusing_a_logged_segment_and_copying_one_change_the_group(graphql: GraphQL, change: Change) -> None:
    await create(change, "S1", "ANN", campaignTarget=False)
    logged = await change("logSegment", {"segmentNo": "S1"}, "loggedSegment { entryNo }")
    await create(change, "S2")
    await change("reuseLoggedSegment", {"segmentNo": "S2", "loggedSegmentEntryNo": logged["loggedSegment"]["entryNo"]})
    assert await targets(graphql) == ["ACME", "LONE"]
    await change("copySegment", {"no": "S2", "newNo": "S3", "withLines": True})
    await change("deleteSegment", {"no": "S2"})
    assert await targets(graphql) == ["ACME", "LONE"]


async def test_10_4_a_single_interaction_changes_the_group(graphql: GraphQL, change: Change) -> None:
    await change("logInteraction", {**MAIL, "contactNo": "ANN", "campaignTarget": False})
    assert await targets(graphql) == ["LONE"]
    logged = await change("logInteraction", {**MAIL, "contactNo": "ANN"}, "interaction { entryNo }")
    assert await targets(graphql) == ["ACME", "LONE"]
    numbers = [logged["interaction"]["entryNo"]]
    await change("cancelInteractions", {"entryNos": numbers})
    assert await targets(graphql) == ["ACME", "LONE"]
    await change("deleteInteractions", {"entryNos": numbers})
    assert await targets(graphql) == ["LONE"]


async def test_10_4_a_person_who_joins_a_first_company_takes_it_into_the_group(
    graphql: GraphQL, change: Change
) -> None:
    await change("updateContact", {"no": "LONE", "companyNo": "BOLT"})
    assert await targets(graphql) == ["BOLT"]
    assert await targets(graphql, "AUTUMN") == ["BOLT"]


async def test_10_4_who_is_deleted_leaves_the_group(graphql: GraphQL, change: Change) -> None:
    await change("logInteraction", {**MAIL, "contactNo": "ANN"})
    assert await targets(graphql) == ["ACME", "LONE"]
    await change("deleteContact", {"no": "LONE"})
    await change("deleteContact", {"no": "ANN"})
    assert await targets(graphql) == ["ACME"]
    await change("deleteContact", {"no": "ACME"})
    assert await targets(graphql) == []


async def test_10_4_a_template_that_targets_counts_once_the_segment_has_a_campaign(
    graphql: GraphQL, change: Change
) -> None:
    await change("createInteractionTemplate", {"code": "FLYER", "campaignTarget": True})
    await change("createSegment", {"no": "S1", "description": "Flyers", "template": "FLYER"})
    await pin(change, "S1", "ANN", "MAX")
    await change("updateSegmentLine", {"segmentNo": "S1", "lineNo": 20, "campaignNo": "AUTUMN"})
    assert (await targets(graphql), await targets(graphql, "AUTUMN")) == (["LONE"], ["BOLT", "LONE"])
    await change("updateSegment", {"no": "S1", "campaignNo": "SPRING"})
    assert (await targets(graphql), await targets(graphql, "AUTUMN")) == (["ACME", "BOLT", "LONE"], ["LONE"])

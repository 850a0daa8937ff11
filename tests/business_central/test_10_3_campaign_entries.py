"""What stands in the list of what a campaign did."""

import pytest

from server.clock import Moment
from server.store.database import Database
from tests.business_central.campaign_people import campaign, line_nos, pin, store_people
from tests.business_central.conftest import Change
from tests.conftest import GraphQL

ENTRIES = """entries { nodes { entryNo segmentNo description on actor canceled salesperson { code }
  loggedSegment { segmentNo } interactions { totalCount } } }"""
MAIL = {"template": "LETTER", "description": "Offer", "campaignNo": "SPRING"}


@pytest.fixture(autouse=True)
async def world(database: Database, moment: Moment, change: Change) -> None:
    await store_people(database, moment)
    for no in ("AUTUMN", "SPRING"):
        await change("createCampaign", {"no": no})


async def test_10_3_logging_a_segment_makes_one_entry_for_its_campaign(graphql: GraphQL, change: Change) -> None:
    header = {"no": "S1", "description": "Flyers", "template": "LETTER", "campaignNo": "SPRING", "on": "2026-11-20"}
    await change("createSegment", header)
    await pin(change, "S1", "ANN", "BOB", "LONE")
    await change("logSegment", {"segmentNo": "S1"})
    (entry,) = (await campaign(graphql, ENTRIES))["entries"]["nodes"]
    assert entry == {
        "entryNo": entry["entryNo"],
        "segmentNo": "S1",
        "description": "Flyers",
        "on": "2026-11-20",
        "actor": "anonymous",
        "canceled": False,
        "salesperson": {"code": "AH"},
        "loggedSegment": {"segmentNo": "S1"},
        "interactions": {"totalCount": 3},
    }


async def test_10_3_lines_of_several_campaigns_make_several_entries(graphql: GraphQL, change: Change) -> None:
    header = {"no": "S1", "description": "Flyers", "template": "LETTER", "campaignNo": "SPRING"}
    await change("createSegment", header)
    await pin(change, "S1", "ANN", "BOB", "LONE")
    await change("updateSegmentLine", {"segmentNo": "S1", "lineNo": 20, "campaignNo": "AUTUMN"})
    await change("updateSegmentLine", {"segmentNo": "S1", "lineNo": 30, "campaignNo": None})
    await change("logSegment", {"segmentNo": "S1"})
    for no in ("AUTUMN", "SPRING"):
        (entry,) = (await campaign(graphql, ENTRIES, no))["entries"]["nodes"]
        assert (entry["segmentNo"], entry["interactions"]) == ("S1", {"totalCount": 1})
        assert entry["loggedSegment"] == {"segmentNo": "S1"}


async def test_10_3_a_segment_without_campaign_makes_no_entry(graphql: GraphQL, change: Change) -> None:
    await change("createSegment", {"no": "S1", "description": "Flyers", "template": "LETTER"})
    await pin(change, "S1", "ANN")
    await change("logSegment", {"segmentNo": "S1"})
    assert (await graphql("{ campaignEntries { totalCount } }"))["campaignEntries"]["totalCount"] == 0


async def test_10_3_every_segment_has_an_entry_of_its_own(graphql: GraphQL, change: Change) -> None:
    for no in ("S1", "S2"):
        await change("createSegment", {"no": no, "description": no, "template": "LETTER", "campaignNo": "SPRING"})
        await pin(change, no, "ANN")
        await change("logSegment", {"segmentNo": no})
    entries = (await campaign(graphql, ENTRIES))["entries"]["nodes"]
    assert [(entry["segmentNo"], entry["description"]) for entry in entries] == [("S1", "S1"), ("S2", "S2")]


async def test_10_3_all_single_interactions_of_a_campaign_share_one_entry(graphql: GraphQL, change: Change) -> None:
    for contact_no in ("ANN", "LONE"):
        await change("logInteraction", {**MAIL, "contactNo": contact_no, "on": "2026-11-10"})
    await change("logInteraction", {**MAIL, "contactNo": "ANN", "campaignNo": "AUTUMN"})
    await change("logInteraction", {**MAIL, "contactNo": "ANN", "campaignNo": None})
    (entry,) = (await campaign(graphql, ENTRIES))["entries"]["nodes"]
    assert (entry["segmentNo"], entry["description"], entry["on"]) == ("", "Interactions", "2026-11-10")
    assert (entry["loggedSegment"], entry["interactions"]) == (None, {"totalCount": 2})
    (other,) = (await campaign(graphql, ENTRIES, "AUTUMN"))["entries"]["nodes"]
    assert other["interactions"] == {"totalCount": 1}


async def test_10_3_an_entry_counts_the_interactions_that_are_as_canceled_as_itself(
    graphql: GraphQL, change: Change
) -> None:
    numbers = []
    for contact_no, cost, minutes in (("ANN", "1.25", "10"), ("BOB", "2", "20.5"), ("LONE", "4", "40")):
        logged = await change(
            "logInteraction",
            {**MAIL, "contactNo": contact_no, "cost": cost, "duration": minutes},
            "interaction { entryNo }",
        )
        numbers.append(logged["interaction"]["entryNo"])
    figures = "entries { nodes { entryNo statistics { interactionCount cost duration } } }"
    ((entry,),) = (await campaign(graphql, figures))["entries"].values()
    assert entry["statistics"] == {"interactionCount": 3, "cost": "7.25", "duration": "70.5"}
    await change("cancelInteractions", {"entryNos": numbers[:1]})
    ((entry,),) = (await campaign(graphql, figures))["entries"].values()
    assert entry["statistics"] == {"interactionCount": 2, "cost": "6", "duration": "60.5"}
    await change("cancelCampaignEntries", {"entryNos": [entry["entryNo"]]})
    await change("logInteraction", {**MAIL, "contactNo": "MAX", "cost": "8", "duration": "80"})
    ((entry,),) = (await campaign(graphql, figures))["entries"].values()
    assert entry["statistics"] == {"interactionCount": 3, "cost": "7.25", "duration": "70.5"}


async def test_10_3_an_entry_without_interactions_counts_none(graphql: GraphQL, change: Change) -> None:
    await change("logInteraction", {**MAIL, "contactNo": "ANN"})
    logged = await graphql("{ interactions { nodes { entryNo } } campaignEntries { nodes { entryNo } } }")
    (number,) = [node["entryNo"] for node in logged["interactions"]["nodes"]]
    await change("cancelInteractions", {"entryNos": [number]})
    await change("deleteInteractions", {"entryNos": [number]})
    figures = "{ campaignEntries { nodes { statistics { interactionCount cost duration } } } }"
    (entry,) = (await graphql(figures))["campaignEntries"]["nodes"]
    assert entry["statistics"] == {"interactionCount": 0, "cost": "0", "duration": "0"}


async def test_10_3_entries_of_all_campaigns_are_listed_newest_first(graphql: GraphQL, change: Change) -> None:
    await change("logInteraction", {**MAIL, "contactNo": "ANN"})
    await change("logInteraction", {**MAIL, "contactNo": "ANN", "campaignNo": "AUTUMN"})
    listed = "nodes { entryNo campaign { no } }"
    nodes = (await graphql(f"{{ campaignEntries {{ {listed} }} }}"))["campaignEntries"]["nodes"]
    assert [node["campaign"]["no"] for node in nodes] == ["AUTUMN", "SPRING"]
    await change("cancelCampaignEntries", {"entryNos": [nodes[1]["entryNo"]]})
    query = f"""query ($no: Int!) {{ canceled: campaignEntries(canceled: true) {{ {listed} }}
      valid: campaignEntries(canceled: false) {{ {listed} }} campaignEntry(entryNo: $no) {{ campaign {{ no }} }}
      none: campaignEntry(entryNo: 999) {{ entryNo }} }}"""
    assert await graphql(query, {"no": nodes[1]["entryNo"]}) == {
        "canceled": {"nodes": nodes[1:]},
        "valid": {"nodes": nodes[:1]},
        "campaignEntry": {"campaign": {"no": "SPRING"}},
        "none": None,
    }


async def test_10_3_a_call_from_a_line_before_logging_shares_the_entry_of_the_logged_segment(
    graphql: GraphQL, change: Change
) -> None:
    """In Business Central the entry that the call made never learns of the logged segment."""
    await change("createInteractionTemplate", {"code": "CALL", "description": "Call"})
    await change("updateMarketingSetup", {"phoneCallTemplate": "CALL"})
    header = {"no": "S1", "description": "Flyers", "template": "LETTER", "campaignNo": "SPRING"}
    await change("createSegment", header)
    await pin(change, "S1", "ANN", "BOB")
    number = (await line_nos(graphql, "S1"))["ANN"]
    await change("logPhoneCall", {"segmentNo": "S1", "lineNo": number, "description": "Rang"})
    await change("logSegment", {"segmentNo": "S1"})
    (entry,) = (await campaign(graphql, ENTRIES))["entries"]["nodes"]
    assert (entry["segmentNo"], entry["interactions"]) == ("S1", {"totalCount": 3})
    assert entry["loggedSegment"] == {"segmentNo": "S1"}
    logged = (await graphql("{ loggedSegments { nodes { campaignEntryCount } } }"))["loggedSegments"]["nodes"]
    assert logged == [{"campaignEntryCount": 1}]

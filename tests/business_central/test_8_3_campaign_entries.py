"""Deleting canceled campaign entries."""

from typing import Any

import pytest
from sqlalchemy import select

from server.clock import Moment
from server.store.database import Database
from server.store.tables import attachment
from tests.business_central.campaign_people import campaign, entry_nos, log_mail, log_segment, pin, store_people
from tests.business_central.conftest import Change, Refused
from tests.conftest import GraphQL


@pytest.fixture(autouse=True)
async def world(database: Database, moment: Moment, change: Change) -> None:
    await store_people(database, moment)
    await change("createCampaign", {"no": "SPRING"})


async def test_8_3_only_a_canceled_campaign_entry_can_be_deleted(
    graphql: GraphQL, change: Change, refused: Refused
) -> None:
    await log_mail(change, "ANN")
    await log_segment(change, "S1", "ANN")
    first, second = await entry_nos(graphql)
    await change("cancelCampaignEntries", {"entryNos": [first]})
    message = await refused("NOT_CANCELED", ["entryNos", "1"], "deleteCampaignEntries", {"entryNos": [first, second]})
    assert f"Campaign entry {second}" in message
    await change("deleteCampaignEntries", {"entryNos": [first]})
    assert await entry_nos(graphql) == [second]


async def test_8_3_deleting_a_campaign_entry_deletes_its_interactions_with_their_comments(
    graphql: GraphQL, change: Change
) -> None:
    numbers = await log_mail(change, "ANN", "LONE")
    other = await log_segment(change, "S1", "ANN")
    await change("createComment", {"interactionEntryNo": numbers[0], "text": "Friendly"})
    shared, of_segment = await entry_nos(graphql)
    await change("cancelCampaignEntries", {"entryNos": [shared]})
    answer = await change("deleteCampaignEntries", {"entryNos": [shared]}, "deletedIds")
    query = """query ($ids: [ID!]!) { nodes(ids: $ids) { id }
      interactions { nodes { campaignEntry { entryNo } loggedSegment { entryNo } } } }"""
    assert await graphql(query, {"ids": answer["deletedIds"]}) == {
        "nodes": [None],
        "interactions": {"nodes": [{"campaignEntry": {"entryNo": of_segment}, "loggedSegment": {"entryNo": other}}]},
    }


async def test_8_3_an_interaction_that_came_to_a_canceled_campaign_entry_survives_it(
    graphql: GraphQL, change: Change
) -> None:
    await log_mail(change, "ANN")
    (number,) = await entry_nos(graphql)
    await change("cancelCampaignEntries", {"entryNos": [number]})
    (later,) = await log_mail(change, "LONE")
    await change("deleteCampaignEntries", {"entryNos": [number]})
    query = "{ interactions { nodes { entryNo canceled campaign { no } campaignEntry { entryNo } } } }"
    kept: list[dict[str, Any]] = (await graphql(query))["interactions"]["nodes"]
    assert kept == [{"entryNo": later, "canceled": False, "campaign": {"no": "SPRING"}, "campaignEntry": None}]
    (again,) = await log_mail(change, "LONE")
    assert again > later
    assert len(await entry_nos(graphql)) == 1


async def test_8_3_deleting_a_campaign_entry_releases_whom_only_its_interactions_targeted(
    graphql: GraphQL, change: Change
) -> None:
    await log_mail(change, "ANN", "LONE")
    (number,) = await entry_nos(graphql)
    await change("activateCampaign", {"no": "SPRING"})
    await change("createSegment", {"no": "S1", "campaignNo": "SPRING", "campaignTarget": True})
    await pin(change, "S1", "BOB")
    group = "targets { nodes { contact { no } } }"
    both = {"nodes": [{"contact": {"no": "ACME"}}, {"contact": {"no": "LONE"}}]}
    await change("cancelCampaignEntries", {"entryNos": [number]})
    assert (await campaign(graphql, group))["targets"] == both
    await change("deleteCampaignEntries", {"entryNos": [number]})
    assert (await campaign(graphql, group))["targets"] == {"nodes": [{"contact": {"no": "ACME"}}]}


async def test_8_3_attachments_go_with_the_last_interaction_that_has_them(
    graphql: GraphQL, database: Database, change: Change
) -> None:
    mail = {"contactNo": "ANN", "template": "LETTER", "description": "Offer"}
    for name, no in (("offer.pdf", "SPRING"), ("other.pdf", None)):
        sent = {"name": name, "url": f"https://example.com/{name}"}
        await change("logInteraction", {**mail, "campaignNo": no, "attachment": sent})
    (number,) = await entry_nos(graphql)
    await change("cancelCampaignEntries", {"entryNos": [number]})
    await change("deleteCampaignEntries", {"entryNos": [number]})
    async with database.read() as connection:
        assert list(await connection.scalars(select(attachment.c.name))) == ["other.pdf"]

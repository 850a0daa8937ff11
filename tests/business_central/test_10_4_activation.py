"""Who is in the target group of a campaign when it is activated."""

import pytest
from sqlalchemy import delete, insert, select

from server.clock import Moment
from server.store.database import Database
from server.store.tables import campaign as campaign_table
from server.store.tables import contact_business_relation
from tests.business_central.campaign_people import KEYS, campaign, pin, store_interaction, store_people, targets
from tests.business_central.conftest import Change, Refused
from tests.conftest import GraphQL

ACTIVATE = ("activateCampaign", {"no": "SPRING"})


@pytest.fixture(autouse=True)
async def spring_key(database: Database, moment: Moment, change: Change) -> int:
    """The key of the campaign SPRING; there is AUTUMN, too."""
    await store_people(database, moment)
    for no in ("AUTUMN", "SPRING"):
        await change("createCampaign", {"no": no})
    async with database.read() as connection:
        key = await connection.scalar(select(campaign_table.c.id).where(campaign_table.c.no == "SPRING"))
    return int(key or 0)


async def test_10_4_activating_puts_the_companies_of_the_lines_into_the_target_group(
    graphql: GraphQL, change: Change
) -> None:
    await change("createSegment", {"no": "S1", "campaignNo": "SPRING", "campaignTarget": True})
    await pin(change, "S1", "ANN", "BOB", "MAX", "LONE")
    assert await targets(graphql) == []
    answer = await change(*ACTIVATE, "campaign { activated version targets { totalCount } }")
    assert answer["campaign"] == {"activated": True, "version": 2, "targets": {"totalCount": 3}}
    assert await targets(graphql) == ["ACME", "BOLT", "LONE"]
    assert await targets(graphql, "AUTUMN") == []


async def test_10_4_only_lines_of_the_campaign_with_the_flag_target_anybody(graphql: GraphQL, change: Change) -> None:
    await change("createSegment", {"no": "S1", "campaignNo": "SPRING"})
    await change("createSegment", {"no": "S2", "campaignNo": "AUTUMN", "campaignTarget": True})
    await pin(change, "S1", "ANN", "MAX")
    await pin(change, "S2", "LONE")
    await change("updateSegmentLine", {"segmentNo": "S1", "lineNo": 20, "campaignTarget": True})
    await change(*ACTIVATE)
    assert await targets(graphql) == ["BOLT"]


async def test_10_4_lines_that_were_removed_target_nobody(graphql: GraphQL, change: Change) -> None:
    await change("createSegment", {"no": "S1", "campaignNo": "SPRING", "campaignTarget": True})
    await pin(change, "S1", "ANN", "MAX")
    await change("removeSegmentLines", {"segmentNo": "S1", "lineNos": [10]})
    await pin(change, "S1", "LONE")
    await change("undoSegmentAction", {"segmentNo": "S1"})
    await change(*ACTIVATE)
    assert await targets(graphql) == ["BOLT"]


async def test_10_4_interactions_marked_as_target_count_too(
    graphql: GraphQL, database: Database, moment: Moment, change: Change, spring_key: int
) -> None:
    await store_interaction(database, moment, spring_key, "ANN", campaign_target=True)
    await store_interaction(database, moment, spring_key, "LONE", campaign_target=True)
    await store_interaction(database, moment, spring_key, "MAX", campaign_response=True)
    await change(*ACTIVATE)
    assert await targets(graphql) == ["ACME", "LONE"]


async def test_10_4_canceled_interactions_count_and_postponed_ones_do_not(
    graphql: GraphQL, database: Database, moment: Moment, change: Change, spring_key: int
) -> None:
    """As in Business Central, where cancelling says nothing about who was targeted."""
    await store_interaction(database, moment, spring_key, "ANN", campaign_target=True, canceled=True)
    await store_interaction(database, moment, spring_key, "MAX", campaign_target=True, postponed=True)
    await change(*ACTIVATE)
    assert await targets(graphql) == ["ACME"]


async def test_10_4_a_campaign_that_targets_nobody_cannot_be_activated(
    database: Database, moment: Moment, change: Change, refused: Refused, spring_key: int
) -> None:
    await change("createSegment", {"no": "S1", "campaignNo": "SPRING"})
    await pin(change, "S1", "ANN")
    await store_interaction(database, moment, spring_key, "MAX", campaign_target=True, postponed=True)
    message = await refused("CAMPAIGN_WITHOUT_TARGETS", ["no"], *ACTIVATE)
    assert "SPRING" in message
    assert "campaignTarget" in message
    await refused("NOT_FOUND", ["no"], "activateCampaign", {"no": "SUMMER"})


async def test_10_4_customers_are_shown_as_customers(graphql: GraphQL, change: Change) -> None:
    await change("createSegment", {"no": "S1", "campaignNo": "SPRING", "campaignTarget": True})
    await pin(change, "S1", "ANN", "MAX", "LONE")
    await change(*ACTIVATE)
    group = "targets { nodes { customerNo contact { no type } } }"
    assert (await campaign(graphql, group))["targets"]["nodes"] == [
        {"customerNo": None, "contact": {"no": "ACME", "type": "COMPANY"}},
        {"customerNo": "10000", "contact": {"no": "BOLT", "type": "COMPANY"}},
        {"customerNo": None, "contact": {"no": "LONE", "type": "PERSON"}},
    ]


async def test_10_4_who_becomes_a_customer_or_is_none_any_more_is_shown_as_that(
    graphql: GraphQL, database: Database, moment: Moment, change: Change
) -> None:
    await change("createSegment", {"no": "S1", "campaignNo": "SPRING", "campaignTarget": True})
    await pin(change, "S1", "ANN", "MAX")
    await change(*ACTIVATE)
    link = contact_business_relation
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await work.connection.execute(delete(link).where(link.c.contact_id == KEYS["BOLT"]))
        vendor = {"contact_id": KEYS["BOLT"], "code": "CUST", "link": "VENDOR", "link_no": "V1"}
        customer = {"contact_id": KEYS["ACME"], "code": "CUST", "link": "CUSTOMER", "link_no": "20000"}
        await work.connection.execute(insert(link), [vendor, customer])
    group = "targets { nodes { customerNo contact { no } } }"
    assert (await campaign(graphql, group))["targets"]["nodes"] == [
        {"customerNo": "20000", "contact": {"no": "ACME"}},
        {"customerNo": None, "contact": {"no": "BOLT"}},
    ]


async def test_10_4_activating_again_changes_nothing(graphql: GraphQL, change: Change) -> None:
    await change("createSegment", {"no": "S1", "campaignNo": "SPRING", "campaignTarget": True})
    await pin(change, "S1", "ANN", "MAX")
    await change(*ACTIVATE)
    again = await change(*ACTIVATE, "campaign { activated version }")
    assert again["campaign"] == {"activated": True, "version": 2}
    assert await targets(graphql) == ["ACME", "BOLT"]


async def test_10_4_deactivating_deletes_the_target_group(graphql: GraphQL, change: Change, refused: Refused) -> None:
    for no, of in (("S1", "SPRING"), ("S2", "AUTUMN")):
        await change("createSegment", {"no": no, "campaignNo": of, "campaignTarget": True})
        await pin(change, no, "ANN")
        await change("activateCampaign", {"no": of})
    answer = await change("deactivateCampaign", {"no": "spring"}, "campaign { activated version }")
    assert answer["campaign"] == {"activated": False, "version": 3}
    assert await targets(graphql) == []
    assert await targets(graphql, "AUTUMN") == ["ACME"]
    await pin(change, "S1", "MAX")
    assert await targets(graphql) == []
    again = await change("deactivateCampaign", {"no": "SPRING"}, "campaign { version }")
    assert again["campaign"]["version"] == 3
    await refused("NOT_FOUND", ["no"], "deactivateCampaign", {"no": "SUMMER"})


async def test_10_4_the_target_group_is_read_page_by_page(graphql: GraphQL, change: Change) -> None:
    await change("createSegment", {"no": "S1", "campaignNo": "SPRING", "campaignTarget": True})
    await pin(change, "S1", "ANN", "MAX", "LONE")
    await change(*ACTIVATE)
    page = "nodes { contact { no } } pageInfo { endCursor hasNextPage }"
    first = (await campaign(graphql, f"targets(first: 2) {{ {page} }}"))["targets"]
    assert [node["contact"]["no"] for node in first["nodes"]] == ["ACME", "BOLT"]
    cursor = first["pageInfo"]["endCursor"]
    rest = (await campaign(graphql, f'targets(first: 2, after: "{cursor}") {{ {page} }}'))["targets"]
    assert [node["contact"]["no"] for node in rest["nodes"]] == ["LONE"]
    assert rest["pageInfo"]["hasNextPage"] is False

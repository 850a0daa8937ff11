"""Canceling campaign entries, and taking it back."""

import pytest

from server.clock import Moment
from server.store.database import Database
from tests.business_central.campaign_people import campaign, entry_nos, log_mail, log_segment, store_people
from tests.business_central.conftest import Change, Refused
from tests.conftest import GraphQL


@pytest.fixture(autouse=True)
async def world(database: Database, moment: Moment, change: Change) -> None:
    await store_people(database, moment)
    await change("createCampaign", {"no": "SPRING"})


async def canceled(graphql: GraphQL) -> dict[int, bool]:
    """Return for each interaction, by its number, whether it is canceled."""
    nodes = (await graphql("{ interactions { nodes { entryNo canceled } } }"))["interactions"]["nodes"]
    return {node["entryNo"]: node["canceled"] for node in nodes}


async def test_8_2_canceling_a_campaign_entry_cancels_its_interactions(graphql: GraphQL, change: Change) -> None:
    first, second = await log_mail(change, "ANN", "LONE")
    await log_segment(change, "S1", "ANN")
    (shared, of_segment) = await entry_nos(graphql)
    answer = await change(
        "cancelCampaignEntries",
        {"entryNos": [shared]},
        "campaignEntries { entryNo canceled interactions { totalCount } }",
    )
    assert answer["campaignEntries"] == [{"entryNo": shared, "canceled": True, "interactions": {"totalCount": 2}}]
    states = await canceled(graphql)
    assert {number for number, state in states.items() if state} == {first, second}
    assert len(states) == 3
    query = "query ($no: Int!) { campaignEntry(entryNo: $no) { canceled } }"
    assert (await graphql(query, {"no": of_segment}))["campaignEntry"]["canceled"] is False


async def test_8_2_a_canceled_campaign_entry_stays_in_the_list_and_leaves_the_figures(
    graphql: GraphQL, change: Change
) -> None:
    await log_mail(change, "ANN", "LONE")
    (number,) = await entry_nos(graphql)
    figures = "statistics { contacted cost } entries { totalCount } interactions { totalCount }"
    before = {"statistics": {"contacted": 2, "cost": "4"}, "entries": {"totalCount": 1}}
    assert await campaign(graphql, figures) == {**before, "interactions": {"totalCount": 2}}
    await change("cancelCampaignEntries", {"entryNos": [number]})
    after = {"statistics": {"contacted": 0, "cost": "0"}, "entries": {"totalCount": 1}}
    assert await campaign(graphql, figures) == {**after, "interactions": {"totalCount": 2}}


async def test_8_2_taking_it_back_makes_every_interaction_of_the_entry_valid_again(
    graphql: GraphQL, change: Change
) -> None:
    """Also one that had been canceled by itself, as in Business Central."""
    first, second = await log_mail(change, "ANN", "LONE")
    (number,) = await entry_nos(graphql)
    await change("cancelInteractions", {"entryNos": [first]})
    await change("cancelCampaignEntries", {"entryNos": [number], "canceled": True})
    assert await canceled(graphql) == {first: True, second: True}
    answer = await change(
        "cancelCampaignEntries", {"entryNos": [number], "canceled": False}, "campaignEntries { canceled }"
    )
    assert answer["campaignEntries"] == [{"canceled": False}]
    assert await canceled(graphql) == {first: False, second: False}


async def test_8_2_several_campaign_entries_get_the_same_state(graphql: GraphQL, change: Change) -> None:
    await log_mail(change, "ANN")
    await log_segment(change, "S1", "BOB", "LONE")
    numbers = await entry_nos(graphql)
    await change("cancelCampaignEntries", {"entryNos": numbers[1:]})
    answer = await change(
        "cancelCampaignEntries", {"entryNos": [*reversed(numbers), numbers[0]]}, "campaignEntries { entryNo canceled }"
    )
    assert answer["campaignEntries"] == [{"entryNo": number, "canceled": True} for number in numbers]
    assert set((await canceled(graphql)).values()) == {True}


async def test_8_2_a_campaign_entry_stays_canceled_while_its_logged_segment_is(
    graphql: GraphQL, change: Change, refused: Refused
) -> None:
    logged = await log_segment(change, "S1", "ANN")
    (number,) = await entry_nos(graphql)
    await change("cancelLoggedSegments", {"entryNos": [logged]})
    query = "query ($no: Int!) { campaignEntry(entryNo: $no) { canceled } }"
    assert (await graphql(query, {"no": number}))["campaignEntry"]["canceled"] is True
    back = {"entryNos": [number], "canceled": False}
    message = await refused("STILL_CANCELED", ["entryNos", "0"], "cancelCampaignEntries", back)
    assert f"entry {number}" in message
    assert f"logged segment {logged}" in message
    assert "cancelLoggedSegments(canceled: false)" in message
    await change("cancelCampaignEntries", {"entryNos": [number]})
    await change("cancelLoggedSegments", {"entryNos": [logged], "canceled": False})
    assert set((await canceled(graphql)).values()) == {False}


async def test_8_2_a_campaign_entry_whose_logged_segment_was_deleted_comes_back(
    graphql: GraphQL, change: Change
) -> None:
    logged = await log_segment(change, "S1", "ANN")
    (number,) = await entry_nos(graphql)
    await change("cancelLoggedSegments", {"entryNos": [logged]})
    await change("deleteLoggedSegments", {"entryNos": [logged]})
    await change("cancelCampaignEntries", {"entryNos": [number], "canceled": False})
    assert set((await canceled(graphql)).values()) == {False}


async def test_8_2_an_interaction_stays_canceled_while_its_campaign_entry_is(
    graphql: GraphQL, change: Change, refused: Refused
) -> None:
    (interaction,) = await log_mail(change, "ANN")
    (number,) = await entry_nos(graphql)
    await change("cancelCampaignEntries", {"entryNos": [number]})
    back = {"entryNos": [interaction], "canceled": False}
    message = await refused("STILL_CANCELED", ["entryNos", "0"], "cancelInteractions", back)
    assert f"campaign entry {number}" in message
    assert "cancelCampaignEntries(canceled: false)" in message


WRONG: list[tuple[str, list[int], str]] = [
    ("VALUE_REQUIRED", [], "entryNos"),
    ("INVALID_INPUT", [1] * 1001, "1,001"),
]


async def test_8_2_campaign_entries_to_cancel_are_named_one_by_one(change: Change, refused: Refused) -> None:
    await log_mail(change, "ANN")
    for code, numbers, said in WRONG:
        for mutation in ("cancelCampaignEntries", "deleteCampaignEntries"):
            assert said in await refused(code, ["entryNos"], mutation, {"entryNos": numbers})
            message = await refused("NOT_FOUND", ["entryNos", "1"], mutation, {"entryNos": [1, 999, 998]})
            assert "999" in message

"""What a campaign achieved."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from server.clock import Moment
from server.store.database import Database
from server.store.tables import campaign as campaign_table
from tests.business_central.campaign_people import campaign, store_interaction, store_people
from tests.business_central.conftest import Change
from tests.conftest import GraphQL

COUNTS = "statistics { contacted responded cost duration }"
RATES = "statistics { responseRate averageCostPerResponse averageDurationPerResponse }"


class Log:
    """Stores interactions of the campaign SPRING."""

    def __init__(self, database: Database, moment: Moment, campaign_key: int) -> None:
        self._database = database
        self._moment = moment
        self.campaign_key = campaign_key

    async def __call__(self, contact_no: str = "ANN", **values: Any) -> None:
        await store_interaction(self._database, self._moment, self.campaign_key, contact_no, **values)


@pytest.fixture
async def log(database: Database, moment: Moment, change: Change) -> Log:
    await store_people(database, moment)
    for no in ("AUTUMN", "SPRING"):
        await change("createCampaign", {"no": no})
    async with database.read() as connection:
        key = await connection.scalar(select(campaign_table.c.id).where(campaign_table.c.no == "SPRING"))
    return Log(database, moment, int(key or 0))


async def test_10_2_a_campaign_without_interactions_achieved_nothing(graphql: GraphQL, log: Log) -> None:
    await log(campaign_target=True)
    found = await campaign(graphql, f"{COUNTS} rates: {RATES}", "AUTUMN")
    assert found["statistics"] == {"contacted": 0, "responded": 0, "cost": "0", "duration": "0"}
    assert set(found["rates"].values()) == {"0"}


async def test_10_2_interactions_are_counted_not_contacts(graphql: GraphQL, log: Log) -> None:
    await log("ANN", campaign_target=True, cost="1.5", duration="10")
    await log("ANN", campaign_target=True, campaign_response=True, cost="0.0001", duration="0.25")
    await log("BOB", campaign_response=True, cost="2")
    await log("LONE", cost="3")
    found = await campaign(graphql, COUNTS)
    assert found["statistics"] == {"contacted": 2, "responded": 2, "cost": "6.5001", "duration": "10.25"}


async def test_10_2_canceled_and_postponed_interactions_do_not_count(graphql: GraphQL, log: Log) -> None:
    both: dict[str, Any] = {"campaign_target": True, "campaign_response": True, "cost": "1", "duration": "1"}
    await log(**both)
    await log(**both, canceled=True)
    await log(**both, postponed=True)
    found = await campaign(graphql, COUNTS)
    assert found["statistics"] == {"contacted": 1, "responded": 1, "cost": "1", "duration": "1"}


async def test_10_2_an_attempt_that_failed_counts(graphql: GraphQL, log: Log) -> None:
    await log(campaign_target=True, attempt_failed=True)
    assert (await campaign(graphql, COUNTS))["statistics"]["contacted"] == 1


async def test_10_2_the_figures_can_be_those_of_some_days(graphql: GraphQL, log: Log) -> None:
    for day, cost in ((1, "1"), (2, "2"), (3, "4"), (4, "8")):
        await log(campaign_target=True, on=date(2026, 11, day), cost=cost)
    query = """{ campaign(no: "SPRING") {
      middle: statistics(onFrom: "2026-11-02", onTo: "2026-11-03") { contacted cost }
      day: statistics(onFrom: "2026-11-04", onTo: "2026-11-04") { contacted cost }
      from: statistics(onFrom: "2026-11-03") { contacted cost } to: statistics(onTo: "2026-11-01") { contacted cost }
      later: statistics(onFrom: "2026-11-05") { contacted cost responseRate } } }"""
    assert (await graphql(query))["campaign"] == {
        "middle": {"contacted": 2, "cost": "6"},
        "day": {"contacted": 1, "cost": "8"},
        "from": {"contacted": 2, "cost": "12"},
        "to": {"contacted": 1, "cost": "1"},
        "later": {"contacted": 0, "cost": "0", "responseRate": "0"},
    }


async def test_10_2_days_in_the_wrong_order_are_refused(graphql: GraphQL, change: Change) -> None:
    await change("createCampaign", {"no": "AUTUMN"})
    query = '{ campaign(no: "AUTUMN") { statistics(onFrom: "2026-11-02", onTo: "2026-11-01") { cost } } }'
    body = await graphql(query, expect_errors=True)
    assert body["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


async def respond(log: Log, contacted: int, responded: int) -> None:
    for place in range(contacted):
        await log(campaign_target=True, campaign_response=place < responded)


@pytest.mark.parametrize(
    ("contacted", "responded", "rate"),
    [(3, 1, "33.3"), (3, 2, "66.7"), (16, 1, "6.3"), (8, 5, "62.5"), (2, 2, "100"), (2, 0, "0")],
)
async def test_10_2_the_response_rate_is_responses_per_hundred_contacted_to_one_place(
    graphql: GraphQL, log: Log, contacted: int, responded: int, rate: str
) -> None:
    """One of 16 are 6.25 percent: half is rounded away from zero, not to the even neighbour 6.2."""
    await respond(log, contacted, responded)
    assert (await campaign(graphql, RATES))["statistics"]["responseRate"] == rate


async def test_10_2_the_response_rate_is_0_where_nobody_was_contacted(graphql: GraphQL, log: Log) -> None:
    await log(campaign_response=True, cost="5", duration="7.5")
    found = await campaign(graphql, RATES)
    assert found["statistics"] == {
        "responseRate": "0",
        "averageCostPerResponse": "5",
        "averageDurationPerResponse": "7.5",
    }


async def test_10_2_cost_and_duration_per_response_have_two_places(graphql: GraphQL, log: Log) -> None:
    """0.25 for two are 0.125, 2.01 minutes for two 1.005: half is rounded away from zero."""
    await log(campaign_response=True, cost="0.05", duration="2")
    await log(campaign_response=True)
    await log(cost="0.2", duration="0.01")
    found = await campaign(graphql, RATES)
    assert found["statistics"]["averageCostPerResponse"] == "0.13"
    assert found["statistics"]["averageDurationPerResponse"] == "1.01"


async def test_10_2_cost_and_duration_per_response_are_0_without_responses(graphql: GraphQL, log: Log) -> None:
    await log(campaign_target=True, cost="5", duration="5")
    found = await campaign(graphql, RATES)
    assert set(found["statistics"].values()) == {"0"}

import asyncio
from datetime import date, datetime
from typing import Any

import pytest

from server.clock import Moment
from server.operations.campaigns.campaigns import campaign_entry_for, create_campaign, update_campaign
from server.operations.setup.salespeople import create_salesperson
from server.store.database import Database
from server.store.tables import campaign, campaign_entry, campaign_status, change
from tests.operations.conftest import Fetch, Refuse, Run, Store

SPRING = {"description": "Spring", "starting_on": date(2026, 3, 1), "ending_on": date(2026, 5, 31), "status": "plan"}


@pytest.fixture(autouse=True)
async def salespeople_and_statuses(run: Run, store: Store) -> None:
    await store(campaign_status, {"code": "PLAN"})
    await run(create_salesperson, {"code": "AH"})
    await run(create_salesperson, {"code": "GONE", "blocked": True})


async def test_a_campaign_is_created(run: Run, fetch: Fetch, moment: Moment) -> None:
    key = await run(create_campaign, {**SPRING, "salesperson": "ah"})
    (row,) = await fetch(campaign)
    assert (row.id, row.no, row.description, row.status, row.salesperson) == (key, "CP0001", "Spring", "PLAN", "AH")
    assert (row.starting_on, row.ending_on, row.version) == (date(2026, 3, 1), date(2026, 5, 31), 1)
    assert (row.created_at, row.modified_at) == (moment.now, moment.now)
    assert ((await fetch(change))[-1].object, (await fetch(change))[-1].object_id) == ("campaign", key)


async def test_dates_may_be_open(run: Run, fetch: Fetch) -> None:
    await run(create_campaign, {"no": "A", "starting_on": date(2026, 3, 1)})
    await run(create_campaign, {"no": "B", "starting_on": date(2026, 3, 1), "ending_on": date(2026, 3, 1)})
    await run(update_campaign, "b", {"ending_on": None})
    assert [row.ending_on for row in await fetch(campaign)] == [None, None]


async def test_a_change_is_stamped_and_noted(run: Run, fetch: Fetch) -> None:
    await run(create_campaign, {"no": "A", **SPRING})
    before = await fetch(campaign), await fetch(change)
    await run(update_campaign, "A", {"description": "Spring", "status": "PLAN", "no": "a"})
    assert (await fetch(campaign), await fetch(change)) == before
    await run(update_campaign, "A", {"status": "", "salesperson": "AH"}, expected_version=1)
    (row,) = await fetch(campaign)
    assert (row.status, row.salesperson, row.description, row.version) == (None, "AH", "Spring", 2)
    assert (await fetch(change))[-1].fields == ["modified_at", "salesperson", "status"]


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"starting_on": date(2026, 6, 1)}, "INVALID_INPUT", "startingOn"),
    ({"ending_on": date(2026, 2, 1)}, "INVALID_INPUT", "endingOn"),
    ({"ending_on": datetime(2026, 6, 1)}, "INVALID_INPUT", "endingOn"),  # noqa: DTZ001 - what is refused is its type
    ({"description": "x" * 101}, "INVALID_INPUT", "description"),
    ({"status": "x" * 11}, "INVALID_INPUT", "status"),
    ({"status": "LOST"}, "NOT_FOUND", "status"),
    ({"salesperson": "NOBODY"}, "NOT_FOUND", "salesperson"),
    ({"salesperson": "GONE"}, "SALESPERSON_BLOCKED", "salesperson"),
]


async def test_a_wrong_value_is_refused(run: Run, refuse: Refuse) -> None:
    await run(create_campaign, {"no": "A", **SPRING})
    for values, code, field in WRONG:
        await refuse(code, (field,), update_campaign, "A", values)
    for values, code, field in WRONG[1:]:
        await refuse(code, (field,), create_campaign, {**SPRING, **values})
    await refuse("ALREADY_EXISTS", ("no",), create_campaign, {"no": "A"})
    await refuse("INVALID_INPUT", ("no",), update_campaign, "A", {"no": "B"})
    await refuse("NOT_FOUND", ("no",), update_campaign, "B", {})
    await run(update_campaign, "A", {"description": "Summer"})
    refusal = await refuse("CONFLICT", ("expectedVersion",), update_campaign, "A", {}, expected_version=1)
    assert refusal.current_version == 2  # type: ignore[attr-defined]


async def test_a_campaign_has_one_entry_per_segment(run: Run, fetch: Fetch) -> None:
    key = await run(create_campaign, {"no": "A"})
    values = {"description": "Interactions", "on": date(2026, 3, 1), "salesperson": "AH"}
    first = await run(campaign_entry_for, key, "", values)
    assert await run(campaign_entry_for, key, "", {**values, "description": "Other"}) == first
    other = await run(campaign_entry_for, key, "SM00001", values)
    rows = await fetch(campaign_entry)
    assert [(row.entry_no, row.segment_no, row.description, row.actor) for row in rows] == [
        (first, "", "Interactions", "ann"),
        (other, "SM00001", "Interactions", "ann"),
    ]
    noted = [row.object_id for row in await fetch(change) if row.object == "campaign_entry"]
    assert noted == [first, other]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_two_units_of_work_share_the_entry_that_one_of_them_makes(
    run: Run, fetch: Fetch, database: Database, moment: Moment
) -> None:
    key = await run(create_campaign, {"no": "A"})
    entry = {"description": "Interactions", "on": date(2026, 3, 1)}
    async with database.write(actor="bob", operation="logInteraction", moment=moment) as work:
        first = await campaign_entry_for(work, key, "", {"description": "Interactions", "on": date(2026, 3, 1)})
        second = asyncio.create_task(run(campaign_entry_for, key, "", entry))
        await asyncio.sleep(0.1)
        assert not second.done()
    assert await second == first
    assert len(await fetch(campaign_entry)) == 1

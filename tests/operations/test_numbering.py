import asyncio

import pytest
from sqlalchemy import update

from server.clock import Moment
from server.errors import TesseraError
from server.operations.campaigns.campaigns import create_campaign
from server.operations.contacts.contacts import create_contact
from server.operations.numbering import Series, take_numbers
from server.store.database import Database
from server.store.tables import campaign, contact, logged_segment, number_series
from tests.operations.conftest import Fetch, Refuse, Run, Store


async def test_numbers_ascend_and_start_at_one(run: Run, fetch: Fetch) -> None:
    for _ in range(3):
        await run(create_contact, {"name": "X"})
    await run(create_campaign, {})
    assert [row.no for row in await fetch(contact)] == ["CT000001", "CT000002", "CT000003"]
    assert [row.no for row in await fetch(campaign)] == ["CP0001"]


async def test_the_series_steps_over_typed_numbers(run: Run, fetch: Fetch) -> None:
    for no in ("ct000001", " CT000002 ", "CT000004"):
        await run(create_contact, {"no": no})
    for _ in range(2):
        await run(create_contact, {})
    assert sorted(row.no for row in await fetch(contact)) == [f"CT00000{i}" for i in range(1, 6)]
    assert (await fetch(number_series, number_series.c.code == "CONTACT"))[0].last_number == 5


async def test_many_numbers_are_taken_at_once_around_taken_ones(run: Run) -> None:
    await run(create_contact, {"no": "CT001500"})
    await run(create_contact, {"no": "CT000001"})
    numbers = await run(take_numbers, Series.CONTACT, 2_500)
    expected = [f"CT{i:06d}" for i in range(2, 2_503) if i != 1_500]
    assert numbers == expected
    assert await run(take_numbers, Series.CONTACT, 0) == []
    assert await run(take_numbers, Series.CONTACT, 1) == ["CT002503"]


async def test_a_number_outgrows_its_digits(run: Run, database: Database, moment: Moment) -> None:
    async with database.write(actor="test", operation="test", moment=moment) as work:
        statement = update(number_series).where(number_series.c.code == "CAMPAIGN").values(last_number=9_998)
        await work.connection.execute(statement)
    assert await run(take_numbers, Series.CAMPAIGN, 3) == ["CP9999", "CP10000", "CP10001"]


async def test_a_logged_segment_keeps_its_number(run: Run, store: Store, moment: Moment) -> None:
    row = {"segment_no": "SM00001", "description": "x", "created_on": moment.today, "created_at": moment.now}
    await store(logged_segment, row)
    assert await run(take_numbers, Series.SEGMENT, 1) == ["SM00002"]


async def test_a_taken_number_is_refused(run: Run, refuse: Refuse) -> None:
    await run(create_contact, {"no": "ACME"})
    await refuse("ALREADY_EXISTS", ("no",), create_contact, {"no": "acme"})


@pytest.mark.parametrize("no", ["A" * 21, "A\0B", "A\ud800"])
async def test_a_number_that_cannot_be_stored_is_refused(refuse: Refuse, no: str) -> None:
    await refuse("INVALID_INPUT", ("no",), create_contact, {"no": no})


async def test_typed_numbers_can_be_forbidden(database: Database, moment: Moment, refuse: Refuse, run: Run) -> None:
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await work.connection.execute(update(number_series).values(manual_allowed=False))
    await refuse("NUMBER_NOT_TYPED", ("no",), create_contact, {"no": "ACME"})
    await run(create_contact, {})


async def test_a_refused_creation_gives_its_number_back(run: Run, refuse: Refuse, fetch: Fetch) -> None:
    await refuse("NOT_FOUND", ("addMailingGroups", 0), create_contact, {"add_mailing_groups": ["NEWS"]})
    await run(create_contact, {})
    assert [row.no for row in await fetch(contact)] == ["CT000001"]


async def test_contacts_created_at_once_get_different_numbers(run: Run, fetch: Fetch) -> None:
    done = await asyncio.gather(*(run(create_contact, {}) for _ in range(8)), return_exceptions=True)
    assert not [answer for answer in done if isinstance(answer, BaseException) and not isinstance(answer, TesseraError)]
    created = [answer for answer in done if isinstance(answer, int)]
    assert len(created) == 8
    assert len({row.no for row in await fetch(contact)}) == 8

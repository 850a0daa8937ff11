"""On PostgreSQL units of work run side by side: a target group never misses what another of them does meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert, select

from server.clock import Moment
from server.errors import NotFoundError
from server.operations.campaigns.activation import activate_campaign, deactivate_campaign
from server.operations.campaigns.campaign_entries import cancel_campaign_entries
from server.operations.campaigns.campaigns import create_campaign, delete_campaign
from server.operations.contacts.contacts import create_contact
from server.operations.interactions.interactions import log_interaction
from server.operations.interactions.log_entries import delete_interactions
from server.operations.segments.lines import add_lines, remove_lines
from server.operations.segments.segments import create_segment
from server.settings import Settings
from server.store.database import Database
from server.store.tables import campaign_target, contact, interaction_template, salesperson
from server.store.unit_of_work import UnitOfWork

MEANWHILE = 0.2
"""Seconds that the other unit of work gets to do what it must not do."""
CALL: Any = {
    "contact_no": "B", "template": "CALL", "description": "Call", "salesperson": "AH", "campaign_no": "C",
    "campaign_target": True,
}  # fmt: skip


class Units:
    """Units of work on a PostgreSQL database, one beside the other."""

    def __init__(self, database: Database, moment: Moment) -> None:
        self._database = database
        self._moment = moment

    async def run(self, operation: Callable[..., Any], *arguments: Any) -> None:
        """Carry out one operation."""
        async with self._unit() as work:
            await operation(work, *arguments)

    async def beside(self, first: tuple[Callable[..., Any], Any, Any | None], *second: Any) -> None:
        """Begin the second operation while the first is done but not committed; it must wait for that."""
        operation, *arguments = first
        async with self._unit() as work:
            await operation(work, *(argument for argument in arguments if argument is not None))
            waiting = asyncio.create_task(self.run(*second))
            await asyncio.sleep(MEANWHILE)
            assert not waiting.done()
        await waiting

    async def targets(self) -> list[str]:
        """Return the numbers in all target groups."""
        numbers = select(contact.c.no).join(campaign_target, campaign_target.c.contact_id == contact.c.id)
        async with self._database.read() as connection:
            return list(await connection.scalars(numbers.order_by(contact.c.no)))

    def _unit(self) -> Any:
        return self._database.write(actor="test", operation="test", moment=self._moment)


async def _begin(work: UnitOfWork) -> None:
    """Create the companies A with two persons, and B, the campaign C, and two segments that target it."""
    await work.connection.execute(insert(salesperson).values(code="AH"))
    await work.connection.execute(insert(interaction_template).values(code="CALL", correspondence_type=None))
    await create_campaign(work, {"no": "C"})
    for no in ("A", "B"):
        await create_contact(work, {"no": no, "type": "COMPANY", "name": no})
    for no in ("A1", "A2"):
        await create_contact(work, {"no": no, "type": "PERSON", "name": no, "company_no": "A"})
    for no in ("S1", "S2"):
        await create_segment(work, {"no": no, "campaign_no": "C", "campaign_target": True})


@pytest.fixture
async def units(postgresql_url: str, moment: Moment) -> AsyncIterator[Units]:
    database = Database(Settings(database_url=postgresql_url))
    units = Units(database, moment)
    await units.run(_begin)
    yield units
    await database.close()


async def test_the_last_two_lines_of_a_company_go_at_the_same_time(units: Units) -> None:
    await units.run(add_lines, "S1", ["A1"])
    await units.run(add_lines, "S2", ["A2"])
    await units.run(activate_campaign, "C")
    assert await units.targets() == ["A"]
    await units.beside((remove_lines, "S1", [10]), remove_lines, "S2", [10])
    assert await units.targets() == []


async def test_a_campaign_is_activated_while_somebody_is_put_on_its_segment(units: Units) -> None:
    await units.run(add_lines, "S1", ["A1"])
    await units.beside((add_lines, "S2", ["B"]), activate_campaign, "C")
    assert await units.targets() == ["A", "B"]


async def test_somebody_is_put_on_a_segment_while_its_campaign_is_activated(units: Units) -> None:
    await units.run(add_lines, "S1", ["A1"])
    await units.beside((activate_campaign, "C", None), add_lines, "S2", ["B"])
    assert await units.targets() == ["A", "B"]


async def test_a_campaign_is_activated_while_an_interaction_of_it_is_logged(units: Units) -> None:
    await units.run(add_lines, "S1", ["A1"])
    await units.beside((log_interaction, CALL, None), activate_campaign, "C")
    assert await units.targets() == ["A", "B"]


async def test_an_interaction_is_logged_while_its_campaign_is_activated(units: Units) -> None:
    await units.run(add_lines, "S1", ["A1"])
    await units.beside((activate_campaign, "C", None), log_interaction, CALL)
    assert await units.targets() == ["A", "B"]


async def test_an_interaction_is_deleted_while_its_campaign_is_activated(units: Units) -> None:
    await units.run(add_lines, "S1", ["A1"])
    await units.run(log_interaction, CALL)
    await units.run(partial(cancel_campaign_entries, canceled=True), [1])
    await units.beside((activate_campaign, "C", None), delete_interactions, [1])
    assert await units.targets() == ["A"]


async def test_an_interaction_is_logged_while_its_campaign_is_deactivated(units: Units) -> None:
    await units.run(add_lines, "S1", ["A1"])
    await units.run(activate_campaign, "C")
    await units.beside((deactivate_campaign, "C", None), log_interaction, CALL)
    assert await units.targets() == []


async def test_a_campaign_is_deleted_while_an_interaction_of_it_is_logged(units: Units) -> None:
    await units.run(add_lines, "S1", ["A1"])
    await units.run(activate_campaign, "C")
    await units.beside((log_interaction, CALL, None), delete_campaign, "C")
    assert await units.targets() == []


async def test_an_interaction_is_not_logged_for_a_campaign_that_is_being_deleted(units: Units) -> None:
    with pytest.raises(NotFoundError) as refusal:
        await units.beside((delete_campaign, "C", None), log_interaction, CALL)
    assert refusal.value.path == ("campaignNo",)

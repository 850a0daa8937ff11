"""Whatever is done, in whatever order: target groups are what lines and interactions say, contact by contact."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from server.clock import Moment
from server.errors import TesseraError
from server.operations.campaigns.activation import activate_campaign
from server.operations.campaigns.campaign_entries import cancel_campaign_entries, delete_campaign_entries
from server.operations.campaigns.campaigns import create_campaign
from server.operations.interactions.interactions import log_interaction
from server.operations.interactions.log_entries import delete_interactions, set_interactions_canceled
from server.operations.segments.lines import add_lines, remove_lines, update_line
from server.operations.segments.log_segment import log_segment
from server.operations.segments.revisions import redo_action, undo_action
from server.operations.segments.segments import create_segment, delete_segment, update_segment
from server.store.database import Database
from server.store.segment_lines import LINE_SOURCE, LINE_VALUES, visible_at
from server.store.tables import (
    campaign,
    campaign_entry,
    campaign_target,
    contact,
    interaction_log_entry,
    segment,
    segment_line,
)
from tests.operations.worksheets import World, many_contacts

STEPS = 25
NOTHING_THERE = {"NOTHING_TO_UNDO", "NOTHING_TO_REDO", "SEGMENT_EMPTY", "VALUE_REQUIRED"}
"""Refusals that are no mistake when somebody acts at random."""
CAMPAIGNS = ("C1", "C2", "C3")
"""C3 is never activated."""


async def groups_by_hand(database: Database) -> set[tuple[str, int]]:
    """Return (campaign, contact) of every target, from the lines and interactions of activated campaigns."""
    log = interaction_log_entry.c
    async with database.read() as connection:
        companies = {row.id: row.company_id for row in await connection.execute(select(contact))}
        activated = {row.id: row.no for row in await connection.execute(select(campaign)) if row.activated}
        source = LINE_SOURCE.join(segment, segment.c.id == segment_line.c.segment_id)
        columns = LINE_VALUES["campaign_id"].label("campaign_id"), LINE_VALUES["campaign_target"].label("target")
        shown = select(segment_line.c.contact_id, *columns).select_from(source).where(visible_at(segment.c.revision))
        lines = (await connection.execute(shown)).all()
        entries = (await connection.execute(select(interaction_log_entry).where(log.postponed.is_(False)))).all()
    found = {
        (activated[line.campaign_id], companies[line.contact_id] or line.contact_id)
        for line in lines
        if line.target and line.campaign_id in activated
    }
    return found | {
        (activated[entry.campaign_id], entry.company_id or entry.contact_id)
        for entry in entries
        if entry.campaign_target and entry.campaign_id in activated
    }


async def groups(database: Database) -> set[tuple[str, int]]:
    """Return (campaign, contact) of every target."""
    statement = select(campaign.c.no, campaign_target.c.contact_id).join(
        campaign_target, campaign_target.c.campaign_id == campaign.c.id
    )
    async with database.read() as connection:
        return {(row.no, row.contact_id) for row in await connection.execute(statement)}


class Hand:
    """Does something at random."""

    def __init__(self, world: World, chance: random.Random) -> None:
        self._world = world
        self._chance = chance
        self._nos = [person.no for person in world.contacts]
        self._segments = 0
        often = [self.add, self.edit, self.interaction, self.undo] * 2
        self.ways: list[Callable[[], Awaitable[Any]]] = [
            *often, self.remove, self.header, self.redo, self.redo, self.log, self.drop,
            self.delete_interaction, self.delete_entry,
        ]  # fmt: skip

    async def create(self) -> str:
        self._segments += 1
        no = f"S{self._segments}"
        await self._world.run(create_segment, {"no": no, "description": no, "template": "LETTER", **self._campaign()})
        return no

    async def add(self) -> None:
        nos = self._chance.sample(self._nos, 3)
        await self._world.run(add_lines, await self._segment(), nos, allow_existing_contacts=True)

    async def remove(self) -> None:
        no = await self._segment()
        await self._world.run(remove_lines, no, await self._lines(no), reset_when_empty=self._chance.random() < 0.5)

    async def edit(self) -> None:
        no = await self._segment()
        for line_no in await self._lines(no):
            await self._world.run(update_line, no, line_no, self._campaign())

    async def header(self) -> None:
        follow = self._chance.random() < 0.7
        await self._world.run(update_segment, await self._segment(), self._campaign(), update_lines=follow)

    async def undo(self) -> None:
        await self._world.run(undo_action, await self._segment())

    async def redo(self) -> None:
        await self._world.run(redo_action, await self._segment())

    async def log(self) -> None:
        await self._world.run(log_segment, await self._segment(), follow_up=self._chance.random() < 0.5)

    async def drop(self) -> None:
        await self._world.run(delete_segment, await self._segment())

    async def interaction(self) -> None:
        values = {"contact_no": self._chance.choice(self._nos), "template": "LETTER", "description": "Letter"}
        await self._world.run(log_interaction, {**values, **self._campaign()})

    async def delete_interaction(self) -> None:
        keys = await self._keys(interaction_log_entry.c.entry_no)
        await self._world.run(set_interactions_canceled, keys, canceled=True)
        await self._world.run(delete_interactions, keys)

    async def delete_entry(self) -> None:
        keys = await self._keys(campaign_entry.c.entry_no)
        await self._world.run(cancel_campaign_entries, keys, canceled=True)
        await self._world.run(delete_campaign_entries, keys)

    def _campaign(self) -> dict[str, Any]:
        no = self._chance.choice((*CAMPAIGNS, *CAMPAIGNS[:2], None))
        return {"campaign_no": no, "campaign_target": no is not None and self._chance.random() < 0.8}

    async def _segment(self) -> str:
        standing = await self._all(segment.c.no)
        return self._chance.choice(standing) if len(standing) > 2 else await self.create()

    async def _lines(self, no: str) -> list[int]:
        shown = [line.no for line in await self._world.lines(no)]
        return self._chance.sample(shown, min(2, len(shown)))

    async def _keys(self, column: Any) -> list[int]:
        keys = await self._all(column)
        return self._chance.sample(keys, min(2, len(keys)))

    async def _all(self, column: Any) -> list[Any]:
        async with self._world.database.read() as connection:
            return list(await connection.scalars(select(column).order_by(column)))


@pytest.mark.parametrize("seed", [2, 3])
async def test_groups_follow_whatever_is_done(database: Database, moment: Moment, seed: int) -> None:
    chance = random.Random(seed)
    contacts = [replace(person, blocked=False) for person in many_contacts(chance, 12)]
    world = World(database, moment, contacts)
    await world.begin()
    hand = Hand(world, chance)
    first = {"contact_no": world.contacts[0].no, "template": "LETTER", "description": "Letter", "campaign_target": True}
    for no in CAMPAIGNS:
        await world.run(create_campaign, {"no": no})
        if no != "C3":
            await world.run(log_interaction, {**first, "campaign_no": no})
            await world.run(activate_campaign, no)
    for beginning in (hand.create, hand.create, hand.create, hand.add, hand.add, hand.add):
        await beginning()
    sizes = set()
    for _ in range(STEPS):
        way = chance.choice(hand.ways)
        try:
            await way()
        except TesseraError as error:
            if error.code not in NOTHING_THERE:
                raise
        found = await groups(database)
        assert found == await groups_by_hand(database), way
        sizes.add(len(found))
    assert len(sizes) > 3, f"too little happened: {sizes}"

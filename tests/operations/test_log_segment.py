"""Logging a segment and its follow-up (Business Central reference §9.1 to §9.3)."""

from datetime import date
from decimal import Decimal

import pytest

from server.clock import Moment
from server.operations.campaigns.campaigns import create_campaign
from server.operations.segments.lines import add_lines, remove_lines, update_line
from server.operations.segments.log_segment import log_segment
from server.operations.segments.reusing import reuse_logged_segment
from server.operations.segments.revisions import undo_action
from server.operations.segments.segments import create_segment, update_segment
from server.store.database import Database
from server.store.tables import (
    campaign_entry,
    change,
    contact,
    interaction_log_entry,
    logged_segment,
    segment,
    segment_defaults,
    segment_line,
    segment_line_override,
    segment_revision,
)
from tests.operations.conftest import Fetch, Refuse, Run, Store
from tests.operations.test_selecting import CONTACTS, NO
from tests.operations.worksheets import World


@pytest.fixture
async def world(database: Database, moment: Moment, run: Run) -> World:
    world = World(database, moment, CONTACTS)
    await world.begin()
    await run(create_campaign, {"no": "CP1"})
    await run(create_campaign, {"no": "CP2"})
    return world


async def test_every_visible_line_becomes_an_interaction_in_contact_order(
    world: World, fetch: Fetch, moment: Moment
) -> None:
    await world.run(update_segment, NO, {"campaign_no": "CP1", "unit_cost": Decimal(2), "campaign_target": True})
    await world.run(add_lines, NO, ["P4", "P1", "P2", "P3"])
    await world.run(remove_lines, NO, [40])
    await world.run(update_line, NO, 20, {"cost": Decimal("7.5"), "on": date(2026, 1, 1), "evaluation": "POSITIVE"})
    lines = {row.contact_id: row for row in await world.line_rows()}
    result = await world.run(log_segment, NO, expected_version=5)
    assert (result.entries, result.skipped_count, result.follow_up_segment_id) == (3, 0, None)
    entries = await fetch(interaction_log_entry)
    assert [entry.contact_id for entry in entries] == [3, 4, 6]
    for entry in entries:
        line = lines[entry.contact_id]
        shared = set(line._mapping) & set(entry._mapping) - {"correspondence_type"}
        assert {field: getattr(entry, field) for field in shared} == {field: getattr(line, field) for field in shared}
        assert (entry.segment_no, entry.logged_segment_no, entry.actor) == (NO, result.logged_segment_no, "ann")
        assert entry.at == moment.now
        assert not entry.canceled
        assert not entry.postponed
    assert [entry.company_id for entry in entries] == [1, 1, None]
    assert [entry.cost for entry in entries] == [Decimal("7.5"), Decimal(2), Decimal(2)]
    (logged,) = await fetch(logged_segment)
    assert (logged.segment_no, logged.description, logged.actor) == (NO, "Spring", "ann")
    assert (logged.created_on, logged.canceled) == (moment.today, False)


async def test_nothing_of_the_segment_is_left(world: World, fetch: Fetch) -> None:
    await world.run(add_lines, NO, ["P1", "P2"])
    await world.run(update_line, NO, 10, {"subject": "x"})
    await world.run(add_lines, NO, ["P3"])
    await world.run(undo_action, NO)
    await world.run(log_segment, NO)
    assert len(await fetch(interaction_log_entry)) == 2
    for table in (segment, segment_defaults, segment_line, segment_line_override, segment_revision):
        assert await fetch(table) == []


async def test_a_bulk_of_interactions_is_one_change(world: World, fetch: Fetch) -> None:
    await world.run(add_lines, NO, ["P1", "P2", "P3"])
    await world.run(log_segment, NO)
    entries = await fetch(interaction_log_entry)
    (row,) = await fetch(change, change.c.object == "interaction_log_entry")
    assert (row.first_id, row.last_id, row.row_count) == (entries[0].entry_no, entries[-1].entry_no, 3)


async def test_email_to_a_contact_without_an_address_is_logged_without_a_type(world: World, fetch: Fetch) -> None:
    await world.run(add_lines, NO, ["P1", "P2", "P3", "P4"])
    for line_no in (10, 20, 30):
        await world.run(update_line, NO, line_no, {"correspondence_type": "HARD_COPY" if line_no == 30 else "EMAIL"})
    await world.run(log_segment, NO)
    addresses = {row.id: row.email for row in await fetch(contact)}
    assert [
        (bool(addresses[entry.contact_id]), entry.correspondence_type) for entry in await fetch(interaction_log_entry)
    ] == [
        (False, None),
        (True, "EMAIL"),
        (True, "HARD_COPY"),
        (False, None),
    ]


async def test_contacts_blocked_for_privacy_are_skipped_and_counted(world: World, fetch: Fetch) -> None:
    await world.run(add_lines, NO, ["P5", "P1"])
    await world.run(update_line, NO, 10, {"template": None})
    result = await world.run(log_segment, NO, follow_up=True)
    assert (result.entries, result.skipped_count) == (1, 1)
    assert [entry.contact_id for entry in await fetch(interaction_log_entry)] == [3]
    assert [line.contact for line in await world.lines("SM00002")] == [3]


async def test_each_campaign_of_the_lines_gets_one_entry(world: World, fetch: Fetch, moment: Moment) -> None:
    await world.run(update_segment, NO, {"campaign_no": "CP1"})
    await world.run(add_lines, NO, ["P5", "P1", "P2", "P3", "P4"])
    await world.run(update_line, NO, 40, {"campaign_no": "CP2", "salesperson": "BD", "on": date(2026, 2, 3)})
    await world.run(update_line, NO, 50, {"campaign_no": None})
    result = await world.run(log_segment, NO)
    campaigns = await fetch(campaign_entry)
    assert [
        (row.campaign_id, row.description, row.on, row.salesperson, row.segment_no, row.logged_segment_no, row.actor)
        for row in campaigns
    ] == [
        (1, "Spring", moment.document_date, "AH", NO, result.logged_segment_no, "ann"),
        (2, "Spring", date(2026, 2, 3), "BD", NO, result.logged_segment_no, "ann"),
    ]
    numbers = {row.campaign_id: row.entry_no for row in campaigns}
    for entry in await fetch(interaction_log_entry):
        assert entry.campaign_entry_no == numbers.get(entry.campaign_id)
    recorded = await fetch(change, change.c.object == "campaign_entry")
    assert [row.object_id for row in recorded] == [row.entry_no for row in campaigns]


async def test_a_campaign_only_of_skipped_lines_gets_no_entry(world: World, fetch: Fetch) -> None:
    await world.run(add_lines, NO, ["P5", "P1"])
    await world.run(update_line, NO, 10, {"campaign_no": "CP2"})
    await world.run(log_segment, NO)
    assert await fetch(campaign_entry) == []


async def test_a_contact_on_two_lines_has_two_interactions(world: World, fetch: Fetch) -> None:
    await world.run(add_lines, NO, ["P1", "P2", "P1"], allow_existing_contacts=True)
    await world.run(update_line, NO, 30, {"subject": "second"})
    await world.run(log_segment, NO)
    assert [(entry.contact_id, entry.subject) for entry in await fetch(interaction_log_entry)] == [
        (3, ""),
        (3, "second"),
        (4, ""),
    ]


async def test_the_follow_up_has_a_line_for_every_interaction(world: World, fetch: Fetch, moment: Moment) -> None:
    await world.run(
        update_segment,
        NO,
        {"campaign_no": "CP1", "campaign_target": True, "salesperson": "BD", "unit_cost": Decimal(3)},
    )
    await world.run(add_lines, NO, ["P6", "P1", "P2", "P1"], allow_existing_contacts=True)
    await world.run(update_line, NO, 30, {"campaign_no": "CP2"})
    await world.run(update_line, NO, 40, {"campaign_no": None})
    result = await world.run(log_segment, NO, follow_up=True)
    (row,) = await fetch(segment)
    assert (row.id, row.no, row.revision) == (result.follow_up_segment_id, "SM00002", 1)
    (header,) = await fetch(segment_defaults)
    assert (header.description, header.campaign_id, header.on) == (
        f"Follow-up on segment {NO}",
        1,
        moment.document_date,
    )
    assert (header.template, header.salesperson, header.unit_cost, header.campaign_target) == (None, None, 0, False)
    (action,) = await fetch(segment_revision)
    assert (action.kind, action.logged_segment_no, action.lines_added) == ("REUSE_LOGGED", result.logged_segment_no, 4)
    lines = await world.line_rows("SM00002")
    assert [(line.line_no, line.contact_id, line.campaign_id) for line in lines] == [
        (10, 3, 1),
        (20, 3, None),
        (30, 4, 2),
        (40, 8, 1),
    ]
    assert [row.line_no for row in await fetch(segment_line_override)] == [20, 30]
    assert {line.description for line in lines} == {f"Follow-up on segment {NO}"}
    assert [line.salesperson for line in lines] == ["AH", "AH", "BD", "BD"]
    await world.run(undo_action, "SM00002")
    assert await world.lines("SM00002") == ()


async def test_reusing_a_logged_segment_adds_to_what_stands(world: World, refuse: Refuse) -> None:
    await world.run(add_lines, NO, ["P1", "P2"])
    logged = await world.run(log_segment, NO)
    await world.run(create_segment, {"no": "NEW", "campaign_no": "CP1"})
    await world.run(add_lines, "NEW", ["P1"])
    await world.run(reuse_logged_segment, "NEW", logged.logged_segment_no, append=True)
    lines = await world.line_rows("NEW")
    assert [(line.line_no, line.contact_id, line.campaign_id) for line in lines] == [
        (10, 3, 1),
        (20, 3, None),
        (30, 4, None),
    ]
    await refuse("NOT_FOUND", ("loggedSegmentEntryNo",), reuse_logged_segment, "NEW", 99, append=True)


async def test_lines_reused_without_a_campaign_count_for_none(world: World, fetch: Fetch) -> None:
    await world.run(add_lines, NO, ["P1", "P2"])
    await world.run(update_line, NO, 20, {"campaign_no": "CP2"})
    logged = await world.run(log_segment, NO)
    given = {"no": "NEW", "description": "x", "template": "LETTER", "campaign_no": "CP1"}
    await world.run(create_segment, given | {"campaign_target": True, "campaign_response": True})
    await world.run(reuse_logged_segment, "NEW", logged.logged_segment_no)
    expected = [(3, None, False, False), (4, 2, True, True)]
    assert [
        (line.contact_id, line.campaign_id, line.campaign_target, line.campaign_response)
        for line in await world.line_rows("NEW")
    ] == expected
    await world.run(log_segment, "NEW")
    assert [
        (entry.contact_id, entry.campaign_id, entry.campaign_target, entry.campaign_response)
        for entry in await fetch(interaction_log_entry, interaction_log_entry.c.segment_no == "NEW")
    ] == expected


async def test_a_number_that_was_logged_before(world: World, store: Store, refuse: Refuse, moment: Moment) -> None:
    await world.run(add_lines, NO, ["P1"])
    row = {"segment_no": NO, "description": "x", "created_on": moment.today, "created_at": moment.now}
    await store(logged_segment, row)
    await refuse("SEGMENT_ALREADY_LOGGED", ("segmentNo",), log_segment, NO)


async def test_what_must_be_there(world: World, refuse: Refuse) -> None:
    """The segment's own checks come first, in Business Central's order."""
    await world.run(update_segment, NO, {"description": " "})
    await refuse("VALUE_REQUIRED", ("segmentNo",), log_segment, NO)
    await world.run(update_segment, NO, {"description": "Spring"})
    await refuse("SEGMENT_EMPTY", ("segmentNo",), log_segment, NO)
    await world.run(add_lines, NO, ["P5"])
    await refuse("SEGMENT_EMPTY", ("segmentNo",), log_segment, NO)
    await world.run(undo_action, NO)
    await refuse("SEGMENT_EMPTY", ("segmentNo",), log_segment, NO)
    await refuse("NOT_FOUND", ("segmentNo",), log_segment, "SM9")
    await refuse("CONFLICT", ("expectedVersion",), log_segment, NO, expected_version=1)


async def test_an_incomplete_line_stops_everything(world: World, refuse: Refuse) -> None:
    await world.run(update_segment, NO, {"campaign_no": "CP1"})
    await world.run(add_lines, NO, ["P1", "P2", "P3", "P5"])
    await world.run(update_line, NO, 40, {"template": None})
    await world.run(update_line, NO, 30, {"salesperson": None, "template": None})
    error = await refuse("LINE_INCOMPLETE", ("segmentNo",), log_segment, NO)
    assert "Line 30 (contact P3) has no salesperson" in error.message
    assert "cannot be logged: 1." in error.message
    await world.run(update_line, NO, 20, {"template": None})
    error = await refuse("LINE_INCOMPLETE", ("segmentNo",), log_segment, NO)
    assert "Line 20 (contact P2) has no interaction template" in error.message
    assert "cannot be logged: 2." in error.message


async def test_an_entry_that_the_campaign_has_for_the_segment_is_used(
    world: World, store: Store, fetch: Fetch, moment: Moment
) -> None:
    await store(
        campaign_entry,
        {"campaign_id": 1, "segment_no": NO, "description": "Call", "on": moment.document_date},
    )
    await world.run(update_segment, NO, {"campaign_no": "CP1"})
    await world.run(add_lines, NO, ["P1"])
    logged = await world.run(log_segment, NO)
    (row,) = await fetch(campaign_entry)
    assert (row.description, row.logged_segment_no) == ("Call", logged.logged_segment_no)
    assert [entry.campaign_entry_no for entry in await fetch(interaction_log_entry)] == [row.entry_no]

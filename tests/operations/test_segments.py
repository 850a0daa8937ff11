"""The header of a segment and how its changes reach the lines (Business Central reference §4)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from server.clock import Moment
from server.operations.campaigns.campaigns import create_campaign
from server.operations.segments.lines import add_lines, remove_lines, update_line
from server.operations.segments.log_segment import log_segment
from server.operations.segments.revisions import redo_action, undo_action
from server.operations.segments.segments import create_segment, delete_segment, update_segment
from server.operations.setup.salespeople import create_salesperson
from server.store.database import Database
from server.store.tables import (
    change,
    interaction_group,
    interaction_template,
    segment,
    segment_defaults,
    segment_line,
    segment_line_override,
    segment_revision,
)
from tests.operations.conftest import Fetch, Refuse, Run, Store
from tests.operations.test_selecting import CONTACTS, NO
from tests.operations.worksheets import World

VISIT = {
    "code": "VISIT",
    "group": "MEET",
    "unit_cost": Decimal("12.5"),
    "unit_duration": Decimal(30),
    "information_flow": "OUTBOUND",
    "initiated_by": "US",
    "campaign_target": True,
    "campaign_response": True,
    "correspondence_type": "HARD_COPY",
    "ignore_contact_correspondence": True,
    "language": "ENU",
}


@pytest.fixture
async def world(database: Database, moment: Moment, store: Store, run: Run) -> World:
    world = World(database, moment, CONTACTS)
    await world.begin()
    await store(interaction_group, {"code": "MEET"})
    await run(create_campaign, {"no": "CP1"})
    await run(create_campaign, {"no": "CP2"})
    await store(interaction_template, VISIT)
    await store(interaction_template, {"code": "CALL", "campaign_id": 1, "correspondence_type": None})
    await run(create_salesperson, {"code": "GONE", "blocked": True})
    return world


async def header(fetch: Fetch, segment_id: int = 1) -> dict[str, Any]:
    (row,) = await fetch(segment, segment.c.id == segment_id)
    defaults = segment_defaults.c
    rows = await fetch(segment_defaults, defaults.segment_id == segment_id, defaults.defaults_no == row.defaults_no)
    return rows[0]._asdict()


async def test_a_new_segment_has_the_next_number_and_the_work_date(world: World, fetch: Fetch, moment: Moment) -> None:
    key = await world.run(create_segment, {})
    (row,) = await fetch(segment, segment.c.id == key)
    assert (row.no, row.version, row.revision, row.head_revision, row.last_line_no) == ("SM00002", 1, 0, 0, 0)
    assert row.created_at == row.modified_at == moment.now
    values = await header(fetch, key)
    assert values["on"] == moment.document_date
    assert values["description"] == values["subject"] == ""
    assert values["template"] is values["salesperson"] is values["campaign_id"] is None


async def test_a_segment_takes_over_what_its_template_says(world: World, fetch: Fetch) -> None:
    given = {
        "template": "visit",
        "campaign_no": "CP2",
        "unit_cost": Decimal(3),
        "description": "Fair",
        "on": date(2026, 1, 2),
    }
    values = await header(fetch, await world.run(create_segment, given))
    expected = {field: VISIT[field] for field in VISIT if field not in {"code", "unit_cost"}}
    assert {field: values[field] for field in expected} == expected
    assert (values["unit_cost"], values["description"], values["on"]) == (Decimal(3), "Fair", date(2026, 1, 2))


async def test_a_templates_campaign_replaces_the_segments_only_if_there_is_one(world: World, fetch: Fetch) -> None:
    key = await world.run(create_segment, {"no": "X", "campaign_no": "CP2", "subject": "old"})
    await world.run(update_segment, "X", {"template": "VISIT"})
    assert (await header(fetch, key))["campaign_id"] == 2
    assert (await header(fetch, key))["subject"] == ""
    await world.run(update_segment, "X", {"template": "CALL"})
    assert (await header(fetch, key))["campaign_id"] == 1
    await world.run(update_segment, "X", {"template": None})
    values = await header(fetch, key)
    assert values["campaign_id"] is values["group"] is values["language"] is None
    assert values["unit_cost"] == 0


async def test_lines_follow_the_header_unless_told_not_to(world: World, fetch: Fetch) -> None:
    await world.run(add_lines, NO, ["P1"])
    await world.run(update_segment, NO, {"description": "Summer", "unit_cost": Decimal(2)})
    await world.run(update_segment, NO, {"description": "Autumn", "campaign_no": "CP1"}, update_lines=False)
    await world.run(add_lines, NO, ["P2"])
    rows = await world.line_rows()
    assert [(row.description, row.cost, row.campaign_id) for row in rows] == [
        ("Summer", Decimal(2), None),
        ("Autumn", Decimal(2), 1),
    ]
    await world.run(update_segment, NO, {"unit_duration": Decimal("1.25")})
    assert [row.duration for row in await world.line_rows()] == [Decimal("1.25"), Decimal("1.25")]
    assert [row.description for row in await world.line_rows()] == ["Summer", "Autumn"]
    assert len(await fetch(segment_defaults)) == 2


async def test_without_lines_no_second_row_of_defaults_is_needed(world: World, fetch: Fetch) -> None:
    await world.run(update_segment, NO, {"description": "Summer"}, update_lines=False)
    assert len(await fetch(segment_defaults)) == 1
    assert (await header(fetch))["description"] == "Summer"


async def test_edited_lines_follow_too_but_lines_of_another_template_do_not(world: World) -> None:
    await world.run(add_lines, NO, ["P1", "P2", "P3"])
    await world.run(update_line, NO, 10, {"description": "Own"})
    await world.run(update_line, NO, 20, {"template": "VISIT", "description": "Visit"})
    await world.run(update_segment, NO, {"description": "Summer", "unit_cost": Decimal(9)})
    rows = await world.line_rows()
    assert [row.description for row in rows] == ["Summer", "Visit", "Summer"]
    assert [row.cost for row in rows] == [Decimal(9), Decimal("12.5"), Decimal(9)]


async def test_a_new_subject_reaches_the_lines_that_have_the_old_one(world: World) -> None:
    await world.run(update_segment, NO, {"subject": "old"})
    await world.run(add_lines, NO, ["P1", "P2"])
    await world.run(update_line, NO, 20, {"subject": "own"})
    await world.run(update_segment, NO, {"subject": "new"})
    assert [row.subject for row in await world.line_rows()] == ["new", "own"]


async def test_a_new_template_reaches_every_line_with_all_it_brings(world: World, fetch: Fetch) -> None:
    await world.run(update_segment, NO, {"unit_cost": Decimal(1), "campaign_no": "CP2"})
    await world.run(add_lines, NO, ["P1", "P2", "P3"])
    await world.run(update_line, NO, 10, {"template": "CALL", "description": "Own"})
    await world.run(update_segment, NO, {"unit_cost": Decimal(7)}, update_lines=False)
    await world.run(update_segment, NO, {"template": "VISIT", "unit_duration": Decimal(5)})
    for row in await world.line_rows():
        assert (row.template, row.group, row.cost, row.duration) == ("VISIT", "MEET", Decimal("12.5"), Decimal(5))
        assert (row.information_flow, row.initiated_by, row.campaign_target) == ("OUTBOUND", "US", True)
        assert (row.correspondence_type, row.language) == ("HARD_COPY", "ENU")
    assert [row.description for row in await world.line_rows()] == ["Own", "Spring", "Spring"]
    assert (await header(fetch))["unit_duration"] == Decimal(5)


async def test_a_new_template_that_lines_shall_not_follow_leaves_them(world: World) -> None:
    await world.run(add_lines, NO, ["P1"])
    before = await world.line_rows()
    await world.run(update_segment, NO, {"template": "VISIT"}, update_lines=False)
    assert await world.line_rows() == before
    await world.run(update_segment, NO, {"unit_cost": Decimal(99)})
    assert await world.line_rows() == before


async def test_the_segments_salesperson_comes_before_the_contacts_own(world: World) -> None:
    await world.run(add_lines, NO, ["P1", "P2"])
    assert [row.salesperson for row in await world.line_rows()] == ["AH", "BD"]
    await world.run(update_segment, NO, {"salesperson": "BD"})
    assert [row.salesperson for row in await world.line_rows()] == ["BD", "BD"]
    await world.run(update_segment, NO, {"salesperson": None}, update_lines=False)
    await world.run(add_lines, NO, ["P4"])
    assert [row.salesperson for row in await world.line_rows()] == ["BD", "BD", "BD"]
    await world.run(update_segment, NO, {"salesperson": "AH"})
    await world.run(update_segment, NO, {"salesperson": ""})
    assert [row.salesperson for row in await world.line_rows()] == [None, None, None]


async def test_blanking_the_campaign_clears_its_flags(world: World, fetch: Fetch) -> None:
    await world.run(update_segment, NO, {"campaign_no": "cp1", "campaign_target": True, "campaign_response": True})
    await world.run(update_segment, NO, {"campaign_no": None})
    values = await header(fetch)
    assert (values["campaign_id"], values["campaign_target"], values["campaign_response"]) == (None, False, False)


async def test_a_campaign_flag_is_refused_without_a_campaign(world: World, refuse: Refuse) -> None:
    await world.run(update_segment, NO, {"template": "VISIT"})
    for flag, field in (("campaign_target", "campaignTarget"), ("campaign_response", "campaignResponse")):
        await refuse("INVALID_INPUT", (field,), create_segment, {"template": "VISIT", flag: True})
        await refuse("INVALID_INPUT", (field,), update_segment, NO, {flag: True})
        await refuse("INVALID_INPUT", (field,), update_segment, NO, {"campaign_no": None, flag: True})
    await world.run(create_segment, {"template": "CALL", "campaign_target": True})
    await refuse("INVALID_INPUT", ("campaignTarget",), update_segment, NO, {"template": None, "campaign_target": True})


async def test_campaign_flags_reach_only_lines_that_have_a_campaign(world: World) -> None:
    await world.run(add_lines, NO, ["P1"])
    await world.run(update_segment, NO, {"campaign_no": "CP1"}, update_lines=False)
    await world.run(add_lines, NO, ["P2", "P3", "P4"])
    await world.run(update_line, NO, 30, {"campaign_no": None})
    await world.run(update_line, NO, 40, {"campaign_no": "CP2", "campaign_response": True})

    async def campaigns() -> list[tuple[int | None, bool, bool]]:
        return [(row.campaign_id, row.campaign_target, row.campaign_response) for row in await world.line_rows()]

    await world.run(update_segment, NO, {"campaign_target": True})
    assert await campaigns() == [(None, False, False), (1, True, False), (None, False, False), (2, True, True)]
    await world.run(update_segment, NO, {"campaign_target": False})
    await world.run(update_segment, NO, {"template": "VISIT"})
    assert await campaigns() == [(None, False, False), (1, True, True), (None, False, False), (2, True, True)]
    await world.run(update_segment, NO, {"campaign_target": False, "campaign_response": False}, update_lines=False)
    await world.run(update_segment, NO, {"campaign_no": None})
    assert await campaigns() == [(None, False, False)] * 4


async def test_edits_of_lines_out_of_sight_stay_as_they_are(world: World) -> None:
    await world.run(add_lines, NO, ["P1", "P2"])
    await world.run(update_line, NO, 10, {"description": "First", "correspondence_type": "EMAIL"})
    await world.run(remove_lines, NO, [10])
    await world.run(add_lines, NO, ["P3"])
    await world.run(update_line, NO, 30, {"description": "Third", "subject": "own", "correspondence_type": "EMAIL"})
    await world.run(update_line, NO, 20, {"description": "Second"})
    await world.run(undo_action, NO)
    await world.run(update_segment, NO, {"description": "Summer", "subject": "new"})
    await world.run(update_segment, NO, {"template": "VISIT"})
    assert [(row.description, row.template) for row in await world.line_rows()] == [("Summer", "VISIT")]
    await world.run(redo_action, NO)
    second, third = await world.line_rows()
    assert (second.correspondence_type, second.subject) == ("HARD_COPY", "")
    assert (third.description, third.subject, third.template) == ("Third", "own", "LETTER")
    assert third.correspondence_type == "EMAIL"
    await world.run(undo_action, NO)
    await world.run(undo_action, NO)
    first, second = await world.line_rows()
    assert (first.description, first.template, first.correspondence_type) == ("First", "LETTER", "EMAIL")
    await world.run(update_segment, NO, {"description": "Autumn", "template": None})
    assert [(row.description, row.template) for row in await world.line_rows()] == [("Autumn", None)] * 2


async def test_what_does_not_differ_is_no_change(world: World, fetch: Fetch) -> None:
    await world.run(update_segment, NO, {"description": "Spring", "template": "letter"}, expected_version=1)
    (row,) = await fetch(segment)
    assert row.version == 1
    await world.run(update_segment, NO, {"description": "Summer"}, expected_version=1)
    await world.run(update_segment, NO, {"language": "ENU"}, expected_version=2)
    (row,) = await fetch(segment)
    assert row.version == 3
    fields = [row.fields for row in await fetch(change, change.c.object == "segment")]
    assert fields == [None, ["description"], ["language"]]


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"description": "x" * 101}, "INVALID_INPUT", "description"),
        ({"subject": "\0"}, "INVALID_INPUT", "subject"),
        ({"language": "12345678901"}, "INVALID_INPUT", "language"),
        ({"campaign_no": "CP9"}, "NOT_FOUND", "campaignNo"),
        ({"template": "NONE"}, "NOT_FOUND", "template"),
        ({"salesperson": "NONE"}, "NOT_FOUND", "salesperson"),
        ({"salesperson": "GONE"}, "SALESPERSON_BLOCKED", "salesperson"),
        ({"unit_cost": Decimal(-1)}, "INVALID_INPUT", "unitCost"),
        ({"unit_cost": Decimal("1e900000")}, "INVALID_INPUT", "unitCost"),
        ({"unit_duration": Decimal("0.001")}, "INVALID_INPUT", "unitDuration"),
        ({"initiated_by": "NOBODY"}, "INVALID_INPUT", "initiatedBy"),
        ({"colour": "red"}, "INVALID_INPUT", "colour"),
    ],
)
@pytest.mark.usefixtures("world")
async def test_wrong_values_are_refused(refuse: Refuse, values: dict[str, Any], code: str, field: str) -> None:
    await refuse(code, (field,), create_segment, {"description": "new", **values})
    await refuse(code, (field,), update_segment, NO, values)


async def test_numbers(world: World, refuse: Refuse, fetch: Fetch) -> None:
    await refuse("ALREADY_EXISTS", ("no",), create_segment, {"no": "sm00001"})
    await world.run(create_segment, {"no": "SM00002"})
    key = await world.run(create_segment, {})
    assert [row.no for row in await fetch(segment, segment.c.id == key)] == ["SM00003"]
    await refuse("NOT_FOUND", ("no",), update_segment, "SM9", {})
    await refuse("CONFLICT", ("expectedVersion",), update_segment, NO, {}, expected_version=2)


async def test_the_number_of_a_logged_segment_is_taken(world: World, refuse: Refuse) -> None:
    await world.run(add_lines, NO, ["P1"])
    await world.run(log_segment, NO)
    error = await refuse("ALREADY_EXISTS", ("no",), create_segment, {"no": NO.lower()})
    assert f"logged segment {NO}" in error.message


async def test_a_segment_is_deleted_with_all_that_is_its_own(world: World, fetch: Fetch, refuse: Refuse) -> None:
    await world.run(add_lines, NO, ["P1", "P2"])
    await world.run(update_line, NO, 10, {"subject": "x"})
    await refuse("CONFLICT", ("expectedVersion",), delete_segment, NO, expected_version=1)
    await refuse("NOT_FOUND", ("no",), delete_segment, "SM9")
    await world.run(delete_segment, NO, expected_version=3)
    for table in (segment, segment_defaults, segment_line, segment_line_override, segment_revision):
        assert await fetch(table) == []


async def test_the_key_of_a_segment_never_comes_back_as_another_ones(world: World) -> None:
    deleted = await world.run(delete_segment, NO)
    assert await world.run(create_segment, {"no": NO}) > deleted

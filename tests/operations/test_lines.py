"""Lines named one by one, and edited (Business Central reference §5)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from server.clock import Moment
from server.operations.campaigns.campaigns import create_campaign
from server.operations.segments.lines import add_lines, remove_lines, rules_naming, update_line
from server.operations.segments.revisions import redo_action, undo_action
from server.operations.segments.segment_languages import create_language
from server.operations.segments.segments import create_segment, update_segment
from server.operations.setup.salespeople import create_salesperson
from server.rules import check_rule
from server.store.database import Database
from server.store.tables import interaction_group, interaction_template, segment_line_override, segment_revision
from server.vocabulary import load_vocabulary
from tests.operations.conftest import Fetch, Refuse, Run, Store
from tests.operations.test_segments import VISIT
from tests.operations.test_selecting import CONTACTS, NO, standing
from tests.operations.worksheets import World


@pytest.fixture
async def world(database: Database, moment: Moment, store: Store, run: Run) -> World:
    world = World(database, moment, CONTACTS)
    await world.begin()
    await store(interaction_group, {"code": "MEET"})
    await run(create_campaign, {"no": "CP1"})
    await run(create_campaign, {"no": "CP2"})
    await store(interaction_template, VISIT)
    await store(interaction_template, {"code": "CALL", "description": "Phone call", "campaign_id": 1})
    await run(create_salesperson, {"code": "GONE", "blocked": True})
    return world


async def test_contacts_are_put_on_in_the_order_given_excluded_and_blocked_ones_too(world: World, fetch: Fetch) -> None:
    result = await world.run(add_lines, NO, ["P6", "p5", " C2 ", "C1"])
    assert await standing(world) == [8, 7, 2, 1]
    assert (result.lines_added, result.skipped_count, result.revision) == (4, 0, 1)
    (row,) = await fetch(segment_revision)
    assert (row.kind, row.rule) == ("PIN", 'no in ["P6", "P5", "C2", "C1"]')


async def test_contacts_that_stand_already_are_skipped_unless_allowed(world: World) -> None:
    await world.run(add_lines, NO, ["P1", "P2"])
    result = await world.run(add_lines, NO, ["P2", "P3", "P3"])
    assert (result.lines_added, result.skipped_count) == (1, 2)
    result = await world.run(add_lines, NO, ["P2", "P3", "P3"], allow_existing_contacts=True)
    assert (result.lines_added, result.skipped_count) == (3, 0)
    assert await standing(world) == [3, 4, 5, 4, 5, 5]
    result = await world.run(add_lines, NO, ["P2"])
    assert (result.lines_added, result.skipped_count, result.revision) == (0, 1, 4)


async def test_a_contact_taken_off_can_be_put_on_again(world: World) -> None:
    await world.run(add_lines, NO, ["P1"])
    await world.run(remove_lines, NO, [10])
    await world.run(add_lines, NO, ["P1"])
    assert [(line.no, line.contact) for line in await world.lines()] == [(20, 3)]


async def test_lines_are_taken_off_by_their_numbers(world: World, fetch: Fetch) -> None:
    await world.run(add_lines, NO, ["P1", "P2", "P1"], allow_existing_contacts=True)
    result = await world.run(remove_lines, NO, [30, 20, 30])
    assert await standing(world) == [3]
    assert (result.lines_removed, result.line_count) == (2, 1)
    assert [(row.kind, row.rule) for row in await fetch(segment_revision)][1] == ("UNPIN", 'no in ["P1", "P2"]')


async def test_what_does_not_exist_is_refused_with_its_place(world: World, refuse: Refuse) -> None:
    await world.run(add_lines, NO, ["P1", "P2"])
    await world.run(remove_lines, NO, [10])
    await refuse("NOT_FOUND", ("contactNos", 1), add_lines, NO, ["P1", "P99"])
    await refuse("VALUE_REQUIRED", ("contactNos", 1), add_lines, NO, ["P3", " ", "P99"])
    await refuse("INVALID_INPUT", ("contactNos", 1), add_lines, NO, ["P99", "x" * 21])
    for line_no in (10, 30, -1, 2**31 - 1):
        await refuse("NOT_FOUND", ("lineNos", 1), remove_lines, NO, [20, line_no])
        await refuse("NOT_FOUND", ("lineNo",), update_line, NO, line_no, {})
    await world.run(undo_action, NO)
    await world.run(update_line, NO, 10, {})


async def test_no_lines_are_no_action(world: World, refuse: Refuse) -> None:
    """What could be redone stays."""
    await world.run(add_lines, NO, ["P1"])
    await world.run(undo_action, NO)
    await refuse("VALUE_REQUIRED", ("contactNos",), add_lines, NO, [])
    await refuse("VALUE_REQUIRED", ("lineNos",), remove_lines, NO, [])
    await world.run(redo_action, NO)
    assert await standing(world) == [3]


async def test_a_line_without_a_campaign_counts_for_none(world: World, refuse: Refuse) -> None:
    await world.run(add_lines, NO, ["P1"])
    await world.run(update_line, NO, 10, {"template": "VISIT"})

    async def campaign() -> tuple[int | None, bool, bool]:
        (row,) = await world.line_rows()
        return row.campaign_id, row.campaign_target, row.campaign_response

    assert await campaign() == (None, False, False)
    await refuse("INVALID_INPUT", ("campaignTarget",), update_line, NO, 10, {"campaign_target": True})
    await world.run(update_line, NO, 10, {"campaign_no": "CP1", "campaign_target": True, "campaign_response": True})
    blank = {"campaign_no": None, "campaign_response": True}
    await refuse("INVALID_INPUT", ("campaignResponse",), update_line, NO, 10, blank)
    assert await campaign() == (1, True, True)
    await world.run(update_line, NO, 10, {"campaign_no": None})
    assert await campaign() == (None, False, False)


async def test_an_edit_that_says_nothing_changes_nothing(world: World) -> None:
    await world.run(update_segment, NO, {"campaign_no": "CP1"})
    await world.run(add_lines, NO, ["P1"])
    await world.run(update_line, NO, 10, {"subject": "Hello"})
    before = await world.line_rows()
    await world.run(update_line, NO, 10, {})
    assert await world.line_rows() == before


async def test_an_edit_is_the_lines_own(world: World) -> None:
    await world.run(add_lines, NO, ["P1", "P2"])
    await world.run(create_language, NO, "FRA", {})
    other = (await world.line_rows())[1]
    values: dict[str, Any] = {
        "description": "Own",
        "campaign_no": "CP2",
        "salesperson": "bd",
        "correspondence_type": "EMAIL",
        "language": "fra",
        "subject": "Hello",
        "cost": Decimal("1.2345"),
        "duration": Decimal("2.25"),
        "on": date(2026, 5, 6),
        "information_flow": "INBOUND",
        "initiated_by": "THEM",
        "campaign_target": True,
        "campaign_response": True,
        "evaluation": "VERY_POSITIVE",
        "attempt_failed": True,
    }
    await world.run(update_line, NO, 10, values, expected_version=3)
    row, untouched = await world.line_rows()
    expected = values | {"campaign_id": 2, "salesperson": "BD", "language": "FRA", "template": "LETTER"}
    del expected["campaign_no"]
    assert {field: getattr(row, field) for field in expected} == expected
    assert untouched == other
    await world.run(update_line, NO, 10, {"subject": None, "evaluation": None, "on": None}, expected_version=4)
    row = (await world.line_rows())[0]
    assert (row.subject, row.evaluation, row.on, row.cost) == ("", None, date(2026, 11, 23), Decimal("1.2345"))


async def test_an_edited_line_keeps_what_it_had(world: World) -> None:
    await world.run(update_segment, NO, {"unit_cost": Decimal(4), "campaign_no": "CP1", "salesperson": "AH"})
    await world.run(add_lines, NO, ["P1"])
    (before,) = await world.line_rows()
    await world.run(update_line, NO, 10, {"subject": "Hello"})
    (after,) = await world.line_rows()
    assert {**before._mapping, "subject": "Hello"} == {**after._mapping}


async def test_a_template_brings_its_values_to_the_line(world: World) -> None:
    await world.run(update_segment, NO, {"campaign_no": "CP2"})
    await world.run(add_lines, NO, ["P1", "P2"])
    await world.run(update_line, NO, 10, {"template": "visit", "duration": Decimal(5), "subject": "mine"})
    row = (await world.line_rows())[0]
    assert (row.template, row.group, row.cost, row.duration) == ("VISIT", "MEET", Decimal("12.5"), Decimal(5))
    assert (row.information_flow, row.initiated_by) == ("OUTBOUND", "US")
    assert (row.campaign_target, row.campaign_response) == (True, True)
    assert (row.correspondence_type, row.language, row.subject) == ("HARD_COPY", "ENU", "mine")
    assert row.description == ""


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({"campaign_no": "CP2"}, ("Phone call", 2)),
        ({"template": "CALL", "campaign_no": None}, ("Spring", None)),
        ({"template": None, "description": "Own"}, ("Own", 1)),
        ({"template": None, "description": None}, ("Phone call", 1)),
    ],
)
async def test_description_and_campaign_that_come_with_a_template(
    world: World, header: dict[str, Any], expected: tuple[str, int | None]
) -> None:
    """An own description survives the first template; the header's campaign comes before the template's."""
    await world.run(update_segment, NO, header)
    await world.run(add_lines, NO, ["P1"])
    await world.run(update_line, NO, 10, {"template": "CALL"})
    (row,) = await world.line_rows()
    assert (row.description, row.campaign_id) == expected


async def test_a_line_without_a_template_has_nothing_of_it(world: World) -> None:
    """The header's wish to ignore the contact's correspondence type stays."""
    await world.run(update_segment, NO, {"template": "VISIT"})
    await world.run(add_lines, NO, ["P2"])
    await world.run(update_line, NO, 10, {"template": ""})
    (row,) = await world.line_rows()
    assert (row.template, row.group, row.cost, row.duration) == (None, None, 0, 0)
    assert (row.correspondence_type, row.language, row.campaign_target) == ("HARD_COPY", None, False)


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"description": "x" * 101}, "INVALID_INPUT", "description"),
        ({"campaign_no": "CP9"}, "NOT_FOUND", "campaignNo"),
        ({"template": "NONE"}, "NOT_FOUND", "template"),
        ({"salesperson": "GONE"}, "SALESPERSON_BLOCKED", "salesperson"),
        ({"cost": Decimal("-0.01")}, "INVALID_INPUT", "cost"),
        ({"duration": Decimal("0.001")}, "INVALID_INPUT", "duration"),
        ({"evaluation": "FINE"}, "INVALID_INPUT", "evaluation"),
        ({"unit_cost": Decimal(1)}, "INVALID_INPUT", "unitCost"),
    ],
)
async def test_wrong_values_are_refused(
    world: World, refuse: Refuse, values: dict[str, Any], code: str, field: str
) -> None:
    await world.run(add_lines, NO, ["P1"])
    await refuse(code, (field,), update_line, NO, 10, values)


async def test_edits_of_one_segment_do_not_show_on_another(world: World, fetch: Fetch) -> None:
    await world.run(create_segment, {"no": "OTHER"})
    await world.run(add_lines, NO, ["P1"])
    await world.run(add_lines, "OTHER", ["P1"])
    await world.run(update_line, NO, 10, {"subject": "x"})
    assert [row.subject for row in await world.line_rows("OTHER")] == [""]
    assert [row.segment_id for row in await fetch(segment_line_override)] == [1]


async def test_many_contacts_at_once_are_one_action(world: World, database: Database) -> None:
    nos = [contact.no for contact in world.contacts] * 400
    result = await world.run(add_lines, NO, nos, allow_existing_contacts=True)
    assert result.lines_added == len(nos) == 4_400
    assert await standing(world) == [contact.id for contact in world.contacts] * 400
    async with database.read() as connection:
        vocabulary = await load_vocabulary(connection)
    rules = list(rules_naming([f"CT{number:06}" for number in range(2_500)] + ['a"b\\c', "ÄÖ"]))
    assert len(rules) > 2
    for rule in rules:
        check_rule(rule, vocabulary)

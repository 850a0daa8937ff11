"""Saved criteria (Business Central reference §6.6)."""

from collections.abc import Sequence
from typing import Any

import pytest

from server.clock import Moment
from server.operations.contacts.contacts import delete_contact
from server.operations.segments.criteria import SavedAction, reuse_criteria, save_criteria, saved_actions
from server.operations.segments.lines import add_lines, remove_lines
from server.operations.segments.log_segment import log_segment
from server.operations.segments.revisions import ActionResult, undo_action
from server.operations.segments.segments import create_segment
from server.operations.segments.selecting import AddOptions, add_contacts, reduce_segment, refine_segment
from server.store.database import Database
from server.store.tables import saved_criteria, saved_criteria_action, segment_revision
from tests.operations.conftest import Fetch, Refuse, Store
from tests.operations.test_selecting import CONTACTS, NO, standing
from tests.operations.worksheets import World


@pytest.fixture
async def world(database: Database, moment: Moment) -> World:
    world = World(database, moment, CONTACTS)
    await world.begin()
    await world.run(create_segment, {"no": "OTHER", "description": "Other"})
    return world


async def actions(world: World, code: str) -> list[SavedAction]:
    async with world.database.read() as connection:
        return await saved_actions(connection, code)


async def reuse(world: World, no: str, code: str, **options: Any) -> Sequence[ActionResult]:
    decided = [await world.decide(action.rule) for action in await actions(world, code) if action.has_rule]
    results: Sequence[ActionResult] = await world.run(reuse_criteria, no, code, decided, **options)
    return results


async def test_actions_are_kept_with_rule_and_options_and_carried_out_again(world: World, fetch: Fetch) -> None:
    await world.run(add_contacts, NO, await world.decide('country == "DE"'), AddOptions(expand_companies=True))
    await world.run(reduce_segment, NO, await world.decide('name == "Max"'))
    await world.run(refine_segment, NO, await world.decide('name == "Zoe"'), entire_companies=True)
    await world.run(add_contacts, NO, await world.decide("true"))
    await world.run(undo_action, NO)
    assert await world.run(save_criteria, NO, "zoe", "Around Zoe") == "ZOE"
    assert [(row.code, row.description, row.actor) for row in await fetch(saved_criteria)] == [
        ("ZOE", "Around Zoe", "ann")
    ]
    saved = await fetch(saved_criteria_action)
    done = (await fetch(segment_revision))[:3]
    kept = [{name: value for name, value in row.options.items() if name != "reset_when_empty"} for row in done]
    assert [(row.position, row.kind, row.rule, row.language_version, row.options) for row in saved] == [
        (row.revision, row.kind, row.rule, row.language_version, options)
        for row, options in zip(done, kept, strict=True)
    ]
    results = await reuse(world, "OTHER", "Zoe", expected_version=1)
    assert [result.revision for result in results] == [1, 2, 3]
    assert [line.contact for line in await world.lines("OTHER")] == await standing(world) == [1, 4, 3]
    await world.run(undo_action, "OTHER")
    assert [line.contact for line in await world.lines("OTHER")] == [6, 1, 4, 3]


async def test_they_see_the_data_of_the_day_on_which_they_are_used(world: World) -> None:
    await world.run(add_contacts, NO, await world.decide('not ("OTHER" in segments)'))
    await world.run(save_criteria, NO, "FRESH")
    await world.run(add_lines, "OTHER", ["P1", "P2"])
    await world.run(create_segment, {"no": "THIRD"})
    await reuse(world, "THIRD", "FRESH")
    assert [line.contact for line in await world.lines("THIRD")] == [6, 5, 1, 9, 10, 11]


async def test_lines_named_one_by_one_are_kept_as_rules(world: World) -> None:
    await world.run(add_lines, NO, ["P5", "P6", "P1"])
    await world.run(remove_lines, NO, [30])
    await world.run(add_lines, NO, ["P6"], allow_existing_contacts=True)
    await world.run(add_lines, NO, ["P6"])
    await world.run(save_criteria, NO, "PINS")
    saved = await actions(world, "pins")
    assert [(action.kind, action.rule) for action in saved] == [
        ("ADD", 'no in ["P1", "P5", "P6"]'),
        ("REDUCE", 'no in ["P1"]'),
        ("ADD", 'no in ["P6"]'),
    ]
    await reuse(world, "OTHER", "PINS")
    assert sorted(line.contact for line in await world.lines("OTHER")) == [7, 8, 8]


async def test_a_contact_that_keeps_a_line_is_not_lost(world: World) -> None:
    """Lines taken off beside another one of their contact are kept neither as added nor as removed."""
    await world.run(add_lines, NO, ["P6", "P1", "P1"], allow_existing_contacts=True)
    await world.run(remove_lines, NO, [30])
    await world.run(add_lines, NO, ["P6"], allow_existing_contacts=True)
    await world.run(remove_lines, NO, [10])
    await world.run(save_criteria, NO, "BOTH")
    assert [(action.kind, action.rule) for action in await actions(world, "BOTH")] == [
        ("ADD", 'no in ["P1"]'),
        ("ADD", 'no in ["P6"]'),
    ]
    await reuse(world, "OTHER", "BOTH")
    assert sorted(line.contact for line in await world.lines("OTHER")) == sorted(await standing(world)) == [3, 8]


async def test_the_last_line_of_a_contact_is_taken_off_again(world: World) -> None:
    await world.run(add_contacts, NO, await world.decide('name == "Zoe"'))
    await world.run(add_lines, NO, ["P6", "P1", "P1"], allow_existing_contacts=True)
    await world.run(remove_lines, NO, [10, 40])
    await world.run(remove_lines, NO, [30])
    await world.run(add_lines, NO, ["P2"])
    await world.run(remove_lines, NO, [20])
    await world.run(undo_action, NO)
    await world.run(save_criteria, NO, "GONE")
    assert [(action.kind, action.rule) for action in await actions(world, "GONE")] == [
        ("ADD", 'name == "Zoe"'),
        ("ADD", 'no in ["P1", "P6"]'),
        ("REDUCE", 'no in ["P1"]'),
        ("ADD", 'no in ["P2"]'),
    ]
    await reuse(world, "OTHER", "GONE")
    assert sorted(line.contact for line in await world.lines("OTHER")) == sorted(await standing(world)) == [4, 8]


async def test_contacts_that_are_gone_leave_nothing_to_save(world: World, refuse: Refuse) -> None:
    await world.run(add_lines, NO, ["P4"])
    await world.run(remove_lines, NO, [10])
    await world.run(delete_contact, "P4")
    error = await refuse("NO_ACTIONS", ("segmentNo",), save_criteria, NO, "A")
    assert "no contacts that are left" in error.message
    error = await refuse("NO_ACTIONS", ("segmentNo",), save_criteria, "OTHER", "A")
    assert "has no actions" in error.message


async def test_when_one_action_fails_none_is_done(world: World, store: Store, refuse: Refuse) -> None:
    """The logged segment that the third one names does not exist."""
    await world.run(add_contacts, NO, await world.decide('country == "DE"'))
    await world.run(reduce_segment, NO, await world.decide('name == "Max"'))
    await world.run(save_criteria, NO, "A")
    broken = {"code": "A", "position": 3, "kind": "REUSE_LOGGED", "rule": "", "language_version": ""}
    await store(saved_criteria_action, broken | {"options": {"logged_segment_no": 99}})
    await world.run(add_lines, "OTHER", ["P2"])
    await world.run(undo_action, "OTHER")
    decided = [await world.decide(action.rule) for action in await actions(world, "A") if action.has_rule]
    await refuse("NOT_FOUND", ("code",), reuse_criteria, "OTHER", "A", decided)
    assert await world.lines("OTHER") == ()


async def test_a_logged_segment_is_kept_as_such(world: World) -> None:
    await world.run(add_lines, NO, ["P6", "P1"])
    logged = await world.run(log_segment, NO, follow_up=True)
    await world.run(save_criteria, "SM00002", "AGAIN")
    assert [(action.kind, action.rule, action.options) for action in await actions(world, "AGAIN")] == [
        ("REUSE_LOGGED", "", {"logged_segment_no": logged.logged_segment_no})
    ]
    await reuse(world, "OTHER", "AGAIN")
    assert sorted(line.contact for line in await world.lines("OTHER")) == [3, 8]


async def test_refusals(world: World, refuse: Refuse) -> None:
    decided = [await world.decide("true")]
    await refuse("NO_ACTIONS", ("segmentNo",), save_criteria, NO, "A")
    await world.run(add_contacts, NO, *decided)
    await refuse("NOT_FOUND", ("segmentNo",), save_criteria, "NONE", "A")
    await refuse("VALUE_REQUIRED", ("code",), save_criteria, NO, "")
    await refuse("INVALID_INPUT", ("code",), save_criteria, NO, "x" * 21)
    await refuse("INVALID_INPUT", ("description",), save_criteria, NO, "A", "x" * 101)
    await refuse("CONFLICT", ("expectedVersion",), save_criteria, NO, "A", expected_version=1)
    await world.run(save_criteria, NO, "A", expected_version=2)
    await refuse("ALREADY_EXISTS", ("code",), save_criteria, NO, "a")
    await refuse("NOT_FOUND", ("code",), reuse_criteria, "OTHER", "B", [])
    await refuse("NOT_FOUND", ("segmentNo",), reuse_criteria, "NONE", "A", decided)
    await refuse("SEGMENT_HAS_ACTIONS", ("append",), reuse_criteria, NO, "A", decided)
    await refuse("CONFLICT", ("code",), reuse_criteria, "OTHER", "A", [])
    await refuse("CONFLICT", ("expectedVersion",), reuse_criteria, "OTHER", "A", decided, expected_version=2)
    await world.run(undo_action, NO)
    await refuse("NO_ACTIONS", ("segmentNo",), save_criteria, NO, "C")


async def test_on_a_segment_with_actions_only_when_asked(world: World) -> None:
    await world.run(add_contacts, NO, await world.decide('name == "Zoe"'))
    await world.run(save_criteria, NO, "A")
    (result,) = await reuse(world, NO, "A", append=True)
    assert (result.revision, result.lines_added, result.line_count) == (2, 0, 1)

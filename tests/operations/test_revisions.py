"""Undo, redo, versions, and two people at one segment."""

import asyncio

import pytest
from sqlalchemy.exc import DBAPIError

from server.clock import Moment
from server.errors import ConflictError, ErrorCode
from server.operations.contacts.contacts import delete_contact
from server.operations.segments.lines import add_lines, remove_lines, update_line
from server.operations.segments.revisions import redo_action, undo_action
from server.operations.segments.segments import create_segment
from server.operations.segments.selecting import add_contacts, reduce_segment, refine_segment
from server.store.database import Database
from server.store.tables import change, segment, segment_line, segment_line_override, segment_revision
from server.store.unit_of_work import UnitOfWork
from tests.operations.conftest import Fetch, Refuse
from tests.operations.test_selecting import CONTACTS, NO, standing
from tests.operations.worksheets import World


@pytest.fixture
async def world(database: Database, moment: Moment) -> World:
    world = World(database, moment, CONTACTS)
    await world.begin()
    return world


async def test_restored_lines_are_the_same_with_number_and_edits(world: World) -> None:
    await world.run(add_contacts, NO, await world.decide('type == "PERSON"'))
    await world.run(update_line, NO, 20, {"subject": "Hello"})
    before = await world.line_rows()
    await world.run(reduce_segment, NO, await world.decide("true"))
    assert await world.line_rows() == []
    undone = await world.run(undo_action, NO)
    assert (undone.lines_added, undone.lines_removed, undone.line_count, undone.revision) == (6, 0, 6, 1)
    assert await world.line_rows() == before
    undone = await world.run(undo_action, NO)
    assert (undone.lines_added, undone.lines_removed, undone.line_count, undone.revision) == (0, 6, 0, 0)
    await world.run(redo_action, NO)
    assert await world.line_rows() == before
    redone = await world.run(redo_action, NO)
    assert (redone.lines_added, redone.lines_removed, redone.line_count) == (0, 6, 0)
    assert await world.line_rows() == []


async def test_a_new_action_drops_what_was_undone(world: World, fetch: Fetch) -> None:
    await world.run(add_lines, NO, ["C1", "P1"])
    await world.run(add_lines, NO, ["P2"])
    await world.run(update_line, NO, 30, {"subject": "gone"})
    await world.run(remove_lines, NO, [10])
    await world.run(undo_action, NO)
    await world.run(undo_action, NO)
    await world.run(add_lines, NO, ["P3"])
    assert [(line.no, line.contact) for line in await world.lines()] == [(10, 1), (20, 3), (40, 5)]
    assert [row.revision for row in await fetch(segment_revision)] == [1, 2]
    assert [row.line_no for row in await fetch(segment_line)] == [10, 20, 40]
    assert await fetch(segment_line_override) == []


async def test_line_numbers_are_never_used_again(world: World) -> None:
    await world.run(add_lines, NO, ["C1"])
    await world.run(undo_action, NO)
    await world.run(add_lines, NO, ["P1"])
    assert [line.no for line in await world.lines()] == [20]


async def test_nothing_to_undo_or_redo(world: World, refuse: Refuse) -> None:
    await refuse("NOTHING_TO_UNDO", ("segmentNo",), undo_action, NO)
    await world.run(add_lines, NO, ["C1"])
    await refuse("NOTHING_TO_REDO", ("segmentNo",), redo_action, NO)
    await world.run(undo_action, NO)
    await refuse("NOTHING_TO_UNDO", ("segmentNo",), undo_action, NO)


async def test_every_operation_wants_a_segment_that_exists_and_the_version_expected(
    world: World, refuse: Refuse
) -> None:
    decided = await world.decide("true")
    for operation, arguments in (
        (add_contacts, (decided,)),
        (reduce_segment, (decided,)),
        (refine_segment, (decided,)),
        (undo_action, ()),
        (redo_action, ()),
        (add_lines, (["C1"],)),
        (remove_lines, ([10],)),
        (update_line, (10, {})),
    ):
        await refuse("NOT_FOUND", ("segmentNo",), operation, "SM9", *arguments)
        await refuse("VALUE_REQUIRED", ("segmentNo",), operation, " ", *arguments)
        error = await refuse("CONFLICT", ("expectedVersion",), operation, NO, *arguments, expected_version=7)
        assert isinstance(error, ConflictError)
        assert error.current_version == 1


async def test_each_action_is_a_new_version_and_a_change(world: World, fetch: Fetch) -> None:
    await world.run(add_lines, NO.lower(), ["C1"], expected_version=1)
    await world.run(undo_action, NO, expected_version=2)
    await world.run(redo_action, NO, expected_version=3)
    (row,) = await fetch(segment)
    assert (row.version, row.revision, row.head_revision) == (4, 1, 1)
    changes = await fetch(change, change.c.object == "segment")
    assert [change.fields for change in changes] == [None, ["revision"], ["revision"], ["revision"]]


async def test_of_two_people_with_one_version_one_wins(world: World) -> None:
    def act(no: str) -> object:
        return world.run(add_lines, NO, [no], expected_version=1)

    answers = await asyncio.gather(*(act(no) for no in ("P1", "P2", "P3")), return_exceptions=True)  # type: ignore[call-overload]
    conflicts = [answer for answer in answers if isinstance(answer, ConflictError)]
    assert len(conflicts) == 2
    assert {conflict.code for conflict in conflicts} == {ErrorCode.CONFLICT}
    assert [conflict.current_version for conflict in conflicts] == [2, 2]
    assert len(await world.lines()) == 1


async def test_actions_of_two_people_without_versions_follow_each_other(world: World) -> None:
    await asyncio.gather(*(world.run(add_lines, NO, [no]) for no in ("P1", "P2", "P3")))
    lines = await world.lines()
    assert [line.no for line in lines] == [10, 20, 30]
    assert {line.contact for line in lines} == {3, 4, 5}


async def test_an_action_that_empties_the_segment_clears_the_list_if_asked(world: World, fetch: Fetch) -> None:
    for options, actions in (({}, 2), ({"reset_when_empty": True}, 0)):
        await world.run(add_lines, NO, ["C1", "P1"])
        await world.run(update_line, NO, (await world.lines())[0].no, {"subject": "x"})
        result = await world.run(reduce_segment, NO, await world.decide("true"), **options)
        assert (result.lines_removed, result.line_count) == (2, 0)
        (row,) = await fetch(segment)
        assert (row.revision, row.head_revision, result.revision) == (actions, actions, actions)
        for _ in range(actions):
            await world.run(undo_action, NO)
    for table in (segment_line, segment_line_override, segment_revision):
        assert await fetch(table) == []
    await world.run(add_lines, NO, ["P1"])
    (line,) = await world.lines()
    assert line.no == 50, "a number always means the same line, also after the list was cleared"
    await world.run(remove_lines, NO, [line.no], reset_when_empty=True)
    assert await fetch(segment_revision) == []
    assert await standing(world) == []


async def test_a_list_is_kept_while_lines_are_left(world: World, fetch: Fetch) -> None:
    await world.run(add_lines, NO, ["C1", "P1"])
    decided = await world.decide('type == "PERSON"')
    await world.run(refine_segment, NO, decided, reset_when_empty=True)
    assert [row.line_count for row in await fetch(segment_revision)] == [2, 1]


async def test_a_deleted_contact_leaves_the_history_and_its_counts(world: World) -> None:
    await world.run(add_lines, NO, ["P1", "P2", "P3"])
    await world.run(remove_lines, NO, [10])
    await world.run(delete_contact, "P1")
    undone = await world.run(undo_action, NO)
    assert undone.line_count == len(await world.lines()) == 2
    assert (undone.lines_added, undone.lines_removed) == (0, 0)
    assert [line.no for line in await world.lines()] == [20, 30]


async def forbid_touching_lines(work: UnitOfWork) -> None:
    """Make every change of a segment line an error."""
    touch = work.connection.exec_driver_sql
    if work.dialect == "postgresql":
        await touch("CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''touched''; END'")
        await touch("CREATE TRIGGER no BEFORE INSERT OR UPDATE OR DELETE ON segment_line EXECUTE FUNCTION no()")
        return
    for event in ("INSERT", "UPDATE", "DELETE"):
        await touch(
            f"CREATE TRIGGER no_{event} BEFORE {event} ON segment_line BEGIN SELECT RAISE(ABORT, 'touched'); END"
        )


async def test_undo_and_redo_touch_no_line(world: World) -> None:
    await world.run(add_lines, NO, ["P1", "P2"])
    await world.run(forbid_touching_lines)
    await world.run(undo_action, NO)
    await world.run(redo_action, NO)
    assert len(await world.lines()) == 2
    with pytest.raises((ConflictError, DBAPIError)):
        await world.run(add_lines, NO, ["P3"])


async def test_segments_do_not_see_each_others_lines(world: World) -> None:
    await world.run(create_segment, {"no": "OTHER"})
    await world.run(add_lines, "OTHER", ["P1", "P2"])
    await world.run(add_contacts, NO, await world.decide("true"))
    await world.run(reduce_segment, NO, await world.decide("true"), reset_when_empty=True)
    assert [line.contact for line in await world.lines("OTHER")] == [3, 4]
    assert await world.lines() == ()

"""Saved criteria do what the same actions do one by one, also where SQL cannot decide a rule alone."""

import pytest

from server.clock import Moment
from server.operations.segments.criteria import reuse_criteria, save_criteria, saved_actions
from server.operations.segments.lines import add_lines
from server.operations.segments.revisions import undo_action
from server.operations.segments.segments import create_segment
from server.operations.segments.selecting import add_contacts, contacts_asked, refine_segment
from server.selection import DecidedRule, decide_rule
from server.store.database import Database
from tests.operations.conftest import Run
from tests.operations.test_selecting import CONTACTS, NO
from tests.operations.worksheets import World

RESIDUAL = "'SM00001' in segments and no.to_set.length > 1"


@pytest.fixture
async def world(database: Database, moment: Moment) -> World:
    world = World(database, moment, CONTACTS)
    await world.begin()
    return world


async def decided_actions(world: World, code: str, segment_no: str, residual_rows: int) -> list[DecidedRule]:
    async with world.database.read() as connection:
        return [
            await decide_rule(
                connection,
                action.rule,
                world.moment,
                residual_rows=residual_rows,
                among=action.contacts_asked(segment_no),
            )
            for action in await saved_actions(connection, code)
        ]


async def test_a_rule_sees_what_the_action_before_it_did(world: World, run: Run) -> None:
    await world.run(add_contacts, NO, await world.decide('type == "PERSON"'))
    step_by_step = await world.run(refine_segment, NO, await world.decide(RESIDUAL))
    await run(save_criteria, NO, "KEPT")
    await world.run(undo_action, NO)
    await world.run(undo_action, NO)

    decided = await decided_actions(world, "KEPT", NO, residual_rows=1_000)
    results = await run(reuse_criteria, NO, "KEPT", decided)

    assert not decided[1].bracket.exact
    assert step_by_step.line_count > 0
    assert results[-1].line_count == step_by_step.line_count


async def test_only_the_contacts_of_the_segment_are_asked_about(world: World, run: Run) -> None:
    await world.run(add_lines, NO, ["P1", "P2"])
    async with world.database.read() as connection:
        decided = await decide_rule(
            connection,
            "no.to_set.length > 1",
            world.moment,
            residual_rows=2,
            among=contacts_asked(NO, entire_companies=False),
        )
    await world.run(refine_segment, NO, decided)
    await run(save_criteria, NO, "KEPT")
    await run(create_segment, {"no": "T"})

    kept = await decided_actions(world, "KEPT", "T", residual_rows=2)
    results = await run(reuse_criteria, "T", "KEPT", kept)

    assert len(CONTACTS) > 2
    assert [result.line_count for result in results] == [2, 2]

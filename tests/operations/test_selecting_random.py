"""Random lists of actions, step by step beside Business Central's algorithm."""

import random
from typing import Any

import pytest

from server.clock import Moment
from server.errors import ErrorCode, RefusedError
from server.operations.segments import selecting
from server.operations.segments.lines import add_lines, remove_lines
from server.operations.segments.revisions import redo_action, undo_action
from server.operations.segments.selecting import AddOptions, add_contacts, reduce_segment, refine_segment
from server.store.database import Database
from tests.operations.business_central import Worksheet
from tests.operations.worksheets import RULES, World, many_contacts

NO = "SM00001"
STEPS = 12
SEEDS = 12


def some(chance: random.Random) -> bool:
    return chance.random() < 0.5


async def one_step(world: World, sheet: Worksheet, chance: random.Random) -> Any:
    """Carry one random action out on both; return its result, None when both refuse it."""
    rule, says = chance.choice(list(RULES.items()))
    entire = some(chance)
    match chance.choice(("add", "add", "add", "reduce", "refine", "refine", "pin", "unpin", "undo", "undo", "redo")):
        case "add":
            flags = [some(chance) for _ in range(5)]
            options = AddOptions(*flags)
            sheet.add(
                says,
                allow_existing_contacts=flags[0],
                expand_companies=flags[1],
                allow_company_with_persons=flags[2],
                ignore_exclusion=flags[3],
                skip_privacy_blocked=flags[4],
            )
            return await world.run(add_contacts, NO, await world.decide(rule), options)
        case "reduce":
            sheet.reduce(says, entire_companies=entire)
            return await world.run(reduce_segment, NO, await world.decide(rule), entire_companies=entire)
        case "refine":
            sheet.refine(says, entire_companies=entire)
            return await world.run(refine_segment, NO, await world.decide(rule), entire_companies=entire)
        case "pin":
            chosen = chance.choices(world.contacts, k=chance.randrange(1, 5))
            sheet.pin(chosen, allow_existing_contacts=entire)
            nos = [contact.no for contact in chosen]
            result = await world.run(add_lines, NO, nos, allow_existing_contacts=entire)
            assert result.skipped_count == sheet.skipped
            return result
        case "unpin" if not sheet.lines:
            with pytest.raises(RefusedError) as refusal:
                await world.run(remove_lines, NO, [])
            assert refusal.value.code is ErrorCode.VALUE_REQUIRED
            return None
        case "unpin":
            line_nos = [line.no for line in chance.sample(sheet.lines, min(2, len(sheet.lines)))]
            sheet.unpin(line_nos)
            return await world.run(remove_lines, NO, line_nos)
        case "undo" if sheet.done:
            sheet.undo()
            return await world.run(undo_action, NO)
        case "redo" if sheet.undone:
            sheet.redo()
            return await world.run(redo_action, NO)
        case wrong:
            code = ErrorCode.NOTHING_TO_UNDO if wrong == "undo" else ErrorCode.NOTHING_TO_REDO
            with pytest.raises(RefusedError) as refusal:
                await world.run(undo_action if wrong == "undo" else redo_action, NO)
            assert refusal.value.code is code
            return None


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_random_actions_do_what_business_central_does(
    database: Database, moment: Moment, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Every other list is carried out as on a large segment, whose removals look for everyone the rule selects."""
    monkeypatch.setattr(selecting, "_FEW_LINES", selecting._FEW_LINES if seed % 2 else -1)
    chance = random.Random(seed)
    world = World(database, moment, many_contacts(chance))
    await world.begin()
    sheet = Worksheet(world.contacts)
    for _ in range(STEPS):
        before = sheet.lines
        result = await one_step(world, sheet, chance)
        assert await world.lines() == sheet.lines
        if result is None:
            continue
        assert result.revision == len(sheet.done)
        assert result.line_count == len(sheet.lines)
        assert result.lines_added == len(set(sheet.lines) - set(before))
        assert result.lines_removed == len(set(before) - set(sheet.lines))
        assert result.undecided_count == sheet.undecided

"""Undo and redo: Business Central's going back, without losing anything."""

from typing import Any

import pytest

from server.clock import Moment
from server.store.database import Database
from tests.business_central.conftest import Change, Refused
from tests.business_central.worksheet_people import actions, lines, open_worksheet, pin, standing, store_log
from tests.conftest import GraphQL

COUNTS = "linesAdded linesRemoved lineCount segment { revision canUndo canRedo }"


@pytest.fixture(autouse=True)
async def _worksheet(database: Database, moment: Moment, change: Change) -> None:
    await open_worksheet(database, moment, change)


async def act(change: Change, mutation: str, **given: Any) -> dict[str, Any]:
    return await change(mutation, {"segmentNo": "S1", **given}, COUNTS)


async def test_6_5_undo_takes_back_one_action_after_the_other_down_to_none(graphql: GraphQL, change: Change) -> None:
    await act(change, "addContactsToSegment", rule='country == "DE"')
    await act(change, "reduceSegment", rule='no == "MAX"')
    await act(change, "refineSegment", rule='no == "ZOE"')
    await act(change, "addContactsToSegment", rule="false")
    steps = [
        (["ZOE"], 0, 0),
        (["LONE", "ACME", "ZOE"], 2, 0),
        (["LONE", "ACME", "ZOE", "MAX"], 1, 0),
        ([], 0, 4),
    ]
    for revision, (left, added, removed) in zip((3, 2, 1, 0), steps, strict=True):
        payload = await act(change, "undoSegmentAction")
        assert await standing(graphql) == left
        assert payload["segment"] == {"revision": revision, "canUndo": revision > 0, "canRedo": True}
        assert (payload["linesAdded"], payload["linesRemoved"], payload["lineCount"]) == (added, removed, len(left))


async def test_6_5_an_action_that_changed_nothing_is_undone_all_the_same(graphql: GraphQL, change: Change) -> None:
    await pin(change, "ANN")
    await act(change, "reduceSegment", rule="false")
    await act(change, "undoSegmentAction")
    assert [action["undone"] for action in await actions(graphql, "undone")] == [False, True]
    assert await standing(graphql) == ["ANN"]


async def test_6_5_undoing_a_second_line_leaves_the_first(graphql: GraphQL, change: Change) -> None:
    """Business Central removes both."""
    await pin(change, "ANN")
    await act(change, "addContactsToSegment", rule='no == "ANN"', allowExistingContacts=True)
    await act(change, "undoSegmentAction")
    assert [line["lineNo"] for line in await lines(graphql, "lineNo")] == [10]


async def test_6_5_a_restored_line_is_the_same_line_with_its_number_and_edits(graphql: GraphQL, change: Change) -> None:
    """Business Central starts it afresh, at the end."""
    await pin(change, "ANN", "ZOE")
    await change("updateSegmentLine", {"segmentNo": "S1", "lineNo": 10, "description": "By hand", "cost": "2.50"})
    before = await lines(graphql, "lineNo description cost contact { no }")
    assert before[0] == {"lineNo": 10, "description": "By hand", "cost": "2.5", "contact": {"no": "ANN"}}
    await act(change, "reduceSegment", rule="true")
    await act(change, "undoSegmentAction")
    assert await lines(graphql, "lineNo description cost contact { no }") == before


async def test_6_5_a_whole_reuse_is_one_step(
    graphql: GraphQL, change: Change, database: Database, moment: Moment
) -> None:
    await store_log(database, moment, ("ANN", {}), ("ANN", {}), ("MAX", {}))
    await pin(change, "ANN")
    await act(change, "reuseLoggedSegment", loggedSegmentEntryNo=7, append=True)
    assert await standing(graphql) == ["ANN", "ANN", "ANN", "MAX"]
    await act(change, "undoSegmentAction")
    assert await standing(graphql) == ["ANN"]


async def test_6_5_redo_brings_exactly_the_lines_back(graphql: GraphQL, change: Change) -> None:
    await pin(change, "ANN", "ZOE", "MAX")
    await act(change, "reduceSegment", rule='no == "ZOE"')
    before = await lines(graphql, "lineNo contact { no }")
    for _ in range(2):
        await act(change, "undoSegmentAction")
    assert await standing(graphql) == []
    await act(change, "redoSegmentAction")
    payload = await act(change, "redoSegmentAction")
    assert await lines(graphql, "lineNo contact { no }") == before
    assert (payload["linesAdded"], payload["linesRemoved"], payload["lineCount"]) == (0, 1, 2)
    assert payload["segment"] == {"revision": 2, "canUndo": True, "canRedo": False}


async def test_6_5_a_new_action_drops_what_was_undone(graphql: GraphQL, change: Change, refused: Refused) -> None:
    await pin(change, "ANN")
    await pin(change, "ZOE")
    await act(change, "undoSegmentAction")
    await pin(change, "MAX")
    assert await standing(graphql) == ["ANN", "MAX"]
    assert len(await actions(graphql, "kind")) == 2
    await refused("NOTHING_TO_REDO", ["segmentNo"], "redoSegmentAction", {"segmentNo": "S1"})


async def test_6_5_lines_whose_removal_was_undone_stay_when_a_new_action_follows(
    graphql: GraphQL, change: Change
) -> None:
    await pin(change, "ANN", "ZOE")
    await act(change, "reduceSegment", rule='no == "ANN"')
    await act(change, "undoSegmentAction")
    await act(change, "reduceSegment", rule='no == "ZOE"')
    assert await standing(graphql) == ["ANN"]


async def test_6_5_the_lines_can_be_seen_as_they_were_after_every_action(graphql: GraphQL, change: Change) -> None:
    await pin(change, "ANN", "ZOE")
    await act(change, "reduceSegment", rule='no == "ANN"')
    await act(change, "undoSegmentAction")
    seen = [await standing(graphql, at=revision) for revision in (0, 1, 2)]
    assert seen == [[], ["ANN", "ZOE"], ["ZOE"]]


async def test_6_5_without_an_action_there_is_nothing_to_undo_or_redo(change: Change, refused: Refused) -> None:
    for mutation, code in (("undoSegmentAction", "NOTHING_TO_UNDO"), ("redoSegmentAction", "NOTHING_TO_REDO")):
        await refused(code, ["segmentNo"], mutation, {"segmentNo": "S1"})
    await pin(change, "ANN")
    await act(change, "undoSegmentAction")
    await refused("NOTHING_TO_UNDO", ["segmentNo"], "undoSegmentAction", {"segmentNo": "S1"})


@pytest.mark.parametrize("mutation", ["undoSegmentAction", "redoSegmentAction"])
async def test_6_5_undo_and_redo_are_refused_for_an_unknown_segment_or_another_version(
    refused: Refused, mutation: str
) -> None:
    await refused("NOT_FOUND", ["segmentNo"], mutation, {"segmentNo": "S9"})
    await refused("CONFLICT", ["expectedVersion"], mutation, {"segmentNo": "S1", "expectedVersion": 4})

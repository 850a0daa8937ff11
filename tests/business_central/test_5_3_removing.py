"""What goes with a line, and what is left of a segment without lines."""

import pytest

from server.clock import Moment
from server.store.database import Database
from tests.business_central.conftest import Change, Refused, everything
from tests.business_central.letters import (
    OFFRE,
    edit,
    lines,
    open_segment,
    put,
    segment,
    store_readers,
    update,
    values,
)
from tests.conftest import GraphQL

STATE = "lineCount actionCount headRevision canUndo"


@pytest.fixture(autouse=True)
async def _readers(database: Database, moment: Moment) -> None:
    await store_readers(database, moment)


async def remove(change: Change, *line_nos: int, reset: bool | None = None) -> None:
    more = {} if reset is None else {"resetWhenEmpty": reset}
    await change("removeSegmentLines", {"segmentNo": "S1", "lineNos": list(line_nos), **more})


async def test_5_3_a_removed_line_comes_back_with_its_number_and_edits(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN", "BOB")
    await edit(change, 10, description="Own", attachment=OFFRE)
    await remove(change, 10)
    assert await values(graphql, "contact { no }") == ["BOB"]
    await change("undoSegmentAction", {"segmentNo": "S1"})
    found = (await lines(graphql, "lineNo description attachment { name }"))[0]
    assert found == {"lineNo": 10, "description": "Own", "attachment": "offre"}


async def test_5_3_only_the_line_named_is_removed_where_a_contact_has_two(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN")
    await change("addSegmentLines", {"segmentNo": "S1", "contactNos": ["ANN"], "allowExistingContacts": True})
    await remove(change, 10)
    assert await values(graphql, "lineNo") == [20]


async def test_5_3_without_its_last_line_a_segment_keeps_its_actions(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN", "BOB")
    await remove(change, 10, 20)
    assert await segment(graphql, STATE) == {
        "lineCount": 0, "actionCount": 2, "headRevision": 2, "canUndo": True
    }  # fmt: skip


async def test_5_3_the_actions_are_cleared_with_the_last_line_when_asked(
    change: Change, graphql: GraphQL, database: Database
) -> None:
    await open_segment(change, "ANN", "BOB")
    before = (await everything(database))["attachment"]
    await edit(change, 20, description="Own", attachment=OFFRE)
    await remove(change, 10, reset=True)
    assert await segment(graphql, STATE) == {
        "lineCount": 1, "actionCount": 2, "headRevision": 2, "canUndo": True
    }  # fmt: skip
    await remove(change, 20, reset=True)
    assert await segment(graphql, STATE) == {
        "lineCount": 0, "actionCount": 0, "headRevision": 0, "canUndo": False
    }  # fmt: skip
    after = await everything(database)
    assert after["attachment"] == before
    assert [after[name] for name in ("segment_line", "segment_line_override", "segment_revision")] == [[], [], []]
    await put(change, "CID")
    assert await lines(graphql, "contact { no } addedAtRevision") == [{"contact": "CID", "addedAtRevision": 1}]


async def test_5_3_an_attachment_goes_with_a_line_that_cannot_come_back(change: Change, database: Database) -> None:
    before = (await everything(database))["attachment"]
    await open_segment(change, "ANN")
    await put(change, "BOB")
    await edit(change, 20, attachment=OFFRE)
    await change("undoSegmentAction", {"segmentNo": "S1"})
    assert len((await everything(database))["attachment"]) == len(before) + 1
    await put(change, "CID")
    assert (await everything(database))["attachment"] == before


async def test_5_3_a_line_that_does_not_stand_cannot_be_removed(change: Change, refused: Refused) -> None:
    await open_segment(change, "ANN", "BOB")
    await remove(change, 20)
    asked = {"segmentNo": "S1", "lineNos": [10, 20]}
    await refused("NOT_FOUND", ["lineNos", "1"], "removeSegmentLines", asked)
    await refused("VALUE_REQUIRED", ["lineNos"], "removeSegmentLines", {**asked, "lineNos": []})
    await refused("CONFLICT", ["expectedVersion"], "removeSegmentLines", {**asked, "expectedVersion": 1})


async def test_5_3_the_contact_can_be_deleted_once_its_line_is_gone(change: Change, refused: Refused) -> None:
    await open_segment(change, "ANN", "CID")
    await refused("CONTACT_ON_SEGMENT", ["no"], "deleteContact", {"no": "CID"})
    await remove(change, 20)
    await change("deleteContact", {"no": "CID"})


@pytest.mark.parametrize("way", ["reset", "changed after the reset", "dropped"])
async def test_5_3_with_the_last_line_goes_the_template_that_only_it_had(
    change: Change, graphql: GraphQL, database: Database, way: str
) -> None:
    """An earlier state of the header, with its languages and their attachments, is kept for its lines alone."""
    await change("createInteractionTemplate", {"code": "OLD"})
    language = {"template": "OLD", "language": "FRA", "attachment": OFFRE}
    await change("createInteractionTemplateLanguage", language)
    before = len((await everything(database))["attachment"])
    await open_segment(change, "ANN", template="OLD")
    await change("updateSegmentLanguage", {"segmentNo": "S1", "language": "FRA", "attachment": OFFRE})
    assert len((await everything(database))["attachment"]) == before + 1
    if way == "changed after the reset":
        await remove(change, 10, reset=True)
    if way == "dropped":
        await change("undoSegmentAction", {"segmentNo": "S1"})
    await change("updateSegment", {"no": "S1", "template": "NOTE", "updateLines": False})
    if way == "reset":
        await remove(change, 10, reset=True)
    if way == "dropped":
        await change("addSegmentLines", {"segmentNo": "S1", "contactNos": ["BOB"]})
    assert len((await everything(database))["attachment"]) == before
    await change("deleteInteractionTemplate", {"code": "OLD"})
    assert (await segment(graphql, "template { code }"))["template"] == "NOTE"


async def test_5_3_an_earlier_state_of_the_header_stays_with_the_lines_that_have_it(
    change: Change, graphql: GraphQL
) -> None:
    await open_segment(change, "ANN", salesperson="AH")
    await put(change, "BOB")
    await update(change, lines=False, salesperson="BD")
    await change("undoSegmentAction", {"segmentNo": "S1"})
    await put(change, "CID")
    assert await values(graphql, "salesperson { code }") == ["AH", "BD"]

"""Saved criteria: the actions of a segment kept under a code and carried out again."""

from typing import Any

import pytest
from sqlalchemy import delete, update

from server.clock import Moment
from server.store.database import Database
from server.store.tables import contact, interaction_log_entry, logged_segment, saved_criteria_action
from tests.business_central.conftest import Change, Refused
from tests.business_central.worksheet_people import actions, open_worksheet, pin, standing, store_log
from tests.conftest import GraphQL

SAVED = "code description actor actionCount actions { position kind rule options { entireCompanies expandCompanies } }"


@pytest.fixture(autouse=True)
async def _worksheet(database: Database, moment: Moment, change: Change) -> None:
    await open_worksheet(database, moment, change)
    await change("createSegment", {"no": "S2"})


async def act(change: Change, mutation: str, **given: Any) -> dict[str, Any]:
    return await change(mutation, {"segmentNo": "S1", **given}, "lineCount")


async def save(change: Change, code: str = "WINE", **given: Any) -> None:
    await change("saveCriteria", {"segmentNo": "S1", "code": code, **given})


async def reuse(change: Change, code: str = "WINE", **given: Any) -> dict[str, Any]:
    return await change("reuseCriteria", {"segmentNo": "S2", "code": code, **given}, "actionCount lineCount")


async def saved(graphql: GraphQL, selection: str = SAVED) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await graphql(f"{{ savedCriteria {{ nodes {{ {selection} }} }} }}"))[
        "savedCriteria"
    ]["nodes"]
    return found


async def test_6_6_every_action_is_saved_with_its_rule_and_options(graphql: GraphQL, change: Change) -> None:
    await act(change, "addContactsToSegment", rule='no == "ZOE"', expandCompanies=True)
    await act(change, "reduceSegment", rule='no == "ANN"')
    await act(change, "refineSegment", rule='no == "BOB"', entireCompanies=True)
    await save(change, "wine", description="Around Zoe")
    neither = {"entireCompanies": False, "expandCompanies": False}
    (criteria,) = await saved(graphql)
    assert (criteria["code"], criteria["description"], criteria["actionCount"]) == ("WINE", "Around Zoe", 3)
    assert criteria["actor"], "who saved them is kept"
    assert criteria["actions"] == [
        {"position": 1, "kind": "ADD", "rule": 'no == "ZOE"', "options": neither | {"expandCompanies": True}},
        {"position": 2, "kind": "REDUCE", "rule": 'no == "ANN"', "options": neither},
        {"position": 3, "kind": "REFINE", "rule": 'no == "BOB"', "options": neither | {"entireCompanies": True}},
    ]


async def test_6_6_undone_actions_are_not_saved(graphql: GraphQL, change: Change) -> None:
    await act(change, "addContactsToSegment", rule='no == "ZOE"')
    await act(change, "reduceSegment", rule="true")
    await change("undoSegmentAction", {"segmentNo": "S1"})
    await save(change)
    assert await saved(graphql, "actionCount") == [{"actionCount": 1}]


async def test_6_6_saving_needs_actions_and_a_code_of_its_own(change: Change, refused: Refused) -> None:
    given = {"segmentNo": "S1", "code": "WINE"}
    await refused("NO_ACTIONS", ["segmentNo"], "saveCriteria", given)
    await pin(change, "ANN")
    await change("undoSegmentAction", {"segmentNo": "S1"})
    await refused("NO_ACTIONS", ["segmentNo"], "saveCriteria", given)
    await pin(change, "ANN")
    for blank in ("", "  "):
        await refused("VALUE_REQUIRED", ["code"], "saveCriteria", given | {"code": blank})
    await refused("INVALID_INPUT", ["code"], "saveCriteria", given | {"code": "X" * 21})
    await refused("INVALID_INPUT", ["description"], "saveCriteria", given | {"description": "x" * 101})
    await refused("NOT_FOUND", ["segmentNo"], "saveCriteria", given | {"segmentNo": "S9"})
    await refused("CONFLICT", ["expectedVersion"], "saveCriteria", given | {"expectedVersion": 1})
    await save(change)
    await refused("ALREADY_EXISTS", ["code"], "saveCriteria", given | {"code": "wine"})


async def test_6_6_reuse_carries_the_actions_out_on_the_data_of_that_moment(
    graphql: GraphQL, change: Change, database: Database, moment: Moment
) -> None:
    await act(change, "addContactsToSegment", rule='country == "DE"')
    await act(change, "reduceSegment", rule='no == "MAX"')
    await save(change)
    assert await standing(graphql) == ["LONE", "ACME", "ZOE"]
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await work.connection.execute(update(contact).where(contact.c.no == "ANN").values(country="DE"))
        await work.connection.execute(update(contact).where(contact.c.no == "LONE").values(country="FR"))
        work.record("contact", row_count=2)
    assert await reuse(change) == {"actionCount": 2, "lineCount": 3, "userErrors": []}
    assert await standing(graphql, no="S2") == ["ACME", "ANN", "ZOE"]


async def test_6_6_each_action_carried_out_again_is_listed_and_undone_by_itself(
    graphql: GraphQL, change: Change
) -> None:
    await act(change, "addContactsToSegment", rule='country == "DE"')
    await act(change, "reduceSegment", rule='no == "MAX"')
    await save(change)
    await reuse(change)
    assert [action["kind"] for action in await actions(graphql, "kind", no="S2")] == ["ADD", "REDUCE"]
    await change("undoSegmentAction", {"segmentNo": "S2"})
    assert await standing(graphql, no="S2") == ["LONE", "ACME", "ZOE", "MAX"]
    await change("undoSegmentAction", {"segmentNo": "S2"})
    assert await standing(graphql, no="S2") == []


@pytest.mark.parametrize(("mutation", "rule"), [("reduceSegment", 'no == "ZOE"'), ("refineSegment", 'no == "ANN"')])
async def test_6_6_an_action_that_would_reset_an_empty_segment_does_not_reset_the_one_it_is_carried_out_on(
    graphql: GraphQL, change: Change, mutation: str, rule: str
) -> None:
    """S1 keeps Ann, so nothing is reset there; S2 does not get her any more."""
    await act(change, "addContactsToSegment", rule='no in ["ANN", "ZOE"]')
    await act(change, mutation, rule=rule, resetWhenEmpty=True)
    await save(change)
    (criteria,) = await saved(graphql, "actions { options { resetWhenEmpty } }")
    assert [action["options"]["resetWhenEmpty"] for action in criteria["actions"]] == [False, False]
    await change("updateContact", {"no": "ANN", "excludeFromSegment": True})
    await pin(change, "ZOE", segment_no="S2")
    payload = await reuse(change, append=True)
    assert (payload["actionCount"], payload["lineCount"]) == (2, 0)
    kind = mutation.removesuffix("Segment").upper()
    assert [action["kind"] for action in await actions(graphql, "kind", no="S2")] == ["PIN", "ADD", kind]
    await change("undoSegmentAction", {"segmentNo": "S2"})
    assert await standing(graphql, no="S2") == ["ZOE"]


async def test_6_6_criteria_saved_with_a_reset_by_an_earlier_release_do_not_reset(
    graphql: GraphQL, change: Change, database: Database, moment: Moment
) -> None:
    await act(change, "addContactsToSegment", rule='no == "ZOE"')
    await act(change, "refineSegment", rule='no == "ZOE"')
    await save(change)
    stored = saved_criteria_action.c
    async with database.write(actor="test", operation="test", moment=moment) as work:
        options = {"entire_companies": False, "reset_when_empty": True}
        statement = update(saved_criteria_action).where(stored.kind == "REFINE")
        await work.connection.execute(statement.values(rule='no == "ANN"', options=options))
        work.record("saved_criteria", code="WINE")
    assert await reuse(change) == {"actionCount": 2, "lineCount": 0, "userErrors": []}
    assert await actions(graphql, "kind", no="S2") == [{"kind": "ADD"}, {"kind": "REFINE"}]


async def test_6_6_who_is_left_out_again_is_counted(change: Change) -> None:
    await act(change, "addContactsToSegment", rule='no in ["XENA", "BOB"]')
    await act(change, "addContactsToSegment", rule='no == "BOLT"')
    await save(change)
    given = {"segmentNo": "S2", "code": "WINE"}
    counts = "linesAdded excludedCount privacyBlockedCount"
    assert await change("reuseCriteria", given, counts) == {
        "linesAdded": 0, "excludedCount": 2, "privacyBlockedCount": 1, "userErrors": []
    }  # fmt: skip


async def test_6_6_refining_again_keeps_entire_companies(graphql: GraphQL, change: Change) -> None:
    """Business Central forgets it."""
    await act(change, "addContactsToSegment", rule='country == "DE"')
    await act(change, "refineSegment", rule='no == "XENA"', entireCompanies=True)
    await save(change)
    await reuse(change)
    assert await standing(graphql, no="S2") == await standing(graphql) == ["ACME", "ZOE"]


async def test_6_6_lines_put_on_and_taken_off_one_by_one_are_saved_as_rules_that_name_them(
    graphql: GraphQL, change: Change
) -> None:
    await pin(change, "ZOE", "XENA", "ANN")
    await act(change, "removeSegmentLines", lineNos=[30])
    await save(change)
    (criteria,) = await saved(graphql, "actions { kind rule }")
    assert criteria["actions"] == [
        {"kind": "ADD", "rule": 'no in ["ANN", "XENA", "ZOE"]'},
        {"kind": "REDUCE", "rule": 'no in ["ANN"]'},
    ]
    await reuse(change)
    assert await standing(graphql, no="S2") == ["XENA", "ZOE"], "also the excluded one"


async def test_6_6_a_segment_with_actions_takes_more_only_when_asked(
    graphql: GraphQL, change: Change, refused: Refused
) -> None:
    await act(change, "addContactsToSegment", rule='no == "ZOE"')
    await save(change)
    await pin(change, "ANN", segment_no="S2")
    given = {"segmentNo": "S2", "code": "WINE"}
    await refused("SEGMENT_HAS_ACTIONS", ["append"], "reuseCriteria", given)
    await reuse(change, append=True)
    assert await standing(graphql, no="S2") == ["ANN", "ZOE"]


async def test_6_6_a_segment_whose_actions_are_all_undone_has_none(graphql: GraphQL, change: Change) -> None:
    await act(change, "addContactsToSegment", rule='no == "ZOE"')
    await save(change)
    await pin(change, "ANN", segment_no="S2")
    await change("undoSegmentAction", {"segmentNo": "S2"})
    await reuse(change)
    assert await standing(graphql, no="S2") == ["ZOE"]


async def test_6_6_reuse_is_refused_for_what_does_not_exist_or_has_another_version(
    change: Change, refused: Refused
) -> None:
    await pin(change, "ANN")
    await save(change)
    given = {"segmentNo": "S2", "code": "WINE"}
    await refused("NOT_FOUND", ["code"], "reuseCriteria", given | {"code": "BEER"})
    await refused("NOT_FOUND", ["segmentNo"], "reuseCriteria", given | {"segmentNo": "S9"})
    await refused("CONFLICT", ["expectedVersion"], "reuseCriteria", given | {"expectedVersion": 9})


async def test_6_6_a_reused_logged_segment_is_reused_again_while_it_exists(
    graphql: GraphQL, change: Change, refused: Refused, database: Database, moment: Moment
) -> None:
    await store_log(database, moment, ("ANN", {}), ("MAX", {}))
    await act(change, "reuseLoggedSegment", loggedSegmentEntryNo=7)
    await save(change)
    await reuse(change)
    assert await standing(graphql, no="S2") == ["ANN", "MAX"]
    await change("createSegment", {"no": "S3"})
    async with database.write(actor="test", operation="test", moment=moment) as work:
        for table in (interaction_log_entry, logged_segment):
            await work.connection.execute(delete(table))
    message = await refused("NOT_FOUND", ["code"], "reuseCriteria", {"segmentNo": "S3", "code": "WINE"})
    assert "7" in message


async def test_6_6_criteria_and_segment_are_not_tied_to_each_other(graphql: GraphQL, change: Change) -> None:
    await act(change, "addContactsToSegment", rule='no == "ZOE"')
    await save(change)
    await reuse(change)
    await act(change, "reduceSegment", rule="true")
    await change("deleteSegment", {"no": "S1"})
    assert await saved(graphql, "code actionCount") == [{"code": "WINE", "actionCount": 1}]
    payload = await change("deleteSavedCriteria", {"code": " wine "}, "deletedCode deletedId")
    assert payload["deletedCode"] == "WINE"
    assert await saved(graphql) == []
    assert await standing(graphql, no="S2") == ["ZOE"]
    assert len(await actions(graphql, "kind", no="S2")) == 1


async def test_6_6_criteria_are_renamed_with_their_actions(graphql: GraphQL, change: Change) -> None:
    await act(change, "addContactsToSegment", rule='no == "ZOE"')
    await save(change, description="Red")
    changed = await change(
        "updateSavedCriteria", {"code": "wine", "newCode": "beer"}, "savedCriteria { code description actionCount }"
    )
    assert changed["savedCriteria"] == {"code": "BEER", "description": "Red", "actionCount": 1}
    await change("updateSavedCriteria", {"code": "BEER", "description": None})
    assert await saved(graphql, "code description") == [{"code": "BEER", "description": ""}]
    await reuse(change, "BEER")
    assert await standing(graphql, no="S2") == ["ZOE"]


async def test_6_6_renaming_and_deleting_are_refused_for_what_does_not_exist_or_is_taken(
    change: Change, refused: Refused
) -> None:
    await pin(change, "ANN")
    await save(change)
    await save(change, "BEER")
    await refused("NOT_FOUND", ["code"], "updateSavedCriteria", {"code": "TEA", "newCode": "X"})
    await refused("NOT_FOUND", ["code"], "deleteSavedCriteria", {"code": "TEA"})
    await refused("VALUE_REQUIRED", ["code"], "deleteSavedCriteria", {"code": ""})
    await refused("ALREADY_EXISTS", ["newCode"], "updateSavedCriteria", {"code": "WINE", "newCode": "beer"})
    await refused("INVALID_INPUT", ["newCode"], "updateSavedCriteria", {"code": "WINE", "newCode": "X" * 21})
    await refused("INVALID_INPUT", ["description"], "updateSavedCriteria", {"code": "WINE", "description": "x" * 101})
    for blank in (None, ""):
        await refused("VALUE_REQUIRED", ["newCode"], "updateSavedCriteria", {"code": "WINE", "newCode": blank})


async def test_6_6_a_rename_to_the_same_code_changes_nothing(graphql: GraphQL, change: Change) -> None:
    await pin(change, "ANN")
    await save(change)
    await change("updateSavedCriteria", {"code": "WINE", "newCode": "wine", "description": ""})
    assert await saved(graphql, "code") == [{"code": "WINE"}]


async def test_6_6_when_one_action_cannot_be_carried_out_none_is(
    graphql: GraphQL, change: Change, refused: Refused, database: Database, moment: Moment
) -> None:
    """The logged segment that the second action reuses is gone."""
    await store_log(database, moment, ("ANN", {}))
    await act(change, "addContactsToSegment", rule='no == "ZOE"')
    await act(change, "reuseLoggedSegment", loggedSegmentEntryNo=7, append=True)
    await save(change)
    async with database.write(actor="test", operation="test", moment=moment) as work:
        for table in (interaction_log_entry, logged_segment):
            await work.connection.execute(delete(table))
    await refused("NOT_FOUND", ["code"], "reuseCriteria", {"segmentNo": "S2", "code": "WINE"})
    assert await standing(graphql, no="S2") == []

"""The list of actions by which a segment was built."""

from typing import Any

import pytest

from server.clock import Moment
from server.store.database import Database
from tests.business_central.conftest import Change
from tests.business_central.worksheet_people import actions, open_worksheet, pin, store_log
from tests.conftest import GraphQL

WHAT = "revision kind rule linesAdded linesRemoved lineCount undone"
NO_OPTIONS = {
    "allowExistingContacts": False,
    "expandCompanies": False,
    "allowCompanyWithPersons": False,
    "ignoreExclusion": False,
    "skipPrivacyBlocked": False,
    "entireCompanies": False,
    "resetWhenEmpty": False,
}


@pytest.fixture(autouse=True)
async def _worksheet(database: Database, moment: Moment, change: Change) -> None:
    await open_worksheet(database, moment, change)


async def act(change: Change, mutation: str, **given: Any) -> None:
    await change(mutation, {"segmentNo": "S1", **given})


def done(kind: str, rule: str, added: int, removed: int, lines: int) -> dict[str, Any]:
    return {"kind": kind, "rule": rule, "linesAdded": added, "linesRemoved": removed, "lineCount": lines}


async def test_6_4_every_action_is_listed_with_its_rule_and_what_it_did(
    graphql: GraphQL, change: Change, database: Database, moment: Moment
) -> None:
    await store_log(database, moment, ("ANN", {}), ("MAX", {}))
    await act(change, "addContactsToSegment", rule='country == "DE"')
    await act(change, "reduceSegment", rule='no == "MAX"')
    await act(change, "refineSegment", rule='no != "LONE"')
    await act(change, "addSegmentLines", contactNos=["ANN", "BOLT"])
    await act(change, "removeSegmentLines", lineNos=[60])
    await act(change, "reuseLoggedSegment", loggedSegmentEntryNo=7, append=True)
    assert await actions(graphql, "kind rule linesAdded linesRemoved lineCount") == [
        done("ADD", 'country == "DE"', 4, 0, 4),
        done("REDUCE", 'no == "MAX"', 0, 1, 3),
        done("REFINE", 'no != "LONE"', 0, 1, 2),
        done("PIN", 'no in ["ANN", "BOLT"]', 2, 0, 4),
        done("UNPIN", 'no in ["BOLT"]', 0, 1, 3),
        done("REUSE_LOGGED", "", 2, 0, 5),
    ]
    data = await graphql("""{ segment(no: "S1") { revision headRevision lineCount
        actions { totalCount nodes { revision undone loggedSegment { entryNo } languageVersion } } } }""")
    assert (data["segment"]["revision"], data["segment"]["headRevision"], data["segment"]["lineCount"]) == (6, 6, 5)
    assert data["segment"]["actions"]["totalCount"] == 6
    nodes = data["segment"]["actions"]["nodes"]
    assert [node["revision"] for node in nodes] == [1, 2, 3, 4, 5, 6]
    assert [node["loggedSegment"] for node in nodes] == [None] * 5 + [{"entryNo": 7}]
    assert [bool(node["languageVersion"]) for node in nodes] == [True, True, True, False, False, False]


async def test_6_4_an_action_that_changes_nothing_is_listed(graphql: GraphQL, change: Change) -> None:
    await act(change, "addContactsToSegment", rule="false")
    await act(change, "reduceSegment", rule="true")
    await act(change, "refineSegment", rule="true")
    assert await actions(graphql, WHAT) == [
        done("ADD", "false", 0, 0, 0) | {"revision": 1, "undone": False},
        done("REDUCE", "true", 0, 0, 0) | {"revision": 2, "undone": False},
        done("REFINE", "true", 0, 0, 0) | {"revision": 3, "undone": False},
    ]


@pytest.mark.parametrize(
    ("mutation", "given", "default"),
    [
        ("addContactsToSegment", ["allowExistingContacts"], True),
        ("addContactsToSegment", ["expandCompanies", "ignoreExclusion"], True),
        ("addContactsToSegment", ["allowCompanyWithPersons"], True),
        ("reduceSegment", ["entireCompanies"], False),
        ("refineSegment", ["entireCompanies", "resetWhenEmpty"], False),
        ("refineSegment", [], False),
    ],
)
async def test_6_4_every_option_is_listed_with_the_action(
    graphql: GraphQL, change: Change, mutation: str, given: list[str], default: bool
) -> None:  # fmt: skip
    await pin(change, "ANN")
    await act(change, mutation, rule='no == "ANN"', **dict.fromkeys(given, True))
    (_, action) = await actions(graphql, f"options {{ {' '.join(NO_OPTIONS)} }}")
    expected = NO_OPTIONS | {"skipPrivacyBlocked": default} | dict.fromkeys(given, True)
    assert action == {"options": expected}


async def test_6_4_an_action_tells_who_did_it_and_when(graphql: GraphQL, change: Change, moment: Moment) -> None:
    await act(change, "addContactsToSegment", rule="true")
    (action,) = await actions(graphql, "actor at")
    assert action["actor"], "there is always somebody"
    assert action["at"] == moment.now.isoformat().replace("+00:00", "Z")


async def test_6_4_lines_put_on_one_by_one_are_one_action_however_many(graphql: GraphQL, change: Change) -> None:
    await pin(change, "ANN", "ZOE", "LONE")
    assert [action["linesAdded"] for action in await actions(graphql, "linesAdded")] == [3]
    await act(change, "removeSegmentLines", lineNos=[10, 30])
    assert [action["linesRemoved"] for action in await actions(graphql, "linesRemoved")] == [0, 2]


async def test_6_4_the_list_is_cleared_when_no_line_is_left_if_asked(graphql: GraphQL, change: Change) -> None:
    await pin(change, "ANN", "ZOE")
    await act(change, "refineSegment", rule='no == "ANN"', resetWhenEmpty=True)
    assert len(await actions(graphql, "kind")) == 2, "a line is left"
    await act(change, "reduceSegment", rule="true", resetWhenEmpty=True)
    assert await actions(graphql, "kind") == []
    data = await graphql('{ segment(no: "S1") { canUndo canRedo lineCount revision } }')
    assert data["segment"] == {"canUndo": False, "canRedo": False, "lineCount": 0, "revision": 0}

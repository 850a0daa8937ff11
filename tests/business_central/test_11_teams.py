"""Teams of salespeople."""

from typing import Any

import pytest

from server.store.tables import team_member
from tests.business_central.conftest import Change, Refused
from tests.business_central.given_contacts import Given
from tests.conftest import GraphQL

SHOWN = "team { code name members { nodes { code } } }"


@pytest.fixture(autouse=True)
async def salespeople(change: Change) -> None:
    for code in ("AH", "BL", "CD"):
        await change("createSalesperson", {"code": code})


def members(payload: dict[str, Any]) -> list[str]:
    return [member["code"] for member in payload["team"]["members"]["nodes"]]


async def test_11_a_team_has_a_code_a_name_and_salespeople(change: Change, graphql: GraphQL) -> None:
    new = {"code": " east ", "name": "East", "addMembers": ["cd", "AH", "ah"]}
    created = await change("createTeam", new, SHOWN)
    await change("createTeam", {"code": "WEST", "addMembers": ["AH"]})

    assert (created["team"]["code"], created["team"]["name"], members(created)) == ("EAST", "East", ["AH", "CD"])
    data = await graphql('{ salesperson(code: "AH") { teams { nodes { code } } } team(code: "west") { name } }')
    assert data == {"salesperson": {"teams": {"nodes": [{"code": "EAST"}, {"code": "WEST"}]}}, "team": {"name": ""}}


WRONG: list[tuple[str, list[str], dict[str, Any]]] = [
    ("ALREADY_EXISTS", ["code"], {"code": "east"}),
    ("VALUE_REQUIRED", ["code"], {"code": ""}),
    ("INVALID_INPUT", ["code"], {"code": "x" * 21}),
    ("INVALID_INPUT", ["name"], {"name": "x" * 51}),
    ("NOT_FOUND", ["addMembers", "1"], {"addMembers": ["AH", "NONE"]}),
    ("VALUE_REQUIRED", ["addMembers"], {"addMembers": [" "]}),
    ("INVALID_INPUT", ["addMembers"], {"addMembers": ["AH"] * 1001}),
]


async def test_11_a_team_that_cannot_be_is_refused(change: Change, refused: Refused) -> None:
    await change("createTeam", {"code": "EAST"})
    for code, path, wrong in WRONG:
        await refused(code, path, "createTeam", {"code": "WEST", **wrong})


async def test_11_salespeople_join_and_leave_a_team(change: Change, refused: Refused) -> None:
    await change("createTeam", {"code": "EAST", "name": "East", "addMembers": ["AH", "BL"]})

    changed = await change("updateTeam", {"code": "east", "addMembers": ["CD", "AH"], "removeMembers": ["BL"]}, SHOWN)
    assert members(changed) == ["AH", "CD"]
    changed = await change("updateTeam", {"code": "EAST", "removeMembers": ["BL"], "name": None}, SHOWN)
    assert (changed["team"]["name"], members(changed)) == ("", ["AH", "CD"])
    both = {"code": "EAST", "addMembers": ["BL"], "removeMembers": ["AH", "BL"]}
    await refused("INVALID_INPUT", ["removeMembers", "1"], "updateTeam", both)
    await refused("NOT_FOUND", ["removeMembers", "0"], "updateTeam", {"code": "EAST", "removeMembers": ["NONE"]})


async def test_11_a_renamed_team_keeps_its_salespeople(change: Change, refused: Refused) -> None:
    await change("createTeam", {"code": "EAST", "name": "East", "addMembers": ["AH"]})
    await change("createTeam", {"code": "WEST"})

    await refused("ALREADY_EXISTS", ["newCode"], "updateTeam", {"code": "EAST", "newCode": "west"})
    await refused("VALUE_REQUIRED", ["newCode"], "updateTeam", {"code": "EAST", "newCode": ""})
    await refused("NOT_FOUND", ["code"], "updateTeam", {"code": "NORTH", "newCode": "SOUTH"})
    renamed = await change("updateTeam", {"code": "EAST", "newCode": "north", "addMembers": ["BL"]}, SHOWN)
    assert (renamed["team"]["code"], renamed["team"]["name"]) == ("NORTH", "East")
    assert members(renamed) == ["AH", "BL"]


async def test_11_deleting_a_team_deletes_its_memberships_and_no_salesperson(
    change: Change, refused: Refused, given: Given, graphql: GraphQL
) -> None:
    for code in ("EAST", "WEST"):
        await change("createTeam", {"code": code, "addMembers": ["AH", "BL"]})

    deleted = await change("deleteTeam", {"code": "east"}, "deletedCode")

    assert deleted["deletedCode"] == "EAST"
    assert await given.all(team_member, "team", "salesperson") == [("WEST", "AH"), ("WEST", "BL")]
    assert len((await graphql("{ salespeople { nodes { code } } }"))["salespeople"]["nodes"]) == 3
    await refused("NOT_FOUND", ["code"], "deleteTeam", {"code": "EAST"})


async def test_11_a_blocked_salesperson_stays_in_the_team(change: Change) -> None:
    await change("createTeam", {"code": "EAST", "addMembers": ["AH"]})
    await change("updateSalesperson", {"code": "AH", "blocked": True})
    assert members(await change("updateTeam", {"code": "EAST", "name": "East"}, SHOWN)) == ["AH"]

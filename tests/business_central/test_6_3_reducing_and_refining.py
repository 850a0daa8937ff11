"""Reducing and refining a segment by a rule, of contacts or of entire companies."""

from typing import Any

import pytest

from server.clock import Moment
from server.store.database import Database
from tests.business_central.conftest import Change, Refused
from tests.business_central.worksheet_people import FAILS, open_worksheet, pin, standing
from tests.conftest import GraphQL

ON_LINES = ("ACME", "ANN", "ZOE", "MAX", "LONE")
COUNTS = "linesAdded linesRemoved lineCount undecidedCount"


@pytest.fixture(autouse=True)
async def _worksheet(database: Database, moment: Moment, change: Change) -> None:
    await open_worksheet(database, moment, change)


async def carry_out(change: Change, mutation: str, rule: str, **options: Any) -> dict[str, Any]:
    return await change(mutation, {"segmentNo": "S1", "rule": rule, **options}, COUNTS)


async def check_removal(
    graphql: GraphQL, change: Change, mutation: str, rule: str, left: list[str], *, entire: bool
) -> None:
    """Carry out a removal from five lines, check whom it left, and undo it."""
    payload = await carry_out(change, mutation, rule, entireCompanies=entire)
    assert await standing(graphql) == left, (rule, entire)
    assert (payload["linesAdded"], payload["linesRemoved"], payload["lineCount"]) == (0, 5 - len(left), len(left))
    await change("undoSegmentAction", {"segmentNo": "S1"})


async def test_6_3_reducing_removes_the_lines_of_whom_the_rule_selects(graphql: GraphQL, change: Change) -> None:
    """With entire companies a colleague whom the rule selects is enough, whether on the segment or not."""
    await pin(change, *ON_LINES)
    for rule, entire, left in (
        ('no == "ZOE"', False, ["ACME", "ANN", "MAX", "LONE"]),
        ('no == "ZOE"', True, ["MAX", "LONE"]),
        ('no == "XENA"', False, ["ACME", "ANN", "ZOE", "MAX", "LONE"]),
        ('no == "XENA"', True, ["MAX", "LONE"]),
        ('no == "BOLT"', True, ["ACME", "ANN", "ZOE", "LONE"]),
        ('no == "NIL"', True, ["ACME", "ANN", "ZOE", "MAX", "LONE"]),
        ('no == "LONE"', True, ["ACME", "ANN", "ZOE", "MAX"]),
        ("true", False, []),
        ("false", True, ["ACME", "ANN", "ZOE", "MAX", "LONE"]),
    ):
        await check_removal(graphql, change, "reduceSegment", rule, left, entire=entire)


async def test_6_3_refining_keeps_the_lines_of_whom_the_rule_selects(graphql: GraphQL, change: Change) -> None:
    """With entire companies a colleague whom the rule selects keeps everyone of the company."""
    await pin(change, *ON_LINES)
    for rule, entire, left in (
        ('no == "ZOE"', False, ["ZOE"]),
        ('no == "ZOE"', True, ["ACME", "ANN", "ZOE"]),
        ('no == "XENA"', False, []),
        ('no == "XENA"', True, ["ACME", "ANN", "ZOE"]),
        ('no == "BOLT"', True, ["MAX"]),
        ('no == "NIL"', True, []),
        ('no == "LONE"', True, ["LONE"]),
        ("true", False, ["ACME", "ANN", "ZOE", "MAX", "LONE"]),
        ("false", True, []),
    ):
        await check_removal(graphql, change, "refineSegment", rule, left, entire=entire)


@pytest.mark.parametrize(("mutation", "left"), [("reduceSegment", ["ZOE"]), ("refineSegment", ["ANN", "ANN"])])
async def test_6_3_every_line_of_a_contact_goes_or_stays(
    graphql: GraphQL, change: Change, mutation: str, left: list[str]
) -> None:
    await pin(change, "ANN", "ZOE", "ANN")
    await carry_out(change, mutation, 'no == "ANN"')
    assert await standing(graphql) == left


@pytest.mark.parametrize("mutation", ["reduceSegment", "refineSegment"])
async def test_6_3_nobody_is_added_by_a_removal(graphql: GraphQL, change: Change, mutation: str) -> None:
    await pin(change, "ANN")
    await carry_out(change, mutation, 'no in ["BOLT", "MAX"]', entireCompanies=True)
    assert set(await standing(graphql)) <= {"ANN"}


@pytest.mark.parametrize(
    ("mutation", "entire", "left"),
    [
        ("reduceSegment", False, ["COIL", "NIL", "OLAF"]),
        ("reduceSegment", True, ["COIL", "NIL", "OLAF"]),
        ("refineSegment", False, ["LONE", "COIL", "NIL"]),
        ("refineSegment", True, ["LONE", "COIL", "NIL", "OLAF"]),
    ],
)
async def test_6_3_a_contact_for_whom_the_rule_fails_is_never_removed_but_counted(
    graphql: GraphQL, change: Change, mutation: str, left: list[str], *, entire: bool
) -> None:
    await pin(change, "LONE", "COIL", "NIL", "OLAF")
    payload = await carry_out(change, mutation, FAILS, entireCompanies=entire)
    assert await standing(graphql) == left
    assert payload["undecidedCount"] == 2


async def test_6_3_only_whom_a_removal_asks_about_can_be_undecided(change: Change) -> None:
    """Nil, for whom the rule fails, too, is no member, but a colleague of one."""
    await pin(change, "OLAF", "COIL")
    for entire, undecided in ((False, 1), (True, 2)):
        payload = await carry_out(change, "reduceSegment", FAILS, entireCompanies=entire)
        assert payload["undecidedCount"] == undecided


@pytest.mark.parametrize("mutation", ["reduceSegment", "refineSegment"])
async def test_6_3_a_removal_is_refused_for_an_unknown_segment_another_version_or_a_wrong_rule(
    change: Change, refused: Refused, mutation: str
) -> None:
    await pin(change, "ANN")
    given = {"segmentNo": "S1", "rule": "true"}
    await refused("NOT_FOUND", ["segmentNo"], mutation, given | {"segmentNo": "S9"})
    await refused("CONFLICT", ["expectedVersion"], mutation, given | {"expectedVersion": 9})
    await refused("RULE_UNKNOWN_SYMBOL", ["rule"], mutation, given | {"rule": "nix == 1"})

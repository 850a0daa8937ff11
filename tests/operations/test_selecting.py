"""Adding, reducing and refining, each option by hand on nine contacts."""

from collections.abc import Sequence

import pytest
from sqlalchemy import update

from server.clock import Moment
from server.operations.segments.lines import add_lines
from server.operations.segments.segments import create_segment, update_segment
from server.operations.segments.selecting import (
    AddOptions,
    add_contacts,
    contacts_asked,
    reduce_segment,
    refine_segment,
)
from server.selection import decide_rule
from server.store.database import Database
from server.store.tables import contact_attribute, interaction_template, segment_line, segment_revision
from server.store.unit_of_work import UnitOfWork
from tests.operations.business_central import Person
from tests.operations.conftest import Fetch, Operation, Store
from tests.operations.worksheets import World

NO = "SM00001"
CONTACTS = [
    Person(1, "C1", "COMPANY", "Beta", "DE", 1, company=1),
    Person(2, "C2", "COMPANY", "Alpha", "FR", 1, company=2, excluded=True),
    Person(3, "P1", "PERSON", "Zoe", "DE", 1, company=1),
    Person(4, "P2", "PERSON", "Ann", "FR", 1, company=1),
    Person(5, "P3", "PERSON", "Max", "DE", 1, company=2),
    Person(6, "P4", "PERSON", "Lone", "DE", 1, company=None),
    Person(7, "P5", "PERSON", "Shy", "DE", 1, company=1, blocked=True),
    Person(8, "P6", "PERSON", "Out", "DE", 1, company=1, excluded=True),
    Person(9, "C3", "COMPANY", "Beta", "CH", 0, company=9),
    Person(10, "P7", "PERSON", "Nil", "CH", 0, company=9),
    Person(11, "P8", "PERSON", "One", "CH", 3, company=9),
]
GERMAN = 'country == "DE"'


@pytest.fixture
async def world(database: Database, moment: Moment) -> World:
    world = World(database, moment, CONTACTS)
    await world.begin()
    return world


async def stand(world: World, ids: Sequence[int]) -> None:
    """Put contacts on the segment one by one."""
    await world.run(add_lines, NO, [world.contacts[id_ - 1].no for id_ in ids], allow_existing_contacts=True)


async def standing(world: World) -> list[int]:
    return [line.contact for line in await world.lines()]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((), [6, 5, 3]),
        (("allow_existing_contacts",), [6, 5, 1, 3]),
        (("expand_companies",), [6, 5, 4, 3]),
        (("allow_company_with_persons",), [6, 5, 3]),
        (("ignore_exclusion",), [6, 5, 8, 3]),
        (("allow_existing_contacts", "expand_companies"), [6, 5, 1, 4, 3]),
        (("allow_existing_contacts", "allow_company_with_persons"), [6, 5, 1, 3]),
        (("allow_existing_contacts", "ignore_exclusion"), [6, 5, 1, 8, 3]),
        (("expand_companies", "allow_company_with_persons"), [6, 5, 4, 3]),
        (("expand_companies", "ignore_exclusion"), [6, 2, 5, 4, 8, 3]),
        (("allow_company_with_persons", "ignore_exclusion"), [6, 2, 5, 8, 3]),
    ],
)
async def test_add_with_each_option_and_each_pair(world: World, given: tuple[str, ...], expected: list[int]) -> None:
    await stand(world, [1])
    options = AddOptions(**dict.fromkeys(given, True))
    result = await world.run(add_contacts, NO, await world.decide(GERMAN), options)
    lines = await world.lines()
    assert [line.contact for line in lines] == [1, *expected]
    assert [line.no for line in lines] == [10 * place for place in range(1, len(expected) + 2)]
    assert (result.lines_added, result.lines_removed, result.line_count) == (len(expected), 0, len(expected) + 1)


async def test_blocked_contacts_are_added_when_privacy_is_not_to_be_looked_at(world: World) -> None:
    options = AddOptions(skip_privacy_blocked=False)
    await world.run(add_contacts, NO, await world.decide(GERMAN), options)
    assert await standing(world) == [6, 5, 1, 7, 3]


async def test_companies_of_one_name_are_ordered_by_number_and_companies_come_before_their_persons(
    world: World,
) -> None:
    await world.run(add_contacts, NO, await world.decide("true"), AddOptions(ignore_exclusion=True))
    assert await standing(world) == [6, 2, 5, 1, 4, 8, 3, 9, 10, 11]


@pytest.mark.parametrize(
    ("rule", "entire", "left"),
    [
        ('name == "Zoe"', False, [1, 4, 5, 6]),
        ('name == "Zoe"', True, [5, 6]),
        ('name == "Shy"', False, [1, 3, 4, 5, 6]),
        ('name == "Shy"', True, [5, 6]),
        ('name == "Alpha"', True, [1, 3, 4, 6]),
        ('name == "Lone"', True, [1, 3, 4, 5]),
        ("true", False, []),
        ("false", True, [1, 3, 4, 5, 6]),
    ],
)
async def test_reduce(world: World, rule: str, left: list[int], *, entire: bool) -> None:
    await stand(world, [1, 3, 4, 5, 6])
    result = await world.run(reduce_segment, NO, await world.decide(rule), entire_companies=entire)
    assert await standing(world) == left
    assert (result.lines_added, result.lines_removed, result.line_count) == (0, 5 - len(left), len(left))


@pytest.mark.parametrize(
    ("rule", "entire", "left"),
    [
        ('name == "Zoe"', False, [3]),
        ('name == "Zoe"', True, [1, 3, 4]),
        ('name == "Shy"', True, [1, 3, 4]),
        ('name == "Alpha"', True, [5]),
        ('name == "Lone"', True, [6]),
        ("true", False, [1, 3, 4, 5, 6]),
        ("false", True, []),
    ],
)
async def test_refine(world: World, rule: str, left: list[int], *, entire: bool) -> None:
    await stand(world, [1, 3, 4, 5, 6])
    result = await world.run(refine_segment, NO, await world.decide(rule), entire_companies=entire)
    assert await standing(world) == left
    assert (result.lines_removed, result.line_count) == (5 - len(left), len(left))


FAILS = "6 / attributes.divisor > 2"
"""Holds for divisor 1, fails for 0 (contacts 9 and 10), and is false for 3 (contact 11)."""


@pytest.mark.parametrize(
    ("operation", "entire", "left", "undecided"),
    [
        (reduce_segment, False, [9, 10, 11], 2),
        (reduce_segment, True, [9, 10, 11], 2),
        (refine_segment, False, [1, 6, 9, 10], 2),
        (refine_segment, True, [1, 6, 9, 10, 11], 2),
    ],
)
async def test_a_rule_that_fails_for_a_contact_never_removes_it(
    world: World, operation: Operation, left: list[int], undecided: int, *, entire: bool
) -> None:
    await stand(world, [1, 6, 9, 10, 11])
    result = await world.run(operation, NO, await world.decide(FAILS), entire_companies=entire)
    assert await standing(world) == left
    assert result.undecided_count == undecided


async def test_a_rule_that_fails_for_a_contact_never_adds_it(world: World, fetch: Fetch) -> None:
    result = await world.run(add_contacts, NO, await world.decide(FAILS))
    assert await standing(world) == [6, 5, 1, 4, 3]
    assert result.undecided_count == 2
    assert [row.undecided_count for row in await fetch(segment_revision)] == [2]


async def test_whom_a_removal_asks_about_is_all_that_has_to_be_decided(world: World) -> None:
    await stand(world, [1, 11])
    for entire, undecided in ((False, ()), (True, (9, 10))):
        async with world.database.read() as connection:
            decided = await decide_rule(
                connection,
                FAILS,
                world.moment,
                residual_rows=10,
                among=contacts_asked("sm00001 ", entire_companies=entire),
            )
        assert tuple(sorted(decided.undecided_ids)) == undecided


async def make_every_divisor_one(work: UnitOfWork) -> None:
    await work.connection.execute(update(contact_attribute).values(number_value=1))
    work.record("contact_attribute", row_count=11)


async def test_a_rule_is_decided_again_when_contacts_changed_meanwhile(world: World) -> None:
    await stand(world, [9, 11])
    decided = await world.decide(FAILS)
    await world.run(make_every_divisor_one)
    result = await world.run(refine_segment, NO, decided)
    assert (result.lines_removed, result.undecided_count) == (0, 0)


async def test_an_action_that_changes_nothing_is_an_action(world: World, fetch: Fetch) -> None:
    result = await world.run(add_contacts, NO, await world.decide("false"))
    assert (result.revision, result.line_count) == (1, 0)
    (row,) = await fetch(segment_revision)
    assert (row.kind, row.rule, row.language_version, row.actor) == ("ADD", "false", "5.1", "ann")
    assert row.options == {
        "allow_existing_contacts": False,
        "expand_companies": False,
        "allow_company_with_persons": False,
        "ignore_exclusion": False,
        "skip_privacy_blocked": True,
    }


@pytest.mark.parametrize(
    ("header", "template", "expected"),
    [
        ({}, {"correspondence_type": None}, [None, "EMAIL", "HARD_COPY"]),
        ({}, {"correspondence_type": "EMAIL"}, ["EMAIL", "EMAIL", "HARD_COPY"]),
        ({}, {"correspondence_type": "EMAIL", "ignore_contact_correspondence": True}, ["EMAIL"] * 3),
        ({}, {"correspondence_type": None, "ignore_contact_correspondence": True}, [None] * 3),
        (
            {"correspondence_type": "HARD_COPY", "ignore_contact_correspondence": True},
            {"correspondence_type": "EMAIL", "ignore_contact_correspondence": True},
            ["HARD_COPY"] * 3,
        ),
        (
            {"correspondence_type": None, "ignore_contact_correspondence": True},
            {"correspondence_type": "EMAIL"},
            ["EMAIL", "EMAIL", "HARD_COPY"],
        ),
        ({"template": None}, {}, [None, "EMAIL", "HARD_COPY"]),
    ],
)
async def test_how_a_line_is_sent(
    world: World,
    store: Store,
    header: dict[str, object],
    template: dict[str, object],
    expected: list[str | None],
) -> None:
    await store(interaction_template, {"code": "T", **template})
    await world.run(create_segment, {"no": "X", "template": "T"})
    await world.run(update_segment, "X", header)
    await world.run(add_lines, "X", ["P1", "P2", "P3"])
    rows = {row.contact_id % 3: row.correspondence_type for row in await world.line_rows("X")}
    assert [rows[0], rows[1], rows[2]] == expected


async def test_what_a_line_notes_of_its_contact(world: World, fetch: Fetch) -> None:
    await stand(world, [3, 4])
    await world.run(update_segment, NO, {"language": "FRA", "salesperson": "BD"}, update_lines=False)
    await stand(world, [5])
    rows = await world.line_rows()
    assert [(row.salesperson, row.language) for row in rows] == [("AH", None), ("BD", None), ("BD", "FRA")]
    noted = await fetch(segment_line)
    assert [row.salesperson for row in noted] == ["AH", "BD", "AH"]
    assert [row.defaults_no for row in noted] == [1, 1, 2]

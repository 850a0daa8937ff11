"""However many codes, salespeople and greetings are shown: the number of statements is the same."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert

from server.clock import Moment
from server.store import tables
from server.store.database import Database
from tests.conftest import GraphQL

MANY = 40
CODES = """query ($first: Int!) {
  mailingGroups(first: $first) { nodes { contactCount } }
  salutations(first: $first) { nodes { contactCount formulas { text } } }
  salespeople(first: $first) { nodes { statistics { interactionCount } teams { totalCount nodes { code } } } }
  teams(first: $first) { nodes { members { nodes { code } } } }
  contacts(first: $first) { nodes {
    salutationText informal: salutationText(type: INFORMAL) mailingGroups { contactCount } } } }"""


@pytest.fixture(autouse=True)
async def codes(database: Database, moment: Moment) -> None:
    """Each of many contacts is in all mailing groups up to its own and has a salutation of its own."""
    numbers = range(1, MANY + 1)
    stamps = {"created_at": moment.now, "modified_at": moment.now}
    people = [
        {"id": n, "no": f"C{n:02}", "type": "PERSON", "salutation": f"S{n:02}", "surname": f"Name {n}", **stamps}
        for n in numbers
    ]
    formulas = [
        {"salutation": f"S{n:02}", "language": "", "type": kind, "text": f"{kind[0]}{n} %1", "name_1": "SURNAME"}
        for n in numbers
        for kind in ("FORMAL", "INFORMAL")
    ]
    rows: list[tuple[Any, list[dict[str, Any]]]] = [
        (tables.mailing_group, [{"code": f"G{n:02}"} for n in numbers]),
        (tables.salutation, [{"code": f"S{n:02}"} for n in numbers]),
        (tables.salutation_formula, formulas),
        (tables.salesperson, [{"code": f"P{n:02}"} for n in numbers]),
        (tables.team, [{"code": f"T{n:02}"} for n in numbers]),
        (tables.team_member, [{"team": f"T{n:02}", "salesperson": f"P{n:02}"} for n in numbers]),
        (tables.contact, people),
        (
            tables.contact_mailing_group,
            [{"contact_id": n, "code": f"G{m:02}"} for n in numbers for m in range(1, n + 1)],
        ),
    ]
    async with database.write(actor="test", operation="test", moment=moment) as work:
        for table, values in rows:
            await work.connection.execute(insert(table), values)


async def test_codes_are_shown_with_as_many_statements_for_many_as_for_few(
    graphql: GraphQL, statements: Callable[[], list[str]]
) -> None:
    statements()
    await graphql(CODES, {"first": 2})
    for_few = statements()
    data = await graphql(CODES, {"first": MANY})
    for_many = statements()

    assert len(for_few) == len(for_many) < 25
    assert [node["contactCount"] for node in data["mailingGroups"]["nodes"]] == [*range(MANY, 0, -1)]
    greeted = [(node["salutationText"], node["informal"]) for node in data["contacts"]["nodes"]]
    assert greeted == [(f"F{n} Name {n}", f"I{n} Name {n}") for n in range(1, MANY + 1)]
    assert [len(node["mailingGroups"]) for node in data["contacts"]["nodes"]] == [*range(1, MANY + 1)]
    assert [node["teams"]["nodes"] for node in data["salespeople"]["nodes"]] == [
        [{"code": f"T{n:02}"}] for n in range(1, MANY + 1)
    ]

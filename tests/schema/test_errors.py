"""Errors as clients see them: codes, places, and nothing of our inside."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from graphql import get_introspection_query
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import ErrorCode
from server.schema.limits import LIMITS
from server.store.database import Database
from server.store.tables import salesperson
from tests.conftest import GraphQL

SECRET = "the password is swordfish"


async def test_a_bug_is_masked_and_logged_under_its_id(
    graphql: GraphQL, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    @asynccontextmanager
    async def broken(_: Database) -> AsyncIterator[AsyncConnection]:
        raise RuntimeError(SECRET)
        yield

    monkeypatch.setattr(Database, "read", broken)
    with caplog.at_level(logging.ERROR):
        body = await graphql('{ contacts { totalCount } checkRule(rule: "true") { valid } }', expect_errors=True)

    assert body["data"] is None
    assert SECRET not in str(body)
    for error in body["errors"]:
        assert error["extensions"]["code"] == "INTERNAL"
        assert error["extensions"]["errorId"] in error["message"]
        assert error["extensions"]["errorId"] in caplog.text
    assert SECRET in caplog.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL's column refuses the value
async def test_a_value_that_does_not_fit_the_schema_is_masked(
    graphql: GraphQL, database: Database, moment: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async with database.write(actor="x", operation="x", moment=moment) as work:
        await work.connection.execute(insert(salesperson).values(code="BIG", version=2**31 - 1))
    assert (await graphql("{ salespeople { nodes { version } } }"))["salespeople"]["nodes"] == [{"version": 2**31 - 1}]
    async with database.write(actor="x", operation="x", moment=moment) as work:
        await work.connection.execute(insert(salesperson).values(code="TOO", version=2**31))

    body = await graphql("{ salespeople { nodes { version } } }", expect_errors=True)

    (error,) = body["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert str(2**31) not in str(body)
    assert error["extensions"]["errorId"] in caplog.text


WRONG_DOCUMENTS = [
    ("{ contacts", "GRAPHQL_SYNTAX"),
    ("{ contacts { totalCount } } }", "GRAPHQL_SYNTAX"),
    ("{ contcts { totalCount } }", "GRAPHQL_VALIDATION"),
    ("query ($n: Int!) { contacts(first: $n) { totalCount } }", "GRAPHQL_VALIDATION"),
    ('{ loggedSegment(entryNo: "x") { id } }', "GRAPHQL_VALIDATION"),
    ("{ loggedSegment(entryNo: 99999999999) { id } }", "GRAPHQL_VALIDATION"),
    ("{ contacts(orderBy: {field: SHOE_SIZE}) { totalCount } }", "GRAPHQL_VALIDATION"),
    ("fragment A on Query { ...B } fragment B on Query { ...A } { ...A }", "GRAPHQL_VALIDATION"),
]


async def test_wrong_documents_keep_their_message(graphql: GraphQL) -> None:
    for query, code in WRONG_DOCUMENTS:
        body = await graphql(query, expect_errors=True)

        assert {error["extensions"]["code"] for error in body["errors"]} == {code}, query
        assert all("errorId" not in error["extensions"] for error in body["errors"])


def dag(levels: int) -> str:
    """Return a short document whose fragments double the work with every level."""
    spread = "".join(f"fragment F{level} on Contact {{ ...F{level + 1} ...F{level + 1} }} " for level in range(levels))
    return f"{{ contacts {{ nodes {{ ...F0 }} }} }} {spread} fragment F{levels} on Contact {{ no }}"


NESTED_DEEP = '{ contact(no: "1") { ' + "company { " * 30 + "no" + " }" * 30 + " } }"
TOO_LARGE = {
    "depth": NESTED_DEEP,
    "fragments": dag(22),
    "more fragments": dag(110),
    "aliases": "{ " + " ".join(f"a{n}: __typename" for n in range(1_000)) + " }",
    "fields": "{ " + "__typename " * 4_000 + " }",
    "directives": "{ __typename " + "@skip(if: false) " * 1_000 + " }",
    "nesting": "{ " + "... { " * 100 + "__typename" + " }" * 100 + " }",
}


async def test_a_document_that_is_too_large_is_refused(graphql: GraphQL) -> None:
    for name, query in [*TOO_LARGE.items(), *TOO_LARGE.items()]:
        body = await graphql(query, expect_errors=True)

        assert {error["extensions"]["code"] for error in body["errors"]} == {"LIMIT_EXCEEDED"}, name


async def test_a_document_that_the_parser_gives_up_is_refused(graphql: GraphQL) -> None:
    for query in ("{ " + "a { " * 5_000 + "b" + " }" * 5_000 + " }", "{ " + "__typename " * 20_000 + "}"):
        body = await graphql(query, expect_errors=True)

        assert {error["extensions"]["code"] for error in body["errors"]} == {"GRAPHQL_SYNTAX"}


async def test_the_introspection_of_graphiql_is_within_the_limits(graphql: GraphQL) -> None:
    options: dict[str, Any] = {"descriptions": True, "specified_by_url": True, "input_value_deprecation": True}

    data = await graphql(get_introspection_query(**options))

    assert {"Query", "Contact"} <= {kind["name"] for kind in data["__schema"]["types"]}
    assert LIMITS.depth >= 15


async def test_an_error_of_the_same_document_is_the_same_twice(graphql: GraphQL) -> None:
    query = "query ($first: Int) { contacts(first: $first) { nodes { no } } }"

    first = await graphql(query, {"first": 500}, expect_errors=True)
    good = await graphql(query, {"first": 1})
    second = await graphql(query, {"first": 500}, expect_errors=True)

    assert first == second
    assert good == {"contacts": {"nodes": []}}


async def test_variables_of_the_wrong_type_are_refused_with_a_code(graphql: GraphQL) -> None:
    query = """query ($order: ContactOrder, $from: Date) {
      contacts(orderBy: $order) { totalCount } interactions(filter: {onFrom: $from}) { totalCount } }"""
    wrong_variables: list[dict[str, Any]] = [
        {"order": {"field": "NOPE"}},
        {"order": []},
        {"from": "2026-02-30"},
        {"from": 5},
        {"from": "20260201"},
    ]
    for wrong in wrong_variables:
        body = await graphql(query, wrong, expect_errors=True)
        assert {error["extensions"]["code"] for error in body["errors"]} == {"GRAPHQL_VALIDATION"}, wrong


async def test_every_code_is_in_the_schema(graphql: GraphQL) -> None:
    data = await graphql('{ __type(name: "ErrorCode") { enumValues { name description } } }')

    assert [value["name"] for value in data["__type"]["enumValues"]] == [code.value for code in ErrorCode]


async def test_a_failing_read_leaves_the_server_well(http: httpx2.AsyncClient) -> None:
    wrong = {
        "query": '{ a: contacts(rule: "x x") { totalCount } b: contacts { totalCount } salespeople { totalCount } }'
    }
    for _ in range(10):
        response = await http.post("/graphql", json=wrong)
        assert response.json()["errors"][0]["extensions"]["code"] == "RULE_SYNTAX"

    response = await http.post("/graphql", json={"query": "{ contacts { totalCount } }"})

    assert response.json() == {"data": {"contacts": {"totalCount": 0}}}


async def test_one_of_several_operations_must_be_named(http: httpx2.AsyncClient) -> None:
    query = "query A { contacts { totalCount } } query B { segments { totalCount } }"
    answers = [
        (await http.post("/graphql", json={"query": query, "operationName": name})).json() for name in (None, "B", None)
    ]

    assert [error["extensions"]["code"] for error in answers[0]["errors"]] == ["GRAPHQL_VALIDATION"]
    assert "operationName" in answers[0]["errors"][0]["message"]
    assert answers[1]["data"] == {"segments": {"totalCount": 0}}
    assert answers[2] == answers[0]

from typing import Any

import pytest
from sqlalchemy import select

from server.store.database import Database
from server.store.tables import change, contact, metadata
from tests.conftest import GraphQL

CREATE = """mutation($input: CreateContactInput!) { createContact(input: $input) {
  contact { id no type name companyNo version email country salesperson { code } mailingGroups { code }
    attributes { name value isDefault textValue numberValue booleanValue dateValue dateTimeValue } }
  userErrors { code message path currentVersion } } }"""
UPDATE = CREATE.replace("createContact", "updateContact").replace("CreateContactInput", "UpdateContactInput")
DELETE = """mutation($input: DeleteContactInput!) { deleteContact(input: $input) {
  deletedId deletedNo userErrors { code path currentVersion } } }"""
ATTRIBUTE = """mutation($input: CreateAttributeInput!) { createAttribute(input: $input) {
  attribute { name type description defaultValue } userErrors { code path } } }"""


async def everything(database: Database) -> dict[str, Any]:
    async with database.read() as connection:
        return {table.name: (await connection.execute(select(table))).all() for table in metadata.sorted_tables}


async def test_a_contact_is_created_changed_and_deleted(graphql: GraphQL, database: Database) -> None:
    await graphql('mutation { createMailingGroup(input: {code: "news"}) { mailingGroup { code } } }')
    values = {"name": "Acme", "email": "info@acme.test", "country": "de", "addMailingGroups": ["NEWS"]}
    created = (await graphql(CREATE, {"input": values}))["createContact"]
    assert created["userErrors"] == []
    acme = created["contact"]
    assert (acme["no"], acme["type"], acme["companyNo"], acme["version"]) == ("CT000001", "COMPANY", "CT000001", 1)
    assert (acme["country"], acme["mailingGroups"]) == ("DE", [{"code": "NEWS"}])
    person = {"type": "PERSON", "companyNo": "CT000001", "name": "Ann Berg"}
    ann = (await graphql(CREATE, {"input": person}))["createContact"]["contact"]
    assert (ann["email"], ann["country"], ann["companyNo"]) == ("info@acme.test", "DE", "CT000001")

    changes = {"no": "ct000001", "name": None, "removeMailingGroups": ["NEWS"], "expectedVersion": 1}
    changed = (await graphql(UPDATE, {"input": changes}))["updateContact"]["contact"]
    assert (changed["name"], changed["email"], changed["version"]) == ("", "info@acme.test", 2)
    assert changed["mailingGroups"] == []

    deleted = (await graphql(DELETE, {"input": {"no": "ct000001", "expectedVersion": 2}}))["deleteContact"]
    assert deleted == {"deletedId": acme["id"], "deletedNo": "CT000001", "userErrors": []}
    assert (await graphql("{ contacts { totalCount } }"))["contacts"]["totalCount"] == 0
    async with database.read() as connection:
        operations = (await connection.scalars(select(change.c.operation).order_by(change.c.seq))).all()
    expected = ["createMailingGroup", "createContact", "createContact", "updateContact", "updateContact"]
    assert operations[:4] == expected[:4]
    assert operations[-1] == "deleteContact"


async def test_a_refused_mutation_says_why_and_changes_nothing(graphql: GraphQL, database: Database) -> None:
    await graphql(CREATE, {"input": {"no": "ACME", "name": "Acme"}})
    before = await everything(database)
    cases: list[tuple[str, dict[str, Any], str, list[str]]] = [
        (CREATE, {"no": "acme"}, "ALREADY_EXISTS", ["input", "no"]),
        (CREATE, {"email": "a@b.test, c@d.test"}, "INVALID_INPUT", ["input", "email"]),
        (CREATE, {"address2": "x" * 51}, "INVALID_INPUT", ["input", "address2"]),
        (CREATE, {"type": "PERSON", "companyNo": "NONE"}, "NOT_FOUND", ["input", "companyNo"]),
        (CREATE, {"addMailingGroups": ["NONE"]}, "NOT_FOUND", ["input", "addMailingGroups", "0"]),
        (CREATE, {"attributes": [{"name": "tier", "textValue": "gold"}]}, "NOT_FOUND", ["input", "attributes", "0"]),
        (UPDATE, {"no": "ACME", "type": None}, "VALUE_REQUIRED", ["input", "type"]),
        (UPDATE, {"no": "NONE"}, "NOT_FOUND", ["input", "no"]),
        (UPDATE, {"no": "ACME", "name": "B", "expectedVersion": 0}, "CONFLICT", ["input", "expectedVersion"]),
    ]
    for document, values, code, path in cases:
        ((name, answer),) = (await graphql(document, {"input": values})).items()
        (error,) = answer["userErrors"]
        assert (error["code"], error["path"], answer["contact"]) == (code, path, None), (name, error)
        assert error["message"]
        assert error["currentVersion"] == (1 if code == "CONFLICT" else None)
    answer = (await graphql(DELETE, {"input": {"no": "ACME", "expectedVersion": 7}}))["deleteContact"]
    assert (answer["deletedId"], answer["deletedNo"], answer["userErrors"][0]["currentVersion"]) == (None, None, 1)
    assert await everything(database) == before


@pytest.mark.parametrize(
    ("kind", "field", "value", "text"),
    [
        ("TEXT", "textValue", "gold", "gold"),
        ("NUMBER", "numberValue", "-12.5", "-12.5"),
        ("BOOLEAN", "booleanValue", False, "false"),
        ("DATE", "dateValue", "2026-02-28", "2026-02-28"),
        ("DATETIME", "dateTimeValue", "2026-02-28T12:30:00Z", "2026-02-28T12:30:00Z"),
    ],
)
async def test_custom_attributes(graphql: GraphQL, kind: str, field: str, value: Any, text: str) -> None:
    definition = {"name": "tier", "type": kind, "description": "T", "defaultValue": text}
    made = (await graphql(ATTRIBUTE, {"input": definition}))["createAttribute"]
    assert made == {"attribute": definition, "userErrors": []}
    answer = (await graphql(CREATE, {"input": {"no": "C1"}}))["createContact"]["contact"]
    assert [(known["isDefault"], known["value"], known[field]) for known in answer["attributes"]] == [
        (True, text, value)
    ]
    set_it = {"no": "C1", "attributes": [{"name": "tier", field: value}]}
    answer = (await graphql(UPDATE, {"input": set_it}))["updateContact"]["contact"]
    assert [(known["isDefault"], known[field]) for known in answer["attributes"]] == [(False, value)]
    clear_it = {"no": "C1", "attributes": [{"name": "tier", field: None}]}
    answer = (await graphql(UPDATE, {"input": clear_it}))["updateContact"]["contact"]
    assert [known["isDefault"] for known in answer["attributes"]] == [True]


async def test_wrong_attributes_are_refused(graphql: GraphQL, database: Database) -> None:
    await graphql(ATTRIBUTE, {"input": {"name": "tier", "type": "TEXT"}})
    before = await everything(database)
    for definition, path in (
        ({"name": "Tier", "type": "TEXT"}, "name"),
        ({"name": "age", "type": "NUMBER", "defaultValue": "1e900000"}, "defaultValue"),
        ({"name": "born", "type": "DATE", "defaultValue": "2026-02-30"}, "defaultValue"),
        ({"name": "born", "type": "DATE", "description": "x" * 251}, "description"),
    ):
        answer = (await graphql(ATTRIBUTE, {"input": definition}))["createAttribute"]
        assert answer == {"attribute": None, "userErrors": [{"code": "INVALID_INPUT", "path": ["input", path]}]}
    for given, step in (
        ([{"name": "tier", "numberValue": 1}], "0"),
        ([{"name": "tier", "textValue": "a"}, {"name": "none", "textValue": "a"}], "1"),
        ([{"name": "tier", "textValue": "a", "numberValue": 1}], "0"),
        ([{"name": "tier", "textValue": "a"}, {"name": "tier", "textValue": "b"}], "1"),
    ):
        answer = (await graphql(CREATE, {"input": {"attributes": given}}))["createContact"]
        assert answer["userErrors"][0]["path"] == ["input", "attributes", step]
    assert await everything(database) == before


async def test_a_hostile_number_stops_before_the_operation(graphql: GraphQL, database: Database) -> None:
    await graphql(ATTRIBUTE, {"input": {"name": "age", "type": "NUMBER"}})
    before = await everything(database)
    for number in ("1e900000", "NaN", "9" * 40, "0.12345", 1.5, True, 10**13):
        variables = {"input": {"attributes": [{"name": "age", "numberValue": number}]}}
        body = await graphql(CREATE, variables, expect_errors=True)
        assert body["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION"
    assert await everything(database) == before
    async with database.read() as connection:
        assert (await connection.scalars(select(contact.c.id))).all() == []

"""Who acts: the header of a request, and what is set up for the name in it."""

from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from server.store.database import Database
from server.store.tables import change as change_log
from tests.business_central.conftest import Change, Refused, document
from tests.conftest import GraphQL

USER = "user { name fullName email salesperson { code } }"
ANN = {"name": "ann", "fullName": "Ann Harper", "email": "ann@cronus.example", "salesperson": "AH"}
SHOWN = {**ANN, "salesperson": {"code": "AH"}}


@pytest.fixture(autouse=True)
async def _salespeople(change: Change) -> None:
    await change("createSalesperson", {"code": "AH"})
    await change("createSalesperson", {"code": "GONE", "blocked": True})


async def ask(http: httpx2.AsyncClient, user: str, query: str, variables: dict[str, Any] | None = None) -> Any:
    """Return the data of a request in which ``user`` acts."""
    request = {"query": query, "variables": variables or {}}
    response = await http.post("/graphql", json=request, headers={"Tessera-User": user})
    body = response.json()
    assert "errors" not in body, body
    return body["data"]


async def log(database: Database) -> list[tuple[str, str]]:
    """Return who changed what, in order."""
    async with database.read() as connection:
        rows = await connection.execute(select(change_log.c.actor, change_log.c.object).order_by(change_log.c.seq))
        return [(row.actor, row.object) for row in rows]


async def test_1_a_user_is_set_up(change: Change, graphql: GraphQL) -> None:
    assert (await change("createUser", ANN, USER))["user"] == SHOWN
    await change("createUser", {"name": "Ann"})
    blank = {"name": "Ann", "fullName": "", "email": "", "salesperson": None}
    fields = USER.removeprefix("user ")
    data = await graphql(
        f'{{ users {{ nodes {fields} }} ann: user(name: " ann ") {fields} nobody: user(name: "AH") {{ name }} }}'
    )
    assert data == {"users": {"nodes": [blank, SHOWN]}, "ann": SHOWN, "nobody": None}


@pytest.mark.parametrize(
    ("code", "field", "values"),
    [
        ("VALUE_REQUIRED", "name", {"name": " "}),
        ("ALREADY_EXISTS", "name", {"name": " ann "}),
        ("INVALID_INPUT", "name", {"name": "a" * 51}),
        ("INVALID_INPUT", "name", {"name": "Zoë"}),
        ("INVALID_INPUT", "name", {"name": "a\tb"}),
        ("INVALID_INPUT", "fullName", {"name": "b", "fullName": "b" * 81}),
        ("INVALID_INPUT", "email", {"name": "b", "email": "b"}),
        ("NOT_FOUND", "salesperson", {"name": "b", "salesperson": "NONE"}),
        ("SALESPERSON_BLOCKED", "salesperson", {"name": "b", "salesperson": "GONE"}),
    ],
)
async def test_1_a_user_that_cannot_be_is_refused(
    change: Change, refused: Refused, code: str, field: str, values: dict[str, Any]
) -> None:
    await change("createUser", ANN)
    await refused(code, [field], "createUser", values)


async def test_1_a_user_can_be_changed_and_renamed(change: Change, refused: Refused) -> None:
    await change("createUser", ANN)
    changed = await change("updateUser", {"name": "ann", "salesperson": None, "fullName": "Ann H."}, USER)
    assert changed["user"] == {**SHOWN, "fullName": "Ann H.", "salesperson": None}
    renamed = await change("updateUser", {"name": "ann", "newName": "ann@cronus"}, USER)
    assert renamed["user"] == {**changed["user"], "name": "ann@cronus"}
    await change("createUser", {"name": "bob"})
    await refused("NOT_FOUND", ["name"], "updateUser", {"name": "ann"})
    await refused("ALREADY_EXISTS", ["newName"], "updateUser", {"name": "bob", "newName": "ann@cronus"})
    await refused("INVALID_INPUT", ["newName"], "updateUser", {"name": "bob", "newName": "b" * 51})
    await refused("VALUE_REQUIRED", ["newName"], "updateUser", {"name": "bob", "newName": ""})
    await refused("SALESPERSON_BLOCKED", ["salesperson"], "updateUser", {"name": "bob", "salesperson": "GONE"})


async def test_1_the_log_keeps_the_name_of_a_user_that_is_deleted(
    change: Change, refused: Refused, http: httpx2.AsyncClient, database: Database
) -> None:
    await change("createUser", ANN)
    await ask(http, "ann", document("createMailingGroup", ""), {"input": {"code": "NEWS"}})
    deleted = await change("deleteUser", {"name": "ann"}, "deletedId")
    assert (await ask(http, "ann", "query ($id: ID!) { node(id: $id) { id } }", {"id": deleted["deletedId"]}))[
        "node"
    ] is None
    await refused("NOT_FOUND", ["name"], "deleteUser", {"name": "ann"})
    assert (await log(database))[-3:] == [
        ("anonymous", "user_setup"),
        ("ann", "mailing_group"),
        ("anonymous", "user_setup"),
    ]


async def test_1_a_request_says_who_acts(change: Change, http: httpx2.AsyncClient, database: Database) -> None:
    await change("createUser", ANN)
    viewer = "{ viewer { name user { fullName salesperson { code } } } }"
    known = {"name": "ann", "user": {"fullName": "Ann Harper", "salesperson": {"code": "AH"}}}
    assert await ask(http, " ann ", viewer) == {"viewer": known}
    assert await ask(http, "Ann", viewer) == {"viewer": {"name": "Ann", "user": None}}
    assert await ask(http, "", viewer) == {"viewer": {"name": "anonymous", "user": None}}
    await ask(http, "ann", document("createMailingGroup", ""), {"input": {"code": "NEWS"}})
    assert (await log(database))[-1] == ("ann", "mailing_group")


async def test_1_a_new_contact_gets_the_salesperson_of_its_user_unless_blocked(
    change: Change, http: httpx2.AsyncClient
) -> None:
    await change("createUser", ANN)
    create = document("createContact", "contact { salesperson { code } }")
    made = await ask(http, "ann", create, {"input": {"name": "First"}})
    assert made["createContact"]["contact"] == {"salesperson": {"code": "AH"}}
    made = await ask(http, "bob", create, {"input": {"name": "Somebody else's"}})
    assert made["createContact"]["contact"] == {"salesperson": None}
    await change("updateSalesperson", {"code": "AH", "blocked": True})
    made = await ask(http, "ann", create, {"input": {"name": "Second"}})
    assert made["createContact"] == {"contact": {"salesperson": None}, "userErrors": []}

"""Salespeople: who they are, what keeps them from being assigned or deleted, and what they did."""

from datetime import date
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from server.store.tables import interaction_log_entry
from tests.business_central.conftest import Change, Refused, document
from tests.business_central.given_contacts import Given
from tests.conftest import GraphQL

ALL = "code name email phone jobTitle blocked privacyBlocked version"
ANN = {
    "code": "AH",
    "name": "Ann Hill",
    "email": "ann@a.test",
    "phone": "+49 (30) 1",
    "jobTitle": "Head",
    "blocked": False,
    "privacyBlocked": False,
}


async def shown(graphql: GraphQL, code: str, fields: str = ALL) -> Any:
    data = await graphql(f"query ($code: String!) {{ salesperson(code: $code) {{ {fields} }} }}", {"code": code})
    return data["salesperson"]


async def test_11_a_salesperson_has_code_name_addresses_and_job_title(change: Change, graphql: GraphQL) -> None:
    created = await change("createSalesperson", {**ANN, "code": " ah "}, f"salesperson {{ {ALL} }}")
    await change("createSalesperson", {"code": "B" * 20})

    assert created["salesperson"] == {**ANN, "version": 1}
    blank = {"name": "", "email": "", "phone": "", "jobTitle": "", "blocked": False, "privacyBlocked": False}
    assert await shown(graphql, "b" * 20) == {"code": "B" * 20, **blank, "version": 1}
    assert await shown(graphql, "nobody") is None


WRONG = [
    ("name", "x" * 51),
    ("email", "nobody"),
    ("email", "a@b.test, c@d.test"),
    ("phone", "call me"),
    ("jobTitle", "x" * 31),
]


async def test_11_a_salesperson_that_cannot_be_is_refused(change: Change, refused: Refused) -> None:
    await change("createSalesperson", ANN)
    for field, value in WRONG:
        await refused("INVALID_INPUT", [field], "createSalesperson", {"code": "BB", field: value})
        await refused("INVALID_INPUT", [field], "updateSalesperson", {"code": "AH", "newCode": "BB", field: value})


async def test_11_the_code_of_a_salesperson_is_unique_and_not_blank(change: Change, refused: Refused) -> None:
    for code in ("AH", "BL"):
        await change("createSalesperson", {"code": code})
    await refused("ALREADY_EXISTS", ["code"], "createSalesperson", {"code": "ah"})
    await refused("VALUE_REQUIRED", ["code"], "createSalesperson", {"code": ""})
    await refused("INVALID_INPUT", ["code"], "createSalesperson", {"code": "C" * 21})
    await refused("ALREADY_EXISTS", ["newCode"], "updateSalesperson", {"code": "AH", "newCode": "bl"})
    await refused("VALUE_REQUIRED", ["newCode"], "updateSalesperson", {"code": "AH", "newCode": " "})
    for mutation in ("updateSalesperson", "deleteSalesperson"):
        await refused("NOT_FOUND", ["code"], mutation, {"code": "CC"})


async def test_11_a_change_of_a_salesperson_leaves_the_rest_as_it_is(change: Change, graphql: GraphQL) -> None:
    await change("createSalesperson", ANN)

    await change("updateSalesperson", {"code": "ah", "jobTitle": "Chief", "phone": None, "blocked": True})
    assert await shown(graphql, "AH") == {**ANN, "jobTitle": "Chief", "phone": "", "blocked": True, "version": 2}
    await change("updateSalesperson", {"code": "AH", "jobTitle": "Chief", "newCode": "ah", "blocked": True})
    assert (await shown(graphql, "AH"))["version"] == 2
    await change("updateSalesperson", {"code": "AH", "blocked": None})
    assert await shown(graphql, "AH", "blocked version") == {"blocked": False, "version": 3}


async def test_11_a_change_made_on_an_older_version_is_a_conflict(change: Change, refused: Refused) -> None:
    await change("createSalesperson", ANN)
    await change("updateSalesperson", {"code": "AH", "name": "Ann H.", "expectedVersion": 1})
    for mutation in ("updateSalesperson", "deleteSalesperson"):
        await refused("CONFLICT", ["expectedVersion"], mutation, {"code": "AH", "expectedVersion": 1})
    await change("deleteSalesperson", {"code": "AH", "expectedVersion": 2})


@pytest.mark.parametrize("flag", ["blocked", "privacyBlocked"])
async def test_11_nothing_can_be_assigned_to_a_blocked_salesperson(
    change: Change, refused: Refused, given: Given, flag: str
) -> None:
    await change("createSalesperson", {"code": "AH"})
    await change("createContact", {"no": "C1", "name": "Acme", "salesperson": "AH"})
    await change("createContact", {"no": "C2", "name": "Bolt"})

    await change("updateSalesperson", {"code": "AH", flag: True})

    wrong: list[tuple[str, dict[str, Any]]] = [
        ("createContact", {"name": "Cork"}),
        ("updateContact", {"no": "C2"}),
        ("createSegment", {"description": "News"}),
        ("createCampaign", {"description": "Fair"}),
    ]
    for mutation, input_ in wrong:
        await refused("SALESPERSON_BLOCKED", ["salesperson"], mutation, {**input_, "salesperson": "AH"})
    await change("updateContact", {"no": "C1", "name": "Acme Ltd."})
    assert await given.contact("C1", "name salesperson { code }") == {
        "name": "Acme Ltd.",
        "salesperson": {"code": "AH"},
    }
    await change("updateSalesperson", {"code": "AH", flag: False})
    await change("updateContact", {"no": "C2", "salesperson": "AH"})


async def test_11_a_salesperson_whom_nothing_refers_to_can_be_deleted_and_leaves_the_teams(
    change: Change, graphql: GraphQL
) -> None:
    for code in ("AH", "BL"):
        await change("createSalesperson", {"code": code})
    await change("createTeam", {"code": "SALES", "addMembers": ["AH", "BL"]})

    deleted = await change("deleteSalesperson", {"code": "ah"}, "deletedCode deletedId")

    assert deleted["deletedCode"] == "AH"
    data = await graphql(
        "query ($id: ID!) { node(id: $id) { id } teams { nodes { members { nodes { code } } } } }",
        {"id": deleted["deletedId"]},
    )
    assert data == {"node": None, "teams": {"nodes": [{"members": {"nodes": [{"code": "BL"}]}}]}}


USERS: list[tuple[str, dict[str, Any], str]] = [
    ("createContact", {"name": "Acme", "salesperson": "AH"}, "1 contact"),
    ("createSegment", {"no": "SM1", "salesperson": "AH"}, "1 segment"),
    ("createCampaign", {"no": "CP1", "salesperson": "AH"}, "1 campaign"),
    ("createUser", {"name": "ann", "salesperson": "AH"}, "1 user"),
    ("updateMarketingSetup", {"defaultSalesperson": "AH"}, "1 marketing setup"),
]


@pytest.mark.parametrize(("mutation", "input_", "used_by"), USERS)
async def test_11_a_salesperson_who_is_referred_to_can_be_blocked_but_not_deleted(
    change: Change, refused: Refused, *, mutation: str, input_: dict[str, Any], used_by: str
) -> None:
    await change("createSalesperson", {"code": "AH"})
    await change(mutation, input_)

    message = await refused("IN_USE", ["code"], "deleteSalesperson", {"code": "AH"})

    assert message == f"Salesperson AH cannot be deleted: it is in use by {used_by}. {ADVICE}"
    await change("updateSalesperson", {"code": "AH", "blocked": True})


ADVICE = "Set blocked to keep anything more from being assigned."


async def test_11_a_salesperson_with_interactions_cannot_be_deleted(
    change: Change, refused: Refused, given: Given
) -> None:
    await change("createSalesperson", {"code": "AH"})
    for no in ("C1", "C2"):
        await change("createContact", {"no": no, "name": no})
    await change("createContact", {"no": "C3", "name": "C3", "salesperson": "AH"})
    for no in ("C1", "C2", "C1"):
        await given.interaction(no, no, salesperson="AH")

    message = await refused("IN_USE", ["code"], "deleteSalesperson", {"code": "AH"})

    assert "in use by 1 contact, 3 interactions." in message


async def test_11_a_salesperson_of_lines_cannot_be_deleted_while_undo_may_bring_them_back(
    change: Change, refused: Refused
) -> None:
    """A line keeps the salesperson that its contact had, also after the contact got another one."""
    for code in ("AH", "BL"):
        await change("createSalesperson", {"code": code})
    await change("createContact", {"no": "C1", "name": "Acme", "salesperson": "AH"})
    await change("createSegment", {"no": "SM1"})
    await change("addSegmentLines", {"segmentNo": "SM1", "contactNos": ["C1"]})
    await change("updateContact", {"no": "C1", "salesperson": "BL"})
    assert "by 1 segment." in await refused("IN_USE", ["code"], "deleteSalesperson", {"code": "AH"})
    await change("undoSegmentAction", {"segmentNo": "SM1"})
    assert "by 1 segment." in await refused("IN_USE", ["code"], "deleteSalesperson", {"code": "AH"})

    await change("deleteSegment", {"no": "SM1"})
    await change("deleteSalesperson", {"code": "AH"})


async def test_11_a_segment_counts_once_whatever_of_it_names_the_salesperson(change: Change, refused: Refused) -> None:
    await change("createSalesperson", {"code": "AH"})
    for no in ("C1", "C2"):
        await change("createContact", {"no": no, "name": no, "salesperson": "AH"})
    await change("createSegment", {"no": "SM1", "salesperson": "AH"})
    await change("addSegmentLines", {"segmentNo": "SM1", "contactNos": ["C1", "C2"]})

    message = await refused("IN_USE", ["code"], "deleteSalesperson", {"code": "AH"})

    assert "in use by 2 contacts, 1 segment." in message


async def test_11_a_renamed_salesperson_is_followed_by_whatever_refers_to_them(
    change: Change, given: Given, graphql: GraphQL
) -> None:
    await change("createSalesperson", {"code": "AH"})
    await change("createTeam", {"code": "SALES", "addMembers": ["AH"]})
    for mutation, input_, _ in USERS:
        await change(mutation, {"no": "C1", **input_} if mutation == "createContact" else input_)
    await given.interaction("C1", "C1", salesperson="AH")
    await change("updateSegment", {"no": "SM1", "salesperson": None})
    await change("addSegmentLines", {"segmentNo": "SM1", "contactNos": ["C1"]})
    await change("createContact", {"no": "C2", "name": "Bolt", "salesperson": None})

    await change("updateSalesperson", {"code": "AH", "newCode": "hill", "name": "Ann"})

    code = "salesperson { code }"
    data = await graphql(
        f"""{{ salespeople {{ nodes {{ code name version teams {{ nodes {{ code }} }} }} }}
          segment(no: "SM1") {{ lines {{ nodes {{ {code} }} }} }} campaign(no: "CP1") {{ {code} }}
          user(name: "ann") {{ {code} }} marketingSetup {{ defaultSalesperson {{ code }} }}
          interactions {{ nodes {{ {code} }} }} }}"""
    )
    hill = {"salesperson": {"code": "HILL"}}
    assert data == {
        "salespeople": {
            "nodes": [{"code": "HILL", "name": "Ann", "version": 2, "teams": {"nodes": [{"code": "SALES"}]}}]
        },
        "segment": {"lines": {"nodes": [hill]}},
        "campaign": hill,
        "user": hill,
        "marketingSetup": {"defaultSalesperson": {"code": "HILL"}},
        "interactions": {"nodes": [hill]},
    }
    assert await given.contact("C1", f"version {code}") == {"version": 2, **hill}
    assert await given.contact("C2", f"version {code}") == {"version": 1, "salesperson": None}


LOG: list[dict[str, Any]] = [
    {"on": date(2026, 10, 31), "cost": Decimal("1.5"), "duration": Decimal(10)},
    {"on": date(2026, 11, 1), "cost": Decimal(2), "duration": Decimal("0.25")},
    {"on": date(2026, 11, 30), "cost": Decimal(4), "duration": Decimal(1), "attempt_failed": True},
    {"on": date(2026, 12, 1), "cost": Decimal(8), "duration": Decimal(3)},
    {"on": date(2026, 11, 1), "cost": Decimal(100), "duration": Decimal(100), "canceled": True},
    {"on": date(2026, 11, 1), "cost": Decimal(100), "duration": Decimal(100), "postponed": True},
]


FIGURES = {
    "": [4, "15.5", "14.25"],
    '(onFrom: "2026-11-01", onTo: "2026-11-30")': [2, "6", "1.25"],
    '(onFrom: "2026-12-01")': [1, "8", "3"],
    '(onTo: "2026-10-31")': [1, "1.5", "10"],
    '(onFrom: "2026-12-02")': [0, "0", "0"],
}
"""Days → number, cost and duration, worked out by hand from the first four entries."""


async def test_11_interactions_cost_and_duration_leave_out_canceled_and_postponed_ones(
    change: Change, graphql: GraphQL, given: Given
) -> None:
    for code in ("AH", "BL"):
        await change("createSalesperson", {"code": code})
    await change("createContact", {"no": "C1", "name": "Acme"})
    key, at = await given.key("C1"), given.moment.now
    for row in LOG:  # one at a time: they have not all the same columns
        await given.rows(interaction_log_entry, {"contact_id": key, "at": at, "salesperson": "AH", **row})

    fields = "interactionCount interactionCost interactionDuration"
    asked = " ".join(f"s{place}: statistics{days} {{ {fields} }}" for place, days in enumerate(FIGURES))
    data = await graphql(f"{{ salespeople {{ nodes {{ {asked} }} }} }}")

    ann, bo = ([list(sums.values()) for sums in node.values()] for node in data["salespeople"]["nodes"])
    assert ann == list(FIGURES.values())
    assert bo == [[0, "0", "0"]] * len(FIGURES)


async def test_11_the_last_day_of_figures_must_not_be_before_the_first(change: Change, graphql: GraphQL) -> None:
    await change("createSalesperson", {"code": "AH"})
    field = 'statistics(onFrom: "2026-11-02", onTo: "2026-11-01") { interactionCount }'
    body = await graphql(f'{{ salesperson(code: "AH") {{ {field} }} }}', expect_errors=True)
    assert body["errors"][0]["extensions"] == {"code": "INVALID_INPUT", "argumentPath": ["onTo"]}


async def test_11_the_salesperson_of_the_user_is_that_of_what_the_user_creates(
    change: Change, http: httpx2.AsyncClient
) -> None:
    for code in ("AH", "BL"):
        await change("createSalesperson", {"code": code})
    await change("createUser", {"name": "ann", "salesperson": "AH"})
    await change("createInteractionTemplate", {"code": "CALL"})
    await change("createContact", {"no": "C1", "name": "Acme", "salesperson": "BL"})

    async def created(mutation: str, shown: str, **input_: str) -> str:
        """Return the salesperson of what the user ann creates."""
        request = {"query": document(mutation, f"{shown} {{ salesperson {{ code }} }}"), "variables": {"input": input_}}
        response = await http.post("/graphql", json=request, headers={"Tessera-User": "ann"})
        payload = response.json()["data"][mutation]
        assert payload["userErrors"] == []
        code: str = payload[shown]["salesperson"]["code"]
        return code

    assert await created("createContact", "contact", name="Bolt") == "AH"
    assert await created("createSegment", "segment", description="News") == "AH"
    assert await created("createCampaign", "campaign", description="Fair") == "AH"
    assert await created("logInteraction", "interaction", contactNo="C1", template="CALL", description="Call") == "AH"

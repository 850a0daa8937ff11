"""Contacts, salespeople, campaigns and templates for tests of interactions, and how an interaction is looked at."""

from datetime import date, timedelta
from typing import Any

import httpx2

from server.store.tables import (
    campaign,
    contact,
    interaction_group,
    interaction_log_entry,
    interaction_template,
    salesperson,
    user_setup,
)
from tests.business_central.given_contacts import Given
from tests.conftest import GraphQL

FIGURES = "interactionCount interactionCost interactionDuration"


async def store_people(given: Given) -> None:
    """Insert Acme with Pia, who has an e-mail address, and Ole, who has none; Solo belongs nowhere, Shy is blocked.

    Acme's salesperson is AH, Pia's BD; the others have none. CALL goes out and is sent in no way; MAIL goes by e-mail.
    All of it is a day old. The user ann is the salesperson CE, bob is nobody's.
    """
    yesterday = given.moment.now - timedelta(days=1)
    now = {"created_at": yesterday, "modified_at": yesterday}
    await given.rows(
        salesperson,
        {"code": "AH", "name": "Ann Hill", "blocked": False},
        {"code": "BD", "name": "", "blocked": False},
        {"code": "CE", "name": "Carl Ek", "blocked": False},
        {"code": "GONE", "name": "Gone", "blocked": True},
    )
    await given.rows(
        user_setup,
        {"name": "ann", "full_name": "Ann Larsen", "salesperson": "CE"},
        {"name": "bob", "full_name": "Bob Berg", "salesperson": None},
    )
    await given.rows(campaign, {"id": 1, "no": "CP1", **now}, {"id": 2, "no": "CP2", **now})
    person = {"type": "PERSON", "company_id": 1, "privacy_blocked": False, **now}
    blank = {"email": "", "phone": "", "mobile_phone": "", "salesperson": None, "language": None}
    await given.rows(
        contact,
        {**person, **blank, "id": 1, "no": "ACME", "name": "Acme", "type": "COMPANY", "salesperson": "AH"},
        {
            **person, **blank, "id": 2, "no": "PIA", "name": "Pia Holm", "salesperson": "BD", "language": "DAN",
            "email": "pia@acme.test", "phone": "11", "mobile_phone": "12",
        },
        {**person, **blank, "id": 3, "no": "OLE", "name": "Ole Berg", "salesperson": "AH", "mobile_phone": "22"},
        {**person, **blank, "id": 4, "no": "SOLO", "name": "Solo", "company_id": None},
        {**person, **blank, "id": 5, "no": "SHY", "name": "Shy", "privacy_blocked": True},
    )  # fmt: skip
    await given.rows(interaction_group, {"code": "PHONE"}, {"code": "POST"})
    await given.rows(
        interaction_template,
        {
            "code": "CALL", "description": "Phone call", "group": "PHONE", "unit_cost": 8, "unit_duration": 5,
            "information_flow": "OUTBOUND", "initiated_by": "US", "correspondence_type": None,
        },
        {
            "code": "MAIL", "description": "Letter", "group": "POST", "unit_cost": 2, "unit_duration": 1,
            "information_flow": "OUTBOUND", "initiated_by": "US", "correspondence_type": "EMAIL",
        },
    )  # fmt: skip


async def store_entry(given: Given, entry_no: int, **values: Any) -> None:
    """Insert a call with Pia on the first of November, for what ``values`` do not say; it gets the next number."""
    row = {
        "contact_id": 2,
        "company_id": 1,
        "on": date(2026, 11, 1),
        "at": given.moment.now,
        "template": "CALL",
        "group": "PHONE",
        "salesperson": "AH",
        "description": "Phone call",
        **values,
    }
    await given.rows(interaction_log_entry, row)
    assert (await given.all(interaction_log_entry, "entry_no"))[-1] == (entry_no,)


async def interaction(graphql: GraphQL, entry_no: int, fields: str) -> Any:
    """Return fields of an interaction; None when there is none."""
    data = await graphql(f"query ($no: Int!) {{ interaction(entryNo: $no) {{ {fields} }} }}", {"no": entry_no})
    return data["interaction"]


async def listed(graphql: GraphQL) -> list[int]:
    """Return the entry numbers of all interactions, newest first."""
    nodes = (await graphql("{ interactions { nodes { entryNo } } }"))["interactions"]["nodes"]
    return [node["entryNo"] for node in nodes]


async def acting(http: httpx2.AsyncClient, user: str, mutation: str, input: dict[str, Any]) -> Any:  # noqa: A002
    """Run a mutation that shows an interaction as this user; return the interaction's number, salesperson and actor."""
    type_name = f"{mutation[0].upper()}{mutation[1:]}Input"
    shown = "interaction { entryNo actor title salesperson { code } } userErrors { code message }"
    query = f"mutation ($input: {type_name}!) {{ {mutation}(input: $input) {{ {shown} }} }}"
    body = {"query": query, "variables": {"input": input}}
    response = await http.post("/graphql", json=body, headers={"Tessera-User": user})
    payload = response.json()["data"][mutation]
    assert payload["userErrors"] == []
    return payload["interaction"]

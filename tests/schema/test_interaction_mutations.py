from typing import Any

import pytest

from server.store.database import Database
from tests.conftest import GraphQL
from tests.schema.test_contact_mutations import everything

SET_UP = """mutation {
  createSalesperson(input: {code: "AH", name: "Ann Hill", jobTitle: "Sales"}) {
    salesperson { code name jobTitle blocked } userErrors { code } }
  createCampaign(input: {no: "CP1"}) { campaign { no } }
  createContact(input: {no: "ACME", name: "Acme", salesperson: "AH", email: "a@b.test"}) { contact { no } }
  blocked: createContact(input: {no: "SHY", privacyBlocked: true}) { contact { no } }
  createInteractionTemplate(input: {code: "call", description: "Phone call", unitCost: "12.50", unitDuration: 7,
      informationFlow: OUTBOUND, initiatedBy: US, campaignNo: "CP1", campaignTarget: true}) {
    interactionTemplate { code unitCost unitDuration correspondenceType campaign { no } } userErrors { code } }
}"""
LOG = """mutation($input: LogInteractionInput!) { logInteraction(input: $input) {
  interaction { entryNo contact { no interactionCount interactionCost } company { no } salesperson { code }
    template { code } campaign { no statistics { contacted cost } } campaignEntry { entryNo description segmentNo }
    on description subject cost duration informationFlow initiatedBy evaluation attemptFailed correspondenceType
    campaignTarget campaignResponse }
  userErrors { code path } } }"""


@pytest.fixture
async def set_up(graphql: GraphQL) -> dict[str, Any]:
    return await graphql(SET_UP)


async def test_what_a_template_and_a_salesperson_say(set_up: dict[str, Any]) -> None:
    template = set_up["createInteractionTemplate"]
    assert template == {
        "interactionTemplate": {
            "code": "CALL",
            "unitCost": "12.5",
            "unitDuration": "7",
            "correspondenceType": "EMAIL",
            "campaign": {"no": "CP1"},
        },
        "userErrors": [],
    }
    person = {"code": "AH", "name": "Ann Hill", "jobTitle": "Sales", "blocked": False}
    assert set_up["createSalesperson"] == {"salesperson": person, "userErrors": []}


@pytest.mark.usefixtures("set_up")
async def test_an_interaction_is_logged(graphql: GraphQL) -> None:
    first = (await graphql(LOG, {"input": {"contactNo": "acme", "template": "CALL"}}))["logInteraction"]
    assert first["userErrors"] == []
    assert first["interaction"] == {
        "entryNo": 1,
        "contact": {"no": "ACME", "interactionCount": 1, "interactionCost": "12.5"},
        "company": {"no": "ACME"},
        "salesperson": {"code": "AH"},
        "template": {"code": "CALL"},
        "campaign": {"no": "CP1", "statistics": {"contacted": 1, "cost": "12.5"}},
        "campaignEntry": {"entryNo": 1, "description": "Interactions", "segmentNo": ""},
        "on": "2026-11-23",
        "description": "Phone call",
        "subject": "Phone call",
        "cost": "12.5",
        "duration": "7",
        "informationFlow": "OUTBOUND",
        "initiatedBy": "US",
        "evaluation": None,
        "attemptFailed": False,
        "correspondenceType": "EMAIL",
        "campaignTarget": True,
        "campaignResponse": False,
    }
    values = {"contactNo": "ACME", "template": "CALL", "on": "2026-01-02", "cost": None, "duration": "0.25"}
    more = {"evaluation": "POSITIVE", "attemptFailed": True, "campaignNo": None, "correspondenceType": None}
    second = (await graphql(LOG, {"input": {**values, **more}}))["logInteraction"]["interaction"]
    assert (second["on"], second["cost"], second["duration"]) == ("2026-01-02", "0", "0.25")
    assert (second["evaluation"], second["attemptFailed"], second["campaign"]) == ("POSITIVE", True, None)
    assert (second["correspondenceType"], second["campaignEntry"]) == (None, None)


@pytest.mark.usefixtures("set_up")
async def test_a_refused_interaction_changes_nothing(graphql: GraphQL, database: Database) -> None:
    before = await everything(database)
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({"contactNo": " ", "template": "CALL"}, "VALUE_REQUIRED", "contactNo"),
        ({"contactNo": "NONE", "template": "CALL"}, "NOT_FOUND", "contactNo"),
        ({"contactNo": "SHY", "template": "CALL"}, "PRIVACY_BLOCKED", "contactNo"),
        ({"contactNo": "ACME", "template": "NONE"}, "NOT_FOUND", "template"),
        ({"contactNo": "ACME", "template": "CALL", "cost": "-1"}, "INVALID_INPUT", "cost"),
        ({"contactNo": "ACME", "template": "CALL", "duration": "0.001"}, "INVALID_INPUT", "duration"),
    ]
    for values, code, field in cases:
        answer = (await graphql(LOG, {"input": values}))["logInteraction"]
        assert answer == {"interaction": None, "userErrors": [{"code": code, "path": ["input", field]}]}
    for document, code, field in (
        ('createInteractionTemplate(input: {code: "CALL"})', "ALREADY_EXISTS", "code"),
        ('createInteractionTemplate(input: {code: "X", unitCost: "-1"})', "INVALID_INPUT", "unitCost"),
        ('createSalesperson(input: {code: "AH"})', "ALREADY_EXISTS", "code"),
        ('createMailingGroup(input: {code: ""})', "VALUE_REQUIRED", "code"),
    ):
        (answer,) = (await graphql(f"mutation {{ {document} {{ userErrors {{ code path }} }} }}")).values()
        assert answer["userErrors"] == [{"code": code, "path": ["input", field]}]
    assert await everything(database) == before

from typing import Any

from server.store.database import Database
from tests.conftest import GraphQL
from tests.schema.test_contact_mutations import everything

CREATE = """mutation($input: CreateCampaignInput!) { createCampaign(input: $input) {
  campaign { no description startingOn endingOn status salesperson { code } version }
  userErrors { code path currentVersion } } }"""
UPDATE = CREATE.replace("createCampaign", "updateCampaign").replace("CreateCampaignInput", "UpdateCampaignInput")


async def test_a_campaign_is_created_and_changed(graphql: GraphQL) -> None:
    await graphql('mutation { createSalesperson(input: {code: "ah", name: "Ann"}) { salesperson { code } } }')
    await graphql('mutation { createCampaignStatus(input: {code: "done"}) { campaignStatus { code } } }')
    values = {"description": "Spring", "startingOn": "2026-03-01", "endingOn": "2026-05-31", "salesperson": "AH"}
    created = (await graphql(CREATE, {"input": values}))["createCampaign"]
    assert created["userErrors"] == []
    assert created["campaign"] == {
        **values,
        "no": "CP0001",
        "status": None,
        "salesperson": {"code": "AH"},
        "version": 1,
    }
    changes = {"no": "cp0001", "endingOn": None, "status": "done", "expectedVersion": 1}
    changed = (await graphql(UPDATE, {"input": changes}))["updateCampaign"]["campaign"]
    assert (changed["endingOn"], changed["status"], changed["description"], changed["version"]) == (
        None,
        "DONE",
        "Spring",
        2,
    )


async def test_a_refused_campaign_changes_nothing(graphql: GraphQL, database: Database) -> None:
    await graphql(CREATE, {"input": {"no": "A", "startingOn": "2026-03-01"}})
    before = await everything(database)
    cases: list[tuple[str, dict[str, Any], str, str]] = [
        (CREATE, {"no": "A"}, "ALREADY_EXISTS", "no"),
        (CREATE, {"startingOn": "2026-03-02", "endingOn": "2026-03-01"}, "INVALID_INPUT", "endingOn"),
        (CREATE, {"salesperson": "NONE"}, "NOT_FOUND", "salesperson"),
        (UPDATE, {"no": "A", "endingOn": "2026-02-28"}, "INVALID_INPUT", "endingOn"),
        (UPDATE, {"no": "B"}, "NOT_FOUND", "no"),
        (UPDATE, {"no": "A", "expectedVersion": 2}, "CONFLICT", "expectedVersion"),
    ]
    for document, values, code, field in cases:
        (answer,) = (await graphql(document, {"input": values})).values()
        (error,) = answer["userErrors"]
        assert (error["code"], error["path"], answer["campaign"]) == (code, ["input", field], None)
    assert await everything(database) == before

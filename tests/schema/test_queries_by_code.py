"""One object by its code, and lists of interactions by days."""

from typing import Any

import pytest

from tests.business_central.conftest import document
from tests.conftest import GraphQL

KINDS = {
    "mailingGroup": "createMailingGroup",
    "industryGroup": "createIndustryGroup",
    "jobResponsibility": "createJobResponsibility",
    "businessRelation": "createBusinessRelation",
    "organizationalLevel": "createOrganizationalLevel",
    "campaignStatus": "createCampaignStatus",
    "numberSeriesByCode": "createNumberSeries",
    "savedCriteriaByCode": "saveCriteria",
}


async def given_values(graphql: GraphQL, field: str) -> dict[str, Any]:
    """Return the input that makes an object of the code X1."""
    if field != "savedCriteriaByCode":
        return {"code": "X1"}
    await graphql(document("createSegment", ""), {"input": {"no": "S1"}})
    rule = {"segmentNo": "S1", "rule": "true"}
    await graphql(document("addContactsToSegment", ""), {"input": rule})
    return {"segmentNo": "S1", "code": "X1"}


@pytest.mark.parametrize(("field", "mutation"), KINDS.items())
async def test_an_object_is_found_by_its_code(graphql: GraphQL, field: str, mutation: str) -> None:
    made = await graphql(document(mutation, ""), {"input": await given_values(graphql, field)})
    assert made[mutation]["userErrors"] == []
    query = f'{{ found: {field}(code: " x1 ") {{ code }} none: {field}(code: "X2") {{ code }} }}'
    assert await graphql(query) == {"found": {"code": "X1"}, "none": None}


async def test_an_unknown_code_of_saved_criteria_says_how_to_keep_them(graphql: GraphQL) -> None:
    (error,) = (await graphql(document("deleteSavedCriteria", ""), {"input": {"code": "x9"}}))["deleteSavedCriteria"][
        "userErrors"
    ]
    assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "code"])
    assert error["message"] == (
        "There are no saved criteria with the code X9; saveCriteria keeps the actions of a segment."
    )


async def test_interactions_of_days_that_end_before_they_begin_are_refused(graphql: GraphQL) -> None:
    query = '{ interactions(filter: {onFrom: "2026-11-02", onTo: "2026-11-01"}) { totalCount } }'
    (error,) = (await graphql(query, expect_errors=True))["errors"]
    assert error["extensions"] == {"code": "INVALID_INPUT", "argumentPath": ["filter", "onTo"]}
    assert (await graphql(query.replace("11-01", "11-02")))["interactions"]["totalCount"] == 0

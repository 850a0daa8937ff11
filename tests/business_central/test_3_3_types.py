"""A company becomes a person, or the other way round."""

from typing import Any

import pytest

from server.store.tables import (
    business_relation,
    contact_business_relation,
    contact_industry_group,
    contact_job_responsibility,
    industry_group,
    job_responsibility,
    organizational_level,
    salutation,
)
from tests.business_central.conftest import Change, Refused
from tests.business_central.given_contacts import Given

TO_COMPANY, TO_PERSON = {"type": "COMPANY"}, {"type": "PERSON"}


@pytest.fixture(autouse=True)
async def contacts(change: Change, given: Given) -> None:
    """The company C1 alone, Acme with the person Ann, and the salutations of both types."""
    await given.rows(salutation, {"code": "FIRM"}, {"code": "HUMAN"}, {"code": "MS"})
    await change("createContact", {"no": "C1", "name": "Ann Mary Berg", "salutation": "MS"})
    await change("createContact", {"no": "ACME", "name": "Acme"})
    person = {"type": "PERSON", "companyNo": "ACME", "jobTitle": "CEO", "salutation": "MS"}
    await change("createContact", {"no": "ANN", "name": "Ann Lou Tal", **person})


async def test_3_3_a_person_that_becomes_a_company_loses_what_persons_have(change: Change, given: Given) -> None:
    await given.setup(default_company_salutation="FIRM")
    await change("updateContact", {"no": "ANN", **TO_COMPANY})
    fields = "type firstName middleName surname jobTitle companyNo companyName salutation"
    assert await given.values("ANN", fields) == ["COMPANY", "", "", "", "", "ANN", "Ann Lou Tal", "FIRM"]


async def test_3_3_a_company_that_becomes_a_person_has_no_company_and_its_name_is_split(
    change: Change, given: Given
) -> None:
    await given.setup(default_person_salutation="HUMAN")
    await change("updateContact", {"no": "C1", **TO_PERSON})
    fields = "type firstName middleName surname companyNo companyName salutation"
    assert await given.values("C1", fields) == ["PERSON", "Ann", "Mary", "Berg", None, "", "HUMAN"]


async def test_3_3_another_type_brings_the_salutation_of_the_setup_unless_one_is_given(
    change: Change, given: Given
) -> None:
    await change("updateContact", {"no": "C1", **TO_PERSON})
    assert await given.values("C1", "salutation") == [None]
    await given.setup(default_company_salutation="FIRM")
    await change("updateContact", {"no": "C1", "salutation": "MS", **TO_COMPANY})
    assert await given.values("C1", "salutation") == ["MS"]
    await change("updateContact", {"no": "C1", "salutation": "HUMAN", **TO_COMPANY})
    assert await given.values("C1", "salutation") == ["HUMAN"]


async def test_3_3_a_company_that_becomes_a_person_may_join_another_company_at_once(
    change: Change, given: Given
) -> None:
    await change("updateContact", {"no": "ACME", "city": "Ulm"})
    await change("updateContact", {"no": "C1", "companyName": "acme", **TO_PERSON})
    assert await given.values("C1", "companyNo companyName city") == ["ACME", "Acme", "Ulm"]


async def test_3_3_a_person_with_an_organizational_level_becomes_no_company(
    change: Change, refused: Refused, given: Given
) -> None:
    await given.rows(organizational_level, {"code": "CEO"})
    await change("updateContact", {"no": "ANN", "organizationalLevel": "CEO"})
    await refused("WRONG_CONTACT_TYPE", ["organizationalLevel"], "updateContact", {"no": "ANN", **TO_COMPANY})
    await refused("WRONG_CONTACT_TYPE", ["organizationalLevel"], "createContact", {"organizationalLevel": "CEO"})
    await change("updateContact", {"no": "ANN", "organizationalLevel": None, **TO_COMPANY})


async def test_3_3_a_person_with_job_responsibilities_becomes_no_company(
    change: Change, refused: Refused, given: Given
) -> None:
    await given.rows(job_responsibility, {"code": "BUYER"})
    await given.rows(contact_job_responsibility, {"contact_id": await given.key("ANN"), "code": "BUYER"})
    message = await refused("CONTACT_HAS_CODES", ["type"], "updateContact", {"no": "ANN", **TO_COMPANY})
    assert "BUYER" in message
    assert "removeJobResponsibilities" in message
    await change("updateContact", {"no": "ANN", "removeJobResponsibilities": ["BUYER"], **TO_COMPANY})


@pytest.mark.parametrize(
    ("tables", "remove"),
    [
        ((industry_group, contact_industry_group), "removeIndustryGroups"),
        ((business_relation, contact_business_relation), "removeBusinessRelations"),
    ],
)
async def test_3_3_a_company_with_business_relations_or_industry_groups_becomes_no_person(
    change: Change, refused: Refused, given: Given, tables: tuple[Any, Any], remove: str
) -> None:
    codes, rows = tables
    await given.rows(codes, {"code": "LAW"})
    await given.rows(rows, {"contact_id": await given.key("C1"), "code": "LAW"})
    message = await refused("CONTACT_HAS_CODES", ["type"], "updateContact", {"no": "C1", **TO_PERSON})
    assert "LAW" in message
    assert remove in message
    await change("updateContact", {"no": "C1", remove: ["LAW"], **TO_PERSON})


@pytest.mark.parametrize("field", ["currency", "vatRegistrationNo"])
async def test_3_3_a_company_with_currency_or_vat_number_becomes_no_person(
    change: Change, refused: Refused, field: str
) -> None:
    await change("updateContact", {"no": "C1", field: "EUR"})
    await refused("WRONG_CONTACT_TYPE", [field], "updateContact", {"no": "C1", **TO_PERSON})
    await refused("WRONG_CONTACT_TYPE", [field], "createContact", {"type": "PERSON", field: "EUR"})
    await change("updateContact", {"no": "C1", field: None, **TO_PERSON})


async def test_3_3_a_company_with_persons_becomes_no_person(change: Change, refused: Refused) -> None:
    await refused("CONTACT_HAS_PERSONS", ["type"], "updateContact", {"no": "ACME", **TO_PERSON})
    await change("deleteContact", {"no": "ANN"})
    await change("updateContact", {"no": "ACME", **TO_PERSON})


@pytest.mark.parametrize("kind", [{}, {"canceled": True}, {"postponed": True}, {"attempt_failed": True}])
async def test_3_3_a_contact_with_interactions_keeps_its_type(
    change: Change, refused: Refused, given: Given, kind: dict[str, Any]
) -> None:
    await given.interaction("C1", "C1", **kind)
    await given.interaction("ANN", "ACME", **kind)
    await refused("CONTACT_HAS_HISTORY", ["type"], "updateContact", {"no": "C1", **TO_PERSON})
    await refused("CONTACT_HAS_HISTORY", ["type"], "updateContact", {"no": "ANN", **TO_COMPANY})
    await change("updateContact", {"no": "C1", "type": "COMPANY", "city": "Ulm"})


async def test_3_3_a_contact_on_a_segment_keeps_its_type(change: Change, refused: Refused) -> None:
    await change("createSegment", {"no": "S1"})
    await change("addSegmentLines", {"segmentNo": "S1", "contactNos": ["ANN", "C1"]})
    message = await refused("CONTACT_ON_SEGMENT", ["type"], "updateContact", {"no": "ANN", **TO_COMPANY})
    assert "S1" in message
    await refused("CONTACT_ON_SEGMENT", ["type"], "updateContact", {"no": "C1", **TO_PERSON})
    await change("removeSegmentLines", {"segmentNo": "S1", "lineNos": [10, 20]})
    await change("updateContact", {"no": "ANN", **TO_COMPANY})


async def test_3_3_the_type_is_not_blank(refused: Refused) -> None:
    await refused("VALUE_REQUIRED", ["type"], "updateContact", {"no": "C1", "type": None})

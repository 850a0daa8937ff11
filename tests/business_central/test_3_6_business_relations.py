"""Business relations of companies, their links, and what they come to in one word."""

import asyncio

import pytest

from server.store.tables import business_relation, contact_business_relation
from server.store.tables import change as change_log
from tests.business_central.conftest import Change, Refused, document
from tests.business_central.given_contacts import Given
from tests.conftest import GraphQL

SUMMARY = "businessRelationSummary"
LINKS = "businessRelationLinks { link linkNo businessRelation } businessRelations { code }"
KINDS = {"CUSTOMER": "CUST", "VENDOR": "VEND", "BANK_ACCOUNT": "BANK", "EMPLOYEE": "EMPL"}


@pytest.fixture(autouse=True)
async def acme(change: Change, given: Given) -> None:
    """Acme and its person Ann, Beta, and a business relation for each kind of link."""
    await given.rows(business_relation, *({"code": code} for code in (*KINDS.values(), "LAW", "PRESS")))
    await given.setup(
        customer_relation="CUST", vendor_relation="VEND", bank_account_relation="BANK", employee_relation="EMPL"
    )
    await change("createContact", {"no": "ACME"})
    await change("createContact", {"no": "ANN", "type": "PERSON", "companyNo": "ACME"})
    await change("createContact", {"no": "BETA"})


async def summaries(given: Given) -> list[str]:
    return [(await given.values(no, SUMMARY))[0] for no in ("ACME", "ANN")]


async def test_3_6_without_business_relation_the_summary_is_none(change: Change, given: Given) -> None:
    assert await summaries(given) == ["NONE", "NONE"]
    await change("createContact", {"no": "LONE", "type": "PERSON"})
    assert await given.values("LONE", SUMMARY) == ["NONE"]


@pytest.mark.parametrize(("kind", "code"), KINDS.items())
async def test_3_6_a_link_gives_the_relation_of_the_setup_and_the_summary(
    change: Change, given: Given, kind: str, code: str
) -> None:
    link = {"no": "acme", "link": kind, "linkNo": " k10 "}
    linked = await change("linkContact", link, f"contact {{ {SUMMARY} version }}")
    assert linked["contact"] == {SUMMARY: kind, "version": 2}
    expected = {
        "businessRelationLinks": [{"link": kind, "linkNo": "K10", "businessRelation": code}],
        "businessRelations": [{"code": code}],
    }
    assert await given.contact("ACME", LINKS) == expected
    assert await given.contact("ANN", LINKS) == expected  # a person shows its company's
    assert await summaries(given) == [kind, kind]


async def test_3_6_one_relation_without_link_is_other_and_several_are_multiple(change: Change, given: Given) -> None:
    await change("updateContact", {"no": "ACME", "addBusinessRelations": ["LAW"]})
    assert await summaries(given) == ["OTHER", "OTHER"]
    await change("linkContact", {"no": "ACME", "link": "CUSTOMER", "linkNo": "10"})
    assert await summaries(given) == ["MULTIPLE", "MULTIPLE"]
    await change("updateContact", {"no": "ACME", "removeBusinessRelations": ["LAW"]})
    assert await summaries(given) == ["CUSTOMER", "CUSTOMER"]
    await change("linkContact", {"no": "ACME", "link": "VENDOR", "linkNo": "10"})
    assert await summaries(given) == ["MULTIPLE", "MULTIPLE"]


async def test_3_6_a_link_by_a_relation_that_the_setup_keeps_no_more_is_other(change: Change, given: Given) -> None:
    await change("linkContact", {"no": "ACME", "link": "CUSTOMER", "linkNo": "10"})
    await given.setup(customer_relation="LAW")
    assert await summaries(given) == ["OTHER", "OTHER"]


async def test_3_6_a_company_has_one_link_of_each_kind(change: Change, refused: Refused) -> None:
    await change("linkContact", {"no": "ACME", "link": "CUSTOMER", "linkNo": "10"})
    for number in ("10", "11"):
        link = {"no": "ACME", "link": "CUSTOMER", "linkNo": number}
        message = await refused("RELATION_LINKED", ["link"], "linkContact", link)
        assert "CUSTOMER 10" in message
    await change("linkContact", {"no": "ACME", "link": "VENDOR", "linkNo": "10"})


async def test_3_6_a_number_is_linked_to_one_company(change: Change, refused: Refused) -> None:
    await change("linkContact", {"no": "ACME", "link": "CUSTOMER", "linkNo": "10"})
    link = {"no": "BETA", "link": "CUSTOMER", "linkNo": "10"}
    message = await refused("RELATION_LINKED", ["linkNo"], "linkContact", link)
    assert "ACME" in message
    await change("linkContact", {"no": "BETA", "link": "VENDOR", "linkNo": "10"})
    await change("unlinkContact", {"no": "ACME", "link": "CUSTOMER"})
    await change("linkContact", link)


async def test_3_6_two_kinds_of_link_cannot_share_one_relation_of_a_company(
    change: Change, refused: Refused, given: Given
) -> None:
    await given.setup(vendor_relation="CUST")
    await change("linkContact", {"no": "ACME", "link": "CUSTOMER", "linkNo": "10"})
    await refused("RELATION_LINKED", ["link"], "linkContact", {"no": "ACME", "link": "VENDOR", "linkNo": "20"})


async def test_3_6_a_link_replaces_the_relation_of_the_same_code_without_one(change: Change, given: Given) -> None:
    await given.setup(customer_relation="LAW")
    await given.rows(contact_business_relation, {"contact_id": await given.key("ACME"), "code": "LAW"})
    await change("linkContact", {"no": "ACME", "link": "CUSTOMER", "linkNo": "10"})
    rows = await given.all(contact_business_relation, "code", "link", "link_no")
    assert rows == [("LAW", "CUSTOMER", "10")]


@pytest.mark.parametrize("code", KINDS.values())
async def test_3_6_a_relation_that_the_setup_keeps_for_links_is_not_typed(
    change: Change, refused: Refused, code: str
) -> None:
    codes = ["LAW", code.lower()]
    message = await refused(
        "RELATION_RESERVED",
        ["addBusinessRelations", "1"],
        "updateContact",
        {"no": "ACME", "addBusinessRelations": codes},
    )
    assert code in message
    await refused("RELATION_RESERVED", ["addBusinessRelations", "1"], "createContact", {"addBusinessRelations": codes})
    await change("updateContact", {"no": "ACME", "addBusinessRelations": ["LAW", "PRESS"]})


async def test_3_6_naming_a_kept_relation_that_is_there_changes_nothing(change: Change, given: Given) -> None:
    await change("linkContact", {"no": "ACME", "link": "CUSTOMER", "linkNo": "10"})
    await change("updateContact", {"no": "ACME", "addBusinessRelations": ["CUST"]})
    assert await given.values("ACME", "version") == [2]
    assert await given.all(contact_business_relation, "code", "link_no") == [("CUST", "10")]


async def test_3_6_unlinking_removes_the_relation(change: Change, refused: Refused, given: Given) -> None:
    await refused("NOT_FOUND", ["link"], "unlinkContact", {"no": "ACME", "link": "CUSTOMER"})
    await change("linkContact", {"no": "ACME", "link": "CUSTOMER", "linkNo": "10"})
    await refused("NOT_FOUND", ["link"], "unlinkContact", {"no": "ACME", "link": "VENDOR"})
    guarded = {"no": "ACME", "link": "CUSTOMER", "expectedVersion": 1}
    await refused("CONFLICT", ["expectedVersion"], "unlinkContact", guarded)
    unlinked = await change("unlinkContact", guarded | {"expectedVersion": 2}, f"contact {{ {SUMMARY} version }}")
    assert unlinked["contact"] == {SUMMARY: "NONE", "version": 3}
    assert await given.all(contact_business_relation) == []


async def test_3_6_the_relation_of_a_link_can_be_removed_as_a_code(change: Change, given: Given) -> None:
    await change("linkContact", {"no": "ACME", "link": "CUSTOMER", "linkNo": "10"})
    await change("updateContact", {"no": "ACME", "removeBusinessRelations": ["CUST"]})
    assert await summaries(given) == ["NONE", "NONE"]


async def test_3_6_a_link_needs_a_company_a_number_and_the_setup(refused: Refused, given: Given) -> None:
    await refused("NOT_FOUND", ["no"], "linkContact", {"no": "NONE", "link": "CUSTOMER", "linkNo": "10"})
    await refused("WRONG_CONTACT_TYPE", ["no"], "linkContact", {"no": "ANN", "link": "CUSTOMER", "linkNo": "10"})
    await refused("VALUE_REQUIRED", ["linkNo"], "linkContact", {"no": "ACME", "link": "CUSTOMER", "linkNo": " "})
    await refused("INVALID_INPUT", ["linkNo"], "linkContact", {"no": "ACME", "link": "VENDOR", "linkNo": "1" * 21})
    guarded = {"no": "ACME", "link": "CUSTOMER", "linkNo": "10", "expectedVersion": 2}
    await refused("CONFLICT", ["expectedVersion"], "linkContact", guarded)
    await given.setup(customer_relation=None)
    link = {"no": "ACME", "link": "CUSTOMER", "linkNo": "10"}
    message = await refused("SETUP_INCOMPLETE", ["link"], "linkContact", link)
    assert "customerRelation" in message


async def test_3_6_linking_is_noted_with_the_contact(change: Change, given: Given) -> None:
    await change("linkContact", {"no": "ACME", "link": "CUSTOMER", "linkNo": "10"})
    await change("unlinkContact", {"no": "ACME", "link": "CUSTOMER"})
    noted = await given.all(change_log, "operation", "object", "object_id", "fields")
    key = await given.key("ACME")
    assert noted[-2:] == [
        (operation, "contact", key, ["business_relations", "modified_at"])
        for operation in ("linkContact", "unlinkContact")
    ]


async def test_3_6_business_relations_are_for_companies(refused: Refused) -> None:
    person = {"type": "PERSON", "addBusinessRelations": ["LAW"]}
    await refused("WRONG_CONTACT_TYPE", ["addBusinessRelations"], "createContact", person)


async def test_3_6_of_two_companies_linked_to_one_number_at_once_one_is(graphql: GraphQL, given: Given) -> None:
    text = document("linkContact", "")
    answers = await asyncio.gather(
        *(graphql(text, {"input": {"no": no, "link": "CUSTOMER", "linkNo": "10"}}) for no in ("ACME", "BETA"))
    )
    errors = [error["code"] for answer in answers for error in answer["linkContact"]["userErrors"]]
    assert errors in (["RELATION_LINKED"], ["CONFLICT"])
    assert await given.all(contact_business_relation, "code", "link_no") == [("CUST", "10")]

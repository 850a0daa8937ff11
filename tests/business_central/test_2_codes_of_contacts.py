"""Which contacts may have which codes, how many have each, and that having another one changes the contact."""

from datetime import UTC, datetime
from typing import Any

import pytest

from server.clock import Moment
from server.store.tables import contact_mailing_group
from tests.business_central.conftest import Change, Refused
from tests.business_central.given_contacts import Given
from tests.conftest import GraphQL


class TurnedClock:
    """A clock that shows a minute after noon, until the test turns it."""

    minute = 0

    def __call__(self) -> Moment:
        return Moment(now=datetime(2026, 11, 23, 12, self.minute, tzinfo=UTC))


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture(autouse=True)
async def contacts(change: Change) -> None:
    """Acme with Ann, two codes of each list, two levels and two salutations."""
    for kind in ("MailingGroup", "IndustryGroup", "JobResponsibility", "BusinessRelation"):
        for code in ("A", "B"):
            await change(f"create{kind}", {"code": code})
    for kind in ("OrganizationalLevel", "Salutation"):
        for code in ("HIGH", "LOW"):
            await change(f"create{kind}", {"code": code})
    await change("createContact", {"no": "ACME", "name": "Acme"})
    await change("createContact", {"no": "ANN", "name": "Ann Hill", "type": "PERSON", "companyNo": "ACME"})


async def counts(graphql: GraphQL, query: str) -> list[int]:
    """Return the number of contacts of each code, by code."""
    data = await graphql(f"{{ {query} {{ nodes {{ contactCount }} }} }}")
    return [node["contactCount"] for node in data[query]["nodes"]]


async def test_2_any_contact_can_be_in_mailing_groups(change: Change, given: Given) -> None:
    for no in ("ACME", "ANN"):
        await change("updateContact", {"no": no, "addMailingGroups": ["a", "B"]})
        found = await given.contact(no, "mailingGroups { code contactCount }")
        assert [group["code"] for group in found["mailingGroups"]] == ["A", "B"]
    assert [group["contactCount"] for group in found["mailingGroups"]] == [2, 2]


async def test_2_a_contact_is_in_a_mailing_group_once(change: Change, given: Given) -> None:
    await change("updateContact", {"no": "ANN", "addMailingGroups": ["A", "a"]})
    await change("updateContact", {"no": "ANN", "addMailingGroups": ["A"]})
    assert await given.all(contact_mailing_group, "contact_id", "code") == [(await given.key("ANN"), "A")]


@pytest.mark.parametrize(
    ("no", "field"),
    [("ANN", "addIndustryGroups"), ("ACME", "addJobResponsibilities"), ("ANN", "addBusinessRelations")],
)
async def test_2_industries_and_relations_are_for_companies_and_responsibilities_for_persons(
    refused: Refused, change: Change, no: str, field: str
) -> None:
    await refused("WRONG_CONTACT_TYPE", [field], "updateContact", {"no": no, field: ["A"]})
    await change("updateContact", {"no": "ACME" if no == "ANN" else "ANN", field: ["A"]})


async def test_2_an_organizational_level_is_for_persons(change: Change, refused: Refused) -> None:
    wrong = {"no": "ACME", "organizationalLevel": "HIGH"}
    await refused("WRONG_CONTACT_TYPE", ["organizationalLevel"], "updateContact", wrong)
    await change("updateContact", {"no": "ANN", "organizationalLevel": "HIGH"})


@pytest.mark.parametrize(
    "field", ["addMailingGroups", "addIndustryGroups", "addBusinessRelations", "removeMailingGroups"]
)
async def test_2_an_unknown_code_of_a_list_is_refused(refused: Refused, field: str) -> None:
    await refused("NOT_FOUND", [field, "1"], "updateContact", {"no": "ACME", field: ["A", "NONE"]})


HOLDERS: list[tuple[str, tuple[str, str], dict[str, Any]]] = [
    ("mailingGroups", ("ACME", "ANN"), {"addMailingGroups": ["A"]}),
    ("industryGroups", ("ACME", "C2"), {"addIndustryGroups": ["A"]}),
    ("jobResponsibilities", ("ANN", "P2"), {"addJobResponsibilities": ["A"]}),
    ("businessRelations", ("ACME", "C2"), {"addBusinessRelations": ["A"]}),
    ("organizationalLevels", ("ANN", "P2"), {"organizationalLevel": "HIGH"}),
    ("salutations", ("ACME", "ANN"), {"salutation": "HIGH"}),
]


async def test_2_each_code_counts_the_contacts_that_have_it(change: Change, graphql: GraphQL) -> None:
    await change("createContact", {"no": "C2", "name": "Bolt"})
    await change("createContact", {"no": "P2", "name": "Bo Lee", "type": "PERSON"})
    for query, contacts_with, values in HOLDERS:
        assert await counts(graphql, query) == [0, 0], query
        for no in contacts_with:
            await change("updateContact", {"no": no, **values})
        assert await counts(graphql, query) == [2, 0], query


STAMPS: list[tuple[str, dict[str, Any]]] = [
    ("ANN", {"addMailingGroups": ["A"]}),
    ("ANN", {"addMailingGroups": ["B"], "removeMailingGroups": ["A"]}),
    ("ANN", {"removeMailingGroups": ["B"]}),
    ("ANN", {"addJobResponsibilities": ["B"]}),
    ("ANN", {"removeJobResponsibilities": ["B"]}),
    ("ACME", {"addIndustryGroups": ["B"]}),
    ("ACME", {"removeIndustryGroups": ["B"]}),
    ("ACME", {"addBusinessRelations": ["B"]}),
    ("ACME", {"removeBusinessRelations": ["B"]}),
]


async def test_2_giving_or_taking_a_code_stamps_the_contact(change: Change, given: Given, clock: TurnedClock) -> None:
    versions = {"ANN": 1, "ACME": 1}
    for minute, (no, changed) in enumerate(STAMPS, start=1):
        clock.minute = minute
        await change("updateContact", {"no": no, **changed})
        versions[no] += 1
        assert await given.values(no, "modifiedAt version") == [f"2026-11-23T12:0{minute}:00Z", versions[no]]


async def test_2_a_code_that_is_there_already_or_not_there_stamps_nothing(
    change: Change, given: Given, clock: TurnedClock
) -> None:
    await change("updateContact", {"no": "ANN", "addMailingGroups": ["A"]})
    before = await given.values("ANN", "modifiedAt version")
    clock.minute = 5

    await change("updateContact", {"no": "ANN", "addMailingGroups": ["A"], "removeMailingGroups": ["B"]})

    assert await given.values("ANN", "modifiedAt version") == before


@pytest.mark.parametrize(
    ("kind", "codes", "no"),
    [
        ("MailingGroup", "mailingGroups", "ANN"),
        ("IndustryGroup", "industryGroups", "ACME"),
        ("JobResponsibility", "jobResponsibilities", "ANN"),
        ("BusinessRelation", "businessRelations", "ACME"),
    ],
)
async def test_2_renaming_a_code_stamps_the_contacts_that_have_it(
    change: Change, given: Given, clock: TurnedClock, *, kind: str, codes: str, no: str
) -> None:
    await change("updateContact", {"no": no, f"add{codes[0].upper()}{codes[1:]}": ["A"]})
    clock.minute = 7

    await change(f"update{kind}", {"code": "A", "newCode": "Z"})

    found = await given.contact(no, f"modifiedAt version {codes} {{ code }}")
    assert found == {"modifiedAt": "2026-11-23T12:07:00Z", "version": 3, codes: [{"code": "Z"}]}
    other = {"ANN": "ACME", "ACME": "ANN"}[no]
    assert await given.values(other, "modifiedAt version") == ["2026-11-23T12:00:00Z", 1]


async def test_2_renaming_a_level_or_salutation_stamps_the_contacts_that_have_it(
    change: Change, given: Given, clock: TurnedClock
) -> None:
    await change("updateContact", {"no": "ANN", "organizationalLevel": "HIGH", "salutation": "LOW"})
    clock.minute = 9

    await change("updateOrganizationalLevel", {"code": "HIGH", "newCode": "TOP"})
    await change("updateSalutation", {"code": "LOW", "newCode": "MS"})

    found = await given.values("ANN", "organizationalLevel salutation modifiedAt version")
    assert found == ["TOP", "MS", "2026-11-23T12:09:00Z", 4]
    assert await given.values("ACME", "organizationalLevel salutation version") == [None, None, 1]

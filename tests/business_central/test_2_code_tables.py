"""Codes are created, described, renamed and deleted the same way, whatever they are codes of."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from server.store.tables import change as change_table
from server.store.tables import contact
from tests.business_central.conftest import Change, Refused
from tests.business_central.given_contacts import Given
from tests.conftest import GraphQL


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of code.

    Attributes:
        name: in the names of mutations.
        list: the query that lists all.
        length: characters of the code.
        user: mutation and input that make something refer to the code ``A``, which is put in the place of ``None``.
        used_by: what the refusal of a deletion then says.
    """

    name: str
    list: str
    length: int
    user: tuple[str, dict[str, Any]]
    used_by: str = "1 contact"

    def use(self, code: str) -> tuple[str, dict[str, Any]]:
        """Return the mutation that makes something refer to the code."""
        mutation, input_ = self.user
        return mutation, {field: code if value is None else value for field, value in input_.items()}

    @property
    def field(self) -> str:
        """The object in a payload."""
        return self.name[0].lower() + self.name[1:]


COMPANY = {"no": "C1", "name": "Acme"}
PERSON = {"no": "C1", "name": "Ann Hill", "type": "PERSON"}
KINDS = [
    Kind("MailingGroup", "mailingGroups", 20, ("createContact", PERSON | {"addMailingGroups": None})),
    Kind("IndustryGroup", "industryGroups", 20, ("createContact", COMPANY | {"addIndustryGroups": None})),
    Kind("JobResponsibility", "jobResponsibilities", 20, ("createContact", PERSON | {"addJobResponsibilities": None})),
    Kind("BusinessRelation", "businessRelations", 20, ("createContact", COMPANY | {"addBusinessRelations": None})),
    Kind("OrganizationalLevel", "organizationalLevels", 10, ("createContact", PERSON | {"organizationalLevel": None})),
    Kind("Salutation", "salutations", 10, ("createContact", PERSON | {"salutation": None})),
    Kind("CampaignStatus", "campaignStatuses", 10, ("createCampaign", {"no": "CP1", "status": None}), "1 campaign"),
]
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


async def listed(graphql: GraphQL, kind: Kind) -> list[tuple[str, str]]:
    data = await graphql(f"{{ {kind.list} {{ nodes {{ code description }} }} }}")
    return [(node["code"], node["description"]) for node in data[kind.list]["nodes"]]


async def use(change: Change, kind: Kind, code: str = "A") -> None:
    mutation, input_ = kind.use(code)
    await change(mutation, input_)


@every_kind
async def test_2_a_code_is_upper_case_and_has_a_description(change: Change, graphql: GraphQL, kind: Kind) -> None:
    longest = "B" * kind.length
    shown = f"{kind.field} {{ id code description }}"
    created = await change(f"create{kind.name}", {"code": " b1 ", "description": "Second"}, shown)
    await change(f"create{kind.name}", {"code": longest})
    await change(f"create{kind.name}", {"code": "a", "description": "d" * 100})

    assert await listed(graphql, kind) == [("A", "d" * 100), ("B1", "Second"), (longest, "")]
    node = await graphql("query ($id: ID!) { node(id: $id) { __typename id } }", {"id": created[kind.field]["id"]})
    assert node["node"] == {"__typename": kind.name, "id": created[kind.field]["id"]}


@every_kind
async def test_2_a_code_is_unique_and_not_too_long(change: Change, refused: Refused, kind: Kind) -> None:
    create, update = f"create{kind.name}", f"update{kind.name}"
    for code in ("A", "B"):
        await change(create, {"code": code})

    too_long = "C" * (kind.length + 1)
    assert "A exists already" in await refused("ALREADY_EXISTS", ["code"], create, {"code": "a"})
    await refused("INVALID_INPUT", ["code"], create, {"code": too_long})
    assert "B exists already" in await refused("ALREADY_EXISTS", ["newCode"], update, {"code": "A", "newCode": "b"})
    await refused("INVALID_INPUT", ["newCode"], update, {"code": "A", "newCode": too_long})


async def test_2_a_code_is_not_blank_and_its_description_not_too_long(change: Change, refused: Refused) -> None:
    await change("createMailingGroup", {"code": "A", "description": "First"})

    await refused("VALUE_REQUIRED", ["code"], "createMailingGroup", {"code": "  "})
    await refused("INVALID_INPUT", ["description"], "createMailingGroup", {"code": "C", "description": "d" * 101})
    await refused("VALUE_REQUIRED", ["newCode"], "updateMailingGroup", {"code": "A", "newCode": None})
    wrong = {"code": "A", "newCode": "C", "description": "d" * 101}
    await refused("INVALID_INPUT", ["description"], "updateMailingGroup", wrong)
    for mutation in ("updateMailingGroup", "deleteMailingGroup"):
        await refused("NOT_FOUND", ["code"], mutation, {"code": "NONE"})
        await refused("VALUE_REQUIRED", ["code"], mutation, {"code": ""})


@every_kind
async def test_2_a_code_that_is_in_use_cannot_be_deleted(
    change: Change, refused: Refused, graphql: GraphQL, kind: Kind
) -> None:
    for code in ("A", "B"):
        await change(f"create{kind.name}", {"code": code})
    await use(change, kind)

    message = await refused("IN_USE", ["code"], f"delete{kind.name}", {"code": "A"})
    deleted = await change(f"delete{kind.name}", {"code": "b"}, "deletedCode deletedId")

    assert f" A cannot be deleted: it is in use by {kind.used_by}." in message
    assert deleted["deletedCode"] == "B"
    assert deleted["deletedId"]
    assert await listed(graphql, kind) == [("A", "")]


@every_kind
async def test_2_a_renamed_code_is_followed_by_whatever_has_it(
    change: Change, refused: Refused, graphql: GraphQL, kind: Kind
) -> None:
    await change(f"create{kind.name}", {"code": "A", "description": "First"})
    await use(change, kind)

    shown = f"{kind.field} {{ code description }}"
    renamed = await change(f"update{kind.name}", {"code": "a", "newCode": " z "}, shown)

    assert renamed[kind.field] == {"code": "Z", "description": "First"}
    assert await listed(graphql, kind) == [("Z", "First")]
    message = await refused("IN_USE", ["code"], f"delete{kind.name}", {"code": "Z"})
    assert kind.used_by in message
    await change(f"create{kind.name}", {"code": "A"})
    await change(f"delete{kind.name}", {"code": "A"})


@every_kind
async def test_2_a_description_changes_alone_and_null_makes_it_blank(
    change: Change, graphql: GraphQL, kind: Kind
) -> None:
    await change(f"create{kind.name}", {"code": "A", "description": "First"})

    await change(f"update{kind.name}", {"code": "A", "description": "Best"})
    assert await listed(graphql, kind) == [("A", "Best")]
    await change(f"update{kind.name}", {"code": "A"})
    assert await listed(graphql, kind) == [("A", "Best")]
    await change(f"update{kind.name}", {"code": "A", "description": None})
    assert await listed(graphql, kind) == [("A", "")]


async def test_2_a_change_that_changes_nothing_is_not_noted(change: Change, given: Given) -> None:
    await change("createMailingGroup", {"code": "A", "description": "First"})
    before = await given.all(change_table, "seq", "operation")

    await change("updateMailingGroup", {"code": "A", "newCode": "a", "description": "First"})

    assert await given.all(change_table, "seq", "operation") == before


async def test_2_renaming_notes_the_range_of_contacts_that_follow(change: Change, given: Given) -> None:
    await change("createMailingGroup", {"code": "A"})
    for no, groups in (("C1", ["A"]), ("C2", []), ("C3", ["A"]), ("C4", [])):
        await change("createContact", {"no": no, "name": no, "addMailingGroups": groups})

    await change("updateMailingGroup", {"code": "A", "newCode": "B"})

    columns = ("object", "object_code", "first_id", "last_id", "row_count", "operation")
    noted = [row[:5] for row in await given.all(change_table, *columns) if row[5] == "updateMailingGroup"]
    first, last = await given.key("C1"), await given.key("C3")
    assert noted == [
        ("contact", None, first, last, 2),
        ("mailing_group", "A", None, None, 1),
        ("mailing_group", "B", None, None, 1),
    ]
    assert await given.all(contact, "no", "version") == [("C1", 2), ("C2", 1), ("C3", 2), ("C4", 1)]


async def test_2_the_marketing_setup_keeps_a_code_from_being_deleted(change: Change, refused: Refused) -> None:
    await change("createBusinessRelation", {"code": "CUST"})
    await change("createSalutation", {"code": "MR"})
    await change("updateMarketingSetup", {"customerRelation": "CUST", "defaultPersonSalutation": "MR"})

    for mutation, code in (("deleteBusinessRelation", "CUST"), ("deleteSalutation", "MR")):
        assert "1 marketing setup" in await refused("IN_USE", ["code"], mutation, {"code": code})


async def test_2_renaming_a_status_changes_the_campaigns_that_have_it(change: Change, graphql: GraphQL) -> None:
    for code in ("PLAN", "DONE"):
        await change("createCampaignStatus", {"code": code})
    for no, status in (("CP1", "PLAN"), ("CP2", "DONE"), ("CP3", "PLAN")):
        await change("createCampaign", {"no": no, "status": status})

    await change("updateCampaignStatus", {"code": "PLAN", "newCode": "IDEA"})

    data = await graphql("{ campaigns { nodes { no version } } campaignStatuses { nodes { code campaignCount } } }")
    assert [node["version"] for node in data["campaigns"]["nodes"]] == [2, 1, 2]
    counted = [(node["code"], node["campaignCount"]) for node in data["campaignStatuses"]["nodes"]]
    assert counted == [("DONE", 1), ("IDEA", 2)]


async def test_2_two_who_delete_and_use_a_code_at_once_never_leave_it_dangling(
    change: Change, graphql: GraphQL
) -> None:
    """Whoever comes second is refused; nobody ends with a code that is not there."""
    await change("createContact", {"no": "C1", "name": "Ann Hill", "type": "PERSON"})
    delete = """mutation { deleteOrganizationalLevel(input: {code: "CEO"}) { userErrors { code } } }"""
    use_it = """mutation { updateContact(input: {no: "C1", organizationalLevel: "CEO"}) { userErrors { code } } }"""
    for _ in range(3):
        await change("createOrganizationalLevel", {"code": "CEO"})
        deleted, used = await asyncio.gather(graphql(delete), graphql(use_it))
        errors = [
            [error["code"] for error in deleted["deleteOrganizationalLevel"]["userErrors"]],
            [error["code"] for error in used["updateContact"]["userErrors"]],
        ]
        assert errors in ([["IN_USE"], []], [[], ["NOT_FOUND"]])
        if errors[0]:
            await change("updateContact", {"no": "C1", "organizationalLevel": None})
            await change("deleteOrganizationalLevel", {"code": "CEO"})

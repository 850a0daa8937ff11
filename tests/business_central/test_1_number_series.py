"""Numbers of new contacts, segments and campaigns: typed, or the next of the series that the setup names."""

import asyncio
from typing import Any

import pytest

from tests.business_central.conftest import Change, Refused
from tests.conftest import GraphQL

FIRST = {"contact": "CT000001", "segment": "SM00001", "campaign": "CP0001"}
"""The first number of each kind of object."""
SERIES = "numberSeries { code prefix digits lastNumber manualAllowed }"


async def new_contact(change: Change, no: str | None = None) -> str:
    payload = await change("createContact", {"name": "Ann", "no": no}, "contact { no }")
    number: str = payload["contact"]["no"]
    return number


async def create(change: Change, kind: str, no: str | None = None) -> str:
    """Create an object of a kind and return its number."""
    payload = await change(f"create{kind.title()}", {"no": no}, f"{kind} {{ no }}")
    number: str = payload[kind]["no"]
    return number


@pytest.mark.parametrize("kind", FIRST)
async def test_1_a_blank_number_takes_the_next_of_its_series(change: Change, kind: str) -> None:
    assert [await create(change, kind, no) for no in (None, "")] == [FIRST[kind], f"{FIRST[kind][:-1]}2"]


@pytest.mark.parametrize("kind", FIRST)
async def test_1_without_a_series_a_blank_number_is_refused(change: Change, refused: Refused, kind: str) -> None:
    await change("updateMarketingSetup", {f"{kind}Series": None})
    message = await refused("SETUP_INCOMPLETE", ["no"], f"create{kind.title()}", {})
    assert f"set {kind}Series" in message
    assert await create(change, kind, "mine") == "MINE"


@pytest.mark.parametrize("kind", FIRST)
async def test_1_a_typed_number_needs_a_series_that_allows_it(change: Change, refused: Refused, kind: str) -> None:
    await change("updateNumberSeries", {"code": kind, "manualAllowed": False})
    message = await refused("NUMBER_NOT_TYPED", ["no"], f"create{kind.title()}", {"no": "MINE"})
    assert kind.upper() in message
    assert await create(change, kind) == FIRST[kind]


async def test_1_a_number_that_is_taken_is_refused(change: Change, refused: Refused) -> None:
    await new_contact(change, "ACME")
    await refused("ALREADY_EXISTS", ["no"], "createContact", {"name": "Ann", "no": " acme "})
    await refused("INVALID_INPUT", ["no"], "createContact", {"name": "Ann", "no": "A" * 21})


async def test_1_the_series_goes_on_to_the_next_number_that_is_free(change: Change) -> None:
    await new_contact(change, "ct000001")
    await new_contact(change, "CT000002")
    await new_contact(change, "CT000004")
    assert [await new_contact(change) for _ in range(2)] == ["CT000003", "CT000005"]


async def test_1_contacts_that_are_created_at_once_get_different_numbers(change: Change) -> None:
    numbers = await asyncio.gather(*(new_contact(change) for _ in range(8)))
    assert sorted(numbers) == [f"CT00000{number}" for number in range(1, 9)]


async def test_1_the_setup_names_the_series_of_each_kind(change: Change, graphql: GraphQL) -> None:
    await change("createNumberSeries", {"code": "all", "prefix": "k-", "digits": 3, "lastNumber": 41})
    await change("updateMarketingSetup", {"contactSeries": "ALL", "campaignSeries": "ALL"})
    assert await new_contact(change) == "K-042"
    campaign = await change("createCampaign", {}, "campaign { no }")
    assert campaign["campaign"]["no"] == "K-043"
    setup = await graphql(f"{{ marketingSetup {{ campaignSeries {SERIES.removeprefix('numberSeries')} }} }}")
    assert setup["marketingSetup"]["campaignSeries"]["lastNumber"] == 43


async def test_1_a_series_begins_with_defaults(change: Change, graphql: GraphQL) -> None:
    payload = await change("createNumberSeries", {"code": " new "}, SERIES)
    expected = {"code": "NEW", "prefix": "", "digits": 6, "lastNumber": 0, "manualAllowed": False}
    assert payload["numberSeries"] == expected
    listed = await graphql("{ numberSeries { nodes { code } totalCount } }")
    assert listed["numberSeries"] == {
        "nodes": [{"code": code} for code in ("CAMPAIGN", "CONTACT", "NEW", "SEGMENT")],
        "totalCount": 4,
    }


@pytest.mark.parametrize(
    ("code", "path", "values"),
    [
        ("VALUE_REQUIRED", "code", {"code": " "}),
        ("ALREADY_EXISTS", "code", {"code": "contact"}),
        ("INVALID_INPUT", "code", {"code": "A" * 21}),
        ("INVALID_INPUT", "prefix", {"code": "A", "prefix": "P" * 11}),
        ("INVALID_INPUT", "digits", {"code": "A", "digits": 0}),
        ("INVALID_INPUT", "digits", {"code": "A", "digits": 11}),
        ("INVALID_INPUT", "lastNumber", {"code": "A", "lastNumber": -1}),
    ],
)
async def test_1_a_series_that_cannot_be_is_refused(
    refused: Refused, code: str, path: str, values: dict[str, Any]
) -> None:
    await refused(code, [path], "createNumberSeries", values)


async def test_1_a_series_can_be_changed(change: Change, refused: Refused) -> None:
    await new_contact(change)
    payload = await change(
        "updateNumberSeries",
        {"code": "CONTACT", "prefix": "", "digits": 2, "lastNumber": 8, "manualAllowed": None},
        SERIES,
    )
    changed = {"code": "CONTACT", "prefix": "", "digits": 2, "lastNumber": 8, "manualAllowed": True}
    assert payload["numberSeries"] == changed
    assert [await new_contact(change) for _ in range(2)] == ["09", "10"]
    await change("updateNumberSeries", {"code": "CONTACT", "lastNumber": 0})
    assert [await new_contact(change) for _ in range(2)] == ["01", "02"]
    await refused("NOT_FOUND", ["code"], "updateNumberSeries", {"code": "NONE"})
    await refused("INVALID_INPUT", ["digits"], "updateNumberSeries", {"code": "CONTACT", "digits": 11})


async def test_1_a_series_ends_with_its_largest_number(change: Change, refused: Refused) -> None:
    await change("updateNumberSeries", {"code": "CONTACT", "lastNumber": 2_147_483_645})
    assert [await new_contact(change) for _ in range(2)] == ["CT2147483646", "CT2147483647"]
    message = await refused("SETUP_INCOMPLETE", ["no"], "createContact", {"name": "Ann"})
    assert "2,147,483,647" in message


async def test_1_the_setup_follows_the_new_code_of_a_series(change: Change, refused: Refused, graphql: GraphQL) -> None:
    payload = await change("updateNumberSeries", {"code": "contact", "newCode": "people"}, SERIES)
    assert payload["numberSeries"]["code"] == "PEOPLE"
    setup = await graphql("{ marketingSetup { contactSeries { code } } }")
    assert setup["marketingSetup"]["contactSeries"] == {"code": "PEOPLE"}
    assert await new_contact(change) == "CT000001"
    await refused("ALREADY_EXISTS", ["newCode"], "updateNumberSeries", {"code": "PEOPLE", "newCode": "segment"})
    await refused("VALUE_REQUIRED", ["newCode"], "updateNumberSeries", {"code": "PEOPLE", "newCode": None})


async def test_1_a_series_that_the_setup_names_cannot_be_deleted(
    change: Change, refused: Refused, graphql: GraphQL
) -> None:
    await change("updateMarketingSetup", {"segmentSeries": "CONTACT"})
    message = await refused("IN_USE", ["code"], "deleteNumberSeries", {"code": "contact"})
    assert "contactSeries, segmentSeries" in message
    await new_contact(change)
    await change("updateMarketingSetup", {"segmentSeries": "SEGMENT", "contactSeries": ""})
    deleted = await change("deleteNumberSeries", {"code": "CONTACT"}, "deletedId")
    found = await graphql(
        'query ($id: ID!) { node(id: $id) { id } contact(no: "CT000001") { no } }', {"id": deleted["deletedId"]}
    )
    assert found == {"node": None, "contact": {"no": "CT000001"}}
    await refused("NOT_FOUND", ["code"], "deleteNumberSeries", {"code": "CONTACT"})

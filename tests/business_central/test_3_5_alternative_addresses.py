"""Alternative addresses of contacts, and the periods in which they are the ones to use."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from server.clock import Moment
from server.store.database import Database
from server.store.tables import change as change_log
from server.store.tables import contact, contact_address, contact_address_period
from tests.business_central.conftest import Change, Refused
from tests.conftest import GraphQL

FIELDS = "code companyName address address2 postCode city county country phone mobilePhone email"
SUMMER = {
    "code": "SUMMER",
    "companyName": "Harper by the Sea",
    "address": "Strandweg 1",
    "address2": "Back door",
    "postCode": "18374",
    "city": "Zingst",
    "county": "Vorpommern",
    "country": "DE",
    "phone": "+49 38232 1",
    "mobilePhone": "+49 170 1",
    "email": "ann@sea.example;harper@sea.example",
}
BLANK = {**dict.fromkeys(FIELDS.split(), ""), "country": None}


@pytest.fixture(autouse=True)
async def _ann(change: Change) -> None:
    await change("createContact", {"no": "ANN", "type": "PERSON", "name": "Ann Harper"})


async def new_address(change: Change, code: str, **values: Any) -> None:
    await change("createContactAddress", {"contactNo": "ANN", "code": code, **values})


async def set_period(change: Change, code: str, starting_on: str, ending_on: str | None = None) -> None:
    period = {"contactNo": "ANN", "code": code, "startingOn": starting_on, "endingOn": ending_on}
    await change("setContactAddressPeriod", period)


async def active(graphql: GraphQL, *days: str) -> list[str | None]:
    """Return the code of the address that holds on each day."""
    fields = " ".join(f'd{place}: addressOn(on: "{day}") {{ code }}' for place, day in enumerate(days))
    found = (await graphql(f'{{ contact(no: "ANN") {{ {fields} }} }}'))["contact"]
    return [found[f"d{place}"] and found[f"d{place}"]["code"] for place in range(len(days))]


async def addresses(graphql: GraphQL) -> dict[str, Any]:
    data = await graphql(
        f'{{ contact(no: "ANN") {{ addresses {{ nodes {{ {FIELDS} }} totalCount }}'
        " addressPeriods { nodes { startingOn endingOn code } } } }"
    )
    found: dict[str, Any] = data["contact"]
    return found


async def test_3_5_a_contact_has_addresses_with_phone_and_e_mail_of_their_own(change: Change, graphql: GraphQL) -> None:
    payload = await change(
        "createContactAddress",
        {
            "contactNo": " ann ",
            **SUMMER,
            "code": " summer ",
            "country": "de",
            "email": "ann@sea.example; harper@sea.example",
        },
        f"contact {{ no addresses {{ nodes {{ {FIELDS} }} }} }}",
    )
    assert payload["contact"] == {"no": "ANN", "addresses": {"nodes": [SUMMER]}}
    await new_address(change, "OFFICE")
    assert (await addresses(graphql))["addresses"] == {"nodes": [{**BLANK, "code": "OFFICE"}, SUMMER], "totalCount": 2}


async def test_3_5_an_address_can_be_changed(change: Change, graphql: GraphQL) -> None:
    await new_address(change, **SUMMER)
    await change("updateContactAddress", {"contactNo": "ANN", "code": "summer", "city": "Prerow", "phone": None})
    assert (await addresses(graphql))["addresses"]["nodes"] == [{**SUMMER, "city": "Prerow", "phone": ""}]


@pytest.mark.parametrize(
    ("code", "field", "values"),
    [
        ("NOT_FOUND", "contactNo", {"contactNo": "NONE"}),
        ("VALUE_REQUIRED", "contactNo", {"contactNo": ""}),
        ("VALUE_REQUIRED", "code", {"code": " "}),
        ("INVALID_INPUT", "code", {"code": "A" * 11}),
        ("ALREADY_EXISTS", "code", {"code": "summer"}),
        ("INVALID_INPUT", "phone", {"phone": "call me"}),
        ("INVALID_INPUT", "mobilePhone", {"mobilePhone": "call me"}),
        ("INVALID_INPUT", "email", {"email": "ann@sea.example, ann@example"}),
        ("INVALID_INPUT", "country", {"country": "A" * 11}),
        ("INVALID_INPUT", "companyName", {"companyName": "A" * 101}),
        ("CONFLICT", "expectedVersion", {"expectedVersion": 1}),
    ],
)
async def test_3_5_an_address_that_cannot_be_is_refused(
    change: Change, refused: Refused, code: str, field: str, values: dict[str, Any]
) -> None:
    await new_address(change, **SUMMER)
    await refused(code, [field], "createContactAddress", {"contactNo": "ANN", "code": "B", **values})


async def test_3_5_an_address_that_is_not_there_is_refused(change: Change, refused: Refused) -> None:
    await change("createContact", {"no": "BOB", "type": "PERSON"})
    await new_address(change, **SUMMER)
    of_bob = {"contactNo": "BOB", "code": "SUMMER"}
    await refused("NOT_FOUND", ["code"], "updateContactAddress", of_bob)
    await refused("NOT_FOUND", ["code"], "deleteContactAddress", of_bob)
    await refused("NOT_FOUND", ["code"], "setContactAddressPeriod", {**of_bob, "startingOn": "2026-07-01"})
    await refused(
        "NOT_FOUND", ["startingOn"], "deleteContactAddressPeriod", {"contactNo": "ANN", "startingOn": "2026-07-01"}
    )


async def test_3_5_the_period_that_began_last_says_the_address_of_a_day(change: Change, graphql: GraphQL) -> None:
    await new_address(change, "OFFICE")
    await new_address(change, **SUMMER)
    await set_period(change, "OFFICE", "2026-06-01")
    await set_period(change, "SUMMER", "2026-07-01", "2026-07-31")
    days = ("2026-05-31", "2026-06-01", "2026-06-30", "2026-07-01", "2026-07-31", "2026-08-01", "2099-01-01")
    assert await active(graphql, *days) == [None, "OFFICE", "OFFICE", "SUMMER", "SUMMER", "OFFICE", "OFFICE"]


async def test_3_5_a_period_of_one_day_holds_on_that_day(change: Change, graphql: GraphQL) -> None:
    await new_address(change, "FAIR")
    await set_period(change, "FAIR", "2026-09-02", "2026-09-02")
    assert await active(graphql, "2026-09-01", "2026-09-02", "2026-09-03") == [None, "FAIR", None]


async def test_3_5_the_address_of_today_is_shown_without_a_day(
    change: Change, graphql: GraphQL, moment: Moment
) -> None:
    await new_address(change, **SUMMER)
    await set_period(change, "SUMMER", str(moment.today), str(moment.today))
    shown = await graphql(f'{{ contact(no: "ANN") {{ addressOn {{ {FIELDS} }} }} }}')
    assert shown["contact"]["addressOn"] == SUMMER


async def test_3_5_a_period_must_not_end_before_it_starts(change: Change, refused: Refused) -> None:
    await new_address(change, **SUMMER)
    period = {"contactNo": "ANN", "code": "SUMMER", "startingOn": "2026-07-01", "endingOn": "2026-06-30"}
    message = await refused("INVALID_INPUT", ["endingOn"], "setContactAddressPeriod", period)
    assert "2026-06-30" in message


async def test_3_5_a_contact_has_one_period_for_each_first_day(change: Change, graphql: GraphQL) -> None:
    await new_address(change, "OFFICE")
    await new_address(change, **SUMMER)
    await set_period(change, "SUMMER", "2026-07-01", "2026-07-31")
    await set_period(change, "SUMMER", "2026-01-01", "2026-01-31")
    await set_period(change, "OFFICE", "2026-07-01")
    assert (await addresses(graphql))["addressPeriods"]["nodes"] == [
        {"startingOn": "2026-01-01", "endingOn": "2026-01-31", "code": "SUMMER"},
        {"startingOn": "2026-07-01", "endingOn": None, "code": "OFFICE"},
    ]


async def test_3_5_a_period_can_be_deleted(change: Change, graphql: GraphQL) -> None:
    await new_address(change, **SUMMER)
    for first in ("2026-07-01", "2027-07-01"):
        await set_period(change, "SUMMER", first, first)
    await change("deleteContactAddressPeriod", {"contactNo": "ANN", "startingOn": "2026-07-01"})
    assert await active(graphql, "2026-07-01", "2027-07-01") == [None, "SUMMER"]
    assert (await addresses(graphql))["addresses"]["totalCount"] == 1


async def test_3_5_each_contact_has_addresses_and_periods_of_its_own(change: Change, graphql: GraphQL) -> None:
    await change("createContact", {"no": "BOB", "type": "PERSON"})
    for no, city in (("ANN", "Zingst"), ("BOB", "Oslo")):
        await change("createContactAddress", {"contactNo": no, "code": "HOME", "city": city})
        for first in ("2026-07-01", "2026-08-01"):
            await change("setContactAddressPeriod", {"contactNo": no, "code": "HOME", "startingOn": first})
    await change("updateContactAddress", {"contactNo": "ANN", "code": "HOME", "city": "Prerow", "newCode": "SEA"})
    end = {"contactNo": "ANN", "code": "SEA", "startingOn": "2026-07-01", "endingOn": "2026-07-31"}
    await change("setContactAddressPeriod", end)
    await change("deleteContactAddressPeriod", {"contactNo": "ANN", "startingOn": "2026-08-01"})
    fields = "addresses { nodes { code city } } addressPeriods { nodes { code startingOn endingOn } }"
    found = await graphql(f'{{ ann: contact(no: "ANN") {{ {fields} }} bob: contact(no: "BOB") {{ {fields} }} }}')
    assert found == {
        "ann": {
            "addresses": {"nodes": [{"code": "SEA", "city": "Prerow"}]},
            "addressPeriods": {"nodes": [{"code": "SEA", "startingOn": "2026-07-01", "endingOn": "2026-07-31"}]},
        },
        "bob": {
            "addresses": {"nodes": [{"code": "HOME", "city": "Oslo"}]},
            "addressPeriods": {
                "nodes": [
                    {"code": "HOME", "startingOn": "2026-07-01", "endingOn": None},
                    {"code": "HOME", "startingOn": "2026-08-01", "endingOn": None},
                ]
            },
        },
    }
    await change("deleteContactAddress", {"contactNo": "ANN", "code": "SEA"})
    assert await graphql(f'{{ bob: contact(no: "BOB") {{ {fields} }} }}') == {"bob": found["bob"]}


async def test_3_5_deleting_an_address_deletes_its_periods(change: Change, graphql: GraphQL) -> None:
    await new_address(change, "OFFICE")
    await new_address(change, **SUMMER)
    await set_period(change, "OFFICE", "2026-01-01")
    await set_period(change, "SUMMER", "2026-07-01")
    await change("deleteContactAddress", {"contactNo": "ANN", "code": "summer"})
    office = {"startingOn": "2026-01-01", "endingOn": None, "code": "OFFICE"}
    assert (await addresses(graphql))["addressPeriods"]["nodes"] == [office]
    assert await active(graphql, "2026-07-01") == ["OFFICE"]


async def test_3_5_deleting_a_contact_deletes_its_addresses(change: Change, database: Database) -> None:
    await new_address(change, **SUMMER)
    await set_period(change, "SUMMER", "2026-07-01")
    await change("deleteContact", {"no": "ANN"})
    async with database.read() as connection:
        for table in (contact_address, contact_address_period):
            assert await connection.scalar(select(func.count()).select_from(table)) == 0


async def test_3_5_periods_follow_the_new_code_of_an_address(
    change: Change, refused: Refused, graphql: GraphQL
) -> None:
    await new_address(change, "OFFICE")
    await new_address(change, **SUMMER)
    await set_period(change, "SUMMER", "2026-07-01")
    await change("updateContactAddress", {"contactNo": "ANN", "code": "SUMMER", "newCode": "sea"})
    assert await active(graphql, "2026-07-01") == ["SEA"]
    assert (await addresses(graphql))["addresses"]["nodes"][1] == {**SUMMER, "code": "SEA"}
    rename = {"contactNo": "ANN", "code": "SEA", "newCode": "office"}
    await refused("ALREADY_EXISTS", ["newCode"], "updateContactAddress", rename)
    await refused("VALUE_REQUIRED", ["newCode"], "updateContactAddress", {**rename, "newCode": ""})


async def noted(graphql: GraphQL) -> dict[str, list[tuple[str, str | None]]]:
    """Return which address the lines of segments and the interactions of each contact note, by line."""
    noted = "alternativeAddress contact { no }"
    data = await graphql(
        f"{{ segments {{ nodes {{ lines {{ nodes {{ {noted} }} }} }} }} interactions {{ nodes {{ {noted} }} }} }}"
    )
    lines = [line for segment in data["segments"]["nodes"] for line in segment["lines"]["nodes"]]
    return {
        name: [(row["contact"]["no"], row["alternativeAddress"]) for row in rows]
        for name, rows in (("lines", lines), ("interactions", data["interactions"]["nodes"]))
    }


async def test_3_5_lines_and_interactions_note_the_address_of_their_day(change: Change, graphql: GraphQL) -> None:
    await change("createContact", {"no": "BOB", "type": "PERSON"})
    for no in ("ANN", "BOB"):
        await change("createContactAddress", {"contactNo": no, "code": "SEA"})
        await change("setContactAddressPeriod", {"contactNo": no, "code": "SEA", "startingOn": "2026-07-01"})
    await change("createInteractionTemplate", {"code": "CALL", "description": "A call"})
    await change("createSalesperson", {"code": "AH"})
    for day in ("2026-06-30", "2026-07-01"):
        segment = await change("createSegment", {"on": day}, "segment { no }")
        no = segment["segment"]["no"]
        await change("addSegmentLines", {"segmentNo": no, "contactNos": ["ANN", "BOB"]})
        await change("logInteraction", {"contactNo": "ANN", "template": "CALL", "salesperson": "AH", "on": day})
    both = {
        "lines": [("ANN", None), ("BOB", None), ("ANN", "SEA"), ("BOB", "SEA")],
        "interactions": [("ANN", "SEA"), ("ANN", None)],
    }
    assert await noted(graphql) == both
    await change("updateContactAddress", {"contactNo": "ANN", "code": "SEA", "newCode": "BEACH"})
    renamed = {
        "lines": [("ANN", None), ("BOB", None), ("ANN", "BEACH"), ("BOB", "SEA")],
        "interactions": [("ANN", "BEACH"), ("ANN", None)],
    }
    assert await noted(graphql) == renamed


async def test_3_5_lines_note_another_address_when_theirs_is_deleted_and_interactions_keep_it(
    change: Change, graphql: GraphQL
) -> None:
    await change("createContact", {"no": "BOB", "type": "PERSON"})
    for no, codes in (("ANN", ("HOME", "SEA")), ("BOB", ("SEA",))):
        for code, first in zip(codes, ("2026-05-01", "2026-07-01")[-len(codes) :], strict=True):
            await change("createContactAddress", {"contactNo": no, "code": code})
            await change("setContactAddressPeriod", {"contactNo": no, "code": code, "startingOn": first})
    await change("createInteractionTemplate", {"code": "CALL", "description": "A call"})
    await change("createSalesperson", {"code": "AH"})
    call = {"contactNo": "ANN", "template": "CALL", "salesperson": "AH", "on": "2026-07-01"}
    await change("logInteraction", call)
    await change("createSegment", {"no": "S1", "on": "2026-07-01"})
    await change("addSegmentLines", {"segmentNo": "S1", "contactNos": ["ANN", "BOB"]})
    twice = {"segmentNo": "S1", "contactNos": ["ANN", "ANN"], "allowExistingContacts": True}
    await change("addSegmentLines", twice)
    await change("updateSegmentLine", {"segmentNo": "S1", "lineNo": 30, "on": "2026-08-01"})
    await change(
        "setContactAddressPeriod",
        {"contactNo": "ANN", "code": "HOME", "startingOn": "2026-05-01", "endingOn": "2026-07-31"},
    )
    await change("undoSegmentAction", {"segmentNo": "S1"})
    await change("deleteContactAddress", {"contactNo": "ANN", "code": "SEA"})
    await change("redoSegmentAction", {"segmentNo": "S1"})
    assert await noted(graphql) == {
        "lines": [("ANN", "HOME"), ("BOB", "SEA"), ("ANN", None), ("ANN", "HOME")],
        "interactions": [("ANN", "SEA")],
    }


@pytest.mark.parametrize(
    ("mutation", "values"),
    [
        ("createContactAddress", {"code": "OFFICE"}),
        ("updateContactAddress", {"code": "SUMMER", "city": "Prerow"}),
        ("deleteContactAddress", {"code": "SUMMER"}),
        ("setContactAddressPeriod", {"code": "SUMMER", "startingOn": "2026-07-01", "endingOn": "2026-07-30"}),
        ("deleteContactAddressPeriod", {"startingOn": "2026-07-01"}),
    ],
)
async def test_3_5_changing_an_address_changes_the_contact(
    change: Change, refused: Refused, database: Database, mutation: str, values: dict[str, Any]
) -> None:
    await new_address(change, **SUMMER)
    await set_period(change, "SUMMER", "2026-07-01")
    given = {"contactNo": "ANN", **values}
    await refused("CONFLICT", ["expectedVersion"], mutation, {**given, "expectedVersion": 2})
    payload = await change(mutation, {**given, "expectedVersion": 3}, "contact { version }")
    assert payload["contact"]["version"] == 4
    async with database.read() as connection:
        log = select(change_log.c.operation, change_log.c.object, change_log.c.fields).order_by(change_log.c.seq.desc())
        assert tuple((await connection.execute(log.limit(1))).one()) == (
            mutation,
            "contact",
            ["addresses", "modified_at"],
        )


async def test_3_5_a_change_that_changes_nothing_keeps_the_version(change: Change) -> None:
    await new_address(change, **SUMMER)
    await set_period(change, "SUMMER", "2026-07-01")
    for mutation, values in (
        ("updateContactAddress", {"code": "SUMMER", "newCode": "summer", "city": "Zingst"}),
        ("setContactAddressPeriod", {"code": "summer", "startingOn": "2026-07-01", "endingOn": None}),
    ):
        payload = await change(mutation, {"contactNo": "ANN", **values}, "contact { version }")
        assert payload["contact"]["version"] == 3


async def test_3_5_the_address_of_a_day_is_the_same_for_many_contacts_at_once(
    change: Change, graphql: GraphQL, database: Database, moment: Moment
) -> None:
    """Twelve contacts with random periods of three addresses, against the rule written in Python."""
    chance = random.Random(35)
    numbers = [f"P{place:02}" for place in range(12)]
    for no in numbers:
        await change("createContact", {"no": no, "type": "PERSON"})
    january = date(2026, 1, 1)
    periods: dict[str, list[tuple[date, date | None, str]]] = {}
    for no in numbers:
        first_days = chance.sample(range(30), chance.randrange(7))
        periods[no] = [
            (
                january + timedelta(first),
                chance.choice([None, january + timedelta(first + chance.randrange(10))]),
                chance.choice("ABC"),
            )
            for first in first_days
        ]
    async with database.write(actor="test", operation="test", moment=moment) as work:
        statement = select(contact.c.no, contact.c.id).where(contact.c.no.in_(numbers))
        keys = {row.no: row.id for row in await work.connection.execute(statement)}
        known = [{"contact_id": keys[no], "code": code} for no in numbers for code in "ABC"]
        await work.connection.execute(insert(contact_address), known)
        rows = [
            {"contact_id": keys[no], "starting_on": first, "ending_on": last, "code": code}
            for no, of_contact in periods.items()
            for first, last, code in of_contact
        ]
        await work.connection.execute(insert(contact_address_period), rows)
        work.record("test")

    days = [january + timedelta(day) for day in range(-1, 40)]
    fields = " ".join(f'd{place}: addressOn(on: "{day}") {{ code }}' for place, day in enumerate(days))
    shown = (await graphql(f"{{ contacts {{ nodes {{ no {fields} }} }} }}"))["contacts"]["nodes"]
    codes = {
        node["no"]: [node[f"d{place}"] and node[f"d{place}"]["code"] for place in range(len(days))] for node in shown
    }

    def expected(no: str, day: date) -> str | None:
        holding = [(first, code) for first, last, code in periods[no] if first <= day and (last is None or last >= day)]
        return max(holding)[1] if holding else None

    assert {no: codes[no] for no in numbers} == {no: [expected(no, day) for day in days] for no in numbers}
    assert len({code for of_contact in codes.values() for code in of_contact}) == 4

"""Creating a contact: defaults of the setup and of the user, and the name of a person and its parts."""

import httpx2
import pytest

from server.store.tables import change as change_log
from server.store.tables import salutation, user_setup
from tests.business_central.conftest import Change, Refused, document
from tests.business_central.given_contacts import Given

DEFAULTED = "salesperson { code } territory country language correspondenceType salutation"


@pytest.fixture(autouse=True)
async def codes(change: Change, given: Given) -> None:
    for code in ("AH", "BD"):
        await change("createSalesperson", {"code": code})
    await given.rows(salutation, {"code": "FIRM"}, {"code": "HUMAN"}, {"code": "MS"})


async def defaults(given: Given) -> None:
    await given.setup(
        default_salesperson="AH",
        default_territory="N",
        default_country="DE",
        default_language="DEU",
        default_correspondence_type="EMAIL",
        default_company_salutation="FIRM",
        default_person_salutation="HUMAN",
    )


async def defaulted(given: Given, no: str) -> list[str | None]:
    found = await given.contact(no, DEFAULTED)
    salesperson = found.pop("salesperson")
    return [salesperson and salesperson["code"], *found.values()]


async def test_3_3_a_new_contact_gets_the_defaults_of_the_setup_where_nothing_is_said(
    change: Change, given: Given
) -> None:
    await change("createContact", {"no": "C0"})
    assert await defaulted(given, "C0") == [None] * 6
    await defaults(given)
    await change("createContact", {"no": "C1"})
    await change("createContact", {"no": "P1", "type": "PERSON"})
    assert await defaulted(given, "C1") == ["AH", "N", "DE", "DEU", "EMAIL", "FIRM"]
    assert await defaulted(given, "P1") == ["AH", "N", "DE", "DEU", "EMAIL", "HUMAN"]


async def test_3_3_what_is_given_wins_over_the_defaults_and_null_means_blank(change: Change, given: Given) -> None:
    await defaults(given)
    said = {"salesperson": "BD", "territory": "S", "country": "FR", "language": "FRA", "salutation": "MS"}
    await change("createContact", {"no": "C1", "correspondenceType": "HARD_COPY", **said})
    assert await defaulted(given, "C1") == ["BD", "S", "FR", "FRA", "HARD_COPY", "MS"]
    nothing = dict.fromkeys([*said, "correspondenceType"])
    await change("createContact", {"no": "C2", **nothing})
    assert await defaulted(given, "C2") == [None] * 6
    await change("createContact", {"no": "C3", **dict.fromkeys(said, "")})
    assert await defaulted(given, "C3") == [None, None, None, None, "EMAIL", None]


async def test_3_3_the_salesperson_of_the_user_wins_over_that_of_the_setup(
    change: Change, given: Given, http: httpx2.AsyncClient
) -> None:
    await defaults(given)
    await given.rows(user_setup, {"name": "bea", "salesperson": "BD"}, {"name": "carl", "salesperson": None})
    for user, expected in (("bea", "BD"), ("carl", "AH"), ("nobody", "AH")):
        body = {"query": document("createContact", "contact { no }"), "variables": {"input": {"no": user}}}
        await http.post("/graphql", json=body, headers={"Tessera-User": user})
        assert (await defaulted(given, user))[0] == expected, user
    await given.setup(default_salesperson=None)
    await given.rows(user_setup, {"name": "anonymous", "salesperson": "BD"})
    await change("createContact", {"no": "C1"})
    await change("createContact", {"no": "C2", "salesperson": "AH"})
    assert [(await defaulted(given, no))[0] for no in ("C1", "C2")] == ["BD", "AH"]


async def test_3_3_a_default_salesperson_who_is_blocked_is_not_assigned(change: Change, given: Given) -> None:
    await change("createSalesperson", {"code": "GONE", "blocked": True})
    await change("createSalesperson", {"code": "HIDDEN", "privacyBlocked": True})
    await given.rows(user_setup, {"name": "anonymous", "salesperson": "HIDDEN"})
    await given.setup(default_salesperson="AH")
    await change("createContact", {"no": "C1"})
    await given.setup(default_salesperson="GONE")
    await change("createContact", {"no": "C2"})
    assert [(await defaulted(given, no))[0] for no in ("C1", "C2")] == ["AH", None]


async def test_3_3_an_update_fills_in_no_defaults(change: Change, given: Given) -> None:
    await change("createContact", {"no": "C1"})
    await defaults(given)
    await change("updateContact", {"no": "C1", "city": "Ulm"})
    assert await defaulted(given, "C1") == [None] * 6


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Cher", ["Cher", "", ""]),
        ("Ann Berg", ["Ann", "", "Berg"]),
        ("Ann Mary Berg", ["Ann", "Mary", "Berg"]),
        ("Ann Mary Lou de Berg", ["Ann Mary Lou", "de", "Berg"]),
        ("", ["", "", ""]),
    ],
)
async def test_3_3_the_name_of_a_person_is_split_into_its_parts(
    change: Change, given: Given, name: str, parts: list[str]
) -> None:
    await change("createContact", {"no": "P1", "type": "PERSON", "name": name})
    assert await given.values("P1", "firstName middleName surname") == parts
    await change("createContact", {"no": "P2", "type": "PERSON", "name": "Lea Tal"})
    await change("updateContact", {"no": "P2", "name": name})
    assert await given.values("P2", "firstName middleName surname") == parts


async def test_3_3_a_name_part_gives_the_name_anew(change: Change, given: Given) -> None:
    await change("createContact", {"no": "P1", "type": "PERSON", "firstName": "Ann", "surname": "Berg"})
    assert await given.values("P1", "name searchName") == ["Ann Berg", "ann berg"]
    await change("updateContact", {"no": "P1", "middleName": "Mary"})
    assert await given.values("P1", "name") == ["Ann Mary Berg"]
    await change("updateContact", {"no": "P1", "firstName": ""})
    assert await given.values("P1", "name") == ["Mary Berg"]


async def test_3_3_a_company_has_no_name_parts_and_is_its_own_company(
    change: Change, refused: Refused, given: Given
) -> None:
    await change("createContact", {"no": "C1", "name": "Ann Berg"})
    fields = "firstName middleName surname companyNo companyName"
    assert await given.values("C1", fields) == ["", "", "", "C1", "Ann Berg"]
    for field in ("firstName", "middleName", "surname", "jobTitle"):
        await refused("WRONG_CONTACT_TYPE", [field], "createContact", {field: "Ann"})
        await refused("WRONG_CONTACT_TYPE", [field], "updateContact", {"no": "C1", field: "Ann"})
    await change("createContact", {"no": "C2"})
    await refused("WRONG_CONTACT_TYPE", ["companyNo"], "createContact", {"companyNo": "C1"})
    await refused("WRONG_CONTACT_TYPE", ["companyNo"], "updateContact", {"no": "C2", "companyNo": "C1"})
    await refused("WRONG_CONTACT_TYPE", ["companyName"], "createContact", {"companyName": "Ann Berg"})
    await refused("WRONG_CONTACT_TYPE", ["companyName"], "updateContact", {"no": "C2", "companyName": "Ann Berg"})


async def test_3_3_a_change_is_stamped_and_noted_and_no_change_is_not(change: Change, given: Given) -> None:
    await change("createContact", {"no": "C1", "city": "Ulm"})
    assert await given.values("C1", "version createdAt modifiedAt") == [1, *["2026-11-23T12:00:00Z"] * 2]
    await change("updateContact", {"no": "C1", "city": "Ulm"})
    await change("updateContact", {"no": "C1", "city": "Bonn", "expectedVersion": 1})
    assert await given.values("C1", "version city") == [2, "Bonn"]
    noted = await given.all(change_log, "operation", "object", "fields")
    ours = [row for row in noted if row[1] == "contact"]
    assert ours == [("createContact", "contact", None), ("updateContact", "contact", ["city", "modified_at"])]


async def test_3_3_the_number_cannot_be_changed(change: Change, refused: Refused) -> None:
    await change("createContact", {"no": "C1"})
    await refused("NOT_FOUND", ["no"], "updateContact", {"no": "C2", "name": "Two"})
    await refused("VALUE_REQUIRED", ["no"], "updateContact", {"no": " ", "name": "Two"})
    await refused("CONFLICT", ["expectedVersion"], "updateContact", {"no": "C1", "name": "Two", "expectedVersion": 2})

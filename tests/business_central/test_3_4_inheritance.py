"""What persons take over from their company: when they join it, and when it changes later."""

import asyncio
from typing import Any

import pytest

from tests.business_central.conftest import Change
from tests.business_central.given_contacts import Given

ALWAYS = "salesperson { code } territory country language"
ADDRESS = "address address2 postCode city county"
COMMUNICATION = "phone mobilePhone email homePage correspondenceType"
ACME: dict[str, Any] = {
    "salesperson": "AH", "territory": "N", "country": "DE", "language": "DEU", "address": "Road 1",
    "address2": "Hall 3", "postCode": "10115", "city": "Berlin", "county": "BE", "phone": "1", "mobilePhone": "2",
    "email": "info@acme.test", "homePage": "acme.test", "correspondenceType": "HARD_COPY",
}  # fmt: skip
OF_ACME = ["AH", "N", "DE", "DEU"]
ADDRESS_OF_ACME = ["Road 1", "Hall 3", "10115", "Berlin", "BE"]
COMMUNICATION_OF_ACME = ["1", "2", "info@acme.test", "acme.test", "HARD_COPY"]
NO_COMMUNICATION = ["", "", "", "", None]


@pytest.fixture(autouse=True)
async def companies(change: Change) -> None:
    for code in ("AH", "BD"):
        await change("createSalesperson", {"code": code})
    await change("createContact", {"no": "ACME", "name": "Acme", **ACME})
    await change("createContact", {"no": "BETA", "name": "Beta", "city": "Ulm", "phone": "9", "country": "AT"})


async def person(change: Change, no: str, **values: Any) -> None:
    await change("createContact", {"no": no, "type": "PERSON", **values})


async def always(given: Given, no: str) -> list[Any]:
    found = await given.contact(no, ALWAYS)
    salesperson = found.pop("salesperson")
    return [salesperson and salesperson["code"], *found.values()]


async def test_3_4_a_person_takes_over_what_its_company_has(change: Change, given: Given) -> None:
    await person(change, "P1", companyNo="ACME")
    await person(change, "P2")
    await change("updateContact", {"no": "P2", "companyNo": "ACME"})
    for no in ("P1", "P2"):
        assert await given.values(no, "companyNo companyName") == ["ACME", "Acme"]
        assert await always(given, no) == OF_ACME
        assert await given.values(no, ADDRESS) == ADDRESS_OF_ACME
        assert await given.values(no, COMMUNICATION) == COMMUNICATION_OF_ACME


async def test_3_4_salesperson_territory_country_and_language_are_taken_over_whatever_the_person_has(
    change: Change, given: Given
) -> None:
    own = {"salesperson": "BD", "territory": "S", "country": "FR", "language": "FRA"}
    await person(change, "P1", **own)
    await change("updateContact", {"no": "P1", "companyNo": "ACME"})
    assert await always(given, "P1") == OF_ACME
    await change("updateContact", {"no": "P1", "companyNo": "BETA"})
    assert await always(given, "P1") == [None, None, "AT", None]


async def test_3_4_an_address_of_its_own_stays_and_a_blank_or_equal_one_is_replaced_whole(
    change: Change, given: Given
) -> None:
    await person(change, "OWN", address="Rue 2")
    await person(change, "CITY", city="Berlin")
    await person(change, "COUNTY", county="75")
    for no in ("OWN", "CITY", "COUNTY"):
        await change("updateContact", {"no": no, "companyNo": "ACME"})
    assert await given.values("OWN", ADDRESS) == ["Rue 2", "", "", "", ""]
    assert await given.values("CITY", ADDRESS) == ["", "", "", "Berlin", ""]
    assert await given.values("COUNTY", ADDRESS) == ADDRESS_OF_ACME  # the county is no part of the comparison
    await change("updateContact", {"no": "COUNTY", "companyNo": "BETA"})
    assert await given.values("COUNTY", ADDRESS) == ["", "", "", "Ulm", ""]
    await person(change, "P1", companyNo="ACME")
    await change("updateContact", {"no": "P1", "postCode": "1"})
    await change("updateContact", {"no": "P1", "companyNo": "BETA"})
    assert await given.values("P1", ADDRESS) == ["Road 1", "Hall 3", "1", "Berlin", "BE"]


async def test_3_4_communication_is_taken_over_one_by_one_where_blank_or_the_old_companys(
    change: Change, given: Given
) -> None:
    await person(change, "P1", phone="5", correspondenceType="EMAIL")
    await change("updateContact", {"no": "P1", "companyNo": "ACME"})
    assert await given.values("P1", COMMUNICATION) == ["5", "2", "info@acme.test", "acme.test", "EMAIL"]
    await change("updateContact", {"no": "P1", "phone": "1", "homePage": "own.test"})
    await change("updateContact", {"no": "P1", "companyNo": "BETA"})
    assert await given.values("P1", COMMUNICATION) == ["9", "", "", "own.test", "EMAIL"]


@pytest.mark.parametrize("field", ["salesperson", "territory", "country", "language"])
async def test_3_4_each_flag_of_the_setup_keeps_its_field_from_persons(
    change: Change, given: Given, field: str
) -> None:
    await given.setup(**{f"inherit_{field}": False})
    await person(change, "P1", companyNo="ACME")
    place = ["salesperson", "territory", "country", "language"].index(field)
    expected: list[str | None] = [*OF_ACME]
    expected[place] = None
    assert await always(given, "P1") == expected
    await change("updateContact", {"no": "ACME", field: None})
    await change("updateContact", {"no": "ACME", field: "BD"})
    assert await always(given, "P1") == expected
    await given.setup(**{f"inherit_{field}": True})
    await change("updateContact", {"no": "ACME", field: None})
    await change("updateContact", {"no": "ACME", field: "AH"})
    assert (await always(given, "P1"))[place] == "AH"


async def test_3_4_without_the_flag_of_addresses_persons_keep_theirs(change: Change, given: Given) -> None:
    await given.setup(inherit_address=False)
    await person(change, "P1", companyNo="ACME")
    assert await given.values("P1", ADDRESS) == [""] * 5
    assert await given.values("P1", COMMUNICATION) == COMMUNICATION_OF_ACME
    await change("updateContact", {"no": "BETA", "city": ""})
    await person(change, "P2", companyNo="BETA")
    await change("updateContact", {"no": "BETA", "city": "Bonn"})
    assert await given.values("P2", "city") == [""]


async def test_3_4_without_the_flag_of_communication_persons_keep_theirs(change: Change, given: Given) -> None:
    await given.setup(inherit_communication=False)
    await person(change, "P1", companyNo="ACME")
    assert await given.values("P1", COMMUNICATION) == NO_COMMUNICATION
    assert await given.values("P1", ADDRESS) == ADDRESS_OF_ACME
    blank = dict.fromkeys(["phone", "mobilePhone", "email", "homePage", "correspondenceType"])
    await change("updateContact", {"no": "ACME", **blank})
    await change("updateContact", {"no": "ACME", "phone": "7", "email": "new@acme.test"})
    assert await given.values("P1", COMMUNICATION) == NO_COMMUNICATION


async def test_3_4_inheritance_wins_over_the_defaults_which_fill_what_is_blank_then(
    change: Change, given: Given
) -> None:
    await given.setup(default_salesperson="BD", default_country="FR", default_language="FRA", default_territory="W")
    await person(change, "P1", companyNo="ACME")
    assert await always(given, "P1") == OF_ACME
    await change("createContact", {"no": "BLANK", "country": "CH", "salesperson": None, "language": None})
    await person(change, "P2", companyNo="BLANK")
    assert await always(given, "P2") == ["BD", "W", "CH", "FRA"]
    await given.setup(inherit_country=False)
    await person(change, "P3", companyNo="ACME")
    assert await always(given, "P3") == ["AH", "N", "FR", "DEU"]


async def test_3_4_what_is_given_wins_over_inheritance(change: Change, given: Given) -> None:
    await person(change, "P1", companyNo="ACME", country="FR", salesperson=None, phone="5", city="Lyon")
    assert await always(given, "P1") == [None, "N", "FR", "DEU"]
    assert await given.values("P1", "phone city address") == ["5", "Lyon", ""]


async def test_3_4_persons_always_show_the_new_name_of_their_company(change: Change, given: Given) -> None:
    await given.setup(
        inherit_salesperson=False, inherit_territory=False, inherit_country=False, inherit_language=False,
        inherit_address=False, inherit_communication=False,
    )  # fmt: skip
    await person(change, "P1", companyNo="ACME")
    await change("updateContact", {"no": "ACME", "name": "Acme Ltd."})
    assert await given.values("P1", "companyName") == ["Acme Ltd."]


async def test_3_4_a_later_change_reaches_the_persons_who_had_the_companys_old_value(
    change: Change, given: Given
) -> None:
    await person(change, "P1", companyNo="ACME")
    await person(change, "P2", companyNo="ACME", phone="5", country="FR", correspondenceType="EMAIL")
    changes = {"phone": "11", "country": "CH", "correspondenceType": None, "salesperson": "BD", "email": "a@b.test"}
    await change("updateContact", {"no": "ACME", **changes, "email2": "second@b.test"})
    assert await always(given, "P1") == ["BD", "N", "CH", "DEU"]
    assert await given.values("P1", COMMUNICATION) == ["11", "2", "a@b.test", "acme.test", None]
    assert await always(given, "P2") == ["BD", "N", "FR", "DEU"]
    assert await given.values("P2", COMMUNICATION) == ["5", "2", "a@b.test", "acme.test", "EMAIL"]
    assert await given.values("P1", "email2") == [""]  # not among what is inherited


async def test_3_4_a_later_change_of_the_address_reaches_only_persons_with_the_whole_old_one(
    change: Change, given: Given
) -> None:
    await person(change, "P1", companyNo="ACME")
    await person(change, "P2", companyNo="ACME")
    await change("updateContact", {"no": "P2", "address2": "Hall 4"})
    await change("updateContact", {"no": "ACME", "city": "Bonn", "county": "NW"})
    assert await given.values("P1", ADDRESS) == ["Road 1", "Hall 3", "10115", "Bonn", "NW"]
    assert await given.values("P2", ADDRESS) == ["Road 1", "Hall 4", "10115", "Berlin", "BE"]


async def test_3_4_persons_of_other_companies_and_without_one_are_not_touched(change: Change, given: Given) -> None:
    await person(change, "P1", companyNo="BETA", phone="1")
    await person(change, "P2", phone="1", country="DE")
    await change("updateContact", {"no": "ACME", "phone": "11", "country": "CH"})
    assert await given.values("P1", "phone country version") == ["1", "AT", 1]
    assert await given.values("P2", "phone country version") == ["1", "DE", 1]


async def test_3_4_a_person_who_joins_while_the_company_changes_ends_with_the_new_values(
    change: Change, given: Given
) -> None:
    for turn in range(5):
        new = {
            "no": "ACME",
            "phone": f"{turn}00",
            "country": f"A{turn}",
            "city": f"Town {turn}",
            "name": f"Acme {turn}",
        }
        joins = person(change, f"P{turn}", companyNo="ACME")
        works = (change("updateContact", new), joins) if turn % 2 else (joins, change("updateContact", new))
        await asyncio.gather(*works)
        expected = [f"{turn}00", f"A{turn}", f"Town {turn}", f"Acme {turn}"]
        for no in ("ACME", f"P{turn}"):
            assert await given.values(no, "phone country city companyName") == expected

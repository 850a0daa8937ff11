"""The company of a person: how it is named, and what happens when it changes."""

import pytest

from server.store.tables import interaction_log_entry
from tests.business_central.conftest import Change, Refused
from tests.business_central.given_contacts import Given


@pytest.fixture(autouse=True)
async def companies(change: Change) -> None:
    for no, name, more in (
        ("ACME", "Acme", {"city": "Berlin", "phone": "+49 30 123"}),
        ("ACME2", "Acme Steel", {"postCode": "10115", "city": "Ulm"}),
        ("C9", "Straße Ltd.", {"city": "Ulm"}),
        ("ZETA", "Acme Trading", {}),
    ):
        await change("createContact", {"no": no, "name": name, **more})
    await change("createContact", {"no": "P1", "type": "PERSON", "name": "Ann Berg", "city": "Zwiesel"})


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("acme2", "ACME2"),  # a whole number, before the name that begins so
        ("ACME", "ACME"),  # number and name of the same, not the names that only begin so
        ("acme trading", "ZETA"),  # a whole name
        ("STRASSE LTD.", "C9"),  # without regard to case, beyond ASCII
        ("Acme T", "ZETA"),  # the beginning of one name
        ("straße", "C9"),
        (" Acme S ", "ACME2"),
        ("ltd", "C9"),  # inside the name
        ("et", "ZETA"),  # inside the number
        ("berlin", "ACME"),  # the city
        ("30 12", "ACME"),  # the phone number
        ("0115", "ACME2"),  # the post code
    ],
)
async def test_3_3_a_company_is_found_by_number_name_beginning_or_part(
    change: Change, given: Given, text: str, company: str
) -> None:
    await change("updateContact", {"no": "P1", "companyName": text})
    assert await given.values("P1", "companyNo") == [company]
    await change("createContact", {"no": "P2", "type": "PERSON", "companyName": text})
    assert await given.values("P2", "companyNo") == [company]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("acm", "ACME, ACME2, ZETA"),  # three names begin so
        ("ulm", "ACME2, C9"),
        ("nothing", "no company"),
        ("Ann", "no company"),  # a person is none
        ("P1", "no company"),
        ("zwie", "no company"),
        ("%", "no company"),
        ("_", "no company"),
    ],
)
async def test_3_3_a_text_that_fits_no_company_or_several_is_refused(refused: Refused, text: str, named: str) -> None:
    message = await refused("CONTACT_AMBIGUOUS", ["companyName"], "updateContact", {"no": "P1", "companyName": text})
    assert named in message
    await refused("CONTACT_AMBIGUOUS", ["companyName"], "createContact", {"type": "PERSON", "companyName": text})


async def test_3_3_two_companies_of_one_name_are_told_apart_by_number(
    change: Change, refused: Refused, given: Given
) -> None:
    await change("createContact", {"no": "O1", "name": "Other"})
    await change("createContact", {"no": "O2", "name": "OTHER"})
    message = await refused("CONTACT_AMBIGUOUS", ["companyName"], "updateContact", {"no": "P1", "companyName": "other"})
    assert "O1, O2" in message
    await change("updateContact", {"no": "P1", "companyName": "o2"})
    assert await given.values("P1", "companyNo") == ["O2"]


async def test_3_3_a_blank_company_name_means_no_company(change: Change, given: Given) -> None:
    for blank in (None, "", "  "):
        await change("updateContact", {"no": "P1", "companyNo": "ACME"})
        await change("updateContact", {"no": "P1", "companyName": blank})
        assert await given.values("P1", "companyNo companyName") == [None, ""]


async def test_3_3_a_company_is_named_by_number_or_by_text_not_by_both(refused: Refused) -> None:
    both = {"companyNo": "ACME", "companyName": "Acme"}
    await refused("INVALID_INPUT", ["companyName"], "updateContact", {"no": "P1", **both})
    await refused("INVALID_INPUT", ["companyName"], "createContact", {"type": "PERSON", **both})
    await refused("INVALID_INPUT", ["companyName"], "updateContact", {"no": "P1", "companyName": "x" * 101})


async def test_3_3_the_company_of_a_person_exists_and_is_a_company(change: Change, refused: Refused) -> None:
    await change("createContact", {"no": "P2", "type": "PERSON"})
    await refused("NOT_FOUND", ["companyNo"], "updateContact", {"no": "P1", "companyNo": "NONE"})
    await refused("WRONG_CONTACT_TYPE", ["companyNo"], "updateContact", {"no": "P1", "companyNo": "P2"})
    await refused("WRONG_CONTACT_TYPE", ["companyNo"], "updateContact", {"no": "P1", "companyNo": "P1"})
    await refused("WRONG_CONTACT_TYPE", ["companyNo"], "createContact", {"type": "PERSON", "companyNo": "P2"})


async def test_3_3_a_person_on_a_segment_keeps_its_company(change: Change, refused: Refused, given: Given) -> None:
    await change("updateContact", {"no": "P1", "companyNo": "ACME"})
    await change("createSegment", {"no": "S1"})
    await change("addSegmentLines", {"segmentNo": "S1", "contactNos": ["P1"]})
    message = await refused("CONTACT_ON_SEGMENT", ["companyNo"], "updateContact", {"no": "P1", "companyNo": "C9"})
    assert "S1" in message
    await refused("CONTACT_ON_SEGMENT", ["companyName"], "updateContact", {"no": "P1", "companyName": "ltd"})
    await refused("CONTACT_ON_SEGMENT", ["companyNo"], "updateContact", {"no": "P1", "companyNo": None})
    await change("updateContact", {"no": "P1", "companyNo": "ACME", "city": "Bonn"})
    await change("removeSegmentLines", {"segmentNo": "S1", "lineNos": [10]})
    await change("updateContact", {"no": "P1", "companyNo": "C9"})
    assert await given.values("P1", "companyNo") == ["C9"]


async def test_3_3_history_stays_with_the_company_that_a_person_leaves(change: Change, given: Given) -> None:
    await change("updateContact", {"no": "P1", "companyNo": "ACME"})
    acme, person = await given.key("ACME"), await given.key("P1")
    for on_its_own in (False, True):
        await given.interaction("P1", None if on_its_own else "ACME")
    await change("updateContact", {"no": "P1", "companyNo": "C9"})
    assert await given.all(interaction_log_entry, "contact_id", "company_id") == [(acme, acme), (person, None)]
    await given.interaction("P1", "C9")
    await change("updateContact", {"no": "P1", "companyNo": None})
    c9 = await given.key("C9")
    assert (await given.all(interaction_log_entry, "contact_id", "company_id"))[2] == (c9, c9)


async def test_3_3_the_history_of_a_person_without_company_goes_to_its_first_one(change: Change, given: Given) -> None:
    await given.interaction("P1", None)
    await change("updateContact", {"no": "P1", "companyName": "Acme Trading"})
    zeta = await given.key("ZETA")
    assert await given.all(interaction_log_entry, "contact_id", "company_id") == [(zeta, zeta)]
    assert await given.values("ZETA", "interactionCount") == [1]

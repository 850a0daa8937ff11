"""What a contact holds: numbers, names, codes, phone numbers and e-mail addresses."""

import pytest

from server.store.tables import organizational_level, salutation
from tests.business_central.conftest import Change, Refused
from tests.business_central.given_contacts import Given


async def test_3_1_the_number_is_the_next_of_the_series_or_typed_and_unique(change: Change, refused: Refused) -> None:
    created = await change("createContact", {"name": "Acme"}, "contact { no }")
    assert created["contact"]["no"] == "CT000001"
    created = await change("createContact", {"no": " acme ", "name": "Acme"}, "contact { no }")
    assert created["contact"]["no"] == "ACME"
    await refused("ALREADY_EXISTS", ["no"], "createContact", {"no": "Acme"})
    await refused("INVALID_INPUT", ["no"], "createContact", {"no": "A" * 21})


async def test_3_1_the_series_steps_over_a_number_that_was_typed(change: Change) -> None:
    await change("createContact", {"no": "CT000001"})
    created = await change("createContact", {"name": "Next"}, "contact { no }")
    assert created["contact"]["no"] == "CT000002"


async def test_3_1_a_contact_is_a_company_unless_the_input_says_person(change: Change) -> None:
    created = await change("createContact", {"name": "Acme"}, "contact { type }")
    assert created["contact"]["type"] == "COMPANY"
    created = await change("createContact", {"type": "PERSON"}, "contact { type companyNo companyName }")
    assert created["contact"] == {"type": "PERSON", "companyNo": None, "companyName": ""}


async def test_3_1_the_search_name_follows_the_name_without_regard_to_case(change: Change, given: Given) -> None:
    await change("createContact", {"no": "C1", "name": "Straße & Söhne"})
    assert await given.values("C1", "searchName") == ["strasse & söhne"]
    await change("updateContact", {"no": "C1", "name": "ACME"})
    assert await given.values("C1", "searchName") == ["acme"]


async def test_3_1_phone_numbers_have_no_letters_but_any_other_sign(
    change: Change, refused: Refused, given: Given
) -> None:
    for field in ("phone", "mobilePhone"):
        for letters in ("555-CALL", "ext 5", "+49 30 é"):
            message = await refused("INVALID_INPUT", [field], "createContact", {field: letters})
            assert message == f"{field} must not contain letters."
        await refused("INVALID_INPUT", [field], "createContact", {field: "1" * 31})
    await change("createContact", {"no": "C1", "phone": "+49 (30) 1-2/3 #4*", "mobilePhone": "0.171"})
    assert await given.values("C1", "phone mobilePhone") == ["+49 (30) 1-2/3 #4*", "0.171"]
    await refused("INVALID_INPUT", ["phone"], "updateContact", {"no": "C1", "phone": "none"})


@pytest.mark.parametrize("field", ["email", "email2"])
@pytest.mark.parametrize(
    "wrong", ["a@b.test,c@d.test", "a@b.test|c@d.test", "a@b.test c@d.test", "ab.test", "@b", "a@"]
)
async def test_3_1_several_e_mail_addresses_are_separated_by_semicolons_only(
    refused: Refused, field: str, wrong: str
) -> None:
    await refused("INVALID_INPUT", [field], "createContact", {field: wrong})
    await refused("INVALID_INPUT", [field], "createContact", {field: f"x@y.test; {wrong}"})


async def test_3_1_e_mail_addresses_may_be_several_up_to_80_characters(
    change: Change, refused: Refused, given: Given
) -> None:
    await change("createContact", {"no": "C1", "email": "Info@Acme.test; sales@acme.test"})
    assert await given.values("C1", "email email2") == ["Info@Acme.test;sales@acme.test", ""]
    await refused("INVALID_INPUT", ["email"], "updateContact", {"no": "C1", "email": f"{'a' * 74}@b.test"})
    await change("updateContact", {"no": "C1", "email": f"{'a' * 73}@b.test"})
    assert len((await given.values("C1", "email"))[0]) == 80


async def test_3_1_a_blocked_salesperson_is_refused_and_an_unknown_one_not_found(
    change: Change, refused: Refused
) -> None:
    await change("createSalesperson", {"code": "AH"})
    await change("createSalesperson", {"code": "GONE", "blocked": True})
    await change("createSalesperson", {"code": "HIDDEN", "privacyBlocked": True})
    await change("createContact", {"no": "C1", "salesperson": "ah"})
    for code in ("GONE", "HIDDEN"):
        await refused("SALESPERSON_BLOCKED", ["salesperson"], "createContact", {"salesperson": code})
        await refused("SALESPERSON_BLOCKED", ["salesperson"], "updateContact", {"no": "C1", "salesperson": code})
    await refused("NOT_FOUND", ["salesperson"], "createContact", {"salesperson": "NOBODY"})


async def test_3_1_salutation_and_organizational_level_must_exist(
    change: Change, refused: Refused, given: Given
) -> None:
    await given.rows(salutation, {"code": "MS"})
    await given.rows(organizational_level, {"code": "CEO"})
    await change("createContact", {"no": "P1", "type": "PERSON", "salutation": "ms", "organizationalLevel": "ceo"})
    assert await given.values("P1", "salutation organizationalLevel") == ["MS", "CEO"]
    for field in ("salutation", "organizationalLevel"):
        message = await refused("NOT_FOUND", [field], "createContact", {"type": "PERSON", field: "NONE"})
        assert "NONE" in message
        await refused("NOT_FOUND", [field], "updateContact", {"no": "P1", field: "NONE"})
    await change("updateContact", {"no": "P1", "salutation": None, "organizationalLevel": ""})
    assert await given.values("P1", "salutation organizationalLevel") == [None, None]


async def test_3_1_the_vat_registration_number_is_upper_case_and_a_companys_only(
    change: Change, refused: Refused, given: Given
) -> None:
    await change("createContact", {"no": "C1", "vatRegistrationNo": "de123"})
    assert await given.values("C1", "vatRegistrationNo") == ["DE123"]
    person = {"type": "PERSON", "vatRegistrationNo": "DE1"}
    await refused("WRONG_CONTACT_TYPE", ["vatRegistrationNo"], "createContact", person)


async def test_3_1_the_correspondence_type_is_hard_copy_e_mail_or_blank(change: Change, given: Given) -> None:
    await change("createContact", {"no": "C1"})
    for value in ("HARD_COPY", "EMAIL", None):
        await change("updateContact", {"no": "C1", "correspondenceType": value})
        assert await given.values("C1", "correspondenceType") == [value]


async def test_3_1_codes_are_upper_case_and_no_longer_than_their_field(
    change: Change, refused: Refused, given: Given
) -> None:
    await change("createContact", {"no": "C1", "country": " de ", "territory": "n", "language": "deu", "currency": ""})
    assert await given.values("C1", "country territory language currency") == ["DE", "N", "DEU", None]
    for field in ("country", "territory", "language", "currency"):
        await refused("INVALID_INPUT", [field], "createContact", {field: "A" * 11})


async def test_3_1_texts_are_no_longer_than_their_field(refused: Refused) -> None:
    lengths = {
        "name": 100, "firstName": 30, "middleName": 30, "surname": 30, "initials": 30, "jobTitle": 30, "address": 100,
        "address2": 50, "postCode": 20, "city": 30, "county": 30, "homePage": 255, "registrationNo": 20,
        "externalId": 50,
    }  # fmt: skip
    for field, length in lengths.items():
        await refused("INVALID_INPUT", [field], "createContact", {"type": "PERSON", field: "x" * (length + 1)})

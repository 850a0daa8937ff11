"""What a contact holds, and how it is created and changed."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update

from server.clock import Moment
from server.operations.contacts.contacts import create_contact, delete_contact, update_contact
from server.operations.setup.codes import MAILING_GROUPS, create_code
from server.operations.values import api_name
from server.store.database import Database
from server.store.tables import (
    change,
    contact,
    contact_business_relation,
    contact_industry_group,
    contact_job_responsibility,
    contact_mailing_group,
)
from tests.operations.conftest import Fetch, Refuse, Run
from tests.operations.contacts.conftest import last_change, one

CONTROLS = ("\n", "\r", "\t", "\x1f", "\x7f", "\x85", "\u2028", "\u2029")

ONE_LINE = (
    "no", "name", "first_name", "job_title", "address", "address_2", "city", "post_code", "phone", "email", "home_page",
    "vat_registration_no", "external_id", "country", "salesperson", "company_no",
)  # fmt: skip

WRONG_VALUES: list[tuple[dict[str, Any], str, tuple[Any, ...]]] = [
    ({"type": "ROBOT"}, "INVALID_INPUT", ("type",)),
    ({"type": None}, "VALUE_REQUIRED", ("type",)),
    ({"name": "x" * 101}, "INVALID_INPUT", ("name",)),
    ({"address_2": "x" * 51}, "INVALID_INPUT", ("address2",)),
    ({"city": "a\0b"}, "INVALID_INPUT", ("city",)),
    ({"home_page": "\udc00"}, "INVALID_INPUT", ("homePage",)),
    ({"country": "ABCDEFGHIJK"}, "INVALID_INPUT", ("country",)),
    ({"country": "ß" * 6}, "INVALID_INPUT", ("country",)),
    ({"vat_registration_no": "ß" * 11}, "INVALID_INPUT", ("vatRegistrationNo",)),
    ({"phone": "0800-CALL"}, "INVALID_INPUT", ("phone",)),
    ({"mobile_phone": "ext. 3"}, "INVALID_INPUT", ("mobilePhone",)),
    ({"email": "a@b.test, c@d.test"}, "INVALID_INPUT", ("email",)),
    ({"email": "a@b.test|c@d.test"}, "INVALID_INPUT", ("email",)),
    ({"email": "a@b.test c@d.test"}, "INVALID_INPUT", ("email",)),
    ({"email_2": "nobody"}, "INVALID_INPUT", ("email2",)),
    ({"email_2": "a@b..test"}, "INVALID_INPUT", ("email2",)),
    ({"email": "@b.test"}, "INVALID_INPUT", ("email",)),
    ({"email": "a@b.test;" + "x" * 80}, "INVALID_INPUT", ("email",)),
    ({"correspondence_type": "FAX"}, "INVALID_INPUT", ("correspondenceType",)),
    ({"minor": "yes"}, "INVALID_INPUT", ("minor",)),
    ({"shoe_size": 42}, "INVALID_INPUT", ("shoeSize",)),
    ({"salesperson": "NOBODY"}, "NOT_FOUND", ("salesperson",)),
    ({"salesperson": "GONE"}, "SALESPERSON_BLOCKED", ("salesperson",)),
    ({"salesperson": "HIDDEN"}, "SALESPERSON_BLOCKED", ("salesperson",)),
    ({"type": "PERSON", "company_no": "NONE"}, "NOT_FOUND", ("companyNo",)),
    ({"company_no": "ACME"}, "WRONG_CONTACT_TYPE", ("companyNo",)),
    ({"first_name": "Ann"}, "WRONG_CONTACT_TYPE", ("firstName",)),
    ({"organizational_level": "CEO"}, "WRONG_CONTACT_TYPE", ("organizationalLevel",)),
    ({"type": "PERSON", "vat_registration_no": "1"}, "WRONG_CONTACT_TYPE", ("vatRegistrationNo",)),
    ({"type": "PERSON", "currency": "EUR"}, "WRONG_CONTACT_TYPE", ("currency",)),
    ({"type": "PERSON", "minor": True, "privacy_blocked": False}, "PRIVACY_BLOCKED", ("privacyBlocked",)),
    ({"add_mailing_groups": ["NEWS", "NONE"]}, "NOT_FOUND", ("addMailingGroups", 1)),
    ({"add_mailing_groups": [" "]}, "VALUE_REQUIRED", ("addMailingGroups",)),
    ({"add_mailing_groups": ["NEWS"] * 1001}, "INVALID_INPUT", ("addMailingGroups",)),
    ({"add_job_responsibilities": ["BUYER"]}, "WRONG_CONTACT_TYPE", ("addJobResponsibilities",)),
    ({"type": "PERSON", "add_industry_groups": ["STEEL"]}, "WRONG_CONTACT_TYPE", ("addIndustryGroups",)),
    ({"type": "PERSON", "add_business_relations": ["LAW"]}, "WRONG_CONTACT_TYPE", ("addBusinessRelations",)),
    ({"attributes": {"tier": "gold"}}, "NOT_FOUND", ("attributes", 0)),
]


async def test_a_company_is_its_own_company(run: Run, fetch: Fetch, moment: Moment) -> None:
    key = await run(create_contact, {"name": "Straße & Söhne", "vat_registration_no": "de123"})
    row = await one(fetch, "CT000001")
    assert (row.id, row.type, row.company_id, row.company_name) == (key, "COMPANY", key, "Straße & Söhne")
    assert row.search_name == "strasse & söhne"
    assert row.vat_registration_no == "DE123"
    assert (row.created_at, row.modified_at, row.version) == (moment.now, moment.now, 1)
    noted = await last_change(fetch)
    assert (noted.object, noted.object_id, noted.fields, noted.actor) == ("contact", key, None, "ann")


async def test_names_and_their_parts_stay_in_step(run: Run, fetch: Fetch) -> None:
    async def names() -> tuple[str, ...]:
        row = await one(fetch, "P1")
        return (row.name, row.first_name, row.middle_name, row.surname, row.search_name)

    await run(create_contact, {"no": "P1", "type": "PERSON", "first_name": "Ann", "surname": "Berg"})
    assert await names() == ("Ann Berg", "Ann", "", "Berg", "ann berg")
    await run(update_contact, "P1", {"middle_name": "M."})
    assert await names() == ("Ann M. Berg", "Ann", "M.", "Berg", "ann m. berg")
    await run(update_contact, "p1", {"name": "Lea Marie Tal"})
    assert await names() == ("Lea Marie Tal", "Lea", "Marie", "Tal", "lea marie tal")
    await run(update_contact, "P1", {"name": "Lea von Tal", "middle_name": "", "surname": "von Tal"})
    assert await names() == ("Lea von Tal", "Lea", "", "von Tal", "lea von tal")
    await run(update_contact, "P1", {"name": "Lea von Tal", "first_name": "Lea"})
    assert (await names())[1:4] == ("Lea", "", "von Tal")
    await run(update_contact, "P1", {"name": None})
    assert await names() == ("", "", "", "", "")


async def test_a_name_beside_blank_parts_stays_as_written(run: Run, fetch: Fetch) -> None:
    async def names() -> tuple[str, ...]:
        row = await one(fetch, "P1")
        return (row.name, row.first_name, row.middle_name, row.surname)

    await run(create_contact, {"no": "P1", "type": "PERSON", "name": "Ann Berg", "first_name": None})
    assert await names() == ("Ann Berg", "", "", "Berg")
    await run(update_contact, "P1", {"name": "Ann Berg", "first_name": ""})
    assert (await one(fetch, "P1")).version == 1
    await run(update_contact, "P1", {"name": "Lea M. Tal", "first_name": "", "middle_name": None, "surname": ""})
    assert await names() == ("Lea M. Tal", "", "", "")
    await run(update_contact, "P1", {"name": "Lea Tal"})
    assert await names() == ("Lea Tal", "Lea", "", "Tal")
    await run(update_contact, "P1", {"first_name": None})
    assert await names() == ("Tal", "", "", "Tal")


@pytest.mark.parametrize("control", CONTROLS)
async def test_a_text_on_one_line_has_no_control_characters(
    run: Run, fetch: Fetch, refuse: Refuse, control: str
) -> None:
    for field in ONE_LINE:
        for text in (f"1{control}2", f"1{control}"):
            refusal = await refuse("INVALID_INPUT", (api_name(field),), create_contact, {field: text})
            assert refusal.message.startswith(api_name(field))
    await refuse("INVALID_INPUT", ("code",), create_code, MAILING_GROUPS, f"A{control}", "")
    await run(create_contact, {"no": "C1", "name": "Zo\u00eb\u00a0\u200d\U0001f600"})
    assert (await one(fetch, "C1")).name == "Zo\u00eb\u00a0\u200d\U0001f600"


@pytest.mark.usefixtures("acme")
async def test_a_wrong_value_is_refused(refuse: Refuse) -> None:
    for values, code, path in WRONG_VALUES:
        await refuse(code, path, create_contact, values)


async def test_values_are_stored_as_the_field_wants_them(run: Run, fetch: Fetch) -> None:
    values = {
        "no": " ct-9 ",
        "type": "PERSON",
        "country": " de ",
        "language": "",
        "email": "a@b.test ; c@d.test;",
        "phone": "+49 (30) 1-2/3",
        "correspondence_type": "email",
        "city": " Bad ",
    }
    await run(create_contact, values)
    row = await one(fetch, "CT-9")
    assert (row.country, row.language, row.email, row.phone) == ("DE", None, "a@b.test;c@d.test", "+49 (30) 1-2/3")
    assert (row.correspondence_type, row.city) == ("EMAIL", " Bad ")


@pytest.mark.parametrize("blocked", [True, False])
async def test_a_company_is_no_minor(run: Run, fetch: Fetch, blocked: bool) -> None:
    flags = {"minor": True, "parental_consent_received": True, "privacy_blocked": blocked}
    await run(create_contact, {"no": "P1", "type": "PERSON", "name": "Ann", **flags})
    await run(update_contact, "P1", {"type": "COMPANY"})
    row = await one(fetch, "P1")
    assert (row.minor, row.parental_consent_received, row.privacy_blocked) == (False, False, blocked)
    assert {"minor", "parental_consent_received"} <= set((await last_change(fetch)).fields)


async def test_minors_are_blocked_until_their_parents_agree(run: Run, fetch: Fetch, refuse: Refuse) -> None:
    async def flags() -> tuple[bool, bool, bool]:
        row = await one(fetch, "P1")
        return (row.minor, row.parental_consent_received, row.privacy_blocked)

    await run(create_contact, {"no": "P1", "type": "PERSON", "minor": True})
    assert await flags() == (True, False, True)
    await refuse("PRIVACY_BLOCKED", ("privacyBlocked",), update_contact, "P1", {"privacy_blocked": False})
    await run(update_contact, "P1", {"parental_consent_received": True})
    assert await flags() == (True, True, True)
    await run(update_contact, "P1", {"privacy_blocked": False, "minor": True})
    assert await flags() == (True, True, False)
    await run(update_contact, "P1", {"minor": True, "city": "Ulm"})
    assert await flags() == (True, True, False)
    await run(update_contact, "P1", {"parental_consent_received": False})
    assert await flags() == (True, False, True)
    await run(update_contact, "P1", {"minor": False, "privacy_blocked": None})
    assert await flags() == (False, False, False)


@pytest.mark.usefixtures("acme")
async def test_an_update_that_changes_nothing_writes_nothing(run: Run, fetch: Fetch) -> None:
    await run(create_contact, {"no": "P1", "type": "PERSON", "company_no": "ACME", "add_mailing_groups": ["NEWS"]})
    before = await fetch(contact), await fetch(change)
    await run(update_contact, "ACME", {"name": "Acme", "country": "de", "add_mailing_groups": [], "no": "acme"})
    same = {"company_no": "acme", "add_mailing_groups": ["news"], "remove_mailing_groups": ["VIP"], "type": "PERSON"}
    await run(update_contact, "P1", same)
    await run(update_contact, "P1", {})
    assert (await fetch(contact), await fetch(change)) == before


@pytest.mark.usefixtures("acme")
async def test_a_change_is_stamped_and_noted(fetch: Fetch, database: Database, moment: Moment) -> None:
    later = Moment(now=datetime(2027, 1, 1, tzinfo=UTC))
    async with database.write(actor="bob", operation="updateContact", moment=later) as work:
        await update_contact(work, "ACME", {"city": "Bonn", "country": "DE"})
    row = await one(fetch, "ACME")
    assert (row.modified_at, row.created_at, row.version) == (later.now, moment.now, 2)
    noted = await last_change(fetch)
    assert (noted.actor, noted.at, noted.fields) == ("bob", later.now, ["city", "modified_at"])


@pytest.mark.usefixtures("acme")
async def test_versions_guard_against_lost_updates(run: Run, refuse: Refuse) -> None:
    await run(update_contact, "ACME", {"city": "Bonn"}, expected_version=1)
    for operation, values in ((update_contact, ({"city": "Ulm"},)), (delete_contact, ())):
        refusal = await refuse("CONFLICT", ("expectedVersion",), operation, "ACME", *values, expected_version=1)
        assert refusal.current_version == 2  # type: ignore[attr-defined]
    await run(delete_contact, "ACME", expected_version=2)


@pytest.mark.usefixtures("acme")
async def test_an_update_is_refused_like_a_creation(run: Run, refuse: Refuse) -> None:
    await refuse("NOT_FOUND", ("no",), update_contact, "NONE", {"city": "Ulm"})
    await refuse("VALUE_REQUIRED", ("no",), update_contact, " ", {"city": "Ulm"})
    await refuse("INVALID_INPUT", ("no",), update_contact, "ACME", {"no": "OTHER"})
    await refuse("SALESPERSON_BLOCKED", ("salesperson",), update_contact, "ACME", {"salesperson": "GONE"})
    both = {"city": "Ulm", "add_mailing_groups": ["news"], "remove_mailing_groups": ["VIP", "NEWS"]}
    await refuse("INVALID_INPUT", ("removeMailingGroups", 1), update_contact, "ACME", both)
    await refuse("NOT_FOUND", ("removeMailingGroups", 0), update_contact, "ACME", {"remove_mailing_groups": ["NONE"]})
    await run(create_contact, {"no": "P1", "type": "PERSON"})
    await refuse("NOT_FOUND", ("companyNo",), update_contact, "P1", {"company_no": "NONE"})


async def test_a_salesperson_who_became_blocked_may_stay(
    run: Run, fetch: Fetch, database: Database, moment: Moment
) -> None:
    await run(create_contact, {"no": "C1", "salesperson": "AH"})
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await work.connection.execute(update(contact).values(salesperson="GONE"))
    await run(update_contact, "C1", {"salesperson": "gone", "city": "Ulm"})
    assert (await one(fetch, "C1")).city == "Ulm"


async def test_codes_are_added_and_removed(run: Run, fetch: Fetch) -> None:
    key = await run(create_contact, {"no": "C1", "add_mailing_groups": ["news", "NEWS", "vip"]})
    await run(update_contact, "C1", {"add_mailing_groups": ["FAIR", "VIP"], "remove_mailing_groups": [" news"]})
    rows = await fetch(contact_mailing_group)
    assert [(row.contact_id, row.code) for row in rows] == [(key, "FAIR"), (key, "VIP")]
    assert (await last_change(fetch)).fields == ["mailing_groups", "modified_at"]
    assert (await one(fetch, "C1")).version == 2
    await run(update_contact, "C1", {"add_industry_groups": ["STEEL"], "add_business_relations": ["LAW"]})
    await run(create_contact, {"no": "P1", "type": "PERSON", "add_job_responsibilities": ["BUYER"]})
    for table in (contact_industry_group, contact_business_relation, contact_job_responsibility):
        assert len(await fetch(table)) == 1

from datetime import UTC, date, datetime
from typing import Any, Protocol

import pytest
from sqlalchemy import update

from server.clock import Moment
from server.operations.codes import create_mailing_group, create_salesperson
from server.operations.contacts import create_contact, delete_contact, update_contact
from server.operations.values import api_name
from server.store.database import Database
from server.store.tables import (
    business_relation,
    change,
    contact,
    contact_business_relation,
    contact_industry_group,
    contact_job_responsibility,
    contact_mailing_group,
    industry_group,
    interaction_log_entry,
    job_responsibility,
    segment,
    segment_line,
    segment_line_override,
    segment_revision,
)
from tests.operations.conftest import Fetch, Refuse, Run, Store


@pytest.fixture(autouse=True)
async def codes(run: Run, store: Store) -> None:
    for code in ("NEWS", "VIP", "FAIR"):
        await run(create_mailing_group, code)
    for table, code in ((job_responsibility, "BUYER"), (industry_group, "STEEL"), (business_relation, "LAW")):
        await store(table, {"code": code})
    for code in ("AH", "BD"):
        await run(create_salesperson, {"code": code})
    await run(create_salesperson, {"code": "GONE", "blocked": True})
    await run(create_salesperson, {"code": "HIDDEN", "privacy_blocked": True})


@pytest.fixture
async def acme(run: Run) -> int:
    values = {
        "no": "ACME",
        "name": "Acme",
        "salesperson": "AH",
        "territory": "N",
        "country": "DE",
        "language": "DEU",
        "address": "Road 1",
        "address_2": "Hall 3",
        "post_code": "10115",
        "city": "Berlin",
        "county": "BE",
        "phone": "+49 30 1",
        "mobile_phone": "+49 171",
        "email": "info@acme.test",
        "home_page": "acme.test",
        "correspondence_type": "HARD_COPY",
    }
    return int(await run(create_contact, values))


async def one(fetch: Fetch, no: str) -> Any:
    (row,) = await fetch(contact, contact.c.no == no)
    return row


async def last_change(fetch: Fetch) -> Any:
    return (await fetch(change))[-1]


class Log(Protocol):
    """Store log entries of a contact."""

    async def __call__(self, contact_id: int | None, company_id: int | None, count: int = 1) -> None: ...


class Place(Protocol):
    """Put contacts on a segment whose second revision may have removed them; revision 1 or 2 is shown."""

    async def __call__(self, *contact_ids: int, removed: int | None = None, revision: int = 2) -> None: ...


@pytest.fixture
def log(store: Store, moment: Moment) -> Log:
    async def log_entries(contact_id: int | None, company_id: int | None, count: int = 1) -> None:
        row = {"contact_id": contact_id, "company_id": company_id, "on": moment.today, "at": moment.now}
        await store(interaction_log_entry, *[row] * count)

    return log_entries


@pytest.fixture
def place(store: Store, moment: Moment) -> Place:
    async def place_contacts(*contact_ids: int, removed: int | None = None, revision: int = 2) -> None:
        stamps = {"created_at": moment.now, "modified_at": moment.now}
        await store(segment, {"id": 1, "no": "SM1", "revision": revision, "head_revision": 2, **stamps})
        done = {"segment_id": 1, "kind": "ADD", "options": {}, "at": moment.now, "lines_added": 0, "lines_removed": 0}
        await store(segment_revision, *({**done, "revision": r, "line_count": len(contact_ids)} for r in (1, 2)))
        line = {"segment_id": 1, "origin": 1, "added": 1, "removed": removed, "defaults_no": 1}
        lines = [{**line, "line_no": 10 * i, "contact_id": key} for i, key in enumerate(contact_ids, start=1)]
        await store(segment_line, *lines)

    return place_contacts


# Creation


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


CONTROLS = ("\n", "\r", "\t", "\x1f", "\x7f", "\x85", "\u2028", "\u2029")
ONE_LINE = (
    "no", "name", "first_name", "job_title", "address", "address_2", "city", "post_code", "phone", "email", "home_page",
    "vat_registration_no", "external_id", "country", "salesperson", "company_no",
)  # fmt: skip


@pytest.mark.parametrize("control", CONTROLS)
async def test_a_text_on_one_line_has_no_control_characters(
    run: Run, fetch: Fetch, refuse: Refuse, control: str
) -> None:
    for field in ONE_LINE:
        for text in (f"1{control}2", f"1{control}"):
            refusal = await refuse("INVALID_INPUT", (api_name(field),), create_contact, {field: text})
            assert refusal.message.startswith(api_name(field))
    await refuse("INVALID_INPUT", ("code",), create_mailing_group, f"A{control}", "")
    await run(create_contact, {"no": "C1", "name": "Zo\u00eb\u00a0\u200d\U0001f600"})
    assert (await one(fetch, "C1")).name == "Zo\u00eb\u00a0\u200d\U0001f600"


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
    ({"minor": True, "privacy_blocked": False}, "PRIVACY_BLOCKED", ("privacyBlocked",)),
    ({"add_mailing_groups": ["NEWS", "NONE"]}, "NOT_FOUND", ("addMailingGroups", 1)),
    ({"add_mailing_groups": [" "]}, "VALUE_REQUIRED", ("addMailingGroups",)),
    ({"add_mailing_groups": ["NEWS"] * 1001}, "INVALID_INPUT", ("addMailingGroups",)),
    ({"add_job_responsibilities": ["BUYER"]}, "WRONG_CONTACT_TYPE", ("addJobResponsibilities",)),
    ({"type": "PERSON", "add_industry_groups": ["STEEL"]}, "WRONG_CONTACT_TYPE", ("addIndustryGroups",)),
    ({"type": "PERSON", "add_business_relations": ["LAW"]}, "WRONG_CONTACT_TYPE", ("addBusinessRelations",)),
    ({"attributes": {"tier": "gold"}}, "NOT_FOUND", ("attributes", 0)),
]


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


# Company and person


async def test_a_person_inherits_from_its_company(run: Run, fetch: Fetch, acme: int) -> None:
    await run(create_contact, {"no": "P1", "type": "PERSON", "company_no": "acme", "name": "Ann", "phone": "1"})
    row = await one(fetch, "P1")
    assert (row.company_id, row.company_name, row.salesperson, row.territory) == (acme, "Acme", "AH", "N")
    assert (row.country, row.language, row.city, row.county) == ("DE", "DEU", "Berlin", "BE")
    assert (row.phone, row.mobile_phone, row.email) == ("1", "+49 171", "info@acme.test")
    assert (row.home_page, row.correspondence_type, row.email_2) == ("acme.test", "HARD_COPY", "")


@pytest.mark.usefixtures("acme")
async def test_what_the_input_says_wins_over_inheritance(run: Run, fetch: Fetch) -> None:
    values = {"no": "P1", "type": "PERSON", "company_no": "ACME", "country": "FR", "salesperson": None, "city": "Lyon"}
    await run(create_contact, values)
    row = await one(fetch, "P1")
    assert (row.country, row.salesperson, row.city, row.language) == ("FR", None, "Lyon", "DEU")
    assert (row.address, row.address_2, row.post_code, row.county) == ("", "", "", "")


@pytest.mark.usefixtures("acme")
async def test_two_addresses_are_never_mixed(run: Run, fetch: Fetch) -> None:
    async def address(no: str) -> tuple[str, ...]:
        row = await one(fetch, no)
        return (row.address, row.address_2, row.post_code, row.city, row.county)

    for no in ("P1", "P2", "P3"):
        await run(create_contact, {"no": no, "type": "PERSON"})
    await run(update_contact, "P1", {"company_no": "ACME", "address": "Rue 2"})
    assert await address("P1") == ("Rue 2", "", "", "", "")
    await run(update_contact, "P2", {"company_no": "ACME", "county": "75"})
    assert await address("P2") == ("", "", "", "", "75")
    await run(update_contact, "P3", {"company_no": "ACME", "phone": "3", "city": None, "county": ""})
    assert await address("P3") == ("Road 1", "Hall 3", "10115", "", "")
    await run(create_contact, {"no": "BETA", "address": "Weg 1", "city": "Ulm"})
    await run(create_contact, {"no": "P4", "type": "PERSON", "company_no": "ACME"})
    await run(update_contact, "P4", {"company_no": "BETA", "city": "Paris"})
    assert await address("P4") == ("Road 1", "Hall 3", "10115", "Paris", "BE")
    own = {"city": "Paris", "address": "Rue 2"}
    await run(create_contact, {"no": "P5", "type": "PERSON", **own})
    blank = dict.fromkeys(own, "")
    await run(update_contact, "P5", {"company_no": "BETA", **blank})
    assert await address("P5") == ("", "", "", "", "")


@pytest.mark.usefixtures("acme")
async def test_moving_to_another_company_keeps_what_is_the_persons_own(run: Run, fetch: Fetch) -> None:
    await run(create_contact, {"no": "P1", "type": "PERSON", "company_no": "ACME"})
    await run(update_contact, "P1", {"mobile_phone": "7", "country": "FR"})
    other = {"no": "BETA", "name": "Beta", "city": "Ulm", "phone": "9", "mobile_phone": "8", "country": "AT"}
    beta = await run(create_contact, other)
    await run(update_contact, "P1", {"company_no": "BETA"})
    row = await one(fetch, "P1")
    assert (row.company_id, row.company_name, row.country, row.salesperson) == (beta, "Beta", "AT", None)
    assert (row.address, row.city, row.county) == ("", "Ulm", "")  # the whole block was the old company's
    assert (row.phone, row.mobile_phone, row.email) == ("9", "7", "")
    await run(update_contact, "P1", {"address": "Own 1"})
    await run(update_contact, "P1", {"company_no": "ACME"})
    row = await one(fetch, "P1")
    assert (row.address, row.city, row.email) == ("Own 1", "Ulm", "info@acme.test")
    await run(update_contact, "P1", {"company_no": None})
    row = await one(fetch, "P1")
    assert (row.company_id, row.company_name, row.email) == (None, "", "info@acme.test")


async def test_persons_follow_their_company_unless_they_differ(run: Run, fetch: Fetch, acme: int) -> None:
    await run(create_contact, {"no": "P1", "type": "PERSON", "company_no": "ACME"})
    await run(create_contact, {"no": "P2", "type": "PERSON", "company_no": "ACME", "phone": "5", "city": "Ulm"})
    await run(create_contact, {"no": "P3", "type": "PERSON", "name": "Free"})
    untouched = await one(fetch, "P3")
    values = {"name": "Acme 2", "phone": "9", "language": "ENU", "city": "Bonn", "salesperson": None, "email_2": "a@b"}
    await run(update_contact, "ACME", values)
    first, second = await one(fetch, "P1"), await one(fetch, "P2")
    assert (first.company_name, first.phone, first.language, first.city) == ("Acme 2", "9", "ENU", "Bonn")
    assert (first.salesperson, first.email_2, first.version) == (None, "", 2)
    assert (second.company_name, second.phone, second.language, second.city) == ("Acme 2", "5", "ENU", "Ulm")
    assert await one(fetch, "P3") == untouched
    company = await one(fetch, "ACME")
    assert (company.id, company.company_name, company.search_name, company.version) == (acme, "Acme 2", "acme 2", 2)
    own, *pushed = (await fetch(change))[-3:]
    assert {"name", "search_name", "company_name", "phone", "modified_at"} <= set(own.fields)
    assert [(row.object_id, row.cause) for row in pushed] == [(first.id, "company"), (second.id, "company")]
    assert set(pushed[0].fields) == {"company_name", "phone", "language", "city", "salesperson", "modified_at"}


async def test_an_address_is_inherited_whole_or_not_at_all(run: Run, fetch: Fetch, acme: int) -> None:
    await run(create_contact, {"no": "P1", "type": "PERSON", "company_no": "ACME"})
    await run(create_contact, {"no": "P2", "type": "PERSON", "company_no": "ACME", "address": "Own 1"})
    await run(update_contact, "ACME", {"city": "Bonn"})
    await run(update_contact, "ACME", {"county": "NW"})
    first, second, company = [await one(fetch, no) for no in ("P1", "P2", "ACME")]
    assert (first.city, first.county, first.version) == ("Bonn", "NW", 3)
    assert (second.address, second.city, second.county, second.version) == ("Own 1", "", "", 1)
    assert (company.id, company.version) == (acme, 3)


@pytest.mark.usefixtures("acme")
async def test_naming_the_same_company_again_changes_nothing(run: Run, fetch: Fetch) -> None:
    await run(
        create_contact, {"no": "P1", "type": "PERSON", "company_no": "ACME", "country": "FR", "email": "a@b.test"}
    )
    await run(update_contact, "P1", {"company_no": "acme"})
    row = await one(fetch, "P1")
    assert (row.country, row.email, row.version) == ("FR", "a@b.test", 1)


async def test_a_blank_value_of_a_person_equals_a_blank_one_of_its_company(run: Run, fetch: Fetch) -> None:
    await run(create_contact, {"no": "C1", "name": "C"})
    await run(create_contact, {"no": "P1", "type": "PERSON", "company_no": "C1"})
    await run(create_contact, {"no": "P2", "type": "PERSON", "company_no": "C1", "country": "FR"})
    await run(update_contact, "C1", {"country": "DE", "email": "c@d.test"})
    first, second = await one(fetch, "P1"), await one(fetch, "P2")
    assert (first.country, second.country, second.email) == ("DE", "FR", "c@d.test")


async def test_a_change_of_many_persons_is_one_fact_with_a_range(run: Run, fetch: Fetch, acme: int) -> None:
    ids = [await run(create_contact, {"type": "PERSON", "company_no": "ACME"}) for _ in range(101)]
    await run(update_contact, "ACME", {"name": "Acme 2"})
    noted = await last_change(fetch)
    assert (noted.first_id, noted.last_id, noted.row_count) == (min(ids), max(ids), 101)
    assert acme < min(ids)


async def test_a_person_is_no_company(run: Run, refuse: Refuse) -> None:
    await run(create_contact, {"no": "P1", "type": "PERSON"})
    values = {"type": "PERSON", "company_no": "P1"}
    await refuse("WRONG_CONTACT_TYPE", ("companyNo",), create_contact, values)
    await refuse("WRONG_CONTACT_TYPE", ("companyNo",), update_contact, "P1", {"company_no": "P1"})


async def test_interactions_stay_with_the_company_that_a_person_leaves(
    run: Run, fetch: Fetch, log: Log, acme: int
) -> None:
    person = await run(create_contact, {"no": "P1", "type": "PERSON", "company_no": "ACME"})
    beta = await run(create_contact, {"no": "BETA"})
    await log(person, acme, 2)
    await log(acme, acme)
    await run(update_contact, "P1", {"company_no": "BETA"})
    entries = await fetch(interaction_log_entry)
    assert [(row.contact_id, row.company_id) for row in entries] == [(acme, acme)] * 3
    moved, noted = (await fetch(change))[-2:]
    assert (moved.object, moved.row_count, moved.first_id, moved.last_id) == ("interaction_log_entry", 2, 1, 2)
    assert (noted.object_id, noted.old_company_id) == (person, acme)
    assert {"company_no", "company_name", "interactions"} <= set(noted.fields)
    await log(person, beta)
    await run(update_contact, "P1", {"company_no": ""})
    assert (await fetch(interaction_log_entry))[-1].contact_id == beta


async def test_interactions_of_a_person_without_company_go_to_the_first_one(
    run: Run, fetch: Fetch, log: Log, acme: int
) -> None:
    person = await run(create_contact, {"no": "P1", "type": "PERSON"})
    await log(person, None)
    await run(update_contact, "P1", {"company_no": "ACME"})
    assert [(row.contact_id, row.company_id) for row in await fetch(interaction_log_entry)] == [(acme, acme)]


# Change of type


@pytest.mark.usefixtures("acme")
async def test_a_person_becomes_a_company(run: Run, fetch: Fetch) -> None:
    values = {"no": "P1", "type": "PERSON", "company_no": "ACME", "name": "Ann Berg", "job_title": "CEO"}
    key = await run(create_contact, values)
    await run(update_contact, "P1", {"type": "COMPANY", "vat_registration_no": "x1"})
    row = await one(fetch, "P1")
    assert (row.type, row.company_id, row.company_name, row.name) == ("COMPANY", key, "Ann Berg", "Ann Berg")
    assert (row.first_name, row.surname, row.job_title, row.vat_registration_no) == ("", "", "", "X1")


async def test_a_company_becomes_a_person(run: Run, fetch: Fetch, acme: int) -> None:
    key = await run(create_contact, {"no": "C1", "name": "Ann Mary Berg", "add_industry_groups": ["STEEL"]})
    await run(update_contact, "C1", {"type": "PERSON", "remove_industry_groups": ["STEEL"], "company_no": "ACME"})
    row = await one(fetch, "C1")
    assert (row.first_name, row.middle_name, row.surname) == ("Ann", "Mary", "Berg")
    assert (row.company_id, row.company_name, row.country) == (acme, "Acme", "DE")
    assert (await last_change(fetch)).old_company_id == key


@pytest.mark.usefixtures("acme")
async def test_a_type_that_does_not_fit_the_data_is_refused(run: Run, refuse: Refuse, log: Log) -> None:
    await run(create_contact, {"no": "P1", "type": "PERSON", "company_no": "ACME", "organizational_level": "CEO"})
    await run(create_contact, {"no": "P2", "type": "PERSON", "add_job_responsibilities": ["BUYER"]})
    await run(create_contact, {"no": "C1", "currency": "EUR"})
    await run(create_contact, {"no": "C2", "add_business_relations": ["LAW"]})
    busy = await run(create_contact, {"no": "C3"})
    await log(busy, busy)
    await refuse("CONTACT_HAS_PERSONS", ("type",), update_contact, "ACME", {"type": "PERSON"})
    to_company = {"type": "COMPANY"}
    await refuse("WRONG_CONTACT_TYPE", ("organizationalLevel",), update_contact, "P1", to_company)
    await refuse("WRONG_CONTACT_TYPE", ("type",), update_contact, "P2", to_company)
    await refuse("WRONG_CONTACT_TYPE", ("currency",), update_contact, "C1", {"type": "PERSON"})
    await refuse("WRONG_CONTACT_TYPE", ("type",), update_contact, "C2", {"type": "PERSON"})
    await refuse("CONTACT_HAS_HISTORY", ("type",), update_contact, "C3", {"type": "PERSON"})
    await run(update_contact, "C1", {"type": "PERSON", "currency": ""})


@pytest.mark.parametrize("blocked", [True, False])
async def test_a_company_is_no_minor(run: Run, fetch: Fetch, blocked: bool) -> None:
    flags = {"minor": True, "parental_consent_received": True, "privacy_blocked": blocked}
    await run(create_contact, {"no": "P1", "type": "PERSON", "name": "Ann", **flags})
    await run(update_contact, "P1", {"type": "COMPANY"})
    row = await one(fetch, "P1")
    assert (row.minor, row.parental_consent_received, row.privacy_blocked) == (False, False, blocked)
    assert {"minor", "parental_consent_received"} <= set((await last_change(fetch)).fields)


# Privacy


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


# Update


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


# Code lists


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


# Segments


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("shown", [{"revision": 2}, {"revision": 1}, {"removed": 2, "revision": 1}])
async def test_a_contact_on_a_visible_line_stays(run: Run, refuse: Refuse, place: Place, shown: dict[str, int]) -> None:
    person = await run(create_contact, {"no": "P1", "type": "PERSON"})
    await place(person, **shown)
    refusal = await refuse("CONTACT_ON_SEGMENT", ("companyNo",), update_contact, "P1", {"company_no": "ACME"})
    assert "SM1" in refusal.message
    await refuse("CONTACT_ON_SEGMENT", ("no",), delete_contact, "P1")
    await run(update_contact, "P1", {"city": "Ulm"})


@pytest.mark.usefixtures("acme")
async def test_no_change_of_type_moves_a_contact_on_a_segment(run: Run, refuse: Refuse, place: Place) -> None:
    person = await run(create_contact, {"no": "P1", "type": "PERSON", "company_no": "ACME"})
    company = await run(create_contact, {"no": "C1"})
    await place(person, company)
    on_segment = ("CONTACT_ON_SEGMENT", ("type",), update_contact)
    await refuse(*on_segment, "P1", {"type": "COMPANY"})
    await refuse(*on_segment, "C1", {"type": "PERSON"})
    await refuse(*on_segment, "C1", {"type": "PERSON", "company_no": "ACME"})
    await refuse("CONTACT_ON_SEGMENT", ("companyNo",), update_contact, "P1", {"company_no": None})


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("shown", [{"removed": 2}, {"revision": 0}])
async def test_a_line_that_is_not_visible_is_purged(
    run: Run, fetch: Fetch, store: Store, place: Place, shown: dict[str, int]
) -> None:
    ids = [await run(create_contact, {"no": no, "type": "PERSON"}) for no in ("P1", "P2", "P3")]
    await place(*ids, **shown)
    override = {"segment_id": 1, "on": date(2026, 1, 1)}
    await store(segment_line_override, {**override, "line_no": 10}, {**override, "line_no": 20})
    await run(update_contact, "P1", {"company_no": "ACME"})
    await run(delete_contact, "P1")
    assert [row.contact_id for row in await fetch(segment_line)] == ids[1:]
    assert [row.line_no for row in await fetch(segment_line_override)] == [20]
    expected = [2, 3] if "removed" in shown else [2, 2]
    assert [row.line_count for row in await fetch(segment_revision)] == expected


@pytest.mark.usefixtures("acme")
async def test_a_company_stays_while_one_of_its_persons_is_on_a_segment(run: Run, refuse: Refuse, place: Place) -> None:
    person = await run(create_contact, {"no": "P1", "type": "PERSON", "company_no": "ACME"})
    await place(person)
    await refuse("CONTACT_ON_SEGMENT", ("no",), delete_contact, "ACME")


# Deletion


async def test_a_person_leaves_its_interactions_to_its_company(run: Run, fetch: Fetch, log: Log, acme: int) -> None:
    person = await run(
        create_contact, {"no": "P1", "type": "PERSON", "company_no": "ACME", "add_mailing_groups": ["VIP"]}
    )
    alone = await run(create_contact, {"no": "P2", "type": "PERSON"})
    await log(person, acme)
    await log(alone, None)
    assert await run(delete_contact, "p1") == person
    noted = await last_change(fetch)
    assert (noted.object, noted.object_id, noted.old_company_id) == ("contact", person, acme)
    await run(delete_contact, "P2")
    entries = await fetch(interaction_log_entry)
    assert [(row.contact_id, row.company_id) for row in entries] == [(acme, acme), (None, None)]
    assert [row.no for row in await fetch(contact)] == ["ACME"]
    assert await fetch(contact_mailing_group) == []


async def test_a_company_takes_its_persons_with_it(run: Run, fetch: Fetch, log: Log, acme: int) -> None:
    person = await run(create_contact, {"no": "P1", "type": "PERSON", "company_no": "ACME"})
    other = await run(create_contact, {"no": "BETA"})
    for owner, company in ((acme, acme), (person, acme), (other, other)):
        await log(owner, company)
    await run(delete_contact, "ACME")
    entries = await fetch(interaction_log_entry)
    assert [(row.contact_id, row.company_id) for row in entries] == [(None, None), (None, None), (other, other)]
    assert [row.no for row in await fetch(contact)] == ["BETA"]
    assert {row.object_id for row in (await fetch(change))[-2:]} == {acme, person}


async def test_what_is_not_there_cannot_be_deleted(refuse: Refuse) -> None:
    await refuse("NOT_FOUND", ("no",), delete_contact, "NONE")

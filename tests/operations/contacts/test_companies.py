"""Companies and their persons: inheritance, moves, types."""

import pytest

from server.operations.contacts.contacts import create_contact, update_contact
from server.store.tables import (
    change,
    interaction_log_entry,
)
from tests.operations.conftest import Fetch, Refuse, Run
from tests.operations.contacts.conftest import Log, last_change, one


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
    await refuse("CONTACT_HAS_CODES", ("type",), update_contact, "P2", to_company)
    await refuse("WRONG_CONTACT_TYPE", ("currency",), update_contact, "C1", {"type": "PERSON"})
    await refuse("CONTACT_HAS_CODES", ("type",), update_contact, "C2", {"type": "PERSON"})
    await refuse("CONTACT_HAS_HISTORY", ("type",), update_contact, "C3", {"type": "PERSON"})
    await run(update_contact, "C1", {"type": "PERSON", "currency": ""})

"""Code lists, a company, log entries and lines of segments for the tests of contacts."""

from typing import Any, Protocol

import pytest

from server.clock import Moment
from server.operations.contacts.contacts import create_contact
from server.operations.setup.codes import MAILING_GROUPS, create_code
from server.operations.setup.salespeople import create_salesperson
from server.store.tables import (
    business_relation,
    change,
    contact,
    industry_group,
    interaction_log_entry,
    job_responsibility,
    organizational_level,
    segment,
    segment_line,
    segment_revision,
)
from tests.operations.conftest import Fetch, Run, Store


@pytest.fixture(autouse=True)
async def codes(run: Run, store: Store) -> None:
    for code in ("NEWS", "VIP", "FAIR"):
        await run(create_code, MAILING_GROUPS, code)
    for table, code in (
        (job_responsibility, "BUYER"),
        (industry_group, "STEEL"),
        (business_relation, "LAW"),
        (organizational_level, "CEO"),
    ):
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

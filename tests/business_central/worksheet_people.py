"""Eleven contacts that tell every way of selecting contacts apart, and what stands on a segment."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, insert

from server.clock import Moment
from server.store.database import Database
from server.store.tables import attribute, contact, contact_attribute, interaction_log_entry, logged_segment
from server.store.unit_of_work import UnitOfWork
from tests.business_central.conftest import Change
from tests.conftest import GraphQL

FAILS = "6 / attributes.divisor > 2"
"""True where the divisor is 1, false for Olaf, whose divisor is 3; fails for Coil and Nil, whose divisor is 0."""

_ACME, _BOLT, _COIL = 1, 6, 8
_PEOPLE: Sequence[tuple[int, str, str, int | None, str | None, Mapping[str, Any]]] = (
    (_ACME, "ACME", "Acme", _ACME, "DE", {}),
    (2, "ANN", "Ann", _ACME, "FR", {}),
    (3, "BOB", "Bob", _ACME, "DE", {"privacy_blocked": True}),
    (4, "XENA", "Xena", _ACME, "DE", {"exclude_from_segment": True}),
    (5, "ZOE", "Zoe", _ACME, "DE", {}),
    (_BOLT, "BOLT", "Bolt", _BOLT, "FR", {"exclude_from_segment": True}),
    (7, "MAX", "Max", _BOLT, "DE", {}),
    (_COIL, "COIL", "Coil", _COIL, "CH", {}),
    (9, "NIL", "Nil", _COIL, "CH", {}),
    (10, "OLAF", "Olaf", _COIL, "CH", {}),
    (11, "LONE", "Lone", None, "DE", {}),
)
"""Key, number, name, company, country, flags. Those of a company stand below it; Lone has none."""
KEYS: Mapping[str, int] = {no: key for key, no, *_ in _PEOPLE}


async def store_people(work: UnitOfWork) -> None:
    """Insert the contacts as they are."""
    now = work.moment.now
    company_names = {key: name for key, _, name, company, *_ in _PEOPLE if key == company}
    await work.connection.execute(
        insert(attribute).values(id=1, name="divisor", type="NUMBER", default_value="1", created_at=now)
    )
    for key, no, name, company, country, flags in _PEOPLE:
        await work.connection.execute(
            insert(contact).values(
                id=key,
                no=no,
                type="COMPANY" if key == company else "PERSON",
                name=name,
                search_name=name.casefold(),
                company_id=company,
                company_name=company_names.get(company or 0, ""),
                country=country,
                created_at=now,
                modified_at=now,
                **flags,
            )
        )
        work.record("contact", key)
    divisors = {_COIL: 0, KEYS["NIL"]: 0, KEYS["OLAF"]: 3}
    await work.connection.execute(
        insert(contact_attribute),
        [{"contact_id": key, "attribute_id": 1, "number_value": Decimal(value)} for key, value in divisors.items()],
    )


async def open_worksheet(database: Database, moment: Moment, change: Change) -> None:
    """Store the contacts, and create the segment S1 without lines."""
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await store_people(work)
    await change("createSegment", {"no": "S1", "description": "Spring"})


async def store_rows(database: Database, moment: Moment, table: Table[Any], *rows: Mapping[str, Any]) -> None:
    """Insert rows as they are."""
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await work.connection.execute(insert(table), list(rows))
        work.record(table.name, row_count=len(rows))


async def store_log(
    database: Database, moment: Moment, *entries: tuple[str | None, Mapping[str, Any]], entry_no: int = 7
) -> None:
    """Store a logged segment with an interaction for each (number of a contact, further columns)."""
    logged = {"entry_no": entry_no, "segment_no": f"OLD{entry_no}", "description": "Old", "created_at": moment.now}
    await store_rows(database, moment, logged_segment, logged | {"created_on": date(2026, 11, 2)})
    defaults = {"logged_segment_no": entry_no, "on": date(2026, 11, 2), "at": moment.now, "campaign_id": None}
    defaults |= {"canceled": False}
    rows = [{**defaults, "contact_id": no and KEYS[no], **more} for no, more in entries]
    await store_rows(database, moment, interaction_log_entry, *rows)


async def pin(change: Change, *nos: str, segment_no: str = "S1") -> None:
    """Put contacts on a segment one by one, in this order, some perhaps twice."""
    await change("addSegmentLines", {"segmentNo": segment_no, "contactNos": list(nos), "allowExistingContacts": True})


async def lines(graphql: GraphQL, selection: str, *, no: str = "S1", at: int | None = None) -> list[dict[str, Any]]:
    """Return the lines of a segment in their order, where it stands or at a revision."""
    query = f"query ($no: String!, $at: Int) {{ segment(no: $no) {{ lines(atRevision: $at) {{ nodes {{ {selection} }}"
    data = await graphql(f"{query} }} }} }}", {"no": no, "at": at})
    found: list[dict[str, Any]] = data["segment"]["lines"]["nodes"]
    return found


async def standing(graphql: GraphQL, *, no: str = "S1", at: int | None = None) -> list[str]:
    """Return the numbers of the contacts on a segment, line by line."""
    return [line["contact"]["no"] for line in await lines(graphql, "contact { no }", no=no, at=at)]


async def actions(graphql: GraphQL, selection: str, *, no: str = "S1") -> list[dict[str, Any]]:
    """Return what was done to the lines of a segment, oldest first."""
    query = f"query ($no: String!) {{ segment(no: $no) {{ actions {{ nodes {{ {selection} }} }} }} }}"
    found: list[dict[str, Any]] = (await graphql(query, {"no": no}))["segment"]["actions"]["nodes"]
    return found

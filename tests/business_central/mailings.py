"""Contacts that can be reached in every way, the templates by which, and what became of a segment of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Table, insert, update

from server.clock import Moment
from server.store.database import Database
from server.store.tables import (
    attachment,
    campaign,
    contact,
    contact_address,
    contact_address_period,
    interaction_template,
    marketing_setup,
    salesperson,
    template_language,
)
from tests.business_central.conftest import Change
from tests.conftest import GraphQL

_ACME, _ANN, _BOB, _EVE, _HAL, _SID = range(1, 7)
KEYS: Mapping[str, int] = {"ACME": _ACME, "ANN": _ANN, "BOB": _BOB, "EVE": _EVE, "HAL": _HAL, "SID": _SID}
_PEOPLE: Sequence[tuple[str, int | None, Mapping[str, Any]]] = (
    ("ACME", _ACME, {"email": "info@acme.example", "type": "COMPANY"}),
    ("ANN", _ACME, {"email": "ann@acme.example", "salesperson": "BD"}),
    ("BOB", _ACME, {}),
    ("EVE", None, {"email": "eve@example.com", "privacy_blocked": True}),
    ("HAL", None, {}),
    ("SID", None, {}),
)
"""Number, company, and what is special: Bob has no e-mail address at all, Hal one at home, and Sid a home without one.
Eve is blocked for privacy."""


async def store(database: Database, moment: Moment, table: Table[Any], *rows: dict[str, Any]) -> None:
    """Insert rows as they are."""
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await work.connection.execute(insert(table), list(rows))


async def honour_privacy(database: Database, moment: Moment, *, skip: bool) -> None:
    """Say in the marketing setup whether contacts blocked for privacy are skipped."""
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await work.connection.execute(update(marketing_setup).values(skip_privacy_blocked=skip))


async def store_mailings(database: Database, moment: Moment) -> None:
    """Insert salespeople, campaigns, an attachment, templates and contacts.

    MAIL and LETTER send the attachment, by e-mail and by post; BARE would send by e-mail, but has none; CALL sends
    nothing.
    """
    now = {"created_at": moment.now, "modified_at": moment.now}
    kinds = {"MAIL": "EMAIL", "LETTER": "HARD_COPY", "BARE": "EMAIL", "CALL": None}
    language = {"language": "ENU", "attachment_id": 1}
    people = [
        {"id": KEYS[no], "no": no, "name": no.title(), "search_name": no.lower(), "company_id": company, **now}
        | {"type": "PERSON", "salesperson": "AH", "language": "ENU", "email": "", "privacy_blocked": False, **special}
        for no, company, special in _PEOPLE
    ]
    home = {"code": "HOME"}
    rows: Mapping[Table[Any], Sequence[Mapping[str, Any]]] = {
        salesperson: [{"code": "AH"}, {"code": "BD"}],
        campaign: [{"no": "CP1", **now}, {"no": "CP2", **now}],
        attachment: [{"name": "Offer", "url": "https://files.example/offer.pdf"}],
        interaction_template: [{"code": code, "correspondence_type": kind} for code, kind in kinds.items()],
        template_language: [{"template": "MAIL", **language}, {"template": "LETTER", **language}],
        contact: people,
        contact_address: [
            {"contact_id": _HAL, **home, "email": "hal@home.example"},
            {"contact_id": _SID, **home, "email": ""},
        ],
        contact_address_period: [{"contact_id": key, "starting_on": date(2026, 1, 1), **home} for key in (_HAL, _SID)],
    }
    async with database.write(actor="test", operation="test", moment=moment) as work:
        for table, values in rows.items():
            await work.connection.execute(insert(table), list(values))


async def open_segment(change: Change, *nos: str, no: str = "S1", **header: Any) -> None:
    """Create a segment with a line for each contact, some perhaps twice; by telephone unless a template is named."""
    await change("createSegment", {"no": no, "description": "Spring", "template": "CALL", **header})
    if nos:
        given = {"segmentNo": no, "contactNos": list(nos), "allowExistingContacts": True}
        await change("addSegmentLines", given)


async def edit(change: Change, line_no: int, no: str = "S1", **values: Any) -> None:
    """Change a line of a segment by itself."""
    await change("updateSegmentLine", {"segmentNo": no, "lineNo": line_no, **values})


async def interactions(graphql: GraphQL, selection: str, **filters: Any) -> list[dict[str, Any]]:
    """Return the interactions by entry number."""
    arguments = "filter: $filter, orderBy: { field: ENTRY_NO, direction: ASC }"
    query = f"query ($filter: InteractionFilter) {{ interactions({arguments}) {{ nodes {{ {selection} }} }} }}"
    found: list[dict[str, Any]] = (await graphql(query, {"filter": filters or None}))["interactions"]["nodes"]
    return found


async def logged(graphql: GraphQL, entry_no: int, selection: str) -> dict[str, Any]:
    """Return a logged segment."""
    query = f"query ($no: Int!) {{ loggedSegment(entryNo: $no) {{ {selection} }} }}"
    found: dict[str, Any] = (await graphql(query, {"no": entry_no}))["loggedSegment"]
    return found


async def deliveries(graphql: GraphQL, selection: str, arguments: str = "") -> list[dict[str, Any]]:
    """Return the queue by entry number; ``arguments`` in brackets."""
    data = await graphql(f"{{ deliveries{arguments} {{ nodes {{ {selection} }} }} }}")
    found: list[dict[str, Any]] = data["deliveries"]["nodes"]
    return found

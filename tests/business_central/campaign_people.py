"""Two companies, their persons and somebody alone, whom campaigns target, and how tests look at campaigns."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from server.clock import Moment
from server.store.database import Database
from server.store.tables import (
    business_relation,
    contact,
    contact_business_relation,
    interaction_log_entry,
    interaction_template,
    salesperson,
)
from tests.business_central.conftest import Change
from tests.conftest import GraphQL

KEYS: Mapping[str, int] = {"ACME": 1, "ANN": 2, "BOB": 3, "BOLT": 4, "MAX": 5, "LONE": 6}
COMPANIES: Mapping[str, str | None] = {
    "ACME": "ACME", "ANN": "ACME", "BOB": "ACME", "BOLT": "BOLT", "MAX": "BOLT", "LONE": None
}  # fmt: skip
"""Each contact's company; that of a company is itself."""
_MAIL = {"template": "LETTER", "description": "Offer", "campaignNo": "SPRING"}


async def store_people(database: Database, moment: Moment) -> None:
    """Store the contacts, whose salesperson is AH, the template LETTER, and that Bolt is the customer 10000."""
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await work.connection.execute(insert(salesperson), [{"code": "AH"}, {"code": "BD"}])
        await work.connection.execute(insert(interaction_template).values(code="LETTER", correspondence_type=None))
        for no, company in COMPANIES.items():
            await work.connection.execute(
                insert(contact).values(
                    id=KEYS[no],
                    no=no,
                    type="COMPANY" if no == company else "PERSON",
                    name=no.title(),
                    search_name=no.casefold(),
                    company_id=company and KEYS[company],
                    company_name=company.title() if company else "",
                    salesperson="AH",
                    created_at=moment.now,
                    modified_at=moment.now,
                )
            )
        await work.connection.execute(insert(business_relation).values(code="CUST"))
        await work.connection.execute(
            insert(contact_business_relation).values(
                contact_id=KEYS["BOLT"], code="CUST", link="CUSTOMER", link_no="10000"
            )
        )


async def store_interaction(
    database: Database, moment: Moment, campaign_key: int | None, contact_no: str = "ANN", **values: Any
) -> int:
    """Store an interaction as it is and return its entry number; its day is 2026-11-02 unless given."""
    company = COMPANIES[contact_no]
    row = {
        "contact_id": KEYS[contact_no],
        "company_id": company and KEYS[company],
        "campaign_id": campaign_key,
        "on": date(2026, 11, 2),
        "at": moment.now,
        **{name: Decimal(value) if name in {"cost", "duration"} else value for name, value in values.items()},
    }
    statement = insert(interaction_log_entry).values(row).returning(interaction_log_entry.c.entry_no)
    async with database.write(actor="test", operation="test", moment=moment) as work:
        return int(await work.connection.scalar(statement) or 0)


async def pin(change: Change, segment_no: str, *contact_nos: str) -> None:
    """Put contacts on a segment; all on one more line if they stand there already."""
    await change(
        "addSegmentLines",
        {"segmentNo": segment_no, "contactNos": list(contact_nos), "allowExistingContacts": True},
    )


async def campaign(graphql: GraphQL, selection: str, no: str = "SPRING") -> dict[str, Any]:
    """Return what is asked of a campaign."""
    data = await graphql(f"query ($no: String!) {{ campaign(no: $no) {{ {selection} }} }}", {"no": no})
    found: dict[str, Any] = data["campaign"]
    return found


async def targets(graphql: GraphQL, no: str = "SPRING") -> list[str]:
    """Return the numbers of those in a campaign's target group."""
    found = await campaign(graphql, "targets { nodes { contact { no } } }", no)
    return [node["contact"]["no"] for node in found["targets"]["nodes"]]


async def line_nos(graphql: GraphQL, segment_no: str) -> dict[str, int]:
    """Return the last line number of each contact on a segment."""
    query = "query ($no: String!) { segment(no: $no) { lines { nodes { lineNo contact { no } } } } }"
    nodes = (await graphql(query, {"no": segment_no}))["segment"]["lines"]["nodes"]
    return {node["contact"]["no"]: node["lineNo"] for node in nodes}


async def log_mail(change: Change, *contact_nos: str) -> list[int]:
    """Log an interaction with each contact; return their entry numbers."""
    numbers = []
    for contact_no in contact_nos:
        values = {**_MAIL, "contactNo": contact_no, "campaignTarget": True, "cost": "2"}
        logged = await change("logInteraction", values, "interaction { entryNo }")
        numbers.append(logged["interaction"]["entryNo"])
    return numbers


async def log_segment(change: Change, no: str, *contact_nos: str) -> int:
    """Log a segment of the campaign with these contacts; return the number of the logged segment."""
    await change("createSegment", {"no": no, "description": no, "template": "LETTER", "campaignNo": "SPRING"})
    await pin(change, no, *contact_nos)
    logged = await change("logSegment", {"segmentNo": no}, "loggedSegment { entryNo }")
    number: int = logged["loggedSegment"]["entryNo"]
    return number


async def entry_nos(graphql: GraphQL) -> list[int]:
    """Return the numbers of the campaign's entries, oldest first."""
    nodes = (await campaign(graphql, "entries { nodes { entryNo } }"))["entries"]["nodes"]
    return [node["entryNo"] for node in nodes]

"""Contacts who read different languages, the templates of what they get, and the header and lines of their segment."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, insert

from server.clock import Moment
from server.store.database import Database
from server.store.tables import (
    attachment,
    campaign,
    contact,
    interaction_group,
    interaction_template,
    salesperson,
    template_language,
)
from tests.business_central.conftest import Change
from tests.conftest import GraphQL

OFFER, ANGEBOT, OFFRE = (
    {"name": name, "mediaType": "application/pdf", "url": f"https://files.example/{name}.pdf"}
    for name in ("offer", "angebot", "offre")
)
"""What can be attached, in English, German and French."""
VISIT: Mapping[str, Any] = {
    "code": "VISIT",
    "description": "A visit",
    "group": "MEET",
    "unit_cost": Decimal("12.5"),
    "unit_duration": Decimal(30),
    "information_flow": "OUTBOUND",
    "initiated_by": "US",
    "campaign_id": 902,
    "campaign_target": True,
    "campaign_response": True,
    "correspondence_type": "HARD_COPY",
    "ignore_contact_correspondence": True,
}
"""A template that brings everything but languages."""
_PEOPLE: Sequence[tuple[str, Mapping[str, Any]]] = (
    ("ACME", {"phone": "1"}),
    ("ANN", {"language": "DEU", "correspondence_type": "EMAIL", "salesperson": "AH"}),
    ("BOB", {"language": "FRA", "correspondence_type": "HARD_COPY", "salesperson": "BD"}),
    ("CID", {}),
    ("DOT", {"mobile_phone": "2", "email": "dot@acme.example"}),
)
HEADER = """description campaign { no } salesperson { code } template { code } group { code } correspondenceType
    ignoreContactCorrespondence language subject unitCost unitDuration on informationFlow initiatedBy campaignTarget
    campaignResponse"""
SENT = "language subject attachment { name }"


async def store_readers(database: Database, moment: Moment) -> None:
    """Insert salespeople, campaigns, templates and five contacts.

    Ann reads German and prefers e-mail, Bob French and letters, Cid and the company Acme nothing in particular; Dot
    works for Acme. MAIL is sent in German, the default, and English; NOTE and VISIT have no languages.
    """
    now = {"created_at": moment.now, "modified_at": moment.now}
    mail = {"code": "MAIL", "description": "A mailing", "language": "DEU", "correspondence_type": "EMAIL"}
    rows: tuple[tuple[Table[Any], Sequence[Mapping[str, Any]]], ...] = (
        (salesperson, [{"code": "AH"}, {"code": "BD"}]),
        (interaction_group, [{"code": "MEET"}]),
        (campaign, [{"id": 900 + key, "no": f"CP{key}", "description": f"Campaign CP{key}", **now} for key in (1, 2)]),
        (interaction_template, [VISIT]),
        (interaction_template, [{"code": "NOTE", "correspondence_type": None}]),
        (interaction_template, [mail]),
        (attachment, [{"id": 901, **_row(ANGEBOT)}, {"id": 902, **_row(OFFER)}]),
        (
            template_language,
            [
                {"template": "MAIL", "language": "DEU", "subject": "Angebot", "attachment_id": 901},
                {"template": "MAIL", "language": "ENU", "subject": "Offer", "attachment_id": 902},
            ],
        ),
        *((contact, [{"id": key, **now, **_contact(*person)}]) for key, person in enumerate(_PEOPLE, start=901)),
    )
    async with database.write(actor="test", operation="test", moment=moment) as work:
        for table, inserted in rows:
            await work.connection.execute(insert(table), list(inserted))


def _row(given: Mapping[str, str]) -> dict[str, str]:
    return {"name": given["name"], "media_type": given["mediaType"], "url": given["url"]}


def _contact(no: str, values: Mapping[str, Any]) -> dict[str, Any]:
    company = {"company_id": 901, "company_name": "Acme"} if no in {"ACME", "DOT"} else {}
    kind = "COMPANY" if no == "ACME" else "PERSON"
    return {"no": no, "type": kind, "name": no.title(), "search_name": no.lower(), **company, **values}


async def open_segment(change: Change, *nos: str, **header: Any) -> None:
    """Create the segment S1 with a line for each contact."""
    await change("createSegment", {"no": "S1", **header})
    if nos:
        await change("addSegmentLines", {"segmentNo": "S1", "contactNos": list(nos)})


async def put(change: Change, *nos: str) -> None:
    """Put contacts on S1."""
    await change("addSegmentLines", {"segmentNo": "S1", "contactNos": list(nos)})


async def update(change: Change, *, lines: bool | None = None, **values: Any) -> None:
    """Change the header of S1; ``lines`` says whether its lines follow, None leaves that to the default."""
    more = {} if lines is None else {"updateLines": lines}
    await change("updateSegment", {"no": "S1", **values, **more})


async def edit(change: Change, line_no: int, **values: Any) -> None:
    """Change a line of S1 by itself."""
    await change("updateSegmentLine", {"segmentNo": "S1", "lineNo": line_no, **values})


async def language(change: Change, code: str, *, new: bool = False, **values: Any) -> None:
    """Change what S1 sends in a language, or give it a new one."""
    name = "createSegmentLanguage" if new else "updateSegmentLanguage"
    await change(name, {"segmentNo": "S1", "language": code, **values})


async def segment(graphql: GraphQL, selection: str = HEADER, no: str = "S1") -> dict[str, Any]:
    """Return the header; references to objects by their one value."""
    data = await graphql(f"query ($no: String!) {{ segment(no: $no) {{ {selection} }} }}", {"no": no})
    return flat(data["segment"])


async def lines(graphql: GraphQL, selection: str, no: str = "S1") -> list[dict[str, Any]]:
    """Return the lines by number, as ``segment`` does."""
    found = await segment(graphql, f"lines {{ nodes {{ {selection} }} }}", no)
    return [flat(line) for line in found["lines"]["nodes"]]


async def sent(graphql: GraphQL) -> list[tuple[str | None, str, str | None]]:
    """Return of each line of S1 the language, the subject and the name of the attachment."""
    return [tuple(line.values()) for line in await lines(graphql, SENT)]


async def values(graphql: GraphQL, field: str) -> list[Any]:
    """Return one value of each line of S1."""
    return [next(iter(line.values())) for line in await lines(graphql, field)]


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object of the API with ``{"no": "CP1"}`` as ``"CP1"``."""
    return {name: _only(value) for name, value in record.items()}


def _only(value: Any) -> Any:
    if isinstance(value, dict) and len(value) == 1 and not isinstance(next(iter(value.values())), list):
        return next(iter(value.values()))
    return value

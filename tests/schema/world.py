"""A small world of every kind of object, written straight into the store."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, insert

from server.clock import Moment
from server.store import tables
from server.store.database import Database

BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
COMPANIES = 8
CONTACTS = 60
CAMPAIGNS = 9
INTERACTIONS = 150
LINES = 30
NAMES = ("Abe", "abe", "Zoe", "Ärger", "Émile", "日本", "Ann_Lee", "100%", "O'Hara", "\U0001f600 Joy")


def contact_rows(chance: random.Random) -> list[dict[str, Any]]:
    """Return companies and persons with equal names, blanks and every kind of character."""
    rows = []
    for key in range(1, CONTACTS + 1):
        name = chance.choice(NAMES)
        at = BEGIN + timedelta(days=chance.randrange(3))
        rows.append(
            {
                "id": key,
                "no": f"CT{chance.randrange(10**4):04}{key:02}",
                "type": "COMPANY" if key <= COMPANIES else "PERSON",
                "name": name,
                "search_name": name.casefold(),
                "company_id": key if key <= COMPANIES else chance.choice((None, *range(1, COMPANIES + 1))),
                "city": chance.choice(("", "Bern", "bern", "Zug")),
                "country": chance.choice((None, None, "CH", "DE", "FR")),
                "salesperson": chance.choice((None, "JR", "MK")),
                "email": f"c{key}@example.com",
                "search_email": f"c{key}@example.com",
                "created_at": at,
                "modified_at": at,
            }
        )
    return rows


def rows_of_everything() -> list[tuple[Table[Any], Sequence[Mapping[str, Any]]]]:
    """Return the rows of the world, table by table in an order that keeps every reference."""
    chance = random.Random(7)
    contacts = contact_rows(chance)
    return [
        (tables.salesperson, [{"code": "JR", "name": "John"}, {"code": "MK", "name": "Mia"}]),
        (tables.mailing_group, [{"code": "NEWS", "description": "Newsletter"}, {"code": "PRESS", "description": ""}]),
        (tables.industry_group, [{"code": "RETAIL", "description": "Shops"}]),
        (tables.business_relation, [{"code": "CUST", "description": "Customer"}]),
        (tables.job_responsibility, [{"code": "BUY", "description": "Purchase"}]),
        (tables.interaction_group, [{"code": "LETTERS", "description": "Letters"}]),
        (
            tables.campaign,
            [
                {
                    "id": key,
                    "no": f"CP{key:04}",
                    "description": chance.choice(("Spring", "Autumn", "")),
                    "starting_on": chance.choice((None, date(2026, 3, 1), date(2026, 9, 1))),
                    "salesperson": "JR",
                    "created_at": BEGIN,
                    "modified_at": BEGIN,
                }
                for key in range(1, CAMPAIGNS + 1)
            ],
        ),
        (
            tables.interaction_template,
            [{"code": "MAIL", "group": "LETTERS", "unit_cost": Decimal("1.5"), "campaign_id": 1}],
        ),
        (tables.contact, contacts),
        (
            tables.contact_mailing_group,
            [{"contact_id": key, "code": code} for key in range(1, 41) for code in ("PRESS", "NEWS")[key % 2 :]],
        ),
        (tables.contact_industry_group, [{"contact_id": 1, "code": "RETAIL"}]),
        (tables.contact_business_relation, [{"contact_id": 1, "code": "CUST"}]),
        (tables.contact_job_responsibility, [{"contact_id": 20, "code": "BUY"}]),
        (
            tables.attribute,
            [
                {"id": 1, "name": "tier", "type": "TEXT", "default_value": "basic", "created_at": BEGIN},
                {"id": 2, "name": "score", "type": "NUMBER", "default_value": None, "created_at": BEGIN},
                {"id": 3, "name": "divisor", "type": "NUMBER", "default_value": "1", "created_at": BEGIN},
            ],
        ),
        (tables.contact_attribute, [{"contact_id": 1, "attribute_id": 1, "text_value": "gold"}]),
        (
            tables.contact_attribute,
            [
                {"contact_id": 1, "attribute_id": 2, "number_value": Decimal("12.5")},
                {"contact_id": 2, "attribute_id": 3, "number_value": Decimal(0)},
            ],
        ),
        (
            tables.logged_segment,
            [
                {
                    "entry_no": key,
                    "segment_no": f"SM0000{key}",
                    "description": "Old",
                    "created_on": date(2026, 1, key),
                    "created_at": BEGIN + timedelta(days=key),
                }
                for key in (1, 2)
            ],
        ),
        (
            tables.campaign_entry,
            [
                {
                    "entry_no": 1,
                    "campaign_id": 1,
                    "on": date(2026, 1, 5),
                    "segment_no": "SM00001",
                    "logged_segment_no": 1,
                },
                {"entry_no": 2, "campaign_id": 1, "on": date(2026, 1, 6), "segment_no": "", "logged_segment_no": None},
            ],
        ),
        (tables.interaction_log_entry, interaction_rows(chance, contacts)),
        *segment_rows(),
        (tables.saved_criteria, [{"code": "SWISS", "description": "Everyone there", "created_at": BEGIN}]),
        (
            tables.saved_criteria_action,
            [
                {"code": "SWISS", "position": 1, "kind": "ADD", "rule": 'country == "CH"', "options": {}},
                {
                    "code": "SWISS",
                    "position": 2,
                    "kind": "REFINE",
                    "rule": 'type == "PERSON"',
                    "options": {"entire_companies": True},
                },
            ],
        ),
    ]


def interaction_rows(chance: random.Random, contacts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return interactions of some contacts, many of them at the same instant."""
    rows = []
    for key in range(1, INTERACTIONS + 1):
        person = chance.choice(contacts[:20])
        days = chance.randrange(4)
        rows.append(
            {
                "entry_no": key,
                "contact_id": person["id"],
                "company_id": person["company_id"],
                "on": BEGIN.date() + timedelta(days=days),
                "at": BEGIN + timedelta(days=days),
                "template": "MAIL",
                "group": "LETTERS",
                "campaign_id": chance.choice((None, 1, 2)),
                "campaign_target": key % 2 == 0,
                "logged_segment_no": chance.choice((None, 1, 2)),
                "canceled": key % 10 == 0,
                "cost": Decimal("1.25"),
                "duration": Decimal("0.5"),
            }
        )
    return rows


def segment_rows() -> list[tuple[Table[Any], Sequence[Mapping[str, Any]]]]:
    """Return two segments: one with two actions of which the second is undone, and an empty one."""
    header = {"defaults_no": 1, "on": date(2026, 1, 5), "template": "MAIL", "group": "LETTERS"}
    action = {"options": {"expand_companies": True}, "at": BEGIN, "language_version": "5.1", "actor": "ann"}
    return [
        (
            tables.segment,
            [
                {
                    "id": 1,
                    "no": "SM00010",
                    "revision": 1,
                    "head_revision": 2,
                    "last_line_no": LINES * 10,
                    "created_at": BEGIN,
                    "modified_at": BEGIN,
                },
                {
                    "id": 2,
                    "no": "SM00011",
                    "revision": 0,
                    "head_revision": 0,
                    "last_line_no": 0,
                    "created_at": BEGIN,
                    "modified_at": BEGIN,
                },
            ],
        ),
        (
            tables.segment_defaults,
            [
                {**header, "segment_id": 1, "description": "Spring letter", "campaign_id": 1, "salesperson": "MK"},
                {**header, "segment_id": 2, "description": "", "campaign_id": None, "salesperson": None},
            ],
        ),
        (
            tables.segment_revision,
            [
                {
                    **action,
                    "segment_id": 1,
                    "revision": 1,
                    "kind": "ADD",
                    "rule": "true",
                    "lines_added": LINES,
                    "lines_removed": 0,
                    "line_count": LINES,
                },
                {
                    **action,
                    "segment_id": 1,
                    "revision": 2,
                    "kind": "REDUCE",
                    "rule": "minor",
                    "lines_added": 0,
                    "lines_removed": 10,
                    "line_count": LINES - 10,
                },
            ],
        ),
        (
            tables.segment_line,
            [
                {
                    "segment_id": 1,
                    "line_no": place * 10,
                    "contact_id": place if place < LINES else 1,
                    "origin": 1,
                    "added": 1,
                    "removed": 2 if place % 3 == 0 else None,
                    "defaults_no": 1,
                    "salesperson": "JR",
                    "language": "DEU",
                    "correspondence_type": "EMAIL",
                }
                for place in range(1, LINES + 1)
            ],
        ),
    ]


async def build_world(database: Database, moment: Moment) -> None:
    """Write the world into an empty store."""
    async with database.write(actor="world", operation="build", moment=moment) as work:
        for table, rows in rows_of_everything():
            await work.connection.execute(insert(table), list(rows))

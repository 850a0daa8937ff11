"""Demo data: as many contacts as wanted, with what happened to them in two years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Table, insert, select

from server.clock import Moment
from server.errors import ErrorCode, InvalidInputError, RefusedError
from server.jobs import demo_words as words
from server.jobs.demo_greetings import FORMULAS
from server.jobs.demo_population import DemoChunk, DemoPopulation
from server.jobs.filled_tables import tell_planner_of
from server.jobs.patience import patiently
from server.jobs.progress import Progress, no_progress
from server.jobs.row_keys import reserve_keys
from server.operations.contacts.attributes import create_attribute
from server.operations.numbering import Series, take_numbers
from server.store import tables
from server.store.database import Database
from server.store.unit_of_work import UnitOfWork

_CHUNK_CONTACTS = 2_500
_CONTACTS_MAX = 100_000_000
_OPERATION = "createDemo"

_CODE_LISTS: Mapping[str, tuple[Table, Table, Mapping[str, str]]] = {
    "mailing_group": (tables.mailing_group, tables.contact_mailing_group, words.MAILING_GROUPS),
    "industry_group": (tables.industry_group, tables.contact_industry_group, words.INDUSTRY_GROUPS),
    "job_responsibility": (
        tables.job_responsibility,
        tables.contact_job_responsibility,
        words.JOB_RESPONSIBILITIES,
    ),
    "business_relation": (tables.business_relation, tables.contact_business_relation, words.BUSINESS_RELATIONS),
}
"""Code list → its table, the table that says who has which code, and the codes of the demo data."""

_ATTRIBUTES = {
    "tier": ("TEXT", "text_value", "Loyalty tier: BRONZE, SILVER, GOLD or PLATINUM."),
    "lifetime_value": ("NUMBER", "number_value", "What the contact has bought so far, in the local currency."),
    "customer_since": ("DATE", "date_value", "Day of the first purchase."),
}
"""Custom attribute → type, column of its values, description."""


_FILLED = (
    tables.contact,
    tables.contact_attribute,
    tables.interaction_log_entry,
    *(children for _, children, _ in _CODE_LISTS.values()),
)


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What was created."""

    contacts: int
    companies: int
    interactions: int


@dataclass(frozen=True, slots=True)
class _Setup:
    """Keys of what every chunk refers to: campaigns and their entries in order, attributes by name."""

    campaigns: Sequence[int]
    campaign_entries: Sequence[int]
    attributes: Mapping[str, int]


async def create_demo(
    database: Database,
    *,
    contacts: int,
    moment: Moment,
    actor: str = "demo",
    allow_existing: bool = False,
    progress: Progress = no_progress,
) -> DemoReport:
    """Create ``contacts`` contacts, companies and persons, with code lists, campaigns and interactions.

    The same number and moment give the same data in an empty database, whatever its kind. ``progress`` counts contacts.
    A run that is stopped leaves whole chunks.

    Raises: InvalidInputError for a number below 1; RefusedError(ALREADY_EXISTS) when there are contacts already and
    ``allow_existing`` is false.
    """
    if not 1 <= contacts <= _CONTACTS_MAX:
        msg = f"The number of demo contacts must be between 1 and {_CONTACTS_MAX:,}."
        raise InvalidInputError(msg, path=("contacts",))

    async def set_up() -> _Setup:
        async with database.write(actor=actor, operation=_OPERATION, moment=moment) as work:
            if not allow_existing:
                await _require_no_contacts(work)
            return await _create_setup(work)

    setup = await patiently(set_up)

    async def write_chunk(chunk: DemoChunk) -> None:
        async with database.write(actor=actor, operation=_OPERATION, moment=moment) as work:
            await _create_chunk(work, chunk, setup)

    created = companies = interactions = 0
    for chunk in DemoPopulation(moment).chunks(contacts, size=_CHUNK_CONTACTS):
        await patiently(partial(write_chunk, chunk))
        created += len(chunk.contacts)
        companies += sum(row["type"] == "COMPANY" for row in chunk.contacts)
        interactions += len(chunk.interactions)
        progress(created, contacts)
    begin = partial(database.write, actor=actor, operation=_OPERATION, moment=moment)
    await tell_planner_of(database, begin, _FILLED, created)
    return DemoReport(contacts=created, companies=companies, interactions=interactions)


async def _require_no_contacts(work: UnitOfWork) -> None:
    if await work.connection.scalar(select(tables.contact.c.id).limit(1)) is not None:
        msg = "There are contacts already; demo data is for an empty database."
        raise RefusedError(ErrorCode.ALREADY_EXISTS, msg)


async def _create_setup(work: UnitOfWork) -> _Setup:
    """Create the code lists, templates, campaigns and attributes that are not there yet."""
    for list_table, _, codes in _CODE_LISTS.values():
        await _add_codes(work, list_table, [{"code": code, "description": text} for code, text in codes.items()])
    for table, codes in (
        (tables.salutation, words.SALUTATIONS),
        (tables.organizational_level, words.LEVELS),
        (tables.campaign_status, words.CAMPAIGN_STATUSES),
    ):
        await _add_codes(work, table, [{"code": code, "description": text} for code, text in codes.items()])
    await _add_formulas(work)
    await _add_codes(
        work,
        tables.salesperson,
        [
            {"code": code, "name": name, "email": f"{code.lower()}@sales.example.com", "job_title": "Salesperson"}
            for code, name in words.SALESPEOPLE
        ],
    )
    await _add_codes(
        work,
        tables.interaction_group,
        [{"code": code, "description": text} for code, text in words.INTERACTION_GROUPS.items()],
    )
    await _add_codes(work, tables.interaction_template, [_template_row(template) for template in words.TEMPLATES])
    campaigns, entries = await _create_campaigns(work)
    return _Setup(campaigns, entries, await _attribute_ids(work))


def _template_row(template: words.Template) -> dict[str, Any]:
    return {
        "code": template.code,
        "group": template.group,
        "description": template.description,
        "unit_cost": template.cost,
        "unit_duration": template.duration,
        "information_flow": template.information_flow,
        "initiated_by": template.initiated_by,
        "correspondence_type": template.correspondence_type,
    }


async def _add_codes(work: UnitOfWork, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows whose code is new."""
    known = set(await work.connection.scalars(select(table.c.code)))
    new = [row for row in rows if row["code"] not in known]
    if new:
        await work.connection.execute(insert(table), new)
    for row in new:
        work.record(table.name, code=row["code"])


async def _add_formulas(work: UnitOfWork) -> None:
    """Insert the formulas of salutations that are new."""
    formula = tables.salutation_formula.c
    known = {
        tuple(row) for row in await work.connection.execute(select(formula.salutation, formula.language, formula.type))
    }
    new = [row for row in FORMULAS if (row["salutation"], row["language"], row["type"]) not in known]
    if new:
        await work.connection.execute(insert(tables.salutation_formula), new)
    for code in sorted({row["salutation"] for row in new}):
        work.record("salutation", code=code, fields=("formulas",))


async def _create_campaigns(work: UnitOfWork) -> tuple[Sequence[int], Sequence[int]]:
    """Return the keys of new campaigns, and of the entry of each that collects its single interactions."""
    moment, count = work.moment, len(words.CAMPAIGNS)
    numbers = await take_numbers(work, Series.CAMPAIGN, count)
    keys = await reserve_keys(work, tables.campaign.c.id, count)
    entry_keys = await reserve_keys(work, tables.campaign_entry.c.entry_no, count)
    campaigns, entries = [], []
    for campaign, no, key, entry_no in zip(words.CAMPAIGNS, numbers, keys, entry_keys, strict=True):
        starting_on = moment.today - timedelta(days=campaign.started)
        campaigns.append(
            {
                "id": key,
                "no": no,
                "description": campaign.description,
                "starting_on": starting_on,
                "ending_on": None if campaign.ended is None else moment.today - timedelta(days=campaign.ended),
                "salesperson": campaign.salesperson,
                "status": campaign.status,
                "created_at": moment.now,
                "modified_at": moment.now,
            }
        )
        entries.append(
            {
                "entry_no": entry_no,
                "campaign_id": key,
                "description": "Interactions",
                "on": starting_on,
                "actor": work.actor,
                "salesperson": campaign.salesperson,
            }
        )
    await work.connection.execute(insert(tables.campaign), campaigns)
    await work.connection.execute(insert(tables.campaign_entry), entries)
    work.record("campaign", ids=(keys[0], keys[-1]), row_count=count)
    work.record("campaign_entry", ids=(entry_keys[0], entry_keys[-1]), row_count=count)
    return keys, entry_keys


async def _attribute_ids(work: UnitOfWork) -> dict[str, int]:
    """Return the keys of the demo data's attributes, created where missing.

    Raises: RefusedError(ALREADY_EXISTS) when one of the names is taken by an attribute of another type.
    """
    attribute = tables.attribute
    found = {
        row.name: row
        for row in await work.connection.execute(
            select(attribute.c.id, attribute.c.name, attribute.c.type).where(attribute.c.name.in_(_ATTRIBUTES))
        )
    }
    keys: dict[str, int] = {}
    for name, (type_, _, description) in _ATTRIBUTES.items():
        if name not in found:
            keys[name] = await create_attribute(work, name, type_, description=description)
        elif found[name].type == type_:
            keys[name] = found[name].id
        else:
            msg = f"The attribute {name} exists and is no {type_}."
            raise RefusedError(ErrorCode.ALREADY_EXISTS, msg)
    return keys


async def _create_chunk(work: UnitOfWork, chunk: DemoChunk, setup: _Setup) -> None:
    """Insert a chunk: positions become keys, campaign numbers become campaigns."""
    count = len(chunk.contacts)
    keys = await reserve_keys(work, tables.contact.c.id, count)
    numbers = await take_numbers(work, Series.CONTACT, count)
    contacts = [
        {**row, "id": key, "no": no, "company_id": _key_at(keys, row["company_id"])}
        for row, key, no in zip(chunk.contacts, keys, numbers, strict=True)
    ]
    await work.connection.execute(insert(tables.contact), contacts)
    work.record("contact", ids=(keys[0], keys[-1]), row_count=count)
    for name, (_, member_table, _) in _CODE_LISTS.items():
        rows = [{"contact_id": keys[position], "code": code} for position, code in chunk.codes[name]]
        if rows:
            await work.connection.execute(insert(member_table), rows)
    await _create_attribute_values(work, chunk, setup, keys)
    await _create_interactions(work, chunk, setup, keys)


async def _create_attribute_values(work: UnitOfWork, chunk: DemoChunk, setup: _Setup, keys: Sequence[int]) -> None:
    for name, (_, column, _) in _ATTRIBUTES.items():
        rows = [
            {"contact_id": keys[position], "attribute_id": setup.attributes[name], column: value}
            for position, attribute, value in chunk.attributes
            if attribute == name
        ]
        if rows:
            await work.connection.execute(insert(tables.contact_attribute), rows)


async def _create_interactions(work: UnitOfWork, chunk: DemoChunk, setup: _Setup, keys: Sequence[int]) -> None:
    if not chunk.interactions:
        return
    entry_nos = await reserve_keys(work, tables.interaction_log_entry.c.entry_no, len(chunk.interactions))
    entries = [
        {
            **row,
            "entry_no": entry_no,
            "actor": work.actor,
            "campaign_id": _key_at(setup.campaigns, row["campaign_id"]),
            "campaign_entry_no": _key_at(setup.campaign_entries, row["campaign_id"]),
            "contact_id": keys[row["contact_id"]],
            "company_id": _key_at(keys, row["company_id"]),
        }
        for row, entry_no in zip(chunk.interactions, entry_nos, strict=True)
    ]
    await work.connection.execute(insert(tables.interaction_log_entry), entries)
    work.record("interaction_log_entry", ids=(entry_nos[0], entry_nos[-1]), row_count=len(entry_nos))


def _key_at(keys: Sequence[int], position: int | None) -> int | None:
    return None if position is None else keys[position]

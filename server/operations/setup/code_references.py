"""What refers to a code: named when it stands in the way of a deletion, taken along when the code is renamed."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Column, ColumnElement, distinct, func, or_, select, union_all, update

from server.errors import ErrorCode, RefusedError
from server.operations.values import api_name
from server.store.tables import (
    campaign,
    campaign_status,
    contact,
    interaction_log_entry,
    metadata,
    organizational_level,
    salesperson,
    salutation,
    segment_line,
)
from server.store.unit_of_work import UnitOfWork

_WITHOUT_FOREIGN_KEY: tuple[tuple[Column[Any], Column[Any]], ...] = (
    (contact.c.salutation, salutation.c.code),
    (contact.c.organizational_level, organizational_level.c.code),
    (campaign.c.status, campaign_status.c.code),
    (segment_line.c.salesperson, salesperson.c.code),
)
"""Columns that hold a code which the database itself does not check."""

REFERRING_OBJECTS = {
    "contact": ("contact", "contacts", "id"),
    "contact_mailing_group": ("contact", "contacts", "contact_id"),
    "contact_industry_group": ("contact", "contacts", "contact_id"),
    "contact_job_responsibility": ("contact", "contacts", "contact_id"),
    "contact_business_relation": ("contact", "contacts", "contact_id"),
    "segment_defaults": ("segment", "segments", "segment_id"),
    "segment_line": ("segment", "segments", "segment_id"),
    "segment_line_override": ("segment", "segments", "segment_id"),
    "campaign": ("campaign", "campaigns", "id"),
    "campaign_entry": ("campaign entry", "campaign entries", "entry_no"),
    "interaction_log_entry": ("interaction", "interactions", "entry_no"),
    "interaction_template": ("interaction template", "interaction templates", "code"),
    "user_setup": ("user", "users", "name"),
    "marketing_setup": ("marketing setup", "marketing setups", "id"),
}
"""Table → the object of which its rows are a part, one and many, and the column that names that object."""
_PLACES = {table: place for place, table in enumerate(REFERRING_OBJECTS)}


def referring_columns(code: Column[Any]) -> list[Column[Any]]:
    """Return the columns that hold the code and keep it from being deleted; rows that go with it do not."""
    keys = [key for table in metadata.sorted_tables for key in table.foreign_keys if key.column is code]
    return [
        *(referring for referring, referred in _WITHOUT_FOREIGN_KEY if referred is code),
        *(key.parent for key in keys if key.ondelete is None),
    ]


async def require_unused(work: UnitOfWork, code: Column[Any], value: str, what: str, *, advice: str = "") -> None:
    """Refuse the deletion of a code that anything refers to; its row must be locked.

    Args:
        work: where.
        code: the key of the code's table.
        value: the code.
        what: the object in words, for the message: ``mailing group``.
        advice: what to do instead, a sentence.

    Raises: RefusedError(IN_USE) that names by what and how many.
    """
    keys: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
    for column in sorted(referring_columns(code), key=lambda column: _PLACES[column.table.name]):
        one, many, key = REFERRING_OBJECTS[column.table.name]
        keys[one, many].append(select(column.table.c[key].label("key")).where(column == value))
    if not keys:
        return
    rows = [union_all(*selects).subquery() for selects in keys.values()]
    counts = [select(func.count(distinct(found.c.key))).scalar_subquery() for found in rows]
    row = (await work.connection.execute(select(*counts))).one()
    used = [f"{count} {one if count == 1 else many}" for (one, many), count in zip(keys, row, strict=True) if count]
    if used:
        msg = f"{what[0].upper()}{what[1:]} {value} cannot be deleted: it is in use by {', '.join(used)}. {advice}"
        raise RefusedError(ErrorCode.IN_USE, msg.strip(), path=(api_name("code"),))


async def rename_code(work: UnitOfWork, code: Column[Any], old: str, new: str) -> None:
    """Give a code another name, everywhere; contacts that have it are stamped as changed.

    The row must be locked and the new code free. The database follows its foreign keys by itself. Rules that name the
    code are texts and stay as they are.
    """
    name = code.table.name
    await _stamp_contacts(work, code, old)
    await work.connection.execute(update(code.table).where(code == old).values(code=new))
    for referring, referred in _WITHOUT_FOREIGN_KEY:
        if referred is code:
            await _follow(work, referring, old, new)
    log = interaction_log_entry
    for column in referring_columns(code):
        if column.table is log:
            await work.record_range(log, column == new, fields=[column.name], cause="renaming")
    work.record(name, code=old, fields=("code",))
    work.record(name, code=new, fields=("code",))


async def _stamp_contacts(work: UnitOfWork, code: Column[Any], value: str) -> None:
    """Stamp every contact that has the code, itself or in one of its lists, before the code changes."""
    conditions: list[ColumnElement[bool]] = []
    fields: list[str] = []
    for column in referring_columns(code):
        if column.table is contact:
            conditions.append(column == value)
            fields.append(column.name)
        elif "contact_id" in column.table.c and column.table.name.startswith("contact_"):
            conditions.append(contact.c.id.in_(select(column.table.c.contact_id).where(column == value)))
            fields.append(column.table.name.removeprefix("contact_"))
    if not conditions:
        return
    having = or_(*conditions)
    if await work.record_range(contact, having, fields=[*fields, "modified_at"], cause="renaming"):
        stamped = {"modified_at": work.moment.now, "version": contact.c.version + 1}
        await work.connection.execute(update(contact).where(having).values(stamped))


async def _follow(work: UnitOfWork, column: Column[Any], old: str, new: str) -> None:
    """Write the new code where no foreign key does it."""
    values: dict[str, Any] = {column.name: new}
    if column.table is campaign:
        values |= {"modified_at": work.moment.now, "version": campaign.c.version + 1}
        await work.record_range(campaign, column == old, fields=[column.name, "modified_at"], cause="renaming")
    await work.connection.execute(update(column.table).where(column == old).values(values))

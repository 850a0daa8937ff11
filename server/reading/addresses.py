"""Alternative addresses of contacts as people see them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.reading.keys import key_rows
from server.reading.relations import OrderKey, Relation, text_key
from server.store.active_addresses import active_address
from server.store.tables import contact_address, contact_address_period

_address = contact_address.c
_period = contact_address_period.c
_SHOWN = {column.name: column for column in _address if column.name != "contact_id"}

ADDRESSES = Relation(
    name="contact_address",
    source=contact_address,
    key=text_key("key", _address.code, unique=True),
    columns=_SHOWN,
)
PERIODS = Relation(
    name="contact_address_period",
    source=contact_address_period,
    key=OrderKey("key", _period.starting_on, date, unique=True),
    columns={"starting_on": _period.starting_on, "ending_on": _period.ending_on, "code": _period.code},
)


def addresses_of(contact: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of the alternative addresses of a contact."""
    return _address.contact_id == contact


def periods_of(contact: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of the periods of a contact's alternative addresses."""
    return _period.contact_id == contact


async def addresses_on(connection: AsyncConnection, day: date, contacts: Sequence[int]) -> list[Row[Any] | None]:
    """Return for each contact the alternative address to use on a day, or None for its own; one statement."""
    given = key_rows(contacts, connection.dialect.name).subquery("parent")
    is_active = and_(_address.contact_id == given.c.key, _address.code == active_address(given.c.key, day))
    statement = select(given.c.key.label("parent_key"), _address.code.label("key"), *_SHOWN.values())
    rows = await connection.execute(statement.select_from(given.join(contact_address, is_active)))
    of_contact = {row.parent_key: row for row in rows}
    return [of_contact.get(contact) for contact in contacts]

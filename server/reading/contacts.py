"""Contacts as people see them: columns, orders, search, and what hangs on a contact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.reading.contact_figures import FIGURES
from server.reading.keys import key_rows
from server.reading.relations import Filter, OrderKey, Relation, by_code_point, text_key
from server.reading.texts import checked_text
from server.rules import ColumnSource, ValueType
from server.selection import DecidedRule
from server.store.tables import attribute, contact, contact_attribute
from server.vocabulary import attribute_default
from server.vocabulary.interactions import statistics

_SEARCH_CHARACTERS = 100
_LAST_CODE_POINT = "\U0010ffff"

_company = contact.alias("company_of_contact")

_UNSHOWN = {"id", "company_id", "salesperson", "search_email"}
_OWN = {column.name: column for column in contact.c if column.name not in _UNSHOWN}
_COMPUTED = {symbol.name: symbol.source.column for symbol in statistics() if isinstance(symbol.source, ColumnSource)}

CONTACTS = Relation(
    name="contact",
    source=contact,
    key=OrderKey("key", contact.c.id, int, unique=True),
    columns={
        **_OWN,
        **_COMPUTED,
        **FIGURES,
        "company_key": contact.c.company_id,
        "company_no": select(_company.c.no)
        .where(_company.c.id == contact.c.company_id)
        .correlate(contact)
        .scalar_subquery(),
        "salesperson_code": contact.c.salesperson,
    },
    orders={
        "NO": text_key("NO", contact.c.no, unique=True),
        "NAME": text_key("NAME", contact.c.search_name),
        "COMPANY_NAME": text_key("COMPANY_NAME", contact.c.company_name),
        "CITY": text_key("CITY", contact.c.city),
        "POST_CODE": text_key("POST_CODE", contact.c.post_code),
        "COUNTRY": text_key("COUNTRY", contact.c.country, nullable=True),
        "SALESPERSON": text_key("SALESPERSON", contact.c.salesperson, nullable=True),
        "CREATED_AT": OrderKey("CREATED_AT", contact.c.created_at, datetime),
        "MODIFIED_AT": OrderKey("MODIFIED_AT", contact.c.modified_at, datetime),
    },
)


def contact_filter(*, search: str | None = None, decided: DecidedRule | None = None) -> Filter:
    """Return the filter of a list of contacts.

    Args:
        search: text with which the name begins, or a whole number or e-mail address; without regard to case.
        decided: only contacts that the rule selects.

    Raises: InvalidInputError for a search text that is too long or not text.
    """
    conditions: list[ColumnElement[bool]] = []
    if search is not None and (wanted := checked_text(search, "search", most=_SEARCH_CHARACTERS).strip()):
        conditions.append(_found(wanted))
    if decided is not None:
        conditions.append(decided.matched)
    signature = (search, None if decided is None else decided.rule.text)
    return Filter(and_(*conditions), signature) if conditions else Filter()


def _found(wanted: str) -> ColumnElement[bool]:
    """Return the condition of a search; each part can use an index."""
    name = by_code_point(contact.c.search_name)
    prefix = wanted.casefold()
    return or_(
        and_(name >= prefix, name < prefix + _LAST_CODE_POINT),
        contact.c.no == wanted.upper(),
        contact.c.search_email == prefix,
    )


def persons_of(company: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of the persons who belong to a company."""
    return and_(contact.c.company_id == company, contact.c.type == "PERSON")


async def codes_of_each(
    connection: AsyncConnection, link: Table[Any], codes: Table[Any], contacts: Sequence[int]
) -> list[list[Row[Any]]]:
    """Return the codes of each contact as rows of ``key`` and ``description``, by code; one statement.

    Args:
        connection: sees the data.
        link: the table that says which contact has which code.
        codes: the table of the codes.
        contacts: keys of contacts, without doubles.
    """
    statement = (
        select(link.c.contact_id, codes.c.code.label("key"), codes.c.code, codes.c.description)
        .join_from(link, codes, codes.c.code == link.c.code)
        .where(link.c.contact_id.in_(key_rows(contacts, connection.dialect.name)))
        .order_by(by_code_point(codes.c.code))
    )
    return _of_each(contacts, await connection.execute(statement), "contact_id")


@dataclass(frozen=True, slots=True)
class AttributeValue:
    """A custom attribute and the value that a contact has.

    Attributes:
        type: TEXT, NUMBER, BOOLEAN, DATE or DATETIME.
        value: str, Decimal, bool, date or aware datetime, by the type.
        is_default: whether the contact has no value of its own.
    """

    name: str
    type: str
    value: Any
    is_default: bool


async def attributes_of_each(connection: AsyncConnection, contacts: Sequence[int]) -> list[list[AttributeValue]]:
    """Return each contact's custom attributes that have a value, own or by default, by name; one statement."""
    given = key_rows(contacts, connection.dialect.name).subquery("parent")
    own = contact_attribute.c
    statement = (
        select(
            given.c.key.label("parent_key"),
            attribute.c.name,
            attribute.c.type,
            attribute.c.default_value,
            own.contact_id.is_(None).label("is_default"),
            own.text_value,
            own.number_value,
            own.boolean_value,
            own.date_value,
            own.datetime_value,
        )
        .select_from(
            given.join(attribute, attribute.c.id > 0).outerjoin(
                contact_attribute, and_(own.contact_id == given.c.key, own.attribute_id == attribute.c.id)
            )
        )
        .where(or_(own.contact_id.is_not(None), attribute.c.default_value.is_not(None)))
        .order_by(by_code_point(attribute.c.name))
    )
    rows = _of_each(contacts, await connection.execute(statement), "parent_key")
    return [[_attribute_value(row) for row in of_contact] for of_contact in rows]


def _attribute_value(row: Row[Any]) -> AttributeValue:
    """Return the value of a row; a default is stored as text and gets its type here."""
    if row.is_default:
        value = attribute_default(ValueType(row.type), row.default_value)
    else:
        value = getattr(row, f"{row.type.lower()}_value")
    return AttributeValue(row.name, row.type, value, bool(row.is_default))


def _of_each(parents: Sequence[int], rows: Any, owner: str) -> list[list[Row[Any]]]:
    of_parent: dict[int, list[Row[Any]]] = {parent: [] for parent in parents}
    for row in rows:
        of_parent[getattr(row, owner)].append(row)
    return [of_parent[parent] for parent in parents]

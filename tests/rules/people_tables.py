"""The tables of the people, and the vocabulary over them: every type and source a symbol can have, some twice."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    func,
    or_,
    select,
)

from server.rules import (
    CodeSet,
    Collection,
    ColumnSource,
    ReferenceSource,
    SideRowSource,
    Symbol,
    ValueType,
    Vocabulary,
)
from server.store.types import MONEY_SCALE, Instant, Minutes, Money

metadata = MetaData()
region = Table("region", metadata, Column("id", Integer, primary_key=True), Column("code", String, nullable=False))
company = Table(
    "company",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("no", String, nullable=False),
)
person = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("search_name", String, nullable=False),
    Column("nick", String, nullable=False),
    Column("country", String),
    Column("language", String),
    Column("region_id", Integer, ForeignKey("region.id")),
    Column("company_id", Integer, ForeignKey("company.id")),
    Column("minor", Boolean, nullable=False),
    Column("vip", Boolean),
    Column("score", BigInteger, nullable=False),
    Column("balance", Money, nullable=False),
    Column("rating", Money),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant),
    Column("joined_on", Date, nullable=False),
    Column("born_on", Date),
)
person_group = Table(
    "person_group",
    metadata,
    Column("person_id", Integer, primary_key=True),
    Column("code", String, primary_key=True),
)
company_trade = Table(
    "company_trade",
    metadata,
    Column("company_id", Integer, primary_key=True),
    Column("code", String, primary_key=True),
    Column("closed", Boolean, nullable=False),
)
list_line = Table(
    "list_line",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Integer),
    Column("code", String, nullable=False),
    Column("added", Integer, nullable=False),
    Column("removed", Integer),
)
attribute = Table(
    "person_attribute",
    metadata,
    Column("person_id", Integer, primary_key=True),
    Column("attribute_id", Integer, primary_key=True),
    Column("text_value", String),
    Column("number_value", Money),
    Column("boolean_value", Boolean),
    Column("date_value", Date),
)
visit = Table(
    "visit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Integer),
    Column("at", Instant, nullable=False),
    Column("on", Date, nullable=False),
    Column("template", String),
    Column("region_id", Integer),
    Column("canceled", Boolean, nullable=False),
    Column("cost", Money, nullable=False),
    Column("duration", Minutes, nullable=False),
    Column("subject", String, nullable=False),
    Column("subject_folded", String, nullable=False),
    Column("grade", Integer),
)


def _of_visits(aggregate: ColumnElement[Any]) -> ColumnElement[Any]:
    return select(aggregate).where(visit.c.person_id == person.c.id).correlate(person).scalar_subquery()


def _column(
    name: str, kind: ValueType, column: ColumnElement[Any], *, nullable: bool = False, scale: int = 0
) -> Symbol:
    return Symbol(name, kind, ColumnSource(column, scale), nullable=nullable, indexed=name in _INDEXED)


def _attribute(name: str, number: int) -> Symbol:
    kind, default = ATTRIBUTE_TYPES[name], DEFAULTS[name]
    where = attribute.c.attribute_id == number
    scale = MONEY_SCALE if kind is ValueType.NUMBER else 0
    source = SideRowSource(person.c.id, attribute.c.person_id, ATTRIBUTE_COLUMNS[kind], where, default, scale)
    return Symbol(f"attributes.{name}", kind, source, nullable=default is None)


_INDEXED = ("country", "nick", "score")
"""Symbols by which the compiler expects an index to find people; it asks the rest of a rule otherwise then."""

ATTRIBUTE_TYPES: Mapping[str, ValueType] = {
    "tier": ValueType.TEXT,
    "points": ValueType.NUMBER,
    "member": ValueType.BOOLEAN,
    "since": ValueType.DATE,
    "rank": ValueType.TEXT,
    "quota": ValueType.NUMBER,
    "asked": ValueType.BOOLEAN,
    "renewed": ValueType.DATE,
}
DEFAULTS: Mapping[str, Any] = {
    "tier": None,
    "points": Decimal("10.5"),
    "member": False,
    "since": date(2026, 6, 15),
    "rank": "Mc",
    "quota": None,
    "asked": None,
    "renewed": None,
}
ATTRIBUTE_COLUMNS: Mapping[ValueType, Column[Any]] = {
    ValueType.TEXT: attribute.c.text_value,
    ValueType.NUMBER: attribute.c.number_value,
    ValueType.BOOLEAN: attribute.c.boolean_value,
    ValueType.DATE: attribute.c.date_value,
}
_SYMBOLS = (
    Symbol("name", ValueType.TEXT, ColumnSource(person.c.name), folded=person.c.search_name),
    _column("nick", ValueType.TEXT, person.c.nick),
    _column("country", ValueType.CODE, person.c.country, nullable=True),
    _column("language", ValueType.CODE, person.c.language, nullable=True),
    Symbol("region", ValueType.CODE, ReferenceSource(person.c.region_id, region.c.id, region.c.code), nullable=True),
    Symbol(
        "employer", ValueType.TEXT, ReferenceSource(person.c.company_id, company.c.id, company.c.name), nullable=True
    ),
    _column("minor", ValueType.BOOLEAN, person.c.minor),
    _column("vip", ValueType.BOOLEAN, person.c.vip, nullable=True),
    _column("score", ValueType.NUMBER, person.c.score),
    _column("balance", ValueType.NUMBER, person.c.balance, scale=4),
    _column("rating", ValueType.NUMBER, person.c.rating, nullable=True, scale=4),
    _column("created_at", ValueType.DATETIME, person.c.created_at),
    _column("seen_at", ValueType.DATETIME, person.c.seen_at, nullable=True),
    _column("joined_on", ValueType.DATE, person.c.joined_on),
    _column("born_on", ValueType.DATE, person.c.born_on, nullable=True),
    _column("visit_count", ValueType.NUMBER, _of_visits(func.count())),
    _column("last_visit_on", ValueType.DATE, _of_visits(func.max(visit.c.on)), nullable=True),
    *(_attribute(name, number) for number, name in enumerate(DEFAULTS, 1)),
)
_MEMBERS = (
    _column("at", ValueType.DATETIME, visit.c.at),
    _column("on", ValueType.DATE, visit.c.on),
    _column("template", ValueType.CODE, visit.c.template, nullable=True),
    Symbol("region", ValueType.CODE, ReferenceSource(visit.c.region_id, region.c.id, region.c.code), nullable=True),
    _column("canceled", ValueType.BOOLEAN, visit.c.canceled),
    _column("cost", ValueType.NUMBER, visit.c.cost, scale=4),
    _column("duration", ValueType.NUMBER, visit.c.duration, scale=2),
    Symbol("subject", ValueType.TEXT, ColumnSource(visit.c.subject), folded=visit.c.subject_folded),
    _column("grade", ValueType.NUMBER, visit.c.grade, nullable=True),
)
_STANDING = (
    select(list_line.c.person_id, list_line.c.code)
    .where(list_line.c.added <= 3, or_(list_line.c.removed.is_(None), list_line.c.removed > 3))
    .subquery("standing")
)
VOCABULARY = Vocabulary(
    key=person.c.id,
    symbols={symbol.name: symbol for symbol in _SYMBOLS},
    code_sets={
        "groups": CodeSet("groups", person.c.id, person_group.c.person_id, person_group.c.code),
        "trades": CodeSet(
            "trades", person.c.company_id, company_trade.c.company_id, company_trade.c.code, ~company_trade.c.closed
        ),
        "lists": CodeSet("lists", person.c.id, _STANDING.c.person_id, _STANDING.c.code),
    },
    collections={
        "visits": Collection(
            "visits",
            person.c.id,
            visit.c.person_id,
            visit.c.id,
            {symbol.name: symbol for symbol in _MEMBERS},
        )
    },
)

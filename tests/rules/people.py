"""People with everything that trips a compiler: nulls, blanks, look-alike letters, edges of days, hours and numbers."""

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    func,
    insert,
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
    sql_functions,
)
from server.store.types import Instant, Minutes, Money

metadata = MetaData()
region = Table("region", metadata, Column("id", Integer, primary_key=True), Column("code", String, nullable=False))
person = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("nick", String, nullable=False),
    Column("country", String),
    Column("language", String),
    Column("region_id", Integer, ForeignKey("region.id")),
    Column("company_id", Integer),
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
    Column("grade", Integer),
)


def _of_visits(aggregate: ColumnElement[Any]) -> ColumnElement[Any]:
    return select(aggregate).where(visit.c.person_id == person.c.id).correlate(person).scalar_subquery()


TEXTS = (
    "", " ", "a", "A", "Mc", "mc", "MC", "McDonald", "mcx", "Md", "M", "MÇ", "Zoë", "Zoë", "straße", "STRASSE", "İ",
    "ΑΣ", "ας", "a\n", "a\nb", "\na", "a%b", "a_b", "a\\b", "it's", 'say "x"', "\U0001f600", "￿", "z\U0010ffff",
    "٣", "3", "1", "0", "true", "null", "DE", "de", "x" * 40, "ab", "ba", "abab", "e\u0301", "\ud7ffa", "\ue000",
)  # fmt: skip
CODES = ("DE", "de", "FR", "A", "B", "", "NEWS", "Ä", "Z")
NUMBERS = tuple(
    Decimal(text)
    for text in (
        "0", "1", "-1", "2", "3", "0.0001", "-0.0001", "0.1", "0.3", "1.5", "9.9999", "10", "10.5", "99999999999.9999",
        "-99999999999.9999", "7", "100",
    )
)  # fmt: skip
INTEGERS = (0, 1, 2, 3, 5, -1, 10, 100, 2**31, 2**53 + 1, 2**63 - 1, -(2**63))
INSTANTS = tuple(
    datetime.fromisoformat(text)
    for text in (
        "2026-01-01T00:00:00+00:00", "2025-12-31T23:59:59.999999+00:00", "2026-01-01T00:00:00.000001+00:00",
        "2025-12-31T23:00:00+00:00", "2026-03-29T01:00:00+00:00", "2025-10-26T00:30:00+00:00",
        "2025-10-26T01:30:00+00:00", "2018-11-04T03:00:00+00:00", "2018-11-04T02:59:59.999999+00:00",
        "2026-06-15T10:00:00+00:00", "2026-05-16T10:00:00+00:00", "2026-05-16T09:59:59.999999+00:00",
        "2026-05-16T10:00:00.000001+00:00", "2026-06-14T22:00:00+00:00", "2011-12-30T10:00:00+00:00",
        "1969-12-31T23:59:59.999999+00:00", "1900-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999999+00:00",
        "0001-01-01T00:00:00+00:00", "9999-12-01T00:00:00+00:00", "2000-02-29T12:00:00+00:00",
    )
)  # fmt: skip
DAYS = tuple(
    date.fromisoformat(text)
    for text in (
        "2026-06-15", "2026-06-14", "2026-06-16", "2026-05-16", "2026-05-15", "2025-10-26", "2025-10-27", "2026-01-01",
        "2025-12-31", "2018-11-04", "2018-11-03", "2011-12-29", "2011-12-30", "2011-12-31", "1900-01-01", "2000-02-29",
        "9999-12-31", "0001-01-02",
    )
)  # fmt: skip


def _column(
    name: str, kind: ValueType, column: ColumnElement[Any], *, nullable: bool = False, scale: int = 0
) -> Symbol:
    return Symbol(name, kind, ColumnSource(column, scale), nullable=nullable)


def _attribute(name: str, number: int, kind: ValueType, column: ColumnElement[Any], *, scale: int = 0) -> Symbol:
    default = DEFAULTS[name]
    where = attribute.c.attribute_id == number
    source = SideRowSource(person.c.id, attribute.c.person_id, column, where, default, scale)
    return Symbol(f"attributes.{name}", kind, source, nullable=default is None)


DEFAULTS: Mapping[str, Any] = {"tier": None, "points": Decimal("10.5"), "member": False, "since": date(2026, 6, 15)}
_ATTRIBUTES = (
    _attribute("tier", 1, ValueType.TEXT, attribute.c.text_value),
    _attribute("points", 2, ValueType.NUMBER, attribute.c.number_value, scale=4),
    _attribute("member", 3, ValueType.BOOLEAN, attribute.c.boolean_value),
    _attribute("since", 4, ValueType.DATE, attribute.c.date_value),
)
_SYMBOLS = (
    _column("name", ValueType.TEXT, person.c.name),
    _column("nick", ValueType.TEXT, person.c.nick),
    _column("country", ValueType.CODE, person.c.country, nullable=True),
    _column("language", ValueType.CODE, person.c.language, nullable=True),
    Symbol("region", ValueType.CODE, ReferenceSource(person.c.region_id, region.c.id, region.c.code), nullable=True),
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
    *_ATTRIBUTES,
)
_MEMBERS = (
    _column("at", ValueType.DATETIME, visit.c.at),
    _column("on", ValueType.DATE, visit.c.on),
    _column("template", ValueType.CODE, visit.c.template, nullable=True),
    Symbol("region", ValueType.CODE, ReferenceSource(visit.c.region_id, region.c.id, region.c.code), nullable=True),
    _column("canceled", ValueType.BOOLEAN, visit.c.canceled),
    _column("cost", ValueType.NUMBER, visit.c.cost, scale=4),
    _column("duration", ValueType.NUMBER, visit.c.duration, scale=2),
    _column("subject", ValueType.TEXT, visit.c.subject),
    _column("grade", ValueType.NUMBER, visit.c.grade, nullable=True),
)
VOCABULARY = Vocabulary(
    key=person.c.id,
    symbols={symbol.name: symbol for symbol in _SYMBOLS},
    code_sets={
        "groups": CodeSet("groups", person.c.id, person_group.c.person_id, person_group.c.code),
        "trades": CodeSet(
            "trades", person.c.company_id, company_trade.c.company_id, company_trade.c.code, ~company_trade.c.closed
        ),
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


@dataclass(frozen=True)
class People:
    """Rows of the tables, and what the evaluator is told about each person."""

    rows: Mapping[Table, list[dict[str, Any]]]
    values: Mapping[int, dict[str, Any]]


def make_people(count: int, seed: int) -> People:
    """Return as many people as asked for, the same for the same seed."""
    pick = random.Random(seed)
    rows: dict[Table, list[dict[str, Any]]] = {table: [] for table in metadata.sorted_tables}
    values: dict[int, dict[str, Any]] = {}
    regions = dict(enumerate(CODES, 1))
    rows[region] = [{"id": number, "code": code} for number, code in regions.items()]
    companies = {
        number: [(code, pick.random() < 0.3) for code in CODES if pick.random() < 0.3] for number in range(1, 8)
    }
    for number, trades in companies.items():
        rows[company_trade] += [{"company_id": number, "code": code, "closed": closed} for code, closed in trades]
    for number in range(1, count + 1):
        row = _person(pick, number, regions)
        rows[person].append(row)
        told = {name: row[name] for name in row if name in VOCABULARY.symbols}
        told["region"] = regions.get(row["region_id"])
        groups = sorted(code for code in CODES if pick.random() < 0.25)
        rows[person_group] += [{"person_id": number, "code": code} for code in groups]
        told["groups"] = tuple(groups)
        told["trades"] = tuple(code for code, closed in companies.get(row["company_id"], ()) if not closed)
        told["attributes"] = _attributes(pick, number, rows[attribute])
        told["visits"] = visits = _visits(pick, number, regions, rows[visit])
        told["visit_count"] = Decimal(len(visits))
        told["last_visit_on"] = max((made["on"] for made in visits), default=None)
        values[number] = told
    orphan = _visit(pick, None, 1_000_000)
    rows[visit].append(orphan)
    return People(rows, values)


def _or_null(pick: random.Random, choices: Any) -> Any:
    return None if pick.random() < 0.35 else pick.choice(choices)


def _person(pick: random.Random, number: int, regions: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": number,
        "name": pick.choice(TEXTS),
        "nick": pick.choice(TEXTS),
        "country": _or_null(pick, CODES),
        "language": _or_null(pick, CODES),
        "region_id": _or_null(pick, list(regions)),
        "company_id": _or_null(pick, range(1, 9)),
        "minor": pick.random() < 0.4,
        "vip": _or_null(pick, (True, False)),
        "score": pick.choice(INTEGERS),
        "balance": pick.choice(NUMBERS),
        "rating": _or_null(pick, NUMBERS),
        "created_at": pick.choice(INSTANTS),
        "seen_at": _or_null(pick, INSTANTS),
        "joined_on": pick.choice(DAYS),
        "born_on": _or_null(pick, DAYS),
    }


def _attributes(pick: random.Random, number: int, rows: list[dict[str, Any]]) -> dict[str, Any]:
    told = dict(DEFAULTS)
    columns = ("text_value", "number_value", "boolean_value", "date_value")
    pools: tuple[Any, ...] = (TEXTS, NUMBERS, (True, False), DAYS)
    for place, (name, column, pool) in enumerate(zip(DEFAULTS, columns, pools, strict=True), 1):
        if pick.random() < 0.6:
            told[name] = pick.choice(pool)
            empty = dict.fromkeys(columns)
            rows.append({"person_id": number, "attribute_id": place, **empty, column: told[name]})
    return told


def _visits(
    pick: random.Random, number: int, regions: Mapping[int, str], rows: list[dict[str, Any]]
) -> tuple[dict[str, Any], ...]:
    count = pick.choice((0, 0, 0, 1, 1, 2, 3, 4))
    made = [_visit(pick, number, number * 10 + place) for place in range(count)]
    rows += made
    return tuple({**row, "region": regions.get(row["region_id"])} for row in made)


def _visit(pick: random.Random, owner: int | None, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "person_id": owner,
        "at": pick.choice(INSTANTS),
        "on": pick.choice(DAYS),
        "template": _or_null(pick, CODES),
        "region_id": _or_null(pick, range(1, len(CODES) + 1)),
        "canceled": pick.random() < 0.3,
        "cost": pick.choice(NUMBERS) * pick.choice((1, 1, 1, 92)),
        "duration": pick.choice(NUMBERS).quantize(Decimal("0.01")),
        "subject": pick.choice(TEXTS),
        "grade": _or_null(pick, (1, 2, 3)),
    }


def open_engine(url: str) -> Engine:
    """Return an engine whose connections know the functions of rules."""
    if url.startswith("postgresql"):
        return create_engine(
            url.replace("postgresql://", "postgresql+psycopg://"),
            connect_args={"options": "-c jit=off -c timezone=UTC"},
        )
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def install(connection: Any, record: Any) -> None:  # noqa: ARG001
        for name, (arguments, function) in sql_functions().items():
            connection.create_function(name, arguments, function, deterministic=True)

    return engine


@contextmanager
def stored(people: People, url: str) -> Iterator[Connection]:
    """Yield a connection to a database that holds these people."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            metadata.create_all(connection)
            for table, rows in people.rows.items():
                if rows:
                    connection.execute(insert(table), rows)
            connection.commit()
            connection.execution_options(isolation_level="AUTOCOMMIT")
            yield connection
    finally:
        engine.dispose()


def selected(connection: Connection, condition: ColumnElement[bool]) -> set[int]:
    """Return the ids of the people for whom the condition holds."""
    return set(connection.scalars(select(person.c.id).where(condition)))

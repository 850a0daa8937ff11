"""People with everything that trips a compiler: nulls, blanks, look-alike letters, edges of days, hours and numbers."""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, create_engine, event, insert, select

from server.rules import ValueType, sql_functions
from tests.rules.people_tables import (
    ATTRIBUTE_COLUMNS,
    ATTRIBUTE_TYPES,
    DEFAULTS,
    VOCABULARY,
    attribute,
    company,
    company_trade,
    list_line,
    metadata,
    person,
    person_group,
    region,
    visit,
)

__all__ = [
    "VOCABULARY",
    "People",
    "make_people",
    "metadata",
    "open_engine",
    "person",
    "region",
    "selected",
    "stored",
    "visit",
]  # fmt: skip

_USUAL_TEXTS = ("", "a", "A", "Mc", "mc", "MC", "McDonald", "ab", "ba", "DE", "de", "straße", "STRASSE", "3", "a b")
TEXTS = (
    *_USUAL_TEXTS,
    " ", "mcx", "Md", "M", "MÇ", "Zoë", "Zoe\u0308", "İ", "i\u0307", "\u0131", "I", "\u0391Σ", "\u03b1ς",
    "\u03b1\u03c3", "Σ", "\u0391Σa", "Σ b", "\u017f", "s", "S", "\u212a", "k", "ǅ", "ŉ", "ﬁ", "FI", "É", "e\u0301",
    "Öl", "a\n", "a\nb", "\na", "a\r\n", "a\tb", "a\u2028b", "\x85",
    "a%b", "a_b", "a\\b", "it's", 'say "x"', "%", "_", "\U0001f600", "\U0001f469\u200d\U0001f4bb", "￿", "z\U0010ffff",
    "٣", "1", "0", "-0", "1.50", " 1 ", "1e3", "inf", "nan", "info", "true", "null", "2026", "abab", "aaa", "x" * 40,
    "\ud7ffa", "\ue000", "a ", " a", "Mc.Donald@example.com", "+49 30 1", "(a)", "[a]", "a.b", "AB12",
    "aa", "aab", "abb", "abc", "Mcx", "McMc", "ab\nab", "b\na", "Mc\nx", "aXb", "a\n\nb", "axb\n", "*",
)  # fmt: skip
CODES = ("DE", "de", "FR", "A", "B", "", "NEWS", "Ä", "Z")
_USUAL_NUMBERS = tuple(
    Decimal(text)
    for text in ("0", "1", "-1", "2", "3", "-3", "0.5", "-0.5", "1.5", "2.25", "-7", "7", "10", "10.5", "0.1", "0.3")
)
NUMBERS = (
    *_USUAL_NUMBERS,
    *(
        Decimal(text)
        for text in (
            "0.0001", "-0.0001", "0.3333", "0.6667", "9.9999", "-9.9999", "100", "1000", "3.1416", "33333.3333",
            "99999999999.9999", "-99999999999.9999", "922337203685477.5807", "-922337203685477.5808",
            "461168601842738.7904", "-461168601842738.7903", "214748.3648", "303700.0500", "104857.6001",
        )
    ),
)  # fmt: skip
_USUAL_INTEGERS = (0, 1, 2, 3, 5, -1, -7, 7, 10, 100, -2, 12)
INTEGERS = (
    *_USUAL_INTEGERS, 2**20, 2**31 - 1, -(2**31), 2**32 + 1, 3037000499, 3037000500, 2**53 + 1, 2**62, 2**62 - 1,
    -(2**62) - 1, 2**63 - 1, -(2**63), -(2**63) + 1, 10**15, 3333333333333333333,
)  # fmt: skip
_USUAL_INSTANTS = tuple(
    datetime.fromisoformat(text)
    for text in (
        "2026-01-01T00:00:00+00:00", "2025-12-31T23:59:59.999999+00:00", "2025-10-26T00:30:00+00:00",
        "2025-10-26T01:30:00+00:00", "2026-06-15T10:00:00+00:00", "2026-05-16T10:00:00+00:00",
        "2026-06-14T22:00:00+00:00", "2018-11-04T03:00:00+00:00", "2025-12-31T23:00:00+00:00",
    )
)  # fmt: skip
INSTANTS = (
    *_USUAL_INSTANTS,
    *(
        datetime.fromisoformat(text)
        for text in (
            "2026-01-01T00:00:00.000001+00:00", "2026-03-29T01:00:00+00:00", "2026-03-29T00:59:59.999999+00:00",
            "2018-11-04T02:59:59.999999+00:00", "2026-05-16T09:59:59.999999+00:00",
            "2026-05-16T10:00:00.000001+00:00", "2011-12-30T10:00:00+00:00", "1969-12-31T23:59:59.999999+00:00",
            "1900-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999999+00:00", "0001-01-01T00:00:00+00:00",
            "9999-12-01T00:00:00+00:00", "2000-02-29T12:00:00+00:00", "2024-02-29T23:30:00+00:00",
            "1883-11-18T17:00:00.500000+00:00", "2026-04-04T15:15:00+00:00", "2026-06-15T18:29:59.999999+00:00",
            "2010-11-07T02:29:59.999999+00:00", "2010-11-07T02:30:30+00:00", "2010-11-07T03:00:00+00:00",
            "2010-11-07T03:30:00+00:00",
        )
    ),
)  # fmt: skip
_USUAL_DAYS = tuple(
    date.fromisoformat(text)
    for text in (
        "2026-06-15", "2026-06-14", "2026-06-16", "2026-05-16", "2026-05-15", "2025-10-26", "2025-10-27", "2026-01-01",
        "2025-12-31", "2018-11-04", "2011-12-30", "2011-12-31",
    )
)  # fmt: skip
DAYS = (
    *_USUAL_DAYS,
    *(
        date.fromisoformat(text)
        for text in (
            "2018-11-03", "2011-12-29", "1900-01-01", "2000-02-29", "9999-12-31", "2010-11-06", "2010-11-07",
            "0001-01-02", "2024-02-29", "1969-12-31", "1970-01-01", "2026-03-29", "2026-04-05",
        )
    ),
)  # fmt: skip
_DESIGNED: Sequence[Mapping[str, Any]] = (
    # the product of the score and 0.00003000000001 is above the balance by what 28 digits cannot show
    {"score": 9000000007000000001, "balance": Decimal("270000000300000.0001")},
    # their product leaves 64 bits by little, so that floating point cannot tell it from its neighbours
    {"score": 3037000499, "balance": Decimal("303700.0500")},
    # so does this product, and floating point rounds it and its sum with the balance down
    {"score": 2095872739, "balance": Decimal("378977.9421")},
    {"score": 2**62, "balance": Decimal("461168601842738.7904")},
    # a third of this score, times three billions, has lost 1
    {"score": 2**63 - 1, "name": "", "name_folded": ""},
)
_ATTRIBUTE_VALUES: Mapping[ValueType, Sequence[Any]] = {
    ValueType.TEXT: TEXTS,
    ValueType.NUMBER: NUMBERS,
    ValueType.BOOLEAN: (True, False),
    ValueType.DATE: DAYS,
}


@dataclass(frozen=True)
class People:
    """Rows of the tables, and what the evaluator is told about each person."""

    rows: Mapping[Table, list[dict[str, Any]]]
    values: Mapping[int, dict[str, Any]]


def _as_loaded(number: Decimal) -> Decimal:
    """Return an amount with the decimal places that the store gives it, which ``.to_str`` shows."""
    return number.quantize(Decimal("0.0001"))


class _Maker:
    """Makes rows from one source of chance."""

    def __init__(self, seed: int) -> None:
        self.pick = random.Random(seed)
        self.waiting: dict[str, list[Any]] = {}
        self.rows: dict[Table, list[dict[str, Any]]] = {table: [] for table in metadata.sorted_tables}
        self.regions = dict(enumerate(CODES, 1))
        self.companies = {number: self.pick.choice(TEXTS) for number in range(1, 9)}
        self.trades = {
            number: [(code, self.pick.random() < 0.3) for code in CODES if self.pick.random() < 0.3]
            for number in range(1, 8)
        }
        self.rows[region] = [{"id": number, "code": code} for number, code in self.regions.items()]
        self.rows[company] = [
            {"id": number, "name": name, "no": f"C{number}"} for number, name in self.companies.items()
        ]
        self.rows[company_trade] = [
            {"company_id": number, "code": code, "closed": closed}
            for number, trades in self.trades.items()
            for code, closed in trades
        ]

    def one_of(self, usual: Sequence[Any], all_of_them: Sequence[Any]) -> Any:
        """Return a value; half of the time a usual one, so that people share values."""
        return self.pick.choice(usual if self.pick.random() < 0.5 else all_of_them)

    def or_null(self, value: Any) -> Any:
        return None if self.pick.random() < 0.35 else value

    def each_of(self, column: str, usual: Sequence[Any], all_of_them: Sequence[Any]) -> Any:
        """Return a value; in turns, for two people of three, so that every value is soon somebody's."""
        if self.pick.random() < 1 / 3:
            return self.pick.choice(usual)
        waiting = self.waiting.setdefault(column, [])
        if not waiting:
            waiting += self.pick.sample(all_of_them, len(all_of_them))
        return waiting.pop()

    def text(self) -> str:
        return str(self.one_of(_USUAL_TEXTS, TEXTS))

    def number(self) -> Decimal:
        return _as_loaded(self.one_of(_USUAL_NUMBERS, NUMBERS))

    def person(self, number: int) -> dict[str, Any]:
        """Make a person with everything that belongs to it; return what the evaluator is told."""
        pick = self.pick
        row = {
            "id": number,
            "name": (name := self.each_of("name", _USUAL_TEXTS, TEXTS)),
            "name_folded": name.casefold(),
            "nick": self.text(),
            "country": self.or_null(pick.choice(CODES)),
            "language": self.or_null(pick.choice(CODES)),
            "region_id": self.or_null(pick.choice(list(self.regions))),
            "company_id": self.or_null(pick.choice(list(self.companies))),
            "minor": pick.random() < 0.4,
            "vip": self.or_null(pick.random() < 0.5),
            "score": self.each_of("score", _USUAL_INTEGERS, INTEGERS),
            "balance": _as_loaded(self.each_of("balance", _USUAL_NUMBERS, NUMBERS)),
            "rating": self.or_null(self.number()),
            "created_at": self.each_of("created_at", _USUAL_INSTANTS, INSTANTS),
            "seen_at": self.or_null(self.one_of(_USUAL_INSTANTS, INSTANTS)),
            "joined_on": self.each_of("joined_on", _USUAL_DAYS, DAYS),
            "born_on": self.or_null(self.one_of(_USUAL_DAYS, DAYS)),
        }
        row["search_name"] = row["name"].casefold()
        row |= dict(enumerate(_DESIGNED, 1)).get(number, {})
        self.rows[person].append(row)
        told = {name: row[name] for name in row if name in VOCABULARY.symbols}
        told["region"] = self.regions.get(row["region_id"])
        told["employer"] = self.companies.get(row["company_id"])
        told["groups"] = self.groups(number)
        told["lists"] = self.lists(number)
        told["trades"] = tuple(code for code, closed in self.trades.get(row["company_id"], ()) if not closed)
        told["attributes"] = self.attributes(number)
        told["visits"] = visits = self.visits(number)
        told["visit_count"] = Decimal(len(visits))
        told["last_visit_on"] = max((made["on"] for made in visits), default=None)
        return told

    def groups(self, number: int) -> tuple[str, ...]:
        codes = tuple(sorted(code for code in CODES if self.pick.random() < 0.25))
        self.rows[person_group] += [{"person_id": number, "code": code} for code in codes]
        return codes

    def lists(self, number: int) -> tuple[str, ...]:
        """Make lines of lists as segments have them: those stand that were added by 3 and not removed by then."""
        standing = []
        for code in CODES[:5]:
            added, removed = self.pick.choice((None, 1, 3, 4)), self.pick.choice((None, None, 3, 4))
            if added is None:
                continue
            line = len(self.rows[list_line]) + 1
            self.rows[list_line].append(
                {"id": line, "person_id": number, "code": code, "added": added, "removed": removed}
            )
            if added <= 3 and (removed is None or removed > 3):
                standing.append(code)
        return tuple(standing)

    def attributes(self, number: int) -> dict[str, Any]:
        told = dict(DEFAULTS)
        empty = {column.name: None for column in ATTRIBUTE_COLUMNS.values()}
        for place, (name, kind) in enumerate(ATTRIBUTE_TYPES.items(), 1):
            if self.pick.random() < 0.6:
                values = _ATTRIBUTE_VALUES[kind]
                value = self.one_of(values[:10], values)
                told[name] = _as_loaded(value) if kind is ValueType.NUMBER else value
                given = {ATTRIBUTE_COLUMNS[kind].name: told[name]}
                self.rows[attribute].append({"person_id": number, "attribute_id": place, **empty, **given})
        return told

    def visits(self, number: int) -> tuple[dict[str, Any], ...]:
        count = self.pick.choice((0, 0, 0, 1, 1, 2, 3, 4))
        made = [self.visit(number, number * 10 + place) for place in range(count)]
        return tuple({**row, "region": self.regions.get(row["region_id"])} for row in made)

    def visit(self, owner: int | None, number: int) -> dict[str, Any]:
        row = {
            "id": number,
            "person_id": owner,
            "at": self.one_of(_USUAL_INSTANTS, INSTANTS),
            "on": self.one_of(_USUAL_DAYS, DAYS),
            "template": self.or_null(self.pick.choice(CODES)),
            "region_id": self.or_null(self.pick.choice(list(self.regions))),
            "canceled": self.pick.random() < 0.3,
            "cost": self.number(),
            "duration": self.number().quantize(Decimal("0.01")),
            "subject": (subject := self.text()),
            "subject_folded": subject.casefold(),
            "grade": self.or_null(self.pick.choice((1, 2, 3))),
        }
        self.rows[visit].append(row)
        return row


def make_people(count: int, seed: int) -> People:
    """Return as many people as asked for, the same for the same seed, and a visit that belongs to nobody."""
    maker = _Maker(seed)
    values = {number: maker.person(number) for number in range(1, count + 1)}
    maker.visit(None, 100_000_000)
    return People(maker.rows, values)


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
    """Yield a connection to a database that holds these people, in place of whom it held before."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            metadata.drop_all(connection)
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

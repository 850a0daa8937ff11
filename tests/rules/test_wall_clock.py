"""What the wall clock shows at a stored date: SQL of both databases against what the evaluator reads."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Column, Connection, Date, Integer, MetaData, Table, insert, select

from server.clock import Moment
from server.rules.language.date_parts import NUMBER_PARTS, TEXT_PARTS
from server.rules.language.engine import fixed_offset, midnight
from server.rules.language.symbols import ValueType
from server.rules.one_contact.evaluator import day_start
from server.rules.sql.wall_clock import WallClock, part_value
from server.rules.sql.zones import EPOCH, FIRST_MICROS, LAST_MICROS, MICROSECOND, micros_of, offset_table
from server.store.types import Instant
from tests.postgresql_cluster import Cluster
from tests.rules.people import open_engine

ZONES = ("UTC", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "Asia/Kolkata", "Etc/GMT-14", "Etc/GMT+12")
PARTS = tuple(sorted(NUMBER_PARTS | TEXT_PARTS))
HOUR = 3_600_000_000
EDGES = (1, 2, 3, date.max.toordinal() - 1, date.max.toordinal())
DAYS = (
    *map(date.fromordinal, EDGES),
    *(date(2011, 12, day) for day in (29, 30, 31)),
    date(2018, 11, 4),
    date(2000, 2, 29),
)
stored = Table("stored", MetaData(), Column("id", Integer, primary_key=True), Column("at", Instant), Column("on", Date))


@pytest.fixture(params=["sqlite", "postgresql"])
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    url = "sqlite://"
    if request.param == "postgresql":
        cluster: Cluster = request.getfixturevalue("cluster")
        url = cluster.url(cluster.create_database())
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            stored.create(connection)
            yield connection
    finally:
        engine.dispose()


def rows(zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return dates around some changes of the clocks, anywhere and at the edges, and nulls."""
    pick = random.Random(3)
    starts = offset_table(zone).starts
    around = [start + moved for start in pick.sample(starts, min(40, len(starts))) for moved in (-1, 0, HOUR)]
    anywhere = [pick.randint(FIRST_MICROS, LAST_MICROS) for _ in range(60)]
    edges = [
        edge + sign * hours * HOUR // 2 for edge, sign in ((FIRST_MICROS, 1), (LAST_MICROS, -1)) for hours in range(58)
    ]
    instants = [EPOCH + instant * MICROSECOND for instant in (*around, *anywhere, *edges) if instant >= FIRST_MICROS]
    days = [*DAYS, *(instant.date() for instant in instants)]
    pairs = zip([*instants, *instants[: len(DAYS)], None], [*days, None], strict=True)
    return [{"id": number, "at": instant, "on": day} for number, (instant, day) in enumerate(pairs)]


@pytest.mark.parametrize("name", ZONES)
def test_sql_reads_dates_as_the_evaluator_does(connection: Connection, name: str) -> None:
    zone = ZoneInfo(name)
    moment = Moment(datetime(2026, 6, 15, tzinfo=UTC), zone)
    clock = WallClock(zone, connection.dialect.name)
    kept = rows(zone)
    connection.execute(insert(stored), kept)
    for column, kind in ((stored.c.at, ValueType.DATETIME), (stored.c.on, ValueType.DATE)):
        instant, epoch = clock.instant(column, kind), clock.constant(0)
        asked = [clock.micros(instant - epoch), clock.micros(clock.day_start(instant) - epoch)]
        asked += [clock.part(part, column, kind) for part in PARTS]
        found = {key: list(values) for key, *values in connection.execute(select(stored.c.id, *asked))}
        for row in kept:
            value = row[column.name]
            if value is None:
                assert found[row["id"]] == [None] * len(asked)
                continue
            seen = fixed_offset(value, zone) if kind is ValueType.DATETIME else day_start(value, moment)
            shown = fixed_offset(seen, zone)
            expected = [micros_of(seen), micros_of(midnight(shown, zone)), *(part_value(part, shown) for part in PARTS)]
            expected[2 + PARTS.index("millisecond")] *= 1000
            assert found[row["id"]] == expected, (value, shown)


def test_a_span_is_compared_as_a_period_is(connection: Connection) -> None:
    clock = WallClock(ZoneInfo("UTC"), connection.dialect.name)
    first, last = clock.constant(FIRST_MICROS), clock.constant(LAST_MICROS)
    whole = LAST_MICROS - FIRST_MICROS

    asked = [
        last - first == clock.span(whole),
        last - first > clock.span(whole - 1),
        first - last < clock.span(-whole + 1),
    ]

    assert list(connection.execute(select(*asked)).one()) == [True, True, True]
    assert timedelta(microseconds=whole) == datetime.max - datetime.min  # noqa: DTZ901 - the length of the calendar

"""What a zone's wall clock shows at a stored date, in SQL.

On SQLite an instant is an integer of microseconds since 1970, and registered functions know the zone. On PostgreSQL it
is a ``timestamp`` in UTC, and the zone's offsets stand in the statement, looked up by binary search.
"""

import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Interval,
    String,
    bindparam,
    case,
    cast,
    extract,
    func,
    literal,
    literal_column,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.elements import Grouping
from sqlalchemy.types import NullType

from server.rules.language.symbols import ValueType
from server.rules.sql.zones import (
    CYCLE_DAYS,
    DAY_MICROS,
    EPOCH,
    FIRST_MICROS,
    SECOND_MICROS,
    OffsetTable,
    day_offset_table,
    fixed_micros,
    offset_table,
    skipped_days,
)

Expression = ColumnElement[Any]

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_OF_THE_DAY = {"year", "month", "day", "weekday"}
_DAY = timedelta(days=1)
_UNITS = {"hour": 3600 * SECOND_MICROS, "minute": 60 * SECOND_MICROS, "second": SECOND_MICROS, "microsecond": 1}
_TURNS = {"hour": 24, "minute": 60, "second": 60, "microsecond": SECOND_MICROS}


def part_value(name: str, local: datetime) -> Any:
    """Return a part of what the wall clock shows, as the language has it."""
    match name:
        case "weekday":
            return WEEKDAYS[local.weekday()]
        case "zone_name":
            return local.tzname()
        case "millisecond":
            return Decimal(local.microsecond).scaleb(-3)
        case _:
            return Decimal(getattr(local, name))


class WallClock:
    """Reads stored dates by the clocks of one zone, in SQL of one dialect."""

    def __init__(self, zone: ZoneInfo, dialect: str) -> None:
        self._zone = zone
        self._fixed = fixed_micros(zone)
        self._on_sqlite = dialect == "sqlite"

    def by_beginning(self, day: Expression) -> Expression:
        """Return a stored day so that two of them compare as the instants at which they begin."""
        for skipped in skipped_days(self._zone):
            day = case((day == skipped, literal(skipped + _DAY, Date)), else_=day)
        return day

    def instant(self, column: Expression, stored: ValueType) -> Expression:
        """Return the instant that a stored date means."""
        if self._on_sqlite:
            return self._start_on_sqlite(column) if stored is ValueType.DATE else type_coerce(column, BigInteger)
        if stored is ValueType.DATE:
            return self._start_on_postgresql(column)
        return func.timezone(literal_column("'UTC'"), column, type_=DateTime)

    def constant(self, micros: int) -> Expression:
        """Return an instant, in microseconds since 1970, as ``instant`` does; it lies in the calendar."""
        if self._on_sqlite:
            return literal(micros, BigInteger)
        return literal((EPOCH + timedelta(microseconds=micros)).replace(tzinfo=None), DateTime)

    def span(self, micros: int) -> Expression:
        """Return a span of time that can be compared with the difference of two instants."""
        return literal(micros, BigInteger) if self._on_sqlite else literal(timedelta(microseconds=micros), Interval)

    def micros(self, span: Expression) -> Expression:
        """Return the difference of two instants as an integer of microseconds."""
        if self._on_sqlite:
            return span
        return cast(extract("epoch", span) * SECOND_MICROS, BigInteger)

    def day_start(self, instant: Expression) -> Expression:
        """Return the instant at which the day of an instant began."""
        if self._on_sqlite:
            if self._fixed == 0:
                return instant - (instant - FIRST_MICROS) % DAY_MICROS
            return func.day_start_before(self._zone.key, instant, type_=BigInteger)
        return self._start_on_postgresql(func.date_trunc("day", self._local(instant), type_=DateTime))

    def part(self, name: str, column: Expression, stored: ValueType) -> Expression:
        """Return a part of what the clock shows at a stored date: an integer (``millisecond`` in 10⁻³) or a text."""
        if stored is ValueType.DATE and name in _OF_THE_DAY:
            return self._part_of_day(name, self.by_beginning(column))
        return self.part_of_instant(name, self.instant(column, stored))

    def part_of_instant(self, name: str, instant: Expression) -> Expression:
        """Return a part of what the clock shows at an instant."""
        if name == "zone_name":
            return self._zone_name(instant)
        if name == "millisecond":
            name = "microsecond"
        local = self._local(instant)
        if name in _OF_THE_DAY:
            return self._part_of_day(name, func.date(_seconds(local), "unixepoch") if self._on_sqlite else local)
        if self._on_sqlite:
            return (local - FIRST_MICROS) // _UNITS[name] % _TURNS[name]
        if name == "microsecond":
            return cast(extract("microseconds", local), BigInteger) % SECOND_MICROS
        return cast(func.floor(extract(name, local)), BigInteger)

    def _part_of_day(self, name: str, day: Expression) -> Expression:
        if name == "weekday":
            # Sunday is the day 0
            number = cast(func.strftime("%w", day) if self._on_sqlite else extract("dow", day), Integer)
            words = [(literal((place + 1) % 7), literal(word, String)) for place, word in enumerate(WEEKDAYS)]
            return case(*words, value=number)
        if self._on_sqlite:
            return cast(func.strftime({"year": "%Y", "month": "%m", "day": "%d"}[name], day), Integer)
        return cast(extract(name, day), BigInteger)

    def _start_on_sqlite(self, day: Expression) -> Expression:
        text = type_coerce(day, String)
        if self._fixed is not None:
            return cast(func.strftime("%s", text), BigInteger) * SECOND_MICROS - self._fixed
        return func.day_start(self._zone.key, text, type_=BigInteger)

    def _start_on_postgresql(self, day: Expression) -> Expression:
        local = cast(day, DateTime)
        if self._fixed is not None:
            return local - self.span(self._fixed)
        return local - _looked_up(self._zone, local, day_offset_table(self._zone))

    def _local(self, instant: Expression) -> Expression:
        """Return what the clock shows at an instant, in the form of an instant."""
        if self._fixed == 0:
            return instant
        if self._on_sqlite:
            return instant + func.zone_offset(self._zone.key, instant, type_=BigInteger)
        return instant + _looked_up(self._zone, instant, offset_table(self._zone))

    def _zone_name(self, instant: Expression) -> Expression:
        table = offset_table(self._zone)
        offsets = {*table.offsets} if table.utc_from is None else {*table.offsets, 0}
        names = [(self.span(offset), literal(_name_of(offset), String)) for offset in sorted(offsets)]
        return case(*names, value=self._local(instant) - instant)


def _name_of(offset: int) -> str:
    return str(timezone(timedelta(microseconds=offset)))


def _seconds(micros: Expression) -> Expression:
    """Return whole seconds, rounded down (SQLite)."""
    return (micros - FIRST_MICROS) // SECOND_MICROS + FIRST_MICROS // SECOND_MICROS


@lru_cache(maxsize=64)
def _written(zone: ZoneInfo, table: OffsetTable) -> tuple[Expression, Expression]:
    """Return the table as two parameters of PostgreSQL: arrays of timestamps and of intervals.

    They have names, so that a statement that looks at the clocks twice carries them once, and no type of their own, so
    that PostgreSQL reads them once and not for every row.
    """
    name = re.sub(r"\W", lambda found: f"_{ord(found[0])}_", f"{zone.key}_{table.shows}")
    starts = ",".join(
        (EPOCH + timedelta(microseconds=start)).replace(tzinfo=None).isoformat() for start in table.starts
    )
    offsets = ",".join(f"{offset // SECOND_MICROS}s" for offset in table.offsets)
    parameters = (
        (bindparam(f"{name}_starts", f"{{{starts}}}", NullType()), ARRAY(DateTime)),
        (
            bindparam(f"{name}_offsets", f"{{{offsets}}}", NullType()),
            ARRAY(Interval),
        ),
    )
    first, second = (Grouping(cast(parameter, kind)) for parameter, kind in parameters)
    return first, second


def _looked_up(zone: ZoneInfo, at: Expression, table: OffsetTable) -> Expression:
    """Return the offset that counts at an instant, or at what the wall clock shows (PostgreSQL)."""
    starts, offsets = _written(zone, table)
    place = at
    if table.cycle_start is not None:
        first = (EPOCH + timedelta(microseconds=table.cycle_start)).date()
        days = type_coerce(cast(at, Date) - literal(first, Date), Integer)
        whole_cycles = func.make_interval(0, 0, 0, days // CYCLE_DAYS * CYCLE_DAYS)
        place = case((at < literal(first + timedelta(days=CYCLE_DAYS), Date), at), else_=at - whole_cycles)
    found: Expression = offsets[func.width_bucket(place, starts, type_=Integer) + 1]
    if table.utc_from is None:
        return found
    edge = (EPOCH + timedelta(microseconds=table.utc_from)).replace(tzinfo=None)
    return case((at < literal(edge, DateTime), found), else_=literal(timedelta(), Interval))

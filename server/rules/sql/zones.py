"""What a zone's clocks show: its offsets as a table, and when its wall clock reaches a day.

Only ``zoneinfo`` is asked, never the time zones of a database, which may be of another year. Instants are microseconds
since 1970. An instant at the very edge of the calendar that the zone's clock cannot show is read in UTC, as the
evaluator reads it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND_MICROS = 1_000_000
DAY_MICROS = 86_400 * SECOND_MICROS
FIRST_MICROS = (datetime.min.replace(tzinfo=UTC) - EPOCH) // MICROSECOND
LAST_MICROS = (datetime.max.replace(tzinfo=UTC) - EPOCH) // MICROSECOND
CYCLE_DAYS = 146_097
"""The calendar and its weeks repeat after 400 years, and with them the rules of every zone."""

_HISTORY = 1830
_RULED = 2100
"""No zone had changed its clocks before the one year; from the other on its changes follow a yearly rule."""
_STEP = timedelta(days=3)
"""No zone ever changed its clocks twice within less than that."""
_STEP_OF_RULES = timedelta(days=25)
"""No yearly rule changes the clocks for less than some months."""
_DAY = timedelta(days=1)


def micros_of(instant: datetime) -> int:
    """Return an aware instant as microseconds since 1970."""
    return (instant - EPOCH) // MICROSECOND


def fixed_micros(zone: ZoneInfo) -> int | None:
    """Return the offset of a zone that has only one, in microseconds; None for one that changes."""
    offset = zone.utcoffset(None)
    return None if offset is None else offset // MICROSECOND


def offset_micros(zone: ZoneInfo, micros: int) -> int:
    """Return the offset with which an instant is read, in microseconds; outside the calendar the zone's nearest one."""
    if not FIRST_MICROS <= micros <= LAST_MICROS:
        edge = datetime.min.replace(tzinfo=zone) if micros < 0 else datetime.max.replace(tzinfo=zone)
        return _offset(edge) // MICROSECOND
    try:
        return _offset((EPOCH + timedelta(microseconds=micros)).astimezone(zone)) // MICROSECOND
    except OverflowError:
        return 0


def start_micros(zone: ZoneInfo, day: date) -> int:
    """Return the instant at which a day begins in the zone."""
    start = datetime.combine(day, time(), tzinfo=zone)
    return (start.replace(tzinfo=UTC) - EPOCH) // MICROSECOND - _offset(start) // MICROSECOND


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta()


@dataclass(frozen=True, slots=True)
class OffsetTable:
    """The offsets of a zone: ``offsets[n]`` counts while exactly n of ``starts`` have been reached.

    ``starts`` are instants, or, in a table of days, what the wall clock shows; both as microseconds since 1970.

    Attributes:
        shows: ``instants`` or ``days``.
        cycle_start: where the last 400 years of the table begin; what lies after them repeats them. None where
            nothing changes after the table's end.
        utc_from: from where on, whatever the table says, there is no offset, because the calendar ends; or None.
    """

    shows: str
    starts: tuple[int, ...]
    offsets: tuple[int, ...]
    cycle_start: int | None
    utc_from: int | None = None

    def at(self, micros: int) -> int:
        """Return the offset that counts at a place of the table."""
        if self.utc_from is not None and micros >= self.utc_from:
            return 0
        if self.cycle_start is not None and micros > self.cycle_start:
            micros = self.cycle_start + (micros - self.cycle_start) % (CYCLE_DAYS * DAY_MICROS)
        return self.offsets[bisect_right(self.starts, micros)]


def _changes(zone: ZoneInfo, first: datetime, last: datetime, step: timedelta) -> Iterator[tuple[int, int, int]]:
    """Yield every change of a zone's clocks between two instants: when, the offset before, the offset after."""
    before, known = first, _offset(first.astimezone(zone))
    while before < last:
        after = min(before + step, last)
        if _offset(after.astimezone(zone)) == known:
            before = after
            continue
        start, old = before, known
        seconds = range(int((after - start).total_seconds()) + 1)
        moved = bisect_left(seconds, True, key=lambda second: _second(start, second, zone) != old)
        before, known = start + timedelta(seconds=moved), _second(start, moved, zone)
        yield micros_of(before), old // MICROSECOND, known // MICROSECOND


def _second(start: datetime, seconds: int, zone: ZoneInfo) -> timedelta:
    """Return the offset some seconds after an instant."""
    return _offset((start + timedelta(seconds=seconds)).astimezone(zone))


@lru_cache(maxsize=32)
def _history(zone: ZoneInfo) -> tuple[tuple[tuple[int, int, int], ...], bool]:
    """Return the changes of a zone, and whether they go on after 2100; then there are 400 years more of them."""
    ruled = datetime(_RULED, 1, 1, tzinfo=UTC)
    changes = [*_changes(zone, datetime(_HISTORY, 1, 1, tzinfo=UTC), ruled, _STEP)]
    goes_on = any(_changes(zone, ruled, ruled + timedelta(days=400), _STEP))
    if goes_on:
        changes += _changes(zone, ruled, ruled + timedelta(days=CYCLE_DAYS), _STEP_OF_RULES)
    return tuple(changes), goes_on


def _cycle_start(goes_on: bool) -> int | None:
    return micros_of(datetime(_RULED, 1, 1, tzinfo=UTC)) if goes_on else None


@lru_cache(maxsize=32)
def offset_table(zone: ZoneInfo) -> OffsetTable:
    """Return the offsets with which instants are read; takes some 60 ms the first time."""
    changes, goes_on = _history(zone)
    first = offset_micros(zone, FIRST_MICROS - 1)
    starts = [instant for instant, _, _ in changes]
    offsets = [first, *(after for _, _, after in changes)]
    if first < 0:
        # the first instants of the calendar are read in UTC
        starts = [FIRST_MICROS, FIRST_MICROS - first, *starts]
        offsets = [first, 0, *offsets]
    last = offset_micros(zone, LAST_MICROS + 1)
    utc_from = LAST_MICROS + 1 - last if last > 0 else None
    return OffsetTable("instants", tuple(starts), tuple(offsets), _cycle_start(goes_on), utc_from)


@lru_cache(maxsize=32)
def day_offset_table(zone: ZoneInfo) -> OffsetTable:
    """Return the offsets at which days begin, by the wall clock.

    A time that the clocks skip, and the first of a time that they show twice, is read with the offset before.
    """
    changes, goes_on = _history(zone)
    starts = [instant + max(before, after) for instant, before, after in changes]
    first = offset_micros(zone, FIRST_MICROS - 1)
    return OffsetTable("days", tuple(starts), (first, *(after for _, _, after in changes)), _cycle_start(goes_on))


@lru_cache(maxsize=1024)
def reached(zone: ZoneInfo, day: date) -> tuple[tuple[int, int | None], ...]:
    """Return when a zone's wall clock shows a day or a later one: spans of instants, the last without an end.

    Clocks that are put back over midnight show a day, lose it, and show it again. ``day`` is not the calendar's first.
    """
    around = datetime.combine(day, time(), tzinfo=UTC)
    shown = micros_of(around)
    for edge, reading in ((FIRST_MICROS, FIRST_MICROS - 1), (LAST_MICROS, LAST_MICROS + 1)):
        if abs(shown - edge) < 3 * DAY_MICROS:
            return ((shown - offset_micros(zone, reading), None),)
    first, last = around - 2 * _DAY, around + 2 * _DAY
    changes = [*_changes(zone, first, last, _STEP)]
    bounds = [instant for instant, _, _ in changes]
    offsets = [offset_micros(zone, micros_of(first)), *(after for _, _, after in changes)]
    spans: list[tuple[int, int | None]] = []
    for offset, begin, end in zip(offsets, [micros_of(first), *bounds], [*bounds, None], strict=True):
        start = max(begin, shown - offset)
        if end is not None and start >= end:
            continue
        if spans and spans[-1][1] == start:
            start = spans.pop()[0]
        spans.append((start, end))
    return tuple(spans)


@lru_cache(maxsize=64)
def skipped_days(zone: ZoneInfo) -> tuple[date, ...]:
    """Return the days that a zone's calendar left out when it moved across the date line.

    Such a day begins, to the rules, at the instant at which the next day begins.
    """

    def offset(day: date) -> timedelta:
        return datetime.combine(day, time(), tzinfo=zone).utcoffset() or timedelta()

    found = []
    for year in range(1800, 2100):
        first, end = date(year, 1, 1), date(year + 1, 1, 1)
        if offset(end) - offset(first) >= timedelta(hours=20):
            days = [first + timedelta(days=number) for number in range((end - first).days)]
            found += [day for day in days if offset(day + _DAY) - offset(day) >= _DAY]
    return tuple(found)

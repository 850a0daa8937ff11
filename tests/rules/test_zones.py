"""The clocks of zones as tables, held against ``zoneinfo`` where they change and at the calendar's edges."""

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.rules.sql.zones import (
    DAY_MICROS,
    EPOCH,
    FIRST_MICROS,
    LAST_MICROS,
    MICROSECOND,
    day_offset_table,
    micros_of,
    offset_micros,
    offset_table,
    reached,
    start_micros,
)

ZONES = (
    "UTC", "Europe/Berlin", "Europe/Amsterdam", "America/Sao_Paulo", "America/Santiago", "Pacific/Apia", "Asia/Manila",
    "Atlantic/Azores", "Africa/Casablanca", "Asia/Gaza", "America/Juneau", "Pacific/Kiritimati", "Etc/GMT-14",
    "Etc/GMT+12", "Africa/Freetown", "America/St_Johns",
)  # fmt: skip
HOUR = 3_600_000_000


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest) -> ZoneInfo:
    return ZoneInfo(request.param)


def instants(zone: ZoneInfo) -> list[int]:
    """Return instants around every change of the clocks, anywhere, and at the edges."""
    pick = random.Random(7)
    around = [start + moved for start in offset_table(zone).starts for moved in (-HOUR, -1, 0, 1, HOUR)]
    anywhere = [pick.randint(FIRST_MICROS, LAST_MICROS) for _ in range(300)]
    edges = [
        edge + sign * hours * HOUR // 2 for edge, sign in ((FIRST_MICROS, 1), (LAST_MICROS, -1)) for hours in range(60)
    ]
    turns = [micros_of(datetime(year, 1, 1, tzinfo=UTC)) - past for year in (2100, 2500, 2900, 9700) for past in (0, 1)]
    return [instant for instant in (*around, *anywhere, *edges, *turns) if FIRST_MICROS <= instant <= LAST_MICROS]


def read_offset(zone: ZoneInfo, instant: int) -> int:
    """Return the offset with which the evaluator reads an instant."""
    try:
        offset = (EPOCH + instant * MICROSECOND).astimezone(zone).utcoffset()
    except OverflowError:
        return 0
    return (offset or timedelta()) // MICROSECOND


def test_the_table_has_the_offset_of_every_instant(zone: ZoneInfo) -> None:
    table = offset_table(zone)

    for instant in instants(zone):
        assert table.at(instant) == offset_micros(zone, instant) == read_offset(zone, instant), (
            EPOCH + instant * MICROSECOND
        )


def test_the_table_has_the_beginning_of_every_day(zone: ZoneInfo) -> None:
    table = day_offset_table(zone)
    days = {EPOCH.toordinal() + instant // DAY_MICROS + moved for instant in instants(zone) for moved in (-1, 0, 1)}
    for ordinal in sorted(days & set(range(1, date.max.toordinal() + 1))):
        day = date.fromordinal(ordinal)
        midnight = (ordinal - EPOCH.toordinal()) * DAY_MICROS
        start = datetime.combine(day, time(), tzinfo=zone)

        assert midnight - table.at(midnight) == start_micros(zone, day) == (start - EPOCH) // MICROSECOND, day


def test_a_day_is_reached_when_the_wall_clock_shows_it(zone: ZoneInfo) -> None:
    pick = random.Random(11)
    for instant in pick.sample(instants(zone), 150):
        day = (EPOCH + (instant + read_offset(zone, instant)) * MICROSECOND).date()
        if day == date.min:
            continue
        spans = reached(zone, day)
        for moved in (-26 * HOUR, -2 * HOUR, -HOUR, -1, 0, HOUR, 2 * HOUR, 26 * HOUR):
            other = instant + moved
            if not FIRST_MICROS <= other <= LAST_MICROS:
                continue
            shown = (EPOCH + (other + read_offset(zone, other)) * MICROSECOND).date()
            inside = any(start <= other and (end is None or other < end) for start, end in spans)
            assert inside == (shown >= day), (EPOCH + other * MICROSECOND, day)


def test_clocks_that_are_put_back_over_midnight_show_a_day_twice() -> None:
    midnight = datetime(2010, 11, 7, 2, 30, tzinfo=UTC)

    spans = reached(ZoneInfo("America/St_Johns"), date(2010, 11, 7))

    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    assert spans == ((micros_of(midnight), micros_of(midnight + minute)), (micros_of(midnight + hour), None))

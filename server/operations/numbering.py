"""Numbers for business objects, typed by the caller or taken from a series."""

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import ColumnElement, select, update

from server.errors import AlreadyExistsError, ErrorCode, InvalidInputError, RefusedError
from server.operations.values import checked_code
from server.store.tables import campaign, contact, logged_segment, number_series, segment
from server.store.unit_of_work import UnitOfWork

NO_LENGTH = 20
_CANDIDATES_MAX = 1_000
"""Numbers that are tried in one statement."""


class Series(StrEnum):
    """The number series, by the code of their rows."""

    CONTACT = "CONTACT"
    SEGMENT = "SEGMENT"
    CAMPAIGN = "CAMPAIGN"


_USED_COLUMNS: Mapping[Series, Mapping[str, ColumnElement[str]]] = {
    Series.CONTACT: {"contact": contact.c.no},
    Series.SEGMENT: {"segment": segment.c.no, "logged segment": logged_segment.c.segment_no},
    Series.CAMPAIGN: {"campaign": campaign.c.no},
}
"""Where a number of the series may stand, by what has it. A logged segment keeps its number; it comes last, so that a
segment that is being logged by somebody else is found in one place or the other."""


async def take_number(work: UnitOfWork, series: Series, typed: str | None = None) -> str:
    """Return the typed number, or the next free one of the series.

    Raises: AlreadyExistsError when the typed number is taken; InvalidInputError when it is too long or the series
    does not allow typed numbers.
    """
    no = checked_code(typed, "no", NO_LENGTH)
    if no is None:
        return (await take_numbers(work, series, 1))[0]
    await require_typed_allowed(work, series)
    for owner, column in _USED_COLUMNS[series].items():
        if await work.connection.scalar(select(column).where(column == no)) is not None:
            msg = f"There is a {owner} {no} already."
            raise AlreadyExistsError(msg, path=("no",))
    return no


async def require_typed_allowed(work: UnitOfWork, series: Series) -> None:
    """Raise InvalidInputError when numbers of the series must not be typed."""
    statement = select(number_series.c.manual_allowed).where(number_series.c.code == series)
    if not await work.connection.scalar(statement):
        msg = f"Numbers of the series {series} cannot be typed; leave the number out."
        raise InvalidInputError(msg, path=("no",))


async def take_numbers(work: UnitOfWork, series: Series, count: int) -> list[str]:
    """Return the next ``count`` free numbers, ascending; numbers that were typed before are stepped over.

    On PostgreSQL the series stays locked until the end of the unit of work, so no number is given twice.

    Raises: RefusedError(VALUE_REQUIRED) when the series is not set up.
    """
    if count < 1:
        return []
    row = (
        await work.connection.execute(
            select(number_series.c.prefix, number_series.c.digits, number_series.c.last_number)
            .where(number_series.c.code == series)
            .with_for_update()
        )
    ).one_or_none()
    if row is None:
        msg = f"The number series {series} is not set up."
        raise RefusedError(ErrorCode.VALUE_REQUIRED, msg)
    taken: list[str] = []
    last = row.last_number
    size = count
    while len(taken) < count:
        size = min(size, _CANDIDATES_MAX)
        candidates = {f"{row.prefix}{number:0{row.digits}d}": number for number in range(last + 1, last + 1 + size)}
        used = await _used(work, series, list(candidates))
        for no, number in candidates.items():
            last = number
            if no not in used:
                taken.append(no)
                if len(taken) == count:
                    break
        size *= 2
    await work.connection.execute(update(number_series).where(number_series.c.code == series).values(last_number=last))
    return taken


async def _used(work: UnitOfWork, series: Series, numbers: list[str]) -> set[str]:
    """Return those of the numbers that an object has."""
    used: set[str] = set()
    for column in _USED_COLUMNS[series].values():
        used.update(await work.connection.scalars(select(column).where(column.in_(numbers))))
    return used

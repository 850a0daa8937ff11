"""Numbers for business objects, typed by the caller or taken from a series."""

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import ColumnElement, select, update

from server.errors import AlreadyExistsError, ErrorCode, RefusedError
from server.operations.values import api_name, checked_code
from server.store.tables import (
    campaign,
    campaign_entry,
    contact,
    logged_segment,
    marketing_setup,
    number_series,
    segment,
)
from server.store.unit_of_work import UnitOfWork

NO_LENGTH = 20
PREFIX_LENGTH = 10
DIGITS_MAX = 10
LAST_NUMBER_MAX = 2**31 - 1
"""The largest number of a series: prefix and digits fit a number of 20 characters, and GraphQL's Int holds it."""
_CANDIDATES_MAX = 1_000
"""Numbers that are tried in one statement."""


class Series(StrEnum):
    """What is numbered; the marketing setup names the number series of each."""

    CONTACT = "CONTACT"
    SEGMENT = "SEGMENT"
    CAMPAIGN = "CAMPAIGN"


_SETUP_COLUMNS: Mapping[Series, ColumnElement[str | None]] = {
    Series.CONTACT: marketing_setup.c.contact_series,
    Series.SEGMENT: marketing_setup.c.segment_series,
    Series.CAMPAIGN: marketing_setup.c.campaign_series,
}
_USED_COLUMNS: Mapping[Series, Mapping[str, ColumnElement[str]]] = {
    Series.CONTACT: {"contact": contact.c.no},
    Series.SEGMENT: {
        "segment": segment.c.no,
        "logged segment": logged_segment.c.segment_no,
        "campaign entry": campaign_entry.c.segment_no,
    },
    Series.CAMPAIGN: {"campaign": campaign.c.no},
}
"""Where a number of the series may stand, by what has it. A logged segment keeps its number, and so do its campaign
entries when it is deleted: they would count the interactions of another segment of that number, too. The later owner
comes later, so that what somebody else is just logging or deleting is found in one place or the other."""


async def take_number(work: UnitOfWork, series: Series, typed: str | None = None, *, field: str = "no") -> str:
    """Return the typed number, or the next free one of the series.

    Args:
        work: where.
        series: what gets the number.
        typed: blank for the next one.
        field: the input field that holds the typed number.

    Raises: AlreadyExistsError when the typed number is taken; InvalidInputError when it is too long; RefusedError
    NUMBER_NOT_TYPED when the series does not allow typed numbers, SETUP_INCOMPLETE when there is no next one.
    """
    no = checked_code(typed, field, NO_LENGTH)
    if no is None:
        return (await take_numbers(work, series, 1, field=field))[0]
    await require_typed_allowed(work, series, field=field)
    for owner, column in _USED_COLUMNS[series].items():
        if await work.connection.scalar(select(column).where(column == no).limit(1)) is not None:
            msg = f"There is a {owner} {no} already."
            if column is campaign_entry.c.segment_no:
                msg = await _counted_message(work, no)
            raise AlreadyExistsError(msg, path=(api_name(field),))
    return no


async def has_series(work: UnitOfWork, series: Series) -> bool:
    """Return whether the marketing setup names a number series for these objects."""
    return await work.connection.scalar(select(_SETUP_COLUMNS[series])) is not None


async def require_typed_allowed(work: UnitOfWork, series: Series, *, field: str = "no") -> None:
    """Raise RefusedError(NUMBER_NOT_TYPED) when numbers must not be typed; without a series they have to be."""
    statement = select(number_series.c.code).where(
        number_series.c.code == _SETUP_COLUMNS[series], number_series.c.manual_allowed.is_(False)
    )
    code = await work.connection.scalar(statement)
    if code is not None:
        msg = f"Numbers of the series {code} cannot be typed; leave the number out."
        raise RefusedError(ErrorCode.NUMBER_NOT_TYPED, msg, path=(api_name(field),))


async def take_numbers(work: UnitOfWork, series: Series, count: int, *, field: str = "no") -> list[str]:
    """Return the next ``count`` free numbers, ascending; numbers that were typed before are stepped over.

    On PostgreSQL the series stays locked until the end of the unit of work, so no number is given twice.

    Raises: RefusedError(SETUP_INCOMPLETE) when the setup names no series, or the series has no more numbers.
    """
    if count < 1:
        return []
    row = (
        await work.connection.execute(
            select(number_series)
            .where(number_series.c.code == select(_SETUP_COLUMNS[series]).scalar_subquery())
            .with_for_update()
        )
    ).one_or_none()
    if row is None:
        kind = series.lower()
        msg = f"The marketing setup names no number series for a {kind}: set {kind}Series, or give a number."
        raise RefusedError(ErrorCode.SETUP_INCOMPLETE, msg, path=(api_name(field),))
    taken: list[str] = []
    last = row.last_number
    size = count
    while len(taken) < count:
        size = min(size, _CANDIDATES_MAX)
        numbers = range(last + 1, min(last + size, LAST_NUMBER_MAX) + 1)
        if not numbers:
            msg = f"The number series {row.code} has no more numbers: it ends with {LAST_NUMBER_MAX:,}."
            raise RefusedError(ErrorCode.SETUP_INCOMPLETE, msg, path=(api_name(field),))
        candidates = {f"{row.prefix}{number:0{row.digits}d}": number for number in numbers}
        used = await _used(work, series, list(candidates))
        for no, number in candidates.items():
            last = number
            if no not in used:
                taken.append(no)
                if len(taken) == count:
                    break
        size *= 2
    of_series = number_series.c.code == row.code
    await work.connection.execute(update(number_series).where(of_series).values(last_number=last))
    return taken


async def _counted_message(work: UnitOfWork, no: str) -> str:
    """Return why no other segment gets the number that a campaign entry has."""
    entry = campaign_entry.c
    statement = select(entry.entry_no, campaign.c.no).join(campaign, campaign.c.id == entry.campaign_id)
    first = (await work.connection.execute(statement.where(entry.segment_no == no).order_by(entry.entry_no))).first()
    owner = "A campaign entry" if first is None else f"Campaign entry {first.entry_no} of campaign {first.no}"
    return f"{owner} counts the interactions of a segment {no}; delete the entry, or choose another number."


async def _used(work: UnitOfWork, series: Series, numbers: list[str]) -> set[str]:
    """Return those of the numbers that an object has."""
    used: set[str] = set()
    for column in _USED_COLUMNS[series].values():
        used.update(await work.connection.scalars(select(column).where(column.in_(numbers))))
    return used

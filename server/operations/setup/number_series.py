"""The number series from which contacts, segments and campaigns get their numbers."""

from typing import Any, TypedDict

from sqlalchemy import delete, insert, update

from server.errors import ErrorCode, RefusedError
from server.operations.numbering import DIGITS_MAX, LAST_NUMBER_MAX, PREFIX_LENGTH
from server.operations.setup.codes import CodeTable, locked_code, renamed, require_free
from server.operations.setup.marketing_setup import read_setup
from server.operations.values import api_name, checked_code, checked_flag, checked_range, required_code
from server.store.tables import number_series
from server.store.unit_of_work import UnitOfWork

NUMBER_SERIES = CodeTable("number series", number_series)
_DIGITS_DEFAULT = 6


class NumberSeriesValues(TypedDict, total=False):
    """The values of a number series; absent and None: default or unchanged, a blank prefix: none.

    ``new_code`` is read on update only, and not blank.
    """

    new_code: str | None
    prefix: str | None
    digits: int | None
    last_number: int | None
    manual_allowed: bool | None


async def create_number_series(work: UnitOfWork, code: str, values: NumberSeriesValues) -> str:
    """Create a number series and return its code.

    Raises: AlreadyExistsError; InvalidInputError; RefusedError(VALUE_REQUIRED) for a blank code.
    """
    key = required_code(code, "code", NUMBER_SERIES.length)
    row = {"prefix": "", "digits": _DIGITS_DEFAULT, "last_number": 0, "manual_allowed": False, **_checked(values)}
    await require_free(work, NUMBER_SERIES, key)
    await work.connection.execute(insert(number_series).values({"code": key, **row}))
    work.record("number_series", code=key)
    return key


async def update_number_series(work: UnitOfWork, code: str, values: NumberSeriesValues) -> str:
    """Change the given values of a number series and return its code; the setup follows a new code.

    Numbers that were given stay. The next one is the first free one after ``last_number``.

    Raises: what ``create_number_series`` raises; NotFoundError.
    """
    current = await locked_code(work, NUMBER_SERIES, code)
    before = current._asdict()
    changes = {field: value for field, value in _checked(values).items() if value != before[field]}
    if changes:
        of_series = number_series.c.code == current.code
        await work.connection.execute(update(number_series).where(of_series).values(changes))
        work.record("number_series", code=current.code, fields=list(changes))
    if "new_code" in values:
        return await renamed(work, NUMBER_SERIES, current.code, values["new_code"])
    return str(current.code)


async def delete_number_series(work: UnitOfWork, code: str) -> str:
    """Delete a number series and return the code it had; numbers that were given stay.

    Raises: NotFoundError; RefusedError(IN_USE) when the marketing setup names it.
    """
    key = str((await locked_code(work, NUMBER_SERIES, code)).code)
    setup = (await read_setup(work))._asdict()
    users = [field for field in ("contact_series", "segment_series", "campaign_series") if setup[field] == key]
    if users:
        named = ", ".join(api_name(field) for field in users)
        msg = f"The marketing setup uses the number series {key} as {named}; name another one there first."
        raise RefusedError(ErrorCode.IN_USE, msg, path=("code",))
    await work.connection.execute(delete(number_series).where(number_series.c.code == key))
    work.record("number_series", code=key)
    return key


def _checked(values: NumberSeriesValues) -> dict[str, Any]:
    """Return the given fields as they are stored."""
    checked: dict[str, Any] = {}
    if "prefix" in values:
        checked["prefix"] = checked_code(values["prefix"], "prefix", PREFIX_LENGTH) or ""
    if (digits := values.get("digits")) is not None:
        checked["digits"] = checked_range(digits, "digits", 1, DIGITS_MAX)
    if (last_number := values.get("last_number")) is not None:
        checked["last_number"] = checked_range(last_number, "last_number", 0, LAST_NUMBER_MAX)
    if values.get("manual_allowed") is not None:
        checked["manual_allowed"] = checked_flag(values["manual_allowed"], "manual_allowed")
    return checked

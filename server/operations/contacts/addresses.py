"""Alternative addresses of contacts, and the periods in which they are the ones to use."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypedDict

from sqlalchemy import Row, and_, delete, insert, select, update

from server.errors import AlreadyExistsError, InvalidInputError
from server.operations.references import contact_by_no, not_found
from server.operations.values import (
    api_name,
    checked_code,
    checked_date,
    checked_emails,
    checked_phone,
    checked_text,
    missing,
    required_code,
)
from server.operations.versions import require_version
from server.store.active_addresses import active_address
from server.store.segment_lines import day_of_line
from server.store.tables import (
    contact,
    contact_address,
    contact_address_period,
    interaction_log_entry,
    segment_line,
)
from server.store.unit_of_work import UnitOfWork

ADDRESS_CODE_LENGTH = 10


class ContactAddressValues(TypedDict, total=False):
    """The values of an alternative address; absent: default or unchanged, None and ``''``: blank.

    ``new_code`` is read on update only, and not blank.
    """

    new_code: str | None
    company_name: str | None
    address: str | None
    address_2: str | None
    post_code: str | None
    city: str | None
    county: str | None
    country: str | None
    phone: str | None
    mobile_phone: str | None
    email: str | None


_CHECKS: Mapping[str, tuple[Callable[[Any, str, int], Any], int]] = {
    "company_name": (checked_text, 100),
    "address": (checked_text, 100),
    "address_2": (checked_text, 50),
    "post_code": (checked_text, 20),
    "city": (checked_text, 30),
    "county": (checked_text, 30),
    "country": (checked_code, 10),
    "phone": (checked_phone, 30),
    "mobile_phone": (checked_phone, 30),
    "email": (checked_emails, 80),
}
"""What each value must be, and its most characters."""


async def create_address(
    work: UnitOfWork, contact_no: str, code: str, values: ContactAddressValues, *, expected_version: int | None = None
) -> int:
    """Give a contact an alternative address and return the contact's key; it is used in its periods only.

    Raises: AlreadyExistsError; NotFoundError for the contact; ConflictError for its version; InvalidInputError;
    RefusedError(VALUE_REQUIRED) for a blank number or code.
    """
    owner = await _owner(work, contact_no, expected_version)
    key = required_code(code, "code", ADDRESS_CODE_LENGTH)
    row = _checked(values)
    await _require_free(work, owner, key, "code")
    await work.connection.execute(insert(contact_address).values({"contact_id": owner.id, "code": key, **row}))
    return await _touch(work, owner)


async def update_address(
    work: UnitOfWork,
    contact_no: str,
    code: str,
    values: ContactAddressValues,
    *,
    expected_version: int | None = None,
) -> int:
    """Change the given values of an alternative address and return the contact's key.

    Periods, lines of segments and interactions that name it follow a new code. When nothing differs, nothing is
    written.

    Raises: what ``create_address`` raises; NotFoundError for the address.
    """
    owner = await _owner(work, contact_no, expected_version)
    current = await _address_by_code(work, owner, code)
    before = current._asdict()
    changes = {field: value for field, value in _checked(values).items() if value != before[field]}
    key = current.code
    if "new_code" in values:
        key = required_code(values["new_code"], "new_code", ADDRESS_CODE_LENGTH)
    if key != current.code:
        await _require_free(work, owner, key, "new_code")
        changes["code"] = key
    if not changes:
        return int(owner.id)
    await work.connection.execute(update(contact_address).where(_is(owner, current.code)).values(changes))
    if "code" in changes:
        for table in (segment_line, interaction_log_entry):
            noted = and_(table.c.contact_id == owner.id, table.c.alternative_address == current.code)
            await work.connection.execute(update(table).where(noted).values(alternative_address=key))
    return await _touch(work, owner)


async def delete_address(work: UnitOfWork, contact_no: str, code: str, *, expected_version: int | None = None) -> int:
    """Delete an alternative address with its periods and return the contact's key.

    Interactions keep the code that they noted. Lines of segments that noted it note the address that holds on their
    day now, hidden ones too: they may come back.

    Raises: NotFoundError for the contact or the address; ConflictError.
    """
    owner = await _owner(work, contact_no, expected_version)
    current = await _address_by_code(work, owner, code)
    await work.connection.execute(delete(contact_address).where(_is(owner, current.code)))
    line = segment_line.c
    await work.connection.execute(
        update(segment_line)
        .where(line.contact_id == owner.id, line.alternative_address == current.code)
        .values(alternative_address=active_address(line.contact_id, day_of_line()))
    )
    return await _touch(work, owner)


async def set_period(
    work: UnitOfWork,
    contact_no: str,
    starting_on: date,
    *,
    code: str,
    ending_on: date | None = None,
    expected_version: int | None = None,
) -> int:
    """Say from when to when an alternative address is the one to use, and return the contact's key.

    A contact has one period for each first day: one that begins on the same day is replaced. Periods may overlap;
    then the one that began last holds.

    Args:
        work: where.
        contact_no: whose.
        starting_on: the first day.
        code: the alternative address.
        ending_on: the last day; None: open.
        expected_version: of the contact.

    Raises: NotFoundError for the contact or the address; InvalidInputError when it ends before it starts;
    ConflictError.
    """
    owner = await _owner(work, contact_no, expected_version)
    address = await _address_by_code(work, owner, code)
    first, last = checked_date(starting_on, "starting_on"), checked_date(ending_on, "ending_on")
    if first is None:
        raise missing("starting_on")
    if last is not None and last < first:
        msg = f"A period that starts on {first} cannot end on {last}: endingOn must not be before startingOn."
        raise InvalidInputError(msg, path=("endingOn",))
    period = and_(contact_address_period.c.contact_id == owner.id, contact_address_period.c.starting_on == first)
    current = (await work.connection.execute(select(contact_address_period).where(period))).one_or_none()
    row = {"code": address.code, "ending_on": last}
    if current is None:
        whole = {"contact_id": owner.id, "starting_on": first, **row}
        await work.connection.execute(insert(contact_address_period).values(whole))
    elif (current.code, current.ending_on) == (address.code, last):
        return int(owner.id)
    else:
        await work.connection.execute(update(contact_address_period).where(period).values(row))
    return await _touch(work, owner)


async def delete_period(
    work: UnitOfWork, contact_no: str, starting_on: date, *, expected_version: int | None = None
) -> int:
    """Delete the period that begins on a day and return the contact's key.

    Raises: NotFoundError for the contact or the period; ConflictError.
    """
    owner = await _owner(work, contact_no, expected_version)
    period = contact_address_period.c
    doomed = delete(contact_address_period).where(period.contact_id == owner.id, period.starting_on == starting_on)
    if await work.connection.scalar(doomed.returning(period.code)) is None:
        raise not_found("period of an alternative address that starts on", str(starting_on), "starting_on")
    return await _touch(work, owner)


async def _owner(work: UnitOfWork, contact_no: str, expected_version: int | None) -> Row[Any]:
    """Return the contact's row, locked, so that its addresses hold still as well."""
    row = await contact_by_no(work, contact_no, "contact_no")
    require_version(row.version, expected_version)
    return row


async def _touch(work: UnitOfWork, owner: Row[Any]) -> int:
    """Note that the contact's addresses changed, and return its key."""
    stamped = {"modified_at": work.moment.now, "version": owner.version + 1}
    await work.connection.execute(update(contact).where(contact.c.id == owner.id).values(stamped))
    work.record("contact", owner.id, fields=("addresses", "modified_at"))
    return int(owner.id)


def _is(owner: Row[Any], code: str) -> Any:
    return and_(contact_address.c.contact_id == owner.id, contact_address.c.code == code)


async def _address_by_code(work: UnitOfWork, owner: Row[Any], code: str) -> Row[Any]:
    key = required_code(code, "code", ADDRESS_CODE_LENGTH)
    row = (await work.connection.execute(select(contact_address).where(_is(owner, key)))).one_or_none()
    if row is None:
        raise not_found(f"alternative address of contact {owner.no} with the code", key, "code")
    return row


async def _require_free(work: UnitOfWork, owner: Row[Any], code: str, field: str) -> None:
    if await work.connection.scalar(select(contact_address.c.code).where(_is(owner, code))) is not None:
        msg = f"Contact {owner.no} has an alternative address {code} already."
        raise AlreadyExistsError(msg, path=(api_name(field),))


def _checked(values: ContactAddressValues) -> dict[str, Any]:
    """Return the given fields as they are stored."""
    checked: dict[str, Any] = {}
    for field, value in values.items():
        if field in _CHECKS:
            check, length = _CHECKS[field]
            checked[field] = check(value, field, length)
    return checked

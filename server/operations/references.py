"""Resolves what an input names by number or code.

Every function raises NotFoundError with the path of ``field``, the input's name in snake_case.
"""

from collections.abc import Collection, Container, Sequence
from typing import Any

from sqlalchemy import Row, Table, select

from server.errors import ErrorCode, InvalidInputError, NotFoundError, RefusedError
from server.operations.values import api_name, missing, required_code
from server.store.id_lists import ids_in
from server.store.tables import (
    campaign,
    contact,
    interaction_log_entry,
    interaction_template,
    salesperson,
)
from server.store.unit_of_work import UnitOfWork

AT_ONCE = 1_000
"""Entries that one mutation may name."""


def not_found(kind: str, name: str, field: str) -> NotFoundError:
    """Return the error for a name that nothing has."""
    return NotFoundError(f"There is no {kind} {name}.", path=(api_name(field),))


def require_known(kind: str, names: Sequence[int], known: Container[int], field: str) -> None:
    """Raise NotFoundError for the first of the numbers in a list that is not known."""
    for name in names:
        if name not in known:
            error = not_found(kind, str(name), field)
            error.path = listed_path(field, names, name)
            raise error


def listed_path(field: str, names: Sequence[int], name: int) -> tuple[str | int, ...]:
    """Return the path of a number: with its first place in the list, where the field is in the plural and holds one."""
    place = (names.index(name),) if field.endswith("s") else ()
    return (api_name(field), *place)


async def contact_by_no(work: UnitOfWork, no: str | None, field: str = "no", *, share: bool = False) -> Row[Any]:
    """Return the contact's row, locked until the end of the unit of work.

    Args:
        work: where.
        no: the contact's number, as typed.
        field: the input field that named it.
        share: lock against changes only, so that others may read it the same way.

    Raises: RefusedError(VALUE_REQUIRED) for a blank number.
    """
    key = required_code(no, field, 20)
    statement = select(contact).where(contact.c.no == key).with_for_update(read=share)
    row = (await work.connection.execute(statement)).one_or_none()
    if row is None:
        raise not_found("contact", key, field)
    return row


async def require_salesperson(work: UnitOfWork, code: str | None, field: str = "salesperson") -> None:
    """Accept a blank code, or a checked one of a salesperson who may be assigned and then stays until the unit ends.

    Raises: RefusedError(SALESPERSON_BLOCKED) for one who is blocked, also for privacy.
    """
    if code is None:
        return
    statement = select(salesperson.c.blocked, salesperson.c.privacy_blocked).where(salesperson.c.code == code)
    statement = statement.with_for_update(read=True, key_share=True)
    row = (await work.connection.execute(statement)).one_or_none()
    if row is None:
        raise not_found("salesperson", code, field)
    if row.blocked or row.privacy_blocked:
        msg = f"Salesperson {code} is blocked and cannot be assigned."
        raise RefusedError(ErrorCode.SALESPERSON_BLOCKED, msg, path=(api_name(field),))


async def campaign_id(work: UnitOfWork, no: str | None, field: str = "campaign_no") -> int | None:
    """Return the key of the campaign with the checked number, which stays until the unit of work ends.

    None for a blank number.
    """
    if no is None:
        return None
    by_no = select(campaign.c.id).where(campaign.c.no == no)
    found = await work.connection.scalar(by_no.with_for_update(read=True, key_share=True))
    if found is None:
        raise not_found("campaign", no, field)
    return found


async def template_by_code(work: UnitOfWork, code: str, field: str = "template") -> Row[Any]:
    """Return the row of the interaction template with the checked code, which stays until the unit of work ends."""
    by_code = interaction_template.c.code == code
    statement = select(interaction_template).where(by_code).with_for_update(read=True)
    row = (await work.connection.execute(statement)).one_or_none()
    if row is None:
        raise not_found("interaction template", code, field)
    return row


async def require_code(work: UnitOfWork, table: Table[Any], code: str | None, kind: str, field: str) -> None:
    """Accept a blank code, or a checked one of a code table, whose row then stays until the end of the unit of work.

    Args:
        work: where.
        table: keyed by ``code``.
        code: as it is stored.
        kind: what the code names, for the message.
        field: the input field that named it.
    """
    if code is None:
        return
    statement = select(table.c.code).where(table.c.code == code).with_for_update(read=True)
    if await work.connection.scalar(statement) is None:
        raise not_found(kind, code, field)


def require_few(entry_nos: Collection[int], things: str, field: str = "entry_nos") -> None:
    """Refuse a list that names nothing, or more than ``AT_ONCE`` things."""
    if not entry_nos:
        raise missing(field)
    if len(entry_nos) > AT_ONCE:
        msg = f"At most {AT_ONCE:,} {things} can be named at once; {len(entry_nos):,} were."
        raise InvalidInputError(msg, path=(api_name(field),))


async def hold_entries(
    work: UnitOfWork, table: Table[Any], kind: str, entry_nos: Sequence[int], field: str = "entry_nos"
) -> Sequence[Row[Any]]:
    """Return the rows of a table keyed by ``entry_no``, ascending, locked until the end of the unit of work.

    Raises: NotFoundError for the first number that none has, with its place in the list.
    """
    key = table.c.entry_no
    statement = select(table).where(ids_in(key, entry_nos, work.dialect)).order_by(key).with_for_update()
    held = (await work.connection.execute(statement)).all()
    require_known(kind, entry_nos, {row.entry_no for row in held}, field)
    return held


async def interaction_by_no(work: UnitOfWork, entry_no: int, field: str = "entry_no") -> Row[Any]:
    """Return the row of the interaction, locked until the end of the unit of work."""
    statement = select(interaction_log_entry).where(interaction_log_entry.c.entry_no == entry_no).with_for_update()
    row = (await work.connection.execute(statement)).one_or_none()
    if row is None:
        raise not_found("interaction", str(entry_no), field)
    return row

"""The people who work with Tessera, by the name under which they act, and which salesperson each of them is."""

from typing import Any, TypedDict

from sqlalchemy import Row, delete, insert, select, update

from server.errors import AlreadyExistsError, InvalidInputError
from server.operations.references import not_found, require_salesperson
from server.operations.values import api_name, checked_code, checked_emails, checked_text, missing
from server.settings import user_name
from server.store.tables import user_setup
from server.store.unit_of_work import UnitOfWork


class UserValues(TypedDict, total=False):
    """The values of a user; absent: default or unchanged, None and ``''``: blank.

    ``new_name`` is read on update only, and not blank.
    """

    new_name: str | None
    full_name: str | None
    email: str | None
    salesperson: str | None


async def create_user(work: UnitOfWork, name: str, values: UserValues) -> str:
    """Create a user and return the name, in which case matters.

    Raises: AlreadyExistsError; InvalidInputError; NotFoundError and RefusedError(SALESPERSON_BLOCKED) for the
    salesperson; RefusedError(VALUE_REQUIRED) for a blank name.
    """
    key = _checked_name(name, "name")
    row = _checked(values)
    await require_salesperson(work, row.get("salesperson"))
    await _require_free(work, key, "name")
    await work.connection.execute(insert(user_setup).values({"name": key, **row}))
    work.record("user_setup", code=key)
    return key


async def update_user(work: UnitOfWork, name: str, values: UserValues) -> str:
    """Change the given values of a user and return the name; what was done under an old name keeps it.

    Raises: what ``create_user`` raises; NotFoundError.
    """
    current = await _user_by_name(work, name)
    before = current._asdict()
    changes = {field: value for field, value in _checked(values).items() if value != before[field]}
    await require_salesperson(work, changes.get("salesperson"))
    key = _checked_name(values["new_name"], "new_name") if "new_name" in values else str(current.name)
    if key != current.name:
        await _require_free(work, key, "new_name")
        changes["name"] = key
    if changes:
        await work.connection.execute(update(user_setup).where(user_setup.c.name == current.name).values(changes))
        work.record("user_setup", code=key, fields=list(changes))
    return key


async def delete_user(work: UnitOfWork, name: str) -> str:
    """Delete a user and return the name; what was done under it keeps it.

    Raises: NotFoundError.
    """
    key = str((await _user_by_name(work, name)).name)
    await work.connection.execute(delete(user_setup).where(user_setup.c.name == key))
    work.record("user_setup", code=key)
    return key


async def _user_by_name(work: UnitOfWork, name: str) -> Row[Any]:
    """Return the row, locked until the end of the unit of work."""
    key = _checked_name(name, "name")
    statement = select(user_setup).where(user_setup.c.name == key).with_for_update()
    row = (await work.connection.execute(statement)).one_or_none()
    if row is None:
        raise not_found("user", key, "name")
    return row


async def _require_free(work: UnitOfWork, name: str, field: str) -> None:
    if await work.connection.scalar(select(user_setup.c.name).where(user_setup.c.name == name)) is not None:
        msg = f"User {name} exists already."
        raise AlreadyExistsError(msg, path=(api_name(field),))


def _checked_name(name: str | None, field: str) -> str:
    """Return a name that a request can send."""
    if not (name or "").strip():
        raise missing(field)
    try:
        return user_name(name or "")
    except ValueError as error:
        msg = f"{api_name(field)}: {error}."
        raise InvalidInputError(msg, path=(api_name(field),)) from error


def _checked(values: UserValues) -> dict[str, Any]:
    """Return the given fields as they are stored."""
    checked: dict[str, Any] = {}
    if "full_name" in values:
        checked["full_name"] = checked_text(values["full_name"], "full_name", 80)
    if "email" in values:
        checked["email"] = checked_emails(values["email"], "email", 80)
    if "salesperson" in values:
        checked["salesperson"] = checked_code(values["salesperson"], "salesperson", 20)
    return checked

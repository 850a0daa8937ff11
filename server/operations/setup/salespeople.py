"""Salespeople: who looks after contacts and does interactions."""

from collections.abc import Mapping
from typing import Any, TypedDict

from sqlalchemy import delete, insert, update

from server.operations.setup.code_references import require_unused
from server.operations.setup.codes import CODE_LENGTH, CodeTable, locked_code, renamed, require_free
from server.operations.values import (
    checked_emails,
    checked_flag,
    checked_phone,
    checked_text,
    required_code,
)
from server.operations.versions import require_version
from server.store.standing import keep_standing
from server.store.tables import salesperson
from server.store.unit_of_work import UnitOfWork

SALESPEOPLE = CodeTable("salesperson", salesperson)


class SalespersonValues(TypedDict, total=False):
    """The values of a salesperson; absent: blank or unchanged, None: blank.

    ``code`` is required on creation only, where it names the salesperson; ``new_code`` gives one that exists another.
    """

    code: str
    new_code: str | None
    name: str | None
    email: str | None
    phone: str | None
    job_title: str | None
    blocked: bool | None
    privacy_blocked: bool | None


async def create_salesperson(work: UnitOfWork, values: SalespersonValues) -> str:
    """Create a salesperson and return the code.

    Raises: AlreadyExistsError; InvalidInputError; RefusedError(VALUE_REQUIRED) for a blank code.
    """
    key = required_code(values.get("code"), "code", CODE_LENGTH)
    row = _checked(values)
    await require_free(work, SALESPEOPLE, key)
    await work.connection.execute(insert(salesperson).values(code=key, **row))
    work.record("salesperson", code=key)
    return key


async def update_salesperson(
    work: UnitOfWork, code: str, values: SalespersonValues, *, expected_version: int | None = None
) -> str:
    """Change the given values of a salesperson and return the code; when nothing differs, nothing is written.

    What refers to somebody who becomes blocked stays as it is.

    Raises: NotFoundError; ConflictError; AlreadyExistsError for the new code; InvalidInputError;
    RefusedError(VALUE_REQUIRED) for a blank new code.
    """
    if "new_code" in values:
        await keep_standing(work)  # lines note the code without a foreign key
    current = await locked_code(work, SALESPEOPLE, code)
    require_version(current.version, expected_version)
    changes = {field: value for field, value in _checked(values).items() if value != getattr(current, field)}
    key: str = current.code
    if "new_code" in values:
        key = await renamed(work, SALESPEOPLE, key, values["new_code"])
    if not changes and key == current.code:
        return key
    stamped = changes | {"version": current.version + 1}
    await work.connection.execute(update(salesperson).where(salesperson.c.code == key).values(stamped))
    if changes:
        work.record("salesperson", code=key, fields=[*changes])
    return key


async def delete_salesperson(work: UnitOfWork, code: str, *, expected_version: int | None = None) -> str:
    """Delete a salesperson whom nothing refers to, and return the code; memberships in teams go, too.

    Raises: NotFoundError; ConflictError; RefusedError(IN_USE).
    """
    await keep_standing(work)  # lines note the code without a foreign key
    current = await locked_code(work, SALESPEOPLE, code)
    require_version(current.version, expected_version)
    advice = "Set blocked to keep anything more from being assigned."
    await require_unused(work, salesperson.c.code, current.code, SALESPEOPLE.kind, advice=advice)
    await work.connection.execute(delete(salesperson).where(salesperson.c.code == current.code))
    work.record("salesperson", code=current.code)
    return str(current.code)


def _checked(values: SalespersonValues) -> dict[str, Any]:
    """Return the given values as they are stored, without the code."""
    given: Mapping[str, Any] = values
    checked: dict[str, Any] = {}
    for field, length in (("name", 50), ("job_title", 30)):
        if field in given:
            checked[field] = checked_text(given[field], field, length)
    if "email" in values:
        checked["email"] = checked_emails(values["email"], "email", 80)
    if "phone" in values:
        checked["phone"] = checked_phone(values["phone"], "phone", 30)
    for field in ("blocked", "privacy_blocked"):
        if field in given:
            checked[field] = checked_flag(given[field], field)
    return checked

"""Code tables that people keep: mailing groups and salespeople."""

from typing import TypedDict

from sqlalchemy import insert, select

from server.errors import AlreadyExistsError
from server.operations.values import (
    checked_emails,
    checked_flag,
    checked_phone,
    checked_text,
    required_code,
)
from server.store.tables import mailing_group, salesperson
from server.store.unit_of_work import UnitOfWork

CODE_LENGTH = 20


class SalespersonValues(TypedDict, total=False):
    """The values of a salesperson; ``code`` is required, absent and ``None`` mean blank."""

    code: str
    name: str | None
    email: str | None
    phone: str | None
    job_title: str | None
    blocked: bool | None
    privacy_blocked: bool | None


async def create_mailing_group(work: UnitOfWork, code: str, description: str | None = None) -> str:
    """Create a mailing group and return its code.

    Raises: AlreadyExistsError; InvalidInputError; RefusedError(VALUE_REQUIRED) for a blank code.
    """
    key = required_code(code, "code", CODE_LENGTH)
    text = checked_text(description, "description", 100)
    if await work.connection.scalar(select(mailing_group.c.code).where(mailing_group.c.code == key)) is not None:
        raise already_exists("Mailing group", key)
    await work.connection.execute(insert(mailing_group).values(code=key, description=text))
    work.record("mailing_group", code=key)
    return key


async def create_salesperson(work: UnitOfWork, values: SalespersonValues) -> str:
    """Create a salesperson and return the code.

    Raises: AlreadyExistsError; InvalidInputError; RefusedError(VALUE_REQUIRED) for a blank code.
    """
    key = required_code(values.get("code"), "code", CODE_LENGTH)
    row = {
        "code": key,
        "name": checked_text(values.get("name"), "name", 50),
        "email": checked_emails(values.get("email"), "email", 80),
        "phone": checked_phone(values.get("phone"), "phone", 30),
        "job_title": checked_text(values.get("job_title"), "job_title", 30),
        "blocked": checked_flag(values.get("blocked"), "blocked"),
        "privacy_blocked": checked_flag(values.get("privacy_blocked"), "privacy_blocked"),
    }
    if await work.connection.scalar(select(salesperson.c.code).where(salesperson.c.code == key)) is not None:
        raise already_exists("Salesperson", key)
    await work.connection.execute(insert(salesperson).values(row))
    work.record("salesperson", code=key)
    return key


def already_exists(kind: str, key: str, field: str = "code") -> AlreadyExistsError:
    """Return the error that says a code is taken."""
    return AlreadyExistsError(f"{kind} {key} exists already.", path=(field,))

"""Code tables that people keep: what they have in common, and those of a code, what it means, and nothing else."""

from dataclasses import dataclass
from typing import Any, TypedDict

from sqlalchemy import Row, Table, delete, insert, select, update

from server.errors import AlreadyExistsError
from server.operations.references import not_found
from server.operations.setup.code_references import rename_code, require_unused
from server.operations.values import api_name, checked_text, required_code
from server.store.tables import (
    business_relation,
    campaign_status,
    industry_group,
    job_responsibility,
    mailing_group,
    organizational_level,
    salutation,
)
from server.store.unit_of_work import UnitOfWork

CODE_LENGTH = 20
SHORT_CODE_LENGTH = 10
"""Characters of the codes that contacts and campaigns hold as plain values."""


@dataclass(frozen=True, slots=True)
class CodeTable:
    """A table of codes.

    Attributes:
        kind: one of its codes, for messages.
        table: keyed by ``code``.
        length: characters that a code may have.
    """

    kind: str
    table: Table[Any]
    length: int = CODE_LENGTH


MAILING_GROUPS = CodeTable("mailing group", mailing_group)
INDUSTRY_GROUPS = CodeTable("industry group", industry_group)
JOB_RESPONSIBILITIES = CodeTable("job responsibility", job_responsibility)
BUSINESS_RELATIONS = CodeTable("business relation", business_relation)
ORGANIZATIONAL_LEVELS = CodeTable("organizational level", organizational_level, SHORT_CODE_LENGTH)
SALUTATIONS = CodeTable("salutation", salutation, SHORT_CODE_LENGTH)
CAMPAIGN_STATUSES = CodeTable("campaign status", campaign_status, SHORT_CODE_LENGTH)


class CodeChanges(TypedDict, total=False):
    """What is to change of a code; absent: nothing, None and ``''``: blank."""

    new_code: str | None
    description: str | None


async def create_code(work: UnitOfWork, codes: CodeTable, code: str, description: str | None = None) -> str:
    """Create a code and return it as it is stored.

    Raises: AlreadyExistsError; InvalidInputError; RefusedError(VALUE_REQUIRED) for a blank code.
    """
    key = required_code(code, "code", codes.length)
    text = checked_text(description, "description", 100)
    await require_free(work, codes, key)
    await work.connection.execute(insert(codes.table).values(code=key, description=text))
    work.record(codes.table.name, code=key)
    return key


async def update_code(work: UnitOfWork, codes: CodeTable, code: str, changes: CodeChanges) -> str:
    """Rename a code, or say anew what it means, and return the code; when nothing differs, nothing is written.

    Everything that refers to the code follows, except rules, which are texts.

    Raises: NotFoundError; AlreadyExistsError; InvalidInputError; RefusedError(VALUE_REQUIRED) for a blank new code.
    """
    row = await locked_code(work, codes, code)
    key: str = row.code
    if "description" in changes:
        text = checked_text(changes["description"], "description", 100)
        if text != row.description:
            await work.connection.execute(update(codes.table).where(codes.table.c.code == key).values(description=text))
            work.record(codes.table.name, code=key, fields=("description",))
    if "new_code" in changes:
        return await renamed(work, codes, key, changes["new_code"])
    return key


async def delete_code(work: UnitOfWork, codes: CodeTable, code: str) -> str:
    """Delete a code that nothing refers to, and return it.

    Raises: NotFoundError; RefusedError(IN_USE).
    """
    row = await locked_code(work, codes, code)
    await require_unused(work, codes.table.c.code, row.code, codes.kind)
    await work.connection.execute(delete(codes.table).where(codes.table.c.code == row.code))
    work.record(codes.table.name, code=row.code)
    return str(row.code)


async def locked_code(work: UnitOfWork, codes: CodeTable, code: str | None, field: str = "code") -> Row[Any]:
    """Return the row of a code as typed, locked until the end of the unit of work.

    Raises: NotFoundError; RefusedError(VALUE_REQUIRED) for a blank code.
    """
    key = required_code(code, field, codes.length)
    statement = select(codes.table).where(codes.table.c.code == key).with_for_update()
    row = (await work.connection.execute(statement)).one_or_none()
    if row is None:
        raise not_found(codes.kind, key, field)
    return row


async def renamed(work: UnitOfWork, codes: CodeTable, old: str, new: str | None) -> str:
    """Return the code that a locked row has after it got the code ``new``, as typed.

    Raises: AlreadyExistsError; InvalidInputError; RefusedError(VALUE_REQUIRED) for a blank new code.
    """
    key = required_code(new, "new_code", codes.length)
    if key != old:
        await require_free(work, codes, key, "new_code")
        await rename_code(work, codes.table.c.code, old, key)
    return key


async def require_free(work: UnitOfWork, codes: CodeTable, key: str, field: str = "code") -> None:
    """Raise AlreadyExistsError when there is such a code."""
    code = codes.table.c.code
    if await work.connection.scalar(select(code).where(code == key)) is not None:
        raise already_exists(f"{codes.kind[0].upper()}{codes.kind[1:]}", key, api_name(field))


def already_exists(kind: str, key: str, field: str = "code") -> AlreadyExistsError:
    """Return the error that says a code is taken."""
    return AlreadyExistsError(f"{kind} {key} exists already.", path=(field,))

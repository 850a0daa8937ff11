"""The code lists of a contact: mailing groups, job responsibilities, industry groups and business relations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, delete, insert, select

from server.errors import ErrorCode, InvalidInputError, NotFoundError, RefusedError
from server.operations.contacts.business_relations import reserved_relations
from server.operations.contacts.contact_values import ContactValues
from server.operations.values import api_name, required_code
from server.store.contact_tables import CodeColumns, ContactCodeColumns
from server.store.tables import (
    business_relation,
    contact_business_relation,
    contact_industry_group,
    contact_job_responsibility,
    contact_mailing_group,
    industry_group,
    job_responsibility,
    mailing_group,
)
from server.store.unit_of_work import UnitOfWork

_CODES_MAX = 1_000
"""Codes in one list of an input."""


@dataclass(frozen=True, slots=True)
class CodeList:
    """A code list of contacts.

    Attributes:
        name: its symbol; the input fields are ``add_NAME`` and ``remove_NAME``.
        kind: one of its codes, for messages.
        codes: what codes there are.
        rows: which contact has which code.
        type: the only type of contact that may have such codes; None: any.
    """

    name: str
    kind: str
    codes: Table[CodeColumns]
    rows: Table[ContactCodeColumns]
    type: str | None = None


CODE_LISTS = (
    CodeList("mailing_groups", "mailing group", mailing_group, contact_mailing_group),
    CodeList(
        "job_responsibilities", "job responsibility", job_responsibility, contact_job_responsibility, type="PERSON"
    ),
    CodeList("industry_groups", "industry group", industry_group, contact_industry_group, type="COMPANY"),
    CodeList("business_relations", "business relation", business_relation, contact_business_relation, type="COMPANY"),
)


async def edit_codes(work: UnitOfWork, contact_id: int, contact_type: str, values: ContactValues) -> set[str]:
    """Add and remove codes; return the names of the lists that changed.

    A code that the contact has already is not added again; one it does not have is not removed.

    Raises: NotFoundError for an unknown code; RefusedError WRONG_CONTACT_TYPE for a list of the other type,
    RELATION_RESERVED for a business relation that only a link gives; InvalidInputError for a code in both lists.
    """
    changed: set[str] = set()
    for code_list in CODE_LISTS:
        added = _codes(values, f"add_{code_list.name}")
        removed = _codes(values, f"remove_{code_list.name}")
        if not added and not removed:
            continue
        if both := added.keys() & removed.keys():
            field = api_name(f"remove_{code_list.name}")
            msg = f"A {code_list.kind} cannot be added and removed at once."
            raise InvalidInputError(msg, path=(field, removed[min(both)]))
        if added and code_list.type not in {None, contact_type}:
            raise _wrong_type(code_list, f"add_{code_list.name}")
        await _require_known(work, code_list, f"add_{code_list.name}", added)
        await _require_known(work, code_list, f"remove_{code_list.name}", removed)
        if await _edit_list(work, contact_id, code_list, added, removed):
            changed.add(code_list.name)
    return changed


async def require_lists_of_type(work: UnitOfWork, contact_id: int, contact_type: str) -> None:
    """Raise RefusedError(CONTACT_HAS_CODES) when the contact has codes that only the other type may have."""
    for code_list in CODE_LISTS:
        if code_list.type in {None, contact_type}:
            continue
        rows = code_list.rows
        statement = select(rows.c.code).where(rows.c.contact_id == contact_id).order_by(rows.c.code).limit(1)
        code = await work.connection.scalar(statement)
        if code is not None:
            field = api_name(f"remove_{code_list.name}")
            msg = f"The type cannot change while the contact has the {code_list.kind} {code}; send it in {field}."
            raise RefusedError(ErrorCode.CONTACT_HAS_CODES, msg, path=("type",))


def _codes(values: Mapping[str, Any], field: str) -> dict[str, int]:
    """Return the codes of an input list with the position of each."""
    given: Sequence[str] = values.get(field) or ()
    if len(given) > _CODES_MAX:
        msg = f"{api_name(field)} has {len(given)} codes; at most {_CODES_MAX} are allowed."
        raise InvalidInputError(msg, path=(api_name(field),))
    return {required_code(code, field, 20): position for position, code in enumerate(given)}


async def _require_known(work: UnitOfWork, code_list: CodeList, field: str, codes: Mapping[str, int]) -> None:
    """Raise NotFoundError for the first code that does not exist; the others stay until the unit of work ends."""
    if not codes:
        return
    column = code_list.codes.c.code
    found = select(column).where(column.in_(codes)).order_by(column).with_for_update(read=True, key_share=True)
    known = set(await work.connection.scalars(found))
    for code, position in codes.items():
        if code not in known:
            msg = f"There is no {code_list.kind} {code}."
            raise NotFoundError(msg, path=(api_name(field), position))


async def _edit_list(
    work: UnitOfWork, contact_id: int, code_list: CodeList, added: Mapping[str, int], removed: Mapping[str, int]
) -> bool:
    """Write the difference; return whether there was one."""
    rows = code_list.rows
    present = set(await work.connection.scalars(select(rows.c.code).where(rows.c.contact_id == contact_id)))
    lost = present.intersection(removed)
    if lost:
        await work.connection.execute(delete(rows).where(rows.c.contact_id == contact_id, rows.c.code.in_(lost)))
    if gained := sorted(added.keys() - present):
        if code_list.rows is contact_business_relation:
            await _require_unreserved(work, gained, added)
        await work.connection.execute(insert(rows), [{"contact_id": contact_id, "code": code} for code in gained])
    return bool(lost or gained)


async def _require_unreserved(work: UnitOfWork, gained: Sequence[str], places: Mapping[str, int]) -> None:
    """Raise RefusedError(RELATION_RESERVED) when one of the codes is kept for links."""
    reserved = await reserved_relations(work)
    for code in gained:
        if code in reserved:
            msg = f"The business relation {code} is kept for links; use linkContact."
            path = (api_name("add_business_relations"), places[code])
            raise RefusedError(ErrorCode.RELATION_RESERVED, msg, path=path)


def _wrong_type(code_list: CodeList, field: str) -> RefusedError:
    of = "persons" if code_list.type == "PERSON" else "companies"
    msg = f"Only {of} have a {code_list.kind}."
    return RefusedError(ErrorCode.WRONG_CONTACT_TYPE, msg, path=(api_name(field),))

"""Links of companies to the customer, vendor, bank account or employee elsewhere that they are."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, update

from server.errors import ErrorCode, NotFoundError, RefusedError
from server.operations.references import contact_by_no
from server.operations.setup.marketing_setup import read_setup
from server.operations.values import api_name, checked_choice, missing, required_code
from server.operations.versions import require_version
from server.store.tables import contact, contact_business_relation
from server.store.unit_of_work import UnitOfWork

LINKS: Mapping[str, str] = {
    "CUSTOMER": "customer_relation",
    "VENDOR": "vendor_relation",
    "BANK_ACCOUNT": "bank_account_relation",
    "EMPLOYEE": "employee_relation",
}
"""What a company may be linked to → the field of the marketing setup with its business relation."""

_LINK_NO_LENGTH = 20
_row = contact_business_relation.c


async def reserved_relations(work: UnitOfWork) -> frozenset[str]:
    """Return the business relations that the setup keeps for links."""
    setup = await read_setup(work)
    return frozenset(code for field in LINKS.values() if (code := getattr(setup, field)) is not None)


async def link_contact(
    work: UnitOfWork, no: str, link: str | None, link_no: str | None, *, expected_version: int | None = None
) -> int:
    """Say that a company is the customer, vendor, bank account or employee of a number; return the contact's key.

    The company gets the business relation that the setup names; one of the same code that is not linked is replaced.

    Args:
        work: where.
        no: the contact's number.
        link: one of ``LINKS``.
        link_no: the number over there, at most 20 characters.
        expected_version: of the contact.

    Raises: NotFoundError; ConflictError; InvalidInputError; RefusedError VALUE_REQUIRED, WRONG_CONTACT_TYPE,
    PRIVACY_BLOCKED, SETUP_INCOMPLETE, RELATION_LINKED.
    """
    current = await contact_by_no(work, no)
    require_version(current.version, expected_version)
    kind = _checked_link(link)
    number = required_code(link_no, "link_no", _LINK_NO_LENGTH)
    _require_linkable(current)
    code = getattr(await read_setup(work), LINKS[kind])
    if code is None:
        msg = f"The marketing setup names no business relation for {kind}; set {api_name(LINKS[kind])} first."
        raise RefusedError(ErrorCode.SETUP_INCOMPLETE, msg, path=("link",))
    await _require_unlinked(work, current, kind, number, code)
    this = (_row.contact_id == current.id) & (_row.code == code)
    await work.connection.execute(delete(contact_business_relation).where(this))
    values = {"contact_id": current.id, "code": code, "link": kind, "link_no": number}
    await work.connection.execute(insert(contact_business_relation).values(values))
    await _stamp(work, current)
    return int(current.id)


async def unlink_contact(work: UnitOfWork, no: str, link: str | None, *, expected_version: int | None = None) -> int:
    """Remove a link of a company together with its business relation; return the contact's key.

    Raises: NotFoundError also when there is no such link; ConflictError; InvalidInputError;
    RefusedError(VALUE_REQUIRED).
    """
    current = await contact_by_no(work, no)
    require_version(current.version, expected_version)
    kind = _checked_link(link)
    this = (_row.contact_id == current.id) & (_row.link == kind)
    removed = await work.connection.scalar(delete(contact_business_relation).where(this).returning(_row.code))
    if removed is None:
        msg = f"Contact {current.no} has no link of the kind {kind}."
        raise NotFoundError(msg, path=("link",))
    await _stamp(work, current)
    return int(current.id)


def _checked_link(link: str | None) -> str:
    kind = checked_choice(link, "link", LINKS)
    if kind is None:
        raise missing("link")
    return kind


def _require_linkable(current: Row[Any]) -> None:
    """Refuse persons, and contacts whose data must not be used."""
    if current.type != "COMPANY":
        msg = f"Contact {current.no} is a person; only companies have business relations."
        raise RefusedError(ErrorCode.WRONG_CONTACT_TYPE, msg, path=("no",))
    if current.privacy_blocked:
        msg = f"Contact {current.no} is blocked for privacy and cannot be linked."
        raise RefusedError(ErrorCode.PRIVACY_BLOCKED, msg, path=("no",))


async def _require_unlinked(work: UnitOfWork, current: Row[Any], kind: str, number: str, code: str) -> None:
    """Refuse a second link of the kind, a number that another company has, and a code that links to another kind."""
    own = _row.contact_id == current.id
    if (other := await _linked_no(work, own & (_row.link == kind))) is not None:
        msg = f"Contact {current.no} is linked to {kind} {other} already; unlink it first."
        raise RefusedError(ErrorCode.RELATION_LINKED, msg, path=("link",))
    if (owner := await _owner(work, kind, number)) is not None:
        msg = f"{kind} {number} is linked to contact {owner} already."
        raise RefusedError(ErrorCode.RELATION_LINKED, msg, path=("linkNo",))
    if (other := await _linked_no(work, own & (_row.code == code) & _row.link.is_not(None))) is not None:
        msg = f"The business relation {code} of contact {current.no} is linked to {other} already; unlink it first."
        raise RefusedError(ErrorCode.RELATION_LINKED, msg, path=("link",))


async def _linked_no(work: UnitOfWork, condition: ColumnElement[bool]) -> str | None:
    found: str | None = await work.connection.scalar(select(_row.link_no).where(condition))
    return found


async def _owner(work: UnitOfWork, kind: str, number: str) -> str | None:
    statement = (
        select(contact.c.no)
        .join(contact_business_relation, _row.contact_id == contact.c.id)
        .where(_row.link == kind, _row.link_no == number)
    )
    return await work.connection.scalar(statement)


async def _stamp(work: UnitOfWork, current: Row[Any]) -> None:
    """Note that the company changed; its persons show its relations, but keep none of their own."""
    stamp = {"modified_at": work.moment.now, "version": current.version + 1}
    await work.connection.execute(update(contact).where(contact.c.id == current.id).values(stamp))
    work.record("contact", current.id, fields=["business_relations", "modified_at"])

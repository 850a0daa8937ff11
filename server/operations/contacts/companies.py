"""What binds persons to their company: values pushed to them, and the history that stays behind."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, literal, or_, update

from server.operations.contacts.contact_rules import ADDRESS_BLOCK, ADDRESS_TEST, ContactRow, changed_fields
from server.operations.contacts.contact_setup import ContactSetup
from server.store.folding import folded_columns
from server.store.tables import contact, interaction_log_entry
from server.store.unit_of_work import UnitOfWork

_RECORDED_ONE_BY_ONE = 100
"""Contacts of one statement that get a change row each; more share one row with a range of ids."""


async def push_to_persons(
    work: UnitOfWork, company: ContactRow, changes: Mapping[str, Any], setup: ContactSetup
) -> None:
    """Let the persons of a company follow its changes, in one statement.

    The name always; every other field that the setup lets persons inherit only where the person's value was the
    company's old one, the address only where the whole block was, so that what a person has of its own survives.

    Args:
        work: where.
        company: the company's row before the change.
        changes: the company's columns that changed, with their new values.
        setup: what persons inherit.
    """
    assignments: dict[str, ColumnElement[Any]] = {}
    conditions: list[ColumnElement[bool]] = []
    if "name" in changes:
        assignments["company_name"] = literal(changes["name"], contact.c.company_name.type)
        conditions.append(contact.c.company_name != changes["name"])
    for field in (*setup.inherited_always, *setup.inherited_one_by_one):
        if field in changes:
            same = _has_old_values(company, (field,))
            following = {field: changes[field]}
            following |= folded_columns(following)
            assignments |= {column: _where(same, column, value) for column, value in following.items()}
            conditions.append(same)
    changed_address = [field for field in ADDRESS_BLOCK if field in changes and setup.inherits_address]
    if changed_address:
        same = _has_old_values(company, ADDRESS_TEST)
        assignments.update({field: _where(same, field, changes[field]) for field in changed_address})
        conditions.append(same)
    if not conditions:
        return
    statement = (
        update(contact)
        .where(contact.c.company_id == company["id"], contact.c.type == "PERSON", or_(*conditions))
        .values(assignments | {"modified_at": work.moment.now, "version": contact.c.version + 1})
        .returning(contact.c.id)
    )
    ids = (await work.connection.scalars(statement)).all()
    record_contacts(work, ids, fields=[*sorted(changed_fields(assignments)), "modified_at"], cause="company")


def _has_old_values(company: ContactRow, fields: Iterable[str]) -> ColumnElement[bool]:
    return and_(*(contact.c[field] == company[field] for field in fields))


def _where(condition: ColumnElement[bool], field: str, value: Any) -> ColumnElement[Any]:
    """Return the new value where the condition holds, else the person's own."""
    column = contact.c[field]
    return case((condition, literal(value, column.type)), else_=column)


def record_contacts(
    work: UnitOfWork,
    ids: Sequence[int],
    *,
    fields: Sequence[str] | None = None,
    old_company_id: int | None = None,
    cause: str = "",
) -> None:
    """Note a change of many contacts: one row each while they are few, one row with their range when they are many."""
    if len(ids) > _RECORDED_ONE_BY_ONE:
        span = (min(ids), max(ids))
        work.record("contact", fields=fields, ids=span, row_count=len(ids), old_company_id=old_company_id, cause=cause)
        return
    for contact_id in sorted(ids):
        work.record("contact", contact_id, fields=fields, old_company_id=old_company_id, cause=cause)


async def leave_history(
    work: UnitOfWork, contact_id: int, old_company_id: int | None, new_company_id: int | None
) -> bool:
    """Leave the interactions of a person with the company it left (or give them to its first company).

    The company noted on them stays; where none was noted, the first company is, so that it counts them.

    Returns: whether there were any.
    """
    condition = and_(
        interaction_log_entry.c.contact_id == contact_id,
        interaction_log_entry.c.company_id == old_company_id,
    )
    if old_company_id is None:
        return await give_interactions(work, condition, contact_id=new_company_id, company_id=new_company_id)
    return await give_interactions(work, condition, contact_id=old_company_id)


async def give_interactions(work: UnitOfWork, condition: ColumnElement[bool], **values: int | None) -> bool:
    """Set contact fields of the log entries that meet the condition; return whether there are any."""
    if not await work.record_range(interaction_log_entry, condition, fields=values, cause="contact"):
        return False
    await work.connection.execute(update(interaction_log_entry).where(condition).values(**values))
    return True

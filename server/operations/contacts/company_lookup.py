"""Finds the company that a text means, as a person types it where a company is asked for."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, func, or_, select

from server.errors import ErrorCode, RefusedError
from server.operations.values import api_name, checked_text
from server.store.tables import contact
from server.store.unit_of_work import UnitOfWork

_NAME_LENGTH = 100
_NAMED = 5
"""Numbers of companies that a refusal names at most."""
_LAST_CODE_POINT = "\U0010ffff"
_CAPITALS = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
"""What ``lower`` does on both databases: it knows the letters of ASCII only."""


async def find_company(work: UnitOfWork, text: str | None, field: str = "company_name") -> str | None:
    """Return the number of the one company that the text means; None for a blank text.

    It is looked for by number, by name, by the beginning of the name, and at last inside number, name, city, phone and
    post code, without regard to case; the first of these by which there is any company decides.

    Raises: InvalidInputError for a text longer than 100 characters; RefusedError(CONTACT_AMBIGUOUS) when it means
    no company, or several.
    """
    wanted = checked_text(text, field, _NAME_LENGTH).strip()
    if not wanted:
        return None
    for condition in _ways(wanted):
        statement = select(contact.c.no).where(contact.c.type == "COMPANY", condition).order_by(contact.c.no)
        found = (await work.connection.scalars(statement.limit(_NAMED + 1))).all()
        if len(found) == 1:
            return found[0]
        if found:
            named = ", ".join(found[:_NAMED]) + (", …" if len(found) > _NAMED else "")
            msg = f"{api_name(field)} fits more than one company: {named}. Give companyNo instead."
            raise RefusedError(ErrorCode.CONTACT_AMBIGUOUS, msg, path=(api_name(field),))
    msg = f"{api_name(field)} fits no company; create the company first, or give companyNo instead."
    raise RefusedError(ErrorCode.CONTACT_AMBIGUOUS, msg, path=(api_name(field),))


def _ways(wanted: str) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions in their order; all but the last use an index."""
    yield contact.c.no == wanted.upper()
    folded = wanted.casefold()
    name = contact.c.search_name
    yield name == folded
    yield (name >= folded) & (name < folded + _LAST_CODE_POINT)
    lower = wanted.translate(_CAPITALS)
    others = (contact.c.no, contact.c.city, contact.c.phone, contact.c.post_code)
    yield or_(
        name.contains(folded, autoescape=True),
        *(func.lower(column).contains(lower, autoescape=True) for column in others),
    )

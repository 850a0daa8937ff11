"""Which lines of a segment become interactions, and what every one of them must have."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, and_, case, false, func, literal, null, or_, select, true

from server.errors import ErrorCode, RefusedError
from server.operations.interactions.deliveries import sent_as
from server.store.segment_lines import LINE_SOURCE, LINE_VALUES, visible_at
from server.store.tables import contact, contact_address, interaction_template, salesperson, segment_line
from server.store.unit_of_work import UnitOfWork

_NO_ADDRESS = and_(contact.c.email == "", func.coalesce(contact_address.c.email, "") == "")
_BY_EMAIL = LINE_VALUES["correspondence_type"] == "EMAIL"

LOGGED_TYPE = case((and_(_BY_EMAIL, _NO_ADDRESS), null()), else_=LINE_VALUES["correspondence_type"])
"""How a line's interaction is sent: blank instead of EMAIL where neither address of the contact is one for e-mail."""

_SENT_AS = sent_as(LINE_VALUES["correspondence_type"])
"""How a line's interaction is sent: the line's own way, else the template's; over ``line_source(deliver=True)``."""
IS_DELIVERED = _SENT_AS.is_not(None)

_SALESPERSON, _TEMPLATE, _EMAIL, _ATTACHMENT = "salesperson", "template", "email", "attachment"
_LACKS = {
    _SALESPERSON: (ErrorCode.LINE_INCOMPLETE, "no salesperson, or one that does not exist"),
    _TEMPLATE: (ErrorCode.LINE_INCOMPLETE, "no interaction template"),
    _EMAIL: (
        ErrorCode.EMAIL_REQUIRED,
        "an e-mail to send, but neither the contact nor its alternative address has an e-mail address",
    ),
    _ATTACHMENT: (ErrorCode.ATTACHMENT_REQUIRED, "nothing to send: it needs an attachment"),
}


def line_source(*, deliver: bool) -> FromClause:
    """Return the lines with what their interactions are made of; with ``deliver`` also their templates."""
    source = LINE_SOURCE.join(contact, contact.c.id == segment_line.c.contact_id).outerjoin(
        contact_address,
        and_(
            contact_address.c.contact_id == segment_line.c.contact_id,
            contact_address.c.code == segment_line.c.alternative_address,
        ),
    )
    if not deliver:
        return source
    return source.outerjoin(interaction_template, interaction_template.c.code == LINE_VALUES["template"])


def to_be_logged(held: Row[Any], *, skip_privacy_blocked: bool) -> ColumnElement[bool]:
    """Return the condition on ``line_source`` of the lines that become interactions."""
    allowed = contact.c.privacy_blocked == false() if skip_privacy_blocked else true()
    return and_(segment_line.c.segment_id == held.id, visible_at(held.revision), allowed)


async def require_complete(work: UnitOfWork, which: ColumnElement[bool], *, deliver: bool) -> None:
    """Refuse for the first of the lines that lacks something, naming what it lacks first and how many such lines.

    Looked at in this order: salesperson, interaction template and, with ``deliver``, e-mail address and attachment.

    Raises: RefusedError LINE_INCOMPLETE, EMAIL_REQUIRED, ATTACHMENT_REQUIRED.
    """
    lack = _first_lack(deliver=deliver)
    found = await work.connection.execute(
        select(segment_line.c.line_no, contact.c.no, lack.label("lack"), func.count().over().label("lines"))
        .select_from(line_source(deliver=deliver))
        .where(which, lack.is_not(None))
        .order_by(segment_line.c.line_no)
        .limit(1)
    )
    first = found.one_or_none()
    if first is not None:
        code, what = _LACKS[first.lack]
        msg = (
            f"Line {first.line_no} (contact {first.no}) has {what}; "
            f"lines that cannot be logged: {first.lines}. Nothing was logged."
        )
        raise RefusedError(code, msg, path=("segmentNo",))


def _first_lack(*, deliver: bool) -> ColumnElement[Any]:
    """Return what a line lacks, of several the first; null when it can be logged."""
    own = LINE_VALUES["salesperson"]
    checks = [
        (or_(own.is_(None), own.not_in(select(salesperson.c.code))), literal(_SALESPERSON)),
        (LINE_VALUES["template"].is_(None), literal(_TEMPLATE)),
    ]
    if deliver:
        checks += [
            (and_(_SENT_AS == "EMAIL", _NO_ADDRESS), literal(_EMAIL)),
            (and_(IS_DELIVERED, LINE_VALUES["attachment_id"].is_(None)), literal(_ATTACHMENT)),
        ]
    return case(*checks, else_=null())

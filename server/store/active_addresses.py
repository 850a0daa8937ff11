"""Which alternative address of a contact is the one to use on a day."""

from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, or_, select

from server.store.tables import contact_address_period


def active_address(contact_id: ColumnElement[int], on: ColumnElement[date] | date) -> ScalarSelect[str]:
    """Return the code of the alternative address to use, as a value of SQL; null when it is the contact's own.

    It is that of the period which began last among those that hold on the day; periods may overlap.

    Args:
        contact_id: the contact's key, a column of the statement around it.
        on: the day, too.
    """
    period = contact_address_period.alias("active_period")
    return (
        select(period.c.code)
        .where(
            period.c.contact_id == contact_id,
            period.c.starting_on <= on,
            or_(period.c.ending_on.is_(None), period.c.ending_on >= on),
        )
        .order_by(period.c.starting_on.desc())
        .limit(1)
        .correlate_except(period)
        .scalar_subquery()
    )

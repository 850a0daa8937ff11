"""The queue of a mailer as people and the mailer see it."""

from sqlalchemy import and_, case, func, null, true

from server.reading.relations import Filter, OrderKey, Relation
from server.store.tables import contact, contact_address, delivery, interaction_log_entry

_queued = delivery.c
_email = func.coalesce(func.nullif(contact_address.c.email, ""), func.nullif(contact.c.email, ""))

DELIVERIES = Relation(
    name="delivery",
    source=delivery.join(interaction_log_entry, interaction_log_entry.c.entry_no == _queued.entry_no)
    .outerjoin(contact, contact.c.id == _queued.contact_id)
    .outerjoin(
        contact_address,
        and_(
            contact_address.c.contact_id == _queued.contact_id,
            contact_address.c.code == interaction_log_entry.c.alternative_address,
        ),
    ),
    key=OrderKey("key", _queued.entry_no, int, unique=True),
    columns={
        **{column.name: column for column in _queued if column.name != "contact_id"},
        "contact_key": _queued.contact_id,
        "attachment_key": interaction_log_entry.c.attachment_id,
        "email": case((_queued.correspondence_type == "EMAIL", _email), else_=null()),
    },
)


def delivery_filter(*, failed: bool | None, correspondence_type: str | None, logged_segment_no: int | None) -> Filter:
    """Return the filter of a list of deliveries; None: no restriction."""
    conditions = []
    if failed is not None:
        conditions.append((_queued.error != "") if failed else (_queued.error == ""))
    if correspondence_type is not None:
        conditions.append(_queued.correspondence_type == correspondence_type)
    if logged_segment_no is not None:
        conditions.append(interaction_log_entry.c.logged_segment_no == logged_segment_no)
    return Filter(and_(true(), *conditions), (failed, correspondence_type, logged_segment_no))

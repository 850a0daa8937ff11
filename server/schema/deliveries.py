"""What a mailer still has to send."""

from datetime import datetime
from typing import Annotated, ClassVar

import strawberry

from server.reading.deliveries import DELIVERIES, delivery_filter
from server.reading.pages import Listing
from server.reading.relations import Order, Relation
from server.schema.attachments import Attachment
from server.schema.context import Info
from server.schema.enums import CorrespondenceType
from server.schema.objects import Contact, Interaction
from server.schema.pagination import Connection, paged
from server.schema.records import Record
from server.schema.referring import reference


@strawberry.type(description="Something that a mailer still has to send. It is taken from the list once it was sent.")
class Delivery(Record):
    """A delivery."""

    relation: ClassVar[Relation] = DELIVERIES

    entry_no: int = strawberry.field(description="Entry number of its interaction.")
    correspondence_type: CorrespondenceType = strawberry.field(description="How it is to be sent.")
    queued_at: datetime = strawberry.field(description="Since when it has been waiting.")
    claimed_until: datetime | None = strawberry.field(
        description="Until when nobody else can claim it; null: free. A time that is over means free, too."
    )
    claimed_by: str = strawberry.field(
        description="The mailer that claimed it last, at most 50 characters; blank: nobody."
    )
    attempts: int = strawberry.field(description="How often it was claimed since it was queued.")
    error: str = strawberry.field(
        description="Why it failed for good, at most 250 characters; blank while it is to be sent."
    )
    email: str | None = strawberry.field(
        description=(
            "Where to send it by e-mail, several addresses separated by semicolons: that of the alternative address "
            "noted on the interaction, else the contact's; null when neither has one, and for HARD_COPY."
        )
    )
    interaction: Interaction = reference(lambda: Interaction, "entry_no", "What is sent.")
    contact: Contact | None = reference(
        lambda: Contact,
        "contact_key",
        "To whom; null once the contact is deleted. An interaction that was left to another contact is not sent to it.",
    )
    attachment: Attachment | None = reference(
        lambda: Attachment, "attachment_key", "The document to send; null once it was removed."
    )


@strawberry.type
class DeliveryQueries:
    """Looking into the queue."""

    @paged("What mailers still have to send, by entry number; what failed for good included.")
    async def deliveries(
        self,
        info: Info,  # noqa: ARG002
        failed: Annotated[
            bool | None,
            strawberry.argument(
                description="true: only what failed for good; false: only what is to be sent; default: both."
            ),
        ] = None,
        correspondence_type: Annotated[
            CorrespondenceType | None, strawberry.argument(description="Only what is sent this way; default: both.")
        ] = None,
        logged_segment_entry_no: Annotated[
            int | None, strawberry.argument(description="Only what this logged segment sends; default: everything.")
        ] = None,
    ) -> Connection[Delivery]:
        """Return the deliveries."""
        kind = None if correspondence_type is None else correspondence_type.value
        chosen = delivery_filter(failed=failed, correspondence_type=kind, logged_segment_no=logged_segment_entry_no)
        return Connection.of(Delivery, Listing(DELIVERIES, Order(DELIVERIES.key), chosen))

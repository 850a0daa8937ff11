"""Payloads by the object they show after the change; a mutation's payload inherits one and gives it the key."""

import strawberry

from server.schema.codes import Attribute, MailingGroup
from server.schema.context import Info
from server.schema.fields import computed
from server.schema.objects import (
    Campaign,
    Contact,
    Interaction,
    InteractionTemplate,
    LoggedSegment,
    SavedCriteria,
    Segment,
    SegmentLine,
    load_line,
)
from server.schema.payloads import Payload
from server.schema.records import load
from server.schema.salespeople import Salesperson

_AFTER = "after the change; null when the mutation was refused."


@strawberry.type
class ContactPayload(Payload):
    """Shows a contact."""

    contact_key: strawberry.Private[int | None] = None

    @computed(f"The contact {_AFTER}")
    async def contact(self, info: Info) -> Contact | None:
        """Return the contact."""
        return await load(info, Contact, self.contact_key)


@strawberry.type
class SegmentPayload(Payload):
    """Shows a segment."""

    segment_key: strawberry.Private[int | None] = None

    @computed(f"The segment {_AFTER}")
    async def segment(self, info: Info) -> Segment | None:
        """Return the segment."""
        return await load(info, Segment, self.segment_key)


@strawberry.type
class SegmentLinePayload(SegmentPayload):
    """Shows a line of a segment."""

    line_no: strawberry.Private[int | None] = None

    @computed(f"The line {_AFTER}")
    async def line(self, info: Info) -> SegmentLine | None:
        """Return the line."""
        if self.segment_key is None or self.line_no is None:
            return None
        return await load_line(info, self.segment_key, self.line_no)


@strawberry.type
class LoggedSegmentPayload(Payload):
    """Shows a logged segment."""

    logged_segment_key: strawberry.Private[int | None] = None

    @computed(f"The logged segment {_AFTER}")
    async def logged_segment(self, info: Info) -> LoggedSegment | None:
        """Return the logged segment."""
        return await load(info, LoggedSegment, self.logged_segment_key)


@strawberry.type
class SavedCriteriaPayload(Payload):
    """Shows a saved criteria."""

    saved_criteria_key: strawberry.Private[str | None] = None

    @computed(f"The saved criteria {_AFTER}")
    async def saved_criteria(self, info: Info) -> SavedCriteria | None:
        """Return the saved criteria."""
        return await load(info, SavedCriteria, self.saved_criteria_key)


@strawberry.type
class InteractionPayload(Payload):
    """Shows an interaction."""

    interaction_key: strawberry.Private[int | None] = None

    @computed(f"The interaction {_AFTER}")
    async def interaction(self, info: Info) -> Interaction | None:
        """Return the interaction."""
        return await load(info, Interaction, self.interaction_key)


@strawberry.type
class InteractionTemplatePayload(Payload):
    """Shows an interaction template."""

    interaction_template_key: strawberry.Private[str | None] = None

    @computed(f"The interaction template {_AFTER}")
    async def interaction_template(self, info: Info) -> InteractionTemplate | None:
        """Return the interaction template."""
        return await load(info, InteractionTemplate, self.interaction_template_key)


@strawberry.type
class CampaignPayload(Payload):
    """Shows a campaign."""

    campaign_key: strawberry.Private[int | None] = None

    @computed(f"The campaign {_AFTER}")
    async def campaign(self, info: Info) -> Campaign | None:
        """Return the campaign."""
        return await load(info, Campaign, self.campaign_key)


@strawberry.type
class SalespersonPayload(Payload):
    """Shows a salesperson."""

    salesperson_key: strawberry.Private[str | None] = None

    @computed(f"The salesperson {_AFTER}")
    async def salesperson(self, info: Info) -> Salesperson | None:
        """Return the salesperson."""
        return await load(info, Salesperson, self.salesperson_key)


@strawberry.type
class MailingGroupPayload(Payload):
    """Shows a mailing group."""

    mailing_group_key: strawberry.Private[str | None] = None

    @computed(f"The mailing group {_AFTER}")
    async def mailing_group(self, info: Info) -> MailingGroup | None:
        """Return the mailing group."""
        return await load(info, MailingGroup, self.mailing_group_key)


@strawberry.type
class AttributePayload(Payload):
    """Shows a custom attribute."""

    attribute_key: strawberry.Private[int | None] = None

    @computed(f"The custom attribute {_AFTER}")
    async def attribute(self, info: Info) -> Attribute | None:
        """Return the attribute."""
        return await load(info, Attribute, self.attribute_key)

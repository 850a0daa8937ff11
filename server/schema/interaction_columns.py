"""The plain values of interactions, their templates and logged segments; references stand in ``objects``."""

from datetime import date, datetime
from decimal import Decimal

import strawberry

from server.schema.enums import CorrespondenceType, DeliveryStatus, Evaluation, InformationFlow, InitiatedBy


@strawberry.type
class InteractionColumns:
    """The values of an interaction."""

    entry_no: int = strawberry.field(description="Entry number; rises with time.")
    on: date = strawberry.field(description="Day of the interaction.")
    at: datetime = strawberry.field(description="Instant at which it took place or was logged.")
    title: str = strawberry.field(
        description=(
            "The template's description, else its own; with ' - by ' and the salesperson, else the user, when it went "
            "out, with ' - from ' and the contact when it came in."
        )
    )
    description: str = strawberry.field(description="What it was, at most 100 characters; may be blank.")
    subject: str = strawberry.field(description="Subject of what was sent, at most 100 characters; may be blank.")
    campaign_target: bool = strawberry.field(description="Whether it counts as reaching the campaign's target.")
    campaign_response: bool = strawberry.field(description="Whether it is a response to the campaign.")
    segment_no: str | None = strawberry.field(
        description="Number of the segment it was logged from; the segment itself is gone. Null for single ones."
    )
    evaluation: Evaluation | None = strawberry.field(description="How it went; null: not evaluated.")
    attempt_failed: bool = strawberry.field(description="Whether the contact was not reached.")
    canceled: bool = strawberry.field(description="Whether it was canceled later.")
    postponed: bool = strawberry.field(description="Whether it is still to be finished.")
    cost: Decimal = strawberry.field(description="Cost.")
    duration: Decimal = strawberry.field(description="Minutes that it took.")
    information_flow: InformationFlow | None = strawberry.field(description="Which way the information went.")
    initiated_by: InitiatedBy | None = strawberry.field(description="Who began.")
    correspondence_type: CorrespondenceType | None = strawberry.field(description="How it was sent; null: not sent.")
    delivery_status: DeliveryStatus | None = strawberry.field(
        description="Whether it is still being sent; null: sent, or never to be sent."
    )
    alternative_address: str | None = strawberry.field(
        description="Code of the contact's alternative address that was the one to use, at most 10 characters."
    )
    contact_via: str = strawberry.field(
        description="Phone number or address used, at most 80 characters; may be blank."
    )
    language: str | None = strawberry.field(description="Language code, at most 10 characters.")
    actor: str = strawberry.field(description="Who logged it, at most 50 characters; may be blank.")


@strawberry.type
class InteractionTemplateColumns:
    """The values of an interaction template."""

    code: str = strawberry.field(description="Upper-case code, at most 20 characters; unique.")
    description: str = strawberry.field(description="What the interaction is, at most 100 characters; may be blank.")
    unit_cost: Decimal = strawberry.field(description="Cost of one interaction.")
    unit_duration: Decimal = strawberry.field(description="Minutes that one interaction takes.")
    information_flow: InformationFlow | None = strawberry.field(description="Which way the information goes.")
    initiated_by: InitiatedBy | None = strawberry.field(description="Who begins.")
    campaign_target: bool = strawberry.field(description="Whether it counts as reaching the campaign's target.")
    campaign_response: bool = strawberry.field(description="Whether it is a response to the campaign.")
    correspondence_type: CorrespondenceType | None = strawberry.field(
        description="How it is sent when the contact has no preference."
    )
    ignore_contact_correspondence: bool = strawberry.field(
        description="Whether the contact's preference for correspondence does not count."
    )
    language: str | None = strawberry.field(
        description="Code of the language for contacts whose own the template does not have, at most 10 characters."
    )
    version: int = strawberry.field(description="Rises with every change; send it as expectedVersion.")


@strawberry.type
class LoggedSegmentColumns:
    """The values of a logged segment."""

    entry_no: int = strawberry.field(description="Entry number; rises with time.")
    segment_no: str = strawberry.field(description="Number that the segment had; the segment itself is gone.")
    description: str = strawberry.field(description="Description that the segment had, at most 100 characters.")
    created_on: date = strawberry.field(description="Day of logging.")
    created_at: datetime = strawberry.field(description="Instant of logging.")
    actor: str = strawberry.field(description="Who logged it, at most 50 characters; may be blank.")
    canceled: bool = strawberry.field(description="Whether it was canceled later.")
    interaction_count: int = strawberry.field(
        description="Number of its interactions that are canceled exactly if it is."
    )
    campaign_entry_count: int = strawberry.field(
        description="Number of its campaign entries that are canceled exactly if it is."
    )

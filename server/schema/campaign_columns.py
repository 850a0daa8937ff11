"""The plain values of campaigns and their entries; what they refer to stands in ``objects``."""

from datetime import date, datetime

import strawberry


@strawberry.type
class CampaignColumns:
    """The values of a campaign."""

    no: str = strawberry.field(description="Number, at most 20 characters; unique.")
    description: str = strawberry.field(description="What the campaign is, at most 100 characters; may be blank.")
    starting_on: date | None = strawberry.field(description="First day.")
    ending_on: date | None = strawberry.field(description="Last day; null: open.")
    status: str | None = strawberry.field(description="Code of the campaign status, at most 10 characters.")
    activated: bool = strawberry.field(description="Whether its target group is kept in step; see targets.")
    created_at: datetime = strawberry.field(description="Instant of creation.")
    modified_at: datetime = strawberry.field(description="Instant of the last change.")
    version: int = strawberry.field(description="Rises with every change; send it as expectedVersion.")


@strawberry.type
class CampaignEntryColumns:
    """The values of a campaign entry."""

    entry_no: int = strawberry.field(description="Entry number; rises with time.")
    description: str = strawberry.field(description="What was done, at most 100 characters; may be blank.")
    on: date = strawberry.field(description="Day of the entry.")
    actor: str = strawberry.field(description="Who made it, at most 50 characters; may be blank.")
    segment_no: str = strawberry.field(
        description="Number of the segment that was logged; blank on the entry of all single interactions."
    )
    canceled: bool = strawberry.field(description="Whether it was canceled later.")

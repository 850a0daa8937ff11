"""The marketing setup: what holds for the whole marketing."""

from typing import ClassVar

import strawberry

from server.reading.relations import Relation
from server.reading.setup import MARKETING_SETUP
from server.schema.codes import BusinessRelation
from server.schema.context import Info
from server.schema.enums import CorrespondenceType
from server.schema.fields import computed
from server.schema.nodes import Node
from server.schema.number_series import NumberSeries
from server.schema.objects import InteractionTemplate
from server.schema.records import Record, load
from server.schema.referring import reference
from server.schema.salespeople import Salesperson

SETUP_KEY = 1
"""There is one marketing setup."""


@strawberry.type(description="What holds for the whole marketing; there is exactly one.")
class MarketingSetup(Record, Node):
    """The marketing setup."""

    relation: ClassVar[Relation] = MARKETING_SETUP

    contact_series: NumberSeries | None = reference(
        lambda: NumberSeries, "contact_series_code", "Numbers of new contacts; null: they have to be typed."
    )
    segment_series: NumberSeries | None = reference(
        lambda: NumberSeries, "segment_series_code", "Numbers of new segments; null: they have to be typed."
    )
    campaign_series: NumberSeries | None = reference(
        lambda: NumberSeries, "campaign_series_code", "Numbers of new campaigns; null: they have to be typed."
    )
    customer_relation: BusinessRelation | None = reference(
        lambda: BusinessRelation, "customer_relation_code", "What a contact is that is linked to a customer."
    )
    vendor_relation: BusinessRelation | None = reference(
        lambda: BusinessRelation, "vendor_relation_code", "What a contact is that is linked to a vendor."
    )
    bank_account_relation: BusinessRelation | None = reference(
        lambda: BusinessRelation, "bank_account_relation_code", "What a contact is that is linked to a bank account."
    )
    employee_relation: BusinessRelation | None = reference(
        lambda: BusinessRelation, "employee_relation_code", "What a contact is that is linked to an employee."
    )
    inherit_salesperson: bool = strawberry.field(description="Whether persons take over their company's salesperson.")
    inherit_territory: bool = strawberry.field(description="Whether persons take over their company's territory.")
    inherit_country: bool = strawberry.field(description="Whether persons take over their company's country.")
    inherit_language: bool = strawberry.field(description="Whether persons take over their company's language.")
    inherit_address: bool = strawberry.field(
        description="Whether persons take over their company's address, where they have none or the company's old one."
    )
    inherit_communication: bool = strawberry.field(
        description=(
            "Whether persons take over their company's phone numbers, e-mail address, home page and correspondence "
            "type, each where they have none or the company's old one."
        )
    )
    default_salesperson: Salesperson | None = reference(
        lambda: Salesperson,
        "default_salesperson_code",
        "Who looks after a new contact of a user who is no salesperson; null for nobody.",
    )
    default_territory: str | None = strawberry.field(
        description="Territory code of new contacts, at most 10 characters; null for none."
    )
    default_country: str | None = strawberry.field(
        description="Country code of new contacts, at most 10 characters; null for none."
    )
    default_language: str | None = strawberry.field(
        description="Language code of new contacts, at most 10 characters; null for none."
    )
    default_correspondence_type: CorrespondenceType | None = strawberry.field(
        description="How new contacts are written to; null: no preference."
    )
    default_company_salutation: str | None = strawberry.field(
        description="Salutation code of new companies, at most 10 characters; null for none."
    )
    default_person_salutation: str | None = strawberry.field(
        description="Salutation code of new persons, at most 10 characters; null for none."
    )
    phone_call_template: "InteractionTemplate | None" = reference(
        lambda: InteractionTemplate, "phone_call_template_code", "What a phone call is; needed to log one."
    )
    skip_privacy_blocked: bool = strawberry.field(
        description="Whether contacts blocked for privacy are left out when contacts are added and segments are logged."
    )
    version: int = strawberry.field(description="Rises with every change; send it as expectedVersion.")


@strawberry.type
class MarketingSetupQueries:
    """The setup."""

    @computed("What holds for the whole marketing.")
    async def marketing_setup(self, info: Info) -> MarketingSetup:
        """Return the marketing setup."""
        setup = await load(info, MarketingSetup, SETUP_KEY)
        assert setup is not None  # noqa: S101 - migrations write the row, and nothing deletes it
        return setup

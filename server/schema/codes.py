"""Code lists: objects that are named by a code and refer to nothing else."""

from datetime import datetime
from functools import partial
from typing import Any, ClassVar

import strawberry
from sqlalchemy import Column

from server.reading.codes import (
    ATTRIBUTES,
    BUSINESS_RELATIONS,
    CAMPAIGN_STATUSES,
    INDUSTRY_GROUPS,
    INTERACTION_GROUPS,
    JOB_RESPONSIBILITIES,
    MAILING_GROUPS,
    ORGANIZATIONAL_LEVELS,
    counts_of_each,
)
from server.reading.relations import Relation
from server.schema.context import Info
from server.schema.enums import AttributeType
from server.schema.fields import computed
from server.schema.interaction_figures import InteractionStatistics, statistics_field
from server.schema.nodes import Node
from server.schema.records import Record, response_path
from server.store.tables import (
    campaign,
    contact,
    contact_business_relation,
    contact_industry_group,
    contact_job_responsibility,
    contact_mailing_group,
    interaction_log_entry,
)


@strawberry.type
class Code(Record):
    """What every code list has."""

    code: str = strawberry.field(description="Upper-case code, at most 20 characters; unique.")
    description: str = strawberry.field(description="What the code means, at most 100 characters; may be blank.")


@strawberry.type
class ContactCode(Code, Node):
    """A code that contacts have; ``column`` says which of them."""

    column: ClassVar[Column[Any]]

    @computed("Number of contacts that have the code themselves.")
    async def contact_count(self, info: Info) -> int:
        """Return the number of contacts; those of one level with one statement."""
        read = partial(counts_of_each, column=self.column)
        return await info.context.loader(("contactCount", response_path(info)), read).load(str(self.key))


@strawberry.type(description="A mailing group that contacts can be in.")
class MailingGroup(ContactCode):
    """A mailing group."""

    relation: ClassVar[Relation] = MAILING_GROUPS
    column = contact_mailing_group.c.code


@strawberry.type(description="An industry group of companies.")
class IndustryGroup(ContactCode):
    """An industry group."""

    relation: ClassVar[Relation] = INDUSTRY_GROUPS
    column = contact_industry_group.c.code


@strawberry.type(description="A responsibility that persons have in their company.")
class JobResponsibility(ContactCode):
    """A job responsibility."""

    relation: ClassVar[Relation] = JOB_RESPONSIBILITIES
    column = contact_job_responsibility.c.code


@strawberry.type(description="How a company is related to ours: customer, vendor, press, …")
class BusinessRelation(ContactCode):
    """A business relation."""

    relation: ClassVar[Relation] = BUSINESS_RELATIONS
    column = contact_business_relation.c.code


@strawberry.type(description="How high a person stands in the company.")
class OrganizationalLevel(ContactCode):
    """An organizational level."""

    relation: ClassVar[Relation] = ORGANIZATIONAL_LEVELS
    column = contact.c.organizational_level


@strawberry.type(description="How far a campaign has come.")
class CampaignStatus(Code, Node):
    """A status of campaigns."""

    relation: ClassVar[Relation] = CAMPAIGN_STATUSES

    @computed("Number of campaigns that have the status.")
    async def campaign_count(self, info: Info) -> int:
        """Return the number of campaigns; those of one level with one statement."""
        read = partial(counts_of_each, column=campaign.c.status)
        return await info.context.loader(("campaignCount", response_path(info)), read).load(str(self.key))


@strawberry.type(description="A group of interaction templates.")
class InteractionGroup(Code, Node):
    """An interaction group."""

    relation: ClassVar[Relation] = INTERACTION_GROUPS

    statistics: InteractionStatistics = statistics_field(interaction_log_entry.c.group, "What its interactions were")


@strawberry.type(description="A custom attribute that contacts can have; a rule names it attributes.NAME.")
class Attribute(Record, Node):
    """A custom attribute."""

    relation: ClassVar[Relation] = ATTRIBUTES

    name: str = strawberry.field(description="Name in lower case, at most 30 characters; unique.")
    type: AttributeType = strawberry.field(description="What it holds.")
    description: str = strawberry.field(description="What it means, at most 250 characters; may be blank.")
    default_value: str | None = strawberry.field(
        description="As text, what contacts without a value of their own have; null when they have none."
    )
    created_at: datetime = strawberry.field(description="Instant of creation.")


@strawberry.type(description="What a segment action was told to do beside its rule.")
class SegmentActionOptions:
    """The options of an action; those that do not belong to its kind are false."""

    allow_existing_contacts: bool = strawberry.field(
        description="ADD: contacts that stood on the segment got a second line."
    )
    expand_companies: bool = strawberry.field(
        description="ADD: everyone of the company of a selected contact was added."
    )
    allow_company_with_persons: bool = strawberry.field(
        description="ADD: the company of a selected contact was added, too."
    )
    ignore_exclusion: bool = strawberry.field(description="ADD: contacts excluded from segments were added, too.")
    skip_privacy_blocked: bool = strawberry.field(description="ADD: contacts blocked for privacy were left out.")
    entire_companies: bool = strawberry.field(
        description="REDUCE and REFINE: everyone of a company was treated as whoever of it the rule selects."
    )
    reset_when_empty: bool = strawberry.field(
        description="REDUCE and REFINE: the actions are cleared when no line is left."
    )

    @classmethod
    def of(cls, options: dict[str, Any] | None) -> "SegmentActionOptions":
        """Return the options from their stored form."""
        stored = options or {}
        names = (field.python_name for field in cls.__strawberry_definition__.fields)  # type: ignore[attr-defined]
        return cls(**{name: bool(stored.get(name)) for name in names})

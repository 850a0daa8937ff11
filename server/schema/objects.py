"""Every object of the API with what it refers to.

They stand in one file because they refer to each other; their plain values stand in ``columns``.
"""

from collections.abc import Sequence
from typing import Annotated, ClassVar

import strawberry
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import InvalidInputError
from server.reading.campaigns import (
    CAMPAIGN_ENTRIES,
    CAMPAIGN_TARGETS,
    CAMPAIGNS,
    entries_of_campaign,
    entries_of_logged_segment,
    targets_of,
)
from server.reading.codes import INTERACTION_TEMPLATES, SAVED_CRITERIA, saved_actions_of_each
from server.reading.comments import CAMPAIGN_COMMENTS, CONTACT_COMMENTS, INTERACTION_COMMENTS
from server.reading.contacts import CONTACTS, attributes_of_each, persons_of
from server.reading.interactions import (
    INTERACTIONS,
    LOGGED_SEGMENTS,
    interactions_of_campaign,
    interactions_of_campaign_entry,
    interactions_of_contact,
    interactions_of_logged_segment,
)
from server.reading.pages import Listing
from server.reading.relations import Order, Relation
from server.reading.segments import (
    ACTIONS,
    LINES,
    SEGMENTS,
    actions_of,
    line_counts,
    lines_at,
    lines_of,
    read_lines,
    segments_of_campaign,
    segments_with,
)
from server.schema.attachments import Attachment
from server.schema.campaign_columns import CampaignColumns, CampaignEntryColumns
from server.schema.campaign_figures import CampaignEntryFigures, CampaignFigures
from server.schema.codes import (
    BusinessRelation,
    IndustryGroup,
    InteractionGroup,
    JobResponsibility,
    MailingGroup,
    SegmentActionOptions,
)
from server.schema.comments import Comment, comments_field
from server.schema.contact_addresses import ContactAddresses
from server.schema.contact_columns import ContactAttribute, ContactColumns
from server.schema.contact_figures import ContactFigures
from server.schema.context import Info
from server.schema.fields import computed
from server.schema.interaction_columns import InteractionColumns, InteractionTemplateColumns, LoggedSegmentColumns
from server.schema.nodes import Node, global_id
from server.schema.pagination import Connection, paged
from server.schema.records import Record, response_path, selected_columns
from server.schema.referring import children, code_list, reference
from server.schema.salespeople import Salesperson
from server.schema.salutations import Greeted
from server.schema.segment_columns import (
    SavedAction,
    SavedCriteriaColumns,
    SegmentActionColumns,
    SegmentColumns,
    SegmentLineColumns,
)
from server.schema.segment_counts import Counted
from server.schema.segment_languages import Multilingual
from server.schema.template_languages import TemplateSending
from server.store.tables import (
    business_relation,
    contact_business_relation,
    contact_industry_group,
    contact_job_responsibility,
    contact_mailing_group,
    industry_group,
    job_responsibility,
    mailing_group,
)


@strawberry.type(description="A company or a person.")
class Contact(ContactColumns, ContactAddresses, ContactFigures, Greeted, Record, Node):
    """A contact."""

    relation: ClassVar[Relation] = CONTACTS

    company: "Contact | None" = reference(
        lambda: Contact, "company_key", "The company a person belongs to; a company's own; null for none."
    )
    persons: "Connection[Contact]" = children(
        lambda: Contact, persons_of, "The persons who belong to a company, by number; none for a person.", order="NO"
    )
    salesperson: Salesperson | None = reference(
        lambda: Salesperson, "salesperson_code", "Who looks after the contact; null for nobody."
    )
    mailing_groups: list[MailingGroup] = code_list(
        MailingGroup, contact_mailing_group, mailing_group, "The contact's mailing groups"
    )
    job_responsibilities: list[JobResponsibility] = code_list(
        JobResponsibility, contact_job_responsibility, job_responsibility, "The person's responsibilities"
    )
    industry_groups: list[IndustryGroup] = code_list(
        IndustryGroup,
        contact_industry_group,
        industry_group,
        "The industry groups of the contact's company",
        owner="company_key",
    )
    business_relations: list[BusinessRelation] = code_list(
        BusinessRelation,
        contact_business_relation,
        business_relation,
        "The business relations of the contact's company",
        owner="company_key",
    )
    interactions: "Connection[Interaction]" = children(
        lambda: Interaction,
        interactions_of_contact,
        "The contact's own interactions, newest first.",
        order="AT",
        descending=True,
    )
    segments: "Connection[Segment]" = children(
        lambda: Segment, segments_with, "The segments on which the contact stands, by number.", order="NO"
    )

    comments: Connection[Comment] = comments_field(CONTACT_COMMENTS, "The comments on the contact, by place.")

    @computed("The custom attributes that have a value, own or by default, by name.")
    async def attributes(self, info: Info) -> list[ContactAttribute]:
        """Return the attributes."""
        values = await info.context.loader(("attributes", response_path(info)), attributes_of_each).load(int(self.key))
        return [ContactAttribute.of(value) for value in values]


@strawberry.type(description="A list of contacts to do something with, built by actions that can be undone and redone.")
class Segment(SegmentColumns, Counted, Multilingual, Record, Node):
    """A segment."""

    relation: ClassVar[Relation] = SEGMENTS

    campaign: "Campaign | None" = reference(lambda: Campaign, "campaign_key", "The campaign it belongs to.")
    salesperson: Salesperson | None = reference(
        lambda: Salesperson, "salesperson_code", "Who does the interactions; null: each contact's own salesperson."
    )
    template: "InteractionTemplate | None" = reference(
        lambda: InteractionTemplate, "template_code", "What its interactions are; needed to log it."
    )
    group: InteractionGroup | None = reference(lambda: InteractionGroup, "group_code", "Group of its interactions.")
    actions: "Connection[SegmentAction]" = children(
        lambda: SegmentAction, actions_of, "What was done to its lines, oldest first, undone actions included."
    )

    @paged("Its lines by number.", "head_revision")
    async def lines(
        self,
        at_revision: Annotated[
            int | None,
            strawberry.argument(
                description="As they were after this action, 0 to headRevision; default: as they are now."
            ),
        ] = None,
    ) -> "Connection[SegmentLine]":
        """Return the lines visible at a revision."""
        if at_revision is not None and not 0 <= at_revision <= self.head_revision:
            msg = f"The segment has the revisions 0 to {self.head_revision}."
            raise InvalidInputError(msg, path=("atRevision",))

        async def count(connection: AsyncConnection, segments: Sequence[int]) -> Sequence[int]:
            return await line_counts(connection, at_revision, segments)

        listing = Listing(LINES, Order(LINES.key), lines_at(at_revision), belongs=lines_of)
        return Connection.of(SegmentLine, listing, parent=self.key, count=count)


@strawberry.type(description="A contact on a segment, with the values that its interaction will get.")
class SegmentLine(SegmentLineColumns, Record, Node):
    """A line."""

    relation: ClassVar[Relation] = LINES
    segment_key: strawberry.Private[int]

    contact: "Contact" = reference(lambda: Contact, "contact_key", "The contact.")
    segment: "Segment" = reference(lambda: Segment, "segment_key", "The segment.")
    campaign: "Campaign | None" = reference(lambda: Campaign, "campaign_key", "The campaign it belongs to.")
    salesperson: Salesperson | None = reference(
        lambda: Salesperson, "salesperson_code", "Who does the interaction; needed to log the segment."
    )
    template: "InteractionTemplate | None" = reference(
        lambda: InteractionTemplate, "template_code", "What the interaction is; needed to log the segment."
    )
    group: InteractionGroup | None = reference(lambda: InteractionGroup, "group_code", "Group of the interaction.")
    attachment: Attachment | None = reference(
        lambda: Attachment, "attachment_key", "The document that is sent: that of its language, or its own."
    )

    @computed("Global id; opaque, at most 200 characters.", "segment_key")
    def id(self) -> strawberry.ID:
        """Return the global id."""
        return global_id("SegmentLine", f"{self.segment_key}:{self.key}")


@strawberry.type(description="One step of building a segment.")
class SegmentAction(SegmentActionColumns, Record):
    """An action."""

    relation: ClassVar[Relation] = ACTIONS

    logged_segment: "LoggedSegment | None" = reference(
        lambda: LoggedSegment, "logged_segment_key", "The logged segment whose contacts REUSE_LOGGED added."
    )


@strawberry.type(description="Something that took place with a contact: an entry of the interaction log.")
class Interaction(InteractionColumns, Record, Node):
    """An interaction."""

    relation: ClassVar[Relation] = INTERACTIONS

    contact: "Contact | None" = reference(
        lambda: Contact, "contact_key", "The contact; null once the contact is deleted."
    )
    company: "Contact | None" = reference(
        lambda: Contact, "company_key", "The contact's company at the time; null for none, or once it is deleted."
    )
    salesperson: Salesperson | None = reference(lambda: Salesperson, "salesperson_code", "Who did it.")
    template: "InteractionTemplate | None" = reference(lambda: InteractionTemplate, "template_code", "What it was.")
    group: InteractionGroup | None = reference(lambda: InteractionGroup, "group_code", "Its group.")
    campaign: "Campaign | None" = reference(lambda: Campaign, "campaign_key", "The campaign it belongs to.")
    campaign_entry: "CampaignEntry | None" = reference(
        lambda: CampaignEntry, "campaign_entry_key", "The campaign's entry that counts it."
    )
    logged_segment: "LoggedSegment | None" = reference(
        lambda: LoggedSegment, "logged_segment_key", "The logged segment it came from; null for single ones."
    )
    attachment: Attachment | None = reference(lambda: Attachment, "attachment_key", "What was sent; null for nothing.")
    comments: Connection[Comment] = comments_field(INTERACTION_COMMENTS, "The comments on it, by place.")


@strawberry.type(description="A segment that was logged: its lines became interactions.")
class LoggedSegment(LoggedSegmentColumns, Record, Node):
    """A logged segment."""

    relation: ClassVar[Relation] = LOGGED_SEGMENTS

    interactions: "Connection[Interaction]" = children(
        lambda: Interaction,
        interactions_of_logged_segment,
        "Its interactions, canceled ones included.",
        order="ENTRY_NO",
    )
    campaign_entries: "Connection[CampaignEntry]" = children(
        lambda: CampaignEntry, entries_of_logged_segment, "Its campaign entries, canceled ones included."
    )


@strawberry.type(description="A marketing or sales campaign.")
class Campaign(CampaignColumns, CampaignFigures, Record, Node):
    """A campaign."""

    relation: ClassVar[Relation] = CAMPAIGNS

    salesperson: Salesperson | None = reference(lambda: Salesperson, "salesperson_code", "Who runs it.")
    entries: "Connection[CampaignEntry]" = children(
        lambda: CampaignEntry, entries_of_campaign, "What was done for it, oldest first."
    )
    segments: "Connection[Segment]" = children(
        lambda: Segment, segments_of_campaign, "Its segments that are not logged yet, by number.", order="NO"
    )
    interactions: "Connection[Interaction]" = children(
        lambda: Interaction,
        interactions_of_campaign,
        "Its interactions, newest first.",
        order="ENTRY_NO",
        descending=True,
    )
    comments: Connection[Comment] = comments_field(CAMPAIGN_COMMENTS, "The comments on the campaign, by place.")
    targets: "Connection[CampaignTarget]" = children(
        lambda: CampaignTarget, targets_of, "Its target group by number; empty unless it is activated.", order="NO"
    )


@strawberry.type(description="A company, or a person without one, whom an activated campaign targets.")
class CampaignTarget(Record):
    """A member of a target group."""

    relation: ClassVar[Relation] = CAMPAIGN_TARGETS

    customer_no: str | None = strawberry.field(
        description="Number of the customer that the contact is linked to; null: it is targeted as a contact."
    )
    contact: "Contact" = reference(lambda: Contact, "contact_key", "The contact.")


@strawberry.type(description="What a campaign did once: one entry for each logged segment, one for all single ones.")
class CampaignEntry(CampaignEntryColumns, CampaignEntryFigures, Record, Node):
    """A campaign entry."""

    relation: ClassVar[Relation] = CAMPAIGN_ENTRIES

    campaign: "Campaign" = reference(lambda: Campaign, "campaign_key", "The campaign.")
    salesperson: Salesperson | None = reference(lambda: Salesperson, "salesperson_code", "Who did it.")
    logged_segment: "LoggedSegment | None" = reference(
        lambda: LoggedSegment, "logged_segment_key", "The logged segment; null on the entry of single interactions."
    )
    interactions: "Connection[Interaction]" = children(
        lambda: Interaction,
        interactions_of_campaign_entry,
        "Its interactions, newest first.",
        order="ENTRY_NO",
        descending=True,
    )


@strawberry.type(description="What an interaction of one kind usually is.")
class InteractionTemplate(InteractionTemplateColumns, TemplateSending, Record, Node):
    """An interaction template."""

    relation: ClassVar[Relation] = INTERACTION_TEMPLATES

    group: InteractionGroup | None = reference(lambda: InteractionGroup, "group_code", "Group of its interactions.")
    campaign: "Campaign | None" = reference(lambda: Campaign, "campaign_key", "Campaign of its interactions.")


@strawberry.type(description="Actions kept under a code, to be run again on any segment.")
class SavedCriteria(SavedCriteriaColumns, Record, Node):
    """A saved criteria."""

    relation: ClassVar[Relation] = SAVED_CRITERIA

    @computed("Its actions in order.")
    async def actions(self, info: Info) -> list[SavedAction]:
        """Return the actions."""
        rows = await info.context.loader(("actions", response_path(info)), saved_actions_of_each).load(str(self.key))
        return [
            SavedAction(
                position=row.position,
                kind=row.kind,
                rule=row.rule,
                language_version=row.language_version,
                options=SegmentActionOptions.of(row.options),
            )
            for row in rows
        ]


async def load_line(info: Info, segment_key: int, line_no: int) -> SegmentLine | None:
    """Return a line that its segment shows now, or None; lines of one level with one statement."""
    columns = selected_columns(info, SegmentLine)

    async def read(connection: AsyncConnection, keys: Sequence[tuple[int, int]]) -> Sequence[SegmentLine | None]:
        return [row and SegmentLine.of(row) for row in await read_lines(connection, columns, keys)]

    return await info.context.loader(("line", response_path(info)), read).load((segment_key, line_no))

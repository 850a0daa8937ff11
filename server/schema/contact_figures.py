"""What is counted and summed up about a contact."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import strawberry

from server.reading.contact_figures import interactions_of_each, links_of_each
from server.schema.context import Info
from server.schema.day_ranges import FirstDay, LastDay, require_day_range
from server.schema.enums import BusinessRelationSummary, LinkKind
from server.schema.fields import computed
from server.schema.records import response_path


@strawberry.type(description="A link of a company to what it is elsewhere; it comes with a business relation.")
class BusinessRelationLink:
    """A link."""

    link: LinkKind = strawberry.field(description="What the company is.")
    link_no: str = strawberry.field(description="Its number there, at most 20 characters.")
    business_relation: str = strawberry.field(description="Code of the business relation, at most 20 characters.")


@strawberry.type(
    description="Sums over a contact's interactions neither canceled nor postponed; a company's include its persons'."
)
class ContactStatistics:
    """Sums over interactions."""

    interaction_count: int = strawberry.field(description="Number of interactions, failed attempts included.")
    interaction_cost: Decimal = strawberry.field(description="Cost of the interactions.")
    interaction_duration: Decimal = strawberry.field(description="Minutes that the interactions took.")


@strawberry.type
class ContactFigures:
    """Counts and sums of a contact."""

    mailing_group_count: int = strawberry.field(description="Number of the contact's own mailing groups.")
    job_responsibility_count: int = strawberry.field(description="Number of the person's own job responsibilities.")
    industry_group_count: int = strawberry.field(description="Number of industry groups of the contact's company.")
    business_relation_count: int = strawberry.field(
        description="Number of business relations of the contact's company."
    )
    business_relation_summary: BusinessRelationSummary = strawberry.field(
        description="What the contact's company is to us, in one word; a person's is its company's."
    )

    @computed("The links of the contact's company to what it is elsewhere, by business relation.", "company_key")
    async def business_relation_links(self, info: Info) -> list[BusinessRelationLink]:
        """Return the links."""
        company_key: int | None = self.company_key  # type: ignore[attr-defined]  # of the contact this is a part of
        if company_key is None:
            return []
        rows: Sequence[Any] = await info.context.loader(("links", response_path(info)), links_of_each).load(company_key)
        return [
            BusinessRelationLink(link=LinkKind(row.link), link_no=row.link_no, business_relation=row.code)
            for row in rows
        ]

    @computed("What was done with the contact, or with everybody of a company, within some days.")
    async def statistics(
        self,
        info: Info,
        on_from: FirstDay = None,
        on_to: LastDay = None,
    ) -> ContactStatistics:
        """Return the sums."""
        require_day_range(on_from, on_to)
        read = partial(interactions_of_each, first=on_from, last=on_to)
        contact_key: int = self.key  # type: ignore[attr-defined]
        row = await info.context.loader(("statistics", response_path(info), on_from, on_to), read).load(contact_key)
        return ContactStatistics(
            interaction_count=row.interaction_count,
            interaction_cost=row.interaction_cost,
            interaction_duration=row.interaction_duration,
        )

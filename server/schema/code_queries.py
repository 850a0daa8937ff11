"""What has a code: one of them, or a list."""

from typing import Annotated, TypeVar

import strawberry

from server.reading.pages import Listing
from server.reading.relations import Order
from server.reading.texts import is_storable
from server.schema.codes import (
    BusinessRelation,
    CampaignStatus,
    IndustryGroup,
    JobResponsibility,
    MailingGroup,
    OrganizationalLevel,
)
from server.schema.context import Info
from server.schema.fields import computed
from server.schema.number_series import NumberSeries
from server.schema.objects import SavedCriteria
from server.schema.pagination import Connection, paged
from server.schema.records import Record, load
from server.schema.salespeople import Salesperson, Team
from server.schema.salutations import Salutation

T = TypeVar("T", bound=Record)

CodeArgument = Annotated[str, strawberry.argument(description="Code, at most 20 characters; case does not matter.")]


@strawberry.type
class CodeQueries:
    """What codes there are."""

    @computed("The salesperson of this code; null when there is none.")
    async def salesperson(self, info: Info, code: CodeArgument) -> Salesperson | None:
        """Return a salesperson."""
        return await _by_code(info, Salesperson, code)

    @computed("The team of this code; null when there is none.")
    async def team(self, info: Info, code: CodeArgument) -> Team | None:
        """Return a team."""
        return await _by_code(info, Team, code)

    @computed("The salutation of this code; null when there is none.")
    async def salutation(self, info: Info, code: CodeArgument) -> Salutation | None:
        """Return a salutation."""
        return await _by_code(info, Salutation, code)

    @computed("The mailing group of this code; null when there is none.")
    async def mailing_group(self, info: Info, code: CodeArgument) -> MailingGroup | None:
        """Return a mailing group."""
        return await _by_code(info, MailingGroup, code)

    @computed("The industry group of this code; null when there is none.")
    async def industry_group(self, info: Info, code: CodeArgument) -> IndustryGroup | None:
        """Return an industry group."""
        return await _by_code(info, IndustryGroup, code)

    @computed("The job responsibility of this code; null when there is none.")
    async def job_responsibility(self, info: Info, code: CodeArgument) -> JobResponsibility | None:
        """Return a job responsibility."""
        return await _by_code(info, JobResponsibility, code)

    @computed("The business relation of this code; null when there is none.")
    async def business_relation(self, info: Info, code: CodeArgument) -> BusinessRelation | None:
        """Return a business relation."""
        return await _by_code(info, BusinessRelation, code)

    @computed("The organizational level of this code; null when there is none.")
    async def organizational_level(self, info: Info, code: CodeArgument) -> OrganizationalLevel | None:
        """Return an organizational level."""
        return await _by_code(info, OrganizationalLevel, code)

    @computed("The status of campaigns of this code; null when there is none.")
    async def campaign_status(self, info: Info, code: CodeArgument) -> CampaignStatus | None:
        """Return a status of campaigns."""
        return await _by_code(info, CampaignStatus, code)

    @computed("The number series of this code; null when there is none.")
    async def number_series_by_code(self, info: Info, code: CodeArgument) -> NumberSeries | None:
        """Return a number series."""
        return await _by_code(info, NumberSeries, code)

    @computed("The saved criteria of this code; null when there are none.")
    async def saved_criteria_by_code(self, info: Info, code: CodeArgument) -> SavedCriteria | None:
        """Return saved criteria."""
        return await _by_code(info, SavedCriteria, code)

    @paged("Teams of salespeople by code.")
    async def teams(self) -> Connection[Team]:
        """Return the teams."""
        return _by_codes(Team)

    @paged("Industry groups by code.")
    async def industry_groups(self) -> Connection[IndustryGroup]:
        """Return the industry groups."""
        return _by_codes(IndustryGroup)

    @paged("Job responsibilities by code.")
    async def job_responsibilities(self) -> Connection[JobResponsibility]:
        """Return the job responsibilities."""
        return _by_codes(JobResponsibility)

    @paged("Business relations by code.")
    async def business_relations(self) -> Connection[BusinessRelation]:
        """Return the business relations."""
        return _by_codes(BusinessRelation)

    @paged("Organizational levels by code.")
    async def organizational_levels(self) -> Connection[OrganizationalLevel]:
        """Return the organizational levels."""
        return _by_codes(OrganizationalLevel)

    @paged("Salutations by code.")
    async def salutations(self) -> Connection[Salutation]:
        """Return the salutations."""
        return _by_codes(Salutation)

    @paged("Statuses of campaigns by code.")
    async def campaign_statuses(self) -> Connection[CampaignStatus]:
        """Return the statuses of campaigns."""
        return _by_codes(CampaignStatus)


async def _by_code(info: Info, kind: type[T], code: str) -> T | None:
    """Return the object of a code, as it is stored: stripped and in upper case."""
    return await load(info, kind, code.strip().upper()) if is_storable(code) else None


def _by_codes(kind: type[T]) -> Connection[T]:
    relation = kind.relation
    return Connection.of(kind, Listing(relation, Order(relation.orders["CODE"])))

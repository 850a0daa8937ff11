"""Payloads of the mutations of codes."""

import strawberry

from server.schema.changed import MailingGroupPayload
from server.schema.codes import BusinessRelation, CampaignStatus, IndustryGroup, JobResponsibility, OrganizationalLevel
from server.schema.context import Info
from server.schema.fields import computed
from server.schema.payloads import Payload
from server.schema.records import load
from server.schema.salutations import Salutation

_AFTER = "after the change; null when the mutation was refused."


@strawberry.type
class DeletedCodePayload(Payload):
    """Shows what was deleted."""

    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="Global id that it had; null when the mutation was refused."
    )
    deleted_code: str | None = strawberry.field(
        default=None, description="Code that it had; null when the mutation was refused."
    )


@strawberry.type
class IndustryGroupPayload(Payload):
    """Shows an industry group."""

    industry_group_key: strawberry.Private[str | None] = None

    @computed(f"The industry group {_AFTER}")
    async def industry_group(self, info: Info) -> IndustryGroup | None:
        """Return the industry group."""
        return await load(info, IndustryGroup, self.industry_group_key)


@strawberry.type
class JobResponsibilityPayload(Payload):
    """Shows a job responsibility."""

    job_responsibility_key: strawberry.Private[str | None] = None

    @computed(f"The job responsibility {_AFTER}")
    async def job_responsibility(self, info: Info) -> JobResponsibility | None:
        """Return the job responsibility."""
        return await load(info, JobResponsibility, self.job_responsibility_key)


@strawberry.type
class BusinessRelationPayload(Payload):
    """Shows a business relation."""

    business_relation_key: strawberry.Private[str | None] = None

    @computed(f"The business relation {_AFTER}")
    async def business_relation(self, info: Info) -> BusinessRelation | None:
        """Return the business relation."""
        return await load(info, BusinessRelation, self.business_relation_key)


@strawberry.type
class OrganizationalLevelPayload(Payload):
    """Shows an organizational level."""

    organizational_level_key: strawberry.Private[str | None] = None

    @computed(f"The organizational level {_AFTER}")
    async def organizational_level(self, info: Info) -> OrganizationalLevel | None:
        """Return the organizational level."""
        return await load(info, OrganizationalLevel, self.organizational_level_key)


@strawberry.type
class SalutationPayload(Payload):
    """Shows a salutation."""

    salutation_key: strawberry.Private[str | None] = None

    @computed(f"The salutation {_AFTER}")
    async def salutation(self, info: Info) -> Salutation | None:
        """Return the salutation."""
        return await load(info, Salutation, self.salutation_key)


@strawberry.type
class CampaignStatusPayload(Payload):
    """Shows a campaign status."""

    campaign_status_key: strawberry.Private[str | None] = None

    @computed(f"The campaign status {_AFTER}")
    async def campaign_status(self, info: Info) -> CampaignStatus | None:
        """Return the campaign status."""
        return await load(info, CampaignStatus, self.campaign_status_key)


@strawberry.type(description="The answer of createMailingGroup.")
class CreateMailingGroupPayload(MailingGroupPayload):
    """The new mailing group, or why there is none."""


@strawberry.type(description="The answer of updateMailingGroup.")
class UpdateMailingGroupPayload(MailingGroupPayload):
    """The changed mailing group, or why it is not changed."""


@strawberry.type(description="The answer of deleteMailingGroup.")
class DeleteMailingGroupPayload(DeletedCodePayload):
    """The deleted mailing group, or why it is not deleted."""


@strawberry.type(description="The answer of createIndustryGroup.")
class CreateIndustryGroupPayload(IndustryGroupPayload):
    """The new industry group, or why there is none."""


@strawberry.type(description="The answer of updateIndustryGroup.")
class UpdateIndustryGroupPayload(IndustryGroupPayload):
    """The changed industry group, or why it is not changed."""


@strawberry.type(description="The answer of deleteIndustryGroup.")
class DeleteIndustryGroupPayload(DeletedCodePayload):
    """The deleted industry group, or why it is not deleted."""


@strawberry.type(description="The answer of createJobResponsibility.")
class CreateJobResponsibilityPayload(JobResponsibilityPayload):
    """The new job responsibility, or why there is none."""


@strawberry.type(description="The answer of updateJobResponsibility.")
class UpdateJobResponsibilityPayload(JobResponsibilityPayload):
    """The changed job responsibility, or why it is not changed."""


@strawberry.type(description="The answer of deleteJobResponsibility.")
class DeleteJobResponsibilityPayload(DeletedCodePayload):
    """The deleted job responsibility, or why it is not deleted."""


@strawberry.type(description="The answer of createBusinessRelation.")
class CreateBusinessRelationPayload(BusinessRelationPayload):
    """The new business relation, or why there is none."""


@strawberry.type(description="The answer of updateBusinessRelation.")
class UpdateBusinessRelationPayload(BusinessRelationPayload):
    """The changed business relation, or why it is not changed."""


@strawberry.type(description="The answer of deleteBusinessRelation.")
class DeleteBusinessRelationPayload(DeletedCodePayload):
    """The deleted business relation, or why it is not deleted."""


@strawberry.type(description="The answer of createOrganizationalLevel.")
class CreateOrganizationalLevelPayload(OrganizationalLevelPayload):
    """The new organizational level, or why there is none."""


@strawberry.type(description="The answer of updateOrganizationalLevel.")
class UpdateOrganizationalLevelPayload(OrganizationalLevelPayload):
    """The changed organizational level, or why it is not changed."""


@strawberry.type(description="The answer of deleteOrganizationalLevel.")
class DeleteOrganizationalLevelPayload(DeletedCodePayload):
    """The deleted organizational level, or why it is not deleted."""


@strawberry.type(description="The answer of createSalutation.")
class CreateSalutationPayload(SalutationPayload):
    """The new salutation, or why there is none."""


@strawberry.type(description="The answer of updateSalutation.")
class UpdateSalutationPayload(SalutationPayload):
    """The changed salutation, or why it is not changed."""


@strawberry.type(description="The answer of deleteSalutation.")
class DeleteSalutationPayload(DeletedCodePayload):
    """The deleted salutation, or why it is not deleted."""


@strawberry.type(description="The answer of createCampaignStatus.")
class CreateCampaignStatusPayload(CampaignStatusPayload):
    """The new campaign status, or why there is none."""


@strawberry.type(description="The answer of updateCampaignStatus.")
class UpdateCampaignStatusPayload(CampaignStatusPayload):
    """The changed campaign status, or why it is not changed."""


@strawberry.type(description="The answer of deleteCampaignStatus.")
class DeleteCampaignStatusPayload(DeletedCodePayload):
    """The deleted campaign status, or why it is not deleted."""

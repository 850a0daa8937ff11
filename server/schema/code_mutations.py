"""Mutations of codes: mailing groups and their like, salutations and statuses of campaigns."""

from typing import Annotated, Any, TypeVar, cast

import strawberry

from server.operations.setup.codes import (
    BUSINESS_RELATIONS,
    CAMPAIGN_STATUSES,
    INDUSTRY_GROUPS,
    JOB_RESPONSIBILITIES,
    MAILING_GROUPS,
    ORGANIZATIONAL_LEVELS,
    SALUTATIONS,
    CodeChanges,
    CodeTable,
    create_code,
    delete_code,
    update_code,
)
from server.schema.code_inputs import (
    CreateBusinessRelationInput,
    CreateCampaignStatusInput,
    CreateIndustryGroupInput,
    CreateJobResponsibilityInput,
    CreateMailingGroupInput,
    CreateOrganizationalLevelInput,
    CreateSalutationInput,
    DeleteBusinessRelationInput,
    DeleteCampaignStatusInput,
    DeleteIndustryGroupInput,
    DeleteJobResponsibilityInput,
    DeleteMailingGroupInput,
    DeleteOrganizationalLevelInput,
    DeleteSalutationInput,
    UpdateBusinessRelationInput,
    UpdateCampaignStatusInput,
    UpdateIndustryGroupInput,
    UpdateJobResponsibilityInput,
    UpdateMailingGroupInput,
    UpdateOrganizationalLevelInput,
    UpdateSalutationInput,
)
from server.schema.code_payloads import (
    CreateBusinessRelationPayload,
    CreateCampaignStatusPayload,
    CreateIndustryGroupPayload,
    CreateJobResponsibilityPayload,
    CreateMailingGroupPayload,
    CreateOrganizationalLevelPayload,
    CreateSalutationPayload,
    DeleteBusinessRelationPayload,
    DeleteCampaignStatusPayload,
    DeletedCodePayload,
    DeleteIndustryGroupPayload,
    DeleteJobResponsibilityPayload,
    DeleteMailingGroupPayload,
    DeleteOrganizationalLevelPayload,
    DeleteSalutationPayload,
    UpdateBusinessRelationPayload,
    UpdateCampaignStatusPayload,
    UpdateIndustryGroupPayload,
    UpdateJobResponsibilityPayload,
    UpdateMailingGroupPayload,
    UpdateOrganizationalLevelPayload,
    UpdateSalutationPayload,
)
from server.schema.context import Info
from server.schema.nodes import global_id
from server.schema.payloads import given_values, mutation

T = TypeVar("T")
Deleted = TypeVar("Deleted", bound=DeletedCodePayload)

New = Annotated[T, strawberry.argument(description="What to create.")]
Changes = Annotated[T, strawberry.argument(description="The changes.")]
Which = Annotated[T, strawberry.argument(description="Which one.")]


@strawberry.type
class CodeMutations:
    """What can be done with codes."""

    @mutation("Create a mailing group.")
    async def create_mailing_group(self, info: Info, input: New[CreateMailingGroupInput]) -> CreateMailingGroupPayload:  # noqa: A002
        """Create a mailing group."""
        async with info.context.write("createMailingGroup") as work:
            key = await create_code(work, MAILING_GROUPS, input.code, input.description)
        return CreateMailingGroupPayload(mailing_group_key=key)

    @mutation("Rename a mailing group, or say anew what it means. Contacts that have it follow and count as changed.")
    async def update_mailing_group(
        self,
        info: Info,
        input: Changes[UpdateMailingGroupInput],  # noqa: A002
    ) -> UpdateMailingGroupPayload:
        """Change a mailing group."""
        return UpdateMailingGroupPayload(
            mailing_group_key=await _updated(info, "updateMailingGroup", MAILING_GROUPS, input)
        )

    @mutation("Delete a mailing group, provided that no contact is in it.")
    async def delete_mailing_group(
        self,
        info: Info,
        input: Which[DeleteMailingGroupInput],  # noqa: A002
    ) -> DeleteMailingGroupPayload:
        """Delete a mailing group."""
        return await _deleted(info, DeleteMailingGroupPayload, "MailingGroup", MAILING_GROUPS, input.code)

    @mutation("Create an industry group.")
    async def create_industry_group(
        self,
        info: Info,
        input: New[CreateIndustryGroupInput],  # noqa: A002
    ) -> CreateIndustryGroupPayload:
        """Create an industry group."""
        async with info.context.write("createIndustryGroup") as work:
            key = await create_code(work, INDUSTRY_GROUPS, input.code, input.description)
        return CreateIndustryGroupPayload(industry_group_key=key)

    @mutation("Rename an industry group, or say anew what it means. Contacts that have it follow and count as changed.")
    async def update_industry_group(
        self,
        info: Info,
        input: Changes[UpdateIndustryGroupInput],  # noqa: A002
    ) -> UpdateIndustryGroupPayload:
        """Change an industry group."""
        return UpdateIndustryGroupPayload(
            industry_group_key=await _updated(info, "updateIndustryGroup", INDUSTRY_GROUPS, input)
        )

    @mutation("Delete an industry group, provided that no company has it.")
    async def delete_industry_group(
        self,
        info: Info,
        input: Which[DeleteIndustryGroupInput],  # noqa: A002
    ) -> DeleteIndustryGroupPayload:
        """Delete an industry group."""
        return await _deleted(info, DeleteIndustryGroupPayload, "IndustryGroup", INDUSTRY_GROUPS, input.code)

    @mutation("Create a job responsibility.")
    async def create_job_responsibility(
        self,
        info: Info,
        input: New[CreateJobResponsibilityInput],  # noqa: A002
    ) -> CreateJobResponsibilityPayload:
        """Create a job responsibility."""
        async with info.context.write("createJobResponsibility") as work:
            key = await create_code(work, JOB_RESPONSIBILITIES, input.code, input.description)
        return CreateJobResponsibilityPayload(job_responsibility_key=key)

    @mutation(
        "Rename a job responsibility, or say anew what it means. Contacts that have it follow and count as changed."
    )
    async def update_job_responsibility(
        self,
        info: Info,
        input: Changes[UpdateJobResponsibilityInput],  # noqa: A002
    ) -> UpdateJobResponsibilityPayload:
        """Change a job responsibility."""
        return UpdateJobResponsibilityPayload(
            job_responsibility_key=await _updated(info, "updateJobResponsibility", JOB_RESPONSIBILITIES, input)
        )

    @mutation("Delete a job responsibility, provided that no person has it.")
    async def delete_job_responsibility(
        self,
        info: Info,
        input: Which[DeleteJobResponsibilityInput],  # noqa: A002
    ) -> DeleteJobResponsibilityPayload:
        """Delete a job responsibility."""
        return await _deleted(
            info, DeleteJobResponsibilityPayload, "JobResponsibility", JOB_RESPONSIBILITIES, input.code
        )

    @mutation("Create a business relation.")
    async def create_business_relation(
        self,
        info: Info,
        input: New[CreateBusinessRelationInput],  # noqa: A002
    ) -> CreateBusinessRelationPayload:
        """Create a business relation."""
        async with info.context.write("createBusinessRelation") as work:
            key = await create_code(work, BUSINESS_RELATIONS, input.code, input.description)
        return CreateBusinessRelationPayload(business_relation_key=key)

    @mutation(
        "Rename a business relation, or say anew what it means. Contacts that have it follow and count as changed."
    )
    async def update_business_relation(
        self,
        info: Info,
        input: Changes[UpdateBusinessRelationInput],  # noqa: A002
    ) -> UpdateBusinessRelationPayload:
        """Change a business relation."""
        return UpdateBusinessRelationPayload(
            business_relation_key=await _updated(info, "updateBusinessRelation", BUSINESS_RELATIONS, input)
        )

    @mutation("Delete a business relation, provided that no company has it and the marketing setup does not name it.")
    async def delete_business_relation(
        self,
        info: Info,
        input: Which[DeleteBusinessRelationInput],  # noqa: A002
    ) -> DeleteBusinessRelationPayload:
        """Delete a business relation."""
        return await _deleted(info, DeleteBusinessRelationPayload, "BusinessRelation", BUSINESS_RELATIONS, input.code)

    @mutation("Create an organizational level.")
    async def create_organizational_level(
        self,
        info: Info,
        input: New[CreateOrganizationalLevelInput],  # noqa: A002
    ) -> CreateOrganizationalLevelPayload:
        """Create an organizational level."""
        async with info.context.write("createOrganizationalLevel") as work:
            key = await create_code(work, ORGANIZATIONAL_LEVELS, input.code, input.description)
        return CreateOrganizationalLevelPayload(organizational_level_key=key)

    @mutation(
        "Rename an organizational level, or say anew what it means. Contacts that have it follow and count as changed."
    )
    async def update_organizational_level(
        self,
        info: Info,
        input: Changes[UpdateOrganizationalLevelInput],  # noqa: A002
    ) -> UpdateOrganizationalLevelPayload:
        """Change an organizational level."""
        return UpdateOrganizationalLevelPayload(
            organizational_level_key=await _updated(info, "updateOrganizationalLevel", ORGANIZATIONAL_LEVELS, input)
        )

    @mutation("Delete an organizational level, provided that no person has it.")
    async def delete_organizational_level(
        self,
        info: Info,
        input: Which[DeleteOrganizationalLevelInput],  # noqa: A002
    ) -> DeleteOrganizationalLevelPayload:
        """Delete an organizational level."""
        return await _deleted(
            info, DeleteOrganizationalLevelPayload, "OrganizationalLevel", ORGANIZATIONAL_LEVELS, input.code
        )

    @mutation("Create a salutation.")
    async def create_salutation(self, info: Info, input: New[CreateSalutationInput]) -> CreateSalutationPayload:  # noqa: A002
        """Create a salutation."""
        async with info.context.write("createSalutation") as work:
            key = await create_code(work, SALUTATIONS, input.code, input.description)
        return CreateSalutationPayload(salutation_key=key)

    @mutation("Rename a salutation, or say anew what it means. Contacts that have it follow and count as changed.")
    async def update_salutation(self, info: Info, input: Changes[UpdateSalutationInput]) -> UpdateSalutationPayload:  # noqa: A002
        """Change a salutation."""
        return UpdateSalutationPayload(salutation_key=await _updated(info, "updateSalutation", SALUTATIONS, input))

    @mutation("Delete a salutation with its formulas, provided that neither contacts nor the marketing setup have it.")
    async def delete_salutation(self, info: Info, input: Which[DeleteSalutationInput]) -> DeleteSalutationPayload:  # noqa: A002
        """Delete a salutation."""
        return await _deleted(info, DeleteSalutationPayload, "Salutation", SALUTATIONS, input.code)

    @mutation("Create a campaign status.")
    async def create_campaign_status(
        self,
        info: Info,
        input: New[CreateCampaignStatusInput],  # noqa: A002
    ) -> CreateCampaignStatusPayload:
        """Create a campaign status."""
        async with info.context.write("createCampaignStatus") as work:
            key = await create_code(work, CAMPAIGN_STATUSES, input.code, input.description)
        return CreateCampaignStatusPayload(campaign_status_key=key)

    @mutation("Rename a campaign status, or say anew what it means. Campaigns that have it follow.")
    async def update_campaign_status(
        self,
        info: Info,
        input: Changes[UpdateCampaignStatusInput],  # noqa: A002
    ) -> UpdateCampaignStatusPayload:
        """Change a campaign status."""
        return UpdateCampaignStatusPayload(
            campaign_status_key=await _updated(info, "updateCampaignStatus", CAMPAIGN_STATUSES, input)
        )

    @mutation("Delete a campaign status, provided that no campaign has it.")
    async def delete_campaign_status(
        self,
        info: Info,
        input: Which[DeleteCampaignStatusInput],  # noqa: A002
    ) -> DeleteCampaignStatusPayload:
        """Delete a campaign status."""
        return await _deleted(info, DeleteCampaignStatusPayload, "CampaignStatus", CAMPAIGN_STATUSES, input.code)


async def _updated(info: Info, operation: str, codes: CodeTable, input_: Any) -> str:
    """Change a code and return it."""
    changes = cast("CodeChanges", given_values(input_, without=("code",)))
    async with info.context.write(operation) as work:
        return await update_code(work, codes, input_.code, changes)


async def _deleted(info: Info, payload: type[Deleted], kind: str, codes: CodeTable, code: str) -> Deleted:
    """Delete a code and return the payload that says so."""
    async with info.context.write(f"delete{kind}") as work:
        key = await delete_code(work, codes, code)
    return payload(deleted_id=global_id(kind, key), deleted_code=key)

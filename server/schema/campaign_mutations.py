"""Mutations of campaigns."""

from datetime import date
from typing import Annotated, cast

import strawberry

from server.operations.campaigns.activation import activate_campaign, deactivate_campaign
from server.operations.campaigns.campaigns import CampaignValues, create_campaign, delete_campaign, update_campaign
from server.schema.changed import CampaignPayload
from server.schema.context import Info
from server.schema.inputs import Guarded, optional
from server.schema.nodes import global_id
from server.schema.payloads import Payload, given_values, mutation


@strawberry.input
class CampaignFields:
    """The values of a campaign that both mutations take."""

    description: str | None = optional("What the campaign is, at most 100 characters.")
    starting_on: date | None = optional("First day; not after endingOn.")
    ending_on: date | None = optional("Last day; null: open.")
    salesperson: str | None = optional(
        "Code of who runs it, at most 20 characters; not blocked. Default of a new one: the user's own salesperson."
    )
    status: str | None = optional("Code of a campaign status, at most 10 characters.")


@strawberry.input(
    description="A new campaign. Fields left out are blank unless they have a default; so are null and blank text."
)
class CreateCampaignInput(CampaignFields):
    """A new campaign."""

    no: str | None = optional("Number, at most 20 characters. Default: the next of the series, such as CP0001.")


@strawberry.input(
    description="Changes of a campaign. Fields left out stay as they are; null and blank text make them blank."
)
class UpdateCampaignInput(CampaignFields, Guarded):
    """Changes of a campaign."""

    no: str = strawberry.field(description="Number of the campaign; it cannot be changed.")


@strawberry.input(description="Which campaign to delete.")
class DeleteCampaignInput(Guarded):
    """A campaign to be deleted."""

    no: str = strawberry.field(description="Number of the campaign.")


@strawberry.input(description="Which campaign to activate.")
class ActivateCampaignInput(Guarded):
    """A campaign to be activated."""

    no: str = strawberry.field(description="Number of the campaign.")


@strawberry.input(description="Which campaign to deactivate.")
class DeactivateCampaignInput(Guarded):
    """A campaign to be deactivated."""

    no: str = strawberry.field(description="Number of the campaign.")


@strawberry.type(description="The answer of createCampaign.")
class CreateCampaignPayload(CampaignPayload):
    """The new campaign, or why there is none."""


@strawberry.type(description="The answer of updateCampaign.")
class UpdateCampaignPayload(CampaignPayload):
    """The changed campaign, or why it is not changed."""


@strawberry.type(description="The answer of deleteCampaign.")
class DeleteCampaignPayload(Payload):
    """The deleted campaign, or why it is not deleted."""

    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="Global id that the campaign had.")
    deleted_no: str | None = strawberry.field(default=None, description="Number that the campaign had.")


@strawberry.type(description="The answer of activateCampaign.")
class ActivateCampaignPayload(CampaignPayload):
    """The activated campaign, or why it is not activated."""


@strawberry.type(description="The answer of deactivateCampaign.")
class DeactivateCampaignPayload(CampaignPayload):
    """The campaign that is activated no more, or why it still is."""


@strawberry.type
class CampaignMutations:
    """What can be done with campaigns."""

    @mutation("Create a campaign.")
    async def create_campaign(
        self,
        info: Info,
        input: Annotated[CreateCampaignInput, strawberry.argument(description="The campaign.")],  # noqa: A002
    ) -> CreateCampaignPayload:
        """Create a campaign."""
        values = cast("CampaignValues", given_values(input))
        async with info.context.write("createCampaign") as work:
            key = await create_campaign(work, values)
        return CreateCampaignPayload(campaign_key=key)

    @mutation("Change a campaign.")
    async def update_campaign(
        self,
        info: Info,
        input: Annotated[UpdateCampaignInput, strawberry.argument(description="The changes.")],  # noqa: A002
    ) -> UpdateCampaignPayload:
        """Change a campaign."""
        values = cast("CampaignValues", given_values(input, without=("expected_version",)))
        async with info.context.write("updateCampaign") as work:
            key = await update_campaign(work, input.no, values, expected_version=input.expected_version)
        return UpdateCampaignPayload(campaign_key=key)

    @mutation(
        "Delete a campaign with its comments, entries and target group. Its interactions stay without a campaign; "
        "segments, lines and interaction templates lose the campaign and its flags."
    )
    async def delete_campaign(
        self,
        info: Info,
        input: Annotated[DeleteCampaignInput, strawberry.argument(description="Which campaign.")],  # noqa: A002
    ) -> DeleteCampaignPayload:
        """Delete a campaign."""
        async with info.context.write("deleteCampaign") as work:
            key = await delete_campaign(work, input.no, expected_version=input.expected_version)
        return DeleteCampaignPayload(deleted_id=global_id("Campaign", key), deleted_no=input.no.strip().upper())

    @mutation(
        "Activate a campaign: its target group gets the company of every contact, or the contact where it has none, "
        "who stands on a line of the campaign with campaignTarget, or has such an interaction that is not postponed, "
        "canceled or not. From then on the group is kept in step with lines and interactions. Refused with "
        "CAMPAIGN_WITHOUT_TARGETS when there is nobody; activating again fills the group afresh."
    )
    async def activate_campaign(
        self,
        info: Info,
        input: Annotated[ActivateCampaignInput, strawberry.argument(description="Which campaign.")],  # noqa: A002
    ) -> ActivateCampaignPayload:
        """Activate a campaign."""
        async with info.context.write("activateCampaign") as work:
            key = await activate_campaign(work, input.no, expected_version=input.expected_version)
        return ActivateCampaignPayload(campaign_key=key)

    @mutation("Deactivate a campaign: its target group is emptied and no longer kept.")
    async def deactivate_campaign(
        self,
        info: Info,
        input: Annotated[DeactivateCampaignInput, strawberry.argument(description="Which campaign.")],  # noqa: A002
    ) -> DeactivateCampaignPayload:
        """Deactivate a campaign."""
        async with info.context.write("deactivateCampaign") as work:
            key = await deactivate_campaign(work, input.no, expected_version=input.expected_version)
        return DeactivateCampaignPayload(campaign_key=key)

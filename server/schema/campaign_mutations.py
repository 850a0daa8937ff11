"""Mutations of campaigns."""

from datetime import date
from typing import Annotated, cast

import strawberry

from server.operations.campaigns.campaigns import CampaignValues, create_campaign, update_campaign
from server.schema.changed import CampaignPayload
from server.schema.context import Info
from server.schema.inputs import Guarded, optional
from server.schema.payloads import given_values, mutation


@strawberry.input
class CampaignFields:
    """The values of a campaign that both mutations take."""

    description: str | None = optional("What the campaign is, at most 100 characters.")
    starting_on: date | None = optional("First day; not after endingOn.")
    ending_on: date | None = optional("Last day; null: open.")
    salesperson: str | None = optional("Code of who runs it, at most 20 characters; not blocked.")
    status: str | None = optional("Status code, at most 10 characters.")


@strawberry.input(description="A new campaign. Fields left out, null and blank text are blank.")
class CreateCampaignInput(CampaignFields):
    """A new campaign."""

    no: str | None = optional("Number, at most 20 characters. Default: the next of the series, such as CP0001.")


@strawberry.input(
    description="Changes of a campaign. Fields left out stay as they are; null and blank text make them blank."
)
class UpdateCampaignInput(CampaignFields, Guarded):
    """Changes of a campaign."""

    no: str = strawberry.field(description="Number of the campaign; it cannot be changed.")


@strawberry.type(description="The answer of createCampaign.")
class CreateCampaignPayload(CampaignPayload):
    """The new campaign, or why there is none."""


@strawberry.type(description="The answer of updateCampaign.")
class UpdateCampaignPayload(CampaignPayload):
    """The changed campaign, or why it is not changed."""


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

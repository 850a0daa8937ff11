"""Mutations of interactions and their templates."""

from datetime import date
from decimal import Decimal
from typing import Annotated, cast

import strawberry

from server.operations.interactions.interaction_templates import InteractionTemplateValues, create_interaction_template
from server.operations.interactions.interactions import InteractionValues, log_interaction
from server.schema.changed import InteractionPayload, InteractionTemplatePayload
from server.schema.context import Info
from server.schema.enums import CorrespondenceType, Evaluation, InformationFlow, InitiatedBy
from server.schema.inputs import optional
from server.schema.payloads import given_values, mutation


@strawberry.input(description="A new interaction template. Fields left out get their default; null means blank.")
class CreateInteractionTemplateInput:
    """A new interaction template."""

    code: str = strawberry.field(description="Code, at most 20 characters; unique, stored in upper case.")
    description: str | None = optional("What the interaction is, at most 100 characters.")
    group: str | None = optional("Code of its interaction group, at most 20 characters.")
    unit_cost: Decimal | None = optional("Cost of one interaction, not negative. Default: 0.")
    unit_duration: Decimal | None = optional(
        "Minutes that one interaction takes, not negative, at most 2 decimal places. Default: 0."
    )
    information_flow: InformationFlow | None = optional("Which way the information goes.")
    initiated_by: InitiatedBy | None = optional("Who begins.")
    campaign_no: str | None = optional("Number of the campaign to which such interactions belong.")
    campaign_target: bool | None = optional("Whether they count as reaching the campaign's target. Default: false.")
    campaign_response: bool | None = optional("Whether they are responses to the campaign. Default: false.")
    correspondence_type: CorrespondenceType | None = optional(
        "How they are sent when the contact has no preference. Default: EMAIL."
    )
    ignore_contact_correspondence: bool | None = optional(
        "Whether the contact's preference for correspondence does not count. Default: false."
    )
    language: str | None = optional("Language code, at most 10 characters.")


@strawberry.input(
    description=(
        "An interaction that took place. Fields left out get the default of the template or the contact; null means "
        "blank."
    )
)
class LogInteractionInput:
    """An interaction that took place."""

    contact_no: str = strawberry.field(description="Number of the contact, who must not be blocked for privacy.")
    template: str = strawberry.field(description="Code of the interaction template.")
    salesperson: str | None = optional("Code of who did it; not blocked. Default and null: the contact's salesperson.")
    on: date | None = optional("Day of the interaction. Default: the work date.")
    description: str | None = optional(
        "What it was, at most 100 characters; not blank. Default: the template's description."
    )
    subject: str | None = optional("Subject of what was sent, at most 100 characters. Default: the description.")
    evaluation: Evaluation | None = optional("How it went. Default: not evaluated.")
    attempt_failed: bool | None = optional("Whether the contact was not reached. Default: false.")
    cost: Decimal | None = optional("Cost, not negative. Default: the template's; null: 0.")
    duration: Decimal | None = optional(
        "Minutes that it took, not negative, at most 2 decimal places. Default: the template's; null: 0."
    )
    information_flow: InformationFlow | None = optional("Which way the information went. Default: the template's.")
    initiated_by: InitiatedBy | None = optional("Who began. Default: the template's.")
    campaign_no: str | None = optional("Number of the campaign it belongs to. Default: the template's; null: none.")
    campaign_target: bool | None = optional(
        "Whether it counts as reaching the campaign's target. Default: the template's."
    )
    campaign_response: bool | None = optional(
        "Whether it is a response to the campaign; true is refused without one. Default: the template's."
    )
    correspondence_type: CorrespondenceType | None = optional(
        "How it was sent. Default: by the contact's preference and the template. EMAIL to a contact without an address "
        "becomes blank."
    )
    language: str | None = optional(
        "Language code, at most 10 characters. Default: the template's, else the contact's."
    )


@strawberry.type(description="The answer of createInteractionTemplate.")
class CreateInteractionTemplatePayload(InteractionTemplatePayload):
    """The new interaction template, or why there is none."""


@strawberry.type(description="The answer of logInteraction.")
class LogInteractionPayload(InteractionPayload):
    """The new interaction, or why there is none."""


@strawberry.type
class InteractionMutations:
    """What can be done with interactions and their templates."""

    @mutation("Create an interaction template.")
    async def create_interaction_template(
        self,
        info: Info,
        input: Annotated[  # noqa: A002
            CreateInteractionTemplateInput, strawberry.argument(description="The interaction template.")
        ],
    ) -> CreateInteractionTemplatePayload:
        """Create an interaction template."""
        values = cast("InteractionTemplateValues", given_values(input))
        async with info.context.write("createInteractionTemplate") as work:
            key = await create_interaction_template(work, values)
        return CreateInteractionTemplatePayload(interaction_template_key=key)

    @mutation("Log an interaction with one contact that took place.")
    async def log_interaction(
        self,
        info: Info,
        input: Annotated[LogInteractionInput, strawberry.argument(description="The interaction.")],  # noqa: A002
    ) -> LogInteractionPayload:
        """Log an interaction."""
        values = cast("InteractionValues", given_values(input))
        async with info.context.write("logInteraction") as work:
            key = await log_interaction(work, values)
        return LogInteractionPayload(interaction_key=key)

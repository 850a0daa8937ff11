"""Mutations of single interactions: log them, postpone and finish them, log phone calls."""

from typing import Annotated, cast

import strawberry

from server.operations.interactions.interaction_values import InteractionValues
from server.operations.interactions.interactions import (
    log_interaction,
    postpone_interaction,
    resume_interaction,
    update_postponed_interaction,
)
from server.operations.interactions.phone_calls import log_phone_call
from server.schema.changed import InteractionPayload
from server.schema.context import Info
from server.schema.interaction_inputs import (
    LogInteractionInput,
    LogPhoneCallInput,
    PostponeInteractionInput,
    ResumeInteractionInput,
    UpdatePostponedInteractionInput,
)
from server.schema.payloads import given_values, mutation


@strawberry.type(description="The answer of logInteraction.")
class LogInteractionPayload(InteractionPayload):
    """The new interaction, or why there is none."""


@strawberry.type(description="The answer of postponeInteraction.")
class PostponeInteractionPayload(InteractionPayload):
    """The postponed interaction, or why there is none."""


@strawberry.type(description="The answer of updatePostponedInteraction.")
class UpdatePostponedInteractionPayload(InteractionPayload):
    """The changed interaction, or why it is not changed."""


@strawberry.type(description="The answer of resumeInteraction.")
class ResumeInteractionPayload(InteractionPayload):
    """The finished interaction, or why it is not finished."""


@strawberry.type(description="The answer of logPhoneCall.")
class LogPhoneCallPayload(InteractionPayload):
    """The interaction, or why there is none."""


@strawberry.type
class InteractionMutations:
    """What can be done with single interactions."""

    @mutation("Log an interaction with one contact that took place.")
    async def log_interaction(
        self,
        info: Info,
        input: Annotated[LogInteractionInput, strawberry.argument(description="The interaction.")],  # noqa: A002
    ) -> LogInteractionPayload:
        """Log an interaction."""
        values = cast("InteractionValues", given_values(input, without=("deliver", "from_entry_no")))
        async with info.context.write("logInteraction") as work:
            key = await log_interaction(work, values, deliver=input.deliver, from_entry_no=input.from_entry_no)
        return LogInteractionPayload(interaction_key=key)

    @mutation("Keep an interaction to be finished later. Until then it counts for nothing and is not sent.")
    async def postpone_interaction(
        self,
        info: Info,
        input: Annotated[PostponeInteractionInput, strawberry.argument(description="The interaction.")],  # noqa: A002
    ) -> PostponeInteractionPayload:
        """Postpone an interaction."""
        values = cast("InteractionValues", given_values(input, without=("from_entry_no",)))
        async with info.context.write("postponeInteraction") as work:
            key = await postpone_interaction(work, values, from_entry_no=input.from_entry_no)
        return PostponeInteractionPayload(interaction_key=key)

    @mutation("Change a postponed interaction; it stays postponed.")
    async def update_postponed_interaction(
        self,
        info: Info,
        input: Annotated[UpdatePostponedInteractionInput, strawberry.argument(description="The changes.")],  # noqa: A002
    ) -> UpdatePostponedInteractionPayload:
        """Change a postponed interaction."""
        values = cast("InteractionValues", given_values(input, without=("entry_no",)))
        async with info.context.write("updatePostponedInteraction") as work:
            key = await update_postponed_interaction(work, input.entry_no, values)
        return UpdatePostponedInteractionPayload(interaction_key=key)

    @mutation("Finish a postponed interaction: the same entry counts from now on.")
    async def resume_interaction(
        self,
        info: Info,
        input: Annotated[ResumeInteractionInput, strawberry.argument(description="The interaction.")],  # noqa: A002
    ) -> ResumeInteractionPayload:
        """Finish a postponed interaction."""
        values = cast("InteractionValues", given_values(input, without=("entry_no", "deliver")))
        async with info.context.write("resumeInteraction") as work:
            key = await resume_interaction(work, input.entry_no, values, deliver=input.deliver)
        return ResumeInteractionPayload(interaction_key=key)

    @mutation("Log a phone call, with a contact or from the line of a segment that is not logged yet.")
    async def log_phone_call(
        self,
        info: Info,
        input: Annotated[LogPhoneCallInput, strawberry.argument(description="The phone call.")],  # noqa: A002
    ) -> LogPhoneCallPayload:
        """Log a phone call."""
        values = cast("InteractionValues", given_values(input, without=("segment_no", "line_no", "dialed")))
        async with info.context.write("logPhoneCall") as work:
            key = await log_phone_call(
                work, values, segment_no=input.segment_no, line_no=input.line_no, dialed=input.dialed
            )
        return LogPhoneCallPayload(interaction_key=key)

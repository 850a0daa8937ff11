"""Mutations of interactions that are in the log: evaluate, cancel, take that back, delete."""

from typing import Annotated

import strawberry

from server.operations.interactions.log_entries import (
    delete_interactions,
    evaluate_interactions,
    set_interactions_canceled,
)
from server.schema.context import Info
from server.schema.enums import Evaluation
from server.schema.fields import computed
from server.schema.nodes import global_id
from server.schema.objects import Interaction
from server.schema.payloads import Payload, mutation
from server.schema.records import load_all

_ENTRY_NOS = "Entry numbers of the interactions, 1 to 1,000."


@strawberry.input(description="How interactions went.")
class EvaluateInteractionsInput:
    """What to evaluate."""

    entry_nos: list[int] = strawberry.field(description=f"{_ENTRY_NOS} Canceled and postponed ones, too.")
    evaluation: Evaluation | None = strawberry.field(description="How they went; null: not evaluated.")


@strawberry.input(description="Which interactions to cancel, or to take that back.")
class CancelInteractionsInput:
    """What to cancel."""

    entry_nos: list[int] = strawberry.field(description=f"{_ENTRY_NOS} None of them is postponed.")
    canceled: bool = strawberry.field(default=True, description="false takes the canceling back. Default: true.")
    remove_unique_attachment: bool = strawberry.field(
        default=False,
        description=(
            "Take their attachment from those that are canceled, if nothing else has it; that is not taken back. "
            "Default: false."
        ),
    )


@strawberry.input(description="Which interactions to delete.")
class DeleteInteractionsInput:
    """What to delete."""

    entry_nos: list[int] = strawberry.field(description=f"{_ENTRY_NOS} Each of them is canceled or postponed.")


@strawberry.type
class InteractionsPayload(Payload):
    """Shows interactions."""

    keys: strawberry.Private[tuple[int, ...]] = ()

    @computed("The interactions after the change, by entry number; none when the mutation was refused.")
    async def interactions(self, info: Info) -> list[Interaction]:
        """Return the interactions."""
        return await load_all(info, Interaction, self.keys)


@strawberry.type(description="The answer of evaluateInteractions.")
class EvaluateInteractionsPayload(InteractionsPayload):
    """The interactions, or why they are as they were."""


@strawberry.type(description="The answer of cancelInteractions.")
class CancelInteractionsPayload(InteractionsPayload):
    """The interactions, or why they are as they were."""


@strawberry.type(description="The answer of deleteInteractions.")
class DeleteInteractionsPayload(Payload):
    """What was deleted, or why nothing was."""

    deleted_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Global ids that they had, by entry number; null when the mutation was refused."
    )


@strawberry.type
class LogEntryMutations:
    """What can be done with interactions that are in the log."""

    @mutation("Say how interactions went.")
    async def evaluate_interactions(
        self,
        info: Info,
        input: Annotated[EvaluateInteractionsInput, strawberry.argument(description="Which, and how.")],  # noqa: A002
    ) -> EvaluateInteractionsPayload:
        """Evaluate interactions."""
        evaluation = None if input.evaluation is None else input.evaluation.value
        async with info.context.write("evaluateInteractions") as work:
            keys = await evaluate_interactions(work, input.entry_nos, evaluation)
        return EvaluateInteractionsPayload(keys=tuple(keys))

    @mutation(
        "Cancel interactions, or take that back. Canceled ones stay in the log, select contacts as before, and vanish "
        "from all sums."
    )
    async def cancel_interactions(
        self,
        info: Info,
        input: Annotated[CancelInteractionsInput, strawberry.argument(description="Which interactions.")],  # noqa: A002
    ) -> CancelInteractionsPayload:
        """Cancel interactions, or take that back."""
        async with info.context.write("cancelInteractions") as work:
            keys = await set_interactions_canceled(
                work,
                input.entry_nos,
                canceled=input.canceled,
                remove_unique_attachment=input.remove_unique_attachment,
            )
        return CancelInteractionsPayload(keys=tuple(keys))

    @mutation("Delete canceled or postponed interactions, with their comments and attachments that nothing else has.")
    async def delete_interactions(
        self,
        info: Info,
        input: Annotated[DeleteInteractionsInput, strawberry.argument(description="Which interactions.")],  # noqa: A002
    ) -> DeleteInteractionsPayload:
        """Delete interactions."""
        async with info.context.write("deleteInteractions") as work:
            keys = await delete_interactions(work, input.entry_nos)
        return DeleteInteractionsPayload(deleted_ids=[global_id("Interaction", key) for key in keys])

"""What a mailer says: what it takes, and what became of it."""

from typing import Annotated

import strawberry

from server.operations.interactions.deliveries import (
    claim_deliveries,
    confirm_deliveries,
    fail_delivery,
    retry_deliveries,
)
from server.schema.changed import InteractionPayload
from server.schema.context import Info
from server.schema.deliveries import Delivery
from server.schema.enums import CorrespondenceType
from server.schema.fields import computed
from server.schema.payloads import Payload, given_values, mutation
from server.schema.records import load_all

_MAILER = "Name of the mailer, at most 50 characters; two that run at the same time need different names."


@strawberry.input(description="How much a mailer takes to send, and for how long.")
class ClaimDeliveriesInput:
    """What to claim."""

    mailer: str = strawberry.field(description=_MAILER)
    limit: int = strawberry.field(default=100, description="Most deliveries to claim, 1 to 1,000. Default: 100.")
    seconds: int = strawberry.field(
        default=300,
        description="For how many seconds nobody else gets them, 1 to 86,400. Default: 300. Then they are free again.",
    )
    correspondence_type: CorrespondenceType | None = strawberry.field(
        default=None, description="Claim only what is sent this way. Default: both."
    )


@strawberry.input(description="What a mailer has sent.")
class ConfirmDeliveryInput:
    """What was sent."""

    mailer: str = strawberry.field(description=_MAILER)
    entry_nos: list[int] = strawberry.field(
        description="Entry numbers of the deliveries, 1 to 1,000; all of them are claimed by this mailer."
    )


@strawberry.input(description="What a mailer could not send.")
class FailDeliveryInput:
    """What was not sent."""

    mailer: str = strawberry.field(description=_MAILER)
    entry_no: int = strawberry.field(description="Entry number of the delivery, which is claimed by this mailer.")
    error: str = strawberry.field(description="Why, at most 250 characters; not blank.")
    retry_after: int | None = strawberry.field(
        default=None,
        description=(
            "Seconds after which it can be claimed again, 0 to 86,400. Default: it failed for good, until "
            "retryDelivery."
        ),
    )


@strawberry.input(description="What to queue again after it failed for good.")
class RetryDeliveryInput:
    """What to try again."""

    entry_nos: list[int] = strawberry.field(
        description="Entry numbers of the deliveries, 1 to 1,000; those that wait to be sent stay as they are."
    )


@strawberry.type(description="The answer of claimDeliveries.")
class ClaimDeliveriesPayload(Payload):
    """What was claimed, or why nothing was."""

    keys: strawberry.Private[tuple[int, ...]] = ()

    @computed("What the mailer shall send now, by entry number; none when nothing is free or the claim was refused.")
    async def deliveries(self, info: Info) -> list[Delivery]:
        """Return the deliveries."""
        return await load_all(info, Delivery, self.keys)


@strawberry.type(description="The answer of confirmDelivery.")
class ConfirmDeliveryPayload(Payload):
    """How many were confirmed, or why none were."""

    confirmed_count: int | None = strawberry.field(
        default=None, description="Number of deliveries taken from the queue; null when the mutation was refused."
    )


@strawberry.type(description="The answer of failDelivery.")
class FailDeliveryPayload(InteractionPayload):
    """The interaction, or why nothing was changed."""


@strawberry.type(description="The answer of retryDelivery.")
class RetryDeliveryPayload(Payload):
    """What waits again, or why nothing was changed."""

    keys: strawberry.Private[tuple[int, ...]] = ()

    @computed("The deliveries, by entry number; none when the mutation was refused.")
    async def deliveries(self, info: Info) -> list[Delivery]:
        """Return the deliveries."""
        return await load_all(info, Delivery, self.keys)


@strawberry.type
class DeliveryMutations:
    """What a mailer can do."""

    @mutation(
        "Give a mailer the first deliveries that are free, for some seconds in which no other mailer gets them. What "
        "must not be sent any more fails instead: its contact was deleted or, where the marketing setup skips such "
        "contacts, blocked for privacy; the interaction was canceled, or its attachment removed. Send each, then say "
        "confirmDelivery or failDelivery; what a mailer says nothing of is free again when the time is over."
    )
    async def claim_deliveries(
        self,
        info: Info,
        input: Annotated[ClaimDeliveriesInput, strawberry.argument(description="How much.")],  # noqa: A002
    ) -> ClaimDeliveriesPayload:
        """Claim deliveries."""
        async with info.context.write("claimDeliveries") as work:
            keys = await claim_deliveries(work, **given_values(input))
        return ClaimDeliveriesPayload(keys=tuple(keys))

    @mutation(
        "Say that deliveries were sent: they are taken from the queue, and the delivery status of their interactions "
        "becomes null. After its time a mailer may still do so until another one claims them."
    )
    async def confirm_delivery(
        self,
        info: Info,
        input: Annotated[ConfirmDeliveryInput, strawberry.argument(description="Which ones.")],  # noqa: A002
    ) -> ConfirmDeliveryPayload:
        """Confirm deliveries."""
        async with info.context.write("confirmDelivery") as work:
            await confirm_deliveries(work, input.entry_nos, mailer=input.mailer)
        return ConfirmDeliveryPayload(confirmed_count=len(set(input.entry_nos)))

    @mutation(
        "Say that a delivery could not be sent. It stays with its error, and the delivery status of its interaction "
        "becomes ERROR; with retryAfter it is free again instead."
    )
    async def fail_delivery(
        self,
        info: Info,
        input: Annotated[FailDeliveryInput, strawberry.argument(description="Which one, and why.")],  # noqa: A002
    ) -> FailDeliveryPayload:
        """Fail a delivery."""
        async with info.context.write("failDelivery") as work:
            key = await fail_delivery(
                work, input.entry_no, mailer=input.mailer, error=input.error, retry_after=input.retry_after
            )
        return FailDeliveryPayload(interaction_key=key)

    @mutation("Queue again what failed for good.")
    async def retry_delivery(
        self,
        info: Info,
        input: Annotated[RetryDeliveryInput, strawberry.argument(description="Which ones.")],  # noqa: A002
    ) -> RetryDeliveryPayload:
        """Queue deliveries again."""
        async with info.context.write("retryDelivery") as work:
            await retry_deliveries(work, input.entry_nos)
        return RetryDeliveryPayload(keys=tuple(sorted(set(input.entry_nos))))

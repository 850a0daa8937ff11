"""Mutations of logged segments."""

from typing import Annotated

import strawberry

from server.operations.segments.logged_segments import (
    delete_logged_segments,
    resend_logged_segment,
    set_logged_segments_canceled,
)
from server.schema.changed import LoggedSegmentPayload
from server.schema.context import Info
from server.schema.fields import computed
from server.schema.nodes import global_id
from server.schema.objects import LoggedSegment
from server.schema.payloads import Payload, mutation
from server.schema.records import load_all

_ENTRY_NOS = "Entry numbers of the logged segments, 1 to 1,000."


@strawberry.input(description="Which logged segments to cancel, or to take that back.")
class CancelLoggedSegmentsInput:
    """What to cancel."""

    entry_nos: list[int] = strawberry.field(description=_ENTRY_NOS)
    canceled: bool = strawberry.field(default=True, description="false takes the canceling back. Default: true.")


@strawberry.input(description="Which logged segments to delete.")
class DeleteLoggedSegmentsInput:
    """What to delete."""

    entry_nos: list[int] = strawberry.field(description=f"{_ENTRY_NOS} All of them are canceled.")


@strawberry.input(description="Which logged segment to send again.")
class ResendLoggedSegmentInput:
    """What to send again."""

    entry_no: int = strawberry.field(description="Entry number of the logged segment.")
    new_interactions: bool = strawberry.field(
        default=False,
        description=(
            "Log a new interaction for each that is sent again: a copy of today with 'Resend: ' before its description "
            "that belongs to no logged segment. Default: false, the interactions are sent once more themselves."
        ),
    )


@strawberry.type(description="The answer of cancelLoggedSegments.")
class CancelLoggedSegmentsPayload(Payload):
    """The logged segments, or why they are as they were."""

    keys: strawberry.Private[tuple[int, ...]] = ()

    @computed("The logged segments after the change, by entry number; none when the mutation was refused.")
    async def logged_segments(self, info: Info) -> list[LoggedSegment]:
        """Return the logged segments."""
        return await load_all(info, LoggedSegment, self.keys)


@strawberry.type(description="The answer of deleteLoggedSegments.")
class DeleteLoggedSegmentsPayload(Payload):
    """What was deleted, or why nothing was."""

    deleted_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Global ids that they had, by entry number; null when the mutation was refused."
    )


@strawberry.type(description="The answer of resendLoggedSegment.")
class ResendLoggedSegmentPayload(LoggedSegmentPayload):
    """The logged segment, or why nothing is sent."""

    queued_count: int | None = strawberry.field(
        default=None, description="Number of deliveries queued; null when the mutation was refused."
    )


@strawberry.type
class LoggedSegmentMutations:
    """What can be done with logged segments."""

    @mutation(
        "Cancel logged segments, or take that back. All their interactions and campaign entries get the same state, "
        "whatever their own was: what was canceled by itself comes back, too."
    )
    async def cancel_logged_segments(
        self,
        info: Info,
        input: Annotated[CancelLoggedSegmentsInput, strawberry.argument(description="Which ones.")],  # noqa: A002
    ) -> CancelLoggedSegmentsPayload:
        """Cancel logged segments."""
        async with info.context.write("cancelLoggedSegments") as work:
            keys = await set_logged_segments_canceled(work, input.entry_nos, canceled=input.canceled)
        return CancelLoggedSegmentsPayload(keys=tuple(keys))

    @mutation(
        "Delete canceled logged segments. Their interactions and campaign entries stay, canceled, and belong to no "
        "logged segment any more. The number of the segment can be used again once its campaign entries are deleted, "
        "too."
    )
    async def delete_logged_segments(
        self,
        info: Info,
        input: Annotated[DeleteLoggedSegmentsInput, strawberry.argument(description="Which ones.")],  # noqa: A002
    ) -> DeleteLoggedSegmentsPayload:
        """Delete logged segments."""
        async with info.context.write("deleteLoggedSegments") as work:
            keys = await delete_logged_segments(work, input.entry_nos)
        return DeleteLoggedSegmentsPayload(deleted_ids=[global_id("LoggedSegment", key) for key in keys])

    @mutation(
        "Queue the attachments of a logged segment for the mailers once more. Left out are canceled interactions, "
        "those without an attachment or a way to send it, those by e-mail without an address, those whose contact was "
        "deleted or, where the marketing setup skips such contacts, is blocked for privacy, and those that wait to be "
        "sent already."
    )
    async def resend_logged_segment(
        self,
        info: Info,
        input: Annotated[ResendLoggedSegmentInput, strawberry.argument(description="Which one.")],  # noqa: A002
    ) -> ResendLoggedSegmentPayload:
        """Send a logged segment again."""
        async with info.context.write("resendLoggedSegment") as work:
            queued = await resend_logged_segment(work, input.entry_no, new_interactions=input.new_interactions)
        return ResendLoggedSegmentPayload(logged_segment_key=input.entry_no, queued_count=queued)

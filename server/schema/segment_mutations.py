"""Mutations of segments themselves: their headers, their lines' values, logging, and saved criteria."""

from typing import Annotated, cast

import strawberry

from server.operations.segments.criteria import save_criteria
from server.operations.segments.log_segment import log_segment
from server.operations.segments.segment_values import SegmentValues
from server.operations.segments.segments import create_segment, delete_segment, update_segment
from server.schema.changed import LoggedSegmentPayload, SavedCriteriaPayload, SegmentPayload
from server.schema.context import Info
from server.schema.fields import computed
from server.schema.nodes import global_id
from server.schema.objects import Segment
from server.schema.payloads import Payload, given_values, mutation
from server.schema.records import load
from server.schema.segment_inputs import (
    CreateSegmentInput,
    DeleteSegmentInput,
    LogSegmentInput,
    SaveCriteriaInput,
    UpdateSegmentInput,
)

_NOT_VALUES = ("no", "update_lines", "create_language", "expected_version")


@strawberry.type(description="The answer of createSegment.")
class CreateSegmentPayload(SegmentPayload):
    """The new segment, or why there is none."""


@strawberry.type(description="The answer of updateSegment.")
class UpdateSegmentPayload(SegmentPayload):
    """The changed segment, or why it is not changed."""


@strawberry.type(description="The answer of saveCriteria.")
class SaveCriteriaPayload(SavedCriteriaPayload):
    """The saved criteria, or why there are none."""


@strawberry.type(description="The answer of deleteSegment.")
class DeleteSegmentPayload(Payload):
    """What was deleted, or why nothing was."""

    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="Global id that the segment had; null when the mutation was refused."
    )
    deleted_no: str | None = strawberry.field(
        default=None, description="Number that the segment had; null when the mutation was refused."
    )


@strawberry.type(description="The answer of logSegment. The segment itself is gone.")
class LogSegmentPayload(LoggedSegmentPayload):
    """The logged segment, or why nothing was logged."""

    follow_up_key: strawberry.Private[int | None] = None
    interactions_logged: int | None = strawberry.field(
        default=None, description="Number of interactions written; null when the mutation was refused."
    )
    skipped_count: int | None = strawberry.field(
        default=None,
        description="Number of lines left out because their contact is blocked for privacy; null when refused.",
    )
    deliveries_queued: int | None = strawberry.field(
        default=None,
        description="Number of interactions that wait for a mailer now; null when the mutation was refused.",
    )

    @computed("The follow-up segment; null when none was asked for.")
    async def follow_up_segment(self, info: Info) -> Segment | None:
        """Return the follow-up segment."""
        return await load(info, Segment, self.follow_up_key)


@strawberry.type
class SegmentMutations:
    """What can be done with segments, beside their actions."""

    @mutation(
        "Create a segment without lines. It has the languages of its template, with what is sent in them; its "
        "salesperson is the acting user's own unless one is given."
    )
    async def create_segment(
        self,
        info: Info,
        input: Annotated[CreateSegmentInput, strawberry.argument(description="The segment.")],  # noqa: A002
    ) -> CreateSegmentPayload:
        """Create a segment."""
        values = cast("SegmentValues", given_values(input, without=("create_language",)))
        async with info.context.write("createSegment") as work:
            key = await create_segment(work, values, create_language=input.create_language)
        return CreateSegmentPayload(segment_key=key)

    @mutation(
        "Change a segment. A new template brings its group, language, cost, duration, flow, initiator, campaign flags "
        "and correspondence type, its languages instead of the segment's, and its campaign if it has one. The default "
        "language reaches no lines but with a template; correspondenceType reaches lines only when something is "
        "attached in the default language; a subject reaches the lines in the default language that have the old one."
    )
    async def update_segment(
        self,
        info: Info,
        input: Annotated[UpdateSegmentInput, strawberry.argument(description="The changes.")],  # noqa: A002
    ) -> UpdateSegmentPayload:
        """Change a segment."""
        values = cast("SegmentValues", given_values(input, without=_NOT_VALUES))
        async with info.context.write("updateSegment") as work:
            key = await update_segment(
                work,
                input.no,
                values,
                update_lines=input.update_lines,
                create_language=input.create_language,
                expected_version=input.expected_version,
            )
        return UpdateSegmentPayload(segment_key=key)

    @mutation("Delete a segment with its lines and actions; contacts and interactions stay.")
    async def delete_segment(
        self,
        info: Info,
        input: Annotated[DeleteSegmentInput, strawberry.argument(description="Which segment.")],  # noqa: A002
    ) -> DeleteSegmentPayload:
        """Delete a segment."""
        async with info.context.write("deleteSegment") as work:
            key = await delete_segment(work, input.no, expected_version=input.expected_version)
        return DeleteSegmentPayload(deleted_id=global_id("Segment", key), deleted_no=input.no.strip().upper())

    @mutation(
        "Log a segment: write an interaction for every line and a campaign entry for every campaign on the lines, then "
        "delete the segment. Every line needs a salesperson and a template. Lines of contacts blocked for privacy are "
        "left out where the marketing setup says so; what would be e-mailed to a contact without an address is logged "
        "without a correspondence type."
    )
    async def log_segment(
        self,
        info: Info,
        input: Annotated[LogSegmentInput, strawberry.argument(description="Which segment.")],  # noqa: A002
    ) -> LogSegmentPayload:
        """Log a segment."""
        async with info.context.write("logSegment") as work:
            result = await log_segment(
                work,
                input.segment_no,
                deliver=input.deliver,
                follow_up=input.follow_up,
                expected_version=input.expected_version,
            )
        return LogSegmentPayload(
            logged_segment_key=result.logged_segment_no,
            follow_up_key=result.follow_up_segment_id,
            interactions_logged=result.entries,
            skipped_count=result.skipped_count,
            deliveries_queued=result.deliveries,
        )

    @mutation(
        "Keep the actions of a segment, as far as they are not undone, under a code. Lines put on or taken off one by "
        "one are kept as rules that name their contacts; used again, these add each contact once, in the order of "
        "addContactsToSegment."
    )
    async def save_criteria(
        self,
        info: Info,
        input: Annotated[SaveCriteriaInput, strawberry.argument(description="Which actions.")],  # noqa: A002
    ) -> SaveCriteriaPayload:
        """Save criteria."""
        description = given_values(input).get("description")
        async with info.context.write("saveCriteria") as work:
            code = await save_criteria(
                work, input.segment_no, input.code, description, expected_version=input.expected_version
            )
        return SaveCriteriaPayload(saved_criteria_key=code)

"""Mutations of single lines of a segment."""

from typing import Annotated, cast

import strawberry

from server.operations.segments.line_contact import change_line_contact
from server.operations.segments.lines import update_line
from server.operations.segments.segment_values import LineValues
from server.schema.changed import SegmentLinePayload
from server.schema.context import Info
from server.schema.payloads import given_values, mutation
from server.schema.segment_inputs import ChangeSegmentLineContactInput, UpdateSegmentLineInput


@strawberry.type(description="The answer of updateSegmentLine.")
class UpdateSegmentLinePayload(SegmentLinePayload):
    """The changed line, or why it is not changed."""


@strawberry.type(description="The answer of changeSegmentLineContact.")
class ChangeSegmentLineContactPayload(SegmentLinePayload):
    """The line of the contact, or why there is none."""


@strawberry.type
class SegmentLineMutations:
    """What can be done with single lines."""

    @mutation(
        "Change the values of one line. A new template brings its values to the line as it does to a segment, in the "
        "contact's language where it has that one; its description only to a line that has none or had another "
        "template before. A new language brings its subject, and its attachment unless the line has one of its own."
    )
    async def update_segment_line(
        self,
        info: Info,
        input: Annotated[UpdateSegmentLineInput, strawberry.argument(description="The changes.")],  # noqa: A002
    ) -> UpdateSegmentLinePayload:
        """Change a line."""
        values = cast("LineValues", given_values(input, without=("segment_no", "line_no", "expected_version")))
        async with info.context.write("updateSegmentLine") as work:
            key = await update_line(
                work, input.segment_no, input.line_no, values, expected_version=input.expected_version
            )
        return UpdateSegmentLinePayload(segment_key=key, line_no=input.line_no)

    @mutation(
        "Put another contact on a line. The line is removed and the contact gets one of its own with the segment's "
        "values, a new number and no edits: two actions, so undoing both brings the old line back as it was. Given the "
        "contact that the line has, the line keeps its number and loses its edits, and there is no action."
    )
    async def change_segment_line_contact(
        self,
        info: Info,
        input: Annotated[ChangeSegmentLineContactInput, strawberry.argument(description="Whom, and where.")],  # noqa: A002
    ) -> ChangeSegmentLineContactPayload:
        """Put another contact on a line."""
        async with info.context.write("changeSegmentLineContact") as work:
            key, line_no = await change_line_contact(
                work,
                input.segment_no,
                input.line_no,
                input.contact_no,
                allow_existing_contacts=input.allow_existing_contacts,
                expected_version=input.expected_version,
            )
        return ChangeSegmentLineContactPayload(segment_key=key, line_no=line_no)

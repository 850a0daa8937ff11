"""Mutations that use again what is there: logged segments, saved criteria, segments, and mailing groups."""

from typing import Annotated, cast

import strawberry

from server.operations.segments.copying import CopyValues, copy_segment
from server.operations.segments.criteria import delete_criteria, update_criteria
from server.operations.segments.mailing_groups import apply_mailing_group
from server.operations.segments.reusing import reuse_logged_segment
from server.schema.changed import MailingGroupPayload, SavedCriteriaPayload, SegmentPayload
from server.schema.context import Info
from server.schema.inputs import Guarded, optional
from server.schema.nodes import global_id
from server.schema.payloads import Payload, given_values, mutation
from server.schema.segment_action_mutations import SegmentActionPayload
from server.schema.segment_inputs import SegmentActionInput

_NULL = "null when the mutation was refused."


@strawberry.input(description="Which logged segment to put on a segment.")
class ReuseLoggedSegmentInput(SegmentActionInput):
    """A logged segment to reuse."""

    logged_segment_entry_no: int = strawberry.field(description="Entry number of the logged segment.")
    append: bool = strawberry.field(
        default=False, description="Add its lines to a segment that has actions already; else that is refused."
    )


@strawberry.input(description="Which mailing group the contacts on a segment shall be in.")
class ApplyMailingGroupInput(SegmentActionInput):
    """A mailing group to apply."""

    code: str = strawberry.field(description="Code of the mailing group, at most 20 characters.")
    delete_old: bool = strawberry.field(
        default=False,
        description="Take everybody else out of the mailing group: then exactly the contacts on the lines are in it.",
    )


@strawberry.input(description="Which segment to copy, and what the copy has otherwise.")
class CopySegmentInput(Guarded):
    """A segment to copy."""

    no: str = strawberry.field(description="Number of the segment, at most 20 characters.")
    new_no: str | None = optional(
        "Number of the copy, at most 20 characters, that no segment has, nor a logged one, nor a campaign entry. "
        "Default: the next of the series."
    )
    description: str | None = optional(
        "Description of the copy, at most 100 characters, which reaches its lines as in updateSegment. "
        "Default: the same."
    )
    with_lines: bool = strawberry.field(
        default=True,
        description=(
            "Copy the lines as they stand now, with their edits, as one action of the kind PIN. Numbers of lines begin "
            "anew."
        ),
    )


@strawberry.input(description="Changes of saved criteria. Fields left out stay as they are.")
class UpdateSavedCriteriaInput:
    """Changes of saved criteria."""

    code: str = strawberry.field(description="Code of the saved criteria, at most 20 characters.")
    new_code: str | None = optional("The new code, at most 20 characters; unique, not blank, stored in upper case.")
    description: str | None = optional("What the criteria select, at most 100 characters; null makes it blank.")


@strawberry.input(description="Which saved criteria to delete.")
class DeleteSavedCriteriaInput:
    """Saved criteria to delete."""

    code: str = strawberry.field(description="Code of the saved criteria, at most 20 characters.")


@strawberry.type(description="The answer of reuseLoggedSegment.")
class ReuseLoggedSegmentPayload(SegmentActionPayload):
    """What was added, or why nothing was."""


@strawberry.type(description="The answer of applyMailingGroup.")
class ApplyMailingGroupPayload(MailingGroupPayload, SegmentPayload):
    """Who is in the mailing group now, or why nothing changed."""

    contacts_added: int | None = strawberry.field(
        default=None, description=f"Number of contacts who came into the mailing group; {_NULL}"
    )
    contacts_removed: int | None = strawberry.field(
        default=None, description=f"Number of contacts who left it, because of deleteOld; {_NULL}"
    )


@strawberry.type(description="The answer of copySegment.")
class CopySegmentPayload(SegmentPayload):
    """The copy, or why there is none."""


@strawberry.type(description="The answer of updateSavedCriteria.")
class UpdateSavedCriteriaPayload(SavedCriteriaPayload):
    """The changed saved criteria, or why they are not changed."""


@strawberry.type(description="The answer of deleteSavedCriteria.")
class DeleteSavedCriteriaPayload(Payload):
    """What was deleted, or why nothing was."""

    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description=f"Global id that the saved criteria had; {_NULL}"
    )
    deleted_code: str | None = strawberry.field(default=None, description=f"Code that the saved criteria had; {_NULL}")


@strawberry.type
class SegmentReuseMutations:
    """What can be done with what is there already."""

    @mutation(
        "Put the contacts of a logged segment on a segment: a line for every one of its interactions, canceled ones "
        "included, as one action. Contacts who stand on the segment, are excluded or come twice get a line each time. "
        "A line has the campaign of its interaction and all else from the segment."
    )
    async def reuse_logged_segment(
        self,
        info: Info,
        input: Annotated[ReuseLoggedSegmentInput, strawberry.argument(description="Which one.")],  # noqa: A002
    ) -> ReuseLoggedSegmentPayload:
        """Reuse a logged segment."""
        async with info.context.write("reuseLoggedSegment") as work:
            result = await reuse_logged_segment(
                work,
                input.segment_no,
                input.logged_segment_entry_no,
                append=input.append,
                expected_version=input.expected_version,
            )
        return ReuseLoggedSegmentPayload.of([result])

    @mutation(
        "Put the contacts on the lines of a segment into a mailing group. It is no action: undo does not take it back."
    )
    async def apply_mailing_group(
        self,
        info: Info,
        input: Annotated[ApplyMailingGroupInput, strawberry.argument(description="Which group.")],  # noqa: A002
    ) -> ApplyMailingGroupPayload:
        """Apply a mailing group."""
        async with info.context.write("applyMailingGroup") as work:
            applied = await apply_mailing_group(
                work,
                input.segment_no,
                input.code,
                delete_old=input.delete_old,
                expected_version=input.expected_version,
            )
        return ApplyMailingGroupPayload(
            segment_key=applied.segment_id,
            mailing_group_key=applied.code,
            contacts_added=applied.contacts_added,
            contacts_removed=applied.contacts_removed,
        )

    @mutation(
        "Make a new segment of another one: its header with its languages and, unless told otherwise, its lines. The "
        "earlier actions are not copied."
    )
    async def copy_segment(
        self,
        info: Info,
        input: Annotated[CopySegmentInput, strawberry.argument(description="Which segment.")],  # noqa: A002
    ) -> CopySegmentPayload:
        """Copy a segment."""
        values = cast("CopyValues", given_values(input, without=("no", "with_lines", "expected_version")))
        async with info.context.write("copySegment") as work:
            key = await copy_segment(
                work, input.no, values, with_lines=input.with_lines, expected_version=input.expected_version
            )
        return CopySegmentPayload(segment_key=key)

    @mutation("Give saved criteria another code or description.")
    async def update_saved_criteria(
        self,
        info: Info,
        input: Annotated[UpdateSavedCriteriaInput, strawberry.argument(description="The changes.")],  # noqa: A002
    ) -> UpdateSavedCriteriaPayload:
        """Change saved criteria."""
        given = {name: value or "" for name, value in given_values(input, without=("code",)).items()}
        async with info.context.write("updateSavedCriteria") as work:
            code = await update_criteria(work, input.code, **given)
        return UpdateSavedCriteriaPayload(saved_criteria_key=code)

    @mutation("Delete saved criteria; segments built by them stay as they are.")
    async def delete_saved_criteria(
        self,
        info: Info,
        input: Annotated[DeleteSavedCriteriaInput, strawberry.argument(description="Which ones.")],  # noqa: A002
    ) -> DeleteSavedCriteriaPayload:
        """Delete saved criteria."""
        async with info.context.write("deleteSavedCriteria") as work:
            code = await delete_criteria(work, input.code)
        return DeleteSavedCriteriaPayload(deleted_id=global_id("SavedCriteria", code), deleted_code=code)

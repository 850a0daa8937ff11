"""Mutations that change the lines of a segment, each an action that can be undone and redone."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Self

import strawberry

from server.operations.segments.criteria import reuse_criteria, saved_actions
from server.operations.segments.lines import add_lines, remove_lines
from server.operations.segments.revisions import ActionResult, redo_action, undo_action
from server.operations.segments.selecting import (
    AddOptions,
    add_contacts,
    contacts_asked,
    reduce_segment,
    refine_segment,
)
from server.schema.changed import SegmentPayload
from server.schema.context import Info
from server.schema.payloads import at_path, mutation
from server.schema.rule_arguments import at_rule, decided_rule, filled_rule
from server.schema.segment_inputs import (
    AddContactsToSegmentInput,
    AddSegmentLinesInput,
    RedoSegmentActionInput,
    ReduceSegmentInput,
    RefineSegmentInput,
    RemovalInput,
    RemoveSegmentLinesInput,
    ReuseCriteriaInput,
    UndoSegmentActionInput,
)

_NULL = "null when the mutation was refused."


@strawberry.type
class SegmentActionPayload(SegmentPayload):
    """The segment and what became of its lines, or why nothing did."""

    lines_added: int | None = strawberry.field(default=None, description=f"Number of lines that appeared; {_NULL}")
    lines_removed: int | None = strawberry.field(default=None, description=f"Number of lines that disappeared; {_NULL}")
    line_count: int | None = strawberry.field(default=None, description=f"Number of lines now; {_NULL}")
    undecided_count: int | None = strawberry.field(
        default=None,
        description=f"Number of contacts for which the rule failed; it neither added nor removed them; {_NULL}",
    )
    skipped_count: int | None = strawberry.field(
        default=None, description=f"Number of contacts named one by one that stood on the segment already; {_NULL}"
    )
    excluded_count: int | None = strawberry.field(
        default=None,
        description=(
            "Number of contacts selected that got no line because they are excluded from segments; 0 for everything "
            f"but adding by a rule; {_NULL}"
        ),
    )
    privacy_blocked_count: int | None = strawberry.field(
        default=None,
        description=(
            "Number of contacts selected that got no line because they are blocked for privacy, without those in "
            f"excludedCount; 0 for everything but adding by a rule; {_NULL}"
        ),
    )
    action_count: int | None = strawberry.field(default=None, description=f"Number of actions carried out; {_NULL}")

    @classmethod
    def of(cls, results: Sequence[ActionResult]) -> Self:
        """Return the answer for actions carried out one after the other."""
        last = results[-1]
        return cls(
            segment_key=last.segment_id,
            lines_added=sum(result.lines_added for result in results),
            lines_removed=sum(result.lines_removed for result in results),
            line_count=last.line_count,
            undecided_count=sum(result.undecided_count for result in results),
            skipped_count=sum(result.skipped_count for result in results),
            excluded_count=sum(result.excluded_count for result in results),
            privacy_blocked_count=sum(result.privacy_blocked_count for result in results),
            action_count=len(results),
        )


@strawberry.type(description="The answer of addContactsToSegment.")
class AddContactsToSegmentPayload(SegmentActionPayload):
    """What was added, or why nothing was."""


@strawberry.type(description="The answer of reduceSegment.")
class ReduceSegmentPayload(SegmentActionPayload):
    """What was removed, or why nothing was."""


@strawberry.type(description="The answer of refineSegment.")
class RefineSegmentPayload(SegmentActionPayload):
    """What was removed, or why nothing was."""


@strawberry.type(description="The answer of undoSegmentAction.")
class UndoSegmentActionPayload(SegmentActionPayload):
    """What was undone, or why nothing was."""


@strawberry.type(description="The answer of redoSegmentAction.")
class RedoSegmentActionPayload(SegmentActionPayload):
    """What was redone, or why nothing was."""


@strawberry.type(description="The answer of addSegmentLines.")
class AddSegmentLinesPayload(SegmentActionPayload):
    """What was added, or why nothing was."""


@strawberry.type(description="The answer of removeSegmentLines.")
class RemoveSegmentLinesPayload(SegmentActionPayload):
    """What was removed, or why nothing was."""


@strawberry.type(description="The answer of reuseCriteria.")
class ReuseCriteriaPayload(SegmentActionPayload):
    """What was carried out, or why nothing was."""


async def _removed(
    info: Info, operation: str, remove: Callable[..., Awaitable[ActionResult]], given: RemovalInput
) -> ActionResult:
    """Carry out a removal by a rule, which is decided for the contacts about which the action asks."""
    rule = filled_rule(given.rule, given.parameters)
    asked = contacts_asked(given.segment_no, entire_companies=given.entire_companies)
    decided = await decided_rule(info, rule, allow_scan=given.allow_scan, among=asked, for_change=True)
    async with info.context.write(operation) as work:
        with at_rule():
            return await remove(
                work,
                given.segment_no,
                decided,
                entire_companies=given.entire_companies,
                reset_when_empty=given.reset_when_empty,
                expected_version=given.expected_version,
            )


@strawberry.type
class SegmentActionMutations:
    """What can be done with the lines of segments."""

    @mutation(
        "Add the contacts that a rule selects, ordered by company name, company number, type (companies first) and "
        "name, whatever the case of letters in names. Contacts excluded from segments, and contacts blocked for "
        "privacy, are left out last of all, and counted."
    )
    async def add_contacts_to_segment(
        self,
        info: Info,
        input: Annotated[AddContactsToSegmentInput, strawberry.argument(description="Which contacts.")],  # noqa: A002
    ) -> AddContactsToSegmentPayload:
        """Add contacts by a rule."""
        options = AddOptions(
            allow_existing_contacts=input.allow_existing_contacts,
            expand_companies=input.expand_companies,
            allow_company_with_persons=input.allow_company_with_persons,
            ignore_exclusion=input.ignore_exclusion,
            skip_privacy_blocked=input.skip_privacy_blocked,
        )
        rule = filled_rule(input.rule, input.parameters)
        decided = await decided_rule(info, rule, allow_scan=input.allow_scan, for_change=True)
        async with info.context.write("addContactsToSegment") as work:
            with at_rule():
                result = await add_contacts(
                    work, input.segment_no, decided, options, expected_version=input.expected_version
                )
        return AddContactsToSegmentPayload.of([result])

    @mutation("Remove the lines of the contacts that a rule selects.")
    async def reduce_segment(
        self,
        info: Info,
        input: Annotated[ReduceSegmentInput, strawberry.argument(description="Whom to remove.")],  # noqa: A002
    ) -> ReduceSegmentPayload:
        """Remove contacts by a rule."""
        return ReduceSegmentPayload.of([await _removed(info, "reduceSegment", reduce_segment, input)])

    @mutation("Remove the lines of the contacts that a rule does not select.")
    async def refine_segment(
        self,
        info: Info,
        input: Annotated[RefineSegmentInput, strawberry.argument(description="Whom to keep.")],  # noqa: A002
    ) -> RefineSegmentPayload:
        """Keep contacts by a rule."""
        return RefineSegmentPayload.of([await _removed(info, "refineSegment", refine_segment, input)])

    @mutation("Undo the last action; redo brings exactly its lines back. A new action drops what was undone.")
    async def undo_segment_action(
        self,
        info: Info,
        input: Annotated[UndoSegmentActionInput, strawberry.argument(description="Which segment.")],  # noqa: A002
    ) -> UndoSegmentActionPayload:
        """Undo an action."""
        async with info.context.write("undoSegmentAction") as work:
            result = await undo_action(work, input.segment_no, expected_version=input.expected_version)
        return UndoSegmentActionPayload.of([result])

    @mutation("Redo the action that was undone last.")
    async def redo_segment_action(
        self,
        info: Info,
        input: Annotated[RedoSegmentActionInput, strawberry.argument(description="Which segment.")],  # noqa: A002
    ) -> RedoSegmentActionPayload:
        """Redo an action."""
        async with info.context.write("redoSegmentAction") as work:
            result = await redo_action(work, input.segment_no, expected_version=input.expected_version)
        return RedoSegmentActionPayload.of([result])

    @mutation("Put contacts on a segment by their numbers, as one action.")
    async def add_segment_lines(
        self,
        info: Info,
        input: Annotated[AddSegmentLinesInput, strawberry.argument(description="Which contacts.")],  # noqa: A002
    ) -> AddSegmentLinesPayload:
        """Add lines one by one."""
        async with info.context.write("addSegmentLines") as work:
            result = await add_lines(
                work,
                input.segment_no,
                input.contact_nos,
                allow_existing_contacts=input.allow_existing_contacts,
                expected_version=input.expected_version,
            )
        return AddSegmentLinesPayload.of([result])

    @mutation("Take lines off a segment by their numbers, as one action.")
    async def remove_segment_lines(
        self,
        info: Info,
        input: Annotated[RemoveSegmentLinesInput, strawberry.argument(description="Which lines.")],  # noqa: A002
    ) -> RemoveSegmentLinesPayload:
        """Remove lines one by one."""
        async with info.context.write("removeSegmentLines") as work:
            result = await remove_lines(
                work,
                input.segment_no,
                input.line_nos,
                reset_when_empty=input.reset_when_empty,
                expected_version=input.expected_version,
            )
        return RemoveSegmentLinesPayload.of([result])

    @mutation("Carry saved criteria out on a segment; each of their actions can be undone by itself.")
    async def reuse_criteria(
        self,
        info: Info,
        input: Annotated[ReuseCriteriaInput, strawberry.argument(description="Which criteria.")],  # noqa: A002
    ) -> ReuseCriteriaPayload:
        """Reuse criteria."""
        async with info.context.read() as connection:
            actions = await saved_actions(connection, input.code)
        with at_path("code"):
            decided = [
                await info.context.decide(
                    action.rule,
                    allow_scan=input.allow_scan,
                    among=action.contacts_asked(input.segment_no),
                    for_change=True,
                )
                for action in actions
                if action.has_rule
            ]
        async with info.context.write("reuseCriteria") as work:
            results = await reuse_criteria(
                work,
                input.segment_no,
                input.code,
                decided,
                append=input.append,
                expected_version=input.expected_version,
            )
        return ReuseCriteriaPayload.of(results)

"""Mutations of comments on contacts, campaigns and interactions."""

from datetime import date
from typing import Annotated, Any, cast

import strawberry

from server.operations.setup.comment_subjects import (
    CommentSubject,
    change_comment,
    comment_on,
    remove_comment,
)
from server.operations.setup.comments import Comments, CommentValues
from server.reading.comments import read_comment
from server.schema.comments import Comment
from server.schema.context import Info
from server.schema.fields import computed
from server.schema.inputs import optional
from server.schema.payloads import Payload, given_values, mutation

_SUBJECT = ("contact_no", "campaign_no", "interaction_entry_no")


@strawberry.input
class CommentSubjectFields:
    """What a comment is about."""

    contact_no: str | None = optional("Number of the contact it is about, at most 20 characters.")
    campaign_no: str | None = optional("Number of the campaign it is about, at most 20 characters.")
    interaction_entry_no: int | None = optional("Entry number of the interaction it is about.")


@strawberry.input(description="A new comment. Name exactly one of contactNo, campaignNo and interactionEntryNo.")
class CreateCommentInput(CommentSubjectFields):
    """A new comment."""

    on: date | None = optional("Day of the comment. Default: the work date.")
    code: str | None = optional("What kind of comment it is, at most 10 characters, stored in upper case.")
    text: str = strawberry.field(description="The comment, at most 80 characters; not blank.")


@strawberry.input(
    description=(
        "Changes of a comment. Name exactly one of contactNo, campaignNo and interactionEntryNo. Fields left out stay "
        "as they are."
    )
)
class UpdateCommentInput(CommentSubjectFields):
    """Changes of a comment."""

    place: int = strawberry.field(description="Its place among the comments on the same object.")
    on: date | None = optional("Day of the comment; not null.")
    code: str | None = optional("What kind of comment it is, at most 10 characters; null: none.")
    text: str | None = optional("The comment, at most 80 characters; not blank.")


@strawberry.input(description="A comment to delete. Name exactly one of contactNo, campaignNo and interactionEntryNo.")
class DeleteCommentInput(CommentSubjectFields):
    """A comment to delete."""

    place: int = strawberry.field(description="Its place among the comments on the same object.")


@strawberry.type
class CommentPayload(Payload):
    """Shows a comment, by its table, the key of what it is about, and its place."""

    comment_key: strawberry.Private[tuple[Comments, int, int] | None] = None

    @computed("The comment after the change; null when the mutation was refused.")
    async def comment(self, info: Info) -> Comment | None:
        """Return the comment."""
        if self.comment_key is None:
            return None
        async with info.context.read() as connection:
            row = await read_comment(connection, *self.comment_key)
        return None if row is None else Comment.of(row)


@strawberry.type(description="The answer of createComment.")
class CreateCommentPayload(CommentPayload):
    """The new comment, or why there is none."""


@strawberry.type(description="The answer of updateComment.")
class UpdateCommentPayload(CommentPayload):
    """The changed comment, or why it is not changed."""


@strawberry.type(description="The answer of deleteComment.")
class DeleteCommentPayload(Payload):
    """Whether the comment is gone, or why not."""

    deleted_place: int | None = strawberry.field(
        default=None, description="The place that the comment had; null when the mutation was refused."
    )


@strawberry.type
class CommentMutations:
    """What can be done with comments."""

    @mutation("Write a comment on a contact, campaign or interaction. A contact counts as changed.")
    async def create_comment(
        self,
        info: Info,
        input: Annotated[CreateCommentInput, strawberry.argument(description="The comment.")],  # noqa: A002
    ) -> CreateCommentPayload:
        """Write a comment."""
        subject, values = _split(input)
        async with info.context.write("createComment") as work:
            comments, owner_id, place = await comment_on(work, subject, values)
        return CreateCommentPayload(comment_key=(comments, owner_id, place))

    @mutation("Change a comment. A contact counts as changed.")
    async def update_comment(
        self,
        info: Info,
        input: Annotated[UpdateCommentInput, strawberry.argument(description="The changes.")],  # noqa: A002
    ) -> UpdateCommentPayload:
        """Change a comment."""
        subject, values = _split(input)
        async with info.context.write("updateComment") as work:
            comments, owner_id = await change_comment(work, subject, input.place, values)
        return UpdateCommentPayload(comment_key=(comments, owner_id, input.place))

    @mutation("Delete a comment; the others keep their places. A contact counts as changed.")
    async def delete_comment(
        self,
        info: Info,
        input: Annotated[DeleteCommentInput, strawberry.argument(description="Which comment.")],  # noqa: A002
    ) -> DeleteCommentPayload:
        """Delete a comment."""
        subject, _ = _split(input)
        async with info.context.write("deleteComment") as work:
            await remove_comment(work, subject, input.place)
        return DeleteCommentPayload(deleted_place=input.place)


def _split(given: Any) -> tuple[CommentSubject, CommentValues]:
    """Return what the comment is about, and the comment."""
    values = given_values(given, without=("place",))
    subject = {field: values.pop(field) for field in _SUBJECT if field in values}
    return cast("CommentSubject", subject), cast("CommentValues", values)

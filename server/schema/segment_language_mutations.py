"""Mutations of the languages of a segment."""

from typing import Annotated, cast

import strawberry

from server.operations.segments.segment_languages import (
    LanguageValues,
    create_language,
    delete_language,
    update_language,
)
from server.schema.attachments import AttachmentInput
from server.schema.changed import SegmentPayload
from server.schema.context import Info
from server.schema.inputs import optional
from server.schema.payloads import given_values, mutation
from server.schema.segment_inputs import SegmentActionInput

_KEYS = ("segment_no", "language", "update_lines", "expected_version")


@strawberry.input
class SegmentLanguageFields(SegmentActionInput):
    """What is sent in a language."""

    language: str = strawberry.field(description="Language code, at most 10 characters; stored in upper case.")
    description: str | None = optional("What it is, at most 100 characters.")
    subject: str | None = optional("Subject of what is sent, at most 100 characters.")
    attachment: AttachmentInput | None = optional("The document that is sent; null for none.")


@strawberry.input(
    description="A new language of a segment. Fields left out, null and blank text make it blank; lines keep theirs."
)
class CreateSegmentLanguageInput(SegmentLanguageFields):
    """A new language."""


@strawberry.input(
    description="Changes of a segment's language. Fields left out stay as they are; null and blank text: blank."
)
class UpdateSegmentLanguageInput(SegmentLanguageFields):
    """Changes of a language."""

    update_lines: bool = strawberry.field(
        default=True,
        description=(
            "Whether the changes reach the lines in this language that have the segment's template: a subject those "
            "with the old one, an attachment those with the old one or none. False: only lines to come get them."
        ),
    )


@strawberry.input(description="Which language to take off a segment.")
class DeleteSegmentLanguageInput(SegmentActionInput):
    """A language to delete."""

    language: str = strawberry.field(description="Language code, at most 10 characters.")


@strawberry.type(description="The answer of createSegmentLanguage.")
class CreateSegmentLanguagePayload(SegmentPayload):
    """The segment with the language, or why it does not have it."""


@strawberry.type(description="The answer of updateSegmentLanguage.")
class UpdateSegmentLanguagePayload(SegmentPayload):
    """The segment with the changed language, or why it is not changed."""


@strawberry.type(description="The answer of deleteSegmentLanguage.")
class DeleteSegmentLanguagePayload(SegmentPayload):
    """The segment without the language, or why it still has it."""


@strawberry.type
class SegmentLanguageMutations:
    """What can be done with the languages of a segment."""

    @mutation(
        "Give a segment a language. Lines to come whose contact has this language get it with its subject and "
        "attachment; other contacts get the segment's default language."
    )
    async def create_segment_language(
        self,
        info: Info,
        input: Annotated[CreateSegmentLanguageInput, strawberry.argument(description="The language.")],  # noqa: A002
    ) -> CreateSegmentLanguagePayload:
        """Create a language."""
        values = cast("LanguageValues", given_values(input, without=_KEYS))
        async with info.context.write("createSegmentLanguage") as work:
            key = await create_language(
                work, input.segment_no, input.language, values, expected_version=input.expected_version
            )
        return CreateSegmentLanguagePayload(segment_key=key)

    @mutation("Change what a segment sends in a language. The segment's own subject is that of its default language.")
    async def update_segment_language(
        self,
        info: Info,
        input: Annotated[UpdateSegmentLanguageInput, strawberry.argument(description="The changes.")],  # noqa: A002
    ) -> UpdateSegmentLanguagePayload:
        """Change a language."""
        values = cast("LanguageValues", given_values(input, without=_KEYS))
        async with info.context.write("updateSegmentLanguage") as work:
            key = await update_language(
                work,
                input.segment_no,
                input.language,
                values,
                update_lines=input.update_lines,
                expected_version=input.expected_version,
            )
        return UpdateSegmentLanguagePayload(segment_key=key)

    @mutation(
        "Take a language off a segment; not the default one. Its lines go on in the default language, but those with "
        "an attachment of their own keep it and their language."
    )
    async def delete_segment_language(
        self,
        info: Info,
        input: Annotated[DeleteSegmentLanguageInput, strawberry.argument(description="Which one.")],  # noqa: A002
    ) -> DeleteSegmentLanguagePayload:
        """Delete a language."""
        async with info.context.write("deleteSegmentLanguage") as work:
            key = await delete_language(work, input.segment_no, input.language, expected_version=input.expected_version)
        return DeleteSegmentLanguagePayload(segment_key=key)

"""The languages of a segment: what is sent in each."""

from typing import Any, ClassVar

import strawberry

from server.reading.relations import Relation
from server.reading.segments import SEGMENT_LANGUAGES, languages_of_each
from server.schema.attachments import Attachment
from server.schema.context import Info
from server.schema.fields import computed
from server.schema.records import Record, response_path
from server.schema.referring import reference


@strawberry.type(description="What a segment sends in one language.")
class SegmentLanguage(Record):
    """A language of a segment."""

    relation: ClassVar[Relation] = SEGMENT_LANGUAGES

    language: str = strawberry.field(description="Language code, at most 10 characters.")
    description: str = strawberry.field(description="What it is, at most 100 characters; may be blank.")
    subject: str = strawberry.field(description="Subject of what is sent, at most 100 characters; may be blank.")
    is_default: bool = strawberry.field(
        description="Whether lines get it whose contact's own language is not among those of the segment."
    )
    attachment: Attachment | None = reference(
        lambda: Attachment, "attachment_key", "The document that is sent; null for none."
    )


@strawberry.type
class Multilingual:
    """A segment with its languages."""

    @computed("Its languages as lines to come get them, by code; see createSegmentLanguage.")
    async def languages(self, info: Info) -> list[SegmentLanguage]:
        """Return the languages."""
        key: Any = getattr(self, "key")  # noqa: B009 - the key is the record's, which this class knows nothing of
        rows = await info.context.loader(("languages", response_path(info)), languages_of_each).load(int(key))
        return [SegmentLanguage.of(row) for row in rows]

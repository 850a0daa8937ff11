"""Attachments: documents that are kept elsewhere and sent with an interaction."""

from typing import ClassVar

import strawberry

from server.reading.attachments import ATTACHMENTS
from server.reading.relations import Relation
from server.schema.inputs import optional
from server.schema.nodes import Node
from server.schema.records import Record


@strawberry.type(description="A document kept elsewhere, which is sent with an interaction.")
class Attachment(Record, Node):
    """An attachment."""

    relation: ClassVar[Relation] = ATTACHMENTS

    name: str = strawberry.field(description="Name of the document, at most 100 characters.")
    media_type: str = strawberry.field(
        description="Media type, such as application/pdf, at most 100 characters; may be blank."
    )
    url: str = strawberry.field(
        description="Address from which it is fetched, http or https, at most 1,000 characters."
    )


@strawberry.input(description="A document kept elsewhere. Tessera keeps its address and never fetches it.")
class AttachmentInput:
    """An attachment; ``given_values`` makes it ``AttachmentValues`` of the operations."""

    name: str = strawberry.field(description="Name of the document, at most 100 characters; not blank.")
    media_type: str | None = optional("Media type, such as application/pdf, at most 100 characters. Default: blank.")
    url: str = strawberry.field(
        description="Address from which it is fetched: http or https, without blanks, at most 1,000 characters."
    )

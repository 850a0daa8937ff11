"""Comments on contacts, campaigns and interactions."""

from datetime import date
from typing import Any

import strawberry

from server.reading.comments import belonging
from server.reading.pages import Listing
from server.reading.relations import Order, Relation
from server.schema.inputs import optional
from server.schema.pagination import Connection, paged_field
from server.schema.records import Record


@strawberry.type(description="A comment on a contact, campaign or interaction.")
class Comment(Record):
    """A comment."""

    place: int = strawberry.field(description="Its place among the comments on the same object, from 1.")
    on: date = strawberry.field(description="Day of the comment.")
    code: str | None = strawberry.field(description="What kind of comment it is, at most 10 characters; null: none.")
    text: str = strawberry.field(description="The comment, at most 80 characters.")


@strawberry.input(description="A comment.")
class CommentInput:
    """A comment; ``given_values`` makes it ``CommentValues`` of the operations."""

    on: date | None = optional("Day of the comment. Default: the work date.")
    code: str | None = optional("What kind of comment it is, at most 10 characters, stored in upper case.")
    text: str = strawberry.field(description="The comment, at most 80 characters; not blank.")


def comments_field(comments: Relation, description: str) -> Any:
    """Make a paged field of the comments on an object, by their place."""
    listing = Listing(comments, Order(comments.key), belongs=belonging(comments))

    def resolve(self: Any) -> Connection[Comment]:
        return Connection.of(Comment, listing, parent=self.key)

    return paged_field(resolve, description)

"""Number series: where the numbers of new contacts, segments and campaigns come from."""

from typing import ClassVar

import strawberry

from server.reading.pages import Listing
from server.reading.relations import Order, Relation
from server.reading.setup import NUMBER_SERIES
from server.schema.nodes import Node
from server.schema.pagination import Connection, paged
from server.schema.records import Record


@strawberry.type(
    description="Numbers such as CT000042: a prefix and a number that rises. The marketing setup says whose they are."
)
class NumberSeries(Record, Node):
    """A number series."""

    relation: ClassVar[Relation] = NUMBER_SERIES

    code: str = strawberry.field(description="Upper-case code, at most 20 characters; unique.")
    prefix: str = strawberry.field(description="What numbers begin with, at most 10 characters; may be blank.")
    digits: int = strawberry.field(description="Least digits after the prefix, 1 to 10; filled up with zeros.")
    last_number: int = strawberry.field(
        description="The number given last, without prefix; the next is the first free one after it."
    )
    manual_allowed: bool = strawberry.field(description="Whether a number may be typed instead.")


@strawberry.type
class NumberSeriesQueries:
    """Lists of number series."""

    @paged("Number series by code.")
    async def number_series(self) -> Connection[NumberSeries]:
        """Return the number series."""
        relation = NumberSeries.relation
        return Connection.of(NumberSeries, Listing(relation, Order(relation.orders["CODE"])))

"""Makes the fields by which one object of the API refers to others."""

from collections.abc import Callable, Sequence
from typing import Any

import strawberry
from sqlalchemy import Row, Table
from sqlalchemy.ext.asyncio import AsyncConnection

from server.reading.contacts import codes_of_each
from server.reading.pages import Listing
from server.reading.relations import Belonging, Order
from server.schema.context import Info
from server.schema.fields import reads
from server.schema.pagination import Connection, paged_field
from server.schema.records import Record, load, response_path


def reference(kind: Callable[[], type[Record]], column: str, description: str) -> Any:
    """Make a field that shows the object whose key stands in ``column``."""

    async def resolve(self: Any, info: Info):  # type: ignore[no-untyped-def]  # noqa: ANN202 - the field's own annotation counts
        return await load(info, kind(), getattr(self, column))

    return strawberry.field(resolver=resolve, description=description, metadata=reads(column))


def children(
    kind: Callable[[], type[Record]],
    belongs: Belonging,
    description: str,
    *,
    order: str | None = None,
    descending: bool = False,
) -> Any:
    """Make a paged field of the objects that belong to this one, in a fixed order; by their key unless named."""

    async def resolve(self: Any, info: Info):  # type: ignore[no-untyped-def]  # noqa: ANN202, ARG001
        relation = kind().relation
        by = relation.key if order is None else relation.orders[order]
        return Connection.of(kind(), Listing(relation, Order(by, descending), belongs=belongs), parent=self.key)

    return paged_field(resolve, description)


def code_list(kind: type[Record], link: Table[Any], codes: Table[Any], description: str, *, owner: str = "key") -> Any:
    """Make a field that lists the codes of a contact, or of its company."""

    async def resolve(self: Any, info: Info):  # type: ignore[no-untyped-def]  # noqa: ANN202
        async def read(connection: AsyncConnection, owners: Sequence[int]) -> Sequence[list[Row[Any]]]:
            return await codes_of_each(connection, link, codes, owners)

        if (owner_key := getattr(self, owner)) is None:
            return []
        return [kind.of(row) for row in await info.context.loader((kind, response_path(info)), read).load(owner_key)]

    return strawberry.field(resolver=resolve, description=f"{description}, by code.", metadata=reads(owner))

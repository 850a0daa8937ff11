"""Relay connections: every list of the API that can be long."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar, cast

import strawberry
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection
from strawberry.annotation import StrawberryAnnotation
from strawberry.extensions import FieldExtension
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from server.reading.pages import Listing, Page, PageRequest, count_rows, count_rows_of_each, read_page, read_pages
from server.schema.context import Context, Info
from server.schema.fields import Resolver, computed, reads
from server.schema.records import Record, response_path, selected_columns, selects

T = TypeVar("T", bound=Record)

Count = Callable[[AsyncConnection, Sequence[Any]], Awaitable[Sequence[int]]]
"""Returns the length of each parent's list."""


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """Relay's page information."""

    has_next_page: bool = strawberry.field(description="Whether the list goes on after this page.")
    has_previous_page: bool = strawberry.field(description="Whether the list has items before this page.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first item; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last item; null on an empty page.")


@strawberry.type(description="An item of a list and its place in it.")
class Edge(Generic[T]):
    """Relay's edge."""

    node: T = strawberry.field(description="The item.")
    page: strawberry.Private[Page]
    row: strawberry.Private[Row[Any]]

    @computed("Opaque place of the item in this list; valid for the same order and filter only.")
    def cursor(self) -> str:
        """Return the cursor."""
        return self.page.cursor(self.row)


@dataclass
class _Source(Generic[T]):
    """Where a connection's items come from."""

    kind: type[T]
    listing: Listing
    parent: Any
    count: Count | None


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    """A list, of which the page is read when the arguments are known."""

    source: strawberry.Private[_Source[Any]]
    page: strawberry.Private[Page | None] = None
    items: strawberry.Private[Sequence[Any]] = ()

    @classmethod
    def of(cls, kind: type[T], listing: Listing, *, parent: Any = None, count: Count | None = None) -> Self:
        """Return the connection of a list.

        Args:
            kind: what the items are.
            listing: the relation, its order and filter.
            parent: key of the object that the list belongs to; None for a list of its own.
            count: a faster way to the lengths of the lists of many parents.
        """
        return cls(source=_Source(kind, listing, parent, count))

    @computed("The items with their cursors.")
    def edges(self) -> list[Edge[T]]:
        """Return the edges."""
        assert self.page is not None  # noqa: S101 - read because the document asks for edges
        return [Edge(node=item, page=self.page, row=row) for item, row in zip(self.items, self.page.rows, strict=True)]

    @computed("The items.")
    def nodes(self) -> list[T]:
        """Return the items."""
        return list(self.items)

    @computed("Where this page lies in the list.")
    def page_info(self) -> PageInfo:
        """Return the page information."""
        page = self.page
        assert page is not None  # noqa: S101 - read because the document asks for it
        return PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=page.cursor(page.rows[0]) if page.rows else None,
            end_cursor=page.cursor(page.rows[-1]) if page.rows else None,
        )

    @computed("Length of the whole list; counted only when asked for.")
    async def total_count(self, info: Info) -> int:
        """Count the list; the lists of many parents with one statement."""
        source = self.source
        if source.parent is None:
            async with info.context.read() as connection:
                return await count_rows(connection, source.listing)

        async def count(connection: AsyncConnection, parents: Sequence[Any]) -> Sequence[int]:
            if source.count is not None:
                return await source.count(connection, parents)
            return await count_rows_of_each(connection, source.listing, parents)

        return await info.context.loader(("count", response_path(info)), count).load(source.parent)

    async def turn_to(self, info: Info, request: PageRequest) -> None:
        """Read the page, if the document asks for anything of it."""
        if not selects(info, "edges", "nodes", "pageInfo"):
            return
        source = self.source
        columns = selected_columns(info, source.kind, ("edges", "node"), ("nodes",))
        self.page = await _read(info, source, columns, request)
        self.items = [source.kind.of(row) for row in self.page.rows]


async def _read(info: Info, source: _Source[Any], columns: frozenset[str], request: PageRequest) -> Page:
    context: Context = info.context
    if source.parent is None:
        async with context.read() as connection:
            return await read_page(connection, source.listing, columns, request)

    async def read(connection: AsyncConnection, parents: Sequence[Any]) -> Sequence[Page]:
        return await read_pages(connection, source.listing, columns, request, parents)

    return await context.loader(("page", response_path(info)), read).load(source.parent)


_ARGUMENTS = {
    "first": (int | None, "Take so many items from the beginning, 0 to 200; default 50. Not together with last."),
    "after": (str | None, "Begin after the item with this cursor."),
    "last": (int | None, "Take so many items from the end, 0 to 200."),
    "before": (str | None, "End before the item with this cursor."),
}


class Paged(FieldExtension):
    """Gives a field that returns a connection the arguments first, after, last and before."""

    def apply(self, field: StrawberryField) -> None:
        """Add the arguments."""
        field.arguments = [
            *field.arguments,
            *(
                StrawberryArgument(
                    python_name=name,
                    graphql_name=None,
                    type_annotation=StrawberryAnnotation(type_),
                    description=description,
                    default=None,
                )
                for name, (type_, description) in _ARGUMENTS.items()
            ),
        ]

    async def resolve_async(
        self,
        next_: Callable[..., Awaitable[Any]],
        source: Any,
        info: strawberry.Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        **arguments: Any,
    ) -> Any:
        """Read the page that the arguments ask for."""
        connection: Connection[Any] = await next_(source, info, **arguments)
        settings = info.context.settings
        request = connection.source.listing.request(
            first=first,
            last=last,
            after=after,
            before=before,
            default=settings.page_size,
            most=settings.page_size_max,
        )
        await connection.turn_to(info, request)
        return connection


def paged(description: str, *columns: str) -> Callable[[Resolver], Resolver]:
    """Make a method that returns a ``Connection`` a paged field; ``columns`` are those of the row that it reads."""
    return cast("Callable[[Resolver], Resolver]", strawberry.field(**_options(description, columns)))


def paged_field(resolver: Callable[..., Any], description: str, *columns: str) -> Any:
    """Return a paged field with this resolver."""
    return strawberry.field(resolver=resolver, **_options(description, columns))


def _options(description: str, columns: tuple[str, ...]) -> dict[str, Any]:
    return {
        "description": f"{description} At most 200 items a page, 50 unless told otherwise.",
        "extensions": [Paged()],
        "metadata": reads(*columns),
    }

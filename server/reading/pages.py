"""Keyset pages of a relation: for the whole list, or for many parents at once with one statement.

Pages follow Relay's cursor connections: ``after`` and ``before`` cut the list, then ``first`` or ``last`` takes an end.
Source: https://relay.dev/graphql/connections.htm
"""

import operator
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, literal, or_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import InvalidInputError
from server.reading.cursors import decode_cursor, encode_cursor
from server.reading.keys import key_rows
from server.reading.relations import Belonging, Filter, Order, OrderKey, Relation, list_fingerprint

_ORDER = "order_key_"
_PARENT = "parent_key"


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which part of a list is wanted.

    Attributes:
        count: number of rows.
        backward: count them from the end of the list.
        after: values of the order keys after which the part begins; None: at the beginning.
        before: values of the order keys before which it ends; None: at the end.
    """

    count: int
    backward: bool = False
    after: tuple[Any, ...] | None = None
    before: tuple[Any, ...] | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A relation in one order under one filter.

    Attributes:
        relation: what is listed.
        order: in which order.
        filter: which of its rows.
        belongs: for lists of parents: which rows are whose.
    """

    relation: Relation
    order: Order
    filter: Filter = field(default_factory=Filter)
    belongs: Belonging | None = None

    @property
    def keys(self) -> tuple[OrderKey, ...]:
        """The order's keys; the last one is unique."""
        return (self.order.by,) if self.order.by.unique else (self.order.by, self.relation.key)

    @property
    def fingerprint(self) -> str:
        """What its cursors are bound to."""
        return list_fingerprint(self.relation, self.order, self.filter)

    def request(
        self,
        *,
        first: int | None,
        last: int | None,
        after: str | None,
        before: str | None,
        default: int,
        most: int,
    ) -> PageRequest:
        """Return what the client's arguments ask for.

        Raises: InvalidInputError for both or out-of-range numbers of rows, and for cursors that are not of this list.
        """
        if first is not None and last is not None:
            msg = "Give first or last, not both."
            raise InvalidInputError(msg, path=("last",))
        for name, count in (("first", first), ("last", last)):
            if count is not None and not 0 <= count <= most:
                msg = f"A page has 0 to {most} items; {name} was {count}."
                raise InvalidInputError(msg, path=(name,))
        types = [(key.type, key.nullable) for key in self.keys]
        cut_after, cut_before = (
            None if cursor is None else decode_cursor(cursor, self.fingerprint, types, argument=name)
            for name, cursor in (("after", after), ("before", before))
        )
        count = first if first is not None else last if last is not None else default
        return PageRequest(count=count, backward=last is not None, after=cut_after, before=cut_before)


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, in the list's order.

    Attributes:
        rows: the wanted columns under their names, and ``key``.
        has_next: whether the list goes on after the last row.
        has_previous: whether it has rows before the first one.
    """

    listing: Listing
    rows: Sequence[Row[Any]]
    has_next: bool
    has_previous: bool

    def cursor(self, row: Row[Any]) -> str:
        """Return the cursor of one of its rows."""
        values = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
        keys = [values[f"{_ORDER}{position}"] for position in range(len(self.listing.keys))]
        return encode_cursor(self.listing.fingerprint, keys)


async def read_page(
    connection: AsyncConnection, listing: Listing, columns: Collection[str], request: PageRequest
) -> Page:
    """Return the part of the whole list that is asked for; one statement, and one more for each cursor given."""
    condition = listing.filter.condition
    statement = _cut(_selected(listing, columns).select_from(listing.relation.source), listing, request)
    statement = statement.where(condition)
    rows = (await connection.execute(_ordered(statement, listing, request).limit(request.count + 1))).all()
    outside = []
    for beyond in _outside(listing, request):
        some = select(listing.relation.key.expression).select_from(listing.relation.source)
        found = beyond is not None and (await connection.execute(some.where(condition, beyond).limit(1))).first()
        outside.append(bool(found))
    return _page(listing, rows, request, *outside)


async def read_pages(
    connection: AsyncConnection,
    listing: Listing,
    columns: Collection[str],
    request: PageRequest,
    parents: Sequence[Any],
) -> list[Page]:
    """Return each parent's part of its list, in the order of ``parents``; statements as for ``read_page``."""
    given = key_rows(parents, connection.dialect.name).subquery("parent")
    of_parent: dict[Any, list[Row[Any]]] = {parent: [] for parent in parents}
    for row in await connection.execute(_top_of_each(connection, listing, columns, request, given)):
        of_parent[row.parent_key].append(row)
    outside: list[set[Any]] = []
    for beyond in _outside(listing, request):
        if beyond is None:
            outside.append(set())
            continue
        some = select(listing.relation.key.expression).select_from(listing.relation.source)
        some = some.where(_belonging(listing, given.c.key), listing.filter.condition, beyond).correlate(given)
        outside.append(set((await connection.scalars(select(given.c.key).where(exists(some)))).all()))
    return [
        _page(listing, of_parent[parent], request, *(parent in parents_found for parents_found in outside))
        for parent in parents
    ]


async def count_rows(connection: AsyncConnection, listing: Listing) -> int:
    """Return the length of the whole list."""
    statement = select(func.count()).select_from(listing.relation.source).where(listing.filter.condition)
    return await connection.scalar(statement) or 0


async def count_rows_of_each(connection: AsyncConnection, listing: Listing, parents: Sequence[Any]) -> list[int]:
    """Return the length of each parent's list, in the order of ``parents``; one statement."""
    given = key_rows(parents, connection.dialect.name).subquery("parent")
    counted = (
        select(func.count())
        .select_from(listing.relation.source)
        .where(_belonging(listing, given.c.key), listing.filter.condition)
        .correlate(given)
        .scalar_subquery()
    )
    rows = await connection.execute(select(given.c.key, counted.label("row_count")))
    counts = {row.key: row.row_count for row in rows}
    return [counts[parent] for parent in parents]


async def read_by(
    connection: AsyncConnection,
    relation: Relation,
    columns: Collection[str],
    by: ColumnElement[Any],
    values: Sequence[Any],
) -> list[Row[Any] | None]:
    """Return for each value the row that has it in the unique column ``by``, or None; one statement."""
    chosen = [relation.columns[name].label(name) for name in sorted(columns)]
    statement = (
        select(by.label("looked_up"), relation.key.expression.label("key"), *chosen)
        .select_from(relation.source)
        .where(by.in_(key_rows(values, connection.dialect.name)))
    )
    rows = {row.looked_up: row for row in await connection.execute(statement)}
    return [rows.get(value) for value in values]


def _selected(listing: Listing, columns: Collection[str]) -> Select[Any]:
    relation = listing.relation
    chosen = [relation.columns[name].label(name) for name in sorted(columns)]
    keys = [key.expression.label(f"{_ORDER}{position}") for position, key in enumerate(listing.keys)]
    return select(relation.key.expression.label("key"), *keys, *chosen)


def _top_of_each(
    connection: AsyncConnection, listing: Listing, columns: Collection[str], request: PageRequest, given: Any
) -> Select[Any]:
    """Return the statement that reads the first rows of each parent, touching only those by their index.

    PostgreSQL does it with LATERAL. SQLite has none, but looks up each key that a correlated, limited sub-query names.
    """
    belongs = _belonging(listing, given.c.key)
    limit = request.count + 1
    if connection.dialect.name == "postgresql":
        inner = _cut(_selected(listing, columns).select_from(listing.relation.source), listing, request)
        inner = inner.where(belongs, listing.filter.condition)
        top = _ordered(inner, listing, request).limit(limit).correlate(given).lateral("top")
        places = [top.c[f"{_ORDER}{position}"] for position in range(len(listing.keys))]
        statement = select(given.c.key.label(_PARENT), *top.c).select_from(given.join(top, true()))
        return statement.order_by(*_directed(listing, request, places))
    key = listing.relation.key.expression
    inner = _cut(select(key).select_from(listing.relation.source), listing, request)
    inner = _ordered(inner.where(belongs, listing.filter.condition), listing, request).limit(limit).correlate(given)
    statement = _selected(listing, columns).add_columns(given.c.key.label(_PARENT))
    source = given.join(listing.relation.source, and_(belongs, key.in_(inner)))
    return _ordered(statement.select_from(source), listing, request)


def _belonging(listing: Listing, parent: ColumnElement[Any]) -> ColumnElement[bool]:
    assert listing.belongs is not None  # noqa: S101 - lists of parents say whose rows they are
    return listing.belongs(parent)


def _page(listing: Listing, rows: Sequence[Row[Any]], request: PageRequest, left: bool, right: bool) -> Page:
    """Return the page of the rows read, of which one more than asked for tells that the list goes on.

    ``left`` and ``right`` say whether the list has rows outside the cuts of ``after`` and ``before``.
    """
    goes_on = len(rows) > request.count
    kept = rows[: request.count]
    if request.backward:
        return Page(listing, kept[::-1], has_next=right, has_previous=goes_on or left)
    return Page(listing, kept, has_next=goes_on or right, has_previous=left)


def _cut(statement: Select[Any], listing: Listing, request: PageRequest) -> Select[Any]:
    """Return the statement without the rows that ``after`` and ``before`` cut away."""
    if request.after is not None:
        statement = statement.where(_past(listing, request.after, forward=True))
    if request.before is not None:
        statement = statement.where(_past(listing, request.before, forward=False))
    return statement


def _outside(listing: Listing, request: PageRequest) -> tuple[ColumnElement[bool] | None, ColumnElement[bool] | None]:
    """Return the conditions of the rows cut away on the left and on the right; None where nothing is cut."""
    return (
        None if request.after is None else _past(listing, request.after, forward=False, inclusive=True),
        None if request.before is None else _past(listing, request.before, forward=True, inclusive=True),
    )


def _past(listing: Listing, place: Sequence[Any], *, forward: bool, inclusive: bool = False) -> ColumnElement[bool]:
    """Return the condition of the rows past a place, towards the end of the list or towards its beginning."""
    grows = forward != listing.order.descending
    strictly = operator.gt if grows else operator.lt
    tie = {(True, True): operator.ge, (False, True): operator.le}.get((grows, inclusive), strictly)
    if len(listing.keys) == 1:
        (key,) = listing.keys
        return cast("ColumnElement[bool]", tie(key.expression, place[0]))
    by, last = listing.keys
    if not by.nullable:
        places = [literal(value, key.expression.type) for key, value in zip(listing.keys, place, strict=True)]
        return cast("ColumnElement[bool]", tie(tuple_(by.expression, last.expression), tuple_(*places)))
    same_last = tie(last.expression, place[1])
    if place[0] is None:
        same = and_(by.expression.is_(None), same_last)
        return or_(same, by.expression.is_not(None)) if grows else same
    past = or_(strictly(by.expression, place[0]), and_(by.expression == place[0], same_last))
    return past if grows else or_(past, by.expression.is_(None))


def _ordered(statement: Select[Any], listing: Listing, request: PageRequest) -> Select[Any]:
    return statement.order_by(*_directed(listing, request, [key.expression for key in listing.keys]))


def _directed(
    listing: Listing, request: PageRequest, expressions: Sequence[ColumnElement[Any]]
) -> list[ColumnElement[Any]]:
    """Return the expressions in reading direction; null first when ascending, last when descending."""
    descending = listing.order.descending != request.backward
    terms: list[ColumnElement[Any]] = []
    for key, expression in zip(listing.keys, expressions, strict=True):
        term = expression.desc() if descending else expression.asc()
        if key.nullable:
            term = term.nulls_last() if descending else term.nulls_first()
        terms.append(term)
    return terms

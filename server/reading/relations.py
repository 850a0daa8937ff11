"""What can be listed: where its rows are, which columns they have, and how they can be ordered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Text, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from server.reading.cursors import fingerprint

Columns = Mapping[str, ColumnElement[Any]]
"""Expressions by the attribute's name."""

Belonging = Callable[[ColumnElement[Any]], ColumnElement[bool]]
"""Makes of a parent's key the condition that a row belongs to that parent."""


class by_code_point(GenericFunction[str]):  # noqa: N801 - a function of SQL
    """Text that compares by code point on every database."""

    type = Text()
    inherit_cache = True
    name = "by_code_point"


@compiles(by_code_point)
def _as_it_is(element: by_code_point, compiler: SQLCompiler, **options: Any) -> str:
    """SQLite compares the bytes of UTF-8, whose order is that of the code points."""
    return compiler.process(element.clauses, **options)


@compiles(by_code_point, "postgresql")
def _collated(element: by_code_point, compiler: SQLCompiler, **options: Any) -> str:
    return f'({compiler.process(element.clauses, **options)} COLLATE "C")'


@dataclass(frozen=True, slots=True)
class OrderKey:
    """A value by which a list is ordered.

    Attributes:
        name: tells the orders of one relation apart.
        expression: the value; null counts as smaller than everything else.
        type: str, int, date or datetime.
        nullable: whether it can be null.
        unique: whether no two rows have the same; such a key needs no other beside it.
    """

    name: str
    expression: ColumnElement[Any]
    type: type
    nullable: bool = False
    unique: bool = False


def text_key(name: str, column: ColumnElement[str] | ColumnElement[str | None], **more: bool) -> OrderKey:
    """Return an order by the code points of a text."""
    return OrderKey(name, by_code_point(column), str, **more)


@dataclass(frozen=True, slots=True)
class Order:
    """One way to order a list; the relation's own key breaks ties."""

    by: OrderKey
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """Rows of one kind.

    Attributes:
        name: of the kind; part of what cursors are bound to.
        source: a table or a join with exactly one row for each object.
        key: the object's key; ``within_parent`` says that it is unique only among the rows of one parent.
        columns: everything that can be read, by attribute name; ``key`` is always read.
        orders: the ways to order, by name.
    """

    name: str
    source: FromClause
    key: OrderKey
    columns: Columns
    orders: Mapping[str, OrderKey] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows of a relation a list has.

    Attributes:
        condition: on the relation's columns.
        signature: what the client asked for, in a form that differs whenever the condition does.
    """

    condition: ColumnElement[bool] = field(default_factory=true)
    signature: tuple[Any, ...] = ()


def list_fingerprint(relation: Relation, order: Order, chosen: Filter) -> str:
    """Return what the cursors of a list are bound to."""
    return fingerprint(relation.name, order.by.name, order.descending, chosen.signature)

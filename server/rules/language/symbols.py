"""What a rule may talk about: typed symbols and where their values come from.

The rules know no table. Whoever builds a ``Vocabulary`` hands every symbol a *source*: SQL expressions over one
subject table (the contacts), from which predicates are made and values are loaded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement


class ValueType(StrEnum):
    """The types of single values.

    TEXT and CODE are both text to the language; NUMBER is a decimal; DATE reads as midnight in the moment's zone.
    """

    TEXT = "TEXT"
    CODE = "CODE"
    NUMBER = "NUMBER"
    BOOLEAN = "BOOLEAN"
    DATE = "DATE"
    DATETIME = "DATETIME"


@dataclass(frozen=True, slots=True)
class ColumnSource:
    """The value is an expression over the subject (or, inside a collection, over the member).

    Attributes:
        column: a column or a correlated scalar sub-query, with the store's type.
        scale: for a NUMBER: the stored integer is the value times 10^scale.
        counts: whether it is a number of rows, so that it is never negative and far from 64 bits.
    """

    column: ColumnElement[Any]
    scale: int = 0
    counts: bool = False


@dataclass(frozen=True, slots=True)
class ReferenceSource:
    """The value is the outside number of the row that a key refers to; null where the key is null.

    Attributes:
        reference: the key of the subject (or member), nullable.
        target_key: the referred table's key.
        target_value: the referred table's column that the rule sees; NOT NULL.
    """

    reference: ColumnElement[Any]
    target_key: ColumnElement[Any]
    target_value: ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class SideRowSource:
    """The value stands in at most one row beside the subject, as custom attributes do.

    Attributes:
        key: the subject's key.
        owner: the side table's column that names the subject.
        column: the side table's column of the value, null where the row is of another kind.
        where: which rows of the side table are of this symbol.
        default: what a subject without a row has, as the rule sees it; None: null.
        scale: as in ColumnSource.
    """

    key: ColumnElement[Any]
    owner: ColumnElement[Any]
    column: ColumnElement[Any]
    where: ColumnElement[bool]
    default: Any = None
    scale: int = 0


Source = ColumnSource | ReferenceSource | SideRowSource


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name that stands for one value of the subject, or of a member of a collection.

    Attributes:
        name: as written in a rule: ``country``, ``attributes.tier``; inside a collection the member's name alone.
        nullable: whether the value can be null; where False, the store guarantees it.
        indexed: whether an equality test can use an index.
        personal: whether it is personal data.
        values: the allowed values where the list is closed, else empty.
        folded: the stored, indexed column that holds the casefolded value of a TEXT symbol, or None.
    """

    name: str
    type: ValueType
    source: Source
    nullable: bool = False
    description: str = ""
    example: str = ""
    indexed: bool = False
    personal: bool = False
    values: tuple[str, ...] = ()
    folded: ColumnElement[Any] | None = None


@dataclass(frozen=True, slots=True)
class CodeSet:
    """A name that stands for a set of codes, tested with ``"NEWS" in mailing_groups``.

    Attributes:
        key: the subject's value that owns the codes: its own key, or its company's (nullable).
        owner: the child table's column that names the owner.
        code: the child table's column of the code; NOT NULL.
        where: further condition on the child rows, or None.
    """

    name: str
    key: ColumnElement[Any]
    owner: ColumnElement[Any]
    code: ColumnElement[Any]
    where: ColumnElement[bool] | None = None
    description: str = ""
    example: str = ""
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Collection:
    """A name that stands for many objects, walked by comprehensions: ``$any([i.cost > 5 for i in interactions])``.

    Attributes:
        key: the subject's key.
        owner: the child table's column that names the subject.
        member_key: the child table's own key; gives the members an order.
        members: what a member has, by name.
    """

    name: str
    key: ColumnElement[Any]
    owner: ColumnElement[Any]
    member_key: ColumnElement[Any]
    members: Mapping[str, Symbol]
    description: str = ""
    example: str = ""
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything a rule may name.

    Attributes:
        key: the subject table's key, whose rows the rules select.
        symbols: single values by name; custom attributes under ``attributes.NAME``.
    """

    key: ColumnElement[Any]
    symbols: Mapping[str, Symbol] = field(default_factory=dict)
    code_sets: Mapping[str, CodeSet] = field(default_factory=dict)
    collections: Mapping[str, Collection] = field(default_factory=dict)

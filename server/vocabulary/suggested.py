"""Where the values that a symbol is probably compared with are found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, FromClause, Table, and_

from server.rules import CodeSet, Collection, ColumnSource, SideRowSource, Symbol, ValueType
from server.store.tables import (
    business_relation,
    campaign,
    industry_group,
    interaction_group,
    interaction_template,
    job_responsibility,
    logged_segment,
    mailing_group,
    salesperson,
    segment,
    segment_defaults,
)


@dataclass(frozen=True, slots=True)
class CodeList:
    """The rows that people keep as a list of codes.

    Attributes:
        code: what a rule compares with; unique and indexed.
        label: what it means.
        source: the rows.
    """

    code: ColumnElement[Any]
    label: ColumnElement[Any]
    source: FromClause


def _described(table: Table[Any]) -> CodeList:
    return CodeList(table.c.code, table.c.description, table)


_SALESPEOPLE = CodeList(salesperson.c.code, salesperson.c.name, salesperson)
CODE_LISTS: Mapping[str, CodeList] = {
    "salesperson": _SALESPEOPLE,
    "mailing_groups": _described(mailing_group),
    "job_responsibilities": _described(job_responsibility),
    "industry_groups": _described(industry_group),
    "business_relations": _described(business_relation),
    "segments": CodeList(
        segment.c.no,
        segment_defaults.c.description,
        segment.join(
            segment_defaults,
            and_(
                segment_defaults.c.segment_id == segment.c.id, segment_defaults.c.defaults_no == segment.c.defaults_no
            ),
        ),
    ),
    "interactions.template": _described(interaction_template),
    "interactions.group": _described(interaction_group),
    "interactions.salesperson": _SALESPEOPLE,
    "interactions.campaign": CodeList(campaign.c.no, campaign.c.description, campaign),
    "interactions.segment": CodeList(logged_segment.c.segment_no, logged_segment.c.description, logged_segment),
    "interactions.logged_segment": CodeList(logged_segment.c.entry_no, logged_segment.c.segment_no, logged_segment),
}
"""Full name of a symbol → the list that its values come from."""

CONTACT_NUMBERS = frozenset({"no", "company_no"})
"""Symbols whose values are numbers of contacts, which people know by name."""

COUNTRY = "country"
"""The symbol whose values are countries."""

DATES = frozenset({ValueType.DATE, ValueType.DATETIME})
"""Types whose values are compared with moments, seldom with one another."""

_TEXTS = frozenset({ValueType.TEXT, ValueType.CODE})


def plain_column(symbol: Symbol) -> Column[Any] | None:
    """Return the stored column of a symbol, or None where its value is computed or stands elsewhere."""
    source = symbol.source
    if isinstance(source, ColumnSource) and isinstance(source.column, Column):
        return source.column
    return None


def has_suggestions(full_name: str, named: Symbol | CodeSet | Collection) -> bool:
    """Return whether values can be suggested: not for objects, counts, amounts and durations."""
    if isinstance(named, CodeSet):
        return True
    if isinstance(named, Collection):
        return False
    return (
        full_name in CODE_LISTS
        or full_name in CONTACT_NUMBERS
        or bool(named.values)
        or named.type in {ValueType.BOOLEAN, *DATES}
        or isinstance(named.source, SideRowSource)
        or (named.type in _TEXTS and plain_column(named) is not None)
    )

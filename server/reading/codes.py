"""Code lists as people see them: salespeople, mailing groups, interaction templates, saved criteria, attributes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.reading.relations import OrderKey, Relation, text_key
from server.store.tables import (
    attribute,
    interaction_group,
    interaction_template,
    mailing_group,
    salesperson,
    saved_criteria,
    saved_criteria_action,
)


def _code_list(name: str, table: Table[Any], *, without: frozenset[str] = frozenset(), **more: Any) -> Relation:
    """Return a relation whose key is its code."""
    return Relation(
        name=name,
        source=table,
        key=text_key("key", table.c.code, unique=True),
        columns={**{column.name: column for column in table.c if column.name not in without}, **more},
        orders={"CODE": text_key("CODE", table.c.code, unique=True)},
    )


SALESPEOPLE = _code_list("salesperson", salesperson)
MAILING_GROUPS = _code_list("mailing_group", mailing_group)
INTERACTION_GROUPS = _code_list("interaction_group", interaction_group)
INTERACTION_TEMPLATES = _code_list(
    "interaction_template",
    interaction_template,
    without=frozenset({"group", "campaign_id"}),
    group_code=interaction_template.c.group,
    campaign_key=interaction_template.c.campaign_id,
)
SAVED_CRITERIA = _code_list(
    "saved_criteria",
    saved_criteria,
    action_count=select(func.count())
    .select_from(saved_criteria_action)
    .where(saved_criteria_action.c.code == saved_criteria.c.code)
    .correlate(saved_criteria)
    .scalar_subquery(),
)
ATTRIBUTES = Relation(
    name="attribute",
    source=attribute,
    key=OrderKey("key", attribute.c.id, int, unique=True),
    columns={column.name: column for column in attribute.c if column.name != "id"},
    orders={"NAME": text_key("NAME", attribute.c.name, unique=True)},
)


async def saved_actions_of_each(connection: AsyncConnection, codes: Sequence[str]) -> list[list[Row[Any]]]:
    """Return the actions of each saved criteria, in order; one statement."""
    action = saved_criteria_action.c
    statement = (
        select(action.code, action.position, action.kind, action.rule, action.language_version, action.options)
        .where(action.code.in_(codes))
        .order_by(action.code, action.position)
    )
    of_code: dict[str, list[Row[Any]]] = {code: [] for code in codes}
    for row in await connection.execute(statement):
        of_code[row.code].append(row)
    return [of_code[code] for code in codes]

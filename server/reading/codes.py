"""Code lists as people see them: mailing groups and their like, salespeople, teams, templates, attributes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.reading.keys import key_rows
from server.reading.relations import OrderKey, Relation, text_key
from server.store.tables import (
    attribute,
    business_relation,
    campaign_status,
    industry_group,
    interaction_group,
    interaction_template,
    job_responsibility,
    mailing_group,
    organizational_level,
    salesperson,
    salutation,
    saved_criteria,
    saved_criteria_action,
    team,
    team_member,
    template_language,
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
TEAMS = _code_list("team", team)
MAILING_GROUPS = _code_list("mailing_group", mailing_group)
INDUSTRY_GROUPS = _code_list("industry_group", industry_group)
JOB_RESPONSIBILITIES = _code_list("job_responsibility", job_responsibility)
BUSINESS_RELATIONS = _code_list("business_relation", business_relation)
ORGANIZATIONAL_LEVELS = _code_list("organizational_level", organizational_level)
SALUTATIONS = _code_list("salutation", salutation)
CAMPAIGN_STATUSES = _code_list("campaign_status", campaign_status)
INTERACTION_GROUPS = _code_list("interaction_group", interaction_group)
INTERACTION_TEMPLATES = _code_list(
    "interaction_template",
    interaction_template,
    without=frozenset({"group", "campaign_id"}),
    group_code=interaction_template.c.group,
    campaign_key=interaction_template.c.campaign_id,
    attachment_key=select(template_language.c.attachment_id)
    .where(
        template_language.c.template == interaction_template.c.code,
        template_language.c.language == interaction_template.c.language,
    )
    .correlate(interaction_template)
    .scalar_subquery(),
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


def members_of(team_code: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of the salespeople who are in a team."""
    codes = select(team_member.c.salesperson).where(team_member.c.team == team_code)
    return salesperson.c.code.in_(codes.correlate_except(team_member))


def teams_of(salesperson_code: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of the teams in which a salesperson is."""
    codes = select(team_member.c.team).where(team_member.c.salesperson == salesperson_code)
    return team.c.code.in_(codes.correlate_except(team_member))


async def counts_of_each(connection: AsyncConnection, codes: Sequence[str], *, column: Column[Any]) -> list[int]:
    """Return for each code the number of rows that have it in ``column``; one statement."""
    statement = (
        select(column.label("key"), func.count().label("number"))
        .where(column.in_(key_rows(codes, connection.dialect.name)))
        .group_by(column)
    )
    numbers = {row.key: row.number for row in await connection.execute(statement)}
    return [numbers.get(code, 0) for code in codes]

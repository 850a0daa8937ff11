"""Salutations as people see them, and the greetings that their formulas make of a contact's name."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.reading.keys import key_rows
from server.reading.relations import by_code_point
from server.store.tables import salutation_formula

NAME_COLUMNS = ("job_title", "first_name", "middle_name", "surname", "initials", "company_name")
"""Columns of a contact that a formula can show; its name part is the column in upper case."""

_PLACEHOLDER = re.compile("%([1-5])")

FormulaKey = tuple[str, str, str]
"""Salutation, language (``''``: of contacts without one) and type."""


async def formulas_of_each(connection: AsyncConnection, salutations: Sequence[str]) -> list[list[Row[Any]]]:
    """Return the formulas of each salutation, by language and type; one statement."""
    formula = salutation_formula.c
    statement = (
        select(salutation_formula)
        .where(formula.salutation.in_(key_rows(salutations, connection.dialect.name)))
        .order_by(by_code_point(formula.salutation), by_code_point(formula.language), by_code_point(formula.type))
    )
    of_code: dict[str, list[Row[Any]]] = {code: [] for code in salutations}
    for row in await connection.execute(statement):
        of_code[row.salutation].append(row)
    return [of_code[code] for code in salutations]


async def formula_of_each(connection: AsyncConnection, keys: Sequence[FormulaKey]) -> list[Row[Any] | None]:
    """Return the formula of each key, None where there is none; one statement."""
    salutations = list(dict.fromkeys(code for code, _, _ in keys))
    found: dict[FormulaKey, Row[Any]] = {}
    for rows in await formulas_of_each(connection, salutations):
        found |= {(row.salutation, row.language, row.type): row for row in rows}
    return [found.get(key) for key in keys]


def greeting(formula: Row[Any], name: Mapping[str, str]) -> str:
    """Return the text of a formula with the parts of a name in the places of %1 to %5.

    A part that is blank, or that the formula does not choose, goes with the blank after its placeholder; where another
    character follows, with the blank before it.

    Args:
        formula: a row of ``salutation_formula``.
        name: ``NAME_COLUMNS`` of a contact.
    """
    text, *rest = _PLACEHOLDER.split(formula.text)
    for place, following in zip(rest[::2], rest[1::2], strict=True):
        chosen = getattr(formula, f"name_{place}")
        part = name[chosen.lower()].strip() if chosen else ""
        if part:
            text += part + following
        elif following.startswith(" "):
            text += following[1:]
        else:
            text = text.removesuffix(" ") + following
    return text

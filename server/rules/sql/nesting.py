"""How deeply the conditions of a rule are nested in SQL: SQLite's parser has a stack of 100 places.

A statement beyond that is refused as a whole, so a rule that would make one is left to rule-engine instead.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import Case, ClauseElement, Select
from sqlalchemy.sql.elements import ClauseList, Grouping, OperatorExpression, UnaryExpression
from sqlalchemy.sql.functions import FunctionElement

from server.rules.sql.bracket import Condition

_PLACES = 64
"""What a condition may take; the rest is for the statement around it."""
_TAKEN = ((Select, 8), (Case, 5), (FunctionElement, 2), (Grouping, 1), (UnaryExpression, 1))
"""What an element takes while what stands inside it is read: at most, as measured."""
_BEFORE = 2
"""What the operands before an operand take, with the operator."""


def nests_too_deeply(condition: Condition) -> bool:
    """Whether SQLite's parser might run out of places on a statement with this condition."""
    left_at: dict[int, int] = {}
    pending: list[tuple[ClauseElement, int]] = [(condition, _PLACES)]
    while pending:
        element, left = pending.pop()
        # a shared part is looked at again only where it stands deeper than before
        if left_at.get(id(element), _PLACES + 1) <= left:
            continue
        left_at[id(element)] = left
        form: Any = type(element)
        inside, before = _taken(form)
        if left < inside:
            return True
        first = left - inside
        rest = first - before
        pending.extend((child, rest if place else first) for place, child in enumerate(element.get_children()))
    return False


@lru_cache(maxsize=256)
def _taken(form: Any) -> tuple[int, int]:
    """Return what an element of a class takes while what stands inside it is read, and more for all but the first."""
    inside = next((places for known, places in _TAKEN if issubclass(form, known)), 0)
    return inside, _BEFORE if issubclass(form, OperatorExpression | ClauseList) else 0

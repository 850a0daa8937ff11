"""Texts that SQL computes from stored ones: ``first_name + " " + surname``, ``name[0:2]``, and letter case."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import String, case, func, literal, not_

from server.rules.language.symbols import ValueType
from server.rules.language.tree import Arithmetic, Attribute, Item, Node, Slice
from server.rules.sql.bracket import FALSE, Condition, some
from server.rules.sql.letter_case import Case, ascii_case, not_ascii
from server.rules.sql.operands import TEXTS, Operands
from server.rules.sql.scalars import Scalar, in_folded_case, value
from server.rules.sql.sql_functions import lowered, uppered
from server.rules.sql.value_tests import collated
from server.rules.sql.wall_clock import Expression

_WEIGHT_MAX = 60
"""An expression that names stored texts more often is left to rule-engine."""
_PLACE_MAX = 10**8
"""No stored text is as long; a place further out means the same as this one."""


@dataclass(frozen=True, slots=True)
class TextValue:
    """A text in SQL.

    Attributes:
        column: the expression, ordered by code point.
        nullable: whether it can be NULL.
        unsure: for which rows the expression need not be the text.
        err: where computing it can raise.
        weight: how often the expression names a stored text.
    """

    column: Expression
    nullable: bool = False
    unsure: Condition = FALSE
    err: Condition = FALSE
    weight: int = 1


class TextValues:
    """Reads texts of one rule."""

    def __init__(self, operands: Operands, dialect: str) -> None:
        self._operands = operands
        self._on_sqlite = dialect == "sqlite"
        self._dialect = dialect

    def cased(self, node: Node) -> tuple[Scalar, Case] | None:
        """Return a stored text and the letter case in which the part looks at it (PostgreSQL only).

        What stands for null, or for a missing row, is in the case already; the column is not.
        """
        if self._on_sqlite or not isinstance(node, Attribute) or node.name not in {Case.LOWER, Case.UPPER}:
            return None
        target = self._operands.scalar(node.target)
        if target is None or target.type not in TEXTS:
            return None
        letters = Case(node.name)
        seen = target.through(lambda column: column, letters.of, ValueType.TEXT)
        return in_folded_case(seen, target, letters), letters

    def read(self, node: Node) -> TextValue | None:
        """Return a part as a text, or None when it is something else."""
        known, constant = self._operands.known(node)
        if known:
            return TextValue(literal(constant, String)) if isinstance(constant, str) else None
        scalar = self._operands.scalar(node)
        if scalar is not None:
            return self._stored(scalar) if scalar.type in TEXTS else None
        match node:
            case Arithmetic(operator="+"):
                return self._joined(self.read(node.left), self.read(node.right))
            case Attribute(name="to_str"):
                return self.read(node.target)
            case Attribute(name="as_lower" | "as_upper"):
                return self._in_case(self.read(node.target), Case(node.name), safe=node.safe)
            case Slice():
                return self._slice(node)
            case Item():
                return self._item(node)
            case _:
                return None

    def _stored(self, scalar: Scalar) -> TextValue:
        column, nullable = value(scalar)
        if scalar.null_value is not None:
            column, nullable = func.coalesce(column, literal(scalar.null_value, String), type_=String), False
        return TextValue(collated(column, self._dialect), nullable and scalar.can_be_null)

    def _joined(self, left: TextValue | None, right: TextValue | None) -> TextValue | None:
        if left is None or right is None or left.nullable or right.nullable:
            return None
        weight = left.weight + right.weight
        if weight > _WEIGHT_MAX:
            return None
        column = collated(left.column.concat(right.column), self._dialect)
        return TextValue(
            column, unsure=some([left.unsure, right.unsure]), err=some([left.err, right.err]), weight=weight
        )

    def _in_case(self, text: TextValue | None, letters: Case, *, safe: bool) -> TextValue | None:
        if text is None or (text.nullable and not safe):
            return None
        if self._on_sqlite:
            return replace(text, column=lowered(text.column) if letters is Case.LOWER else uppered(text.column))
        return replace(
            text, column=ascii_case(text.column, letters), unsure=some([text.unsure, not_ascii(text.column)])
        )

    def _slice(self, node: Slice) -> TextValue | None:
        text = self.read(node.container)
        start, stop = self.place(node.start), self.place(node.stop)
        if text is None or (text.nullable and not node.safe) or start is None or stop is None:
            return None
        return self._cut(text, start[0] or 0, stop[0])

    def _item(self, node: Item) -> TextValue | None:
        """Return one character; where the text is too short it is null, or raises."""
        text = self.read(node.container)
        found = self.place(node.key)
        place = None if found is None else found[0]
        if text is None or (text.nullable and not node.safe) or place is None:
            return None
        short = func.length(text.column) < (place + 1 if place >= 0 else -place)
        cut = self._cut(text, place, place + 1 if place != -1 else None)
        if cut is None or not node.safe:
            return cut and replace(cut, err=some([text.err, short]))
        return replace(cut, column=case((not_(short), cut.column)), nullable=True)

    def _cut(self, text: TextValue, start: int, stop: int | None) -> TextValue | None:
        """Return what Python cuts out of a text; None where the expression gets too long."""
        column = text.column
        uses = 1 + (start < 0) * (1 if stop is None else 2) + (stop is not None and stop < 0)
        if text.weight * uses > _WEIGHT_MAX:
            return None
        first = self._from_start(column, start)
        length = [] if stop is None else [self._largest(self._from_start(column, stop) - first, 0)]
        cut = func.substr(column, first + 1, *length, type_=String)
        return replace(text, column=collated(cut, self._dialect), weight=text.weight * uses)

    def _from_start(self, column: Expression, place: int) -> Any:
        return literal(place) if place >= 0 else self._largest(func.length(column) + place, 0)

    def _largest(self, first: Any, second: int) -> Any:
        return (func.max if self._on_sqlite else func.greatest)(first, second)

    def place(self, node: Node | None) -> tuple[int | None] | None:
        """Return a constant place in a text, which may be left out or null; None for one that is not constant."""
        known, constant = (True, None) if node is None else self._operands.known(node)
        if known and constant is None:
            return (None,)
        if not known or not isinstance(constant, Decimal) or not constant.is_finite() or constant % 1:
            return None
        return (max(-_PLACE_MAX, min(int(constant), _PLACE_MAX)),)

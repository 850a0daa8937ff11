"""What stands on the sides of a comparison: constants, single values, and expressions over one date."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func
from sqlalchemy.sql.util import ClauseAdapter

from server.clock import Moment
from server.rules.check import CheckedRule
from server.rules.dates import DateTerm
from server.rules.engine import ATTRIBUTES
from server.rules.evaluator import BuiltRule, day_start, is_constant
from server.rules.scalars import Scalar, symbol_scalar
from server.rules.sql_functions import lowered, uppered
from server.rules.symbols import (
    CodeSet,
    Collection,
    ColumnSource,
    ReferenceSource,
    SideRowSource,
    Source,
    Symbol,
    ValueType,
)
from server.rules.tree import Arithmetic, Attribute, Coalesce, Name, Node

TEXTS = {ValueType.TEXT, ValueType.CODE}
DATES = {ValueType.DATE, ValueType.DATETIME}


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop variable in scope.

    Attributes:
        over: what the loop runs over.
        table: the child table as this loop reads it.
        adapter: moves expressions over the child table to ``table``; None where they are the same.
        correlated: whether the loop's body reads the subject, so that it must be asked row by row.
    """

    variable: str
    over: Collection | CodeSet
    table: Any
    adapter: ClauseAdapter | None
    correlated: bool

    def own(self, expression: Any) -> Any:
        """Return an expression over the child table as one over this loop's reading of it."""
        return expression if self.adapter is None else self.adapter.traverse(expression)


class Operands:
    """Reads operands of one rule at one moment.

    Attributes:
        scopes: the loops around each node, outermost first, by node index; absent: none.
    """

    def __init__(self, rule: CheckedRule, moment: Moment, built: BuiltRule, dialect: str) -> None:
        self.vocabulary = rule.vocabulary
        self.scope: tuple[Loop, ...] = ()
        self._moment = moment
        self._built = built
        self._dialect = dialect

    def constant(self, node: Node) -> Any:
        """Return the value of a constant part; raises whatever its evaluation raises."""
        return self._built.constant(node)

    def known(self, node: Node) -> tuple[bool, Any]:
        """Return whether a part is a constant that can be computed, and its value."""
        if not is_constant(node):
            return False, None
        try:
            return True, self.constant(node)
        except Exception:  # noqa: BLE001 - rule-engine and Python raise many things, all of which mean: it raises
            return False, None

    def loop(self, name: str) -> Loop | None:
        """Return the loop whose variable is meant: the outermost of that name, as in rule-engine."""
        return next((loop for loop in self.scope if loop.variable == name), None)

    def code_set(self, node: Node) -> CodeSet | None:
        """Return the code set that a part names."""
        if isinstance(node, Name) and self.loop(node.name) is None:
            return self.vocabulary.code_sets.get(node.name)
        return None

    def scalar(self, node: Node) -> Scalar | None:
        """Return a part as a single value of a row, or None when it is something else."""
        match node:
            case Name():
                return self._named(node.name)
            case Attribute():
                return self._attribute(node)
            case Coalesce():
                return self._coalesce(node)
            case _:
                return None

    def _named(self, name: str) -> Scalar | None:
        loop = self.loop(name)
        if loop is None:
            symbol = self.vocabulary.symbols.get(name)
            return None if symbol is None else self._symbol(symbol, None)
        if isinstance(loop.over, CodeSet):
            return Scalar(ColumnSource(loop.own(loop.over.code)), ValueType.CODE, ValueType.CODE, nullable=False)
        return None

    def _symbol(self, symbol: Symbol, loop: Loop | None) -> Scalar:
        source = symbol.source if loop is None else _moved(symbol.source, loop)
        default = source.default if isinstance(source, SideRowSource) else None
        if isinstance(default, date) and not isinstance(default, datetime):
            default = day_start(default, self._moment)
        return symbol_scalar(symbol, source, default)

    def _attribute(self, node: Attribute) -> Scalar | None:
        if isinstance(node.target, Name):
            loop = self.loop(node.target.name)
            if loop is not None and isinstance(loop.over, Collection):
                return self._symbol(loop.over.members[node.name], loop)
            if loop is None and node.target.name == ATTRIBUTES:
                return self._symbol(self.vocabulary.symbols[f"{ATTRIBUTES}.{node.name}"], None)
        target = self.scalar(node.target)
        if target is None or target.type not in TEXTS:
            return None
        return self._of_text(target, node.name)

    def _of_text(self, target: Scalar, name: str) -> Scalar | None:
        if name == "length":
            return target.through(func.length, _length, ValueType.NUMBER)
        if name == "is_empty":
            return target.through(lambda column: column == "", lambda text: text == "", ValueType.BOOLEAN)
        if name == "to_str":
            return target
        if self._dialect == "sqlite" and name == "as_lower":
            return target.through(lowered, str.lower, ValueType.TEXT)
        if self._dialect == "sqlite" and name == "as_upper":
            return target.through(uppered, str.upper, ValueType.TEXT)
        return None

    def _coalesce(self, node: Coalesce) -> Scalar | None:
        left = self.scalar(node.left)
        if left is None or not left.can_be_null:
            return left
        known, default = self.known(node.right)
        return left.or_else(default) if known else None

    def date_term(self, node: Node) -> DateTerm | None:
        """Return a part as an expression over one date."""
        scalar = self.scalar(node)
        if scalar is not None:
            return DateTerm(scalar) if scalar.type in DATES and not scalar.can_be_null else None
        if isinstance(node, Attribute) and node.name == "days":
            inner = self.date_term(node.target)
            return None if inner is None else inner.whole_days()
        if isinstance(node, Arithmetic) and node.operator in {"+", "-"}:
            return self._date_arithmetic(node)
        return None

    def _date_arithmetic(self, node: Arithmetic) -> DateTerm | None:
        sign = 1 if node.operator == "+" else -1
        if is_constant(node.right):
            term, other = self.date_term(node.left), self.known(node.right)[1]
            if term is None or term.days:
                return None
            if isinstance(other, timedelta):
                return term.moved(sign * other)
            return term.since(other, 1) if isinstance(other, datetime) and sign < 0 else None
        if is_constant(node.left):
            term, other = self.date_term(node.right), self.known(node.left)[1]
            if term is None or term.days:
                return None
            if isinstance(other, timedelta):
                return term.moved(other) if sign > 0 else None
            return term.since(other, -1) if isinstance(other, datetime) and sign < 0 else None
        return None


def _length(text: str) -> Any:
    return Decimal(len(text))


def _moved(source: Source, loop: Loop) -> Source:
    """Return a member's source over the loop's own reading of the child table."""
    if isinstance(source, ColumnSource):
        return ColumnSource(loop.own(source.column), source.scale)
    if isinstance(source, ReferenceSource):
        return ReferenceSource(loop.own(source.reference), source.target_key, source.target_value)
    return SideRowSource(loop.own(source.key), source.owner, source.column, source.where, source.default, source.scale)

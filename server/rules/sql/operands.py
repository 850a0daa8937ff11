"""What stands on the sides of a comparison: constants, single values, and expressions over one date."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import String, cast, func
from sqlalchemy.sql.util import ClauseAdapter

from server.clock import Moment
from server.rules.language.check import CheckedRule
from server.rules.language.date_parts import NUMBER_PARTS, TEXT_PARTS
from server.rules.language.engine import ATTRIBUTES, fixed_offset
from server.rules.language.symbols import (
    CodeSet,
    Collection,
    ColumnSource,
    ReferenceSource,
    SideRowSource,
    Source,
    Symbol,
    ValueType,
)
from server.rules.language.tree import Arithmetic, Attribute, Coalesce, Constant, Name, Node
from server.rules.one_contact.constants import ConstantParts
from server.rules.one_contact.evaluator import day_start, is_constant
from server.rules.sql.choices import Present
from server.rules.sql.dates import DateTerm
from server.rules.sql.letter_case import Case
from server.rules.sql.narrowing import narrowed_parts
from server.rules.sql.scalars import Scalar, in_folded_case, symbol_scalar
from server.rules.sql.sql_functions import lowered, uppered
from server.rules.sql.wall_clock import WallClock, part_value

TEXTS = {ValueType.TEXT, ValueType.CODE}
DATES = {ValueType.DATE, ValueType.DATETIME}


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop variable in scope.

    Attributes:
        over: what the loop runs over.
        table: the child table as this loop reads it.
        adapter: moves expressions over the child table to ``table``; None where they are the same.
        correlated: whether it is asked row by row, because its body reads the subject or few rows are left to ask.
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
        narrowed: the indexes of the nodes that are asked of few rows only.
        scope: the loops around the part that is read, outermost first.
        clock: reads stored dates in the moment's zone.
    """

    def __init__(self, rule: CheckedRule, moment: Moment, constants: ConstantParts, dialect: str) -> None:
        self.vocabulary = rule.vocabulary
        self.scope: tuple[Loop, ...] = ()
        self._moment = moment
        self._constants = constants
        self._dialect = dialect
        self.narrowed = narrowed_parts(rule) if dialect == "sqlite" else frozenset()
        self.clock = WallClock(moment.zone, dialect)

    def constant(self, node: Node) -> Any:
        """Return the value of a constant part; raises whatever its evaluation raises."""
        return self._constants.constant(node)

    def known(self, node: Node) -> tuple[bool, Any]:
        """Return whether a part is a constant that can be computed, and its value."""
        if isinstance(node, Constant):
            return True, node.value
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
            case Present(operand=operand):
                scalar = self.scalar(operand)
                return None if scalar is None else replace(scalar, nullable=False)
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
        scalar = symbol_scalar(symbol, source, default)
        if loop is None or scalar.folded is None:
            return scalar
        return replace(scalar, folded=replace(scalar.folded, column=loop.own(scalar.folded.column)))

    def _attribute(self, node: Attribute) -> Scalar | None:
        if isinstance(node.target, Name):
            loop = self.loop(node.target.name)
            if loop is not None and isinstance(loop.over, Collection):
                return self._symbol(loop.over.members[node.name], loop)
            if loop is None and node.target.name == ATTRIBUTES:
                own = self._symbol(self.vocabulary.symbols[f"{ATTRIBUTES}.{node.name}"], None)
                return replace(own, by_row=node.index in self.narrowed)
        target = self.scalar(_counted(node))
        if target is None:
            return None
        if target.type in DATES:
            return self._of_date(target, node.name)
        if target.type is ValueType.NUMBER:
            return _written(target) if node.name == "to_str" else None
        return self._of_text(target, node.name) if target.type in TEXTS else None

    def _of_date(self, target: Scalar, name: str) -> Scalar | None:
        """Return what the wall clock shows at a date, as a value of its own."""
        if name not in NUMBER_PARTS | TEXT_PARTS:
            return None
        stored, zone = target.stored, self._moment.zone
        kind = ValueType.NUMBER if name in NUMBER_PARTS else ValueType.TEXT
        return target.through(
            lambda column: self.clock.part(name, column, stored),
            lambda value: part_value(name, fixed_offset(value, zone)),
            kind,
            scale=3 if name == "millisecond" else 0,
        )

    def _of_text(self, target: Scalar, name: str) -> Scalar | None:
        if name == "length":
            return target.through(func.length, _length, ValueType.NUMBER)
        if name == "is_empty":
            return target.through(lambda column: column == "", lambda text: text == "", ValueType.BOOLEAN)
        if name == "to_str":
            return target
        if self._dialect == "sqlite" and name in {Case.LOWER, Case.UPPER}:
            case = Case(name)
            view = lowered if case is Case.LOWER else uppered
            return in_folded_case(target.through(view, case.of, ValueType.TEXT), target, case)
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
        if scalar is not None and scalar.type in DATES:
            return None if scalar.can_be_null else DateTerm(scalar)
        if isinstance(node, Attribute):
            target = self.scalar(node.target) if node.safe else None
            plain = target is not None and target.type in DATES
            inner = DateTerm(target) if target is not None and plain else self.date_term(node.target)
            return None if inner is None else inner.part(node.name)
        if isinstance(node, Arithmetic) and node.operator in {"+", "-"}:
            return self._date_arithmetic(node)
        return None

    def _date_arithmetic(self, node: Arithmetic) -> DateTerm | None:
        sign = 1 if node.operator == "+" else -1
        if is_constant(node.right):
            term, other = self.date_term(node.left), self.known(node.right)[1]
            if term is None:
                return None
            if isinstance(other, timedelta):
                return term.moved(sign * other)
            return term.since(other, 1) if isinstance(other, datetime) and sign < 0 else None
        if is_constant(node.left):
            term, other = self.date_term(node.right), self.known(node.left)[1]
            if term is None:
                return None
            if isinstance(other, timedelta):
                return term.moved(other) if sign > 0 else None
            return term.since(other, -1) if isinstance(other, datetime) and sign < 0 else None
        return None


def _counted(node: Attribute) -> Node:
    """Return what an attribute is asked of; a text has as many characters as the list of its characters has items."""
    target = node.target
    is_list = isinstance(target, Attribute) and target.name == "to_ary" and node.name in {"length", "is_empty"}
    return target.target if is_list and isinstance(target, Attribute) else target


def _written(number: Scalar) -> Scalar | None:
    """Return a whole number as a text; how many zeros follow the point of another, the store does not say."""
    return None if number.scale else number.through(lambda column: cast(column, String), str, ValueType.TEXT)


def _length(text: str) -> Any:
    return Decimal(len(text))


def _moved(source: Source, loop: Loop) -> Source:
    """Return a member's source over the loop's own reading of the child table."""
    if isinstance(source, ColumnSource):
        return ColumnSource(loop.own(source.column), source.scale, source.counts)
    if isinstance(source, ReferenceSource):
        return ReferenceSource(loop.own(source.reference), source.target_key, source.target_value)
    return SideRowSource(loop.own(source.key), source.owner, source.column, source.where, source.default, source.scale)

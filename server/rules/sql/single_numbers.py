"""Comparisons of what is computed from one stored number with a constant: a range of that number.

``balance * 2 + 1 > 10``, ``(balance // 3).floor``, ``$abs(score - 5)``, ``1 / score``, ``name.length / 2``,
``($now - created_at).days / 7``, ``visits.length - 1`` and ``$sum([…]) / 12`` are all functions of one integer.
"""

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy import BigInteger, literal, not_

from server.rules.language.symbols import ValueType
from server.rules.language.tree import Arithmetic, Attribute, Builtin, Call, Coalesce, Minus, Name, Node
from server.rules.sql.bracket import FALSE, Condition, Tri, exactly, is_false, some, truth
from server.rules.sql.dates import DAYS_OUT_OF_CALENDAR, DateTerm, DateTests
from server.rules.sql.numbers import natural_limit
from server.rules.sql.operands import Operands
from server.rules.sql.scalars import Column, Scalar, Test, always, ask, conjunction, disjunction
from server.rules.sql.thresholds import Function, Range, decimals, merged, outside
from server.rules.sql.value_tests import COMPARISONS, INT64_MAX, INT64_MIN, MIRRORED
from server.rules.sql.zones import DAY_MICROS, SECOND_MICROS

_DATE_NUMBERS = {"days": (-DAYS_OUT_OF_CALENDAR, DAYS_OUT_OF_CALENDAR), "year": (1, 9999)}
_MICROS = -DAYS_OUT_OF_CALENDAR * DAY_MICROS, DAYS_OUT_OF_CALENDAR * DAY_MICROS


class Variable(Protocol):
    """An integer that can be asked for the ranges it lies in."""

    @property
    def first(self) -> int:
        """The smallest it can be."""

    @property
    def last(self) -> int:
        """The largest it can be."""

    @property
    def key(self) -> Hashable:
        """Equal for two occurrences of the same integer."""

    def value(self, integer: int) -> Decimal:
        """Return what the integer stands for in the rule."""

    def within(self, ranges: tuple[Range, ...], holds: Callable[[Decimal], bool], *, negated: bool) -> Tri:
        """Return where it lies in the ranges, or, when negated, does not; ``holds`` says the same of a value."""


@dataclass(frozen=True, slots=True)
class StoredNumber:
    """A number as it is stored, or the length of a stored text."""

    scalar: Scalar
    dialect: str
    key: Hashable
    first: int
    last: int

    def value(self, integer: int) -> Decimal:
        """Return the stored integer times 10^-scale."""
        return Decimal(integer).scaleb(-self.scalar.scale)

    def within(self, ranges: tuple[Range, ...], holds: Callable[[Decimal], bool], *, negated: bool) -> Tri:
        """Return the condition on the column."""
        test = self.test(ranges, holds)
        return exactly(ask(self.scalar, test.negated() if negated else test, self.dialect))

    def test(self, ranges: tuple[Range, ...], holds: Callable[[Decimal], bool]) -> Test:
        """Return the question whether the column lies in the ranges."""
        others = outside(ranges, self.first, self.last)

        def among(wanted: tuple[Range, ...], unwanted: tuple[Range, ...]) -> Callable[[Column], Condition]:
            if len(unwanted) == 1 and len(wanted) > 1:
                return lambda column: not_(self._range(column, unwanted[0]))
            return lambda column: some([self._range(column, part) for part in wanted])

        return Test(among(ranges, others), among(others, ranges), holds)

    def _range(self, column: Column, part: Range) -> Condition:
        first, last = part
        low, high = literal(first, BigInteger), literal(last, BigInteger)
        if first == last:
            return column == low
        if first == self.first:
            return truth(value=True) if last == self.last else column <= high
        return column >= low if last == self.last else column.between(low, high)


@dataclass(frozen=True, slots=True)
class DateNumber:
    """A number that grows with a date: its year, or the days or seconds of a period between it and a constant.

    The integer is the year, the days, or the microseconds.
    """

    term: DateTerm
    dates: DateTests
    dialect: str
    key: Hashable
    first: int
    last: int

    def value(self, integer: int) -> Decimal:
        """Return the number as the language has it, which counts seconds in binary fractions."""
        whole = self.term.days or self.term.number == "year"
        return Decimal(integer) if whole else Decimal(repr(integer / SECOND_MICROS))

    def within(self, ranges: tuple[Range, ...], holds: Callable[[Decimal], bool], *, negated: bool) -> Tri:  # noqa: ARG002
        """Return the condition on the date."""
        found = disjunction([conjunction(self._asked(">=", first), self._asked("<=", last)) for first, last in ranges])
        condition = ask(self.term.scalar, found.negated() if negated else found, self.dialect)
        overflow = self.dates.overflow(self.term)
        return Tri(condition, condition, FALSE if overflow is None else ask(self.term.scalar, overflow, self.dialect))

    def _asked(self, comparison: str, integer: int) -> Test:
        edge = self.first if comparison == ">=" else self.last
        found = None if integer == edge else self.dates.compare(self.term, comparison, self.value(integer))
        return always(answer=True, on_null=False) if found is None else found


@dataclass(frozen=True, slots=True)
class Seen:
    """What is computed from a variable."""

    variable: Variable
    function: Function


Reading = Seen | Decimal | None


class Collections(Protocol):
    """What reading a single number needs of those who know collections."""

    def variable(self, node: Node) -> Variable | None:
        """Return the length of a list of members, or the sum over one, as a variable."""


class SingleNumbers:
    """Reads and compares what is computed from one number."""

    def __init__(self, operands: Operands, dates: DateTests, collections: Collections, dialect: str) -> None:
        self._operands = operands
        self._dates = dates
        self._collections = collections
        self._dialect = dialect
        context = decimals()
        self._context = context
        self._operations: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
            "+": context.add, "-": context.subtract, "*": context.multiply, "/": context.divide,
            "//": context.divide_int, "%": context.remainder,
        }  # fmt: skip

    def compare(self, left: Node, comparison: str, right: Node, *, negated: bool) -> Tri | None:
        """Return the bracket of two parts comparing so; None where they are not one number and a constant."""
        first, second = self._read(left), self._read(right)
        if isinstance(first, Decimal) and isinstance(second, Seen):
            first, second, comparison = second, first, MIRRORED[comparison]
        if not isinstance(second, Decimal) or first is None:
            return None
        bound = second
        if isinstance(first, Decimal):
            return exactly(truth(COMPARISONS[comparison](first, bound) != negated))
        return _asked(first.variable, first.function, comparison, bound, negated=negated)

    def _read(self, node: Node) -> Reading:
        known, constant = self._operands.known(node)
        if known:
            return constant if isinstance(constant, Decimal) and constant.is_finite() else None
        variable = self._variable(node)
        if variable is not None:
            return Seen(variable, Function.identity(variable.first, variable.last, variable.value))
        match node:
            case Minus():
                return self._then(self._read(node.operand), self._context.minus, rising=False)
            case Coalesce() if (left := self._operands.scalar(node.left)) is not None and not left.can_be_null:
                return self._read(node.left)
            case Attribute(name="floor" | "ceiling" | "to_flt"):
                return self._attribute(node.name, self._read(node.target))
            case Call(function=Builtin(name="abs"), arguments=(argument,)):
                return self._magnitude(self._read(argument))
            case Arithmetic():
                left_value = self._read(node.left)
                right_value = None if left_value is None else self._read(node.right)
                return self._arithmetic(node.operator, left_value, right_value)
            case _:
                return None

    def _variable(self, node: Node) -> Variable | None:
        term = self._operands.date_term(node) if isinstance(node, Attribute) else None
        if term is not None and (term.days or term.number):
            first, last = _DATE_NUMBERS.get("days" if term.days else term.number, _MICROS)
            return DateNumber(term, self._dates, self._dialect, node.index, first, last)
        scalar = self._operands.scalar(node)
        if scalar is not None:
            if scalar.type is not ValueType.NUMBER or scalar.can_be_null:
                return None
            limit = natural_limit(scalar, node)
            first, last = (INT64_MIN, INT64_MAX) if limit is None else (0, limit)
            return StoredNumber(scalar, self._dialect, _key(node), first, last)
        return self._collections.variable(node)

    def _then(self, inner: Reading, operation: Callable[[Decimal], Decimal], *, rising: bool) -> Reading:
        if isinstance(inner, Decimal):
            return operation(inner)
        return _seen(inner, None if inner is None else inner.function.then(operation, rising=rising))

    def _attribute(self, name: str, inner: Reading) -> Reading:
        rounded: Callable[[Decimal], Any] = math.floor if name == "floor" else math.ceil
        return inner if name == "to_flt" else self._then(inner, lambda number: Decimal(rounded(number)), rising=True)

    def _magnitude(self, inner: Reading) -> Reading:
        if isinstance(inner, Decimal):
            return self._context.abs(inner)
        return _seen(inner, None if inner is None else inner.function.magnitude(self._context.abs))

    def _arithmetic(self, operator: str, left: Reading, right: Reading) -> Reading:
        operation = self._operations[operator]
        if left is None or right is None:
            return None
        if isinstance(left, Decimal):
            if isinstance(right, Decimal):
                return _calculated(operation, left, right)
            return self._constant_first(operator, operation, left, right)
        if isinstance(right, Decimal):
            return self._constant_last(operator, operation, left, right)
        if operator not in {"+", "-"} or left.variable.key != right.variable.key:
            return None
        return _seen(left, left.function.with_other(right.function, operation, other_rising=operator == "+"))

    def _constant_first(
        self, operator: str, operation: Callable[[Decimal, Decimal], Decimal], constant: Decimal, seen: Seen
    ) -> Reading:
        def applied(number: Decimal) -> Decimal:
            return operation(constant, number)

        match operator:
            case "+" | "-":
                return self._then(seen, applied, rising=operator == "+")
            case "*":
                return self._then(seen, applied, rising=constant >= 0)
            case "/" | "//":
                return _seen(seen, seen.function.divisor(applied, rising=constant < 0))
            case _:
                return None

    def _constant_last(
        self, operator: str, operation: Callable[[Decimal, Decimal], Decimal], seen: Seen, constant: Decimal
    ) -> Reading:
        def applied(number: Decimal) -> Decimal:
            return operation(number, constant)

        if operator == "%" or (operator in {"/", "//"} and not constant):
            return None
        return self._then(seen, applied, rising=operator in {"+", "-"} or constant >= 0)


def _asked(variable: Variable, function: Function, comparison: str, bound: Decimal, *, negated: bool) -> Tri:
    """Return where a function of a variable compares so to a bound, or does not."""

    def holds(value: Decimal) -> bool:
        try:
            return COMPARISONS[comparison](function.apply(value), bound)
        except ArithmeticError:
            return False

    ranges = function.where(comparison, bound)
    if not function.raising:
        return variable.within(ranges, holds, negated=negated)

    def holds_not(value: Decimal) -> bool:
        return not holds(value) and not raises(value)

    def raises(value: Decimal) -> bool:
        return _calculated(lambda number, _: function.apply(number), value, value) is None

    if negated:
        ranges = outside(merged([*ranges, *function.raising]), variable.first, variable.last)
    found = variable.within(ranges, holds_not if negated else holds, negated=False)
    err = variable.within(function.raising, raises, negated=False).may
    return Tri(found.must, found.may, some([found.err, err]), settled=is_false(found.err))


def _seen(inner: Seen | None, function: Function | None) -> Reading:
    return None if inner is None or function is None else Seen(inner.variable, function)


def _calculated(operation: Callable[[Decimal, Decimal], Decimal], left: Decimal, right: Decimal) -> Decimal | None:
    try:
        return operation(left, right)
    except ArithmeticError:
        return None


def _key(node: Node) -> Hashable:
    match node:
        case Name(name=name):
            return name
        case Attribute():
            return _key(node.target), node.name
        case _:
            return node.index

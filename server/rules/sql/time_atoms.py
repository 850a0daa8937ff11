"""Questions about sums of dates, and about numbers and words that are read from them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil, floor
from typing import Any

from sqlalchemy import BigInteger, literal

from server.rules.language.date_parts import NUMBER_PARTS, TEXT_PARTS
from server.rules.language.symbols import ValueType
from server.rules.language.tree import Attribute, Contains, Equality, Minus, Node, Order
from server.rules.sql.bracket import Condition, Tri, every, some
from server.rules.sql.dates import DAYS_OUT_OF_CALENDAR, least_micros
from server.rules.sql.operands import Operands
from server.rules.sql.scalars import Test
from server.rules.sql.time_sums import TimeSum, TimeSums, constant_sum
from server.rules.sql.value_tests import (
    MIRRORED,
    OPPOSITE,
    in_list,
    number_equals,
    number_order,
    text_equals,
    text_order,
)
from server.rules.sql.wall_clock import Expression, WallClock
from server.rules.sql.zones import DAY_MICROS, SECOND_MICROS


@dataclass(frozen=True, slots=True)
class TimePart:
    """A number or a word that is read from a sum of dates.

    Attributes:
        expression: in SQL; an integer for a number.
        scale: of a number: the integer is the value times 10^scale.
        kind: NUMBER or TEXT.
        limit: a number's absolute value is below it; 0 for a word.
        err: where computing it can raise.
    """

    expression: Expression
    scale: int
    kind: ValueType
    limit: int
    err: Condition


class TimeAtoms:
    """Makes brackets of comparisons of sums of dates; answers None for everything else."""

    def __init__(self, operands: Operands, clock: WallClock, dialect: str) -> None:
        self._operands = operands
        self._clock = clock
        self._dialect = dialect
        self._sums = TimeSums(operands, clock)

    def truth(self, node: Node, *, negated: bool) -> Tri | None:
        """Return the bracket of a comparison, or of its negation."""
        match node:
            case Equality():
                return self.equal(node.left, node.right, negated=negated != (node.operator == "!="))
            case Order():
                return self._order(node, negated=negated)
            case Contains():
                return self._containment(node, negated=negated)
            case _:
                return None

    def equal(self, left: Node, right: Node, *, negated: bool) -> Tri | None:
        """Return the bracket of two parts being equal."""
        first, second = self._sums.read(left), self._sums.read(right)
        if first is not None and second is not None:
            if first.is_instant != second.is_instant:
                return None
            found = self._sums.equal(first, second, negated=negated)
            return None if found is None else _sure(found, first.err, second.err)
        for part, other in ((left, right), (right, left)):
            known, constant = self._operands.known(other)
            if known:
                return self._compared(part, "!=" if negated else "==", constant)
        return None

    def _order(self, node: Order, *, negated: bool) -> Tri | None:
        comparison = OPPOSITE[node.operator] if negated else node.operator
        first, second = self._sums.read(node.left), self._sums.read(node.right)
        if first is not None and second is not None:
            if first.is_instant != second.is_instant or first.nullable or second.nullable:
                return None
            return _sure(self._sums.compare(first, comparison, second), first.err, second.err)
        for part, other, side in ((node.left, node.right, comparison), (node.right, node.left, MIRRORED[comparison])):
            known, constant = self._operands.known(other)
            if known:
                return self._compared(part, side, constant)
        return None

    def _containment(self, node: Contains, *, negated: bool) -> Tri | None:
        known, container = self._operands.known(node.container)
        if not known or not isinstance(container, (tuple, list, set, frozenset)):
            return None
        found = self._sums.read(node.member)
        if found is not None and not found.nullable:
            comparison = "!=" if negated else "=="
            kinds = datetime if found.is_instant else timedelta
            items = [constant_sum(item) for item in container if isinstance(item, kinds)]
            if any(item is None for item in items):
                return None
            conditions = [self._sums.compare(found, comparison, item) for item in items if item is not None]
            return _sure(every(conditions) if negated else some(conditions), found.err)
        part = self.part(node.member)
        if part is None or any(isinstance(item, Decimal) and not item.is_finite() for item in container):
            return None
        test = in_list(part.kind, part.scale, container)
        return _sure((test.no if negated else test.yes)(part.expression), part.err)

    def _compared(self, part: Node, comparison: str, constant: Any) -> Tri | None:
        """Return the bracket of a number or word of a sum of dates comparing so to a constant."""
        if isinstance(constant, Decimal) and constant.is_finite():
            if type(part) is Minus:
                return self._compared(part.operand, MIRRORED[comparison], constant.copy_negate())
            least = self._of_growing(part, constant)
            if least is not None:
                return least(comparison)
        found = self.part(part)
        if found is None:
            return None
        if found.kind is ValueType.TEXT and isinstance(constant, str):
            return _asked(
                found, comparison, text_equals(constant), lambda side: text_order(side, constant, self._dialect)
            )
        if found.kind is ValueType.NUMBER and isinstance(constant, Decimal) and constant.is_finite():
            scale = found.scale
            return _asked(
                found, comparison, number_equals(constant, scale), lambda side: number_order(side, constant, scale)
            )
        return None

    def _of_growing(self, node: Node, number: Decimal) -> Callable[[str], Tri] | None:
        """Return how to compare a number that grows with a sum of dates: the sum is compared with the least one."""
        if not isinstance(node, Attribute) or node.name not in {"days", "total_seconds", "to_epoch"}:
            return None
        found = self._sums.read(node.target)
        if found is None or found.nullable or found.is_instant != (node.name == "to_epoch"):
            return None

        def least(comparison: str) -> TimeSum:
            if node.name == "days":
                days = ceil(number) if comparison == ">=" else floor(number) + 1
                clipped = max(-DAYS_OUT_OF_CALENDAR, min(days, DAYS_OUT_OF_CALENDAR))
                return TimeSum(constant=clipped * DAY_MICROS)
            return TimeSum(constant=least_micros(comparison, number), constants=int(found.is_instant))

        def compared(comparison: str) -> Tri:
            if comparison in OPPOSITE:
                side = comparison if comparison[0] == ">" else OPPOSITE[comparison]
                condition = self._sums.compare(found, ">=" if comparison[0] == ">" else "<", least(side))
            else:
                inside = (">=", "<") if comparison == "==" else ("<", ">=")
                parts = [
                    self._sums.compare(found, sign, least(side)) for sign, side in zip(inside, (">=", ">"), strict=True)
                ]
                condition = every(parts) if comparison == "==" else some(parts)
            return _sure(condition, found.err)

        return compared

    def part(self, node: Node) -> TimePart | None:
        """Return a number or word that is read from a sum of dates."""
        if not isinstance(node, Attribute) or node.safe:
            return None
        found = self._sums.read(node.target)
        if found is None or found.nullable:
            return None
        if found.is_instant:
            return self._of_instant(found, node.name)
        return self._of_period(found, node.name)

    def _of_instant(self, found: TimeSum, name: str) -> TimePart | None:
        instant = self._sums.instant(found)
        if instant is None or name not in NUMBER_PARTS | TEXT_PARTS:
            return None
        expression = self._clock.part_of_instant(name, instant)
        if name in TEXT_PARTS:
            return TimePart(expression, 0, ValueType.TEXT, 0, found.err)
        return TimePart(expression, 3 if name == "millisecond" else 0, ValueType.NUMBER, SECOND_MICROS, found.err)

    def _of_period(self, found: TimeSum, name: str) -> TimePart | None:
        units = {"days": DAY_MICROS, "seconds": SECOND_MICROS, "microseconds": 1}
        if name not in units:
            return None
        micros, whole = (
            self._sums.micros(found),
            literal(DAY_MICROS if name != "microseconds" else SECOND_MICROS, BigInteger),
        )
        rest = (micros % whole + whole) % whole
        expression = (micros - rest if name == "days" else rest) // literal(units[name], BigInteger)
        return TimePart(expression, 0, ValueType.NUMBER, 10**8, found.err)


def _sure(condition: Condition, *errors: Condition) -> Tri:
    return Tri(condition, condition, some(errors))


def _asked(found: TimePart, comparison: str, equal: Test, order: Callable[[str], Test]) -> Tri:
    if comparison in OPPOSITE:
        return _sure(order(comparison).yes(found.expression), found.err)
    return _sure((equal.yes if comparison == "==" else equal.no)(found.expression), found.err)

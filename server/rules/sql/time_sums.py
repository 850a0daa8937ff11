"""Instants and periods made of several dates: ``modified_at - created_at``, ``created_at + t"P30D"``, ``seen_at.date``.

Each is a sum of instants with signs and a constant. Two of them are compared by their difference, in which the instants
come in pairs: so nothing is ever added to an instant, which could leave what the database can hold.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func

from server.rules.language.tree import Arithmetic, Attribute, Minus, Node
from server.rules.sql.bracket import FALSE, Condition, some, truth
from server.rules.sql.dates import DAYS_OUT_OF_CALENDAR, MARGIN
from server.rules.sql.operands import DATES, Operands
from server.rules.sql.scalars import value
from server.rules.sql.value_tests import COMPARISONS, MIRRORED
from server.rules.sql.wall_clock import Expression, WallClock
from server.rules.sql.zones import DAY_MICROS, FIRST_MICROS, LAST_MICROS, MICROSECOND, micros_of

_INSTANTS_MAX = 6
"""More instants in one comparison are left to rule-engine."""
_NESTED_DAYS_MAX = 1
"""The beginning of the day of an instant names it many times."""
_CONSTANT_MAX = DAYS_OUT_OF_CALENDAR * DAY_MICROS
_ADDED_MAX = 1_000_000 * DAY_MICROS
"""What can be added to any instant of the calendar within what PostgreSQL's timestamps hold."""


@dataclass(frozen=True, slots=True)
class TimeSum:
    """A sum of instants and a constant.

    Attributes:
        plus: the instants that are added, in SQL; ``minus`` those that are subtracted.
        constant: microseconds; a constant instant counts from 1970.
        constants: constant instants in it, the subtracted ones negative.
        nullable: whether the one instant it consists of can be NULL.
        err: where computing it can raise.
        days: how many beginnings of days are computed inside each other.
    """

    plus: tuple[Expression, ...] = ()
    minus: tuple[Expression, ...] = ()
    constant: int = 0
    constants: int = 0
    nullable: bool = False
    err: Condition = FALSE
    days: int = 0

    @property
    def is_instant(self) -> bool:
        """Whether it is an instant, not a period."""
        return len(self.plus) - len(self.minus) + self.constants == 1

    @property
    def is_plain(self) -> bool:
        """Whether it is one instant as it is stored."""
        return len(self.plus) == 1 and not self.minus and not self.constant and not self.constants

    def negated(self) -> "TimeSum":
        """Return the sum times -1."""
        return replace(self, plus=self.minus, minus=self.plus, constant=-self.constant, constants=-self.constants)

    def with_other(self, other: "TimeSum") -> "TimeSum | None":
        """Return the sum of both; None when it is too long or too large."""
        found = TimeSum(
            self.plus + other.plus,
            self.minus + other.minus,
            self.constant + other.constant,
            self.constants + other.constants,
            err=some([self.err, other.err]),
            days=max(self.days, other.days),
        )
        long = len(found.plus) + len(found.minus) > _INSTANTS_MAX
        return None if long or abs(found.constant) > _CONSTANT_MAX else found


class TimeSums:
    """Reads sums of dates, and compares them."""

    def __init__(self, operands: Operands, clock: WallClock) -> None:
        self._operands = operands
        self._clock = clock

    def read(self, node: Node) -> TimeSum | None:
        """Return a part as a sum of dates, or None when it is something else."""
        known, constant = self._operands.known(node)
        if known:
            return constant_sum(constant)
        scalar = self._operands.scalar(node)
        if scalar is not None:
            return self._stored(node) if scalar.type in DATES else None
        match node:
            case Minus():
                operand = self.read(node.operand)
                return None if operand is None or operand.is_instant else operand.negated()
            case Arithmetic(operator="+" | "-"):
                return self._arithmetic(node)
            case Attribute(name="date"):
                return self._day_start(self.read(node.target))
            case _:
                return None

    def _stored(self, node: Node) -> TimeSum | None:
        scalar = self._operands.scalar(node)
        if scalar is None:
            return None
        column, nullable = value(scalar)
        instant = self._clock.instant(column, scalar.stored)
        if scalar.null_value is None:
            return TimeSum((instant,), nullable=nullable and scalar.can_be_null)
        micros = micros_of(scalar.null_value)
        if not FIRST_MICROS <= micros <= LAST_MICROS:
            return None
        return TimeSum((func.coalesce(instant, self._clock.constant(micros), type_=instant.type),))

    def _arithmetic(self, node: Arithmetic) -> TimeSum | None:
        left, right = self.read(node.left), self.read(node.right)
        if left is None or right is None or left.nullable or right.nullable:
            return None
        other = right if node.operator == "+" else right.negated()
        found = left.with_other(other)
        if found is None or not found.is_instant:
            return found
        return replace(found, err=some([found.err, self._overflow(found, other if left.is_instant else left)]))

    def _overflow(self, found: TimeSum, period: TimeSum) -> Condition:
        """Return where an instant can have left the calendar by adding a period, give or take two days."""
        margin = MARGIN // MICROSECOND
        fixed = not period.plus and not period.minus
        conditions = []
        if not fixed or period.constant > 0:
            conditions.append(self.compare(found, ">", TimeSum(constant=LAST_MICROS - margin, constants=1)))
        if not fixed or period.constant < 0:
            conditions.append(self.compare(found, "<", TimeSum(constant=FIRST_MICROS + margin, constants=1)))
        return some(conditions)

    def _day_start(self, found: TimeSum | None) -> TimeSum | None:
        if found is not None and found.is_plain and found.days:
            return found
        if found is None or found.nullable or not found.is_instant or found.days >= _NESTED_DAYS_MAX:
            return None
        instant = self.instant(found)
        if instant is None:
            return None
        return TimeSum((self._clock.day_start(instant),), err=found.err, days=found.days + 1)

    def instant(self, found: TimeSum) -> Expression | None:
        """Return an instant as one expression; None where computing it could leave what the database can hold."""
        if len(found.plus) != 1 or found.minus or found.constants or abs(found.constant) > _ADDED_MAX:
            return None
        [instant] = found.plus
        return instant + self._clock.span(found.constant) if found.constant else instant

    def micros(self, found: TimeSum) -> Expression:
        """Return a period as an integer of microseconds."""
        pairs = self._pairs(found)
        span = self._clock.span(found.constant)
        return self._clock.micros(span if pairs is None else pairs + span)

    def _pairs(self, found: TimeSum) -> Expression | None:
        """Return the sum without its constant as a sum of differences; None where there is nothing but the constant."""
        longer = max(len(found.plus), len(found.minus))
        epoch = self._clock.constant(0)
        plus, minus = (part + (epoch,) * (longer - len(part)) for part in (found.plus, found.minus))
        total: Expression | None = None
        for added, subtracted in zip(plus, minus, strict=True):
            difference = added - subtracted
            total = difference if total is None else total + difference
        return total

    def compare(self, left: TimeSum, comparison: str, right: TimeSum) -> Condition:
        """Return how two instants, or two periods, compare; neither is null."""
        compare = COMPARISONS[comparison]
        everything = TimeSum(
            left.plus + right.minus, left.minus + right.plus, left.constant - right.constant
        )  # fmt: skip
        plus, minus, rest = everything.plus, everything.minus, -everything.constant
        if len(plus) == 1 and len(minus) == 1 and not rest:
            return compare(plus[0], minus[0])  # type: ignore[return-value]
        if len(plus) + len(minus) == 1:
            [instant] = plus or minus
            return self._to_constant(instant, *((comparison, rest) if plus else (MIRRORED[comparison], -rest)))
        pairs = self._pairs(everything)
        return truth(compare(0, rest)) if pairs is None else compare(pairs, self._clock.span(rest))  # type: ignore[return-value]

    def _to_constant(self, instant: Expression, comparison: str, micros: int) -> Condition:
        compare = COMPARISONS[comparison]
        if FIRST_MICROS <= micros <= LAST_MICROS:
            return compare(instant, self._clock.constant(micros))  # type: ignore[return-value]
        # what is asked of a sum of periods can lie beyond the calendar: there no instant is, not even at its edge
        inside = max(FIRST_MICROS, min(micros, LAST_MICROS))
        return compare(instant - self._clock.constant(inside), self._clock.span(micros - inside))  # type: ignore[return-value]

    def equal(self, left: TimeSum, right: TimeSum, *, negated: bool) -> Condition | None:
        """Return where two parts are equal, or, when negated, where they are not; two nulls are equal."""
        if not left.nullable and not right.nullable:
            return self.compare(left, "!=" if negated else "==", right)
        first, second = self.instant(left), self.instant(right)
        if first is None or second is None:
            return None
        if negated:
            return first.is_distinct_from(second)
        return first.is_not_distinct_from(second) if left.nullable and right.nullable else first == second


def constant_sum(constant: Any) -> TimeSum | None:
    """Return a constant instant or period."""
    if isinstance(constant, datetime):
        return TimeSum(constant=micros_of(constant), constants=1)
    if not isinstance(constant, timedelta) or abs(constant // MICROSECOND) > _CONSTANT_MAX:
        return None
    return TimeSum(constant=constant // MICROSECOND)

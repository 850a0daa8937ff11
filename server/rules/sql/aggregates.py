"""Numbers made of many members: lengths, ``$sum([…])``, ``$max([…])`` and ``$min([…])``.

A length or a sum compared with a constant is a question about groups of members, which is asked of all contacts at
once; the largest or smallest member compared with anything is a question about single members. Inside arithmetic each
is a sub-query of its own.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import gcd
from typing import Any, Protocol

from sqlalchemy import BigInteger, ColumnElement, Numeric, case, func, literal, type_coerce
from sqlalchemy.sql.visitors import iterate

from server.rules.language.tree import Attribute, Builtin, Call, Comprehension, Equality, Node, Order
from server.rules.sql.bracket import FALSE, TRUE, Condition, Tri, every, is_false, is_true, some, unless
from server.rules.sql.loops import Loops, Members
from server.rules.sql.numbers import COUNT_LIMIT, Numbers
from server.rules.sql.operands import Loop
from server.rules.sql.polynomials import DIGITS_MAX, Number, Polynomial, Rounded, decimal_places
from server.rules.sql.sums import MEMBERS_MAX, sum_within
from server.rules.sql.thresholds import Range, outside
from server.rules.sql.value_tests import MIRRORED, OPPOSITE

_UNIT_MAX = 10**9
_CLAMPED = 2**40
"""SQLite adds up members to this size, so that no sum of ``MEMBERS_MAX`` overflows."""


class Compile(Protocol):
    """What aggregates need of the compiler."""

    def fallible(self, node: Node) -> Condition:
        """Return where a part whose value is not looked at may raise."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many members are kept, each counting ``unit``."""

    loops: Loops
    members: Members
    unit: Fraction
    key: Hashable
    first: int = 0
    last: int = COUNT_LIMIT

    def value(self, integer: int) -> Decimal:
        """Return the number of members, times ``unit``."""
        return _decimal(integer * self.unit)

    def within(self, ranges: tuple[Range, ...], holds: Callable[[Decimal], bool], *, negated: bool) -> Tri:  # noqa: ARG002
        """Return where so many members are kept."""
        wanted = outside(ranges, self.first, self.last) if negated else ranges
        parts = [self._between(first, last) for first, last in wanted]
        must = some([part.must for part in parts])
        same = all(part.must is part.may for part in parts)
        return Tri(must, must if same else some([part.may for part in parts]), self.loops.errors(self.members))

    def _between(self, first: int, last: int) -> Tri:
        enough = self.loops.at_least(self.members, first, negated=False)
        if last >= self.last:
            return enough
        fewer = self.loops.at_least(self.members, last + 1, negated=True)
        must = every([enough.must, fewer.must])
        exact = enough.must is enough.may and fewer.must is fewer.may
        return Tri(must, must if exact else every([enough.may, fewer.may]), FALSE)


@dataclass(frozen=True, slots=True)
class Addends:
    """What a sum adds up.

    Attributes:
        column: an integer of each member; the addend is that times ``unit``.
        limit: its absolute value at most.
        numeric: whether it is PostgreSQL's ``numeric``.
        kept: which members.
        err: where the rule raises, of the contact.
        unknown: where SQL does not know all addends, of the contact.
    """

    loop: Loop
    column: ColumnElement[Any]
    limit: int
    unit: Fraction
    numeric: bool
    kept: Condition
    err: Condition
    unknown: Condition


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over members, in whole units."""

    loops: Loops
    addends: Addends
    dialect: str
    key: Hashable
    first: int
    last: int

    def value(self, integer: int) -> Decimal:
        """Return the sum of so many units."""
        return _decimal(integer * self.addends.unit)

    def within(self, ranges: tuple[Range, ...], holds: Callable[[Decimal], bool], *, negated: bool) -> Tri:  # noqa: ARG002
        """Return where the sum lies in the ranges; of no members it is 0."""
        others = outside(ranges, self.first, self.last)
        wanted, unwanted = (others, ranges) if negated else (ranges, others)
        holds_for_none = any(first <= 0 <= last for first, last in wanted)
        of = self.addends
        asked = unwanted if holds_for_none else wanted
        having = sum_within(of.column, of.limit, asked, (self.first, self.last), self.dialect)
        found = self.loops.grouped(of.loop, of.kept, having, of.err, excluded=holds_for_none)
        if is_false(of.unknown):
            return found
        return Tri(every([found.must, unless(of.unknown)]), some([found.may, of.unknown]), of.err)


class Aggregates:
    """Reads what is computed from many members."""

    def __init__(self, compiler: Compile, loops: Loops, numbers: Numbers, dialect: str) -> None:
        self._compiler = compiler
        self._loops = loops
        self._numbers = numbers
        self._dialect = dialect

    def variable(self, node: Node) -> Count | Total | None:
        """Return the length of a list of members, or the sum over one, as a variable."""
        if isinstance(node, Attribute) and node.name == "length":
            members = self._loops.listed(node.target)
            return None if members is None else Count(self._loops, members, Fraction(1), node.index)
        loop = _looped(node, "sum")
        return None if loop is None else self._summed(loop, node)

    def _summed(self, loop: Comprehension, node: Node) -> Count | Total | None:
        members, number = self._read(loop)
        if members is None or number is None or members.kept.must is not members.kept.may:
            return None
        constant = number.top.value
        if constant is not None and constant > 0 and constant.numerator < _UNIT_MAX:
            return Count(self._loops, members, constant, node.index) if is_false(number.err) else None
        addends = self._addends(members, number)
        if addends is None:
            return None
        last = min(addends.limit * MEMBERS_MAX, DIGITS_MAX)
        return Total(self._loops, addends, self._dialect, node.index, -last, last)

    def _read(self, loop: Comprehension) -> tuple[Members | None, Number | None]:
        """Return the members that a loop keeps, and its result as a number of a member."""
        found: list[Number | None] = []

        def result(node: Node) -> Tri:
            found.append(self._numbers.read(node))
            return Tri(TRUE, TRUE, FALSE)

        members = self._loops.members(loop, result)
        return members, found[0] if found else None

    def _addends(self, members: Members, number: Number, *, small: bool = False) -> Addends | None:
        """Return the results of a loop as integers; None where SQL has no exact form for them.

        ``small``: only results that are small are wanted.
        """
        unit = number.top.denominator
        common = gcd(*(int(factor * unit) for factor in number.top.terms.values())) or 1
        least = replace(number, top=number.top.scaled(Fraction(1, common)))
        whole = self._numbers.arithmetic.whole(least, unit, times=MEMBERS_MAX, size=_CLAMPED, always_small=small)
        if whole is None:
            return None
        kept, loop = members.kept.must, members.loop
        raising = every([kept, some([number.err, number.null])])
        err = some([self._loops.errors(members), self._loops.some_member(loop, raising)])
        unknown = FALSE
        if not is_true(whole.sure):
            unknown = self._loops.some_member(loop, every([kept, unless(whole.sure)]))
            err = err if is_false(err) else some([err, unknown])
        column = whole.column
        if not any(getattr(part, "table", None) is loop.table for part in iterate(column)):
            # SQL takes an aggregate over nothing but columns of an outer statement for one of that statement
            column = case((loop.own(loop.over.owner).is_not(None), column))
        return Addends(loop, column, whole.limit, Fraction(common, unit), whole.numeric, kept, err, unknown)

    def number(self, node: Node) -> Number | None:
        """Return a length, a sum, or a largest or smallest member as a number."""
        variable = self.variable(node)
        if isinstance(variable, Count):
            return self._count(variable)
        if isinstance(variable, Total):
            return self._total(variable)
        loop = _looped(node, "sum")
        if loop is not None:
            return self._rounded_sum(loop, node)
        for name in ("max", "min"):
            loop = _looped(node, name)
            if loop is not None:
                return self._extreme(loop, name)
        return None

    def _rounded_sum(self, loop: Comprehension, node: Node) -> Number | None:
        """Return a sum of rounded results, as of ``v.duration / 60``: the exact sum, and what the rounding can do."""
        members, number = self._read(loop)
        if members is None or number is None or members.kept.must is not members.kept.may or number.is_fraction:
            return None
        # as whole numbers the results are exact; how they are rounded is said of their sum
        exact = replace(number, roundings=0, rounded=Rounded.NEVER, finite=True, scale=0)
        small = replace(exact, top=number.top.scaled(number.top.denominator))
        addends = self._addends(members, replace(small, mass=number.mass.scaled(number.top.denominator)), small=True)
        if addends is None:
            return None
        unit = addends.unit / number.top.denominator
        last = addends.limit * MEMBERS_MAX
        total = self._total(
            Total(self._loops, replace(addends, unit=Fraction(1)), self._dialect, node.index, -last, last)
        )
        return replace(
            total,
            top=total.top.scaled(unit),
            mass=Polynomial.constant(last * unit),
            roundings=number.roundings + MEMBERS_MAX,
            rounded=Rounded.OFTEN,
            finite=False,
        )

    def _count(self, count: Count) -> Number | None:
        members = count.members
        if members.kept.must is not members.kept.may:
            return None
        column = type_coerce(self._loops.count(members.loop, members.kept.must), BigInteger)
        number = self._numbers.arithmetic.of_atom(self._numbers.arithmetic.integer(column), COUNT_LIMIT, natural=True)
        return replace(self._scaled(number, count.unit), err=self._loops.errors(members))

    def _total(self, total: Total) -> Number:
        of, loops = total.addends, self._loops
        if self._dialect == "postgresql":
            rows = loops.own_rows(of.loop, of.kept, func.coalesce(func.sum(of.column, type_=Numeric), 0))
            number = self._numbers.arithmetic.of_atom(rows.scalar_subquery(), total.last, numeric=True)
            return replace(self._scaled(number, of.unit), err=of.err, sure=unless(of.unknown))
        column, limit, unknown = of.column, of.limit, of.unknown
        kept = of.kept
        if limit > _CLAMPED:
            limit = _CLAMPED
            small = column.between(literal(-limit, BigInteger), literal(limit, BigInteger))
            unknown = some([unknown, loops.some_member(of.loop, every([kept, unless(small)]))])
            kept = every([kept, small])
        rows = loops.own_rows(of.loop, kept, func.coalesce(func.sum(column, type_=BigInteger), 0, type_=BigInteger))
        number = self._numbers.arithmetic.of_atom(rows.scalar_subquery(), limit * MEMBERS_MAX)
        return replace(self._scaled(number, of.unit), err=of.err, sure=unless(unknown))

    def _extreme(self, loop: Comprehension, name: str) -> Number | None:
        members, number = self._read(loop)
        if members is None or number is None or members.kept.must is not members.kept.may:
            return None
        addends = self._addends(members, number)
        if addends is None:
            return None
        largest = (func.max if name == "max" else func.min)(addends.column, type_=addends.column.type)
        rows: ColumnElement[Any] = self._loops.own_rows(addends.loop, addends.kept, largest).scalar_subquery()
        if not addends.numeric:
            rows = self._numbers.arithmetic.integer(rows)
        found = self._numbers.arithmetic.of_atom(rows, addends.limit, numeric=addends.numeric)
        err = some([addends.err, self._loops.at_least(members, 1, negated=True).may])
        return replace(self._scaled(found, addends.unit), err=err, sure=unless(addends.unknown))

    def _scaled(self, number: Number, unit: Fraction) -> Number:
        return self._numbers.arithmetic.scaled(number, unit, decimal_places(unit) or 0)

    def comparison(self, node: Equality | Order, *, negated: bool) -> Tri | None:
        """Return the bracket of ``$max([…])`` or ``$min([…])`` compared: some member, or none, is so."""
        comparison = "==" if isinstance(node, Equality) else node.operator
        negated = negated != (node.operator == "!=")
        for part, other, side in ((node.left, node.right, comparison), (node.right, node.left, MIRRORED[comparison])):
            for name in ("max", "min"):
                loop = _looped(part, name)
                if loop is not None:
                    return self._extreme_compared(loop, name == "max", side, other, node, negated=negated)
        return None

    def _extreme_compared(
        self, loop: Comprehension, is_max: bool, comparison: str, other: Node, place: Node, *, negated: bool
    ) -> Tri | None:
        """Return how the largest (or smallest) result compares; of no members the rule raises."""
        at_edge, beyond = (">=", ">") if is_max else ("<=", "<")
        if comparison == "==":
            reached = self._some(loop, at_edge, other, place, negated=negated)
            passed = self._some(loop, beyond, other, place, negated=not negated)
            if reached is None or passed is None:
                return None
            join = some if negated else every
            must = join([reached.must, passed.must])
            exact = reached.must is reached.may and passed.must is passed.may
            found = Tri(must, must if exact else join([reached.may, passed.may]), some([reached.err, passed.err]))
        elif comparison in {at_edge, beyond}:
            asked = self._some(loop, comparison, other, place, negated=negated)
            if asked is None:
                return None
            found = asked
        else:
            asked = self._some(loop, OPPOSITE[comparison], other, place, negated=not negated)
            if asked is None:
                return None
            found = asked
        implied = (comparison in {at_edge, beyond}) != negated if comparison != "==" else not negated
        return self._unless_none(loop, found, other, implied=implied)

    def _unless_none(self, loop: Comprehension, found: Tri, other: Node, *, implied: bool) -> Tri | None:
        """Return the bracket of a question about the results of a loop that raises when there are none, or a null.

        ``implied``: whether it is true only where there are some.
        """
        members, number = self._read(loop)
        if members is None or number is None:
            return None
        kept = members.kept
        null = self._loops.some_member(members.loop, every([kept.may, number.null]))
        none = self._loops.at_least(members, 1, negated=True).may
        there_are = self._loops.at_least(members, 1, negated=False).must
        must = found.must if implied else every([there_are, found.must])
        may = must if found.must is found.may and kept.must is kept.may else found.may
        err = some([found.err, null, self._compiler.fallible(other)])
        return Tri(must, may, some([err, none]), settled=is_false(err))

    def _some(self, loop: Comprehension, comparison: str, other: Node, place: Node, *, negated: bool) -> Tri | None:
        members = self._loops.exists(loop, comparison, other, place)
        return None if members is None else self._loops.at_least(members, 1, negated=negated)


def _looped(node: Node, name: str) -> Comprehension | None:
    """Return the loop whose results the named function takes."""
    if isinstance(node, Call) and isinstance(node.function, Builtin) and node.function.name == name:
        argument = node.arguments[0]
        return argument if isinstance(argument, Comprehension) else None
    return None


def _decimal(number: Fraction) -> Decimal:
    """Return a number with finitely many decimal places."""
    places = decimal_places(number) or 0
    return Decimal(int(number * 10**places)).scaleb(-places)

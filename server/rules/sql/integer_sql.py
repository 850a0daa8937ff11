"""Sums of products in SQL, compared exactly although a product may not fit into 64 bits.

An overflow aborts the statement on PostgreSQL and silently becomes a floating-point number on SQLite. So what may not
fit is asked in two branches: where the operands are small, plain 64-bit arithmetic decides; for the rare others
PostgreSQL calculates in ``numeric``, and SQLite in halves of 32 bits where the operands are only added, else in
floating point, which proves what is not too close to equality.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from math import ceil, floor
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    Numeric,
    ScalarSelect,
    and_,
    case,
    cast,
    func,
    literal,
    not_,
    or_,
)
from sqlalchemy.sql.visitors import iterate

from server.rules.sql.bracket import FALSE, TRUE, Condition, every, truth
from server.rules.sql.halves import HALF_BITS, HALF_MASK, INT64_MAX, INT64_MIN, compare_halves, halves_of
from server.rules.sql.polynomials import ROUNDING, Atom, Product

SMALL = 2**62
"""Products whose absolute values sum up to no more than this are calculated in 64 bits."""
_GUARD_MIN = 2**20
_HALVES_FACTOR_MAX = 2**30
_REAL_MAX = 10**280
_REAL_ERROR = 1e-12
"""Far above what floating point loses in a few dozen operations, as a part of the operands."""

Terms = Mapping[Product, int]
Sizes = Mapping[Product, Fraction] | Mapping[Product, int]
Expression = ColumnElement[Any]
Pair = tuple[Condition, Condition]
"""What must hold and what may hold; the same object where SQL decides."""


@dataclass(frozen=True, slots=True)
class Question:
    """How a sum of products compares to 0.

    Attributes:
        terms: the sum.
        mass: at least the absolute products, as in ``Number``.
        comparison: ``>``, ``>=``, ``==`` or ``!=``.
        roundings: as in ``Number``; 0 where the language does not round.
        exact_at_zero: whether the language finds equality exactly where the sum is 0.
        exact_when_small: the same for sums that are calculated in 64 bits.
    """

    terms: Terms
    mass: Terms
    comparison: str
    roundings: int
    exact_at_zero: bool
    exact_when_small: bool


class IntegerSql:
    """Writes sums of products over a table of atoms."""

    def __init__(self, atoms: Sequence[Atom], dialect: str) -> None:
        self._atoms = atoms
        self._dialect = dialect

    def bound(self, terms: Sizes) -> Fraction | int:
        """Return what the absolute value of the sum never exceeds."""
        total: Fraction | int = 0
        for product, factor in terms.items():
            total += (factor if factor > 0 else -factor) * self._limit(product)
        return total

    def _limit(self, product: Product) -> int:
        limit = 1
        for atom in product:
            limit *= self._atoms[atom].limit
        return limit

    def is_natural(self, terms: Terms) -> bool:
        """Whether the sum is never negative."""
        return all(factor > 0 and all(self._atoms[atom].natural for atom in p) for p, factor in terms.items())

    def fits(self, terms: Terms) -> bool:
        """Whether 64 bits hold the sum and every step towards it."""
        if any(self._atoms[atom].numeric for product in terms for atom in product):
            return False
        single = len(terms) == 1 and all(factor == 1 and len(product) == 1 for product, factor in terms.items())
        return single or self.bound(terms) <= INT64_MAX

    def whole(self, terms: Terms, *, negatable: bool = False, size: int = SMALL) -> tuple[Expression, Condition] | None:
        """Return the sum as a 64-bit integer, and where it is right; elsewhere it is NULL.

        ``negatable``: its negation must fit as well. ``size``: how large it may be where it does not fit anyway. None
        where 64 bits hardly ever hold it.
        """
        if self.fits(terms) and not (negatable and self.bound(terms) > INT64_MAX):
            return self._sum(terms, _integer), TRUE
        small = self.small({product: abs(factor) for product, factor in terms.items()}, size)
        return None if small is None else self.only(small, terms)

    def _each_small(self, mass: Terms, size: int) -> Condition | None:
        """Return where every multiple is small enough for its share of the sum."""
        if size < 0:
            return None
        conditions = []
        factors = [(self._atoms[product[0]], factor) for product, factor in mass.items() if product]
        for atom, factor in factors:
            limit = size // (factor * len(factors))
            if atom.limit <= limit:
                continue
            if limit < _GUARD_MIN:
                return None
            conditions.append(atom.column.between(literal(-limit, BigInteger), literal(limit, BigInteger)))
        return every(conditions)

    def plain(self, terms: Terms) -> Expression:
        """Return the sum in 64 bits, whether it fits or not."""
        return self._sum(terms, _integer)

    def numeric(self, terms: Terms) -> Expression:
        """Return the sum in PostgreSQL's ``numeric``."""
        return self._sum(terms, _numeric)

    def only(self, condition: Condition, terms: Terms) -> tuple[Expression, Condition]:
        """Return the sum where a condition holds that makes it small, and the condition."""
        return case((condition, self._sum(terms, _integer))), condition

    def small(self, mass: Terms, size: int = SMALL) -> Condition | None:
        """Return where the products are small: up to ``size`` together; None where that is hardly ever so."""
        if any(self._atoms[atom].numeric for product in mass for atom in product):
            return None
        if all(len(product) <= 1 for product in mass):
            return self._each_small(mass, size - mass.get((), 0))
        if sum(mass.values()) > size // _GUARD_MIN or self.bound(mass) > _REAL_MAX:
            return None
        # a product of three whose last is 0 says nothing about the other two, which are multiplied first
        steps = {product[:length]: 1 for product in mass for length in range(2, len(product))}
        return self._sum({**steps, **mass}, _absolute_real) <= literal(float(size), Double)

    def _sum(self, terms: Terms, kind: "Kind") -> Expression:
        """Return the SQL of a sum, the products with positive factors first."""
        ordered = sorted(terms.items(), key=lambda term: (term[1] < 0, not term[0]))
        total: Expression | None = None
        for product, factor in ordered:
            written = self._product(product, abs(factor), kind) if product else kind.constant(factor)
            if total is None:
                total = written if factor > 0 or not product else -written
            elif product and factor < 0:
                total = total - written
            else:
                total = total + written
        return kind.constant(0) if total is None else total

    def _product(self, product: Product, factor: int, kind: "Kind") -> Expression:
        parts = [kind.column(self._atoms[atom].column) for atom in product]
        if factor != 1:
            parts.append(kind.constant(factor))
        return reduce(lambda left, right: left * right, parts)

    def ask(self, question: Question) -> Pair:
        """Return where the sum compares so to 0."""
        settled = self._settled(question)
        if settled is not None:
            return settled
        left, right = _sides(question.terms)
        lost = question.roundings * ROUNDING * self.bound(question.mass)
        certain = question.exact_at_zero and lost < 1
        bare = self._bare(question) if certain else None
        if bare is not None:
            return bare, bare
        known = not question.roundings or (lost < 1 and self.bound(question.mass) <= 4 * SMALL)
        if known and self.fits(left) and self.fits(right):
            return self._compared(question, _integer)
        divided = self._divided(question) if certain else None
        if divided is not None:
            return divided, divided
        rest = self._large(question)
        small = None if self._dialect == "postgresql" and self._looks_up(question.terms) else self.small(question.mass)
        if small is None:
            return rest
        near = self._compared(question, _integer)
        must = case((small, near[0]), else_=rest[0])
        exact = near[0] is near[1] and rest[0] is rest[1]
        return must, must if exact else case((small, near[1]), else_=rest[1])

    def _looks_up(self, terms: Terms) -> bool:
        """Whether an atom is looked up in another table: asking first whether it is small would look it up again."""
        columns = {self._atoms[atom].column for product in terms for atom in product}
        return any(isinstance(part, ScalarSelect) for column in columns for part in iterate(column))

    def _settled(self, question: Question) -> Pair | None:
        """Decide what no value of the atoms can change."""
        constant = question.terms.get((), 0)
        others = {product: factor for product, factor in question.terms.items() if product}
        lost = question.roundings * ROUNDING * self.bound(question.mass)
        if abs(constant) - self.bound(others) > lost:
            answer = truth(question.comparison == "!=" or (question.comparison != "==" and constant > 0))
            return answer, answer
        if others:
            return None
        answer = truth(question.comparison in {">=", "=="})
        return (answer, answer) if question.exact_at_zero and not constant else (FALSE, TRUE)

    def _compared(self, question: Question, kind: "Kind", lost: Expression | None = None) -> Pair:
        """Return the comparison of both sides where they are off by less than 1, or by ``lost``."""
        left, right = (self._sum(side, kind) for side in _sides(question.terms))
        if lost is not None:
            return _within(question.comparison, left, right, lost)
        exact = question.exact_at_zero or (kind is _integer and question.exact_when_small)
        return _apart(question.comparison, left, right, exact=exact)

    def _bare(self, question: Question) -> Condition | None:
        """Compare a multiple of one integer with a constant: a bound of the integer itself."""
        others = [(product, factor) for product, factor in question.terms.items() if product]
        [(product, factor), *more] = others
        if more or len(product) != 1 or self._atoms[product[0]].numeric:
            return None
        atom, limit = self._atoms[product[0]], Fraction(-question.terms.get((), 0), factor)
        column = atom.column if atom.stored is None else atom.stored
        if question.comparison in {"==", "!="}:
            if limit.denominator != 1 or not _is_int64(int(limit)):
                return truth(question.comparison == "!=")
            wanted = literal(int(limit), BigInteger)
            return column == wanted if question.comparison == "==" else column != wanted
        if factor > 0:
            bound = floor(limit) + 1 if question.comparison == ">" else ceil(limit)
            return column >= literal(bound, BigInteger) if _is_int64(bound) else truth(bound < 0)
        bound = ceil(limit) - 1 if question.comparison == ">" else floor(limit)
        return column <= literal(bound, BigInteger) if _is_int64(bound) else truth(bound > 0)

    def _divided(self, question: Question) -> Condition | None:
        """Compare a multiple of one integer with a sum by dividing the sum: ``10 * a > b`` is ``a > floor(b / 10)``."""
        left, right = _sides(question.terms)
        for multiple, other, sign in ((left, right, 1), (right, left, -1)):
            if question.comparison == "!=" or len(multiple) != 1 or not self.fits(other):
                continue
            [(product, factor)] = multiple.items()
            if len(product) != 1 or self._atoms[product[0]].numeric or not 1 < factor <= INT64_MAX:
                continue
            column, number = self._atoms[product[0]].column, self._sum(other, _integer)
            divisor = literal(factor, BigInteger)
            quotient, remainder = number // divisor, number % divisor
            down = quotient - case((remainder < 0, 1), else_=0)
            up = quotient + case((remainder > 0, 1), else_=0)
            match question.comparison:
                case "==":
                    return and_(column == quotient, remainder == 0)
                case ">":
                    return column > down if sign > 0 else column < up
                case _:
                    return column >= up if sign > 0 else column <= down
        return None

    def _large(self, question: Question) -> Pair:
        """Compare without regard to size."""
        if self._dialect == "postgresql":
            if question.roundings * ROUNDING * self.bound(question.mass) < 1:
                return self._compared(question, _numeric)
            share = literal(Decimal(f"{float(question.roundings * ROUNDING) * 1.01:e}"), Numeric)
            return self._compared(question, _numeric, self._sum(question.mass, _absolute_numeric) * share)
        if self._is_halvable(question.terms):
            return self._halves(question)
        if self.bound(question.mass) > _REAL_MAX:
            return FALSE, TRUE
        return self._compared(question, _real, self._sum(question.mass, _absolute_real) * literal(_REAL_ERROR, Double))

    def _is_halvable(self, terms: Terms) -> bool:
        factors = sum(abs(factor) for product, factor in terms.items() if product)
        return all(len(product) <= 1 for product in terms) and factors < _HALVES_FACTOR_MAX

    def halves(self, terms: Terms) -> tuple[Expression, Expression] | None:
        """Return a sum of multiples as ``high * 2^32 + low``, two integers (SQLite); None for other sums."""
        constant = terms.get((), 0)
        others = [(self._atoms[product[0]].column, factor) for product, factor in terms.items() if product]
        at_high, at_low = literal(constant >> HALF_BITS, BigInteger), literal(constant & HALF_MASK, BigInteger)
        if not self._is_halvable(terms) or abs(constant) >> HALF_BITS > SMALL:
            return None
        if not others:
            return at_high, at_low
        upper, lower = halves_of(others)
        return (upper + at_high, lower + at_low) if constant else (upper, lower)

    def _halves(self, question: Question) -> Pair:
        """Compare a sum of multiples by its upper and its lower 32 bits (SQLite)."""
        limit = -question.terms.get((), 0)
        upper, lower = halves_of([(self._atoms[p[0]].column, factor) for p, factor in question.terms.items() if p])
        high, low = upper + lower.bitwise_rshift(HALF_BITS), lower.bitwise_and(HALF_MASK)
        lost = int(question.roundings * ROUNDING * self.bound(question.mass))

        def compared(comparison: str, number: int) -> Condition:
            return compare_halves(high, low, comparison, number, HALF_BITS)

        def above(number: int) -> Condition:
            return compared(">", number)

        if lost == 0 and question.exact_at_zero:
            found = compared(question.comparison, limit)
            return found, found
        below = compared("<", limit - lost)
        match question.comparison:
            case "==":
                return FALSE, not_(or_(above(limit + lost), below))
            case "!=":
                return or_(above(limit + lost), below), TRUE
            case _:
                return above(limit + lost), not_(below)


def _is_int64(number: int) -> bool:
    return INT64_MIN <= number <= INT64_MAX


def _sides(terms: Terms) -> tuple[Terms, Terms]:
    """Return a sum that is compared to 0 as two sides with positive factors; only a constant alone may be negative."""
    left = {product: factor for product, factor in terms.items() if factor > 0 and product}
    right = {product: -factor for product, factor in terms.items() if factor < 0 and product}
    constant = terms.get((), 0)
    if not right or (constant < 0 and left):
        right[()] = -constant
    elif constant or not left:
        left[()] = constant
    return left, right


def _apart(comparison: str, left: Expression, right: Expression, *, exact: bool) -> Pair:
    """Return the comparison of sides that are certainly different where they differ at all."""
    found: Condition
    match comparison:
        case "==":
            found = left == right
            return (found, found) if exact else (FALSE, found)
        case "!=":
            found = left != right
            return (found, found) if exact else (found, TRUE)
        case ">":
            found = left > right
            return (found, found) if exact else (found, left >= right)
        case _:
            found = left >= right
            return (found, found) if exact else (left > right, found)


def _within(comparison: str, left: Expression, right: Expression, lost: Expression) -> Pair:
    """Return the comparison of sides whose difference is known up to ``lost``."""
    near = and_(left - right >= -lost, left - right <= lost)
    match comparison:
        case "==":
            return FALSE, near
        case "!=":
            return not_(near), TRUE
        case _:
            return left - right > lost, left - right >= -lost


@dataclass(frozen=True, slots=True)
class Kind:
    """In which of SQL's number types a sum is calculated."""

    column: Callable[[Expression], Expression]
    constant: Callable[[int], Expression]


def _as_real(column: Expression) -> Expression:
    return cast(column, Double)


def _as_numeric(column: Expression) -> Expression:
    return column if isinstance(column.type, Numeric) else cast(column, Numeric)


_integer = Kind(lambda column: column, lambda number: literal(number, BigInteger))
_real = Kind(_as_real, lambda number: literal(float(number), Double))
_numeric = Kind(_as_numeric, lambda number: literal(Decimal(number), Numeric))
_absolute_real = Kind(lambda column: func.abs(_as_real(column), type_=Double), _real.constant)
_absolute_numeric = Kind(lambda column: func.abs(_as_numeric(column), type_=Numeric), _numeric.constant)

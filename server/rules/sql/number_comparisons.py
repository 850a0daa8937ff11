"""Comparisons of numbers that are computed from several stored ones."""

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from sqlalchemy import and_, not_

from server.rules.sql.bracket import FALSE, Condition, Tri, every, is_false, is_true, some, unless
from server.rules.sql.integer_sql import IntegerSql, Pair, Question, Terms
from server.rules.sql.polynomials import DIGITS_MAX, Number, Polynomial, Rounded

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_MIRRORED = {"<": ">", "<=": ">="}
_SPARE_WHEN_SMALL = 10**8
"""Sums of 64 bits are short enough for the language even when it counts so many more units."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Two numbers, one subtracted from the other, in whole units.

    Attributes:
        terms: the difference times ``bottom``.
        mass: as in ``Number``.
        bottom: whose sign decides how the difference is read; None: 1.
    """

    terms: Terms
    mass: Terms
    bottom: Terms | None
    roundings: int
    exact_at_zero: bool
    exact_when_small: bool


def compare_numbers(left: Number, comparison: str, right: Number, sql: IntegerSql, *, negated: bool) -> Tri:
    """Return the bracket of two numbers comparing so."""
    wanted = _OPPOSITE[comparison] if negated else comparison
    difference = _difference(left, right, sql)
    must, may = _with_nulls(_asked(difference, wanted, sql), wanted, left.null, right.null)
    sure = every([left.sure, right.sure])
    err = some([left.err, right.err])
    if is_true(sure):
        return Tri(must, may, err)
    unknown = unless(sure)
    return Tri(every([sure, must]), some([may, unknown]), FALSE if is_false(err) else some([err, unknown]))


def _difference(left: Number, right: Number, sql: IntegerSql) -> Difference:
    bottom: Polynomial | None = None
    if left.bottom is right.bottom:
        tops = left.top, right.top
        masses = left.mass, right.mass
        bottom = left.bottom if left.is_fraction else None
    else:
        tops = left.top.times(right.bottom), right.top.times(left.bottom)
        masses = left.mass.times(right.bottom.absolute()), right.mass.times(left.bottom.absolute())
        bottom = left.bottom.times(right.bottom)
    top, mass = tops[0].plus(tops[1].scaled(-1)), masses[0].plus(masses[1])
    unit = lcm(top.denominator, mass.denominator)
    common = gcd(*(int(factor * unit) for polynomial in (top, mass) for factor in polynomial.terms.values())) or 1
    finite = left.finite and right.finite and bottom is None
    return Difference(
        terms=_whole(top, unit, common),
        mass=_whole(mass, unit, common),
        bottom=None if bottom is None else _whole(bottom, bottom.denominator, 1),
        roundings=max(left.roundings, right.roundings),
        exact_at_zero=_exact_at_zero(left, right, sql),
        exact_when_small=finite and Fraction(10) ** max(left.scale, right.scale) * common <= _SPARE_WHEN_SMALL * unit,
    )


def _whole(polynomial: Polynomial, unit: int, common: int) -> Terms:
    return {product: int(factor * unit) // common for product, factor in polynomial.terms.items()}


def _exact_at_zero(left: Number, right: Number, sql: IntegerSql) -> bool:
    """Whether the language finds equal what is exactly equal.

    It does when each side is rounded at most once and last, because equal values are rounded equally. And it does when
    one part was rounded and the rest is exact: then the part is a difference of short numbers, so nothing was lost.
    """
    if max(left.rounded, right.rounded) <= Rounded.LAST:
        return True
    for part, other in ((left, right), (right, left)):
        if part.rounded is Rounded.SUMMED and other.is_exact:
            places = max(part.rest, other.scale)
            limit = part.rest_limit + Fraction(sql.bound(other.mass.terms))
            return bool(limit * 10**places <= DIGITS_MAX)
    return False


def _asked(difference: Difference, comparison: str, sql: IntegerSql) -> Pair:
    if difference.bottom is None or comparison in {"==", "!="} or sql.is_natural(difference.bottom):
        return _signed(difference, comparison, sql)
    mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}[comparison]
    positive = _sign(difference.bottom, ">", sql)
    negative = _sign(difference.bottom, "<", sql)
    above, below = _signed(difference, comparison, sql), _signed(difference, mirrored, sql)
    must = some([and_(positive[0], above[0]), and_(negative[0], below[0])])
    if above[0] is above[1] and below[0] is below[1] and positive[0] is positive[1] and negative[0] is negative[1]:
        return must, must
    return must, some([every([positive[1], above[1]]), every([negative[1], below[1]])])


def _sign(terms: Terms, comparison: str, sql: IntegerSql) -> Pair:
    mass = {product: abs(factor) for product, factor in terms.items()}
    return _signed(Difference(terms, mass, None, 0, exact_at_zero=True, exact_when_small=True), comparison, sql)


def _signed(difference: Difference, comparison: str, sql: IntegerSql) -> Pair:
    """Return where the difference compares so to 0."""
    terms = difference.terms
    if comparison in _MIRRORED:
        comparison, terms = _MIRRORED[comparison], {product: -factor for product, factor in terms.items()}
    return sql.ask(
        Question(
            terms,
            difference.mass,
            comparison,
            difference.roundings,
            exact_at_zero=difference.exact_at_zero,
            exact_when_small=difference.exact_when_small,
        )
    )


def _with_nulls(found: Pair, comparison: str, left: Condition, right: Condition) -> Pair:
    """Return an equality of values that may be null; only equalities are asked of those."""
    if is_false(left) and is_false(right):
        return found
    if comparison == "==":
        extra = every([left, right])
    elif is_false(left) or is_false(right):
        extra = some([left, right])
    else:
        extra = some([and_(left, not_(right)), and_(right, not_(left))])
    must = some([found[0], extra])
    return must, must if found[0] is found[1] else some([found[1], extra])

"""Sums of stored integers compared to a number, exactly and without overflow."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Numeric, and_, func, literal, or_

from server.rules.bracket import Condition, truth
from server.rules.value_tests import INT64_MAX, INT64_MIN, OPPOSITE, number_bound

_LOW_BITS = 20
_LOW_MASK = (1 << _LOW_BITS) - 1


def sum_condition(
    column: ColumnElement[Any], comparison: str, number: Decimal, scale: int, *, negated: bool, dialect: str
) -> Condition:
    """Return the HAVING condition that the sum of an integer column (values * 10^scale) compares so to a number."""
    if comparison == "==":
        exact = Fraction(number) * 10**scale
        if exact.denominator != 1:
            return truth(negated)
        return _sum_equals(column, int(exact), negated=negated, dialect=dialect)
    side, bound = number_bound(OPPOSITE[comparison] if negated else comparison, number, scale)
    return _sum_order(column, side, bound, dialect)


def _halves(column: ColumnElement[Any]) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Return the sum as high * 2^20 + low with 0 ≤ low < 2^20.

    SQLite's sum of integers aborts the statement when it leaves 64 bits; the sums of both halves never do.
    """
    high = func.sum(column.bitwise_rshift(_LOW_BITS), type_=BigInteger)
    low = func.sum(column.bitwise_and(_LOW_MASK), type_=BigInteger)
    return high + low.bitwise_rshift(_LOW_BITS), low.bitwise_and(_LOW_MASK)


def _sum_order(column: ColumnElement[Any], side: str, bound: int, dialect: str) -> Condition:
    if dialect == "postgresql":
        total = func.sum(column, type_=Numeric)
        limit = literal(Decimal(bound), Numeric)
        return total <= limit if side == "<=" else total >= limit
    at_high, at_low = bound >> _LOW_BITS, bound & _LOW_MASK
    if not INT64_MIN <= at_high <= INT64_MAX:
        return truth((at_high > 0) == (side == "<="))
    high, low = _halves(column)
    edge = literal(at_high, BigInteger)
    if side == "<=":
        return or_(high < edge, and_(high == edge, low <= at_low))
    return or_(high > edge, and_(high == edge, low >= at_low))


def _sum_equals(column: ColumnElement[Any], wanted: int, *, negated: bool, dialect: str) -> Condition:
    if dialect == "postgresql":
        total = func.sum(column, type_=Numeric)
        return total != literal(Decimal(wanted), Numeric) if negated else total == literal(Decimal(wanted), Numeric)
    at_high, at_low = wanted >> _LOW_BITS, wanted & _LOW_MASK
    if not INT64_MIN <= at_high <= INT64_MAX:
        return truth(negated)
    high, low = _halves(column)
    edge = literal(at_high, BigInteger)
    return or_(high != edge, low != at_low) if negated else and_(high == edge, low == at_low)

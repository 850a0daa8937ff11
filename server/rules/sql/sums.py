"""Sums of stored integers, asked for ranges: exactly, and without overflow."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Numeric, func, literal, literal_column

from server.rules.sql.bracket import Condition, every, some
from server.rules.sql.halves import INT64_MAX, compare_halves
from server.rules.sql.thresholds import Range

_LOW_BITS = 24
_LOW_MASK = (1 << _LOW_BITS) - 1
MEMBERS_MAX = 2**22
"""Sums of so many members are calculated without overflow; more are not kept of one contact."""


def sum_within(
    column: ColumnElement[Any], limit: int, ranges: Sequence[Range], possible: Range, dialect: str
) -> Condition:
    """Return the HAVING condition that the sum of an integer column lies in the ranges.

    ``limit``: the absolute value of the column is at most this. ``possible``: the sum lies in this range.
    """
    first, last = possible
    conditions = []
    for low, high in ranges:
        sides = [(">=", low)] if low > first else []
        sides += [("<=", high)] if high < last else []
        if low == high:
            sides = [("==", low)]
        conditions.append(every([_sum_compared(column, limit, side, bound, dialect) for side, bound in sides]))
    return some(conditions)


def _sum_compared(column: ColumnElement[Any], limit: int, comparison: str, bound: int, dialect: str) -> Condition:
    if dialect == "postgresql":
        total: ColumnElement[Any] = func.sum(column, type_=Numeric)
        return _compared(total, comparison, literal(Decimal(bound), Numeric))
    if limit * MEMBERS_MAX <= INT64_MAX and abs(bound) <= INT64_MAX:
        return _compared(func.sum(column, type_=BigInteger), comparison, literal(bound, BigInteger))
    high, low = _halves(column)
    return compare_halves(high, low, comparison, bound, _LOW_BITS)


def _compared(total: ColumnElement[Any], comparison: str, bound: ColumnElement[Any]) -> Condition:
    if comparison == "==":
        return total == bound
    return total >= bound if comparison == ">=" else total <= bound


def _halves(column: ColumnElement[Any]) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Return the sum as high * 2^24 + low with 0 ≤ low < 2^24.

    SQLite's sum of integers aborts the statement when it leaves 64 bits; the sums of both halves never do. Their
    constants are no parameters: SQLite computes a sum as often as it is written unless it sees that it is the same.
    """
    bits, mask = (literal_column(str(number), BigInteger) for number in (_LOW_BITS, _LOW_MASK))
    high = func.sum(column.bitwise_rshift(bits), type_=BigInteger)
    low = func.sum(column.bitwise_and(mask), type_=BigInteger)
    return high + low.bitwise_rshift(bits), low.bitwise_and(mask)

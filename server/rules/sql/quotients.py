"""Whole quotients and remainders of sums of products: SQL truncates them as the language does.

What may not fit into 64 bits PostgreSQL divides in ``numeric``, and SQLite by a function of Python that gets both sides
in halves of 32 bits.
"""

from typing import Any, NamedTuple

from sqlalchemy import BigInteger, BindParameter, ColumnElement, Numeric, case, func, literal

from server.rules.sql.bracket import TRUE, Condition, every, is_true
from server.rules.sql.halves import INT64_MAX
from server.rules.sql.integer_sql import IntegerSql, Terms


class Whole(NamedTuple):
    """A number in whole units.

    Attributes:
        column: the integer; NULL where it is not sure.
        sure: where it is right.
        limit: its absolute value at most, where it is right.
        numeric: whether it is PostgreSQL's ``numeric`` and not a 64-bit integer.
        bare: the integer without the question where it is sure.
    """

    column: ColumnElement[Any]
    sure: Condition
    limit: int
    numeric: bool = False
    bare: ColumnElement[Any] | None = None

    @property
    def where_sure(self) -> ColumnElement[Any]:
        """The integer, to be asked for only where it is sure."""
        return self.column if self.bare is None else self.bare


def divided(operation: str, left: Whole, right: Whole, halves: ColumnElement[Any] | None, limit: int) -> Whole:
    """Return ``//``, ``%``, ``floor`` or ``ceiling`` of two whole numbers; NULL where the divisor is 0.

    A quotient is rounded to ``floor`` or ``ceiling`` only for a positive divisor.

    ``halves``: the same by ``by_halves``, for what is not sure. ``limit``: the result's absolute value at most.
    """
    numeric = left.numeric or right.numeric
    by = right.where_sure
    if not isinstance(by, BindParameter):
        zero = literal(0, Numeric if numeric else BigInteger)
        by = func.nullif(by, zero, type_=zero.type)
    column = _plain(operation, left.where_sure, by, numeric=numeric)
    sure = every([left.sure, right.sure])
    if is_true(sure):
        return Whole(column, TRUE, limit, numeric)
    if halves is None:
        return Whole(case((sure, column)), sure, min(limit, INT64_MAX), bare=column)
    found = case((sure, column), else_=halves)
    return Whole(found, TRUE if limit <= INT64_MAX else found.is_not(None), min(limit, INT64_MAX))


def _plain(operation: str, left: ColumnElement[Any], by: ColumnElement[Any], *, numeric: bool) -> ColumnElement[Any]:
    rest = left % by
    if operation == "%":
        return rest
    quotient = func.div(left, by, type_=Numeric) if numeric else left // by
    match operation:
        case "floor":
            return quotient - case((rest < 0, 1), else_=0)
        case "ceiling":
            return quotient + case((rest > 0, 1), else_=0)
        case _:
            return quotient


def by_halves(operation: str, left: Terms, right: Terms, sql: IntegerSql) -> ColumnElement[Any] | None:
    """Return the same by a function of Python (SQLite), NULL where 64 bits do not hold the result.

    None where a side is more than a sum of multiples.
    """
    sides = sql.halves(left), sql.halves(right)
    if sides[0] is None or sides[1] is None:
        return None
    return func.divided_in_halves(operation, *sides[0], *sides[1], type_=BigInteger)


def divide_in_halves(
    operation: str, high: int | None, low: int | None, by_high: int | None, by_low: int | None
) -> int | None:
    """Divide ``high * 2^32 + low`` as ``divided`` says; None where the result does not fit into 64 bits."""
    if high is None or low is None or by_high is None or by_low is None:
        return None
    number, by = (high << 32) + low, (by_high << 32) + by_low
    if not by:
        return None
    quotient = abs(number) // abs(by) * (1 if (number < 0) == (by < 0) else -1)
    found = {
        "//": quotient,
        "%": number - quotient * by,
        "floor": number // by,
        "ceiling": -(-number // by),
    }[operation]
    return found if -INT64_MAX <= found <= INT64_MAX else None

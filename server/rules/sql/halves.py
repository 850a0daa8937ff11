"""Integers of any size as two of 64 bits: ``high * 2^bits + low``, where SQL has no larger type (SQLite)."""

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, literal, or_

from server.rules.sql.bracket import Condition, truth

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
HALF_BITS = 32
HALF_MASK = (1 << HALF_BITS) - 1


def halves_of(parts: Sequence[tuple[ColumnElement[Any], int]]) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Return the sum of multiples of the upper, and of the lower, 32 bits of columns."""
    return (
        reduce(add, [column.bitwise_rshift(HALF_BITS) * factor for column, factor in parts]),
        reduce(add, [column.bitwise_and(HALF_MASK) * factor for column, factor in parts]),
    )


def compare_halves(
    high: ColumnElement[Any], low: ColumnElement[Any], comparison: str, number: int, bits: int
) -> Condition:
    """Return how ``high * 2^bits + low``, with 0 ≤ low < 2^bits, compares to a number of any size."""
    at_high, at_low = number >> bits, number & ((1 << bits) - 1)
    if not -INT64_MAX <= at_high <= INT64_MAX:
        return truth(comparison == "!=" or (comparison != "==" and (at_high < 0) == (comparison[0] == ">")))
    edge, rest = literal(at_high, BigInteger), literal(at_low, BigInteger)
    match comparison:
        case "==":
            return and_(high == edge, low == rest)
        case "!=":
            return or_(high != edge, low != rest)
        case ">" | ">=":
            return or_(high > edge, and_(high == edge, low >= rest if comparison == ">=" else low > rest))
        case _:
            return or_(high < edge, and_(high == edge, low <= rest if comparison == "<=" else low < rest))

"""Thresholds found by bisection, against every integer tried out."""

import math
from collections.abc import Callable
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from server.rules.sql.thresholds import Function, decimals, merged, outside

_FIRST, _LAST = -60, 60
_COMPARISONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "==": lambda left, right: left == right,
}
_CONSTANTS = tuple(Decimal(text) for text in ("0", "1", "-1", "2", "-3", "0.5", "-0.1", "0.3333", "7", "1e-27", "1e20"))
_MATH = decimals()
_Step = Callable[[Function, Decimal], Function | None]
_STEPS: dict[str, _Step] = {
    "+ c": lambda f, c: f.then(lambda number: _MATH.add(number, c), rising=True),
    "- c": lambda f, c: f.then(lambda number: _MATH.subtract(number, c), rising=True),
    "* c": lambda f, c: f.then(lambda number: _MATH.multiply(number, c), rising=c >= 0),
    "/ c": lambda f, c: f.then(lambda number: _MATH.divide(number, c), rising=c > 0) if c else f,
    "// c": lambda f, c: f.then(lambda number: _MATH.divide_int(number, c), rising=c > 0) if c else f,
    "c -": lambda f, c: f.then(lambda number: _MATH.subtract(c, number), rising=False),
    "c /": lambda f, c: f.divisor(lambda number: _MATH.divide(c, number), rising=c < 0),
    "c //": lambda f, c: f.divisor(lambda number: _MATH.divide_int(c, number), rising=c < 0),
    "minus": lambda f, _: f.then(_MATH.minus, rising=False),
    "abs": lambda f, _: f.magnitude(_MATH.abs),
    "floor": lambda f, _: f.then(lambda number: Decimal(math.floor(number)), rising=True),
    "ceiling": lambda f, _: f.then(lambda number: Decimal(math.ceil(number)), rising=True),
    "+ self": lambda f, _: f.with_other(_identity(), _MATH.add, other_rising=True),
    "- self": lambda f, _: f.with_other(_identity(), _MATH.subtract, other_rising=False),
}
_steps = st.tuples(st.sampled_from(tuple(_STEPS)), st.sampled_from(_CONSTANTS))


def _identity() -> Function:
    return Function.identity(_FIRST, _LAST, _value)


def _value(integer: int) -> Decimal:
    return Decimal(integer).scaleb(-1)


@settings(max_examples=600, deadline=None, derandomize=True, database=None)
@given(st.lists(_steps, max_size=5), st.sampled_from(tuple(_COMPARISONS)), st.sampled_from(_CONSTANTS))
def test_the_ranges_are_what_trying_out_gives(
    steps: list[tuple[str, Decimal]], comparison: str, bound: Decimal
) -> None:
    function = _identity()
    for step, constant in steps:
        found = _STEPS[step](function, constant)
        if found is None:
            return
        function = found
    passing, raising = set(), set()
    for integer in range(_FIRST, _LAST + 1):
        try:
            if _COMPARISONS[comparison](function.at(integer), bound):
                passing.add(integer)
        except ArithmeticError:
            raising.add(integer)

    ranges = function.where(comparison, bound)

    assert {number for first, last in ranges for number in range(first, last + 1)} == passing
    assert {number for first, last in function.raising for number in range(first, last + 1)} == raising


def test_rounding_moves_a_threshold_as_the_language_rounds() -> None:
    third = Function.identity(-(2**63), 2**63 - 1, Decimal).then(lambda number: number / 3, rising=True)
    assert third is not None
    thrice = third.then(lambda number: number * 3, rising=True)
    assert thrice is not None

    assert thrice.where("==", Decimal(1)) == ()
    assert thrice.where("==", Decimal(3)) == ((3, 3),)


def test_what_raises_beyond_a_size_has_no_ranges() -> None:
    stored = Function.identity(-(2**63), 2**63 - 1, Decimal)

    assert stored.then(lambda number: _MATH.divide_int(number, Decimal("1e-9")), rising=True) is not None
    assert stored.then(lambda number: _MATH.divide_int(number, Decimal("1e-10")), rising=True) is None


def test_ranges_are_joined_and_complemented() -> None:
    assert merged([(5, 9), (1, 2), (3, 4), (11, 12)]) == ((1, 9), (11, 12))
    assert outside(((1, 9), (11, 12)), 0, 12) == ((0, 0), (10, 10))
    assert outside((), 0, 3) == ((0, 3),)
    assert outside(((0, 3),), 0, 3) == ()

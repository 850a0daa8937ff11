"""Questions about texts, numbers, flags and lists, as conditions that mean what the language means."""

import operator
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

from sqlalchemy import BigInteger, and_, func, literal, not_, or_

from server.rules.language.regex import compile_regex
from server.rules.language.symbols import ValueType
from server.rules.sql.bracket import Condition, truth
from server.rules.sql.letter_case import Spelling, after_prefix
from server.rules.sql.scalars import Column, Test, always, disjunction
from server.rules.sql.sql_functions import regex_condition

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def is_null() -> Test:
    """Return the question whether the value is null."""
    return always(answer=False, on_null=True)


def text_equals(text: str) -> Test:
    """Return the question whether a text is exactly this one."""
    return Test(
        lambda column: column == text,
        lambda column: column != text,
        lambda value: bool(value == text),
        spelling=Spelling((text,)),
    )


def text_in(texts: Iterable[str]) -> Test:
    """Return the question whether a text is one of these."""
    wanted = list(dict.fromkeys(texts))
    if len(wanted) == 1:
        return text_equals(wanted[0])
    found = frozenset(wanted)
    return Test(
        lambda column: column.in_(wanted),
        lambda column: column.not_in(wanted),
        lambda value: value in found,
        spelling=Spelling(tuple(wanted)),
    )


def is_set() -> Test:
    """Return the question whether a flag is true."""
    return Test(_flag, lambda column: not_(_flag(column)), bool)


def _flag(column: Column) -> Condition:
    return column


def collated(column: Column, dialect: str) -> Column:
    """Return a text that orders by code point, as the language does; SQLite always does."""
    return column.collate("C") if dialect == "postgresql" else column


def text_order(comparison: str, text: str, dialect: str) -> Test:
    """Return the question how a text compares to this one."""
    compare, opposite = COMPARISONS[comparison], COMPARISONS[OPPOSITE[comparison]]
    return Test(
        lambda column: compare(collated(column, dialect), text),  # type: ignore[arg-type, return-value]
        lambda column: opposite(collated(column, dialect), text),  # type: ignore[arg-type, return-value]
        lambda value: compare(value, text),
    )


def starts_with(prefix: str, dialect: str) -> Test:
    """Return the question whether a text begins so: a range, which an index answers."""
    if not prefix:
        return always(answer=True, on_null=False)
    above = after_prefix(prefix)

    def yes(column: Column) -> Condition:
        ordered = collated(column, dialect)
        return ordered >= prefix if above is None else and_(ordered >= prefix, ordered < above)

    def no(column: Column) -> Condition:
        ordered = collated(column, dialect)
        return ordered < prefix if above is None else or_(ordered < prefix, ordered >= above)

    return Test(yes, no, lambda value: bool(value.startswith(prefix)), spelling=Spelling((prefix,), prefix=True))


def ends_with(suffix: str, dialect: str) -> Test:
    """Return the question whether a text ends so."""
    if not suffix:
        return always(answer=True, on_null=False)

    def tail(column: Column) -> Column:
        if dialect == "postgresql":
            return func.right(column, len(suffix))
        return func.substr(column, -len(suffix))

    return Test(
        lambda column: tail(column) == suffix,
        lambda column: tail(column) != suffix,
        lambda value: bool(value.endswith(suffix)),
    )


def contains(part: str, dialect: str) -> Test:
    """Return the question whether a text holds this part; LIKE would fold case and read wildcards."""
    if not part:
        return always(answer=True, on_null=False)
    find = func.strpos if dialect == "postgresql" else func.instr
    return Test(
        lambda column: find(column, part) > 0, lambda column: find(column, part) == 0, lambda value: part in value
    )


def matches(pattern: str, *, anywhere: bool) -> Test:
    """Return the question whether RE2 finds the pattern (SQLite only)."""
    compiled = compile_regex(pattern)
    found = compiled.search if anywhere else compiled.match
    return Test(
        lambda column: regex_condition(column, pattern, anywhere=anywhere),
        lambda column: not_(regex_condition(column, pattern, anywhere=anywhere)),
        lambda value: found(value) is not None,
    )


def number_bound(comparison: str, number: Decimal, scale: int) -> tuple[str, int]:
    """Return the same question about the stored integer: ``<=`` or ``>=`` and a bound, of any size.

    A literal between two stored values moves to the nearer one on its side.
    """
    exact = Fraction(number) * 10**scale
    if comparison == "<":
        return "<=", ceil(exact) - 1
    if comparison == "<=":
        return "<=", floor(exact)
    if comparison == ">":
        return ">=", floor(exact) + 1
    return ">=", ceil(exact)


def number_order(comparison: str, number: Decimal, scale: int) -> Test:
    """Return the question how a number compares to this one."""
    side, bound = number_bound(comparison, number, scale)
    compare = COMPARISONS[comparison]

    def holds(value: Any) -> bool:
        return compare(value, number)

    if side == "<=" and not INT64_MIN <= bound < INT64_MAX:
        return _settled(bound > 0, holds)
    if side == ">=" and not INT64_MIN < bound <= INT64_MAX:
        return _settled(bound < 0, holds)
    limit = literal(bound, BigInteger)
    if side == "<=":
        return Test(lambda column: column <= limit, lambda column: column > limit, holds)
    return Test(lambda column: column >= limit, lambda column: column < limit, holds)


def _settled(answer: bool, holds: Callable[[Any], bool]) -> Test:
    return Test(lambda _: truth(answer), lambda _: truth(not answer), holds)


def number_equals(number: Decimal, scale: int) -> Test:
    """Return the question whether a number is this one; never for one that cannot be stored."""
    exact = Fraction(number) * 10**scale

    def holds(value: Any) -> bool:
        return bool(value == number)

    if exact.denominator != 1 or not INT64_MIN <= exact <= INT64_MAX:
        return _settled(answer=False, holds=holds)
    wanted = literal(int(exact), BigInteger)
    return Test(lambda column: column == wanted, lambda column: column != wanted, holds)


def in_list(kind: ValueType, scale: int, items: Iterable[Any]) -> Test:
    """Return the question whether a text, number or flag is in a list; Python's ``in`` decides, so 1 is in [true]."""
    present = list(items)
    on_null = any(item is None for item in present)
    if kind in {ValueType.TEXT, ValueType.CODE}:
        texts = [item for item in present if isinstance(item, str)]
        among = text_in(texts) if texts else always(answer=False, on_null=False)
        return replace(among, on_null=on_null)
    numbers = {Decimal(item) for item in present if isinstance(item, (bool, Decimal))}
    if kind is ValueType.NUMBER:
        tests = [_numbers_in(sorted(numbers), scale)]
    else:
        tests = [is_set()] if 1 in numbers else []
        tests += [is_set().negated()] if 0 in numbers else []
    found = disjunction([Test(test.yes, test.no, test.holds) for test in tests])
    return Test(found.yes, found.no, found.holds, on_null)


def _numbers_in(numbers: list[Decimal], scale: int) -> Test:
    stored = [Fraction(number) * 10**scale for number in numbers]
    wanted = [int(number) for number in stored if number.denominator == 1 and INT64_MIN <= number <= INT64_MAX]
    found = frozenset(numbers)
    if not wanted:
        return _settled(answer=False, holds=lambda value: value in found)
    return Test(
        lambda column: column.in_([literal(number, BigInteger) for number in wanted]),
        lambda column: column.not_in([literal(number, BigInteger) for number in wanted]),
        lambda value: value in found,
    )


def truthy(kind: ValueType) -> Test:
    """Return the question whether a value counts as true: blank text, 0 and null do not, every date does."""
    if kind is ValueType.BOOLEAN:
        return is_set()
    if kind in {ValueType.TEXT, ValueType.CODE}:
        return text_equals("").negated_but_null()
    if kind is ValueType.NUMBER:
        return number_equals(Decimal(0), 0).negated_but_null()
    return always(answer=True, on_null=False)

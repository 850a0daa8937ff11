"""From a part of a rule to a number that SQL can compute: ``top / bottom`` over stored integers, and its rounding."""

from collections.abc import Hashable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Protocol

from sqlalchemy import BigInteger, case, func, literal, not_

from server.rules.language.symbols import ColumnSource, ValueType
from server.rules.language.tree import (
    Arithmetic,
    Attribute,
    Builtin,
    Call,
    Coalesce,
    Constant,
    Kind,
    ListOf,
    Minus,
    Name,
    Node,
    StaticType,
    Ternary,
)
from server.rules.sql.bracket import Tri, every, exactly, some
from server.rules.sql.choices import has_too_many_choices
from server.rules.sql.exact_arithmetic import ExactArithmetic, constant, negated
from server.rules.sql.halves import INT64_MAX, INT64_MIN
from server.rules.sql.operands import DATES, Operands
from server.rules.sql.polynomials import Number
from server.rules.sql.scalars import Scalar, value

_STORED_LIMIT = 2**63
_LENGTH_LIMIT = 2**31
_PART_LIMIT = 10**7
COUNT_LIMIT = 2**40


class Surroundings(Protocol):
    """What reading a number needs of the compiler."""

    def type_of(self, node: Node) -> StaticType:
        """Return what is known about a node's value."""

    def truth(self, node: Node, *, negated: bool) -> Tri:
        """Return the bracket of a part being true, or false."""

    def aggregate(self, node: Node) -> Number | None:
        """Return a number made of many members, or None when the part is something else."""


class Numbers:
    """Reads the numbers of one rule; equal parts become the same atom."""

    def __init__(self, compiler: Surroundings, operands: Operands, dialect: str) -> None:
        self.arithmetic = ExactArithmetic(dialect)
        self._compiler = compiler
        self._operands = operands
        self._found: dict[Hashable, tuple[Node, Number | None]] = {}

    def read(self, node: Node) -> Number | None:
        """Return a part as a number; None where SQL has no exact form for it."""
        known, number = self._operands.known(node)
        if known:
            return constant(number) if isinstance(number, Decimal) and number.is_finite() else None
        key = self._key(node)
        if key not in self._found:
            # the node is kept because its identity may be the key
            self._found[key] = (node, self._read(node))
        return self._found[key][1]

    def _key(self, node: Node) -> Hashable:
        """Return what two parts have in common that are the same number."""
        match node:
            case Name(name=name):
                return name, id(self._operands.loop(name))
            case Attribute():
                return self._key(node.target), node.name, node.safe
            case Coalesce(right=Constant(value=default)):
                return self._key(node.left), str(default)
            case _:
                return id(node)

    def _read(self, node: Node) -> Number | None:
        scalar = self._operands.scalar(node)
        if scalar is not None:
            return self._of_scalar(scalar, node) if scalar.type is ValueType.NUMBER else None
        match node:
            case Minus():
                operand = self.read(node.operand)
                return None if operand is None else negated(operand)
            case Arithmetic():
                left, right = self.read(node.left), self.read(node.right)
                found = (
                    None if left is None or right is None else self.arithmetic.calculated(node.operator, left, right)
                )
                return None if found is None or found.top.is_too_long or found.bottom.is_too_long else found
            case Attribute() if self._compiler.type_of(node.target).kind is Kind.NUMBER:
                target = self.read(node.target)
                return None if target is None else self.arithmetic.attribute(node.name, target)
            case Call(function=Builtin(name="sum"), arguments=(ListOf(items=items),)):
                return self._sum_of(items)
            case Call(function=Builtin(name="abs"), arguments=(argument,)):
                number = self.read(argument)
                return None if number is None else self.arithmetic.magnitude(number)
            case Ternary() | Coalesce():
                return self._chosen(node)
            case _:
                return self._compiler.aggregate(node)

    def _of_scalar(self, scalar: Scalar, node: Node) -> Number | None:
        column, _ = value(scalar)
        if scalar.null_value is not None:
            default = Fraction(scalar.null_value) * 10**scalar.scale
            if default.denominator != 1 or not INT64_MIN <= default <= INT64_MAX:
                return None
            column = func.coalesce(column, literal(int(default), BigInteger))
        limit = natural_limit(scalar, node)
        found = self.arithmetic.of_atom(
            self.arithmetic.integer(column),
            _STORED_LIMIT if limit is None else limit,
            scale=scalar.scale,
            natural=limit is not None,
            stored=column,
        )
        return replace(found, null=column.is_(None)) if scalar.can_be_null else found

    def _sum_of(self, items: tuple[Node, ...]) -> Number | None:
        total = constant(Decimal(0))
        for item in items:
            number = self.read(item)
            if number is None:
                return None
            total = self.arithmetic.added(total, number)
        return None if total.top.is_too_long else total

    def _chosen(self, node: Ternary | Coalesce) -> Number | None:
        """Return ``c ? a : b`` or ``a ?? b`` as a CASE."""
        if isinstance(node, Ternary) and has_too_many_choices(node.condition):
            return None
        parts = (node.positive, node.negative) if isinstance(node, Ternary) else (node.right, node.left)
        first, last = self.read(parts[0]), self.read(parts[1])
        if first is None or last is None:
            return None
        if isinstance(node, Ternary):
            when = self._compiler.truth(node.condition, negated=False)
            otherwise = self._compiler.truth(node.condition, negated=True)
        else:
            when, otherwise = exactly(last.null), exactly(not_(last.null))
        if when.must is not when.may or otherwise.must is not otherwise.may:
            return None
        unit = lcm(first.top.denominator, last.top.denominator)
        wholes = self.arithmetic.whole(first, unit), self.arithmetic.whole(last, unit)
        if wholes[0] is None or wholes[1] is None:
            return None
        column = case((when.must, wholes[0].column), else_=wholes[1].column)
        limit, numeric = max(wholes[0].limit, wholes[1].limit), wholes[0].numeric or wholes[1].numeric
        found = self.arithmetic.of_atom(column, limit, numeric=numeric)
        found = self.arithmetic.scaled(found, Fraction(1, unit), max(first.scale, last.scale))
        err = some([when.err, every([when.may, first.err]), every([otherwise.may, last.err])])
        sure = every([wholes[0].sure, wholes[1].sure])
        nulls = [every([when.may, first.null]), every([otherwise.may, last.null])] if isinstance(node, Ternary) else []
        null = some(nulls) if nulls else every([when.may, first.null])
        return replace(found, err=err, sure=sure, null=null)


def natural_limit(scalar: Scalar, node: Node) -> int | None:
    """Return what a number that is never negative does not exceed, in whole units; None for one that can be anything.

    Lengths, counts, and years, hours and what else a date consists of are such numbers.
    """
    if isinstance(node, Attribute) and node.name == "length":
        return _LENGTH_LIMIT
    if scalar.stored in DATES:
        return _PART_LIMIT
    counts = isinstance(scalar.source, ColumnSource) and scalar.source.counts
    return COUNT_LIMIT if counts and not scalar.can_be_null and scalar.null_value is None else None

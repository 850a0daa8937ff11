"""The operations of the language on numbers that SQL can compute, and what its rounding does to them."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, lcm
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, TypeCoerce, TypeDecorator, cast, func, literal, type_coerce

from server.rules.sql.bracket import TRUE, Condition, every, is_true, some
from server.rules.sql.halves import INT64_MAX
from server.rules.sql.integer_sql import SMALL, IntegerSql, Question, Terms
from server.rules.sql.polynomials import (
    DIGITS_MAX,
    ONE,
    Atom,
    Number,
    Polynomial,
    Rounded,
    decimal_places,
    made_of,
)
from server.rules.sql.quotients import Whole, by_halves, divided


class ExactArithmetic:
    """Calculates with the numbers of one rule.

    Attributes:
        sql: writes sums of products of the atoms.
    """

    def __init__(self, dialect: str) -> None:
        self._atoms: list[Atom] = []
        self.sql = IntegerSql(self._atoms, dialect)
        self._dialect = dialect

    def integer(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return an expression as a 64-bit integer: PostgreSQL calculates in 32 bits where both operands have them."""
        if isinstance(column, TypeCoerce) and _is_int64(column.clause.type):
            return column
        return cast(column, BigInteger) if self._dialect == "postgresql" else type_coerce(column, BigInteger)

    def of_atom(
        self,
        column: ColumnElement[Any],
        limit: int,
        *,
        scale: int = 0,
        natural: bool = False,
        numeric: bool = False,
        stored: ColumnElement[Any] | None = None,
    ) -> Number:
        """Return ``column / 10^scale`` as a number."""
        self._atoms.append(Atom(column, limit, natural, numeric, stored))
        top = Polynomial({(len(self._atoms) - 1,): Fraction(1, 10**scale)})
        return Number(top, ONE, top, scale)

    def calculated(self, operator: str, left: Number, right: Number) -> Number | None:
        """Return ``left operator right``; None where SQL has no exact form for it."""
        match operator:
            case "+":
                return self.added(left, right)
            case "-":
                return self.added(left, negated(right))
            case "*":
                return self._multiplied(left, right)
            case "/":
                return self._divided(left, right)
            case _:
                return self._truncated(operator, left, right)

    def limit(self, polynomial: Polynomial) -> Fraction:
        """Return what the absolute value never exceeds."""
        return Fraction(self.sql.bound(polynomial.terms))

    def _step(self, found: Number, parts: tuple[Number, ...]) -> Number:
        """Return the result of one operation, with what the language's rounding does to it."""
        short = found.finite and self.limit(found.mass) * 10**found.scale <= DIGITS_MAX
        before = sum(part.roundings for part in parts)
        if not before and short and not found.is_fraction:
            return found
        first = not before and not any(part.is_fraction for part in parts)
        return replace(found, roundings=before + 1, rounded=Rounded.LAST if first else Rounded.OFTEN)

    def added(self, left: Number, right: Number) -> Number:
        """Return the sum."""
        if left.bottom is right.bottom:
            tops, bottom = (left.top, right.top), left.bottom
            mass = left.mass.plus(right.mass)
        else:
            tops, bottom = (left.top.times(right.bottom), right.top.times(left.bottom)), left.bottom.times(right.bottom)
            mass = left.mass.times(right.bottom.absolute()).plus(right.mass.times(left.bottom.absolute()))
        finite = left.finite and right.finite
        plain = Number(tops[0].plus(tops[1]), bottom, mass, max(left.scale, right.scale), finite=finite)
        found = self._step(made_of(plain, left, right), (left, right))
        for part, other in ((left, right), (right, left)):
            if part.rounded in {Rounded.LAST, Rounded.SUMMED} and other.is_exact:
                rest, limit = max(part.rest, other.scale), part.rest_limit + self.limit(other.mass)
                return replace(found, rounded=Rounded.SUMMED, rest=rest, rest_limit=limit)
        return found

    def _multiplied(self, left: Number, right: Number) -> Number:
        bottom = left.bottom if not right.is_fraction else left.bottom.times(right.bottom)
        top, mass = left.top.times(right.top), left.mass.times(right.mass)
        finite = left.finite and right.finite
        plain = Number(top, bottom, mass, left.scale + right.scale, finite=finite)
        return self._step(made_of(plain, left, right), (left, right))

    def _divided(self, left: Number, right: Number) -> Number | None:
        if not right.is_exact:
            return None
        if right.top.value is not None:
            return self._divided_by(left, right.top.value, right)
        bottom = right.top if not left.is_fraction else left.bottom.times(right.top)
        found = made_of(Number(left.top, bottom, left.mass, left.scale, finite=False), left, right)
        return self._step(replace(found, err=some([found.err, self.is_zero(right)])), (left,))

    def _divided_by(self, left: Number, divisor: Fraction, right: Number) -> Number:
        if not divisor:
            return replace(made_of(constant(Decimal(0)), left, right), err=TRUE)
        places = decimal_places(1 / divisor)
        top, mass = left.top.scaled(1 / divisor), left.mass.scaled(abs(1 / divisor))
        finite = left.finite and places is not None
        plain = Number(top, left.bottom, mass, left.scale + (places or 0), finite=finite)
        return self._step(made_of(plain, left, right), (left,))

    def is_zero(self, number: Number) -> Condition:
        """Return where an exact number can be 0."""
        factor = number.top.denominator
        terms = {product: int(own * factor) for product, own in number.top.terms.items()}
        mass = {product: abs(own) for product, own in terms.items()}
        return self.sql.ask(Question(terms, mass, "==", 0, exact_at_zero=True, exact_when_small=True))[1]

    def whole(
        self,
        number: Number,
        unit: int,
        *,
        negatable: bool = False,
        times: int = 1,
        size: int = SMALL,
        always_small: bool = False,
    ) -> Whole | None:
        """Return ``number * unit`` as a 64-bit integer that the language does not round.

        ``times``: of so many added up nothing is rounded either. ``size``: as in ``IntegerSql.whole``, or, with
        ``always_small``, how large it may be anyway. None where that is hardly ever so.
        """
        terms = _in_units(number, unit)
        limit = int(self.sql.bound(terms))
        is_small = size * times * 10**number.scale <= DIGITS_MAX * unit
        is_short = number.is_exact and self.limit(number.mass) * 10**number.scale * times <= DIGITS_MAX
        if is_short and not always_small:
            found = self.sql.whole(terms, negatable=negatable, size=size)
            if self._dialect == "postgresql" and (found is None or not is_true(found[1])):
                return Whole(self.sql.numeric(terms), number.sure, limit, numeric=True)
        elif number.finite and not number.is_fraction and is_small:
            mass = {product: ceil(factor * unit) for product, factor in number.mass.terms.items()}
            small = self.sql.small(mass, size)
            found = None if small is None else self.sql.only(small, terms)
        else:
            return None
        if found is None:
            return None
        if is_true(found[1]):
            return Whole(found[0], number.sure, limit)
        return Whole(found[0], every([number.sure, found[1]]), min(limit, size), bare=self.sql.plain(terms))

    def _truncated(self, operator: str, left: Number, right: Number) -> Number | None:
        """Return ``//`` or ``%``: of whole units both are what SQL calculates."""
        unit = lcm(left.top.denominator, right.top.denominator)
        divisor = right.top.value
        err = some([left.err, right.err])
        if divisor == 0:
            return replace(constant(Decimal(0)), sure=every([left.sure, right.sure]), err=TRUE)
        limits = int(self.limit(left.top) * unit), int(self.limit(right.top) * unit)
        if decimal_places(Fraction(1, unit)) is None or limits[0] > DIGITS_MAX:
            return None
        if divisor is not None and limits[0] < limits[1] and left.is_exact:
            unchanged = left if operator == "%" else constant(Decimal(0))
            return replace(unchanged, err=err, sure=every([left.sure, right.sure]))
        top = self._reduced(left, unit, limits[1]) if operator == "%" and divisor is not None else None
        if top is None:
            top = self.whole(left, unit, negatable=operator == "//" and divisor in {None, Fraction(-1, unit)})
        bottom = self.whole(right, unit)
        if top is None or bottom is None:
            return None
        if divisor is None:
            err = some([err, self.is_zero(right)])
        limit = limits[0] if operator == "//" else min(limits)
        unsure = limits[0] > top.limit or limits[1] > bottom.limit
        halves = self._halves(operator, left, right, unit) if unsure else None
        found = divided(operator, top, bottom, halves, limit)
        return replace(self._of_whole(found, 1 if operator == "//" else unit), err=err)

    def _halves(self, operation: str, left: Number, right: Number, unit: int) -> ColumnElement[Any] | None:
        if self._dialect == "postgresql" or not left.is_exact or not right.is_exact:
            return None
        if not is_true(left.sure) or not is_true(right.sure):
            return None
        return by_halves(operation, _in_units(left, unit), _in_units(right, unit), self.sql)

    def _of_whole(self, whole: Whole, unit: int) -> Number:
        """Return a whole number of units as a number."""
        found = self.of_atom(whole.column, whole.limit, numeric=whole.numeric)
        found = self.scaled(found, Fraction(1, unit), decimal_places(Fraction(1, unit)) or 0)
        return replace(found, sure=whole.sure)

    def scaled(self, number: Number, factor: Fraction, scale: int) -> Number:
        """Return an exact number in other units."""
        return replace(number, top=number.top.scaled(factor), mass=number.mass.scaled(factor), scale=scale)

    def _reduced(self, number: Number, unit: int, divisor: int) -> Whole | None:
        """Return a number with the same remainder that is small: ``10 * (x % n)`` for ``10 * x``."""
        [(product, exact), *more] = number.top.terms.items() or [((), Fraction(0))]
        factor = int(exact * unit)
        if more or len(product) != 1 or factor == 1 or abs(factor) * divisor > INT64_MAX or not number.is_exact:
            return None
        if self._atoms[product[0]].numeric:
            return None
        column = self._atoms[product[0]].column % literal(divisor, BigInteger) * factor
        return Whole(column, number.sure, abs(factor) * divisor)

    def attribute(self, name: str, number: Number) -> Number | None:
        """Return an attribute of a number that is a number."""
        if name == "to_flt":
            return number
        if name not in {"floor", "ceiling", "to_int"}:
            return None
        unit = number.top.denominator
        if unit == 1 and number.is_exact:
            return number
        whole = self.whole(number, unit) if unit <= INT64_MAX else None
        if whole is None:
            return None
        by = Whole(literal(unit, BigInteger), TRUE, unit)
        if name == "to_int":
            rest = divided("%", whole, by, None, unit).column
            return replace(number, err=some([number.err, rest != 0]), sure=whole.sure)
        limit = int(self.limit(number.top)) + 1
        halves = self._halves(name, number, constant(Decimal(1)), unit) if not is_true(whole.sure) else None
        return replace(self._of_whole(divided(name, whole, by, halves, limit), 1), err=number.err)

    def magnitude(self, number: Number) -> Number | None:
        """Return the absolute value."""
        unit = number.top.denominator
        whole = self.whole(number, unit, negatable=True)
        if whole is None:
            return None
        column = func.abs(whole.column, type_=whole.column.type)
        return replace(self._of_whole(whole._replace(column=column), unit), err=number.err)


def _in_units(number: Number, unit: int) -> Terms:
    return {product: int(factor * unit) for product, factor in number.top.terms.items()}


def constant(number: Decimal) -> Number:
    """Return a constant as a number."""
    exact = Fraction(number)
    top = Polynomial.constant(exact)
    return Number(top, ONE, top.absolute(), decimal_places(exact) or 0)


def negated(number: Number) -> Number:
    """Return ``-number``."""
    return replace(number, top=number.top.scaled(-1))


def _is_int64(type_: Any) -> bool:
    """Whether the database holds 64-bit integers of this type."""
    return isinstance(type_.impl_instance if isinstance(type_, TypeDecorator) else type_, BigInteger)

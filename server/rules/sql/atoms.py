"""Single questions about single values: comparisons, lists, texts, dates."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, func, literal, or_

from server.clock import Moment
from server.rules.language.symbols import ValueType
from server.rules.language.tree import Attribute, Call, Contains, Equality, ListOf, Match, Node, Order, SetOf
from server.rules.sql.bracket import FALSE, Condition, Tri, exactly, some
from server.rules.sql.dates import DateTerm, DateTests
from server.rules.sql.operands import DATES, TEXTS, Operands
from server.rules.sql.scalars import Scalar, Test, always, ask, value
from server.rules.sql.value_tests import (
    COMPARISONS,
    MIRRORED,
    OPPOSITE,
    collated,
    contains,
    ends_with,
    in_list,
    is_null,
    is_set,
    number_equals,
    number_order,
    starts_with,
    text_equals,
    text_order,
    truthy,
)

_KINDS = {ValueType.CODE: ValueType.TEXT, ValueType.DATE: ValueType.DATETIME}


class Atoms:
    """Makes brackets of leaves; answers None for what has no exact SQL form here."""

    def __init__(self, operands: Operands, moment: Moment, dialect: str) -> None:
        self._operands = operands
        self._dates = DateTests(moment)
        self._dialect = dialect

    def truth(self, node: Node, *, negated: bool) -> Tri | None:
        """Return the bracket of a leaf, or of its negation."""
        match node:
            case Equality():
                return self._equality(node, negated=negated != (node.operator == "!="))
            case Order():
                return self._order(node, negated=negated)
            case Contains():
                return self._containment(node, negated=negated)
            case Match():
                return None
            case Call():
                return self._call(node, negated=negated)
            case _:
                scalar = self._operands.scalar(node)
                return None if scalar is None else self._asked(scalar, truthy(scalar.type), negated=negated)

    def _asked(self, scalar: Scalar, test: Test | None, *, negated: bool) -> Tri | None:
        if test is None:
            return None
        return exactly(ask(scalar, test.negated() if negated else test, self._dialect))

    def _asked_date(self, term: DateTerm, test: Test | None, *, negated: bool) -> Tri | None:
        found = self._asked(term.scalar, test, negated=negated)
        overflow = self._dates.overflow(term)
        if found is None or overflow is None:
            return found
        return Tri(found.must, found.may, ask(term.scalar, overflow, self._dialect))

    def _equality(self, node: Equality, *, negated: bool) -> Tri | None:
        return self.equal(node.left, node.right, negated=negated)

    def equal(self, left: Node, right: Node, *, negated: bool) -> Tri | None:
        """Return the bracket of two parts being equal: of one type and value, or both null."""
        for part, other in ((left, right), (right, left)):
            known, constant = self._operands.known(other)
            if known:
                scalar = None if self._grows_with_date(part, constant) else self._operands.scalar(part)
                if scalar is not None:
                    return self._asked(scalar, self.equals(scalar, constant), negated=negated)
                term = self._operands.date_term(part)
                test = None if term is None else self._dates.compare(term, "==", constant)
                return None if term is None else self._asked_date(term, test, negated=negated)
        first, second = self._operands.scalar(left), self._operands.scalar(right)
        return None if first is None or second is None else self._equal_values(first, second, negated=negated)

    def _grows_with_date(self, part: Node, constant: Any) -> bool:
        """Whether a comparison of the part with the number is a range of a date."""
        if not isinstance(part, Attribute) or part.name != "year" or not isinstance(constant, Decimal):
            return False
        return constant.is_finite() and self._operands.date_term(part) is not None

    def equals(self, scalar: Scalar, constant: Any) -> Test | None:
        """Return the question whether a value is this constant."""
        if constant is None:
            return is_null()
        if scalar.type in TEXTS and isinstance(constant, str):
            return text_equals(constant)
        if scalar.type is ValueType.NUMBER and isinstance(constant, Decimal):
            return number_equals(constant, scalar.scale) if constant.is_finite() else None
        if scalar.type is ValueType.BOOLEAN and isinstance(constant, bool):
            return is_set() if constant else Test(is_set().no, is_set().yes, lambda flag: not flag)
        if scalar.type in DATES and isinstance(constant, datetime):
            return self._dates.instant(scalar.stored, "==", constant)
        return always(answer=False, on_null=False)

    def _equal_values(self, first: Scalar, second: Scalar, *, negated: bool) -> Tri | None:
        if _KINDS.get(first.type, first.type) is not _KINDS.get(second.type, second.type):
            nulls = [ask(side, is_null(), self._dialect) for side in (first, second)]
            others = [ask(side, is_null().negated(), self._dialect) for side in (first, second)]
            return exactly(some(others) if negated else and_(*nulls))
        if not self._comparable(first, second):
            return None
        (left, left_nullable), (right, right_nullable) = self._value(first), self._value(second)
        if negated:
            return exactly(left.is_distinct_from(right) if left_nullable or right_nullable else left != right)
        both_nullable = left_nullable and right_nullable
        return exactly(left.is_not_distinct_from(right) if both_nullable else left == right)

    def _comparable(self, first: Scalar, second: Scalar) -> bool:
        """Whether the stored values of two scalars of one kind compare as the values do."""
        if first.type is ValueType.NUMBER:
            return first.scale == second.scale and first.null_value is None and second.null_value is None
        if first.type in DATES:
            return first.stored is second.stored and first.null_value is None and second.null_value is None
        return True

    def _value(self, scalar: Scalar) -> tuple[Any, bool]:
        from_sql, nullable = value(scalar)
        if scalar.type is ValueType.DATE:
            from_sql = self._operands.clock.by_beginning(from_sql)
        if scalar.null_value is None:
            return from_sql, nullable
        return func.coalesce(from_sql, literal(scalar.null_value, from_sql.type)), False

    def _order(self, node: Order, *, negated: bool) -> Tri | None:
        sides = ((node.left, node.right, node.operator), (node.right, node.left, MIRRORED[node.operator]))
        for part, other, comparison in sides:
            known, constant = self._operands.known(other)
            if known:
                return self._order_to_constant(part, comparison, constant, negated=negated)
        first, second = self._operands.scalar(node.left), self._operands.scalar(node.right)
        if first is None or second is None or first.can_be_null or second.can_be_null:
            return None
        if first.type is ValueType.BOOLEAN or not self._comparable(first, second):
            return None
        left, right = self._value(first)[0], self._value(second)[0]
        if first.type in TEXTS:
            left = collated(left, self._dialect)
        compare = COMPARISONS[OPPOSITE[node.operator] if negated else node.operator]
        return exactly(compare(left, right))  # type: ignore[arg-type]

    def _order_to_constant(self, part: Node, comparison: str, constant: Any, *, negated: bool) -> Tri | None:
        scalar = None if self._grows_with_date(part, constant) else self._operands.scalar(part)
        if scalar is not None and scalar.can_be_null:
            return None
        if scalar is not None and scalar.type in TEXTS and isinstance(constant, str):
            return self._asked(scalar, text_order(comparison, constant, self._dialect), negated=negated)
        if scalar is not None and scalar.type is ValueType.NUMBER and isinstance(constant, Decimal):
            if not constant.is_finite():
                return None
            return self._asked(scalar, number_order(comparison, constant, scalar.scale), negated=negated)
        term = self._operands.date_term(part)
        if term is None:
            return None
        return self._asked_date(term, self._dates.compare(term, comparison, constant), negated=negated)

    def _containment(self, node: Contains, *, negated: bool) -> Tri | None:
        known, container = self._operands.known(node.container)
        if known:
            return self._in_constants(node.member, container, negated=negated)
        if isinstance(node.container, ListOf) and not isinstance(node.container, SetOf):
            return self._in_values(node.member, node.container, negated=negated)
        text = self._operands.scalar(node.container)
        member_known, part = self._operands.known(node.member)
        if text is None or text.type not in TEXTS or text.can_be_null or not member_known or not isinstance(part, str):
            return None
        return self._asked(text, contains(part, self._dialect), negated=negated)

    def _in_constants(self, member: Node, container: Any, *, negated: bool) -> Tri | None:
        if not isinstance(container, (tuple, list, set, frozenset)):
            return None
        items = list(container)
        scalar = self._operands.scalar(member)
        if scalar is not None and scalar.type in DATES:
            return self._asked(scalar, self._dates.within(DateTerm(scalar), items), negated=negated)
        term = self._operands.date_term(member)
        if term is not None:
            return self._asked_date(term, self._dates.within(term, items), negated=negated)
        if scalar is None:
            return None
        if any(isinstance(item, Decimal) and not item.is_finite() for item in items):
            return None
        return self._asked(scalar, in_list(scalar.type, scalar.scale, items), negated=negated)

    def _in_values(self, member: Node, container: ListOf, *, negated: bool) -> Tri | None:
        """Read ``x in [a, b]`` as equality to one of them; flags and numbers are equal across types in a list."""
        parts: list[Condition] = []
        for item in container.items:
            if not self._same_kind(member, item):
                return None
            found = self.equal(member, item, negated=negated)
            if found is None or not found.exact:
                return None
            parts.append(found.must)
        return exactly(and_(*parts) if negated else or_(FALSE, *parts))

    def _same_kind(self, first: Node, second: Node) -> bool:
        kinds = []
        for part in (first, second):
            scalar = self._operands.scalar(part)
            known, constant = self._operands.known(part)
            if scalar is not None:
                kinds.append("text" if scalar.type in TEXTS else scalar.type)
            elif known and (constant is None or isinstance(constant, str)):
                kinds.append("text" if constant is not None else "null")
            else:
                return False
        return "null" in kinds or kinds[0] == kinds[1]

    def _call(self, node: Call, *, negated: bool) -> Tri | None:
        function = node.function
        if not isinstance(function, Attribute) or function.name not in {"starts_with", "ends_with"}:
            return None
        scalar = self._operands.scalar(function.target)
        known, argument = self._operands.known(node.arguments[0])
        if (
            scalar is None
            or scalar.type not in TEXTS
            or scalar.can_be_null
            or not known
            or not isinstance(argument, str)
        ):
            return None
        test = starts_with if function.name == "starts_with" else ends_with
        return self._asked(scalar, test(argument, self._dialect), negated=negated)

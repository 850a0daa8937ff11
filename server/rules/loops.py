"""Questions about many: code sets and collections, as sub-queries over the child table.

A loop evaluates its condition and its result for every member before anything is asked of the list, so one member
that raises makes the whole raise.
"""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor
from typing import Any, Protocol

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    exists,
    func,
    literal,
    literal_column,
    not_,
    select,
    type_coerce,
)
from sqlalchemy.sql.util import ClauseAdapter

from server.rules.bracket import FALSE, TRUE, Condition, Tri, both, every, exactly, is_false, is_true, some, truth
from server.rules.operands import Loop, Operands
from server.rules.scalars import value
from server.rules.sums import sum_condition
from server.rules.symbols import CodeSet, Collection, ColumnSource, ValueType
from server.rules.tree import Attribute, Builtin, Call, Comprehension, Contains, Equality, Name, Node, Order, walk
from server.rules.value_tests import COMPARISONS, INT64_MAX, MIRRORED


class Compile(Protocol):
    """What loops need of the compiler."""

    def truth(self, node: Node, *, negated: bool) -> Tri:
        """Return the bracket of a part being true, or false."""

    def fallible(self, node: Node) -> Condition:
        """Return where a part whose value is not looked at may raise."""

    def open_end(self, node: Node) -> Tri:
        """Return the bracket of a part that is left to rule-engine."""

    def equals(self, part: Node, constant: Any) -> Tri | None:
        """Return the bracket of a part being this constant."""


@dataclass(frozen=True, slots=True)
class Members:
    """Some members of a collection: those for which ``kept`` is true."""

    loop: Loop
    kept: Tri


class Loops:
    """Compiles everything that asks about the members of a code set or collection."""

    def __init__(self, compiler: Compile, operands: Operands, dialect: str) -> None:
        self._compiler = compiler
        self._operands = operands
        self._dialect = dialect
        self._loops: dict[int, Loop] = {}

    def call(self, node: Call, *, negated: bool) -> Tri | None:
        """Return the bracket of ``$any([…])`` or ``$all([…])``."""
        if not isinstance(node.function, Builtin) or node.function.name not in {"any", "all"}:
            return None
        loop = node.arguments[0]
        if not isinstance(loop, Comprehension):
            return None
        is_any = node.function.name == "any"
        members = self._members(loop, lambda result: self._compiler.truth(result, negated=not is_any))
        return None if members is None else self._at_least(members, 1, negated=negated != (not is_any))

    def emptiness(self, node: Node, *, negated: bool) -> Tri | None:
        """Return the bracket of ``….is_empty``, or of a list standing as a condition: true when it has members."""
        asks_empty = isinstance(node, Attribute) and node.name == "is_empty"
        members = self._listed(node.target if isinstance(node, Attribute) and asks_empty else node)
        return None if members is None else self._at_least(members, 1, negated=negated != asks_empty)

    def comparison(self, node: Node, *, negated: bool) -> Tri | None:
        """Return the bracket of a code in a set, of a value in a loop's list, or of a length or sum compared."""
        if isinstance(node, Contains):
            return self._containment(node, negated=negated)
        if not isinstance(node, (Equality, Order)):
            return None
        negated = negated != (node.operator == "!=")
        comparison = "==" if isinstance(node, Equality) else node.operator
        for part, other, side in ((node.left, node.right, comparison), (node.right, node.left, MIRRORED[comparison])):
            number = self._number(other)
            if number is None:
                continue
            found = self._length(part, side, number, negated=negated)
            return found or self._sum(node, part, side, number, negated=negated)
        return None

    def _number(self, node: Node) -> Decimal | None:
        constant = self._operands.known(node)[1]
        return constant if isinstance(constant, Decimal) and constant.is_finite() else None

    def _containment(self, node: Contains, *, negated: bool) -> Tri | None:
        codes = self._operands.code_set(node.container)
        if codes is not None:
            return self._code_in(codes, node, negated=negated)
        if not isinstance(node.container, Comprehension):
            return None
        wanted = self._operands.known(node.member)[1]
        if not isinstance(wanted, str):
            return None
        members = self._members(node.container, lambda result: self._compiler.equals(result, wanted))
        return None if members is None else self._at_least(members, 1, negated=negated)

    def _code_in(self, codes: CodeSet, node: Contains, *, negated: bool) -> Tri | None:
        known, wanted = self._operands.known(node.member)
        if known:
            loop = self._loop("", codes, correlated=False)
            if not isinstance(wanted, str):
                return exactly(TRUE if negated else FALSE)
            return self._at_least(Members(loop, exactly(loop.own(codes.code) == wanted)), 1, negated=negated)
        scalar = self._operands.scalar(node.member)
        if scalar is None:
            return None
        if scalar.type not in {ValueType.TEXT, ValueType.CODE}:
            return exactly(TRUE if negated else FALSE)
        if scalar.null_value is not None:
            return None
        loop = self._loop("", codes, correlated=True)
        return self._at_least(Members(loop, exactly(loop.own(codes.code) == value(scalar)[0])), 1, negated=negated)

    def _length(self, node: Node, comparison: str, number: Decimal, *, negated: bool) -> Tri | None:
        if not isinstance(node, Attribute) or node.name != "length":
            return None
        members = self._listed(node.target)
        if members is None:
            return None
        if comparison == "==":
            if number != number.to_integral_value() or number < 0:
                return Tri(truth(negated), truth(negated), self._errors(members))
            return self._exactly(members, int(number), negated=negated)
        least = {">=": ceil(number), ">": floor(number) + 1, "<": ceil(number), "<=": floor(number) + 1}[comparison]
        return self._at_least(members, least, negated=negated != (comparison[0] == "<"))

    def _listed(self, node: Node) -> Members | None:
        """Return the members of a list that is a loop, a collection or a code set."""
        if isinstance(node, Comprehension):
            return self._members(node, None)
        if not isinstance(node, Name) or self._operands.loop(node.name) is not None:
            return None
        over = self._over(node)
        return (
            None
            if over is None
            else Members(self._loop("", over, correlated=bool(self._operands.scope)), exactly(TRUE))
        )

    def _over(self, node: Node) -> Collection | CodeSet | None:
        if not isinstance(node, Name) or self._operands.loop(node.name) is not None:
            return None
        vocabulary = self._operands.vocabulary
        return vocabulary.collections.get(node.name) or vocabulary.code_sets.get(node.name)

    def _members(self, node: Comprehension, test: Callable[[Node], Tri | None] | None) -> Members | None:
        """Return the members that the loop keeps and, with a test, whose result passes it."""
        over = self._over(node.iterable)
        if over is None:
            return None
        loop = self._loops.get(node.index)
        if loop is None:
            loop = self._loops[node.index] = self._loop(node.variable, over, correlated=self._reads_outside(node))
        with self._inside(loop):
            kept = exactly(TRUE) if node.condition is None else self._compiler.truth(node.condition, negated=False)
            if test is None:
                read = every([kept.may, self._compiler.fallible(node.result)])
                return Members(loop, Tri(kept.must, kept.may, some([kept.err, read])))
            passed = test(node.result)
            if passed is None:
                return None
            return Members(loop, both([kept, passed], [kept.may, TRUE]))

    def _reads_outside(self, node: Comprehension) -> bool:
        """Whether the body names anything but the loop's own variable."""
        inner = [part for part in (node.condition, node.result) if part is not None]
        names = [part.name for body in inner for part in walk(body) if isinstance(part, Name)]
        shadowed = self._operands.loop(node.variable) is not None
        return shadowed or any(name != node.variable for name in names)

    def _loop(self, variable: str, over: Collection | CodeSet, *, correlated: bool) -> Loop:
        table = table_of(over.owner)
        if not correlated and not self._operands.scope:
            return Loop(variable, over, table, None, correlated=False)
        alias = table.alias()
        return Loop(variable, over, alias, ClauseAdapter(alias), correlated=True)

    @contextmanager
    def _inside(self, loop: Loop) -> Any:
        around = self._operands.scope
        self._operands.scope = (*around, loop)
        try:
            yield
        finally:
            self._operands.scope = around

    def _errors(self, members: Members) -> Condition:
        return FALSE if is_false(members.kept.err) else self._some_member(members.loop, members.kept.err)

    def _at_least(self, members: Members, count: int, *, negated: bool) -> Tri:
        """Return the bracket of so many members being kept (or fewer, when negated)."""
        err = self._errors(members)
        if count <= 0 or count > INT64_MAX:
            answer = truth((count <= 0) != negated)
            return Tri(answer, answer, err)
        count_test = self._fewer if negated else self._many
        kept = members.kept
        narrow, wide = (kept.may, kept.must) if negated else (kept.must, kept.may)
        must = count_test(members.loop, narrow, count)
        return Tri(must, must if kept.must is kept.may else count_test(members.loop, wide, count), err)

    def _exactly(self, members: Members, count: int, *, negated: bool) -> Tri:
        enough = self._at_least(members, count, negated=negated)
        more = self._at_least(members, count + 1, negated=not negated)
        join = some if negated else every
        must = join([enough.must, more.must])
        exact = enough.must is enough.may and more.must is more.may
        return Tri(must, must if exact else join([enough.may, more.may]), enough.err)

    def _many(self, loop: Loop, kept: Condition, count: int) -> Condition:
        if count == 1:
            return self._some_member(loop, kept)
        if is_false(kept):
            return FALSE
        if not loop.correlated:
            grouped = (
                self._owners(loop, kept)
                .group_by(loop.own(loop.over.owner))
                .having(func.count() >= literal(count, BigInteger))
            )
            return loop.over.key.in_(grouped)
        return self._count(loop, kept) >= literal(count, BigInteger)

    def _fewer(self, loop: Loop, kept: Condition, count: int) -> Condition:
        if is_false(kept):
            return TRUE
        if count == 1:
            return not_(self._exists(loop, kept))
        return self._count(loop, kept) < literal(count, BigInteger)

    def _some_member(self, loop: Loop, kept: Condition) -> Condition:
        if is_false(kept):
            return FALSE
        # SQLite answers positive tests best by collecting the owners once; PostgreSQL plans EXISTS better
        if self._dialect == "sqlite" and not loop.correlated:
            return loop.over.key.in_(self._owners(loop, kept))
        return self._exists(loop, kept)

    def _where(self, loop: Loop, kept: Condition) -> list[Condition]:
        extra = loop.over.where if isinstance(loop.over, CodeSet) and loop.over.where is not None else TRUE
        return [condition for condition in (loop.own(extra), kept) if not is_true(condition)]

    def _owners(self, loop: Loop, kept: Condition) -> Select[Any]:
        return select(loop.own(loop.over.owner)).where(*self._where(loop, kept)).correlate(None)

    def _own_rows(self, loop: Loop, kept: Condition, what: ColumnElement[Any]) -> Select[Any]:
        """Return a select over the subject's own members, for use inside a statement on the subject."""
        outside = [table_of(loop.over.key), *(outer.table for outer in self._operands.scope if outer is not loop)]
        owned = loop.own(loop.over.owner) == loop.over.key
        rows = select(what).select_from(loop.table).where(owned, *self._where(loop, kept))
        return rows.correlate(*outside)

    def _exists(self, loop: Loop, kept: Condition) -> Condition:
        return exists(self._own_rows(loop, kept, literal_column("1")))

    def _count(self, loop: Loop, kept: Condition) -> ColumnElement[Any]:
        return self._own_rows(loop, kept, func.count()).scalar_subquery()

    def _sum(self, node: Node, part: Node, comparison: str, number: Decimal, *, negated: bool) -> Tri | None:
        """Return the bracket of ``$sum([…])`` compared to a number: sums of stored integers are exact."""
        if not isinstance(part, Call) or not isinstance(part.function, Builtin) or part.function.name != "sum":
            return None
        looped = part.arguments[0]
        members = self._members(looped, None) if isinstance(looped, Comprehension) else None
        if members is None or not isinstance(looped, Comprehension):
            return None
        with self._inside(members.loop):
            scalar = self._operands.scalar(looped.result)
            names = [name.name for name in walk(looped.result) if isinstance(name, Name)]
            own = all(self._operands.loop(name) is members.loop for name in names)
        if (
            not own
            or scalar is None
            or scalar.type is not ValueType.NUMBER
            or scalar.stored is not ValueType.NUMBER
            or scalar.nullable
            or not isinstance(scalar.source, ColumnSource)
            or members.kept.must is not members.kept.may
        ):
            return self._compiler.open_end(node)
        err = self._errors(members)
        column = type_coerce(scalar.source.column, BigInteger)
        holds_for_none = COMPARISONS[comparison](Decimal(0), number) != negated
        asked = negated != holds_for_none
        having = sum_condition(column, comparison, number, scalar.scale, negated=asked, dialect=self._dialect)
        return self._grouped(members.loop, members.kept.must, having, err, excluded=holds_for_none)

    def _grouped(self, loop: Loop, kept: Condition, having: Condition, err: Condition, *, excluded: bool) -> Tri:
        """Return where the kept members of a subject satisfy ``having``, or, when excluded, do not.

        A subject without members never satisfies it; the caller chooses the side on which that is right.
        """
        if excluded or loop.correlated:
            own = self._own_rows(loop, kept, literal_column("1")).group_by(loop.own(loop.over.owner)).having(having)
            found: Condition = exists(own)
            condition = not_(found) if excluded else found
        else:
            grouped = self._owners(loop, kept).group_by(loop.own(loop.over.owner)).having(having)
            condition = loop.over.key.in_(grouped)
        return Tri(condition, condition, err)


def table_of(column: ColumnElement[Any]) -> Any:
    """Return the table (or alias) that a key belongs to."""
    return getattr(column, "table")  # noqa: B009 - only columns of tables are keys; ColumnElement does not say so

"""Questions about many: code sets and collections, as sub-queries over the child table.

A loop evaluates its condition and its result for every member before anything is asked of the list, so one member
that raises makes the whole raise.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import BigInteger, ColumnElement, Select, exists, func, literal, literal_column, not_, select
from sqlalchemy.sql.util import ClauseAdapter

from server.rules.language.symbols import CodeSet, Collection, ValueType
from server.rules.language.tree import (
    Attribute,
    Builtin,
    Call,
    Comprehension,
    Contains,
    Equality,
    Kind,
    ListOf,
    Name,
    Node,
    Order,
    StaticType,
    walk,
)
from server.rules.sql.bracket import (
    FALSE,
    TRUE,
    Condition,
    Tri,
    both,
    either,
    every,
    exactly,
    is_false,
    is_true,
    some,
    truth,
)
from server.rules.sql.choices import STAND_IN
from server.rules.sql.operands import Loop, Operands
from server.rules.sql.scalars import value
from server.rules.sql.value_tests import INT64_MAX


class Compile(Protocol):
    """What loops need of the compiler."""

    def truth(self, node: Node, *, negated: bool) -> Tri:
        """Return the bracket of a part being true, or false."""

    def fallible(self, node: Node) -> Condition:
        """Return where a part whose value is not looked at may raise."""

    def comparison(self, node: Node, *, negated: bool) -> Tri:
        """Return the bracket of a comparison, which need not stand in the text."""

    def type_of(self, node: Node) -> StaticType:
        """Return what is known about a node's value."""


@dataclass(frozen=True, slots=True)
class Members:
    """Some members of a collection: those for which ``kept`` is true."""

    loop: Loop
    kept: Tri


class Loops:
    """Compiles everything that asks about the members of a code set or collection."""

    def __init__(self, compiler: Compile, operands: Operands, tree: Node, dialect: str) -> None:
        self._asked_from_outside = set(_asked_from_outside(tree))
        self._compiler = compiler
        self._operands = operands
        self._dialect = dialect
        self._loops: dict[int, Loop] = {}

    def call(self, node: Call, *, negated: bool) -> Tri | None:
        """Return the bracket of ``$any([…])`` or ``$all([…])``."""
        if not isinstance(node.function, Builtin) or node.function.name not in {"any", "all"}:
            return None
        is_any = node.function.name == "any"
        among = node.arguments[0]
        if isinstance(among, ListOf):
            # the whole list is computed before it is looked at
            items = [self._compiler.truth(item, negated=negated) for item in among.items]
            return (either if is_any != negated else both)(items, [TRUE] * len(items))
        if not isinstance(among, Comprehension):
            return None
        members = self.members(among, lambda result: self._compiler.truth(result, negated=not is_any))
        return None if members is None else self.at_least(members, 1, negated=negated != (not is_any))

    def emptiness(self, node: Node, *, negated: bool) -> Tri | None:
        """Return the bracket of ``….is_empty``, or of a list standing as a condition: true when it has members."""
        asks_empty = isinstance(node, Attribute) and node.name == "is_empty"
        members = self.listed(node.target if isinstance(node, Attribute) and asks_empty else node)
        return None if members is None else self.at_least(members, 1, negated=negated != asks_empty)

    def containment(self, node: Contains, *, negated: bool) -> Tri | None:
        """Return the bracket of a code in a set, or of a value in a loop's list."""
        codes = self._operands.code_set(node.container)
        if codes is not None:
            return self._code_in(codes, node, negated=negated)
        if not isinstance(node.container, Comprehension):
            return None
        members = self.exists(node.container, "==", node.member, node)
        if members is None:
            return None
        found = self.at_least(members, 1, negated=negated)
        return Tri(found.must, found.may, some([found.err, self._compiler.fallible(node.member)]))

    def exists(self, loop: Comprehension, comparison: str, other: Node, place: Node) -> "Members | None":
        """Return the members whose result compares so to a part outside of the loop.

        None where the loop's variable hides a name of that part, or where the types differ: in a list 1 is true.
        """
        if any(isinstance(part, Name) and part.name == loop.variable for part in walk(other)):
            return None
        kinds = {self._compiler.type_of(loop.result).kind, self._compiler.type_of(other).kind} - {Kind.NULL}
        if len(kinds) != 1 or kinds <= {Kind.UNKNOWN, Kind.LIST, Kind.OBJECT}:
            return None
        kind = Equality if comparison == "==" else Order

        def test(result: Node) -> Tri:
            asked = kind(STAND_IN, place.offset, place.length, comparison, result, other)
            return self._compiler.comparison(asked, negated=False)

        return self.members(loop, test)

    def _code_in(self, codes: CodeSet, node: Contains, *, negated: bool) -> Tri | None:
        known, wanted = self._operands.known(node.member)
        if known:
            loop = self._loop("", codes, correlated=False, by_row=self._by_row(node))
            if not isinstance(wanted, str):
                return exactly(TRUE if negated else FALSE)
            return self.at_least(Members(loop, exactly(loop.own(codes.code) == wanted)), 1, negated=negated)
        scalar = self._operands.scalar(node.member)
        if scalar is None:
            return None
        if scalar.type not in {ValueType.TEXT, ValueType.CODE}:
            return exactly(TRUE if negated else FALSE)
        if scalar.null_value is not None:
            return None
        loop = self._loop("", codes, correlated=True)
        return self.at_least(Members(loop, exactly(loop.own(codes.code) == value(scalar)[0])), 1, negated=negated)

    def listed(self, node: Node) -> Members | None:
        """Return the members of a list that is a loop, a collection or a code set."""
        if isinstance(node, Comprehension):
            return self.members(node, None)
        if not isinstance(node, Name) or self._operands.loop(node.name) is not None:
            return None
        over = self._over(node)
        if over is None:
            return None
        loop = self._loop("", over, correlated=bool(self._operands.scope), by_row=self._by_row(node))
        return Members(loop, exactly(TRUE))

    def _by_row(self, node: Node) -> bool:
        """Whether few rows are left to ask, so that each is better asked by itself."""
        return node.index in self._operands.narrowed

    def _over(self, node: Node) -> Collection | CodeSet | None:
        if not isinstance(node, Name) or self._operands.loop(node.name) is not None:
            return None
        vocabulary = self._operands.vocabulary
        return vocabulary.collections.get(node.name) or vocabulary.code_sets.get(node.name)

    def members(self, node: Comprehension, test: Callable[[Node], Tri | None] | None) -> Members | None:
        """Return the members that the loop keeps and, with a test, whose result passes it."""
        over = self._over(node.iterable)
        if over is None:
            return None
        loop = self._loops.get(node.index)
        if loop is None:
            outside, by_row = self._reads_outside(node), self._by_row(node)
            loop = self._loops[node.index] = self._loop(node.variable, over, correlated=outside, by_row=by_row)
        with self.inside(loop):
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
        return shadowed or node.index in self._asked_from_outside or any(name != node.variable for name in names)

    def _loop(self, variable: str, over: Collection | CodeSet, *, correlated: bool, by_row: bool = False) -> Loop:
        table = table_of(over.owner)
        if not correlated and not self._operands.scope:
            return Loop(variable, over, table, None, correlated=by_row)
        alias = table.alias()
        return Loop(variable, over, alias, ClauseAdapter(alias), correlated=True)

    @contextmanager
    def inside(self, loop: Loop) -> Any:
        """Read what is compiled meanwhile as standing in the loop."""
        around = self._operands.scope
        self._operands.scope = (*around, loop)
        try:
            yield
        finally:
            self._operands.scope = around

    def errors(self, members: Members) -> Condition:
        """Return where a member raises."""
        return FALSE if is_false(members.kept.err) else self.some_member(members.loop, members.kept.err)

    def at_least(self, members: Members, count: int, *, negated: bool) -> Tri:
        """Return the bracket of so many members being kept (or fewer, when negated)."""
        err = self.errors(members)
        if count <= 0 or count > INT64_MAX:
            answer = truth((count <= 0) != negated)
            return Tri(answer, answer, err)
        count_test = self._fewer if negated else self._many
        kept = members.kept
        narrow, wide = (kept.may, kept.must) if negated else (kept.must, kept.may)
        must = count_test(members.loop, narrow, count)
        return Tri(must, must if kept.must is kept.may else count_test(members.loop, wide, count), err)

    def _many(self, loop: Loop, kept: Condition, count: int) -> Condition:
        if count == 1:
            return self.some_member(loop, kept)
        if is_false(kept):
            return FALSE
        if not loop.correlated:
            grouped = (
                self._owners(loop, kept)
                .group_by(loop.own(loop.over.owner))
                .having(func.count() >= literal(count, BigInteger))
            )
            return loop.over.key.in_(grouped)
        return self.count(loop, kept) >= literal(count, BigInteger)

    def _fewer(self, loop: Loop, kept: Condition, count: int) -> Condition:
        if is_false(kept):
            return TRUE
        if count == 1:
            return not_(self._exists(loop, kept))
        return self.count(loop, kept) < literal(count, BigInteger)

    def some_member(self, loop: Loop, kept: Condition) -> Condition:
        """Return where some member is kept."""
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

    def own_rows(self, loop: Loop, kept: Condition, what: ColumnElement[Any]) -> Select[Any]:
        """Return a select over the subject's own members, for use inside a statement on the subject."""
        outside = [table_of(loop.over.key), *(outer.table for outer in self._operands.scope if outer is not loop)]
        owned = loop.own(loop.over.owner) == loop.over.key
        rows = select(what).select_from(loop.table).where(owned, *self._where(loop, kept))
        return rows.correlate(*outside)

    def _exists(self, loop: Loop, kept: Condition) -> Condition:
        return exists(self.own_rows(loop, kept, literal_column("1")))

    def count(self, loop: Loop, kept: Condition) -> ColumnElement[Any]:
        """Return the number of the subject's own members that are kept."""
        return self.own_rows(loop, kept, func.count()).scalar_subquery()

    def grouped(self, loop: Loop, kept: Condition, having: Condition, err: Condition, *, excluded: bool) -> Tri:
        """Return where the kept members of a subject satisfy ``having``, or, when excluded, do not.

        A subject without members never satisfies it; the caller chooses the side on which that is right.
        """
        if excluded or loop.correlated:
            own = self.own_rows(loop, kept, literal_column("1")).group_by(loop.own(loop.over.owner)).having(having)
            found: Condition = exists(own)
            condition = not_(found) if excluded else found
        else:
            grouped = self._owners(loop, kept).group_by(loop.own(loop.over.owner)).having(having)
            condition = loop.over.key.in_(grouped)
        return Tri(condition, condition, err)


def _asked_from_outside(tree: Node) -> Iterator[int]:
    """Yield the loops whose results may be compared with something that is not constant, by node index."""
    for node in walk(tree):
        compares = isinstance(node, Equality | Order | Contains) or isinstance(_extreme_of(node), ListOf)
        if not compares:
            continue
        names = sum(isinstance(part, Name) for part in walk(node))
        for part in walk(node):
            loop = part.container if isinstance(part, Contains) else _extreme_of(part)
            if isinstance(loop, Comprehension) and names > sum(isinstance(inner, Name) for inner in walk(loop)):
                yield loop.index


def _extreme_of(node: Node) -> Node | None:
    if isinstance(node, Call) and isinstance(node.function, Builtin) and node.function.name in {"max", "min"}:
        return node.arguments[0]
    return None


def table_of(column: ColumnElement[Any]) -> Any:
    """Return the table (or alias) that a key belongs to."""
    return getattr(column, "table")  # noqa: B009 - only columns of tables are keys; ColumnElement does not say so

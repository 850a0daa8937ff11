"""Single values in SQL: where they come from, and how a question about one becomes a condition on the subject."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, exists, func, literal, literal_column, not_, select, type_coerce
from sqlalchemy import Column as TableColumn

from server.rules.language.symbols import ColumnSource, ReferenceSource, SideRowSource, Source, Symbol, ValueType
from server.rules.sql.bracket import TRUE, Condition, every, is_false, is_true, some, truth, unless
from server.rules.sql.letter_case import Case, Folded, Spelling

Column = ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Test:
    """A question about one value, with the answer for null.

    Attributes:
        yes: the condition under which a value that is not null passes.
        no: its complement among the values that are not null.
        holds: the same question about a value in Python, never null.
        on_null: the answer for null.
        spelling: what is known of the texts that pass, so that an index over their casefolded form can find them.
    """

    yes: Callable[[Column], Condition]
    no: Callable[[Column], Condition]
    holds: Callable[[Any], bool]
    on_null: bool = False
    spelling: Spelling | None = None

    __test__ = False

    def negated(self) -> "Test":
        """Return the opposite question."""
        return Test(self.no, self.yes, lambda value: not self.holds(value), not self.on_null)

    def negated_but_null(self) -> "Test":
        """Return the opposite question, to which null still says no."""
        return Test(self.no, self.yes, lambda value: not self.holds(value))

    def unless_unsure(self, unsure: Callable[[Column], Condition]) -> tuple["Test", "Test"]:
        """Return the question surely answered with yes, and the one possibly so: SQL does not know the unsure ones."""
        surely = Test(
            lambda column: every([self.yes(column), unless(unsure(column))]),
            lambda column: some([self.no(column), unsure(column)]),
            self.holds,
            self.on_null,
            self.spelling,
        )
        possibly = Test(
            lambda column: some([self.yes(column), unsure(column)]),
            lambda column: every([self.no(column), unless(unsure(column))]),
            self.holds,
            self.on_null,
            self.spelling,
        )
        return surely, possibly


def always(answer: bool, *, on_null: bool) -> Test:
    """Return the question that every value but null answers alike."""
    return Test(lambda _: truth(answer), lambda _: truth(not answer), lambda _: answer, on_null)


def conjunction(first: Test, second: Test) -> Test:
    """Return the question whether both hold."""
    return Test(
        lambda column: every([first.yes(column), second.yes(column)]),
        lambda column: some([first.no(column), second.no(column)]),
        lambda value: first.holds(value) and second.holds(value),
        first.on_null and second.on_null,
    )


def disjunction(tests: list[Test]) -> Test:
    """Return the question whether any holds; of none, never."""
    if not tests:
        return always(answer=False, on_null=False)

    def no(column: Column) -> Condition:
        return every([test.no(column) for test in tests])

    return Test(
        lambda column: some([test.yes(column) for test in tests]),
        no,
        lambda value: any(test.holds(value) for test in tests),
        any(test.on_null for test in tests),
    )


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value of the subject or of a member, possibly looked at through a function.

    Attributes:
        source: where the value itself comes from.
        stored: the type of that value.
        type: the type after the view.
        nullable: whether the source's value can be null.
        scale: of a NUMBER after the view.
        default: what the rule sees where a side row is missing; already as the evaluator would see it.
        view: the function in SQL; ``view_value`` the same in Python. Never applied to null.
        null_value: what stands for null after the view (``??``), or None.
        folded: the value's casefolded form where it is stored, as long as the view keeps it.
        by_row: whether a side row is looked for row by row, because few rows are left to be asked.
    """

    source: Source
    stored: ValueType
    type: ValueType
    nullable: bool
    scale: int = 0
    default: Any = None
    view: Callable[[Column], Column] = _same
    view_value: Callable[[Any], Any] = _same
    null_value: Any = None
    folded: Folded | None = None
    by_row: bool = False

    @property
    def can_be_null(self) -> bool:
        """Whether null can come out of it."""
        return self.nullable and self.null_value is None

    def through(
        self, view: Callable[[Column], Column], view_value: Callable[[Any], Any], kind: ValueType, scale: int = 0
    ) -> "Scalar":
        """Return the scalar looked at through one more function."""
        inner, inner_value = self.view, self.view_value
        return replace(
            self,
            type=kind,
            scale=scale,
            view=lambda column: view(inner(column)),
            view_value=lambda value: view_value(inner_value(value)),
            null_value=None if self.null_value is None else view_value(self.null_value),
            folded=None,
        )

    def or_else(self, value: Any) -> "Scalar":
        """Return the scalar with a constant in place of null."""
        return self if value is None or not self.can_be_null else replace(self, null_value=value)


def in_folded_case(seen: Scalar, target: Scalar, case: Case) -> Scalar:
    """Return ``seen``, which is ``target`` in a letter case, with the casefolded form that both share."""
    if target.folded is None or target.folded.case is not None:
        return seen
    return replace(seen, folded=replace(target.folded, case=case))


def symbol_scalar(symbol: Symbol, source: Source, default: Any) -> Scalar:
    """Return the plain value of a symbol."""
    scale = 0 if isinstance(source, ReferenceSource) else source.scale
    folded = None if symbol.folded is None else Folded(symbol.folded)
    return Scalar(source, symbol.type, symbol.type, symbol.nullable, scale=scale, default=default, folded=folded)


def _typed(scalar: Scalar, column: Column) -> Column:
    """Return the stored column as what SQL compares: numbers are plain integers, whatever Python makes of them."""
    return type_coerce(column, BigInteger) if scalar.stored is ValueType.NUMBER else column


def ask(scalar: Scalar, test: Test, dialect: str) -> Condition:
    """Return the condition that the value passes the test; its index can be used."""
    on_null = test.on_null if scalar.null_value is None else test.holds(scalar.null_value)

    def yes(column: Column) -> Condition:
        return test.yes(scalar.view(_typed(scalar, column)))

    def no(column: Column) -> Condition:
        return test.no(scalar.view(_typed(scalar, column)))

    source = scalar.source
    if isinstance(source, ColumnSource):
        asked = _ask_column(source.column, yes, no, on_null=on_null, nullable=scalar.nullable)
        return asked if on_null or is_true(asked) else every([*_by_folded(scalar, test, dialect), asked])
    if isinstance(source, ReferenceSource):
        return _ask_reference(source, yes, no, on_null=on_null)
    absent = on_null if scalar.default is None else test.holds(scalar.view_value(scalar.default))
    collected = dialect == "sqlite" and not scalar.by_row
    return _ask_side_row(source, yes, no, absent=absent, collected=collected)


def _by_folded(scalar: Scalar, test: Test, dialect: str) -> list[Condition]:
    """Return what an index over the casefolded values can answer, and what all values that pass have in common."""
    if scalar.folded is None or test.spelling is None:
        return []
    column = scalar.folded.column
    found = scalar.folded.condition(test.spelling, column.collate("C") if dialect == "postgresql" else column)
    return [] if found is None else [found]


_Half = Callable[[Column], Condition]


def _ask_column(column: Column, yes: _Half, no: _Half, *, on_null: bool, nullable: bool) -> Condition:
    if nullable and on_null and not isinstance(column, TableColumn):
        against = no(column)
        # said by the complement, the expression is computed once; no index is lost, because it has none
        return column.is_(None) if is_true(against) else unless(against)
    condition = yes(column)
    if not nullable:
        return condition
    if is_true(condition):
        return TRUE if on_null else column.is_not(None)
    return some([column.is_(None), condition]) if on_null else condition


def _ask_reference(source: ReferenceSource, yes: _Half, no: _Half, *, on_null: bool) -> Condition:
    condition = (no if on_null else yes)(source.target_value)
    if is_false(condition):
        return truth(on_null)
    if is_true(condition):
        return source.reference.is_(None) if on_null else source.reference.is_not(None)
    keys = select(source.target_key).where(condition).correlate(None)
    if on_null:
        return some([source.reference.is_(None), source.reference.not_in(keys)])
    return source.reference.in_(keys)


def _ask_side_row(source: SideRowSource, yes: _Half, no: _Half, *, absent: bool, collected: bool) -> Condition:
    """Positive tests read the side table by value (collected) or by row, negative ones look for the row against."""
    condition = (no if absent else yes)(source.column)
    if is_false(condition):
        return truth(absent)
    if is_true(condition):
        condition = source.column.is_not(None)
    if not absent and collected:
        return source.key.in_(select(source.owner).where(source.where, condition).correlate(None))
    against = exists(
        select(literal_column("1"))
        .select_from(_table(source.owner))
        .where(source.owner == source.key, source.where, condition)
    ).correlate(_table(source.key))
    return not_(against) if absent else against


def value(scalar: Scalar) -> tuple[Column, bool]:
    """Return the value as an expression and whether it can be NULL."""
    source = scalar.source
    nullable = scalar.nullable
    if isinstance(source, ColumnSource):
        found: Column = source.column
    elif isinstance(source, ReferenceSource):
        inner = select(source.target_value).where(source.target_key == source.reference)
        found = inner.correlate(_table(source.reference)).scalar_subquery()
    else:
        row = select(source.column).where(source.owner == source.key, source.where)
        found = row.correlate(_table(source.key)).scalar_subquery()
        if scalar.default is not None:
            stored = _stored_default(source, scalar)
            found = func.coalesce(_typed(scalar, found), stored)
            nullable = False
    seen = scalar.view(_typed(scalar, found))
    return seen, nullable


def _stored_default(source: SideRowSource, scalar: Scalar) -> Column:
    if scalar.stored is ValueType.NUMBER:
        return literal(int(source.default * 10**source.scale), BigInteger)
    return literal(source.default, source.column.type)


def _table(column: Column) -> Any:
    """Return the table (or alias) that a key belongs to."""
    return getattr(column, "table")  # noqa: B009 - only columns of tables are keys; ColumnElement does not say so

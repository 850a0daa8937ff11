"""Questions about texts that are computed, or looked at in a letter case, and about regular expressions."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import String, func, literal

from server.rules.language.tree import Attribute, Call, Contains, Equality, Match, Node, Order, Slice
from server.rules.sql.bracket import FALSE, TRUE, Condition, Tri, every, some, unless
from server.rules.sql.letter_case import SIGMA, Case, ascii_case, in_case, may_end_a_word, not_ascii
from server.rules.sql.operands import TEXTS, Operands
from server.rules.sql.regex_shapes import required_test, shape_of, whole_test
from server.rules.sql.scalars import Column, Scalar, Test, always, ask, conjunction
from server.rules.sql.text_values import TextValue, TextValues
from server.rules.sql.value_tests import (
    COMPARISONS,
    MIRRORED,
    OPPOSITE,
    contains,
    ends_with,
    is_null,
    matches,
    starts_with,
    text_equals,
    text_in,
    text_order,
)

_TESTS = {"starts_with": starts_with, "ends_with": ends_with}


class TextAtoms:
    """Makes brackets of questions about texts; answers None for everything else."""

    def __init__(self, operands: Operands, dialect: str) -> None:
        self._operands = operands
        self._values = TextValues(operands, dialect)
        self._dialect = dialect

    def truth(self, node: Node, *, negated: bool) -> Tri | None:
        """Return the bracket of a question, or of its negation."""
        match node:
            case Equality():
                return self._equality(node.left, node.right, negated=negated != (node.operator == "!="))
            case Order():
                return self._order(node, negated=negated)
            case Contains():
                return self._containment(node, negated=negated)
            case Match():
                return self._match(node, negated=negated != node.negated)
            case Call():
                return self._call(node, negated=negated)
            case Attribute(name="is_empty"):
                return self._asked(node.target, text_equals(""), [""], negated=negated)
            case _:
                return self._asked(node, text_equals("").negated_but_null(), [""], negated=negated)

    def length(self, node: Node) -> TextValue | None:
        """Return the number of characters of a computed text, as the column of a text value."""
        if not isinstance(node, Attribute) or node.name != "length" or node.safe:
            return None
        counted = node.target
        if isinstance(counted, Attribute) and counted.name == "to_ary" and not counted.safe:
            counted = counted.target
        text = self._values.read(counted)
        return None if text is None or text.nullable else replace(text, column=func.length(text.column))

    def _equality(self, left: Node, right: Node, *, negated: bool) -> Tri | None:
        for part, other in ((left, right), (right, left)):
            known, constant = self._operands.known(other)
            if known and isinstance(constant, str):
                beginning = self._beginning(part, constant)
                if beginning is not None:
                    return self._asked(*beginning, [constant], negated=negated)
                return self._asked(part, text_equals(constant), [constant], negated=negated)
            if known and constant is None:
                return self._asked(part, is_null(), [], negated=negated)
        first, second = self._values.read(left), self._values.read(right)
        if first is None or second is None:
            return None
        nullable = first.nullable or second.nullable
        if negated:
            differ = first.column.is_distinct_from(second.column) if nullable else first.column != second.column
            return _bracket(differ, first, second)
        both_nullable = first.nullable and second.nullable
        same = first.column.is_not_distinct_from(second.column) if both_nullable else first.column == second.column
        return _bracket(same, first, second)

    def _beginning(self, node: Node, constant: str) -> tuple[Node, Test] | None:
        """Read ``text[0:2] == "ab"`` as the question how the text begins, which an index can answer."""
        if not isinstance(node, Slice):
            return None
        start, stop = self._values.place(node.start), self._values.place(node.stop)
        if start not in {(None,), (0,)} or stop is None or stop[0] is None or stop[0] < 0:
            return None
        if len(constant) > stop[0]:
            return node.container, always(answer=False, on_null=False)
        shorter = len(constant) < stop[0]
        return node.container, text_equals(constant) if shorter else starts_with(constant, self._dialect)

    def _order(self, node: Order, *, negated: bool) -> Tri | None:
        sides = ((node.left, node.right, node.operator), (node.right, node.left, MIRRORED[node.operator]))
        for part, other, comparison in sides:
            known, constant = self._operands.known(other)
            if known and isinstance(constant, str):
                test = text_order(comparison, constant, self._dialect)
                return self._asked(part, test, [constant], negated=negated, order=True)
        first, second = self._values.read(node.left), self._values.read(node.right)
        if first is None or second is None or first.nullable or second.nullable:
            return None
        compare = COMPARISONS[OPPOSITE[node.operator] if negated else node.operator]
        return _bracket(compare(first.column, second.column), first, second)  # type: ignore[arg-type]

    def _containment(self, node: Contains, *, negated: bool) -> Tri | None:
        known, container = self._operands.known(node.container)
        if known and isinstance(container, (tuple, list, set, frozenset)):
            return self._among(node.member, list(container), negated=negated)
        if isinstance(node.container, Attribute) and node.container.name == "to_ary":
            return self._character(node.member, node.container.target, negated=negated)
        member_known, member = self._operands.known(node.member)
        if member_known and isinstance(member, str):
            return self._asked(node.container, contains(member, self._dialect), [member], negated=negated)
        text, part = self._values.read(node.container), self._values.read(node.member)
        if text is None or part is None or text.nullable or part.nullable:
            return None
        find = func.strpos if self._dialect == "postgresql" else func.instr
        place = find(text.column, part.column)
        return _bracket(place == 0 if negated else place > 0, text, part)

    def _character(self, member: Node, text: Node, *, negated: bool) -> Tri | None:
        """Return the bracket of a text being one of the characters of another."""
        known, character = self._operands.known(member)
        if not known or not isinstance(character, str):
            return None
        test = contains(character, self._dialect) if len(character) == 1 else always(answer=False, on_null=False)
        return self._asked(text, test, [character], negated=negated)

    def _among(self, member: Node, items: list[Any], *, negated: bool) -> Tri | None:
        texts = [item for item in items if isinstance(item, str)]
        cased = self._values.cased(member)
        if cased is not None:
            texts = [text for text in texts if cased[1].of(text) == text]
        test = text_in(texts) if texts else always(answer=False, on_null=False)
        return self._asked(member, replace(test, on_null=None in items), texts, negated=negated)

    def _call(self, node: Call, *, negated: bool) -> Tri | None:
        function = node.function
        if not isinstance(function, Attribute) or function.name not in _TESTS:
            return None
        known, argument = self._operands.known(node.arguments[0])
        if known and isinstance(argument, str):
            return self._asked(
                function.target, _TESTS[function.name](argument, self._dialect), [argument], negated=negated
            )
        text, part = self._values.read(function.target), self._values.read(node.arguments[0])
        if text is None or part is None or text.nullable or part.nullable:
            return None
        length, wanted = func.length(text.column), func.length(part.column)
        if function.name == "starts_with":
            same = func.substr(text.column, 1, wanted, type_=String) == part.column
        else:
            tail = func.substr(text.column, length - wanted + 1, type_=String)
            same = every([length >= wanted, tail == part.column])
        return _bracket(unless(same) if negated else same, text, part)

    def _match(self, node: Match, *, negated: bool) -> Tri | None:
        shape = shape_of(node.pattern, anywhere=node.anywhere)
        whole = None if shape is None else whole_test(shape, self._dialect)
        literals = () if shape is None else shape.literals
        if whole is not None:
            return self._asked(node.subject, whole, literals, negated=negated)
        required = always(answer=True, on_null=False) if shape is None else required_test(shape, self._dialect)
        if self._dialect == "sqlite":
            matched = matches(node.pattern, anywhere=node.anywhere)
            both = conjunction(required, matched)
            test = Test(both.yes, matched.no, matched.holds, spelling=required.spelling)
            return self._asked(node.subject, test, literals, negated=negated)
        return self._asked(node.subject, required, literals, negated=negated, only_possible=True)

    def _asked(
        self,
        node: Node,
        test: Test,
        constants: Sequence[str],
        *,
        negated: bool,
        order: bool = False,
        only_possible: bool = False,
    ) -> Tri | None:
        """Return the bracket of a text passing a test that compares it to constants.

        Args:
            node: the text.
            test: the question.
            constants: what it compares the text to.
            negated: whether the negation is meant.
            order: whether it asks for more than whether characters are equal.
            only_possible: whether passing does not mean that the answer is yes.
        """
        scalar = self._operands.scalar(node)
        cased = self._values.cased(node) if scalar is None else None
        text = self._values.read(node) if scalar is None and cased is None else None
        if scalar is not None and scalar.type in TEXTS:
            surely = possibly = test
        elif cased is not None:
            scalar = cased[0]
            surely, possibly = _in_case(test, cased[1], constants, order=order)
        elif text is not None:
            return self._asked_of_value(text, test, negated=negated, only_possible=only_possible)
        else:
            return None
        if only_possible:
            surely = always(answer=False, on_null=False)
        return self._between(scalar, surely, possibly, negated=negated)

    def _between(self, scalar: Scalar, surely: Test, possibly: Test, *, negated: bool) -> Tri:
        if negated:
            surely, possibly = possibly.negated(), surely.negated()
        must = ask(scalar, surely, self._dialect)
        return Tri(must, must if surely is possibly else ask(scalar, possibly, self._dialect), FALSE)

    def _asked_of_value(self, text: TextValue, test: Test, *, negated: bool, only_possible: bool) -> Tri | None:
        condition = (test.no if negated else test.yes)(text.column)
        if text.nullable and test.on_null != negated:
            condition = some([text.column.is_(None), condition])
        if not only_possible:
            return _bracket(condition, text)
        return Tri(condition, TRUE, text.err) if negated else Tri(FALSE, condition, text.err)


def _bracket(condition: Condition, *texts: TextValue) -> Tri:
    """Return the bracket of a condition over texts, which says nothing where one of them is unsure."""
    unsure = some([text.unsure for text in texts])
    err = some([text.err for text in texts])
    if unsure is FALSE:
        return Tri(condition, condition, err)
    return Tri(every([condition, unless(unsure)]), some([condition, unsure]), err)


def _in_case(test: Test, letters: Case, constants: Sequence[str], *, order: bool) -> tuple[Test, Test]:
    """Return a question about a text in a letter case, surely and possibly answered with yes (PostgreSQL only)."""
    if order and not "".join(constants).isascii():
        seen = _through(test, lambda column: ascii_case(column, letters))
        return seen.unless_unsure(not_ascii)
    if not order and any(letters.of(constant) != constant for constant in constants):
        never = Test(lambda _: FALSE, lambda _: TRUE, test.holds, test.on_null)
        return never, never
    seen = _through(test, lambda column: in_case(column, letters, constants, order=order))
    if may_end_a_word(letters, constants):
        return seen.unless_unsure(lambda column: func.strpos(column, literal(SIGMA, String)) > 0)
    return seen, seen


def _through(test: Test, view: Callable[[Column], Column]) -> Test:
    return replace(test, yes=lambda column: test.yes(view(column)), no=lambda column: test.no(view(column)))

"""From a checked rule to its bracket: logic, with every ``not`` pushed to the leaves.

Pushed down, each leaf stands where NULL means false, so a plain comparison stays plain and an index can answer it.
Operands are evaluated from left to right and only until one decides; the errors of a part count only where it is
reached. A part without an SQL form is the bracket (false, true, true), which is correct for any part.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from server.clock import Moment
from server.errors import TextRange
from server.rules.language.check import CheckedRule, type_of
from server.rules.language.symbols import ValueType
from server.rules.language.totality import is_total
from server.rules.language.tree import (
    Attribute,
    Call,
    Coalesce,
    Constant,
    Contains,
    Equality,
    Kind,
    ListOf,
    Logic,
    Match,
    Node,
    Not,
    Order,
    StaticType,
    Ternary,
)
from server.rules.one_contact.constants import ConstantParts
from server.rules.one_contact.evaluator import is_constant
from server.rules.sql.aggregates import Aggregates
from server.rules.sql.atoms import Atoms
from server.rules.sql.bracket import (
    FALSE,
    TRUE,
    Bracket,
    Condition,
    Residue,
    Tri,
    both,
    either,
    every,
    exactly,
    is_false,
    some,
    truth,
    unless,
)
from server.rules.sql.choices import STAND_IN, Present, has_too_many_choices, options
from server.rules.sql.dates import DateTests
from server.rules.sql.loops import Loops
from server.rules.sql.nesting import nests_too_deeply
from server.rules.sql.number_comparisons import compare_numbers
from server.rules.sql.numbers import Numbers
from server.rules.sql.operands import Operands
from server.rules.sql.polynomials import Number
from server.rules.sql.residue import reason_for
from server.rules.sql.single_numbers import SingleNumbers, Variable
from server.rules.sql.text_atoms import TextAtoms
from server.rules.sql.time_atoms import TimeAtoms

_ITEMS_MAX = 16
"""More items of a list that have to be computed make the SQL too long."""
_CALCULATIONS_MAX = 24
_OPTIONS_MAX = 32
"""How many comparisons of calculated numbers, and how many options of choices, the SQL of one rule may hold."""


def compile_rule(rule: CheckedRule, moment: Moment, *, dialect: str) -> Bracket:
    """Return the bracket of a rule for one dialect (``sqlite`` or ``postgresql``).

    The conditions may stand in the WHERE of any statement on the subject's table.
    """
    compiler = Compiler(rule, moment, dialect)
    bracket = Bracket.of(compiler.truth(rule.tree, negated=False), compiler.residue)
    if dialect == "sqlite" and (nests_too_deeply(bracket.sure) or nests_too_deeply(bracket.open)):
        compiler.residue.clear()
        left = compiler.open_end(rule.tree, reason="its parts are nested too deeply for SQL")
        return Bracket.of(left, compiler.residue)
    return bracket


class Compiler:
    """Compiles one rule for one moment and dialect."""

    def __init__(self, rule: CheckedRule, moment: Moment, dialect: str) -> None:
        self.residue: list[Residue] = []
        self._rule = rule
        self._done: dict[tuple[int, bool], Tri] = {}
        self._calculations_left = _CALCULATIONS_MAX
        self._options_left = _OPTIONS_MAX
        operands = Operands(rule, moment, ConstantParts(rule, moment), dialect)
        self._operands = operands
        self._atoms = Atoms(operands, moment, dialect)
        self._times = TimeAtoms(operands, operands.clock, dialect)
        self._texts = TextAtoms(operands, dialect)
        self._loops = Loops(self, operands, rule.tree, dialect)
        self._numbers = Numbers(self, operands, dialect)
        self._aggregates = Aggregates(self, self._loops, self._numbers, dialect)
        self._singles = SingleNumbers(operands, DateTests(moment), self, dialect)

    def type_of(self, node: Node) -> StaticType:
        """Return what is known about a node's value."""
        return type_of(self._rule, node)

    def truth(self, node: Node, *, negated: bool) -> Tri:
        """Return the bracket of ``node`` (or of its negation) being true."""
        if node.index == STAND_IN:
            return self._truth(node, negated=negated)
        key = (node.index, negated)
        found = self._done.get(key)
        if found is None:
            found = self._done[key] = self._truth(node, negated=negated)
        return found

    def _truth(self, node: Node, *, negated: bool) -> Tri:
        if is_constant(node) and node.index != STAND_IN:
            return self._constant(node, negated=negated)
        match node:
            case Not(operand=operand) if type(node) is Not:
                return self.truth(operand, negated=not negated)
            case Logic():
                return self._logic(node, negated=negated)
            case Ternary():
                return self._ternary(node, negated=negated)
            case Equality() | Order() | Contains() | Match():
                return self.comparison(node, negated=negated)
            case Call():
                found = self._loops.call(node, negated=negated) or self._leaf(node, negated=negated)
            case _:
                found = self._loops.emptiness(node, negated=negated) or self._leaf(node, negated=negated)
        return self._value(node, negated=negated) if found is None else self._noted(node, found)

    def _leaf(self, node: Node, *, negated: bool) -> Tri | None:
        return self._atoms.truth(node, negated=negated) or self._texts.truth(node, negated=negated)

    def _value(self, node: Node, *, negated: bool) -> Tri:
        """Return the bracket of a value counting as true."""
        if self.type_of(node).kind is Kind.NUMBER:
            zero = Constant(STAND_IN, node.offset, node.length, Decimal(0))
            return self.comparison(
                Equality(node.index, node.offset, node.length, "==", node, zero), negated=not negated
            )
        if isinstance(node, Attribute) and node.name == "is_nan" and self._numbers.read(node.target) is not None:
            # what is stored is finite, and so is what is computed from it
            return Tri(truth(negated), truth(negated), self.fallible(node.target))
        if isinstance(node, Coalesce):
            null = Equality(STAND_IN, node.offset, node.length, "==", node.left, _null(node))
            present = Present(STAND_IN, node.offset, node.length, node.left)
            return self._ternary(Ternary(*_place(node), null, node.right, present), negated=negated)
        found = self._by_options(node, negated=negated)
        return self.open_end(node) if found is None else found

    def comparison(self, node: Node, *, negated: bool) -> Tri:
        """Return the bracket of a comparison, which may also stand nowhere in the text."""
        forms = (
            self._special,
            self._atoms.truth,
            self._single_number,
            self._times.truth,
            self._texts.truth,
            self._among_items,
            self._by_options,
            self._numbers_compared,
            self._by_options_of_constants,
        )
        for form in forms:
            found = form(node, negated=negated)
            if found is not None:
                return self._noted(node, found)
        return self.open_end(node)

    def _special(self, node: Node, *, negated: bool) -> Tri | None:
        """Return the bracket of a comparison that has a form of its own."""
        match node:
            case Equality():
                found = self._flag_equality(node, negated=negated) or self._different_kinds(node, negated=negated)
                return found or self._aggregates.comparison(node, negated=negated)
            case Order():
                return self._aggregates.comparison(node, negated=negated)
            case Contains():
                return self._loops.containment(node, negated=negated)
            case _:
                return None

    def _single_number(self, node: Node, *, negated: bool) -> Tri | None:
        """Return the bracket of what is computed from one number compared with a constant."""
        asked = self._of_numbers(node)
        if asked is None:
            return None
        return self._singles.compare(asked.left, _sign(asked), asked.right, negated=negated != (asked.operator == "!="))

    def _numbers_compared(self, node: Node, *, negated: bool) -> Tri | None:
        """Return the bracket of what is computed from several numbers compared."""
        asked = self._of_numbers(node)
        if asked is None:
            return None
        left, right = self._numbers.read(asked.left), self._numbers.read(asked.right)
        if left is None or right is None:
            return None
        self._calculations_left -= 1
        if self._calculations_left < 0:
            return self.open_end(node, reason="so many calculations make the SQL too long")
        negated = negated != (asked.operator == "!=")
        return compare_numbers(left, _sign(asked), right, self._numbers.arithmetic.sql, negated=negated)

    def _of_numbers(self, node: Node) -> Equality | Order | None:
        if not isinstance(node, Equality | Order):
            return None
        kinds = {self.type_of(node.left).kind, self.type_of(node.right).kind}
        return node if Kind.NUMBER in kinds else None

    def _by_options_of_constants(self, node: Node, *, negated: bool) -> Tri | None:
        """Return the same where ``a ?? 5`` has no form of its own, as when the constant cannot be stored."""
        return self._by_options(node, negated=negated, with_constants=True)

    def _by_options(self, node: Node, *, negated: bool, with_constants: bool = False) -> Tri | None:
        """Return the bracket of a comparison of values that depend on a condition, by asking for that first."""
        readings = options(node, lambda part: self.type_of(part).nullable, with_constants=with_constants)
        if readings is None:
            return None
        self._options_left -= len(readings)
        if self._options_left < 0:
            return self.open_end(node, reason="so many choices make the SQL too long")
        found = []
        for reading in readings:
            parts = [self.truth(condition, negated=opposite) for condition, opposite in reading.conditions]
            parts.append(self._truth(reading.comparison, negated=negated))
            found.append(both(parts, [part.may for part in parts]))
        must = some([part.must for part in found])
        same = all(part.must is part.may for part in found)
        return Tri(must, must if same else some([part.may for part in found]), some([part.err for part in found]))

    def _different_kinds(self, node: Equality, *, negated: bool) -> Tri | None:
        """Return the bracket of an equality that holds for no values but two nulls."""
        left, right = self.type_of(node.left), self.type_of(node.right)
        unclear = {Kind.UNKNOWN} & {left.kind, right.kind}
        if unclear or left.kind is right.kind:
            return None
        if (left.nullable or left.kind is Kind.NULL) and (right.nullable or right.kind is Kind.NULL):
            return None
        answer = truth(negated != (node.operator == "!="))
        return Tri(answer, answer, some([self.fallible(node.left), self.fallible(node.right)]))

    def _among_items(self, node: Node, *, negated: bool) -> Tri | None:
        """Return the bracket of ``x in [a, b]`` where something has to be computed: of being equal to one item."""
        if not isinstance(node, Contains) or not isinstance(node.container, ListOf):
            return None
        container = node.container
        kinds = {self.type_of(part).kind for part in (node.member, *container.items)} - {Kind.NULL}
        too_many = len(container.items) > _ITEMS_MAX
        if too_many or len(kinds) > 1 or kinds <= {Kind.UNKNOWN, Kind.LIST, Kind.OBJECT}:
            return None
        equal = [
            self.comparison(Equality(STAND_IN, node.offset, node.length, "==", node.member, item), negated=negated)
            for item in container.items
        ]
        return (both if negated else either)(equal, [TRUE] * len(equal))

    def variable(self, node: Node) -> Variable | None:
        """Return the length of a list of members, or the sum over one, as a variable."""
        return self._aggregates.variable(node)

    def aggregate(self, node: Node) -> Number | None:
        """Return a number made of many members, or read from a computed text or a sum of dates."""
        text = self._texts.length(node)
        if text is not None:
            length = self._numbers.arithmetic.of_atom(
                self._numbers.arithmetic.integer(text.column), 2**31, natural=True
            )
            return replace(length, err=text.err, sure=unless(text.unsure))
        part = self._times.part(node)
        if part is None or part.kind is not ValueType.NUMBER:
            return self._aggregates.number(node)
        column = self._numbers.arithmetic.integer(part.expression)
        return replace(self._numbers.arithmetic.of_atom(column, part.limit, scale=part.scale), err=part.err)

    def _noted(self, node: Node, found: Tri) -> Tri:
        """Note why SQL does not decide a part, if that is so."""
        if not found.exact:
            self._note(node, reason_for(node, self.type_of, found))
        return found

    def _constant(self, node: Node, *, negated: bool) -> Tri:
        """Decide a part that names no symbol; when it raises, it raises for every row."""
        try:
            return exactly(truth(bool(self._operands.constant(node)) != negated))
        except Exception:  # noqa: BLE001 - rule-engine and Python raise many things, all of which mean: it raises
            self._note(node, "it cannot be computed")
            return Tri(FALSE, FALSE, TRUE)

    def _logic(self, node: Logic, *, negated: bool) -> Tri:
        conjunction = node.operator == "and"
        parts = [self.truth(operand, negated=negated) for operand in node.operands]
        guards = self._guards(node.operands, parts, negated=not conjunction)
        return (both if conjunction != negated else either)(parts, guards)

    def _guards(self, operands: Sequence[Node], parts: Sequence[Tri], *, negated: bool) -> list[Condition]:
        """Return under which condition the evaluation may go on past each operand; only asked where it matters."""
        last = max((place for place, part in enumerate(parts) if not is_false(part.err)), default=0)
        return [
            self.truth(operand, negated=negated).may if place < last else TRUE for place, operand in enumerate(operands)
        ]

    def _ternary(self, node: Ternary, *, negated: bool) -> Tri:
        if has_too_many_choices(node.condition):
            return self.open_end(node, reason="choices inside the conditions of choices make the SQL too long")
        chosen = self.truth(node.condition, negated=False)
        rejected = self.truth(node.condition, negated=True)
        positive = self.truth(node.positive, negated=negated)
        negative = self.truth(node.negative, negated=negated)
        must = some([every([chosen.must, positive.must]), every([rejected.must, negative.must])])
        same = chosen.exact and rejected.exact and positive.must is positive.may and negative.must is negative.may
        may = must if same else some([every([chosen.may, positive.may]), every([rejected.may, negative.may])])
        err = some([chosen.err, every([chosen.may, positive.err]), every([rejected.may, negative.err])])
        return Tri(must, may, err)

    def _flag_equality(self, node: Equality, *, negated: bool) -> Tri | None:
        """Read ``condition == true`` as the condition itself."""
        for part, other in ((node.left, node.right), (node.right, node.left)):
            found = self.type_of(part)
            if (
                found.kind is not Kind.BOOLEAN
                or found.nullable
                or self._operands.scalar(part)
                or not is_constant(other)
            ):
                continue
            answer = self._operands.known(other)[1]
            if isinstance(answer, bool):
                return self.truth(part, negated=negated != (answer != (node.operator == "==")))
        return None

    def open_end(self, node: Node, reason: str = "") -> Tri:
        """Return the bracket of a part that is left to rule-engine."""
        self._note(node, reason or reason_for(node, self.type_of))
        return Tri(FALSE, TRUE, FALSE if is_total(node, self.type_of) else TRUE)

    def fallible(self, node: Node) -> Condition:
        """Return where a part whose value is not looked at may raise."""
        if is_total(node, self.type_of):
            return FALSE
        if self.type_of(node).kind is Kind.BOOLEAN:
            return self.truth(node, negated=False).err
        number = self._numbers.read(node) if self.type_of(node).kind is Kind.NUMBER else None
        if number is not None:
            return number.err if number.sure is TRUE else some([number.err, unless(number.sure)])
        self._note(node, "it may raise")
        return TRUE

    def _note(self, node: Node, reason: str) -> None:
        self.residue.append(Residue(TextRange.of(self._rule.text, node.offset, node.length), reason))


def _sign(node: Equality | Order) -> str:
    return "==" if isinstance(node, Equality) else node.operator


def _place(node: Node) -> tuple[int, int, int]:
    return node.index, node.offset, node.length


def _null(node: Node) -> Constant:
    return Constant(STAND_IN, node.offset, node.length, None)

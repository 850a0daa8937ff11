"""From a checked rule to its bracket: logic, with every ``not`` pushed to the leaves.

Pushed down, each leaf stands where NULL means false, so a plain comparison stays plain and an index can answer it.
Operands are evaluated from left to right and only until one decides; the errors of a part count only where it is
reached. A part without an SQL form is the bracket (false, true, true), which is correct for any part.
"""

from collections.abc import Sequence
from typing import Any

from server.clock import Moment
from server.errors import TextRange
from server.rules.atoms import Atoms
from server.rules.bracket import (
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
)
from server.rules.check import CheckedRule, type_of
from server.rules.evaluator import BuiltRule, is_constant
from server.rules.loops import Loops
from server.rules.operands import Operands
from server.rules.totality import is_total
from server.rules.tree import (
    Arithmetic,
    Call,
    Contains,
    Equality,
    Item,
    Kind,
    Logic,
    Match,
    Minus,
    Node,
    Not,
    Order,
    Slice,
    StaticType,
    Ternary,
    walk,
)

_CHOICES_MAX = 2
"""Each choice in the condition of a choice doubles the SQL, because both outcomes are asked for."""


def compile_rule(rule: CheckedRule, moment: Moment, *, dialect: str) -> Bracket:
    """Return the bracket of a rule for one dialect (``sqlite`` or ``postgresql``).

    The conditions may stand in the WHERE of any statement on the subject's table.
    """
    compiler = Compiler(rule, moment, dialect)
    tri = compiler.truth(rule.tree, negated=False)
    return Bracket.of(tri, compiler.residue)


class Compiler:
    """Compiles one rule for one moment and dialect."""

    def __init__(self, rule: CheckedRule, moment: Moment, dialect: str) -> None:
        self.residue: list[Residue] = []
        self._rule = rule
        self._done: dict[tuple[int, bool], Tri] = {}
        operands = Operands(rule, moment, BuiltRule(rule, moment), dialect)
        self._operands = operands
        self._atoms = Atoms(operands, moment, dialect)
        self._loops = Loops(self, operands, dialect)

    def type_of(self, node: Node) -> StaticType:
        """Return what is known about a node's value."""
        return type_of(self._rule, node)

    def truth(self, node: Node, *, negated: bool) -> Tri:
        """Return the bracket of ``node`` (or of its negation) being true."""
        key = (node.index, negated)
        found = self._done.get(key)
        if found is None:
            found = self._done[key] = self._truth(node, negated=negated)
        return found

    def _truth(self, node: Node, *, negated: bool) -> Tri:
        if is_constant(node):
            return self._constant(node, negated=negated)
        match node:
            case Not(operand=operand) if type(node) is Not:
                return self.truth(operand, negated=not negated)
            case Logic():
                return self._logic(node, negated=negated)
            case Ternary():
                return self._ternary(node, negated=negated)
            case Equality() | Order() | Contains() | Match():
                found = self._flag_equality(node, negated=negated) if isinstance(node, Equality) else None
                return found or self._loops.comparison(node, negated=negated) or self._leaf(node, negated=negated)
            case Call():
                return self._loops.call(node, negated=negated) or self._leaf(node, negated=negated)
            case _:
                return self._loops.emptiness(node, negated=negated) or self._leaf(node, negated=negated)

    def _leaf(self, node: Node, *, negated: bool) -> Tri:
        found = self._atoms.truth(node, negated=negated)
        if found is None:
            return self.open_end(node)
        if not found.exact:
            self._note(node, "SQL narrows it down but cannot decide it")
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
        if sum(isinstance(part, Ternary) for part in walk(node.condition)) > _CHOICES_MAX:
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

    def equals(self, part: Node, constant: Any) -> Tri | None:
        """Return the bracket of a part being this constant."""
        return self._atoms.equal_to(part, constant)

    def open_end(self, node: Node, reason: str = "") -> Tri:
        """Return the bracket of a part that is left to rule-engine."""
        self._note(node, reason or _reason(node))
        return Tri(FALSE, TRUE, FALSE if is_total(node, self.type_of) else TRUE)

    def fallible(self, node: Node) -> Condition:
        """Return where a part whose value is not looked at may raise."""
        if is_total(node, self.type_of):
            return FALSE
        self._note(node, "it may raise")
        return TRUE

    def _note(self, node: Node, reason: str) -> None:
        self.residue.append(Residue(TextRange.of(self._rule.text, node.offset, node.length), reason))


def _reason(node: Node) -> str:
    """Return in words why a part is left to rule-engine."""
    parts = list(walk(node))
    if any(isinstance(part, Arithmetic | Minus) for part in parts):
        return "arithmetic is computed contact by contact"
    if any(isinstance(part, Item | Slice) for part in parts):
        return "parts of texts and lists are taken contact by contact"
    if any(isinstance(part, Call) for part in parts):
        return "this function is computed contact by contact"
    return "SQL has no exact form for it"

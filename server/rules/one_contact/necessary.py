"""The simple questions that every contact answers with yes for which a rule is true.

A contact that answers no is not merely one for which the rule is not true: the rule is false for it, it does not raise.
So whoever keeps rules by such questions need not look at the others at all. Parts that may raise spoil what stands
behind them: ``1 / score > 2 and country == "DE"`` raises in other countries too.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal

from server.rules.language.check import CheckedRule, type_of
from server.rules.language.totality import is_total
from server.rules.language.tree import (
    Attribute,
    Builtin,
    Call,
    Comprehension,
    Constant,
    Contains,
    Equality,
    Kind,
    Logic,
    Minus,
    Name,
    Node,
    Not,
    Order,
    StaticType,
    Ternary,
)
from server.rules.one_contact.necessary_kinds import NecessaryKind, NecessaryTest, Tests, rarest, united
from server.rules.one_contact.necessary_values import COMPARISONS, UNKNOWN, Loops, ValueTests, literal

_ALTERNATIVES_MAX = 16


def necessary_test(rule: CheckedRule) -> NecessaryTest | None:
    """Return the most selective question, or None when there is no single one."""
    tests = necessary_tests(rule)
    return tests[0] if tests is not None and len(tests) == 1 else None


def necessary_tests(
    rule: CheckedRule,
    usable: Callable[[NecessaryTest], bool] = lambda test: True,  # noqa: ARG005
) -> Tests | None:
    """Return questions of which a contact for which the rule is true answers at least one with yes.

    () when there is no such contact, None when nothing is known. ``usable`` says which questions are of use.
    """
    return _Finder(rule, usable).find(rule.tree, {}, negated=False)


class _Finder:
    """Looks for the questions of one rule, parts of loops included."""

    def __init__(self, rule: CheckedRule, usable: Callable[[NecessaryTest], bool]) -> None:
        self._rule = rule
        self._usable = usable
        self._values = ValueTests(rule)
        self._found: dict[tuple[int, bool], Tests | None] = {}

    def find(self, node: Node, loops: Loops, *, negated: bool) -> Tests | None:
        """Return the questions for a part, or for its negation, being true or raising."""
        key = (node.index, negated)
        if key not in self._found:  # a choice asks its condition twice, and so do the choices in it
            self._found[key] = self._find(node, loops, negated=negated)
        return self._found[key]

    def _find(self, node: Node, loops: Loops, *, negated: bool) -> Tests | None:
        match node:
            case Not(operand=operand) if not isinstance(node, Minus):
                return self.find(operand, loops, negated=not negated)
            case Logic():
                if (node.operator == "and") != negated:
                    return self._all([(part, negated) for part in node.operands], loops)
                return self._any([self.find(part, loops, negated=negated) for part in node.operands])
            case Ternary():
                return self._ternary(node, loops, negated=negated)
            case Constant():
                return None if bool(node.value) != negated else ()
            case _:
                choices = (self._members(node, loops, negated=negated), self._values.find(node, loops, negated=negated))
                return rarest(map(self._kept, choices))

    def _members(self, node: Node, loops: Loops, *, negated: bool) -> Tests | None:
        """Return the questions for a part that needs a code, or a member of a collection."""
        match node:
            case Equality():
                choices = (
                    self._flag_equality(node, loops, negated=negated),
                    self._counted(node, loops, negated=negated),
                )
                return rarest(choices)
            case Order():
                return self._counted(node, loops, negated=negated)
            case Contains() if not negated:
                return self._contained(node, loops)
            case Call(function=Builtin(name="any" | "all" as name)) if negated == (name == "all"):
                return self._quantified(node.arguments[0], loops, negated=negated)
            case Attribute(name="is_empty") if negated:
                return self._some_of(node.target, loops)
            case Name() | Comprehension() if not negated:
                return self._some_of(node, loops)
            case _:
                return None

    def _type(self, node: Node) -> StaticType:
        return type_of(self._rule, node)

    def _is_total(self, node: Node) -> bool:
        return is_total(node, self._type)

    def _kept(self, tests: Tests | None) -> Tests | None:
        return tests if tests is not None and all(map(self._usable, tests)) else None

    def _all(self, parts: Sequence[tuple[Node, bool]], loops: Loops) -> Tests | None:
        """Return the rarest of the questions of parts that must all be true, up to the first that may raise."""
        found: list[Tests | None] = []
        for part, negated in parts:
            found.append(self.find(part, loops, negated=negated))
            if not self._is_total(part):
                break
        return rarest(found)

    def _any(self, choices: Sequence[Tests | None]) -> Tests | None:
        tests = united(choices)
        return tests if tests is not None and len(tests) <= _ALTERNATIVES_MAX else None

    def _ternary(self, node: Ternary, loops: Loops, *, negated: bool) -> Tests | None:
        chosen = self._all([(node.condition, False), (node.positive, negated)], loops)
        rejected = self._all([(node.condition, True), (node.negative, negated)], loops)
        return self._any([chosen, rejected])

    def _flag_equality(self, node: Equality, loops: Loops, *, negated: bool) -> Tests | None:
        """Read ``condition == true`` as the condition itself."""
        for part, other in ((node.left, node.right), (node.right, node.left)):
            found, answer = self._type(part), literal(other)
            if found.kind is Kind.BOOLEAN and not found.nullable and isinstance(answer, bool):
                return self.find(part, loops, negated=negated != (answer != (node.operator == "==")))
        return None

    def _counted(self, node: Equality | Order, loops: Loops, *, negated: bool) -> Tests | None:
        """Read a comparison that does not hold for no members as one that needs a member."""
        for part, other, flipped in ((node.left, node.right, False), (node.right, node.left, True)):
            value = literal(other)
            many = self._counted_list(part)
            if many is None or type(value) is not Decimal:
                continue
            pair = (value, Decimal(0)) if flipped else (Decimal(0), value)
            if COMPARISONS[node.operator](*pair) == negated:
                return self._some_of(many, loops)
        return None

    def _counted_list(self, node: Node) -> Node | None:
        match node:
            case Attribute(name="length") if self._type(node.target).kind is Kind.LIST:
                return node.target
            case Call(function=Builtin(name="sum"), arguments=(Comprehension() as summed,)):
                return summed
            case _:
                return None

    def _contained(self, node: Contains, loops: Loops) -> Tests | None:
        container, member = node.container, node.member
        if not isinstance(container, Name | Comprehension) or not self._is_total(member):
            return None
        value = literal(member)
        if isinstance(container, Comprehension):
            return self._exists(container, loops, equals=value)
        if value is UNKNOWN or container.name in loops or container.name not in self._rule.vocabulary.code_sets:
            return self._some_of(container, loops)
        codes = frozenset([value] if isinstance(value, str) else [])
        return (NecessaryTest(NecessaryKind.HAS_CODE, container.name, codes),) if codes else ()

    def _quantified(self, argument: Node, loops: Loops, *, negated: bool) -> Tests | None:
        if isinstance(argument, Comprehension):
            return self._exists(argument, loops, result=(argument.result, negated))
        return self._some_of(argument, loops)

    def _some_of(self, many: Node, loops: Loops) -> Tests | None:
        """Return the questions for a list that is not empty."""
        if isinstance(many, Comprehension):
            return self._exists(many, loops)
        if not isinstance(many, Name) or many.name in loops or self._type(many).kind is not Kind.LIST:
            return None
        return self._kept((NecessaryTest(NecessaryKind.NOT_EMPTY, many.name),))

    def _exists(
        self,
        loop: Comprehension,
        loops: Loops,
        *,
        result: tuple[Node, bool] | None = None,
        equals: object = UNKNOWN,
    ) -> Tests | None:
        """Return the questions for a member that passes, and whose result is true (or is not), or is a value."""
        if not isinstance(loop.iterable, Name) or loop.iterable.name in loops:
            return None
        inner = {loop.variable: loop.iterable.name, **loops}
        parts = [] if loop.condition is None else [(loop.condition, False)]
        choices = [self._some_of(loop.iterable, loops), self._all([*parts, *([result] if result else [])], inner)]
        if equals is not UNKNOWN and all(map(self._is_total, loop.children()[1:])):
            choices.append(self._kept(self._values.equal_to(loop.result, [equals], inner)))
        return rarest(choices)

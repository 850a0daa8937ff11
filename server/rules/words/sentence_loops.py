"""The loops of a rule as English: "interactions of template MEETING since 1 January 2026"."""

from collections.abc import Callable, Iterable

from server.rules.language.symbols import ValueType
from server.rules.language.tree import (
    Attribute,
    Builtin,
    Call,
    Comprehension,
    Constant,
    DateConstant,
    Equality,
    Logic,
    Name,
    Node,
    Not,
    Order,
    Ternary,
)
from server.rules.words.sentence_nouns import Nouns, Scope
from server.rules.words.wording import singular, with_article, words

_AGGREGATES = {"sum": "total", "max": "highest", "min": "lowest"}
_SINCE = {">=": "since", ">": "after", "<": "before", "<=": "until"}
_LONG = ("whose", "for which", "and whose", "and for which")
_COUNTS = {
    "<": "fewer than {}",
    "<=": "at most {}",
    ">": "more than {}",
    ">=": "at least {}",
    "==": "exactly {}",
}


class Loops:
    """Writes the loops of one rule; ``clause`` writes a condition without brackets."""

    def __init__(self, nouns: Nouns, clause: Callable[[Node, Scope], str]) -> None:
        self._nouns = nouns
        self._clause = clause

    def counted(self, many: Node, operator: str, number: str, scope: Scope, *, negated: bool) -> str:
        """Return "it has at least 3 interactions since …": a number of members against another number."""
        who = self._nouns.subject(scope)
        members = self.members(many, scope, one=number == "1")
        return f"{who} {'does not have' if negated else 'has'} {_COUNTS[operator].format(number)} {members}"

    def some(self, many: Node, scope: Scope, *, negated: bool, extra: Iterable[Node] = ()) -> str:
        """Return "it has an interaction …", or that it has none; ``extra`` are conditions beside the loop's own."""
        who = self._nouns.subject(scope)
        members = self.members(many, scope, extra=extra, one=True, article=not negated)
        return f"{who} has {'no ' if negated else ''}{members}"

    def every(self, loop: Comprehension, scope: Scope, *, negated: bool) -> str:
        """Return "every one of its interactions since … is one whose …"."""
        word = "not every one" if negated else "every one"
        inner = self._inner(loop, scope)
        return f"{word} of {self.of_members(loop, scope)} is one{self._restriction([loop.result], inner)}"

    def of_members(self, loop: Comprehension, scope: Scope) -> str:
        """Return "its interactions since …"."""
        return f"{self._nouns.of_contact(scope)} {self.members(loop, scope)}"

    def among(self, member: str, loop: Comprehension, scope: Scope, *, negated: bool) -> str:
        """Return "MEETING is the template of one of its interactions"."""
        many = "none" if negated else "one"
        inner = self._inner(loop, scope)
        if self._is_own(loop.result, inner):
            what = self._member_words(loop.result, inner)
            return f"{member} is the {what} of {many} of {self.of_members(loop, scope)}"
        made = self._nouns.operand(loop.result, inner)
        return f"{member} is {made} for {many} of {self.of_members(loop, scope)}"

    def aggregate(self, function: str, loop: Comprehension, scope: Scope) -> str:
        """Return "the total cost of its interactions since …"."""
        word, inner = _AGGREGATES[function], self._inner(loop, scope)
        if self._is_own(loop.result, inner):
            return f"the {word} {self._member_words(loop.result, inner)} of {self.of_members(loop, scope)}"
        made = self._nouns.operand(loop.result, inner)
        return f"the {word} of {made} for each of {self.of_members(loop, scope)}"

    def listed(self, loop: Comprehension, scope: Scope) -> str:
        """Return the list that a loop makes."""
        made = self._nouns.operand(loop.result, self._inner(loop, scope))
        return f"the list of {made} for each of {self.of_members(loop, scope)}"

    def noun(self, node: Comprehension | Call, scope: Scope) -> str:
        """Return a value that a loop makes: a list, or the sum, the largest or the smallest of one."""
        match node:
            case Call(function=Builtin(name=name), arguments=(Comprehension() as loop,)):
                return self.aggregate(name, loop, scope)
            case Comprehension():
                return self.listed(node, scope)
            case _:
                msg = "not made by a loop"
                raise TypeError(msg)

    def is_plain(self, loop: Comprehension) -> bool:
        """Whether a loop keeps its members as they are, so that only their number counts."""
        result = loop.result
        return isinstance(result, Name | Constant | DateConstant) or self._nouns.symbol(result) is not None

    def restriction(self, loop: Comprehension, conditions: Iterable[Node], scope: Scope) -> str:
        """Return conditions on a member of a loop, each after a blank: " of template MEETING whose cost is 5"."""
        return self._restriction(conditions, self._inner(loop, scope))

    def members(
        self, many: Node, scope: Scope, *, extra: Iterable[Node] = (), one: bool = False, article: bool = False
    ) -> str:
        """Return "interactions of template MEETING": what is counted, with the conditions on it."""
        noun = self._noun(many)
        noun = singular(noun) if one else noun
        noun = with_article(noun) if article else noun
        if not isinstance(many, Comprehension):
            return noun
        conditions = [*([] if many.condition is None else [many.condition]), *extra]
        return noun + self._restriction(conditions, self._inner(many, scope))

    def _noun(self, many: Node) -> str:
        over = many.iterable if isinstance(many, Comprehension) else many
        return words(over.name) if isinstance(over, Name) else "items"

    def _inner(self, loop: Comprehension, scope: Scope) -> Scope:
        return scope.inside(loop.variable, singular(self._noun(loop)))

    def _restriction(self, conditions: Iterable[Node], inner: Scope) -> str:
        """Return the conditions on a member: " of template MEETING since 1 January 2026 whose cost is more than 5"."""
        parts = [part for condition in conditions for part in _conjuncts(condition)]
        said: list[str] = []
        for part in parts:
            short = self._short(part, inner) or self._long(part, inner)
            if said and said[-1].startswith(_LONG):
                short = f"and {short}"
            said.append(short)
        return "".join(f" {part}" for part in said)

    def _long(self, part: Node, inner: Scope) -> str:
        """Return a condition on a member as ``whose cost is more than 5``, or as ``for which (…)``."""
        clause = self._clause(part, inner)
        if clause.startswith("its "):
            return f"whose {clause[4:]}"
        bracketed = isinstance(part, Logic | Ternary)
        return f"for which {clause}" if bracketed else f"for which ({clause})"

    def _short(self, part: Node, inner: Scope) -> str | None:
        """Return ``of template MEETING``, ``marked "canceled"``, ``since 1 January 2026``; None for anything else."""
        negated = type(part) is Not
        tested = part.operand if type(part) is Not else part
        match tested:
            case Attribute() if self._is_own(tested, inner) and self._type(tested) is ValueType.BOOLEAN:
                return f'{"not " if negated else ""}marked "{words(tested.name)}"'
            case Equality(left=Attribute() as left, right=Constant(value=str() as code)) if code:
                if self._is_own(left, inner) and self._type(left) is ValueType.CODE:
                    different = negated is (tested.operator == "==")
                    named = f"{self._member_words(left, inner)} {self._nouns.noun(tested.right, inner)}"
                    return f"not of {named}" if different else f"of {named}"
            case Order(left=Attribute(name="on") as left, right=DateConstant() as day) if not negated:
                if self._is_own(left, inner) and self._type(left) is ValueType.DATE:
                    return f"{_SINCE[tested.operator]} {self._nouns.noun(day, inner)}"
        return None

    def _type(self, node: Node) -> ValueType | None:
        symbol = self._nouns.symbol(node)
        return None if symbol is None else symbol.type

    def _is_own(self, node: Node, inner: Scope) -> bool:
        """Whether a part of a loop's body is a value of the loop's own member."""
        if not (isinstance(node, Attribute) and isinstance(node.target, Name) and self._nouns.symbol(node)):
            return False
        return inner.level(node.target.name) == len(inner.loops) - 1 and not node.safe

    def _member_words(self, node: Node, inner: Scope) -> str:
        return self._nouns.symbol_noun(node, inner).removeprefix("its ")


def _conjuncts(condition: Node) -> tuple[Node, ...]:
    return condition.operands if isinstance(condition, Logic) and condition.operator == "and" else (condition,)

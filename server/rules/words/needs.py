"""What would have to change for a rule to come out otherwise for a contact.

``and``, ``or``, ``not`` and ``c ? a : b`` are taken apart; what is left are comparisons. Parts that were not reached
count too: they are evaluated to know whether they would stand in the way.
"""

from collections.abc import Iterator

from server.rules.language.tree import (
    Comprehension,
    Constant,
    Contains,
    Equality,
    Logic,
    Match,
    Node,
    Not,
    Order,
    Ternary,
    walk,
)
from server.rules.words.conditions import Conditions
from server.rules.words.failure_words import why_it_fails
from server.rules.words.loop_words import LoopWords
from server.rules.words.need_words import NeedWords
from server.rules.words.observation import Observation
from server.rules.words.ways import All, Condition, Either, Formula, changes
from server.rules.words.wording import singular

_WAYS = 4
_CONDITIONS = (Logic, Not, Ternary, Equality, Order, Contains, Match)


class Needs:
    """Finds the changes for one rule and one contact."""

    def __init__(
        self, tree: Node, observation: Observation, conditions: Conditions, words: NeedWords, loops: LoopWords
    ) -> None:
        self._tree = tree
        self._seen = observation
        self._conditions = conditions
        self._words = words
        self._loops = loops
        self._outermost = {node.index: node for node in walk(tree) if isinstance(node, Comprehension)}

    def of_rule(self) -> list[str]:
        """Return, each a sentence part, everything that has to change for the rule's outcome to turn.

        For a rule that raises: why and where. Empty where no change of the contact is known that turns it.
        """
        if self._tree.index in self._seen.failures:
            return [self.failure(self._tree)]
        need = changes(self._formula(self._tree, want=not self._seen.values[self._tree.index]))
        return [] if need is None else list(self._flat(need))

    def of_part(self, node: Node) -> str | None:
        """Return what would turn a comparison that was evaluated, by itself; None where nothing would."""
        need = changes(self._formula(node, want=not self._seen.values[node.index]))
        return None if need is None else self._inline(need)

    def _formula(self, node: Node, *, want: bool) -> Formula:
        """Return when a part is ``want``, as conditions on subjects."""
        self._seen.imagine(node)
        if node.index in self._seen.failures:
            return self._conditions.failing(node, self.failure(node))
        match node:
            case Logic():
                parts = tuple(self._formula(operand, want=want) for operand in node.operands)
                return All(parts) if want is (node.operator == "and") else Either(parts)
            case Not() if is_negation(node):
                return self._formula(node.operand, want=not want)
            case Ternary():
                return self._case(node, want=want)
            case Equality():
                tested = self.tested(node)
                if tested is not None:
                    return self._formula(tested[0], want=tested[1] is want)
        return self._conditions.of(node, want=want)

    def tested(self, node: Equality) -> tuple[Node, bool] | None:
        """Return the condition in ``condition == true`` and its like, and which truth of it makes ``node`` true."""
        for part, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(other, Constant) and isinstance(other.value, bool) and isinstance(part, _CONDITIONS):
                held = self._seen.values.get(part.index)
                return (part, other.value is (node.operator == "==")) if isinstance(held, bool) else None
        return None

    def failure(self, node: Node) -> str:
        """Return why and where a part fails."""
        failure = self._seen.failures[node.index]
        where = ""
        if failure.member is not None:
            loop = self._outermost[self._seen.inside[failure.origin.index]]
            where = f" for {singular(self._loops.noun(loop))} {failure.member} of {self._loops.total(loop)}"
        return f"{self._words.source(failure.origin)} fails{where}: {why_it_fails(failure)}"

    def _case(self, node: Ternary, *, want: bool) -> Formula:
        """Return how to change the chosen case, or else to choose the other where that is as wanted."""
        holds = bool(self._seen.values[node.condition.index])
        chosen, other = (node.positive, node.negative) if holds else (node.negative, node.positive)
        ways = [All((self._formula(node.condition, want=holds), self._formula(chosen, want=want)))]
        if any(isinstance(part, Ternary) for part in walk(node.condition)):
            return ways[0]  # both outcomes of choices in conditions of choices would be told twice for each level
        self._seen.imagine(other)
        if other.index in self._seen.values and bool(self._seen.values[other.index]) is want:
            ways.append(All((self._formula(node.condition, want=not holds), self._formula(other, want=want))))
        return Either(tuple(ways))

    def _flat(self, need: Formula) -> Iterator[str]:
        match need:
            case All():
                for part in need.parts:
                    yield from self._flat(part)
            case Condition():
                yield from self._words.say(need)
            case Either():
                yield self._inline(need)

    def _inline(self, need: Formula) -> str:
        match need:
            case Either():
                ways = [self._bracketed(way) for way in need.ways[:_WAYS]]
                more = [f"{len(need.ways) - _WAYS} other ways"] if len(need.ways) > _WAYS else []
                return "either " + ", or ".join([*ways, *more])
            case All():
                return ", and ".join(self._bracketed(part) for part in need.parts)
            case Condition():
                return ", and ".join(self._words.say(need))

    def _bracketed(self, need: Formula) -> str:
        text = self._inline(need)
        is_one = isinstance(need, Condition) and len(self._words.say(need)) == 1
        return text if is_one else f"({text})"


def is_negation(node: Not) -> bool:
    """Whether it is ``not x``; ``-x`` has the same shape."""
    return type(node) is Not

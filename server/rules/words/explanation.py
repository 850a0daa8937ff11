"""Why a contact is in, or not: the rule as a tree, each part with what it came to for this contact."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from server.clock import Moment
from server.errors import TextRange
from server.rules.language.check import CheckedRule
from server.rules.language.engine import Member
from server.rules.language.node_kinds import NodeKind, node_kind
from server.rules.language.tree import (
    Attribute,
    Comprehension,
    Constant,
    DateConstant,
    Equality,
    ListOf,
    Logic,
    Minus,
    Name,
    Node,
    Not,
    Ternary,
    walk,
)
from server.rules.one_contact.evaluator import Verdict
from server.rules.words.conditions import Conditions
from server.rules.words.failure_words import why_it_fails
from server.rules.words.loop_words import LoopWords
from server.rules.words.need_words import NeedWords
from server.rules.words.needs import Needs, is_negation
from server.rules.words.observation import Observation
from server.rules.words.shown_values import ShownValues

_MEMBERS_SHOWN = 3
_NOTHING = object()


class Outcome(StrEnum):
    """What a part of a rule came to for one contact."""

    TRUE = "TRUE"
    FALSE = "FALSE"
    VALUE = "VALUE"
    RAISES = "RAISES"
    NOT_REACHED = "NOT_REACHED"
    PER_MEMBER = "PER_MEMBER"


@dataclass(frozen=True, slots=True)
class ExplainedMember:
    """One member of a collection that a loop walked.

    Attributes:
        position: from 1, in the order of the collection.
        counts: whether it passed the loop's condition; None where that could not be told.
        values: what the loop reads of it, as (name, literal); a code has no name.
        result: the literal of what the loop makes of it, for a member that counts; None where it has none.
    """

    position: int
    counts: bool | None
    values: tuple[tuple[str, str], ...]
    result: str | None


@dataclass(frozen=True, slots=True)
class ExplainedNode:
    """One part of a rule, explained.

    Attributes:
        index: its place in ``Explanation.nodes``.
        parent: the place of the part it belongs to; None for the whole.
        depth: 0 for the whole.
        value: the literal of its value, long ones shortened; None where it has none or none that can be written.
        deciding: whether it is one of the comparisons that make the rule what it is for this contact.
        message: for a deciding part what would have to change to turn it by itself, for one that raises why, for a
            loop what it did.
        members: up to three of the members that a loop walked, those that count first.
    """

    index: int
    parent: int | None
    depth: int
    place: TextRange
    kind: NodeKind
    outcome: Outcome
    value: str | None
    deciding: bool
    message: str | None
    members: tuple[ExplainedMember, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a rule is what it is for one contact.

    Attributes:
        verdict: what ``Evaluator.decide`` says.
        nodes: the parts, each before the parts inside it; at most 400. Literals in a list are not told one by one.
        needs: everything that would have to change for the verdict to turn, empty where no such change is known; why
            and where where it is UNDECIDED.
    """

    verdict: Verdict
    nodes: tuple[ExplainedNode, ...]
    needs: tuple[str, ...]


def explain_rule(rule: CheckedRule, moment: Moment, values: Mapping[str, Any]) -> Explanation:
    """Return why the rule is true, false or undecided for a contact.

    ``values`` are those that ``Evaluator.decide`` takes. Raises: KeyError when a used name is missing.
    """
    return _Explainer(rule, moment, values).explanation()


class _Explainer:
    """Explains one rule for one contact."""

    def __init__(self, rule: CheckedRule, moment: Moment, values: Mapping[str, Any]) -> None:
        self._rule = rule
        self._seen = Observation(rule, moment, values)
        self._shown = ShownValues(moment)
        self._loops = LoopWords(rule, self._seen, self._shown)
        words = NeedWords(rule, self._seen, self._shown, self._loops)
        conditions = Conditions(rule, moment, self._seen, words.of)
        self._needs = Needs(rule.tree, self._seen, conditions, words, self._loops)
        self._conditions = _conditions(rule.tree)
        self._deciding = {node.index for node in self._deciders(rule.tree)}

    def explanation(self) -> Explanation:
        tree = self._rule.tree
        nodes: list[ExplainedNode] = []
        self._add(tree, None, 0, nodes)
        if tree.index in self._seen.failures:
            verdict = Verdict.UNDECIDED
        else:
            verdict = Verdict.TRUE if self._seen.values[tree.index] else Verdict.FALSE
        return Explanation(verdict, tuple(nodes), tuple(self._needs.of_rule()))

    def _add(self, node: Node, parent: int | None, depth: int, nodes: list[ExplainedNode]) -> None:
        """Append a node and the nodes in it; the depth of a rule is limited."""
        index = len(nodes)
        nodes.append(
            ExplainedNode(
                index=index,
                parent=parent,
                depth=depth,
                place=TextRange.of(self._rule.text, node.offset, node.length),
                kind=node_kind(node),
                outcome=self._outcome(node),
                value=self._value(node),
                deciding=node.index in self._deciding,
                message=self._message(node),
                members=tuple(self._members(node)),
            )
        )
        for part in node.children():
            if not (isinstance(node, ListOf) and _is_literal(part)):
                self._add(part, index, depth + 1, nodes)

    def _outcome(self, node: Node) -> Outcome:
        if node.index in self._seen.raised:
            return Outcome.RAISES
        if self._seen.inside.get(node.index, node.index) not in self._seen.reached:
            return Outcome.NOT_REACHED
        if node.index in self._seen.inside:
            return Outcome.PER_MEMBER
        value = self._seen.values[node.index]
        if isinstance(value, bool) or node.index in self._conditions:
            return Outcome.TRUE if value else Outcome.FALSE
        return Outcome.VALUE

    def _value(self, node: Node) -> str | None:
        if node.index not in self._seen.reached or node.index in self._seen.raised:
            return None
        return self._shown.literal(self._seen.values[node.index])

    def _message(self, node: Node) -> str | None:
        if node.index in self._seen.raised:
            failure = self._seen.failures[node.index]
            return why_it_fails(failure) if failure.origin is node else None
        if node.index in self._deciding:
            return self._needs.of_part(node) or "the same for every contact"
        if isinstance(node, Comprehension) and node.index in self._seen.reached:
            return self._loops.count(node)
        return None

    def _deciders(self, node: Node) -> Iterator[Node]:
        """Yield the comparisons that decide: of a chain the operand that ended it, or all where none did."""
        if node.index in self._seen.failures:
            yield self._seen.failures[node.index].origin
            return
        match node:
            case Logic():
                reached = [operand for operand in node.operands if operand.index in self._seen.values]
                ended = bool(self._seen.values[node.index]) is (node.operator == "or")
                parts: list[Node] = reached[-1:] if ended else reached
            case Not() if is_negation(node):
                parts = [node.operand]
            case Ternary():
                parts = [node.condition, node.positive if self._seen.values[node.condition.index] else node.negative]
            case Equality():
                tested = self._needs.tested(node)
                parts = [] if tested is None else [tested[0]]
            case _:
                parts = []
        if not parts:
            yield node
        for part in parts:
            yield from self._deciders(part)

    def _members(self, node: Node) -> Iterator[ExplainedMember]:
        """Yield some members of a loop, those that count first."""
        if not isinstance(node, Comprehension) or node.index not in self._seen.reached & self._seen.loops.keys():
            return
        if node.iterable.index not in self._seen.values:
            return
        members = self._seen.values[node.iterable.index]
        run = self._seen.loops[node.index]
        places = sorted(range(len(members)), key=lambda place: not (place < len(run.passes) and run.passes[place]))
        read = {part.name: None for part in walk(node) if _is_of(part, node.variable) and isinstance(part, Attribute)}
        for place in places[:_MEMBERS_SHOWN]:
            counts = run.passes[place] if place < len(run.passes) else None
            before = sum(run.passes[:place])
            result = run.results[before] if counts and before < len(run.results) else _NOTHING
            yield ExplainedMember(
                position=place + 1,
                counts=counts,
                values=tuple(self._read(members[place], read)),
                result=None if result is _NOTHING else self._shown.literal(result),
            )

    def _read(self, member: Any, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield the values of these names; of a code the code itself."""
        values = {name: member.values.get(name) for name in names} if isinstance(member, Member) else {"": member}
        for name, value in values.items():
            literal = self._shown.literal(value)
            if literal is not None:
                yield name, literal


def _conditions(tree: Node) -> set[int]:
    """Return the node indexes of the parts whose truth counts, not their value: the whole, and what logic joins."""
    found = {tree.index}
    for node in walk(tree):  # parents first
        match node:
            case Logic() | Not() if not isinstance(node, Minus):
                found.update(part.index for part in node.children())
            case Ternary():
                found.add(node.condition.index)
                if node.index in found:
                    found |= {node.positive.index, node.negative.index}
    return found


def _is_literal(node: Node) -> bool:
    literal = node.operand if isinstance(node, Minus) else node
    return isinstance(literal, Constant | DateConstant)


def _is_of(part: Node, variable: str) -> bool:
    """Whether it is an attribute of a loop variable."""
    return isinstance(part, Attribute) and isinstance(part.target, Name) and part.target.name == variable

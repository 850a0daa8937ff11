"""One evaluation of a rule for one contact, watched part by part.

rule-engine evaluates, not we: every expression that it built notes what it came to. What is noted is therefore what
was evaluated, in rule-engine's own order, and a part that says nothing was not reached.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from server.clock import Moment
from server.rules.language.check import CheckedRule
from server.rules.language.engine import Member, is_literal
from server.rules.language.tree import Coalesce, Comprehension, Item, Logic, Node, Slice, Ternary, walk
from server.rules.one_contact.evaluator import Evaluator


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a part has no value.

    Attributes:
        origin: the innermost part that failed.
        operands: the values of its direct parts by node index, as far as they were evaluated.
        member: 1-based number of the member in the outermost loop around it; None outside of loops.
    """

    origin: Node
    error: Exception
    operands: Mapping[int, Any]
    member: int | None


@dataclass(slots=True)
class LoopRun:
    """What a loop did.

    Attributes:
        started: rounds begun; each is for one member, in order.
        passes: whether the member passed the condition, for each round whose condition was evaluated.
        results: of the members that passed, in order.
    """

    started: int = 0
    passes: list[bool] = field(default_factory=list)
    results: list[Any] = field(default_factory=list)


class Observation:
    """What one rule did for one contact.

    Attributes:
        values: by node index, of the parts outside of loops that were evaluated.
        failures: by node index, of the parts that failed, those around the origin included.
        loops: by node index, of the loops that stand in no other loop.
        inside: of what is evaluated once for each member of a loop: its node index → that of the outermost loop.
        reached: the node indexes that the rule's own evaluation reached; ``imagine`` adds none.
        raised: those of them that failed.
    """

    def __init__(self, rule: CheckedRule, moment: Moment, values: Mapping[str, Any]) -> None:
        """Evaluate; raises KeyError when a used name is missing."""
        self.values: dict[int, Any] = {}
        self.failures: dict[int, Failure] = {}
        self.loops: dict[int, LoopRun] = {}
        self.inside: dict[int, int] = {}
        evaluator = Evaluator(rule, moment)
        self._built = evaluator.built
        self._given = evaluator.prepared(values)
        self._running: LoopRun | None = None
        self._noting = True
        self._failure: Failure | None = None
        self._watch(rule.tree)
        self._evaluate(rule.tree)
        self.raised = frozenset(self.failures)
        self.reached = self.raised | self.values.keys()

    def knows(self, node: Node) -> bool:
        """Whether the part was evaluated, by the rule or by ``imagine``, to a value or a failure."""
        return node.index in self.values or node.index in self.failures

    def imagine(self, node: Node) -> None:
        """Evaluate a part outside of loops that was not reached, to tell what it would have come to."""
        if node.index not in self.inside and not self.knows(node):
            self._evaluate(node)

    def would(self, node: Node, name: str, value: Any) -> bool | None:
        """Return the truth of a part outside of loops were one symbol's value another; None where it failed."""
        owner, _, member = name.partition(".")
        changed = Member({**self._given[owner].values, member: value}) if member else value
        noted = self.values, self.failures, self.loops, self._running, self._failure
        self.values, self.failures, self.loops = {}, {}, {}
        try:
            return bool(self._built.evaluate_part(node, {**self._given, owner: changed}))
        except Exception:  # noqa: BLE001 - a rule may raise anything
            return None
        finally:
            self.values, self.failures, self.loops, self._running, self._failure = noted

    def _evaluate(self, node: Node) -> None:
        self._failure = None
        self._running = None
        try:
            self._built.evaluate_part(node, self._given)
        except Exception as error:  # noqa: BLE001 - noted where it arose
            self.failures.setdefault(node.index, Failure(node, error, {}, None))
        self._settle(node)

    def _watch(self, tree: Node) -> None:
        """Make every expression note its values; where rule-engine chose a case at once, two nodes share one."""
        sharing: dict[int, list[Node]] = {}
        expressions: dict[int, Any] = {}
        loops: list[Comprehension] = []
        for node in walk(tree):
            expression = self._built.expressions[node.index]
            sharing.setdefault(id(expression), []).append(node)
            expressions[id(expression)] = expression
            if isinstance(node, Comprehension) and node.index not in self.inside:
                loops.append(node)
                self.inside.update((part.index, node.index) for body in node.children()[1:] for part in walk(body))
        for key, nodes in sharing.items():
            expressions[key].evaluate = self._watched(expressions[key].evaluate, nodes)
        for loop in loops:
            self._watch_rounds(loop)

    def _watched(self, evaluate: Callable[[Any], Any], nodes: list[Node]) -> Callable[[Any], Any]:
        outside = [node.index for node in nodes if node.index not in self.inside]

        def watched(thing: Any) -> Any:
            try:
                value = evaluate(thing)
            except Exception as error:
                if self._noting:
                    self._note_failure(nodes, error, thing)
                raise
            for index in outside:
                self.values[index] = value
            return value

        return watched

    def _watch_rounds(self, loop: Comprehension) -> None:
        """Count the rounds of a loop that stands in no other."""
        whole, result = (self._built.expressions[part.index] for part in (loop, loop.result))
        condition = None if loop.condition is None else self._built.expressions[loop.condition.index]
        run, keep, test = whole.evaluate, result.evaluate, None if condition is None else condition.evaluate

        def watched_run(thing: Any) -> Any:
            self._running = self.loops[loop.index] = LoopRun()
            value = run(thing)
            self._running = None
            return value

        def watched_test(thing: Any) -> Any:
            counted = self.loops[loop.index]
            counted.started += 1
            value = test(thing) if test is not None else True
            counted.passes.append(bool(value))
            return value

        def watched_keep(thing: Any) -> Any:
            if test is None:
                watched_test(thing)
            value = keep(thing)
            self.loops[loop.index].results.append(value)
            return value

        whole.evaluate, result.evaluate = watched_run, watched_keep
        if condition is not None:
            condition.evaluate = watched_test

    def _note_failure(self, nodes: list[Node], error: Exception, thing: Any) -> None:
        """Note a failure where it arises; the parts around it pass the same error on."""
        if self._failure is None or self._failure.error is not error:
            origin = nodes[-1]
            self._noting = False
            operands = {part.index: value for part in origin.children() for value in self._operand(part, thing)}
            self._noting = True
            member = self._running.started if self._running is not None and origin.index in self.inside else None
            self._failure = Failure(origin, error, operands, member)
        for node in nodes:
            self.failures[node.index] = self._failure

    def _operand(self, part: Node, thing: Any) -> list[Any]:
        """Return the value of a part of what has just failed, in the same round of the same loop; [] for none."""
        if part.index not in self.inside:
            return [self.values[part.index]] if part.index in self.values else []
        try:
            return [self._built.expressions[part.index].evaluate(thing)]
        except Exception:  # noqa: BLE001 - it may be what was not evaluated
            return []

    def _settle(self, node: Node) -> None:
        """Note the values inside constants, which rule-engine has folded, as far as they decide."""
        if node.index in self.inside or not self.knows(node):
            return
        may_be_folded = node.index in self.values or isinstance(node, Logic | Ternary | Coalesce)
        for part in self._parts(node):
            if not self.knows(part):
                folded = may_be_folded and is_literal(self._built.expressions[part.index])
                if not folded or part.index in self.inside:
                    return
                self._built.evaluate_part(part, {})
            self._settle(part)

    def _parts(self, node: Node) -> Iterator[Node]:
        """Yield the direct parts in the order of evaluation until one decides."""
        match node:
            case Logic():
                for operand in node.operands:
                    yield operand
                    failed = operand.index not in self.values
                    if failed or bool(self.values[operand.index]) is (node.operator == "or"):
                        return
            case Ternary():
                yield node.condition
                if node.condition.index in self.values:
                    yield node.positive if self.values[node.condition.index] else node.negative
            case Coalesce(left=first) | Item(container=first) | Slice(container=first):
                yield first
                known = first.index in self.values
                if known and (self.values[first.index] is None) is isinstance(node, Coalesce):
                    yield from node.children()[1:]
            case _:
                yield from node.children()

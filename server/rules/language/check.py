"""Whether a rule makes sense, and if not, everything that is wrong with it.

rule-engine's own second phase is the judge: a rule is good when rule-engine builds all of it with the declared types.
What it objects to is told with its place and in words that say what to write instead.
"""

import decimal
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

from server.clock import Moment
from server.errors import ErrorCode, RuleError
from server.rules.language.comparisons import comparison_problems
from server.rules.language.constant_conditions import condition_problems
from server.rules.language.convert import Converter
from server.rules.language.engine import ATTRIBUTES, RuleContext, static_type
from server.rules.language.mending import mended, mended_parts
from server.rules.language.names import named_symbols
from server.rules.language.objections import Objections
from server.rules.language.parameters import FilledRule
from server.rules.language.rewrites import in_parentheses, objection
from server.rules.language.symbols import Vocabulary
from server.rules.language.syntax import build, parse
from server.rules.language.tree import (
    Attribute,
    Builtin,
    Comprehension,
    Constant,
    Item,
    Kind,
    Name,
    Node,
    StaticType,
    walk,
)

LANGUAGE_VERSION = "5.1"
_ANY_MOMENT = Moment(datetime(2000, 1, 1, tzinfo=UTC))
_UNKNOWN = StaticType(Kind.UNKNOWN)


@dataclass(frozen=True, slots=True)
class CheckedRule:
    """A rule that can be stored, compiled and evaluated.

    Attributes:
        text: as typed.
        uses: the names it reads: ``country``, ``attributes.tier``, ``mailing_groups``, ``interactions``, and
            ``interactions.cost`` for what it reads of the members.
        uses_clock: whether its answer can change although no data does.
        language_version: of rule-engine.
        tree: the rule as nodes.
        types: what rule-engine knows about each node's value, by node index.
        vocabulary: what the names mean.
    """

    text: str
    uses: frozenset[str]
    uses_clock: bool
    tree: Node = field(repr=False)
    types: Mapping[int, StaticType] = field(repr=False)
    vocabulary: Vocabulary = field(repr=False)
    language_version: str = LANGUAGE_VERSION


def check_rule(rule: FilledRule | str, vocabulary: Vocabulary) -> CheckedRule:
    """Return the checked rule.

    Raises: RuleError, the first of what ``find_problems`` would return.
    """
    checked, problems = _check(FilledRule.of(rule), vocabulary)
    if checked is None:
        raise problems[0]
    return checked


def check_language(text: str, vocabulary: Vocabulary) -> CheckedRule:
    """Return a rule that means something to rule-engine, even where it compares what is never equal.

    Compiler and evaluator are right for all of these, so that is what their proof is made with; users' rules pass
    ``check_rule``. Raises: RuleError.
    """
    rule, problems = _check(FilledRule.of(text), vocabulary, compares_anything=True)
    if rule is None:
        raise problems[0]
    return rule


def find_problems(rule: FilledRule | str, vocabulary: Vocabulary) -> list[RuleError]:
    """Return everything that is wrong with a text, in the order of the text; [] when it can be used.

    Where it has parameters, all is said of the text as typed.
    """
    return _check(FilledRule.of(rule), vocabulary)[1]


def _check(
    filled: FilledRule, vocabulary: Vocabulary, *, compares_anything: bool = False
) -> tuple[CheckedRule | None, list[RuleError]]:
    context = RuleContext(vocabulary, _ANY_MOMENT)
    text = filled.typed
    try:
        parsed = parse(filled.text, context)
    except RuleError as error:
        error.place = error.place and filled.typed_place(error.place)
        return None, [mended(error, text, context, vocabulary)]
    try:
        converter = Converter(parsed)
        tree = converter.tree()
        with decimal.localcontext(context.decimal_context):
            trace = build(parsed)
    except RuleError as error:
        return None, [error]
    types = {index: static_type(expression) for index, expression in trace.built.items()}
    checked = tree
    if filled.differs:
        converter = Converter(filled.as_typed(parsed))
        tree = converter.tree()
    checker = _Checker(text, vocabulary, types)
    objections = Objections(text, vocabulary, types, named_symbols(tree, vocabulary), tree)
    problems = [*mended_parts(converter.problems, text, vocabulary)]
    problems += [objections.problem(node, failure) for node, failure in _failed(tree, trace.failures)]
    problems += checker.own_problems(tree)
    if not compares_anything:
        problems += comparison_problems(tree, text, vocabulary, types)
        problems += condition_problems(tree, text, types)
    if not problems:
        problems += checker.top_level(tree)
    if problems:
        return None, filled.told(_in_order(problems))
    return CheckedRule(filled.text, frozenset(checker.uses), checker.uses_clock, checked, types, vocabulary), []


def _failed(tree: Node, failures: list[tuple[int, Exception]]) -> list[tuple[Node, Exception]]:
    """Return what failed by itself: a part around one that failed has lost a type and says nothing new."""
    nodes = {node.index: node for node in walk(tree)}
    failed = {index for index, _ in failures}
    found = [(nodes.get(index, tree), error) for index, error in failures]
    return [(node, error) for node, error in found if not any(part.index in failed for part in _inside(node))]


def _inside(node: Node) -> Iterator[Node]:
    return islice(walk(node), 1, None)


def _in_order(problems: Iterable[RuleError]) -> list[RuleError]:
    return sorted(problems, key=lambda problem: problem.place.offset if problem.place else 0)


class _Checker:
    """Adds our objections to those of rule-engine, and collects the names that are used."""

    def __init__(self, text: str, vocabulary: Vocabulary, types: Mapping[int, StaticType]) -> None:
        self.uses: set[str] = set()
        self.uses_clock = False
        self._text = text
        self._vocabulary = vocabulary
        self._types = types

    def _error(self, code: ErrorCode, message: str, node: Node, suggestion: str | None = None) -> RuleError:
        return objection(self._text, code, message, node, suggestion=suggestion)

    def _type(self, node: Node) -> StaticType:
        return self._types.get(node.index, _UNKNOWN)

    def _source(self, node: Node) -> str:
        return self._text[node.offset : node.offset + node.length]

    def own_problems(self, tree: Node) -> list[RuleError]:
        """Return what we refuse although rule-engine would not, and note the names on the way."""
        problems: list[RuleError] = []
        self._visit(tree, {}, problems)
        return problems

    def _visit(self, node: Node, loops: dict[str, str], problems: list[RuleError]) -> None:
        """Walk with the loop variables in scope (variable → collection); the outermost of one name wins."""
        match node:
            case Builtin():
                self.uses_clock |= node.name in {"now", "today"}
            case Attribute(target=Name(name=name)) if name in loops:
                self.uses.add(f"{loops[name]}.{node.name}")
                return
            case Attribute(target=Name(name=name)) if name == ATTRIBUTES:
                self.uses.add(f"{ATTRIBUTES}.{node.name}")
                return
            case Attribute() if self._type(node.target).kind is Kind.OBJECT:
                self.uses.update(f"{name}.{node.name}" for name in self._owners(node, loops))
            case Item(container=Name(name=name), key=Constant()) if name == ATTRIBUTES:
                return  # rule-engine objects, and so do we then
            case Name() if node.name == ATTRIBUTES and ATTRIBUTES not in loops:
                known = [f", as in {name}" for name in self._vocabulary.symbols if name.startswith(f"{ATTRIBUTES}.")]
                message = f"Name the attribute that is meant{min(known, default='')}."
                problems.append(self._error(ErrorCode.RULE_TYPE, message, node))
            case Name() if node.name not in loops:
                self.uses.add(node.name)
            case Comprehension():
                self._visit_loop(node, loops, problems)
                return
        for part in node.children():
            self._visit(part, loops, problems)

    def _owners(self, node: Attribute, loops: Mapping[str, str]) -> Iterator[str]:
        """Yield the collections that an object may come from: ``interactions[0].cost``."""
        for part in walk(node.target):
            name = loops.get(part.name, part.name) if isinstance(part, Name) else ""
            collection = self._vocabulary.collections.get(name)
            if collection is not None and node.name in collection.members:
                yield name

    def _visit_loop(self, node: Comprehension, loops: dict[str, str], problems: list[RuleError]) -> None:
        self._visit(node.iterable, loops, problems)
        over = node.iterable.name if isinstance(node.iterable, Name) else ""
        known = over in self._vocabulary.collections or over in self._vocabulary.code_sets
        if over in loops or (not known and self._type(node.iterable).kind is not Kind.UNKNOWN):
            names = sorted([*self._vocabulary.collections, *self._vocabulary.code_sets])
            message = "A loop runs over a collection of the contact: " + ", ".join(names) + "."
            problems.append(self._error(ErrorCode.RULE_UNSUPPORTED, message, node.iterable))
        inner = {node.variable: over, **loops}
        for part in node.children()[1:]:
            self._visit(part, inner, problems)

    def top_level(self, tree: Node) -> list[RuleError]:
        """Return the objection to a rule that is no condition."""
        found = self._type(tree)
        if found.kind in {Kind.BOOLEAN, Kind.UNKNOWN}:
            return []
        word = in_parentheses(self._text, tree)
        suggestions = {
            Kind.TEXT: f'{word} != ""',
            Kind.NUMBER: f"{word} != 0",
            Kind.LIST: f"$any({self._source(tree)})" if self._asks(tree) else f"not {word}.is_empty",
        }
        suggestion = f"{word} != null" if found.nullable else suggestions.get(found.kind)
        message = f"A rule must be true or false for a contact; this one is {found.kind}."
        return [self._error(ErrorCode.RULE_TYPE, message, tree, suggestion)]

    def _asks(self, node: Node) -> bool:
        """Whether a list is one of answers: a loop over conditions."""
        return isinstance(node, Comprehension) and self._type(node.result).kind is Kind.BOOLEAN


def type_of(rule: CheckedRule, node: Node) -> StaticType:
    """Return what is known about a node's value."""
    return rule.types.get(node.index, _UNKNOWN)

"""Comparisons that rule-engine accepts although they cannot be meant.

Two values of different types are equal only when both are null, and a symbol with a closed list of values is never
anything else; a rule that asks for either selects nobody or, negated, everybody, without a word. Both are refused.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from itertools import islice

from server.errors import ErrorCode, RuleError
from server.rules.language.constant_conditions import as_items, is_alternatives
from server.rules.language.literal_forms import is_parameter, kind_to_send, literal_as
from server.rules.language.names import named_symbols
from server.rules.language.rewrites import Rewrite, objection, rewritten_days, with_parentheses
from server.rules.language.symbols import Symbol, ValueType, Vocabulary
from server.rules.language.tree import (
    Attribute,
    Coalesce,
    Comprehension,
    Constant,
    Contains,
    Equality,
    Kind,
    ListOf,
    Logic,
    Name,
    Node,
    Not,
    StaticType,
    walk,
)

_UNKNOWN = StaticType(Kind.UNKNOWN)
_PROBLEMS_PER_LIST_MAX = 5


def comparison_problems(
    tree: Node, text: str, vocabulary: Vocabulary, types: Mapping[int, StaticType]
) -> list[RuleError]:
    """Return the objections to the comparisons of a rule; where a type is not known there are none."""
    lint = _Lint(text, types, named_symbols(tree, vocabulary), vocabulary)
    problems: list[RuleError] = []
    parents = {part.index: node for node in walk(tree) for part in node.children()}
    for node in walk(tree):
        if isinstance(node, Equality):
            problems += lint.equality(node)
        elif isinstance(node, Contains):
            negation = parents.get(node.index)
            outer = None if negation is None else parents.get(negation.index)
            stands_alone = outer is None or isinstance(outer, Logic | Not)
            problems += islice(
                lint.containment(node, negated=is_negated(node, negation), stands_alone=stands_alone),
                _PROBLEMS_PER_LIST_MAX,
            )
    return problems


class _Lint:
    """Looks at single comparisons of one rule."""

    def __init__(
        self, text: str, types: Mapping[int, StaticType], symbols: Mapping[int, Symbol], vocabulary: Vocabulary
    ) -> None:
        self._text = text
        self._types = types
        self._symbols = symbols
        self._vocabulary = vocabulary

    def equality(self, node: Equality) -> Iterator[RuleError]:
        """Yield the objections to ``==`` or ``!=``."""
        left, right = self._kind(node.left), self._kind(node.right)
        for part, other in ((node.left, node.right), (node.right, node.left)):
            items = as_items(other, self._text)
            if items is not None:
                word = "in" if node.operator == "==" else "not in"
                suggestion = f"{self._source(part)} {word} [{items}]" if isinstance(part, Name | Attribute) else None
                yield self._error(node, "Several values stand in a list", suggestion)
                return
        if _differ(left, right):
            message = f"{node.operator} compares {left} with {right}, which are different types"
            sent = self._to_send(node.left, right) or self._to_send(node.right, left)
            yield self._error(node, message, self._rewritten(node), sent)
            return
        yield from self._outside(node.left, node.right)
        yield from self._outside(node.right, node.left)

    def containment(self, node: Contains, *, negated: bool, stands_alone: bool) -> Iterator[RuleError]:
        """Yield the objections to ``in`` or ``not in``: to the items of a list, else to what is looked for.

        Where it is ``not in``, ``negated`` is true; ``stands_alone`` says whether a ``not`` can be written before what
        replaces it.
        """
        member, container = node.member, node.container
        kind = self._kind(member)
        if isinstance(container, ListOf):
            of_codes = kind is Kind.LIST and self._element_kind(member) is Kind.TEXT
            if of_codes and all(self._kind(item) is Kind.TEXT for item in container.items):
                yield self._codes_in_list(node, container, negated=negated, stands_alone=stands_alone)
                return
            for item in container.items:
                yield from self._item(member, kind, item)
            return
        if self._is_list_of_one(member, container):
            yield self._list_of_one(member, container)
            return
        inner = self._element_kind(container)
        if _differ(kind, inner):
            message = f"This is {kind} and what it is looked for in holds {inner}, so it is never found"
            yield self._error(member, message, self._written_as(member, inner), self._to_send(member, inner))
        elif isinstance(container, Comprehension):
            yield from self._outside(container.result, member)

    def _codes_in_list(self, node: Contains, container: ListOf, *, negated: bool, stands_alone: bool) -> RuleError:
        """Return the objection to ``mailing_groups in ["NEWS"]``: the list of codes is no item of the other list."""
        codes = self._source(node.member)
        listed = self._source(container)
        if len(container.items) == 1 and not is_parameter(container, listed):
            suggestion = f"{self._source(container.items[0])} {'not in' if negated else 'in'} {codes}"
        else:
            suggestion = f"$any([code in {listed} for code in {codes}])"
            if negated:
                suggestion = f"not {suggestion}" if stands_alone else f"(not {suggestion})"
        return self._error(node, f"{codes} is a list itself; ask for its codes", suggestion)

    def _is_list_of_one(self, member: Node, container: Node) -> bool:
        """Whether a text stands after ``in`` although a list with this text is meant; nobody asks for parts of it."""
        if not isinstance(container, Constant) or not isinstance(container.value, str):
            return False
        named = member.left if isinstance(member, Coalesce) else member
        symbol = self._symbols.get(named.index)
        if symbol is None:
            return False
        return symbol.type is ValueType.CODE or with_parentheses(self._text, container).start < container.offset

    def _list_of_one(self, member: Node, container: Node) -> RuleError:
        """Return the objection to ``country in ("DE")``."""
        written = f"[{self._source(container)}]"
        place = with_parentheses(self._text, container)
        rewrite = Rewrite(place.start, place.end, written)
        message = f"in looks for {self._source(member)} in the letters of this text; a list is meant; write {written}"
        whole = Name(container.index, place.start, place.end - place.start, "")
        return objection(self._text, ErrorCode.RULE_TYPE, message, whole, suggestion=written, rewrite=rewrite)

    def _item(self, member: Node, kind: Kind, item: Node) -> Iterator[RuleError]:
        other = self._kind(item)
        if is_alternatives(item):
            place = with_parentheses(self._text, item)
            whole = Name(item.index, place.start, place.end - place.start, "")
            message = "The items of a list are separated by commas"
            yield self._error(whole, message, as_items(item, self._text))
            return
        if _differ(kind, other):
            message = f"{self._source(member)} is {kind} and this item is {other}"
            suggestion = None if self._values(member) else self._written_as(item, kind)
            yield self._error(item, message, suggestion, self._to_send(item, kind))
            return
        yield from self._outside(member, item)
        yield from self._outside(item, member)

    def _outside(self, part: Node, other: Node) -> Iterator[RuleError]:
        """Yield the objection to a text that a part with a closed list of values never is."""
        values = self._values(part)
        if not values:
            yield from self._blank(part, other)
            return
        if not isinstance(other, Constant) or not isinstance(other.value, str) or other.value in values:
            return
        listed = ", ".join(values.values())
        message = f"{self._source(part)} is one of {listed}; {self._source(other)} is none of them"
        nearest = _nearest(other.value, tuple(values))
        if nearest is None and not other.value and self._types.get(part.index, _UNKNOWN).nullable:
            yield self._error(other, message, "null")
        else:
            yield self._error(other, message, nearest and values[nearest])

    def _blank(self, part: Node, other: Node) -> Iterator[RuleError]:
        """Yield the objection to asking for null where blank is ``""``, or for ``""`` where blank is null."""
        symbol = self._symbols.get(part.index)
        if symbol is None or not isinstance(other, Constant) or other.value not in {None, ""}:
            return
        word = self._source(part)
        if symbol.type is ValueType.CODE and symbol.nullable and other.value == "":
            yield self._error(other, f'{word} is null where it is blank, never ""', "null")
        elif symbol.type is ValueType.TEXT and not symbol.nullable and other.value is None:
            yield self._error(other, f'{word} is "" where it is blank, never null', '""')

    def _values(self, part: Node) -> dict[str, str]:
        """Return the values that a part can have besides null, each with its text; {} where there is no closed list."""
        if isinstance(part, Coalesce):
            values = self._values(part.left)
            if isinstance(part.right, Constant) and isinstance(part.right.value, str):
                return values and {**values, part.right.value: self._source(part.right)}
            others = self._values(part.right)
            return values | others if values and others else {}
        symbol = self._symbols.get(part.index)
        return {} if symbol is None else {value: f'"{value}"' for value in symbol.values}

    def _element_kind(self, container: Node) -> Kind:
        """Return what a list that is no literal holds."""
        if isinstance(container, Comprehension):
            return self._kind(container.result)
        is_list = self._kind(container) is Kind.LIST
        if is_list and isinstance(container, Name) and container.name in self._vocabulary.code_sets:
            return Kind.TEXT
        return Kind.UNKNOWN

    def _rewritten(self, node: Equality) -> str | None:
        """Return what was probably meant by a comparison of two types."""
        for part, other in ((node.left, node.right), (node.right, node.left)):
            kind = self._kind(part)
            if kind is Kind.PERIOD and self._kind(other) is Kind.NUMBER:
                return rewritten_days(self._text, node, part)
            written = None if self._values(part) else self._written_as(other, kind)
            if isinstance(other, Constant) and other.value == "" and self._types.get(part.index, _UNKNOWN).nullable:
                written = "null"
            if written is not None:
                start, end = other.offset - node.offset, other.offset + other.length - node.offset
                whole = self._source(node)
                return whole[:start] + written + whole[end:]
            if kind is not Kind.LIST or not isinstance(other, Constant | Name | Attribute):
                continue
            if self._kind(other) is self._element_kind(part):
                return f"{self._source(other)} {'in' if node.operator == '==' else 'not in'} {self._source(part)}"
            if isinstance(part, Name) and self._kind(other) is Kind.NUMBER:
                return f"{part.name}.length {node.operator} {self._source(other)}"
        return None

    def _written_as(self, node: Node, kind: Kind) -> str | None:
        return literal_as(node, self._source(node), kind)

    def _kind(self, node: Node) -> Kind:
        return self._types.get(node.index, _UNKNOWN).kind

    def _source(self, node: Node) -> str:
        return self._text[node.offset : node.offset + node.length]

    def _to_send(self, node: Node, kind: Kind) -> str:
        return kind_to_send(node, self._source(node), kind)

    def _error(self, node: Node, message: str, suggestion: str | None, sent: str = "") -> RuleError:
        said = f"{message}{sent}." if suggestion is None else f"{message}; write {suggestion}"
        return objection(self._text, ErrorCode.RULE_TYPE, said, node, suggestion=suggestion)


def is_negated(node: Contains, parent: Node | None) -> bool:
    """Whether a test is ``not in``: the tree has a negation of the same place around it then."""
    return isinstance(parent, Not) and (parent.offset, parent.length) == (node.offset, node.length)


def _differ(left: Kind, right: Kind) -> bool:
    return left is not right and not {left, right} & {Kind.UNKNOWN, Kind.NULL}


def _nearest(text: str, values: tuple[str, ...]) -> str | None:
    """Return the value that was probably meant; case, and how words are joined, count last."""
    by_letters = {re.sub(r"[^a-z0-9]", "", value.lower()): value for value in reversed(values) if value}
    letters = re.sub(r"[^a-z0-9]", "", text.lower())
    if letters in by_letters:
        return by_letters[letters]
    found = difflib.get_close_matches(letters, by_letters, n=1, cutoff=0.6)
    return by_letters[found[0]] if found else None

"""The single comparisons of a rule as conditions on subjects, so that those on one subject can be combined."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from server.clock import Moment
from server.rules.language.check import CheckedRule, type_of
from server.rules.language.names import named_symbols
from server.rules.language.symbols import ColumnSource, SideRowSource, Symbol, ValueType
from server.rules.language.tree import (
    Attribute,
    Call,
    Coalesce,
    Contains,
    Equality,
    Kind,
    ListOf,
    Match,
    Name,
    Node,
    Order,
)
from server.rules.one_contact.evaluator import is_constant
from server.rules.words.allowed_values import COUNTS, AllowedCodes, AllowedValues, Bound, Domain, TextTest, Whether
from server.rules.words.observation import Observation
from server.rules.words.ways import Condition, Key

_NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_AFFIXES = {"starts_with": "start with", "ends_with": "end with"}
_KINDS = {
    ValueType.TEXT: Kind.TEXT,
    ValueType.CODE: Kind.TEXT,
    ValueType.NUMBER: Kind.NUMBER,
    ValueType.BOOLEAN: Kind.BOOLEAN,
    ValueType.DATE: Kind.INSTANT,
    ValueType.DATETIME: Kind.INSTANT,
}
_ORDERED = frozenset({Kind.TEXT, Kind.NUMBER, Kind.INSTANT, Kind.PERIOD})


class Conditions:
    """Reads the comparisons of one rule for one contact."""

    def __init__(
        self, rule: CheckedRule, moment: Moment, observation: Observation, words: Callable[[Node, bool], str | None]
    ) -> None:
        """Read; ``words`` say what keeps a comparison that is not taken apart from being true or false."""
        self._rule = rule
        self._moment = moment
        self._seen = observation
        self._words = words
        self._symbols = named_symbols(rule.tree, rule.vocabulary)

    def of(self, node: Node, *, want: bool) -> Condition:
        """Return the condition under which an evaluated comparison is ``want``."""
        held = bool(self._seen.values[node.index]) is want
        return self._on_codes(node, want, held) or self._on_value(node, want, held) or self._whole(node, want, held)

    def failing(self, node: Node, words: str) -> Condition:
        """Return the condition that a part that fails does not."""
        return Condition(("fails", self._source(node)), node, Whether(want=True, words=words), held=False)

    def _whole(self, node: Node, want: bool, held: bool) -> Condition:
        words = None if held else self._words(node, want)
        possible = words if not held else ""
        return Condition(("whether", self._source(node)), node, Whether(want=want, words=possible), held)

    def _on_value(self, node: Node, want: bool, held: bool) -> Condition | None:
        """Return the condition on one value; None for a comparison of another kind."""
        found = self._tested(node, want)
        if found is None:
            return None
        subject, allowed = found
        current = subject.left if isinstance(subject, Coalesce) else subject
        if isinstance(subject, Coalesce):
            default = self._constant(subject.right)
            allowed = _with_default(allowed, default)
        allowed = allowed.settled()
        value = self._seen.values.get(current.index)
        if allowed.has(value) is not held:  # the language has it otherwise: a comparison of different types
            return None
        return Condition(self._key(current), subject, allowed, held)

    def _tested(self, node: Node, want: bool) -> tuple[Node, AllowedValues] | None:
        """Return what a comparison with constants is about, and the values that make it ``want``."""
        match node:
            case Order() | Equality():
                return self._compared(node, want)
            case Contains(container=ListOf() as listed, member=member) if self._is_subject(member):
                if not all(map(is_constant, listed.items)):
                    return None
                domain = self._domain(member)
                items = tuple(dict.fromkeys(_alike(self._constant(item), domain) for item in listed.items))
                return member, _one_of(items, domain, want=want)
            case Attribute(name="is_empty", target=target, safe=False) if self._is_text(target):
                return target, _one_of(("",), self._domain(target), want=want)
            case Name() | Attribute() | Coalesce():
                return self._truth(node, want)
            case _:
                return self._text_test(node, want)

    def _compared(self, node: Order | Equality, want: bool) -> tuple[Node, AllowedValues] | None:
        left, right = node.left, node.right
        if is_constant(left) is is_constant(right):
            return None
        subject, other = (right, left) if is_constant(left) else (left, right)
        if not self._is_subject(subject):
            return None
        domain, value = self._domain(subject), self._constant(other)
        if isinstance(node, Equality):
            same = (node.operator == "==") is want
            return subject, _one_of((value,), domain, want=same)
        operator = node.operator if subject is left else _MIRRORED[node.operator]
        operator = operator if want else _NEGATED[operator]
        bound = Bound(value, strict=operator in "<>")
        if domain.kind not in _ORDERED:
            return None
        if operator[0] == ">":
            return subject, AllowedValues(domain, low=bound)
        return subject, AllowedValues(domain, high=bound)

    def _truth(self, node: Node, want: bool) -> tuple[Node, AllowedValues] | None:
        """Return when a value that stands where a condition is expected counts as true, or as false."""
        symbol = node.left if isinstance(node, Coalesce) else node
        if symbol.index not in self._symbols or not self._is_subject(node):
            return None
        domain = self._domain(node)
        false = {Kind.BOOLEAN: False, Kind.NUMBER: Decimal(0), Kind.TEXT: ""}
        if domain.kind not in false:
            return None
        allowed = _one_of((false[domain.kind],), domain, want=not want)
        return node, replace(allowed, blank=domain.nullable and not want)

    def _text_test(self, node: Node, want: bool) -> tuple[Node, AllowedValues] | None:
        match node:
            case Match(subject=subject, pattern=pattern):
                how = "contain a match of" if node.anywhere else "begin with a match of"
                return self._tested_text(node, subject, how, pattern, want=want, positive=want is not node.negated)
            case Call(function=Attribute(name=name, target=subject, safe=False), arguments=(affix,)) if (
                name in _AFFIXES and is_constant(affix)
            ):
                return self._tested_text(node, subject, _AFFIXES[name], self._constant(affix), want=want)
            case Contains(container=subject, member=part) if is_constant(part) and not is_constant(subject):
                return self._tested_text(node, subject, "contain", self._constant(part), want=want)
            case Contains(container=whole, member=subject) if is_constant(whole):
                return self._tested_text(node, subject, "be part of", self._constant(whole), want=want)
            case _:
                return None

    def _tested_text(
        self, node: Node, subject: Node, how: str, text: Any, *, want: bool, positive: bool | None = None
    ) -> tuple[Node, AllowedValues] | None:
        symbol = subject.left if isinstance(subject, Coalesce) else subject
        if not (isinstance(text, str) and self._is_text(subject) and symbol.index in self._symbols):
            return None
        name = self._symbols[symbol.index].name
        says = want if positive is None else positive
        test = TextTest(how, text, says, lambda value: self._seen.would(node, name, value) is want)
        domain = self._domain(subject)
        return subject, AllowedValues(domain, tests=(test,), blank=domain.nullable and test.holds(None))

    def _on_codes(self, node: Node, want: bool, held: bool) -> Condition | None:
        """Return the condition on a set of codes; None for a comparison of another kind."""
        found = self._tested_codes(node, want)
        if found is None:
            return None
        subject, allowed = found
        value = self._seen.values.get(subject.index)
        if not isinstance(value, tuple) or allowed.has(value) is not held:
            return None
        return Condition(("codes", self._source(subject)), subject, allowed, held)

    def _tested_codes(self, node: Node, want: bool) -> tuple[Node, AllowedCodes] | None:
        match node:
            case Contains(container=container, member=member) if self._is_codes(container) and is_constant(member):
                code = self._constant(member)
                if not isinstance(code, str):
                    return None
                return container, AllowedCodes(having=(code,)) if want else AllowedCodes(lacking=(code,))
            case Attribute(name="is_empty", target=target) if self._is_codes(target):
                return target, AllowedCodes(size=_one_of((Decimal(0),), COUNTS, want=want).settled())
            case Name() if self._is_codes(node):
                return node, AllowedCodes(size=_one_of((Decimal(0),), COUNTS, want=not want).settled())
            case Order() | Equality():
                sized = self._compared(node, want)
                if sized is not None and isinstance(sized[0], Attribute) and self._is_codes(sized[0].target):
                    return sized[0].target, AllowedCodes(size=sized[1].settled())
        return None

    def _is_codes(self, node: Node) -> bool:
        return isinstance(node, Name) and node.name in self._rule.vocabulary.code_sets

    def _is_subject(self, node: Node) -> bool:
        """Whether a part is one value of the contact, or what is computed from it, that can be said to need another."""
        if isinstance(node, Coalesce):
            return is_constant(node.right) and not isinstance(node.left, Coalesce)
        return not is_constant(node)

    def _is_text(self, node: Node) -> bool:
        return self._is_subject(node) and self._domain(node).kind is Kind.TEXT

    def _domain(self, node: Node) -> Domain:
        subject = node.left if isinstance(node, Coalesce) else node
        symbol = self._symbols.get(subject.index)
        if symbol is not None:
            return self._of_symbol(symbol)
        if isinstance(subject, Attribute) and subject.name == "length" and not subject.safe:
            return COUNTS
        kind = type_of(self._rule, subject)
        return Domain(kind.kind, kind.nullable, choices=(True, False) if kind.kind is Kind.BOOLEAN else None)

    def _of_symbol(self, symbol: Symbol) -> Domain:
        kind, source = _KINDS[symbol.type], symbol.source
        scaled = kind is Kind.NUMBER and isinstance(source, ColumnSource | SideRowSource)
        is_count = isinstance(source, ColumnSource) and source.counts
        choices: tuple[Any, ...] | None = (True, False) if kind is Kind.BOOLEAN else symbol.values or None
        return Domain(
            kind,
            symbol.nullable,
            choices=choices,
            steps=10**source.scale if scaled and isinstance(source, ColumnSource | SideRowSource) else None,
            days=self._moment.zone if symbol.type is ValueType.DATE else None,
            least=Decimal(0) if is_count else None,
        )

    def _key(self, node: Node) -> Key:
        symbol = self._symbols.get(node.index)
        return ("value", self._source(node) if symbol is None else symbol.name)

    def _constant(self, node: Node) -> Any:
        self._seen.imagine(node)
        return self._seen.values.get(node.index)

    def _source(self, node: Node) -> str:
        return self._rule.text[node.offset : node.offset + node.length]


def _alike(value: Any, domain: Domain) -> Any:
    """Return what an item of a list equals in the domain: 0 is among the flags, true among the numbers."""
    if domain.kind is Kind.BOOLEAN and isinstance(value, Decimal) and value in {0, 1}:
        return bool(value)
    if domain.kind is Kind.NUMBER and isinstance(value, bool):
        return Decimal(int(value))
    return value


def _one_of(values: tuple[Any, ...], domain: Domain, *, want: bool) -> AllowedValues:
    """Return that a subject is one of these values, or none of them."""
    blank = None in values
    known = tuple(value for value in values if value is not None)
    if want:
        return AllowedValues(domain, only=known, blank=blank)
    return AllowedValues(domain, without=known, blank=domain.nullable and not blank)


def _with_default(allowed: AllowedValues, default: Any) -> AllowedValues:
    """Return the values before a default is put for blank; ``allowed`` is of what comes out."""
    return replace(allowed, blank=allowed.has(default))

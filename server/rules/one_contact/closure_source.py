"""From a rule's tree to the source of a Python expression over one contact, ``c``.

The source holds fixed words only: names of symbols, literals and everything else that a user wrote are bound to names
(``k0``, ``k1`` ...) beside it, so that rules of one shape share one source. Whatever raises in rule-engine raises here,
as long as the contact's values are of their declared types. A part is written in one of several modes, each as sparing
as its reader allows: ``value`` (exactly the language's value), ``truth`` (only whether it counts as true), ``amount``
(a number, of which an int will do) and ``items`` (any sequence of the same items).
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from server.clock import Moment
from server.rules.language.check import CheckedRule, type_of
from server.rules.language.regex import compile_regex
from server.rules.language.tree import (
    Arithmetic,
    Attribute,
    Builtin,
    Call,
    Coalesce,
    Comprehension,
    Constant,
    Contains,
    DateConstant,
    Equality,
    Item,
    Kind,
    ListOf,
    Logic,
    MappingOf,
    Match,
    Minus,
    Name,
    Node,
    Not,
    Order,
    SetOf,
    Slice,
    Ternary,
    walk,
)
from server.rules.one_contact.closure_access import AccessWriter
from server.rules.one_contact.closure_loops import LoopWriter
from server.rules.one_contact.closure_writing import Loops, NotWritableError, Sharing, Source, leaf_value

_PLAIN = frozenset({Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN, Kind.INSTANT, Kind.PERIOD})
_CONTAINERS = frozenset({Kind.TEXT, Kind.LIST, Kind.SET, Kind.MAPPING})
_ORDERS = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
_SMALL_LIST = 4
"""Up to so many items a tuple is searched as fast as a set."""
_WHOLE_DIGITS_MAX = 18
_SUMS = frozenset(
    (left, operator, right)
    for left, operators, right in (
        (Kind.NUMBER, ("+", "-", "*", "/", "//", "%"), Kind.NUMBER),
        (Kind.TEXT, ("+",), Kind.TEXT),
        (Kind.INSTANT, ("+", "-"), Kind.PERIOD),
        (Kind.PERIOD, ("+",), Kind.INSTANT),
        (Kind.PERIOD, ("+", "-"), Kind.PERIOD),
        (Kind.INSTANT, ("-",), Kind.INSTANT),
    )
    for operator in operators
)
"""The types for which Python's operator means what the language's does."""


class SourceWriter:
    """Writes one rule, or a part of one, for one moment; see Writing for its attributes."""

    def __init__(
        self,
        rule: CheckedRule,
        moment: Moment,
        constant: Callable[[Node], Any] | None = None,
        sharing: Sharing | None = None,
    ) -> None:
        """``constant`` computes parts that name no symbol; without it they are written like all others."""
        self.source = Source()
        self.rule = rule
        self.moment = moment
        self.constants: set[int] = set()
        self.folds = constant is not None
        self._note_constants(rule.tree)
        self.careful = any(isinstance(part, Item) for part in walk(rule.tree))
        self._constant = constant
        self._sharing = sharing
        self._temporaries = 0
        self._access = AccessWriter(self)
        self._loops = LoopWriter(self)
        self._forms: dict[type[Node], Callable[[Any, Loops], str]] = {
            Name: self._name,
            Attribute: self._access.value,
            Item: self._access.item,
            Slice: self._access.slice,
            Call: self._loops.call,
            Not: self._not,
            Minus: self._minus,
            Logic: self._logic,
            Equality: self._equality,
            Order: self._order,
            Arithmetic: self._arithmetic,
            Match: self._match,
            Contains: self._contains,
            Coalesce: self._coalesce,
            Ternary: self._ternary,
            Comprehension: self._comprehension,
            ListOf: self._list,
            SetOf: self._set,
            MappingOf: self._mapping,
        }

    def _note_constants(self, node: Node) -> bool:
        constant = not isinstance(node, Name)
        for part in node.children():
            constant = self._note_constants(part) and constant
        if constant:
            self.constants.add(node.index)
        return constant

    def write(self, node: Node) -> Source:
        """Return the finished source of a part's value; raises NotWritableError."""
        self.source.text = self.value(node, {})
        return self.source

    def write_truth(self, node: Node) -> Source:
        """Return the finished source of something that counts as true where a part does; raises NotWritableError."""
        self.source.text = self.truth(node, {})
        return self.source

    def bind(self, value: Any) -> str:
        """Return the source of a value that is known now."""
        name = f"k{len(self.source.names)}"
        self.source.names[name] = value
        return name

    def temporary(self) -> str:
        """Return a name for a value that is read twice."""
        self._temporaries += 1
        return f"t{self._temporaries}"

    def _kind(self, node: Node) -> Kind:
        return type_of(self.rule, node).kind

    def _known(self, node: Node) -> tuple[bool, Any]:
        """Return whether a part has one value for all contacts, and the value; raises what computing it raises."""
        if isinstance(node, (Constant, DateConstant, Builtin)):
            return True, leaf_value(node, self.moment)
        if self._constant is not None and node.index in self.constants:
            return True, self._constant(node)
        return False, None

    def literal(self, node: Node) -> Any:
        """Return the value of a part that is known now and can be computed, else None."""
        try:
            return self._known(node)[1]
        except Exception:  # noqa: BLE001 - computing a constant raises whatever Python raises
            return None

    def value(self, node: Node, loops: Loops) -> str:
        """Write exactly the language's value."""
        try:
            known, value = self._known(node)
        except Exception:  # noqa: BLE001 - computing a constant raises whatever Python raises
            return "fail()"
        return self.bind(value) if known else self._forms[type(node)](node, loops)

    def truth(self, node: Node, loops: Loops) -> str:
        """Write something that counts as true where the value does."""
        if self.folds and node.index in self.constants:
            return self.value(node, loops)
        match node:
            case Logic():
                return f"({f' {node.operator} '.join([self.truth(part, loops) for part in node.operands])})"
            case Ternary():
                return self._choice(node, loops, self.truth)
            case _:
                return self.amount(node, loops)[0]

    def amount(self, node: Node, loops: Loops) -> tuple[str, bool]:
        """Write a value, of which a number may be an int and a list any sequence; return whether it is an int."""
        if not (self.folds and node.index in self.constants):
            if isinstance(node, Attribute):
                return self._access.amount(node, loops)
            if isinstance(node, Comprehension):
                return self.items(node, loops), False
        return self.value(node, loops), False

    def items(self, node: Node, loops: Loops) -> str:
        """Write a sequence with the items of a list."""
        if isinstance(node, Comprehension) and self._loops.is_loop(node):
            return self._loops.loop(node, loops, self.value)
        return self.value(node, loops)

    def _operands(self, left: Node, right: Node, loops: Loops) -> tuple[str, str]:
        """Write two values to be compared; a whole literal beside an int becomes one."""
        one, one_is_int = self._shared(left, loops) or self.amount(left, loops)
        other, other_is_int = self._shared(right, loops) or self.amount(right, loops)
        if one_is_int:
            self._as_int(other)
        if other_is_int:
            self._as_int(one)
        return one, other

    def _shared(self, node: Node, loops: Loops) -> tuple[str, bool] | None:
        """Write what is computed for a comparison so that a contact computes it once for all rules."""
        if self._sharing is None or loops or node.index in self.constants or not _is_computed(node):
            return None
        writer = SourceWriter(self.rule, self.moment, self._constant)
        writer.source.text, is_int = writer.amount(node, {})
        key = self._sharing.part(writer.source)
        if key is None:
            return None
        self.source.arithmetic |= writer.source.arithmetic
        return f"c[{self.bind(key)}]", is_int

    def _as_int(self, name: str) -> None:
        value = self.source.names.get(name)
        if isinstance(value, Decimal) and value.is_finite() and value.adjusted() < _WHOLE_DIGITS_MAX:
            self.source.names[name] = int(value) if value == int(value) else value

    def _name(self, node: Name, loops: Loops) -> str:
        return loops.get(node.name) or f"c[{self.bind(node.name)}]"

    def _not(self, node: Not, loops: Loops) -> str:
        return f"(not {self.truth(node.operand, loops)})"

    def _minus(self, node: Minus, loops: Loops) -> str:
        self.source.arithmetic = True
        operand = self.value(node.operand, loops)
        return f"(-{operand})" if self._kind(node.operand) in {Kind.NUMBER, Kind.PERIOD} else f"(-negatable({operand}))"

    def _logic(self, node: Logic, loops: Loops) -> str:
        found = [type_of(self.rule, part) for part in node.operands]
        if all(part.kind is Kind.BOOLEAN and not part.nullable for part in found) and not self.careful:
            return f"({f' {node.operator} '.join([self.value(part, loops) for part in node.operands])})"
        return f"(not not ({f' {node.operator} '.join([self.truth(part, loops) for part in node.operands])}))"

    def _ternary(self, node: Ternary, loops: Loops) -> str:
        return self._choice(node, loops, self.value)

    def _choice(self, node: Ternary, loops: Loops, mode: Callable[[Node, Loops], str]) -> str:
        condition = self.truth(node.condition, loops)
        return f"({mode(node.positive, loops)} if {condition} else {mode(node.negative, loops)})"

    def _coalesce(self, node: Coalesce, loops: Loops) -> str:
        temporary = self.temporary()
        left = self.value(node.left, loops)
        return f"({temporary} if ({temporary} := {left}) is not None else {self.value(node.right, loops)})"

    def _equality(self, node: Equality, loops: Loops) -> str:
        equal = node.operator == "=="
        for part, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(part, Constant) and part.value is None:
                return f"({self.value(other, loops)} is {'' if equal else 'not '}None)"
        kind = self._kind(node.left)
        if kind is self._kind(node.right) and kind in _PLAIN:
            left, right = self._operands(node.left, node.right, loops)
            return f"({left} {node.operator} {right})"
        return f"{'equal' if equal else 'unequal'}({self.value(node.left, loops)}, {self.value(node.right, loops)})"

    def _order(self, node: Order, loops: Loops) -> str:
        left, right = type_of(self.rule, node.left), type_of(self.rule, node.right)
        plain = left.kind is right.kind and left.kind in _PLAIN and not left.nullable and not right.nullable
        if plain and not self.careful:
            one, other = self._operands(node.left, node.right, loops)
            return f"({one} {node.operator} {other})"
        return f"in_order({_ORDERS[node.operator]}, {self.value(node.left, loops)}, {self.value(node.right, loops)})"

    def _arithmetic(self, node: Arithmetic, loops: Loops) -> str:
        if (self._kind(node.left), node.operator, self._kind(node.right)) not in _SUMS:
            raise NotWritableError
        self.source.arithmetic = True
        return f"({self.value(node.left, loops)} {node.operator} {self.value(node.right, loops)})"

    def _match(self, node: Match, loops: Loops) -> str:
        if self._kind(node.subject) is not Kind.TEXT:
            raise NotWritableError
        regex = compile_regex(node.pattern)
        matcher = self.bind(regex.search if node.anywhere else regex.match)
        subject = self.value(node.subject, loops)
        found = f"match_unless_null({matcher}, {subject})" if self.careful else f"{matcher}({subject})"
        return f"({found} is {'' if node.negated else 'not '}None)"

    def _contains(self, node: Contains, loops: Loops) -> str:
        if self._kind(node.container) not in _CONTAINERS:
            raise NotWritableError
        container = self.items(node.container, loops)
        values = self.source.names.get(container)
        if isinstance(values, tuple) and len(values) > _SMALL_LIST and self._is_hashed_as_equal(node.member, values):
            self.source.names[container] = frozenset(values)
        return f"({self.value(node.member, loops)} in {container})"

    def _is_hashed_as_equal(self, member: Node, values: tuple[Any, ...]) -> bool:
        """Whether a set answers as the list does: plain values, and a member that is surely hashable."""
        kind = self._kind(member)
        if kind is Kind.TEXT:
            return all(type(value) is str or value is None for value in values)
        stored = isinstance(member, Name) or (isinstance(member, Coalesce) and isinstance(member.left, Name))
        return kind is Kind.NUMBER and stored and all(type(v) is Decimal and v.is_finite() for v in values)

    def _comprehension(self, node: Comprehension, loops: Loops) -> str:
        return f"tuple({self.items(node, loops)})"

    def _list(self, node: ListOf, loops: Loops) -> str:
        return f"({''.join([f'{self.value(part, loops)}, ' for part in node.items])})"

    def _set(self, node: SetOf, loops: Loops) -> str:
        return f"{{{', '.join([self.value(part, loops) for part in node.items])}}}" if node.items else "set()"

    def _mapping(self, node: MappingOf, loops: Loops) -> str:
        keys = [self.literal(key) for key, _ in node.pairs]
        if len({key for key in keys if isinstance(key, (str, Decimal, bool))}) != len(keys):
            raise NotWritableError
        pairs = [f"({self.value(key, loops)}, {self.value(value, loops)}), " for key, value in node.pairs]
        return f"OrderedDict(({''.join(pairs)}))"


def _is_computed(node: Node) -> bool:
    """Whether a value takes longer to compute than to look up."""
    return any(isinstance(part, Arithmetic | Comprehension) for part in walk(node))

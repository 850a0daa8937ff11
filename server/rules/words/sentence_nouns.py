"""The values of a rule as nouns: "its country", "90 days before today", "the length of its name"."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from decimal import Decimal

from server.rules.language.check import CheckedRule, type_of
from server.rules.language.engine import ATTRIBUTES
from server.rules.language.names import named_symbols
from server.rules.language.symbols import Symbol, ValueType
from server.rules.language.tree import (
    Arithmetic,
    Attribute,
    Builtin,
    Call,
    Coalesce,
    Comprehension,
    Constant,
    DateConstant,
    Item,
    Kind,
    ListOf,
    MappingOf,
    Minus,
    Name,
    Node,
    SetOf,
    Slice,
    Ternary,
)
from server.rules.words.sentence_words import constant_words, date_words, happened, symbol_words
from server.rules.words.wording import words

_ATTRIBUTES = {
    "as_lower": "{} in lower case",
    "as_upper": "{} in upper case",
    "to_int": "{} as a whole number",
    "to_flt": "{} as a number",
    "to_str": "{} as text",
    "to_ary": "{} as a list",
    "to_set": "{} as a set",
    "ceiling": "{} rounded up",
    "floor": "{} rounded down",
    "date": "the day of {}",
    "day": "the day of the month of {}",
    "days": "the number of full days in {}",
    "total_seconds": "{} in seconds",
    "to_epoch": "{} in seconds since 1970",
}
_FUNCTIONS = {
    "abs": "the absolute value of {}",
    "sum": "the sum of {}",
    "max": "the largest of {}",
    "min": "the smallest of {}",
    "parse_float": "the number written in {}",
    "parse_datetime": "the date written in {}",
    "parse_timedelta": "the period written in {}",
}
_OPERATORS = {
    "+": "plus",
    "-": "minus",
    "*": "times",
    "/": "divided by",
    "//": "divided without remainder by",
    "%": "modulo",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """The loops around a part, outermost first, as (variable, noun of one member)."""

    loops: tuple[tuple[str, str], ...] = ()

    def inside(self, variable: str, noun: str) -> "Scope":
        """Return the scope of a loop's body."""
        return Scope((*self.loops, (variable, noun)))

    def level(self, variable: str) -> int | None:
        """Return which loop a name belongs to, the outermost of that name; None for none."""
        return next((level for level, (name, _) in enumerate(self.loops) if name == variable), None)


class Nouns:
    """Writes the values of one rule.

    ``condition`` writes a part as a condition in brackets, ``loop`` what a loop makes: a list, a sum.
    """

    def __init__(
        self,
        rule: CheckedRule,
        condition: Callable[[Node, Scope], str],
        loop: Callable[[Comprehension | Call, Scope], str],
    ) -> None:
        self._rule = rule
        self._condition = condition
        self._loop = loop
        self._symbols = named_symbols(rule.tree, rule.vocabulary)
        self._named = False

    def kind(self, node: Node) -> Kind:
        """Return what kind of value a part has."""
        return type_of(self._rule, node).kind

    def nullable(self, node: Node) -> bool:
        """Whether a part's value can be null."""
        return type_of(self._rule, node).nullable

    def symbol(self, node: Node) -> Symbol | None:
        """Return the symbol that a part names."""
        return self._symbols.get(node.index)

    def is_many(self, node: Node, scope: Scope) -> bool:
        """Whether a part names a set of codes or a collection."""
        vocabulary = self._rule.vocabulary
        many = isinstance(node, Name) and (node.name in vocabulary.code_sets or node.name in vocabulary.collections)
        return many and isinstance(node, Name) and scope.level(node.name) is None

    def is_day(self, node: Node) -> bool:
        """Whether an instant is always the midnight of a day, so that the day says it all."""
        match node:
            case DateConstant(value=value):
                return value.utcoffset() is None and value.time() == time()
            case Builtin(name="today") | Attribute(name="date"):
                return True
            case Coalesce(left=one, right=other) | Ternary(positive=one, negative=other):
                return self.is_day(one) and self.is_day(other)
            case Call(function=Builtin(name="max" | "min"), arguments=(Comprehension(result=result),)):
                return self.is_day(result)
        symbol = self.symbol(node)
        return symbol is not None and symbol.type is ValueType.DATE

    def instant(self, node: Node, scope: Scope) -> str:
        """Return a date as the instant it is, for where a day would be read as all of the day: "1 May 2026 00:00"."""
        match node:
            case DateConstant(value=value):
                return date_words(value, timed=True)
            case Builtin(name="today"):
                return "the start of today"
            case Arithmetic(operator="+" | "-", left=start, right=period) if self.kind(period) is Kind.PERIOD:
                direction = "before" if node.operator == "-" else "after"
                return f"{self.operand(period, scope)} {direction} {self.instant(start, scope)}"
            case _ if self.is_day(node):
                return f"the start of the day of {self.operand(node, scope)}"
            case _:
                return self.operand(node, scope)

    def subject(self, scope: Scope) -> str:
        """Return ``the contact`` where it was not named yet or a loop is around, else ``it``."""
        first, self._named = not self._named, True
        return "the contact" if first or scope.loops else "it"

    def of_contact(self, scope: Scope) -> str:
        """Return ``the contact's`` or ``its``."""
        return "its" if self.subject(scope) == "it" else "the contact's"

    def owner(self, node: Node, scope: Scope) -> str:
        """Return who has the symbol that a part names: ``it`` for the member of the innermost loop."""
        level = scope.level(node.target.name) if isinstance(node, Attribute) and isinstance(node.target, Name) else None
        if level is None:
            return self.subject(scope)
        return "it" if level == len(scope.loops) - 1 else f"the outer {scope.loops[level][1]}"

    def symbol_noun(self, node: Node, scope: Scope) -> str:
        """Return ``its country`` for a part that names a symbol."""
        symbol = self._symbols[node.index]
        owner = self.owner(node, scope)
        event = happened(symbol, self.names(node))
        if event is not None:
            return f"the time {owner} was {event}"
        return f"{'its' if owner == 'it' else owner + chr(39) + 's'} {symbol_words(symbol, self.names(node))}"

    def names(self, node: Node) -> frozenset[str]:
        """Return the names beside the symbol that a part names."""
        vocabulary = self._rule.vocabulary
        if isinstance(node, Attribute) and not (isinstance(node.target, Name) and node.target.name == ATTRIBUTES):
            return frozenset(name for collection in vocabulary.collections.values() for name in collection.members)
        return frozenset({*vocabulary.symbols, *vocabulary.code_sets, *vocabulary.collections})

    def operand(self, node: Node, scope: Scope) -> str:
        """Return a value within another, in brackets unless it is a single word or name."""
        simple = isinstance(node, Constant | DateConstant | Builtin | Name | ListOf | MappingOf | Ternary)
        simple |= node.index in self._symbols or (isinstance(node, Minus) and isinstance(node.operand, Constant))
        return self.noun(node, scope) if simple else f"({self.noun(node, scope)})"

    def noun(self, node: Node, scope: Scope) -> str:
        """Return a value."""
        if node.index in self._symbols:
            return self.symbol_noun(node, scope)
        return self._word(node, scope) or self._phrase(node, scope)

    def _word(self, node: Node, scope: Scope) -> str | None:
        """Return a value that is a literal or a name; None for any other."""
        match node:
            case Constant():
                return constant_words(node.value)
            case DateConstant():
                return date_words(node.value)
            case Builtin():
                return node.name if node.name in {"now", "today"} else f"${node.name}"
            case Name():
                return self._name(node, scope)
            case Minus(operand=Constant(value=Decimal() as number)):
                return f"-{constant_words(number)}"
            case _:
                return None

    def _phrase(self, node: Node, scope: Scope) -> str:
        match node:
            case Minus():
                return f"minus {self.operand(node.operand, scope)}"
            case Arithmetic():
                return self._arithmetic(node, scope)
            case Coalesce():
                return f"{self.operand(node.left, scope)} (or {self.operand(node.right, scope)} if blank)"
            case Comprehension() | Call(function=Builtin(name="sum" | "max" | "min"), arguments=(Comprehension(),)):
                return self._loop(node, scope)
            case SetOf() | ListOf() | MappingOf():
                return self._collection(node, scope)
            case Attribute() | Item() | Slice() | Call():
                return self._access(node, scope)
            case Ternary():
                condition = self._condition(node.condition, scope)
                chosen, other = self.operand(node.positive, scope), self.operand(node.negative, scope)
                return f"({chosen} if {condition}, otherwise {other})"
            case _:
                return f"whether {self._condition(node, scope)}"

    def _name(self, node: Name, scope: Scope) -> str:
        level = scope.level(node.name)
        if level is None:
            return f"{self.of_contact(scope)} {words(node.name)}"
        return "it" if level == len(scope.loops) - 1 else f"the outer {scope.loops[level][1]}"

    def _arithmetic(self, node: Arithmetic, scope: Scope) -> str:
        left, right = self.kind(node.left), self.kind(node.right)
        if node.operator in "+-" and left is Kind.INSTANT and right is Kind.PERIOD:
            direction = "before" if node.operator == "-" else "after"
            return f"{self.operand(node.right, scope)} {direction} {self.operand(node.left, scope)}"
        if node.operator == "-" and left is right is Kind.INSTANT:
            return f"the time from {self.operand(node.right, scope)} to {self.operand(node.left, scope)}"
        return f"{self.operand(node.left, scope)} {_OPERATORS[node.operator]} {self.operand(node.right, scope)}"

    def _collection(self, node: SetOf | ListOf | MappingOf, scope: Scope) -> str:
        if isinstance(node, MappingOf):
            pairs = (f"{self.operand(key, scope)}: {self.operand(value, scope)}" for key, value in node.pairs)
            return "{" + ", ".join(pairs) + "}"
        inside = ", ".join(self.operand(item, scope) for item in node.items)
        return f"{{{inside}}}" if isinstance(node, SetOf) else f"[{inside}]"

    def _access(self, node: Attribute | Item | Slice | Call, scope: Scope) -> str:
        match node:
            case Attribute(target=Arithmetic(operator="-") as span, name="days", safe=False) if self._is_span(span):
                start, end = self.operand(span.right, scope), self.operand(span.left, scope)
                return f"the number of full days from {start} to {end}"
            case Attribute():
                form = _ATTRIBUTES.get(node.name, f"the {words(node.name)} of {{}}")
                said = form.replace("{}", self.operand(node.target, scope))
            case Item() if self.kind(node.container) is Kind.MAPPING:
                said = f"what {self.operand(node.container, scope)} has for {self.operand(node.key, scope)}"
            case Item():
                said = f"item {self.operand(node.key, scope)} of {self.operand(node.container, scope)}"
            case Slice():
                limits = ["" if part is None else self.operand(part, scope) for part in (node.start, node.stop)]
                said = f"the part [{limits[0]}:{limits[1]}] of {self.operand(node.container, scope)}"
            case Call():
                return self._call(node, scope)
        return f"{said} (if not blank)" if node.safe else said

    def _is_span(self, node: Arithmetic) -> bool:
        return self.kind(node.left) is self.kind(node.right) is Kind.INSTANT

    def _call(self, node: Call, scope: Scope) -> str:
        arguments = [self.operand(argument, scope) for argument in node.arguments]
        if isinstance(node.function, Builtin) and node.function.name in _FUNCTIONS and len(arguments) == 1:
            return _FUNCTIONS[node.function.name].replace("{}", arguments[0])
        return f"the result of {self.operand(node.function, scope)} for ({', '.join(arguments)})"

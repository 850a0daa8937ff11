"""What a rule exercises, read from its tree: the families of questions a compiler translates one by one."""

from collections.abc import Iterator

from server.rules import CheckedRule, SideRowSource, ValueType
from server.rules.language.tree import (
    Arithmetic,
    Attribute,
    Builtin,
    Call,
    Coalesce,
    Comprehension,
    Constant,
    Contains,
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
    StaticType,
    Ternary,
    walk,
)
from server.rules.one_contact.evaluator import is_constant

_KINDS = {Kind.TEXT: "text", Kind.NUMBER: "number", Kind.BOOLEAN: "flag", Kind.INSTANT: "date", Kind.PERIOD: "period"}
_DATE_PARTS = {
    "year", "month", "day", "hour", "minute", "second", "microsecond", "millisecond", "weekday", "date", "to_epoch",
    "zone_name",
}  # fmt: skip
_TEXT_VIEWS = {"as_lower", "as_upper", "length", "is_empty", "to_str", "to_flt", "to_int", "to_ary"}
_CODE_SETS = {"groups", "trades", "lists"}


class _Reader:
    """Reads one rule."""

    def __init__(self, rule: CheckedRule) -> None:
        self._rule = rule

    def _type(self, node: Node) -> StaticType:
        return self._rule.types.get(node.index, StaticType(Kind.UNKNOWN))

    def _kind(self, node: Node) -> Kind:
        return self._type(node).kind

    def found(self) -> Iterator[tuple[str, Node]]:
        """Yield every family with the node that shows it, as often as it stands in the rule."""
        for node in walk(self._rule.tree):
            for family in self._families(node):
                yield family, node

    def _families(self, node: Node) -> Iterator[str]:
        match node:
            case Equality() | Order():
                yield from self._comparison(node)
            case Arithmetic():
                yield from self._arithmetic(node)
            case Attribute():
                yield from self._attribute(node)
            case Call():
                yield from self._call(node)
            case Contains():
                yield from self._containment(node)
            case Comprehension():
                yield from self._loop(node)
            case Name():
                yield from self._source(node.name)
            case _:
                yield from self._form(node)

    def _form(self, node: Node) -> Iterator[str]:
        match node:
            case Minus():
                yield "unary minus"
            case Not():
                yield "not"
            case Logic():
                yield node.operator
            case Match():
                yield ("regex search" if node.anywhere else "regex match") + (", negated" if node.negated else "")
            case Item() | Slice():
                kind = self._kind(node.container).value
                form = f"{'item' if isinstance(node, Item) else 'slice'} of {kind}{', safe' if node.safe else ''}"
                yield form + ("" if all(map(is_constant, node.children()[1:])) else ", at a computed place")
            case Coalesce():
                yield f"?? of {_KINDS.get(self._kind(node.left), 'other')}, else {self._against(node.right)}"
            case Ternary():
                yield f"choice of {_KINDS.get(self._kind(node), 'other')}"

    def _against(self, node: Node) -> str:
        return "constant" if is_constant(node) else "value"

    def _comparison(self, node: Equality | Order) -> Iterator[str]:
        sign = "==" if isinstance(node, Equality) else "<"
        left, right = self._kind(node.left), self._kind(node.right)
        if Kind.NULL in {left, right}:
            yield "== null"
        elif left is not right:
            yield "== across types"
        elif left in _KINDS:
            against = "constant" if is_constant(node.left) or is_constant(node.right) else _KINDS[left]
            yield f"{_KINDS[left]} {sign} {against}"
        elif left is Kind.LIST:
            yield f"list {sign} list"
        yield from self._stored_sides(node, sign)

    def _stored_sides(self, node: Equality | Order, sign: str) -> Iterator[str]:
        if against_columns := {self._store_type(part) for part in (node.left, node.right)} - {None}:
            if against_columns == {ValueType.DATE, ValueType.DATETIME}:
                yield f"day {sign} instant"
            if against_columns == {ValueType.NUMBER} and self._scale(node.left) != self._scale(node.right):
                yield f"numbers of differing scale, {sign}"
        for part, other in ((node.left, node.right), (node.right, node.left)):
            if _is_sum(part) and not is_constant(other):
                yield "$sum compared with a value"
            if _is_length_of_many(part) and not is_constant(other):
                yield "count compared with a value"

    def _symbol(self, node: Node) -> tuple[ValueType, int] | None:
        name = node.name if isinstance(node, Name) else ""
        if isinstance(node, Attribute) and isinstance(node.target, Name):
            name = f"attributes.{node.name}" if node.target.name == "attributes" else ""
        symbol = self._rule.vocabulary.symbols.get(name)
        return None if symbol is None else (symbol.type, getattr(symbol.source, "scale", 0))

    def _store_type(self, node: Node) -> ValueType | None:
        symbol = self._symbol(node)
        return None if symbol is None else symbol[0]

    def _scale(self, node: Node) -> int | None:
        symbol = self._symbol(node)
        return None if symbol is None else symbol[1]

    def _arithmetic(self, node: Arithmetic) -> Iterator[str]:
        if is_constant(node):
            yield "constant arithmetic"
            return
        left, right = self._kind(node.left), self._kind(node.right)
        if left is Kind.TEXT:
            yield f"concatenation with {self._against(node.left if is_constant(node.left) else node.right)}"
        elif left is Kind.INSTANT and right is Kind.INSTANT:
            sides = "constant" if is_constant(node.left) or is_constant(node.right) else "date"
            yield f"date - {sides}"
        elif Kind.INSTANT in {left, right}:
            yield "date moved by a period"
        elif left is Kind.NUMBER:
            names = {"+": "+ -", "-": "+ -"}
            against = self._against(node.left if is_constant(node.left) else node.right)
            yield f"number {names.get(node.operator, node.operator)} {against}"
            if node.operator in {"/", "//", "%"}:
                if is_constant(node.left):
                    yield f"constant {node.operator} number"
                if _is_compound(node.left):
                    yield f"compound {node.operator} number"
                if _is_compound(node.right):
                    yield f"number {node.operator} compound"

    def _attribute(self, node: Attribute) -> Iterator[str]:
        kind = self._kind(node.target)
        safe = ", safe" if node.safe else ""
        if kind is Kind.INSTANT and node.name in _DATE_PARTS:
            yield f"date.{node.name}{safe}" if not is_constant(node) else "constant date part"
        elif kind is Kind.PERIOD:
            both = isinstance(node.target, Arithmetic) and not any(map(is_constant, node.target.children()))
            yield f"period.{node.name}{', of two dates' if both else ''}"
        elif kind is Kind.TEXT and node.name in _TEXT_VIEWS:
            yield f"text.{node.name}{safe}"
        elif kind is Kind.NUMBER:
            yield f"number.{node.name}"
        elif kind in {Kind.LIST, Kind.UNKNOWN} and node.name in {"length", "is_empty"}:
            yield f"{_many(node.target)}.{node.name}"
        elif isinstance(node.target, Name) and node.target.name == "attributes":
            yield from self._source(f"attributes.{node.name}")

    def _call(self, node: Call) -> Iterator[str]:
        function = node.function
        if isinstance(function, Attribute) and node.arguments:
            sides = (is_constant(function.target), is_constant(node.arguments[0]))
            form = {(False, True): "text, constant", (True, False): "constant, text"}.get(sides, "text, text")
            yield f"{function.name}: {form}"
        elif isinstance(function, Builtin) and node.arguments:
            argument = node.arguments[0]
            if not isinstance(argument, Comprehension):
                yield f"${function.name}" + (" of a list" if isinstance(argument, ListOf) else "")
            elif function.name in {"sum", "max", "min"}:
                plain = isinstance(argument.result, Attribute) and isinstance(argument.result.target, Name)
                yield f"${function.name} over {'a column' if plain else 'an expression'}"
            else:
                yield f"${function.name} over a loop"

    def _containment(self, node: Contains) -> Iterator[str]:
        container = node.container
        if isinstance(container, Name) and container.name in _CODE_SETS:
            yield f"{self._against(node.member)} in a code set"
        elif isinstance(container, Comprehension):
            yield f"{self._against(node.member)} in a loop"
        elif self._kind(container) is Kind.TEXT:
            sides = (is_constant(node.member), is_constant(container))
            form = {(True, False): "constant in text", (False, True): "text in constant"}.get(sides, "text in text")
            yield form
        elif isinstance(container, SetOf):
            yield "value in a set"
        elif isinstance(container, ListOf):
            if (kind := self._kind(node.member)) in _KINDS:
                yield f"{_KINDS[kind]} in {'constants' if is_constant(container) else 'values'}"
            nulls = any(isinstance(item, Constant) and item.value is None for item in container.items)
            if nulls:
                yield "in a list with null"

    def _loop(self, node: Comprehension) -> Iterator[str]:
        over = _many(node.iterable)
        yield f"loop over {over}" + ("" if node.condition is None else ", filtered")
        bodies = [part for part in (node.condition, node.result) if part is not None]
        inside = [part for body in bodies for part in walk(body)]
        if any(isinstance(part, Comprehension) for part in inside):
            yield "loop in a loop"
        if any(isinstance(part, Name) and part.name in self._rule.vocabulary.symbols for part in inside):
            yield "correlated loop"

    def _source(self, name: str) -> Iterator[str]:
        symbol = self._rule.vocabulary.symbols.get(name)
        if symbol is None:
            return
        if isinstance(symbol.source, SideRowSource):
            default = "without default" if symbol.source.default is None else "with default"
            yield f"side row {default}: {symbol.type.value}"
        else:
            yield f"{type(symbol.source).__name__}: {symbol.type.value}{', nullable' if symbol.nullable else ''}"


def _is_compound(node: Node) -> bool:
    return isinstance(node, Arithmetic) and not is_constant(node)


def _is_sum(node: Node) -> bool:
    is_call = isinstance(node, Call) and isinstance(node.function, Builtin) and node.function.name == "sum"
    return is_call and isinstance(node.children()[1], Comprehension)


def _is_length_of_many(node: Node) -> bool:
    many = isinstance(node, Attribute) and node.name == "length"
    return many and (_many(node.children()[0]) in {"visits", "code set", "loop"})


def _many(node: Node) -> str:
    if isinstance(node, Comprehension):
        return "loop"
    if isinstance(node, Name):
        return "code set" if node.name in _CODE_SETS else node.name if node.name == "visits" else "name"
    return "mapping" if isinstance(node, MappingOf) else "list"


def families(rule: CheckedRule) -> Iterator[tuple[str, Node]]:
    """Yield every family with the node that shows it, as often as it stands in the rule."""
    return _Reader(rule).found()

"""From the grammar's deferred nodes to our tree, refusing what the language does not offer."""

from collections.abc import Callable
from typing import Any

from server.errors import ErrorCode, RuleError, TextRange
from server.rules.language.guard import (
    LIST_ITEMS_MAX,
    LOOPS_NESTED_MAX,
    PATTERN_MAX,
    REFUSED_ATTRIBUTES,
    REFUSED_BUILTINS,
    guard_string,
    too_large,
)
from server.rules.language.regex import InvalidPatternError, compile_regex
from server.rules.language.syntax import Parsed, PlacedNode, literal_value
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
)

_OPERATORS = {
    "EQ": "==",
    "NE": "!=",
    "GT": ">",
    "GE": ">=",
    "LT": "<",
    "LE": "<=",
    "ADD": "+",
    "SUB": "-",
    "MUL": "*",
    "TDIV": "/",
    "FDIV": "//",
    "MOD": "%",
}
_MALFORMED = {
    "FloatExpression": "This is not a number.",
    "TimedeltaExpression": 'This is not a period of weeks, days, hours, minutes and seconds; write t"P30D", t"PT12H".',
    "DatetimeExpression": 'This is not a date; write d"2026-01-31" or d"2026-01-31T12:30:00".',
}

_BINARY: dict[str, type[Equality | Order | Arithmetic]] = {
    "ComparisonExpression": Equality,
    "ArithmeticComparisonExpression": Order,
    "AddExpression": Arithmetic,
    "SubtractExpression": Arithmetic,
    "ArithmeticExpression": Arithmetic,
}


class Converter:
    """Converts one parsed text.

    Attributes:
        problems: what the language refuses, in the order met; the tree is good only while it is empty.
    """

    def __init__(self, parsed: Parsed) -> None:
        self.problems: list[RuleError] = []
        self._parsed = parsed
        self._count = 0
        self._loops = 0
        self._conversions: dict[str, Callable[[PlacedNode], Node]] = {
            "StringExpression": self._constant,
            "BooleanExpression": self._constant,
            "NullExpression": self._constant,
            "FloatExpression": self._number_or_period,
            "TimedeltaExpression": self._number_or_period,
            "DatetimeExpression": self._date,
            "SymbolExpression": self._symbol,
            "GetAttributeExpression": self._attribute,
            "GetItemExpression": self._item,
            "GetSliceExpression": self._slice,
            "FunctionCallExpression": self._call,
            "UnaryExpression": self._unary,
            "LogicExpression": self._logic,
            "FuzzyComparisonExpression": self._match,
            "ContainsExpression": self._contains,
            "CoalesceExpression": self._coalesce,
            "TernaryExpression": self._ternary,
            "ComprehensionExpression": self._comprehension,
            "ArrayExpression": self._list,
            "SetExpression": self._list,
            "MappingExpression": self._mapping,
            **dict.fromkeys(_BINARY, self._binary),
        }

    def tree(self) -> Node:
        """Return the tree; its depth is limited, so this may recurse."""
        return self._node(self._parsed.root)

    def _node(self, node: PlacedNode) -> Node:
        node.index = self._count
        self._count += 1
        return self._conversions[node.form](node)

    def _place(self, node: PlacedNode) -> tuple[int, int, int]:
        return node.index, node.offset, node.end - node.offset

    def _refuse(self, code: ErrorCode, message: str, node: PlacedNode, suggestion: str | None = None) -> None:
        place = TextRange.of(self._parsed.text, node.offset, node.end - node.offset)
        self._note(RuleError(code, message, place=place, suggestion=suggestion), node)

    def _refuse_size(self, message: str, node: PlacedNode) -> None:
        self._note(too_large(self._parsed.text, message, node.offset, node.end - node.offset), node)

    def _note(self, problem: RuleError, node: PlacedNode) -> None:
        node.refused = True
        self.problems.append(problem)

    def _constant(self, node: PlacedNode) -> Node:
        value = node.args[1] if len(node.args) > 1 else None
        if isinstance(value, str):
            try:
                guard_string(value, self._parsed.text, node.offset, node.end - node.offset)
            except RuleError as error:
                self._note(error, node)
        return Constant(*self._place(node), value)

    def _number_or_period(self, node: PlacedNode) -> Node:
        return Constant(*self._place(node), self._literal(node))

    def _date(self, node: PlacedNode) -> Node:
        value = self._literal(node)
        place = self._place(node)
        return Constant(*place, None) if value is None else DateConstant(*place, value)

    def _literal(self, node: PlacedNode) -> Any:
        try:
            return literal_value(node)
        except (ValueError, OverflowError):
            self._refuse(ErrorCode.RULE_SYNTAX, _MALFORMED[node.form], node)
            return None

    def _symbol(self, node: PlacedNode) -> Node:
        name = node.args[1]
        if node.kwargs["scope"] is None:
            return Name(*self._place(node), name)
        if name in REFUSED_BUILTINS:
            self._refuse(ErrorCode.RULE_UNSUPPORTED, f"${name} is not part of the language.", node)
        return Builtin(*self._place(node), name)

    def _attribute(self, node: PlacedNode) -> Node:
        _, target, name = node.args
        if name in REFUSED_ATTRIBUTES:
            self._refuse(ErrorCode.RULE_UNSUPPORTED, f".{name} is not part of the language.", node)
        return Attribute(*self._place(node), self._node(target), name, bool(node.kwargs["safe"]))

    def _item(self, node: PlacedNode) -> Node:
        _, container, key = node.args
        return Item(*self._place(node), self._node(container), self._node(key), bool(node.kwargs["safe"]))

    def _slice(self, node: PlacedNode) -> Node:
        _, container, start, stop = node.args
        return Slice(
            *self._place(node),
            self._node(container),
            None if start is None else self._node(start),
            None if stop is None else self._node(stop),
            bool(node.kwargs["safe"]),
        )

    def _call(self, node: PlacedNode) -> Node:
        _, function, arguments = node.args
        place = self._place(node)
        return Call(*place, self._node(function), tuple(self._node(argument) for argument in arguments))

    def _unary(self, node: PlacedNode) -> Node:
        _, operator, operand = node.args
        place = self._place(node)
        return (Not if operator == "NOT" else Minus)(*place, self._node(operand))

    def _logic(self, node: PlacedNode) -> Node:
        place = self._place(node)
        operator = node.args[1]
        operands: list[PlacedNode] = []
        links = [node]
        while links:
            link = links.pop()
            if link.form == "LogicExpression" and link.args[1] == operator:
                links += (link.args[3], link.args[2])
            else:
                operands.append(link)
        return Logic(*place, operator.lower(), tuple(map(self._node, operands)))

    def _binary(self, node: PlacedNode) -> Node:
        _, operator, left, right = node.args
        place = self._place(node)
        form = _BINARY[node.form]
        return form(*place, _OPERATORS[operator], self._node(left), self._node(right))

    def _match(self, node: PlacedNode) -> Node:
        _, operator, subject, pattern = node.args
        place = self._place(node)
        converted = self._node(subject)
        source = ""
        if pattern.form == "StringExpression":
            source = pattern.args[1]
            self._guard_pattern(source, pattern)
        else:
            message = 'The right side of a regular expression test must be a text literal, as in name =~ "Mc.*".'
            self._refuse(ErrorCode.RULE_UNSUPPORTED, message, pattern)
        self._node(pattern)
        return Match(*place, converted, source, operator.endswith("FZS"), operator.startswith("NE"))

    def _guard_pattern(self, source: str, node: PlacedNode) -> None:
        if len(source) > PATTERN_MAX:
            message = f"A regular expression has at most {PATTERN_MAX} characters."
            self._refuse_size(message, node)
            return
        try:
            compile_regex(source)
        except (InvalidPatternError, UnicodeEncodeError) as error:
            is_parameter = self._parsed.text.startswith("$", node.offset)
            reason = "" if is_parameter else f": {error}"  # which quotes the expression
            self._refuse(ErrorCode.RULE_SYNTAX, f"This regular expression is not valid in RE2{reason}.", node)

    def _contains(self, node: PlacedNode) -> Node:
        _, container, member = node.args
        place = self._place(node)
        return Contains(*place, self._node(container), self._node(member))

    def _coalesce(self, node: PlacedNode) -> Node:
        _, left, right = node.args
        place = self._place(node)
        return Coalesce(*place, self._node(left), self._node(right))

    def _ternary(self, node: PlacedNode) -> Node:
        _, condition, positive, negative = node.args
        place = self._place(node)
        return Ternary(*place, self._node(condition), self._node(positive), self._node(negative))

    def _comprehension(self, node: PlacedNode) -> Node:
        _, result, variable, iterable = node.args
        condition = node.kwargs["condition"]
        place = self._place(node)
        if self._loops == LOOPS_NESTED_MAX:
            message = f"Loops are nested at most {LOOPS_NESTED_MAX} deep."
            self._refuse_size(message, node)
        over = self._node(iterable)
        self._loops += 1
        kept = None if condition is None else self._node(condition)
        mapped = self._node(result)
        self._loops -= 1
        return Comprehension(*place, mapped, variable, over, kept)

    def _list(self, node: PlacedNode) -> Node:
        place = self._place(node)
        items = node.args[1]
        if len(items) > LIST_ITEMS_MAX:
            message = f"A list has at most {LIST_ITEMS_MAX} items."
            self._refuse_size(message, node)
            items = ()
        form = ListOf if node.form == "ArrayExpression" else SetOf
        return form(*place, tuple(self._node(item) for item in items))

    def _mapping(self, node: PlacedNode) -> Node:
        place = self._place(node)
        return MappingOf(*place, tuple((self._node(key), self._node(value)) for key, value in node.args[1]))

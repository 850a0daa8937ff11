"""What rule-engine objects to, in words that say what to write instead."""

import difflib
import re
from collections.abc import Iterable, Mapping

from server.errors import ErrorCode, RuleError, TextRange
from server.rules.engine import ATTRIBUTES, Failure, attribute_names, describe_failure
from server.rules.symbols import Symbol, ValueType, Vocabulary
from server.rules.tree import (
    Arithmetic,
    Attribute,
    Builtin,
    Call,
    Coalesce,
    Comprehension,
    Contains,
    Equality,
    Kind,
    Logic,
    Match,
    Name,
    Node,
    Order,
    StaticType,
    Ternary,
)

_DEFAULTS = {Kind.TEXT: '""', Kind.NUMBER: "0", Kind.BOOLEAN: "false", Kind.INSTANT: 'd"1900-01-01"'}
_UNKNOWN = StaticType(Kind.UNKNOWN)
_MISMATCH = "Data type mismatch"
_ARGUMENT = re.compile(r"argument #([0-9]+)")
_NEEDS = {
    "sum": "a list of numbers",
    "max": "a list of numbers",
    "min": "a list of numbers",
    "any": "a list",
    "all": "a list",
    "abs": "a number",
    "parse_float": "text",
    "parse_datetime": "text",
    "parse_timedelta": "text",
    "starts_with": "text",
    "ends_with": "text",
}
_NAMES_LISTED_MAX = 5


class Objections:
    """Puts rule-engine's objections to the parts of one rule into words."""

    def __init__(
        self, text: str, vocabulary: Vocabulary, types: Mapping[int, StaticType], symbols: Mapping[int, Symbol]
    ) -> None:
        self._text = text
        self._vocabulary = vocabulary
        self._types = types
        self._symbols = symbols

    def problem(self, node: Node, error: Exception) -> RuleError:
        """Return what rule-engine's objection to building a node means."""
        failure = describe_failure(error)
        if failure.unknown_name is not None:
            return self._unknown(node, failure.unknown_name, failure.known_names)
        if failure.nullable:
            known = attribute_names(self._type(node.target).kind) if isinstance(node, Attribute) else ()
            if isinstance(node, Attribute) and known and node.name not in known:
                return self._unknown_attribute(node, known)
            return self._nullable(node)
        if failure.malformed:
            return self._error(ErrorCode.RULE_SYNTAX, failure.message, node)
        return self._mismatch(node, failure)

    def _error(self, code: ErrorCode, message: str, node: Node, suggestion: str | None = None) -> RuleError:
        return RuleError(code, message, place=TextRange.of(self._text, node.offset, node.length), suggestion=suggestion)

    def _unknown(self, node: Node, name: str, known: tuple[str, ...]) -> RuleError:
        if isinstance(node, Attribute):
            return self._unknown_attribute(node, known)
        vocabulary = self._vocabulary
        if name.startswith("$"):
            suggestion = closest(name, ["$" + builtin for builtin in known])
        else:
            names = [*vocabulary.symbols, *vocabulary.code_sets, *vocabulary.collections]
            suggestion = closest(name, names)
            if suggestion is None and name.isupper():
                suggestion = f'"{name}"'
        return self._error(ErrorCode.RULE_UNKNOWN_SYMBOL, f"{name} is not a symbol.", node, suggestion)

    def _unknown_attribute(self, node: Attribute, known: tuple[str, ...]) -> RuleError:
        name, target = node.name, node.target
        suggestion = closest(name, known)
        symbol = self._symbols.get(target.index)
        if suggestion is None and symbol is not None and symbol.type is ValueType.CODE:
            word = self._source(target)
            message = f"{word} is itself the code and has no {name}; compare it directly: {word}"
            return self._error(ErrorCode.RULE_UNKNOWN_SYMBOL, message, node, word)
        place = TextRange.of(self._text, node.offset + node.length - len(name), len(name))
        if isinstance(target, Name) and target.name == ATTRIBUTES:
            suggestion = suggestion or next((full for full in sorted(known) if full.startswith(name)), None)
            message = f"There is no attribute {name}; {_nearest_names(name, known)}."
        elif self._type(target).kind is Kind.OBJECT:
            message = f"{self._source(target)} has no {name}; {_nearest_names(name, known)}."
        else:
            message = f"{name} is not known here."
        return RuleError(ErrorCode.RULE_UNKNOWN_SYMBOL, message, place=place, suggestion=suggestion)

    def _nullable(self, node: Node) -> RuleError:
        """Name the operand that can be null and show the text with its default."""
        culprit = next((part for part in node.children() if self._type(part).nullable), None)
        if culprit is None:
            return self._error(ErrorCode.RULE_TYPE, "A value here can be null.", node)
        word = self._source(culprit)
        default = _DEFAULTS.get(self._type(culprit).kind, "…")
        if isinstance(node, Order) and default.startswith("d") and (node.operator[0] == "<") == (culprit is node.left):
            default = 'd"9999-12-31"'
        start, end = culprit.offset - node.offset, culprit.offset + culprit.length - node.offset
        whole = self._source(node)
        suggestion = f"{whole[:start]}({word} ?? {default}){whole[end:]}"
        message = f"{word} can be null; say what counts instead: {suggestion}"
        return self._error(ErrorCode.RULE_TYPE, message, culprit, suggestion)

    def _mismatch(self, node: Node, failure: Failure) -> RuleError:
        if failure.message.startswith(_MISMATCH):
            if isinstance(node, (Order, Arithmetic, Equality)):
                left, right = self._type(node.left).kind, self._type(node.right).kind
                message = f"{node.operator} cannot take {left} on its left and {right} on its right."
                return self._error(ErrorCode.RULE_TYPE, message, node)
            if isinstance(node, Coalesce):
                return self._default_of_other_type(node)
            if isinstance(node, Call):
                return self._argument(node, failure.message)
        return self._error(ErrorCode.RULE_TYPE, failure.message, node)

    def _default_of_other_type(self, node: Coalesce) -> RuleError:
        """Say that the default has another type; often because a comparison was taken into it."""
        kind = self._type(node.left).kind
        default = _leftmost(node.right)
        if default is not node.right and self._type(default).kind is kind:
            end = default.offset + default.length
            whole = self._source(node)
            suggestion = f"({self._text[node.offset : end]}){whole[end - node.offset :]}"
            message = f"?? takes in the comparison on its right; put parentheses around the default: {suggestion}"
            return self._error(ErrorCode.RULE_TYPE, message, node, suggestion)
        message = f"?? cannot replace null in {kind} by {self._type(node.right).kind}."
        return self._error(ErrorCode.RULE_TYPE, message, node)

    def _argument(self, node: Call, message: str) -> RuleError:
        """Say what a function needs instead of the argument it got."""
        function = node.function
        name = function.name if isinstance(function, (Builtin, Attribute)) else ""
        number = _ARGUMENT.search(message)
        if number is None or name not in _NEEDS:
            return self._error(ErrorCode.RULE_TYPE, message, node)
        argument = node.arguments[int(number[1]) - 1]
        shown = f"${name}" if isinstance(function, Builtin) else f".{name}"
        said = f"{shown} needs {_NEEDS[name]}; {self._source(argument)} is {self._described(argument)}."
        return self._error(ErrorCode.RULE_TYPE, said, argument)

    def _described(self, node: Node) -> str:
        kind = self._type(node).kind
        if isinstance(node, Comprehension):
            return f"a list of which each item is {self._type(node.result).kind}"
        if isinstance(node, Name) and kind is Kind.LIST:
            inner = "codes" if node.name in self._vocabulary.code_sets else "objects"
            return f"a list of {inner}"
        return str(kind)

    def _type(self, node: Node) -> StaticType:
        return self._types.get(node.index, _UNKNOWN)

    def _source(self, node: Node) -> str:
        return self._text[node.offset : node.offset + node.length]


def _leftmost(node: Node) -> Node:
    """Return what a default begins with, where a comparison was taken into it."""
    match node:
        case Logic():
            return _leftmost(node.operands[0])
        case Equality() | Order() | Arithmetic():
            return _leftmost(node.left)
        case Contains():
            return _leftmost(node.member)
        case Match():
            return _leftmost(node.subject)
        case Ternary():
            return _leftmost(node.condition)
        case _:
            return node


def _nearest_names(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    if len(names) > _NAMES_LISTED_MAX:
        names = difflib.get_close_matches(name, names, n=_NAMES_LISTED_MAX, cutoff=0.0)
    return "the nearest are " + ", ".join(names) if len(names) > 1 else f"there is {names[0] if names else 'none'}"


def closest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that was probably meant; camelCase counts as its snake_case."""
    names = list(known)
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    if snake in names:
        return snake
    found = difflib.get_close_matches(snake, names, n=1, cutoff=0.7)
    return found[0] if found else None

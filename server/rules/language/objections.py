"""What rule-engine objects to, in words that say what to write instead."""

import difflib
import re
from collections.abc import Iterable, Mapping

from server.errors import ErrorCode, RuleError
from server.rules.language.comparisons import is_negated
from server.rules.language.constant_conditions import as_items
from server.rules.language.engine import ATTRIBUTES, Failure, attribute_names, describe_failure
from server.rules.language.foreign_names import ForeignNames, Meaning
from server.rules.language.literal_forms import date_form, kind_to_send, literal_as
from server.rules.language.rewrites import Rewrite, instead_of, objection, rewritten_days, with_parentheses
from server.rules.language.symbols import Symbol, ValueType, Vocabulary
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
    Logic,
    Match,
    Name,
    Node,
    Order,
    Slice,
    StaticType,
    Ternary,
    walk,
)

_DEFAULTS = {Kind.TEXT: '""', Kind.NUMBER: "0", Kind.BOOLEAN: "false", Kind.INSTANT: 'd"1900-01-01"'}
_UNKNOWN = StaticType(Kind.UNKNOWN)
_MISMATCH = "Data type mismatch"
_COUNT = re.compile(r"[0-9]+")
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
_COMPUTING = {Kind.TEXT: "+", Kind.INSTANT: "+-", Kind.PERIOD: "+-"}
_NAMES_LISTED_MAX = 5


class Objections:
    """Puts rule-engine's objections to the parts of one rule into words."""

    def __init__(
        self,
        text: str,
        vocabulary: Vocabulary,
        types: Mapping[int, StaticType],
        symbols: Mapping[int, Symbol],
        tree: Node,
    ) -> None:
        self._text = text
        self._vocabulary = vocabulary
        self._types = types
        self._symbols = symbols
        self._parents = {part.index: node for node in walk(tree) for part in node.children()}
        self._foreign = ForeignNames(text, vocabulary, types, self._parents)

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

    def _error(
        self, code: ErrorCode, message: str, node: Node, suggestion: str | None = None, rewrite: Rewrite | None = None
    ) -> RuleError:
        return objection(self._text, code, message, node, suggestion=suggestion, rewrite=rewrite)

    def _meant(self, code: ErrorCode, meaning: Meaning) -> RuleError:
        message = f"{meaning.why}; write {meaning.suggestion}"
        return self._error(code, message, meaning.part, meaning.suggestion, meaning.rewrite)

    def _unknown(self, node: Node, name: str, known: tuple[str, ...]) -> RuleError:
        if isinstance(node, Attribute):
            return self._unknown_attribute(node, known)
        vocabulary = self._vocabulary
        meaning = self._foreign.of_name(node, name)
        if meaning is not None:
            return self._meant(ErrorCode.RULE_UNKNOWN_SYMBOL, meaning)
        if name.startswith("$"):
            suggestion = closest(name, ["$" + builtin for builtin in known])
        else:
            names = [*vocabulary.symbols, *vocabulary.code_sets, *vocabulary.collections]
            suggestion = closest(name, names)
            meaning = self._foreign.of_value(node, name) if suggestion is None else None
            if meaning is not None:
                return self._meant(ErrorCode.RULE_UNKNOWN_SYMBOL, meaning)
        meant = "" if suggestion is None else f"; {suggestion} was probably meant"
        said = f"The parameter {name[1:]} is not given" if name.startswith("$") else f"{name} is not a symbol"
        return self._error(ErrorCode.RULE_UNKNOWN_SYMBOL, f"{said}{meant}.", node, suggestion)

    def _unknown_attribute(self, node: Attribute, known: tuple[str, ...]) -> RuleError:
        name, target = node.name, node.target
        suggestion = closest(name, known)
        symbol = self._symbols.get(target.index)
        if suggestion is None and symbol is not None and symbol.type is ValueType.CODE:
            word = self._source(target)
            message = f"{word} is itself the code and has no {name}; compare it directly: {word}"
            return self._error(ErrorCode.RULE_UNKNOWN_SYMBOL, message, node, word)
        is_own = isinstance(target, Name) and target.name == ATTRIBUTES
        meaning = None if is_own or self._type(target).kind is Kind.OBJECT else self._foreign.of_attribute(node)
        if meaning is not None:
            return self._meant(ErrorCode.RULE_UNKNOWN_SYMBOL, meaning)
        if is_own:
            suggestion = suggestion or next((full for full in sorted(known) if full.startswith(name)), None)
            message = f"There is no attribute {name}; {_nearest_names(name, known)}."
        elif isinstance(target, Name) and name in self._members(target.name):
            message = f"{target.name} are many; ask each by a loop: [i.{name} for i in {target.name}]."
        elif self._type(target).kind is Kind.UNKNOWN:
            message = f"{name} is not known here."
        else:
            message = f"{self._source(target)} has no {name}; {_nearest_names(name, known)}."
        start = node.offset + node.length - len(name)
        named = Name(node.index, start, len(name), name)
        return self._error(ErrorCode.RULE_UNKNOWN_SYMBOL, message, named, suggestion)

    def _members(self, name: str) -> Iterable[str]:
        collection = self._vocabulary.collections.get(name)
        return () if collection is None else collection.members

    def _nullable(self, node: Node) -> RuleError:
        """Name the operand that can be null and show the text with its default."""
        culprit = next((part for part in node.children() if self._type(part).nullable), None)
        if culprit is None:
            return self._error(ErrorCode.RULE_TYPE, "A value here can be null.", node)
        word = self._source(culprit)
        default = _DEFAULTS.get(self._type(culprit).kind)
        if default is None:
            return self._error(ErrorCode.RULE_TYPE, f"{word} can be null; say what counts instead by ??.", culprit)
        if isinstance(node, Order) and default.startswith("d") and (node.operator[0] == "<") == (culprit is node.left):
            default = 'd"9999-12-31"'
        start, end = culprit.offset - node.offset, culprit.offset + culprit.length - node.offset
        whole = self._source(node)
        suggestion = f"{whole[:start]}({word} ?? {default}){whole[end:]}"
        message = f"{word} can be null; say what counts instead: {suggestion}"
        return self._error(ErrorCode.RULE_TYPE, message, culprit, suggestion, instead_of(node, suggestion))

    def _mismatch(self, node: Node, failure: Failure) -> RuleError:
        if not failure.message.startswith(_MISMATCH):
            return self._error(ErrorCode.RULE_TYPE, self._own_words(node, failure.message), node)
        match node:
            case Order() | Arithmetic() | Equality():
                return self._operands(node)
            case Coalesce():
                return self._default_of_other_type(node)
            case Call():
                meaning = self._foreign.of_call(node) if "callable" in failure.message else None
                if meaning is not None:
                    return self._meant(ErrorCode.RULE_TYPE, meaning)
                return self._argument(node, failure.message)
            case Contains():
                return self._containment(node)
            case Item() | Slice():
                return self._item(node)
            case Match():
                found = f"{self._source(node.subject)} is {self._described(node.subject)}"
                message = f"{_match_sign(node)} looks at text; {found}."
                return self._error(ErrorCode.RULE_TYPE, message, node)
            case _:
                return self._error(ErrorCode.RULE_TYPE, failure.message, node)

    def _own_words(self, node: Node, message: str) -> str:
        """Return an objection of rule-engine's without its terms of programmers."""
        if isinstance(node, Call) and "positional arguments" in message:
            limit = int(_COUNT.findall(message)[-1])
            arguments = "1 argument" if limit == 1 else f"{limit} arguments"
            return f"{self._source(node.function)} takes {arguments}; here it has {len(node.arguments)}."
        return message

    def _item(self, node: Item | Slice) -> RuleError:
        """Say that a value has no items; its attributes, which other languages find so, stand after a point."""
        target = node.container
        key = node.key if isinstance(node, Item) else None
        if self._type(target).kind is Kind.OBJECT and isinstance(key, Constant) and isinstance(key.value, str):
            owner = self._source(target)
            if isinstance(target, Name) and target.name == ATTRIBUTES:
                start = f"{ATTRIBUTES}."
                known = [full.removeprefix(start) for full in self._vocabulary.symbols if full.startswith(start)]
            else:
                known = [name for each in self._vocabulary.collections.values() for name in each.members]
            name = closest(key.value, known)
            suggestion = None if name is None else f"{owner}.{name}"
            said = "." if suggestion is None else f"; write {suggestion}"
            return self._error(ErrorCode.RULE_TYPE, f"Attributes stand after a point{said}", node, suggestion)
        message = f"{self._source(target)} is {self._described(target)} and has no items in brackets."
        if self._type(target).kind in {Kind.LIST, Kind.TEXT, Kind.MAPPING}:
            message = "Between the brackets stands a whole number, or what a mapping has."
        return self._error(ErrorCode.RULE_TYPE, message, node)

    def _operands(self, node: Order | Arithmetic | Equality) -> RuleError:
        """Say which kinds an operator cannot take, and how the one could be written as the other."""
        left, right = self._type(node.left).kind, self._type(node.right).kind
        message = f"{node.operator} cannot take {left} on its left and {right} on its right"
        suggestion = self._fitting(node)
        sent = kind_to_send(node.left, self._source(node.left), right) or kind_to_send(
            node.right, self._source(node.right), left
        )
        said = f"{message}{sent}." if suggestion is None else f"{message}; write {suggestion}"
        return self._error(ErrorCode.RULE_TYPE, said, node, suggestion)

    def _fitting(self, node: Order | Arithmetic | Equality) -> str | None:
        """Return the text with one operand written as a literal of the other's kind, or with the days of a period."""
        whole = self._source(node)
        for part, other in ((node.left, node.right), (node.right, node.left)):
            kind = self._type(part).kind
            if kind is Kind.PERIOD and self._type(other).kind is Kind.NUMBER and isinstance(node, Order):
                return rewritten_days(self._text, node, part)
            if isinstance(node, Arithmetic) and not _computes(node.operator, kind):
                continue
            wanted = Kind.PERIOD if kind is Kind.INSTANT and isinstance(node, Arithmetic) else kind
            source = self._source(other)
            written = literal_as(other, source, wanted)
            if written is None and kind is Kind.INSTANT and isinstance(node, Order):
                date = date_form(source)
                written = None if date is None else f'd"{date}"'
            if written is not None:
                start = other.offset - node.offset
                return whole[:start] + written + whole[start + other.length :]
        return None

    def _containment(self, node: Contains) -> RuleError:
        """Say that a value cannot be looked for in another, and whether it is the other way round."""
        member, container = self._source(node.member), self._source(node.container)
        if self._type(node.member).kind is Kind.LIST and self._type(node.container).kind is Kind.TEXT:
            negated = is_negated(node, self._parents.get(node.index))
            suggestion = f"{container} {'not in' if negated else 'in'} {member}"
            return self._error(ErrorCode.RULE_TYPE, f"The list stands after in; write {suggestion}", node, suggestion)
        items = as_items(node.container, self._text)
        if items is not None:
            place = with_parentheses(self._text, node.container)
            whole = Name(node.index, place.start, place.end - place.start, "")
            written = f"[{items}]"
            return self._error(ErrorCode.RULE_TYPE, f"Several values stand in a list; write {written}", whole, written)
        kinds = f"{member} is {self._described(node.member)} and {container} is {self._described(node.container)}"
        return self._error(ErrorCode.RULE_TYPE, f"in looks for a text in a text or an item in a list; {kinds}.", node)

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
        needed = _NEEDS[name]
        if isinstance(function, Attribute) and self._type(function.target).kind is Kind.LIST:
            needed = "a list of such items"
        said = f"{shown} needs {needed}; {self._source(argument)} is {self._described(argument)}."
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


def _computes(operator: str, kind: Kind) -> bool:
    """Whether arithmetic takes values of a kind, where the other side is literal."""
    return kind is Kind.NUMBER or operator in _COMPUTING.get(kind, "")


def _match_sign(node: Match) -> str:
    return f"{'!' if node.negated else '='}~{'~' if node.anywhere else ''}"


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

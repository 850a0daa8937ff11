"""From plain data to the tree of a rule and its text; see ``tree_values`` for the shape of the data.

Data is looked at as the text would be: what the language does not offer is refused here with the path of the part at
fault, and the text that comes out has passed the grammar and its limits.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sqlalchemy import null

from server.clock import Moment
from server.errors import ErrorCode, RuleError
from server.rules.language.convert import Converter
from server.rules.language.engine import ATTRIBUTES, BUILTINS, RuleContext
from server.rules.language.guard import (
    DEPTH_MAX,
    LIST_ITEMS_MAX,
    LOOPS_NESTED_MAX,
    PATTERN_MAX,
    REFUSED_ATTRIBUTES,
    REFUSED_BUILTINS,
    STRING_CHARACTERS_MAX,
    TEXT_CHARACTERS_MAX,
    TOKENS_MAX,
    guard_string,
)
from server.rules.language.regex import InvalidPatternError, compile_regex
from server.rules.language.symbols import Vocabulary
from server.rules.language.syntax import parse, parse_literal, tokens
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
from server.rules.language.tree_values import ARITHMETIC, COMPARISONS, PlainTree
from server.rules.language.writing import format_rule, write_literal

Path: TypeAlias = tuple[str | int, ...]
Place: TypeAlias = tuple[int, int, int]

_KEYWORDS = frozenset("true false inf nan null and in or not for if elif else while".split())  # noqa: SIM905
_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*", re.ASCII)
NO_NAMES = RuleContext(Vocabulary(key=null()), Moment(datetime(2000, 1, 1, tzinfo=UTC)))
"""What the grammar alone needs: names mean nothing to it."""


def parse_rule(text: str) -> Node:
    """Return the tree of a text that the grammar accepts; what its names mean, and types, are not looked at.

    Raises: RuleError, the first of what is wrong.
    """
    converter = Converter(parse(text, NO_NAMES))
    tree = converter.tree()
    if converter.problems:
        raise converter.problems[0]
    return tree


def formatted_rule(text: str) -> str | None:
    """Return the canonical text; None where the grammar refuses one of both, which may be longer than the other."""
    try:
        formatted = format_rule(parse_rule(text))
        parse_rule(formatted)
    except RuleError:
        return None
    return formatted


def read_plain_tree(plain: PlainTree) -> Node:
    """Return the tree that data stands for; its nodes have no places.

    Args:
        plain: of the shape that ``plain_tree`` returns.

    Raises: RuleError; its ``path`` leads to the part at fault.
    """
    return _Reader().read(plain)


def write_plain_tree(plain: PlainTree) -> str:
    """Return the text of a rule that is given as data.

    Raises: RuleError; its ``path`` leads to the part at fault, and is empty when the rule as a whole is too large.
    """
    text = format_rule(read_plain_tree(plain))
    try:
        parse_rule(text)
    except RuleError as error:
        error.place = None  # of a text that the caller has never seen
        raise
    return text


class _Reader:
    """Reads one tree; keeps the path to the part that is being read."""

    def __init__(self) -> None:
        self._count = 0
        self._depth = 0
        self._loops = 0
        self._characters = 0
        self._path: list[str | int] = []
        self._kinds: dict[str, Callable[[Any], Node]] = {
            "all": lambda members: self._group("and", members),
            "any": lambda members: self._group("or", members),
            "not": lambda operand: Not(*self._next(), self.read(operand)),
            "minus": lambda operand: Minus(*self._next(), self.read(operand)),
            "compare": self._comparison,
            "arithmetic": self._arithmetic,
            "in": lambda of: Contains(*self._next(), self._at("container", of), self._at("member", of)),
            "match": self._match,
            "coalesce": lambda of: Coalesce(*self._next(), self._at("value", of), self._at("default", of)),
            "if": self._ternary,
            "loop": self._loop,
            "text": self._text,
            "number": self._number,
            "boolean": lambda value: Constant(*self._next(), value),
            "null": self._null,
            "date": self._date,
            "period": self._period,
            "symbol": self._symbol,
            "builtin": self._builtin,
            "parameter": self._parameter,
            "attribute": self._attribute,
            "item": lambda of: Item(*self._next(), self._at("of", of), self._at("key", of), self._is_safe(of)),
            "slice": self._slice,
            "call": self._call,
            "list": lambda items: ListOf(*self._next(), self._items(items)),
            "set": self._set,
            "mapping": self._mapping,
        }

    def read(self, plain: PlainTree) -> Node:
        """Return the node that an object with one key stands for."""
        if len(plain) != 1:
            raise self._refusal(ErrorCode.RULE_SYNTAX, "A part of a rule has exactly one key, which names its kind.")
        ((kind, content),) = plain.items()
        if kind not in self._kinds:
            raise self._refusal(ErrorCode.RULE_SYNTAX, "There is no part of a rule of this kind.")
        self._depth += 1
        if self._depth > DEPTH_MAX + 1:
            message = f"A rule is nested at most {DEPTH_MAX} levels deep."
            raise self._refusal(ErrorCode.RULE_TOO_LARGE, message)
        self._path.append(kind)
        node = self._kinds[kind](content)
        self._path.pop()
        self._depth -= 1
        return node

    def _next(self) -> Place:
        """Return index and place of the next node: it has no place in a text."""
        self._count += 1
        if self._count > TOKENS_MAX:
            raise self._refusal(ErrorCode.RULE_TOO_LARGE, "The rule has too many parts.")
        return self._count - 1, 0, 0

    def _refusal(self, code: ErrorCode, message: str, suggestion: str | None = None) -> RuleError:
        return RuleError(code, message, suggestion=suggestion, path=tuple(self._path))

    def _at(self, key: str, content: Any) -> Node:
        self._path.append(key)
        node = self.read(content[key])
        self._path.pop()
        return node

    def _maybe(self, key: str, content: Any) -> Node | None:
        return None if content.get(key) is None else self._at(key, content)

    def _many(self, plain: Sequence[PlainTree]) -> tuple[Node, ...]:
        nodes: list[Node] = []
        for place, item in enumerate(plain):
            self._path.append(place)
            nodes.append(self.read(item))
            self._path.pop()
        return tuple(nodes)

    def _group(self, operator: str, members: Sequence[PlainTree]) -> Node:
        """Read a chain; one inside it of the same operator is part of it."""
        place = self._next()
        operands: list[Node] = []
        for node in self._many(members):
            operands += node.operands if isinstance(node, Logic) and node.operator == operator else (node,)
        if not operands:
            message = 'A group has at least one member; write {"boolean": true} to mean every contact.'
            raise self._refusal(ErrorCode.RULE_EMPTY, message)
        return Logic(*place, operator, tuple(operands)) if len(operands) > 1 else operands[0]

    def _comparison(self, content: Any) -> Node:
        sign = COMPARISONS[content["operator"]]
        form = Equality if sign in {"==", "!="} else Order
        return form(*self._next(), sign, self._at("left", content), self._at("right", content))

    def _arithmetic(self, content: Any) -> Node:
        sign = ARITHMETIC[content["operator"]]
        return Arithmetic(*self._next(), sign, self._at("left", content), self._at("right", content))

    def _match(self, content: Any) -> Node:
        place = self._next()
        subject = self._at("subject", content)
        pattern = content["pattern"]
        self._path.append("pattern")
        if len(pattern) > PATTERN_MAX:
            message = f"A regular expression has at most {PATTERN_MAX} characters."
            raise self._refusal(ErrorCode.RULE_TOO_LARGE, message)
        self._guard_text(pattern)
        try:
            compile_regex(pattern)
        except (InvalidPatternError, UnicodeEncodeError) as error:
            message = f"This regular expression is not valid in RE2: {error}."
            raise self._refusal(ErrorCode.RULE_SYNTAX, message) from None
        self._path.pop()
        return Match(*place, subject, pattern, bool(content.get("anywhere")), bool(content.get("negated")))

    def _ternary(self, content: Any) -> Node:
        return Ternary(*self._next(), *(self._at(key, content) for key in ("condition", "then", "else")))

    def _loop(self, content: Any) -> Node:
        place = self._next()
        if self._loops == LOOPS_NESTED_MAX:
            raise self._refusal(ErrorCode.RULE_TOO_LARGE, f"Loops are nested at most {LOOPS_NESTED_MAX} deep.")
        variable = content["variable"]
        self._guard_name(variable.removeprefix("$"), "variable")
        over = self._at("over", content)
        self._loops += 1
        kept = self._maybe("condition", content)
        result = self._at("result", content)
        self._loops -= 1
        return Comprehension(*place, result, variable, over, kept)

    def _guard_name(self, name: str, key: str | None = None) -> None:
        if _NAME.fullmatch(name) is None or name in _KEYWORDS or len(name) > TEXT_CHARACTERS_MAX:
            self._path += () if key is None else (key,)
            message = "A name is a letter, then letters, digits and _; words of the language itself are no names."
            raise self._refusal(ErrorCode.RULE_SYNTAX, message)

    def _guard_text(self, value: str) -> None:
        """Refuse what no text literal may hold; texts that are together too long end the reading early."""
        self._characters += len(value)
        if self._characters > TEXT_CHARACTERS_MAX:
            message = f"A rule has at most {TEXT_CHARACTERS_MAX} characters."
            raise self._refusal(ErrorCode.RULE_TOO_LARGE, message)
        try:
            guard_string(value, "", 0, 0)
        except RuleError as error:
            raise self._refusal(error.code, error.message) from None

    def _text(self, value: str) -> Node:
        if len(value) > STRING_CHARACTERS_MAX or len(write_literal(value)) > STRING_CHARACTERS_MAX + 2:
            message = f"A text literal has at most {STRING_CHARACTERS_MAX} characters."
            raise self._refusal(ErrorCode.RULE_TOO_LARGE, message)
        self._guard_text(value)
        return Constant(*self._next(), value)

    def _number(self, value: str) -> Node:
        place, digits = self._next(), value.removeprefix("-")
        if not self._is_number(digits):
            raise self._refusal(ErrorCode.RULE_SYNTAX, 'This is not a number; write "12", "-1.5" or "2e6".')
        number = self._literal("FloatExpression", digits, "This is not a number; it begins with 0.")
        if digits == value:
            return Constant(*place, number)
        return Minus(*place, Constant(*self._next(), number))

    def _is_number(self, text: str) -> bool:
        try:
            words = tokens(text)
        except RuleError as error:
            if error.code is ErrorCode.RULE_TOO_LARGE:
                raise self._refusal(error.code, error.message) from None
            return False
        return [word.kind for word in words] == ["FLOAT"] and words[0].source == text

    def _null(self, value: bool) -> Node:
        if not value:
            raise self._refusal(ErrorCode.RULE_SYNTAX, "Null is said by true.")
        return Constant(*self._next(), None)

    def _date(self, value: str) -> Node:
        message = "This is not a date; write 2026-01-31 or 2026-01-31T12:30:00."
        return DateConstant(*self._next(), self._literal("DatetimeExpression", value, message))

    def _period(self, value: str) -> Node:
        message = "This is not a period of weeks, days, hours, minutes and seconds; write P30D, PT12H."
        return Constant(*self._next(), self._literal("TimedeltaExpression", value, message))

    def _literal(self, form: str, source: str, message: str) -> Any:
        """Return the value of the literal of that form."""
        try:
            return parse_literal(form, source[:STRING_CHARACTERS_MAX])
        except (ValueError, OverflowError):
            raise self._refusal(ErrorCode.RULE_SYNTAX, message) from None

    def _symbol(self, name: str) -> Node:
        place = self._next()
        owner, dot, own = name.partition(".")
        if not dot:
            self._guard_name(name)
            return Name(*place, name)
        if owner != ATTRIBUTES:
            message = f"A symbol is a name, or {ATTRIBUTES}. and a name; what another value has is of kind attribute."
            raise self._refusal(ErrorCode.RULE_SYNTAX, message)
        self._guard_name(own)
        self._guard_attribute(own)
        return Attribute(*place, Name(*self._next(), owner), own, safe=False)

    def _builtin(self, name: str) -> Node:
        if name not in BUILTINS:
            offered = ", ".join(sorted(BUILTINS))
            raise self._refusal(ErrorCode.RULE_UNSUPPORTED, f"The language itself has only: {offered}.")
        return Builtin(*self._next(), name)

    def _parameter(self, name: str) -> Node:
        self._guard_name(name)
        if name in BUILTINS or name in REFUSED_BUILTINS:
            message = f"${name} is a name of the language itself; a parameter needs another one."
            raise self._refusal(ErrorCode.RULE_PARAMETER, message)
        return Builtin(*self._next(), name)

    def _guard_attribute(self, name: str) -> None:
        if name in REFUSED_ATTRIBUTES:
            raise self._refusal(ErrorCode.RULE_UNSUPPORTED, f".{name} is not part of the language.")

    def _attribute(self, content: Any) -> Node:
        self._guard_name(content["name"], "name")
        self._guard_attribute(content["name"])
        return Attribute(*self._next(), self._at("of", content), content["name"], self._is_safe(content))

    def _is_safe(self, content: Any) -> bool:
        return bool(content.get("safe"))

    def _slice(self, content: Any) -> Node:
        place = self._next()
        container = self._at("of", content)
        return Slice(
            *place, container, self._maybe("start", content), self._maybe("stop", content), self._is_safe(content)
        )

    def _call(self, content: Any) -> Node:
        place = self._next()
        function = self._at("function", content)
        self._path.append("arguments")
        arguments = self._many(content["arguments"])
        self._path.pop()
        return Call(*place, function, arguments)

    def _items(self, items: Sequence[PlainTree]) -> tuple[Node, ...]:
        if len(items) > LIST_ITEMS_MAX:
            raise self._refusal(ErrorCode.RULE_TOO_LARGE, f"A list has at most {LIST_ITEMS_MAX} items.")
        return self._many(items)

    def _set(self, items: Sequence[PlainTree]) -> Node:
        if not items:
            raise self._refusal(ErrorCode.RULE_SYNTAX, "A set has at least one item.")
        return SetOf(*self._next(), self._items(items))

    def _mapping(self, pairs: Sequence[Any]) -> Node:
        place = self._next()
        read: list[tuple[Node, Node]] = []
        for number, pair in enumerate(pairs):
            self._path.append(number)
            read.append((self._at("key", pair), self._at("value", pair)))
            self._path.pop()
        return MappingOf(*place, tuple(read))

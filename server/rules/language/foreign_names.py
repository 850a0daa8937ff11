"""Names and functions of other languages where this one has its own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from server.rules.language.literal_forms import date_form, period_form
from server.rules.language.rewrites import Rewrite, in_parentheses, instead_of, with_parentheses
from server.rules.language.symbols import Symbol, ValueType, Vocabulary
from server.rules.language.tree import (
    Arithmetic,
    Attribute,
    Call,
    Comprehension,
    Constant,
    Contains,
    Equality,
    Kind,
    ListOf,
    Logic,
    Match,
    Minus,
    Name,
    Node,
    Not,
    Order,
    StaticType,
    Ternary,
)

_ATTRIBUTES = {
    "as_upper": ("upper", "ucase", "toupper", "touppercase", "uppercase"),
    "as_lower": ("lower", "lcase", "tolower", "tolowercase", "lowercase", "casefold"),
    "length": ("len", "length", "size", "count", "charlength", "cardinality"),
    "is_empty": ("isempty", "empty", "isblank"),
    "starts_with": ("startswith", "beginswith", "prefix"),
    "ends_with": ("endswith", "suffix"),
    "to_int": ("int", "toint", "parseint", "trunc"),
    "to_flt": ("float", "tofloat", "number", "tonumber"),
    "to_str": ("str", "string", "tostring", "text"),
    "floor": ("floor",),
    "ceiling": ("ceil", "ceiling"),
    "date": ("date", "todate"),
    "year": ("year", "getyear", "getfullyear"),
    "month": ("month", "getmonth"),
    "day": ("day", "dayofmonth", "getdate"),
    "hour": ("hour", "hours", "gethours"),
    "minute": ("minute", "minutes"),
    "weekday": ("weekday", "dayofweek", "dayname"),
    "total_seconds": ("totalseconds",),
}
"""Attribute → what it is called elsewhere, in small letters and without underscores."""

_VALUES = {
    "true": ("true", "yes"),
    "false": ("false",),
    "null": ("null", "none", "nil", "undefined", "blank"),
    "$now": ("now", "currenttimestamp", "sysdate", "currentdatetime", "utcnow"),
    "$today": ("today", "currentdate", "curdate", "workdate"),
}
_BUILTINS = frozenset({"any", "all", "sum", "max", "min", "abs"})
_DEFAULTING = frozenset({"coalesce", "ifnull", "nvl", "isnull"})
_CONTAINING = frozenset({"contains", "includes", "has", "indexof", "contain", "instr", "find"})
_MATCHING = frozenset({"matches", "match", "test", "regexp", "search"})
_OWN_NAME = {other: own for own, others in (_ATTRIBUTES | _VALUES).items() for other in others}
_OWN = "The language's own names begin with $"
_AFTER_POINT = "This is written after the value and a point"
_COMMENT = re.compile(r"(--|//)\s*\Z")
_PERIOD = re.compile(r"P(T?\d+[DWHMSY])+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What was probably meant.

    Attributes:
        part: the part of the rule that the suggestion stands for.
    """

    part: Node
    suggestion: str
    why: str

    @property
    def rewrite(self) -> Rewrite:
        """What to write instead."""
        return instead_of(self.part, self.suggestion)


class ForeignNames:
    """Looks for what is meant by names of one rule that the vocabulary does not have."""

    def __init__(
        self, text: str, vocabulary: Vocabulary, types: Mapping[int, StaticType], parents: Mapping[int, Node]
    ) -> None:
        self._text = text
        self._vocabulary = vocabulary
        self._types = types
        self._parents = parents

    def of_name(self, node: Node, name: str) -> Meaning | None:
        """Return what a name means that stands alone or before parentheses, with or without ``$``."""
        plain = _plain(name)
        parent = self._parents.get(node.index)
        if isinstance(parent, Call) and parent.function is node:
            return self._function(parent, plain)
        own = _OWN_NAME.get(plain)
        if own in _VALUES:
            return Meaning(node, own, _OWN if own.startswith("$") else "This word is written in small letters")
        comment = _COMMENT.search(self._text, 0, node.offset)
        if comment is not None:
            rest = Name(node.index, comment.start(), len(self._text.rstrip()) - comment.start(), name)
            return Meaning(rest, f"# {self._text[node.offset :].rstrip()}", "A comment begins with #")
        if isinstance(parent, Attribute):
            return self._owned(parent, name)
        if f"attributes.{name}" in self._vocabulary.symbols:
            return Meaning(node, f"attributes.{name}", "Custom attributes stand after attributes.")
        member = self._member_of_loop(node, name)
        if member is not None:
            return Meaning(node, member, "What a loop runs over is named by its variable")
        if _PERIOD.fullmatch(name) and period_form(name) is not None:
            return Meaning(node, f't"{period_form(name)}"', 'A period is written t"P30D"')
        return None

    def of_value(self, node: Node, name: str) -> Meaning | None:
        """Return the text that a name without quotes is, where it is compared with text."""
        parent = self._parents.get(node.index)
        holder = self._parents.get(parent.index) if isinstance(parent, ListOf) else parent
        if isinstance(holder, Contains) and holder.container is node and self._kind(holder.member) is Kind.TEXT:
            place = with_parentheses(self._text, node)
            whole = Name(node.index, place.start, place.end - place.start, name)
            return Meaning(whole, f'["{name}"]', "Text stands in quotes, and a list in square brackets")
        others: tuple[Node, ...] = ()
        if isinstance(holder, Equality | Order):
            others = (holder.left, holder.right)
        elif isinstance(holder, Contains):
            others = (holder.member, holder.container)
        if any(
            self._kind(other) in {Kind.TEXT, Kind.LIST} for other in others if other is not node and other is not parent
        ):
            return Meaning(node, f'"{name}"', "Text stands in quotes")
        return None

    def of_attribute(self, node: Attribute) -> Meaning | None:
        """Return what an attribute means that values of this kind do not have."""
        plain = _plain(node.name)
        parent = self._parents.get(node.index)
        call = parent if isinstance(parent, Call) and parent.function is node else None
        target = self._source(node.target)
        if call is not None and len(call.arguments) == 1:
            argument = self._source(call.arguments[0])
            if plain in _CONTAINING:
                return Meaning(call, f"{argument} in {target}", "What is looked for stands before in")
            if plain in _MATCHING:
                return Meaning(call, f"{target} =~ {argument}", "Expressions are compared by =~")
            if plain in {"equals", "eq"}:
                return Meaning(call, f"{target} == {argument}", "Values are compared by signs")
        own = _OWN_NAME.get(plain)
        if own in _ATTRIBUTES and call is not None and not call.arguments:
            return Meaning(call, f"{target}.{own}", "This is written without parentheses")
        if plain in {"days", "age"} and self._kind(node.target) is Kind.INSTANT:
            return Meaning(node, f"($now - {target}).days", "A period has days")
        if own in _ATTRIBUTES:
            start = node.offset + node.length - len(node.name)
            named = Name(node.index, start, len(node.name), node.name)
            return Meaning(named, own, "It has another name here")
        return self._member_of_all(node)

    def of_call(self, node: Call) -> Meaning | None:
        """Return what calling something means that is no function."""
        if node.arguments:
            return None
        word = self._source(node.function)
        return Meaning(node, word, f"{word} is written without parentheses")

    def _function(self, call: Call, name: str) -> Meaning | None:
        if not call.arguments:
            own = _OWN_NAME.get(name, "")
            return Meaning(call, own, _OWN) if own.startswith("$") else None
        if len(call.arguments) == 1:
            return self._function_of_one(call, name)
        return self._function_of_two(call, name) if len(call.arguments) == 2 else None

    def _function_of_one(self, call: Call, name: str) -> Meaning | None:
        (argument,) = call.arguments
        source = self._source(argument)
        if name in _BUILTINS:
            return Meaning(call, f"${name}({source})", _OWN)
        if name == "exists":
            return Meaning(call, f"not {source}.is_empty", "There is no EXISTS")
        if name in {"date", "datetime", "timestamp", "todate"} and isinstance(argument, Constant):
            form = date_form(argument.value) if isinstance(argument.value, str) else None
            if form is not None:
                return Meaning(call, f'd"{form}"', "A date is a literal")
        own = _OWN_NAME.get(name)
        if own not in _ATTRIBUTES:
            return None
        return Meaning(call, f"{in_parentheses(self._text, argument)}.{own}", _AFTER_POINT)

    def _function_of_two(self, call: Call, name: str) -> Meaning | None:
        first, second = (self._source(argument) for argument in call.arguments)
        if name in _DEFAULTING:
            return Meaning(call, f"({first} ?? {second})", "What counts for null stands after ??")
        if name in _CONTAINING:
            return Meaning(call, f"{second} in {first}", "What is looked for stands before in")
        own = _OWN_NAME.get(name)
        if own not in {"starts_with", "ends_with"}:
            return None
        return Meaning(call, f"{in_parentheses(self._text, call.arguments[0])}.{own}({second})", _AFTER_POINT)

    def _owned(self, node: Attribute, owner: str) -> Meaning | None:
        """Return the symbol that is named with an owner: ``contact.country``, ``company.name``."""
        vocabulary = self._vocabulary
        names = {*vocabulary.symbols, *vocabulary.code_sets, *vocabulary.collections}
        for candidate in (f"{owner}_{node.name}", f"attributes.{node.name}", node.name, _snake(node.name)):
            if candidate.lower() in names:
                return Meaning(node, candidate.lower(), "What belongs to the contact stands alone")
        return None

    def _member_of_loop(self, node: Node, name: str) -> str | None:
        """Return ``i.cost`` for ``cost`` inside a loop whose objects have it."""
        parent = self._parents.get(node.index)
        while parent is not None:
            if isinstance(parent, Comprehension) and isinstance(parent.iterable, Name):
                collection = self._vocabulary.collections.get(parent.iterable.name)
                if collection is not None and name in collection.members:
                    return f"{parent.variable}.{name}"
            parent = self._parents.get(parent.index)
        return None

    def _member_of_all(self, node: Attribute) -> Meaning | None:
        """Return the loop that asks what ``interactions.cost > 5`` asks; None where it is not plain what that is."""
        target = node.target
        collection = self._vocabulary.collections.get(target.name) if isinstance(target, Name) else None
        if collection is None or node.name not in collection.members:
            return None
        variable = collection.name[0]
        member, loop = f"{variable}.{node.name}", f"for {variable} in {collection.name}"
        why = f"{collection.name} are many; ask each by a loop"
        top: Node = node
        parent = self._parents.get(node.index)
        while isinstance(parent, Arithmetic | Attribute) or (isinstance(parent, Call) and parent.function is top):
            top, parent = parent, self._parents.get(parent.index)
        asked = parent if isinstance(parent, Equality | Order | Contains | Match) else top
        holder = self._parents.get(asked.index)
        is_argument = isinstance(holder, Call) and holder.function is not asked
        symbol = collection.members[node.name]
        if isinstance(parent, Contains) and parent.container is node and symbol.type is not ValueType.TEXT:
            return Meaning(node, f"[{member} {loop}]", why)
        if asked is top and not is_argument and not (_is_answer(top, node, symbol) and self._is_condition(holder, top)):
            return None
        start = node.offset - asked.offset
        source = self._source(asked)
        condition = source[:start] + member + source[start + node.length :]
        made = f"[{condition} {loop}]"
        return Meaning(asked, made if is_argument else f"$any({made})", why)

    @staticmethod
    def _is_condition(holder: Node | None, part: Node) -> bool:
        """Whether a part is asked for being true."""
        if isinstance(holder, Ternary | Comprehension):
            return holder.condition is part
        return holder is None or (isinstance(holder, Logic | Not) and not isinstance(holder, Minus))

    def _kind(self, node: Node) -> Kind:
        found = self._types.get(node.index)
        return Kind.UNKNOWN if found is None else found.kind

    def _source(self, node: Node) -> str:
        return self._text[node.offset : node.offset + node.length]


def _is_answer(top: Node, member: Attribute, symbol: Symbol) -> bool:
    """Whether what is made of a member is true or false by itself."""
    if top is member:
        return symbol.type is ValueType.BOOLEAN
    named = top.function if isinstance(top, Call) else top
    return isinstance(named, Attribute) and named.name in {"is_empty", "starts_with", "ends_with"}


def _plain(name: str) -> str:
    return name.lstrip("$").replace("_", "").lower()


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)

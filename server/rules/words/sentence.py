"""A rule as an English sentence, such as "The contact's country is DE, and it has at least 3 interactions".

Usual rules read well; odd ones stay unambiguous. What belongs together is told by commas at the outermost level,
by "either … or …" one level down, and by brackets below that.
"""

from server.rules.language.check import CheckedRule
from server.rules.language.symbols import ValueType
from server.rules.language.tree import (
    Arithmetic,
    Attribute,
    Builtin,
    Call,
    Comprehension,
    Constant,
    Contains,
    DateConstant,
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
    Ternary,
)
from server.rules.language.writing import write_literal
from server.rules.one_contact.evaluator import is_constant
from server.rules.words.sentence_loops import Loops
from server.rules.words.sentence_nouns import Nouns, Scope
from server.rules.words.sentence_words import happened, symbol_words
from server.rules.words.wording import listed

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_NUMBERS = {"<": "less than {}", "<=": "at most {}", ">": "more than {}", ">=": "at least {}"}
_INSTANTS = {"<": "before {}", "<=": "{} or earlier", ">": "after {}", ">=": "{} or later"}
_COMPUTED_INSTANTS = {**_INSTANTS, "<": "earlier than {}", ">": "later than {}"}
_TEXTS = {
    "<": "sorted before {}",
    "<=": "{} or sorted before it",
    ">": "sorted after {}",
    ">=": "{} or sorted after it",
}
_AFFIXES = {"starts_with": "start with", "ends_with": "end with"}
_LISTABLE = frozenset({Kind.TEXT, Kind.NUMBER, Kind.INSTANT})
_EVERYBODY = {True: "Every contact.", False: "No contact."}


def rule_sentence(rule: CheckedRule) -> str:
    """Return what a rule asks of a contact, as one English sentence."""
    tree = rule.tree
    if isinstance(tree, Constant) and isinstance(tree.value, bool):
        return _EVERYBODY[tree.value]
    sentence = _Sentence(rule).clause(tree, Scope(), level=0)
    start = len(sentence) - len(sentence.lstrip("("))
    return f"{sentence[:start]}{sentence[start:][:1].upper()}{sentence[start + 1 :]}."


def contact_loops(rule: CheckedRule) -> Loops:
    """Return what writes the loops of a rule where the contact was named before: "its interactions since …"."""
    sentence = _Sentence(rule)
    sentence.nouns.subject(Scope())
    return sentence.loops


class _Sentence:
    """Writes the conditions of one rule."""

    def __init__(self, rule: CheckedRule) -> None:
        self.nouns = Nouns(rule, self._bracketed, self._made_by_loop)
        self.loops = Loops(self.nouns, lambda node, scope: self.clause(node, scope, level=2))

    def clause(self, node: Node, scope: Scope, *, level: int, negated: bool = False) -> str:
        """Return a condition.

        Args:
            node: the condition.
            scope: the loops around it.
            level: 0 for the sentence, 1 for what a comma sets apart, 2 for what stands beside words.
            negated: say that it does not hold.
        """
        match node:
            case Logic() | Ternary() if negated:
                return f"it is not true that {self._bracketed(node, scope)}"
            case Logic():
                return self._chain(node, scope, level)
            case Ternary():
                return self._conditional(node, scope, level)
            case Not() if not isinstance(node, Minus):
                return self.clause(node.operand, scope, level=level, negated=not negated)
            case _:
                return self._test(node, scope, negated=negated)

    def _test(self, node: Node, scope: Scope, *, negated: bool) -> str:
        """Return a condition that is not made of others."""
        match node:
            case Equality():
                return self._equality(node, scope, negated=negated)
            case Order():
                return self._order(node, scope, negated=negated)
            case Contains():
                return self._containment(node, scope, negated=negated)
            case Match():
                return self._match(node, scope, negated=negated)
            case Comprehension() if self.loops.is_plain(node):
                return self.loops.some(node, scope, negated=negated)
            case Call() | Attribute() | Name():
                return self._named(node, scope, negated=negated)
            case _:
                return self._truth(node, scope, negated=negated)

    def _made_by_loop(self, node: Comprehension | Call, scope: Scope) -> str:
        return self.loops.noun(node, scope)

    def _bracketed(self, node: Node, scope: Scope) -> str:
        return f"({self.clause(node, scope, level=1)})"

    def _chain(self, node: Logic, scope: Scope, level: int) -> str:
        if level == 2:
            return self._bracketed(node, scope)
        parts = [self.clause(operand, scope, level=level + 1) for operand in node.operands]
        joined = (", " if level == 0 else " ") + f"{node.operator} "
        return ("either " if node.operator == "or" else "") + joined.join(parts)

    def _conditional(self, node: Ternary, scope: Scope, level: int) -> str:
        condition, chosen, other = (self.clause(part, scope, level=2) for part in node.children())
        said = f"if {condition}, then {chosen}, otherwise {other}"
        return said if level == 0 else f"({said})"

    def _equality(self, node: Equality, scope: Scope, *, negated: bool) -> str:
        subject, other, _ = self._sides(node)
        differs = (node.operator == "!=") is not negated
        many = self._many(subject, scope)
        if many is not None and self.nouns.kind(other) is Kind.NUMBER:
            return self.loops.counted(many, "==", self.nouns.operand(other, scope), scope, negated=differs)
        said = self.nouns.noun(subject, scope)
        if isinstance(other, Constant) and other.value == "":
            return f"{said} is {'not ' if differs else ''}empty"
        timed = self._is_timed(subject) and self.nouns.kind(other) is Kind.INSTANT
        target = self.nouns.instant(other, scope) if timed else self.nouns.operand(other, scope)
        return f"{said} is {'not ' if differs else ''}{target}"

    def _order(self, node: Order, scope: Scope, *, negated: bool) -> str:
        subject, other, operator = self._sides(node)
        many = self._many(subject, scope)
        if many is not None:
            return self.loops.counted(many, operator, self.nouns.operand(other, scope), scope, negated=negated)
        kind = self.nouns.kind(subject)
        forms = {Kind.TEXT: _TEXTS, Kind.INSTANT: _INSTANTS}.get(kind, _NUMBERS)
        if kind is Kind.INSTANT and isinstance(other, Arithmetic):
            forms = _COMPUTED_INSTANTS
        symbol = self.nouns.symbol(subject)
        event = None if symbol is None else happened(symbol, self.nouns.names(subject))
        if event is not None:
            said = f"{self.nouns.owner(subject, scope)} was {'not ' if negated else ''}{event}"
            if isinstance(other, DateConstant):
                forms = {**forms, ">=": "on {} or later"}
            forms = {**forms, "<=": "at {} or earlier"}
        else:
            begins = self.nouns.is_day(subject) and self._is_timed(other) and not is_constant(other)
            noun = self.nouns.instant(subject, scope) if begins else self.nouns.noun(subject, scope)
            said = f"{noun} is{' not' if negated else ''}"
        return f"{said} {forms[operator].format(self._limit(subject, operator, other, scope))}"

    def _limit(self, subject: Node, operator: str, other: Node, scope: Scope) -> str:
        """Return what something is compared with; of a time, "after 1 May" would tell the day wrong."""
        if self._is_timed(subject) and operator in {"<=", ">"}:
            return self.nouns.instant(other, scope)
        if isinstance(other, Arithmetic) and self.nouns.kind(subject) is Kind.INSTANT:
            return self.nouns.noun(other, scope)
        return self.nouns.operand(other, scope)

    def _is_timed(self, node: Node) -> bool:
        """Whether something is an instant that can be at any time of a day."""
        return self.nouns.kind(node) is Kind.INSTANT and not self.nouns.is_day(node)

    def _sides(self, node: Equality | Order) -> tuple[Node, Node, str]:
        """Return what is compared, with what, and the operator in that order: a constant comes second."""
        if is_constant(node.left) and not is_constant(node.right):
            return node.right, node.left, _MIRRORED[node.operator]
        return node.left, node.right, node.operator

    def _many(self, node: Node, scope: Scope) -> Node | None:
        """Return what is counted by ``.length``: a set of codes, a collection, or a loop that keeps its members."""
        if not isinstance(node, Attribute) or node.name != "length" or node.safe:
            return None
        target = node.target
        if isinstance(target, Comprehension):
            return target if self.loops.is_plain(target) else None
        return target if self.nouns.is_many(target, scope) else None

    def _match(self, node: Match, scope: Scope, *, negated: bool) -> str:
        how = _verb("contain" if node.anywhere else "begin with", negated=negated is not node.negated)
        return f"{self.nouns.noun(node.subject, scope)} {how} a match of {write_literal(node.pattern)}"

    def _containment(self, node: Contains, scope: Scope, *, negated: bool) -> str:
        container, member = node.container, node.member
        if isinstance(container, Comprehension):
            return self.loops.among(self.nouns.noun(member, scope), container, scope, negated=negated)
        if isinstance(container, ListOf):
            said = self.nouns.noun(member, scope)
            items = self._listed_items(member, container, scope)
            if items is None:
                return f"{said} is {'not ' if negated else ''}one of {self.nouns.operand(container, scope)}"
            word = ("none of " if len(items) > 1 else "not ") if negated else ""
            return f"{said} is {word}{listed(items, 'or')}"
        said = self.nouns.noun(container, scope)
        inside = self.nouns.operand(member, scope)
        if self.nouns.kind(container) is Kind.TEXT:
            return f"{said} {_verb('contain', negated=negated)} {inside}"
        return f"{said} {'do not include' if negated else 'include'} {inside}"

    def _listed_items(self, member: Node, container: ListOf, scope: Scope) -> list[str] | None:
        """Return the items of a list of literals, any of which the member can equal; None for other lists."""
        kind = self.nouns.kind(member)
        for item in container.items:
            is_null = isinstance(item, Constant) and item.value is None
            if not is_null and not (
                isinstance(item, Constant | DateConstant) and self.nouns.kind(item) is kind and kind in _LISTABLE
            ):
                return None
        write = self.nouns.instant if self._is_timed(member) else self.nouns.noun
        return [write(item, scope) for item in container.items] or None

    def _named(self, node: Node, scope: Scope, *, negated: bool) -> str:
        """Write a call, an attribute or a name that is a condition by itself."""
        match node:
            case Call(function=Builtin(name="any"), arguments=(Comprehension() as loop,)):
                return self.loops.some(loop, scope, negated=negated, extra=[loop.result])
            case Call(function=Builtin(name="all"), arguments=(Comprehension() as loop,)):
                return self.loops.every(loop, scope, negated=negated)
            case Call(function=Attribute(name=name, target=target, safe=False), arguments=(affix,)) if name in _AFFIXES:
                said = f"{self.nouns.noun(target, scope)} {_verb(_AFFIXES[name], negated=negated)}"
                return f"{said} {self.nouns.operand(affix, scope)}"
            case Attribute(name="is_empty", target=Comprehension() as loop, safe=False) if self.loops.is_plain(loop):
                return self.loops.some(loop, scope, negated=not negated)
            case Attribute(name="is_empty", target=target, safe=False):
                if self.nouns.is_many(target, scope):
                    return self.loops.some(target, scope, negated=not negated)
                return f"{self.nouns.noun(target, scope)} is {'not ' if negated else ''}empty"
            case Name() if self.nouns.is_many(node, scope):
                return self.loops.some(node, scope, negated=negated)
        symbol = self.nouns.symbol(node)
        if symbol is not None and symbol.type is ValueType.BOOLEAN:
            name = symbol_words(symbol, self.nouns.names(node))
            owner = self.nouns.owner(node, scope)
            return f'{owner} is {"not " if negated else ""}marked "{name}"'
        return self._truth(node, scope, negated=negated)

    def _truth(self, node: Node, scope: Scope, *, negated: bool) -> str:
        """Write a value that stands where a condition is expected."""
        if isinstance(node, Constant) and isinstance(node.value, bool):
            return "always" if node.value is not negated else "never"
        return f"{self.nouns.noun(node, scope)} {'does not count' if negated else 'counts'} as true"


def _verb(infinitive: str, *, negated: bool) -> str:
    """Return ``starts with``, or ``does not start with``."""
    first, _, rest = infinitive.partition(" ")
    return f"does not {infinitive}" if negated else f"{first}s {rest}".rstrip()

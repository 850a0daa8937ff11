"""The simple questions in tests of single values: of the contact, of an object of a collection, of a code."""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from server.rules.language.check import CheckedRule, type_of
from server.rules.language.engine import ATTRIBUTES
from server.rules.language.regex import required_prefix
from server.rules.language.tree import (
    Attribute,
    Call,
    Coalesce,
    Constant,
    Contains,
    Equality,
    Kind,
    ListOf,
    Match,
    Minus,
    Name,
    Node,
    Order,
)
from server.rules.one_contact.necessary_kinds import NecessaryKind, NecessaryTest, Tests, TextForm

Loops = Mapping[str, str]
"""Loop variable → the collection or set of codes it runs over."""
UNKNOWN = object()
"""Stands for the value of a part that is no literal."""
COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A stored value as a test reads it: ``country``, ``(name ?? "").as_lower``, ``i.template``, ``code``.

    Attributes:
        symbol: as in NecessaryTest.
        kind: NecessaryKind.EQUALS_ANY for a value of the contact, HAS_MEMBER, HAS_CODE.
        nullable: whether what is stored can be null.
        null: what null reads as.
    """

    symbol: str
    kind: NecessaryKind
    nullable: bool
    form: TextForm = TextForm.AS_IS
    null: Any = None


def literal(node: Node) -> Any:
    """Return the value of a literal that is the same at every moment, else UNKNOWN."""
    if isinstance(node, Constant):
        return node.value
    if isinstance(node, Minus) and isinstance(node.operand, Constant) and isinstance(node.operand.value, Decimal):
        return -node.operand.value
    return UNKNOWN


class ValueTests:
    """Finds the questions in tests of single values of one rule."""

    def __init__(self, rule: CheckedRule) -> None:
        self._rule = rule

    def find(self, node: Node, loops: Loops, *, negated: bool) -> Tests | None:
        """Return the questions for a test, or for its negation; None when there are none."""
        match node:
            case Equality() | Order():
                return self._compared(node, loops, negated=negated)
            case Contains(container=ListOf() as container):
                return self._listed(node, container, loops, negated=negated)
            case Match():
                return None if negated != node.negated else self._matched(node, loops)
            case Call(function=Attribute() as function) if not negated:
                return self._affixed(function, node.arguments[0], loops)
            case Attribute(name="is_empty") if type_of(self._rule, node.target).kind is Kind.TEXT:
                return None if negated else self.equal_to(node.target, [""], loops)
            case _:
                return self._flag(node, loops, negated=negated)

    def subject(self, node: Node, loops: Loops) -> Subject | None:
        """Return the stored value that a part reads, None for anything else."""
        match node:
            case Name(name=name) if name in loops:
                is_code = loops[name] in self._rule.vocabulary.code_sets
                return Subject(loops[name], NecessaryKind.HAS_CODE, nullable=False) if is_code else None
            case Name(name=name):
                return self._stored(name)
            case Attribute(target=Name(name=variable), name=name) if variable in loops:
                return self._member(loops[variable], name)
            case Attribute(target=Name(name=owner), name=name) if owner == ATTRIBUTES:
                return self._stored(f"{ATTRIBUTES}.{name}")
            case Attribute(name="as_lower" | "as_upper" as form):
                return self._in_case(self.subject(node.target, loops), TextForm(form))
            case Coalesce(left=left, right=right):
                found, default = self.subject(left, loops), literal(right)
                if found is None or default is UNKNOWN or found.null is not None:
                    return None
                return replace(found, null=default)
            case _:
                return None

    def _stored(self, name: str) -> Subject | None:
        symbol = self._rule.vocabulary.symbols.get(name)
        return None if symbol is None else Subject(name, NecessaryKind.EQUALS_ANY, symbol.nullable)

    def _member(self, collection: str, name: str) -> Subject | None:
        found = self._rule.vocabulary.collections.get(collection)
        if found is None:
            return None
        return Subject(f"{collection}.{name}", NecessaryKind.HAS_MEMBER, found.members[name].nullable)

    def _in_case(self, subject: Subject | None, form: TextForm) -> Subject | None:
        if subject is None or subject.form or subject.kind is not NecessaryKind.EQUALS_ANY:
            return None
        null = subject.null
        if isinstance(null, str):
            null = null.lower() if form is TextForm.LOWER else null.upper()
        return replace(subject, form=form, null=null)

    def equal_to(self, node: Node, values: Iterable[Any], loops: Loops) -> Tests | None:
        """Return the questions for a part being one of these values."""
        subject = self.subject(node, loops)
        if subject is None:
            return None
        accepted = set(values)
        reads_null_as_one = subject.nullable and subject.null in accepted
        accepted.discard(None)
        if reads_null_as_one:
            accepted.add(None)
        if not accepted:
            return ()
        return (NecessaryTest(subject.kind, subject.symbol, frozenset(accepted), subject.form),)

    def _compared(self, node: Equality | Order, loops: Loops, *, negated: bool) -> Tests | None:
        for part, other, sides in ((node.left, node.right, (0, 1)), (node.right, node.left, (1, 0))):
            value = literal(other)
            subject = None if value is UNKNOWN else self.subject(part, loops)
            if subject is None:
                continue
            kinds = {type_of(self._rule, part).kind, type_of(self._rule, other).kind}
            if isinstance(node, Equality):
                differ = value is not None and len(kinds) > 1
                return self._equal(part, subject, value, loops, differ=differ, equal=(node.operator == "==") != negated)
            if subject.kind is NecessaryKind.EQUALS_ANY and subject.nullable and len(kinds) == 1:
                pair = (subject.null, value)
                if COMPARISONS[node.operator](pair[sides[0]], pair[sides[1]]) == negated:
                    return (NecessaryTest(NecessaryKind.NOT_NULL, subject.symbol),)
        return None

    def _equal(
        self, part: Node, subject: Subject, value: Any, loops: Loops, *, differ: bool, equal: bool
    ) -> Tests | None:
        if equal:
            return () if differ else self.equal_to(part, [value], loops)
        if type_of(self._rule, part).kind is Kind.BOOLEAN and not differ:
            return self.equal_to(part, {True, False, None} - {value}, loops)
        if value is None and subject.null is None and subject.kind is NecessaryKind.EQUALS_ANY:
            return (NecessaryTest(NecessaryKind.NOT_NULL, subject.symbol),)
        return None

    def _listed(self, node: Contains, container: ListOf, loops: Loops, *, negated: bool) -> Tests | None:
        values = [literal(item) for item in container.items]
        if UNKNOWN in values or negated:
            return None
        return self.equal_to(node.member, values, loops)

    def _matched(self, node: Match, loops: Loops) -> Tests | None:
        prefix, _, anchored = required_prefix(node.pattern)
        at_start = anchored or not node.anywhere
        return self._with_affix(NecessaryKind.PREFIX, node.subject, prefix if at_start else "", loops)

    def _affixed(self, function: Attribute, argument: Node, loops: Loops) -> Tests | None:
        kind = {"starts_with": NecessaryKind.PREFIX, "ends_with": NecessaryKind.SUFFIX}.get(function.name)
        return None if kind is None else self._with_affix(kind, function.target, literal(argument), loops)

    def _with_affix(self, kind: NecessaryKind, part: Node, affix: Any, loops: Loops) -> Tests | None:
        subject = self.subject(part, loops)
        if subject is None or subject.kind is not NecessaryKind.EQUALS_ANY or type_of(self._rule, part).nullable:
            return None
        if not isinstance(affix, str) or not affix:
            return None
        tests: Tests = (NecessaryTest(kind, subject.symbol, frozenset([affix]), subject.form),)
        if subject.nullable and isinstance(subject.null, str):
            found = subject.null.startswith(affix) if kind is NecessaryKind.PREFIX else subject.null.endswith(affix)
            if found:
                tests += (NecessaryTest(NecessaryKind.EQUALS_ANY, subject.symbol, frozenset([None]), subject.form),)
        return tests

    def _flag(self, node: Node, loops: Loops, *, negated: bool) -> Tests | None:
        if type_of(self._rule, node).kind is not Kind.BOOLEAN:
            return None
        return self.equal_to(node, {False, None} if negated else {True}, loops)

"""One contact at a time: rule-engine itself, and the value of every constant part of a rule at a moment."""

import decimal
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from server.clock import Moment
from server.rules.language.check import CheckedRule
from server.rules.language.convert import Converter
from server.rules.language.engine import ATTRIBUTES, Member, RuleContext, fixed_offset
from server.rules.language.symbols import Symbol, ValueType
from server.rules.language.syntax import build, parse
from server.rules.language.tree import Name, Node, walk
from server.rules.one_contact.contact_values import start_of_day


class Verdict(StrEnum):
    """What a rule says about one contact."""

    TRUE = "TRUE"
    FALSE = "FALSE"
    UNDECIDED = "UNDECIDED"
    """The rule raised: it never adds this contact and never removes it."""


class BuiltRule:
    """A checked rule built for one moment.

    Thread safety: any number of threads may evaluate at once.
    """

    def __init__(self, rule: CheckedRule, moment: Moment) -> None:
        self._context = RuleContext(rule.vocabulary, moment)
        parsed = parse(rule.text, self._context)
        Converter(parsed).tree()
        with decimal.localcontext(self._context.decimal_context):
            self._built = build(parsed).built
        self._root = self._built[rule.tree.index]

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """Return the rule's value; raises whatever rule-engine or Python raises."""
        self._context.reset()
        with decimal.localcontext(self._context.decimal_context):
            return self._root.evaluate(values)

    @property
    def expressions(self) -> Mapping[int, Any]:
        """rule-engine's expressions by node index; of one built rule, so that the explanation may watch them."""
        return self._built

    def evaluate_part(self, node: Node, values: Mapping[str, Any]) -> Any:
        """Return the value of a part outside of loops; raises whatever its evaluation raises."""
        self._context.reset()
        with decimal.localcontext(self._context.decimal_context):
            return self._built[node.index].evaluate(values)

    def constant(self, node: Node) -> Any:
        """Return the value of a part that names no symbol; raises whatever its evaluation raises."""
        self._context.reset()
        with decimal.localcontext(self._context.decimal_context):
            return self._built[node.index].evaluate({})


def is_constant(node: Node) -> bool:
    """Whether a part has one value for all contacts at one moment."""
    return not any(isinstance(part, Name) for part in walk(node))


class Evaluator:
    """Decides single contacts by rule-engine.

    Attributes:
        built: the rule, built for the moment.
    """

    def __init__(self, rule: CheckedRule, moment: Moment) -> None:
        self._rule = rule
        self._moment = moment
        self.built = BuiltRule(rule, moment)
        self._members: dict[str, list[str]] = {}
        self._names: list[str] = []
        for used in sorted(rule.uses):
            owner, _, member = used.partition(".")
            if member:
                self._members.setdefault(owner, []).append(member)
            else:
                self._names.append(used)

    def decide(self, values: Mapping[str, Any]) -> Verdict:
        """Return what the rule says about a contact.

        ``values`` holds at least the names in ``rule.uses``: a day or midnight for DATE, aware instants, decimals,
        a tuple of codes for a code set, a tuple of mappings for a collection, and a mapping under ``attributes``.
        Raises: KeyError when a used name is missing.
        """
        prepared = self.prepared(values)
        try:
            return Verdict.TRUE if self.built.evaluate(prepared) else Verdict.FALSE
        except Exception:  # noqa: BLE001 - a rule may raise anything for hostile values, and then it is undecided
            return Verdict.UNDECIDED

    def prepared(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the contact's values as rule-engine reads them; raises KeyError when a used name is missing."""
        vocabulary = self._rule.vocabulary
        prepared: dict[str, Any] = {}
        for name in self._names:
            if name in vocabulary.symbols:
                prepared[name] = self._value(vocabulary.symbols[name], values[name])
            elif name in vocabulary.code_sets:
                prepared[name] = tuple(values[name])
            elif name in vocabulary.collections:
                prepared[name] = self._objects(name, values[name])
        if ATTRIBUTES in self._members:
            own = {
                name: self._value(vocabulary.symbols[f"{ATTRIBUTES}.{name}"], values[ATTRIBUTES][name])
                for name in self._members[ATTRIBUTES]
            }
            prepared[ATTRIBUTES] = Member(own)
        return prepared

    def _objects(self, name: str, rows: Iterable[Mapping[str, Any]]) -> tuple[Member, ...]:
        members = self._rule.vocabulary.collections[name].members
        read = [(member, members[member]) for member in self._members.get(name, ())]
        return tuple(Member({member: self._value(symbol, row[member]) for member, symbol in read}) for row in rows)

    def _value(self, symbol: Symbol, value: Any) -> Any:
        if value is None:
            return None
        if symbol.type is ValueType.DATE:
            day = value.date() if isinstance(value, datetime) else value
            return day_start(day, self._moment)
        if symbol.type is ValueType.DATETIME:
            return fixed_offset(value, self._moment.zone)
        return value


def day_start(day: date, moment: Moment) -> datetime:
    """Return the instant at which a day begins in the moment's zone: what a DATE means in a rule."""
    return start_of_day(day, moment.zone)

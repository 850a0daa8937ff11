"""What a rule costs when it is asked of all contacts."""

from enum import StrEnum
from typing import Any, TypeGuard

from server.rules.language.check import CheckedRule
from server.rules.language.symbols import SideRowSource, Vocabulary
from server.rules.language.tree import Logic, Name, Node, Order
from server.rules.one_contact.evaluator import is_constant
from server.rules.one_contact.necessary import necessary_tests
from server.rules.one_contact.necessary_kinds import NecessaryKind, NecessaryTest, TextForm
from server.rules.sql.bracket import Bracket


class RuleCost(StrEnum):
    """How the contacts are found for which a rule is true."""

    INDEX = "INDEX"
    """An index finds the contacts."""
    SCAN = "SCAN"
    """The database tests every contact."""
    CONTACT_BY_CONTACT = "CONTACT_BY_CONTACT"
    """Some contacts are decided one by one, outside the database."""


_LOOKED_UP = frozenset(
    {
        NecessaryKind.EQUALS_ANY,
        NecessaryKind.PREFIX,
        NecessaryKind.HAS_CODE,
        NecessaryKind.HAS_MEMBER,
    }
)
"""Questions that an index answers by going to a place; an end of a text, or being there at all, is no place."""


def rule_cost(rule: CheckedRule, bracket: Bracket) -> RuleCost:
    """Return what asking the rule of all contacts costs."""
    if not bracket.exact:
        return RuleCost.CONTACT_BY_CONTACT
    tests = necessary_tests(rule, lambda test: _is_looked_up(test, rule.vocabulary))
    if tests is not None and all(_is_looked_up(test, rule.vocabulary) for test in tests):
        return RuleCost.INDEX
    conditions = rule.tree.operands if _is_conjunction(rule.tree) else (rule.tree,)
    return RuleCost.INDEX if any(_is_range(part, rule.vocabulary) for part in conditions) else RuleCost.SCAN


def _is_looked_up(test: NecessaryTest, vocabulary: Vocabulary) -> bool:
    """Whether an index leads to the contacts that answer a question with yes."""
    if test.kind not in _LOOKED_UP:
        return False
    symbol = vocabulary.symbols.get(test.symbol)
    if symbol is not None:
        if isinstance(symbol.source, SideRowSource) and _accepts(test, symbol.source.default):
            return False  # a contact without a row has the default, and no index knows it
        if test.form is TextForm.AS_IS:
            return symbol.indexed
        return test.form is TextForm.LOWER and symbol.folded is not None
    owner, _, member = test.symbol.partition(".")
    collection = vocabulary.collections.get(owner)
    return test.symbol in vocabulary.code_sets or (collection is not None and collection.members[member].indexed)


def _accepts(test: NecessaryTest, default: Any) -> bool:
    if test.kind is NecessaryKind.PREFIX:
        return isinstance(default, str) and default.startswith(tuple(test.values))
    return default in test.values


def _is_conjunction(node: Node) -> TypeGuard[Logic]:
    return isinstance(node, Logic) and node.operator == "and"


def _is_range(node: Node, vocabulary: Vocabulary) -> bool:
    """Whether a part compares an indexed value with a constant."""
    if not isinstance(node, Order):
        return False
    for part, other in ((node.left, node.right), (node.right, node.left)):
        symbol = vocabulary.symbols.get(part.name) if isinstance(part, Name) else None
        if symbol is not None and symbol.indexed and is_constant(other):
            return True
    return False

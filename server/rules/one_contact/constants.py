"""The parts of a rule that have one value for all contacts at one moment."""

import decimal
from typing import Any

from server.clock import Moment
from server.rules.language.check import CheckedRule
from server.rules.language.engine import DECIMALS
from server.rules.language.tree import Builtin, Constant, DateConstant, Node
from server.rules.one_contact.closure_function import function_of
from server.rules.one_contact.closure_source import SourceWriter
from server.rules.one_contact.closure_writing import NotWritableError, leaf_value
from server.rules.one_contact.evaluator import BuiltRule


class ConstantParts:
    """Computes the parts of one rule that name no symbol, for one moment; nothing is parsed for it."""

    def __init__(self, rule: CheckedRule, moment: Moment) -> None:
        self._rule = rule
        self._moment = moment
        self._known: dict[int, tuple[Node, Any]] = {}

    def constant(self, node: Node) -> Any:
        """Return the value of a part that names no symbol; raises whatever its evaluation raises."""
        if isinstance(node, (Constant, DateConstant, Builtin)):
            return leaf_value(node, self._moment)
        known = self._known.get(id(node))
        if known is None:
            known = self._known[id(node)] = node, self._computed(node)
        return known[1]

    def _computed(self, node: Node) -> Any:
        try:
            function = function_of(SourceWriter(self._rule, self._moment).write(node))
        except NotWritableError:
            return BuiltRule(self._rule, self._moment).constant(node)
        with decimal.localcontext(DECIMALS):
            return function(None)

"""One contact, decided by a Python function that is made from the rule's tree."""

import decimal
from collections.abc import Callable, Mapping
from typing import Any

from server.clock import Moment
from server.rules.language.check import CheckedRule
from server.rules.language.engine import DECIMALS
from server.rules.one_contact.closure_function import function_of
from server.rules.one_contact.closure_source import SourceWriter
from server.rules.one_contact.closure_writing import NotWritableError, Sharing, Source
from server.rules.one_contact.constants import ConstantParts
from server.rules.one_contact.contact_values import IrregularValueError, MissingValueError, PreparedContact
from server.rules.one_contact.evaluator import Evaluator, Verdict


class Closure:
    """A rule as a function of one contact, for one moment; it says what rule-engine says, many times faster.

    Attributes:
        native: whether the rule is a Python function of its own; else rule-engine decides every contact.

    Thread safety: any number of threads may decide at once, each with its own contact.
    """

    __slots__ = ("_arithmetic", "_evaluator", "_function", "_moment", "_rule", "native")

    def __init__(self, rule: CheckedRule, moment: Moment) -> None:
        self._rule = rule
        self._moment = moment
        self._evaluator: Evaluator | None = None
        self._function: Callable[[PreparedContact], Any] | None = None
        self._arithmetic = False
        try:
            source = rule_source(rule, moment)
            self._function = function_of(source)
            self._arithmetic = source.arithmetic
        except NotWritableError:
            self._function = None
        self.native = self._function is not None

    def decide(self, values: Mapping[str, Any]) -> Verdict:
        """Return what the rule says about a contact.

        ``values`` is as for ``Evaluator.decide``, or the same prepared for rules of this vocabulary and zone.
        Raises: KeyError when a name that is read is missing.
        """
        contact = values if isinstance(values, PreparedContact) else self.prepared(values)
        function = self._function
        if function is None:
            return self._by_engine(contact)
        try:
            if self._arithmetic:
                with decimal.localcontext(DECIMALS):
                    return Verdict.TRUE if function(contact) else Verdict.FALSE
            return Verdict.TRUE if function(contact) else Verdict.FALSE
        except MissingValueError:
            raise
        except IrregularValueError:
            return self._by_engine(contact)
        except Exception:  # noqa: BLE001 - a rule may raise anything for hostile values, and then it is undecided
            return Verdict.UNDECIDED

    def prepared(self, values: Mapping[str, Any]) -> PreparedContact:
        """Return the contact for any number of rules of this vocabulary and zone."""
        return PreparedContact(values, self._rule.vocabulary, self._moment.zone)

    def _by_engine(self, contact: PreparedContact) -> Verdict:
        if self._evaluator is None:
            self._evaluator = Evaluator(self._rule, self._moment)
        return self._evaluator.decide(contact.given)


def compile_closure(rule: CheckedRule, moment: Moment) -> Closure:
    """Return the rule as a function of one contact at this moment."""
    return Closure(rule, moment)


def rule_source(rule: CheckedRule, moment: Moment, sharing: Sharing | None = None) -> Source:
    """Return the rule as the source of an expression that counts as true where the rule is true.

    ``sharing`` keeps what rules have in common. Raises: NotWritableError.
    """
    try:
        return SourceWriter(rule, moment, ConstantParts(rule, moment).constant, sharing).write_truth(rule.tree)
    except RecursionError as error:
        raise NotWritableError from error

"""A rule in the index, and how many of them are decided for one contact."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from server.clock import Moment
from server.rules.language.check import CheckedRule
from server.rules.one_contact.closure_function import Rows, selection_of
from server.rules.one_contact.closure_writing import NotWritableError, Sharing
from server.rules.one_contact.closures import Closure, rule_source
from server.rules.one_contact.contact_values import IrregularValueError, MissingValueError, PreparedContact
from server.rules.one_contact.evaluator import Verdict
from server.rules.one_contact.necessary import necessary_tests
from server.rules.one_contact.necessary_kinds import Tests

Selection = Callable[[PreparedContact, Rows], list[Any]]


class Entry:
    """A rule in the index; equal to itself only.

    Attributes:
        key: what the owner of the index calls it.
        tests: as ``necessary_tests`` gives them; None: every contact must be asked.
        selection: the function that decides all rules of this shape, None where rule-engine must.
        row: what makes this rule of the shape: itself, and what the names of the source are bound to.
    """

    __slots__ = ("_closure", "_moment", "key", "row", "rule", "selection", "tests")

    def __init__(self, key: Any, rule: CheckedRule, moment: Moment, sharing: Sharing) -> None:
        self.key = key
        self.rule = rule
        self.tests: Tests | None = necessary_tests(rule)
        self.selection: Selection | None = None
        self.row: tuple[Any, ...] = (self,)
        self._moment = moment
        self._closure: Closure | None = None
        try:
            source = rule_source(rule, moment, sharing)
            self.selection = selection_of(source)
            self.row = self, *source.names.values()
        except NotWritableError:
            self.selection = None

    def verdict(self, contact: PreparedContact) -> Verdict:
        """Return what the rule says about a contact; in the language's decimal context."""
        if self.selection is None:
            return self._alone(contact)
        try:
            return Verdict.TRUE if self.selection(contact, (self.row,)) else Verdict.FALSE
        except MissingValueError:
            raise
        except IrregularValueError:
            return self._alone(contact)
        except Exception:  # noqa: BLE001 - a rule may raise anything for hostile values, and then it is undecided
            return Verdict.UNDECIDED

    def _alone(self, contact: PreparedContact) -> Verdict:
        if self._closure is None:
            self._closure = Closure(self.rule, self._moment)
        return self._closure.decide(contact)


@dataclass(slots=True)
class Group:
    """Rules of one shape; ``rows`` is replaced and never changed."""

    selection: Selection | None
    rows: tuple[tuple[Any, ...], ...]


Bucket = tuple[Group, ...]


def with_entry(bucket: Bucket, entry: Entry) -> Bucket:
    """Return the bucket with one rule more."""
    for group in bucket:
        if group.selection is entry.selection:
            group.rows = (*group.rows, entry.row)
            return bucket
    return (*bucket, Group(entry.selection, (entry.row,)))


def without_entry(bucket: Bucket, entry: Entry) -> Bucket:
    """Return the bucket without a rule that is in it."""
    for group in bucket:
        if group.selection is entry.selection:
            group.rows = tuple([row for row in group.rows if row[0] is not entry])
            return bucket if group.rows else tuple([other for other in bucket if other is not group])
    return bucket


@dataclass(slots=True)
class Decided:
    """What rules say about one contact; those in neither set are false.

    Attributes:
        true: the rules that are true.
        undecided: the rules that raise.
    """

    true: set[Entry] = field(default_factory=set)
    undecided: set[Entry] = field(default_factory=set)


def decide_all(contact: PreparedContact, groups: Iterable[Group]) -> Decided:
    """Decide rules for one contact, those of one shape together; in the language's decimal context."""
    decided = Decided()
    for group in groups:
        true = _true_entries(contact, group)
        if true is None:
            _decide_each(contact, group, decided)
        else:
            decided.true.update(true)
    return decided


def _true_entries(contact: PreparedContact, group: Group) -> list[Entry] | None:
    """Return the rules of a group that are true; None where they must be decided one by one."""
    if group.selection is None:
        return None
    try:
        return group.selection(contact, group.rows)
    except MissingValueError:
        raise
    except Exception:  # noqa: BLE001 - one of them raises, or a value is irregular
        return None


def _decide_each(contact: PreparedContact, group: Group, decided: Decided) -> None:
    for row in group.rows:
        verdict = row[0].verdict(contact)
        if verdict is Verdict.TRUE:
            decided.true.add(row[0])
        elif verdict is Verdict.UNDECIDED:
            decided.undecided.add(row[0])

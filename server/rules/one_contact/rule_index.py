"""Any number of rules, asked about one contact at a time.

A contact finds its candidates by simple questions that are necessary for the rules (see ``necessary``), the candidates
are decided by functions made of them, those of one shape together, and what several compare is computed once.
"""

import decimal
import threading
from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from server.clock import Moment
from server.rules.language.check import CheckedRule
from server.rules.language.engine import DECIMALS
from server.rules.language.symbols import Vocabulary
from server.rules.one_contact.changed_names import changed_names
from server.rules.one_contact.contact_values import PreparedContact
from server.rules.one_contact.index_entries import Decided, Entry, decide_all
from server.rules.one_contact.index_tables import Table
from server.rules.one_contact.shared_parts import SharedParts

Key = TypeVar("Key", bound=Hashable)


class RuleIndex(Generic[Key]):
    """Finds the rules that are true of a contact, and those that a change of it flips.

    The values of a contact are as for ``Evaluator.decide``, of the declared types, with all names that a rule in the
    index reads.

    Thread safety: any number of threads may read, also while one adds or discards; writers wait for each other.
    """

    def __init__(self, vocabulary: Vocabulary, moment: Moment) -> None:
        self._vocabulary = vocabulary
        self._moment = moment
        self._entries: dict[Key, Entry] = {}
        self._all = Table()
        self._by_name: dict[str, Table] = {}
        self._parts = SharedParts()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, key: Key, rule: CheckedRule) -> None:
        """Put a rule in, in place of one with the same key."""
        with self._lock:
            self._discard(key)
            self._add(key, rule)

    def discard(self, key: Key) -> None:
        """Take a rule out, if it is there."""
        with self._lock:
            self._discard(key)

    def move_to(self, moment: Moment) -> None:
        """Let another moment be now: the rules that use the clock, or all if the zone changes, are made anew."""
        with self._lock:
            every = moment.zone is not self._moment.zone
            self._moment = moment
            for key, entry in list(self._entries.items()):
                if every or entry.rule.uses_clock:
                    self._discard(key)
                    self._add(key, entry.rule)

    def affected(self, changed: Collection[str]) -> set[Key]:
        """Return the rules that read one of these names."""
        return {entry.key for table in self._tables(changed) for entry in table.entries()}

    def clocked(self) -> set[Key]:
        """Return the rules whose answer can change although no data does."""
        return {entry.key for entry in self._all.entries() if entry.rule.uses_clock}

    def matching(self, values: Mapping[str, Any], changed: Collection[str] | None = None) -> set[Key]:
        """Return the rules that are true of a contact: of all, or of those that read a changed name."""
        return {entry.key for entry in self._decided(self.prepared(values), changed).true}

    def flips(
        self, before: Mapping[str, Any], after: Mapping[str, Any], changed: Collection[str] | None = None
    ) -> tuple[set[Key], set[Key]]:
        """Return the rules that a change of a contact makes true, and those it makes false.

        ``changed`` names what may differ; by default the values are compared. A rule that raises adds nobody and
        removes nobody: it is in neither set when it raises after the change, and it is in one of them when it raised
        before and decides now.
        """
        names = changed_names(before, after, tuple(self._by_name)) if changed is None else changed
        was = self._decided(self.prepared(before), names)
        now = self._decided(self.prepared(after), names)
        joined = now.true - was.true
        left = (was.true | was.undecided) - now.true - now.undecided
        return {entry.key for entry in joined}, {entry.key for entry in left}

    def prepared(self, values: Mapping[str, Any]) -> PreparedContact:
        """Return a contact that may be asked about several times."""
        if isinstance(values, PreparedContact):
            return values
        return PreparedContact(values, self._vocabulary, self._moment.zone)

    def _add(self, key: Key, rule: CheckedRule) -> None:
        self._adopt(rule.vocabulary)
        entry = Entry(key, rule, self._moment, self._parts)
        self._entries[key] = entry
        self._all.put(entry)
        for name in rule.uses:
            self._by_name.setdefault(name, Table()).put(entry)

    def _discard(self, key: Key) -> None:
        entry = self._entries.pop(key, None)
        if entry is None:
            return
        self._all.drop(entry)
        for name in entry.rule.uses:
            self._by_name[name].drop(entry)

    def _adopt(self, vocabulary: Vocabulary) -> None:
        """Learn the names that a rule may use: a vocabulary that was read later has attributes that were made later."""
        own = self._vocabulary
        if vocabulary is not own and not vocabulary.symbols.keys() <= own.symbols.keys():
            self._vocabulary = Vocabulary(
                own.key, {**own.symbols, **vocabulary.symbols}, vocabulary.code_sets, vocabulary.collections
            )

    def _tables(self, changed: Collection[str] | None) -> Iterable[Table]:
        if changed is None:
            return (self._all,)
        names = set(changed)
        read = {name for name in names if name.partition(".")[0] not in names - {name}}  # a member with its collection
        return [self._by_name[name] for name in read if name in self._by_name]

    def _decided(self, contact: PreparedContact, changed: Collection[str] | None) -> Decided:
        groups = [group for table in self._tables(changed) for group in table.candidates(contact)]
        with decimal.localcontext(DECIMALS):
            return decide_all(contact, groups)

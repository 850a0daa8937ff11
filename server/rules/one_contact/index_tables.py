"""Where rules are kept by the simple questions that are necessary for them, so that a contact finds the few it answers.

Reading takes no lock: what a reader walks over are tuples that a writer replaces and never changes, and beside them it
only looks single keys up. A reader beside a writer sees a rule that is being added, or does not.
"""

from collections.abc import Callable, Iterator
from typing import Any

from server.rules.one_contact.contact_values import IrregularValueError, PreparedContact
from server.rules.one_contact.index_entries import Bucket, Entry, Group, with_entry, without_entry
from server.rules.one_contact.necessary_kinds import NecessaryKind, NecessaryTest, TextForm


class _Buckets(dict[Any, Bucket]):
    """Rules by a value."""

    def put(self, value: Any, entry: Entry) -> None:
        self[value] = with_entry(self.get(value, ()), entry)

    def drop(self, value: Any, entry: Entry) -> None:
        rest = without_entry(self[value], entry)
        if rest:
            self[value] = rest
        else:
            del self[value]


class _Question:
    """All rules for which one kind of question about one symbol is necessary, by the values asked for."""

    def __init__(self, test: NecessaryTest) -> None:
        self._symbol = test.symbol
        self._form = test.form
        self._buckets = _Buckets()

    def put(self, test: NecessaryTest, entry: Entry) -> None:
        for value in test.values:
            self._buckets.put(value, entry)

    def drop(self, test: NecessaryTest, entry: Entry) -> None:
        for value in test.values:
            self._buckets.drop(value, entry)

    def found(self, contact: PreparedContact) -> Iterator[Bucket]:
        """Yield the rules for which the contact answers with yes; one rule may come several times."""
        value = _formed(contact[self._symbol], self._form)
        bucket = self._buckets.get(value)
        if bucket is not None:
            yield bucket


class _CodeQuestion(_Question):
    """Which codes are in a set."""

    def found(self, contact: PreparedContact) -> Iterator[Bucket]:
        buckets = self._buckets
        for code in contact[self._symbol]:
            bucket = buckets.get(code)
            if bucket is not None:
                yield bucket


class _MemberQuestion(_Question):
    """Which values the objects of a collection have in one place."""

    def __init__(self, test: NecessaryTest) -> None:
        super().__init__(test)
        self._collection, _, self._member = test.symbol.partition(".")

    def found(self, contact: PreparedContact) -> Iterator[Bucket]:
        name, buckets = self._member, self._buckets
        for value in {member[name] for member in contact[self._collection]}:
            bucket = buckets.get(value)
            if bucket is not None:
                yield bucket


class _PresenceQuestion(_Question):
    """Whether there is a value, a code or an object at all."""

    def __init__(self, test: NecessaryTest) -> None:
        super().__init__(test)
        self._is_many = test.kind is NecessaryKind.NOT_EMPTY

    def put(self, test: NecessaryTest, entry: Entry) -> None:  # noqa: ARG002
        self._buckets.put(None, entry)

    def drop(self, test: NecessaryTest, entry: Entry) -> None:  # noqa: ARG002
        self._buckets.drop(None, entry)

    def found(self, contact: PreparedContact) -> Iterator[Bucket]:
        value = contact[self._symbol]
        if value if self._is_many else value is not None:
            yield self._buckets.get(None, ())


class _AffixQuestion(_Question):
    """What a text begins or ends with; the lengths that occur are tried one by one."""

    def __init__(self, test: NecessaryTest) -> None:
        super().__init__(test)
        self._at_start = test.kind is NecessaryKind.PREFIX
        self._counts: dict[int, int] = {}
        self._lengths: tuple[int, ...] = ()

    def put(self, test: NecessaryTest, entry: Entry) -> None:
        super().put(test, entry)
        self._count(test, 1)

    def drop(self, test: NecessaryTest, entry: Entry) -> None:
        super().drop(test, entry)
        self._count(test, -1)

    def _count(self, test: NecessaryTest, change: int) -> None:
        for text in test.values:
            self._counts[len(text)] = self._counts.get(len(text), 0) + change
        self._lengths = tuple(length for length, count in self._counts.items() if count)

    def found(self, contact: PreparedContact) -> Iterator[Bucket]:
        text = _formed(contact[self._symbol], self._form)
        if text is None:
            return
        buckets, size = self._buckets, len(text)
        for length in self._lengths:
            if length <= size:
                bucket = buckets.get(text[:length] if self._at_start else text[size - length :])
                if bucket is not None:
                    yield bucket


_QUESTIONS: dict[NecessaryKind, Callable[[NecessaryTest], _Question]] = {
    NecessaryKind.EQUALS_ANY: _Question,
    NecessaryKind.PREFIX: _AffixQuestion,
    NecessaryKind.SUFFIX: _AffixQuestion,
    NecessaryKind.NOT_NULL: _PresenceQuestion,
    NecessaryKind.HAS_CODE: _CodeQuestion,
    NecessaryKind.HAS_MEMBER: _MemberQuestion,
    NecessaryKind.NOT_EMPTY: _PresenceQuestion,
}


def _formed(value: Any, form: TextForm) -> Any:
    if form is TextForm.AS_IS or value is None:
        return value
    return value.lower() if form is TextForm.LOWER else value.upper()


class Table:
    """Rules with the questions that are necessary for them; for one writer and any number of readers."""

    def __init__(self) -> None:
        self._entries: dict[Entry, None] = {}
        self._everyone = _Buckets()
        self._questions: dict[tuple[NecessaryKind, str, TextForm], _Question] = {}
        self._asked: tuple[_Question, ...] = ()

    def put(self, entry: Entry) -> None:
        """Put a rule in."""
        self._entries[entry] = None
        if entry.tests is None:
            self._everyone.put(None, entry)
            return
        for test in entry.tests:
            self._question(test).put(test, entry)

    def drop(self, entry: Entry) -> None:
        """Take a rule out that is there."""
        if entry.tests is None:
            self._everyone.drop(None, entry)
        for test in entry.tests or ():
            self._question(test).drop(test, entry)
        del self._entries[entry]

    def entries(self) -> list[Entry]:
        """Return all rules."""
        return list(self._entries)

    def candidates(self, contact: PreparedContact) -> list[Group]:
        """Return the rules that may be true of a contact or raise for it, some several times; all others are false."""
        found = [*self._everyone.get(None, ())]
        try:
            for question in self._asked:
                for bucket in question.found(contact):
                    found.extend(bucket)
        except IrregularValueError:
            return [Group(entry.selection, (entry.row,)) for entry in self._entries.copy()]
        return found

    def _question(self, test: NecessaryTest) -> _Question:
        key = test.kind, test.symbol, test.form
        question = self._questions.get(key)
        if question is None:
            question = self._questions[key] = _QUESTIONS[test.kind](test)
            self._asked = tuple(self._questions.values())
        return question

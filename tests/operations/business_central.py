"""Business Central's algorithm for the lines of a segment, contact by contact: what the set statements must equal."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum


class Says(Enum):
    """What a rule says of one contact."""

    YES = "YES"
    NO = "NO"
    RAISES = "RAISES"


@dataclass(frozen=True)
class Person:
    """A contact, company or person, with what the algorithm looks at."""

    id: int
    no: str
    type: str
    name: str
    country: str | None
    divisor: int
    company: int | None
    excluded: bool = False
    blocked: bool = False


Rule = Callable[[Person], Says]


@dataclass(frozen=True)
class Line:
    no: int
    contact: int


@dataclass
class Worksheet:
    """One segment and the actions on it; contacts are looked at one by one, in the order of their keys."""

    contacts: Sequence[Person]
    lines: tuple[Line, ...] = ()
    last_line_no: int = 0
    undecided: int = 0
    skipped: int = 0
    done: list[tuple[Line, ...]] = field(default_factory=list)
    undone: list[tuple[Line, ...]] = field(default_factory=list)

    def _contact(self, id_: int) -> Person:
        return next(contact for contact in self.contacts if contact.id == id_)

    def _company_name(self, contact: Person) -> str:
        return "" if contact.company is None else self._contact(contact.company).name.casefold()

    def _company_no(self, contact: Person) -> str:
        return "" if contact.company is None else self._contact(contact.company).no

    def _place(self, contact: Person) -> tuple[str, str, bool, str, str]:
        """Return by what new lines are ordered: names whatever the case of their letters."""
        of_company = self._company_name(contact), self._company_no(contact)
        return *of_company, contact.type == "PERSON", contact.name.casefold(), contact.no

    def _everyone_of(self, company: int) -> list[Person]:
        return [contact for contact in self.contacts if contact.company == company]

    def _close(self, lines: Iterable[Line]) -> None:
        self.done.append(self.lines)
        self.undone.clear()
        self.lines = tuple(lines)

    def _append(self, contacts: Iterable[Person]) -> None:
        lines = list(self.lines)
        for contact in contacts:
            self.last_line_no += 10
            lines.append(Line(self.last_line_no, contact.id))
        self._close(lines)

    def add(
        self,
        rule: Rule,
        *,
        allow_existing_contacts: bool = False,
        expand_companies: bool = False,
        allow_company_with_persons: bool = False,
        ignore_exclusion: bool = False,
        skip_privacy_blocked: bool = True,
    ) -> None:
        said = {contact.id: rule(contact) for contact in self.contacts}
        self.undecided = list(said.values()).count(Says.RAISES)
        found = [contact for contact in self.contacts if said[contact.id] is Says.YES]
        if expand_companies:
            found = self._with_everyone(found)
        if allow_company_with_persons:
            found = self._with_companies(found)
        if not ignore_exclusion:
            found = [contact for contact in found if not contact.excluded]
        if skip_privacy_blocked:
            found = [contact for contact in found if not contact.blocked]
        if not allow_existing_contacts:
            found = [contact for contact in found if all(line.contact != contact.id for line in self.lines)]
        found.sort(key=self._place)
        self._append(found)

    def _with_everyone(self, found: list[Person]) -> list[Person]:
        expanded: list[Person] = []
        for contact in found:
            for other in [contact] if contact.company is None else self._everyone_of(contact.company):
                if other not in expanded:
                    expanded.append(other)
        return expanded

    def _with_companies(self, found: list[Person]) -> list[Person]:
        completed = list(found)
        for contact in found:
            if contact.company is not None and self._contact(contact.company) not in completed:
                completed.append(self._contact(contact.company))
        return completed

    def _asked(self, *, entire_companies: bool) -> list[Person]:
        asked: list[Person] = []
        for line in self.lines:
            contact = self._contact(line.contact)
            for other in (
                [contact] if contact.company is None or not entire_companies else self._everyone_of(contact.company)
            ):
                if other not in asked:
                    asked.append(other)
        return asked

    def _matching(self, rule: Rule, counts_as_match: set[Says], *, entire_companies: bool) -> set[int]:
        asked = self._asked(entire_companies=entire_companies)
        said = {contact.id: rule(contact) for contact in asked}
        self.undecided = list(said.values()).count(Says.RAISES)
        matching: set[int] = set()
        for contact in asked:
            if said[contact.id] in counts_as_match:
                matching.add(contact.id)
                if entire_companies and contact.company is not None:
                    matching.update(other.id for other in self._everyone_of(contact.company))
        return matching

    def reduce(self, rule: Rule, *, entire_companies: bool = False) -> None:
        matching = self._matching(rule, {Says.YES}, entire_companies=entire_companies)
        self._close(line for line in self.lines if line.contact not in matching)

    def refine(self, rule: Rule, *, entire_companies: bool = False) -> None:
        matching = self._matching(rule, {Says.YES, Says.RAISES}, entire_companies=entire_companies)
        self._close(line for line in self.lines if line.contact in matching)

    def pin(self, contacts: Sequence[Person], *, allow_existing_contacts: bool = False) -> None:
        added: list[Person] = []
        for contact in contacts:
            standing = contact in added or any(line.contact == contact.id for line in self.lines)
            if allow_existing_contacts or not standing:
                added.append(contact)
        self.undecided = 0
        self.skipped = len(contacts) - len(added)
        self._append(added)

    def unpin(self, line_nos: Sequence[int]) -> None:
        self.undecided = 0
        self._close(line for line in self.lines if line.no not in line_nos)

    def undo(self) -> None:
        self.undecided = 0
        self.undone.append(self.lines)
        self.lines = self.done.pop()

    def redo(self) -> None:
        self.undecided = 0
        self.done.append(self.lines)
        self.lines = self.undone.pop()

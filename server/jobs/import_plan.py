"""Decides, row by row and without the database, what a chunk of an import does."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from server.clock import Moment
from server.errors import TesseraError
from server.jobs.attribute_rows import AttributeRow
from server.jobs.csv_records import Record
from server.jobs.import_lookups import CODE_LISTS_BY_NAME, Lookups
from server.jobs.import_rows import Candidate
from server.operations.contacts.attributes import Attribute
from server.operations.contacts.contact_rules import ContactRow, changed_contact, new_contact
from server.operations.contacts.contact_setup import ContactSetup


class Rejected(Exception):  # noqa: N818 - a verdict about a row, not an error of the program
    """A row cannot be used; the text says why."""


@dataclass(slots=True)
class Change:
    """A contact that a row changes.

    Attributes:
        row: the contact as it is.
        changes: the columns that change.
        touched: attributes and code lists that change, in the names of rules.
    """

    row: ContactRow
    changes: Mapping[str, Any]
    touched: set[str]


@dataclass(slots=True)
class EntangledChange:
    """A change that reaches beyond the contact, so that its place among the others matters.

    Of a type or a company; of a company that another row of the chunk belongs to or names; and of a person after such
    a change of its company.

    Attributes:
        candidate: the row.
        row: the contact as it was before the chunk.
        company: the company that the row names, if it names another contact; its number may be given later.
    """

    candidate: Candidate
    row: ContactRow
    company: ContactRow | None


@dataclass(slots=True)
class Batch:
    """Planned rows whose order does not matter, except that new contacts come in theirs.

    Attributes:
        contacts: new rows of ``contact``; ``no`` is None where the series gives it.
        changes: contacts whose own columns, attributes or codes change.
        new_attributes: column of ``contact_attribute`` → rows with a value in it.
        changed_attributes: the same for rows that exist.
        new_codes: list → rows of contact and code.
    """

    contacts: list[dict[str, Any]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    new_attributes: dict[str, list[AttributeRow]] = field(default_factory=lambda: defaultdict(list))
    changed_attributes: dict[str, list[AttributeRow]] = field(default_factory=lambda: defaultdict(list))
    new_codes: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))


@dataclass(slots=True)
class ChunkResult:
    """What became of the rows of a chunk; every row is in one of the first four.

    Attributes:
        rejected: rows with the reason.
        contact_ids: the contacts that the other rows stand for.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[tuple[Record, str]] = field(default_factory=list)
    contact_ids: set[int] = field(default_factory=set)


class Planner:
    """Plans the rows of one chunk in their order, so that a person may name a company of an earlier row.

    Attributes:
        result: what becomes of the rows planned so far.
    """

    def __init__(
        self,
        lookups: Lookups,
        attributes: Mapping[str, Attribute],
        ids: Iterable[int],
        *,
        type: str,  # noqa: A002 - the column's name
        setup: ContactSetup,
        moment: Moment,
    ) -> None:
        """Prepare.

        Args:
            lookups: the state before the chunk.
            attributes: custom attributes by name.
            ids: unused keys of contacts, one for each row at least.
            type: of new contacts whose row does not say.
            setup: what new contacts get, and what persons inherit.
            moment: when.
        """
        self._lookups = lookups
        self._attributes = {
            name: (attribute.id, f"{attribute.type.lower()}_value", f"attributes.{name}")
            for name, attribute in attributes.items()
        }
        self._ids = iter(ids)
        self._type = type
        self._setup = setup
        self._moment = moment
        self._changed_companies: set[int] = set()
        self._batch = Batch()
        self.result = ChunkResult()

    def add(self, candidate: Candidate) -> EntangledChange | None:
        """Plan one row; an entangled change is the caller's to make, once the batch before it is written."""
        try:
            found = self._found(candidate)
            self._require_known_codes(candidate)
            self._require_unreserved(candidate, found)
            if found is None:
                self._create(candidate)
                return None
            return self._change(candidate, found)
        except Rejected as reason:
            self.reject(candidate, str(reason))
        except TesseraError as error:
            self.reject(candidate, error.message)
        return None

    def take_batch(self) -> Batch:
        """Return what was planned since the last time, to be written now."""
        batch, self._batch = self._batch, Batch()
        return batch

    def reject(self, candidate: Candidate, reason: str) -> None:
        """Note that a row cannot be used."""
        self.result.rejected.append((candidate.record, reason))

    def made(self, change: EntangledChange, row: ContactRow, *, changed: bool) -> None:
        """Note that an entangled change was made, and what the contact is now."""
        if not changed:
            self.result.unchanged += 1
            return
        self.result.updated += 1
        if change.row["type"] == "COMPANY":
            self._changed_companies.add(row["id"])
        self._lookups.replace_company(row)

    def _found(self, candidate: Candidate) -> ContactRow | None:
        """Return the contact that the row is recognised as."""
        if candidate.key is None:
            return None
        found = self._lookups.matches.get(candidate.key, [])
        if not found:
            return None
        if len(found) > 1:
            msg = f"{len(found)} contacts have the same {candidate.key[0]}"
            raise Rejected(msg)
        if found[0]["id"] in self._lookups.met or found[0]["id"] in self.result.contact_ids:
            msg = "another row is the same contact"
            raise Rejected(msg)
        return found[0]

    def _require_known_codes(self, candidate: Candidate) -> None:
        for name, codes in candidate.codes.items():
            for code in codes:
                if code not in self._lookups.codes[name]:
                    msg = f"there is no {CODE_LISTS_BY_NAME[name].kind} {code}"
                    raise Rejected(msg)

    def _require_unreserved(self, candidate: Candidate, found: ContactRow | None) -> None:
        """Refuse a business relation that only a link gives, unless the contact has it."""
        for code in candidate.codes.get("business_relations", ()):
            held = found is not None and (found["id"], code) in self._lookups.members["business_relations"]
            if code in self._lookups.reserved and not held:
                msg = f"the business relation {code} is kept for links"
                raise Rejected(msg)

    def _company(self, candidate: Candidate) -> ContactRow | None:
        """Return the company that a person's row names, by number or else by name."""
        no = candidate.given.get("company_no")
        if no is not None:
            company = self._lookups.companies_by_no.get(no)
            if company is None:
                msg = f"there is no company {no}"
                raise Rejected(msg)
            return company
        if not candidate.company_name:
            return None
        namesakes = self._lookups.companies_by_name.get(candidate.company_name.casefold(), [])
        if len(namesakes) != 1:
            how_many = f"{len(namesakes)} companies have" if namesakes else "no company has"
            msg = f"{how_many} this company_name; import companies first, or name them by company_no"
            raise Rejected(msg)
        return namesakes[0]

    def _require_assignable(self, code: str | None) -> None:
        assignable = self._lookups.assignable
        if code is not None and not assignable.get(code):
            msg = f"salesperson {code} is blocked" if code in assignable else f"there is no salesperson {code}"
            raise Rejected(msg)

    def _create(self, candidate: Candidate) -> None:
        given = {"type": self._type, **candidate.given}
        no = given.get("no")
        self._require_free(no)
        self._require_assignable(given.get("salesperson"))
        _require_type_of_lists(candidate, given["type"])
        company = self._company(candidate) if given["type"] == "PERSON" else None
        if company is not None:
            given["company_no"] = company["no"]
        row = new_contact(given, no=no or "", moment=self._moment, setup=self._setup, company=company)
        row["id"] = next(self._ids)
        row["no"] = no
        if row["type"] == "COMPANY":
            row["company_id"] = row["id"]
            self._lookups.add_company(row)
        self._lookups.add_contact(row)
        self._add_belongings(candidate, row["id"])
        self._batch.contacts.append(row)
        self.result.created += 1
        self.result.contact_ids.add(row["id"])

    def _require_free(self, no: str | None) -> None:
        if no is None:
            return
        if no in self._lookups.numbers:
            msg = f"{no} exists already"
            raise Rejected(msg)
        if not self._lookups.typed_allowed:
            msg = "numbers of contacts cannot be typed; leave the column out"
            raise Rejected(msg)

    def _change(self, candidate: Candidate, row: ContactRow) -> EntangledChange | None:
        given = candidate.given
        if given.get("no") not in {None, row["no"]}:
            msg = f"the contact found is {row['no']}; its number cannot be changed"
            raise Rejected(msg)
        contact_type: str = given.get("type") or row["type"]
        _require_type_of_lists(candidate, contact_type)
        company = self._company(candidate) if contact_type == "PERSON" else None
        turned = contact_type != row["type"]
        moved = company is not None and company["id"] != row["company_id"]
        if turned or moved or row["company_id"] in self._changed_companies:
            self.result.contact_ids.add(row["id"])
            return EntangledChange(candidate, row, company)
        changes = changed_contact(row, given, setup=self._setup, company=company)
        if "salesperson" in changes:
            self._require_assignable(changes["salesperson"])
        self.result.contact_ids.add(row["id"])
        if changes and row["type"] == "COMPANY" and row["id"] in self._lookups.companies_involved:
            return EntangledChange(candidate, row, company)
        touched = self._add_belongings(candidate, row["id"])
        if not changes and not touched:
            self.result.unchanged += 1
            return None
        self._batch.changes.append(Change(row, changes, touched))
        self.result.updated += 1
        return None

    def _add_belongings(self, candidate: Candidate, contact_id: int) -> set[str]:
        """Plan the attributes and codes that differ; return their names."""
        touched: set[str] = set()
        stored_attributes = self._lookups.attributes
        for name, value in candidate.attributes.items():
            attribute_id, column, symbol = self._attributes[name]
            stored = stored_attributes.get((contact_id, attribute_id)) if stored_attributes else None
            if stored is not None and stored[column] == value:
                continue
            rows = self._batch.new_attributes if stored is None else self._batch.changed_attributes
            rows[column].append((contact_id, attribute_id, value))
            touched.add(symbol)
        for name, codes in candidate.codes.items():
            members = self._lookups.members[name]
            for code in dict.fromkeys(codes):
                if (contact_id, code) not in members:
                    self._batch.new_codes[name].append({"contact_id": contact_id, "code": code})
                    touched.add(name)
        return touched


def _require_type_of_lists(candidate: Candidate, contact_type: str) -> None:
    for name in candidate.codes:
        code_list = CODE_LISTS_BY_NAME[name]
        if code_list.type not in {None, contact_type}:
            msg = f"only {'persons' if code_list.type == 'PERSON' else 'companies'} have a {code_list.kind}"
            raise Rejected(msg)

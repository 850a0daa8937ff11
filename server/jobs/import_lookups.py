"""What a chunk of an import must know of the database: the contacts it meets, companies, salespeople, codes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, select

from server.errors import RefusedError
from server.jobs.import_rows import Candidate, Key
from server.operations.contacts.business_relations import reserved_relations
from server.operations.contacts.contact_codes import CODE_LISTS
from server.operations.contacts.contact_rules import ContactRow
from server.operations.numbering import Series, require_typed_allowed
from server.reading.keys import key_rows
from server.store.folding import FOLDED_COLUMNS
from server.store.tables import contact, contact_attribute, salesperson
from server.store.unit_of_work import UnitOfWork

CODE_LISTS_BY_NAME = {code_list.name: code_list for code_list in CODE_LISTS}


@dataclass(slots=True)
class Lookups:
    """The state that a chunk's rows are compared with.

    Attributes:
        matches: key → the contacts that have it.
        companies_by_no: rows of contacts that a row may name as its company; planned ones join them.
        companies_by_name: casefolded name → companies of that name.
        numbers: numbers of contacts among those that the rows name.
        assignable: salespeople → whether contacts may be assigned to them.
        codes: list → the codes there are.
        reserved: business relations that only a link gives.
        members: list → (contact, code) pairs of the matched contacts.
        attributes: (contact, attribute) → the stored row, for the matched contacts.
        typed_allowed: whether new contacts may bring a number of their own.
        key_fields: the fields that rows are recognised by.
        met: matched contacts that a row of an earlier chunk was.
        companies_involved: companies that matched persons belong to, or that rows name.
    """

    matches: dict[Key, list[ContactRow]] = field(default_factory=dict)
    companies_by_no: dict[str, ContactRow] = field(default_factory=dict)
    companies_by_name: dict[str, list[ContactRow]] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    assignable: dict[str, bool] = field(default_factory=dict)
    codes: dict[str, set[str]] = field(default_factory=dict)
    reserved: frozenset[str] = frozenset()
    members: dict[str, set[tuple[int, str]]] = field(default_factory=dict)
    attributes: dict[tuple[int, int], Mapping[str, Any]] = field(default_factory=dict)
    typed_allowed: bool = True
    key_fields: Sequence[str] = ()
    met: set[int] = field(default_factory=set)
    companies_involved: set[int] = field(default_factory=set)

    def add_contact(self, row: ContactRow) -> None:
        """Let later rows meet a contact that is created by this chunk."""
        if row["no"] is not None:
            self.numbers.add(row["no"])
        for name in self.key_fields:
            if row[name]:
                self.matches.setdefault((name, row[name]), []).append(row)

    def add_company(self, row: ContactRow) -> None:
        """Let later rows name a company that is created by this chunk."""
        if row["no"] is not None:
            self.companies_by_no[row["no"]] = row
        self.companies_by_name.setdefault(row["search_name"], []).append(row)

    def replace_company(self, row: ContactRow) -> None:
        """Let later rows see a contact as it is now, if they name it as a company."""
        for namesakes in self.companies_by_name.values():
            namesakes[:] = [other for other in namesakes if other["id"] != row["id"]]
        self.companies_by_no[row["no"]] = row
        if row["type"] == "COMPANY":
            self.companies_by_name.setdefault(row["search_name"], []).append(row)


async def look_up(work: UnitOfWork, candidates: Sequence[Candidate], key_fields: Sequence[str]) -> Lookups:
    """Read, with a few statements, all that the rows of a chunk are compared with; matched contacts stay locked."""
    lookups = Lookups(key_fields=key_fields)
    await _find_matches(work, candidates, lookups)
    await _find_companies(work, candidates, lookups)
    persons = (row for rows in lookups.matches.values() for row in rows if row["type"] == "PERSON")
    named = (row["id"] for row in lookups.companies_by_no.values())
    lookups.companies_involved = {*named, *(row["company_id"] for row in persons)}
    await _find_numbers(work, candidates, lookups)
    if any("salesperson" in candidate.given for candidate in candidates):
        rows = await work.connection.execute(
            select(salesperson.c.code, salesperson.c.blocked, salesperson.c.privacy_blocked)
        )
        lookups.assignable = {row.code: not (row.blocked or row.privacy_blocked) for row in rows}
    matched = [row["id"] for rows in lookups.matches.values() for row in rows]
    await _find_codes(work, candidates, matched, lookups)
    if any(candidate.attributes for candidate in candidates):
        statement = select(contact_attribute).where(contact_attribute.c.contact_id.in_(key_rows(matched, work.dialect)))
        for found in await _rows(work, statement, matched):
            lookups.attributes[found["contact_id"], found["attribute_id"]] = found
    return lookups


async def _rows(work: UnitOfWork, statement: Any, keys: Collection[Any]) -> Sequence[Mapping[str, Any]]:
    """Return the rows as mappings; without keys there are none to ask for."""
    if not keys:
        return ()
    return [row._asdict() for row in await work.connection.execute(statement)]


async def _contacts(work: UnitOfWork, column: ColumnElement[Any], values: Collection[str]) -> Sequence[ContactRow]:
    listed = column.in_(key_rows(list(values), work.dialect))
    return await _rows(work, select(contact).where(listed).order_by(contact.c.id), values)


async def _find_matches(work: UnitOfWork, candidates: Iterable[Candidate], lookups: Lookups) -> None:
    wanted: dict[str, set[str]] = {}
    for candidate in candidates:
        if candidate.key is not None:
            wanted.setdefault(candidate.key[0], set()).add(candidate.key[1])
    for name, values in wanted.items():
        listed = [contact.c[name].in_(key_rows(list(values), work.dialect))]
        if name in FOLDED_COLUMNS:  # it is this column that has an index
            folded = list({value.casefold() for value in values})
            listed.append(contact.c[FOLDED_COLUMNS[name]].in_(key_rows(folded, work.dialect)))
        statement = select(contact).where(*listed).order_by(contact.c.id).with_for_update()
        for row in await _rows(work, statement, values):
            lookups.matches.setdefault((name, row[name]), []).append(row)


async def _find_companies(work: UnitOfWork, candidates: Sequence[Candidate], lookups: Lookups) -> None:
    numbers = {candidate.given["company_no"] for candidate in candidates if "company_no" in candidate.given}
    for row in await _contacts(work, contact.c.no, numbers):
        lookups.companies_by_no[row["no"]] = row
    names = {candidate.company_name.casefold() for candidate in candidates if candidate.company_name}
    for row in await _contacts(work, contact.c.search_name, names):
        if row["type"] == "COMPANY":
            lookups.companies_by_no[row["no"]] = row
            lookups.companies_by_name.setdefault(row["search_name"], []).append(row)


async def _find_numbers(work: UnitOfWork, candidates: Sequence[Candidate], lookups: Lookups) -> None:
    numbers = {candidate.given["no"] for candidate in candidates if "no" in candidate.given}
    if not numbers:
        return
    listed = contact.c.no.in_(key_rows(list(numbers), work.dialect))
    lookups.numbers = set(await work.connection.scalars(select(contact.c.no).where(listed)))
    try:
        await require_typed_allowed(work, Series.CONTACT)
    except RefusedError:
        lookups.typed_allowed = False


async def _find_codes(
    work: UnitOfWork, candidates: Sequence[Candidate], matched: Sequence[int], lookups: Lookups
) -> None:
    for name, code_list in CODE_LISTS_BY_NAME.items():
        if not any(name in candidate.codes for candidate in candidates):
            continue
        lookups.codes[name] = set(await work.connection.scalars(select(code_list.codes.c.code)))
        rows = code_list.rows
        statement = select(rows.c.contact_id, rows.c.code).where(rows.c.contact_id.in_(key_rows(matched, work.dialect)))
        lookups.members[name] = {(row["contact_id"], row["code"]) for row in await _rows(work, statement, matched)}
    if "business_relations" in lookups.codes:
        lookups.reserved = await reserved_relations(work)

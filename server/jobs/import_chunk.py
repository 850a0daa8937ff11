"""Writes one chunk of an import: whole, in one unit of work, with one statement for each kind of change."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import bindparam, insert, select, update

from server.errors import TesseraError
from server.jobs.attribute_rows import insert_values
from server.jobs.import_codes import provide_codes
from server.jobs.import_lookups import CODE_LISTS_BY_NAME, look_up
from server.jobs.import_plan import Batch, Change, ChunkResult, EntangledChange, Planner
from server.jobs.import_rows import Candidate
from server.jobs.row_keys import reserve_keys
from server.jobs.seen_keys import SeenKeys
from server.operations.contacts.attributes import Attribute
from server.operations.contacts.companies import push_to_persons
from server.operations.contacts.contact_rules import changed_fields
from server.operations.contacts.contact_setup import ContactSetup, read_contact_setup
from server.operations.contacts.contact_values import ContactValues
from server.operations.contacts.contacts import update_contact
from server.operations.numbering import Series, take_numbers
from server.store.tables import contact, contact_attribute
from server.store.unit_of_work import UnitOfWork


class ChunkWriter:
    """Writes chunks of candidates, all with the same options."""

    def __init__(self, attributes: Mapping[str, Attribute], key_fields: Sequence[str], contact_type: str) -> None:
        """Prepare.

        Args:
            attributes: custom attributes by name.
            key_fields: the fields that rows are recognised by.
            contact_type: of new contacts whose row does not say.
        """
        self._attributes = attributes
        self._key_fields = key_fields
        self._type = contact_type

    async def write(self, work: UnitOfWork, candidates: Sequence[Candidate], seen: SeenKeys) -> ChunkResult:
        """Create and change what the candidates say; none of them has a problem, and no two the same key."""
        lookups = await look_up(work, candidates, self._key_fields)
        if len(self._key_fields) > 1:
            matched = {_id_text(row["id"]): row["id"] for rows in lookups.matches.values() for row in rows}
            lookups.met = {matched[text] for text in seen.among(matched)}
        ids = await reserve_keys(work, contact.c.id, len(candidates))
        setup = await read_contact_setup(work)
        typed = {candidate.given["no"] for candidate in candidates if "no" in candidate.given}
        planner = Planner(lookups, self._attributes, ids, type=self._type, setup=setup, moment=work.moment)
        for candidate in candidates:
            entangled = planner.add(candidate)
            if entangled is not None:
                await _write_batch(work, planner.take_batch(), typed, setup)
                await _change_alone(work, planner, entangled)
        await _write_batch(work, planner.take_batch(), typed, setup)
        return planner.result

    def remember(self, result: ChunkResult, seen: SeenKeys) -> None:
        """Note whom the chunk's rows stand for, once it is committed: a later row may find them by another key."""
        if len(self._key_fields) > 1:
            seen.add([_id_text(contact_id) for contact_id in result.contact_ids])


def _id_text(contact_id: int) -> str:
    return f"id:{contact_id}"


async def _write_batch(work: UnitOfWork, batch: Batch, typed: Collection[str], setup: ContactSetup) -> None:
    await provide_codes(work, [*batch.contacts, *(change.changes for change in batch.changes)])
    await _create_contacts(work, batch.contacts, typed)
    await _change_contacts(work, batch.changes, setup)
    await _write_belongings(work, batch)


async def _create_contacts(work: UnitOfWork, rows: Sequence[dict[str, Any]], typed: Collection[str]) -> None:
    """Insert contacts, the ones without a number with the next of the series that no row of the chunk has."""
    if not rows:
        return
    missing = [row for row in rows if row["no"] is None]
    numbers: list[str] = []
    while len(numbers) < len(missing):
        taken = await take_numbers(work, Series.CONTACT, len(missing) - len(numbers))
        numbers.extend(no for no in taken if no not in typed)
    for row, no in zip(missing, numbers, strict=True):
        row["no"] = no
    await work.connection.execute(insert(contact), _without_blank_columns(rows))
    work.record("contact", ids=(rows[0]["id"], rows[-1]["id"]), row_count=len(rows))


def _without_blank_columns(rows: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """Return the rows without the columns that are blank in all of them: the database fills blanks in faster."""
    used = [column for column in rows[0] if any(row[column] for row in rows)]
    return [{column: row[column] for column in used} for row in rows]


async def _change_contacts(work: UnitOfWork, changes: Iterable[Change], setup: ContactSetup) -> None:
    """Write the changed columns, one statement for each set of columns, and stamp every contact."""
    alike: dict[frozenset[str], list[Change]] = defaultdict(list)
    for change in changes:
        alike[frozenset(change.changes)].append(change)
    for columns, group in alike.items():
        values: dict[str, Any] = {column: bindparam(f"new_{column}") for column in sorted(columns)}
        statement = (
            update(contact)
            .where(contact.c.id == bindparam("key"))
            .values(values | {"modified_at": work.moment.now, "version": contact.c.version + 1})
        )
        rows = [
            {"key": change.row["id"]} | {f"new_{column}": change.changes[column] for column in columns}
            for change in group
        ]
        await work.connection.execute(statement, rows)
        for change in group:
            fields = changed_fields(columns) | change.touched | {"modified_at"}
            work.record("contact", change.row["id"], fields=sorted(fields))
            if change.row["type"] == "COMPANY":
                await push_to_persons(work, change.row, change.changes, setup)


async def _write_belongings(work: UnitOfWork, batch: Batch) -> None:
    for column, rows in batch.new_attributes.items():
        await work.connection.execute(insert_values(column, rows, work.connection.dialect))
    for column, rows in batch.changed_attributes.items():
        statement = (
            update(contact_attribute)
            .where(
                contact_attribute.c.contact_id == bindparam("contact"),
                contact_attribute.c.attribute_id == bindparam("attribute"),
            )
            .values({column: bindparam("value")})
        )
        names = ("contact", "attribute", "value")
        await work.connection.execute(statement, [dict(zip(names, row, strict=True)) for row in rows])
    for name, members in batch.new_codes.items():
        await work.connection.execute(insert(CODE_LISTS_BY_NAME[name].rows), members)


async def _change_alone(work: UnitOfWork, planner: Planner, change: EntangledChange) -> None:
    """Make an entangled change as the API makes it."""
    values = cast("ContactValues", {name: value for name, value in change.candidate.given.items() if name != "no"})
    if change.company is not None:
        values["company_no"] = change.company["no"]
    values["attributes"] = change.candidate.attributes
    for name, codes in change.candidate.codes.items():
        values[f"add_{name}"] = codes  # type: ignore[literal-required]
    this = contact.c.id == change.row["id"]
    version = await work.connection.scalar(select(contact.c.version).where(this))
    try:
        async with work.connection.begin_nested():
            await provide_codes(work, [values])
            await update_contact(work, change.row["no"], values)
    except TesseraError as error:
        planner.reject(change.candidate, error.message)
        return
    row = (await work.connection.execute(select(contact).where(this))).one()._asdict()
    planner.made(change, row, changed=row["version"] != version)

"""Files to import, and what became of them."""

import csv
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from server.clock import Clock
from server.jobs.import_contacts import ImportReport, import_contacts
from server.jobs.import_options import ImportOptions
from server.store.database import Database
from server.store.tables import attribute, contact, contact_attribute

Import = Callable[..., Awaitable[ImportReport]]


@pytest.fixture
def write_file(tmp_path: Path) -> Callable[..., Path]:
    """Write bytes, text (UTF-8) or rows to a file."""

    def write(content: bytes | str | Sequence[Sequence[str]], name: str = "contacts.csv") -> Path:
        file = tmp_path / name
        if isinstance(content, bytes):
            file.write_bytes(content)
        elif isinstance(content, str):
            file.write_bytes(content.encode())
        else:
            with file.open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows(content)
        return file

    return write


@pytest.fixture
def run_import(database: Database, clock: Clock, write_file: Callable[..., Path]) -> Import:
    """Import a file, or content that is written to one."""

    async def run(content: Any, **options: Any) -> ImportReport:
        file = content if isinstance(content, Path) else write_file(content)
        report = await import_contacts(database, file, clock=clock, options=ImportOptions(**options))
        assert report.read == report.created + report.updated + report.unchanged + report.rejected
        return report

    return run


@pytest.fixture
def contacts(database: Database) -> Callable[..., Awaitable[list[tuple[Any, ...]]]]:
    """Return the given columns of all contacts, by number."""

    async def read(*columns: str) -> list[tuple[Any, ...]]:
        async with database.read() as connection:
            rows = await connection.execute(select(*(contact.c[name] for name in columns)).order_by(contact.c.no))
            return [tuple(row) for row in rows]

    return read


@pytest.fixture
def attributes(database: Database) -> Callable[[], Awaitable[dict[str, dict[str, Any]]]]:
    """Return every custom attribute of every contact: number → name → value."""

    async def read() -> dict[str, dict[str, Any]]:
        statement = (
            select(contact.c.no, attribute.c.name, attribute.c.type, contact_attribute)
            .join_from(contact_attribute, contact, contact.c.id == contact_attribute.c.contact_id)
            .join(attribute, attribute.c.id == contact_attribute.c.attribute_id)
        )
        found: dict[str, dict[str, Any]] = {}
        async with database.read() as connection:
            for row in (await connection.execute(statement)).mappings():
                found.setdefault(row["no"], {})[row["name"]] = row[f"{row['type'].lower()}_value"]
        return found

    return read


def rejects_of(report: ImportReport) -> list[list[str]]:
    """Return the rows of the rejects file without its header."""
    assert report.rejects is not None
    with report.rejects.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))[1:]

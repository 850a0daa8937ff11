"""``tessera import``, ``tessera export`` and ``tessera demo``: data in and out, beside a running server."""

import asyncio
import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer
from sqlalchemy import select

from server.cli.console import output, progress_bar, say
from server.cli.opening import DatabaseUrl, clock_of, migrate_if_needed, opened_database, read_settings
from server.errors import InvalidInputError
from server.jobs.demo import create_demo
from server.jobs.export_members import ExportReport, export_members
from server.jobs.import_contacts import ImportReport, import_contacts
from server.jobs.import_options import ImportOptions, Match
from server.settings import Settings
from server.store.tables import contact

commands = typer.Typer()
import_app = typer.Typer(no_args_is_help=True, help="Bring data in from a file, beside a running server.")
export_app = typer.Typer(no_args_is_help=True, help="Write data to a file, beside a running server.")
commands.add_typer(import_app, name="import")
commands.add_typer(export_app, name="export")


class ContactType(StrEnum):
    """What rows that do not say become."""

    PERSON = "person"
    COMPANY = "company"


@import_app.command(
    "contacts",
    epilog="""
    [bold]tessera import contacts people.csv[/bold]  columns are recognised by their names

    [bold]tessera import contacts crm.csv --map "Mail address=email" --attribute income:number --match email[/bold]

    [bold]tessera import contacts bank.csv --type person --match none --attribute "*"[/bold]  every other column too
    """,
)
def import_contacts_from(
    file: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="The CSV file.", show_default=False)],
    *,
    type_: Annotated[
        ContactType | None, typer.Option("--type", help="What rows are that do not say. Default: person.")
    ] = None,
    match: Annotated[
        Match, typer.Option(help="What a contact is recognised by; automatic: by no, then by external_id.")
    ] = Match.AUTOMATIC,
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=FIELD", help="A column and its field, - for none; may be repeated."),
    ] = None,
    attributes: Annotated[
        list[str] | None,
        typer.Option(
            "--attribute",
            metavar="COLUMN[:TYPE]",
            help="A column that becomes a custom attribute: text, number, boolean, date or datetime; * for every "
            "column that is nothing else; may be repeated.",
        ),
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where rejected rows go. Default: FILE.rejects.csv.", show_default=False),
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="Default: detected.", show_default=False)] = None,
    delimiter: Annotated[str | None, typer.Option(help="Default: detected.", show_default=False)] = None,
    database: DatabaseUrl = None,
) -> None:
    """Create and update contacts from a CSV file.

    Rows that are wrong are written to a file of rejects with the reason; the others are imported.
    """
    options = ImportOptions(
        type=type_.upper() if type_ else None,
        match=match,
        columns=dict(_column_and_field(text) for text in columns or ()),
        attributes=attributes or (),
        rejects=rejects,
        encoding=encoding,
        delimiter=delimiter,
    )
    report = asyncio.run(_import_contacts(read_settings(database_url=database), file, options))
    output.print(
        f"{report.read:,} rows: {report.created:,} created, {report.updated:,} updated, "
        f"{report.unchanged:,} unchanged, {report.rejected:,} rejected."
    )
    if report.ignored:
        say(f"Columns that are no field, left out: {', '.join(report.ignored)}. See --map and --attribute.")
    if report.rejects:
        say(f"The rejected rows and why: {report.rejects}")


def _column_and_field(text: str) -> tuple[str, str]:
    column, equals, field = text.rpartition("=")
    if not equals:
        msg = f"{text!r} has no =; write COLUMN=FIELD."
        raise typer.BadParameter(msg, param_hint="--map")
    return column, field


async def _import_contacts(settings: Settings, file: Path, options: ImportOptions) -> ImportReport:
    async with opened_database(settings) as store:
        with progress_bar("Importing contacts", in_bytes=True) as progress:
            actor = settings.user or _login()
            return await import_contacts(
                store, file, clock=clock_of(settings), actor=actor, options=options, progress=progress
            )


def _login() -> str:
    """Return who the change log says did it where no setting does: the system's user, at most 50 characters."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        user = str(os.getuid())
    return f"cli:{user}"[:50]


@export_app.command(
    "members",
    epilog="""
    [bold]tessera export members SM00001 --output members.csv[/bold]

    [bold]tessera export members SM00001 | wc -l[/bold]
    """,
)
def export_members_of(
    segment: Annotated[str, typer.Argument(metavar="SEGMENT", help="The segment's number.", show_default=False)],
    *,
    output_file: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file.", show_default=False)
    ] = None,
    database: DatabaseUrl = None,
) -> None:
    """Write the members of a segment as CSV; cells that a spreadsheet would run as a formula are defused."""
    settings = read_settings(database_url=database)
    with _opened_output(output_file) as stream:
        report = asyncio.run(_export_members(settings, segment, stream))
    say(f"{report.members:,} members.")


@contextmanager
def _opened_output(file: Path | None) -> Iterator[TextIO]:
    """Yield the standard output, or a new file that takes its place when it is whole.

    Raises: InvalidInputError when the file cannot be written.
    """
    if file is None:
        sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
        yield sys.stdout
        return
    unfinished = file.with_name(f"{file.name}.part")
    try:
        stream = unfinished.open("w", encoding="utf-8", newline="")
    except OSError as error:
        msg = f"{file} cannot be written: {error.strerror}."
        raise InvalidInputError(msg) from error
    try:
        with stream:
            yield stream
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


async def _export_members(settings: Settings, segment: str, stream: TextIO) -> ExportReport:
    async with opened_database(settings) as store:
        with progress_bar("Exporting members") as progress:
            return await export_members(store, segment, stream, progress=progress)


@commands.command(
    epilog="""
    [bold]tessera demo --contacts 1000000 --database sqlite:///big.db[/bold]  a million, for measuring
    """
)
def demo(
    *,
    contacts: Annotated[int, typer.Option(min=1, metavar="N", help="How many contacts to create.")] = 2_000,
    add: Annotated[bool, typer.Option("--add", help="Also where there are contacts already.")] = False,
    database: DatabaseUrl = None,
) -> None:
    """Create demo contacts, companies and persons, with two years of interactions.

    The same number gives the same data every time.
    """
    settings = read_settings(database_url=database)
    migrate_if_needed(settings)
    asyncio.run(_create_demo(settings, contacts, allow_existing=add))


async def create_demo_if_empty(settings: Settings, contacts: int) -> None:
    """Create demo contacts where there is no contact."""
    async with opened_database(settings) as store, store.read() as connection:
        known = await connection.scalar(select(contact.c.id).limit(1))
    if known is None:
        await _create_demo(settings, contacts, allow_existing=False)


async def _create_demo(settings: Settings, contacts: int, *, allow_existing: bool) -> None:
    async with opened_database(settings) as store:
        with progress_bar("Creating demo contacts") as progress:
            report = await create_demo(
                store,
                contacts=contacts,
                moment=clock_of(settings)(),
                allow_existing=allow_existing,
                progress=progress,
            )
    say(
        f"Created {report.contacts:,} demo contacts ({report.companies:,} companies) "
        f"with {report.interactions:,} interactions."
    )

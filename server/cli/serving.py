"""``tessera serve`` and ``tessera migrate``."""

import asyncio
import logging
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer

from server import __version__
from server.app import create_app
from server.cli.console import output
from server.cli.data import create_demo_if_empty
from server.cli.opening import DatabaseUrl, migrate_if_needed, read_settings, shown_address
from server.errors import UnavailableError
from server.settings import Settings
from server.store.addresses import database_address, sqlite_file
from server.store.server_lock import server_lock
from server.web.listening import bound_socket, ended_by_signals, http_address, run_until_signal

commands = typer.Typer()


@commands.command(
    epilog="""
    [bold]tessera serve --demo[/bold]  a new SQLite file with 2,000 contacts to play with

    [bold]tessera serve --database postgresql://tessera@db/tessera --host 0.0.0.0[/bold]  for other machines

    [bold]tessera serve --port 0[/bold]  on a free port, which is printed
    """
)
def serve(
    *,
    database: DatabaseUrl = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on. Default: 127.0.0.1.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one. Default: 8000.")
    ] = None,
    demo: Annotated[bool, typer.Option(help="Fill a database without contacts with demo data.")] = False,
    demo_contacts: Annotated[int, typer.Option(min=1, metavar="N", help="How many demo contacts.")] = 2_000,
) -> None:
    """Migrate the database and serve GraphQL at http://HOST:PORT/graphql until Ctrl-C."""
    settings = read_settings(database_url=database, host=host, port=port)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    with ended_by_signals(), _listening(settings) as bound:
        address = f"{http_address(bound)}/graphql"
        with _locked(settings, address):
            migrate_if_needed(settings)
            if demo:
                asyncio.run(create_demo_if_empty(settings, demo_contacts))
            run_until_signal(create_app(settings), bound, started=lambda: _greet(settings, address))


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """Bind the address; where the server of the same database has taken it, say that instead."""
    with ExitStack() as stack:
        try:
            bound = stack.enter_context(bound_socket(settings.host, settings.port))
        except UnavailableError:
            stack.enter_context(_locked(settings, ""))
            raise
        yield bound


def _locked(settings: Settings, address: str) -> AbstractContextManager[Any]:
    """Keep other servers off a SQLite file; PostgreSQL takes any number of servers."""
    file = sqlite_file(database_address(settings.database_url))
    return nullcontext() if file is None else server_lock(file, address)


def _program() -> str:
    """Return what a person types to run this program, as it was started."""
    started = sys.argv[0]
    if Path(started).name != "tessera":
        return "python -m server"
    return "tessera" if shutil.which("tessera") == started else started


def _greet(settings: Settings, address: str) -> None:
    tessera = _program()
    output.print(
        f"""\
Tessera {__version__} serves {shown_address(settings)} at

  {address}   open it in a browser: the tabs of GraphiQL are a tour

Try also:
  curl {address} -H 'content-type: application/json' -d '{{"query": "{{ contacts {{ totalCount }} }}"}}'
  {tessera} check-rule 'country == "DE" and interaction_count > 3'
  {tessera} import contacts FILE.csv

Ctrl-C ends it."""
    )
    sys.stdout.flush()


@commands.command()
def migrate(*, database: DatabaseUrl = None) -> None:
    """Bring the database to the newest schema; create it where there is none.

    [bold]tessera serve[/bold] does it by itself. Make a backup first.
    """
    if not migrate_if_needed(read_settings(database_url=database)):
        output.print("The database is up to date.")

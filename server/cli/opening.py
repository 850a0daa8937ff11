"""What most commands begin with: the settings, and the database they name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from server.cli.console import say
from server.clock import Clock, system_clock
from server.errors import InvalidInputError, UnavailableError
from server.migrations import migrate, pending
from server.rules import sql_functions
from server.settings import Settings
from server.store.addresses import database_address
from server.store.database import Database

DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        envvar="TESSERA_DATABASE_URL",
        show_default=False,
        help="Where the data is: sqlite:///FILE or postgresql://USER@HOST/NAME. Default: sqlite:///tessera.db.",
    ),
]


def read_settings(**options: Any) -> Settings:
    """Return the settings; an option that was given wins over the environment.

    Raises: InvalidInputError naming the variable that is wrong.
    """
    try:
        return Settings(**{name: value for name, value in options.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        variable = "TESSERA_" + "_".join(map(str, first["loc"])).upper()
        msg = f"{variable}: {first['msg'].removeprefix('Value error, ')}."
        raise InvalidInputError(msg) from error


def clock_of(settings: Settings) -> Clock:
    """Return the machine's clock in the settings' zone."""
    return system_clock(settings.time_zone, settings.work_date)


def shown_address(settings: Settings) -> str:
    """Return the database's address without its password."""
    return database_address(settings.database_url).render_as_string(hide_password=True)


def migrate_if_needed(settings: Settings) -> bool:
    """Bring the database to the newest schema, tell each step, and return whether there was one."""
    if not pending(settings):
        return False
    migrate(settings, progress=lambda step: say(f"Migrated: {step}"))
    return True


@asynccontextmanager
async def opened_database(settings: Settings) -> AsyncIterator[Database]:
    """Yield the database.

    Raises: UnavailableError when it is not there or not of this version.
    """
    if pending(settings):
        msg = f"{shown_address(settings)} is no database of this version. Type: tessera migrate"
        raise UnavailableError(msg)
    database = Database(settings, functions=sql_functions())
    try:
        yield database
    finally:
        await database.close()

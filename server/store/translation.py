"""The one border at which driver errors become ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from server.errors import BusyError, ConflictError, DeadlineExceededError, TesseraError, UnavailableError

_BUSY = ("SQLITE_BUSY", "55P03", "40001", "40P01")
"""The lock is held; on PostgreSQL also: two transactions wait for each other, or one came too late."""
_DEADLOCK = "40P01"
_SOON = 0.1
"""Seconds after which a change that met a deadlock may be sent again: the other one goes on at once."""
_STOPPED = ("SQLITE_INTERRUPT", "57014")
_TAKEN_OR_GONE = (
    "SQLITE_CONSTRAINT_UNIQUE",
    "SQLITE_CONSTRAINT_PRIMARYKEY",
    "SQLITE_CONSTRAINT_ROWID",
    "SQLITE_CONSTRAINT_FOREIGNKEY",
    "23505",
    "23503",
)
_UNAVAILABLE = (
    "SQLITE_CANTOPEN",
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_CORRUPT",
    "SQLITE_NOTADB",
    "SQLITE_READONLY",
    "SQLITE_PERM",
    "08",  # the connection broke
    "25P03",  # idle in a transaction for too long
    "28",  # the user may not connect
    "3D000",  # there is no such database
    "53",  # no room, no memory, too many connections
    "57P",  # shut down, or not started yet
    "58",  # the operating system refused
)


def error_code(error: DBAPIError) -> str:
    """Return SQLite's name of the error or PostgreSQL's SQLSTATE; ``''`` when the driver gives none."""
    return getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None) or ""


def is_lock_refusal(error: DBAPIError) -> bool:
    """Tell whether somebody else held the lock."""
    return error_code(error).startswith(_BUSY)


@contextmanager
def translated_errors(write_wait: float) -> Iterator[None]:
    """Raise our errors for what the drivers report in their own ways; defects pass as they are.

    Args:
        write_wait: seconds after which a refused caller may try again.
    """
    try:
        yield
    except PoolTimeoutError as error:
        msg = "Every connection is in use; try again."
        raise BusyError(msg, retry_after=write_wait) from error
    except DBAPIError as error:
        ours = _translated(error, write_wait)
        if ours is None:
            raise
        raise ours from error


def _translated(error: DBAPIError, write_wait: float) -> TesseraError | None:
    """Return our error, or None for a defect: wrong SQL, or a value that an operation should have refused."""
    code = error_code(error)
    if code == _DEADLOCK:
        return BusyError("Another change and this one waited for each other; send it again.", retry_after=_SOON)
    if is_lock_refusal(error):
        return BusyError("Another process is changing the data; try again.", retry_after=write_wait)
    if code.startswith(_STOPPED):
        return DeadlineExceededError("The statement took too long and was stopped; ask for less.")
    if isinstance(error, IntegrityError) and code.startswith(_TAKEN_OR_GONE):
        return ConflictError("The data changed while the request was being carried out; read it again and retry.")
    if code.startswith(_UNAVAILABLE) or error.connection_invalidated:
        return UnavailableError("The database cannot be used now; its own log says why.")
    if isinstance(error, OperationalError) and not code:
        return UnavailableError("The database cannot be reached.")
    return None

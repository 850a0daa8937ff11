"""The lock that keeps a second server off a SQLite file.

Two servers would each believe that they own the writing. Commands of the command line are short and may work beside
a server; they do not take the lock.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from server.errors import UnavailableError


@contextmanager
def server_lock(database: Path, url: str) -> Iterator[Path]:
    """Hold the lock of the server on a SQLite database, and yield the lock file's path.

    The operating system drops the lock with the process, however that ends, so a file left behind is no obstacle. It
    is never deleted: whoever had opened it just before would hold a lock that nobody else can see.

    Args:
        database: the database's file; names that lead to the same file share a lock.
        url: where this server answers, told to whoever is refused.

    Raises: UnavailableError naming the process and the URL of the server that runs, and for a file with a second name,
    under which another server could open it unseen.
    """
    real = database.resolve()
    if real.exists() and real.stat().st_nlink > 1:
        msg = f"{real} has another name too (a hard link); SQLite needs a file with one name."
        raise UnavailableError(msg)
    path = real.with_name(f"{real.name}.lock")
    try:
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        msg = f"The lock file {path} cannot be written: {error.strerror}."
        raise UnavailableError(msg) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            msg = f"{_holder(file)} already serves {real}; stop it first, or give this one another database."
            raise UnavailableError(msg) from error
        _write(file, json.dumps({"pid": os.getpid(), "url": url}))
        try:
            yield path
        finally:
            _write(file, "")


def _write(file: TextIO, content: str) -> None:
    file.seek(0)
    file.truncate()
    file.write(content)
    file.flush()


def _holder(file: TextIO) -> str:
    """Describe the server that has the lock; it may be so new that it has not written who it is."""
    file.seek(0)
    try:
        holder = json.loads(file.read())
        return f"A server (process {holder['pid']}, {holder['url']})"
    except (ValueError, KeyError, TypeError):
        return "Another server"

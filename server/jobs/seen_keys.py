"""The keys that a file has used so far, however many: kept in a temporary file, which vanishes by itself."""

import json
import sqlite3
from collections.abc import Collection
from types import TracebackType


class SeenKeys:
    """A set of texts that does not grow in memory."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None)

    def __enter__(self) -> "SeenKeys":
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("CREATE TABLE seen (key TEXT PRIMARY KEY) WITHOUT ROWID")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()

    def among(self, keys: Collection[str]) -> set[str]:
        """Return those of the keys that were added before."""
        statement = "SELECT key FROM seen WHERE key IN (SELECT value FROM json_each(?))"
        return {key for (key,) in self._connection.execute(statement, (json.dumps(list(keys)),))}

    def add(self, keys: Collection[str]) -> None:
        """Add the keys."""
        statement = "INSERT INTO seen SELECT DISTINCT value FROM json_each(?) WHERE true ON CONFLICT DO NOTHING"
        self._connection.execute(statement, (json.dumps(list(keys)),))

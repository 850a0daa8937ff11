"""The world in the database before the server is asked about it, and a look at the statements it runs."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event

from server.clock import Moment
from server.store.database import Database
from tests.schema.world import build_world


@pytest.fixture
async def world(database: Database, moment: Moment) -> None:
    """Fill the test's database."""
    await build_world(database, moment)


@pytest.fixture
def statements() -> Iterator[Callable[[], list[str]]]:
    """Note the statements that any engine runs; calling it returns those since the last call."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    def take() -> list[str]:
        taken = seen[:]
        seen.clear()
        return taken

    event.listen(Engine, "before_cursor_execute", note)
    yield take
    event.remove(Engine, "before_cursor_execute", note)

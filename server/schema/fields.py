"""Fields of the API that are computed, and which columns they read."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

import strawberry

COLUMNS = "columns"
"""Key in a field's metadata: the columns of the row that its resolver reads."""

Resolver = TypeVar("Resolver", bound=Callable[..., Any])


def reads(*columns: str) -> Mapping[object, Any]:
    """Return the metadata of a field whose resolver reads these columns."""
    return {COLUMNS: columns}


def computed(description: str, *columns: str) -> Callable[[Resolver], Resolver]:
    """Make a method a field; ``columns`` are those of the row that it reads."""
    return cast("Callable[[Resolver], Resolver]", strawberry.field(description=description, metadata=reads(*columns)))

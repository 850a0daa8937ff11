"""Fields that the inputs of mutations share."""

from typing import Any

import strawberry


def optional(description: str, *, name: str | None = None) -> Any:
    """Make a field of an input that may be left out, which is not the same as null."""
    return strawberry.field(default=strawberry.UNSET, description=description, name=name)


@strawberry.input
class Guarded:
    """An input that may name the version on which its changes are based."""

    expected_version: int | None = strawberry.field(
        default=None, description="Refuse with CONFLICT when the object has another version by now. Default: any."
    )

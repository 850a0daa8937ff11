"""The days within which figures are summed up."""

from datetime import date
from typing import Annotated

import strawberry

from server.errors import InvalidInputError

FirstDay = Annotated[date | None, strawberry.argument(description="First day, inclusive. Default: since ever.")]
LastDay = Annotated[date | None, strawberry.argument(description="Last day, inclusive. Default: without end.")]


def require_day_range(on_from: date | None, on_to: date | None) -> None:
    """Raise InvalidInputError for days that end before they begin."""
    if on_from is not None and on_to is not None and on_to < on_from:
        msg = "onTo must not be before onFrom."
        raise InvalidInputError(msg, path=("onTo",))

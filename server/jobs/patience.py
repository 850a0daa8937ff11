"""Waiting for a turn to write: a job has more time than a person at a screen."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from server.errors import BusyError, ConflictError

Result = TypeVar("Result")

_ATTEMPTS = 10
_PAUSE = 0.2
"""Seconds before the next attempt; the attempt itself waits for ``Settings.write_wait``."""


async def patiently(attempt: Callable[[], Awaitable[Result]]) -> Result:
    """Return what a unit of work returns; begin it anew while others hold the database or won a race for a number.

    Raises: BusyError or ConflictError of the last attempt, and whatever else the first one raises.
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            return await attempt()
        except (BusyError, ConflictError):
            await asyncio.sleep(_PAUSE)
    return await attempt()

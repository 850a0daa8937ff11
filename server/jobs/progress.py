"""How a job tells what it has done."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called now and then with what is done and what there is to do, in the job's own unit."""


def no_progress(done: int, total: int) -> None:
    """Tell nobody."""

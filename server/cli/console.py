"""Where the commands print: results on ``output``, everything else by ``say``."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

output = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
_messages = Console(stderr=True, soft_wrap=True, highlight=False, markup=False, emoji=False)


def say(message: str) -> None:
    """Print a line for the person, not for the program that reads the results."""
    _messages.print(message)


@contextmanager
def progress_bar(title: str, *, in_bytes: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that takes what is done and what there is to do; it draws on a terminal only."""
    count: ProgressColumn = DownloadColumn() if in_bytes else MofNCompleteColumn()
    columns = (TextColumn(title), BarColumn(), count, TimeRemainingColumn())
    with Progress(*columns, console=_messages, transient=True, disable=not _messages.is_terminal) as bar:
        task = bar.add_task(title, total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield show

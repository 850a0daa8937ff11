"""The worksheet at size, on SQLite and PostgreSQL, beside statements written by hand: a part of ``make bench``.

Prints one table for each database. Ratios are between runs that took turns in this process. The last part asks a
server of its own for pages, and for small changes, while it logs a segment of every contact.
"""

import argparse
import asyncio
import statistics
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, event, text

from benchmarks import hand_written
from benchmarks.meanwhile import measure_meanwhile
from benchmarks.rule_data import MOMENT
from benchmarks.rule_databases import postgresql_database, sqlite_database
from benchmarks.worksheet_by_hand import ByHand
from server.operations.segments.log_segment import log_segment
from server.operations.segments.revisions import undo_action
from server.operations.segments.segments import create_segment, update_segment
from server.operations.segments.selecting import add_contacts, reduce_segment, refine_segment
from server.reading.pages import Listing, PageRequest, read_pages
from server.reading.relations import Order
from server.reading.segments import LINES, lines_at, lines_of
from server.rules import sql_functions
from server.selection import decide_rule
from server.settings import Settings
from server.store.database import Database

_WIDTH = 140
_RULE, _WHERE = 'country == "DE" or country == "FR"', "c.country in ('DE', 'FR')"
_REST = "c.country is null or c.country not in ('DE', 'FR')"
_SMALL = 'no == "nobody"'
_LOGGED = "LOGGED"
"""Number of the segment that the server logs."""

Row = tuple[str, str, str]
"""What was measured, the figure, the target."""


@dataclass(slots=True)
class Bench:
    """One database with its contacts, both ways of working on it, and what was measured so far."""

    database: Database
    hand: ByHand
    rounds: int
    seconds: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    pages: dict[str, list[float]] = field(default_factory=dict)

    def note(self, what: str, who: str, seconds: float) -> None:
        """Note one run."""
        self.seconds.setdefault(what, {}).setdefault(who, []).append(seconds)

    async def run(self, what: str, operation: Callable[..., Awaitable[Any]], *arguments: Any, **options: Any) -> Any:
        """Run an operation in its unit of work, and note what it took up to the commit."""
        begun = perf_counter()
        async with self.database.write(actor="bench", operation="bench", moment=MOMENT) as work:
            result = await operation(work, *arguments, **options)
        self.note(what, "ours", perf_counter() - begun)
        return result

    async def select(self, what: str, operation: Callable[..., Awaitable[Any]], no: str, rule: str) -> Any:
        """Decide a rule and run an action with it."""
        begun = perf_counter()
        async with self.database.read() as connection:
            decided = await decide_rule(connection, rule, MOMENT, residual_rows=0)
        async with self.database.write(actor="bench", operation="bench", moment=MOMENT) as work:
            result = await operation(work, no, decided)
        self.note(what, "ours", perf_counter() - begun)
        return result

    async def page(self, after: str, segment_id: int) -> None:
        """Read the first and the last page of 50 lines."""
        listing = Listing(LINES, Order(LINES.key), lines_at(None), belongs=lines_of)
        columns = [name for name in LINES.columns if name != "segment_key"]
        for backward in (False, True):
            async with self.database.read() as connection:
                await connection.execute(text("select 1"))
                begun = perf_counter()
                await read_pages(connection, listing, columns, PageRequest(50, backward=backward), [segment_id])
                self.pages.setdefault(after, []).append(perf_counter() - begun)


async def measure(bench: Bench) -> None:
    """Run every operation beside what is written by hand, in turns."""
    for number in range(bench.rounds):
        no = f"BENCH-{number}"
        by_hand = await bench.run("(create)", create_segment, {"no": f"HAND-{number}", "description": "By hand"})
        ours = await bench.run("(create)", create_segment, {"no": no, "description": "Ours"})
        took, lines = bench.hand.add(by_hand)
        bench.note("add every contact", "hand", took)
        added = await bench.select("add every contact", add_contacts, no, "true")
        _same(added.lines_added, lines)
        await bench.page("add", ours)
        for what, operation, where in (("reduce", reduce_segment, _WHERE), ("refine", refine_segment, _REST)):
            took, lines = bench.hand.delete(by_hand, where)
            bench.note(what, "hand", took)
            result = await bench.select(what, operation, no, _RULE)
            _same(result.lines_removed, lines)
            await bench.page(what, ours)
            await bench.run("undo", undo_action, no)
            await bench.page("undo", ours)
            bench.hand.clean(f"delete from segment_line where segment_id = {by_hand}")
            bench.hand.add(by_hand)
        await bench.select("an action that drops the tail of a refine", add_contacts, no, _SMALL)
        await _log(bench, by_hand, no, number)
        await bench.run("(create)", create_segment, {"no": f"TAIL-{number}", "description": "Tail"})
        await bench.select("(again)", add_contacts, f"TAIL-{number}", "true")
        await bench.run("undo", undo_action, f"TAIL-{number}")
        await bench.select("an action that drops an add of every contact", add_contacts, f"TAIL-{number}", _SMALL)
        bench.hand.clean("delete from segment_line_override", "delete from segment_line")


async def _log(bench: Bench, by_hand: int, no: str, number: int) -> None:
    """Log the segment, and its lines by hand; who begins changes from round to round."""
    await bench.run("(header)", update_segment, no, {"template": "MAIL", "salesperson": "SP01"})
    logged_by_hand = (
        "insert into logged_segment (segment_no, description, created_on, created_at)"
        f" select 'BY-HAND-{number}', '', '2026-11-23', created_at from segment where id = {by_hand}"
    )
    lines: dict[str, int] = {}
    for who in ("hand", "ours") if number % 2 else ("ours", "hand"):
        if who == "hand":
            bench.hand.clean(logged_by_hand)
            took, lines[who] = bench.hand.log(
                by_hand, f"(select entry_no from logged_segment where segment_no = 'BY-HAND-{number}')"
            )
            bench.note("log every line", "hand", took)
        else:
            lines[who] = (await bench.run("log every line", log_segment, no)).entries
        bench.hand.clean("delete from interaction_log_entry where actor = 'bench'")
    _same(lines["ours"], lines["hand"])


async def measure_header(bench: Bench) -> Row:
    """Change the header of a segment that has many lines, counting what is sent to the database."""
    key = await bench.run("(create)", create_segment, {"no": "HEADER", "description": "Before"})
    count = (await bench.select("(add)", add_contacts, "HEADER", _RULE)).lines_added
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement.split(maxsplit=1)[0].upper() + " " + " ".join(statement.split()[1:2]))

    event.listen(Engine, "before_cursor_execute", note)
    await bench.run("a new description on the header", update_segment, "HEADER", {"description": "After"})
    event.remove(Engine, "before_cursor_execute", note)
    took = bench.seconds["a new description on the header"]["ours"][0]
    updates = [statement for statement in sent if statement.startswith("UPDATE") and "line" in statement]
    await bench.page("header", key)
    return (
        f"a new description on the header of {count:,} lines",
        f"{took * 1000:.1f} ms, statements that update lines: {len(updates)}",
        "one",
    )


def _same(ours: int, hand: int) -> None:
    if ours != hand:
        msg = f"ours {ours}, by hand {hand}"
        raise AssertionError(msg)


_TARGETS = {
    "add every contact": 1.3,
    "reduce": 2.5,
    "refine": 2.5,
    "log every line": 2.5,
}


def rows_of(bench: Bench) -> Iterator[Row]:
    """Yield what was measured beside what is written by hand, then what stands alone, then the pages."""
    for what, by in bench.seconds.items():
        if what.startswith("("):
            continue
        ours = statistics.median(by["ours"])
        if "hand" in by:
            hand = statistics.median(by["hand"])
            ratio = statistics.median(our / its for our, its in zip(by["ours"], by["hand"], strict=True))
            yield what, f"{ours:.2f} s, by hand {hand:.2f} s: ratio {ratio:.2f}", f"ratio ≤ {_TARGETS[what]}"
        elif what == "undo":
            yield "undo, with its commit to the disk", f"{ours * 1000:.1f} ms", ""
        elif "drops" in what:
            yield what, f"{ours:.2f} s", "≤ 3 s"
    for after, times in bench.pages.items():
        target = "≤ 60 ms" if after in {"reduce", "refine"} else "≤ 10 ms"
        yield f"a page of 50 lines after {after}, longest", f"{max(times) * 1000:.1f} ms", target


async def _measured(url: str, hand: ByHand, rounds: int) -> list[Row]:
    settings = Settings(database_url=url, write_deadline=3600)
    database = Database(settings, functions=sql_functions())
    bench = Bench(database, hand, rounds)
    try:
        await measure(bench)
        header = await measure_header(bench)
        await bench.run("(create)", create_segment, {"no": _LOGGED, "description": "Logged", "template": "MAIL"})
        await bench.run("(header)", update_segment, _LOGGED, {"salesperson": "SP01"})
        await bench.select("(add)", add_contacts, _LOGGED, "true")
    finally:
        await database.close()
    return [*rows_of(bench), header]


def main() -> None:
    """Fill both databases, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    console = Console(width=_WIDTH)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "worksheet.db"
        for dialect in ("sqlite", "postgresql"):
            if options.only not in {None, dialect}:
                continue
            filled = (
                sqlite_database(path, options.contacts)
                if dialect == "sqlite"
                else postgresql_database(options.contacts, fsync="on", synchronous_commit="on")
            )
            with filled as asked, _driver(dialect, asked.url, path) as hand:
                rows = asyncio.run(_measured(asked.url, hand, options.rounds))
                rows += measure_meanwhile(asked.url, _LOGGED, "CT000001")
            table = Table(
                "measured", "figure", "target", title=f"The worksheet, {options.contacts:,} contacts, {dialect}"
            )
            for row in rows:
                table.add_row(*row)
            console.print(table)


@contextmanager
def _driver(dialect: str, url: str, path: Path) -> Iterator[ByHand]:
    """Yield what executes statements on the driver, with the promises that the server makes."""
    if dialect == "sqlite":
        connection = hand_written.connect(path)
        yield ByHand(dialect, lambda statement: connection.execute(statement).rowcount)
        connection.close()
        return
    with psycopg.connect(url, autocommit=True) as postgresql:
        yield ByHand(dialect, lambda statement: postgresql.execute(statement.encode()).rowcount)


if __name__ == "__main__":
    main()

"""The main job at size, on SQLite: ``make bench`` (``make bench CONTACTS=100000`` for a quick look).

Prints one table. Ratios are between runs that took turns within this one process; seconds depend on the machine.
"""

import argparse
import asyncio
import csv
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import hand_written
from benchmarks.server_process import ask, peak_memory, quantile, running_server
from server.clock import system_clock
from server.jobs.demo import create_demo
from server.migrations import migrate
from server.operations.segments.revisions import redo_action, undo_action
from server.operations.segments.segments import create_segment
from server.operations.segments.selecting import add_contacts
from server.rules import sql_functions
from server.selection import decide_rule
from server.settings import Settings
from server.store.database import Database

_ROUNDS = 5
_MOVES = 200
_PREVIEWS = 60
_RULES = {
    'country == "DE"': "c.country = 'DE'",
    'country == "DE" and type == "PERSON" and post_code.starts_with("10")': (
        "c.country = 'DE' and c.type = 'PERSON' and c.post_code >= '10' and c.post_code < '11'"
    ),
    "true": "true",
}

Row = tuple[str, str, str]
"""What was measured, the figure, the target."""


async def measure_adding(settings: Settings, path: Path) -> Iterator[Row]:
    """Return a row for each rule: the operation beside the hand-written statement, in turns."""
    database = Database(settings, functions=sql_functions())
    hand = hand_written.connect(path)
    clock = system_clock()
    rows: list[Row] = []
    try:
        async with database.write(actor="bench", operation="createSegment", moment=clock()) as work:
            by_hand = await create_segment(work, {"no": "BENCH-HAND", "description": "hand-written"})
            ours = await create_segment(work, {"no": "BENCH-OURS", "description": "operation"})
        for rule, where in _RULES.items():
            seconds: dict[str, list[float]] = {"ours": [], "hand": []}
            for _ in range(_ROUNDS):
                took, expected = hand_written.add_contacts(hand, by_hand, where)
                seconds["hand"].append(took)
                hand_written.remove_lines(hand, by_hand)
                begun = perf_counter()
                async with database.read() as connection:
                    decided = await decide_rule(connection, rule, clock(), residual_rows=0)
                async with database.write(actor="bench", operation="addContactsToSegment", moment=clock()) as work:
                    result = await add_contacts(work, "BENCH-OURS", decided)
                seconds["ours"].append(perf_counter() - begun)
                if result.lines_added != expected:
                    msg = f"{rule}: {result.lines_added} lines, by hand {expected}"
                    raise AssertionError(msg)
                if rule == "true" and len(seconds["ours"]) == _ROUNDS:
                    rows.extend(await measure_moving(database))
                async with database.write(actor="bench", operation="undo", moment=clock()) as work:
                    await undo_action(work, "BENCH-OURS")
                hand_written.remove_lines(hand, ours)
            rows.insert(0, _compared(f"add {expected:,} contacts by `{rule}`", seconds))
    finally:
        hand.close()
        await database.close()
    return iter(rows)


def _compared(what: str, seconds: dict[str, list[float]]) -> Row:
    """Return the row of two things that took turns: medians, and the median of the ratios pair by pair."""
    ours, hand = (statistics.median(seconds[name]) for name in ("ours", "hand"))
    ratio = statistics.median(our / its for our, its in zip(seconds["ours"], seconds["hand"], strict=True))
    return what, f"{ours:.3f} s, by hand {hand:.3f} s: ratio {ratio:.2f}", "ratio ≤ 1.3"


async def measure_moving(database: Database) -> list[Row]:
    """Return the time of an undo and of a redo over every contact there is, in the database alone."""
    clock = system_clock()
    seconds: dict[str, list[float]] = {"undo": [], "redo": []}
    for _ in range(_MOVES):
        for name, move in (("undo", undo_action), ("redo", redo_action)):
            async with database.write(actor="bench", operation=name, moment=clock()) as work:
                begun = perf_counter()
                await move(work, "BENCH-OURS")
                seconds[name].append(perf_counter() - begun)
    return [
        (
            f"{name}, p50 · p95",
            f"{quantile(times, 50) * 1000:.2f} · {quantile(times, 95) * 1000:.2f} ms",
            "p50 ≤ 2 ms",
        )
        for name, times in seconds.items()
    ]


def measure_server(path: Path) -> list[Row]:
    """Return start-up time, previews over HTTP, and the server's peak memory."""
    with running_server(f"sqlite:///{path}") as (url, started, pid):
        rows = [("server started and answering", f"{started:.2f} s", "< 3 s")]
        preview = "query ($rule: String!) { previewRule(rule: $rule) { count } }"
        for rule in list(_RULES)[:2]:
            times = list(timed(lambda rule=rule: ask(url, preview, {"rule": rule}), _PREVIEWS))  # type: ignore[misc]
            count = ask(url, preview, {"rule": rule})["previewRule"]["count"]
            rows.append(
                (f"preview count of `{rule}` ({count:,}), p95", f"{quantile(times, 95) * 1000:.0f} ms", "≤ 250 ms")
            )
        rows.append(("server's peak memory", f"{peak_memory(pid) / 1024:.0f} MiB", ""))
    return rows


def timed(call: Callable[[], Any], times: int) -> Iterator[float]:
    """Yield the seconds that each of ``times`` calls took."""
    for _ in range(times):
        begun = perf_counter()
        call()
        yield perf_counter() - begun


def measure_import(folder: Path) -> list[Row]:
    """Return rows a second and peak memory of two imports, the second of five times the rows."""
    rows: list[Row] = []
    peaks: list[float] = []
    for count in (200_000, 1_000_000):
        file, path = folder / f"{count}.csv", folder / f"import-{count}.db"
        _write_contacts(file, count)
        settings = Settings(database_url=f"sqlite:///{path}")
        migrate(settings)
        environment = {**os.environ, "TESSERA_DATABASE_URL": settings.database_url}
        begun = perf_counter()
        command = [sys.executable, "-m", "server", "import", "contacts", str(file), "--type", "person"]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, peak_memory(process.pid))
            sleep(0.05)
        if process.returncode:
            msg = "the import failed"
            raise RuntimeError(msg)
        seconds = perf_counter() - begun
        peaks.append(peak / 1024)
        rows.append((f"import {count:,} rows", f"{count / seconds:,.0f} rows/s", "≥ 10,000 rows/s"))
    rows.append(("import, peak memory of the two", f"{peaks[0]:.0f} · {peaks[1]:.0f} MiB", "does not grow"))
    return rows


def _write_contacts(file: Path, count: int) -> None:
    with file.open("w", encoding="utf-8", newline="") as output:
        writer = csv.writer(output)
        writer.writerow(["external_id", "first_name", "surname", "email", "city", "post_code", "country", "phone"])
        for number in range(count):
            writer.writerow(
                [f"X{number}", f"First{number % 977}", f"Last{number % 7919}", f"c{number}@example.com", "Berlin",
                 f"{10000 + number % 5000}", "DE", f"+49 30 {number:08}"]
            )  # fmt: skip


def main() -> None:
    """Create the data unless it is there, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--database", type=Path, help="keep the demo data here and use it again")
    options = parser.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory() as temporary:
        path = options.database or Path(temporary) / "bench.db"
        settings = Settings(database_url=f"sqlite:///{path}", write_deadline=3600)
        rows: list[Row] = []
        if not path.exists():
            migrate(settings)
            begun = perf_counter()
            asyncio.run(_create(settings, options.contacts))
            rows.append((f"create {options.contacts:,} demo contacts", f"{perf_counter() - begun:.0f} s", ""))
        rows.append(("bytes a contact, everything in", f"{path.stat().st_size / options.contacts:,.0f}", ""))
        work = Path(temporary) / "work.db"
        shutil.copy(path, work)
        rows.extend(
            asyncio.run(measure_adding(settings.model_copy(update={"database_url": f"sqlite:///{work}"}), work))
        )
        rows.extend(measure_server(work))
        rows.extend(measure_import(Path(temporary)))
    table = Table("measured", "figure", "target", title=f"The main job, {options.contacts:,} contacts, SQLite")
    for row in rows:
        table.add_row(*row)
    console.print(table)
    console.print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


async def _create(settings: Settings, contacts: int) -> None:
    database = Database(settings, functions=sql_functions())
    try:
        await create_demo(database, contacts=contacts, moment=system_clock()())
    finally:
        await database.close()


if __name__ == "__main__":
    main()

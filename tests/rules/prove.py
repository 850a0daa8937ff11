"""The long proof: random rules over thousands of hostile people, on all cores, until enough pairs are compared.

    python -m tests.rules.prove --pairs 10000000

Every process has its own seed, people and databases: SQLite, and PostgreSQL twice, sorting text by ICU and by code
point. It ends with the counts and exit code 0, or with the first wrong answer, made as short as it could, and 1.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import count, islice
from pathlib import Path

from server.clock import Moment
from server.errors import RuleError
from tests.postgresql_cluster import find_binaries, running_cluster
from tests.rules.asked import MismatchError
from tests.rules.comparing import World, compare
from tests.rules.moments import MOMENTS
from tests.rules.people import People, make_people, stored
from tests.rules.reached import FAMILIES, LEFT_OPEN, NODES
from tests.rules.rule_texts import random_rule
from tests.rules.shrinking import shrunk
from tests.rules.tally import Tally, gaps, table
from tests.rules.written_rules import written

_RULES_A_ROUND = 500
"""Rules for which the same people stand; then there are others."""
_PEOPLE = 500
_PROGRESS_SECONDS = 15.0


def main(arguments: Sequence[str]) -> int:
    """Run the proof and return the exit code."""
    options = _options(arguments)
    if options.worker is not None:
        return _work(options)
    binaries = find_binaries()
    if binaries is None:
        print("No PostgreSQL binaries (initdb, postgres) on this machine: the proof needs both databases.")
        return 1
    with running_cluster(binaries, max_wal_size="1GB") as cluster:
        collations = cluster.collations()
        if "ICU" not in collations:
            print("This PostgreSQL has no ICU (older than 15, or built without it): one collation is not compared.")
        urls = [
            {f"postgresql {name}": cluster.url(cluster.create_database(collation=name)) for name in collations}
            for _ in range(options.processes)
        ]
        return _lead(options, urls)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.rules.prove", description=__doc__)
    parser.add_argument("--pairs", type=int, default=10_000_000, help="(rule, contact) pairs to compare, at least")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=20261123, help="of chance; the same seed proves the same")
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--urls", type=json.loads, default={}, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def _lead(options: argparse.Namespace, urls: list[dict[str, str]]) -> int:
    """Start one process for each share of the pairs, show how far they are, and add up what they counted."""
    began = time.monotonic()
    share = -(-options.pairs // options.processes)
    with ExitStack() as stack:
        workers = [
            stack.enter_context(
                subprocess.Popen(
                    [
                        sys.executable, "-m", "tests.rules.prove", f"--pairs={share}", f"--seed={options.seed}",
                        f"--processes={options.processes}", f"--worker={number}", f"--urls={json.dumps(urls[number])}",
                    ],
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for number in range(options.processes)
        ]  # fmt: skip
        stack.callback(_end, workers)
        tallies, failed = _collected(workers, options.pairs, began)
    total = Tally()
    for tally in tallies.values():
        total.add(tally)
    databases = ["sqlite", *urls[0]]
    print()
    print(table(total, databases))
    print(f"\n{time.monotonic() - began:,.0f} seconds, {options.processes} processes, seed {options.seed}")
    if failed:
        print(f"\nMISMATCH\n{failed}")
        return 1
    missing = gaps(total, databases, required=[*NODES, *FAMILIES], left_open=LEFT_OPEN)
    print(*missing, sep="\n")
    return 1 if missing else 0


def _end(workers: "list[subprocess.Popen[str]]") -> None:
    for worker in workers:
        worker.terminate()


def _collected(workers: "list[subprocess.Popen[str]]", pairs: int, began: float) -> tuple[dict[int, Tally], str]:
    """Return the last counts of every process, and the first mismatch; "" for none."""
    tallies: dict[int, Tally] = {}
    shown = began
    for number, line in _lines(workers):
        said = json.loads(line)
        tallies[number] = Tally.from_data(said["tally"])
        if said["failed"]:
            return tallies, said["failed"]
        if time.monotonic() - shown > _PROGRESS_SECONDS:
            shown = time.monotonic()
            done = sum(tally.pairs for tally in tallies.values())
            rules = sum(tally.rules for tally in tallies.values())
            print(f"{shown - began:6,.0f} s  {rules:9,} rules  {done:12,} pairs  {done / pairs:4.0%}", flush=True)
    broken = [worker.wait() for worker in workers]
    return tallies, f"a process ended with {broken}" if any(broken) else ""


def _lines(workers: "list[subprocess.Popen[str]]") -> Iterator[tuple[int, str]]:
    """Yield what the processes say, in turns: each says about as much as the others."""
    reading = dict(enumerate(workers))
    while reading:
        for number, worker in list(reading.items()):
            assert worker.stdout is not None
            line = worker.stdout.readline()
            if line:
                yield number, line
            else:
                del reading[number]


def _work(options: argparse.Namespace) -> int:
    """Compare until the share of pairs is reached; say the counts as a line of JSON after every round."""
    tally = Tally()
    for turn in count():
        failed = _round(random.Random(f"{options.seed} {options.worker} {turn}"), turn, options, tally)
        print(json.dumps({"tally": tally.as_data(), "failed": failed}), flush=True)
        if failed or tally.pairs >= options.pairs:
            return 0
    return 1


def _round(chance: random.Random, turn: int, options: argparse.Namespace, tally: Tally) -> str:
    """Compare a number of rules on people of their own; return the first mismatch, made short, or ""."""
    with databases(make_people(_PEOPLE, chance.randrange(2**32)), options.urls) as world:
        for text, moment in _questions(chance, turn, options):
            try:
                compare(text, moment, world, tally)
            except RuleError:
                tally.refused += 1
            except MismatchError as found:
                return shrunk(found, partial(compare, moment=moment, world=world, tally=Tally())).told
            if turn and tally.pairs >= options.pairs:
                break
    return ""


def _questions(chance: random.Random, turn: int, options: argparse.Namespace) -> Iterator[tuple[str, Moment]]:
    """Yield the written rules of this process first, and then random ones."""
    if turn == 0:
        yield from islice(written(moments=1), options.worker, None, options.processes)
    else:
        for _ in range(_RULES_A_ROUND):
            yield random_rule(chance), chance.choice(MOMENTS)


@contextmanager
def databases(people: People, urls: dict[str, str]) -> Iterator[World]:
    """Yield the people in a new SQLite file and in the given PostgreSQL databases, in place of who was there."""
    with tempfile.TemporaryDirectory(prefix="tessera-proof-") as folder, ExitStack() as stack:
        everywhere = {"sqlite": f"sqlite:///{Path(folder) / 'people.db'}", **urls}
        yield World(people, {name: stack.enter_context(stored(people, url)) for name, url in everywhere.items()})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

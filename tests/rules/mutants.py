"""Whether the proof would notice: each naive translation is put back into the code, and must be found out.

    python -m tests.rules.mutants

The code is mutated in copies of the tree. It ends with a table, and with exit code 1 when a mutant lives that has no
written reason for it, when one no longer applies to the code, or when the unchanged code is answered wrongly.
"""

import argparse
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

from tests.postgresql_cluster import Cluster, find_binaries, running_cluster
from tests.rules.mutant_table import ROOT, Mutant, read_mutants, reason_not_to_apply

_CHILD_SECONDS = 900
_UNCHANGED = Mutant("(the code as it is)", "server/rules/sql/compiler.py", "", "")


@dataclass
class _Place:
    """A copy of the tree, and databases for one process at a time."""

    tree: Path
    urls: dict[str, str]


@dataclass
class _Result:
    mutant: Mutant
    said: dict[str, Any] = field(default_factory=dict)
    error: str = ""

    @property
    def good(self) -> bool:
        """Whether this is what should have come out."""
        if self.error:
            return False
        expected = self.mutant is not _UNCHANGED and not self.mutant.lives_because
        return bool(self.said["caught"]) == expected


def main(arguments: Sequence[str]) -> int:
    """Run every mutant and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.rules.mutants", description=__doc__)
    parser.add_argument("--rules", type=int, default=800, help="random rules for each mutant; the written ones follow")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--only", default="", help="only the mutants with this in their name")
    options = parser.parse_args(arguments)
    binaries = find_binaries()
    if binaries is None:
        print("No PostgreSQL binaries (initdb, postgres) on this machine: the mutants need both databases.")
        return 1
    began = time.monotonic()
    with running_cluster(binaries) as cluster, _places(cluster, options.processes) as places:
        mutants = [_UNCHANGED, *(mutant for mutant in read_mutants() if options.only in mutant.name)]
        results = list(_run(mutants, places, options))
    results.sort(key=lambda result: mutants.index(result.mutant))
    print(_table(results))
    wrong = [result for result in results if not result.good]
    for result in wrong:
        print(f"\n{result.mutant.name}: {result.error or result.said.get('told') or 'lives'}")
    caught = sum(result.said.get("caught", False) for result in results)
    print(f"\n{len(mutants) - 1} mutants, {caught} caught, {len(wrong)} wrong, {time.monotonic() - began:.0f} seconds")
    return 1 if wrong else 0


@contextmanager
def _places(cluster: Cluster, count: int) -> "Iterator[queue.Queue[_Place]]":
    """Yield copies of the tree with their databases."""
    free: queue.Queue[_Place] = queue.Queue()
    with tempfile.TemporaryDirectory(prefix="tessera-mutants-") as folder:
        for number in range(count):
            tree = Path(folder) / str(number)
            for name in ("server", "tests"):
                shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
            urls = {
                f"postgresql {name}": cluster.url(cluster.create_database(collation=name))
                for name in cluster.collations()
            }
            free.put(_Place(tree, urls))
        yield free


def _run(mutants: Sequence[Mutant], places: "queue.Queue[_Place]", options: argparse.Namespace) -> Iterator[_Result]:
    """Yield the results as they come, as many at a time as there are places."""
    ended = threading.Event()
    with ThreadPoolExecutor(places.qsize()) as pool:
        running = [pool.submit(_one, mutant, places, options, ended) for mutant in mutants]
        try:
            for done in as_completed(running):
                result = done.result()
                print(_row(result), flush=True)
                yield result
        finally:
            ended.set()


def _one(mutant: Mutant, places: "queue.Queue[_Place]", options: argparse.Namespace, ended: threading.Event) -> _Result:
    if ended.is_set():
        return _Result(mutant, error="not run")
    place = places.get()
    try:
        return _in_place(mutant, place, options)
    finally:
        places.put(place)


def _in_place(mutant: Mutant, place: _Place, options: argparse.Namespace) -> _Result:
    """Put the mutant into the copy, ask a process what it answers wrongly, and take it out again."""
    if mutant is not _UNCHANGED and (reason := reason_not_to_apply(mutant, place.tree)):
        return _Result(mutant, error=f"does not apply: {reason}")
    file = place.tree / mutant.file
    original = file.read_text()
    try:
        if mutant is not _UNCHANGED:
            file.write_text(original.replace(mutant.old, mutant.new))
            Path(cache_from_source(str(file))).unlink(missing_ok=True)
        return _asked(mutant, place, options)
    finally:
        file.write_text(original)
        Path(cache_from_source(str(file))).unlink(missing_ok=True)


def _asked(mutant: Mutant, place: _Place, options: argparse.Namespace) -> _Result:
    command = [
        sys.executable, "-m", "tests.rules.catch", f"--rules={options.rules}", f"--seed={options.seed}",
        f"--urls={json.dumps(place.urls)}",
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(place.tree)}
    try:
        done = subprocess.run(
            command,
            cwd=place.tree,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=_CHILD_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return _Result(mutant, error=f"no answer in {_CHILD_SECONDS} seconds")
    if done.returncode:
        return _Result(mutant, error=f"the process broke: {done.stderr.strip()[-1500:]}")
    return _Result(mutant, json.loads(done.stdout.splitlines()[-1]))


def _row(result: _Result) -> str:
    said, name = result.said, f"{result.mutant.name:<58.58}"
    if result.error:
        return f"{name}  WRONG   {result.error[:110]}"
    if not said["caught"]:
        why = result.mutant.lives_because or ("none expected" if result.mutant is _UNCHANGED else "LIVES")
        return f"{name}  nothing wrong in {said['rules']} rules  ({why})"
    who = "everybody" if said["person"] is None else f"person {said['person']}"
    return f"{name}  {said['rules']:5} {said['by']:<8} {said['back_end']:<16.16} {who:<11} {said['rule'][:90]!r}"


def _table(results: Sequence[_Result]) -> str:
    head = f"{'mutant':<58}  rules          answered by      person      rule"
    return "\n".join(["", head, "-" * len(head), *map(_row, results)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

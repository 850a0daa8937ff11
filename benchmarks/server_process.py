"""A server in a process of its own, as its users have it, and what can be said about its times."""

import json
import os
import statistics
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any


@contextmanager
def running_server(url: str) -> Iterator[tuple[str, float, int]]:
    """Yield the address of a server on a database, the seconds until it answered, and its process id."""
    begun = perf_counter()
    command = [sys.executable, "-m", "server", "serve", "--port", "0", "--no-demo"]
    environment = {**os.environ, "TESSERA_DATABASE_URL": url}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        address = _announced_url(process)
        ask(address, "{ contacts(first: 1) { nodes { no } } }")
        yield address, perf_counter() - begun, process.pid
    finally:
        process.terminate()
        process.wait(30)


def _announced_url(process: "subprocess.Popen[str]") -> str:
    for line in process.stdout or ():
        for word in line.split():
            if word.startswith("http://") and word.rstrip("/.").endswith("/graphql"):
                return word.rstrip("/.")
    msg = "the server ended before it said where it listens"
    raise RuntimeError(msg)


def ask(url: str, query: str, variables: dict[str, Any] | None = None) -> Any:
    """Return the data of a query; raises RuntimeError for an error in the answer."""
    body = json.dumps({"query": query, "variables": variables or {}}).encode()
    request = urllib.request.Request(url, body, {"content-type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        parsed = json.load(answer)
    if parsed.get("errors"):
        raise RuntimeError(parsed["errors"])
    return parsed["data"]


def quantile(values: Sequence[float], percent: int) -> float:
    """Return the value below which so many percent of the values lie."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def peak_memory(pid: int) -> float:
    """Return the peak resident memory of a process in KiB; 0 where the system does not tell, or no longer."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return float(next((line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")), 0))

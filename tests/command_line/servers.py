"""``tessera serve`` as a process of its own, as an operator runs it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]
SECONDS_TO_START = 60


class RunningServer:
    """A server that answers.

    Attributes:
        url: where GraphQL is.
        greeting: what it printed once it answered.
    """

    def __init__(self, process: subprocess.Popen[str], url: str, greeting: str) -> None:
        self.url = url
        self.greeting = greeting
        self._process = process

    def post(self, query: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the data of an operation."""
        request = urllib.request.Request(
            self.url,
            data=json.dumps({"query": query, "variables": variables or {}}).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            body: dict[str, Any] = json.load(response)
        assert "errors" not in body, body["errors"]
        data: dict[str, Any] = body["data"]
        return data

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> int:
        """Tell the process to stop and return its exit code."""
        self._process.send_signal(with_signal)
        return self._process.wait(timeout=30)


def environment(**variables: str) -> dict[str, str]:
    """Return this process's environment without the developer's settings of Tessera."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TESSERA_")}
    return {**inherited, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(REPOSITORY), "COLUMNS": "120", **variables}


def tessera_process(*arguments: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run one command as a process in the folder ``cwd`` and return what came of it."""
    return subprocess.run(
        [sys.executable, "-m", "server", *arguments],
        cwd=cwd,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@contextmanager
def serving(*options: str, cwd: Path) -> Iterator[RunningServer]:
    """Run ``tessera serve`` on a free port in the folder ``cwd``, where its SQLite file will be."""
    process = subprocess.Popen(
        [sys.executable, "-m", "server", "serve", "--port", "0", *options],
        cwd=cwd,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield _answering(process)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _answering(process: subprocess.Popen[str]) -> RunningServer:
    assert process.stdout
    assert process.stderr
    lines: list[str] = []
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        line = process.stdout.readline()
        if not line:
            raise AssertionError(process.stderr.read())
        lines.append(line)
        if line.startswith("Ctrl-C"):
            break
    greeting = "".join(lines)
    url = re.search(r"http://127\.0\.0\.1:\d+/graphql", greeting)
    assert url, greeting
    return RunningServer(process, url.group(), greeting)

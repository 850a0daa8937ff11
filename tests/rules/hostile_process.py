"""Hands hostile texts to a process of its own, and kills it when it does not come back."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SECONDS_MAX = 0.05
"""What any one stage may cost, in processor seconds."""
MEMORY_MAX = 50_000_000
"""What taking in a text may hold besides, in bytes."""
LOOP_SECONDS_MAX = 5
"""What the 100,000 rounds may cost after which rule-engine ends the loops of a rule."""
_PATIENCE = 60
"""Seconds after which a task is given up."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What came of a text.

    Attributes:
        end: ``refused``, ``rule``, or what else escaped.
        seconds: processor seconds by stage.
        memory: bytes.
    """

    end: str
    seconds: Mapping[str, float] = field(default_factory=dict)
    memory: int = 0

    @property
    def worst(self) -> tuple[float, str]:
        """The slowest stage and its name."""
        return max(((seconds, stage) for stage, seconds in self.seconds.items()), default=(0.0, "nothing"))


class HostileProcess:
    """Takes texts one at a time; a process that burned is replaced by a new one."""

    def __init__(self) -> None:
        self._process = self._started()

    def take_in(self, text: str, **contact: Any) -> Cost:
        """Return what a text came to; ``values`` are some of a contact's, ``visits`` how many it has."""
        task = {"text": text, **contact}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(task).encode() + b"\n")
            self._process.stdin.flush()
            ready = select.select([self._process.stdout], [], [], _PATIENCE)[0]
            line = self._process.stdout.readline() if ready else b""
        except BrokenPipeError:
            line = b""
        if not line:
            code = self._process.poll()
            self.close()
            self._process = self._started()
            return Cost(f"did not come back in {_PATIENCE} s" if code is None else f"died with {code}")
        return Cost(**json.loads(line))

    def close(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.communicate()

    def _started(self) -> "subprocess.Popen[bytes]":
        root = Path(__file__).parents[2]
        return subprocess.Popen(
            [sys.executable, "-m", "tests.rules.hostile_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )


@contextmanager
def hostile_process() -> Iterator[HostileProcess]:
    """Yield a process that takes in texts until the block ends."""
    process = HostileProcess()
    try:
        yield process
    finally:
        process.close()

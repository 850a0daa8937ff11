"""The command line without a process for every call."""

import sys
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Protocol

import pytest

from server.cli import main


@dataclass(frozen=True)
class Finished:
    """What came of a command: exit code and what it printed."""

    code: int
    out: str
    err: str


class Tessera(Protocol):
    """Call ``tessera ARGUMENTS``."""

    def __call__(self, *arguments: str, stdin: str = "") -> Finished: ...


@pytest.fixture
def tessera(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tessera:
    """Call ``tessera ARGUMENTS`` in the test's own folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")

    def run(*arguments: str, stdin: str = "") -> Finished:
        monkeypatch.setattr(sys, "argv", ["tessera", *arguments])
        monkeypatch.setattr(sys, "stdin", StringIO(stdin))
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        printed = capsys.readouterr()
        return Finished(code, printed.out, printed.err)

    return run

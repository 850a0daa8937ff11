"""The walk through a whole campaign ends with the figures that are worked out by hand in it."""

import subprocess
import sys
from pathlib import Path

from tests.command_line.servers import REPOSITORY, environment, serving

SCRIPT = REPOSITORY / "docs" / "conduct_a_campaign.py"


def walk(url: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), "--url", url, *arguments],
        cwd=folder,
        env=environment(PYTHONPATH=str(REPOSITORY)),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_every_figure_is_what_it_should_be_and_a_second_walk_needs_another_word(tmp_path: Path) -> None:
    with serving(cwd=tmp_path) as server:
        first = walk(server.url, tmp_path)
        second = walk(server.url, tmp_path)
        third = walk(server.url, tmp_path, "--word", "again")

    assert first.returncode == 0, first.stdout + first.stderr
    assert first.stdout.count("response rate") == 4
    assert second.returncode != 0
    assert "ALREADY_EXISTS" in second.stderr
    assert third.returncode == 0, third.stdout + third.stderr

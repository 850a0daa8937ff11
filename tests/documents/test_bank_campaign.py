"""The script of the documentation does what it says, on a sample, against a real server."""

import csv
import subprocess
import sys
from pathlib import Path
from random import Random

from tests.command_line.servers import REPOSITORY, environment, serving

SCRIPT = REPOSITORY / "docs" / "bank_campaign.py"
JOBS = ["admin.", "technician", "management", "student", "retired", "blue-collar"]


def write_sample(file: Path, rows: int) -> None:
    random = Random(7)
    with file.open("w", encoding="utf-8", newline="") as output:
        writer = csv.writer(output)
        writer.writerow(["age", "job", "marital", "car.loan", "per.loan", "pdays", "outcome"])
        for _ in range(rows):
            outcome = random.choice(["success", "failure", "hold"])
            loans = [random.choice(["yes", "no"]) for _ in range(2)]
            marital = random.choice(["single", "married", ""])
            writer.writerow(
                [random.randint(18, 80), random.choice(JOBS), marital, *loans, random.choice([3, 999]), outcome]
            )


def run_script(file: Path, url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), str(file), "--url", url],
        cwd=file.parent,
        env=environment(PYTHONPATH=str(REPOSITORY)),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_script_builds_and_logs_what_plain_sql_selects(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    write_sample(file, 600)

    with serving(cwd=tmp_path) as server:
        done = run_script(file, server.url)
        left = server.post(
            "{ interactions { totalCount } loggedSegments { totalCount } segments { nodes { no lineCount } } }"
        )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "contacts imported: 600" in done.stdout
    logged = left["interactions"]["totalCount"]
    assert 0 < logged < 600
    assert f"members that plain SQL selects, too: {logged:,}" in done.stdout
    assert left["loggedSegments"]["totalCount"] == 1
    assert left["segments"]["nodes"] == [{"no": "SM00002", "lineCount": logged}]


def test_the_script_stops_where_a_figure_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    write_sample(file, 50)
    with file.open("a", encoding="utf-8") as output:
        output.write("not a number,technician,single,no,no,3,success\n")

    with serving(cwd=tmp_path) as server:
        done = run_script(file, server.url)

    assert done.returncode != 0
    assert "contacts imported: expected 51" in done.stderr

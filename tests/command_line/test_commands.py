"""The short commands: what they print and how they end."""

from pathlib import Path

import pytest

from server import __version__
from tests.command_line.servers import REPOSITORY, tessera

COMMANDS = ["serve", "migrate", "import", "export", "demo", "schema", "check-rule"]


@pytest.fixture
def migrated(tmp_path: Path) -> Path:
    """A folder with an empty, migrated database."""
    assert tessera("migrate", cwd=tmp_path).returncode == 0
    return tmp_path


def test_help_lists_every_command(tmp_path: Path) -> None:
    shown = tessera("--help", cwd=tmp_path)

    assert shown.returncode == 0
    assert [command for command in COMMANDS if f" {command} " not in shown.stdout] == []


@pytest.mark.parametrize(
    "command", [["serve"], ["import", "contacts"], ["export", "members"], ["demo"], ["check-rule"]]
)
def test_help_of_a_command_shows_an_example(tmp_path: Path, command: list[str]) -> None:
    shown = tessera(*command, "--help", cwd=tmp_path)

    assert shown.returncode == 0
    assert f" tessera {' '.join(command)} " in shown.stdout


def test_version(tmp_path: Path) -> None:
    assert tessera("--version", cwd=tmp_path).stdout == f"tessera {__version__}\n"


def test_unknown_command_is_wrong_usage(tmp_path: Path) -> None:
    assert tessera("serv", cwd=tmp_path).returncode == 2


def test_migrate_says_what_it_did_and_then_that_nothing_is_left(tmp_path: Path) -> None:
    first = tessera("migrate", cwd=tmp_path)
    second = tessera("migrate", cwd=tmp_path)

    assert (first.returncode, second.returncode) == (0, 0)
    assert "Migrated: 0001" in first.stderr
    assert (second.stdout, second.stderr) == ("The database is up to date.\n", "")


def test_command_on_a_missing_database_creates_none(tmp_path: Path) -> None:
    refused = tessera("check-rule", "true", cwd=tmp_path)

    assert refused.returncode == 1
    assert "Type: tessera migrate" in refused.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("rule", ['country == "DE"', "interaction_count > 3 and not minor", 'no in ["CT000001"]'])
def test_right_rule(migrated: Path, rule: str) -> None:
    checked = tessera("check-rule", rule, cwd=migrated)

    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "The rule is right.\n", "")


def test_rule_from_the_standard_input(migrated: Path) -> None:
    assert tessera("check-rule", "-", cwd=migrated, stdin='city == "Oslo"\n').returncode == 0


def test_wrong_rule_shows_the_place_and_what_was_meant(migrated: Path) -> None:
    checked = tessera("check-rule", 'minor or\n  contry == "DE"', cwd=migrated)

    assert checked.returncode == 1
    assert checked.stdout == ""
    lines = checked.stderr.splitlines()
    assert lines[0].startswith("RULE_UNKNOWN_SYMBOL: ")
    assert lines[1:] == ['    contry == "DE"', "    ^^^^^^", "  Meant: country"]


@pytest.mark.parametrize("rule", ["", "   ", "country ==", '"' * 3, "(" * 500, "\u202e", "1 << 100000000"])
def test_hopeless_rules_end_with_1(migrated: Path, rule: str) -> None:
    checked = tessera("check-rule", rule, cwd=migrated)

    assert checked.returncode == 1
    assert checked.stderr.startswith("RULE_")


def test_demo_data_is_for_an_empty_database(tmp_path: Path) -> None:
    first = tessera("demo", "--contacts", "30", cwd=tmp_path)
    second = tessera("demo", "--contacts", "30", cwd=tmp_path)
    third = tessera("demo", "--contacts", "30", "--add", cwd=tmp_path)

    assert (first.returncode, second.returncode, third.returncode) == (0, 1, 0)
    assert "Created 30 demo contacts" in first.stderr
    assert second.stderr == "tessera: There are contacts already; demo data is for an empty database.\n"


def test_schema_file_of_the_repository_is_current() -> None:
    checked = tessera("schema", "--check", cwd=REPOSITORY)

    assert (checked.returncode, checked.stdout) == (0, "schema.graphql is up to date.\n"), checked.stderr


def test_stale_schema_file_fails_and_is_written_anew(tmp_path: Path) -> None:
    file = tmp_path / "schema.graphql"
    file.write_text("type Query { old: Int }\n")

    stale = tessera("schema", "--check", cwd=tmp_path)
    written = tessera("schema", "--output", str(file), cwd=tmp_path)
    current = tessera("schema", "--check", cwd=tmp_path)

    assert (stale.returncode, written.returncode, current.returncode) == (1, 0, 0)
    assert "-type Query { old: Int }" in stale.stdout
    assert "Type: tessera schema --output schema.graphql" in stale.stderr
    assert file.read_text() == (REPOSITORY / "schema.graphql").read_text()


def test_schema_on_the_standard_output_is_the_file(tmp_path: Path) -> None:
    assert tessera("schema", cwd=tmp_path).stdout == (REPOSITORY / "schema.graphql").read_text()

"""The short commands: what they print and how they end."""

from pathlib import Path

import pytest

from server import __version__
from tests.command_line.conftest import Tessera
from tests.command_line.servers import REPOSITORY, tessera_process

COMMANDS = ["serve", "migrate", "import", "export", "demo", "schema", "check-rule"]


@pytest.fixture
def migrated(tessera: Tessera) -> Tessera:
    """The command line in a folder with an empty, migrated database."""
    assert tessera("migrate").code == 0
    return tessera


def test_help_lists_every_command(tessera: Tessera) -> None:
    shown = tessera("--help")

    assert shown.code == 0
    assert [command for command in COMMANDS if f" {command} " not in shown.out] == []


@pytest.mark.parametrize(
    "command", [["serve"], ["import", "contacts"], ["export", "members"], ["demo"], ["check-rule"]]
)
def test_help_of_a_command_shows_an_example(tessera: Tessera, command: list[str]) -> None:
    shown = tessera(*command, "--help")

    assert shown.code == 0
    assert f" tessera {' '.join(command)} " in shown.out


def test_version(tmp_path: Path) -> None:
    shown = tessera_process("--version", cwd=tmp_path)

    assert (shown.returncode, shown.stdout, shown.stderr) == (0, f"tessera {__version__}\n", "")


def test_unknown_command_is_wrong_usage(tessera: Tessera) -> None:
    assert tessera("serv").code == 2


def test_migrate_says_what_it_did_and_then_that_nothing_is_left(tessera: Tessera) -> None:
    first = tessera("migrate")
    second = tessera("migrate")

    assert (first.code, second.code) == (0, 0)
    assert "Migrated: 0001" in first.err
    assert (second.out, second.err) == ("The database is up to date.\n", "")


def test_command_on_a_missing_database_creates_none(tessera: Tessera, tmp_path: Path) -> None:
    refused = tessera("check-rule", "true")

    assert refused.code == 1
    assert "Type: tessera migrate" in refused.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("rule", ['country == "DE"', "interaction_count > 3 and not minor", 'no in ["CT000001"]'])
def test_right_rule(migrated: Tessera, rule: str) -> None:
    checked = migrated("check-rule", rule)

    assert (checked.code, checked.out, checked.err) == (0, "The rule is right.\n", "")


def test_rule_from_the_standard_input(migrated: Tessera) -> None:
    assert migrated("check-rule", "-", stdin='city == "Oslo"\n').code == 0


def test_wrong_rule_shows_the_place_and_what_was_meant(migrated: Tessera) -> None:
    checked = migrated("check-rule", 'minor or\n  contry == "DE"')

    assert checked.code == 1
    assert checked.out == ""
    lines = checked.err.splitlines()
    assert lines[0].startswith("RULE_UNKNOWN_SYMBOL: ")
    assert lines[1:] == ['    contry == "DE"', "    ^^^^^^", "  Meant: country"]


@pytest.mark.parametrize("rule", ["", "   ", "country ==", '"' * 3, "(" * 500, "\u202e", "1 << 100000000"])
def test_hopeless_rules_end_with_1(migrated: Tessera, rule: str) -> None:
    checked = migrated("check-rule", rule)

    assert checked.code == 1
    assert checked.err.startswith("RULE_")


def test_demo_data_is_for_an_empty_database(tessera: Tessera) -> None:
    first = tessera("demo", "--contacts", "30")
    second = tessera("demo", "--contacts", "30")
    third = tessera("demo", "--contacts", "30", "--add")

    assert (first.code, second.code, third.code) == (0, 1, 0)
    assert "Created 30 demo contacts" in first.err
    assert second.err == "tessera: There are contacts already; demo data is for an empty database.\n"


def test_schema_file_of_the_repository_is_current(tessera: Tessera) -> None:
    checked = tessera("schema", "--check", "--output", str(REPOSITORY / "schema.graphql"))

    assert (checked.code, checked.out) == (0, f"{REPOSITORY}/schema.graphql is up to date.\n"), checked.err


def test_stale_schema_file_fails_and_is_written_anew(tessera: Tessera, tmp_path: Path) -> None:
    file = tmp_path / "schema.graphql"
    file.write_text("type Query { old: Int }\n")

    stale = tessera("schema", "--check")
    written = tessera("schema", "--output", str(file))
    current = tessera("schema", "--check")

    assert (stale.code, written.code, current.code) == (1, 0, 0)
    assert "-type Query { old: Int }" in stale.out
    assert "Type: tessera schema --output schema.graphql" in stale.err
    assert file.read_text() == (REPOSITORY / "schema.graphql").read_text()


def test_schema_on_the_standard_output_is_the_file(tessera: Tessera) -> None:
    assert tessera("schema").out == (REPOSITORY / "schema.graphql").read_text()

"""The README shows the steps of the tour as they are run, and names what is there."""

import re
from pathlib import Path

import typer

from server.cli import app
from server.settings import Settings
from server.web.graphiql import examples
from tests.command_line.servers import REPOSITORY

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def test_every_operation_is_a_step_of_the_tour() -> None:
    shown = blocks("graphql")

    assert len(shown) >= 4
    assert set(shown) <= {step.query for step in examples()}


def test_every_variable_is_one_of_a_step() -> None:
    shown = blocks("json")

    assert len(shown) >= 3
    assert set(shown) <= {step.variables for step in examples()}


def test_every_step_is_named() -> None:
    names = [name for step in examples() for name in re.findall(r"^(?:query|mutation) (\w+)", step.query, re.MULTILINE)]

    assert len(names) == len(examples())
    assert [name for name in names if f"*{name}*" not in README] == []


def test_every_command_is_named() -> None:
    commands: dict[str, object] = getattr(typer.main.get_command(app), "commands", {})
    names = sorted(commands)

    assert len(names) >= 7
    assert [name for name in names if f"`tessera {name}" not in README] == []


def test_every_variable_of_the_environment_is_a_setting() -> None:
    named = set(re.findall(r"`TESSERA_(\w+)`", README))

    assert named
    assert {name.lower() for name in named} <= set(Settings.model_fields)


def test_every_link_leads_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", README)

    assert [target for target in targets if not (REPOSITORY / Path(target)).exists()] == []

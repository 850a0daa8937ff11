"""``tessera schema`` and ``tessera check-rule``: answers without changing anything."""

import asyncio
import difflib
import sys
from pathlib import Path
from typing import Annotated

import typer

from server.cli.console import output, say
from server.cli.opening import DatabaseUrl, opened_database, read_settings
from server.errors import RuleError
from server.rules import find_problems
from server.schema.schema import print_schema
from server.settings import Settings
from server.vocabulary import load_vocabulary

commands = typer.Typer()


@commands.command(
    epilog="""
    [bold]tessera schema --output schema.graphql[/bold]  write it, for code generators

    [bold]tessera schema --check[/bold]  in CI: fail when schema.graphql is out of date
    """
)
def schema(
    *,
    output_file: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file.", show_default=False)
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; compare with the file (schema.graphql) and say what differs."),
    ] = False,
) -> None:
    """Print the GraphQL schema."""
    text = print_schema()
    if check:
        _compare(output_file or Path("schema.graphql"), text)
    elif output_file:
        output_file.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


def _compare(file: Path, text: str) -> None:
    stored = file.read_text(encoding="utf-8") if file.exists() else ""
    if stored == text:
        output.print(f"{file} is up to date.")
        return
    difference = difflib.unified_diff(stored.splitlines(), text.splitlines(), str(file), "the code", lineterm="", n=1)
    output.print("\n".join(difference))
    say(f"tessera: {file} is not what the code says. Type: tessera schema --output {file}")
    raise typer.Exit(1)


@commands.command(
    epilog="""
    [bold]tessera check-rule 'country in ["DE", "AT"] and interaction_count >= 3'[/bold]

    [bold]tessera check-rule 'last_interaction_on == null or attributes.tier == "GOLD"'[/bold]
    """
)
def check_rule(
    rule: Annotated[
        str,
        typer.Argument(metavar="RULE", help="The rule; quote it for the shell. - reads it from the standard input."),
    ],
    *,
    database: DatabaseUrl = None,
) -> None:
    """Tell whether a rule is right, and where it is wrong.

    The database is asked for the custom attributes that the rule may name.
    """
    text = sys.stdin.read().rstrip("\n") if rule == "-" else rule
    settings = read_settings(database_url=database)
    problems = asyncio.run(_problems(settings, text))
    if not problems:
        output.print("The rule is right.")
        return
    for problem in problems:
        _print_problem(text, problem)
    raise typer.Exit(1)


async def _problems(settings: Settings, text: str) -> list[RuleError]:
    async with opened_database(settings) as store, store.read() as connection:
        return find_problems(text, await load_vocabulary(connection))


def _print_problem(text: str, problem: RuleError) -> None:
    """Show the message and, under the line of the rule, where it applies."""
    say(f"{problem.code.value}: {problem.message}")
    if place := problem.place:
        say(f"  {text.splitlines()[place.line - 1] if text else ''}")
        say("  " + " " * (place.column - 1) + "^" * max(1, place.length))
    if problem.suggestion:
        say(f"  Meant: {problem.suggestion}")

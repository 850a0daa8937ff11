"""The command line: ``tessera --help``.

A command reads its options, calls the part that does the work, and prints what came of it: results on the standard
output, everything else on the standard error. It ends with 0, with 1 when the work failed or the answer is no, and with
2 when it was called wrongly.
"""

import sys
from typing import Annotated

import typer

from server import __version__
from server.cli import checks, data, serving
from server.cli.console import output, say
from server.errors import TesseraError

app = typer.Typer(
    name="tessera",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""
    Build groups of contacts by criteria and act on them: a GraphQL server with a rule engine at its core.

    First time: [bold]tessera serve --demo[/bold], then open http://127.0.0.1:8000/graphql in a browser.
    """,
    epilog="""
    Settings are environment variables too: [bold]TESSERA_DATABASE_URL[/bold], [bold]TESSERA_HOST[/bold],
    [bold]TESSERA_PORT[/bold], [bold]TESSERA_ZONE[/bold] and others. An option wins over its variable.
    """,
)
for part in (serving, data, checks):
    app.add_typer(part.commands)


@app.callback(invoke_without_command=True)
def show_version(
    *, show: Annotated[bool, typer.Option("--version", help="Print the version and leave.", is_eager=True)] = False
) -> None:
    """Answer ``tessera --version``."""
    if show:
        output.print(f"tessera {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line; what goes wrong is one line on the standard error, never a traceback."""
    try:
        app(prog_name="tessera")
    except TesseraError as error:
        say(f"tessera: {error.message}")
        sys.exit(1)
    except OSError as error:
        what = error.strerror or str(error)
        say(f"tessera: {error.filename}: {what}" if error.filename else f"tessera: {what}")
        sys.exit(1)

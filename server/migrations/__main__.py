"""For developers: write the next revision from what ``store/tables.py`` says and the revisions do not yet.

``python -m server.migrations "contact: fax number"``, then read, correct and format the file.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from server.migrations.runs import alembic_config, connected, run_migrations
from server.settings import Settings


def write_revision(message: str) -> Path:
    """Write the file of the next revision and return its path."""
    config = alembic_config()
    number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
    with tempfile.TemporaryDirectory() as directory:
        settings = Settings(database_url=f"sqlite:///{directory}/tables.db")
        with connected(settings) as connection:
            run_migrations(connection, settings)
            config.attributes["connection"] = connection
            script = command.revision(config, message, autogenerate=True, rev_id=f"{number:04}")
    if script is None or isinstance(script, list):
        msg = "no revision was written"
        raise RuntimeError(msg)
    return Path(script.path)


if __name__ == "__main__":
    sys.stdout.write(f"{write_revision(sys.argv[1])}\n")

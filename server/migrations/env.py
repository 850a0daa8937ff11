"""Run by Alembic, once per run, in the transaction of ``runs.run_migrations``."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import DefaultClause, String, TextClause

from server.store.tables import metadata
from server.store.types import Instant, Scaled


def _text(**arguments: Any) -> str:
    """Return the code of a text type, with or without a length."""
    written = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    return f"sa.{'String' if 'length' in arguments else 'Text'}({written})"


def render_item(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Write our column types into a revision as what they are stored as: a revision must not change with the code.

    Text is compared by code point on PostgreSQL too, whatever the collation of the database: so its order is the one
    of SQLite and of the rules, and an index finds prefixes. Defaults are written as the tables state them; Alembic
    would add the brackets of its SQLite dialect.
    """
    if kind == "type" and isinstance(item, Instant):
        return 'sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")'
    if kind == "type" and isinstance(item, Scaled):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, String):
        kept = {"length": item.length} if item.length else {}
        return f'{_text(**kept)}.with_variant({_text(**kept, collation="C")}, "postgresql")'
    if kind == "server_default" and isinstance(item, DefaultClause) and isinstance(item.arg, TextClause):
        return f"sa.text({item.arg.text!r})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
    on_version_apply=context.config.attributes.get("applied"),
    render_item=render_item,
)
context.run_migrations()

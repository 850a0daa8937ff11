"""Contacts are found by e-mail address without regard to case, and interactions are counted in their indexes.

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_CHUNK = 10_000
"""Rows whose addresses are folded in Python at a time."""

_contact = sa.table(
    "contact",
    sa.column("id", sa.BigInteger),
    sa.column("email", sa.String),
    sa.column("search_email", sa.Text),
)

_COUNTED = ["on", "cost", "duration", "canceled", "postponed", "attempt_failed", "initiated_by"]
_INDEXES = {
    "ix_interaction_log_entry_contact_id_on": ["contact_id", *_COUNTED, "at"],
    "ix_interaction_log_entry_company_id_on": ["company_id", *_COUNTED],
    "ix_interaction_log_entry_template_contact_id_on": ["template", "contact_id", "on"],
}
_INDEXES_BEFORE = {
    "ix_interaction_log_entry_contact_id_at": ["contact_id", "at"],
    "ix_interaction_log_entry_company_id_at": ["company_id", "at"],
    "ix_interaction_log_entry_template_contact_id_at": ["template", "contact_id", "at"],
}


def upgrade() -> None:
    """Add the casefolded addresses, fill them in, and give them the index that the addresses had."""
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.add_column("contact", sa.Column("search_email", text, server_default="", nullable=False))
    op.drop_index("ix_contact_email", "contact")
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _fold_on_sqlite(connection)
    else:
        _fold_on_postgresql(connection)
    op.create_index(op.f("ix_contact_search_email"), "contact", ["search_email"], unique=False)
    _replace_indexes(_INDEXES_BEFORE, _INDEXES)


def downgrade() -> None:
    """Give the index back to the addresses as they are written."""
    _replace_indexes(_INDEXES, _INDEXES_BEFORE)
    op.drop_index(op.f("ix_contact_search_email"), "contact")
    op.create_index("ix_contact_email", "contact", ["email"], unique=False)
    op.drop_column("contact", "search_email")


def _replace_indexes(old: dict[str, list[str]], new: dict[str, list[str]]) -> None:
    """Replace the indexes of the interaction log; the old ones go first, so that the disk need not hold both."""
    for name in old:
        op.drop_index(op.f(name), "interaction_log_entry")
    for name, columns in new.items():
        op.create_index(op.f(name), "interaction_log_entry", columns, unique=False)


def _fold_on_sqlite(connection: sa.Connection) -> None:
    """Fold in one statement; the connection of a migration does not know the function yet."""
    driver = connection.connection.driver_connection
    driver.create_function("python_casefold", 1, str.casefold, deterministic=True)  # type: ignore[union-attr]
    folded = sa.func.python_casefold(_contact.c.email)
    connection.execute(sa.update(_contact).where(_contact.c.email != "").values(search_email=folded))


def _fold_on_postgresql(connection: sa.Connection) -> None:
    """Fold addresses of ASCII in one statement, the few others in Python, whose letters PostgreSQL does not know."""
    email = _contact.c.email
    is_ascii = sa.func.octet_length(email) == sa.func.char_length(email)
    lower = sa.func.lower(email.collate("C"))
    connection.execute(sa.update(_contact).where(email != "", is_ascii).values(search_email=lower))
    last = 0
    while rows := _next_others(connection, last, sa.not_(is_ascii)):
        changed = [{"key": key, "folded": address.casefold()} for key, address in rows]
        statement = sa.update(_contact).where(_contact.c.id == sa.bindparam("key"))
        connection.execute(statement.values(search_email=sa.bindparam("folded")), changed)
        last = rows[-1][0]


def _next_others(connection: sa.Connection, last: int, others: sa.ColumnElement[bool]) -> list[tuple[int, str]]:
    """Return key and address of the next contacts with an address that is not ASCII, by key."""
    key = _contact.c.id
    statement = sa.select(key, _contact.c.email).where(others, key > last).order_by(key).limit(_CHUNK)
    return [(row.id, row.email) for row in connection.execute(statement)]

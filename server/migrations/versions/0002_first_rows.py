"""The number series, and what SQLite's planner must know before there are rows.

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_number_series = sa.table(
    "number_series",
    sa.column("code", sa.String),
    sa.column("prefix", sa.String),
    sa.column("digits", sa.SmallInteger),
    sa.column("manual_allowed", sa.Boolean),
)


def upgrade() -> None:
    """Seed the number series and the planner's statistics."""
    op.bulk_insert(
        _number_series,
        [
            {"code": "CONTACT", "prefix": "CT", "digits": 6, "manual_allowed": True},
            {"code": "SEGMENT", "prefix": "SM", "digits": 5, "manual_allowed": True},
            {"code": "CAMPAIGN", "prefix": "CP", "digits": 4, "manual_allowed": True},
        ],
    )
    if op.get_bind().dialect.name == "sqlite":
        # Without statistics the planner takes the primary key's first column and reads a whole segment per contact.
        # ANALYZE of an empty table writes none, but it creates the table in which they stand.
        op.execute("ANALYZE segment_line")
        op.execute(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES"
            " ('segment_line', 'segment_line', '10000000 20000 1'),"
            " ('segment_line', 'ix_segment_line_contact_id_segment_id', '10000000 10 1 1')"
        )
        op.execute("ANALYZE sqlite_schema")


def downgrade() -> None:
    """Take the seeds away."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'segment_line'")
        op.execute("ANALYZE sqlite_schema")
    op.execute("DELETE FROM number_series WHERE code IN ('CONTACT', 'SEGMENT', 'CAMPAIGN')")

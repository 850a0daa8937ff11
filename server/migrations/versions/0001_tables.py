"""The tables of the first version.

Revision 0001, after none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_instant = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
_text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _string(length: int) -> sa.String:
    """Return a text type up to a length, compared by code point everywhere."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:  # noqa: PLR0915 - one statement per table and index
    """Create every table."""
    op.create_table(
        "attribute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", _string(30), nullable=False),
        sa.Column("type", _string(8), nullable=False),
        sa.Column("description", _string(250), server_default="", nullable=False),
        sa.Column("default_value", _text, nullable=True),
        sa.Column("created_at", _instant, nullable=False),
        sa.CheckConstraint("type in ('TEXT', 'NUMBER', 'BOOLEAN', 'DATE', 'DATETIME')", name=op.f("ck_attribute_type")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attribute")),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_attribute_name", "attribute", ["name"], unique=True)

    op.create_table(
        "business_relation",
        sa.Column("code", _string(20), nullable=False),
        sa.Column("description", _string(100), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_business_relation")),
    )
    op.create_table(
        "change",
        sa.Column("seq", _key, nullable=False),
        sa.Column("at", _instant, nullable=False),
        sa.Column("actor", _string(50), nullable=False),
        sa.Column("operation", _string(40), nullable=False),
        sa.Column("object", _string(30), nullable=False),
        sa.Column("object_id", _key, nullable=True),
        sa.Column("object_code", _string(20), nullable=True),
        sa.Column("first_id", _key, nullable=True),
        sa.Column("last_id", _key, nullable=True),
        sa.Column("fields", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("old_company_id", _key, nullable=True),
        sa.Column("row_count", sa.Integer(), server_default="1", nullable=False),
        sa.Column("cause", _text, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_change_object_object_id_seq", "change", ["object", "object_id", "seq"], unique=False)

    op.create_table(
        "industry_group",
        sa.Column("code", _string(20), nullable=False),
        sa.Column("description", _string(100), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_industry_group")),
    )
    op.create_table(
        "interaction_group",
        sa.Column("code", _string(20), nullable=False),
        sa.Column("description", _string(100), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_interaction_group")),
    )
    op.create_table(
        "job_responsibility",
        sa.Column("code", _string(20), nullable=False),
        sa.Column("description", _string(100), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_job_responsibility")),
    )
    op.create_table(
        "logged_segment",
        sa.Column("entry_no", _key, nullable=False),
        sa.Column("segment_no", _string(20), nullable=False),
        sa.Column("description", _string(100), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("created_at", _instant, nullable=False),
        sa.Column("actor", _string(50), server_default="", nullable=False),
        sa.Column("canceled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("entry_no", name=op.f("pk_logged_segment")),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_logged_segment_segment_no", "logged_segment", ["segment_no"], unique=True)

    op.create_table(
        "mailing_group",
        sa.Column("code", _string(20), nullable=False),
        sa.Column("description", _string(100), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_mailing_group")),
    )
    op.create_table(
        "number_series",
        sa.Column("code", _string(20), nullable=False),
        sa.Column("prefix", _string(10), nullable=False),
        sa.Column("digits", sa.SmallInteger(), nullable=False),
        sa.Column("last_number", _key, server_default="0", nullable=False),
        sa.Column("manual_allowed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_number_series")),
    )
    op.create_table(
        "salesperson",
        sa.Column("code", _string(20), nullable=False),
        sa.Column("name", _string(50), server_default="", nullable=False),
        sa.Column("email", _string(80), server_default="", nullable=False),
        sa.Column("phone", _string(30), server_default="", nullable=False),
        sa.Column("job_title", _string(30), server_default="", nullable=False),
        sa.Column("blocked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("privacy_blocked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_salesperson")),
    )
    op.create_table(
        "saved_criteria",
        sa.Column("code", _string(20), nullable=False),
        sa.Column("description", _string(100), server_default="", nullable=False),
        sa.Column("actor", _string(50), server_default="", nullable=False),
        sa.Column("created_at", _instant, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_saved_criteria")),
    )
    op.create_table(
        "segment",
        sa.Column("id", _key, nullable=False),
        sa.Column("no", _string(20), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("head_revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_line_no", sa.Integer(), server_default="0", nullable=False),
        sa.Column("defaults_no", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", _instant, nullable=False),
        sa.Column("modified_at", _instant, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_segment_no", "segment", ["no"], unique=True)

    op.create_table(
        "campaign",
        sa.Column("id", _key, nullable=False),
        sa.Column("no", _string(20), nullable=False),
        sa.Column("description", _string(100), server_default="", nullable=False),
        sa.Column("starting_on", sa.Date(), nullable=True),
        sa.Column("ending_on", sa.Date(), nullable=True),
        sa.Column("salesperson", _string(20), nullable=True),
        sa.Column("status", _string(10), nullable=True),
        sa.Column("created_at", _instant, nullable=False),
        sa.Column("modified_at", _instant, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["salesperson"], ["salesperson.code"], name=op.f("fk_campaign_salesperson"), onupdate="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_campaign_no", "campaign", ["no"], unique=True)

    op.create_table(
        "contact",
        sa.Column("id", _key, nullable=False),
        sa.Column("no", _string(20), nullable=False),
        sa.Column("type", _string(7), nullable=False),
        sa.Column("name", _string(100), server_default="", nullable=False),
        sa.Column("search_name", _text, server_default="", nullable=False),
        sa.Column("company_id", _key, nullable=True),
        sa.Column("company_name", _string(100), server_default="", nullable=False),
        sa.Column("first_name", _string(30), server_default="", nullable=False),
        sa.Column("middle_name", _string(30), server_default="", nullable=False),
        sa.Column("surname", _string(30), server_default="", nullable=False),
        sa.Column("initials", _string(30), server_default="", nullable=False),
        sa.Column("job_title", _string(30), server_default="", nullable=False),
        sa.Column("address", _string(100), server_default="", nullable=False),
        sa.Column("address_2", _string(50), server_default="", nullable=False),
        sa.Column("post_code", _string(20), server_default="", nullable=False),
        sa.Column("city", _string(30), server_default="", nullable=False),
        sa.Column("county", _string(30), server_default="", nullable=False),
        sa.Column("country", _string(10), nullable=True),
        sa.Column("territory", _string(10), nullable=True),
        sa.Column("language", _string(10), nullable=True),
        sa.Column("currency", _string(10), nullable=True),
        sa.Column("phone", _string(30), server_default="", nullable=False),
        sa.Column("mobile_phone", _string(30), server_default="", nullable=False),
        sa.Column("email", _string(80), server_default="", nullable=False),
        sa.Column("email_2", _string(80), server_default="", nullable=False),
        sa.Column("home_page", _string(255), server_default="", nullable=False),
        sa.Column("vat_registration_no", _string(20), server_default="", nullable=False),
        sa.Column("registration_no", _string(20), server_default="", nullable=False),
        sa.Column("external_id", _string(50), server_default="", nullable=False),
        sa.Column("salesperson", _string(20), nullable=True),
        sa.Column("salutation", _string(10), nullable=True),
        sa.Column("organizational_level", _string(10), nullable=True),
        sa.Column("correspondence_type", _string(9), nullable=True),
        sa.Column("exclude_from_segment", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("privacy_blocked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("minor", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("parental_consent_received", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", _instant, nullable=False),
        sa.Column("modified_at", _instant, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "correspondence_type in ('HARD_COPY', 'EMAIL')", name=op.f("ck_contact_correspondence_type")
        ),
        sa.CheckConstraint("type in ('COMPANY', 'PERSON')", name=op.f("ck_contact_type")),
        sa.ForeignKeyConstraint(["company_id"], ["contact.id"], name=op.f("fk_contact_company_id")),
        sa.ForeignKeyConstraint(
            ["salesperson"], ["salesperson.code"], name=op.f("fk_contact_salesperson"), onupdate="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_contact_company_id"), "contact", ["company_id"], unique=False)
    op.create_index(op.f("ix_contact_country"), "contact", ["country"], unique=False)
    op.create_index(op.f("ix_contact_created_at"), "contact", ["created_at"], unique=False)
    op.create_index(op.f("ix_contact_email"), "contact", ["email"], unique=False)
    op.create_index(op.f("ix_contact_external_id"), "contact", ["external_id"], unique=False)
    op.create_index(op.f("ix_contact_modified_at"), "contact", ["modified_at"], unique=False)
    op.create_index(op.f("ix_contact_post_code"), "contact", ["post_code"], unique=False)
    op.create_index(op.f("ix_contact_salesperson"), "contact", ["salesperson"], unique=False)
    op.create_index(op.f("ix_contact_search_name"), "contact", ["search_name"], unique=False)
    op.create_index("uq_contact_no", "contact", ["no"], unique=True)

    op.create_table(
        "saved_criteria_action",
        sa.Column("code", _string(20), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", _string(12), nullable=False),
        sa.Column("rule", _text, server_default="", nullable=False),
        sa.Column("language_version", _string(10), server_default="", nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["code"],
            ["saved_criteria.code"],
            name=op.f("fk_saved_criteria_action_code"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("code", "position", name=op.f("pk_saved_criteria_action")),
    )
    op.create_table(
        "segment_revision",
        sa.Column("segment_id", _key, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", _string(12), nullable=False),
        sa.Column("rule", _text, server_default="", nullable=False),
        sa.Column("language_version", _string(10), server_default="", nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("logged_segment_no", _key, nullable=True),
        sa.Column("actor", _string(50), server_default="", nullable=False),
        sa.Column("at", _instant, nullable=False),
        sa.Column("lines_added", sa.Integer(), nullable=False),
        sa.Column("lines_removed", sa.Integer(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("undecided_count", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "kind in ('ADD', 'REDUCE', 'REFINE', 'PIN', 'UNPIN', 'REUSE_LOGGED', 'REFRESH')",
            name=op.f("ck_segment_revision_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["logged_segment_no"],
            ["logged_segment.entry_no"],
            name=op.f("fk_segment_revision_logged_segment_no"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segment.id"], name=op.f("fk_segment_revision_segment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("segment_id", "revision", name=op.f("pk_segment_revision")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "campaign_entry",
        sa.Column("entry_no", _key, nullable=False),
        sa.Column("campaign_id", _key, nullable=False),
        sa.Column("description", _string(100), server_default="", nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("actor", _string(50), server_default="", nullable=False),
        sa.Column("segment_no", _string(20), server_default="", nullable=False),
        sa.Column("salesperson", _string(20), nullable=True),
        sa.Column("logged_segment_no", _key, nullable=True),
        sa.Column("canceled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_entry_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["logged_segment_no"],
            ["logged_segment.entry_no"],
            name=op.f("fk_campaign_entry_logged_segment_no"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["salesperson"], ["salesperson.code"], name=op.f("fk_campaign_entry_salesperson"), onupdate="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry_no", name=op.f("pk_campaign_entry")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_campaign_entry_logged_segment_no"), "campaign_entry", ["logged_segment_no"], unique=False)
    op.create_index(
        "uq_campaign_entry_campaign_id_segment_no", "campaign_entry", ["campaign_id", "segment_no"], unique=True
    )

    op.create_table(
        "contact_attribute",
        sa.Column("contact_id", _key, nullable=False),
        sa.Column("attribute_id", sa.Integer(), nullable=False),
        sa.Column("text_value", _text, nullable=True),
        sa.Column("number_value", sa.BigInteger(), nullable=True),
        sa.Column("boolean_value", sa.Boolean(), nullable=True),
        sa.Column("date_value", sa.Date(), nullable=True),
        sa.Column("datetime_value", _instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["attribute_id"], ["attribute.id"], name=op.f("fk_contact_attribute_attribute_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_contact_attribute_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contact_id", "attribute_id", name=op.f("pk_contact_attribute")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_contact_attribute_boolean_value",
        "contact_attribute",
        ["attribute_id", "boolean_value", "contact_id"],
        unique=False,
        sqlite_where=sa.text("boolean_value is not null"),
        postgresql_where=sa.text("boolean_value is not null"),
    )
    op.create_index(
        "ix_contact_attribute_date_value",
        "contact_attribute",
        ["attribute_id", "date_value", "contact_id"],
        unique=False,
        sqlite_where=sa.text("date_value is not null"),
        postgresql_where=sa.text("date_value is not null"),
    )
    op.create_index(
        "ix_contact_attribute_datetime_value",
        "contact_attribute",
        ["attribute_id", "datetime_value", "contact_id"],
        unique=False,
        sqlite_where=sa.text("datetime_value is not null"),
        postgresql_where=sa.text("datetime_value is not null"),
    )
    op.create_index(
        "ix_contact_attribute_number_value",
        "contact_attribute",
        ["attribute_id", "number_value", "contact_id"],
        unique=False,
        sqlite_where=sa.text("number_value is not null"),
        postgresql_where=sa.text("number_value is not null"),
    )
    op.create_index(
        "ix_contact_attribute_text_value",
        "contact_attribute",
        ["attribute_id", "text_value", "contact_id"],
        unique=False,
        sqlite_where=sa.text("text_value is not null"),
        postgresql_where=sa.text("text_value is not null"),
    )

    op.create_table(
        "contact_business_relation",
        sa.Column("contact_id", _key, nullable=False),
        sa.Column("code", _string(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["code"], ["business_relation.code"], name=op.f("fk_contact_business_relation_code"), onupdate="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_contact_business_relation_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contact_id", "code", name=op.f("pk_contact_business_relation")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_contact_business_relation_code_contact_id",
        "contact_business_relation",
        ["code", "contact_id"],
        unique=False,
    )

    op.create_table(
        "contact_industry_group",
        sa.Column("contact_id", _key, nullable=False),
        sa.Column("code", _string(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["code"], ["industry_group.code"], name=op.f("fk_contact_industry_group_code"), onupdate="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_contact_industry_group_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contact_id", "code", name=op.f("pk_contact_industry_group")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_contact_industry_group_code_contact_id", "contact_industry_group", ["code", "contact_id"], unique=False
    )

    op.create_table(
        "contact_job_responsibility",
        sa.Column("contact_id", _key, nullable=False),
        sa.Column("code", _string(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["code"], ["job_responsibility.code"], name=op.f("fk_contact_job_responsibility_code"), onupdate="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_contact_job_responsibility_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contact_id", "code", name=op.f("pk_contact_job_responsibility")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_contact_job_responsibility_code_contact_id",
        "contact_job_responsibility",
        ["code", "contact_id"],
        unique=False,
    )

    op.create_table(
        "contact_mailing_group",
        sa.Column("contact_id", _key, nullable=False),
        sa.Column("code", _string(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["code"], ["mailing_group.code"], name=op.f("fk_contact_mailing_group_code"), onupdate="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_contact_mailing_group_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contact_id", "code", name=op.f("pk_contact_mailing_group")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_contact_mailing_group_code_contact_id", "contact_mailing_group", ["code", "contact_id"], unique=False
    )

    op.create_table(
        "interaction_template",
        sa.Column("code", _string(20), nullable=False),
        sa.Column("group", _string(20), nullable=True),
        sa.Column("description", _string(100), server_default="", nullable=False),
        sa.Column("unit_cost", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("unit_duration", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("information_flow", _string(8), nullable=True),
        sa.Column("initiated_by", _string(4), nullable=True),
        sa.Column("campaign_id", _key, nullable=True),
        sa.Column("campaign_target", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("campaign_response", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("correspondence_type", _string(9), server_default="EMAIL", nullable=True),
        sa.Column("ignore_contact_correspondence", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("language", _string(10), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_interaction_template_campaign_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["group"], ["interaction_group.code"], name=op.f("fk_interaction_template_group"), onupdate="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_interaction_template")),
    )
    op.create_table(
        "segment_line",
        sa.Column("segment_id", _key, nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("contact_id", _key, nullable=False),
        sa.Column("origin", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=True),
        sa.Column("defaults_no", sa.Integer(), nullable=False),
        sa.Column("salesperson", _string(20), nullable=True),
        sa.Column("language", _string(10), nullable=True),
        sa.Column("correspondence_type", _string(9), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_segment_line_contact_id")),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segment.id"], name=op.f("fk_segment_line_segment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("segment_id", "line_no", name=op.f("pk_segment_line")),
        postgresql_with={"fillfactor": 45},
        sqlite_with_rowid=False,
    )
    op.create_index("ix_segment_line_contact_id_segment_id", "segment_line", ["contact_id", "segment_id"], unique=False)

    op.create_table(
        "interaction_log_entry",
        sa.Column("entry_no", _key, nullable=False),
        sa.Column("contact_id", _key, nullable=True),
        sa.Column("company_id", _key, nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", _instant, nullable=False),
        sa.Column("description", _string(100), server_default="", nullable=False),
        sa.Column("subject", _string(100), server_default="", nullable=False),
        sa.Column("template", _string(20), nullable=True),
        sa.Column("group", _string(20), nullable=True),
        sa.Column("salesperson", _string(20), nullable=True),
        sa.Column("campaign_id", _key, nullable=True),
        sa.Column("campaign_entry_no", _key, nullable=True),
        sa.Column("campaign_target", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("campaign_response", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("segment_no", _string(20), nullable=True),
        sa.Column("logged_segment_no", _key, nullable=True),
        sa.Column("evaluation", _string(13), nullable=True),
        sa.Column("attempt_failed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("canceled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("postponed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("cost", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("duration", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("information_flow", _string(8), nullable=True),
        sa.Column("initiated_by", _string(4), nullable=True),
        sa.Column("correspondence_type", _string(9), nullable=True),
        sa.Column("language", _string(10), nullable=True),
        sa.Column("actor", _string(50), server_default="", nullable=False),
        sa.CheckConstraint(
            "correspondence_type in ('HARD_COPY', 'EMAIL')", name=op.f("ck_interaction_log_entry_correspondence_type")
        ),
        sa.CheckConstraint(
            "evaluation in ('VERY_POSITIVE', 'POSITIVE', 'NEUTRAL', 'NEGATIVE', 'VERY_NEGATIVE')",
            name=op.f("ck_interaction_log_entry_evaluation"),
        ),
        sa.CheckConstraint(
            "information_flow in ('OUTBOUND', 'INBOUND')", name=op.f("ck_interaction_log_entry_information_flow")
        ),
        sa.CheckConstraint("initiated_by in ('US', 'THEM')", name=op.f("ck_interaction_log_entry_initiated_by")),
        sa.ForeignKeyConstraint(
            ["campaign_entry_no"],
            ["campaign_entry.entry_no"],
            name=op.f("fk_interaction_log_entry_campaign_entry_no"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_interaction_log_entry_campaign_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["contact.id"], name=op.f("fk_interaction_log_entry_company_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_interaction_log_entry_contact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["group"], ["interaction_group.code"], name=op.f("fk_interaction_log_entry_group"), onupdate="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["logged_segment_no"],
            ["logged_segment.entry_no"],
            name=op.f("fk_interaction_log_entry_logged_segment_no"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["salesperson"], ["salesperson.code"], name=op.f("fk_interaction_log_entry_salesperson"), onupdate="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["template"],
            ["interaction_template.code"],
            name=op.f("fk_interaction_log_entry_template"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("entry_no", name=op.f("pk_interaction_log_entry")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_interaction_log_entry_campaign_id"),
        "interaction_log_entry",
        ["campaign_id"],
        unique=False,
        sqlite_where=sa.text("campaign_id is not null"),
        postgresql_where=sa.text("campaign_id is not null"),
    )
    op.create_index(
        op.f("ix_interaction_log_entry_company_id_at"), "interaction_log_entry", ["company_id", "at"], unique=False
    )
    op.create_index(
        op.f("ix_interaction_log_entry_contact_id_at"), "interaction_log_entry", ["contact_id", "at"], unique=False
    )
    op.create_index(
        op.f("ix_interaction_log_entry_logged_segment_no"),
        "interaction_log_entry",
        ["logged_segment_no"],
        unique=False,
        sqlite_where=sa.text("logged_segment_no is not null"),
        postgresql_where=sa.text("logged_segment_no is not null"),
    )
    op.create_index(
        op.f("ix_interaction_log_entry_template_contact_id_at"),
        "interaction_log_entry",
        ["template", "contact_id", "at"],
        unique=False,
    )

    op.create_table(
        "segment_defaults",
        sa.Column("segment_id", _key, nullable=False),
        sa.Column("defaults_no", sa.Integer(), nullable=False),
        sa.Column("description", _string(100), server_default="", nullable=False),
        sa.Column("campaign_id", _key, nullable=True),
        sa.Column("salesperson", _string(20), nullable=True),
        sa.Column("template", _string(20), nullable=True),
        sa.Column("group", _string(20), nullable=True),
        sa.Column("correspondence_type", _string(9), nullable=True),
        sa.Column("ignore_contact_correspondence", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("language", _string(10), nullable=True),
        sa.Column("subject", _string(100), server_default="", nullable=False),
        sa.Column("unit_cost", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("unit_duration", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("information_flow", _string(8), nullable=True),
        sa.Column("initiated_by", _string(4), nullable=True),
        sa.Column("campaign_target", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("campaign_response", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_segment_defaults_campaign_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["group"], ["interaction_group.code"], name=op.f("fk_segment_defaults_group"), onupdate="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["salesperson"], ["salesperson.code"], name=op.f("fk_segment_defaults_salesperson"), onupdate="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segment.id"], name=op.f("fk_segment_defaults_segment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["template"], ["interaction_template.code"], name=op.f("fk_segment_defaults_template"), onupdate="CASCADE"
        ),
        sa.PrimaryKeyConstraint("segment_id", "defaults_no", name=op.f("pk_segment_defaults")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "segment_line_override",
        sa.Column("segment_id", _key, nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("description", _string(100), server_default="", nullable=False),
        sa.Column("campaign_id", _key, nullable=True),
        sa.Column("salesperson", _string(20), nullable=True),
        sa.Column("template", _string(20), nullable=True),
        sa.Column("group", _string(20), nullable=True),
        sa.Column("correspondence_type", _string(9), nullable=True),
        sa.Column("language", _string(10), nullable=True),
        sa.Column("subject", _string(100), server_default="", nullable=False),
        sa.Column("cost", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("duration", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("information_flow", _string(8), nullable=True),
        sa.Column("initiated_by", _string(4), nullable=True),
        sa.Column("campaign_target", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("campaign_response", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("evaluation", _string(13), nullable=True),
        sa.Column("attempt_failed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_segment_line_override_campaign_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["group"], ["interaction_group.code"], name=op.f("fk_segment_line_override_group"), onupdate="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["salesperson"], ["salesperson.code"], name=op.f("fk_segment_line_override_salesperson"), onupdate="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["segment_id", "line_no"],
            ["segment_line.segment_id", "segment_line.line_no"],
            name=op.f("fk_segment_line_override_segment_id_line_no"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["template"],
            ["interaction_template.code"],
            name=op.f("fk_segment_line_override_template"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("segment_id", "line_no", name=op.f("pk_segment_line_override")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop every table with its indexes."""
    for table in (
        "segment_line_override",
        "segment_defaults",
        "interaction_log_entry",
        "segment_line",
        "interaction_template",
        "contact_mailing_group",
        "contact_job_responsibility",
        "contact_industry_group",
        "contact_business_relation",
        "contact_attribute",
        "campaign_entry",
        "segment_revision",
        "saved_criteria_action",
        "contact",
        "campaign",
        "segment",
        "saved_criteria",
        "salesperson",
        "number_series",
        "mailing_group",
        "logged_segment",
        "job_responsibility",
        "interaction_group",
        "industry_group",
        "change",
        "business_relation",
        "attribute",
    ):
        op.drop_table(table)

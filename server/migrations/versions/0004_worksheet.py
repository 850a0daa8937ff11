"""The whole worksheet: setup, code tables, languages, alternative addresses, comments, deliveries, target groups.

Revision 0004, after 0003.
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _text(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length=length).with_variant(sa.String(length=length, collation="C"), "postgresql")


def _key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _instant() -> sa.types.TypeEngine[datetime]:
    return sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    """Add the tables and columns; what contacts and campaigns name already becomes a row of its code table."""
    op.create_table(
        "attachment",
        sa.Column("id", _key(), nullable=False),
        sa.Column("name", _text(100), nullable=False),
        sa.Column("media_type", _text(100), server_default="", nullable=False),
        sa.Column("url", _text(1000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "campaign_status",
        sa.Column("code", _text(20), nullable=False),
        sa.Column("description", _text(100), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_campaign_status")),
    )
    op.create_table(
        "organizational_level",
        sa.Column("code", _text(20), nullable=False),
        sa.Column("description", _text(100), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_organizational_level")),
    )
    op.create_table(
        "salutation",
        sa.Column("code", _text(20), nullable=False),
        sa.Column("description", _text(100), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_salutation")),
    )
    op.create_table(
        "team",
        sa.Column("code", _text(20), nullable=False),
        sa.Column("name", _text(50), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_team")),
    )
    op.create_table(
        "salutation_formula",
        sa.Column("salutation", _text(20), nullable=False),
        sa.Column("language", _text(10), nullable=False),
        sa.Column("type", _text(8), nullable=False),
        sa.Column("text", _text(50), nullable=False),
        sa.Column("name_1", _text(12), nullable=True),
        sa.Column("name_2", _text(12), nullable=True),
        sa.Column("name_3", _text(12), nullable=True),
        sa.Column("name_4", _text(12), nullable=True),
        sa.Column("name_5", _text(12), nullable=True),
        sa.CheckConstraint("type in ('FORMAL', 'INFORMAL')", name=op.f("ck_salutation_formula_type")),
        sa.ForeignKeyConstraint(
            ["salutation"],
            ["salutation.code"],
            name=op.f("fk_salutation_formula_salutation"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("salutation", "language", "type", name=op.f("pk_salutation_formula")),
    )
    op.create_table(
        "team_member",
        sa.Column("team", _text(20), nullable=False),
        sa.Column("salesperson", _text(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["salesperson"],
            ["salesperson.code"],
            name=op.f("fk_team_member_salesperson"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team"], ["team.code"], name=op.f("fk_team_member_team"), onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("team", "salesperson", name=op.f("pk_team_member")),
    )
    op.create_table(
        "user_setup",
        sa.Column("name", _text(50), nullable=False),
        sa.Column("full_name", _text(80), server_default="", nullable=False),
        sa.Column("email", _text(80), server_default="", nullable=False),
        sa.Column("salesperson", _text(20), nullable=True),
        sa.ForeignKeyConstraint(
            ["salesperson"], ["salesperson.code"], name=op.f("fk_user_setup_salesperson"), onupdate="CASCADE"
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_user_setup")),
    )
    op.create_table(
        "campaign_comment",
        sa.Column("owner_id", _key(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("code", _text(10), nullable=True),
        sa.Column("text", _text(80), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["campaign.id"], name=op.f("fk_campaign_comment_owner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("owner_id", "place", name=op.f("pk_campaign_comment")),
    )
    op.create_table(
        "campaign_target",
        sa.Column("campaign_id", _key(), nullable=False),
        sa.Column("contact_id", _key(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_target_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_campaign_target_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", "contact_id", name=op.f("pk_campaign_target")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_campaign_target_contact_id", "campaign_target", ["contact_id"], unique=False)

    op.create_table(
        "contact_address",
        sa.Column("contact_id", _key(), nullable=False),
        sa.Column("code", _text(10), nullable=False),
        sa.Column("company_name", _text(100), server_default="", nullable=False),
        sa.Column("address", _text(100), server_default="", nullable=False),
        sa.Column("address_2", _text(50), server_default="", nullable=False),
        sa.Column("post_code", _text(20), server_default="", nullable=False),
        sa.Column("city", _text(30), server_default="", nullable=False),
        sa.Column("county", _text(30), server_default="", nullable=False),
        sa.Column("country", _text(10), nullable=True),
        sa.Column("phone", _text(30), server_default="", nullable=False),
        sa.Column("mobile_phone", _text(30), server_default="", nullable=False),
        sa.Column("email", _text(80), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_contact_address_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contact_id", "code", name=op.f("pk_contact_address")),
    )
    op.create_table(
        "contact_comment",
        sa.Column("owner_id", _key(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("code", _text(10), nullable=True),
        sa.Column("text", _text(80), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["contact.id"], name=op.f("fk_contact_comment_owner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("owner_id", "place", name=op.f("pk_contact_comment")),
    )
    op.create_table(
        "contact_address_period",
        sa.Column("contact_id", _key(), nullable=False),
        sa.Column("starting_on", sa.Date(), nullable=False),
        sa.Column("ending_on", sa.Date(), nullable=True),
        sa.Column("code", _text(10), nullable=False),
        sa.CheckConstraint(
            "ending_on is null or ending_on >= starting_on", name=op.f("ck_contact_address_period_order")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id", "code"],
            ["contact_address.contact_id", "contact_address.code"],
            name=op.f("fk_contact_address_period_contact_id_code"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contact_id", "starting_on", name=op.f("pk_contact_address_period")),
    )
    op.create_table(
        "marketing_setup",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("contact_series", _text(20), nullable=True),
        sa.Column("segment_series", _text(20), nullable=True),
        sa.Column("campaign_series", _text(20), nullable=True),
        sa.Column("customer_relation", _text(20), nullable=True),
        sa.Column("vendor_relation", _text(20), nullable=True),
        sa.Column("bank_account_relation", _text(20), nullable=True),
        sa.Column("employee_relation", _text(20), nullable=True),
        sa.Column("inherit_salesperson", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("inherit_territory", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("inherit_country", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("inherit_language", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("inherit_address", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("inherit_communication", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("default_salesperson", _text(20), nullable=True),
        sa.Column("default_territory", _text(10), nullable=True),
        sa.Column("default_country", _text(10), nullable=True),
        sa.Column("default_language", _text(10), nullable=True),
        sa.Column("default_correspondence_type", _text(9), nullable=True),
        sa.Column("default_company_salutation", _text(20), nullable=True),
        sa.Column("default_person_salutation", _text(20), nullable=True),
        sa.Column("phone_call_template", _text(20), nullable=True),
        sa.Column("skip_privacy_blocked", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "default_correspondence_type in ('HARD_COPY', 'EMAIL')",
            name=op.f("ck_marketing_setup_default_correspondence_type"),
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_marketing_setup_single")),
        sa.ForeignKeyConstraint(
            ["bank_account_relation"],
            ["business_relation.code"],
            name=op.f("fk_marketing_setup_bank_account_relation"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["campaign_series"],
            ["number_series.code"],
            name=op.f("fk_marketing_setup_campaign_series"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["contact_series"],
            ["number_series.code"],
            name=op.f("fk_marketing_setup_contact_series"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["customer_relation"],
            ["business_relation.code"],
            name=op.f("fk_marketing_setup_customer_relation"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["default_company_salutation"],
            ["salutation.code"],
            name=op.f("fk_marketing_setup_default_company_salutation"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["default_person_salutation"],
            ["salutation.code"],
            name=op.f("fk_marketing_setup_default_person_salutation"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["default_salesperson"],
            ["salesperson.code"],
            name=op.f("fk_marketing_setup_default_salesperson"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["employee_relation"],
            ["business_relation.code"],
            name=op.f("fk_marketing_setup_employee_relation"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["phone_call_template"],
            ["interaction_template.code"],
            name=op.f("fk_marketing_setup_phone_call_template"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["segment_series"],
            ["number_series.code"],
            name=op.f("fk_marketing_setup_segment_series"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["vendor_relation"],
            ["business_relation.code"],
            name=op.f("fk_marketing_setup_vendor_relation"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marketing_setup")),
    )
    op.create_table(
        "template_language",
        sa.Column("template", _text(20), nullable=False),
        sa.Column("language", _text(10), nullable=False),
        sa.Column("description", _text(100), server_default="", nullable=False),
        sa.Column("subject", _text(100), server_default="", nullable=False),
        sa.Column("attachment_id", _key(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_template_language_attachment_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["template"],
            ["interaction_template.code"],
            name=op.f("fk_template_language_template"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("template", "language", name=op.f("pk_template_language")),
    )
    op.create_index("ix_template_language_attachment_id", "template_language", ["attachment_id"], unique=False)

    op.create_table(
        "delivery",
        sa.Column("entry_no", _key(), autoincrement=False, nullable=False),
        sa.Column("contact_id", _key(), nullable=True),
        sa.Column("correspondence_type", _text(9), nullable=False),
        sa.Column("queued_at", _instant(), nullable=False),
        sa.Column("claimed_until", _instant(), nullable=True),
        sa.Column("claimed_by", _text(50), server_default="", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", _text(250), server_default="", nullable=False),
        sa.CheckConstraint(
            "correspondence_type in ('HARD_COPY', 'EMAIL')", name=op.f("ck_delivery_correspondence_type")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_delivery_contact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["entry_no"], ["interaction_log_entry.entry_no"], name=op.f("fk_delivery_entry_no"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry_no", name=op.f("pk_delivery")),
    )
    op.create_index("ix_delivery_contact_id", "delivery", ["contact_id"], unique=False)
    op.create_index(
        "ix_delivery_waiting",
        "delivery",
        ["entry_no"],
        unique=False,
        sqlite_where=sa.text("error = ''"),
        postgresql_where=sa.text("error = ''"),
    )
    op.create_table(
        "interaction_comment",
        sa.Column("owner_id", _key(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("code", _text(10), nullable=True),
        sa.Column("text", _text(80), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["interaction_log_entry.entry_no"],
            name=op.f("fk_interaction_comment_owner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "place", name=op.f("pk_interaction_comment")),
    )
    op.create_table(
        "segment_language",
        sa.Column("segment_id", _key(), nullable=False),
        sa.Column("defaults_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", _text(10), nullable=False),
        sa.Column("description", _text(100), server_default="", nullable=False),
        sa.Column("subject", _text(100), server_default="", nullable=False),
        sa.Column("attachment_id", _key(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_segment_language_attachment_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["segment_id", "defaults_no"],
            ["segment_defaults.segment_id", "segment_defaults.defaults_no"],
            name=op.f("fk_segment_language_segment_id_defaults_no"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("segment_id", "defaults_no", "language", name=op.f("pk_segment_language")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_segment_language_attachment_id", "segment_language", ["attachment_id"], unique=False)

    op.create_index("ix_campaign_entry_segment_no", "campaign_entry", ["segment_no"], unique=False)

    op.add_column("campaign", sa.Column("activated", sa.Boolean(), server_default=sa.text("false"), nullable=False))

    op.add_column("contact_business_relation", sa.Column("link", _text(12), nullable=True))
    op.add_column("contact_business_relation", sa.Column("link_no", _text(20), server_default="", nullable=False))
    op.create_index(
        "uq_contact_business_relation_contact_id_link",
        "contact_business_relation",
        ["contact_id", "link"],
        unique=True,
        sqlite_where=sa.text("link is not null"),
        postgresql_where=sa.text("link is not null"),
    )
    op.create_index(
        "uq_contact_business_relation_link_link_no",
        "contact_business_relation",
        ["link", "link_no"],
        unique=True,
        sqlite_where=sa.text("link is not null"),
        postgresql_where=sa.text("link is not null"),
    )

    op.add_column("interaction_log_entry", sa.Column("delivery_status", _text(11), nullable=True))
    op.add_column("interaction_log_entry", sa.Column("attachment_id", _key(), nullable=True))
    op.add_column("interaction_log_entry", sa.Column("alternative_address", _text(10), nullable=True))
    op.add_column("interaction_log_entry", sa.Column("contact_via", _text(80), server_default="", nullable=False))
    op.create_index(
        "ix_interaction_log_entry_attachment_id",
        "interaction_log_entry",
        ["attachment_id"],
        unique=False,
        sqlite_where=sa.text("attachment_id is not null"),
        postgresql_where=sa.text("attachment_id is not null"),
    )
    op.create_index(
        "ix_interaction_log_entry_campaign_entry_no",
        "interaction_log_entry",
        ["campaign_entry_no"],
        unique=False,
        sqlite_where=sa.text("campaign_entry_no is not null"),
        postgresql_where=sa.text("campaign_entry_no is not null"),
    )

    op.add_column("segment_line", sa.Column("alternative_address", _text(10), nullable=True))

    op.add_column("segment_line_override", sa.Column("attachment_id", _key(), nullable=True))
    op.create_index(
        "ix_segment_line_override_attachment_id",
        "segment_line_override",
        ["attachment_id"],
        unique=False,
        sqlite_where=sa.text("attachment_id is not null"),
        postgresql_where=sa.text("attachment_id is not null"),
    )
    op.create_index(
        "ix_segment_line_override_campaign_id",
        "segment_line_override",
        ["campaign_id"],
        unique=False,
        sqlite_where=sa.text("campaign_id is not null"),
        postgresql_where=sa.text("campaign_id is not null"),
    )
    _fill_in()


def _fill_in() -> None:
    """Write the setup, and a row for every code and every default language that stands somewhere already."""
    for table, column, codes in (
        ("contact", "salutation", "salutation"),
        ("contact", "organizational_level", "organizational_level"),
        ("campaign", "status", "campaign_status"),
    ):
        named = f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608 - our own names
        op.execute(f"INSERT INTO {codes} (code) {named}")
    op.execute(
        "INSERT INTO template_language (template, language)"
        " SELECT code, language FROM interaction_template WHERE language IS NOT NULL"
    )
    op.execute(
        "INSERT INTO segment_language (segment_id, defaults_no, language, subject)"
        " SELECT segment_id, defaults_no, language, subject FROM segment_defaults WHERE language IS NOT NULL"
    )
    op.execute(
        "INSERT INTO marketing_setup (id, contact_series, segment_series, campaign_series)"
        " VALUES (1, 'CONTACT', 'SEGMENT', 'CAMPAIGN')"
    )


def downgrade() -> None:
    """Go back; what only the new tables and columns hold is lost."""
    op.drop_index(
        "ix_segment_line_override_campaign_id",
        "segment_line_override",
        sqlite_where=sa.text("campaign_id is not null"),
        postgresql_where=sa.text("campaign_id is not null"),
    )
    op.drop_index(
        "ix_segment_line_override_attachment_id",
        "segment_line_override",
        sqlite_where=sa.text("attachment_id is not null"),
        postgresql_where=sa.text("attachment_id is not null"),
    )
    op.drop_column("segment_line_override", "attachment_id")

    op.drop_column("segment_line", "alternative_address")

    op.drop_index(
        "ix_interaction_log_entry_campaign_entry_no",
        "interaction_log_entry",
        sqlite_where=sa.text("campaign_entry_no is not null"),
        postgresql_where=sa.text("campaign_entry_no is not null"),
    )
    op.drop_index(
        "ix_interaction_log_entry_attachment_id",
        "interaction_log_entry",
        sqlite_where=sa.text("attachment_id is not null"),
        postgresql_where=sa.text("attachment_id is not null"),
    )
    op.drop_column("interaction_log_entry", "contact_via")
    op.drop_column("interaction_log_entry", "alternative_address")
    op.drop_column("interaction_log_entry", "attachment_id")
    op.drop_column("interaction_log_entry", "delivery_status")

    op.drop_index(
        "uq_contact_business_relation_link_link_no",
        "contact_business_relation",
        sqlite_where=sa.text("link is not null"),
        postgresql_where=sa.text("link is not null"),
    )
    op.drop_index(
        "uq_contact_business_relation_contact_id_link",
        "contact_business_relation",
        sqlite_where=sa.text("link is not null"),
        postgresql_where=sa.text("link is not null"),
    )
    op.drop_column("contact_business_relation", "link_no")
    op.drop_column("contact_business_relation", "link")

    op.drop_column("campaign", "activated")

    op.drop_index("ix_campaign_entry_segment_no", "campaign_entry")

    op.drop_index("ix_segment_language_attachment_id", "segment_language")

    op.drop_table("segment_language")
    op.drop_table("interaction_comment")
    op.drop_index(
        "ix_delivery_waiting",
        "delivery",
        sqlite_where=sa.text("error = ''"),
        postgresql_where=sa.text("error = ''"),
    )
    op.drop_index("ix_delivery_contact_id", "delivery")
    op.drop_table("delivery")
    op.drop_index("ix_template_language_attachment_id", "template_language")

    op.drop_table("template_language")
    op.drop_table("marketing_setup")
    op.drop_table("contact_address_period")
    op.drop_table("contact_comment")
    op.drop_table("contact_address")
    op.drop_index("ix_campaign_target_contact_id", "campaign_target")

    op.drop_table("campaign_target")
    op.drop_table("campaign_comment")
    op.drop_table("user_setup")
    op.drop_table("team_member")
    op.drop_table("salutation_formula")
    op.drop_table("team")
    op.drop_table("salutation")
    op.drop_table("organizational_level")
    op.drop_table("campaign_status")
    op.drop_table("attachment")

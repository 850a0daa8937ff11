"""What is set up once: the marketing setup, number series and users."""

from server.reading.relations import OrderKey, Relation, text_key
from server.store.tables import marketing_setup, number_series, user_setup

_setup = marketing_setup.c
_REFERENCES = {
    "contact_series", "segment_series", "campaign_series",
    "customer_relation", "vendor_relation", "bank_account_relation", "employee_relation",
    "default_salesperson", "phone_call_template",
}  # fmt: skip
"""Columns that the API shows as objects; here they are codes."""

MARKETING_SETUP = Relation(
    name="marketing_setup",
    source=marketing_setup,
    key=OrderKey("key", _setup.id, int, unique=True),
    columns={
        f"{column.name}_code" if column.name in _REFERENCES else column.name: column
        for column in _setup
        if column.name != "id"
    },
)
NUMBER_SERIES = Relation(
    name="number_series",
    source=number_series,
    key=text_key("key", number_series.c.code, unique=True),
    columns={column.name: column for column in number_series.c},
    orders={"CODE": text_key("CODE", number_series.c.code, unique=True)},
)
USERS = Relation(
    name="user_setup",
    source=user_setup,
    key=text_key("key", user_setup.c.name, unique=True),
    columns={
        "name": user_setup.c.name,
        "full_name": user_setup.c.full_name,
        "email": user_setup.c.email,
        "salesperson_code": user_setup.c.salesperson,
    },
    orders={"NAME": text_key("NAME", user_setup.c.name, unique=True)},
)

"""The schema as text and as documentation."""

from pathlib import Path
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    is_specified_scalar_type,
)

from server.schema import objects, orders
from server.schema.attachments import Attachment
from server.schema.codes import (
    Attribute,
    BusinessRelation,
    CampaignStatus,
    IndustryGroup,
    InteractionGroup,
    JobResponsibility,
    MailingGroup,
    OrganizationalLevel,
)
from server.schema.contact_addresses import ContactAddress, ContactAddressPeriod
from server.schema.marketing_setup import MarketingSetup
from server.schema.number_series import NumberSeries
from server.schema.objects import (
    Campaign,
    CampaignEntry,
    CampaignTarget,
    Contact,
    Interaction,
    InteractionTemplate,
    LoggedSegment,
    SavedCriteria,
    Segment,
    SegmentAction,
    SegmentLine,
)
from server.schema.records import Record, columns_of_fields
from server.schema.salespeople import Salesperson, Team
from server.schema.salutations import Salutation
from server.schema.schema import print_schema, schema
from server.schema.users import User

ROOT = Path(__file__).parents[2]
QUERIES = """node nodes contact contacts segment segments campaign campaigns interactions loggedSegment loggedSegments
    savedCriteria interactionTemplates salespeople mailingGroups ruleSymbols checkRule previewRule""".split()  # noqa: SIM905
MUTATIONS = """createContact updateContact deleteContact createAttribute createSegment updateSegment deleteSegment
    addContactsToSegment reduceSegment refineSegment undoSegmentAction redoSegmentAction addSegmentLines
    removeSegmentLines updateSegmentLine saveCriteria reuseCriteria logSegment logInteraction createCampaign
    updateCampaign createInteractionTemplate createSalesperson createMailingGroup""".split()  # noqa: SIM905


def own_types() -> list[Any]:
    types = schema._schema.type_map.values()
    return [type_ for type_ in types if not type_.name.startswith("__") and not is_specified_scalar_type(type_)]


def test_the_file_is_what_the_code_says() -> None:
    assert (ROOT / "schema.graphql").read_text() == print_schema(), "run: tessera schema --output schema.graphql"


def test_everything_is_described() -> None:
    missing = []
    for type_ in own_types():
        if not type_.description:
            missing.append(type_.name)
        match type_:
            case GraphQLObjectType() | GraphQLInterfaceType():
                for name, field in type_.fields.items():
                    if not field.description:
                        missing.append(f"{type_.name}.{name}")
                    missing += [f"{type_.name}.{name}({arg})" for arg, of in field.args.items() if not of.description]
            case GraphQLInputObjectType():
                missing += [f"{type_.name}.{name}" for name, field in type_.fields.items() if not field.description]
            case GraphQLEnumType():
                missing += [f"{type_.name}.{name}" for name, value in type_.values.items() if not value.description]
    assert missing == []


def test_the_names_that_bind() -> None:
    query, mutation = schema._schema.query_type, schema._schema.mutation_type
    assert query is not None
    assert mutation is not None
    assert set(QUERIES) <= set(query.fields)
    assert set(MUTATIONS) <= set(mutation.fields)


def test_every_mutation_takes_one_input_and_answers_with_user_errors() -> None:
    mutation = schema._schema.mutation_type
    assert mutation is not None
    for name, field in mutation.fields.items():
        assert list(field.args) == ["input"], name
        assert str(field.args["input"].type) == f"{name[0].upper()}{name[1:]}Input!"
        assert str(field.type) == f"{name[0].upper()}{name[1:]}Payload!"
        assert str(field.type.of_type.fields["userErrors"].type) == "[UserError!]!"


def test_every_connection_is_relay_s() -> None:
    connections = [type_ for type_ in own_types() if type_.name.endswith("Connection")]
    assert len(connections) >= 10
    for type_ in connections:
        item = type_.name.removesuffix("Connection")
        assert {name: str(field.type) for name, field in type_.fields.items()} == {
            "edges": f"[{item}Edge!]!",
            "nodes": f"[{item}!]!",
            "pageInfo": "PageInfo!",
            "totalCount": "Int!",
        }


def test_every_connection_can_be_paged() -> None:
    for type_ in own_types():
        for name, field in getattr(type_, "fields", {}).items():
            if str(field.type).endswith("Connection!"):
                assert {"first", "after", "last", "before"} <= set(field.args), f"{type_.name}.{name}"


KINDS: list[type[Record]] = [
    Attribute,
    Campaign,
    CampaignEntry,
    Contact,
    Interaction,
    InteractionGroup,
    InteractionTemplate,
    LoggedSegment,
    MailingGroup,
    Salesperson,
    SavedCriteria,
    Segment,
    SegmentAction,
    SegmentLine,
    BusinessRelation,
    CampaignStatus,
    IndustryGroup,
    JobResponsibility,
    OrganizationalLevel,
    Salutation,
    Team,
    ContactAddress,
    ContactAddressPeriod,
    MarketingSetup,
    NumberSeries,
    User,
    Attachment,
    CampaignTarget,
]


def test_every_field_has_its_columns() -> None:
    kinds = {kind for kind in vars(objects).values() if isinstance(kind, type) and issubclass(kind, Record)}
    assert {kind for kind in kinds if hasattr(kind, "relation")} <= {*KINDS}
    for kind in KINDS:
        for field, columns in columns_of_fields(kind).items():
            unknown = set(columns) - {"key", *kind.relation.columns}
            assert not unknown, f"{kind.__name__}.{field}"


def test_every_order_exists() -> None:
    for field, kind in (
        (orders.ContactOrderField, Contact),
        (orders.SegmentOrderField, Segment),
        (orders.CampaignOrderField, Campaign),
        (orders.InteractionOrderField, Interaction),
        (orders.LoggedSegmentOrderField, LoggedSegment),
    ):
        assert {member.value for member in field} == set(kind.relation.orders)

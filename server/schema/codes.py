"""Code lists: objects that are named by a code and refer to nothing else."""

from datetime import datetime
from typing import Any, ClassVar

import strawberry

from server.reading.codes import ATTRIBUTES, INTERACTION_GROUPS, MAILING_GROUPS, SALESPEOPLE
from server.reading.relations import Relation
from server.schema.enums import AttributeType
from server.schema.nodes import Node
from server.schema.records import Record


@strawberry.type
class Code(Record):
    """What every code list has."""

    code: str = strawberry.field(description="Upper-case code, at most 20 characters; unique.")
    description: str = strawberry.field(description="What the code means, at most 100 characters; may be blank.")


@strawberry.type(description="A mailing group that contacts can be in.")
class MailingGroup(Code, Node):
    """A mailing group."""

    relation: ClassVar[Relation] = MAILING_GROUPS


@strawberry.type(description="An industry group of companies.")
class IndustryGroup(Code):
    """An industry group."""


@strawberry.type(description="A responsibility that persons have in their company.")
class JobResponsibility(Code):
    """A job responsibility."""


@strawberry.type(description="How a company is related to ours: customer, vendor, press, …")
class BusinessRelation(Code):
    """A business relation."""


@strawberry.type(description="A group of interaction templates.")
class InteractionGroup(Code, Node):
    """An interaction group."""

    relation: ClassVar[Relation] = INTERACTION_GROUPS


@strawberry.type(description="Somebody who looks after contacts.")
class Salesperson(Record, Node):
    """A salesperson."""

    relation: ClassVar[Relation] = SALESPEOPLE

    code: str = strawberry.field(description="Upper-case code, at most 20 characters; unique.")
    name: str = strawberry.field(description="Name, at most 50 characters; may be blank.")
    email: str = strawberry.field(description="E-mail address, at most 80 characters; may be blank.")
    phone: str = strawberry.field(description="Phone number, at most 30 characters; may be blank.")
    job_title: str = strawberry.field(description="Job title, at most 30 characters; may be blank.")
    blocked: bool = strawberry.field(description="Whether nothing can be assigned to them any more.")
    privacy_blocked: bool = strawberry.field(description="Whether their data must not be used.")
    version: int = strawberry.field(description="Rises with every change; send it as expectedVersion.")


@strawberry.type(description="A custom attribute that contacts can have; a rule names it attributes.NAME.")
class Attribute(Record, Node):
    """A custom attribute."""

    relation: ClassVar[Relation] = ATTRIBUTES

    name: str = strawberry.field(description="Name in lower case, at most 30 characters; unique.")
    type: AttributeType = strawberry.field(description="What it holds.")
    description: str = strawberry.field(description="What it means, at most 250 characters; may be blank.")
    default_value: str | None = strawberry.field(
        description="As text, what contacts without a value of their own have; null when they have none."
    )
    created_at: datetime = strawberry.field(description="Instant of creation.")


@strawberry.type(description="What a segment action was told to do beside its rule.")
class SegmentActionOptions:
    """The options of an action; those that do not belong to its kind are false."""

    allow_existing_contacts: bool = strawberry.field(
        description="ADD: contacts that stood on the segment got a second line."
    )
    expand_companies: bool = strawberry.field(
        description="ADD: everyone of the company of a selected contact was added."
    )
    allow_company_with_persons: bool = strawberry.field(
        description="ADD: the company of a selected contact was added, too."
    )
    ignore_exclusion: bool = strawberry.field(description="ADD: contacts excluded from segments were added, too.")
    skip_privacy_blocked: bool = strawberry.field(description="ADD: contacts blocked for privacy were left out.")
    entire_companies: bool = strawberry.field(
        description="REDUCE and REFINE: everyone of a company was treated as whoever of it the rule selects."
    )
    reset_when_empty: bool = strawberry.field(
        description="REDUCE and REFINE: the actions are cleared when no line is left."
    )

    @classmethod
    def of(cls, options: dict[str, Any] | None) -> "SegmentActionOptions":
        """Return the options from their stored form."""
        stored = options or {}
        names = (field.python_name for field in cls.__strawberry_definition__.fields)  # type: ignore[attr-defined]
        return cls(**{name: bool(stored.get(name)) for name in names})

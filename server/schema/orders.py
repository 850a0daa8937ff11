"""How clients order the lists."""

from enum import StrEnum
from typing import Any

import strawberry

from server.reading.relations import Order, Relation
from server.schema.enums import OrderDirection, describe

_DIRECTION = "Which end comes first."
_FIELD = "What to order by; equal ones are ordered by their key."


class ContactOrderField(StrEnum):
    """Orders of contacts."""

    NO = "NO"
    NAME = "NAME"
    COMPANY_NAME = "COMPANY_NAME"
    CITY = "CITY"
    POST_CODE = "POST_CODE"
    COUNTRY = "COUNTRY"
    SALESPERSON = "SALESPERSON"
    CREATED_AT = "CREATED_AT"
    MODIFIED_AT = "MODIFIED_AT"


class SegmentOrderField(StrEnum):
    """Orders of segments."""

    NO = "NO"
    DESCRIPTION = "DESCRIPTION"
    CREATED_AT = "CREATED_AT"
    MODIFIED_AT = "MODIFIED_AT"


class CampaignOrderField(StrEnum):
    """Orders of campaigns."""

    NO = "NO"
    DESCRIPTION = "DESCRIPTION"
    STARTING_ON = "STARTING_ON"
    ENDING_ON = "ENDING_ON"
    CREATED_AT = "CREATED_AT"
    MODIFIED_AT = "MODIFIED_AT"


class InteractionOrderField(StrEnum):
    """Orders of interactions."""

    ENTRY_NO = "ENTRY_NO"
    ON = "ON"
    AT = "AT"


class LoggedSegmentOrderField(StrEnum):
    """Orders of logged segments."""

    ENTRY_NO = "ENTRY_NO"
    SEGMENT_NO = "SEGMENT_NO"
    DESCRIPTION = "DESCRIPTION"
    CREATED_AT = "CREATED_AT"


_MEANINGS = {
    "NO": "By number.",
    "NAME": "By name without regard to case.",
    "COMPANY_NAME": "By name of the company.",
    "CITY": "By city.",
    "POST_CODE": "By post code.",
    "COUNTRY": "By country code.",
    "SALESPERSON": "By code of the salesperson.",
    "DESCRIPTION": "By description.",
    "CREATED_AT": "By instant of creation.",
    "MODIFIED_AT": "By instant of the last change.",
    "STARTING_ON": "By first day.",
    "ENDING_ON": "By last day.",
    "ENTRY_NO": "By entry number.",
    "ON": "By day.",
    "AT": "By instant.",
    "SEGMENT_NO": "By the number that the segment had.",
}
describe(ContactOrderField, "What a list of contacts can be ordered by.", _MEANINGS)
describe(SegmentOrderField, "What a list of segments can be ordered by.", _MEANINGS)
describe(CampaignOrderField, "What a list of campaigns can be ordered by.", _MEANINGS)
describe(InteractionOrderField, "What a list of interactions can be ordered by.", _MEANINGS)
describe(LoggedSegmentOrderField, "What a list of logged segments can be ordered by.", _MEANINGS)


@strawberry.input(description="How to order contacts.")
class ContactOrder:
    """An order of contacts."""

    field: ContactOrderField = strawberry.field(description=_FIELD)
    direction: OrderDirection = strawberry.field(default=OrderDirection.ASC, description=_DIRECTION)


@strawberry.input(description="How to order segments.")
class SegmentOrder:
    """An order of segments."""

    field: SegmentOrderField = strawberry.field(description=_FIELD)
    direction: OrderDirection = strawberry.field(default=OrderDirection.ASC, description=_DIRECTION)


@strawberry.input(description="How to order campaigns.")
class CampaignOrder:
    """An order of campaigns."""

    field: CampaignOrderField = strawberry.field(description=_FIELD)
    direction: OrderDirection = strawberry.field(default=OrderDirection.ASC, description=_DIRECTION)


@strawberry.input(description="How to order interactions.")
class InteractionOrder:
    """An order of interactions."""

    field: InteractionOrderField = strawberry.field(description=_FIELD)
    direction: OrderDirection = strawberry.field(default=OrderDirection.ASC, description=_DIRECTION)


@strawberry.input(description="How to order logged segments.")
class LoggedSegmentOrder:
    """An order of logged segments."""

    field: LoggedSegmentOrderField = strawberry.field(description=_FIELD)
    direction: OrderDirection = strawberry.field(default=OrderDirection.ASC, description=_DIRECTION)


def chosen_order(relation: Relation, wanted: Any, default: Order) -> Order:
    """Return the order that an input names; ``default`` when there is none."""
    if wanted is None:
        return default
    return Order(relation.orders[wanted.field.value], descending=wanted.direction is OrderDirection.DESC)

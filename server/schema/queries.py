"""The root of all queries."""

import strawberry

from server.schema.object_queries import ObjectQueries
from server.schema.rule_queries import RuleQueries


@strawberry.type(description="Everything that can be read. One request sees one state of the data.")
class Query(ObjectQueries, RuleQueries):
    """The query root."""

"""The schema: its roots, scalars and limits, and how its errors leave it."""

from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext, ExecutionResult

from server.schema.codes import Attribute
from server.schema.documents import CheckedDocuments, DocumentCache
from server.schema.errors import presented_error
from server.schema.mutations import Mutation
from server.schema.objects import SegmentLine
from server.schema.queries import Query
from server.schema.scalars import SCALARS


class Schema(strawberry.Schema):
    """A schema whose errors are fit to be seen by clients."""

    async def execute(self, *arguments: Any, **options: Any) -> ExecutionResult:
        """Run an operation."""
        result = await super().execute(*arguments, **options)
        if result.errors:
            result.errors = [presented_error(error) for error in result.errors]
        return result

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log nothing here: ``presented_error`` logs bugs, under the id that the client gets."""


def build_schema() -> Schema:
    """Return the schema of the API."""
    documents = DocumentCache()
    return Schema(
        query=Query,
        mutation=Mutation,
        types=[Attribute, SegmentLine],
        extensions=[lambda: CheckedDocuments(documents)],
        config=StrawberryConfig(scalar_map=SCALARS),
    )


schema = build_schema()
"""The schema, built once: its document cache serves every request of the process."""


def print_schema() -> str:
    """Return the schema as text, ending with a line break; what ``schema.graphql`` holds."""
    return schema.as_str() + "\n"

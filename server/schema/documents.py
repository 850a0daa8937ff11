"""Parsing, measuring and validating documents, once for each text."""

from collections import OrderedDict
from collections.abc import Iterator

from graphql import DocumentNode, GraphQLError, OperationDefinitionNode
from strawberry.extensions import SchemaExtension

from server.schema.limits import TOKENS, exceeded_limits

_DOCUMENTS = 256
_CHARACTERS = 20_000


class DocumentCache:
    """The valid documents seen last, by their text; built once for a schema.

    Shape: at most 256 documents of at most 20,000 characters each.
    """

    def __init__(self) -> None:
        self._documents: OrderedDict[str, DocumentNode] = OrderedDict()

    def find(self, text: str | None) -> DocumentNode | None:
        """Return the valid document of this text, or None."""
        if text is None or text not in self._documents:
            return None
        self._documents.move_to_end(text)
        return self._documents[text]

    def keep(self, text: str | None, document: DocumentNode | None) -> None:
        """Keep a valid document; the one used longest ago makes room."""
        if text is None or document is None or len(text) > _CHARACTERS:
            return
        self._documents[text] = document
        if len(self._documents) > _DOCUMENTS:
            self._documents.popitem(last=False)


class CheckedDocuments(SchemaExtension):
    """Takes valid documents from the cache; measures new ones before anything walks them."""

    def __init__(self, cache: DocumentCache) -> None:
        super().__init__()
        self._cache = cache

    def on_operation(self) -> Iterator[None]:
        """Let the parser stop at the limit of tokens."""
        self.execution_context.parse_options["max_tokens"] = TOKENS
        yield

    def on_parse(self) -> Iterator[None]:
        """Take the document from the cache."""
        self._known = self._cache.find(self.execution_context.query)
        self.execution_context.graphql_document = self._known
        yield

    def on_validate(self) -> Iterator[None]:
        """Skip what was found valid before; refuse what is too large before validating it."""
        context = self.execution_context
        if self._known is not None:
            context.pre_execution_errors = []
        named = context._provided_operation_name  # noqa: SLF001 - the public one falls back to the first operation
        if unclear := _unclear_operation(context.graphql_document, named):
            context.pre_execution_errors = [unclear]
        elif (
            self._known is None
            and context.graphql_document is not None
            and (errors := exceeded_limits(context.graphql_document))
        ):
            context.pre_execution_errors = list(errors)
        yield
        if not context.pre_execution_errors:
            self._cache.keep(context.query, context.graphql_document)


def _unclear_operation(document: DocumentNode | None, name: str | None) -> GraphQLError | None:
    """Return the error of a document with several operations when the request names none of them.

    Source: https://spec.graphql.org/draft/#GetOperation(), which Strawberry does not follow: it runs the first one.
    """
    if document is None or name is not None:
        return None
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if len(operations) < 2:
        return None
    return GraphQLError("The document has several operations; say in operationName which one to run.", operations)
